//! `metrics.json`: what is measured, with its source, and what is not.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::value::{Origin, number};
use crate::assess::metrics::{Figure, Measure};
use crate::catalog::Catalog;
use crate::catalog::metric::Direction;
use crate::catalog::resource::{Fact, FactValue};
use crate::render::blind_spot;
use crate::render::portal::Portal;

/// What is measured, and what is not.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Metrics<'a> {
    /// Those of the contract, then those of the organisation by id.
    pub metrics: Vec<Metric<'a>>,
}

/// One metric.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Metric<'a> {
    /// The day it is so.
    pub as_of: Option<String>,
    /// What it would be with what it cannot see: resources that never carried a tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub beyond: Option<String>,
    /// Of how much.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub denominator: Option<u64>,
    /// Which way is better: `up` or `down`.
    pub direction: Option<&'static str>,
    /// How it is computed, in words.
    pub formula: Option<&'a str>,
    /// Its id.
    pub id: &'a str,
    /// How many services are left out of what facts about services make together: what is known of them is too old,
    /// or lacks the counts a share is made of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left_out: Option<usize>,
    /// What measures it: which source, which fact.
    pub measured_by: &'a str,
    /// Why there is no value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_measured: Option<&'a str>,
    /// How much.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub numerator: Option<u64>,
    /// What each subject says, when there are facts about it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub observations: Vec<Observation<'a>>,
    /// `catalog`, or who says so when it is one.
    pub source: Option<&'a str>,
    /// What is aimed at.
    pub target: Option<Value>,
    /// What people call it.
    pub title: &'a str,
    /// Its unit.
    pub unit: Option<&'a str>,
    /// Its value: a share in percent, rounded down, what the one subject says, or what facts about services make
    /// together. When a metric of the organisation has several subjects there is no one value: see `observations`.
    pub value: Option<Value>,
}

/// What is observed of one subject.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Observation<'a> {
    /// When it was so.
    pub observed_at: String,
    /// Where it was read.
    pub origin: Origin<'a>,
    /// Who says so.
    pub source: &'a str,
    /// What it is about, such as `team:platform`.
    pub subject: &'a str,
    /// The value.
    pub value: Value,
}

impl<'a> Metrics<'a> {
    pub(super) fn of(portal: &'a Portal<'_>) -> Self {
        Self { metrics: portal.adoption.figures.iter().map(|figure| metric(portal, figure)).collect() }
    }
}

fn metric<'a>(portal: &'a Portal<'_>, figure: &'a Figure<'_>) -> Metric<'a> {
    let catalog = portal.catalog;
    let mut written = Metric {
        as_of: None,
        beyond: None,
        denominator: None,
        direction: figure.direction.map(Direction::word),
        formula: figure.formula,
        id: figure.id,
        left_out: None,
        measured_by: &figure.measured_by,
        not_measured: None,
        numerator: None,
        observations: Vec::new(),
        source: None,
        target: figure.target.map(number),
        title: figure.title,
        unit: figure.unit,
        value: None,
    };
    match &figure.measure {
        Measure::Counted(tally) => {
            let share = tally.share();
            written.as_of = Some(portal.run.as_of.to_string());
            written.beyond = share.and_then(|share| blind_spot::beyond(portal, figure.id, share));
            written.denominator = share.map(|share| share.whole);
            written.numerator = share.map(|share| share.part);
            written.source = Some("catalog");
            written.value = share.map(|share| share.percent().into());
        }
        Measure::Observed(facts) => {
            if let [one] = facts.as_slice() {
                written.as_of = Some(one.observed_at.to_string());
                written.source = Some(&one.source);
                written.value = Some(value(one));
            }
            written.observations = facts.iter().map(|fact| observation(catalog, fact)).collect();
        }
        Measure::Combined(combined) => {
            let facts = &combined.facts;
            let same = facts.windows(2).all(|two| two[0].source == two[1].source);
            // The oldest of them: a figure is no newer than what it is made of.
            written.as_of = facts.iter().map(|fact| fact.observed_at).min().map(|at| at.to_string());
            written.denominator = combined.share.map(|share| share.whole);
            written.left_out = Some(combined.left_out);
            written.numerator = combined.share.map(|share| share.part);
            written.source = facts.first().filter(|_| same).map(|fact| &*fact.source);
            written.value = Some(number(combined.value));
            written.observations = facts.iter().map(|fact| observation(catalog, fact)).collect();
        }
        Measure::NotMeasured(why) => written.not_measured = Some(why),
    }
    written
}

fn observation<'a>(catalog: &'a Catalog, fact: &'a Fact) -> Observation<'a> {
    Observation {
        observed_at: fact.observed_at.to_string(),
        origin: Origin::of(catalog, fact.origin),
        source: &fact.source,
        subject: &fact.subject,
        value: value(fact),
    }
}

/// The value of a fact.
pub(super) fn value(fact: &Fact) -> Value {
    match &fact.value {
        FactValue::Number(value) => number(*value),
        FactValue::Bool(value) => Value::Bool(*value),
        FactValue::Text(text) => Value::String(text.to_string()),
    }
}
