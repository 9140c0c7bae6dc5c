//! Mistakes inside one value: quotes, escapes, brackets, characters that need quotes.

use super::line::tab;
use super::{in_quotes, other, quoted, shortened};
use crate::catalog::yaml::Mark;
use crate::catalog::yaml::refusal::Refusal;
use crate::catalog::yaml::scene::Scene;
use crate::diagnostic::{Applicability, codes};

pub(super) fn unclosed_quote(scene: &Scene<'_>) -> Refusal {
    let quote = scene.opening_quote().or_else(|| scene.lonely_quote());
    let Some((mark, quote)) = quote else { return other(scene) };
    let rest: String = scene.text_at(mark).chars().skip(1).collect();
    let closed_below = !rest.contains(quote) && mark.line < scene.mark.line && {
        let line = scene.line(scene.mark.line);
        line.key().is_none() && line.text.contains(quote)
    };
    if closed_below {
        return Refusal::new(
            scene.line(scene.mark.line).mark(),
            &codes::WRONG_INDENTATION,
            "this line continues a quoted text and is not indented further than its key",
            "indent every line of the text further than the key it belongs to",
        );
    }
    Refusal::new(
        mark,
        &codes::UNCLOSED_QUOTE,
        format!("the `{quote}` that begins this text is never closed"),
        format!("end the text with `{quote}`"),
    )
    .long(1)
}

pub(super) fn after_quote(scene: &Scene<'_>, quote: char) -> Refusal {
    let help = match quote {
        '\'' => "inside single quotes write `''` for an apostrophe, or put the whole value in double quotes",
        _ => "inside double quotes write `\\\"` for a quote, or put the whole value in single quotes",
    };
    Refusal::new(
        scene.mark,
        &codes::STRAY_TEXT,
        format!("text follows the `{quote}` that closes a quoted text"),
        help,
    )
    .long(scene.text_at(scene.mark).chars().count())
}

pub(super) fn bad_escape(scene: &Scene<'_>) -> Refusal {
    // The parser points at the text as a whole; the escape is on this line or below.
    let known = "0abtnvfre \"/\\N_LPxuU\t";
    let found = (scene.mark.line..scene.mark.line.saturating_add(200)).find_map(|number| {
        let line = scene.line(number);
        let mut characters = line.text.char_indices().peekable();
        while let Some((at, c)) = characters.next() {
            let next = characters.peek().map(|(_, next)| *next);
            if c == '\\' {
                characters.next();
                match next {
                    Some(next) if !known.contains(next) => return Some((line.mark_at(at), next)),
                    _ => {}
                }
            }
        }
        None
    });
    let help = "double the backslash, or put the text in single quotes";
    match found {
        Some((mark, next)) => Refusal::new(
            mark,
            &codes::BAD_ESCAPE,
            format!("`\\{next}` means nothing inside double quotes"),
            help,
        )
        .long(2),
        None => Refusal::new(
            scene.mark,
            &codes::BAD_ESCAPE,
            "an escape in this text does not name a character",
            help,
        ),
    }
}

pub(super) fn bracket(scene: &Scene<'_>) -> Refusal {
    let Some((open, bracket)) = scene.open_bracket() else { return other(scene) };
    let close = closing(bracket);
    if open.line != scene.mark.line || !scene.text_at(open).contains(close) {
        return unclosed_bracket(scene, open, bracket);
    }
    Refusal::new(
        scene.mark,
        &codes::UNCLOSED_BRACKET,
        format!("something is wrong between `{bracket}` and `{close}` here"),
        "write one comma between two items, and put texts that contain brackets, commas or `: ` in quotes",
    )
    .long(1)
}

pub(super) fn unclosed_bracket(scene: &Scene<'_>, open: Mark, bracket: char) -> Refusal {
    let close = closing(bracket);
    let hidden = scene.text_at(open).split_once(" #").is_some_and(|(_, comment)| comment.contains(close));
    let help = if hidden {
        format!("close it with `{close}` before the `#`, which begins a comment")
    } else {
        format!("close it with `{close}`, or put the value in quotes if it is text")
    };
    let message = format!("the `{bracket}` that begins here is never closed");
    Refusal::new(open, &codes::UNCLOSED_BRACKET, message, help).long(1)
}

