//! The text around the place where the parser stopped, and what was open there: what an explanation
//! can be made of.

use super::Mark;
use super::split::{self, Part};

/// The place where the parser stopped.
pub(super) struct Scene<'a> {
    /// Where it stopped, in the file.
    pub(super) mark: Mark,
    /// For every mapping that is open, from the outside in, its last key.
    pub(super) keys: Vec<(&'a str, Mark)>,
    /// The innermost bracket that is open, as far as the parser has told.
    bracket: Option<(Mark, char)>,
    lines: Vec<&'a str>,
    lines_before: u32,
}

/// One line, seen as `indentation`, `key`, `: ` and rest, as far as it has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Line<'a> {
    /// Its number in the file.
    pub(super) number: u32,
    /// Its text without indentation, line end and the blanks before that.
    pub(super) text: &'a str,
    /// Its indentation, in characters.
    pub(super) indent: u32,
}

impl<'a> Line<'a> {
    /// The place of its first character that is not blank.
    pub(super) fn mark(&self) -> Mark {
        Mark { line: self.number, column: self.indent + 1 }
    }

    /// Where its text, up to the byte `at`, ends.
    pub(super) fn mark_at(&self, at: usize) -> Mark {
        Mark { line: self.number, column: self.indent + 1 + characters(&self.text[..at]) }
    }

    /// Whether there is something on it besides a comment.
    pub(super) fn has_content(&self) -> bool {
        !self.text.is_empty() && !self.text.starts_with('#')
    }

    /// Its key, when it looks like `key: value` or `key:`; list dashes before it are passed over.
    pub(super) fn key(&self) -> Option<&'a str> {
        let text = self.text.trim_start_matches("- ").trim_start();
        let end = text.find(": ").or_else(|| text.ends_with(':').then(|| text.len() - 1))?;
        let key = &text[..end];
        (!key.is_empty() && !key.starts_with(['"', '\'', '#', '{', '['])).then_some(key)
    }

    /// Where a colon is followed by a value at once, as in `key:value`; addresses and times are none.
    pub(super) fn crowded_colon(&self) -> Option<usize> {
        let at = self.text.find(':')?;
        let key = &self.text[..at];
        let rest = &self.text[at + 1..];
        let word = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
        let named = key.chars().all(word) && key.starts_with(char::is_alphabetic);
        (named && !rest.is_empty() && !rest.starts_with([' ', '/', ':'])).then_some(at)
    }
}

impl<'a> Scene<'a> {
    pub(super) fn new(
        part: Part<'a>,
        mark: Mark,
        keys: Vec<(&'a str, Mark)>,
        bracket: Option<(Mark, char)>,
    ) -> Self {
        Self {
            mark,
            keys,
            bracket,
            lines: split::lines(part.text).collect(),
            lines_before: part.lines_before,
        }
    }

    /// Line `number` of the file; an empty one where there is none.
    pub(super) fn line(&self, number: u32) -> Line<'a> {
        let index = number.checked_sub(self.lines_before + 1).map(|index| index as usize);
        let line = index.and_then(|index| self.lines.get(index)).copied().unwrap_or_default();
        let text = line.trim_start();
        Line { number, text: text.trim_end(), indent: characters(&line[..line.len() - text.len()]) }
    }

