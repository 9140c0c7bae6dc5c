//! Cortex' `cortex.yaml`: an OpenAPI shell with `x-cortex-*` keys under `info`.
//!
//! Files of the same name belong to other tools too; only these keys make one. Owners are groups, mailboxes
//! and chat channels, the word for the kind in any case. Types are free, and organisations keep buckets and
//! even people as entities: only types that are known kinds of software make a service.

use super::draft::{Draft, reference, text_of};
use super::words::Meaning;
use super::{Entity, Says, nameless, words};
use crate::catalog::capability::Capability;
use crate::catalog::reader::Reader;
use crate::catalog::team::Team;
use crate::catalog::yaml::Node;

/// Keys of the shell, which says nothing of the entity.
const FORM: &[&str] = &["openapi", "servers", "paths"];

/// Words in the names of objectives that speak of something else than availability.
const NO_AVAILABILITY: &[&str] = &["laten", "duration", "fresh"];

pub(super) fn read(mut draft: Draft<'_>, reader: &mut Reader<'_>) -> Option<Entity> {
    let kind_node = draft.peek(&["info", "x-cortex-type"]);
    let kind = kind_node.and_then(text_of).unwrap_or("service");
    let tag = draft.text(&["info", "x-cortex-tag"], reader);
    let title = draft.text(&["info", "title"], reader);
    let named = tag.or(title).filter(|node| text_of(node).and_then(words::slug).is_some());
    let Some(named) = named else {
        nameless(draft.root, "Cortex entity", "info.x-cortex-tag", reader);
        return None;
    };
    let says = match kind {
        "team" => team(&mut draft, named, title, reader)?,
        "domain" => {
            draft.put_text("capabilityId", &reference(text_of(named)?), named);
            if let Some(title) = title {
                draft.put_same("title", title);
            }
            if let Some(description) = draft.text(&["info", "description"], reader) {
                draft.put_same("description", description);
            }
            draft.record::<Capability>(reader).map(|capability| Says::Capability(Box::new(capability)))?
        }
        _ if matches!(words::service_type(kind), Meaning::Word(_)) => {
            service(&mut draft, named, title, reader)?
        }
        _ => Says::Other,
    };
    if let Some(node) = kind_node {
        draft.taken(node);
    }
    let name = text_of(named).unwrap_or_default().into();
    Some(Entity { kind: kind.into(), name, says, not_carried: draft.not_carried(FORM) })
}

fn service(
    draft: &mut Draft<'_>,
    named: &Node,
    title: Option<&Node>,
    reader: &mut Reader<'_>,
) -> Option<Says> {
    if let Some(title) = title {
        draft.put_same("displayName", title);
    }
    draft.id("serviceId", named)?;
    if let Some(description) = draft.text(&["info", "description"], reader) {
        // What an importer in Python writes of nothing.
        if text_of(description) != Some("None") {
            draft.put_same("description", description);
        }
    }
    draft.service_type(&["info", "x-cortex-type"], reader);
    owners(draft, reader);
    repository(draft);
    on_call(draft);
    for path in [["info", "x-cortex-domain-parents"], ["info", "x-cortex-parents"]] {
        for parent in draft.items(&path, reader) {
            let tag = parent.get("tag").unwrap_or(parent);
            if let Some(text) = text_of(tag) {
                draft.put_text("businessCapability", &reference(text), tag);
            }
        }
    }
    dependencies(draft);
    for group in draft.items(&["info", "x-cortex-groups"], reader) {
        draft.tag(group.get("tag").unwrap_or(group));
    }
    custom_metadata(draft, reader);
    objective(draft);
    for link in draft.items(&["info", "x-cortex-link"], reader) {
        let says = |key: &str| link.get(key).and_then(text_of).unwrap_or_default();
        if let Some(url) = link.get("url") {
            draft.link(&[says("type"), says("name")], url, reader);
        }
    }
    draft.service(reader).map(|record| Says::Service(Box::new(record)))
}

/// A list of tags, or one below the name of Cortex beside what lies in a cloud.
fn dependencies(draft: &mut Draft<'_>) {
    let Some(node) = draft.peek(&["info", "x-cortex-dependency"]) else { return };
    let node = node.get("cortex").unwrap_or(node);
    for item in node.items().unwrap_or(std::slice::from_ref(node)) {
        let tag = item.get("tag").unwrap_or(item);
        if let Some(text) = text_of(tag) {
            draft.taken(item);
            draft.depends_on("service", &reference(text), tag);
        }
    }
}

