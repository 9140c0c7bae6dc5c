//! Inventory: what a list of resources is judged with, one after the other: whose each is, what its tags should
//! be, and what nobody could see. Totals are in `resources.rs`.

use std::sync::OnceLock;

use super::ownership::{Owners, Ownership, unread};
use super::tags::Expectations;
use super::unseen::{Unseen, unseen};
use crate::catalog::id::AccountId;
use crate::catalog::resource::Resource;
use crate::catalog::table::Index;
use crate::catalog::{Catalog, Service};
use crate::day::Day;

/// What is expected of the tags of every service, made when it is first asked for.
#[derive(Debug)]
pub struct Expected<'a> {
    catalog: &'a Catalog,
    is_whole: bool,
    today: Day,
    general: Expectations<'a>,
    services: Vec<OnceLock<Expectations<'a>>>,
}

impl<'a> Expected<'a> {
    /// As of `today`.
    pub fn of(catalog: &'a Catalog, today: Day) -> Self {
        let is_whole = unread(catalog).is_none();
        Self {
            catalog,
            is_whole,
            today,
            general: Expectations::of_policy(catalog, is_whole, today),
            services: catalog.services.iter().map(|_| OnceLock::new()).collect(),
        }
    }

    /// What is expected of the resources of `service`: by its record, else by policy alone.
    pub fn of_service(&self, service: Option<Index<Service>>) -> &Expectations<'a> {
        let Some(service) = service else { return &self.general };
        self.services[service.position()].get_or_init(|| {
            let service = &self.catalog.services[service];
            Expectations::of_service(self.catalog, service, self.is_whole, self.today)
        })
    }

    /// The required keys in the order of the policy.
    pub fn keys(&self) -> impl Iterator<Item = &'a str> {
        self.general.tags().iter().map(|tag| tag.key)
    }
}

/// What every list of resources needs.
#[derive(Debug)]
pub struct Inventory<'a> {
    /// Who owns resources.
    pub owners: Owners<'a>,
    /// What their tags should be.
    pub expected: Expected<'a>,
    /// Accounts and regions that nobody could see, by account.
    pub unseen: Vec<Unseen<'a>>,
    /// Whether AWS Organizations listed its accounts.
    pub is_listed: bool,
    catalog: &'a Catalog,
}

impl<'a> Inventory<'a> {
    /// As of `today`.
    pub fn of(catalog: &'a Catalog, today: Day) -> Self {
        Self {
            owners: Owners::of(catalog),
            expected: Expected::of(catalog, today),
            unseen: unseen(catalog),
            is_listed: catalog.accounts.iter().any(|account| account.observed.is_some()),
            catalog,
        }
    }

    /// Whose `resource` is, and what its tags should be.
    pub fn look(&self, resource: &'a Resource) -> (Ownership<'a>, &Expectations<'a>) {
        let ownership = self.owners.who(resource);
        let expectations = self.expected.of_service(ownership.service);
        (ownership, expectations)
    }

    /// What of `account` nobody could see.
    pub fn unseen_in(&self, account: &AccountId) -> &[Unseen<'a>] {
        let from = self.unseen.partition_point(|unseen| unseen.account < account.as_str());
        let to = self.unseen.partition_point(|unseen| unseen.account <= account.as_str());
        &self.unseen[from..to]
    }

    /// Services whose records say that they run in `account`, by id.
    pub fn declared_by(&self, account: &AccountId) -> Vec<Index<Service>> {
        let known = self.catalog.claimants().in_account(account.as_str()).iter();
        known.filter(|known| known.is_declared).map(|known| known.service).collect()
    }
}
