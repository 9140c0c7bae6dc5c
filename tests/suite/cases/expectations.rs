//! What cases expect, key by key, compared with what the assessment says.

use milepost::assess::explain::Explainer;
use milepost::assess::outcome::{Outcome, Score, Share};
use milepost::assess::{
    Answer, Assessment, Reason, RuleResult, ScorecardResult, ServiceAssessment, SubjectAssessment,
    TierVerdict,
};
use milepost::catalog::Catalog;
use milepost::catalog::origin::Origin;
use milepost::catalog::yaml::{Node, Value};
use milepost::diagnostic::Diagnostic;

use super::is_none;
use super::overlay::written;
use super::shorthand::UNDER_TEST;

/// What is said of a scorecard that does not apply: neither a level nor "not measured".
const NOT_ASKED: &str = "does not apply";

/// Compares expectations with what came out, and keeps what differs.
pub(super) struct Checked<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) assessment: &'a Assessment,
    pub(super) complaints: Vec<String>,
}

impl<'a> Checked<'a> {
    pub(super) fn new(catalog: &'a Catalog, assessment: &'a Assessment) -> Self {
        Self { catalog, assessment, complaints: Vec::new() }
    }

    /// Compares one expectation.
    pub(super) fn check(&mut self, key: &str, wanted: &Node) {
        match key {
            "outcome" => self.same(key, wanted, &self.rule(0).map_or("none", |rule| rule.outcome.word())),
            "outcomes" => self.outcomes(wanted),
            "announced" => self.same(key, wanted, &self.rule(0).is_some_and(|rule| rule.announced)),
            "message" => {
                let message = self.rule(0).and_then(|rule| rule.message.as_deref());
                self.contains(key, wanted, &[message.unwrap_or("none")]);
            }
            "excusedBy" => {
                let index = self.rule(0).and_then(|rule| rule.exception);
                self.same(key, wanted, &index.map_or("none", |index| &*self.catalog.exceptions[index].id));
            }
            "applies" => self.same(key, wanted, &self.under_test().is_some()),
            "raw" | "withExceptions" | "known" => {
                let share = self.share(key);
                let share = share.map(|share| format!("{} of {}", share.part, share.whole));
                self.same(key, wanted, &share.unwrap_or_else(|| self.without_share().into()));
            }
            "rawPrinted" | "withExceptionsPrinted" | "knownPrinted" => {
                let share = self.share(key.trim_end_matches("Printed"));
                let share = share.map(|share| format!("{} %", share.percent()));
                self.same(key, wanted, &share.unwrap_or_else(|| self.without_share().into()));
            }
            "level" => self.same(key, wanted, &self.level(|result| result.level)),
            "levelWithExceptions" => {
                self.same(key, wanted, &self.level(|result| result.level_with_exceptions))
            }
            "readiness" => self.same(key, wanted, &self.readiness()),
            "diagnostics" => self.diagnostics(wanted),
            "diagnosticsOf" => {
                for entry in wanted.entries().expect("how many, by code") {
                    let all = self.assessment.diagnostics.iter();
                    let count = all.filter(|diagnostic| *diagnostic.code.name == *entry.key).count();
                    self.same(&entry.key, &entry.value, &count);
                }
            }
            "dueWithin" => self.due(wanted),
            "digest" => self.digest(wanted),
            "answers" | "concerns" | "approverRoles" => self.people(key, wanted),
            "excluded" => {
                let excluded: Vec<u64> =
                    self.assessment.rules.iter().map(|rule| rule.counts.not_applicable).collect();
                self.same(key, wanted, &format!("{excluded:?}"));
            }
            "tests" => {
                let milepost::assess::RuleTestCounts { pass, fail, other } = self.assessment.rules[0].tests;
                self.same(key, wanted, &format!("{pass} pass, {fail} fail, {other} other"));
            }
            "published" => self.same(key, wanted, &self.service().tier.is_some()),
            "tier" | "next" | "because" | "missing" | "missingCount" => self.tier(key, wanted),
            "questions" => self.questions(&self.service().questions, wanted),
            "accountQuestions" => self.questions(&self.assessment.accounts[0].questions, wanted),
            "tags" | "verdicts" | "ownedBy" | "who" | "holdings" | "resourceQuestions" => {
                self.about_tags(key, wanted)
            }
            "reads" | "says" | "fix" | "scoreIfPassed" | "levelIfPassed" => self.explanation(key, wanted),
            "nextSteps" | "ruleFixes" | "layerFixes" => self.next_steps(key, wanted),
            "figures" | "behind" | "notMeasured" | "tierSizes" | "outside" | "versions"
            | "exceptionCells" | "waived" | "maturity" | "stage" => self.adoption(key, wanted),
            "serviceFindings" => self.findings(wanted, &self.service().findings),
            "drift" => self.findings(wanted, &self.assessment.drift),
            "openQuestions" => self.findings(wanted, &self.service().open_questions),
            _ if self.about_exceptions(key, wanted) => {}
            other => panic!("line {}: nothing can expect `{other}`", wanted.mark.line),
        }
    }

