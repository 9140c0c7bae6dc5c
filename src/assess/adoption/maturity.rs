//! The maturity of the platform: beginner, intermediate, advanced. An item counts when the catalog shows
//! it, else while somebody states it in `policy/platform.yaml`. A stage is reached when all its items
//! count and the stages before it are reached.

use std::collections::BTreeSet;

use crate::assess::attestation;
use crate::assess::expression::Attested;
use crate::assess::metrics::{Figure, Measure};
use crate::assess::outcome::Outcome;
use crate::assess::scorecard::Scorecards;
use crate::assess::tier::TELEMETRY_SCORECARD;
use crate::assess::{Assessment, ScorecardResult};
use crate::catalog::control::ControlKind;
use crate::catalog::field::Section;
use crate::catalog::golden_path::{PathType, ReadinessAttestation};
use crate::catalog::table::Index;
use crate::catalog::{Catalog, Service};
use crate::words;

/// One stage.
#[derive(Debug)]
pub struct Stage<'a> {
    /// Its name.
    pub name: &'static str,
    /// What it asks for.
    pub items: Vec<Item<'a>>,
}

/// One thing that a stage asks for.
#[derive(Debug)]
pub struct Item<'a> {
    /// Its key in `policy/platform.yaml`; of the portal none, for whoever reads of it has it.
    pub id: &'static str,
    /// In words.
    pub title: &'static str,
    /// What shows it.
    pub proof: Proof<'a>,
}

/// What shows that an item is so.
#[derive(Debug)]
pub enum Proof<'a> {
    /// The catalog: what it counts, in words.
    Shown(String),
    /// A person.
    Attested(&'a Section<ReadinessAttestation>),
    /// A person, until a day that has passed; and why it counts no more.
    Lapsed(&'a Section<ReadinessAttestation>, Box<str>),
    /// Nothing; which record would show it, when there is one that can.
    Missing(Option<&'static str>),
}

impl Item<'_> {
    /// Whether it counts.
    pub fn counts(&self) -> bool {
        matches!(self.proof, Proof::Shown(_) | Proof::Attested(_))
    }
}

impl Stage<'_> {
    /// Whether all its items count; without those before it, that is not enough to have reached it.
    pub fn is_complete(&self) -> bool {
        self.items.iter().all(Item::counts)
    }
}

/// The highest stage that is reached.
pub fn reached<'s, 'a>(stages: &'s [Stage<'a>]) -> Option<&'s Stage<'a>> {
    stages.iter().take_while(|stage| stage.is_complete()).last()
}

/// The three stages of `catalog`, on the day of `assessment`.
pub(super) fn stages<'a>(
    catalog: &'a Catalog,
    assessment: &Assessment,
    scorecards: &Scorecards<'_>,
    counted: &[Index<Service>],
    figures: &[Figure<'_>],
) -> Vec<Stage<'a>> {
    let stated = &catalog.platform;
    let item = |id: &'static str,
                title: &'static str,
                shown: Option<String>,
                stated: &'a Section<ReadinessAttestation>,
                wanted: Option<&'static str>| {
        let proof = match (shown, attestation::of_platform(stated, id, assessment.as_of)) {
            (Some(shown), _) => Proof::Shown(shown),
            (None, Attested::Valid(_)) => Proof::Attested(stated),
            (None, Attested::Lapsed(why, _)) => Proof::Lapsed(stated, why.into()),
            (None, Attested::Never) => Proof::Missing(wanted),
        };
        Item { id, title, proof }
    };
    let look = Look { catalog, assessment, scorecards, counted };
    let portal = Item {
        id: "portal",
        title: "A portal shows what there is",
        proof: Proof::Shown(format!("this one, with {}", services(counted.len()))),
    };
    vec![
        Stage {
            name: "beginner",
            items: vec![
                item(
                    "scaffold",
                    "New services start from a scaffold",
                    look.scaffold(),
                    &stated.scaffold,
                    Some("a service whose first revision in git names its golden path"),
                ),
                item(
                    "templates",
                    "Golden paths are offered",
                    look.templates(),
                    &stated.templates,
                    Some("a golden path with a supported version"),
                ),
                item("sharedCi", "Pipelines are shared", None, &stated.shared_ci, None),
            ],
        },
        Stage {
            name: "intermediate",
            items: vec![
                portal,
                item(
                    "environmentProvisioning",
                    "Environments come by themselves",
                    look.environments(),
                    &stated.environment_provisioning,
                    Some("an environment with the `outputs:` of its factory"),
                ),
                item(
                    "observabilityDefaults",
                    "Telemetry comes with the path",
                    look.observability(),
                    &stated.observability_defaults,
                    Some("a service on a golden path that meets the telemetry contract"),
                ),
            ],
        },
        Stage {
            name: "advanced",
            items: vec![
                item(
                    "policyAsCode",
                    "Guardrails are rules that run",
                    look.guardrails(&[ControlKind::Preventive, ControlKind::Detective]),
                    &stated.policy_as_code,
                    Some("a rule that proves a preventive or detective control, and passes"),
                ),
                item(
                    "enrichedSlos",
                    "Objectives are watched with their budgets",
                    error_budget(figures),
                    &stated.enriched_slos,
                    Some("a metric of error budgets, with its fact"),
                ),
                item(
                    "automatedRemediation",
                    "What is found is mended without people",
                    None,
                    &stated.automated_remediation,
                    None,
                ),
                item(
                    "crossAccountOrchestration",
                    "Changes go through accounts as one",
                    None,
                    &stated.cross_account_orchestration,
                    None,
                ),
                item("plugins", "Teams extend the platform", None, &stated.plugins, None),
            ],
        },
    ]
}

