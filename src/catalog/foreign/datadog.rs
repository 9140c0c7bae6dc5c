//! Datadog's service definitions (v1, v2, v2.1, v2.2) and entity definitions (v3).
//!
//! Where public files differ from the published schemas, they win: `dd-team` stands in place of `team`,
//! `integrations.pagerduty` is text or a mapping, tiers are `"1"`, `Zero` and `tier1`. Contacts are not
//! carried: teams have theirs in the catalog, and one in the wild was an address that lets anybody post.

use super::draft::{Draft, reference, secret, text_of};
use super::{Entity, Says, kind, nameless, sourced, words};
use crate::catalog::product::Product;
use crate::catalog::reader::Reader;
use crate::catalog::yaml::Node;

/// Keys that say what a document is, and nothing about its subject.
const FORM: &[&str] = &["apiVersion", "schema-version", "kind"];

/// Where the generations keep what they have in common.
struct Keys {
    name: &'static [&'static str],
    display_name: &'static [&'static str],
    description: &'static [&'static str],
    owner: &'static [&'static [&'static str]],
    lifecycle: &'static [&'static str],
    tier: &'static [&'static str],
    kind: &'static [&'static str],
    tags: &'static [&'static str],
    links: &'static [&'static [&'static str]],
    contacts: &'static [&'static str],
}

const V1: Keys = Keys {
    name: &["info", "dd-service"],
    display_name: &["info", "display-name"],
    description: &["info", "description"],
    owner: &[&["org", "team"]],
    lifecycle: &["lifecycle"],
    tier: &["info", "service-tier"],
    kind: &["type"],
    tags: &["tags"],
    links: &[&["external-resources"]],
    contacts: &["contact"],
};

const V2: Keys = Keys {
    name: &["dd-service"],
    display_name: &["display-name"],
    description: &["description"],
    owner: &[&["team"], &["dd-team"]],
    lifecycle: &["lifecycle"],
    tier: &["tier"],
    kind: &["type"],
    tags: &["tags"],
    links: &[&["links"], &["docs"], &["repos"]],
    contacts: &["contacts"],
};

const V3: Keys = Keys {
    name: &["metadata", "name"],
    display_name: &["metadata", "displayName"],
    description: &["metadata", "description"],
    owner: &[&["metadata", "owner"], &["spec", "owner"]],
    lifecycle: &["spec", "lifecycle"],
    tier: &["spec", "tier"],
    kind: &["spec", "type"],
    tags: &["metadata", "tags"],
    links: &[&["metadata", "links"]],
    contacts: &["metadata", "contacts"],
};

pub(super) fn read(mut draft: Draft<'_>, reader: &mut Reader<'_>) -> Option<Entity> {
    let is_entity = draft.peek(&["metadata"]).is_some() || draft.peek(&["apiVersion"]).is_some();
    let (keys, kind) = if is_entity {
        (V3, kind(&draft, "service", reader)?)
    } else if draft.peek(&["info"]).is_some() {
        (V1, "service")
    } else {
        (V2, "service")
    };
    let name = draft.text(keys.name, reader);
    let Some(name) = name.filter(|name| words::slug(text_of(name).unwrap_or_default()).is_some()) else {
        nameless(draft.root, &format!("Datadog {kind}"), &keys.name.join("."), reader);
        return None;
    };
    let says = match kind {
        "service" | "frontend" => service(&mut draft, &keys, name, reader)?,
        "system" => system(&mut draft, &keys, name, reader)?,
        // Data stores, queues, interfaces, repositories.
        _ => Says::Other,
    };
    let name = text_of(name).unwrap_or_default().into();
    Some(Entity { kind: kind.into(), name, says, not_carried: draft.not_carried(FORM) })
}

fn service(draft: &mut Draft<'_>, keys: &Keys, name: &Node, reader: &mut Reader<'_>) -> Option<Says> {
    if let Some(title) = draft.text(keys.display_name, reader) {
        draft.put_same("displayName", title);
    }
    draft.id("serviceId", name)?;
    if let Some(description) = draft.text(keys.description, reader) {
        draft.put_same("description", description);
    }
    for path in keys.owner {
        if let Some(owner) = draft.text(path, reader) {
            draft.put_same("ownerTeam", owner);
        }
    }
    for other in draft.items(&["metadata", "additionalOwners"], reader) {
        let says = |key: &str| other.get(key).filter(|node| text_of(node).is_some());
        if let Some(team) = says("name") {
            let role = says("type").and_then(text_of).map_or_else(|| "other".to_owned(), str::to_lowercase);
            draft.label(&format!("{role}-owner"), team);
        }
    }
    draft.lifecycle(keys.lifecycle, reader);
    draft.criticality(keys.tier, reader);
    draft.service_type(keys.kind, reader);
    for tag in draft.items(keys.tags, reader) {
        draft.tag(tag);
    }
    part_of(draft, reader);
    links(draft, keys, reader);
    repository(draft, keys, reader);
    on_call(draft);
    contacts(draft, keys, reader);
    for item in draft.items(&["spec", "dependsOn"], reader) {
        let Some(text) = text_of(item) else { continue };
        let (kind, to) = text.split_once(':').unwrap_or(("service", text));
        let to = to.strip_prefix("default/").unwrap_or(to);
        match kind {
            "service" | "frontend" => draft.depends_on("service", &reference(to), item),
            "datastore" | "queue" => draft.depends_on("resource", to, item),
            _ => draft.depends_on("external", text, item),
        }
    }
    draft.service(reader).map(|record| Says::Service(Box::new(record)))
}

