//! Adoption: how far the organisation has come with its platform, for those who lead it (semantics §7).
//! Every figure comes with the list of what it counts; what nobody measured is named.

mod maturity;
mod waived;

pub use maturity::{Item, Proof, Stage, reached};
pub use waived::WaivedControl;

use std::collections::BTreeMap;

use super::metrics::{Figure, Measure, counts, figures};
use super::next_step::{LayerFix, RuleFix, layer_fixes, rule_fixes};
use super::scorecard::Scorecards;
use super::{Assessment, ExceptionState, Tier};
use crate::catalog::control::Risk;
use crate::catalog::golden_path::GoldenPath;
use crate::catalog::metric::Direction;
use crate::catalog::table::Index;
use crate::catalog::{Catalog, Declared, Exception, Service};

/// How far the organisation has come.
#[derive(Debug)]
pub struct Adoption<'a> {
    /// Services that count, in the order of the catalog.
    pub counted: Vec<Index<Service>>,
    /// Services in each tier, in the order of the tiers; every service that counts is in exactly one.
    pub tiers: Vec<(Tier, Vec<Index<Service>>)>,
    /// Proposed and retired services: outside every figure.
    pub outside: Vec<Index<Service>>,
    /// Services whose id is claimed twice: outside until that is solved.
    pub in_conflict: Vec<Index<Service>>,
    /// Services on each version of each golden path, in the order of the catalog and of the file.
    pub versions: Vec<VersionUse>,
    /// Services that count and name no golden path of the catalog.
    pub without_path: Vec<Index<Service>>,
    /// What the contract and the organisation measure.
    pub figures: Vec<Figure<'a>>,
    /// Exceptions by risk and state.
    pub exceptions: BTreeMap<(Option<Risk>, ExceptionState), Vec<Index<Exception>>>,
    /// Controls that exceptions waive today, most waived first.
    pub waived: Vec<WaivedControl<'a>>,
    /// What mending one rule everywhere would bring; only those that lift somebody, what lifts most first.
    pub rule_fixes: Vec<RuleFix>,
    /// What mending one layer of a golden path would bring, what lifts most first.
    pub layer_fixes: Vec<LayerFix>,
    /// How mature the platform is, stage by stage.
    pub maturity: Vec<Stage<'a>>,
}

/// The services on one version of a golden path.
#[derive(Debug, PartialEq, Eq)]
pub struct VersionUse {
    /// The path.
    pub path: Index<Declared<GoldenPath>>,
    /// Position of the version; `None` when the service names none, or one that is not listed.
    pub version: Option<usize>,
    /// Services that count.
    pub services: Vec<Index<Service>>,
}

/// A figure without a value, and what would give it one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NotMeasured<'f> {
    /// Its id, when it is a metric.
    pub id: Option<&'f str>,
    /// What people call it.
    pub title: &'f str,
    /// Why there is no value.
    pub why: &'f str,
    /// What would measure it.
    pub measured_by: &'f str,
    /// What is aimed at.
    pub target: Option<f64>,
    /// Which way is better.
    pub direction: Option<Direction>,
    /// Its unit.
    pub unit: Option<&'f str>,
}

impl<'a> Adoption<'a> {
    /// Works it out.
    pub fn of(catalog: &'a Catalog, assessment: &Assessment, scorecards: &Scorecards<'_>) -> Self {
        let select = |wanted: &dyn Fn(&Service) -> bool| -> Vec<Index<Service>> {
            let services = catalog.services.indexed().filter(|(_, service)| wanted(service));
            services.map(|(index, _)| index).collect()
        };
        let counted = select(&counts);
        let all = || counted.iter().copied();
        let mut rule_fixes = rule_fixes(scorecards, assessment, all());
        rule_fixes.retain(|fix| !fix.lifts.is_empty());
        let (versions, without_path) = versions(catalog, &counted);
        let figures = figures(catalog, assessment);
        Self {
            tiers: tiers(assessment, &counted),
            outside: select(&|service| service.conflict.is_empty() && !counts(service)),
            in_conflict: select(&|service| !service.conflict.is_empty()),
            versions,
            without_path,
            exceptions: exceptions(catalog, assessment),
            waived: waived::controls(catalog, assessment, scorecards),
            rule_fixes,
            layer_fixes: layer_fixes(catalog, scorecards, assessment, all()),
            maturity: maturity::stages(catalog, assessment, scorecards, &counted, &figures),
            figures,
            counted,
        }
    }

    /// What nobody measured: metrics without a value, then what needs more nights than there are; `compared`
    /// says whether an earlier run is known.
    pub fn not_measured(&self, compared: bool) -> Vec<NotMeasured<'_>> {
        let silent = self.figures.iter().filter_map(|figure| match &figure.measure {
            Measure::NotMeasured(why) => Some(NotMeasured {
                id: Some(figure.id),
                title: figure.title,
                why,
                measured_by: &figure.measured_by,
                target: figure.target,
                direction: figure.direction,
                unit: figure.unit,
            }),
            Measure::Counted(_) | Measure::Observed(_) | Measure::Combined(_) => None,
        });
        let over_time = OVER_TIME.iter().skip(usize::from(compared));
        let over_time = over_time.map(|(title, measured_by)| NotMeasured {
            id: None,
            title,
            why: "it takes more nights than this run knows",
            measured_by,
            target: None,
            direction: None,
            unit: None,
        });
        silent.chain(over_time).collect()
    }
}

/// What one night cannot tell, and what would: first what two nights can.
const OVER_TIME: [(&str, &str); 2] = [
    ("Movement between tiers", "`build --previous` with an earlier snapshot"),
    ("Trends of the figures", "the results of the nights of a quarter"),
];

fn tiers(assessment: &Assessment, counted: &[Index<Service>]) -> Vec<(Tier, Vec<Index<Service>>)> {
    let tier = |service: &Index<Service>| {
        assessment.services[service.position()].tier.as_ref().map(|verdict| verdict.tier)
    };
    let of = |wanted: Tier| counted.iter().copied().filter(|service| tier(service) == Some(wanted)).collect();
    Tier::ALL.into_iter().map(|wanted| (wanted, of(wanted))).collect()
}

fn versions(catalog: &Catalog, counted: &[Index<Service>]) -> (Vec<VersionUse>, Vec<Index<Service>>) {
    let mut used: BTreeMap<(usize, usize), Vec<Index<Service>>> = BTreeMap::new();
    let mut without = Vec::new();
    for &index in counted {
        let service = &catalog.services[index];
        match service.golden_path {
            Some(path) => {
                let version = service.golden_path_version.unwrap_or(usize::MAX);
                used.entry((path.position(), version)).or_default().push(index);
            }
            None => without.push(index),
        }
    }
    // A version that nobody uses is a figure too.
    for (path, declared) in catalog.golden_paths.indexed() {
        for version in 0..declared.record.versions.items.len() {
            used.entry((path.position(), version)).or_default();
        }
    }
    let of = |((path, version), services)| VersionUse {
        path: Index::new(path),
        version: (version != usize::MAX).then_some(version),
        services,
    };
    (used.into_iter().map(of).collect(), without)
}

fn exceptions(
    catalog: &Catalog,
    assessment: &Assessment,
) -> BTreeMap<(Option<Risk>, ExceptionState), Vec<Index<Exception>>> {
    let mut cells: BTreeMap<_, Vec<Index<Exception>>> = BTreeMap::new();
    for ((index, exception), judged) in catalog.exceptions.indexed().zip(&assessment.exceptions) {
        let risk = exception.record.risk.value().copied();
        cells.entry((risk, judged.state)).or_default().push(index);
    }
    cells
}
