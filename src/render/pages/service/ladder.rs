//! The ladder of one scorecard: what was counted on each level, and where the level lies, seen from
//! where the service stands.

use crate::assess::outcome::{Outcome, Score};
use crate::words;

/// Where a level lies, seen from where the service stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Reached without any exception.
    Reached,
    /// Reached because exceptions excuse what fails.
    ReachedWithExceptions,
    /// The first one that is not reached.
    Next,
    /// Above that.
    Beyond,
    /// None of its rules applies.
    Skipped,
}

impl Stage {
    /// The class of its rung.
    pub(super) const fn class(self) -> Option<&'static str> {
        match self {
            Self::Reached | Self::ReachedWithExceptions => Some("reached"),
            Self::Next => Some("next"),
            Self::Beyond | Self::Skipped => None,
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Reached => "reached",
            Self::ReachedWithExceptions => "reached with exceptions",
            Self::Next => "next",
            Self::Beyond => "beyond",
            Self::Skipped => "skipped: no rule applies",
        }
    }
}

/// What was counted on one level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rung {
    /// Rules by outcome.
    pub(super) counts: Score,
    /// Where it lies.
    pub(super) stage: Stage,
}

impl Rung {
    /// How many rules hold it back.
    pub(super) fn held_back_by(&self) -> u64 {
        self.counts.fail + self.counts.unknown
    }

    /// `reached with exceptions, 5 of 6, 1 waived`.
    pub(super) fn text(&self) -> String {
        let Score { pass, fail, waived, unknown, .. } = self.counts;
        let mut text = self.stage.words().to_owned();
        let all = pass + fail + waived + unknown;
        if all == 0 {
            return text;
        }
        text.push_str(&format!(", {pass} of {all}"));
        let fails = if fail == 1 { "fails" } else { "fail" };
        for (count, word) in [(fail, fails), (unknown, "unknown"), (waived, "waived")] {
            if count > 0 {
                text.push_str(&format!(", {count} {word}"));
            }
        }
        text
    }
}

/// The rungs of a scorecard with so many levels. `rules` gives level and outcome of each rule, `raw` and
/// `with_exceptions` the levels that are reached.
pub(super) fn rungs(
    levels: usize,
    rules: impl Iterator<Item = (usize, Outcome)>,
    raw: Option<usize>,
    with_exceptions: Option<usize>,
) -> Vec<Rung> {
    let mut rungs = vec![Rung { counts: Score::default(), stage: Stage::Skipped }; levels];
    for (level, outcome) in rules {
        if let Some(rung) = rungs.get_mut(level) {
            rung.counts.add(outcome, 1);
        }
    }
    let mut next_is_found = false;
    for (level, rung) in rungs.iter_mut().enumerate() {
        let Score { pass, fail, waived, unknown, .. } = rung.counts;
        rung.stage = if pass + fail + waived + unknown == 0 {
            Stage::Skipped
        } else if raw.is_some_and(|raw| level <= raw) {
            Stage::Reached
        } else if with_exceptions.is_some_and(|reached| level <= reached) {
            Stage::ReachedWithExceptions
        } else if next_is_found {
            Stage::Beyond
        } else {
            next_is_found = true;
            Stage::Next
        };
    }
    rungs
}

/// Levels in the order in which their rules are shown: the next one, those beyond it, then those that are
/// reached, from the highest down.
pub(super) fn page_order(rungs: &[Rung]) -> Vec<usize> {
    let ahead = |stage: Stage| matches!(stage, Stage::Next | Stage::Beyond);
    let levels = |wanted: bool| (0..rungs.len()).filter(move |level| ahead(rungs[*level].stage) == wanted);
    levels(true).chain(levels(false).rev()).collect()
}

/// ` and the level “Operable” would be reached`, or what it would still wait for.
pub(super) fn effect(title: &str, reached: bool, others: u64) -> String {
    if reached {
        return format!(", and the level “{title}” would be reached");
    }
    let others = usize::try_from(others).unwrap_or(usize::MAX);
    format!(
        ", and the level “{title}” would still wait for {}",
        words::count(others, "other rule", "other rules")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use Outcome::{Fail, NotApplicable, Pass, Unknown, Waived};

    fn texts(rules: &[(usize, Outcome)], raw: Option<usize>, with: Option<usize>) -> Vec<String> {
        rungs(4, rules.iter().copied(), raw, with).iter().map(Rung::text).collect()
    }

    #[test]
    fn every_rung_says_in_words_where_it_lies_and_why() {
        let rules = [
            (0, Pass),
            (1, Pass),
            (1, Waived),
            (2, Pass),
            (2, Fail),
            (2, Unknown),
            (2, NotApplicable),
            (3, Fail),
            (3, Fail),
        ];
        assert_eq!(
            texts(&rules, Some(0), Some(1)),
            [
                "reached, 1 of 1",
                "reached with exceptions, 1 of 2, 1 waived",
                "next, 1 of 3, 1 fails, 1 unknown",
                "beyond, 0 of 2, 2 fail"
            ]
        );
    }

    #[test]
    fn a_level_without_applicable_rules_is_neither_reached_nor_next() {
        let rules = [(0, NotApplicable), (1, Fail), (3, Pass)];
        assert_eq!(
            texts(&rules, None, None),
            [
                "skipped: no rule applies",
                "next, 0 of 1, 1 fails",
                "skipped: no rule applies",
                "beyond, 1 of 1"
            ]
        );
        assert_eq!(texts(&[(0, Pass), (2, Pass)], Some(2), Some(2))[1], "skipped: no rule applies");
    }

    #[test]
    fn what_must_be_done_next_comes_first_and_what_is_long_done_last() {
        let order = |rules: &[(usize, Outcome)], reached| {
            page_order(&rungs(4, rules.iter().copied(), reached, reached))
        };
        let rules = [(0, Pass), (1, Pass), (2, Fail), (3, Pass)];
        assert_eq!(order(&rules, Some(1)), [2, 3, 1, 0]);
        assert_eq!(order(&[(0, Pass), (1, Pass), (2, Pass), (3, Pass)], Some(3)), [3, 2, 1, 0]);
    }

    #[test]
    fn an_effect_names_the_level_and_what_else_it_waits_for() {
        assert_eq!(effect("Operable", true, 0), ", and the level “Operable” would be reached");
        assert_eq!(
            effect("Operable", false, 2),
            ", and the level “Operable” would still wait for 2 other rules"
        );
    }
}