/// What it is part of: the first system, or in older versions the application.
fn part_of(draft: &mut Draft<'_>, reader: &mut Reader<'_>) {
    for path in [&["application"][..], &["org", "application"]] {
        if let Some(application) = draft.text(path, reader) {
            draft.put_text("product", &reference(text_of(application).unwrap_or_default()), application);
        }
    }
    for item in draft.items(&["spec", "componentOf"], reader) {
        if let Some(system) = text_of(item).and_then(|text| text.strip_prefix("system:")) {
            let system = system.strip_prefix("default/").unwrap_or(system);
            draft.put_text("product", &reference(system), item);
        }
    }
}

fn links(draft: &mut Draft<'_>, keys: &Keys, reader: &mut Reader<'_>) {
    for path in keys.links {
        let Some(list) = draft.peek(path) else { continue };
        // In version 2 the list says what its links are.
        let otherwise = match path.last() {
            Some(&"docs") => "doc",
            Some(&"repos") => "repo",
            _ => "",
        };
        for link in list.items().unwrap_or_default() {
            let Some(url) = link.get("url") else { continue };
            let says = |key: &str| link.get(key).and_then(text_of).unwrap_or_default();
            let kind = if says("type").is_empty() { otherwise } else { says("type") };
            draft.link(&[kind, says("name")], url, reader);
            for key in ["name", "type", "url"] {
                if let Some(node) = link.get(key) {
                    draft.taken(node);
                }
            }
        }
    }
}

/// The repository that the code lies in: said as such, else the first link that is one.
fn repository(draft: &mut Draft<'_>, keys: &Keys, reader: &mut Reader<'_>) {
    for location in draft.items(&["datadog", "codeLocations"], reader) {
        let Some(url) = location.get("repositoryURL") else { continue };
        if let Some(repository) = text_of(url).and_then(words::repository) {
            draft.put_text("repository", &repository, url);
        }
    }
    let said = draft.peek(&["integrations", "github"]);
    if let Some((node, repository)) = said.and_then(|node| Some((node, words::repository(text_of(node)?)?))) {
        draft.taken(node);
        draft.put_text("repository", &repository, node);
    }
    for path in keys.links {
        let Some(list) = draft.peek(path) else { continue };
        for link in list.items().unwrap_or_default() {
            let is_repository = path.last() == Some(&"repos")
                || link.get("type").and_then(text_of).is_some_and(|kind| kind.starts_with("repo"));
            let Some(url) = link.get("url").filter(|_| is_repository) else { continue };
            if let Some(repository) = text_of(url).and_then(words::repository) {
                draft.put_text("repository", &repository, url);
            }
        }
    }
}

fn on_call(draft: &mut Draft<'_>) {
    let places: [&[&str]; 6] = [
        &["integrations", "pagerduty", "serviceURL"],
        &["integrations", "pagerduty", "service-url"],
        &["integrations", "pagerduty"],
        &["integrations", "opsgenie", "serviceURL"],
        &["integrations", "opsgenie", "service-url"],
        &["integrations", "opsgenie"],
    ];
    for path in places {
        if let Some(node) = draft.peek(path).filter(|node| text_of(node).is_some()) {
            draft.taken(node);
            draft.put_same("onCall", node);
        }
    }
}

/// Contacts stay where they are, unless one must not be there at all.
fn contacts(draft: &Draft<'_>, keys: &Keys, reader: &mut Reader<'_>) {
    let Some(node) = draft.peek(keys.contacts) else { return };
    let listed = node.items().unwrap_or_default().iter().filter_map(|contact| contact.get("contact"));
    // Version 1 has a mapping.
    let named = node.entries().unwrap_or_default().iter().map(|entry| &entry.value);
    for contact in listed.chain(named) {
        if text_of(contact).is_some_and(words::is_secret) {
            secret(contact, reader);
        }
    }
}

fn system(draft: &mut Draft<'_>, keys: &Keys, name: &Node, reader: &mut Reader<'_>) -> Option<Says> {
    let written = sourced(text_of(name)?, name, reader);
    draft.put_text("productId", &words::slug(&written.value)?, name);
    if let Some(title) = draft.text(keys.display_name, reader) {
        draft.put_same("title", title);
    }
    for path in keys.owner {
        if let Some(owner) = draft.text(path, reader) {
            draft.put_text("owner", &reference(text_of(owner).unwrap_or_default()), owner);
        }
    }
    draft.record::<Product>(reader).map(|product| Says::Product(Box::new(product)))
}
