//! Where a service runs, and the resources that are known there.

use std::collections::BTreeMap;

use serde::Serialize;

use super::of_all;
use crate::assess::ExceptionState;
use crate::assess::environments::Place as Leased;
use crate::assess::tags::environment;
use crate::catalog::environment::EnvironmentKind;
use crate::catalog::resource::Resource;
use crate::catalog::{Runs, Service};
use crate::render::badge::Badge;
use crate::render::frame::Section;
use crate::render::links::{Here, Href, Place};
use crate::render::origin::Brief;
use crate::render::pages::environments::link;
use crate::render::parts::When;
use crate::render::portal::Portal;
use crate::words;

/// How many environments are listed.
const SHOWN: usize = 100;

/// What the template sees of one environment.
#[derive(Debug, Serialize)]
pub(super) struct Row<'p> {
    name: &'p str,
    href: Option<Href>,
    account: Option<&'p str>,
    account_href: Option<Href>,
    region: Option<&'p str>,
    kind: &'static str,
    ends: Option<When>,
    overdue: Option<Badge>,
    resources: Option<usize>,
    origin: Option<Brief>,
}

/// The environments of `service`, as declared.
pub(super) fn rows<'p>(portal: &'p Portal<'_>, service: &'p Service, here: Here<'_>) -> Vec<Row<'p>> {
    let counted = Counted::of(portal, service);
    let accounts = portal.sections.contains(&Section::Accounts);
    let row = |(position, runs): (usize, &'p Runs)| {
        let account = runs.account.as_ref().map(|account| account.value.as_str());
        let declared = runs.account.as_ref().map(|account| account.origin);
        let origin = declared.or(runs.region.as_ref().map(|region| region.origin));
        Row {
            name: runs.name.as_ref().map_or("unnamed", |name| name.as_str()),
            href: runs.environment.and_then(|index| {
                let id = &portal.catalog.environments[index].id;
                link(portal, here, Leased::Environment(index), id)
            }),
            account,
            account_href: account.filter(|_| accounts).map(|account| here.to(Place::Account(account))),
            region: runs.region.as_ref().map(|region| &*region.value),
            kind: kind(portal, service, runs),
            ends: runs.expires_at.as_ref().map(|day| portal.when(day.value)),
            overdue: overdue(portal, runs),
            resources: counted.as_ref().map(|counted| counted.0.get(&position).copied().unwrap_or(0)),
            origin: origin.map(|origin| portal.brief(origin)),
        }
    };
    service.environments.iter().enumerate().take(SHOWN).map(row).collect()
}

/// `3 environments, as declared`.
pub(super) fn caption(all: usize, shown: usize) -> String {
    of_all(words::count(all, "environment", "environments"), all, shown)
}

fn kind(portal: &Portal<'_>, service: &Service, runs: &Runs) -> &'static str {
    let named = |name: &str| {
        service
            .record
            .environments
            .values()
            .find(|declared| declared.name.value().is_some_and(|own| own.as_str() == name))
    };
    let declared = runs.name.as_ref().and_then(|name| named(name.as_str()));
    if declared.is_some_and(|declared| declared.ephemeral.value() == Some(&true)) {
        return EnvironmentKind::Ephemeral.word();
    }
    let record = runs.environment.map(|environment| &portal.catalog.environments[environment].record);
    match record.and_then(|record| record.kind.value()) {
        Some(kind) => kind.word(),
        None if runs.expires_at.is_some() => EnvironmentKind::Ephemeral.word(),
        None => EnvironmentKind::Standing.word(),
    }
}

fn overdue(portal: &Portal<'_>, runs: &Runs) -> Option<Badge> {
    let over = portal.run.as_of.days_since(runs.expires_at.as_ref()?.value);
    let days = usize::try_from(over).ok().filter(|days| *days > 0)?;
    let text = format!("Overdue by {}", words::count(days, "day", "days"));
    Some(Badge::exception(ExceptionState::Expired).saying(text))
}

/// Resources by position of the environment.
struct Counted(BTreeMap<usize, usize>);

impl Counted {
    /// Counts the resources of `service`; `None` when they are not known.
    fn of(portal: &Portal<'_>, service: &Service) -> Option<Self> {
        if service.resources_unknown.is_some() {
            return None;
        }
        let mut counts = BTreeMap::new();
        for index in &service.resources {
            let resource = &portal.catalog.resources[*index as usize];
            let named = environment(&portal.catalog.tag_policy, resource);
            if let Some(position) = place(&service.environments, named, resource) {
                *counts.entry(position).or_default() += 1;
            }
        }
        Some(Self(counts))
    }
}

/// The environment that a resource lies in: the one its tag names, else the only one with its account.
fn place(environments: &[Runs], named: Option<&str>, resource: &Resource) -> Option<usize> {
    let by_name = environments
        .iter()
        .position(|runs| runs.name.as_ref().is_some_and(|name| Some(name.as_str()) == named));
    by_name.or_else(|| {
        let account = resource.account.as_ref()?;
        let has = |runs: &Runs| runs.account.as_ref().is_some_and(|own| own.value == *account);
        let mut found = environments.iter().enumerate().filter(|(_, runs)| has(runs));
        let (position, _) = found.next()?;
        found.next().is_none().then_some(position)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::field::Sourced;
    use crate::catalog::id::{AccountId, EnvironmentId};
    use crate::catalog::origin::Origin;

    fn runs(name: &str, account: &str) -> Runs {
        Runs {
            name: EnvironmentId::new(name),
            environment: None,
            account: AccountId::new(account).map(|value| Sourced { value, origin: Origin::Default }),
            region: None,
            expires_at: None,
        }
    }

    #[test]
    fn a_resource_lies_where_its_tag_says_or_where_its_account_leaves_no_doubt() {
        let environments =
            [runs("prod", "111111111111"), runs("staging", "222222222222"), runs("load", "222222222222")];
        let resource = |account: &str| Resource {
            arn: "arn:aws:s3:::x".into(),
            resource_type: "s3:bucket".into(),
            account: AccountId::new(account),
            region: "eu-central-1".into(),
            tags: Default::default(),
            reported: None,
            listing: 0,
            service: None,
        };
        for (named, account, found) in [
            (Some("load"), "111111111111", Some(2)),
            (Some("nowhere"), "111111111111", Some(0)),
            (None, "111111111111", Some(0)),
            (None, "222222222222", None),
            (None, "333333333333", None),
        ] {
            assert_eq!(place(&environments, named, &resource(account)), found, "{named:?} {account}");
        }
    }
}