pub(super) fn wrong_bracket(scene: &Scene<'_>, open: char, close: char) -> Refusal {
    Refusal::new(
        scene.mark,
        &codes::UNCLOSED_BRACKET,
        format!("the `{open}` that begins here is closed by `{close}`"),
        format!("close it with `{}`, or put the value in quotes if it is text", closing(open)),
    )
    .long(1)
}

fn closing(bracket: char) -> char {
    if bracket == '[' { ']' } else { '}' }
}

pub(super) fn unexpected(scene: &Scene<'_>, character: char) -> Refusal {
    if character == '\t' {
        return tab(scene);
    }
    if character.is_control() || character == '\u{feff}' {
        let before = scene.text_at(scene.mark).chars().take_while(|c| *c != character).count();
        let column = scene.mark.column.saturating_add(u32::try_from(before).unwrap_or(0));
        return Refusal::new(
            Mark { column, ..scene.mark },
            &codes::YAML_SYNTAX,
            format!("an invisible character (U+{:04X}) stands here", u32::from(character)),
            "delete it; if it belongs to a text, write it as an escape in double quotes",
        )
        .long(1);
    }
    needs_quotes(scene, scene.mark)
}

pub(super) fn needs_quotes(scene: &Scene<'_>, mark: Mark) -> Refusal {
    let text = scene.text_at(mark);
    let mut value = text.split(" #").next().unwrap_or(text).trim_end();
    if scene.open_bracket().is_some_and(|(open, _)| open.line == mark.line && open.column < mark.column) {
        let first = value.chars().next().map_or(0, char::len_utf8);
        let end = value[first..].find([',', ']', '}']).map_or(value.len(), |end| first + end);
        value = &value[..end];
    }
    let begins = match value.chars().next() {
        Some('`') => "a backtick".to_owned(),
        c => format!("`{}`", c.unwrap_or(' ')),
    };
    Refusal::new(
        mark,
        &codes::UNQUOTED_CHARACTER,
        format!("a value cannot begin with {begins}"),
        format!("put it in quotes: `{}`", quoted(value)),
    )
    .long(value.chars().count())
    .instead(in_quotes(value), quoting(scene, mark, value))
}

/// Whether `value` can only be a text that lacks its quotes: nothing else begins like that, and it ends on
/// its own line.
fn quoting(scene: &Scene<'_>, mark: Mark, value: &str) -> Applicability {
    let reserved =
        value.starts_with(['@', '`', '%']) || matches!(value, "*" | "&" | "!") || value.starts_with("* ");
    let here = scene.line(mark.line);
    let ends = scene.after(mark.line).is_none_or(|below| below.indent <= here.indent);
    let plain = !value.contains(['"', '\'', '\\', '#']) && !value.contains(": ");
    let bracket = scene.open_bracket().is_some_and(|(open, _)| open.line != mark.line);
    if reserved && ends && plain && !bracket { Applicability::Safe } else { Applicability::Unsure }
}

pub(super) fn unknown_anchor(scene: &Scene<'_>) -> Refusal {
    let text = scene.text_at(scene.mark);
    let alias = text.split([' ', ',', ']', '}']).next().unwrap_or(text);
    let name = shortened(alias.strip_prefix('*').unwrap_or(alias));
    Refusal::new(
        scene.mark,
        &codes::UNKNOWN_ANCHOR,
        format!("`*{name}` repeats a value marked `&{name}`, and none stands above it in this document"),
        "write the value out, or put it in quotes if the `*` belongs to it",
    )
    .long(alias.chars().count())
    .instead(
        in_quotes(alias),
        match alias.chars().nth(1) {
            // Nobody calls an anchor `.example.com`.
            Some('.' | '/' | '*' | '-' | ':') if alias == text => quoting(scene, scene.mark, "*"),
            _ => Applicability::Unsure,
        },
    )
}

pub(super) fn block_header(scene: &Scene<'_>) -> Refusal {
    Refusal::new(
        scene.mark,
        &codes::UNQUOTED_CHARACTER,
        "text stands on the line of a `|` or `>`, which begins a text of several lines",
        "begin the text on the next line, indented, or put the value in quotes",
    )
}
