//! Rule tests: tries every scorecard with the made-up subjects that it carries, and says which rules come
//! out otherwise than expected, and which are never seen to pass or never to fail.

use super::context::{Scene, Setting};
use super::exceptions::diagnostic;
use super::expression::{Context, Trace};
use super::judge::{Applies, Judgement, applies, judge_in_force};
use super::outcome::Outcome;
use super::scorecard::{CompiledRule, CompiledScorecard, Gate, Scorecards};
use super::{Input, RuleTestCounts};
use crate::catalog::Catalog;
use crate::catalog::field::Sourced;
use crate::catalog::nearest::nearest;
use crate::catalog::origin::Origin;
use crate::catalog::rule_test::{ExpectedOutcome, RuleTest};
use crate::diagnostic::{Code, Diagnostics, codes};
use crate::words;

/// Inputs that a report names at most.
const MOST_INPUTS: usize = 4;

/// Tries the tests of every scorecard. How many there are of each rule: by scorecard, by position.
pub(super) fn try_all(
    setting: Setting<'_>,
    scorecards: &Scorecards<'_>,
    diagnostics: &mut Diagnostics,
) -> Vec<Vec<RuleTestCounts>> {
    let try_one = |scorecard: &CompiledScorecard<'_>| {
        let mut trial = Trial {
            catalog: setting.catalog,
            scorecard,
            counts: vec![RuleTestCounts::default(); scorecard.rules.len()],
            diagnostics,
        };
        // Nothing can be tried while nobody knows to whom the scorecard applies; that is reported.
        if !matches!(scorecard.applies_to, Gate::Broken(_)) {
            for test in &scorecard.record.tests.items {
                let scene = Scene::of(setting, scorecard.subject, test);
                trial.test(test, &scene.view().context());
            }
            trial.one_sided();
        }
        trial.counts
    };
    scorecards.all.iter().map(try_one).collect()
}

struct Trial<'a, 'd> {
    catalog: &'a Catalog,
    scorecard: &'a CompiledScorecard<'a>,
    counts: Vec<RuleTestCounts>,
    diagnostics: &'d mut Diagnostics,
}

impl Trial<'_, '_> {
    fn test(&mut self, test: &Sourced<RuleTest>, context: &Context<'_>) {
        let expect = &test.value.expect;
        if expect.origin.is_none() {
            let message = format!("{} expects nothing", called(&test.value));
            let help = "add `expect:` with the ids of rules and the outcomes they must have";
            self.report(&codes::BROKEN_RULE_TEST, message, help.into(), test.origin);
        }
        self.unknown_tags(&test.value);
        for (id, expected) in &expect.entries {
            match self.scorecard.rules.iter().position(|rule| rule.id.as_str() == &**id) {
                Some(position) => self.expectation(&test.value, position, expected, context),
                None => self.unknown_rule(&test.value, id, expected.origin),
            }
        }
    }

    fn expectation(
        &mut self,
        test: &RuleTest,
        position: usize,
        expected: &Sourced<ExpectedOutcome>,
        context: &Context<'_>,
    ) {
        let rule = &self.scorecard.rules[position];
        if rule.broken().is_some() {
            return;
        }
        let counts = &mut self.counts[position];
        match expected.value {
            ExpectedOutcome::Pass => counts.pass += 1,
            ExpectedOutcome::Fail => counts.fail += 1,
            ExpectedOutcome::Unknown | ExpectedOutcome::NotApplicable => counts.other += 1,
        }
        let mut trace = Trace::on();
        let judgement = self.judge(rule, context, &mut trace);
        let (given, wanted) = (judgement.outcome, outcome(expected.value));
        if given == wanted {
            return;
        }
        let message = format!(
            "in {}, `{}` comes out as `{}`, not as `{}`",
            called(test),
            rule.id,
            given.word(),
            wanted.word()
        );
        let help = why(&judgement, trace.inputs());
        self.report(&codes::FAILING_RULE_TEST, message, help, expected.origin);
    }

