//! Environments and sandboxes: which are over, which end when, and what is left of each (semantics §4). In the
//! order in which somebody has to act.

use std::collections::BTreeMap;

use super::remains::Remains;
use super::resources::ResourceTotals;
use super::tags;
use crate::catalog::environment::{Environment, EnvironmentKind};
use crate::catalog::listings::Listings;
use crate::catalog::table::Index;
use crate::catalog::{Account, Catalog, Declared};
use crate::day::Day;

/// What somebody asked for, or was given to try things in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// An environment of the catalog folder.
    Environment(Index<Declared<Environment>>),
    /// An account that is a sandbox.
    Sandbox(Index<Account>),
}

/// How long it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Time {
    /// So many days past its last day.
    Overdue(i64),
    /// So many days left; its last day is the day 0.
    Left(i64),
    /// It is meant to go away, and nobody said when.
    NoEnd,
    /// It is meant to stay.
    Stays,
}

/// What is left of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rest {
    /// Resources that were found: in a sandbox all, of an environment those that carry its name.
    pub resources: usize,
    /// Why there may be more.
    pub unknown: Option<Box<str>>,
}

/// One environment or sandbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// Which.
    pub place: Place,
    /// Its last day.
    pub last: Option<Day>,
    /// How long it has.
    pub time: Time,
    /// What is left of it.
    pub rest: Rest,
}

/// All of them, in the order in which somebody has to act.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Leases {
    /// Those that are over and still hold resources first, the longest over before others.
    pub all: Vec<Lease>,
    positions: BTreeMap<Place, usize>,
}

impl Leases {
    /// Where `place` stands among them.
    pub fn position(&self, place: Place) -> Option<usize> {
        self.positions.get(&place).copied()
    }
}

impl Lease {
    /// Whether somebody has to act: it is over, and not known to be gone.
    pub fn is_held(&self) -> bool {
        matches!(self.time, Time::Overdue(_)) && (self.rest.resources > 0 || self.rest.unknown.is_some())
    }

    /// Its id: of a sandbox that of the account.
    pub fn id<'a>(&self, catalog: &'a Catalog) -> &'a str {
        match self.place {
            Place::Environment(environment) => &catalog.environments[environment].id,
            Place::Sandbox(account) => catalog.accounts[account].id.as_str(),
        }
    }
}

/// Every environment of the catalog folder and every sandbox with an end.
pub(super) fn judge(catalog: &Catalog, totals: &ResourceTotals, remains: &Remains<'_>, today: Day) -> Leases {
    let listings = Listings::of(&catalog.tag_listings);
    let environments = catalog.environments.indexed().map(|(index, environment)| {
        let record = &environment.record;
        let last = record.last_day().map(|last| last.value);
        let goes = record.kind.value() == Some(&EnvironmentKind::Ephemeral);
        let rest = match record.account_id.value() {
            Some(account) => Rest {
                resources: remains.left(account, &environment.id),
                unknown: match tags::names_environments(&catalog.tag_policy) {
                    true => listings.unknown_in(account.as_str(), None).map(Into::into),
                    false => Some("no required tag names the environment".into()),
                },
            },
            None => Rest { resources: 0, unknown: Some("its record names no account".into()) },
        };
        lease(Place::Environment(index), last, goes, rest, today)
    });
    let sandboxes = catalog.accounts.indexed().filter_map(|(index, account)| {
        let last = *account.declared.as_ref()?.record.sandbox.expires_at.value()?;
        let found = totals.positions_in(&account.id).len();
        let unknown = listings.unknown_in(account.id.as_str(), None).map(Into::into);
        let rest = Rest { resources: found, unknown };
        Some(lease(Place::Sandbox(index), Some(last), true, rest, today))
    });
    let mut all: Vec<Lease> = environments.chain(sandboxes).collect();
    all.sort_by(|one, other| {
        order(one).cmp(&order(other)).then_with(|| one.id(catalog).cmp(other.id(catalog)))
    });
    let positions = all.iter().enumerate().map(|(position, lease)| (lease.place, position)).collect();
    Leases { all, positions }
}

