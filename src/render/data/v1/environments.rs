//! `environments/index.json`: environments and sandboxes with the time they have and what is left of them.

use schemars::JsonSchema;
use serde::Serialize;

use super::{ROWS, files};
use crate::assess::environments::{Lease, Place, Time};
use crate::render::portal::Portal;

/// A page of the list.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Environments<'a> {
    /// The environments of this page, in the order in which somebody has to act.
    pub environments: Vec<Environment<'a>>,
    /// All pages of the list, relative to `index.json`, this one included.
    pub pages: Vec<String>,
}

/// One environment, or an account that is a sandbox.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Environment<'a> {
    /// Twelve digits.
    pub account: Option<&'a str>,
    /// Days until its last day, which is 0; negative when it is over. Absent without an end.
    pub days_left: Option<i64>,
    /// Its last day.
    pub expires_at: Option<String>,
    /// Its id; of a sandbox that of the account.
    pub id: &'a str,
    /// `environment` or `sandbox`.
    pub kind: &'static str,
    /// What people call it.
    pub name: Option<&'a str>,
    /// Id of the team that answers, as written.
    pub owner: Option<&'a str>,
    /// What it is for.
    pub purpose: Option<&'a str>,
    /// How many resources of it were found.
    pub resources: usize,
    /// Ids of services that it was asked for, as written.
    pub services: Vec<&'a str>,
    /// `overdue`, `ending`, `no-end` or `standing`.
    pub state: &'static str,
    /// Why there may be more resources; absent when there are none.
    pub unknown: Option<&'a str>,
}

/// The pages of a list of so many: parts of their addresses.
pub(super) fn pages(rows: usize) -> Vec<String> {
    super::pages("environments/index", "environments", rows)
}

impl<'a> Environments<'a> {
    pub(super) fn of(portal: &'a Portal<'_>, page: usize) -> Self {
        let leases = &portal.assessment.environments.all;
        let rows = leases.iter().skip(page * ROWS).take(ROWS);
        Self {
            environments: rows.map(|lease| Environment::of(portal, lease)).collect(),
            pages: files(pages(leases.len())),
        }
    }
}

impl<'a> Environment<'a> {
    fn of(portal: &'a Portal<'_>, lease: &'a Lease) -> Self {
        let catalog = portal.catalog;
        let (days_left, state) = match lease.time {
            Time::Overdue(days) => (Some(-days), "overdue"),
            Time::Left(days) => (Some(days), "ending"),
            Time::NoEnd => (None, "no-end"),
            Time::Stays => (None, "standing"),
        };
        let mut row = Self {
            account: None,
            days_left,
            expires_at: lease.last.map(|day| day.to_string()),
            id: lease.id(catalog),
            kind: "environment",
            name: None,
            owner: None,
            purpose: None,
            resources: lease.rest.resources,
            services: Vec::new(),
            state,
            unknown: lease.rest.unknown.as_deref(),
        };
        match lease.place {
            Place::Environment(index) => {
                let record = &catalog.environments[index].record;
                row.account = record.account_id.value().map(|account| account.as_str());
                row.name = record.display_name.value().map(|name| &**name);
                row.owner = record.owner.value().map(|owner| owner.as_str());
                row.purpose = record.purpose.value().map(|purpose| &**purpose);
                row.services = record.services.values().map(|service| service.as_str()).collect();
            }
            Place::Sandbox(index) => {
                let account = &catalog.accounts[index];
                row.kind = "sandbox";
                row.account = Some(account.id.as_str());
                let Some(declared) = &account.declared else { return row };
                let record = &declared.record;
                row.name = record.name.value().map(|name| &**name);
                row.owner = record.owner.value().map(|owner| owner.as_str());
                row.purpose = record.purpose.value().map(|purpose| &**purpose);
                row.services = record.services.values().map(|service| service.as_str()).collect();
            }
        }
        row
    }
}
