//! Levels: how far a subject has come on a scorecard (semantics §2).

use super::outcome::Outcome;

/// The levels a subject has reached: positions in the scorecard's levels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reached {
    /// Without exceptions: every applicable rule passes.
    pub raw: Option<usize>,
    /// With exceptions: every applicable rule passes or is waived.
    pub with_exceptions: Option<usize>,
}

/// The highest of `levels` levels such that every applicable rule of it and of all lower ones holds.
///
/// `rules` gives the level of each rule and its outcome. A level without applicable rules is skipped:
/// it holds nobody back, and nobody reaches it by having nothing to prove. An unknown rule holds back.
pub fn reached(levels: usize, rules: impl Iterator<Item = (usize, Outcome)>) -> Reached {
    let mut seen = vec![Seen::default(); levels];
    for (level, outcome) in rules {
        let Some(seen) = seen.get_mut(level) else { continue };
        match outcome {
            Outcome::NotApplicable => continue,
            Outcome::Pass => {}
            Outcome::Waived => seen.waived = true,
            Outcome::Fail | Outcome::Unknown => seen.held_back = true,
        }
        seen.applicable = true;
    }
    Reached {
        raw: climb(&seen, |level| !level.held_back && !level.waived),
        with_exceptions: climb(&seen, |level| !level.held_back),
    }
}

#[derive(Clone, Copy, Default)]
struct Seen {
    applicable: bool,
    waived: bool,
    held_back: bool,
}

fn climb(levels: &[Seen], holds: impl Fn(&Seen) -> bool) -> Option<usize> {
    levels
        .iter()
        .enumerate()
        .filter(|(_, level)| level.applicable)
        .take_while(|(_, level)| holds(level))
        .last()
        .map(|(position, _)| position)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Outcome::{Fail, NotApplicable, Pass, Unknown, Waived};

    fn levels(rules: &[(usize, Outcome)]) -> (Option<usize>, Option<usize>) {
        let reached = reached(3, rules.iter().copied());
        (reached.raw, reached.with_exceptions)
    }

    #[test]
    fn a_level_needs_all_lower_ones() {
        assert_eq!(levels(&[(0, Pass), (1, Pass), (2, Fail)]), (Some(1), Some(1)));
        assert_eq!(levels(&[(0, Fail), (1, Pass), (2, Pass)]), (None, None));
    }

    #[test]
    fn a_waiver_lifts_only_the_level_with_exceptions() {
        assert_eq!(levels(&[(0, Pass), (1, Waived), (2, Pass)]), (Some(0), Some(2)));
    }

    #[test]
    fn an_unknown_rule_holds_both_back() {
        assert_eq!(levels(&[(0, Pass), (1, Unknown), (2, Pass)]), (Some(0), Some(0)));
    }

    #[test]
    fn a_level_without_applicable_rules_is_skipped_and_never_reached() {
        assert_eq!(levels(&[(0, Pass), (1, NotApplicable), (2, Pass)]), (Some(2), Some(2)));
        assert_eq!(levels(&[(0, Pass), (1, NotApplicable)]), (Some(0), Some(0)));
        assert_eq!(levels(&[(0, NotApplicable), (1, NotApplicable), (2, NotApplicable)]), (None, None));
    }
}
