//! Why a document is refused although the parser could read it: what YAML allows and records do not.

use super::wording::shortened;
use super::{Broken, Mark};
use crate::diagnostic::{Applicability, Code, Edit, Replacement, codes};

/// Why a document is refused.
#[derive(Debug, PartialEq)]
pub(super) struct Refusal {
    pub(super) mark: Mark,
    pub(super) length: u32,
    pub(super) code: &'static Code,
    pub(super) message: String,
    pub(super) help: String,
    pub(super) replacement: Option<Replacement>,
}

impl Refusal {
    pub(super) fn new(
        mark: Mark,
        code: &'static Code,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self { mark, length: 0, code, message: message.into(), help: help.into(), replacement: None }
    }

    pub(super) fn long(mut self, length: usize) -> Self {
        self.length = u32::try_from(length).unwrap_or(0);
        self
    }

    /// Offers to write `text` in place of the `length` characters at the mark.
    pub(super) fn instead(self, text: impl Into<String>, applicability: Applicability) -> Self {
        let edit =
            Edit { line: self.mark.line, column: self.mark.column, length: self.length, text: text.into() };
        self.mend(vec![edit], applicability)
    }

    /// Offers `edits`.
    pub(super) fn mend(mut self, edits: Vec<Edit>, applicability: Applicability) -> Self {
        self.replacement = Some(Replacement { edits, applicability });
        self
    }

    /// The document it refuses, as callers see it.
    pub(super) fn broken(self, number: u32, lines: std::ops::Range<u32>) -> Broken {
        Broken {
            number,
            lines,
            mark: self.mark,
            length: self.length,
            code: self.code,
            message: self.message.into(),
            help: self.help.into(),
            replacement: self.replacement,
        }
    }

    pub(super) fn duplicate_key(mark: Mark, key: &str, first: Mark) -> Self {
        let help = if matches!(key, "apiVersion" | "kind") {
            "a document separator may be missing: write `---` on a line of its own between two documents"
        } else {
            "keep one of the two"
        };
        Self::new(
            mark,
            &codes::DUPLICATE_KEY,
            format!(
                "the key `{}` stands twice in this mapping, first on line {}",
                shortened(key),
                first.line
            ),
            help,
        )
        .long(key.chars().count())
    }

    pub(super) fn complex_key(mark: Mark) -> Self {
        Self::new(
            mark,
            &codes::COMPLEX_KEY,
            "a list or a mapping stands where a key is expected",
            "put values that contain `{` or `[` in quotes; keys are text",
        )
        .long(1)
    }

    pub(super) fn too_deep(mark: Mark, limit: u32) -> Self {
        Self::new(
            mark,
            &codes::TOO_DEEP,
            format!("lists and mappings lie more than {limit} deep in each other here"),
            "move the inner parts out; no record needs so much nesting",
        )
    }

    pub(super) fn too_large(mark: Mark, limit: u32) -> Self {
        Self::new(
            mark,
            &codes::TOO_LARGE,
            format!("the document has more than {limit} values, keys counted and aliases expanded"),
            "split the document; no record needs so many, and aliases count as what they repeat",
        )
    }

    pub(super) fn too_many(mark: Mark, limit: usize) -> Self {
        Self::new(
            mark,
            &codes::TOO_LARGE,
            format!("the file has more than {limit} documents; this one and those after it are not read"),
            "split the file",
        )
    }

    pub(super) fn endless_alias(mark: Mark) -> Self {
        Self::new(
            mark,
            &codes::UNKNOWN_ANCHOR,
            "this alias stands inside the very value it repeats",
            "write the value out",
        )
    }

    pub(super) fn unmergeable(mark: Mark) -> Self {
        Self::new(
            mark,
            &codes::YAML_SYNTAX,
            "`<<` takes a mapping, or a list of mappings",
            "write an alias of a mapping after it: `<<: *name`",
        )
        .long(2)
    }

    pub(super) fn second_document(mark: Mark) -> Self {
        Self::new(
            mark,
            &codes::STRAY_TEXT,
            "text follows the end of the document",
            "begin a new document with `---` on a line of its own",
        )
    }
}
