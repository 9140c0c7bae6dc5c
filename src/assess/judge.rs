//! Judging: one subject against one scorecard. Outcomes first, then what exceptions make of the fails,
//! then scores and levels.

use std::sync::Arc;

use super::expression::{Context, Trace, Verdict};
use super::levels;
use super::outcome::{Outcome, Score};
use super::scorecard::{CompiledRule, CompiledScorecard, Gate};
use super::waivers::Waived;
use super::{RuleResult, ScorecardResult};

/// What came of a rule before exceptions are laid over it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// The outcome; never waived.
    pub outcome: Outcome,
    /// Set when `effectiveFrom` lies ahead.
    pub announced: bool,
    /// Why it is unknown.
    pub message: Option<Arc<str>>,
}

impl Judgement {
    fn of(outcome: Outcome) -> Self {
        Self { outcome, announced: false, message: None }
    }

    /// Unknown, and why.
    pub(super) fn unknown(message: Arc<str>) -> Self {
        Self { outcome: Outcome::Unknown, announced: false, message: Some(message) }
    }
}

/// Judges one subject by `scorecard`; `None` when the scorecard does not apply to it. `waive` says what
/// exceptions make of a rule that fails.
pub fn judge(
    scorecard: &CompiledScorecard<'_>,
    context: &Context<'_>,
    waive: &mut dyn FnMut(&CompiledRule<'_>) -> Waived,
) -> Option<ScorecardResult> {
    let applies_unknown = match applies(scorecard, context, &mut Trace::off()) {
        Applies::No => return None,
        Applies::Yes => None,
        Applies::Unknown(why) => Some(why),
    };
    let mut result = ScorecardResult {
        scorecard: scorecard.index,
        score: Score::default(),
        counts: Score::default(),
        level: None,
        level_with_exceptions: None,
        applies_unknown: applies_unknown.as_deref().map(Box::from),
        rules: Vec::with_capacity(scorecard.rules.len()),
    };
    for rule in &scorecard.rules {
        let judgement = match &applies_unknown {
            Some(why) if !is_announced(rule, context) => Judgement::unknown(Arc::clone(why)),
            _ => judge_rule(rule, context, &mut Trace::off()),
        };
        let mut judged = RuleResult {
            outcome: judgement.outcome,
            announced: judgement.announced,
            exception: None,
            message: judgement.message,
        };
        if judged.outcome == Outcome::Fail {
            Waived { outcome: judged.outcome, exception: judged.exception } = waive(rule);
        }
        result.score.add(judged.outcome, rule.weight);
        result.counts.add(judged.outcome, 1);
        result.rules.push(judged);
    }
    let outcomes =
        scorecard.rules.iter().zip(&result.rules).map(|(rule, judged)| (rule.level, judged.outcome));
    let reached = levels::reached(scorecard.record.levels.items.len(), outcomes);
    result.level = reached.raw;
    result.level_with_exceptions = reached.with_exceptions;
    Some(result)
}

/// Whether a scorecard applies to a subject.
pub(super) enum Applies {
    Yes,
    No,
    /// Nobody can say, and why.
    Unknown(Arc<str>),
}

/// Whether `scorecard` applies to the subject of `context`.
pub(super) fn applies(
    scorecard: &CompiledScorecard<'_>,
    context: &Context<'_>,
    trace: &mut Trace,
) -> Applies {
    match &scorecard.applies_to {
        Gate::Open => Applies::Yes,
        Gate::Broken(why) => Applies::Unknown(Arc::clone(why)),
        Gate::If(condition) => match condition.evaluate(context, trace) {
            Verdict::False => Applies::No,
            // A condition that rests on something nobody declared does not exclude: gaps lower scores,
            // they are no way out of a scorecard.
            Verdict::True | Verdict::Absent => Applies::Yes,
            Verdict::Unknown(why) => Applies::Unknown(why),
        },
    }
}

/// Judges one rule of a scorecard that applies.
pub fn judge_rule(rule: &CompiledRule<'_>, context: &Context<'_>, trace: &mut Trace) -> Judgement {
    if is_announced(rule, context) {
        return Judgement { announced: true, ..Judgement::of(Outcome::NotApplicable) };
    }
    judge_in_force(rule, context, trace)
}

/// Judges one rule as if it counted already.
pub fn judge_in_force(rule: &CompiledRule<'_>, context: &Context<'_>, trace: &mut Trace) -> Judgement {
    if let Some(why) = rule.broken() {
        return Judgement::unknown(Arc::clone(why));
    }
    if let Gate::If(when) = &rule.when {
        match when.evaluate(context, trace) {
            Verdict::False => return Judgement::of(Outcome::NotApplicable),
            Verdict::Unknown(why) => return Judgement::unknown(why),
            Verdict::True | Verdict::Absent => {}
        }
    }
    let Gate::If(assert) = &rule.assert else {
        return Judgement::unknown("the rule asserts nothing".into());
    };
    match assert.evaluate(context, trace) {
        Verdict::True => Judgement::of(Outcome::Pass),
        Verdict::False | Verdict::Absent => Judgement::of(Outcome::Fail),
        Verdict::Unknown(why) => Judgement::unknown(why),
    }
}

fn is_announced(rule: &CompiledRule<'_>, context: &Context<'_>) -> bool {
    rule.record.effective_from.value().is_some_and(|from| *from > context.today)
}
