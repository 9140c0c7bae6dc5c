//! Next steps and the fixes that lift: how they look in every document that has some.

use schemars::JsonSchema;
use serde::Serialize;

use crate::assess::ServiceAssessment;
use crate::assess::next_step as inside;
use crate::assess::next_step::{rule_fixes, steps};
use crate::catalog::Service;
use crate::catalog::table::Index;
use crate::render::populations::rule_id;
use crate::render::portal::Portal;

/// What leads to the next level of one scorecard, with exceptions.
#[derive(Debug, Serialize, JsonSchema)]
pub struct NextStep<'a> {
    /// Ids of rules that fail and have to be mended.
    pub failing: Vec<&'a str>,
    /// Id of the level it leads to.
    pub level: Option<&'a str>,
    /// Id of the scorecard.
    pub scorecard: &'a str,
    /// Ids of rules that are unknown, and hold the level back whatever is mended.
    pub unknown: Vec<&'a str>,
}

/// What mending one rule everywhere would bring.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RuleFix<'a> {
    /// How many services fail it.
    pub fails: usize,
    /// On how many services' next level it fails beside other rules.
    pub holds_back: usize,
    /// Ids of services that it would lift to a higher level.
    pub lifts: Vec<&'a str>,
    /// Id of the rule.
    pub rule: &'a str,
    /// Id of its scorecard.
    pub scorecard: &'a str,
}

/// What mending one layer of a golden path would bring.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LayerFix<'a> {
    /// Id of the path.
    pub golden_path: &'a str,
    /// Name of the layer.
    pub layer: &'a str,
    /// Ids of services on the path that it would lift to a higher level.
    pub lifts: Vec<&'a str>,
    /// Ids of the rules that it mends for them.
    pub rules: Vec<&'a str>,
}

/// The steps of a service, the cheapest first.
pub(super) fn next_steps<'a>(portal: &'a Portal<'_>, judged: &ServiceAssessment) -> Vec<NextStep<'a>> {
    let step = |step: inside::NextStep| {
        let scorecard = &portal.catalog.scorecards[step.scorecard];
        let level = scorecard.record.levels.items.get(step.level).map(|level| &level.value);
        let ids = |positions: &[usize]| -> Vec<&'a str> {
            positions.iter().map(|position| rule_id(portal, step.scorecard, *position)).collect()
        };
        NextStep {
            failing: ids(&step.failing),
            level: level.and_then(|level| level.id.value()).map(|id| id.as_str()),
            scorecard: &scorecard.id,
            unknown: ids(&step.unknown),
        }
    };
    steps(portal.explainer.scorecards(), &judged.subject).into_iter().map(step).collect()
}

/// What mending each failing rule of `services` would bring, what lifts most first.
pub(super) fn fixes<'a>(
    portal: &'a Portal<'_>,
    services: impl IntoIterator<Item = Index<Service>>,
) -> Vec<RuleFix<'a>> {
    let fixes = rule_fixes(portal.explainer.scorecards(), portal.assessment, services);
    fixes.iter().map(|fix| rule_fix(portal, fix)).collect()
}

pub(super) fn rule_fix<'a>(portal: &'a Portal<'_>, fix: &inside::RuleFix) -> RuleFix<'a> {
    RuleFix {
        fails: fix.fails,
        holds_back: fix.holds_back,
        lifts: ids(portal, &fix.lifts),
        rule: rule_id(portal, fix.scorecard, fix.position),
        scorecard: &portal.catalog.scorecards[fix.scorecard].id,
    }
}

pub(super) fn layer_fix<'a>(portal: &'a Portal<'_>, fix: &inside::LayerFix) -> LayerFix<'a> {
    let path = &portal.catalog.golden_paths[fix.path];
    LayerFix {
        golden_path: &path.id,
        layer: &path.record.layers.entries[fix.layer].0,
        lifts: ids(portal, &fix.lifts),
        rules: fix.rules.iter().map(|(scorecard, position)| rule_id(portal, *scorecard, *position)).collect(),
    }
}

/// The ids of `services`.
pub(super) fn ids<'a>(portal: &'a Portal<'_>, services: &[Index<Service>]) -> Vec<&'a str> {
    services.iter().map(|service| portal.catalog.services[*service].id.as_str()).collect()
}
