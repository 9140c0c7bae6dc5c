//! Which repositories the configuration leaves out on a given day, and what its patterns mean.

use crate::day::Day;
use crate::settings::Exclusion;

/// Position of the first exclusion that holds for the repository called `name` on `today`.
///
/// A pattern with a `/` is compared with the whole name, one without with its last part: both
/// `parcel-sandbox` and `example/parcel-*` leave out `example/parcel-sandbox`.
pub(super) fn that_holds(exclusions: &[Exclusion], name: &str, today: Day) -> Option<usize> {
    exclusions.iter().position(|exclusion| is_current(exclusion, today) && names(&exclusion.repository, name))
}

/// Whether its last day is not over.
pub(super) fn is_current(exclusion: &Exclusion, today: Day) -> bool {
    exclusion.until.is_none_or(|until| today <= until)
}

/// Whether `pattern` means the repository called `name`.
pub fn names(pattern: &str, name: &str) -> bool {
    let compared = if pattern.contains('/') { name } else { name.rsplit('/').next().unwrap_or(name) };
    matches(pattern.as_bytes(), compared.as_bytes())
}

/// Whether `text` is `pattern` with every `*` replaced by some run of characters.
///
/// Goes back to the last `*` only, so that a hostile pattern costs at most pattern × text.
pub fn matches(pattern: &[u8], text: &[u8]) -> bool {
    let (mut at, mut here) = (0, 0);
    let mut last_star = None;
    while here < text.len() {
        if pattern.get(at) == Some(&b'*') {
            last_star = Some((at, here));
            at += 1;
        } else if pattern.get(at) == Some(&text[here]) {
            at += 1;
            here += 1;
        } else if let Some((star, swallowed)) = last_star {
            at = star + 1;
            here = swallowed + 1;
            last_star = Some((star, here));
        } else {
            return false;
        }
    }
    pattern[at..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_run() {
        for (pattern, name) in [
            ("a*", "abc"),
            ("*", ""),
            ("*-sandbox", "x-sandbox"),
            ("a*b*c", "aXbYc"),
            ("a*b", "abab"),
            ("abc", "abc"),
        ] {
            assert!(matches(pattern.as_bytes(), name.as_bytes()), "{pattern} {name}");
        }
        for (pattern, name) in [("a*", "ba"), ("abc", "ab"), ("a*b", "abc"), ("", "a"), ("a?c", "abc")] {
            assert!(!matches(pattern.as_bytes(), name.as_bytes()), "{pattern} {name}");
        }
    }

    #[test]
    fn a_pattern_without_a_slash_is_about_the_last_part() {
        assert!(names("parcel-*", "example/parcel-sandbox"));
        assert!(names("example/parcel-*", "example/parcel-sandbox"));
        assert!(!names("other/parcel-*", "example/parcel-sandbox"));
        assert!(!names("example", "example/parcel-sandbox"));
    }

    #[test]
    fn the_last_day_still_counts() {
        let exclusion = Exclusion {
            repository: "old".into(),
            reason: "gone".into(),
            by: None,
            until: Day::parse("2026-11-21"),
        };
        let on =
            |day: &str| that_holds(std::slice::from_ref(&exclusion), "old", Day::parse(day).expect("a day"));
        assert_eq!(on("2026-11-21"), Some(0));
        assert_eq!(on("2026-11-22"), None);
    }
}
