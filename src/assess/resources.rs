//! Totals over all resources, in one pass side by side: what lies in which account, verdicts on tags, who owns
//! them, where those of each service were found, and names of services that no descriptor has. Nothing is kept
//! of a single resource but its position: by account, and of those that are contested, or claimed from an
//! undeclared account.

mod tally;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use rayon::prelude::*;

use super::inventory::Expected;
use super::ownership::{self, Owners, Ownership};
use super::tags::{self, TagVerdict};
use crate::catalog::arn::Arn;
use crate::catalog::id::AccountId;
use crate::catalog::ownership::Ground;
use crate::catalog::resource::Resource;
use crate::catalog::table::Index;
use crate::catalog::{Catalog, Service, Team};
use crate::day::Day;
pub use tally::{Holdings, Tally};

/// Resources that one thread takes at a time.
const CHUNK: usize = 16_384;

/// Names that no descriptor has, kept at most; whoever can tag can make up any number of them.
const NAMES_KEPT: usize = 10_000;

/// What is said of all resources together.
#[derive(Debug, Default, PartialEq)]
pub struct ResourceTotals {
    /// Of all of them.
    pub all: Tally,
    /// By the account in the ARN; without one, what names no account.
    pub accounts: BTreeMap<Option<AccountId>, InAccount>,
    /// By type.
    pub types: BTreeMap<Arc<str>, Tally>,
    /// By the team that answers for them; without one, what no team answers for.
    pub teams: BTreeMap<Option<Index<Team>>, Tally>,
    /// By the service that they count for; without one, what counts for none.
    pub services: BTreeMap<Option<Index<Service>>, Tally>,
    /// Where those of each service were found, and what of it is contested.
    pub found: BTreeMap<Index<Service>, Found>,
    /// Positions of those that are contested.
    pub contested: Vec<u32>,
    /// Positions of those that are claimed from an undeclared account.
    pub undeclared: Vec<u32>,
    /// Services that tags name and no descriptor has, the most resources first.
    pub unregistered: Vec<Unregistered>,
    /// How many more such names there are.
    pub unregistered_more: usize,
    /// Why such a service may be described all the same, when something could not be read.
    pub unread: Option<Box<str>>,
}

/// What lies in one account.
#[derive(Clone, Debug, PartialEq)]
pub struct InAccount {
    /// All of it.
    pub all: Tally,
    /// Positions in [`Catalog::resources`], in order.
    pub resources: Vec<u32>,
    /// How much of it is of which type.
    pub types: BTreeMap<Arc<str>, Tally>,
    /// How much of it lies in which region.
    pub regions: BTreeMap<Arc<str>, Tally>,
    /// How many resources name which environment with their tags.
    pub environments: BTreeMap<Arc<str>, u32>,
}

/// What was found of one service.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// Where they lie.
    pub places: BTreeMap<FoundIn, u32>,
    /// Positions of the first that are contested, whoever is shown with them.
    pub contested: Vec<u32>,
    /// How many of those there are in all.
    pub contested_in_all: u32,
    /// Positions of the first that it is shown with, those that need somebody first.
    pub first: BTreeMap<Pressing, Vec<u32>>,
}

/// How much somebody has to look at a resource: whether nobody contests it, whether its account is declared, and whether
/// no tag on it is wrong. What needs somebody comes first.
pub type Pressing = (bool, bool, bool);

impl Found {
    /// Positions of those that need somebody first, [`FIRST_KEPT`] at most.
    pub fn first(&self) -> impl Iterator<Item = u32> {
        self.first.values().flatten().copied().take(FIRST_KEPT)
    }
}

/// Where a resource lies.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FoundIn {
    /// Its account.
    pub account: Option<AccountId>,
    /// The region in its ARN; none for what is global, or does not tell.
    pub region: Option<Arc<str>>,
    /// The environment that its tags name.
    pub environment: Option<Arc<str>>,
}

/// A service that tags name and no descriptor has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unregistered {
    /// The name, as the tags have it.
    pub name: Box<str>,
    /// How many resources carry it.
    pub resources: u32,
    /// How many in which account.
    pub accounts: BTreeMap<AccountId, u32>,
    /// Position of the first of them.
    pub first: u32,
}

/// Contested resources kept by name for one service.
const CONTESTED_KEPT: usize = 5;
/// Resources of one service that are kept because they need somebody first.
pub const FIRST_KEPT: usize = 40;

