//! The line that a problem is about, with a caret under what is meant, and what it would be after the
//! suggested edit.

use serde::Serialize;

use super::parts::cut;
use crate::diagnostic::text::{harmless, quoted};
use crate::diagnostic::{Diagnostic, Place};

/// Longest line of an edit shown, in characters.
const LONGEST: usize = 400;

/// A quoted line. The component `problem` in `site-templates/macros/rules.html` shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Excerpt {
    /// The line with its number, and the caret below it.
    pub lines: String,
    /// What the suggested edit makes of it.
    pub edit: Option<Edit>,
}

/// A line before and after an edit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Edit {
    /// The line as it is.
    pub before: String,
    /// The line as it would be.
    pub after: String,
    /// Whether `check --fix` would do it.
    pub safe: bool,
}

impl Excerpt {
    /// The line of `problem`, when it has one.
    pub fn of(problem: &Diagnostic) -> Option<Self> {
        let place = problem.place.as_ref().filter(|place| !place.quote.trim().is_empty())?;
        let Some((text, span)) = quoted(place) else {
            return Some(Self { lines: numbered(place, &harmless(&place.quote)), edit: None });
        };
        let mut lines = numbered(place, text.trim_end());
        if place.column > 0 {
            let indent = text[..span.start].chars().map(|c| if c == '\t' { c } else { ' ' });
            let carets = text[span.clone()].chars().count().max(1);
            lines.push('\n');
            lines.extend(std::iter::repeat_n(' ', place.line.to_string().len()));
            lines.push_str(" | ");
            lines.extend(indent);
            lines.extend(std::iter::repeat_n('^', carets));
        }
        let edit = problem.replacement.as_ref().and_then(|replacement| {
            // An edit elsewhere, or of many lines, cannot be shown as one line before and after.
            let [edit] = replacement.edits.as_slice() else { return None };
            let here = (edit.line, edit.column, edit.length) == (place.line, place.column, place.length);
            here.then(|| Edit {
                before: cut(text.trim_end(), LONGEST).into_owned(),
                after: {
                    let (before, after) = (&text[..span.start], text[span.end..].trim_end());
                    cut(&format!("{before}{}{after}", harmless(&edit.text)), LONGEST).into_owned()
                },
                safe: replacement.is_safe(),
            })
        });
        Some(Self { lines, edit })
    }
}

fn numbered(place: &Place, text: &str) -> String {
    format!("{} | {text}", place.line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Applicability, codes};

    fn excerpt(column: u32, length: u32, quote: &str, edit: Option<&str>) -> Option<Excerpt> {
        let place = Place {
            repository: "shop".into(),
            path: "service.yaml".into(),
            line: 12,
            column,
            length,
            quote: quote.into(),
        };
        let mut problem = Diagnostic::new(&codes::UNKNOWN_KEY, "x").at(place);
        if let Some(text) = edit {
            problem = problem.replace_with(text, Applicability::Safe);
        }
        Excerpt::of(&problem)
    }

    #[test]
    fn the_caret_stands_under_what_is_meant() {
        for (column, length, quote, lines) in [
            (3, 9, "  ownerTaem: x", "12 |   ownerTaem: x\n   |   ^^^^^^^^^"),
            (2, 1, "\tx: 1", "12 | \tx: 1\n   | \t^"),
            (5, 2, "äöü ab", "12 | äöü ab\n   |     ^^"),
            (3, 1, "ab", "12 | ab\n   |   ^"),
            (0, 0, "whole line", "12 | whole line"),
            (900, 5, "short", "12 | short"),
        ] {
            assert_eq!(excerpt(column, length, quote, None).expect("a quote").lines, lines, "{quote}");
        }
        assert_eq!(excerpt(1, 1, "", None), None);
    }

    #[test]
    fn the_edit_changes_only_what_is_meant() {
        let edit = excerpt(3, 9, "  ownerTaem: x  ", Some("ownerTeam")).expect("a quote").edit;
        let edit = edit.expect("an edit");
        assert_eq!((&*edit.before, &*edit.after, edit.safe), ("  ownerTaem: x", "  ownerTeam: x", true));
        assert_eq!(excerpt(900, 5, "short", Some("x")).expect("a quote").edit, None);
    }
}
