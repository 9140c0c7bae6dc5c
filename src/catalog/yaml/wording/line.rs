//! Lines that do not fit where they stand: tabs, indentation, missing spaces, stray text.

use super::{quoted, shortened};
use crate::catalog::yaml::refusal::Refusal;
use crate::catalog::yaml::scene::{Line, Scene};
use crate::diagnostic::{Applicability, Edit, codes};

/// What a tab that indents stands for.
const TAB: &str = "  ";

/// So many places to indent to are named: nobody reads more.
const CHOICES: usize = 3;

pub(super) fn tab(scene: &Scene<'_>) -> Refusal {
    let (mark, length) = scene.indenting_tab().unwrap_or((scene.mark, 1));
    let refusal = Refusal::new(
        mark,
        &codes::TAB_INDENTATION,
        "a tab is used where YAML allows only spaces",
        "replace it with spaces, so that keys of one mapping begin in the same column",
    )
    .long(length);
    let Some(tabs) = scene.tabs_alone() else { return refusal };
    let spaces =
        |(line, tabs): (u32, u32)| Edit { line, column: 1, length: tabs, text: TAB.repeat(tabs as usize) };
    refusal.mend(tabs.into_iter().map(spaces).collect(), Applicability::Safe)
}

/// A `: ` where no key can stand: two in one line, a space missing above, or a key below a value.
pub(super) fn second_colon(scene: &Scene<'_>) -> Refusal {
    let here = scene.here();
    let before_colon = {
        let column = scene.mark.column.saturating_sub(here.indent + 1) as usize;
        let end = here.text.char_indices().nth(column).map_or(here.text.len(), |(at, _)| at);
        &here.text[..end]
    };
    if let Some(at) = before_colon.find(": ") {
        let value = here.text[at + 1..].trim();
        return Refusal::new(
            here.mark_at(here.text.len() - value.len()),
            &codes::UNQUOTED_CHARACTER,
            "this value contains `: `, which begins another key",
            format!("put the value in quotes: `{}`", quoted(value)),
        )
        .long(value.chars().count());
    }
    let above = scene.before(here.number);
    if let Some((above, at)) = above.and_then(|above| Some((above, above.crowded_colon()?))) {
        return missing_space(above, at);
    }
    let key = shortened(before_colon.trim_start_matches("- "));
    let (help, owner) = match above.and_then(|above| Some((above, shortened(above.key()?)))) {
        Some((above, owner)) => (
            format!(
                "begin it in column {}, like `{owner}`, or move the value of `{owner}` to a key below it",
                above.indent + 1
            ),
            format!("below `{owner}`, which already has a value"),
        ),
        None => (
            "begin it in the column of the keys above".to_owned(),
            "below a value, where no key can stand".to_owned(),
        ),
    };
    Refusal::new(here.mark(), &codes::WRONG_INDENTATION, format!("`{key}` is indented {owner}"), help)
        .long(key.chars().count())
}

fn missing_space(line: Line<'_>, colon: usize) -> Refusal {
    let (key, value) = (shortened(&line.text[..colon]), &line.text[colon + 1..]);
    // With another colon behind it, who knows which one was meant.
    let applicability = if value.contains(':') { Applicability::Unsure } else { Applicability::Safe };
    Refusal::new(
        line.mark_at(colon),
        &codes::MISSING_SPACE,
        format!("there is no space after the colon of `{key}`"),
        format!("write `{key}: {}`", shortened(value)),
    )
    .long(1)
    .instead(": ", applicability)
}

pub(super) fn colon_before_bracket(scene: &Scene<'_>) -> Refusal {
    let refusal = Refusal::new(
        scene.mark,
        &codes::MISSING_SPACE,
        "there is no space between a colon and the bracket after it",
        "write a space after the colon, or put the value in quotes",
    )
    .long(1);
    if scene.text_at(scene.mark).starts_with(":[") || scene.text_at(scene.mark).starts_with(":{") {
        return refusal.instead(": ", Applicability::Safe);
    }
    refusal
}