fn services(count: usize) -> String {
    words::count(count, "service", "services")
}

/// Looks for what the catalog itself shows.
struct Look<'a, 'c> {
    catalog: &'a Catalog,
    assessment: &'a Assessment,
    scorecards: &'a Scorecards<'c>,
    counted: &'a [Index<Service>],
}

impl Look<'_, '_> {
    fn scaffold(&self) -> Option<String> {
        let created = |service: &&Index<Service>| {
            let service = &self.catalog.services[**service];
            let attested = service.record.lifecycle.created_on_path.path.value().is_some();
            attested || service.created_on_path.as_ref().is_some_and(|created| created.value)
        };
        let count = self.counted.iter().filter(created).count();
        (count > 0).then(|| format!("{} created on a golden path", services(count)))
    }

    fn templates(&self) -> Option<String> {
        let is_path = |path_type: Option<&PathType>| path_type.is_none_or(|own| *own == PathType::GoldenPath);
        let today = self.assessment.as_of;
        let paths = self.catalog.golden_paths.iter().filter(|path| {
            is_path(path.record.path_type.value())
                && path.record.versions.values().any(|version| version.is_supported(today))
        });
        let count = paths.count();
        (count > 0).then(|| {
            let paths = words::count(count, "golden path has", "golden paths have");
            format!("{paths} a supported version")
        })
    }

    fn environments(&self) -> Option<String> {
        let made = |environment: &&crate::catalog::Declared<crate::catalog::environment::Environment>| {
            environment.record.outputs.origin.is_some()
        };
        let count = self.catalog.environments.iter().filter(made).count();
        (count > 0).then(|| {
            let made = words::count(count, "environment carries", "environments carry");
            format!("{made} the outputs of a factory")
        })
    }

    fn observability(&self) -> Option<String> {
        let meets = |result: &ScorecardResult| {
            self.scorecards.get(result.scorecard).id == TELEMETRY_SCORECARD && result.level.is_some()
        };
        let on_path =
            self.counted.iter().filter(|service| self.catalog.services[**service].golden_path.is_some());
        let count = on_path
            .filter(|service| {
                self.assessment.services[service.position()].subject.scorecards.iter().any(meets)
            })
            .count();
        (count > 0).then(|| {
            let meet = words::count(count, "service on a golden path meets", "services on golden paths meet");
            format!("{meet} the telemetry contract")
        })
    }

    /// Controls of these kinds that some rule proves for some service.
    fn guardrails(&self, kinds: &[ControlKind]) -> Option<String> {
        let of_kind = |id: &str| {
            let control = self.catalog.controls.by_id(id);
            control.and_then(|control| control.record.kind.value()).is_some_and(|kind| kinds.contains(kind))
        };
        let all: BTreeSet<&str> = self.catalog.controls.ids().filter(|id| of_kind(id)).collect();
        let mut proven: BTreeSet<&str> = BTreeSet::new();
        for service in self.counted {
            for result in &self.assessment.services[service.position()].subject.scorecards {
                let rules = self.scorecards.get(result.scorecard).rules.iter().zip(&result.rules);
                for (rule, _) in rules.filter(|(_, judged)| judged.outcome == Outcome::Pass) {
                    let controls = rule.record.controls.values().map(|control| control.as_str());
                    proven.extend(controls.filter_map(|control| all.get(control)));
                }
            }
        }
        (!proven.is_empty()).then(|| {
            format!("rules prove {} of {} preventive and detective controls", proven.len(), all.len())
        })
    }
}

/// What facts say of error budgets, under any metric that is called so.
fn error_budget(figures: &[Figure<'_>]) -> Option<String> {
    let measured = figures.iter().find_map(|figure| match &figure.measure {
        Measure::Observed(facts) if figure.id.starts_with("error-budget") => Some((figure.id, facts.len())),
        _ => None,
    });
    measured.map(|(id, subjects)| {
        format!("`{id}` is measured for {}", words::count(subjects, "subject", "subjects"))
    })
}
