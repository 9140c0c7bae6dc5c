//! Tiers of migration: computed from what is declared, judged and recorded, never typed in; the first
//! that matches is the tier (semantics §6).

mod metadata;
mod native;
mod telemetry;

use std::collections::BTreeSet;

pub use telemetry::SCORECARD as TELEMETRY_SCORECARD;

use super::exceptions::{Register, is_about_golden_path};
use super::facts::SubjectFacts;
use super::outcome::Outcome;
use super::scorecard::Scorecards;
use super::{Reason, SubjectAssessment, Tier, TierVerdict};
use crate::catalog::golden_path::GoldenPath;
use crate::catalog::lifecycle::LifecycleState;
use crate::catalog::origin::Origin;
use crate::catalog::service::ServiceType;
use crate::catalog::table::Index;
use crate::catalog::{Catalog, Declared, Exception, Service};
use crate::day::Day;
use crate::words;

/// Rules named at most when none of them passes.
const NAMED_RULES: usize = 5;

impl Tier {
    /// Every tier, the best first; the last stands outside the ladder.
    pub const ALL: [Self; 6] = [
        Self::Native,
        Self::Adopted,
        Self::PartiallyManaged,
        Self::LegacyException,
        Self::Retiring,
        Self::Unmanaged,
    ];

    /// The word of the JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Adopted => "adopted",
            Self::PartiallyManaged => "partially-managed",
            Self::LegacyException => "legacy-exception",
            Self::Retiring => "retiring",
            Self::Unmanaged => "unmanaged",
        }
    }
}

/// What decides the tier of every service.
#[derive(Debug)]
pub struct Ladder<'a> {
    catalog: &'a Catalog,
    scorecards: &'a Scorecards<'a>,
    register: &'a Register,
    /// The controls that each golden path lists in its layers, in the order of the catalog.
    controls: Vec<BTreeSet<&'a str>>,
    today: Day,
}

/// Conditions of one tier: those that hold and those that do not.
#[derive(Debug, Default)]
struct Conditions {
    met: Vec<Reason>,
    missing: Vec<Reason>,
}

impl Conditions {
    fn met(&mut self, text: String, origin: Option<Origin>) {
        self.met.push(Reason { text: text.into(), origin });
    }

    fn missing(&mut self, text: String, origin: Option<Origin>) {
        self.missing.push(Reason { text: text.into(), origin });
    }
}

impl<'a> Ladder<'a> {
    /// The ladder of `catalog` on `today`.
    pub fn of(
        catalog: &'a Catalog,
        scorecards: &'a Scorecards<'a>,
        register: &'a Register,
        today: Day,
    ) -> Self {
        let controls = catalog.golden_paths.iter().map(|path| layer_controls(&path.record)).collect();
        Self { catalog, scorecards, register, controls, today }
    }

    /// The tier of a service that was judged.
    pub fn tier(
        &self,
        index: Index<Service>,
        service: &Service,
        judged: &SubjectAssessment,
        facts: SubjectFacts<'_>,
    ) -> TierVerdict {
        if let Some(reason) = retiring(service) {
            return verdict(Tier::Retiring, vec![reason], Vec::new(), None);
        }
        let native = native::conditions(self.catalog, self.scorecards, service, judged, self.today);
        let legacy = self.legacy(index);
        if let Some(reason) = legacy.met.into_iter().next() {
            let mut missing = native.missing;
            let text = "the exception to the golden path is still in force".into();
            missing.insert(0, Reason { text, origin: reason.origin });
            return verdict(Tier::LegacyException, vec![reason], missing, Some(Tier::Native));
        }
        let mut verdict = self.rung(service, judged, facts, native);
        // An exception that would make it legacy but has no review date must not go unmentioned.
        verdict.reasons.extend(legacy.missing);
        verdict
    }

    fn rung(
        &self,
        service: &Service,
        judged: &SubjectAssessment,
        facts: SubjectFacts<'_>,
        native: Conditions,
    ) -> TierVerdict {
        if native.missing.is_empty() {
            return verdict(Tier::Native, native.met, Vec::new(), None);
        }
        let adopted = self.adopted(service, judged, facts);
        if adopted.missing.is_empty() {
            return verdict(Tier::Adopted, adopted.met, native.missing, Some(Tier::Native));
        }
        let partial = self.partially_managed(service, judged);
        if partial.missing.is_empty() {
            return verdict(Tier::PartiallyManaged, partial.met, adopted.missing, Some(Tier::Adopted));
        }
        let text = "meets the conditions of no other tier".into();
        let reasons = vec![Reason { text, origin: Some(service.origin) }];
        verdict(Tier::Unmanaged, reasons, partial.missing, Some(Tier::PartiallyManaged))
    }

