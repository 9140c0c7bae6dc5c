//! The context in which nodes become records: which file, which vocabulary, and where problems go.

use std::sync::Arc;

use super::descriptor::hints::{self, Hint};
use super::nearest;
use super::origin::{FileIndex, Origin};
use super::record::{Record, RecordShape};
use super::service::ServiceRecord;
use super::yaml::{Entry, Mark, Node, Value};
use crate::diagnostic::{Applicability, Code, Diagnostic, Diagnostics, Place, codes};

/// Keys whose lengths differ by more are no slips of each other.
const FEW: usize = 4;

/// Longest quoted line, in characters.
const LONGEST_QUOTE: usize = 240;

/// A file being read: enough to say where something stands and to quote it.
#[derive(Clone, Debug)]
pub struct Source<'a> {
    /// Its index in the catalog's file table.
    pub file: FileIndex,
    /// The repository's name.
    pub repository: Arc<str>,
    /// The path in it.
    pub path: Arc<str>,
    lines: Vec<&'a str>,
}

impl<'a> Source<'a> {
    /// A source that quotes from `text`.
    pub fn new(file: FileIndex, repository: Arc<str>, path: Arc<str>, text: &'a str) -> Self {
        Self { file, repository, path, lines: super::yaml::lines(text).collect() }
    }

    /// The place of `length` characters at `mark`.
    pub fn place(&self, mark: Mark, length: u32) -> Place {
        let quote = (mark.line as usize).checked_sub(1).and_then(|line| self.lines.get(line));
        Place {
            repository: Arc::clone(&self.repository),
            path: Arc::clone(&self.path),
            line: mark.line,
            column: mark.column,
            length,
            quote: quote.map_or_else(Box::default, |line| line.chars().take(LONGEST_QUOTE).collect()),
        }
    }

    /// The key that stands on the line of `mark` in front of it, when it does.
    pub fn key_before(&self, mark: Mark) -> &'a str {
        let line = self.line(mark.line).unwrap_or_default();
        let end = line
            .char_indices()
            .nth((mark.column as usize).saturating_sub(1))
            .map_or(line.len(), |(at, _)| at);
        let before = line[..end].trim_end().strip_suffix(':').unwrap_or_default();
        before.rsplit([' ', '{', ',', '"', '\'']).next().unwrap_or_default()
    }

    /// What stands at `mark`, to the end of its line.
    pub fn text_at(&self, mark: Mark) -> &'a str {
        let line = self.line(mark.line).unwrap_or_default();
        line.char_indices().nth((mark.column as usize).saturating_sub(1)).map_or("", |(at, _)| &line[at..])
    }

    /// `text` in the quotes that the value of `node` stands in, if it does.
    pub fn in_quotes_of(&self, node: &Node, text: &str) -> String {
        match self.text_at(node.mark).chars().next() {
            Some(quote @ ('"' | '\'')) => format!("{quote}{text}{quote}"),
            _ => text.to_owned(),
        }
    }

    /// The line called `number`, counted from 1.
    pub fn line(&self, number: u32) -> Option<&'a str> {
        self.lines.get((number as usize).checked_sub(1)?).copied()
    }

    /// The place that means the file as a whole.
    pub fn whole(&self) -> Place {
        Place {
            repository: Arc::clone(&self.repository),
            path: Arc::clone(&self.path),
            line: 0,
            column: 0,
            length: 0,
            quote: Box::default(),
        }
    }
}

/// Reads nodes of one file and collects what is wrong with them.
pub struct Reader<'a> {
    /// The file.
    pub source: &'a Source<'a>,
    /// Words of the organisation that decide whether a value is allowed.
    pub vocabulary: &'a super::vocabulary::Vocabulary,
    /// Where problems go.
    pub diagnostics: &'a mut Diagnostics,
}

