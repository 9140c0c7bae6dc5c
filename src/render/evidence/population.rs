//! The populations: everything that there is of a kind, whether it passed or not, so that an auditor can draw from
//! all of it. Each says what the number of its rows was compared with.

use std::collections::BTreeMap;
use std::io;

use serde::Serialize;

use super::pointer::pointer;
use super::selection::Selection;
use super::table::Rows;
use crate::assess::change::Judged;
use crate::assess::ownership::{Owners, unread};
use crate::catalog::ledger::RepositoryClass;
use crate::catalog::{Account, Catalog, Service};
use crate::collect::snapshot::Revision;

/// A population: what it is called, and what the number of its rows must agree with.
#[derive(Debug, Serialize)]
pub struct Population {
    /// Its name, and that of its files.
    pub name: &'static str,
    /// How many rows it has.
    pub rows: usize,
    /// How many there are of the kind in all, whatever is covered.
    pub of: usize,
    /// What it was compared with.
    pub compared_with: String,
}

/// What there can be a population of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Accounts, declared or listed.
    Accounts,
    /// Exceptions, in whatever state.
    Exceptions,
    /// Repositories, read or not.
    Repositories,
    /// Resources that carry or carried a tag.
    Resources,
    /// Services.
    Services,
    /// Teams.
    Teams,
}

impl Kind {
    /// Every kind, by name.
    pub const ALL: [Self; 6] =
        [Self::Accounts, Self::Exceptions, Self::Repositories, Self::Resources, Self::Services, Self::Teams];

    /// Its name, and that of its files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Accounts => "accounts",
            Self::Exceptions => "exceptions",
            Self::Repositories => "repositories",
            Self::Resources => "resources",
            Self::Services => "services",
            Self::Teams => "teams",
        }
    }

    /// The heads of its table. The first is the key of a row, by which samples are drawn.
    pub const fn heads(self) -> &'static [&'static str] {
        match self {
            Self::Accounts => &[
                "account",
                "name",
                "owner",
                "declared",
                "listedByOrganizations",
                "state",
                "organisationalUnit",
                "resources",
            ],
            Self::Exceptions => &[
                "exception",
                "service",
                "control",
                "rule",
                "risk",
                "state",
                "waives",
                "requestedAt",
                "expiresAt",
                "hides",
                "pointer",
            ],
            Self::Repositories => {
                &["repository", "source", "class", "revision", "services", "lastCommit", "carriedSince"]
            }
            Self::Resources => {
                &["arn", "type", "account", "region", "service", "team", "ownership", "collectedAt"]
            }
            Self::Services => &[
                "service",
                "name",
                "team",
                "tier",
                "criticality",
                "dataClassification",
                "lifecycleState",
                "auditScope",
                "frameworks",
                "conflict",
                "pointer",
            ],
            Self::Teams => &["team", "name", "status", "parent", "services", "pointer"],
        }
    }

    /// Hands every row that `selection` covers to `each`.
    pub fn rows(self, judged: Judged<'_>, selection: &Selection, each: &mut Rows<'_>) -> io::Result<()> {
        match self {
            Self::Accounts => accounts(judged, each),
            Self::Exceptions => exceptions(judged, selection, each),
            Self::Repositories => repositories(judged.catalog, each),
            Self::Resources => resources(judged.catalog, selection, each),
            Self::Services => services(judged, selection, each),
            Self::Teams => teams(judged.catalog, each),
        }
    }

    /// The population of this kind, of which a table has so many `rows`; all there are, unless something was left
    /// out.
    pub fn population(self, catalog: &Catalog, rows: Option<usize>) -> Population {
        let of = match self {
            Self::Accounts => catalog.accounts.len(),
            Self::Exceptions => catalog.exceptions.len(),
            Self::Repositories => catalog.ledger.repositories.len(),
            Self::Resources => catalog.resources.len(),
            Self::Services => catalog.services.len(),
            Self::Teams => catalog.teams.len(),
        };
        let compared_with = self.compared_with(catalog);
        Population { name: self.name(), rows: rows.unwrap_or(of), of, compared_with }
    }

    fn compared_with(self, catalog: &Catalog) -> String {
        match self {
            Self::Accounts => {
                let listed = catalog.accounts.iter().filter(|account| account.observed.is_some()).count();
                format!("{listed} accounts that AWS Organizations lists")
            }
            Self::Exceptions => {
                "the files of the register in the catalog folder, invalid and closed ones too".to_owned()
            }
            Self::Repositories => {
                "what the sources listed: with descriptor, without, excluded and unreadable together"
                    .to_owned()
            }
            Self::Resources => {
                let answered =
                    catalog.tag_listings.iter().filter(|listing| listing.refused.is_none()).count();
                format!(
                    "{answered} of {} listings of the tagging API that were answered whole; what never carried a tag is in none",
                    catalog.tag_listings.len()
                )
            }
            Self::Services => {
                let repositories = &catalog.ledger.repositories;
                let described =
                    repositories.iter().filter(|row| row.class == RepositoryClass::WithDescriptor);
                let descriptors: usize = repositories.iter().map(|row| row.services).sum();
                format!(
                    "{descriptors} descriptors of services in {} repositories that have one, of which several may \
                     describe one service; {} more could not be read",
                    described.count(),
                    catalog.ledger.unreadable.len()
                )
            }
            Self::Teams => "the catalog folder, which alone declares teams".to_owned(),
        }
    }
}

