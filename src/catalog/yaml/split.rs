//! Cuts a file into its documents before anything is parsed, so that one broken document never hides
//! another. A `---` or `...` in the first column always ends a document, whatever stands open.

use super::Mark;

/// The part of a file that holds one document, its directives included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part<'a> {
    /// Lines of the file that come before it.
    pub(super) lines_before: u32,
    /// Its text.
    pub(super) text: &'a str,
}

impl Part<'_> {
    /// Where it begins in the file.
    pub(super) fn mark(&self) -> Mark {
        Mark { line: self.lines_before + 1, column: 1 }
    }

    /// Its lines in the file, counted from 1, the last one excluded.
    pub(super) fn lines(&self) -> std::ops::Range<u32> {
        let first = self.lines_before + 1;
        let count = u32::try_from(lines(self.text).count()).unwrap_or(u32::MAX);
        first..first.saturating_add(count)
    }
}

/// Whether `line` begins with `marker` as a word of its own.
fn is_marker(line: &str, marker: &str) -> bool {
    line.strip_prefix(marker).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\n', '\r']))
}

/// The lines of `text` with their line ends, which are those of YAML: `\n`, `\r\n` and a lone `\r`.
pub(super) fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = line_end(rest.as_bytes());
        let (line, after) = rest.split_at(end);
        rest = after;
        Some(line)
    })
}

fn line_end(bytes: &[u8]) -> usize {
    match bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
        None => bytes.len(),
        Some(at) if bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n') => at + 2,
        Some(at) => at + 1,
    }
}

/// What stands before a document.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    /// Nothing but comments.
    Comments,
    /// Directives, which belong to it.
    Directives,
    /// Its own lines: it has begun.
    Content,
}

/// The parts of `text`, in order. Parts that hold nothing but comments are among them.
pub(super) fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut before = Before::Comments;
    let (mut begin, mut lines_before) = (0, 0);
    let mut offset = 0;
    for (number, line) in (0..).zip(lines(text)) {
        let after = offset + line.len();
        if is_marker(line, "---") {
            if before != Before::Directives && begin < offset {
                parts.push(Part { lines_before, text: &text[begin..offset] });
                (begin, lines_before) = (offset, number);
            }
            before = Before::Content;
        } else if is_marker(line, "...") {
            parts.push(Part { lines_before, text: &text[begin..after] });
            (begin, lines_before) = (after, number + 1);
            before = Before::Comments;
        } else if before != Before::Content {
            // Blanks as YAML has them: fewer than Unicode knows.
            let content = line.trim_matches([' ', '\t', '\n', '\r']);
            if line.starts_with('%') {
                before = Before::Directives;
            } else if !content.is_empty() && !content.starts_with('#') {
                before = Before::Content;
            }
        }
        offset = after;
    }
    if begin < text.len() {
        parts.push(Part { lines_before, text: &text[begin..] });
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<(u32, &str)> {
        parts(text).into_iter().map(|part| (part.lines_before, part.text)).collect()
    }

    #[test]
    fn markers_in_the_first_column_cut() {
        assert_eq!(texts("a: 1\n---\nb: 2\n"), [(0, "a: 1\n"), (1, "---\nb: 2\n")]);
        assert_eq!(texts("---\na: 1\n...\nb: 2\n"), [(0, "---\na: 1\n...\n"), (3, "b: 2\n")]);
        assert_eq!(texts("--- a\n--- b"), [(0, "--- a\n"), (1, "--- b")]);
    }

    #[test]
    fn other_dashes_do_not_cut() {
        assert_eq!(texts("a: |\n  ---\n"), [(0, "a: |\n  ---\n")]);
        assert_eq!(texts("---a\n----\n"), [(0, "---a\n----\n")]);
    }

    #[test]
    fn directives_stay_with_the_document_that_follows_and_comments_need_not() {
        assert_eq!(texts("# c\n---\na: 1\n"), [(0, "# c\n"), (1, "---\na: 1\n")]);
        assert_eq!(texts("# c\n%YAML 1.2\n---\na: 1\n"), [(0, "# c\n%YAML 1.2\n---\na: 1\n")]);
        assert_eq!(texts("a\n...\n%YAML 1.2\n---\nb\n"), [(0, "a\n...\n"), (2, "%YAML 1.2\n---\nb\n")]);
    }

    #[test]
    fn every_kind_of_line_end_counts() {
        assert_eq!(texts("a: 1\r\n---\r\nb: 2\r\n"), [(0, "a: 1\r\n"), (1, "---\r\nb: 2\r\n")]);
        assert_eq!(texts("a: 1\r---\rb: 2"), [(0, "a: 1\r"), (1, "---\rb: 2")]);
    }
}
