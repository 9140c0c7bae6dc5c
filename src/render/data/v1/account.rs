//! `accounts/<id>.json`: one account, declared, observed or both.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::accounts::Unknown;
use super::result::{Question, Result, results};
use super::service::Tags;
use super::tag_policy::TagPolicies;
use super::untagged::Untagged;
use super::value::{Field, fields};
use crate::catalog;
use crate::catalog::table::Index;
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
    pub resources: BTreeMap<&'a str, u64>,
    /// Results by scorecard.
    pub scorecards: BTreeMap<&'a str, Result<'a>>,
    /// Ids of services that declare it.
    pub services: Vec<&'a str>,
    /// Its resources by verdict on each required key; absent when none was found.
    pub tag_compliance: Option<BTreeMap<&'a str, Tags>>,
    /// What tag policies of AWS Organizations say; absent when nobody asked for them.
    pub tag_policies: Option<TagPolicies<'a>>,
    /// Where in it nobody could look, and why; what was found is not all there is.
    pub unknown: Vec<Unknown<'a>>,
    /// What never carried a tag; absent when nobody counted.
    pub untagged: Option<Untagged<'a>>,
    /// Why that is not known although somebody asked.
    pub untagged_unknown: Option<&'a str>,
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

impl<'a> Account<'a> {
    pub(super) fn of(portal: &'a Portal<'_>, index: Index<catalog::Account>) -> Self {
        let catalog = portal.catalog;
        let account = &catalog.accounts[index];
        let inventory = &portal.inventory;
        let totals = &portal.assessment.resources;
        let found = totals.in_account(&account.id);
        let types = found.into_iter().flat_map(|found| &found.types);
        let keys = found.map(|found| inventory.expected.keys().zip(&found.all.tags.keys));
        let unknown = inventory.unseen_in(&account.id).iter();
        let judged = portal.assessment.accounts.get(index.position());
        let view = portal.explainer.account(account, totals);
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
            resources: types.map(|(kind, tally)| (&**kind, tally.resources)).collect(),
            scorecards: judged
                .map(|judged| results(portal, &judged.subject, &view.context()))
                .unwrap_or_default(),
            services: inventory
                .declared_by(&account.id)
                .into_iter()
                .map(|service| catalog.services[service].id.as_str())
                .collect(),
            tag_compliance: keys.map(|keys| keys.map(|(key, counts)| (key, Tags::of(counts))).collect()),
            tag_policies: TagPolicies::of(portal, account),
            unknown: unknown.map(Unknown::of).collect(),
            untagged: Untagged::of(portal, &account.id),
            untagged_unknown: Untagged::unknown(portal, &account.id),
        }
    }
}
