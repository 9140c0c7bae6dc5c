//! What a scorecard says of one subject: outcomes with everything they rest on.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

use super::value::{Counts, Origin, Share};
use crate::assess::expression::Context;
use crate::assess::outcome::Outcome;
use crate::assess::questions::{Teller, Told};
use crate::assess::{self, Answer, Finding, QUESTIONS, Reason, SubjectAssessment};
use crate::catalog::Catalog;
use crate::render::portal::Portal;

/// One scorecard's result for one subject.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Result<'a> {
    /// Why it is not known whether the scorecard applies; then every rule is unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub applies_unknown: Option<&'a str>,
    /// How many rules by outcome.
    pub counts: Counts,
    /// How much of it could be judged at all, by weight. `null` in the three shares is "not measured".
    pub known: Option<Share>,
    /// Id of the highest level reached without exceptions.
    pub level: Option<&'a str>,
    /// Id of the highest level reached with exceptions.
    pub level_with_exceptions: Option<&'a str>,
    /// The share without exceptions, by weight.
    pub raw: Option<Share>,
    /// The rules, in the order of the scorecard.
    pub rules: Vec<Rule<'a>>,
    /// The share with what is waived left out, by weight.
    pub with_exceptions: Option<Share>,
}

/// One rule's result for one subject.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Rule<'a> {
    /// Set when the rule counts only from a later day.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub announced: bool,
    /// Id of the exception that waives it, or that stands beside the fail.
    pub exception: Option<&'a str>,
    /// What to do about it, when there is something to do.
    pub fix: Option<&'a str>,
    /// Its id.
    pub id: &'a str,
    /// What its expression really read.
    pub inputs: Vec<Input<'a>>,
    /// Id of its level.
    pub level: Option<&'a str>,
    /// Why it is unknown, when the expression could say.
    pub message: Option<Arc<str>>,
    /// `pass`, `fail`, `waived`, `unknown` or `n/a`.
    pub outcome: &'static str,
    /// How much it counts.
    pub weight: u64,
}

/// One thing that an expression read.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Input<'a> {
    /// Where it came from.
    pub origin: Option<Origin<'a>>,
    /// Its path, such as `service.slo.availability`.
    pub path: Box<str>,
    /// `known`, `absent`, `unreadable` or `unknown`.
    pub state: &'static str,
    /// Its value as text.
    pub value: Option<Box<str>>,
}

/// The results of a subject by scorecard.
pub(super) fn results<'p>(
    portal: &'p Portal<'_>,
    subject: &'p SubjectAssessment,
    context: &Context<'_>,
) -> BTreeMap<&'p str, Result<'p>> {
    let catalog = portal.catalog;
    let result = |judged: &'p assess::ScorecardResult| {
        let scorecard = &catalog.scorecards[judged.scorecard];
        let record = &scorecard.record;
        let level = |position: Option<usize>| {
            let level = record.levels.items.get(position?)?;
            level.value.id.value().map(|id| id.as_str())
        };
        let compiled = portal.explainer.scorecards().get(judged.scorecard);
        let rules = compiled.rules.iter().enumerate().filter_map(|(position, rule)| {
            let explanation = portal.explainer.explain(context, judged, position)?;
            let result = judged.rules.get(position)?;
            Some(Rule {
                announced: result.announced,
                exception: explanation.exception.map(|exception| &*catalog.exceptions[exception].id),
                fix: explanation.fix.map(|fix| &*fix.value).filter(|_| mendable(result.outcome)),
                id: rule.record.id.value().map_or("", |id| id.as_str()),
                inputs: explanation.inputs.into_iter().map(|input| self::input(catalog, input)).collect(),
                level: rule.record.level.value().map(|level| level.as_str()),
                message: explanation.message,
                outcome: result.outcome.word(),
                weight: rule.weight,
            })
        });
        let result = Result {
            applies_unknown: judged.applies_unknown.as_deref(),
            counts: judged.counts.into(),
            known: judged.score.known().map(Share::from),
            level: level(judged.level),
            level_with_exceptions: level(judged.level_with_exceptions),
            raw: judged.score.raw().map(Share::from),
            rules: rules.collect(),
            with_exceptions: judged.score.with_exceptions().map(Share::from),
        };
        (&*scorecard.id, result)
    };
    subject.scorecards.iter().map(result).collect()
}

