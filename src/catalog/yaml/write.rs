//! Writes values as YAML: what the reader reads back, whatever the text, and what other tools read as text
//! too.

use std::fmt::Write as _;

use crate::catalog::meant;

/// Words that some reader of YAML takes for something else than text.
const TAKEN: &[&str] = &["null", "true", "false", "yes", "no", "on", "off", "y", "n"];

/// `text` as a scalar on one line: plain where nobody could misread it, else in double quotes.
pub fn scalar(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { quoted(text) }
}

/// `text` as the rest of a comment: on one line, without anything that a terminal or an editor obeys.
pub fn comment(text: &str) -> String {
    text.chars().map(|c| if is_printable(c) { c } else { '\u{fffd}' }).collect()
}

/// Whether `text` needs no quotes as a value on a line of its own. Stricter than YAML: people who read it
/// should not have to know the rules.
fn is_plain(text: &str) -> bool {
    let inner =
        |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.' | '/' | ',' | '(' | ')' | '+');
    let colons_are_inside = !text.contains(": ") && !text.ends_with(':');
    text.starts_with(|c: char| c.is_alphabetic())
        && !text.ends_with(' ')
        && text.chars().all(|c| inner(c) || matches!(c, ':' | ';' | '@' | '\''))
        && colons_are_inside
        && !TAKEN.contains(&text.to_ascii_lowercase().as_str())
        && meant::misread(text).is_none()
}

/// `text` in double quotes, which can hold any text.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            c if is_printable(c) => quoted.push(c),
            c => {
                // Writing to a text cannot fail.
                let _ = write!(quoted, "\\U{:08X}", u32::from(c));
            }
        }
    }
    quoted.push('"');
    quoted
}

/// Whether `c` may stand in a file as it is: no control, no mark that turns the direction of text, no end
/// of line that only some know.
fn is_printable(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
        && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::catalog::yaml::{Limits, parse};

    /// What a reader makes of the value `written`, with a comment behind it.
    fn read(written: &str) -> String {
        let text = format!("key: {written}  # {}\n", comment("from README.md:1\r\u{85}key: other"));
        let document = parse(&text, Limits::default()).remove(0).expect("it can be read");
        let value = document.root.get("key").expect("the key is there");
        value.scalar().map_or_else(String::new, |scalar| scalar.text.to_string())
    }

    #[test]
    fn plain_where_nobody_could_misread_it() {
        for text in ["parcel-quote", "Prices a parcel, at once (or later)", "mira@example.com", "Größe"] {
            assert_eq!(scalar(text), text);
        }
        for text in [
            "",
            " a",
            "a ",
            "yes",
            "No",
            "null",
            "~",
            "0123",
            "1e3",
            "12",
            "a: b",
            "a #b",
            "- a",
            "@mira",
            "*a",
            "&a",
            "!a",
            "%a",
            "{a}",
            "[a]",
            "a:",
            "\"a\"",
            "|",
            ">",
            "a\nb",
            "2026-11-21",
            "?",
            "---",
            "...",
        ] {
            assert_eq!(scalar(text).chars().next(), Some('"'), "{text}");
            assert_eq!(read(&scalar(text)), text);
        }
    }

    proptest! {
        #[test]
        fn any_text_comes_back_as_it_was(text in any::<String>()) {
            prop_assert_eq!(read(&scalar(&text)), text);
        }

        #[test]
        fn text_of_signs_comes_back_as_it_was(text in "[-:#\\[\\]{}&*!|>'\"%@`,?~. \t\r\n\\\\a0\u{85}\u{2028}\u{feff}]{0,24}") {
            prop_assert_eq!(read(&scalar(&text)), text);
        }
    }
}