    fn legacy(&self, index: Index<Service>) -> Conditions {
        let mut conditions = Conditions::default();
        let in_force = self.register.of_service(index).iter().filter(|exception| {
            self.register.ruling(**exception).state.is_in_force()
                && !self.register.is_powerless(**exception)
                && is_about_golden_path(&self.catalog.exceptions[**exception])
        });
        for &exception in in_force {
            let record = &self.catalog.exceptions[exception];
            match self.review_date(exception) {
                Some((day, origin)) => {
                    let text = format!("{} documents the deviation; to be reviewed by {day}", record.id);
                    conditions.met(text, Some(origin));
                }
                None => {
                    let text = format!("{} documents a deviation, without a review date", record.id);
                    conditions.missing(text, Some(record.origin));
                }
            }
        }
        conditions
    }

    /// `reviewBy`, else the last review plus the cadence.
    fn review_date(&self, exception: Index<Exception>) -> Option<(Day, Origin)> {
        let written = self.catalog.exceptions[exception].record.review_by.sourced();
        written.map(|day| (day.value, day.origin)).or_else(|| {
            self.register.ruling(exception).reviewed.map(|reviewed| (reviewed.due(), reviewed.origin))
        })
    }

    fn adopted(&self, service: &Service, judged: &SubjectAssessment, facts: SubjectFacts<'_>) -> Conditions {
        let mut conditions = telemetry::contract(service, self.scorecards, judged, facts);
        let gaps = metadata::missing(self.catalog, service);
        if gaps.is_empty() {
            let text = "the minimum metadata is complete".into();
            conditions.met.insert(0, Reason { text, origin: Some(service.origin) });
        }
        conditions.missing.splice(0..0, gaps);
        conditions
    }

    fn partially_managed(&self, service: &Service, judged: &SubjectAssessment) -> Conditions {
        let mut conditions = Conditions::default();
        let paths = self.paths(service);
        let listed =
            |control: &str| paths.iter().any(|path| self.controls[path.position()].contains(control));
        let mut provable = Vec::new();
        for result in &judged.scorecards {
            let rules = &self.scorecards.get(result.scorecard).rules;
            for (rule, judged) in rules.iter().zip(&result.rules) {
                let Some(control) = rule.record.controls.values().find(|control| listed(control.as_str()))
                else {
                    continue;
                };
                match judged.outcome {
                    Outcome::Pass => {
                        let text = format!("the golden-path control `{control}` passes by `{}`", rule.id);
                        conditions.met(text, Some(rule.origin));
                        return conditions;
                    }
                    Outcome::NotApplicable => {}
                    Outcome::Fail | Outcome::Waived | Outcome::Unknown => provable.push(&rule.id),
                }
            }
        }
        let names: Vec<&str> =
            paths.iter().map(|path| &*self.catalog.golden_paths[*path].id).take(NAMED_RULES).collect();
        let text = if names.is_empty() {
            "it names no golden path, and none is made for its type".into()
        } else if provable.is_empty() {
            format!("no rule that applies proves a control of {}", words::list(&names))
        } else {
            provable.truncate(NAMED_RULES);
            format!(
                "no control of {} passes; one of these rules would do: {}",
                words::list(&names),
                words::list(&provable)
            )
        };
        conditions.missing(text, service.record.golden_path.origin());
        conditions
    }

    /// The golden path of a service; without one, those for its type.
    fn paths(&self, service: &Service) -> Vec<Index<Declared<GoldenPath>>> {
        if let Some(path) = service.golden_path {
            return vec![path];
        }
        let Some(workload) = service.record.service_type.value() else { return Vec::new() };
        let suits =
            |path: &GoldenPath| path.workload_types.values().any(|suited: &ServiceType| suited == workload);
        let paths = self.catalog.golden_paths.indexed();
        paths.filter(|(_, path)| suits(&path.record)).map(|(index, _)| index).collect()
    }
}

fn verdict(tier: Tier, reasons: Vec<Reason>, missing: Vec<Reason>, next: Option<Tier>) -> TierVerdict {
    TierVerdict { tier, reasons, missing_for_next: missing, next }
}

fn retiring(service: &Service) -> Option<Reason> {
    let state = service.record.lifecycle.state.sourced()?;
    let leaving = matches!(
        state.value,
        LifecycleState::Deprecated | LifecycleState::Retiring | LifecycleState::Retired
    );
    leaving.then(|| Reason {
        text: format!("its lifecycle state is `{}`", state.value.word()).into(),
        origin: Some(state.origin),
    })
}

/// The controls that a golden path lists in its layers.
fn layer_controls(path: &GoldenPath) -> BTreeSet<&str> {
    path.layers
        .entries
        .iter()
        .flat_map(|(_, layer)| layer.value.controls.values())
        .map(|control| control.as_str())
        .collect()
}
