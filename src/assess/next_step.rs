//! Next steps: what lifts a service to its next level with the least work, and which single fix lifts most
//! services.
//!
//! The *next level* of a scorecard is the lowest level that has an applicable rule and is not reached with
//! exceptions. Everything below it is reached, so only rules of that level stand in the way: those that
//! *fail*, and those that are *unknown*, which no work on the service mends. The *step* is to make the
//! failing ones pass. Its cost is how many they are: weights say how much a rule counts for the score, not
//! how much work it is.
//!
//! The *cheapest* step of a service is the first one in this order: steps that reach their level before
//! those that unknown rules hold back as well, and before those where nothing fails and only something
//! unknown is waited for; then the fewest failing rules; then the readiness scorecard, then required ones,
//! then the order of the catalog.
//!
//! A *fix* makes rules pass that fail today. It *lifts* a service when it mends every failing rule of a
//! step and nothing unknown stands beside them; a service is counted once, however many of its scorecards
//! it climbs. There are two kinds of fix: one rule, mended in every service that fails it; and one layer
//! of a golden path, mended once for all services on the path: it mends the rules that prove a control
//! which the layer promises.
//!
//! Nothing is judged again. Outcomes are there already, and each is looked at once: the work is linear in
//! rules × services.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::outcome::Outcome;
use super::scorecard::Scorecards;
use super::{Assessment, ScorecardResult, SubjectAssessment};
use crate::catalog::golden_path::GoldenPath;
use crate::catalog::scorecard::Scorecard;
use crate::catalog::table::Index;
use crate::catalog::{Catalog, Declared, Service};

/// The step to the next level of one scorecard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextStep {
    /// The scorecard.
    pub scorecard: Index<Declared<Scorecard>>,
    /// The level it leads to: position in the scorecard's levels.
    pub level: usize,
    /// Rules that fail: positions in the scorecard.
    pub failing: Vec<usize>,
    /// Rules that are unknown, and hold the level back whatever is mended.
    pub unknown: Vec<usize>,
}

impl NextStep {
    /// The step of one result; `None` when there is no level left to reach.
    pub fn of(scorecards: &Scorecards<'_>, result: &ScorecardResult) -> Option<Self> {
        let compiled = scorecards.get(result.scorecard);
        let levels = compiled.record.levels.items.len();
        let is_ahead = |level: usize| {
            level < levels && result.level_with_exceptions.is_none_or(|reached| level > reached)
        };
        let mut step: Option<Self> = None;
        for (position, (rule, judged)) in compiled.rules.iter().zip(&result.rules).enumerate() {
            if judged.outcome == Outcome::NotApplicable || !is_ahead(rule.level) {
                continue;
            }
            if step.as_ref().is_none_or(|step| rule.level < step.level) {
                step = Some(Self {
                    scorecard: result.scorecard,
                    level: rule.level,
                    failing: Vec::new(),
                    unknown: Vec::new(),
                });
            }
            let Some(step) = step.as_mut().filter(|step| step.level == rule.level) else { continue };
            match judged.outcome {
                Outcome::Fail => step.failing.push(position),
                Outcome::Unknown => step.unknown.push(position),
                Outcome::Pass | Outcome::Waived | Outcome::NotApplicable => {}
            }
        }
        step
    }

    /// Whether taking it reaches the level.
    pub fn is_enough(&self) -> bool {
        self.unknown.is_empty()
    }

    /// How soon it comes in the order of cost, its scorecard aside.
    fn cost(&self) -> (u8, usize) {
        let kind = match (self.failing.is_empty(), self.unknown.is_empty()) {
            (false, true) => 0,
            (false, false) => 1,
            (true, _) => 2,
        };
        (kind, self.failing.len())
    }
}

/// The steps of a subject, one for each scorecard with a level left to reach, the cheapest first.
pub fn steps(scorecards: &Scorecards<'_>, subject: &SubjectAssessment) -> Vec<NextStep> {
    let step = |(position, result): (usize, &ScorecardResult)| {
        let step = NextStep::of(scorecards, result)?;
        let required = scorecards.get(result.scorecard).record.required.value() == Some(&true);
        let rank = match (subject.readiness == Some(position), required) {
            (true, _) => 0,
            (false, true) => 1,
            (false, false) => 2,
        };
        Some((step.cost(), rank, position, step))
    };
    let mut steps: Vec<_> = subject.scorecards.iter().enumerate().filter_map(step).collect();
    steps.sort_by_key(|(cost, rank, position, _)| (*cost, *rank, *position));
    steps.into_iter().map(|(.., step)| step).collect()
}

/// What mending one rule everywhere would bring.
#[derive(Debug, PartialEq, Eq)]
pub struct RuleFix {
    /// Its scorecard.
    pub scorecard: Index<Declared<Scorecard>>,
    /// Its position there.
    pub position: usize,
    /// Services that it lifts.
    pub lifts: Vec<Index<Service>>,
    /// Services on whose next level it fails beside other rules.
    pub holds_back: usize,
    /// Services that fail it.
    pub fails: usize,
}