fn mendable(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::Fail | Outcome::Waived | Outcome::Unknown)
}

fn input(catalog: &Catalog, input: assess::Input) -> Input<'_> {
    Input {
        origin: input.origin.map(|origin| Origin::of(catalog, origin)),
        path: input.path,
        state: input.state.word(),
        value: input.value,
    }
}

/// Id of the scorecard whose score is the readiness of a subject.
pub(super) fn readiness<'a>(catalog: &'a Catalog, subject: &SubjectAssessment) -> Option<&'a str> {
    let result = subject.scorecards.get(subject.readiness?)?;
    Some(&*catalog.scorecards[result.scorecard].id)
}

/// One line of why.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Why<'a> {
    /// What it rests on.
    pub origin: Option<Origin<'a>>,
    /// In words.
    pub text: &'a str,
}

impl<'a> Why<'a> {
    pub(super) fn of(catalog: &'a Catalog, reasons: &'a [Reason]) -> Vec<Self> {
        let why = |reason: &'a Reason| Self {
            origin: reason.origin.map(|origin| Origin::of(catalog, origin)),
            text: &reason.text,
        };
        reasons.iter().map(why).collect()
    }
}

/// The answer to one of the seven ownership questions.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Question<'a> {
    /// Whose answer it is, where a resource is asked about: `resource`, `service` or `account`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<&'static str>,
    /// Where the answer came from.
    pub origin: Option<Origin<'a>>,
    /// The question.
    pub question: &'static str,
    /// Why it is unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'a str>,
    /// `answered`, `unanswered` or `unknown`.
    pub state: &'static str,
    /// The answer.
    pub value: Option<&'a str>,
}

impl<'a> Question<'a> {
    /// The seven questions with their answers.
    pub fn of(catalog: &'a Catalog, answers: &'a [Answer; 7]) -> Vec<Self> {
        QUESTIONS.into_iter().zip(answers).map(|asked| Self::answered(catalog, asked)).collect()
    }

    /// The seven questions about a resource, each with whoever answers.
    pub fn told(catalog: &'a Catalog, answers: &'a Told<'_>) -> Vec<Self> {
        let question = |(question, (teller, answer)): (_, &'a (Teller, Cow<'_, Answer>))| Self {
            of: Some(teller.word()),
            ..Self::answered(catalog, (question, answer))
        };
        QUESTIONS.into_iter().zip(answers).map(question).collect()
    }

    fn answered(catalog: &'a Catalog, (question, answer): (&'static str, &'a Answer)) -> Self {
        let empty = Self { of: None, origin: None, question, reason: None, state: "unanswered", value: None };
        match answer {
            Answer::Answered { value, origin } => Self {
                origin: Some(Origin::of(catalog, *origin)),
                state: "answered",
                value: Some(value),
                ..empty
            },
            Answer::Unanswered => empty,
            Answer::Unknown(reason) => Self { reason: Some(reason), state: "unknown", ..empty },
        }
    }
}

/// Something that is to be said about a record.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Said<'a> {
    /// Its kind.
    pub code: &'static str,
    /// In words.
    pub message: &'a str,
    /// What it rests on.
    pub origin: Option<Origin<'a>>,
}

impl<'a> Said<'a> {
    pub(super) fn of(catalog: &'a Catalog, findings: &'a [Finding]) -> Vec<Self> {
        let said = |finding: &'a Finding| Self {
            code: finding.code,
            message: &finding.message,
            origin: finding.origin.map(|origin| Origin::of(catalog, origin)),
        };
        findings.iter().map(said).collect()
    }
}
