//! Drift of services (semantics §4): where they say that they run against where their resources were found,
//! both ways, and resources that somebody else claims too.

use std::collections::{BTreeMap, BTreeSet};

use super::ownership::Owners;
use super::resources::{Found, FoundIn, ResourceTotals};
use super::{Finding, ServiceAssessment};
use crate::catalog::lifecycle::LifecycleState;
use crate::catalog::listings::Listings;
use crate::catalog::table::Index;
use crate::catalog::{Catalog, Runs, Service};
use crate::day::Day;
use crate::diagnostic::codes;
use crate::words;

/// Places named at most in one message.
const NAMED: usize = 3;

/// What is known of where services run.
pub(super) struct Drift<'a> {
    catalog: &'a Catalog,
    totals: &'a ResourceTotals,
    listings: Listings<'a>,
    today: Day,
}

impl<'a> Drift<'a> {
    pub(super) fn of(catalog: &'a Catalog, totals: &'a ResourceTotals, today: Day) -> Self {
        Self { catalog, totals, listings: Listings::of(&catalog.tag_listings), today }
    }

    /// Says of `service` what of it lies where it does not say, what it says that nobody found, and what
    /// is contested.
    pub(super) fn judge(&self, index: Index<Service>, service: &Service, assessment: &mut ServiceAssessment) {
        if let Some(found) = self.totals.found.get(&index) {
            assessment.findings.extend(elsewhere(service, found));
            assessment.findings.extend(self.contested(service, found));
        }
        let state = service.record.lifecycle.state.value();
        let is_expected = !matches!(state, Some(LifecycleState::Proposed | LifecycleState::Retired));
        // Where nobody was asked at all there is nothing to say of any service.
        if is_expected && !self.listings.is_empty() {
            self.nothing_found(index, service, assessment);
        }
    }

    fn contested(&self, service: &Service, found: &Found) -> Option<Finding> {
        let first = &self.catalog.resources[*found.contested.first()? as usize];
        let owners = Owners::of(self.catalog);
        let why = owners.contest(&owners.who(first), first.account.as_ref()).unwrap_or_default();
        let more = match found.contested_in_all {
            1 => String::new(),
            all => format!("; {} more", words::count(all as usize - 1, "resource is", "resources are")),
        };
        Some(Finding {
            code: codes::CONTESTED_RESOURCES.name,
            message: format!("`{}` is contested: {why}{more}", first.arn).into(),
            origin: Some(service.origin),
        })
    }

    fn nothing_found(&self, index: Index<Service>, service: &Service, assessment: &mut ServiceAssessment) {
        let nowhere = BTreeMap::new();
        let places = self.totals.found.get(&index).map_or(&nowhere, |found| &found.places);
        let mut said = BTreeSet::new();
        for runs in &service.environments {
            let Some(account) = &runs.account else { continue };
            // What has ended is asked about elsewhere, the other way round.
            let has_ended = runs.expires_at.as_ref().is_some_and(|last| last.value < self.today);
            if has_ended || places.keys().any(|place| lies_in(place, runs)) {
                continue;
            }
            let region = runs.region.as_ref().map(|region| &*region.value);
            let place = described(runs);
            if !said.insert(place.clone()) {
                continue;
            }
            let finding = |message: String| Finding {
                code: codes::NOTHING_FOUND.name,
                message: message.into(),
                origin: Some(account.origin),
            };
            match self.listings.unknown_in(account.value.as_str(), region) {
                None => assessment.findings.push(finding(format!(
                    "`{}` says that it runs in {place}, and nothing of it that carries or carried a tag was found there",
                    service.id
                ))),
                Some(why) => assessment.open_questions.push(finding(format!(
                    "whether anything of `{}` runs in {place} is unknown: {why}",
                    service.id
                ))),
            }
        }
    }
}

/// Whether something found in `place` can be of the environment `runs`: what is global, or names no
/// environment, can.
fn lies_in(place: &FoundIn, runs: &Runs) -> bool {
    let account = runs.account.as_ref().is_some_and(|account| Some(&account.value) == place.account.as_ref());
    let same = |found: Option<&str>, declared: Option<&str>| match (found, declared) {
        (Some(found), Some(declared)) => found.eq_ignore_ascii_case(declared),
        _ => true,
    };
    account
        && same(place.region.as_deref(), runs.region.as_ref().map(|region| &*region.value))
        && same(place.environment.as_deref(), runs.name.as_ref().map(|name| name.as_str()))
}

/// `` `prod` (account 012345678901, eu-central-1) ``.
fn described(runs: &Runs) -> String {
    let account = runs.account.as_ref().map_or("", |account| account.value.as_str());
    let region = runs.region.as_ref().map_or_else(String::new, |region| format!(", {}", region.value));
    match &runs.name {
        Some(name) => format!("`{name}` (account {account}{region})"),
        None => format!("account {account}{region}"),
    }
}

/// Resources in an account, a region or an environment that the service does not declare. A service that
/// declares none at all has a gap, which other rules see.
fn elsewhere(service: &Service, found: &Found) -> Option<Finding> {
    let mut strange: BTreeMap<String, u32> = BTreeMap::new();
    for (place, count) in &found.places {
        let Some(account) = &place.account else { continue };
        let words = match service.declares(account) {
            None => continue,
            Some(false) => format!("account {account}"),
            Some(true) => match strange_within(service, place) {
                Some(words) => words,
                None => continue,
            },
        };
        *strange.entry(words).or_default() += count;
    }
    let all: u32 = strange.values().sum();
    (all > 0).then(|| {
        let places: Vec<&String> = strange.keys().collect();
        Finding {
            code: codes::RUNS_ELSEWHERE.name,
            message: format!(
                "{} of `{}` {} where it does not say that it runs: {}",
                words::count(all as usize, "resource", "resources"),
                service.id,
                if all == 1 { "lies" } else { "lie" },
                words::first(&places, NAMED)
            )
            .into(),
            origin: Some(service.origin),
        }
    })
}

/// What is strange about `place`, which lies in an account of the service.
fn strange_within(service: &Service, place: &FoundIn) -> Option<String> {
    let account = place.account.as_ref()?;
    let runs = || service.environments.iter();
    let here = || runs().filter(|runs| runs.account.as_ref().is_some_and(|own| own.value == *account));
    if let Some(region) = &place.region {
        // A place without a region may be anywhere in its account; so may an account that only the top of
        // the record names.
        let known = here().all(|runs| runs.region.as_ref().is_some_and(|own| *own.value != **region));
        if here().next().is_some() && known {
            return Some(format!("{region} in account {account}"));
        }
    }
    let environment = place.environment.as_deref()?;
    let named = || runs().filter_map(|runs| runs.name.as_ref());
    let known = named().any(|name| name.as_str().eq_ignore_ascii_case(environment));
    (named().next().is_some() && !known).then(|| format!("environment {environment}"))
}
