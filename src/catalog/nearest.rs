//! The nearest existing name to one that does not exist: what every "did you mean" is made of.

/// Longest name, in bytes, that is compared at all: the cost grows with the square of it, and no slip of
/// the finger makes a name so long.
const LONGEST: usize = 100;

use crate::diagnostic::Applicability;

/// The candidate most like `name`, when one is close enough to be meant.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if name.len() > LONGEST {
        return None;
    }
    let wanted = name.to_lowercase();
    candidates
        .into_iter()
        // A great difference in length is too much already, and cheaper to see.
        .filter(|candidate| candidate.len().abs_diff(wanted.len()) <= wanted.len().max(candidate.len()) / 2)
        .map(|candidate| {
            let other = candidate.to_lowercase();
            let likeness = strsim::osa_distance(&wanted, &other);
            let longest = wanted.chars().count().max(other.chars().count());
            (likeness, longest, candidate)
        })
        .filter(|(distance, longest, _)| *distance * 3 <= *longest)
        .min_by_key(|(distance, _, candidate)| (*distance, *candidate))
        .map(|(_, _, candidate)| candidate)
}

/// Whether `name` can only be a slip of the finger for `meant`: one letter apart, or only in its capitals,
/// its `-` and `_`; not too short for that to mean anything; and no other candidate almost as near.
pub fn applicability<'a>(
    name: &str,
    meant: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Applicability {
    const SHORTEST: usize = 4;
    const APART: usize = 2;
    let bare = |text: &str| -> String {
        text.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).flat_map(char::to_lowercase).collect()
    };
    let distance = |one: &str, other: &str| strsim::osa_distance(&bare(one), &bare(other));
    let near = distance(name, meant) <= 1 && name.chars().count().min(meant.chars().count()) >= SHORTEST;
    let alone = || candidates.into_iter().all(|other| other == meant || distance(name, other) > APART);
    if near && alone() { Applicability::Safe } else { Applicability::Unsure }
}

#[cfg(test)]
mod tests {
    use super::{Applicability, applicability, nearest};

    #[test]
    fn a_slip_of_the_finger_finds_the_name() {
        assert_eq!(nearest("ownerTaem", ["ownerTeam", "onCall"]), Some("ownerTeam"));
        assert_eq!(nearest("criticalty", ["criticality", "region"]), Some("criticality"));
    }

    #[test]
    fn long_names_are_not_compared() {
        let near = |length: usize| nearest(&"a".repeat(length), ["a".repeat(length - 1).as_str()]).is_some();
        assert!(near(super::LONGEST));
        assert!(!near(super::LONGEST + 1));
    }

    #[test]
    fn only_one_letter_and_no_rival_is_a_slip() {
        for (name, meant, safe) in [
            ("ownerTaem", "ownerTeam", true),
            ("owner-team", "ownerTeam", true),
            ("criticalty", "criticality", true),
            ("HIGH", "high", true),
            ("hgih", "high", true),
            ("law", "low", false),
            ("regions", "region", false),
            ("ownrTaem", "ownerTeam", false),
        ] {
            let known = ["ownerTeam", "criticality", "high", "low", "region", "regionsX"];
            assert_eq!(applicability(name, meant, known) == Applicability::Safe, safe, "{name}");
        }
    }

    #[test]
    fn something_else_finds_nothing() {
        assert_eq!(nearest("flavour", ["ownerTeam", "onCall"]), None);
    }
}
