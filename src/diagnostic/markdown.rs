//! Diagnostics as a table for the comment of a review, in Markdown. What comes from a file is text there and
//! nothing else: no markup, no link, no mention of anybody.

use std::fmt::Write as _;

use super::location::{Locate, Location};
use super::text::harmless;
use super::{Diagnostic, Place};

/// One row for each of `diagnostics` in their order, and nothing when there is none.
pub fn table<'a>(diagnostics: impl IntoIterator<Item = &'a Diagnostic>, locate: &Locate<'_>) -> String {
    let mut rows = String::new();
    for diagnostic in diagnostics {
        let place =
            diagnostic.place.as_ref().map_or_else(String::new, |place| code(&position(place, locate)));
        let _ = write!(
            rows,
            "| {} | {place} | {} ({})",
            diagnostic.severity().word(),
            prose(&diagnostic.message),
            code(diagnostic.code.name)
        );
        if let Some(help) = &diagnostic.help {
            let _ = write!(rows, "<br>{}", prose(help));
        }
        rows.push_str(" |\n");
    }
    if rows.is_empty() {
        return rows;
    }
    format!("| | Where | What |\n| --- | --- | --- |\n{rows}")
}

/// `catalog/teams/web.yaml:3:5`.
fn position(place: &Place, locate: &Locate<'_>) -> String {
    let mut text = match locate(place) {
        Location::Inside(path) => path,
        Location::Elsewhere(repository, path) => format!("{repository}/{path}"),
    };
    for number in [place.line, place.column] {
        if number == 0 {
            break;
        }
        let _ = write!(text, ":{number}");
    }
    text
}

/// A message of ours, in which backticks enclose what is literal.
pub fn prose(text: &str) -> String {
    let mut written = String::with_capacity(text.len() * 2);
    for (index, part) in text.split('`').enumerate() {
        if index % 2 == 1 {
            written.push_str(&code(part));
        } else {
            push_plain(&mut written, part, true);
        }
    }
    written
}

/// Something literal.
pub fn code(text: &str) -> String {
    let mut written = "<code>".to_owned();
    push_plain(&mut written, text, false);
    written.push_str("</code>");
    written
}

/// Writes out every mark that could mean something, so that it means nothing. What could mention somebody,
/// or another issue, is parted by a space without width; in code nobody is mentioned.
fn push_plain(written: &mut String, text: &str, parted: bool) {
    for c in harmless(text).chars() {
        match c {
            '\t' => written.push(' '),
            ' ' | ',' | ';' | '\'' | '(' | ')' | '/' => written.push(c),
            _ if c.is_ascii_punctuation() => {
                let _ = write!(written, "&#{};", u32::from(c));
                if parted && matches!(c, '@' | '#') {
                    written.push_str("&#8203;");
                }
            }
            _ => written.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::codes;

    fn place(path: &str) -> Place {
        Place {
            repository: "shop".into(),
            path: path.into(),
            line: 3,
            column: 5,
            length: 4,
            quote: "key: nope".into(),
        }
    }

    #[test]
    fn a_row_says_where_and_what_and_what_to_do() {
        let diagnostic = Diagnostic::new(&codes::UNKNOWN_KEY, "`ownr` is no key")
            .at(place("service.yaml"))
            .help("try `x`");
        assert_eq!(
            table([&diagnostic], &|place| Location::Inside(format!("a/{}", place.path))),
            "| | Where | What |\n| --- | --- | --- |\n\
             | warning | <code>a/service&#46;yaml&#58;3&#58;5</code> | <code>ownr</code> is no key \
             (<code>unknown&#45;key</code>)<br>try <code>x</code> |\n"
        );
        assert_eq!(table([], &|_| Location::Inside(String::new())), "");
    }

    #[test]
    fn nothing_from_a_file_is_markup_or_calls_anybody() {
        let hostile =
            "a | b\n\n# c <img src=x> [d](http://e) ![f](g) @everyone #1 www.h.i `@j|`` *k* <!-- \u{202e}";
        let diagnostic = Diagnostic::new(&codes::UNKNOWN_KEY, hostile).at(place(hostile)).help(hostile);
        let table = table([&diagnostic], &|place| Location::Inside(place.path.to_string()));
        let row = table.lines().nth(2).expect("a row");
        assert_eq!(table.lines().count(), 3);
        assert_eq!(row.matches('|').count(), 4);
        for mark in ["<img", "](", "![", "@", "# ", "http:", "www.", "`", "*", "<!--", "\u{202e}"] {
            assert!(!row.contains(mark), "{mark} in {row}");
        }
        assert!(prose("ask @mira").contains("&#64;&#8203;mira"));
    }
}