/// The first group owns the service; the first mailbox decides on technical questions.
fn owners(draft: &mut Draft<'_>, reader: &mut Reader<'_>) {
    let Some(list) = draft.peek(&["info", "x-cortex-owners"]) else { return };
    for owner in list.items().unwrap_or_default() {
        let kind = owner.get("type").and_then(text_of).unwrap_or_default().to_lowercase();
        let (key, field) = match kind.as_str() {
            "group" => ("name", "ownerTeam"),
            "email" => ("email", "technicalOwner"),
            _ => continue,
        };
        if let Some(node) = owner.get(key).filter(|node| text_of(node).is_some()) {
            draft.put_same(field, node);
            draft.taken(owner);
        }
    }
    for team in draft.items(&["info", "x-cortex-team", "name"], reader) {
        draft.put_same("ownerTeam", team);
    }
}

fn repository(draft: &mut Draft<'_>) {
    for host in ["github", "gitlab", "bitbucket", "azure"] {
        for (key, field) in [("repository", "repository"), ("basepath", "path")] {
            let Some(node) = draft.peek(&["info", "x-cortex-git", host, key]) else { continue };
            let Some(text) = text_of(node) else { continue };
            draft.taken(node);
            match field {
                "path" => draft.put_text("path", text.trim_matches('/'), node),
                _ => draft.put_text("repository", &words::repository(text).unwrap_or(text.into()), node),
            }
        }
    }
}

fn on_call(draft: &mut Draft<'_>) {
    for tool in ["pagerduty", "opsgenie", "victorops", "xmatters"] {
        let Some(node) = draft.peek(&["info", "x-cortex-oncall", tool, "id"]) else { continue };
        draft.taken(node);
        draft.put_same("onCall", node);
    }
}

/// The first target of a ratio of errors to all requests. Objectives of other tools are only named by ids.
fn objective(draft: &mut Draft<'_>) {
    let list = draft.peek(&["info", "x-cortex-slos", "prometheus"]).and_then(Node::items).unwrap_or_default();
    for objective in list {
        let name = objective.get("name").and_then(text_of).unwrap_or_default().to_lowercase();
        let speaks_of_other = NO_AVAILABILITY.iter().any(|word| name.contains(word));
        let Some(node) = objective.get("slo").filter(|_| !speaks_of_other) else { continue };
        let percent = text_of(node).and_then(|text| Some((text, text.parse::<f64>().ok()?)));
        if let Some((text, _)) = percent.filter(|(_, percent)| (0.0..=100.0).contains(percent)) {
            draft.taken(node);
            return draft.put_below("slo", "availability", text, node);
        }
    }
}

fn custom_metadata(draft: &mut Draft<'_>, reader: &mut Reader<'_>) {
    let path = ["info", "x-cortex-custom-metadata"];
    let Some(node) = draft.peek(&path) else { return };
    for entry in reader.mapping(node).unwrap_or_default() {
        let value = entry.value.get("value").unwrap_or(&entry.value);
        if text_of(value).is_some() {
            draft.taken(&entry.value);
            draft.label(&entry.key, value);
        }
    }
    // What has a field of ours is that field.
    if draft
        .peek(&["info", "x-cortex-custom-metadata", "lifecycle"])
        .is_some_and(|node| text_of(node).is_some())
    {
        draft.lifecycle(&["info", "x-cortex-custom-metadata", "lifecycle"], reader);
    }
    if draft.peek(&["info", "x-cortex-custom-metadata", "tier"]).is_some_and(|node| text_of(node).is_some()) {
        draft.criticality(&["info", "x-cortex-custom-metadata", "tier"], reader);
    }
}

fn team(draft: &mut Draft<'_>, named: &Node, title: Option<&Node>, reader: &mut Reader<'_>) -> Option<Says> {
    if let Some(title) = title {
        draft.put_same("displayName", title);
    }
    draft.id("teamId", named)?;
    if let Some(description) = draft.text(&["info", "description"], reader) {
        draft.put_same("description", description);
    }
    for path in [["info", "x-cortex-owners"], ["info", "x-cortex-team"]] {
        let Some(node) = draft.peek(&path) else { continue };
        let listed = node.get("members").unwrap_or(node).items().unwrap_or_default();
        // A handle where there is one: names of people are not published.
        for member in listed.iter().filter_map(|member| member.get("email").or(member.get("handle"))) {
            if let Some(text) = text_of(member) {
                draft.taken(member);
                draft.push_text("members", text, member);
            }
        }
    }
    draft.record::<Team>(reader).map(|team| Says::Team(Box::new(team)))
}
