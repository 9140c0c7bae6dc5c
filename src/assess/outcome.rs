//! The five outcomes, and scores as exact integers (semantics §2).

/// What came of a rule for one subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// The assertion is true.
    Pass,
    /// It is false, or a declared field it needs is absent.
    Fail,
    /// It would fail, and an exception in force covers it.
    Waived,
    /// An observed fact it needs is not there. Never a fail or a pass.
    Unknown,
    /// It does not apply.
    NotApplicable,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Self; 5] = [Self::Pass, Self::Fail, Self::Waived, Self::Unknown, Self::NotApplicable];

    /// The word of the JSON: `pass`, `fail`, `waived`, `unknown`, `n/a`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Waived => "waived",
            Self::Unknown => "unknown",
            Self::NotApplicable => "n/a",
        }
    }
}

/// Sums by outcome: of weights, of rules or of subjects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// What passes.
    pub pass: u64,
    /// What fails.
    pub fail: u64,
    /// What fails and is waived.
    pub waived: u64,
    /// What is not known.
    pub unknown: u64,
    /// What does not apply.
    pub not_applicable: u64,
}

/// A share of something, exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// How much of it.
    pub part: u64,
    /// Of how much; never 0.
    pub whole: u64,
}

impl Share {
    /// The share, when there is anything to have a share of.
    pub fn of(part: u64, whole: u64) -> Option<Self> {
        (whole > 0).then_some(Self { part, whole })
    }

    /// Whole percent, rounded down: 99.9 never prints 100.
    pub fn percent(self) -> u64 {
        u64::try_from(u128::from(self.part) * 100 / u128::from(self.whole)).unwrap_or(100)
    }
}

impl Score {
    /// Adds `amount` under `outcome`.
    pub fn add(&mut self, outcome: Outcome, amount: u64) {
        match outcome {
            Outcome::Pass => self.pass += amount,
            Outcome::Fail => self.fail += amount,
            Outcome::Waived => self.waived += amount,
            Outcome::Unknown => self.unknown += amount,
            Outcome::NotApplicable => self.not_applicable += amount,
        }
    }

    /// pass ÷ (pass + fail + waived); `None` is "not measured".
    pub fn raw(self) -> Option<Share> {
        Share::of(self.pass, self.pass + self.fail + self.waived)
    }

    /// pass ÷ (pass + fail).
    pub fn with_exceptions(self) -> Option<Share> {
        Share::of(self.pass, self.pass + self.fail)
    }

    /// (pass + fail + waived) ÷ (those + unknown).
    pub fn known(self) -> Option<Share> {
        let judged = self.pass + self.fail + self.waived;
        Share::of(judged, judged + self.unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_are_rounded_down() {
        assert_eq!(Share { part: 999, whole: 1000 }.percent(), 99);
        assert_eq!(Share { part: 1000, whole: 1000 }.percent(), 100);
        assert_eq!(Share { part: 31, whole: 34 }.percent(), 91);
    }

    #[test]
    fn the_two_scores_differ_by_what_is_waived() {
        let score = Score { pass: 6, fail: 2, waived: 2, unknown: 5, not_applicable: 9 };
        assert_eq!(score.raw(), Some(Share { part: 6, whole: 10 }));
        assert_eq!(score.with_exceptions(), Some(Share { part: 6, whole: 8 }));
        assert_eq!(score.known(), Some(Share { part: 10, whole: 15 }));
    }

    #[test]
    fn without_a_denominator_nothing_is_measured() {
        let score = Score { unknown: 3, not_applicable: 4, ..Score::default() };
        assert_eq!(score.raw(), None);
        assert_eq!(score.with_exceptions(), None);
        assert_eq!(score.known(), Some(Share { part: 0, whole: 3 }));
    }
}
