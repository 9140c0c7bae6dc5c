//! The populations: everything that there is of a kind, whether it passed or not, so that an auditor can draw from
//! all of it. Their list says how many rows each has and what that number was compared with.

use std::io;

use serde::Serialize;

use super::archive::Spool;
use super::pack::Material;
use super::paths;
use super::pointer::pointer;
use super::selection::Selection;
use super::table;
use crate::assess::ownership::{Owners, unread};
use crate::catalog::ledger::RepositoryClass;
use crate::catalog::{Account, Service};
use crate::collect::snapshot::Revision;

/// A population: what it is called, and what the number of its rows must agree with.
#[derive(Debug, Serialize)]
pub(super) struct Population {
    /// Its name, and that of its files.
    pub(super) name: &'static str,
    /// How many rows it has.
    pub(super) rows: usize,
    /// How many there are of the kind in all, whatever the pack covers.
    pub(super) of: usize,
    /// What it was compared with.
    pub(super) compared_with: String,
}

/// The kinds, each with the key of its rows.
pub(super) const KINDS: [(&str, &str); 6] = [
    ("accounts", "account"),
    ("exceptions", "exception"),
    ("repositories", "repository"),
    ("resources", "arn"),
    ("services", "service"),
    ("teams", "team"),
];

/// Adds every population and their list.
pub(super) fn add(
    spool: &mut Spool,
    material: &Material<'_>,
    selection: &Selection,
) -> io::Result<Vec<Population>> {
    let populations = vec![
        accounts(spool, material)?,
        exceptions(spool, material, selection)?,
        repositories(spool, material)?,
        resources(spool, material, selection)?,
        services(spool, material, selection)?,
        teams(spool, material)?,
    ];
    table::add(
        spool,
        paths::POPULATION_INDEX,
        &["population", "file", "rows", "ofAll", "comparedWith"],
        |each| {
            populations.iter().try_for_each(|population| {
                each(&[
                    population.name.into(),
                    format!("{}{}.csv", paths::POPULATIONS, population.name).into(),
                    population.rows.into(),
                    population.of.into(),
                    population.compared_with.as_str().into(),
                ])
            })
        },
    )?;
    Ok(populations)
}

fn path(name: &str) -> String {
    format!("{}{name}", paths::POPULATIONS)
}

fn services(spool: &mut Spool, material: &Material<'_>, selection: &Selection) -> io::Result<Population> {
    let Material { catalog, assessment, .. } = *material;
    let heads = [
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
    ];
    let rows = table::add(spool, &path("services"), &heads, |each| {
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
    })?;
    let compared_with = format!(
        "{} services in the descriptors of {} repositories that have one",
        catalog.services.len(),
        catalog.ledger.repositories.iter().filter(|row| row.class == RepositoryClass::WithDescriptor).count()
    );
    Ok(Population { name: "services", rows, of: catalog.services.len(), compared_with })
}

fn teams(spool: &mut Spool, material: &Material<'_>) -> io::Result<Population> {
    let catalog = material.catalog;
    let heads = ["team", "name", "status", "parent", "services", "pointer"];
    let rows = table::add(spool, &path("teams"), &heads, |each| {
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
    })?;
    let compared_with = "the catalog folder, which alone declares teams".to_owned();
    Ok(Population { name: "teams", rows, of: catalog.teams.len(), compared_with })
}

fn accounts(spool: &mut Spool, material: &Material<'_>) -> io::Result<Population> {
    let Material { catalog, assessment, .. } = *material;
    let heads = [
        "account",
        "name",
        "owner",
        "declared",
        "listedByOrganizations",
        "state",
        "organisationalUnit",
        "resources",
    ];
    let rows = table::add(spool, &path("accounts"), &heads, |each| {
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
                assessment.resources.positions_in(&account.id).len().into(),
            ])
        })
    })?;
    let listed = catalog.accounts.iter().filter(|account| account.observed.is_some()).count();
    let compared_with = format!("{listed} accounts that AWS Organizations lists");
    Ok(Population { name: "accounts", rows, of: catalog.accounts.len(), compared_with })
}

fn repositories(spool: &mut Spool, material: &Material<'_>) -> io::Result<Population> {
    let catalog = material.catalog;
    let heads = ["repository", "source", "class", "revision", "services", "lastCommit", "carriedSince"];
    let rows = table::add(spool, &path("repositories"), &heads, |each| {
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
    })?;
    let of = catalog.ledger.repositories.len();
    let compared_with =
        "what the sources listed: with descriptor, without, excluded and unreadable together".into();
    Ok(Population { name: "repositories", rows, of, compared_with })
}

fn class(class: RepositoryClass) -> &'static str {
    match class {
        RepositoryClass::WithDescriptor => "with-descriptor",
        RepositoryClass::WithoutDescriptor => "without-descriptor",
        RepositoryClass::Excluded => "excluded",
        RepositoryClass::Unreadable => "unreadable",
    }
}

fn resources(spool: &mut Spool, material: &Material<'_>, selection: &Selection) -> io::Result<Population> {
    let catalog = material.catalog;
    let owners = Owners::of(catalog);
    let is_whole = unread(catalog).is_none();
    let heads = ["arn", "type", "account", "region", "service", "team", "ownership", "collectedAt"];
    let rows = table::add(spool, &path("resources"), &heads, |each| {
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
    })?;
    let answered = catalog.tag_listings.iter().filter(|listing| listing.refused.is_none()).count();
    let compared_with = format!(
        "{answered} of {} listings of the tagging API that were answered whole; what never carried a tag is in none",
        catalog.tag_listings.len()
    );
    Ok(Population { name: "resources", rows, of: catalog.resources.len(), compared_with })
}

fn exceptions(spool: &mut Spool, material: &Material<'_>, selection: &Selection) -> io::Result<Population> {
    let Material { catalog, assessment, .. } = *material;
    let heads = [
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
    ];
    let rows = table::add(spool, &path("exceptions"), &heads, |each| {
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
    })?;
    let of = catalog.exceptions.len();
    let compared_with = "the files of the register in the catalog folder, invalid and closed ones too".into();
    Ok(Population { name: "exceptions", rows, of, compared_with })
}
