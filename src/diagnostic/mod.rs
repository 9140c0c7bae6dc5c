//! What an author or operator wrote that is wrong: values with a stable code, a place, a message
//! and a help line. Wording lives here and in [`codes`]; printing lives in the renderers beside it.

pub mod codes;
mod collected;
pub mod github;
pub mod json;
pub mod location;
pub mod markdown;
mod replacement;
pub mod sarif;
pub mod text;

use std::sync::Arc;

pub use collected::{Diagnostics, MOST_OF_A_KIND};
pub use replacement::{Applicability, Edit, Replacement, apply};

/// How much a diagnostic weighs; ordered from the lightest to the heaviest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; never fails anything.
    Note,
    /// Probably a mistake; the value is still used.
    Warning,
    /// The value, or the whole document, is not used.
    Error,
}

impl Severity {
    /// The word that output shows.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A kind of diagnostic. Its name never changes once released.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// Kebab-case name, such as `unknown-key`.
    pub name: &'static str,
    /// The severity every diagnostic of this kind has.
    pub severity: Severity,
    /// One line: what is wrong.
    pub summary: &'static str,
    /// Paragraphs in Markdown: why it matters and how to mend it. Shown by `explain CODE`.
    pub explanation: &'static str,
}

/// Where in a file something stands. Complete in itself, so that it can be printed without the file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Name of the repository, or of the catalog folder.
    pub repository: Arc<str>,
    /// Path inside the repository, with `/`.
    pub path: Arc<str>,
    /// Line, counted from 1; 0 when the whole file is meant.
    pub line: u32,
    /// Column in characters, counted from 1; 0 when the whole line or file is meant.
    pub column: u32,
    /// How many characters to underline; 0 when unknown.
    pub length: u32,
    /// The quoted line without its line end, cut to a sane length; empty when the whole file is meant.
    pub quote: Box<str>,
}

/// One thing that is wrong, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The kind.
    pub code: &'static Code,
    /// Where; `None` when no file is to blame.
    pub place: Option<Place>,
    /// What is wrong: a lower-case fragment with literal values in backticks.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// The edits that would mend it.
    pub replacement: Option<Replacement>,
    /// How many others of its kind in its file it stands for, which are not listed; 0 when it is one itself.
    pub others: usize,
}

impl Diagnostic {
    /// A diagnostic of `code` that says `message`, not yet placed.
    pub fn new(code: &'static Code, message: impl Into<String>) -> Self {
        Self { code, place: None, message: cut(message.into()), help: None, replacement: None, others: 0 }
    }

    /// Says where.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(cut(help.into()));
        self
    }

    /// Offers to write `text` in place of what is underlined; does nothing when that is not known exactly.
    #[must_use]
    pub fn replace_with(self, text: impl Into<String>, applicability: Applicability) -> Self {
        let Some(Place { line, column, length, .. }) = self.place else { return self };
        if line == 0 || column == 0 || length == 0 {
            return self;
        }
        let edits = vec![Edit { line, column, length, text: text.into() }];
        self.mend(Replacement { edits, applicability })
    }

    /// Offers edits.
    #[must_use]
    pub fn mend(mut self, replacement: Replacement) -> Self {
        self.replacement = Some(replacement);
        self
    }

    /// How many diagnostics it is: itself, or the others that it stands for.
    pub fn stands_for(&self) -> usize {
        self.others.max(1)
    }

    /// Makes it stand for `more` others of its kind in its file.
    fn count_others(&mut self, more: usize) {
        self.others += more;
        self.message = format!("and {} more of this kind in this file, the first of them here", self.others);
        self.help = Some("mend those before it; the next ones are listed then".to_owned());
        self.replacement = None;
    }

    /// How heavy it is.
    pub fn severity(&self) -> Severity {
        self.code.severity
    }
}

/// Longest message or help line, in characters: enough for every literal value worth reading.
const LONGEST: usize = 600;

/// `text`, without the end of what no reader would read to its end.
fn cut(mut text: String) -> String {
    if let Some((at, _)) = text.char_indices().nth(LONGEST) {
        text.truncate(at);
        text.push('…');
    }
    text
}