    fn tier(&mut self, key: &str, wanted: &Node) {
        let Some(verdict) = &self.service().tier else {
            return self.same(key, wanted, &"none");
        };
        let TierVerdict { tier, reasons, missing_for_next, next } = verdict;
        match key {
            "tier" => {
                self.same(key, wanted, &tier.word());
                if wanted.scalar().is_some_and(|scalar| *scalar.text != *tier.word()) {
                    let missing = format!("  missing for the next: {:?}", texts_of(missing_for_next));
                    self.complaints.push(missing);
                }
            }
            "next" => self.same(key, wanted, &next.map_or("none", |next| next.word())),
            "because" => self.contains(key, wanted, &texts_of(reasons)),
            "missingCount" => self.same(key, wanted, &missing_for_next.len()),
            _ => self.contains(key, wanted, &texts_of(missing_for_next)),
        }
    }

    pub(super) fn questions(&mut self, answers: &[Answer; 7], wanted: &Node) {
        for entry in wanted.entries().expect("questions by number") {
            let number: usize = entry.key.parse().expect("a number from 1 to 7");
            let given = match &answers[number - 1] {
                Answer::Answered { value, .. } => value.to_string(),
                Answer::Unanswered => "unanswered".into(),
                Answer::Unknown(why) => format!("unknown: {why}"),
            };
            self.same(&entry.key, &entry.value, &given);
        }
    }

    /// Diagnostics by code and a part of what they say, place included; `none` when there are none.
    fn diagnostics(&mut self, wanted: &Node) {
        let said = |diagnostic: &Diagnostic| {
            let place = diagnostic.place.as_ref();
            let place = place.map_or_else(String::new, |place| {
                format!(
                    " at {}:{}:{}+{} `{}`",
                    place.path,
                    place.line,
                    place.column,
                    place.length,
                    place.quote.trim()
                )
            });
            let help = diagnostic.help.as_deref().unwrap_or("none");
            format!("{}: {}{place}; help: {help}", diagnostic.code.name, diagnostic.message)
        };
        let given: Vec<String> = self.assessment.diagnostics.iter().map(said).collect();
        self.contains("diagnostics", wanted, &given.iter().map(String::as_str).collect::<Vec<_>>());
    }

    /// The explanation of the first rule.
    fn explanation(&mut self, key: &str, wanted: &Node) {
        let explainer = Explainer::new(self.catalog, self.assessment);
        let quote = self.catalog.services.by_id("quote").expect("the service of `given.yaml`");
        let view = explainer.service(quote);
        let result = self.under_test().expect("the scorecard applies");
        let explained = explainer.explain(&view.context(), result, 0).expect("the rule was judged");
        match key {
            "reads" => {
                let read = explained.inputs.iter().map(|input| {
                    let value = input.value.as_deref().unwrap_or("nothing");
                    let from = input.origin.map_or_else(String::new, |origin| self.place(origin));
                    format!("{} = {value}{from}", input.path)
                });
                let read: Vec<String> = read.collect();
                self.contains(key, wanted, &read.iter().map(String::as_str).collect::<Vec<_>>());
                if wanted.items().map_or(1, <[Node]>::len) != read.len() {
                    self.complaints.push(format!("reads: given {read:?}"));
                }
            }
            "says" => {
                let text = explained
                    .assert
                    .map_or_else(String::new, |text| format!("{}{}", &*text.value, self.place(text.origin)));
                self.contains(key, wanted, &[&text]);
            }
            "fix" => self.same(key, wanted, &explained.fix.map_or("none", |fix| &fix.value)),
            "scoreIfPassed" => {
                let share = |share: Option<Share>| {
                    share.map_or_else(|| "not measured".into(), |share| format!("{} %", share.percent()))
                };
                let (raw, with) =
                    (explained.score_if_passed.raw(), explained.score_if_passed.with_exceptions());
                self.same(key, wanted, &format!("{} raw, {} with exceptions", share(raw), share(with)));
            }
            _ => {
                let levels = &self.catalog.scorecards[result.scorecard].record.levels.items;
                let reached = explained.levels_if_passed.raw.and_then(|at| levels[at].value.id.value());
                self.same(key, wanted, &reached.map_or("none", |id| id.as_str()));
            }
        }
    }

