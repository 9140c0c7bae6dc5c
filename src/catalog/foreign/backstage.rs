//! Backstage entities: `catalog-info.yaml` and whatever Locations lead to.
//!
//! Where public files differ from the published model, they win: an owner without a kind is a group, one
//! with an `@` a person; a namespace other than `default` is often the GitHub organisation, so
//! `group:org/team` stays `org/team`; `domain` stands on Components; `github.com/project-slug` holds whole
//! addresses; kinds are invented.

use super::draft::{Draft, made, reference, text_of};
use super::{Entity, Member, PathHint, Says, kind, nameless, sourced, words};
use crate::catalog::arn::Arn;
use crate::catalog::capability::Capability;
use crate::catalog::field::Sourced;
use crate::catalog::id::AccountId;
use crate::catalog::nearest::{applicability, nearest};
use crate::catalog::product::Product;
use crate::catalog::reader::Reader;
use crate::catalog::team::Team;
use crate::catalog::yaml::{Document, Node};
use crate::diagnostic::{Applicability, codes};

/// The kind of entity that leads to other descriptors.
const LOCATION: &str = "Location";

/// Kinds that are read, compared without case as references are.
const KINDS: &[&str] = &["Component", "Group", "User", "System", "Domain", "Template", LOCATION];

/// Kinds that are known, and of which nothing is taken.
const COUNTED: &[&str] = &["API", "Resource"];

/// Keys that say what an entity is, and nothing about it.
const FORM: &[&str] = &["apiVersion", "kind"];

/// Annotations that name the route of alarms. Keys that let anybody raise an alarm are not among them.
const ON_CALL: &[&str] =
    &["pagerduty.com/service-id", "opsgenie.com/team", "opsgenie.com/component-selector", "grafana/oncall"];

/// Annotations that lead to a dashboard.
const DASHBOARDS: &[&str] = &["datadoghq.com/dashboard-url", "grafana/dashboard-url", "dashboard-url"];

/// The annotation that names a service of ECS, and with it the account and region.
const ECS_SERVICE: &str = "aws.amazon.com/amazon-ecs-service-arn";

pub(super) fn read(mut draft: Draft<'_>, reader: &mut Reader<'_>) -> Option<Entity> {
    let kind = kind(&draft, "Component", reader)?;
    let kind = KINDS.iter().copied().find(|known| known.eq_ignore_ascii_case(kind)).unwrap_or(kind);
    let name = draft.text(&["metadata", "name"], reader);
    let Some(named) = name.filter(|name| words::slug(text_of(name).unwrap_or_default()).is_some()) else {
        // Nobody refers to a Location, so many have no name worth the word.
        if kind == LOCATION {
            return Some(entity(kind, "", Says::Targets(locations(&mut draft, reader)), &draft));
        }
        nameless(draft.root, kind, "metadata.name", reader);
        return None;
    };
    let says = match kind {
        "Component" => component(&mut draft, named, reader),
        "Group" => group(&mut draft, named, reader),
        "User" => Some(user(&mut draft, named, reader)),
        "System" => system(&mut draft, named, reader),
        "Domain" => domain(&mut draft, named, reader),
        "Template" => Some(template(&mut draft, named, reader)),
        LOCATION => Some(Says::Targets(locations(&mut draft, reader))),
        // Interfaces, resources, and kinds that only one organisation has.
        _ => {
            misspelt(kind, &draft, reader);
            Some(Says::Other)
        }
    };
    Some(entity(kind, text_of(named).unwrap_or_default(), says?, &draft))
}

/// Tells of a kind that is one letter away from one of Backstage's own: it would be counted and never read.
fn misspelt(kind: &str, draft: &Draft<'_>, reader: &mut Reader<'_>) {
    let kinds = || KINDS.iter().chain(COUNTED).copied();
    let meant = nearest(kind, kinds()).filter(|meant| !meant.eq_ignore_ascii_case(kind));
    let slip = meant.filter(|meant| applicability(kind, meant, kinds()) == Applicability::Safe);
    if let (Some(meant), Some(node)) = (slip, draft.root.get("kind")) {
        let message = format!("`{kind}` is no kind of Backstage's, so nothing is read from it");
        reader.report(node, &codes::UNKNOWN_WORD, message, format!("did you mean `{meant}`?"));
    }
}

