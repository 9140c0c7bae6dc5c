//! Inventory: what lies in which account and whose it is, with its tags judged: every total that pages and the
//! JSON show, from one pass over all resources.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use rayon::prelude::*;

use super::outcome::Share;
use super::ownership::Owners;
use super::tags::{Expectations, TagVerdict};
use super::unseen::{Unseen, unseen};
use super::{TagCounts, TagVerdicts};
use crate::catalog::id::AccountId;
use crate::catalog::resource::Resource;
use crate::catalog::table::Index;
use crate::catalog::{Catalog, Service, Team};
use crate::day::Day;

/// How many resources one thread takes at a time.
const CHUNK: usize = 8192;

/// Some resources, counted.
#[derive(Clone, Debug)]
pub struct Holding {
    /// How many.
    pub resources: u64,
    /// Those of them whose tags policy judges, and does not exempt.
    pub judged: u64,
    /// Those of the judged whose tags are all right.
    pub right: u64,
    /// Verdicts on those whose type policy judges, by key.
    pub tags: TagVerdicts,
}

/// What lies in one account.
#[derive(Clone, Debug)]
pub struct InAccount<'a> {
    /// All of it.
    pub all: Holding,
    /// Positions in [`Catalog::resources`], in order.
    pub resources: Vec<u32>,
    /// How much of it is of which type.
    pub types: BTreeMap<&'a str, Holding>,
    /// How much of it lies in which region.
    pub regions: BTreeMap<&'a str, Holding>,
}

/// Every total.
#[derive(Debug)]
pub struct Inventory<'a> {
    /// Everything that was found.
    pub all: Holding,
    /// By the account in the ARN; without one, what names no account.
    pub accounts: BTreeMap<Option<&'a str>, InAccount<'a>>,
    /// By the team that owns the service; without one, what no team answers for.
    pub teams: BTreeMap<Option<Index<Team>>, Holding>,
    /// By service; without one, what belongs to no service.
    pub services: BTreeMap<Option<Index<Service>>, Holding>,
    /// By type.
    pub types: BTreeMap<&'a str, Holding>,
    /// Whether AWS Organizations listed its accounts.
    pub is_listed: bool,
    /// Accounts and regions that nobody could see, by account.
    pub unseen: Vec<Unseen<'a>>,
    declared_by: BTreeMap<AccountId, BTreeSet<Index<Service>>>,
    catalog: &'a Catalog,
    today: Day,
    general: Expectations<'a>,
    expectations: Vec<OnceLock<Expectations<'a>>>,
}

impl Holding {
    fn none(catalog: &Catalog) -> Self {
        Self { resources: 0, judged: 0, right: 0, tags: TagVerdicts::none(&catalog.tag_policy) }
    }

    fn merge(&mut self, other: &Self) {
        self.resources += other.resources;
        self.judged += other.judged;
        self.right += other.right;
        self.tags.append(&other.tags);
    }

    /// How many of the required tags are there and right; what is exempt is not counted.
    pub fn tags_right(&self) -> Option<Share> {
        let right = self.tags.keys.iter().map(|counts| u64::from(counts.ok)).sum();
        Share::of(right, self.tags.keys.iter().map(required).sum())
    }
}

/// On how many resources a key is required, and not exempt.
pub fn required(counts: &TagCounts) -> u64 {
    let TagCounts { ok, missing, wrong_case, wrong_value, contested, exempt: _ } = *counts;
    [ok, missing, wrong_case, wrong_value, contested].into_iter().map(u64::from).sum()
}

/// What one thread has counted.
struct Count<'a> {
    accounts: BTreeMap<Option<&'a str>, InAccount<'a>>,
    services: BTreeMap<Option<Index<Service>>, Holding>,
}

impl<'a> Inventory<'a> {
    /// Counts and judges everything as of `today`.
    pub fn of(catalog: &'a Catalog, today: Day) -> Self {
        let mut inventory = Self {
            all: Holding::none(catalog),
            accounts: BTreeMap::new(),
            teams: BTreeMap::new(),
            services: BTreeMap::new(),
            types: BTreeMap::new(),
            is_listed: catalog.accounts.iter().any(|account| account.observed.is_some()),
            unseen: unseen(catalog),
            declared_by: declared_by(catalog),
            catalog,
            today,
            general: Expectations::of(catalog, None, today),
            expectations: catalog.services.iter().map(|_| OnceLock::new()).collect(),
        };
        let empty = || Count { accounts: BTreeMap::new(), services: BTreeMap::new() };
        let chunks = catalog.resources.par_chunks(CHUNK).enumerate();
        let counted = chunks
            .fold(empty, |mut count, (chunk, resources)| {
                for (offset, resource) in resources.iter().enumerate() {
                    inventory.count(&mut count, chunk * CHUNK + offset, resource);
                }
                count
            })
            .reduce(empty, |first, second| first.and(second));
        inventory.sum(counted);
        inventory
    }

