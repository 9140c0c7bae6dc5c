//! YAML text to a tree in which every node knows its place, and values back to YAML. The only module that
//! knows the parser.

mod frame;
mod refusal;
mod scene;
mod split;
#[cfg(test)]
mod tests;
mod tree;
mod wording;
pub mod write;

use std::fmt;

use refusal::Refusal;

use super::reader::Source;
use crate::diagnostic::{Code, Diagnostic, Replacement};

/// A place in a file: line and column in characters, both counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Mark {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// One document of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// Its number in the file, from 1.
    pub number: u32,
    /// Its content.
    pub root: Node,
}

/// A node of the tree.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Where it begins.
    pub mark: Mark,
    /// How many characters the source text of a single-line scalar takes, quotes included; else 0.
    pub length: u32,
    /// What it is.
    pub value: Value,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing: an empty value, `null` or `~`.
    Null,
    /// A scalar, as text.
    Scalar(Scalar),
    /// A list.
    Sequence(Vec<Node>),
    /// Keys and values in the order of the file; keys are unique.
    Mapping(Vec<Entry>),
}

/// A scalar, as it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Scalar {
    /// The text, unquoted and unescaped.
    pub text: Box<str>,
    /// Whether it was quoted or a block scalar, and so is text whatever it looks like.
    pub quoted: bool,
}

/// One key with its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key's text.
    pub key: Box<str>,
    /// Where the key begins.
    pub mark: Mark,
    /// The value.
    pub value: Node,
}

impl Node {
    /// The value under `key`, when this is a mapping that has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries()?.iter().find(|entry| &*entry.key == key).map(|entry| &entry.value)
    }

    /// The entries, when this is a mapping.
    pub fn entries(&self) -> Option<&[Entry]> {
        match &self.value {
            Value::Mapping(entries) => Some(entries),
            _ => None,
        }
    }

    /// The items, when this is a list.
    pub fn items(&self) -> Option<&[Node]> {
        match &self.value {
            Value::Sequence(items) => Some(items),
            _ => None,
        }
    }

    /// The scalar, when this is one.
    pub fn scalar(&self) -> Option<&Scalar> {
        match &self.value {
            Value::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// Whether there is nothing here.
    pub fn is_null(&self) -> bool {
        matches!(self.value, Value::Null)
    }

    /// What it is, in a word for messages: `a list`.
    pub fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "nothing",
            Value::Scalar(_) => "a single value",
            Value::Sequence(_) => "a list",
            Value::Mapping(_) => "a mapping",
        }
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// What a hostile file may cost at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Deepest nesting of lists and mappings.
    pub nesting: u32,
    /// Most nodes of one document, aliases expanded.
    pub nodes: u32,
}

impl Default for Limits {
    fn default() -> Self {
        crate::settings::Limits::default().into()
    }
}

impl From<crate::settings::Limits> for Limits {
    fn from(limits: crate::settings::Limits) -> Self {
        Self { nesting: limits.nesting, nodes: limits.values }
    }
}

impl Limits {
    /// The limits of the catalog folder, where one file may list all teams or accounts: there the size of
    /// the file is the bound.
    pub fn for_catalog_folder(self) -> Self {
        Self { nodes: self.nodes.max(VALUES_OF_THE_CATALOG_FOLDER), ..self }
    }
}

/// What a document of the catalog folder may hold whatever the limit of descriptors: as much as fits in a
/// file of the largest size.
const VALUES_OF_THE_CATALOG_FOLDER: u32 = 200_000;

/// So many documents of one file are read: the largest catalogs seen have 80.
const MOST_DOCUMENTS: usize = 2_000;

/// A document of a file, or why it cannot be read.
pub type Parsed = Result<Document, Broken>;

/// A document that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Its number in the file, from 1.
    pub number: u32,
    /// The lines of the file it takes, the last one excluded; counted from 1.
    pub lines: std::ops::Range<u32>,
    /// Where it goes wrong.
    pub mark: Mark,
    /// How many characters to underline; 0 when unknown.
    pub length: u32,
    /// The kind of mistake.
    pub code: &'static Code,
    /// What is wrong.
    pub message: Box<str>,
    /// What to do about it.
    pub help: Box<str>,
    /// The edits that mend it.
    pub replacement: Option<Replacement>,
}

impl Broken {
    /// The report of it, quoted from `source`.
    pub fn diagnostic(&self, source: &Source<'_>) -> Diagnostic {
        let mut diagnostic = Diagnostic::new(self.code, &*self.message).help(&*self.help);
        diagnostic.replacement.clone_from(&self.replacement);
        diagnostic.at(source.place(self.mark, self.length))
    }
}

/// The documents of `text`, in order, each read as if it stood alone. Empty ones are left out and not
/// counted. Never panics, whatever the text; time and memory grow with its length and with `limits`.
pub fn parse(text: &str, limits: Limits) -> Vec<Parsed> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let parts = split::parts(text);
    let mut documents: Vec<Parsed> = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        let number = u32::try_from(documents.len() + 1).unwrap_or(u32::MAX);
        if index == MOST_DOCUMENTS {
            documents.push(Err(Refusal::too_many(part.mark(), MOST_DOCUMENTS).broken(number, part.lines())));
            break;
        }
        match tree::read(*part, limits) {
            Ok(Some(root)) => documents.push(Ok(Document { number, root })),
            Ok(None) => {}
            Err(refusal) => documents.push(Err(refusal.broken(number, part.lines()))),
        }
    }
    documents
}

/// The lines of `text` without their line ends, as YAML counts them.
pub fn lines(text: &str) -> impl Iterator<Item = &str> {
    split::lines(text).map(|line| line.trim_end_matches(['\n', '\r']))
}
