//! Totals over all resources, in one pass side by side: verdicts on tags, who owns them, where those of each
//! service were found, and names of services that no descriptor has. Nothing is kept of a single resource but
//! the positions of those that are contested, or claimed from an undeclared account.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use rayon::prelude::*;

use super::TagVerdicts;
use super::ownership::{self, Holding, Owners, Ownership};
use super::tags::{self, Expectations};
use crate::catalog::arn::Arn;
use crate::catalog::id::AccountId;
use crate::catalog::ownership::Ground;
use crate::catalog::resource::Resource;
use crate::catalog::table::Index;
use crate::catalog::{Catalog, Service, Team};
use crate::day::Day;

/// Resources that one thread takes at a time.
const CHUNK: usize = 16_384;

/// Names that no descriptor has, kept at most; whoever can tag can make up any number of them.
const NAMES_KEPT: usize = 10_000;

/// What is said of all resources together.
#[derive(Debug, Default, PartialEq)]
pub struct ResourceTotals {
    /// Of all of them.
    pub all: Tally,
    /// By the account that they lie in.
    pub accounts: BTreeMap<AccountId, Tally>,
    /// By type.
    pub types: BTreeMap<Arc<str>, Tally>,
    /// By the team that answers for them.
    pub teams: BTreeMap<Index<Team>, Tally>,
    /// By the service that they count for.
    pub services: BTreeMap<Index<Service>, Found>,
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

/// Verdicts on the tags of some resources, and who owns them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    /// How many there are, those included whose tags policy does not judge.
    pub resources: u32,
    /// Who owns them.
    pub holdings: Holdings,
    /// Verdicts on their tags.
    pub tags: TagVerdicts,
}

/// Resources by what is known of their owner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Holdings {
    /// Somebody answers for them.
    pub owned: u32,
    /// Reasons contradict each other.
    pub contested: u32,
    /// Nobody answers for them.
    pub unowned: u32,
    /// What they name may be described where we could not look.
    pub unknown: u32,
}

/// What was found of one service.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// Who owns them: it, unless somebody contests it.
    pub holdings: Holdings,
    /// Where they lie.
    pub places: BTreeMap<FoundIn, u32>,
    /// Positions of the first that are contested, whoever is shown with them.
    pub contested: Vec<u32>,
    /// How many of those there are in all.
    pub contested_in_all: u32,
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

impl ResourceTotals {
    /// Judges every resource of `catalog` once.
    pub fn of(catalog: &Catalog, today: Day) -> Self {
        let unread = ownership::unread(catalog);
        let pass = Pass { catalog, owners: Owners::of(catalog), is_whole: unread.is_none(), today };
        let parts: Vec<Part<'_>> = catalog
            .resources
            .par_chunks(CHUNK)
            .enumerate()
            .map(|(number, chunk)| pass.chunk(number * CHUNK, chunk))
            .collect();
        let mut totals = Self { unread: unread.map(Into::into), ..Self::default() };
        totals.all.tags = TagVerdicts::none(&catalog.tag_policy);
        let mut unregistered: HashMap<&str, Unregistered> = HashMap::new();
        for part in parts {
            totals.add(part.totals);
            for (name, later) in part.unregistered {
                match unregistered.get_mut(name) {
                    Some(known) => known.add(&later),
                    None => drop(unregistered.insert(name, later)),
                }
            }
        }
        totals.unregistered = unregistered.into_values().collect();
        totals.unregistered.sort_by(|a, b| b.resources.cmp(&a.resources).then_with(|| a.name.cmp(&b.name)));
        totals.unregistered_more = totals.unregistered.len().saturating_sub(NAMES_KEPT);
        totals.unregistered.truncate(NAMES_KEPT);
        totals
    }

    /// Adds what comes after it.
    fn add(&mut self, later: Self) {
        self.all.add(&later.all);
        add_all(&mut self.accounts, later.accounts);
        add_all(&mut self.types, later.types);
        add_all(&mut self.teams, later.teams);
        for (service, found) in later.services {
            let known = self.services.entry(service).or_default();
            known.holdings.add(found.holdings);
            for (place, count) in found.places {
                *known.places.entry(place).or_default() += count;
            }
            let room = CONTESTED_KEPT.saturating_sub(known.contested.len());
            known.contested.extend(found.contested.into_iter().take(room));
            known.contested_in_all += found.contested_in_all;
        }
        self.contested.extend(later.contested);
        self.undeclared.extend(later.undeclared);
    }
}

