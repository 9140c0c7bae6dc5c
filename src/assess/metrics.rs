//! Metrics (semantics §7): what the catalog itself can count, what facts say, and what nobody measured.
//! A metric without a source is "not measured", never zero.

mod attribution;
mod combined;
mod standard;

use std::collections::BTreeSet;

use super::outcome::{Outcome, Share};
use super::tier::TELEMETRY_SCORECARD;
use super::{Assessment, ServiceAssessment};
use crate::catalog::lifecycle::LifecycleState;
use crate::catalog::metric::{Direction, Metric};
use crate::catalog::resource::{Fact, FactValue};
use crate::catalog::table::Index;
use crate::catalog::{Catalog, Declared, Service};
use crate::day::Day;
pub use combined::Combined;
use standard::{STANDARD, Standard};

/// What one metric says on D.
#[derive(Clone, Debug, PartialEq)]
pub enum Measure<'a> {
    /// The catalog counts it; never nothing of nothing.
    Counted(Tally),
    /// Facts say it: the newest of each subject, by subject.
    Observed(Vec<&'a Fact>),
    /// Facts about services say it together.
    Combined(Combined<'a>),
    /// Nobody measured it; why.
    NotMeasured(String),
}

/// What a metric counts, service by service: the list behind the figure, and the figure is its sum.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally(Vec<Counted>);

/// What one service adds to a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// The service.
    pub service: Index<Service>,
    /// What it adds to the numerator.
    pub part: u64,
    /// What it adds to the denominator; never 0.
    pub whole: u64,
}

impl Tally {
    fn add(&mut self, service: Index<Service>, part: u64, whole: u64) {
        if whole > 0 {
            self.0.push(Counted { service, part, whole });
        }
    }

    /// What each service adds, in the order of the catalog; services that do not bear on it are left out.
    pub fn services(&self) -> &[Counted] {
        &self.0
    }

    /// The sum; `None` when there is nothing to have a share of.
    pub fn share(&self) -> Option<Share> {
        let sum = |of: fn(&Counted) -> u64| self.0.iter().map(of).sum();
        Share::of(sum(|counted| counted.part), sum(|counted| counted.whole))
    }
}

/// One metric: what is aimed at, and what is so.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure<'a> {
    /// Its id.
    pub id: &'a str,
    /// What people call it.
    pub title: &'a str,
    /// How it is computed, in words.
    pub formula: Option<&'a str>,
    /// What is aimed at.
    pub target: Option<f64>,
    /// Which way is better.
    pub direction: Option<Direction>,
    /// Its unit.
    pub unit: Option<&'a str>,
    /// What is so.
    pub measure: Measure<'a>,
    /// What would measure it: which source, which fact.
    pub measured_by: String,
}

impl Figure<'_> {
    /// Whether `value` is what is aimed at; `None` without a target.
    pub fn meets(&self, value: f64) -> Option<bool> {
        let target = self.target?;
        Some(match self.direction.unwrap_or(Direction::Up) {
            Direction::Up => value >= target,
            Direction::Down => value <= target,
        })
    }

    /// Whether what facts say together is: a share is compared exactly.
    pub fn meets_combined(&self, combined: &Combined<'_>) -> Option<bool> {
        match combined.share {
            Some(share) => self.meets_share(share),
            None => self.meets(combined.value),
        }
    }

    /// Whether a share is: compared exactly, not by its rounded percentage.
    pub fn meets_share(&self, share: Share) -> Option<bool> {
        self.meets(share.part as f64 * 100.0 / share.whole as f64)
    }
}

/// The share of required tags that are right.
pub const TAG_COVERAGE: &str = "tag-coverage";

/// Every metric: those of the contract, as declared or as the house knows them, then those that the
/// organisation declares beside them, by id.
pub fn figures<'a>(catalog: &'a Catalog, assessment: &Assessment) -> Vec<Figure<'a>> {
    let declared = |id: &str| catalog.metrics.by_id(id);
    let standard = STANDARD.iter().filter(|standard| !standard.is_covered(catalog));
    let standard = standard.map(|standard| match declared(standard.id) {
        Some(metric) => own(catalog, assessment, metric, Some(standard)),
        None => standard.figure(catalog, assessment),
    });
    let is_standard = |metric: &&Declared<Metric>| STANDARD.iter().any(|standard| *standard.id == *metric.id);
    let others = catalog.metrics.iter().filter(|metric| !is_standard(metric));
    standard.chain(others.map(|metric| own(catalog, assessment, metric, None))).collect()
}

/// A metric that the organisation declares.
fn own<'a>(
    catalog: &'a Catalog,
    assessment: &Assessment,
    metric: &'a Declared<Metric>,
    standard: Option<&'static Standard>,
) -> Figure<'a> {
    let record = &metric.record;
    let fact = record.fact.value();
    let house = |of: fn(&Standard) -> &'static str| standard.map(of);
    Figure {
        id: &metric.id,
        title: record.title.value().map(|title| &**title).or(house(|own| own.title)).unwrap_or(&metric.id),
        formula: record.formula.value().map(|formula| &**formula).or(house(|own| own.formula)),
        target: record.target.value().map(|target| target.value).or(standard.and_then(|own| own.target)),
        direction: record.direction.value().copied().or(standard.map(|own| own.direction)),
        unit: record.unit.value().map(|unit| &**unit).or(house(|own| own.unit)),
        measure: measure(catalog, assessment, metric),
        measured_by: match (fact, standard) {
            (Some(fact), Some(own)) => format!("the fact `{fact}` in a facts file, from {}", own.source),
            (Some(fact), None) => format!("the fact `{fact}` in a facts file"),
            (None, Some(own)) => own.source.to_owned(),
            (None, None) => format!("a fact, named by `fact:` in the metric `{}`", metric.id),
        },
    }
}

