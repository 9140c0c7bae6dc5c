//! Diagnostics for people: the place, the quoted line with a caret, the help line. Everything that
//! comes from a file is made harmless to terminals and to the logs of build servers first.

use std::borrow::Cow;
use std::fmt::Write as _;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::{Diagnostic, Diagnostics, Place, Severity};
use crate::words;

/// Columns that quoted lines are cut to.
const WIDTH: usize = 110;

/// Every diagnostic in its order, each followed by an empty line.
pub fn render(diagnostics: &Diagnostics, colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() }.term_width(WIDTH);
    let mut text = String::new();
    for diagnostic in diagnostics.iter() {
        text.push_str(&renderer.render(&[group(diagnostic)]));
        text.push_str("\n\n");
    }
    text
}

/// How many of what: `2 errors, 1 warning`; `no problems` when there are none.
pub fn summary(diagnostics: &Diagnostics) -> String {
    let counted = [Severity::Error, Severity::Warning, Severity::Note].into_iter().filter_map(|severity| {
        let of_severity = diagnostics.iter().filter(|diagnostic| diagnostic.severity() == severity);
        let number: usize = of_severity.map(Diagnostic::stands_for).sum();
        let word = severity.word();
        (number > 0).then(|| words::count(number, word, &format!("{word}s")))
    });
    let counted: Vec<String> = counted.collect();
    if counted.is_empty() { words::count(0, "problem", "problems") } else { counted.join(", ") }
}

fn group(diagnostic: &Diagnostic) -> Group<'_> {
    let level = match diagnostic.severity() {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level.primary_title(harmless(&diagnostic.message)).id(diagnostic.code.name);
    let mut group = Group::with_title(title);
    if let Some(place) = &diagnostic.place {
        group = at(group, place);
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(harmless(help)));
    }
    group
}

fn at<'a>(group: Group<'a>, place: &'a Place) -> Group<'a> {
    let column = place.column as usize;
    if place.line == 0 {
        return group.element(Origin::path(file(place)));
    }
    let Some((quote, span)) = quoted(place) else {
        return group.element(Origin::path(file(place)).line(place.line as usize).char_column(column));
    };
    let snippet = Snippet::source(quote).line_start(place.line as usize).path(file(place));
    group.element(snippet.annotation(AnnotationKind::Primary.span(span)))
}

/// The file as a path: the repository, when it has a name, and the path in it.
fn file(place: &Place) -> String {
    let path = harmless(&place.path);
    if place.repository.is_empty() {
        return path.into_owned();
    }
    format!("{}/{path}", harmless(&place.repository))
}

/// The quoted line made harmless, and the bytes of it to underline; `None` when the place lies behind
/// what was kept of the line. One character stands for each, so that columns stay those of the file.
pub fn quoted(place: &Place) -> Option<(String, std::ops::Range<usize>)> {
    let mut text = String::with_capacity(place.quote.len());
    let first = place.column.saturating_sub(1) as usize;
    let last = if place.column == 0 { usize::MAX } else { first + place.length.max(1) as usize };
    let (mut from, mut to) = (None, None);
    for (index, c) in place.quote.chars().enumerate() {
        if index == first {
            from = Some(text.len());
        }
        if index == last {
            to = Some(text.len());
        }
        text.push(match c {
            _ if begins_command(&text, c) => '\u{fffd}',
            '\0'..='\x1f' if c != '\t' => char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}'),
            _ if is_obeyed(c) => '\u{fffd}',
            _ => c,
        });
    }
    let end = text.len();
    // A mark may point just behind the line, where something is missing.
    let from = from.or_else(|| (place.quote.chars().count() == first).then_some(end))?;
    Some((text, from..to.unwrap_or(end)))
}

/// `text` without anything that a terminal or the log of a build server would obey: control and
/// direction characters are written out, and no command of a build server survives.
pub fn harmless(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_obeyed) && !text.contains("##") {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len());
    text.chars().for_each(|c| push_harmless(&mut clean, c));
    Cow::Owned(clean)
}

fn push_harmless(text: &mut String, c: char) {
    match c {
        '\n' => text.push_str("\\n"),
        '\r' => text.push_str("\\r"),
        _ if begins_command(text, c) || is_obeyed(c) => {
            let _ = write!(text, "\\u{{{:x}}}", u32::from(c));
        }
        _ => text.push(c),
    }
}