fn add_all<K: Ord>(tallies: &mut BTreeMap<K, Tally>, later: BTreeMap<K, Tally>) {
    for (key, tally) in later {
        tallies.entry(key).or_default().add(&tally);
    }
}

impl Tally {
    fn add(&mut self, later: &Self) {
        self.resources += later.resources;
        self.holdings.add(later.holdings);
        self.tags.append(&later.tags);
    }
}

impl Holdings {
    fn count(&mut self, holding: Holding) {
        let counter = match holding {
            Holding::Owned => &mut self.owned,
            Holding::Contested => &mut self.contested,
            Holding::Unowned => &mut self.unowned,
            Holding::Unknown => &mut self.unknown,
        };
        *counter += 1;
    }

    fn add(&mut self, later: Self) {
        self.owned += later.owned;
        self.contested += later.contested;
        self.unowned += later.unowned;
        self.unknown += later.unknown;
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

/// What one chunk of resources adds.
struct Part<'a> {
    totals: ResourceTotals,
    unregistered: HashMap<&'a str, Unregistered>,
}

/// What every resource is judged with.
struct Pass<'a> {
    catalog: &'a Catalog,
    owners: Owners<'a>,
    is_whole: bool,
    today: Day,
}

impl<'a> Pass<'a> {
    fn chunk(&self, first: usize, resources: &'a [Resource]) -> Part<'a> {
        let mut part = Part { totals: ResourceTotals::default(), unregistered: HashMap::new() };
        let mut expectations: HashMap<Option<Index<Service>>, Expectations<'a>> = HashMap::new();
        // Names are made anew for each resource otherwise; a chunk has few of them.
        let mut environments: HashMap<&str, Arc<str>> = HashMap::new();
        for (at, resource) in (first..).zip(resources) {
            let position = u32::try_from(at).expect("resources stay below four billion");
            let ownership = self.owners.who(resource);
            let expected = expectations.entry(ownership.service).or_insert_with(|| {
                let service = ownership.service.map(|service| &self.catalog.services[service]);
                Expectations::of(self.catalog, service, self.today)
            });
            let mut tally = Tally { resources: 1, ..self.empty() };
            let holding = ownership.holding(self.is_whole);
            tally.holdings.count(holding);
            tally.tags.add(expected, resource, ownership.contested);
            let totals = &mut part.totals;
            totals.all.add(&tally);
            if let Some(account) = &resource.account {
                totals.accounts.entry(account.clone()).or_default().add(&tally);
            }
            totals.types.entry(Arc::clone(&resource.resource_type)).or_default().add(&tally);
            if let Some(team) = ownership.team {
                totals.teams.entry(team).or_default().add(&tally);
            }
            if ownership.contested {
                totals.contested.push(position);
            }
            if ownership.undeclared_account {
                totals.undeclared.push(position);
            }
            if let Some(service) = ownership.service {
                let found = totals.services.entry(service).or_default();
                found.holdings.count(holding);
                let environment = tags::environment(&self.catalog.tag_policy, resource)
                    .map(|name| Arc::clone(environments.entry(name).or_insert_with(|| Arc::from(name))));
                let global = Arn::parse(&resource.arn).is_none_or(|arn| arn.region.is_empty());
                let region = (!global).then(|| Arc::clone(&resource.region));
                let place = FoundIn { account: resource.account.clone(), region, environment };
                *found.places.entry(place).or_default() += 1;
            }
            contesting(&ownership, position, totals);
            unregistered(&ownership, resource, position, &mut part.unregistered);
        }
        part
    }

    fn empty(&self) -> Tally {
        Tally { tags: TagVerdicts::none(&self.catalog.tag_policy), ..Tally::default() }
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
        let found = totals.services.entry(service).or_default();
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