    /// The line on which the parser stopped, or the last one with content when it stopped at the end.
    pub(super) fn here(&self) -> Line<'a> {
        let line = self.line(self.mark.line);
        if line.has_content() { line } else { self.before(self.mark.line).unwrap_or(line) }
    }

    /// The nearest line with content before line `number`.
    pub(super) fn before(&self, number: u32) -> Option<Line<'a>> {
        (self.lines_before + 1..number).rev().map(|number| self.line(number)).find(Line::has_content)
    }

    /// The nearest line with content after line `number`.
    pub(super) fn after(&self, number: u32) -> Option<Line<'a>> {
        let last = self.lines_before + u32::try_from(self.lines.len()).unwrap_or(u32::MAX);
        (number.saturating_add(1)..=last).map(|number| self.line(number)).find(Line::has_content)
    }

    /// Every line that tabs indent, with how many, when no line is indented by anything else: then each tab
    /// is one step, and only then.
    pub(super) fn tabs_alone(&self) -> Option<Vec<(u32, u32)>> {
        let mut found = Vec::new();
        for (number, line) in (self.lines_before + 1..).zip(&self.lines) {
            let content = line.trim_start_matches([' ', '\t']);
            let blank = &line[..line.len() - content.len()];
            if blank.is_empty() || content.trim().is_empty() {
                continue;
            }
            // A dash and a tab behind it would be two steps of unknown width.
            if blank.contains(' ') || content.starts_with("-\t") {
                return None;
            }
            found.push((number, characters(blank)));
        }
        (!found.is_empty()).then_some(found)
    }

    /// The first line of the document with content.
    pub(super) fn first(&self) -> Option<Line<'a>> {
        let last = self.mark.line;
        let starts = |line: &Line<'_>| line.has_content() && !line.text.starts_with("---");
        (self.lines_before + 1..=last).map(|number| self.line(number)).find(starts)
    }

    /// The first line from the place on that has a tab in its indentation, and where.
    pub(super) fn indenting_tab(&self) -> Option<(Mark, usize)> {
        let last = self.lines_before + u32::try_from(self.lines.len()).unwrap_or(u32::MAX);
        (self.mark.line..=last).find_map(|number| {
            let line = self.lines.get((number - self.lines_before - 1) as usize)?;
            let blank = &line[..line.len() - line.trim_start_matches([' ', '\t']).len()];
            let at = blank.find('\t')?;
            let tabs = blank[at..].chars().take_while(|c| *c == '\t').count();
            let blank_line = line.trim().is_empty();
            (!blank_line).then_some((Mark { line: number, column: characters(&blank[..at]) + 1 }, tabs))
        })
    }

    /// What stands at `mark`, to the end of its line.
    pub(super) fn text_at(&self, mark: Mark) -> &'a str {
        let index = mark.line.checked_sub(self.lines_before + 1).map(|index| index as usize);
        let line = index.and_then(|index| self.lines.get(index)).copied().unwrap_or_default();
        let skipped = line.char_indices().nth(mark.column.saturating_sub(1) as usize);
        skipped.map_or("", |(at, _)| &line[at..]).trim_end()
    }

    /// The opening quote that the text at the place belongs to: the last one that begins a value, on
    /// this line or before.
    pub(super) fn opening_quote(&self) -> Option<(Mark, char)> {
        self.upwards().find_map(|line| {
            let begins_value = |(at, c): &(usize, char)| {
                let before = &line.text[..*at];
                let word = before.trim_end();
                let spaced = before.is_empty() || before.ends_with([' ', '[', '{', ',']);
                let due = word.is_empty() || word.ends_with([':', ',', '[', '{', '-']);
                matches!(c, '"' | '\'') && spaced && due
            };
            let (at, quote) = line.text.char_indices().rev().find(begins_value)?;
            Some((line.mark_at(at), quote))
        })
    }

    /// A quote that stands alone on its line, wherever it begins: the nearest one.
    pub(super) fn lonely_quote(&self) -> Option<(Mark, char)> {
        self.upwards().find_map(|line| {
            ['"', '\''].into_iter().find_map(|quote| {
                let alone = line.text.matches(quote).count() == 1;
                alone.then(|| line.text.find(quote)).flatten().map(|at| (line.mark_at(at), quote))
            })
        })
    }

    /// The innermost bracket that is open: as the parser met it, else the nearest one above that its own
    /// line does not close.
    pub(super) fn open_bracket(&self) -> Option<(Mark, char)> {
        self.bracket.or_else(|| {
            self.upwards().find_map(|line| {
                let mut open = Vec::new();
                let mut quote = None;
                for (at, c) in line.text.char_indices() {
                    match (quote, c) {
                        (Some(begun), _) if begun == c => quote = None,
                        (Some(_), _) => {}
                        (None, '"' | '\'') => quote = Some(c),
                        (None, '#') if line.text[..at].ends_with(' ') => break,
                        (None, '[' | '{') => open.push((line.mark_at(at), c)),
                        (None, ']' | '}') => drop(open.pop()),
                        (None, _) => {}
                    }
                }
                open.pop()
            })
        })
    }

    /// The lines from the place upwards, as far as a mistake reaches.
    fn upwards(&self) -> impl Iterator<Item = Line<'a>> {
        const REACH: u32 = 500;
        let first = self.mark.line.saturating_sub(REACH).max(self.lines_before + 1);
        (first..=self.mark.line).rev().map(|number| self.line(number))
    }
}

/// How many characters `text` has.
pub(super) fn characters(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
}