/// The values of `metric`.
fn measure<'a>(catalog: &'a Catalog, assessment: &Assessment, metric: &'a Declared<Metric>) -> Measure<'a> {
    if let Some(name) = metric.record.fact.value() {
        return observed(catalog, assessment, metric, name);
    }
    counted(catalog, assessment, &metric.id).unwrap_or_else(|| {
        Measure::NotMeasured("it names no fact, and the catalog does not count it".to_owned())
    })
}

/// What the catalog itself counts under `id`; `None` when it counts nothing of that name.
fn counted<'a>(catalog: &'a Catalog, assessment: &Assessment, id: &str) -> Option<Measure<'a>> {
    let count = Count { catalog, assessment };
    let tally = match id {
        "telemetry-coverage" => count.level(TELEMETRY_SCORECARD, 0),
        "policy-compliance" => count.compliance(),
        "golden-path-share" => count.on_supported_path(),
        "owner-metadata-coverage" => count.owned(),
        "dashboards-and-alarms" => count.watched(),
        TAG_COVERAGE => count.tagged(),
        _ => return None,
    };
    Some(match tally.share() {
        Some(_) => Measure::Counted(tally),
        None => Measure::NotMeasured("there is nothing yet that it could be a share of".to_owned()),
    })
}

/// Whether metrics count `service`: ideas, services that are gone and services in conflict are outside
/// (semantics §7).
pub fn counts(service: &Service) -> bool {
    let state = service.record.lifecycle.state.value();
    service.conflict.is_empty() && !matches!(state, Some(LifecycleState::Proposed | LifecycleState::Retired))
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
    // The catalog keeps one fact of each name about each subject: the newest.
    let seen: Vec<&Fact> = catalog.facts.iter().filter(seen).collect();
    let any = !seen.is_empty();
    let usable = |fact: &&Fact| fresh(fact) && matches!(fact.value, FactValue::Number(_));
    let usable: Vec<&Fact> = seen.into_iter().filter(usable).collect();
    match (usable.is_empty(), any) {
        (false, _) => Measure::Observed(usable),
        (true, true) => Measure::NotMeasured(format!("every fact `{name}` is too old to be used")),
        (true, false) => Measure::NotMeasured(format!("no fact `{name}` was collected")),
    }
}

/// What is counted over services.
struct Count<'a> {
    catalog: &'a Catalog,
    assessment: &'a Assessment,
}

impl<'a> Count<'a> {
    fn services(&self) -> impl Iterator<Item = (Index<Service>, &'a Service, &'a ServiceAssessment)> {
        let services = self.catalog.services.indexed().zip(&self.assessment.services);
        services
            .filter(|((_, service), _)| counts(service))
            .map(|((index, service), judged)| (index, service, judged))
    }

    fn share(&self, holds: impl Fn(&Service) -> bool) -> Tally {
        let mut tally = Tally::default();
        for (index, service, _) in self.services() {
            tally.add(index, u64::from(holds(service)), 1);
        }
        tally
    }

    /// Services whose level of `scorecard` without exceptions is at least `level`, of those it applies to.
    fn level(&self, scorecard: &str, level: usize) -> Tally {
        let mut tally = Tally::default();
        let Some(scorecard) = self.catalog.scorecards.find(scorecard) else { return tally };
        for (index, _, judged) in self.services() {
            let result = judged.subject.scorecards.iter().find(|result| result.scorecard == scorecard);
            if let Some(result) = result {
                tally.add(index, u64::from(result.level.is_some_and(|reached| reached >= level)), 1);
            }
        }
        tally
    }

    /// Level `owned` of the metadata where there is one; else services whose owner the catalog has.
    fn owned(&self) -> Tally {
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

    fn on_supported_path(&self) -> Tally {
        self.share(|service| {
            let path = service.golden_path.map(|path| &self.catalog.golden_paths[path]);
            let version = path
                .zip(service.golden_path_version)
                .and_then(|(path, position)| path.record.versions.items.get(position));
            version.is_some_and(|version| version.value.is_supported(self.assessment.as_of))
        })
    }

    fn watched(&self) -> Tally {
        self.share(|service| {
            let signals = &service.record.observability;
            [&signals.dashboard, &signals.alarms]
                .into_iter()
                .all(|signal| signal.value().is_some_and(|declared| declared.declared))
        })
    }

    /// Passed results of rules that prove a golden-path control, of all judged ones.
    fn compliance(&self) -> Tally {
        let paths = self.catalog.golden_paths.iter();
        let layers = paths.flat_map(|path| &path.record.layers.entries);
        let controls: BTreeSet<&str> = layers
            .flat_map(|(_, layer)| layer.value.controls.values())
            .map(|control| control.as_str())
            .collect();
        let mut tally = Tally::default();
        for (index, _, judged) in self.services() {
            let (mut part, mut whole) = (0, 0);
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
            tally.add(index, part, whole);
        }
        tally
    }

    /// Tags that are right, of all that are required on resources that carry or carried a tag.
    fn tagged(&self) -> Tally {
        let mut tally = Tally::default();
        for (index, _, judged) in self.services() {
            let keys = judged.tags.iter().flat_map(|verdicts| &verdicts.keys);
            let (mut part, mut whole) = (0, 0);
            for counts in keys {
                part += u64::from(counts.ok);
                whole += counts.required();
            }
            tally.add(index, part, whole);
        }
        tally
    }
}