fn entity(kind: &str, name: &str, says: Says, draft: &Draft<'_>) -> Entity {
    Entity { kind: kind.into(), name: name.into(), says, not_carried: draft.not_carried(FORM) }
}

fn component(draft: &mut Draft<'_>, name: &Node, reader: &mut Reader<'_>) -> Option<Says> {
    if let Some(title) = draft.text(&["metadata", "title"], reader) {
        draft.put_same("displayName", title);
    }
    draft.id("serviceId", name);
    if let Some(description) = draft.text(&["metadata", "description"], reader) {
        draft.put_same("description", description);
    }
    annotations(draft, reader);
    for entry in draft.mapping(&["metadata", "labels"], reader) {
        draft.label(&entry.key, &entry.value);
    }
    for tag in draft.items(&["metadata", "tags"], reader) {
        draft.tag(tag);
    }
    links(draft, reader);
    draft.service_type(&["spec", "type"], reader);
    draft.lifecycle(&["spec", "lifecycle"], reader);
    if let Some(owner) = draft.text(&["spec", "owner"], reader) {
        put_owner(draft, owner);
    }
    for (key, field) in [("system", "product"), ("domain", "businessCapability")] {
        if let Some(node) = draft.text(&["spec", key], reader) {
            draft.put_text(field, &reference(Reference::of(text_of(node).unwrap_or_default()).name), node);
        }
    }
    for item in draft.items(&["spec", "dependsOn"], reader) {
        let Some(text) = text_of(item) else { continue };
        let to = Reference::of(text);
        match to.kind.as_deref() {
            None | Some("component") => draft.depends_on("service", &reference(to.name), item),
            Some("api") => draft.push_text("consumesApis", to.name, item),
            Some("resource") => draft.depends_on("resource", to.name, item),
            Some(_) => draft.depends_on("external", text, item),
        }
    }
    for field in ["providesApis", "consumesApis"] {
        for item in draft.items(&["spec", field], reader) {
            let Some(text) = text_of(item) else { continue };
            draft.push_text(field, Reference::of(text).name, item);
        }
    }
    draft.service(reader).map(|record| Says::Service(Box::new(record)))
}

fn annotations(draft: &mut Draft<'_>, reader: &mut Reader<'_>) {
    let Some(node) = draft.peek(&["metadata", "annotations"]) else { return };
    for entry in reader.mapping(node).unwrap_or_default() {
        let Some(text) = text_of(&entry.value) else { continue };
        draft.free(&entry.key, &entry.value);
        let carried = match &*entry.key {
            "github.com/project-slug" | "gitlab.com/project-slug" | "bitbucket.org/project-slug" => {
                let repository = words::repository(text);
                repository
                    .inspect(|repository| draft.put_text("repository", repository, &entry.value))
                    .is_some()
            }
            "backstage.io/techdocs-ref" => {
                let address = text.strip_prefix("url:").filter(|address| address.contains("://"));
                let address = address.map(|address| made(address, &entry.value));
                address.inspect(|address| draft.link(&["docs"], address, reader)).is_some()
            }
            ECS_SERVICE => {
                let arn = Arn::parse(text).filter(|arn| AccountId::new(arn.account).is_some());
                arn.inspect(|arn| {
                    draft.put_text("accountId", arn.account, &entry.value);
                    draft.put_text("region", arn.region, &entry.value);
                })
                .is_some()
            }
            key if ON_CALL.contains(&key) => {
                draft.put_same("onCall", &entry.value);
                true
            }
            key if DASHBOARDS.contains(&key) => {
                draft.link(&["dashboard"], &entry.value, reader);
                true
            }
            _ => false,
        };
        if carried {
            draft.taken(&entry.value);
        }
    }
    // The slug goes before the location, wherever the two stand.
    let path = ["metadata", "annotations", "backstage.io/source-location"];
    let Some((node, text)) = draft.peek(&path).and_then(|node| Some((node, text_of(node)?))) else { return };
    let Some(repository) = words::repository(text).filter(|_| text.contains("://")) else { return };
    draft.taken(node);
    draft.put_text("repository", &repository, node);
    if let Some(folder) = words::folder(text) {
        draft.put_text("path", folder, node);
    }
}

