//! Descriptors of other tools, read into the same records as our own (`service-yaml.md`). Each format in a
//! file of its own: it takes values from the tool's document and hands over a record whose values keep
//! their places. Keys that a format has and we do not are never a mistake; what was not carried is counted.

mod backstage;
mod codeowners;
mod compass;
mod cortex;
mod datadog;
mod draft;
mod openslo;
mod opslevel;
mod score;
#[cfg(test)]
mod tests;
mod words;

pub(super) use backstage::targets;
pub(super) use codeowners::{Owner, Rules};
pub(super) use draft::reference;

pub use crate::settings::Format;

use super::capability::Capability;
use super::field::Sourced;
use super::product::Product;
use super::reader::Reader;
use super::scalar::Number;
use super::service::ServiceRecord;
use super::team::Team;
use super::yaml::{Document, Mark, Node};
use crate::diagnostic::codes;
use draft::{Draft, text_of};

/// One document of another tool, read.
#[derive(Debug)]
pub(super) struct Entity {
    /// What the tool calls it: `Component`, `service`, `workload`.
    pub(super) kind: Box<str>,
    /// Its name as written.
    pub(super) name: Box<str>,
    /// What it says to us.
    pub(super) says: Says,
    /// What it says and nothing of ours holds.
    pub(super) not_carried: Vec<NotCarried>,
}

/// What a document of another tool says to us.
#[derive(Debug)]
pub(super) enum Says {
    /// It describes a service.
    Service(Box<ServiceRecord>),
    /// It describes a team.
    Team(Box<Team>),
    /// It describes somebody who is in teams.
    Member(Member),
    /// It describes what we call a product.
    Product(Box<Product>),
    /// It describes what we call a capability.
    Capability(Box<Capability>),
    /// It is a template that services are made from: a hint of a golden path.
    Template(PathHint),
    /// It promises something of a service.
    Objective(Objective),
    /// It leads to other descriptors.
    Targets(Vec<Sourced<Box<str>>>),
    /// It stands in the catalog of the tool, and is nothing of ours: an interface, a resource.
    Other,
}

/// Somebody who says which teams they are in.
#[derive(Debug)]
pub(super) struct Member {
    /// The name that teams list.
    pub(super) who: Sourced<Box<str>>,
    /// Teams by the names that the document uses.
    pub(super) of: Vec<Box<str>>,
}

/// A key that a document has and no record of ours holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotCarried {
    /// The path of the key: `spec.parameters`, `metadata.links[2].icon`.
    pub path: Box<str>,
    /// Where it stands.
    pub mark: Mark,
}

/// A software template that services are made from: perhaps a golden path that nobody described yet.
#[derive(Clone, Debug, PartialEq)]
pub struct PathHint {
    /// Its name.
    pub name: Sourced<Box<str>>,
    /// What people call it.
    pub title: Option<Sourced<Box<str>>>,
    /// The team that answers for it, as written.
    pub owner: Option<Sourced<Box<str>>>,
}

/// The objective that an OpenSLO document promises of a service.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Objective {
    /// The service, as written.
    pub(super) service: Sourced<Box<str>>,
    /// The share of time or of requests, in percent.
    pub(super) availability: Sourced<Number>,
    /// How plainly it speaks of availability: the lowest wins.
    pub(super) rank: u8,
}

/// The objects of a document: those of a list, or itself.
pub(super) fn objects(document: &Document) -> &[Node] {
    document.root.items().unwrap_or(std::slice::from_ref(&document.root))
}

/// Reads an object of `format`; `None`, and a report, when nobody can say what it is about.
pub(super) fn read(format: Format, object: &Node, reader: &mut Reader<'_>) -> Option<Entity> {
    let draft = Draft::new(format, object);
    match format {
        Format::Backstage => backstage::read(draft, reader),
        Format::Datadog => datadog::read(draft, reader),
        Format::OpsLevel => opslevel::read(draft, reader),
        Format::Cortex => cortex::read(draft, reader),
        Format::Compass => compass::read(draft, reader),
        Format::Score => score::read(draft, reader),
        Format::OpenSlo => openslo::read(draft, reader),
        // Not YAML: read by its rules, not by its documents.
        Format::Codeowners => None,
    }
}

/// The kind that a document says it is of, a report when it says none; `usual` is an example of one.
fn kind<'n>(draft: &Draft<'n>, usual: &str, reader: &mut Reader<'_>) -> Option<&'n str> {
    let kind = draft.root.get("kind");
    let text = kind.and_then(text_of);
    if text.is_none() {
        let message = format!("this object of {} has no `kind`", draft.format.title());
        let help = format!("write `kind: {usual}`, or what else it is");
        reader.report(kind.unwrap_or(draft.root), &codes::NO_KIND, message, help);
    }
    text
}

/// Reports that a document names nothing: `key` is where its name would stand.
fn nameless(root: &Node, kind: &str, key: &str, reader: &mut Reader<'_>) {
    let message = format!("this {kind} has no `{key}` that an id can be made of");
    let help = format!("add `{key}:` with a name of letters, digits and `-`");
    reader.report(root, &codes::NO_SERVICE_ID, message, help);
}

/// A text of the document with its place.
fn sourced(text: &str, node: &Node, reader: &Reader<'_>) -> Sourced<Box<str>> {
    Sourced { value: text.into(), origin: reader.origin(node.mark) }
}
