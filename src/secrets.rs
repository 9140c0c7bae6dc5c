//! Secrets: credentials that somebody wrote into a text. They are taken out where a text comes in, before anything is
//! kept or judged, and leave a mark that says of which kind they were: so nothing after that can publish them.

mod addresses;
mod assignments;
mod forms;
mod keys;
mod names;
mod rules;
pub mod spelling;
mod values;

use std::borrow::Cow;
use std::ops::Range;

use rules::Kind;
use spelling::Spelling;

/// What every mark begins with. A mark holds no character that means something to YAML, JSON or an address, so what
/// stands around it is read as it was.
const OPENING: &str = "(secret-removed:";
const CLOSING: char = ')';

/// A credential in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Found {
    range: Range<usize>,
    kind: &'static Kind,
}

/// A place where a credential stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Where it begins, in bytes.
    pub at: usize,
    /// Its length in bytes.
    pub length: usize,
    /// What stood there, in words: `a GitHub token`.
    pub what: &'static str,
}

/// So often a text is looked at again after something was taken out of it.
const MOST_PASSES: usize = 16;

/// `text` with a mark in the place of every credential. What takes several lines leaves as many, so that everything
/// after it keeps its line.
pub fn removed(text: &str) -> Cow<'_, str> {
    let Some(mut clean) = removed_once(text) else { return Cow::Borrowed(text) };
    // A mark is shorter than a key, so what stood behind one may now stand beside what tells that it is a credential.
    // Whoever looks at what is kept has to find nothing.
    for _ in 1..MOST_PASSES {
        let Some(cleaner) = removed_once(&clean) else { break };
        clean = cleaner;
    }
    Cow::Owned(clean)
}

/// The same after one look; `None` when nothing was found.
fn removed_once(text: &str) -> Option<String> {
    let found = find(text);
    if found.is_empty() {
        return None;
    }
    let mut clean = String::with_capacity(text.len());
    let mut from = 0;
    for Found { range, kind } in found {
        clean.push_str(&text[from..range.start]);
        clean.push_str(OPENING);
        clean.push_str(kind.word);
        clean.push(CLOSING);
        clean.extend(text[range.clone()].chars().filter(|c| *c == '\n'));
        from = range.end;
    }
    clean.push_str(&text[from..]);
    Some(clean)
}

/// `value`, which stands under `name`, or a mark in the place of what it holds.
pub fn removed_of<'a>(name: &str, value: &'a str) -> Cow<'a, str> {
    match names::named(name, value) {
        Some(kind) => Cow::Owned(format!("{OPENING}{}{CLOSING}", kind.word)),
        None => removed(value),
    }
}

/// Every mark in `text`, from first to last.
pub fn marks(text: &str) -> impl Iterator<Item = Mark> + '_ {
    text.match_indices(OPENING).filter_map(|(at, opening)| {
        let (word, what) = rules::word(&text[at + opening.len()..])?;
        text[at + opening.len() + word.len()..].starts_with(CLOSING).then_some(())?;
        Some(Mark { at, length: opening.len() + word.len() + CLOSING.len_utf8(), what })
    })
}

/// Every credential in `text`, in order, none within another.
fn find(text: &str) -> Vec<Found> {
    let mut found = rules::find(text);
    // What readers see need not be what is written: `ghp\_…` in Markdown, `\n` in a quoted key.
    if let Some(spelling) = Spelling::of(text) {
        let seen = rules::find(&spelling.text).into_iter();
        found.extend(seen.map(|found| Found { range: spelling.written(found.range), ..found }));
    }
    if !found.is_empty() {
        again(text, &mut found);
    }
    found.sort_by_key(|found| (found.range.start, std::cmp::Reverse(found.range.end)));
    let mut apart: Vec<Found> = Vec::with_capacity(found.len());
    for next in found {
        match apart.last_mut() {
            Some(last) if next.range.start < last.range.end => {
                last.range.end = last.range.end.max(next.range.end);
            }
            _ => apart.push(next),
        }
    }
    apart
}

/// Adds what stands once more in `text` where nothing says that it is a credential.
fn again(text: &str, found: &mut Vec<Found>) {
    // So many values are looked for again; a text with more holds nothing else.
    const MOST: usize = 100;
    let known: Vec<Found> = found.iter().take(MOST).cloned().collect();
    for Found { range, kind } in known {
        let value = &text[range];
        if value.len() >= values::SHORTEST && !value.contains('\n') {
            let same = text.match_indices(value);
            found.extend(same.map(|(at, value)| Found { range: at..at + value.len(), kind }));
        }
    }
}

#[cfg(test)]
mod tests;