fn services(judged: Judged<'_>, selection: &Selection, each: &mut Rows<'_>) -> io::Result<()> {
    let Judged { catalog, assessment } = judged;
    selection.services.iter().try_for_each(|index| {
        let service: &Service = &catalog.services[*index];
        let record = &service.record;
        let frameworks: Vec<&str> = record.compliance.frameworks.values().map(|name| &**name).collect();
        each(&[
            service.id.as_str().into(),
            record.display_name.value().map(|name| &**name).into(),
            service.owner.map(|team| catalog.teams[team].id.as_str()).into(),
            assessment.services[index.position()].tier.as_ref().map(|tier| tier.tier.word()).into(),
            record.criticality.value().map(|criticality| criticality.word()).into(),
            record.data_classification.value().map(|class| &*class.word).into(),
            record.lifecycle.state.value().map(|state| state.word()).into(),
            record.compliance.audit_scope.value().copied().into(),
            frameworks.join(" | ").into(),
            (!service.conflict.is_empty()).into(),
            pointer(catalog, service.origin).into(),
        ])
    })
}

fn teams(catalog: &Catalog, each: &mut Rows<'_>) -> io::Result<()> {
    catalog.teams.iter().try_for_each(|team| {
        each(&[
            team.id.as_str().into(),
            team.record.display_name.value().map(|name| &**name).into(),
            team.record.status.value().map(|status| status.word()).into(),
            team.parent.map(|parent| catalog.teams[parent].id.as_str()).into(),
            team.services.len().into(),
            pointer(catalog, team.origin).into(),
        ])
    })
}

fn accounts(judged: Judged<'_>, each: &mut Rows<'_>) -> io::Result<()> {
    let Judged { catalog, assessment } = judged;
    // Whether every listing that an account was asked for was answered. Of the others nobody knows how many there are.
    let mut answered: BTreeMap<&str, bool> = BTreeMap::new();
    for listing in &catalog.tag_listings {
        *answered.entry(&listing.account).or_insert(true) &= listing.refused.is_none();
    }
    catalog.accounts.iter().try_for_each(|account: &Account| {
        let declared = account.declared.as_ref().map(|declared| &declared.record);
        let observed = account.observed.as_ref();
        let name = declared.and_then(|record| record.name.value()).map(|name| &**name);
        each(&[
            account.id.as_str().into(),
            name.or(observed.map(|observed| &*observed.name)).into(),
            account.owner.map(|team| catalog.teams[team].id.as_str()).into(),
            declared.is_some().into(),
            observed.is_some().into(),
            observed.map(|observed| &*observed.state).into(),
            observed.and_then(|observed| observed.unit.as_deref()).into(),
            answered
                .get(account.id.as_str())
                .filter(|answered| **answered)
                .map(|_| assessment.resources.positions_in(&account.id).len())
                .into(),
        ])
    })
}

fn repositories(catalog: &Catalog, each: &mut Rows<'_>) -> io::Result<()> {
    catalog.ledger.repositories.iter().try_for_each(|row| {
        let seen = &row.repository;
        let (Revision::Commit(revision) | Revision::Digest(revision)) = &seen.revision;
        each(&[
            (&*seen.name).into(),
            (&*seen.source).into(),
            class(row.class).into(),
            (&**revision).into(),
            row.services.into(),
            seen.last_commit.as_ref().map(|commit| commit.at.to_string()).into(),
            seen.carried.as_ref().map(|carried| carried.since.to_string()).into(),
        ])
    })
}

fn class(class: RepositoryClass) -> &'static str {
    match class {
        RepositoryClass::WithDescriptor => "with-descriptor",
        RepositoryClass::WithoutDescriptor => "without-descriptor",
        RepositoryClass::Excluded => "excluded",
        RepositoryClass::Unreadable => "unreadable",
    }
}

fn resources(catalog: &Catalog, selection: &Selection, each: &mut Rows<'_>) -> io::Result<()> {
    let owners = Owners::of(catalog);
    let is_whole = unread(catalog).is_none();
    catalog.resources.iter().try_for_each(|resource| {
        let whose = owners.who(resource);
        let covered = selection.all_services
            || whose.service.is_some_and(|service| selection.services.binary_search(&service).is_ok());
        if !covered {
            return Ok(());
        }
        let listing = catalog.tag_listings.get(resource.listing as usize);
        each(&[
            (&*resource.arn).into(),
            (&*resource.resource_type).into(),
            resource.account.as_ref().map(|account| account.as_str()).into(),
            (&*resource.region).into(),
            whose.service.map(|service| catalog.services[service].id.as_str()).into(),
            whose.team.map(|team| catalog.teams[team].id.as_str()).into(),
            whose.holding(is_whole).word().into(),
            listing.map(|listing| listing.collected_at.to_string()).into(),
        ])
    })
}

fn exceptions(judged: Judged<'_>, selection: &Selection, each: &mut Rows<'_>) -> io::Result<()> {
    let Judged { catalog, assessment } = judged;
    selection.exceptions.iter().try_for_each(|index| {
        let (exception, judged) = (&catalog.exceptions[*index], &assessment.exceptions[index.position()]);
        let record = &exception.record;
        each(&[
            (&*exception.id).into(),
            record.service.value().map(|service| service.as_str()).into(),
            record.control.value().map(|control| control.as_str()).into(),
            record.rule.value().map(|rule| rule.as_str()).into(),
            record.risk.value().map(|risk| risk.word()).into(),
            judged.state.word().into(),
            judged.state.is_in_force().into(),
            exception.requested_at.as_ref().map(|requested| requested.value.to_string()).into(),
            record.expires_at.value().map(|day| day.to_string()).into(),
            judged.hides.len().into(),
            pointer(catalog, exception.origin).into(),
        ])
    })
}
