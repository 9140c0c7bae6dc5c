//! Edits that mend a diagnostic, and how they are applied to the text of a file: exactly what they name
//! changes, every other byte stays.

use std::ops::Range;

/// The edits that mend one diagnostic, together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// The edits: in one file, apart from each other.
    pub edits: Vec<Edit>,
    /// Who may apply them.
    pub applicability: Applicability,
}

/// Who may apply a replacement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Applicability {
    /// A person: it is probably what was meant.
    Unsure,
    /// `check --fix`: it can only mean this, and nothing that was read before reads differently after it.
    Safe,
}

/// Characters of one line, and what to write in their place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    /// Line, counted from 1.
    pub line: u32,
    /// Column in characters, counted from 1.
    pub column: u32,
    /// How many characters go; 0 to insert.
    pub length: u32,
    /// What comes.
    pub text: String,
}

impl Replacement {
    /// Whether `check --fix` may apply it.
    pub fn is_safe(&self) -> bool {
        self.applicability == Applicability::Safe
    }
}

/// `text` with every group of `edits` applied that fits: one that names what is not there, or that gets in
/// the way of an earlier group, is left out as a whole. Says for each group whether it was applied.
///
/// Lines end as YAML has it, and a byte-order mark is not counted as a column.
pub fn apply(text: &str, groups: &[&[Edit]]) -> (String, Vec<bool>) {
    let begin = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let lines = lines(text, begin);
    let mut taken: Vec<(Range<usize>, &str)> = Vec::new();
    let mut applied = Vec::with_capacity(groups.len());
    for group in groups {
        let found: Option<Vec<(Range<usize>, &str)>> =
            group.iter().map(|edit| Some((range(text, &lines, edit)?, edit.text.as_str()))).collect();
        // Two diagnostics may ask for one and the same edit.
        let fits = found.filter(|found| {
            found.iter().all(|edit| {
                let at = taken.partition_point(|(other, _)| other.end < edit.0.start);
                let near = taken[at..].iter().take_while(|(other, _)| other.start <= edit.0.end);
                near.into_iter().all(|other| other == edit)
            })
        });
        applied.push(fits.is_some());
        for edit in fits.into_iter().flatten() {
            let at = taken.partition_point(|(other, _)| other.start < edit.0.start);
            if taken.get(at) != Some(&edit) {
                taken.insert(at, edit);
            }
        }
    }
    let mut mended = String::with_capacity(text.len());
    let mut rest = 0;
    for (range, replacement) in taken {
        mended.push_str(&text[rest..range.start]);
        mended.push_str(replacement);
        rest = range.end;
    }
    mended.push_str(&text[rest..]);
    (mended, applied)
}

/// The bytes of every line, without its line end.
fn lines(text: &str, begin: usize) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let mut start = begin;
    let bytes = text.as_bytes();
    while let Some(length) = bytes[start..].iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
        let end = start + length;
        lines.push(start..end);
        start = end + if bytes[end..].starts_with(b"\r\n") { 2 } else { 1 };
    }
    lines.push(start..text.len());
    lines
}

/// The bytes that `edit` names, when they are there.
fn range(text: &str, lines: &[Range<usize>], edit: &Edit) -> Option<Range<usize>> {
    let line = lines.get((edit.line as usize).checked_sub(1)?)?;
    let content = &text[line.clone()];
    let mut ends = content.char_indices().map(|(at, _)| at).chain([content.len()]);
    let from = ends.nth((edit.column as usize).checked_sub(1)?)?;
    let to = if edit.length == 0 { from } else { ends.nth(edit.length as usize - 1)? };
    Some(line.start + from..line.start + to)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(line: u32, column: u32, length: u32, text: &str) -> Edit {
        Edit { line, column, length, text: text.into() }
    }

    #[test]
    fn only_what_is_named_changes() {
        for (text, edit, expected) in [
            ("a: yes # c\r\nb: 1\r\n", edit(1, 4, 3, "true"), "a: true # c\r\nb: 1\r\n"),
            ("größe: 1\nschön: nö", edit(2, 8, 2, "x"), "größe: 1\nschön: x"),
            ("\u{feff}a: 1", edit(1, 1, 1, "b"), "\u{feff}b: 1"),
            ("a:1\rb:2", edit(2, 2, 1, ": "), "a:1\rb: 2"),
            ("ab", edit(1, 3, 0, "c"), "abc"),
            ("", edit(1, 1, 0, "c"), "c"),
        ] {
            assert_eq!(apply(text, &[&[edit]]), (expected.to_owned(), vec![true]), "{text:?}");
        }
    }

    #[test]
    fn what_is_not_there_is_left_alone() {
        for edit in [edit(0, 1, 1, "x"), edit(1, 0, 1, "x"), edit(1, 2, 2, "x"), edit(2, 1, 1, "x")] {
            assert_eq!(apply("ab", &[&[edit]]), ("ab".to_owned(), vec![false]));
        }
    }

    #[test]
    fn the_first_of_two_that_meet_is_applied_and_the_same_one_twice_is_one() {
        let (one, same, other) = (edit(1, 1, 2, "x"), edit(1, 1, 2, "x"), edit(1, 2, 1, "y"));
        let apart = edit(1, 5, 1, "z");
        let groups: [&[Edit]; 3] = [&[one], &[same], &[other, apart]];
        assert_eq!(apply("abcde", &groups), ("xcde".to_owned(), vec![true, true, false]));
    }
}