impl ResourceTotals {
    /// Judges every resource of `catalog` once.
    pub fn of(catalog: &Catalog, today: Day) -> Self {
        let unread = ownership::unread(catalog);
        let pass = Pass {
            catalog,
            owners: Owners::of(catalog),
            is_whole: unread.is_none(),
            expected: Expected::of(catalog, today),
        };
        let none = || Part { totals: Self::none(catalog), unregistered: HashMap::new() };
        // A part for each stretch that a thread takes, not for each chunk: every part counts by service.
        let chunks = catalog.resources.par_chunks(CHUNK).enumerate();
        let part = chunks
            .fold(none, |mut part, (number, chunk)| {
                pass.chunk(number * CHUNK, chunk, &mut part);
                part
            })
            .reduce(none, Part::and);
        let Part { mut totals, unregistered } = part;
        totals.unread = unread.map(Into::into);
        totals.unregistered = unregistered.into_values().collect();
        totals.unregistered.sort_by(|a, b| b.resources.cmp(&a.resources).then_with(|| a.name.cmp(&b.name)));
        totals.unregistered_more = totals.unregistered.len().saturating_sub(NAMES_KEPT);
        totals.unregistered.truncate(NAMES_KEPT);
        totals
    }

    fn none(catalog: &Catalog) -> Self {
        Self { all: Tally::none(&catalog.tag_policy), ..Self::default() }
    }

    /// What was found in the account `id`; `None` when that is nothing.
    pub fn in_account(&self, id: &AccountId) -> Option<&InAccount> {
        self.accounts.get(&Some(id.clone()))
    }

    /// Positions of what was found in the account `id`.
    pub fn positions_in(&self, id: &AccountId) -> &[u32] {
        self.in_account(id).map_or(&[], |found| &found.resources)
    }

    /// Adds what comes after it.
    fn add(&mut self, later: Self) {
        self.all.add(&later.all);
        for (account, later) in later.accounts {
            match self.accounts.get_mut(&account) {
                Some(known) => known.add(later),
                None => drop(self.accounts.insert(account, later)),
            }
        }
        add_all(&mut self.types, later.types);
        add_all(&mut self.teams, later.teams);
        add_all(&mut self.services, later.services);
        for (service, found) in later.found {
            let known = self.found.entry(service).or_default();
            for (place, count) in found.places {
                *known.places.entry(place).or_default() += count;
            }
            let room = CONTESTED_KEPT.saturating_sub(known.contested.len());
            known.contested.extend(found.contested.into_iter().take(room));
            known.contested_in_all += found.contested_in_all;
            for (pressing, positions) in found.first {
                let first = known.first.entry(pressing).or_default();
                let room = FIRST_KEPT.saturating_sub(first.len());
                first.extend(positions.into_iter().take(room));
            }
        }
        self.contested.extend(later.contested);
        self.undeclared.extend(later.undeclared);
    }
}

impl InAccount {
    fn none(catalog: &Catalog) -> Self {
        Self {
            all: Tally::none(&catalog.tag_policy),
            resources: Vec::new(),
            types: BTreeMap::new(),
            regions: BTreeMap::new(),
            environments: BTreeMap::new(),
        }
    }

    fn add(&mut self, later: Self) {
        self.all.add(&later.all);
        self.resources.extend(later.resources);
        add_all(&mut self.types, later.types);
        add_all(&mut self.regions, later.regions);
        for (environment, count) in later.environments {
            *self.environments.entry(environment).or_default() += count;
        }
    }
}

fn add_all<K: Ord>(tallies: &mut BTreeMap<K, Tally>, later: BTreeMap<K, Tally>) {
    for (key, tally) in later {
        match tallies.get_mut(&key) {
            Some(known) => known.add(&tally),
            None => drop(tallies.insert(key, tally)),
        }
    }
}

impl Unregistered {
    fn add(&mut self, later: &Self) {
        self.resources += later.resources;
        self.first = self.first.min(later.first);
        for (account, count) in &later.accounts {
            *self.accounts.entry(account.clone()).or_default() += count;
        }
    }
}

/// What a stretch of resources adds.
struct Part<'a> {
    totals: ResourceTotals,
    unregistered: HashMap<&'a str, Unregistered>,
}

impl Part<'_> {
    /// This one, then `later`.
    fn and(mut self, later: Self) -> Self {
        self.totals.add(later.totals);
        for (name, later) in later.unregistered {
            match self.unregistered.get_mut(name) {
                Some(known) => known.add(&later),
                None => drop(self.unregistered.insert(name, later)),
            }
        }
        self
    }
}

/// What every resource is judged with.
struct Pass<'a> {
    catalog: &'a Catalog,
    owners: Owners<'a>,
    is_whole: bool,
    expected: Expected<'a>,
}

