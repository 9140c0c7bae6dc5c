//! `changes.json`: what moved since an earlier run, and why.

use schemars::JsonSchema;
use serde::Serialize;

use super::value::Origin;
use crate::assess::change::{self, Comparison, Direction, Moved, Value};
use crate::catalog::Catalog;

/// What moved since an earlier run.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct Changes<'a> {
    /// One for each measure that moved.
    pub changes: Vec<Change<'a>>,
    /// With what this run was compared; absent when it was compared with none, and then `changes` is empty
    /// because nothing is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compared: Option<Compared<'a>>,
}

/// With what a run was compared.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Compared<'a> {
    /// Inputs that are not the same: `descriptor`, `rule`, `clock`, `facts`.
    pub differing: Vec<&'static str>,
    /// The day of the earlier run.
    pub from: String,
    /// Whether this run is only supposed, by `preview`.
    pub supposed: bool,
    /// The day of this run.
    pub to: String,
    /// Totals of services and exceptions, by their worst move.
    pub totals: Totals,
    /// The earlier run in words.
    pub with: &'a str,
}

/// How many services and exceptions moved, each counted once by its worst move.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Totals {
    /// For the better.
    pub better: usize,
    /// Neither.
    pub other: usize,
    /// For the worse.
    pub worse: usize,
}

/// One measure that moved.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Change<'a> {
    /// Why.
    pub because: Vec<Because<'a>>,
    /// `better`, `worse` or `other`.
    pub direction: &'static str,
    /// What it was; `null` when it was not there or not measured.
    pub from: Option<String>,
    /// Id of the service or exception.
    pub id: &'a str,
    /// `service` or `exception`.
    pub kind: &'static str,
    /// What moved: `existence`, `tier`, `level`, `score` or `state`.
    pub measure: &'static str,
    /// Rules whose outcome moved with it.
    pub rules: Vec<RuleMove<'a>>,
    /// The scorecard of a level or score.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scorecard: Option<&'a str>,
    /// The owning team; empty for none.
    pub team: &'a str,
    /// What it is; `null` when it is not there or not measured.
    pub to: Option<String>,
}

/// One cause.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Because<'a> {
    /// `descriptor`, `rule`, `clock` or `facts`.
    pub cause: &'static str,
    /// Where, in this run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin<'a>>,
    /// In words.
    pub text: &'a str,
}

/// A rule whose outcome moved.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RuleMove<'a> {
    /// The outcome before; `null` when the rule was not asked.
    pub from: Option<&'static str>,
    /// Id of the rule.
    pub rule: &'a str,
    /// Id of its scorecard.
    pub scorecard: &'a str,
    /// The outcome now; `null` when the rule is not asked.
    pub to: Option<&'static str>,
}

impl<'a> Changes<'a> {
    /// All of `comparison`; `catalog` is that of this run. Without it no cause has an origin.
    pub fn of(comparison: Option<&'a Comparison>, catalog: Option<&'a Catalog>) -> Self {
        let Some(comparison) = comparison else { return Self::default() };
        let compared = Compared {
            differing: comparison.differing.iter().map(|cause| cause.word()).collect(),
            from: comparison.from.to_string(),
            supposed: comparison.supposed,
            to: comparison.to.to_string(),
            totals: Totals {
                better: comparison.count(Direction::Better),
                other: comparison.count(Direction::Other),
                worse: comparison.count(Direction::Worse),
            },
            with: &comparison.with,
        };
        let changes = comparison.changes.iter().map(|change| Change::of(change, catalog)).collect();
        Self { changes, compared: Some(compared) }
    }
}

impl<'a> Change<'a> {
    /// One change; `catalog` is that of this run, when it is at hand.
    pub(super) fn of(change: &'a change::Change, catalog: Option<&'a Catalog>) -> Self {
        let because = change.because.iter().map(|because| Because {
            cause: because.cause.word(),
            origin: because.origin.zip(catalog).map(|(origin, catalog)| Origin::of(catalog, origin)),
            text: &because.text,
        });
        let rules = change.rules.iter().map(|rule| RuleMove {
            from: rule.from.map(|outcome| outcome.word()),
            rule: &rule.rule,
            scorecard: &rule.scorecard,
            to: rule.to.map(|outcome| outcome.word()),
        });
        Self {
            because: because.collect(),
            direction: change.direction.word(),
            from: word(&change.from),
            id: change.subject.id(),
            kind: match change.subject {
                Moved::Service(_) => "service",
                Moved::Exception(_) => "exception",
            },
            measure: change.measure.word(),
            rules: rules.collect(),
            scorecard: change.measure.scorecard(),
            team: &change.team,
            to: word(&change.to),
        }
    }
}

/// A value as the JSON says it.
fn word(value: &Value) -> Option<String> {
    match value {
        Value::Absent => None,
        Value::Present => Some("present".to_owned()),
        Value::Tier(tier) => tier.map(|tier| tier.word().to_owned()),
        Value::State(state) => Some(state.word().to_owned()),
        Value::Level(level) => level.as_ref().map(|(_, id)| id.to_string()),
        Value::Score(score) => score.map(|score| format!("{} of {}", score.part, score.whole)),
    }
}
