//! `accounts/<id>.json`: one account, declared, observed or both.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use schemars::JsonSchema;
use serde::Serialize;

use super::result::{Question, Result, results};
use super::value::{Field, fields};
use crate::catalog::id::AccountId;
use crate::catalog::table::Index;
use crate::catalog::{self, Catalog};
use crate::render::portal::Portal;

/// One account.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Account<'a> {
    /// What is declared, by path, such as `purpose`.
    pub fields: BTreeMap<String, Field<'a>>,
    /// Twelve digits.
    pub id: &'a str,
    /// What AWS Organizations says of it.
    pub observed: Option<Observed<'a>>,
    /// Id of the team that answers for it.
    pub owner: Option<&'a str>,
    /// The seven questions, in their order.
    pub ownership_questions: Vec<Question<'a>>,
    /// How many resources were found in it, by type.
    pub resources: BTreeMap<&'a str, usize>,
    /// Results by scorecard.
    pub scorecards: BTreeMap<&'a str, Result<'a>>,
    /// Ids of services that declare it.
    pub services: Vec<&'a str>,
}

/// What AWS Organizations says of an account.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Observed<'a> {
    /// When it was listed.
    pub collected_at: String,
    /// Its name.
    pub name: &'a str,
    /// The chain of organisational units.
    pub path: Option<&'a str>,
    /// Its state.
    pub state: &'a str,
}

/// What lies in which account, worked out once for all of them.
#[derive(Debug, Default)]
pub(super) struct Holdings {
    resources: HashMap<AccountId, Vec<u32>>,
    services: HashMap<AccountId, BTreeSet<Index<catalog::Service>>>,
}

impl Holdings {
    pub(super) fn of(catalog: &Catalog) -> Self {
        let mut holdings = Self::default();
        for (position, resource) in (0_u32..).zip(&catalog.resources) {
            if let Some(account) = &resource.account {
                holdings.resources.entry(account.clone()).or_default().push(position);
            }
        }
        for (index, service) in catalog.services.indexed() {
            let runs = service.environments.iter().filter_map(|runs| runs.account.as_ref());
            let accounts = runs.map(|account| &account.value).chain(service.record.account_id.value());
            for account in accounts {
                holdings.services.entry(account.clone()).or_default().insert(index);
            }
        }
        holdings
    }
}

impl<'a> Account<'a> {
    pub(super) fn of(portal: &'a Portal<'_>, holdings: &'a Holdings, index: Index<catalog::Account>) -> Self {
        let catalog = portal.catalog;
        let account = &catalog.accounts[index];
        let found = holdings.resources.get(&account.id).map_or(&[][..], Vec::as_slice);
        let mut resources: BTreeMap<&str, usize> = BTreeMap::new();
        for position in found {
            *resources.entry(&catalog.resources[*position as usize].resource_type).or_default() += 1;
        }
        let services = holdings.services.get(&account.id).into_iter().flatten();
        let judged = portal.assessment.accounts.get(index.position());
        let view = portal.explainer.account(account, found);
        Self {
            fields: account
                .declared
                .as_ref()
                .map(|declared| fields(catalog, &declared.record))
                .unwrap_or_default(),
            id: account.id.as_str(),
            observed: account.observed.as_ref().map(|observed| Observed {
                collected_at: observed.collected_at.to_string(),
                name: &observed.name,
                path: observed.path.as_deref(),
                state: &observed.state,
            }),
            owner: account.owner.map(|team| catalog.teams[team].id.as_str()),
            ownership_questions: judged
                .map(|judged| Question::of(catalog, &judged.questions))
                .unwrap_or_default(),
            resources,
            scorecards: judged
                .map(|judged| results(portal, &judged.subject, &view.context()))
                .unwrap_or_default(),
            services: services.map(|service| catalog.services[*service].id.as_str()).collect(),
        }
    }
}