/// Whether `c` after `text` completes the head of a command to a build server. `##[group]` and
/// `##vso[task]` are commands anywhere in a line; `::group::` only begins one, and no line of ours
/// begins with text from a file.
fn begins_command(text: &str, c: char) -> bool {
    c == '[' && (text.ends_with("##") || text.ends_with("##vso"))
}

/// Control characters but the tab, and those that change direction or cannot be seen.
fn is_obeyed(c: char) -> bool {
    (c.is_control() && c != '\t')
        || matches!(
            c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::codes;

    fn place(line: u32, column: u32, length: u32, quote: &str) -> Place {
        Place {
            repository: "shop".into(),
            path: "service.yaml".into(),
            line,
            column,
            length,
            quote: quote.into(),
        }
    }

    fn rendered(diagnostic: Diagnostic) -> String {
        let mut diagnostics = Diagnostics::default();
        diagnostics.push(diagnostic);
        render(&diagnostics, false)
    }

    #[test]
    fn a_diagnostic_shows_place_quote_caret_and_help() {
        let text = rendered(
            Diagnostic::new(&codes::UNKNOWN_KEY, "unknown key `ownerTaem` in service")
                .at(place(12, 3, 9, "  ownerTaem: checkout"))
                .help("did you mean `ownerTeam`?"),
        );
        assert_eq!(
            text,
            "warning[unknown-key]: unknown key `ownerTaem` in service\n  --> shop/service.yaml:12:3\n   |\n\
             12 |   ownerTaem: checkout\n   |   ^^^^^^^^^\n   |\n   = help: did you mean `ownerTeam`?\n\n"
        );
    }

    #[test]
    fn a_whole_file_and_no_file_at_all_have_no_quote() {
        let whole = Diagnostic::new(&codes::UNKNOWN_KEY, "x").at(place(0, 0, 0, ""));
        assert_eq!(rendered(whole), "warning[unknown-key]: x\n--> shop/service.yaml\n\n");
        assert_eq!(rendered(Diagnostic::new(&codes::UNKNOWN_KEY, "x")), "warning[unknown-key]: x\n\n");
    }

    #[test]
    fn the_column_is_that_of_the_file_whatever_is_made_harmless_before_it() {
        let text =
            rendered(Diagnostic::new(&codes::UNKNOWN_KEY, "x").at(place(1, 4, 1, "\u{1b}\u{202e}äb: c")));
        assert!(text.contains("service.yaml:1:4"), "{text}");
        let column = |line: &str, c| line.chars().position(|other| other == c).expect("it is there");
        let quote = text.lines().find(|line| line.starts_with('1')).expect("a quote");
        let caret = text.lines().find(|line| line.contains('^')).expect("a caret");
        assert_eq!(column(quote, 'b'), column(caret, '^'), "{text}");
    }

    #[test]
    fn a_place_behind_the_kept_part_of_a_line_is_still_named() {
        let text = rendered(Diagnostic::new(&codes::UNKNOWN_KEY, "x").at(place(7, 900, 5, "short")));
        assert!(text.contains("service.yaml:7:900"), "{text}");
    }

    #[test]
    fn nothing_from_a_file_is_obeyed() {
        assert_eq!(harmless("\u{1b}[31m\n::error::x"), "\\u{1b}[31m\\n::error::x");
        assert_eq!(harmless("##[group] ##vso[task] ## ok"), "##\\u{5b}group] ##vso\\u{5b}task] ## ok");
        assert_eq!(harmless("größer 💥 ok"), "größer 💥 ok");
        let hostile =
            Diagnostic::new(&codes::UNKNOWN_KEY, "a\n::error::b\u{9b}31m\u{2028}").at(place(1, 900, 5, "x"));
        let text = rendered(hostile);
        assert!(text.lines().all(|line| !line.trim_start().starts_with("::")), "{text}");
        assert!(!text.chars().any(|c| c != '\n' && is_obeyed(c)), "{text}");
    }

    #[test]
    fn a_summary_counts_the_heaviest_first() {
        let mut diagnostics = Diagnostics::default();
        assert_eq!(summary(&diagnostics), "no problems");
        diagnostics.push(Diagnostic::new(&codes::UNKNOWN_KEY, "x"));
        diagnostics.push(Diagnostic::new(&codes::WRONG_TYPE, "x"));
        diagnostics.push(Diagnostic::new(&codes::WRONG_TYPE, "y"));
        assert_eq!(summary(&diagnostics), "2 errors, 1 warning");
    }
}
