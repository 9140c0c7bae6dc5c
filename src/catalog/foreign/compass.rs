//! Atlassian Compass' `compass.yml`.
//!
//! Public files name owners and dependencies by opaque ids (`ari:cloud:…`) or not at all, give links no
//! name, and write `relationships` as an empty list or a mapping. An owner's id finds its team through the
//! team's `aliases`.

use super::draft::{Draft, text_of};
use super::{Entity, PathHint, Says, nameless, sourced, words};
use crate::catalog::capability::Capability;
use crate::catalog::reader::Reader;
use crate::catalog::yaml::Node;

/// Keys that say what the document is.
const FORM: &[&str] = &["configVersion"];

pub(super) fn read(mut draft: Draft<'_>, reader: &mut Reader<'_>) -> Option<Entity> {
    let kind = draft.peek(&["typeId"]).and_then(text_of).unwrap_or("OTHER");
    let name = draft.text(&["name"], reader);
    let Some(name) = name.filter(|name| text_of(name).and_then(words::slug).is_some()) else {
        nameless(draft.root, "Compass component", "name", reader);
        return None;
    };
    let says = match kind {
        "TEMPLATE" => {
            let owner = draft.text(&["ownerId"], reader);
            let said = |node: &Node| sourced(text_of(node).unwrap_or_default(), node, reader);
            Says::Template(PathHint { name: said(name), title: None, owner: owner.map(said) })
        }
        "CAPABILITY" => {
            draft.put_text("capabilityId", &words::slug(text_of(name)?)?, name);
            draft.put_same("title", name);
            if let Some(description) = draft.text(&["description"], reader) {
                draft.put_same("description", description);
            }
            draft.record::<Capability>(reader).map(|capability| Says::Capability(Box::new(capability)))?
        }
        "CLOUD_RESOURCE" => Says::Other,
        _ => service(&mut draft, name, reader)?,
    };
    let name = text_of(name).unwrap_or_default().into();
    Some(Entity { kind: kind.into(), name, says, not_carried: draft.not_carried(FORM) })
}

fn service(draft: &mut Draft<'_>, name: &Node, reader: &mut Reader<'_>) -> Option<Says> {
    draft.id("serviceId", name)?;
    for (key, field) in [("description", "description"), ("ownerId", "ownerTeam")] {
        if let Some(node) = draft.text(&[key], reader) {
            draft.put_same(field, node);
        }
    }
    if let Some(id) = draft.text(&["id"], reader) {
        draft.label("compass-id", id);
    }
    draft.service_type(&["typeId"], reader);
    draft.lifecycle(&["fields", "lifecycle"], reader);
    draft.criticality(&["fields", "tier"], reader);
    for label in draft.items(&["labels"], reader) {
        draft.tag(label);
    }
    let Some(list) = draft.peek(&["links"]) else { return finish(draft, reader) };
    for link in list.items().unwrap_or_default() {
        let Some(url) = link.get("url") else { continue };
        let says = |key: &str| link.get(key).and_then(text_of).unwrap_or_default();
        match says("type") {
            "REPOSITORY" => {
                if let Some(repository) = text_of(url).and_then(words::repository) {
                    draft.put_text("repository", &repository, url);
                }
                draft.link(&["repo"], url, reader);
            }
            "ON_CALL" if text_of(url).is_some_and(|url| !words::is_secret(url)) => {
                draft.put_same("onCall", url);
            }
            "ON_CALL" => draft.link(&["on-call"], url, reader),
            kind => draft.link(&[kind, says("name")], url, reader),
        }
        for key in ["name", "type", "url"] {
            if let Some(node) = link.get(key) {
                draft.taken(node);
            }
        }
    }
    finish(draft, reader)
}

/// The record, with the fields that the organisation added to its components kept as labels.
fn finish(draft: &mut Draft<'_>, reader: &mut Reader<'_>) -> Option<Says> {
    for field in draft.peek(&["customFields"]).and_then(Node::items).unwrap_or_default() {
        let (Some(name), Some(value)) = (field.get("name").and_then(text_of), field.get("value")) else {
            continue;
        };
        if text_of(value).is_some() {
            draft.taken(field);
            draft.label(name, value);
        }
    }
    draft.service(reader).map(|record| Says::Service(Box::new(record)))
}
