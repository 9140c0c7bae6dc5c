//! Metrics (semantics §7): what the catalog itself can count, what facts say, and what nobody measured.
//! A metric without a source is "not measured", never zero.

use std::collections::BTreeSet;

use super::outcome::{Outcome, Share};
use super::{Assessment, ServiceAssessment};
use crate::catalog::lifecycle::LifecycleState;
use crate::catalog::metric::Metric;
use crate::catalog::resource::{Fact, FactValue};
use crate::catalog::{Catalog, Declared, Service};
use crate::day::Day;

/// What one metric says on D.
#[derive(Clone, Debug, PartialEq)]
pub enum Measure<'a> {
    /// The catalog counts it.
    Counted(Share),
    /// Facts say it: the newest of each subject, by subject.
    Observed(Vec<&'a Fact>),
    /// Nobody measured it; why.
    NotMeasured(String),
}

/// The values of `metric`.
pub fn measure<'a>(catalog: &'a Catalog, assessment: &Assessment, metric: &Declared<Metric>) -> Measure<'a> {
    if let Some(name) = metric.record.fact.value() {
        return observed(catalog, assessment, metric, name);
    }
    let counted = Counted { catalog, assessment };
    let share = match &*metric.id {
        "telemetry-coverage" => counted.telemetry(),
        "policy-compliance" => counted.compliance(),
        "golden-path-share" => counted.on_supported_path(),
        "owner-metadata-coverage" => counted.owned(),
        "dashboards-and-alarms" => counted.watched(),
        "tag-coverage" => counted.tagged(),
        _ => return Measure::NotMeasured("it names no fact, and the catalog does not count it".to_owned()),
    };
    match share {
        Some(share) => Measure::Counted(share),
        None => Measure::NotMeasured("there is nothing yet that it could be a share of".to_owned()),
    }
}

fn observed<'a>(
    catalog: &'a Catalog,
    assessment: &Assessment,
    metric: &Declared<Metric>,
    name: &str,
) -> Measure<'a> {
    let seen =
        |fact: &&Fact| *fact.name == *name && Day::of(fact.observed_at, &catalog.zone) <= assessment.as_of;
    let longest = metric.record.max_age.value().map(|age| age.length);
    let fresh = |fact: &&Fact| {
        let age = assessment.now.since(fact.observed_at);
        age <= fact.max_age && longest.is_none_or(|longest| age <= longest)
    };
    let mut any = false;
    let mut newest: Vec<&Fact> = Vec::new();
    for fact in catalog.facts.iter().filter(seen) {
        any = true;
        if !fresh(&fact) || !matches!(fact.value, FactValue::Number(_)) {
            continue;
        }
        match newest.last_mut() {
            Some(last) if last.subject == fact.subject => {
                if last.observed_at < fact.observed_at {
                    *last = fact;
                }
            }
            _ => newest.push(fact),
        }
    }
    match (newest.is_empty(), any) {
        (false, _) => Measure::Observed(newest),
        (true, true) => Measure::NotMeasured(format!("every fact `{name}` is too old to be used")),
        (true, false) => Measure::NotMeasured(format!("no fact `{name}` was collected")),
    }
}

/// What is counted over services. Ideas, services that are gone and services in conflict are outside.
struct Counted<'a> {
    catalog: &'a Catalog,
    assessment: &'a Assessment,
}

impl<'a> Counted<'a> {
    fn services(&self) -> impl Iterator<Item = (&'a Service, &'a ServiceAssessment)> {
        let services = self.catalog.services.iter().zip(&self.assessment.services);
        services.filter(|(service, _)| {
            let state = service.record.lifecycle.state.value();
            service.conflict.is_empty()
                && !matches!(state, Some(LifecycleState::Proposed | LifecycleState::Retired))
        })
    }

    fn share(&self, holds: impl Fn(&Service) -> bool) -> Option<Share> {
        let (mut part, mut whole) = (0, 0);
        for (service, _) in self.services() {
            whole += 1;
            part += u64::from(holds(service));
        }
        Share::of(part, whole)
    }

    /// Services whose level of `scorecard` without exceptions is at least `level`, of those it applies to.
    fn level(&self, scorecard: &str, level: usize) -> Option<Share> {
        let scorecard = self.catalog.scorecards.find(scorecard)?;
        let (mut part, mut whole) = (0, 0);
        for (_, judged) in self.services() {
            let result = judged.subject.scorecards.iter().find(|result| result.scorecard == scorecard);
            let Some(result) = result else { continue };
            whole += 1;
            part += u64::from(result.level.is_some_and(|reached| reached >= level));
        }
        Share::of(part, whole)
    }

    fn telemetry(&self) -> Option<Share> {
        self.level("telemetry", 0)
    }

    /// Level `owned` of the metadata where there is one; else services whose owner the catalog has.
    fn owned(&self) -> Option<Share> {
        let metadata = self.catalog.scorecards.by_id("minimum-metadata");
        let position = metadata.and_then(|scorecard| {
            let mut levels = scorecard.record.levels.values();
            levels.position(|level| level.id.value().is_some_and(|id| id.as_str() == "owned"))
        });
        match position {
            Some(position) => self.level("minimum-metadata", position),
            None => self.share(|service| service.owner.is_some()),
        }
    }

    fn on_supported_path(&self) -> Option<Share> {
        self.share(|service| {
            let path = service.golden_path.map(|path| &self.catalog.golden_paths[path]);
            let version = path
                .zip(service.golden_path_version)
                .and_then(|(path, position)| path.record.versions.items.get(position));
            version.is_some_and(|version| version.value.is_supported(self.assessment.as_of))
        })
    }

    fn watched(&self) -> Option<Share> {
        self.share(|service| {
            let signals = &service.record.observability;
            [&signals.dashboard, &signals.alarms]
                .into_iter()
                .all(|signal| signal.value().is_some_and(|declared| declared.declared))
        })
    }

    /// Passed results of rules that prove a golden-path control, of all judged ones.
    fn compliance(&self) -> Option<Share> {
        let paths = self.catalog.golden_paths.iter();
        let layers = paths.flat_map(|path| &path.record.layers.entries);
        let controls: BTreeSet<&str> = layers
            .flat_map(|(_, layer)| layer.value.controls.values())
            .map(|control| control.as_str())
            .collect();
        let (mut part, mut whole) = (0, 0);
        for (_, judged) in self.services() {
            for result in &judged.subject.scorecards {
                let rules = &self.catalog.scorecards[result.scorecard].record.rules.items;
                for (rule, judged) in rules.iter().zip(&result.rules) {
                    let mut proven = rule.value.controls.values();
                    if !proven.any(|control| controls.contains(control.as_str())) {
                        continue;
                    }
                    match judged.outcome {
                        Outcome::Pass => (part, whole) = (part + 1, whole + 1),
                        Outcome::Fail | Outcome::Waived => whole += 1,
                        Outcome::Unknown | Outcome::NotApplicable => {}
                    }
                }
            }
        }
        Share::of(part, whole)
    }

    /// Tags that are right, of all that are required on resources that carry or carried a tag.
    fn tagged(&self) -> Option<Share> {
        let (mut part, mut whole) = (0, 0);
        let verdicts = self.services().filter_map(|(_, judged)| judged.tags.as_ref());
        for counts in verdicts.flat_map(|verdicts| &verdicts.keys) {
            part += u64::from(counts.ok);
            whole += u64::from(counts.ok)
                + u64::from(counts.missing)
                + u64::from(counts.wrong_case)
                + u64::from(counts.wrong_value);
        }
        Share::of(part, whole)
    }
}