    /// Where `origin` is, in words: ` from service.yaml, line 1`.
    fn place(&self, origin: Origin) -> String {
        match origin {
            Origin::File { file, mark } => {
                format!(" from {}, line {}", self.catalog.files[file].path, mark.line)
            }
            Origin::Fact(index) => self.place(self.catalog.facts[index as usize].origin),
            Origin::Document(file) => format!(" from {}", self.catalog.files[file].path),
            other => format!(" from {other:?}"),
        }
    }

    fn outcomes(&mut self, wanted: &Node) {
        for entry in wanted.entries().expect("outcomes by rule") {
            let found = self.assessment.rules.iter().find(|rule| rule.rule.as_str() == &*entry.key);
            let found = found.unwrap_or_else(|| panic!("no rule `{}`", entry.key));
            let result = self.results().find(|result| result.scorecard == found.scorecard);
            let outcome =
                result.map_or(Outcome::NotApplicable, |result| result.rules[found.position].outcome);
            self.same(&entry.key, &entry.value, &outcome.word());
        }
    }

    pub(super) fn service(&self) -> &'a ServiceAssessment {
        let quote = self.catalog.services.find("quote").expect("the service of `given.yaml`");
        &self.assessment.services[quote.position()]
    }

    fn subject(&self) -> &'a SubjectAssessment {
        &self.service().subject
    }

    /// Results of the service, of the first golden path and of the first account.
    fn results(&self) -> impl Iterator<Item = &'a ScorecardResult> {
        let path = self.assessment.golden_paths.first();
        let account = self.assessment.accounts.first().map(|account| &account.subject);
        [Some(self.subject()), path, account].into_iter().flatten().flat_map(|subject| &subject.scorecards)
    }

    fn id(&self, result: &ScorecardResult) -> &'a str {
        &self.catalog.scorecards[result.scorecard].id
    }

    fn under_test(&self) -> Option<&'a ScorecardResult> {
        self.results().find(|result| self.id(result) == UNDER_TEST)
    }

    fn rule(&self, position: usize) -> Option<&'a RuleResult> {
        self.under_test()?.rules.get(position)
    }

    fn share(&self, key: &str) -> Option<Share> {
        let score: Score = self.under_test()?.score;
        match key {
            "raw" => score.raw(),
            "withExceptions" => score.with_exceptions(),
            _ => score.known(),
        }
    }

    /// What a score that is not there says: nothing is measured by a scorecard, or there is none.
    fn without_share(&self) -> &'static str {
        self.under_test().map_or(NOT_ASKED, |_| "not measured")
    }

    fn level(&self, level: impl Fn(&ScorecardResult) -> Option<usize>) -> String {
        let Some(result) = self.under_test() else { return NOT_ASKED.into() };
        let levels = &self.catalog.scorecards[result.scorecard].record.levels.items;
        let reached = level(result).and_then(|position| levels[position].value.id.value());
        reached.map_or_else(|| "none".into(), ToString::to_string)
    }

    fn readiness(&self) -> String {
        let subject = self.subject();
        subject.readiness.map_or("none", |position| self.id(&subject.scorecards[position])).into()
    }

    pub(super) fn same(&mut self, what: &str, wanted: &Node, given: &impl ToString) {
        let given = given.to_string();
        let wanted = match &wanted.value {
            Value::Scalar(scalar) => scalar.text.to_string(),
            Value::Null => "none".into(),
            _ => written(wanted).replace('"', ""),
        };
        if wanted != given {
            self.complaints.push(format!("{what}: wanted {wanted}, given {given}"));
        }
    }

    /// Every text of `wanted` must be a part of one that was given; `none` means that none was given.
    pub(super) fn contains(&mut self, what: &str, wanted: &Node, given: &[&str]) {
        if is_none(wanted) {
            if given.iter().any(|given| *given != "none") {
                self.complaints.push(format!("{what}: wanted none, given {given:?}"));
            }
            return;
        }
        let parts = match &wanted.value {
            Value::Sequence(items) => items.as_slice(),
            _ => std::slice::from_ref(wanted),
        };
        for part in parts {
            let part = &part.scalar().expect("a part of a text").text;
            if !given.iter().any(|given| given.contains(&**part)) {
                self.complaints.push(format!("{what}: wanted … {part} …, given {given:?}"));
            }
        }
    }
}

pub(super) fn texts_of(reasons: &[Reason]) -> Vec<&str> {
    reasons.iter().map(|reason| &*reason.text).collect()
}

pub(super) fn optional(value: Option<impl ToString>) -> String {
    value.map_or_else(|| "none".into(), |value| value.to_string())
}
