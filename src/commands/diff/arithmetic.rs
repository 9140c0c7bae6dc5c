//! Whether a level or score is other because rules came out otherwise, or because they count otherwise:
//! published outcomes, counted by the published weights and levels of either time.

use super::documents::{Judged, Scorecard};
use crate::assess::change::{Change, Measure, Value};
use crate::assess::levels;
use crate::assess::outcome::{Outcome, Score};

/// What a scorecard and its results were at two times.
pub(super) struct Times<'a> {
    /// The scorecard and the results of before.
    pub(super) before: (&'a Scorecard, &'a Judged),
    /// The same of afterwards.
    pub(super) after: (&'a Scorecard, &'a Judged),
}

/// What moved a level or score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Share {
    /// That rules count otherwise: other weights, levels or rules.
    pub(super) counting: bool,
    /// That rules came out otherwise.
    pub(super) outcomes: bool,
}

impl Times<'_> {
    /// What moved what `change` says.
    pub(super) fn share(&self, change: &Change) -> Share {
        let by_counting_alone = counted(self.after.0, self.before.1, &change.measure) == change.to;
        let by_outcomes_alone = counted(self.before.0, self.after.1, &change.measure) == change.to;
        match (by_counting_alone, by_outcomes_alone) {
            (counting, outcomes) if counting || outcomes => Share { counting, outcomes },
            _ => Share { counting: true, outcomes: true },
        }
    }
}

/// What `measure` says of the outcomes in `results` when they count as `scorecard` says.
fn counted(scorecard: &Scorecard, results: &Judged, measure: &Measure) -> Value {
    let outcome = |id: &str| {
        let judged = results.rules.iter().find(|judged| judged.id == id);
        let word = judged.map_or("", |judged| &judged.outcome);
        Outcome::ALL.into_iter().find(|outcome| outcome.word() == word).unwrap_or(Outcome::NotApplicable)
    };
    let rules = || scorecard.rules.iter().map(|rule| (rule, outcome(&rule.id)));
    if let Measure::Level(_) = measure {
        let position = |id: Option<&String>| {
            let named = scorecard.levels.iter().position(|level| Some(&level.id) == id);
            named.unwrap_or_default()
        };
        let placed = rules().map(|(rule, outcome)| (position(rule.level.as_ref()), outcome));
        let reached = levels::reached(scorecard.levels.len(), placed).with_exceptions;
        return Value::Level(reached.map(|level| (level, scorecard.levels[level].id.as_str().into())));
    }
    let mut score = Score::default();
    for (rule, outcome) in rules() {
        score.add(outcome, rule.weight);
    }
    Value::Score(score.with_exceptions())
}