fn lease(place: Place, last: Option<Day>, goes: bool, rest: Rest, today: Day) -> Lease {
    let time = match last.map(|last| last.days_since(today)) {
        Some(days @ ..0) => Time::Overdue(-days),
        Some(days) => Time::Left(days),
        None if goes => Time::NoEnd,
        None => Time::Stays,
    };
    Lease { place, last, time, rest }
}

/// Where it stands in the list.
fn order(lease: &Lease) -> (u8, i64) {
    match lease.time {
        Time::Overdue(days) if lease.rest.resources > 0 => (0, -days),
        Time::Overdue(days) if lease.rest.unknown.is_some() => (1, -days),
        Time::Overdue(days) => (2, -days),
        Time::Left(days) => (3, days),
        Time::NoEnd => (4, 0),
        Time::Stays => (5, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assess::Assessment;
    use crate::catalog::testing::Organisation;
    use crate::day::Moment;

    fn leases(organisation: Organisation) -> Vec<String> {
        let catalog = organisation.resolve();
        let now = Moment::parse("2026-11-21T00:00:00Z").expect("a moment");
        let assessment = Assessment::of(&catalog, Day::parse("2026-11-21").expect("a day"), now);
        let said = assessment.environments.all.iter().map(|lease| {
            let Rest { resources, unknown } = &lease.rest;
            let unknown = if unknown.is_some() { ", maybe more" } else { "" };
            format!("{} {:?} {resources}{unknown}", lease.id(&catalog), lease.time)
        });
        said.collect()
    }

    fn organisation() -> Organisation {
        Organisation::default()
            .catalog(
                "environments/all.yaml",
                "- {environmentId: stays, kind: standing, accountId: \"111111111111\"}\n\
                 - {environmentId: open, kind: ephemeral, accountId: \"111111111111\"}\n\
                 - {environmentId: soon, accountId: \"111111111111\", createdAt: 2026-11-20, lifetime: 7d}\n\
                 - {environmentId: today, accountId: \"111111111111\", expiresAt: 2026-11-21}\n\
                 - {environmentId: gone, accountId: \"111111111111\", expiresAt: 2026-10-01}\n\
                 - {environmentId: kept, accountId: \"111111111111\", expiresAt: 2026-11-20}\n\
                 - {environmentId: hidden, accountId: \"222222222222\", expiresAt: 2026-10-02}\n\
                 - {environmentId: nowhere, expiresAt: 2026-11-19}\n",
            )
            .catalog(
                "accounts.yaml",
                "- {accountId: \"333333333333\", name: trial, sandbox: 2026-11-01}\n\
                 - {accountId: \"444444444444\", name: bare, sandbox: 2026-12-01}\n",
            )
    }

    #[test]
    fn what_is_over_and_still_holds_resources_comes_first() {
        let kept: &[(&str, &str)] = &[("Environment", "kept")];
        let organisation = organisation()
            .listing("111111111111", "eu-central-1", Ok(&[("arn:aws:s3:::kept", kept)]))
            .listing("222222222222", "eu-central-1", Err("AccessDenied"))
            .listing("333333333333", "eu-central-1", Ok(&[("arn:aws:s3:::trial", &[])]))
            .listing("444444444444", "eu-central-1", Ok(&[]));
        assert_eq!(
            leases(organisation),
            [
                "333333333333 Overdue(20) 1",
                "kept Overdue(1) 1",
                "hidden Overdue(50) 0, maybe more",
                "nowhere Overdue(2) 0, maybe more",
                "gone Overdue(51) 0",
                "today Left(0) 0",
                "soon Left(6) 0",
                "444444444444 Left(10) 0",
                "open NoEnd 0",
                "stays Stays 0",
            ]
        );
    }

    #[test]
    fn where_nobody_was_asked_nothing_is_known_to_be_gone() {
        assert!(leases(organisation()).iter().all(|lease| lease.ends_with("maybe more")));
    }
}
