//! What an author probably meant by a value that cannot be read: the text to write instead, for help
//! lines and for `check --fix`.

use crate::day::{Day, Length};

/// Units of time in the words people use, and the letter for each.
const UNITS: &[(&[&str], &str)] = &[
    (&["s", "sec", "secs", "second", "seconds"], "s"),
    (&["m", "min", "mins", "minute", "minutes"], "m"),
    (&["h", "hr", "hrs", "hour", "hours"], "h"),
    (&["d", "day", "days"], "d"),
    (&["w", "wk", "week", "weeks"], "w"),
];

/// The plain number in `text`: without unit, grouping or decimal comma.
pub(super) fn number(text: &str) -> Option<String> {
    let text = text.trim();
    if !text.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let digits = text.trim_end_matches(|c: char| c.is_alphabetic() || matches!(c, '%' | ' '));
    let digits = digits.trim_start_matches('+').replace('_', "");
    let digits = match digits.split_once(',') {
        Some((whole, part)) if !part.contains(',') && part.len() != 3 => format!("{whole}.{part}"),
        Some(_) => return None,
        None => digits,
    };
    let plain = digits.trim_start_matches('0');
    let plain =
        if plain.is_empty() || plain.starts_with('.') { format!("0{plain}") } else { plain.to_owned() };
    let readable = plain.starts_with(|c: char| c.is_ascii_digit()) && plain.parse::<f64>().is_ok();
    (readable && plain != text).then_some(plain)
}

/// The day in `text`, when its order leaves no doubt: `2026/1/5`, `2026.01.05`, `2026-1-5`.
pub(super) fn day(text: &str) -> Option<String> {
    let mut parts = text.trim().split(['-', '/', '.']);
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let short = |part: &str| (1..=2).contains(&part.len());
    if parts.next().is_some() || year.len() != 4 || !short(month) || !short(day) {
        return None;
    }
    let day = format!("{year}-{month:0>2}-{day:0>2}");
    Day::parse(&day).map(|_| day)
}

/// The length of time in `text`: `15 minutes`, `4 h`, `PT15M`, `P7D`, `1 hour 30 min`.
pub(super) fn length(text: &str) -> Option<String> {
    let lower = text.trim().to_ascii_lowercase();
    let (rest, iso) = match lower.strip_prefix('p') {
        Some(rest) => (rest, true),
        None => (&*lower, false),
    };
    let mut rest = rest.trim_start();
    let mut meant = String::new();
    while !rest.is_empty() {
        rest = rest.strip_prefix('t').filter(|_| iso).unwrap_or(rest);
        let digits = rest.find(|c: char| !c.is_ascii_digit()).filter(|digits| *digits > 0)?;
        let after = rest[digits..].trim_start();
        let word = after.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(after.len());
        let word = if iso { word.min(1) } else { word };
        let (_, unit) = UNITS.iter().find(|(words, _)| words.contains(&&after[..word]))?;
        meant.push_str(&rest[..digits]);
        meant.push_str(unit);
        rest = after[word..].trim_start_matches([' ', ',']);
        rest = rest.strip_prefix("and ").unwrap_or(rest);
    }
    Length::parse(&meant).map(|_| meant)
}

/// Twelve digits in `text`, once what separates them is taken out.
pub(super) fn account(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|c| !matches!(c, '-' | ' ' | '_')).collect();
    let number = digits.len() == 12 && digits.bytes().all(|byte| byte.is_ascii_digit());
    (number && digits != text).then_some(digits)
}

/// What tools that follow YAML 1.1 make of `text` when it is not quoted, if that is not text.
pub(super) fn misread(text: &str) -> Option<&'static str> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.len() > 1 && digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some("a number without its leading zero");
    }
    match text.to_ascii_lowercase().as_str() {
        "yes" | "on" | "true" => Some("the boolean true"),
        "no" | "off" | "false" => Some("the boolean false"),
        _ if text.contains(['e', 'E']) && is_number(digits) => Some("a number in powers of ten"),
        _ => None,
    }
}

fn is_number(digits: &str) -> bool {
    digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.ends_with(|c: char| c.is_ascii_digit())
        && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'e' | b'E' | b'.' | b'+' | b'-'))
        && digits.parse::<f64>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(meant: impl Fn(&str) -> Option<String>, cases: &[(&str, Option<&str>)]) {
        for (text, expected) in cases {
            assert_eq!(meant(text).as_deref(), *expected, "{text}");
        }
    }

    #[test]
    fn numbers() {
        texts(
            number,
            &[
                ("250ms", Some("250")),
                ("99,9", Some("99.9")),
                ("1_000", Some("1000")),
                ("+5", Some("5")),
                ("010", Some("10")),
                ("99.9 %", Some("99.9")),
                ("1,000", None),
                ("0x10", None),
                ("high", None),
                (".inf", None),
                ("", None),
            ],
        );
    }

    #[test]
    fn days() {
        texts(
            day,
            &[
                ("2026/1/5", Some("2026-01-05")),
                ("2026-1-05", Some("2026-01-05")),
                ("5.1.2026", None),
                ("2026-13-01", None),
                ("2026", None),
            ],
        );
    }

    #[test]
    fn lengths() {
        texts(
            length,
            &[
                ("15 minutes", Some("15m")),
                ("4 H", Some("4h")),
                ("PT1H30M", Some("1h30m")),
                ("P7D", Some("7d")),
                ("1 hour and 30 min", Some("1h30m")),
                ("4", None),
                ("soon", None),
                ("", None),
                ("P", None),
            ],
        );
    }

    #[test]
    fn accounts() {
        texts(account, &[("0123-4567-8901", Some("012345678901")), ("012345678901", None), ("12345", None)]);
    }

    #[test]
    fn words_that_other_tools_take_for_something_else() {
        for text in ["no", "Yes", "on", "007", "1e3", "0123"] {
            assert!(misread(text).is_some(), "{text}");
        }
        for text in ["norway", "0", "1", "7", "north", "e3", "12", "1.5", "one", "2026-01-01"] {
            assert_eq!(misread(text), None, "{text}");
        }
    }
}
