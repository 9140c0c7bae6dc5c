//! Expressions as scorecards carry them: text that still knows where each of its characters stands in
//! the file, however YAML folded, quoted or indented it.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::origin::Origin;
use super::reader::Reader;
use super::record::{Readable, Shape, View};
use super::scalar::scalar;
use super::yaml::{Mark, Node};

/// The text of an expression, with its places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpressionText {
    text: Box<str>,
    /// Where runs of characters begin: byte offset in the text, and its place. Inside a run, characters
    /// follow each other in the file as they do in the text.
    runs: Box<[(usize, Mark)]>,
    /// The lines of the file that the text takes, from that of the first mark on.
    lines: Box<[Box<str>]>,
    first_line: u32,
}

impl ExpressionText {
    /// Where the character at `offset` stands.
    pub fn mark(&self, offset: usize) -> Mark {
        let run = self.runs.partition_point(|(start, _)| *start <= offset).saturating_sub(1);
        let Some(&(start, mark)) = self.runs.get(run) else { return Mark::default() };
        let between = self.text.get(start..offset).map_or(0, |text| text.chars().count());
        Mark { column: mark.column + u32::try_from(between).unwrap_or(0), ..mark }
    }

    /// The line of the file that `mark` stands in.
    pub fn line(&self, mark: Mark) -> &str {
        let position = mark.line.saturating_sub(self.first_line) as usize;
        self.lines.get(position).map_or("", |line| line)
    }

    /// How many characters of the text between two offsets stand in one line of the file.
    pub fn length(&self, start: usize, end: usize) -> u32 {
        let first = self.mark(start);
        let inside = self.text.get(start..end).unwrap_or_default().char_indices();
        let last = inside
            .take_while(|(offset, _)| self.mark(start + offset).line == first.line)
            .filter(|(_, c)| !c.is_whitespace())
            .last()
            .map_or(first.column, |(offset, _)| self.mark(start + offset).column);
        last.saturating_sub(first.column) + 1
    }
}

impl std::ops::Deref for ExpressionText {
    type Target = str;
    fn deref(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for ExpressionText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Readable for ExpressionText {
    const SHAPE: Shape = Shape::Text;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let scalar = scalar(node, "an expression", reader)?;
        let lines = (node.mark.line..).map_while(|line| reader.source.line(line));
        Some(align(&scalar.text, node.mark, lines))
    }

    fn view(&self, origin: Origin) -> View<'_> {
        View::Text((&*self.text).into(), origin)
    }
}

impl JsonSchema for ExpressionText {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Expression".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A sentence of the rule language about the subject.",
            "type": ["string", "boolean"],
            "examples": ["service.resilience.rto <= \"8h\"", "service.onCall is defined"]
        })
    }
}

/// Finds the characters of `text` again in `lines`, of which the first is that of `mark`.
///
/// YAML changes white space, indentation, quotes and escapes, and nothing else; so every visible
/// character is looked for in turn, and what cannot be one (an indicator, a doubled quote, a backslash)
/// is stepped over.
fn align<'a>(text: &str, mark: Mark, lines: impl Iterator<Item = &'a str>) -> ExpressionText {
    let mut runs = vec![(0, mark)];
    let mut kept: Vec<Box<str>> = Vec::new();
    let mut wanted = text.char_indices().filter(|(_, c)| !c.is_whitespace()).peekable();
    let mut expected = mark;
    for (number, line) in (mark.line..).zip(lines) {
        if wanted.peek().is_none() {
            break;
        }
        kept.push(line.into());
        let mut start = 0;
        if number == mark.line {
            start = mark.column.saturating_sub(1) as usize;
            let rest: String = line.chars().skip(start).collect();
            // Indicators of a block scalar (`>-`) are no part of the text, though one may begin like them.
            if is_block_indicator(&rest) {
                continue;
            }
            start += usize::from(rest.starts_with(['"', '\'']));
        }
        for (column, c) in (1..).zip(line.chars()).skip(start) {
            let Some(&(offset, next)) = wanted.peek() else { break };
            if c == next {
                let here = Mark { line: number, column };
                if here != expected {
                    runs.push((offset, here));
                }
                wanted.next();
                expected = follow(text, offset, here);
            }
        }
    }
    if runs.get(1).is_some_and(|(offset, _)| *offset == 0) {
        runs.remove(0);
    }
    ExpressionText { text: text.into(), runs: runs.into(), lines: kept.into(), first_line: mark.line }
}

/// Where the next visible character after the one at `offset` stands if the file goes on as the text.
fn follow(text: &str, offset: usize, mark: Mark) -> Mark {
    let mut rest = text[offset..].chars().skip(1);
    let spaces = rest.by_ref().take_while(|c| c.is_whitespace()).count();
    Mark { column: mark.column + 1 + u32::try_from(spaces).unwrap_or(0), ..mark }
}

/// Whether `rest` is the head of a block scalar: `|` or `>`, modifiers, a comment.
fn is_block_indicator(rest: &str) -> bool {
    let Some(modifiers) = rest.strip_prefix(['|', '>']) else { return false };
    let modifiers = modifiers.trim_start_matches(|c: char| matches!(c, '+' | '-') || c.is_ascii_digit());
    let comment = modifiers.trim_start();
    comment.is_empty() || (comment.starts_with('#') && comment.len() < modifiers.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn aligned(text: &str, column: u32, file: &str) -> ExpressionText {
        align(text, Mark { line: 1, column }, file.lines())
    }

    fn at(text: &ExpressionText, part: &str) -> (u32, u32) {
        let mark = text.mark(text.find(part).expect("the part is in the text"));
        (mark.line, mark.column)
    }

    #[test]
    fn a_plain_scalar_stands_where_it_is_written() {
        let text = aligned("team is defined and tean", 9, "assert: team is defined and tean");
        assert_eq!(at(&text, "tean"), (1, 29));
        assert_eq!(at(&text, "team"), (1, 9));
        let offset = text.find("tean").expect("it is there");
        assert_eq!(text.length(offset, offset + 4), 4);
        assert_eq!(text.line(text.mark(offset)), "assert: team is defined and tean");
    }

    #[test]
    fn a_folded_scalar_keeps_its_lines() {
        let file = "when: >-  # why\n  service.type == \"a\"\n    and team.lead\n  or x\nnext: 1";
        let text = aligned("service.type == \"a\"\n  and team.lead\nor x", 7, file);
        assert_eq!(at(&text, "service"), (2, 3));
        assert_eq!(at(&text, "and"), (3, 5));
        assert_eq!(at(&text, "lead"), (3, 14));
        assert_eq!(at(&text, "x"), (4, 6));
        let whole = text.length(0, text.len());
        assert_eq!(whole, 19, "only what stands in the first line is underlined");
    }

    #[test]
    fn quotes_and_escapes_are_stepped_over() {
        let text = aligned("a == \"b\" and c", 4, "x: \"a == \\\"b\\\" and c\"");
        assert_eq!(at(&text, "a"), (1, 5));
        assert_eq!(at(&text, "and"), (1, 16));
        assert_eq!(at(&text, "c"), (1, 20));
        let single = aligned("x == 'y' or z", 4, "k: 'x == ''y'' or z'");
        assert_eq!(at(&single, "z"), (1, 19));
    }

    #[test]
    fn a_plain_scalar_over_several_lines_keeps_its_lines() {
        let text = aligned("a and b", 4, "k: a\n     and b\n");
        assert_eq!(at(&text, "and"), (2, 6));
        assert_eq!(at(&text, "b"), (2, 10));
    }
}