/// A line in a mapping that is no `key: value`.
pub(super) fn no_key(scene: &Scene<'_>) -> Refusal {
    let here = scene.here();
    if let Some(colon) = here.crowded_colon() {
        return missing_space(here, colon);
    }
    if here.text.starts_with('-') && !here.text.starts_with("- ") {
        let item = here.text[1..].trim();
        return Refusal::new(
            here.mark(),
            &codes::MISSING_SPACE,
            "there is no space after the `-` of a list item",
            format!("write `- {}`", shortened(item)),
        )
        .long(1)
        // Beside other items it can only be one more; `-5` may be a number all the same.
        .instead(
            "- ",
            match scene.before(here.number) {
                Some(above)
                    if above.indent == here.indent
                        && above.text.starts_with("- ")
                        && item.starts_with(char::is_alphabetic) =>
                {
                    Applicability::Safe
                }
                _ => Applicability::Unsure,
            },
        );
    }
    stray(here)
}

fn stray(line: Line<'_>) -> Refusal {
    Refusal::new(
        line.mark(),
        &codes::STRAY_TEXT,
        format!("`{}` stands where a key is expected", shortened(line.text)),
        "write `key: value`, begin the line with `#` if it is a comment, or remove it",
    )
    .long(line.text.chars().count())
}

pub(super) fn indentation(scene: &Scene<'_>) -> Refusal {
    let here = scene.here();
    let item = here.text == "-" || here.text.starts_with("- ");
    let fits = scene.keys.iter().rev().find(|(_, mark)| mark.column == here.indent + 1);
    if let Some((key, _)) = fits {
        let key = shortened(key);
        return if item {
            Refusal::new(
                here.mark(),
                &codes::WRONG_INDENTATION,
                format!("a list item stands where a key beside `{key}` is expected"),
                format!("indent the list below the key it belongs to, or remove the value of `{key}`"),
            )
            .long(1)
        } else if here.key().is_some() {
            after_value(scene)
        } else {
            stray(here)
        };
    }
    let mut keys = scene.keys.clone();
    if let Some((above, key)) = scene.before(here.number).and_then(|above| Some((above, above.key()?))) {
        // The mapping above may be closed already, and is what its author had in mind.
        let mark = above.mark();
        if keys.iter().all(|(_, known)| known.column != mark.column) {
            keys.push((key, mark));
        }
    }
    let columns: Vec<String> = keys
        .iter()
        .rev()
        .take(CHOICES)
        .map(|(key, mark)| format!("`{}` (column {})", shortened(key), mark.column))
        .collect();
    if columns.is_empty() {
        return Refusal::new(
            here.mark(),
            &codes::WRONG_INDENTATION,
            "this line is neither an item of the list above nor part of one",
            "begin it with `- `, or indent it like the item above",
        );
    }
    Refusal::new(
        here.mark(),
        &codes::WRONG_INDENTATION,
        format!("this line begins in column {}, where nothing above it begins", here.indent + 1),
        format!("indent it like {}", columns.join(" or ")),
    )
}

/// More on a line whose value has ended with a bracket or quote.
fn after_value(scene: &Scene<'_>) -> Refusal {
    let text = scene.text_at(scene.mark);
    Refusal::new(
        scene.mark,
        &codes::STRAY_TEXT,
        "text follows a value that has already ended with a bracket or quote",
        "begin a new line for it, or put the whole value in quotes",
    )
    .long(text.chars().count())
}

pub(super) fn after_document(scene: &Scene<'_>) -> Refusal {
    let here = scene.here();
    if let Some(colon) = scene.before(here.number).and_then(|above| Some((above, above.crowded_colon()?))) {
        return missing_space(colon.0, colon.1);
    }
    if let Some(first) = scene.first().filter(|first| first.indent > here.indent && here.key().is_some()) {
        return Refusal::new(
            here.mark(),
            &codes::WRONG_INDENTATION,
            format!(
                "this line begins in column {}, and the document began in column {}",
                here.indent + 1,
                first.indent + 1
            ),
            format!("begin line {} in column {} too", first.number, here.indent + 1),
        );
    }
    Refusal::second_document(here.mark()).long(here.text.chars().count())
}
