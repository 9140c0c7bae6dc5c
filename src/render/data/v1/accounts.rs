//! `accounts/index.json`: one short row for each account, and what nobody could see; and
//! `resources/<account>.json`, page by page.

use schemars::JsonSchema;
use serde::Serialize;

use super::resource::Resource;
use super::{ROWS, files};
use crate::assess::resources::InAccount;
use crate::assess::unseen::Unseen;
use crate::catalog::Account;
use crate::catalog::id::AccountId;
use crate::render::links::NOWHERE;
use crate::render::portal::Portal;

/// A page of the list of accounts.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Accounts<'a> {
    /// The accounts of this page, by id.
    pub accounts: Vec<Row<'a>>,
    /// All pages of the list, relative to `index.json`, this one included.
    pub pages: Vec<String>,
    /// Accounts and regions whose resources are not known; on every page.
    pub unknown: Vec<Unknown<'a>>,
}

/// One account.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Row<'a> {
    /// Twelve digits.
    pub id: &'a str,
    /// The declared name, else that of AWS Organizations.
    pub name: Option<&'a str>,
    /// Id of the team that answers for it.
    pub owner: Option<&'a str>,
    /// How many resources were found that carry or carried a tag; absent when that is not known.
    pub resources: Option<u64>,
    /// What AWS Organizations says of it.
    pub state: Option<&'a str>,
    /// How many of the required tags are there and right; absent when none is required of anything found.
    pub tags: Option<Tags>,
}

/// How many of the required tags are there and right.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Tags {
    /// How many are required, without those that are exempt.
    pub required: u64,
    /// How many of them are right.
    pub right: u64,
}

/// An account, or one region of it, whose resources are not known.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Unknown<'a> {
    /// Twelve digits.
    pub account: &'a str,
    /// The region; every region when there is none.
    pub region: Option<&'a str>,
    /// Why.
    pub why: &'a str,
}

/// A page of the resources of one account.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Resources<'a> {
    /// The account; none for those whose ARN names none.
    pub account: Option<&'a str>,
    /// All pages of the list, relative to `index.json`, this one included.
    pub pages: Vec<String>,
    /// The resources of this page, by ARN.
    pub resources: Vec<Resource<'a>>,
}

/// The pages of a list of so many accounts: parts of their addresses.
pub(super) fn pages(accounts: usize) -> Vec<String> {
    super::pages("accounts/index", "accounts", accounts)
}

/// The pages of what was found in an account: parts of their addresses.
pub(super) fn resource_pages(account: Option<&str>, found: &InAccount) -> Vec<String> {
    let first = format!("resources/{}", account.unwrap_or(NOWHERE));
    super::pages(&first, &first, found.resources.len())
}

impl<'a> Unknown<'a> {
    /// What scripts see of `unseen`.
    pub fn of(unseen: &Unseen<'a>) -> Self {
        Self { account: unseen.account, region: unseen.region, why: unseen.why }
    }
}

impl<'a> Accounts<'a> {
    pub(super) fn of(portal: &'a Portal<'_>, page: usize) -> Self {
        let accounts = portal.catalog.accounts.rows();
        let unknown = portal.inventory.unseen.iter();
        Self {
            accounts: accounts
                .iter()
                .skip(page * ROWS)
                .take(ROWS)
                .map(|account| row(portal, account))
                .collect(),
            pages: files(pages(accounts.len())),
            unknown: unknown.map(Unknown::of).collect(),
        }
    }
}

impl<'a> Resources<'a> {
    pub(super) fn of(portal: &'a Portal<'_>, account: Option<&'a AccountId>, page: usize) -> Self {
        let found = portal.assessment.resources.accounts.get(&account.cloned());
        let positions = found.map_or(&[][..], |found| found.resources.as_slice());
        let rows = positions.iter().skip(page * ROWS).take(ROWS).map(|position| {
            let resource = &portal.catalog.resources[*position as usize];
            Resource::of(portal.catalog, portal.inventory.look(resource), resource, |_| true)
        });
        Self {
            pages: found
                .map(|found| files(resource_pages(account.map(AccountId::as_str), found)))
                .unwrap_or_default(),
            account: account.map(AccountId::as_str),
            resources: rows.collect(),
        }
    }
}

fn row<'a>(portal: &'a Portal<'_>, account: &'a Account) -> Row<'a> {
    let inventory = &portal.inventory;
    let found = portal.assessment.resources.in_account(&account.id);
    let declared = account.declared.as_ref().and_then(|declared| declared.record.name.value());
    let observed = account.observed.as_ref();
    let all_seen = inventory.unseen_in(&account.id).is_empty();
    Row {
        id: account.id.as_str(),
        name: declared.map(|name| &**name).or(observed.map(|observed| &*observed.name)),
        owner: account.owner.map(|team| portal.catalog.teams[team].id.as_str()),
        resources: found.map(|found| found.all.resources).or(all_seen.then_some(0)),
        state: observed.map(|observed| &*observed.state),
        tags: found
            .and_then(|found| found.all.tags_right())
            .map(|share| Tags { required: share.whole, right: share.part }),
    }
}
