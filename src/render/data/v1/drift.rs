//! `drift.json`: where the record and AWS do not agree. Lists are cut at 10,000 rows each; `counts` has all.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::value::Origin;
use crate::assess::Finding;
use crate::assess::resources::Holdings;
use crate::catalog::Catalog;
use crate::render::pages::drift::OF_SERVICES;
use crate::render::portal::Portal;

/// Rows of one list at most.
const MOST: usize = 10_000;

/// Where the record and AWS do not agree.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Drift<'a> {
    /// Accounts that only one of the two knows, that are closed, or that should have ended.
    pub accounts: Vec<Statement<'a>>,
    /// Resources of which reasons contradict each other, by ARN.
    pub contested: Vec<Contested<'a>>,
    /// How many of each there are.
    pub counts: Counts,
    /// Whose everything is that was found.
    pub holdings: Owned,
    /// What of services nobody can say, by service.
    pub open_questions: Vec<Statement<'a>>,
    /// What of services lies elsewhere, was not found, or should be gone, by service.
    pub services: Vec<Statement<'a>>,
    /// ARNs of resources that are claimed from an account that their service does not declare.
    pub undeclared: Vec<&'a str>,
    /// Why services without a descriptor may be described all the same.
    pub unread: Option<&'a str>,
    /// Services that tags name and no descriptor has, the most resources first.
    pub unregistered: Vec<Unregistered<'a>>,
}

/// How many of each there are, in the lists and beyond them.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    /// Contested resources.
    pub contested: usize,
    /// What of services nobody can say.
    pub open_questions: usize,
    /// What is said of services.
    pub services: usize,
    /// Resources claimed from an undeclared account.
    pub undeclared: usize,
    /// Names of services that no descriptor has.
    pub unregistered: usize,
}

/// Resources by what is known of their owner.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Owned {
    /// Reasons contradict each other.
    pub contested: u64,
    /// Somebody answers for them.
    pub owned: u64,
    /// What they name may be described where nobody could look.
    pub unknown: u64,
    /// Nobody answers for them.
    pub unowned: u64,
}

/// A contested resource.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Contested<'a> {
    /// Its Amazon Resource Name.
    pub arn: &'a str,
    /// The service that it counts for.
    pub service: Option<&'a str>,
    /// Why it is contested.
    pub why: String,
}

/// A service that tags name and no descriptor has.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Unregistered<'a> {
    /// How many resources in which account.
    pub accounts: BTreeMap<&'a str, u32>,
    /// The ARN of the first of them.
    pub first: &'a str,
    /// The name, as tags have it.
    pub name: &'a str,
    /// How many resources carry it.
    pub resources: u32,
}

/// What is said of a service or an account.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Statement<'a> {
    /// Stable word for what it is.
    pub code: &'static str,
    /// In words.
    pub message: &'a str,
    /// What it rests on.
    pub origin: Option<Origin<'a>>,
    /// The service, when it is of one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<&'a str>,
}

impl<'a> Statement<'a> {
    fn of(catalog: &'a Catalog, service: Option<&'a str>, finding: &'a Finding) -> Self {
        Self {
            code: finding.code,
            message: &finding.message,
            origin: finding.origin.map(|origin| Origin::of(catalog, origin)),
            service,
        }
    }
}

impl<'a> Drift<'a> {
    pub(super) fn of(portal: &'a Portal<'_>) -> Self {
        let (catalog, totals) = (portal.catalog, &portal.assessment.resources);
        let Holdings { owned, contested, unowned, unknown } = totals.all.holdings;
        let arn = |position: u32| &*catalog.resources[position as usize].arn;
        let told = |wanted: &dyn Fn(usize) -> &'a [Finding]| -> Vec<Statement<'a>> {
            let services = catalog.services.indexed();
            let told = services.flat_map(|(index, service)| {
                let of_drift = wanted(index.position()).iter().filter(|one| OF_SERVICES.contains(&one.code));
                of_drift.map(|finding| Statement::of(catalog, Some(service.id.as_str()), finding))
            });
            told.collect()
        };
        let mut services = told(&|at| &portal.assessment.services[at].findings);
        let mut open_questions = told(&|at| &portal.assessment.services[at].open_questions);
        let (all_services, all_open) = (services.len(), open_questions.len());
        services.truncate(MOST);
        open_questions.truncate(MOST);
        Self {
            accounts: portal
                .assessment
                .drift
                .iter()
                .filter(|finding| finding.code != crate::diagnostic::codes::UNREGISTERED_SERVICE.name)
                .map(|finding| Statement::of(catalog, None, finding))
                .collect(),
            contested: totals.contested.iter().take(MOST).map(|at| of_resource(portal, *at)).collect(),
            counts: Counts {
                contested: totals.contested.len(),
                open_questions: all_open,
                services: all_services,
                undeclared: totals.undeclared.len(),
                unregistered: totals.unregistered.len() + totals.unregistered_more,
            },
            holdings: Owned { contested, owned, unknown, unowned },
            open_questions,
            services,
            undeclared: totals.undeclared.iter().take(MOST).map(|at| arn(*at)).collect(),
            unread: totals.unread.as_deref(),
            unregistered: totals
                .unregistered
                .iter()
                .map(|known| Unregistered {
                    accounts: known.accounts.iter().map(|(id, count)| (id.as_str(), *count)).collect(),
                    first: arn(known.first),
                    name: &known.name,
                    resources: known.resources,
                })
                .collect(),
        }
    }
}

fn of_resource<'a>(portal: &'a Portal<'_>, position: u32) -> Contested<'a> {
    let resource = &portal.catalog.resources[position as usize];
    let owners = portal.inventory.owners;
    let ownership = owners.who(resource);
    Contested {
        arn: &resource.arn,
        service: ownership.service.map(|service| portal.catalog.services[service].id.as_str()),
        why: owners.contest(&ownership, resource.account.as_ref()).unwrap_or_default(),
    }
}
