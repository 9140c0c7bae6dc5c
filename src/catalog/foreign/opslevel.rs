//! OpsLevel's `opslevel.yml`.
//!
//! Public files write most keys with nothing behind them, tiers as `tier_2` and `Tier-3`, and either
//! `service:` or, in reads of others, `component:`. A `repository:` describes no service.

use super::draft::{Draft, reference, text_of};
use super::{Entity, Says, nameless, words};
use crate::catalog::reader::Reader;
use crate::catalog::yaml::Node;

/// Keys that say what the document is.
const FORM: &[&str] = &["version"];

/// Categories of tools that tell the route of alarms.
const ON_CALL: &[&str] = &["incidents", "on_call", "oncall"];

pub(super) fn read(mut draft: Draft<'_>, reader: &mut Reader<'_>) -> Option<Entity> {
    let kinds = ["service", "component", "repository", "system", "domain", "team"];
    let kind = kinds.into_iter().find(|kind| draft.root.get(kind).is_some())?;
    let name = draft.text(&[kind, "name"], reader);
    if !matches!(kind, "service" | "component") {
        let name = name.and_then(text_of).unwrap_or_default().into();
        let not_carried = draft.not_carried(FORM);
        return Some(Entity { kind: kind.into(), name, says: Says::Other, not_carried });
    }
    let aliases = draft.items(&[kind, "aliases"], reader);
    let first = aliases.iter().find(|alias| text_of(alias).and_then(words::slug).is_some());
    let named = first.or(name).filter(|node| text_of(node).and_then(words::slug).is_some());
    let Some(named) = named else {
        nameless(draft.root, &format!("OpsLevel {kind}"), &format!("{kind}.name"), reader);
        return None;
    };
    let says = service(&mut draft, kind, named, name, aliases, reader)?;
    let name = name.and_then(text_of).unwrap_or_default().into();
    Some(Entity { kind: kind.into(), name, says, not_carried: draft.not_carried(FORM) })
}

fn service<'n>(
    draft: &mut Draft<'n>,
    kind: &str,
    named: &'n Node,
    name: Option<&'n Node>,
    aliases: &'n [Node],
    reader: &mut Reader<'_>,
) -> Option<Says> {
    if let Some(name) = name {
        draft.put_same("displayName", name);
    }
    let id = draft.id("serviceId", named)?;
    for alias in aliases {
        if let Some(alias_id) = text_of(alias).and_then(words::slug).filter(|alias_id| *alias_id != id) {
            draft.push_text("aliases", &alias_id, alias);
        }
    }
    // OpsLevel itself makes an alias of the name, with underscores; dependencies use it.
    let own = name.and_then(|name| Some((name, words::slug(text_of(name)?)?.replace('-', "_"))));
    if let Some((name, own)) = own.filter(|(_, own)| *own != id) {
        draft.push_text("aliases", &own, name);
    }
    for (key, field) in [("description", "description"), ("owner", "ownerTeam")] {
        if let Some(node) = draft.text(&[kind, key], reader) {
            draft.put_same(field, node);
        }
    }
    draft.lifecycle(&[kind, "lifecycle"], reader);
    draft.criticality(&[kind, "tier"], reader);
    draft.service_type(&[kind, "type"], reader);
    for key in ["product", "system"] {
        if let Some(node) = draft.text(&[kind, key], reader) {
            draft.put_text("product", &reference(text_of(node).unwrap_or_default()), node);
        }
    }
    for key in ["language", "framework"] {
        if let Some(node) = draft.text(&[kind, key], reader) {
            draft.label(key, node);
        }
    }
    for tag in draft.items(&[kind, "tags"], reader) {
        if let (Some(key), Some(value)) = (tag.get("key").and_then(text_of), tag.get("value")) {
            draft.label(key, value);
        }
    }
    repository(draft, kind);
    tools(draft, kind, reader);
    for dependency in draft.items(&[kind, "dependencies"], reader) {
        let alias = dependency.get("alias").unwrap_or(dependency);
        if let Some(text) = text_of(alias) {
            draft.depends_on("service", &reference(text), alias);
        }
    }
    draft.service(reader).map(|record| Says::Service(Box::new(record)))
}

fn repository(draft: &mut Draft<'_>, kind: &str) {
    let Some(list) = draft.peek(&[kind, "repositories"]) else { return };
    for item in list.items().unwrap_or_default() {
        let Some(name) = item.get("name") else { continue };
        let Some(repository) = text_of(name).and_then(words::repository) else { continue };
        draft.taken(name);
        draft.put_text("repository", &repository, name);
        if let Some(path) = item.get("path") {
            draft.taken(path);
            let folder = text_of(path).unwrap_or_default().trim_matches('/');
            draft.put_text("path", if folder.is_empty() { "." } else { folder }, path);
        }
        return;
    }
}

fn tools(draft: &mut Draft<'_>, kind: &str, reader: &mut Reader<'_>) {
    let Some(list) = draft.peek(&[kind, "tools"]) else { return };
    for tool in list.items().unwrap_or_default() {
        let Some(url) = tool.get("url") else { continue };
        let says = |key: &str| tool.get(key).and_then(text_of).unwrap_or_default();
        if ON_CALL.contains(&says("category")) && text_of(url).is_some_and(|url| !words::is_secret(url)) {
            draft.put_same("onCall", url);
        } else {
            draft.link(&[says("category"), says("name")], url, reader);
        }
        for key in ["name", "category", "url"] {
            if let Some(node) = tool.get(key) {
                draft.taken(node);
            }
        }
    }
}