impl<'a> Pass<'a> {
    fn chunk(&self, first: usize, resources: &'a [Resource], part: &mut Part<'a>) {
        // Names are made anew for each resource otherwise; a chunk has few of them.
        let mut environments: HashMap<&str, Arc<str>> = HashMap::new();
        for (at, resource) in (first..).zip(resources) {
            let position = u32::try_from(at).expect("resources stay below four billion");
            let ownership = self.owners.who(resource);
            let environment = tags::environment(&self.catalog.tag_policy, resource)
                .map(|name| Arc::clone(environments.entry(name).or_insert_with(|| Arc::from(name))));
            let is_wrong = self.count(resource, position, &ownership, environment.as_ref(), &mut part.totals);
            let totals = &mut part.totals;
            if ownership.contested {
                totals.contested.push(position);
            }
            if ownership.undeclared_account {
                totals.undeclared.push(position);
            }
            if let Some(service) = ownership.service {
                let global = Arn::parse(&resource.arn).is_none_or(|arn| arn.region.is_empty());
                let region = (!global).then(|| Arc::clone(&resource.region));
                let place = FoundIn { account: resource.account.clone(), region, environment };
                let found = totals.found.entry(service).or_default();
                *found.places.entry(place).or_default() += 1;
                let pressing = (!ownership.contested, !ownership.undeclared_account, !is_wrong);
                let first = found.first.entry(pressing).or_default();
                if first.len() < FIRST_KEPT {
                    first.push(position);
                }
            }
            contesting(&ownership, position, totals);
            unregistered(&ownership, resource, position, &mut part.unregistered);
        }
    }

    /// Counts `resource` wherever it counts, and says whether a tag on it is wrong.
    fn count(
        &self,
        resource: &Resource,
        position: u32,
        ownership: &Ownership<'_>,
        environment: Option<&Arc<str>>,
        totals: &mut ResourceTotals,
    ) -> bool {
        let expected = self.expected.of_service(ownership.service);
        let verdicts: Option<Vec<TagVerdict<'_>>> =
            expected.judges(resource).then(|| expected.judge(resource).collect());
        let holding = ownership.holding(self.is_whole);
        let none = || Tally::none(&self.catalog.tag_policy);
        let account = totals.accounts.entry(resource.account.clone());
        let account = account.or_insert_with(|| InAccount::none(self.catalog));
        account.resources.push(position);
        if let Some(environment) = environment {
            *account.environments.entry(Arc::clone(environment)).or_default() += 1;
        }
        let counting = [
            &mut totals.all,
            &mut account.all,
            account.types.entry(Arc::clone(&resource.resource_type)).or_insert_with(none),
            account.regions.entry(Arc::clone(&resource.region)).or_insert_with(none),
            totals.types.entry(Arc::clone(&resource.resource_type)).or_insert_with(none),
            totals.teams.entry(ownership.team).or_insert_with(none),
            totals.services.entry(ownership.service).or_insert_with(none),
        ];
        for tally in counting {
            tally.count(resource, holding, verdicts.as_deref());
        }
        verdicts.is_some_and(|verdicts| verdicts.iter().any(TagVerdict::is_wrong))
    }
}

/// Tells every service that a contested resource is said to be of.
fn contesting(ownership: &Ownership<'_>, position: u32, totals: &mut ResourceTotals) {
    if !ownership.contested {
        return;
    }
    let services: BTreeSet<Index<Service>> =
        ownership.reasons.iter().filter_map(|reason| reason.service()).collect();
    for service in services {
        let found = totals.found.entry(service).or_default();
        found.contested_in_all += 1;
        if found.contested.len() < CONTESTED_KEPT {
            found.contested.push(position);
        }
    }
}

/// Counts names of services that no descriptor has.
fn unregistered<'a>(
    ownership: &Ownership<'a>,
    resource: &Resource,
    position: u32,
    names: &mut HashMap<&'a str, Unregistered>,
) {
    let dangling = ownership.reasons.iter().filter(|reason| reason.owner.is_none());
    let named = dangling.filter_map(|reason| match reason.ground {
        Ground::ServiceTag { value, .. } => Some(value),
        _ => None,
    });
    // Of several tags that name nobody the one that counts most is meant.
    let Some(name) = named.take(1).next() else { return };
    let known = names.entry(name).or_insert_with(|| Unregistered {
        name: name.into(),
        resources: 0,
        accounts: BTreeMap::new(),
        first: position,
    });
    known.resources += 1;
    if let Some(account) = &resource.account {
        *known.accounts.entry(account.clone()).or_default() += 1;
    }
}

#[cfg(test)]
mod tests;
