//! The rows of a report: which resources and keys are wanted, one judged after the other, none kept.

use std::io;

use super::Failure;
use crate::assess::inventory::Inventory;
use crate::assess::unseen::Unseen;
use crate::catalog::id::AccountId;
use crate::catalog::table::Index;
use crate::catalog::{Catalog, Service, Team, resource};
use crate::cli::tags::{Only, Report};
use crate::commands::named;
use crate::day::Day;
use crate::render::data::v1::resource::Resource;

/// Which resources, and which of their keys.
pub(super) struct Selection {
    accounts: Vec<AccountId>,
    team: Option<Index<Team>>,
    service: Option<Index<Service>>,
    keys: Vec<Box<str>>,
    only_wrong: bool,
}

impl Selection {
    pub(super) fn of(catalog: &Catalog, arguments: &Report) -> Result<Self, Failure> {
        let account = |digits: &String| {
            AccountId::new(digits).ok_or_else(|| {
                Failure::Usage(format!("`--account {digits}` is no account; its id has twelve digits"))
            })
        };
        let required = || {
            let keys = catalog.tag_policy.required.values().filter_map(|tag| tag.key.value());
            keys.map(|key| &**key)
        };
        if let Some(unknown) = arguments.key.iter().find(|key| required().all(|known| known != **key)) {
            return Err(named::unknown("required tag", unknown, required()));
        }
        Ok(Self {
            accounts: arguments.account.iter().map(account).collect::<Result<_, _>>()?,
            team: arguments.team.as_deref().map(|name| named::team(catalog, name)).transpose()?,
            service: arguments.service.as_deref().map(|name| named::service(catalog, name)).transpose()?,
            keys: arguments.key.iter().map(|key| key.as_str().into()).collect(),
            only_wrong: arguments.only == Some(Only::Wrong),
        })
    }

    fn has_key(&self, key: &str) -> bool {
        self.keys.is_empty() || self.keys.iter().any(|own| **own == *key)
    }

    fn has_account(&self, account: Option<&str>) -> bool {
        self.accounts.is_empty() || self.accounts.iter().any(|own| Some(own.as_str()) == account)
    }
}

/// The rows, in the order of ARNs.
pub(super) struct Rows<'a> {
    catalog: &'a Catalog,
    selection: Selection,
    inventory: Inventory<'a>,
}

impl<'a> Rows<'a> {
    pub(super) fn of(catalog: &'a Catalog, today: Day, selection: Selection) -> Self {
        Self { catalog, selection, inventory: Inventory::of(catalog, today) }
    }

    /// The keys that are wanted, in the order of the policy.
    pub(super) fn keys(&self) -> impl Iterator<Item = &'a str> {
        self.inventory.expected.keys().filter(|key| self.selection.has_key(key))
    }

    /// What nobody could see in the accounts that are wanted. It is whosever it is: no other choice leaves it out.
    pub(super) fn unseen(&self) -> impl Iterator<Item = &Unseen<'a>> {
        self.inventory.unseen.iter().filter(|unseen| self.selection.has_account(Some(unseen.account)))
    }

    /// How many resources in the accounts that are wanted have no tags that are known, whosever they are.
    pub(super) fn untold(&self) -> usize {
        let wanted = |resource: &&resource::Resource| {
            resource.is_untold()
                && self.selection.has_account(resource.account.as_ref().map(AccountId::as_str))
        };
        self.catalog.resources.iter().filter(wanted).count()
    }

    /// Hands every wanted row to `visit`.
    pub(super) fn each(&self, mut visit: impl FnMut(&Resource<'_>) -> io::Result<()>) -> io::Result<()> {
        let wanted = |resource: &&resource::Resource| {
            self.selection.has_account(resource.account.as_ref().map(AccountId::as_str))
                && self.selection.service.is_none_or(|service| resource.service == Some(service))
        };
        for resource in self.catalog.resources.iter().filter(wanted) {
            let (ownership, expectations) = self.inventory.look(resource);
            if self.selection.team.is_some_and(|team| ownership.team != Some(team)) {
                continue;
            }
            let judged = (ownership, expectations);
            let row = Resource::of(self.catalog, judged, resource, |tag| self.selection.has_key(tag.key));
            let is_wrong =
                || row.tags.values().any(|tag| !matches!(tag.verdict, "ok" | "unknown" | "exempt"));
            if !self.selection.only_wrong || is_wrong() {
                visit(&row)?;
            }
        }
        Ok(())
    }
}
