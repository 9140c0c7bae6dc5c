//! `scorecards/<id>.json`: one scorecard, its rules, and how they did.

use schemars::JsonSchema;
use serde::Serialize;

use super::value::{Counts, Origin, day};
use crate::assess::RuleTestCounts;
use crate::assess::scorecard::CompiledRule;
use crate::catalog;
use crate::catalog::scorecard::Subject;
use crate::catalog::table::Index;
use crate::render::portal::Portal;

/// One scorecard, its rules, and how they did.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Scorecard<'a> {
    /// The expression that says to which subjects it applies; to all when absent.
    pub applies_to: Option<&'a str>,
    /// What it is for.
    pub description: Option<&'a str>,
    /// Its id.
    pub id: &'a str,
    /// Its levels, the lowest first.
    pub levels: Vec<Level<'a>>,
    /// Where it begins.
    pub origin: Origin<'a>,
    /// Whether its score is the readiness of what it judges.
    pub readiness: bool,
    /// Whether the tier `native` asks for its lowest level.
    pub required: bool,
    /// Its rules, in the order of the file.
    pub rules: Vec<Rule<'a>>,
    /// `service`, `golden-path` or `account`.
    pub subject: &'static str,
    /// What people call it.
    pub title: &'a str,
    /// Raised when its meaning changes.
    pub version: Option<&'a str>,
}

/// One level.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Level<'a> {
    /// What reaching it means.
    pub description: Option<&'a str>,
    /// Its id.
    pub id: &'a str,
    /// What people call it.
    pub title: &'a str,
}

/// One rule, and how it did.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Rule<'a> {
    /// What must be true.
    pub assert: Option<&'a str>,
    /// Why it cannot be judged at all, when its expression is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub broken: Option<&'a str>,
    /// Ids of controls it proves.
    pub controls: Vec<&'a str>,
    /// Subjects by outcome.
    pub counts: Option<Counts>,
    /// From when it counts.
    pub effective_from: Option<String>,
    /// What to do when it fails.
    pub fix: Option<&'a str>,
    /// Its id.
    pub id: &'a str,
    /// Id of its level.
    pub level: Option<&'a str>,
    /// Observed facts it may read.
    pub needs: Vec<&'a str>,
    /// Where it begins.
    pub origin: Origin<'a>,
    /// How many tests of the scorecard expect something of it.
    pub tests: Tests,
    /// What must be so, in a line.
    pub title: Option<&'a str>,
    /// Whether an exception may waive it.
    pub waivable: bool,
    /// How much it counts.
    pub weight: u64,
    /// When it applies; always when absent.
    pub when: Option<&'a str>,
    /// Why it matters.
    pub why: Option<&'a str>,
}

/// How many tests of a scorecard expect something of a rule.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct Tests {
    /// Those in which it must fail.
    pub fail: u32,
    /// Those in which it must be unknown, or not apply.
    pub other: u32,
    /// Those in which it must pass.
    pub pass: u32,
}

impl From<RuleTestCounts> for Tests {
    fn from(counts: RuleTestCounts) -> Self {
        let RuleTestCounts { pass, fail, other } = counts;
        Self { fail, other, pass }
    }
}

impl<'a> Scorecard<'a> {
    pub(super) fn of(
        portal: &'a Portal<'_>,
        index: Index<catalog::Declared<catalog::scorecard::Scorecard>>,
    ) -> Self {
        let catalog = portal.catalog;
        let scorecard = &catalog.scorecards[index];
        let record = &scorecard.record;
        let compiled = portal.explainer.scorecards().get(index);
        let levels = record.levels.values().map(|level| {
            let id = level.id.value().map_or("", |id| id.as_str());
            Level {
                description: level.description.value().map(|text| &**text),
                id,
                title: level.title.value().map_or(id, |title| title),
            }
        });
        let rules = record.rules.items.iter().enumerate().map(|(position, item)| {
            let rule = &item.value;
            let mut statistics = portal.assessment.rules.iter();
            let statistics = statistics.find(|own| own.scorecard == index && own.position == position);
            Rule {
                assert: rule.assert.value().map(|text| &**text),
                broken: statistics.and_then(|statistics| statistics.broken.as_deref()),
                controls: rule.controls.values().map(|control| control.as_str()).collect(),
                counts: statistics.map(|statistics| statistics.counts.into()),
                effective_from: rule.effective_from.value().map(|from| day(*from)),
                fix: rule.fix.value().map(|text| &**text),
                id: rule.id.value().map_or("", |id| id.as_str()),
                level: rule.level.value().map(|level| level.as_str()),
                needs: rule.needs.values().map(|need| &**need).collect(),
                origin: Origin::of(catalog, item.origin),
                tests: statistics.map_or_else(Tests::default, |statistics| statistics.tests.into()),
                title: rule.title.value().map(|text| &**text),
                waivable: compiled.rules.get(position).is_some_and(CompiledRule::is_waivable),
                weight: compiled.rules.get(position).map_or(1, |compiled| compiled.weight),
                when: rule.when.value().map(|text| &**text),
                why: rule.why.value().map(|text| &**text),
            }
        });
        Self {
            applies_to: record.applies_to.value().map(|text| &**text),
            description: record.description.value().map(|text| &**text),
            id: &scorecard.id,
            levels: levels.collect(),
            origin: Origin::of(catalog, scorecard.origin),
            readiness: record.readiness.value() == Some(&true),
            required: record.required.value() == Some(&true),
            rules: rules.collect(),
            subject: record.subject.value().copied().unwrap_or(Subject::Service).word(),
            title: record.title.value().map_or(&*scorecard.id, |title| title),
            version: record.version.value().map(|version| &*version.text),
        }
    }
}
