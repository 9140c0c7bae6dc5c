//! Texts and identifiers in the forms that OSCAL has for them. People write the texts and OSCAL reads them as
//! Markdown, so everything that Markdown would take for a sign of its own is escaped.

use std::fmt;

use serde::{Serialize, Serializer};
use sha2::{Digest as _, Sha256};

use crate::day::Moment;

/// A line of Markdown that reads as the text it was made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Markup(String);

impl Markup {
    /// The text on one line.
    pub(super) fn of(text: &str) -> Self {
        let line = one_line(text);
        let mut escaped = String::with_capacity(line.len());
        let begins_block = |c: char| matches!(c, '-' | '+' | '=' | '#');
        let digits = line.bytes().take_while(u8::is_ascii_digit).count();
        for (at, c) in line.char_indices() {
            let begins = (at == 0 && begins_block(c)) || (at > 0 && at == digits && matches!(c, '.' | ')'));
            if begins || "\\`*_[]<>{}&~^|$\"!".contains(c) {
                escaped.push('\\');
            }
            escaped.push(c);
        }
        Self(if escaped.is_empty() { "nothing is written".to_owned() } else { escaped })
    }
}

/// A line that is not empty, without white space around it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Line(String);

impl Line {
    /// The text on one line; nothing when nothing of it is left.
    pub(super) fn of(text: &str) -> Option<Self> {
        Some(one_line(text)).filter(|line| !line.is_empty()).map(Self)
    }
}

fn one_line(text: &str) -> String {
    let spaced: String =
        text.chars().map(|c| if c.is_control() || c == '\u{feff}' { ' ' } else { c }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A point in time that OSCAL can write: it knows the years from 1900 to 2999.
pub(super) fn time(moment: Moment) -> Option<Moment> {
    let year: u32 = moment.to_string().split('-').next()?.parse().ok()?;
    (1900..3000).contains(&year).then_some(moment)
}

/// The name of a thing in OSCAL, made of what it is, so that it is the same wherever it is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Uuid([u8; 16]);

impl Uuid {
    /// The first bits of the SHA-256 of `parts`, each behind its length. It bears the mark of version 5, which
    /// hashes names as we do, but with SHA-1: OSCAL takes no other version that does.
    pub(super) fn of(parts: &[&str]) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        let digest: [u8; 32] = hash.finalize().into();
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest[..16]);
        bytes[6] = (bytes[6] & 0x0f) | 0x50;
        bytes[8] = (bytes[8] & 0x3f) | 0x80;
        Self(bytes)
    }
}

impl fmt::Display for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, byte) in self.0.iter().enumerate() {
            let dash = if matches!(at, 4 | 6 | 8 | 10) { "-" } else { "" };
            write!(f, "{dash}{byte:02x}")?;
        }
        Ok(())
    }
}

impl Serialize for Uuid {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The id that the OSCAL catalog of NIST SP 800-53 gives to the control that people write as `AC-2(1)`; nothing
/// when it is no such control.
pub(super) fn nist_id(written: &str) -> Option<String> {
    let (family, rest) = written.trim().split_once('-')?;
    if family.len() != 2 || !family.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return None;
    }
    let (number, enhancement) = match rest.split_once(['(', '.']) {
        None => (rest, None),
        Some((number, enhancement)) => (number, Some(enhancement.strip_suffix(')').unwrap_or(enhancement))),
    };
    let counted = |text: &str| -> Option<u16> {
        Some(text.trim()).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))?.parse().ok()
    };
    let (family, number) = (family.to_ascii_lowercase(), counted(number)?);
    Some(match enhancement {
        None => format!("{family}-{number}"),
        Some(enhancement) => format!("{family}-{number}.{}", counted(enhancement)?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_that_any_program_computes() {
        // printf '\0\0\0\0\0\0\0\1a\0\0\0\0\0\0\0\2bc' | sha256sum
        assert_eq!(Uuid::of(&["a", "bc"]).to_string(), "3fafa1cf-2f19-57c1-929b-eb20cf0983f7");
        assert_ne!(Uuid::of(&["a", "bc"]), Uuid::of(&["ab", "c"]));
    }

    #[test]
    fn controls_of_nist_have_the_ids_of_its_catalog() {
        for (written, id) in [
            ("AC-3", Some("ac-3")),
            ("ac-02", Some("ac-2")),
            ("AC-2(1)", Some("ac-2.1")),
            ("AC-02 (01)", Some("ac-2.1")),
            ("pm-16.1", Some("pm-16.1")),
            ("AC-2a", None),
            ("AC-", None),
            ("AC-+3", None),
            ("CC6.1", None),
            ("A.5-26", None),
        ] {
            assert_eq!(nist_id(written).as_deref(), id, "{written}");
        }
    }

    #[test]
    fn texts_of_people_stay_texts() {
        for (written, markup) in [
            ("Data is kept", "Data is kept"),
            ("  two\n lines\u{2028}\u{feff} ", "two lines"),
            ("<img src=x> [a](b)", "\\<img src=x\\> \\[a\\](b)"),
            ("a_b *c*", "a\\_b \\*c\\*"),
            ("# no head", "\\# no head"),
            ("12. no list", "12\\. no list"),
            ("- no list", "\\- no list"),
            ("", "nothing is written"),
        ] {
            assert_eq!(Markup::of(written).0, markup, "{written:?}");
        }
        assert_eq!(Line::of(" \n\u{7}"), None);
    }

    #[test]
    fn years_that_oscal_cannot_write_are_left_out() {
        let moment = |text: &str| Moment::parse(text).expect("a moment");
        assert!(time(moment("2026-11-21T00:00:00Z")).is_some());
        assert!(time(moment("9998-11-21T00:00:00Z")).is_none());
    }
}
