//! Whose document is it: ours, another tool's, an unrendered template, or nobody's we know
//! (semantics §1.1). Decided by shape before anything of the document is read.

mod foreign;
mod format;
pub(super) mod template;

use std::sync::Arc;

use super::record::Record;
use super::service::ServiceRecord;
use super::yaml::{self, Broken, Document, Node, Value};
use crate::settings::Format;
pub use format::goes_by;

/// The version of the format that marks a document as ours.
pub const API_VERSION: &str = "milepost/v1";

/// So many keys are named of a document that is not clear.
const KEYS_NAMED: usize = 5;

/// Whose document it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recognition {
    /// It describes a service for us.
    Ours(Shape),
    /// Another tool's, in a format that can be read when it is switched on; and which: `Backstage API`.
    Descriptor(Format, Arc<str>),
    /// Another tool's, and which: `Kubernetes Service`.
    Foreign(Arc<str>),
    /// A template that nobody rendered, and of what: `Helm template`.
    Template(Arc<str>),
    /// It might be meant for us; what it looks like.
    Unclear(Arc<str>),
}

/// The two shapes of a service record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Every field at the top (lesson §16).
    Flat,
    /// Nested under `service` (lesson §8).
    Nested,
}

/// Whose `document` it is; `path` is that of its file.
pub fn recognise(path: &str, document: &Document) -> Recognition {
    let root = &document.root;
    if let Some((shape, name)) = ours(path, root) {
        // An id that is a template makes a skeleton of the whole document, never a service called that.
        return match name.and_then(Node::scalar).and_then(|name| template::marks(&name.text)) {
            Some(mark) => Recognition::Template(template::kind(path, mark)),
            None => Recognition::Ours(shape),
        };
    }
    if let Some((format, what)) = format::of(path, root) {
        return match format::template_mark(path, format, root) {
            Some(mark) => Recognition::Template(template::kind(path, mark)),
            None => Recognition::Descriptor(format, what),
        };
    }
    let foreign = foreign::kind(root);
    let usual = foreign.is_some() || template::is_kept_in(path);
    if let Some(mark) = usual.then(|| template::marks_below(root)).flatten() {
        return Recognition::Template(template::kind(path, mark));
    }
    match foreign {
        Some(what) => Recognition::Foreign(what),
        None => Recognition::Unclear(looks(root)),
    }
}

/// Whose a document of `text` is that cannot be read as YAML; `None` when it counts as an unreadable
/// one of ours.
pub fn unreadable(path: &str, text: &str, broken: &Broken) -> Option<Recognition> {
    let before = broken.lines.start.saturating_sub(1) as usize;
    let lines = || yaml::lines(text).skip(before).take(broken.lines.len());
    let value = |key: &str| lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':')).map(unquoted);
    let opslevel = value("version") == Some("1") && value("apiVersion").is_none();
    let named = value("serviceId").or_else(|| {
        value("service").filter(|_| !opslevel)?;
        lines().find_map(|line| line.trim_start().strip_prefix("name:")).map(unquoted)
    });
    if value("apiVersion") == Some(API_VERSION) || named.is_some() {
        return named.and_then(template::marks).map(|mark| Recognition::Template(template::kind(path, mark)));
    }
    if let Some(mark) = lines().filter(|line| !line.trim_start().starts_with('#')).find_map(template::marks) {
        return Some(Recognition::Template(template::kind(path, mark)));
    }
    if opslevel && value("service").is_some() {
        let what = "OpsLevel service, not readable as YAML".into();
        return Some(Recognition::Descriptor(Format::OpsLevel, what));
    }
    let (version, kind) = (value("apiVersion")?, value("kind")?);
    let what = format!("{}, not readable as YAML", foreign::named(version, kind)).into();
    Some(match format::of_version(version) {
        Some(format) => Recognition::Descriptor(format, what),
        None => Recognition::Foreign(what),
    })
}

/// The shape of a record of ours, and the node of its name; `None` when it is not ours.
fn ours<'n>(path: &str, root: &'n Node) -> Option<(Shape, Option<&'n Node>)> {
    let id = root.get("serviceId");
    let service = root.get("service").filter(|service| service.entries().is_some());
    let name = service.and_then(|service| service.get("name"));
    let version = foreign::text(root, "apiVersion");
    let marked = version == Some(API_VERSION) || id.is_some();
    // A `service` of another tool's object is a part of that object.
    let others = (version.is_some() && root.get("kind").is_some())
        || format::is_opslevel(root)
        || format::goes_by(path).is_some();
    let shape = if service.is_some() { Shape::Nested } else { Shape::Flat };
    (marked || (name.is_some() && !others)).then_some((shape, id.or(name)))
}

/// What a document that is nobody's looks like.
pub(super) fn looks(root: &Node) -> Arc<str> {
    match &root.value {
        Value::Mapping(entries) => {
            let keys: Vec<&str> = entries.iter().take(KEYS_NAMED).map(|entry| &*entry.key).collect();
            let known = |key: &&&str| ServiceRecord::SHAPE.field(key).is_some();
            let more = if entries.len() > keys.len() { " and others" } else { "" };
            let keys_named = if more.is_empty() { crate::words::list(&keys) } else { join(&keys) };
            // One key in common is chance: every format has a description.
            if entries.iter().filter(|entry| known(&&&*entry.key)).count() >= 3 {
                return format!("a service record without `serviceId`, with the keys {keys_named}{more}")
                    .into();
            }
            match &**keys.first().unwrap_or(&"") {
                "" => "an empty mapping".into(),
                _ => format!("an unknown format with the keys {keys_named}{more}").into(),
            }
        }
        Value::Sequence(_) => "a list".into(),
        Value::Scalar(_) | Value::Null => "plain text".into(),
    }
}

fn join(keys: &[&str]) -> String {
    keys.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ")
}

/// A value on its line without quotes, blanks and the comment after it.
fn unquoted(value: &str) -> &str {
    value.split(" #").next().unwrap_or(value).trim().trim_matches(['"', '\''])
}