fn links(draft: &mut Draft<'_>, reader: &mut Reader<'_>) {
    let Some(node) = draft.peek(&["metadata", "links"]) else { return };
    for link in node.items().unwrap_or_default() {
        let Some(url) = link.get("url") else { continue };
        let says = |key: &str| link.get(key).and_then(text_of).unwrap_or_default();
        draft.link(&[says("type"), says("title")], url, reader);
        for key in ["url", "title", "type"] {
            if let Some(node) = link.get(key) {
                draft.taken(node);
            }
        }
    }
}

/// Gives the service the owner that `node` names: a team, or somebody who decides on technical questions.
fn put_owner(draft: &mut Draft<'_>, node: &Node) {
    let text = text_of(node).unwrap_or_default();
    let owner = Reference::of(text);
    if owner.kind.as_deref() == Some("user") {
        draft.put_text("technicalOwner", owner.name, node);
    } else if text.contains('@') && !text.contains('/') {
        draft.put_text("technicalOwner", text, node);
    } else {
        draft.put_text("ownerTeam", &owner.qualified(), node);
    }
}

fn group(draft: &mut Draft<'_>, name: &Node, reader: &mut Reader<'_>) -> Option<Says> {
    if let Some(title) =
        draft.text(&["spec", "profile", "displayName"], reader).or(draft.text(&["metadata", "title"], reader))
    {
        draft.put_same("displayName", title);
    }
    let slug = draft.id("teamId", name)?;
    let written = text_of(name).unwrap_or_default();
    if written != slug {
        draft.push_text("aliases", written, name);
    }
    if let Some(namespace) = draft.text(&["metadata", "namespace"], reader) {
        let namespace = text_of(namespace).unwrap_or_default();
        if namespace != DEFAULT_NAMESPACE {
            draft.push_text("aliases", &format!("{namespace}/{written}"), name);
        }
    }
    if let Some(description) = draft.text(&["metadata", "description"], reader) {
        draft.put_same("description", description);
    }
    if let Some(mailbox) = draft.text(&["spec", "profile", "email"], reader) {
        draft.put_below("contacts", "email", text_of(mailbox).unwrap_or_default(), mailbox);
    }
    if let Some(team) = draft.text(&["metadata", "annotations", "github.com/team-slug"], reader) {
        draft.push_text("github", text_of(team).unwrap_or_default(), team);
    }
    if let Some(parent) = draft.text(&["spec", "parent"], reader) {
        let parent_name = reference(Reference::of(text_of(parent).unwrap_or_default()).name);
        draft.put_text("parent", &parent_name, parent);
    }
    for member in draft.items(&["spec", "members"], reader) {
        let Some(text) = text_of(member) else { continue };
        draft.push_text("members", Reference::of(text).name, member);
    }
    // The other side of `parent`, which is what counts.
    draft.take(&["spec", "children"]);
    draft.record::<Team>(reader).map(|team| Says::Team(Box::new(team)))
}

/// Somebody, by the name that groups use. The profile stays where it is: people are not published.
fn user(draft: &mut Draft<'_>, name: &Node, reader: &mut Reader<'_>) -> Says {
    let teams = draft.items(&["spec", "memberOf"], reader);
    let of = teams.iter().filter_map(|team| Some(Reference::of(text_of(team)?).qualified().into())).collect();
    draft.take(&["spec", "profile"]);
    Says::Member(Member { who: sourced(text_of(name).unwrap_or_default(), name, reader), of })
}

