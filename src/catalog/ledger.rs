//! The coverage ledger: who was asked, what was found, what was left out and why (semantics §1.1).

use std::sync::Arc;

use super::foreign::NotCarried;
use super::origin::{FileIndex, Origin};
use crate::collect::snapshot::{Repository, SourceReport};
use crate::settings::Format;

/// Everything a claim of completeness rests on.
#[derive(Debug, Default)]
pub struct Ledger {
    /// How every source fared.
    pub sources: Vec<SourceReport>,
    /// Every repository, by name.
    pub repositories: Vec<RepositoryRow>,
    /// Every document with our file name that is not ours.
    pub skipped: Vec<Skipped>,
    /// Every descriptor that could not be read.
    pub unreadable: Vec<Unreadable>,
    /// Every document of another tool that was read.
    pub foreign: Vec<ForeignDocument>,
    /// Why a service that nothing describes may be described all the same: where we could not look.
    pub unread: Option<Box<str>>,
}

impl Ledger {
    /// Adds what the operator of the source called `name` should know.
    pub(super) fn note(&mut self, name: &str, note: String) {
        if let Some(source) = self.sources.iter_mut().find(|source| *source.name == *name) {
            source.notes.push(note.into());
        }
    }
}

/// One repository of the ledger.
#[derive(Debug)]
pub struct RepositoryRow {
    /// What was collected of it.
    pub repository: Repository,
    /// Which of the four it is.
    pub class: RepositoryClass,
    /// How many services it describes.
    pub services: usize,
    /// Who reviews what lies at its root, as its `CODEOWNERS` names them; `None` when that is not looked at.
    pub reviewers: Option<Vec<Box<str>>>,
}

/// Found = with descriptor + without descriptor + excluded + unreadable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RepositoryClass {
    /// It has a descriptor of ours, readable or not.
    WithDescriptor,
    /// It has none.
    WithoutDescriptor,
    /// It is left out on purpose.
    Excluded,
    /// It could not be read.
    Unreadable,
}

/// A document that was recognised as somebody else's, or not recognised.
#[derive(Debug)]
pub struct Skipped {
    /// Where it begins.
    pub origin: Origin,
    /// What it is.
    pub reason: SkipReason,
    /// In words: `Kubernetes Service`, `Helm template`, `unknown keys name, version`.
    pub what: Arc<str>,
}

/// A document of another tool that was read.
#[derive(Debug)]
pub struct ForeignDocument {
    /// Where it begins.
    pub origin: Origin,
    /// Its format.
    pub format: Format,
    /// What the tool calls it: `Component`, `service`.
    pub kind: Box<str>,
    /// Its name as written.
    pub name: Box<str>,
    /// What it says and no record of ours holds.
    pub not_carried: Vec<NotCarried>,
}

/// Why a document was skipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SkipReason {
    /// Another tool's format: counted, never an error.
    Foreign,
    /// A template that nobody rendered: counted, never an error.
    Template,
    /// It might be meant for us: a line on the problems page.
    Unclear,
}

/// A descriptor that could not be read. It is listed, so that it never just vanishes.
#[derive(Debug)]
pub struct Unreadable {
    /// The file.
    pub file: FileIndex,
    /// Number of the document in it, from 1; 0 for the file as a whole.
    pub document_number: u32,
    /// Why, in a line.
    pub reason: Box<str>,
}
