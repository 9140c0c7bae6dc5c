//! Remains: what should be gone and is still there: retired services that own resources or are still
//! needed, and environments past their last day (semantics §4).

use std::collections::{BTreeMap, BTreeSet};

use super::resources::ResourceTotals;
use super::{Finding, ServiceAssessment};
use crate::catalog::environment::Environment;
use crate::catalog::field::Sourced;
use crate::catalog::id::AccountId;
use crate::catalog::lifecycle::LifecycleState;
use crate::catalog::resource::TagListing;
use crate::catalog::{Catalog, Declared, Service};
use crate::day::Day;
use crate::diagnostic::codes;
use crate::words;

/// Services named at most in one message.
const NAMED: usize = 5;

/// What is known of what is left.
pub(super) struct Remains<'a> {
    catalog: &'a Catalog,
    today: Day,
    totals: &'a ResourceTotals,
    /// Accounts of which some listing was made, and none refused or made without tags.
    listed: BTreeSet<&'a str>,
    /// Environments of the catalog folder by the services that they were asked for.
    asked_for: BTreeMap<&'a str, Vec<&'a Declared<Environment>>>,
}

impl<'a> Remains<'a> {
    pub(super) fn of(catalog: &'a Catalog, totals: &'a ResourceTotals, today: Day) -> Self {
        let listings = catalog.tag_listings.iter();
        let mut listed: BTreeSet<&str> = listings.map(|listing| &*listing.account).collect();
        let is_gap = |listing: &&TagListing| listing.refused.is_some() || listing.is_reported;
        for listing in catalog.tag_listings.iter().filter(is_gap) {
            listed.remove(&*listing.account);
        }
        let mut asked_for: BTreeMap<&str, Vec<_>> = BTreeMap::new();
        for environment in catalog.environments.iter() {
            for service in environment.record.services.values() {
                asked_for.entry(service.as_str()).or_default().push(environment);
            }
        }
        Self { catalog, today, totals, listed, asked_for }
    }

    /// How many resources in `account` carry the name of an environment.
    pub(super) fn left(&self, account: &AccountId, name: &str) -> usize {
        let found = self.totals.in_account(account);
        // Case is a matter of tags, not of what is left.
        let same = |(found, _): &(&std::sync::Arc<str>, &u32)| found.eq_ignore_ascii_case(name);
        let named = found.into_iter().flat_map(|found| &found.environments).filter(same);
        named.map(|(_, left)| *left as usize).sum()
    }

    /// Says of `service` what of it should be gone, and what cannot be said.
    pub(super) fn judge(&self, service: &Service, assessment: &mut ServiceAssessment) {
        self.retired(service, assessment);
        let runs_in = service.environments.iter().filter_map(|runs| {
            let account = runs.account.as_ref().map(|account| &account.value);
            let name = runs.name.as_ref().map_or("unnamed", |name| name.as_str());
            self.environment(name, account, runs.expires_at.as_ref()?)
        });
        let asked_for = self.asked_for.get(service.id.as_str()).into_iter().flatten();
        for finding in runs_in.chain(asked_for.filter_map(|environment| self.declared(environment))) {
            // What a service runs in and was asked for it is one environment.
            if !assessment.findings.contains(&finding) {
                assessment.findings.push(finding);
            }
        }
    }

    /// Environments of the catalog folder past their last day, whoever runs in them.
    pub(super) fn environments(&self) -> Vec<Finding> {
        self.catalog.environments.iter().filter_map(|environment| self.declared(environment)).collect()
    }

    fn declared(&self, environment: &Declared<Environment>) -> Option<Finding> {
        let record = &environment.record;
        self.environment(&environment.id, record.account_id.value(), &record.last_day()?)
    }

    fn retired(&self, service: &Service, assessment: &mut ServiceAssessment) {
        let Some(state) = service.record.lifecycle.state.sourced() else { return };
        if state.value != LifecycleState::Retired {
            return;
        }
        let finding = |code: &'static str, message: String| Finding {
            code,
            message: message.into(),
            origin: Some(state.origin),
        };
        match (&service.resources_unknown, service.resources.len()) {
            (Some(why), _) => assessment.open_questions.push(finding(
                codes::RETIRED_AND_STILL_THERE.name,
                format!("whether anything of `{}`, which is retired, is left is unknown: {why}", service.id),
            )),
            (None, 0) => {}
            (None, left) => assessment.findings.push(finding(
                codes::RETIRED_AND_STILL_THERE.name,
                format!(
                    "`{}` is retired, and {} still there",
                    service.id,
                    words::count(left, "resource is", "resources are")
                ),
            )),
        }
        let services = &self.catalog.services;
        let alive =
            service.dependents.iter().map(|index| &services[*index]).filter(|dependent| {
                dependent.record.lifecycle.state.value() != Some(&LifecycleState::Retired)
            });
        let names: Vec<&str> = alive.map(|dependent| dependent.id.as_str()).collect();
        if !names.is_empty() {
            let verb = if names.len() == 1 { "depends" } else { "depend" };
            assessment.findings.push(finding(
                codes::RETIRED_AND_STILL_NEEDED.name,
                format!(
                    "`{}` is retired, and {} still {verb} on it",
                    service.id,
                    words::first(&names, NAMED)
                ),
            ));
        }
    }

    fn environment(&self, name: &str, account: Option<&AccountId>, last: &Sourced<Day>) -> Option<Finding> {
        let over = usize::try_from(self.today.days_since(last.value)).ok().filter(|days| *days > 0)?;
        let left = account.map(|account| self.left(account, name));
        let listed = account.is_some_and(|account| self.listed.contains(account.as_str()));
        let rest = match left {
            Some(left) if left > 0 => {
                format!("{} its name", words::count(left, "resource still carries", "resources still carry"))
            }
            Some(_) if listed => "no resource carries its name any more".to_owned(),
            _ => "whether anything is left of it is unknown".to_owned(),
        };
        Some(Finding {
            code: codes::ENVIRONMENT_OVERDUE.name,
            message: format!(
                "the environment `{name}` ended on {}, {} ago, and {rest}",
                last.value,
                words::count(over, "day", "days")
            )
            .into(),
            origin: Some(last.origin),
        })
    }
}
