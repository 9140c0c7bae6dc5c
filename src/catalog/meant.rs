//! What an author probably meant by a value that cannot be read: the text to write instead, for help
//! lines and for `check --fix`.

use crate::day::{Day, Length};
use crate::diagnostic::Applicability;

/// What was probably meant, and whether it can only have been that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Meant {
    pub(super) text: String,
    pub(super) applicability: Applicability,
}

fn certain(text: String) -> Meant {
    Meant { text, applicability: Applicability::Safe }
}

fn likely(text: String) -> Meant {
    Meant { text, applicability: Applicability::Unsure }
}

/// Units of time in the words people use, and the letter for each.
const UNITS: &[(&[&str], &str)] = &[
    (&["s", "sec", "secs", "second", "seconds"], "s"),
    (&["m", "min", "mins", "minute", "minutes"], "m"),
    (&["h", "hr", "hrs", "hour", "hours"], "h"),
    (&["d", "day", "days"], "d"),
    (&["w", "wk", "week", "weeks"], "w"),
];

/// The plain number in `text`, the value of `key`: without unit, grouping or decimal comma. A unit is
/// certainly too much only where the key has it in its own name, as in `p95LatencyMs: 250ms`.
pub(super) fn number(text: &str, key: &str) -> Option<Meant> {
    let text = text.trim();
    if !text.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let digits = text.trim_end_matches(|c: char| c.is_alphabetic() || matches!(c, '%' | ' '));
    let unit = text[digits.len()..].trim();
    let unsigned = digits.trim_start_matches('+').replace('_', "");
    let comma = unsigned.contains(',');
    let digits = match unsigned.split_once(',') {
        Some((whole, part)) if !part.contains(',') && part.len() != 3 => format!("{whole}.{part}"),
        Some(_) => return None,
        None => unsigned,
    };
    let plain = digits.trim_start_matches('0');
    // `010` is eight to some tools and ten to others.
    let padded = digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.");
    let plain =
        if plain.is_empty() || plain.starts_with('.') { format!("0{plain}") } else { plain.to_owned() };
    let readable = plain.starts_with(|c: char| c.is_ascii_digit()) && plain.parse::<f64>().is_ok();
    if !readable || plain == text {
        return None;
    }
    let said = unit.is_empty() || is_in_name(unit, key);
    Some(if said && !comma && !padded { certain(plain) } else { likely(plain) })
}

/// Whether `key` ends with `unit`, as `retentionDays` does with `days`.
fn is_in_name(unit: &str, key: &str) -> bool {
    let unit = unit.to_ascii_lowercase();
    let spellings: &[&str] = match unit.as_str() {
        "ms" | "millis" | "milliseconds" => &["Ms", "Millis", "Milliseconds"],
        "d" | "day" | "days" => &["Days"],
        "month" | "months" => &["Months"],
        "y" | "year" | "years" => &["Years"],
        "h" | "hour" | "hours" => &["Hours"],
        "%" | "percent" => &["Percent"],
        _ => &[],
    };
    spellings.iter().any(|spelling| key.ends_with(spelling))
}

/// The day in `text`: `2026/1/5`, `5.1.2026`, `11/21/2026`. Certain when the year stands first, or when
/// only one of the other two can be the month.
pub(super) fn day(text: &str) -> Option<Meant> {
    let mut parts = text.trim().split(['-', '/', '.']);
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    if first.len() == 4 {
        return iso(first, second, third).map(certain);
    }
    if third.len() != 4 {
        return None;
    }
    let (day_first, month_first) = (iso(third, second, first), iso(third, first, second));
    match (day_first, month_first) {
        (Some(one), Some(other)) if one == other => Some(certain(one)),
        // Where days are written with dots, they stand first.
        (Some(one), Some(_)) => text.contains('.').then(|| likely(one)),
        (Some(only), None) | (None, Some(only)) => Some(certain(only)),
        (None, None) => None,
    }
}