impl Reader<'_> {
    /// The origin of a value that begins at `mark`.
    pub fn origin(&self, mark: Mark) -> Origin {
        Origin::File { file: self.source.file, mark }
    }

    /// Reports a problem with `node`.
    pub fn report(
        &mut self,
        node: &Node,
        code: &'static Code,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let place = self.source.place(node.mark, node.length);
        self.diagnostics.push(Diagnostic::new(code, message).at(place).help(help));
    }

    /// The entries of a mapping; nothing for an empty value; a report for anything else.
    pub fn mapping<'n>(&mut self, node: &'n Node) -> Option<&'n [Entry]> {
        match &node.value {
            Value::Mapping(entries) => Some(entries),
            Value::Null => None,
            Value::Scalar(_) | Value::Sequence(_) => {
                self.report(
                    node,
                    &codes::WRONG_TYPE,
                    format!("expected a mapping, found {}", node.kind()),
                    "write `key: value` lines, indented below this key",
                );
                None
            }
        }
    }

    /// Hands every key of a record to `take`, which says whether it knows the key; reports the keys
    /// it does not know. `None` when `node` is neither a mapping nor what the shorthand stands for.
    pub fn record(
        &mut self,
        node: &Node,
        shape: &'static RecordShape,
        take: &mut dyn FnMut(&str, &Node, &mut Self) -> bool,
    ) -> Option<()> {
        if let (Some(shorthand), Value::Scalar(_)) = (shape.shorthand, &node.value) {
            take(shorthand, node, self);
            return Some(());
        }
        let entries = self.mapping(node)?;
        for entry in entries {
            if !take(&entry.key, &entry.value, self) && !entry.key.starts_with("x-") {
                self.unknown_key(entry, entries, shape.name, shape.fields.iter().map(|field| field.key));
            }
        }
        Some(())
    }

    /// Reports a key of `record`, which has `entries`, that is none of the `known` ones.
    pub(super) fn unknown_key<'k>(
        &mut self,
        entry: &Entry,
        entries: &[Entry],
        record: &str,
        known: impl IntoIterator<Item = &'k str> + Clone,
    ) {
        let length = u32::try_from(entry.key.chars().count()).unwrap_or(0);
        let place = self.source.place(entry.mark, length);
        let hint = (record == ServiceRecord::SHAPE.name).then(|| hints::hint(&entry.key)).flatten();
        if hint == Some(Hint::Detail) {
            self.diagnostics.push(
                Diagnostic::new(
                    &codes::IMPLEMENTATION_DETAIL,
                    format!("`{}` is a detail of how the {record} is built, not of what it needs", entry.key),
                )
                .at(place)
                .help("remove it, and say what is needed instead, such as `exposure` or `slo`"),
            );
            return;
        }
        let has_room = self.diagnostics.has_room(&codes::UNKNOWN_KEY, &place);
        let mut diagnostic =
            Diagnostic::new(&codes::UNKNOWN_KEY, format!("unknown key `{}` in {record}", entry.key))
                .at(place);
        if !has_room {
            // It is only counted: no need to look for what was meant.
            self.diagnostics.push(diagnostic);
            return;
        }
        let meant = match hint {
            Some(Hint::Means(field)) => Some(field),
            _ => nearest::nearest(&entry.key, known.clone()),
        };
        let rest = self.source.text_at(entry.mark).strip_prefix(&*entry.key);
        let is_spelled = rest.is_some_and(|rest| rest.starts_with([':', ' ']));
        diagnostic = match meant {
            Some(meant) if !is_spelled => diagnostic.help(format!("did you mean `{meant}`?")),
            Some(meant) => {
                // Neither a key that is there nor one that another slip may mean can be given twice.
                let taken = entries.iter().any(|other| {
                    other.key.len().abs_diff(meant.len()) <= FEW
                        && other.key != entry.key
                        && nearest::applicability(&other.key, meant, []) == Applicability::Safe
                });
                let applicability = match nearest::applicability(&entry.key, meant, known) {
                    Applicability::Safe if !taken => Applicability::Safe,
                    _ => Applicability::Unsure,
                };
                diagnostic.help(format!("did you mean `{meant}`?")).replace_with(meant, applicability)
            }
            None => diagnostic.help("remove it, or begin it with `x-` to keep it as your own"),
        };
        self.diagnostics.push(diagnostic);
    }
}
