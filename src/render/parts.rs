//! Small things that many pages show: days, shares, named links. Each has a component of the same name
//! in `site-templates/macros/parts.html`.

use std::borrow::Cow;

use serde::Serialize;

use super::badge::in_days;
use super::links::Href;
use crate::assess::outcome::Share;
use crate::day::{Day, Moment, Zone};

/// `text`, or as much of it as fits in so many characters, and a mark that there is more.
pub fn cut(text: &str, longest: usize) -> Cow<'_, str> {
    // No character is shorter than a byte.
    if text.len() <= longest || text.chars().nth(longest).is_none() {
        return Cow::Borrowed(text);
    }
    let end = text.char_indices().nth(longest.saturating_sub(1)).map_or(text.len(), |(end, _)| end);
    Cow::Owned(format!("{}…", &text[..end]))
}

/// A day, for machines and for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct When {
    /// `2026-11-21`.
    pub iso: String,
    /// `21 November 2026`.
    pub long: String,
    /// `21 Nov 2026`, for tables.
    pub short: String,
    /// `in 9 days`, counted from the assessment day.
    pub away: String,
}

impl When {
    /// `day`, seen from `as_of`.
    pub fn new(day: Day, as_of: Day) -> Self {
        Self {
            iso: day.to_string(),
            long: day.long(),
            short: day.short(),
            away: in_days(day.days_since(as_of)),
        }
    }

    /// The day of `moment`, seen from `as_of`.
    pub fn of(moment: Moment, zone: &Zone, as_of: Day) -> Self {
        Self::new(Day::of(moment, zone), as_of)
    }
}

/// A share with its meter: `31 of 34`, 91 percent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Meter {
    /// How much.
    pub part: u64,
    /// Of how much.
    pub whole: u64,
    /// Whole percent, rounded down.
    pub percent: u64,
    /// Whole per mille, rounded down: what tables sort by.
    pub per_mille: u64,
}

impl From<Share> for Meter {
    fn from(share: Share) -> Self {
        let per_mille = u128::from(share.part) * 1000 / u128::from(share.whole);
        Self {
            part: share.part,
            whole: share.whole,
            percent: share.percent(),
            per_mille: u64::try_from(per_mille).unwrap_or(1000),
        }
    }
}

/// A text that leads somewhere, or just the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Link {
    /// The words.
    pub text: String,
    /// Where it leads.
    pub href: Option<Href>,
}

impl Link {
    /// `text` that leads to `href`.
    pub fn new(text: impl Into<String>, href: Href) -> Self {
        Self { text: text.into(), href: Some(href) }
    }

    /// `text` alone.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), href: None }
    }
}

#[cfg(test)]
mod tests {
    use super::cut;

    #[test]
    fn long_texts_are_cut_between_characters() {
        assert_eq!(cut("short", 5), "short");
        assert_eq!(cut("longer", 5), "long…");
        assert_eq!(cut(&"ä".repeat(60), 60), "ä".repeat(60));
        assert_eq!(cut(&"ä".repeat(61), 60), format!("{}…", "ä".repeat(59)));
    }
}
