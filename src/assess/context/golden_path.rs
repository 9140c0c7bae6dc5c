//! A golden path as expressions see it: its record, and how many services are on it.

use super::{Setting, answer};
use crate::assess::attestation;
use crate::assess::expression::{Attested, Context, FactAnswer, ServiceCounts, Subject, Surroundings};
use crate::assess::facts::SubjectFacts;
use crate::assess::metrics;
use crate::catalog::golden_path::{GoldenPath, Version};
use crate::catalog::{Catalog, Declared};
use crate::day::Day;

/// A golden path as expressions see it.
pub struct GoldenPathView<'a> {
    setting: Setting<'a>,
    path: &'a Declared<GoldenPath>,
    services: ServiceCounts,
    facts: SubjectFacts<'a>,
}

impl<'a> GoldenPathView<'a> {
    /// The path, with how many services are on it.
    pub fn new(setting: Setting<'a>, path: &'a Declared<GoldenPath>, services: ServiceCounts) -> Self {
        let facts = setting.facts(&format!("golden-path:{}", path.id));
        Self { setting, path, services, facts }
    }

    /// What an expression is evaluated with.
    pub fn context(&self) -> Context<'_> {
        let catalog = self.setting.catalog;
        let owner = self.path.record.owner.value().and_then(|owner| catalog.teams.by_id(owner.as_str()));
        Context {
            service: None,
            team: owner.map(|team| Subject::new(&team.record, team.origin)),
            golden_path: Some(Subject::new(&self.path.record, self.path.origin)),
            golden_path_version: None,
            account: None,
            surroundings: self,
            vocabulary: &catalog.vocabulary,
            today: self.setting.today,
        }
    }
}

/// A golden path lies in the catalog folder and has no `links`: what documents it is an address or a text
/// in its record, and no file is collected for it. So `document` is absent for it, and rules ask for
/// `goldenPath.docs` instead.
impl Surroundings for GoldenPathView<'_> {
    fn services(&self) -> Option<ServiceCounts> {
        Some(self.services)
    }

    fn fact(&self, name: &str) -> FactAnswer<'_> {
        answer(&self.facts, name)
    }

    fn attested(&self, name: &str) -> Attested<'_> {
        attestation::of_golden_path(&self.path.record, name, self.setting.today)
    }
}

/// How many services are on each golden path, in the order of the catalog. Ideas, services that are gone
/// and services in conflict are outside every count (semantics §7).
pub fn service_counts(catalog: &Catalog, today: Day) -> Vec<ServiceCounts> {
    let mut counts = vec![ServiceCounts::default(); catalog.golden_paths.len()];
    for service in catalog.services.iter().filter(|service| metrics::counts(service)) {
        let Some(path) = service.golden_path else { continue };
        let version = service
            .golden_path_version
            .and_then(|position| catalog.golden_paths[path].record.versions.items.get(position));
        let counts = &mut counts[path.position()];
        counts.total += 1;
        counts.on_supported_version +=
            u32::from(version.is_some_and(|version| version.value.is_supported(today)));
    }
    counts
}

impl Version {
    /// Whether `today` lies between its release and its end of support; an end nobody declared is open,
    /// one that cannot be read is not.
    pub fn is_supported(&self, today: Day) -> bool {
        let released =
            self.released_at.is_absent() || self.released_at.value().is_some_and(|day| *day <= today);
        let lasts =
            self.end_of_support.is_absent() || self.end_of_support.value().is_some_and(|day| today <= *day);
        released && lasts
    }
}
