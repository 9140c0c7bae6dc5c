//! Explanations, made on demand: what a result rests on, what would mend it, and what mending it would
//! bring. They evaluate the rule once more, this time with everything it reads written down.

use std::sync::Arc;

use super::context::{AccountView, GoldenPathView, ServiceView, Setting, service_counts};
use super::expression::{Context, ServiceCounts, Trace};
use super::judge::{judge_in_force, judge_rule};
use super::kept;
use super::levels::{self, Reached};
use super::outcome::{Outcome, Score};
use super::resources::ResourceTotals;
use super::scorecard::{CompiledRule, Scorecards};
use super::{Assessment, Input, RuleResult, ScorecardResult};
use crate::catalog::expression_text::ExpressionText;
use crate::catalog::field::Sourced;
use crate::catalog::golden_path::GoldenPath;
use crate::catalog::scorecard::Scorecard;
use crate::catalog::table::Index;
use crate::catalog::{Account, Catalog, Declared, Exception, Service};
use crate::diagnostic::Diagnostics;

/// Why a rule came out as it did for one subject.
#[derive(Debug)]
pub struct Explanation<'a> {
    /// The outcome.
    pub outcome: Outcome,
    /// Why it is unknown.
    pub message: Option<Arc<str>>,
    /// What the rule really read, in the order of reading, each with value and origin.
    pub inputs: Vec<Input>,
    /// How many more inputs were read than are kept.
    pub left_out: usize,
    /// Its condition, with its place in the scorecard.
    pub when: Option<&'a Sourced<ExpressionText>>,
    /// Its assertion, with its place in the scorecard.
    pub assert: Option<&'a Sourced<ExpressionText>>,
    /// The exception that waives it, or that stands beside the fail.
    pub exception: Option<Index<Exception>>,
    /// What to do when it fails.
    pub fix: Option<&'a Sourced<Box<str>>>,
    /// Weights by outcome if it passed.
    pub score_if_passed: Score,
    /// The levels if it passed.
    pub levels_if_passed: Reached,
}

/// What a rule that is announced would come to if it counted today.
#[derive(Debug)]
pub struct Forecast {
    /// The outcome, before exceptions.
    pub outcome: Outcome,
    /// Why it would be unknown.
    pub message: Option<Arc<str>>,
    /// What the rule really read, in the order of reading.
    pub inputs: Vec<Input>,
    /// How many more inputs were read than are kept.
    pub left_out: usize,
}

/// Explains results of one assessment. Made once, used by many at the same time.
#[derive(Debug)]
pub struct Explainer<'a> {
    setting: Setting<'a>,
    scorecards: Scorecards<'a>,
    on_paths: Vec<ServiceCounts>,
}

impl<'a> Explainer<'a> {
    /// Explains `assessment`, which judged `catalog`.
    pub fn new(catalog: &'a Catalog, assessment: &Assessment) -> Self {
        let setting = Setting { catalog, today: assessment.as_of, now: assessment.now };
        // Its mistakes stand in the assessment.
        let scorecards = Scorecards::compile(catalog, &mut Diagnostics::default());
        Self { setting, scorecards, on_paths: service_counts(catalog, assessment.as_of) }
    }

    /// The compiled scorecards.
    pub fn scorecards(&self) -> &Scorecards<'a> {
        &self.scorecards
    }

    /// A service, to explain several of its results.
    pub fn service(&self, service: &'a Service) -> ServiceView<'a> {
        ServiceView::new(self.setting, service)
    }

    /// A golden path, to explain several of its results.
    pub fn golden_path(&self, index: Index<Declared<GoldenPath>>) -> GoldenPathView<'a> {
        let counts = self.on_paths.get(index.position()).copied().unwrap_or_default();
        GoldenPathView::new(self.setting, &self.setting.catalog.golden_paths[index], counts)
    }

    /// An account, to explain several of its results, with what was found in it.
    pub fn account(&self, account: &'a Account, totals: &'a ResourceTotals) -> AccountView<'a> {
        AccountView::new(self.setting, account, totals)
    }

    /// What the rule at `position` of `scorecard`, which applies to the subject of `context`, would come
    /// to if it counted today.
    pub fn forecast(
        &self,
        context: &Context<'_>,
        scorecard: Index<Declared<Scorecard>>,
        position: usize,
    ) -> Option<Forecast> {
        let rule = self.scorecards.get(scorecard).rules.get(position)?;
        let mut trace = Trace::on();
        let judged = judge_in_force(rule, context, &mut trace);
        let left_out = trace.left_out();
        Some(Forecast {
            outcome: judged.outcome,
            message: judged.message,
            left_out,
            inputs: trace.into_inputs(),
        })
    }

    /// Explains the rule at `position` of `result`, which is a result of the subject of `context`.
    pub fn explain(
        &self,
        context: &Context<'_>,
        result: &ScorecardResult,
        position: usize,
    ) -> Option<Explanation<'a>> {
        let scorecard = self.scorecards.get(result.scorecard);
        let rule = scorecard.rules.get(position)?;
        let judged = result.rules.get(position)?;
        let mut trace = Trace::on();
        let again = judge_rule(rule, context, &mut trace);
        let left_out = trace.left_out();
        let mut inputs = trace.into_inputs();
        // Nothing but what was removed for an audience makes a rule come out otherwise when it is judged again.
        let is_as_judged = match judged.outcome {
            Outcome::Waived => again.outcome == Outcome::Fail,
            outcome => outcome == again.outcome,
        };
        if !is_as_judged && judged.message.as_deref() == Some(kept::REMOVED) {
            kept::without_removed(&mut inputs);
        }
        let record = &self.setting.catalog.scorecards[result.scorecard].record.rules.items[position].value;
        let if_passed = |at: usize, judged: &RuleResult| match at == position {
            true => Outcome::Pass,
            false => judged.outcome,
        };
        let outcomes = scorecard.rules.iter().zip(&result.rules).enumerate();
        let outcomes = outcomes.map(|(at, (rule, judged))| (rule.level, if_passed(at, judged)));
        Some(Explanation {
            outcome: judged.outcome,
            message: judged.message.clone().or(again.message),
            left_out,
            inputs,
            when: record.when.sourced(),
            assert: record.assert.sourced(),
            exception: judged.exception,
            fix: record.fix.sourced(),
            score_if_passed: score_if_passed(result.score, judged.outcome, rule),
            levels_if_passed: levels::reached(scorecard.record.levels.items.len(), outcomes),
        })
    }
}

fn score_if_passed(mut score: Score, outcome: Outcome, rule: &CompiledRule<'_>) -> Score {
    let part = match outcome {
        Outcome::Pass => &mut score.pass,
        Outcome::Fail => &mut score.fail,
        Outcome::Waived => &mut score.waived,
        Outcome::Unknown => &mut score.unknown,
        Outcome::NotApplicable => &mut score.not_applicable,
    };
    *part -= rule.weight;
    score.add(Outcome::Pass, rule.weight);
    score
}