    /// What becomes of `rule`, as if it counted already: tests come before the day on which it does.
    fn judge(&self, rule: &CompiledRule<'_>, context: &Context<'_>, trace: &mut Trace) -> Judgement {
        match applies(self.scorecard, context, trace) {
            Applies::Yes => judge_in_force(rule, context, trace),
            Applies::No => Judgement { outcome: Outcome::NotApplicable, announced: false, message: None },
            Applies::Unknown(why) => Judgement::unknown(why),
        }
    }

    fn unknown_rule(&mut self, test: &RuleTest, id: &str, origin: Origin) {
        let known = || self.scorecard.rules.iter().map(|rule| rule.id.as_str());
        let message =
            format!("{} expects something of `{id}`, which is no rule of this scorecard", called(test));
        let help = match nearest(id, known()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => "write the id of a rule of this scorecard".to_owned(),
        };
        self.report(&codes::BROKEN_RULE_TEST, message, help, origin);
    }

    fn unknown_tags(&mut self, test: &RuleTest) {
        let keys = || {
            let required = self.catalog.tag_policy.required.values();
            required.filter_map(|tag| tag.key.value().map(|key| &**key))
        };
        for (key, tag) in &test.tags.entries {
            if keys().any(|known| *known == **key) {
                continue;
            }
            let message =
                format!("{} gives verdicts on `{key}`, a tag that policy does not require", called(test));
            let help = match nearest(key, keys()) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => "write a key of `policy/tags.yaml`".to_owned(),
            };
            self.report(&codes::BROKEN_RULE_TEST, message, help, tag.origin);
        }
    }

    /// Reports rules that are tested, and only from one side.
    fn one_sided(&mut self) {
        for (position, rule) in self.scorecard.rules.iter().enumerate() {
            let counts = self.counts[position];
            let (seen, missing) = match counts {
                RuleTestCounts { pass: 0, fail: 0, .. } => {
                    ("neither passes nor fails", "one that passes and one that fails")
                }
                RuleTestCounts { pass: 0, .. } => ("never passes", "one that passes"),
                RuleTestCounts { fail: 0, .. } => ("never fails", "one that fails"),
                _ => continue,
            };
            if counts.total() == 0 {
                continue;
            }
            let tests = words::count(counts.total() as usize, "test", "tests");
            let message = format!("`{}` {seen} in its {tests}", rule.id);
            let help = format!("add {missing}: a rule that cannot tell two subjects apart asks nothing");
            self.report(&codes::ONE_SIDED_RULE, message, help, rule.origin);
        }
    }

    fn report(&mut self, code: &'static Code, message: String, help: String, origin: Origin) {
        self.diagnostics.push(diagnostic(self.catalog, code, message, origin).help(help));
    }
}

fn called(test: &RuleTest) -> String {
    test.name
        .value()
        .map_or_else(|| "a test without a name".to_owned(), |name| format!("the test \"{name}\""))
}

fn outcome(expected: ExpectedOutcome) -> Outcome {
    match expected {
        ExpectedOutcome::Pass => Outcome::Pass,
        ExpectedOutcome::Fail => Outcome::Fail,
        ExpectedOutcome::Unknown => Outcome::Unknown,
        ExpectedOutcome::NotApplicable => Outcome::NotApplicable,
    }
}

/// What made a rule come out as it did.
fn why(judgement: &Judgement, inputs: &[Input]) -> String {
    let read: Vec<String> = inputs
        .iter()
        .take(MOST_INPUTS)
        .map(|input| format!("`{}` = {}", input.path, input.value.as_deref().unwrap_or("nothing")))
        .collect();
    let more = match inputs.len().saturating_sub(MOST_INPUTS) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let read = if read.is_empty() { "nothing".to_owned() } else { read.join(", ") };
    match &judgement.message {
        Some(why) => format!("{why}; it read {read}{more}"),
        None => format!("it read {read}{more}; mend the rule, or what is expected of it"),
    }
}