fn system(draft: &mut Draft<'_>, name: &Node, reader: &mut Reader<'_>) -> Option<Says> {
    titled(draft, "productId", name, reader)?;
    if let Some(owner) = draft.text(&["spec", "owner"], reader) {
        let owner_name = Reference::of(text_of(owner).unwrap_or_default());
        draft.put_text("owner", &reference(owner_name.name), owner);
    }
    if let Some(domain) = draft.text(&["spec", "domain"], reader) {
        let domain_name = Reference::of(text_of(domain).unwrap_or_default());
        draft.put_text("capability", &reference(domain_name.name), domain);
    }
    draft.record::<Product>(reader).map(|product| Says::Product(Box::new(product)))
}

fn domain(draft: &mut Draft<'_>, name: &Node, reader: &mut Reader<'_>) -> Option<Says> {
    titled(draft, "capabilityId", name, reader)?;
    if let Some(description) = draft.text(&["metadata", "description"], reader) {
        draft.put_same("description", description);
    }
    draft.record::<Capability>(reader).map(|capability| Says::Capability(Box::new(capability)))
}

/// The id of a record whose shown name is its `title`.
fn titled(draft: &mut Draft<'_>, key: &str, name: &Node, reader: &mut Reader<'_>) -> Option<()> {
    let written = text_of(name)?;
    let slug = words::slug(written)?;
    draft.put_text(key, &slug, name);
    if let Some(title) = draft.text(&["metadata", "title"], reader) {
        draft.put_same("title", title);
    } else if slug != written {
        draft.put_text("title", written, name);
    }
    Some(())
}

fn template(draft: &mut Draft<'_>, name: &Node, reader: &mut Reader<'_>) -> Says {
    let title = draft.text(&["metadata", "title"], reader);
    let owner = draft.text(&["spec", "owner"], reader);
    let said = |node: &Node, reader: &Reader<'_>| sourced(text_of(node).unwrap_or_default(), node, reader);
    Says::Template(PathHint {
        name: said(name, reader),
        title: title.map(|title| said(title, reader)),
        owner: owner.map(|owner| {
            sourced(&Reference::of(text_of(owner).unwrap_or_default()).qualified(), owner, reader)
        }),
    })
}

fn locations(draft: &mut Draft<'_>, reader: &mut Reader<'_>) -> Vec<Sourced<Box<str>>> {
    draft.take(&["spec"]);
    targets_below(draft.root).map(|(node, target)| sourced(target, node, reader)).collect()
}

/// The targets of a Location, as written; nothing for any other document.
pub(in crate::catalog) fn targets(document: &Document) -> impl Iterator<Item = (&Node, &str)> {
    let root = &document.root;
    let kind = root.get("kind").and_then(text_of);
    let is_location = kind.is_some_and(|kind| kind.eq_ignore_ascii_case(LOCATION));
    targets_below(root).filter(move |_| is_location)
}

fn targets_below(root: &Node) -> impl Iterator<Item = (&Node, &str)> {
    let spec = root.get("spec");
    let many = spec.and_then(|spec| spec.get("targets")?.items()).unwrap_or_default();
    let one = spec.and_then(|spec| spec.get("target"));
    one.into_iter().chain(many).filter_map(|node| Some((node, text_of(node)?)))
}

/// The namespace that is meant when none is written.
const DEFAULT_NAMESPACE: &str = "default";

/// A reference to an entity: `[kind:][namespace/]name`.
struct Reference<'t> {
    /// In lower case, because kinds are compared without case.
    kind: Option<String>,
    namespace: Option<&'t str>,
    name: &'t str,
}

impl<'t> Reference<'t> {
    fn of(text: &'t str) -> Self {
        let (kind, rest) = match text.split_once(':') {
            Some((kind, rest)) => (Some(kind.trim().to_lowercase()), rest.trim()),
            None => (None, text),
        };
        let (namespace, name) = match rest.split_once('/') {
            Some((namespace, name)) => (Some(namespace), name),
            None => (None, rest),
        };
        Self { kind, namespace, name }
    }

    /// The name, with a namespace that says something.
    fn qualified(&self) -> String {
        match self.namespace.filter(|namespace| *namespace != DEFAULT_NAMESPACE && !namespace.is_empty()) {
            Some(namespace) => format!("{namespace}/{}", self.name),
            None => self.name.to_owned(),
        }
    }
}
