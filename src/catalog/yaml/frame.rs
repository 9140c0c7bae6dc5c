//! Lists and mappings whose end is not met yet: what is in them so far, and which key waits for its value.

use std::collections::HashSet;

use super::refusal::Refusal;
use super::{Entry, Mark, Node, Value};

/// From so many keys on, walking over all of them to find a repeated one would be slow.
const MANY_KEYS: usize = 24;

/// A list or mapping whose end is not met yet.
pub(super) struct Frame {
    pub(super) mark: Mark,
    /// Whether it is written in brackets.
    pub(super) flow: bool,
    pub(super) anchor: usize,
    pub(super) spent_before: u32,
    /// Lists and mappings that lie in each other below it.
    pub(super) height: u32,
    pub(super) opened: Opened,
}

pub(super) enum Opened {
    Sequence(Vec<Node>),
    Mapping(OpenMapping),
}

#[derive(Default)]
pub(super) struct OpenMapping {
    entries: Vec<Entry>,
    key: Option<Key>,
    /// Keys of large mappings, to find a repeated one fast.
    seen: HashSet<Box<str>>,
    /// Entries that `<<` brings in; those of the mapping itself win.
    merged: Vec<Entry>,
    merges: Option<Mark>,
}

struct Key {
    text: Box<str>,
    mark: Mark,
    merges: bool,
}

impl Frame {
    pub(super) fn wants_key(&self) -> bool {
        matches!(&self.opened, Opened::Mapping(mapping) if mapping.key.is_none())
    }

    /// The bracket that opened it, when it is written in brackets.
    pub(super) fn bracket(&self) -> Option<(Mark, char)> {
        let bracket = if matches!(self.opened, Opened::Mapping(_)) { '{' } else { '[' };
        self.flow.then_some((self.mark, bracket))
    }

    /// The key whose value is open, else the last one that is complete.
    pub(super) fn last_key(&self) -> Option<(&str, Mark)> {
        let Opened::Mapping(mapping) = &self.opened else { return None };
        match &mapping.key {
            Some(key) => Some((&key.text, key.mark)),
            None => mapping.entries.last().map(|entry| (&*entry.key, entry.mark)),
        }
    }

    pub(super) fn attach(&mut self, node: Node, plain: bool) -> Result<(), Refusal> {
        match &mut self.opened {
            Opened::Sequence(items) => items.push(node),
            Opened::Mapping(mapping) => return mapping.attach(node, plain),
        }
        Ok(())
    }
}

impl Opened {
    pub(super) fn sequence() -> Self {
        Self::Sequence(Vec::new())
    }

    pub(super) fn mapping() -> Self {
        Self::Mapping(OpenMapping::default())
    }

    pub(super) fn close(self) -> Value {
        match self {
            Self::Sequence(items) => Value::Sequence(items),
            Self::Mapping(mapping) => Value::Mapping(mapping.close()),
        }
    }
}

impl OpenMapping {
    fn attach(&mut self, node: Node, plain: bool) -> Result<(), Refusal> {
        match self.key.take() {
            None => {
                self.key = Some(self.accept_key(node, plain)?);
                Ok(())
            }
            Some(Key { merges: true, mark, .. }) => self.merge(node, mark),
            Some(Key { text, mark, .. }) => {
                self.entries.push(Entry { key: text, mark, value: node });
                Ok(())
            }
        }
    }

    fn accept_key(&mut self, node: Node, plain: bool) -> Result<Key, Refusal> {
        let mark = node.mark;
        let text = match node.value {
            Value::Scalar(scalar) => scalar.text,
            Value::Null => Box::default(),
            Value::Sequence(_) | Value::Mapping(_) => return Err(Refusal::complex_key(mark)),
        };
        if plain && &*text == "<<" {
            return match self.merges.replace(mark) {
                Some(first) => Err(Refusal::duplicate_key(mark, "<<", first)),
                None => Ok(Key { text, mark, merges: true }),
            };
        }
        if self.is_repeated(&text) {
            let first = self.entries.iter().find(|entry| entry.key == text);
            return Err(Refusal::duplicate_key(mark, &text, first.map_or(mark, |entry| entry.mark)));
        }
        Ok(Key { text, mark, merges: false })
    }

    fn is_repeated(&mut self, key: &str) -> bool {
        if self.entries.len() < MANY_KEYS {
            return self.entries.iter().any(|entry| &*entry.key == key);
        }
        if self.seen.is_empty() {
            self.seen = self.entries.iter().map(|entry| entry.key.clone()).collect();
        }
        !self.seen.insert(key.into())
    }

    /// Keeps what the value of `<<` brings in: one mapping, or several of which the first wins.
    fn merge(&mut self, node: Node, mark: Mark) -> Result<(), Refusal> {
        match node.value {
            Value::Mapping(entries) => self.merged.extend(entries),
            Value::Sequence(items) if items.iter().all(|item| item.entries().is_some()) => {
                for item in items {
                    if let Value::Mapping(entries) = item.value {
                        self.merged.extend(entries);
                    }
                }
            }
            Value::Null => {}
            Value::Scalar(_) | Value::Sequence(_) => return Err(Refusal::unmergeable(mark)),
        }
        Ok(())
    }

    fn close(mut self) -> Vec<Entry> {
        if !self.merged.is_empty() {
            let mut seen: HashSet<Box<str>> = self.entries.iter().map(|entry| entry.key.clone()).collect();
            self.entries.extend(self.merged.into_iter().filter(|entry| seen.insert(entry.key.clone())));
        }
        self.entries
    }
}