fn iso(year: &str, month: &str, day: &str) -> Option<String> {
    let short = |part: &str| (1..=2).contains(&part.len());
    if !short(month) || !short(day) {
        return None;
    }
    let day = format!("{year}-{month:0>2}-{day:0>2}");
    Day::parse(&day).map(|_| day)
}

/// The length of time in `text`: `15 minutes`, `4 h`, `PT15M`, `P7D`, `1 hour 30 min`.
pub(super) fn length(text: &str) -> Option<Meant> {
    let lower = text.trim().to_ascii_lowercase();
    let (rest, iso) = match lower.strip_prefix('p') {
        Some(rest) => (rest, true),
        None => (&*lower, false),
    };
    let mut rest = rest.trim_start();
    let mut meant = String::new();
    // Of ISO 8601, what stands before the `T` counts days, what stands after it parts of one: `P1M` is a month.
    let mut clock = !iso;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('t').filter(|_| iso && !clock) {
            (rest, clock) = (after, true);
        }
        let digits = rest.find(|c: char| !c.is_ascii_digit()).filter(|digits| *digits > 0)?;
        let after = rest[digits..].trim_start();
        let word = after.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(after.len());
        let word = if iso { word.min(1) } else { word };
        let (_, unit) = UNITS.iter().find(|(words, _)| words.contains(&&after[..word]))?;
        if iso && clock != matches!(*unit, "s" | "m" | "h") {
            return None;
        }
        meant.push_str(&rest[..digits]);
        meant.push_str(unit);
        rest = after[word..].trim_start_matches([' ', ',']);
        rest = rest.strip_prefix("and ").unwrap_or(rest);
    }
    Length::parse(&meant).map(|_| certain(meant))
}

/// Twelve digits in `text`, once what separates them is taken out; or eleven, and the zero that was lost.
pub(super) fn account(text: &str) -> Option<Meant> {
    let digits: String = text.chars().filter(|c| !matches!(c, '-' | ' ' | '_')).collect();
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    match digits.len() {
        12 if digits != text => Some(certain(digits)),
        11 if digits == text => Some(likely(format!("0{digits}"))),
        _ => None,
    }
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

    /// Compares with `?` behind what is not certain.
    fn texts(meant: impl Fn(&str) -> Option<Meant>, cases: &[(&str, Option<&str>)]) {
        for (text, expected) in cases {
            let meant = meant(text).map(|meant| match meant.applicability {
                Applicability::Safe => meant.text,
                Applicability::Unsure => format!("{}?", meant.text),
            });
            assert_eq!(meant.as_deref(), *expected, "{text}");
        }
    }

    #[test]
    fn numbers() {
        texts(
            |text| number(text, "limit"),
            &[
                ("250ms", Some("250?")),
                ("99,9", Some("99.9?")),
                ("1_000", Some("1000")),
                ("+5", Some("5")),
                ("010", Some("10?")),
                ("99.9 %", Some("99.9?")),
                ("1,000", None),
                ("0x10", None),
                ("high", None),
                (".inf", None),
                ("", None),
            ],
        );
        for (text, key, expected) in [
            ("250ms", "p95LatencyMs", "250"),
            ("2 s", "p95LatencyMs", "2?"),
            ("7 years", "retentionYears", "7"),
            ("30d", "retentionYears", "30?"),
        ] {
            texts(|text| number(text, key), &[(text, Some(expected))]);
        }
    }

    #[test]
    fn days() {
        texts(
            day,
            &[
                ("2026/1/5", Some("2026-01-05")),
                ("2026-1-05", Some("2026-01-05")),
                ("21.11.2026", Some("2026-11-21")),
                ("11/21/2026", Some("2026-11-21")),
                ("5/5/2026", Some("2026-05-05")),
                ("5.1.2026", Some("2026-01-05?")),
                ("5/1/2026", None),
                ("31/31/2026", None),
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
                ("P1DT2H", Some("1d2h")),
                ("P1M", None),
                ("PT7D", None),
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
        texts(
            account,
            &[
                ("0123-4567-8901", Some("012345678901")),
                ("12345678901", Some("012345678901?")),
                ("012345678901", None),
                ("12345", None),
                ("------------", None),
            ],
        );
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
