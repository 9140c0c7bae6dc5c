//! The trace of an evaluation: every input that was really read, in the order of first reading. It is
//! the explanation, and its origins are the evidence.

use std::collections::HashSet;
use std::fmt::Write;

use super::value::origin_of;
use crate::assess::{Input, InputState};
use crate::catalog::origin::Origin;
use crate::catalog::record::{Fields, View};
use crate::words;

/// Inputs kept at most; what is read beyond them is only counted.
const MOST_INPUTS: usize = 500;
/// From how many inputs on a set finds the repeated ones.
const MANY_INPUTS: usize = 24;
/// Longest value kept, in characters.
const LONGEST_VALUE: usize = 300;
/// Most items of a list that are shown one by one.
const MOST_ITEMS: usize = 12;

/// Records what an evaluation reads, each input once; or nothing, when it is off.
#[derive(Debug, Default)]
pub struct Trace {
    on: bool,
    inputs: Vec<Input>,
    paths: HashSet<Box<str>>,
    left_out: usize,
}

impl Trace {
    /// A trace that records.
    pub fn on() -> Self {
        Self { on: true, ..Self::default() }
    }

    /// A trace that records nothing and costs nothing.
    pub fn off() -> Self {
        Self::default()
    }

    /// Whether it records.
    pub fn is_on(&self) -> bool {
        self.on
    }

    /// What was read, in the order of first reading.
    pub fn inputs(&self) -> &[Input] {
        &self.inputs
    }

    /// What was read, in the order of first reading.
    pub fn into_inputs(self) -> Vec<Input> {
        self.inputs
    }

    /// How often something else was read when no more inputs were kept.
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    /// Forgets what was read, to record the next evaluation.
    pub fn clear(&mut self) {
        self.inputs.clear();
        self.paths.clear();
        self.left_out = 0;
    }

    /// Records that `view` was read at `path`.
    pub(super) fn record(&mut self, path: &str, view: &View<'_>) {
        self.record_at(path, view, origin_of(view));
    }

    /// Records that `view`, which came from `origin`, was read at `path`.
    pub(super) fn record_at(&mut self, path: &str, view: &View<'_>, origin: Option<Origin>) {
        if !self.on || self.knows(path) {
            return;
        }
        if self.inputs.len() == MOST_INPUTS {
            self.left_out += 1;
            return;
        }
        let state = match view {
            View::Absent | View::Record(_, None) => InputState::Absent,
            View::Unreadable(_) => InputState::Unreadable,
            View::Unknown(_) => InputState::Unknown,
            _ => InputState::Known,
        };
        if self.inputs.len() >= MANY_INPUTS {
            if self.paths.is_empty() {
                self.paths.extend(self.inputs.iter().map(|input| input.path.clone()));
            }
            self.paths.insert(path.into());
        }
        self.inputs.push(Input { path: path.into(), value: shown(view), state, origin });
    }

    fn knows(&self, path: &str) -> bool {
        if self.paths.is_empty() {
            self.inputs.iter().any(|input| &*input.path == path)
        } else {
            self.paths.contains(path)
        }
    }
}

/// A value as text; `None` when there is none.
fn shown(view: &View<'_>) -> Option<Box<str>> {
    let text = match view {
        View::Absent | View::Unreadable(_) | View::Unknown(_) | View::Record(_, None) => return None,
        View::Text(text, _) => return Some(shortened(text)),
        View::Number(number, _) => number.to_string(),
        View::Bool(truth, _) => return Some(if *truth { "true".into() } else { "false".into() }),
        View::Day(day, _) => day.to_string(),
        View::Length(length, _) => length.to_string(),
        View::Declaration(declaration, _) => match (&declaration.text, declaration.declared) {
            (Some(text), _) => return Some(shortened(text)),
            (None, true) => "declared".to_owned(),
            (None, false) => "false".to_owned(),
        },
        View::List(items, _) => list(items),
        View::Record(fields, Some(_)) => return Some(named(*fields)),
        View::Named(entries, _) => words::count(entries.len(), "entry", "entries"),
    };
    Some(text.into())
}

/// The items of a short list of plain values; else how many there are.
fn list(items: &[View<'_>]) -> String {
    let plain = |view: &View<'_>| !matches!(view, View::List(..) | View::Named(..));
    if items.is_empty() || items.len() > MOST_ITEMS || !items.iter().all(plain) {
        return words::count(items.len(), "item", "items");
    }
    let mut text = String::new();
    for item in items {
        let separator = if text.is_empty() { "" } else { ", " };
        let _ = write!(text, "{separator}{}", shown(item).as_deref().unwrap_or("nothing"));
    }
    shortened(&text).into()
}

/// What a record is called: the key its shorthand stands for, else its id, else that it is there.
fn named(fields: &dyn Fields) -> Box<str> {
    let shape = fields.shape();
    let id = || {
        let mut keys = shape.fields.iter().map(|field| field.key);
        keys.find(|key| key.ends_with("Id") || *key == "id" || *key == "arn")
    };
    match shape.shorthand.or_else(id).and_then(|key| fields.field(key)) {
        Some(View::Text(text, _)) => shortened(&text),
        _ => "declared".into(),
    }
}

fn shortened(text: &str) -> Box<str> {
    match text.char_indices().nth(LONGEST_VALUE) {
        Some((end, _)) => format!("{}…", &text[..end]).into(),
        None => text.into(),
    }
}
