//! Drift of the estate (semantics §4): services that tags name and no descriptor has, accounts that the
//! record and AWS do not both know, closed accounts, sandboxes past their last day.

use super::Finding;
use super::resources::{ResourceTotals, Unregistered};
use crate::catalog::cost::newest_whole;
use crate::catalog::id::AccountId;
use crate::catalog::listings::Listings;
use crate::catalog::nearest::nearest;
use crate::catalog::origin::Origin;
use crate::catalog::{Account, Catalog};
use crate::day::Day;
use crate::diagnostic::codes;
use crate::words;

/// Services without a descriptor that are reported one by one; the totals list more.
const REPORTED: usize = 100;

/// How many comparisons all suggestions may cost together.
const COMPARISONS: usize = 1_000_000;

/// What does not fit between the record and AWS as a whole.
pub(super) fn judge(catalog: &Catalog, totals: &ResourceTotals, today: Day) -> Vec<Finding> {
    let mut findings = Vec::new();
    // While something could not be read, such a service may be described there.
    if totals.unread.is_none() {
        let reported = totals.unregistered.iter().take(REPORTED);
        findings.extend(reported.map(|unregistered| of_nobody(catalog, unregistered)));
    }
    // Where accounts are declared is where one is missing.
    let mut declared = catalog.accounts.iter().filter_map(|account| account.declared.as_ref());
    let record = declared.next().and_then(|declared| declared.origin.file()).map(Origin::Document);
    let is_observed = catalog.accounts.iter().any(|account| account.observed.is_some());
    let listings = Listings::of(&catalog.tag_listings);
    for account in catalog.accounts.iter() {
        findings.extend(presence(account, record, is_observed));
        findings.extend(closed(catalog, account));
        findings.extend(sandbox(account, totals, &listings, today));
    }
    if record.is_some() {
        let found = totals.accounts.iter().filter_map(|(id, found)| Some((id.as_ref()?, &found.all)));
        let unknown = found.filter(|(id, _)| catalog.accounts.find(id.as_str()).is_none());
        findings.extend(unknown.map(|(id, tally)| {
            Finding {
                code: codes::ACCOUNT_NOT_DECLARED.name,
                message: format!(
                    "{} in the account {id}, which no record declares",
                    words::count(tally.resources as usize, "resource lies", "resources lie")
                )
                .into(),
                origin: record,
            }
        }));
    }
    findings.extend(billed(catalog, totals, record));
    findings
}

/// Accounts that only the newest bill knows.
fn billed(catalog: &Catalog, totals: &ResourceTotals, record: Option<Origin>) -> Vec<Finding> {
    let Some((month, record)) = newest_whole(&catalog.costs).zip(record) else { return Vec::new() };
    let ids = month.accounts.iter().filter_map(|one| AccountId::new(one.account.as_deref()?));
    let unknown =
        ids.filter(|id| catalog.accounts.find(id.as_str()).is_none() && totals.in_account(id).is_none());
    let finding = |id: AccountId| Finding {
        code: codes::ACCOUNT_NOT_DECLARED.name,
        message: format!("the bill of {} names the account {id}, which no record declares", month.month)
            .into(),
        origin: Some(record),
    };
    unknown.map(finding).collect()
}

fn of_nobody(catalog: &Catalog, unregistered: &Unregistered) -> Finding {
    let Unregistered { name, resources, accounts, first } = unregistered;
    let meant = nearest_service(catalog, name);
    let meant = meant.map_or_else(String::new, |id| format!("; the nearest is `{id}`"));
    Finding {
        code: codes::UNREGISTERED_SERVICE.name,
        message: format!(
            "{} in {} {} the service `{name}`, which no descriptor has{meant}",
            words::count(*resources as usize, "resource", "resources"),
            words::count(accounts.len(), "account", "accounts"),
            if *resources == 1 { "names" } else { "name" },
        )
        .into(),
        origin: Some(Origin::Resource(*first)),
    }
}

/// The service that was probably meant by `name`; in a catalog too large to compare, none.
fn nearest_service<'a>(catalog: &'a Catalog, name: &str) -> Option<&'a str> {
    (catalog.services.len() * REPORTED <= COMPARISONS).then(|| nearest(name, catalog.services.ids()))?
}

/// An account that only one of the two knows. Where nobody declares or lists accounts nothing is said.
fn presence(account: &Account, record: Option<Origin>, is_observed: bool) -> Option<Finding> {
    let id = &account.id;
    match (&account.declared, &account.observed) {
        (None, Some(observed)) if record.is_some() => Some(Finding {
            code: codes::ACCOUNT_NOT_DECLARED.name,
            message: format!("AWS has the account `{}` ({id}), which no record declares", observed.name)
                .into(),
            origin: record,
        }),
        (Some(declared), None) if is_observed => Some(Finding {
            code: codes::ACCOUNT_NOT_LISTED.name,
            message: format!("the account {id} is declared, and AWS does not list it").into(),
            origin: Some(declared.origin),
        }),
        _ => None,
    }
}

/// A closed account in which services say that they run.
fn closed(catalog: &Catalog, account: &Account) -> Option<Finding> {
    let state = &*account.observed.as_ref()?.state;
    if !matches!(state, "SUSPENDED" | "PENDING_CLOSURE" | "CLOSED") {
        return None;
    }
    let known = catalog.claimants().in_account(account.id.as_str());
    let first = known.first()?;
    let names: Vec<&str> = known.iter().map(|known| catalog.services[known.service].id.as_str()).collect();
    Some(Finding {
        code: codes::ACCOUNT_CLOSED.name,
        message: format!(
            "the account {} is {state}, and {} said to run in it",
            account.id,
            if names.len() == 1 {
                format!("`{}` is", names[0])
            } else {
                format!("{} are", words::first(&names, 3))
            }
        )
        .into(),
        origin: Some(first.origin),
    })
}

/// A sandbox past its last day, and what is left in it.
fn sandbox(
    account: &Account,
    totals: &ResourceTotals,
    listings: &Listings<'_>,
    today: Day,
) -> Option<Finding> {
    let last = account.declared.as_ref()?.record.sandbox.expires_at.sourced()?;
    let over = usize::try_from(today.days_since(last.value)).ok().filter(|days| *days > 0)?;
    let left = totals.positions_in(&account.id).len();
    let rest = match (left, listings.unknown_in(account.id.as_str(), None)) {
        (0, Some(why)) => format!("whether anything is left in it is unknown: {why}"),
        (0, None) => "nothing that carries or carried a tag is left in it".to_owned(),
        (left, _) => format!("{} still in it", words::count(left, "resource is", "resources are")),
    };
    Some(Finding {
        code: codes::ENVIRONMENT_OVERDUE.name,
        message: format!(
            "the sandbox {} ended on {}, {} ago, and {rest}",
            account.id,
            last.value,
            words::count(over, "day", "days")
        )
        .into(),
        origin: Some(last.origin),
    })
}