/// What mending each rule that fails for some of `services` would bring: those first that lift most, then
/// those that hold back most, then those that cost most of the score, then in the order of the catalog.
pub fn rule_fixes(
    scorecards: &Scorecards<'_>,
    assessment: &Assessment,
    services: impl IntoIterator<Item = Index<Service>>,
) -> Vec<RuleFix> {
    let mut fixes: BTreeMap<(usize, usize), RuleFix> = BTreeMap::new();
    for service in services {
        for result in &assessment.services[service.position()].subject.scorecards {
            let mut fix = |position: usize, change: &dyn Fn(&mut RuleFix)| {
                let new = || RuleFix {
                    scorecard: result.scorecard,
                    position,
                    lifts: Vec::new(),
                    holds_back: 0,
                    fails: 0,
                };
                change(fixes.entry((result.scorecard.position(), position)).or_insert_with(new));
            };
            for (position, judged) in result.rules.iter().enumerate() {
                if judged.outcome == Outcome::Fail {
                    fix(position, &|fix| fix.fails += 1);
                }
            }
            let Some(step) = NextStep::of(scorecards, result) else { continue };
            match step.failing.as_slice() {
                [only] if step.is_enough() => fix(*only, &|fix| fix.lifts.push(service)),
                several => several.iter().for_each(|position| fix(*position, &|fix| fix.holds_back += 1)),
            }
        }
    }
    let mut fixes: Vec<RuleFix> = fixes.into_values().collect();
    let weight = |fix: &RuleFix| scorecards.get(fix.scorecard).rules[fix.position].weight;
    fixes.sort_by_cached_key(|fix| {
        let cost = weight(fix).saturating_mul(fix.fails as u64);
        Reverse((fix.lifts.len(), fix.holds_back, cost))
    });
    fixes
}

/// What mending one layer of a golden path would bring.
#[derive(Debug, PartialEq, Eq)]
pub struct LayerFix {
    /// The path.
    pub path: Index<Declared<GoldenPath>>,
    /// Position of the layer in the path's list.
    pub layer: usize,
    /// Services on the path that it lifts.
    pub lifts: Vec<Index<Service>>,
    /// The rules that it mends for them: scorecard and position.
    pub rules: BTreeSet<(Index<Declared<Scorecard>>, usize)>,
}

/// The layers of golden paths that lift some of `services`: those first that lift most, then in the order
/// of the catalog.
pub fn layer_fixes(
    catalog: &Catalog,
    scorecards: &Scorecards<'_>,
    assessment: &Assessment,
    services: impl IntoIterator<Item = Index<Service>>,
) -> Vec<LayerFix> {
    let promised: Vec<Promised> =
        catalog.golden_paths.iter().map(|path| Promised::of(&path.record, scorecards)).collect();
    let mut fixes: BTreeMap<(usize, usize), LayerFix> = BTreeMap::new();
    for service in services {
        let Some(path) = catalog.services[service].golden_path else { continue };
        for result in &assessment.services[service.position()].subject.scorecards {
            let step = NextStep::of(scorecards, result);
            let Some(step) = step.filter(|step| step.is_enough() && !step.failing.is_empty()) else {
                continue;
            };
            for layer in promised[path.position()].layers_of_all(&step) {
                let new = || LayerFix { path, layer, lifts: Vec::new(), rules: BTreeSet::new() };
                let fix = fixes.entry((path.position(), layer)).or_insert_with(new);
                if fix.lifts.last() != Some(&service) {
                    fix.lifts.push(service);
                }
                fix.rules.extend(step.failing.iter().map(|position| (step.scorecard, *position)));
            }
        }
    }
    let mut fixes: Vec<LayerFix> = fixes.into_values().collect();
    fixes.sort_by_key(|fix| Reverse(fix.lifts.len()));
    fixes
}

/// Which layers of one golden path promise what a rule proves: by scorecard and position of the rule.
struct Promised(BTreeMap<(usize, usize), BTreeSet<usize>>);

impl Promised {
    fn of(path: &GoldenPath, scorecards: &Scorecards<'_>) -> Self {
        let mut layers: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
        for (position, (_, layer)) in path.layers.entries.iter().enumerate() {
            for control in layer.value.controls.values() {
                layers.entry(control.as_str()).or_default().insert(position);
            }
        }
        let mut promised: BTreeMap<(usize, usize), BTreeSet<usize>> = BTreeMap::new();
        for scorecard in &scorecards.all {
            for (position, rule) in scorecard.rules.iter().enumerate() {
                let proven = rule.record.controls.values().filter_map(|control| layers.get(control.as_str()));
                for layers in proven {
                    promised.entry((scorecard.index.position(), position)).or_default().extend(layers);
                }
            }
        }
        Self(promised)
    }

    /// The layers that promise something of every failing rule of `step`.
    fn layers_of_all(&self, step: &NextStep) -> BTreeSet<usize> {
        let layers = |position: &usize| self.0.get(&(step.scorecard.position(), *position));
        let mut rules = step.failing.iter().map(layers);
        let mut common = rules.next().flatten().cloned().unwrap_or_default();
        for layers in rules {
            common.retain(|layer| layers.is_some_and(|layers| layers.contains(layer)));
        }
        common
    }
}