    fn count(&self, count: &mut Count<'a>, position: usize, resource: &'a Resource) {
        let expectations = self.expectations(resource);
        let judged = expectations.judges(resource).then(|| expectations.judge(resource));
        let verdicts: Option<Vec<TagVerdict<'_>>> = judged.map(Iterator::collect);
        let contested = verdicts.is_some() && Owners::of(self.catalog).who(resource).contested;
        let none = || Holding::none(self.catalog);
        let account = resource.account.as_ref().map(AccountId::as_str);
        let lies_in = count.accounts.entry(account).or_insert_with(|| InAccount {
            all: none(),
            resources: Vec::new(),
            types: BTreeMap::new(),
            regions: BTreeMap::new(),
        });
        lies_in.resources.push(u32::try_from(position).expect("resources stay below four billion"));
        let own = [
            &mut lies_in.all,
            lies_in.types.entry(&resource.resource_type).or_insert_with(none),
            lies_in.regions.entry(&resource.region).or_insert_with(none),
            count.services.entry(resource.service).or_insert_with(none),
        ];
        for holding in own {
            holding.resources += 1;
            let Some(verdicts) = &verdicts else { continue };
            holding.tags.total += 1;
            // An exemption is for all tags of a resource.
            let is_exempt = verdicts.iter().any(|verdict| matches!(verdict, TagVerdict::Exempt(_)));
            holding.judged += u64::from(!is_exempt);
            holding.right +=
                u64::from(!is_exempt && !contested && !verdicts.iter().any(TagVerdict::is_wrong));
            for (counts, verdict) in holding.tags.keys.iter_mut().zip(verdicts) {
                counts.add(verdict, contested);
            }
        }
    }

    fn sum(&mut self, counted: Count<'a>) {
        let none = || Holding::none(self.catalog);
        for (service, holding) in &counted.services {
            let team = service.and_then(|service| self.catalog.services[service].owner);
            self.all.merge(holding);
            self.teams.entry(team).or_insert_with(none).merge(holding);
        }
        for lies_in in counted.accounts.values() {
            for (kind, holding) in &lies_in.types {
                self.types.entry(kind).or_insert_with(none).merge(holding);
            }
        }
        self.services = counted.services;
        self.accounts = counted.accounts;
        for lies_in in self.accounts.values_mut() {
            lies_in.resources.sort_unstable();
        }
    }

    /// What is expected of `resource`: by its service, else by policy alone.
    pub fn expectations(&self, resource: &Resource) -> &Expectations<'a> {
        let Some(service) = resource.service else { return &self.general };
        self.expectations[service.position()]
            .get_or_init(|| Expectations::of(self.catalog, Some(&self.catalog.services[service]), self.today))
    }

    /// The required keys in the order of the policy.
    pub fn keys(&self) -> impl Iterator<Item = &'a str> {
        self.general.tags().iter().map(|tag| tag.key)
    }

    /// What was found in `account`; `None` when that is nothing.
    pub fn in_account<'s>(&'s self, account: &'s AccountId) -> Option<&'s InAccount<'s>> {
        self.accounts.get(&Some(account.as_str()))
    }

    /// What of `account` nobody could see.
    pub fn unseen_in(&self, account: &AccountId) -> &[Unseen<'a>] {
        let from = self.unseen.partition_point(|unseen| unseen.account < account.as_str());
        let to = self.unseen.partition_point(|unseen| unseen.account <= account.as_str());
        &self.unseen[from..to]
    }

    /// Services whose records say that they run in `account`, by id.
    pub fn declared_by(&self, account: &AccountId) -> impl ExactSizeIterator<Item = Index<Service>> {
        const NONE: &BTreeSet<Index<Service>> = &BTreeSet::new();
        self.declared_by.get(account).unwrap_or(NONE).iter().copied()
    }
}

impl Count<'_> {
    fn and(mut self, other: Self) -> Self {
        for (account, other) in other.accounts {
            match self.accounts.get_mut(&account) {
                None => drop(self.accounts.insert(account, other)),
                Some(own) => {
                    own.all.merge(&other.all);
                    own.resources.extend(other.resources);
                    merge(&mut own.types, other.types);
                    merge(&mut own.regions, other.regions);
                }
            }
        }
        merge(&mut self.services, other.services);
        self
    }
}

fn merge<K: Ord>(own: &mut BTreeMap<K, Holding>, other: BTreeMap<K, Holding>) {
    for (key, holding) in other {
        match own.get_mut(&key) {
            Some(known) => known.merge(&holding),
            None => drop(own.insert(key, holding)),
        }
    }
}

fn declared_by(catalog: &Catalog) -> BTreeMap<AccountId, BTreeSet<Index<Service>>> {
    let mut declared: BTreeMap<AccountId, BTreeSet<Index<Service>>> = BTreeMap::new();
    for (index, service) in catalog.services.indexed() {
        let runs = service.environments.iter().filter_map(|runs| runs.account.as_ref());
        for account in runs.map(|account| &account.value).chain(service.record.account_id.value()) {
            declared.entry(account.clone()).or_default().insert(index);
        }
    }
    declared
}
