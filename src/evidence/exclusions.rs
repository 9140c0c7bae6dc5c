//! What was left out: repositories and accounts that the configuration excludes, with the line that does, what could
//! not be read, what refused, and what lies outside of what the pack covers. Every row says why.

use std::collections::BTreeSet;
use std::io;

use super::archive::Spool;
use super::pack::Material;
use super::paths;
use super::pointer::pointer;
use super::population::Population;
use super::selection::Selection;
use super::table::{self, Cell};
use crate::assess::SubjectAssessment;
use crate::catalog::origin::Origin;
use crate::catalog::scorecard::Rule;
use crate::collect::exclusion;
use crate::collect::snapshot::{Repository, RepositoryState};
use crate::day::Moment;
use crate::diagnostic::{Place, codes};

/// Adds the list; gives the number of rows.
pub(super) fn add(
    spool: &mut Spool,
    material: &Material<'_>,
    selection: &Selection,
    populations: &[Population],
) -> io::Result<usize> {
    let catalog = material.catalog;
    let heads = ["kind", "what", "reason", "by", "until", "pointer"];
    table::add(spool, paths::EXCLUSIONS, &heads, |each| {
        for row in &catalog.ledger.repositories {
            let repository = &row.repository;
            let name = Cell::from(&*repository.name);
            match &repository.state {
                RepositoryState::Read => {}
                RepositoryState::Excluded { reason, by, until } => {
                    let line = line_of(material, repository, reason);
                    let line = line.map(|origin| pointer(catalog, origin));
                    each(&[
                        "repository-excluded".into(),
                        name,
                        (&**reason).into(),
                        by.as_deref().into(),
                        until.as_deref().into(),
                        line.into(),
                    ])?;
                }
                RepositoryState::Unreadable { reason } => each(&[
                    "repository-unreadable".into(),
                    name,
                    (&**reason).into(),
                    Cell::Nothing,
                    Cell::Nothing,
                    Cell::Nothing,
                ])?,
            }
            for refused in &repository.refused {
                each(&[
                    "path-refused".into(),
                    format!("{}:{}", repository.name, refused.path).into(),
                    (&*refused.reason).into(),
                    Cell::Nothing,
                    Cell::Nothing,
                    Cell::Nothing,
                ])?;
            }
        }
        for unreadable in &catalog.ledger.unreadable {
            let place = pointer(catalog, Origin::Document(unreadable.file));
            each(&[
                "descriptor-unreadable".into(),
                place.as_str().into(),
                (&*unreadable.reason).into(),
                Cell::Nothing,
                Cell::Nothing,
                place.as_str().into(),
            ])?;
        }
        for skipped in &catalog.ledger.skipped {
            let place = pointer(catalog, skipped.origin);
            each(&[
                "document-of-another-tool".into(),
                place.as_str().into(),
                (&*skipped.what).into(),
                Cell::Nothing,
                Cell::Nothing,
                place.as_str().into(),
            ])?;
        }
        accounts(material, each)?;
        for listing in &catalog.tag_listings {
            let Some(refused) = &listing.refused else { continue };
            each(&[
                "listing-refused".into(),
                format!("{} {}", listing.account, listing.region).into(),
                (&**refused).into(),
                Cell::Nothing,
                Cell::Nothing,
                format!(
                    "tagging:GetResources {} {} {}",
                    listing.account, listing.region, listing.collected_at
                )
                .into(),
            ])?;
        }
        earlier(material, each)?;
        secrets(material, each)?;
        outside(material, selection, populations, each)
    })
}

/// Accounts of the organisation of which nothing was asked: that the configuration excludes, and the others.
fn accounts(material: &Material<'_>, each: &mut table::Rows<'_>) -> io::Result<()> {
    let Material { catalog, configuration, .. } = *material;
    let asked: BTreeSet<&str> = catalog.tag_listings.iter().map(|listing| &*listing.account).collect();
    let exclusions: Vec<_> = configuration
        .sources
        .values()
        .flat_map(|source| &source.accounts.exclude.items)
        .filter_map(|exclusion| Some((exclusion.value.account.value()?, exclusion)))
        .collect();
    for account in catalog.accounts.iter().filter(|account| !asked.contains(account.id.as_str())) {
        let id = account.id.as_str();
        let observed = account.observed.as_ref();
        let is_meant = |pattern: &str| {
            let means = |text: &str| exclusion::matches(pattern.as_bytes(), text.as_bytes());
            means(id) || observed.is_some_and(|observed| means(&observed.name))
        };
        if let Some((_, exclusion)) = exclusions.iter().find(|(pattern, _)| is_meant(pattern)) {
            let record = &exclusion.value;
            each(&[
                "account-excluded".into(),
                id.into(),
                record.reason.value().map(|reason| &**reason).into(),
                record.by.value().map(|by| &**by).into(),
                record.until.value().map(ToString::to_string).into(),
                pointer(catalog, exclusion.origin).into(),
            ])?;
            continue;
        }
        let reason = match observed {
            Some(observed) if &*observed.state != "ACTIVE" => {
                format!("the account is {}; its resources were not asked for", observed.state)
            }
            _ => "no source asked for its resources".to_owned(),
        };
        each(&[
            "account-not-asked".into(),
            id.into(),
            reason.into(),
            Cell::Nothing,
            Cell::Nothing,
            Cell::Nothing,
        ])?;
    }
    Ok(())
}

/// What stands as an earlier run saw it, because this one could not look, or did not believe what it saw.
fn earlier(material: &Material<'_>, each: &mut table::Rows<'_>) -> io::Result<()> {
    let snapshot = material.snapshot;
    let mut row = |kind: &'static str, what: String, reason: &str, at: Option<Moment>| {
        let at = at.map(|at| format!("as of {at}"));
        each(&[kind.into(), what.into(), reason.into(), Cell::Nothing, Cell::Nothing, at.into()])
    };
    for repository in &snapshot.repositories {
        if let Some(carried) = &repository.carried {
            row(
                "repository-as-of-earlier",
                repository.name.to_string(),
                &carried.reason,
                Some(carried.since),
            )?;
        }
    }
    for listing in &snapshot.tag_listings {
        if let Some(reason) = &listing.carried {
            let what = format!("{} {}", listing.account, listing.region);
            row("listing-as-of-earlier", what, reason, Some(listing.collected_at))?;
        }
    }
    for source in &snapshot.sources {
        if let Some(withheld) = &source.withheld {
            let what = format!("removals of {}: {}", source.name, withheld.what);
            row("removal-not-believed", what, "too much would be gone in one run", None)?;
        }
        for unlisted in &source.unlisted {
            row("not-listed", format!("{} {unlisted}", source.name), "it was not listed to its end", None)?;
        }
    }
    Ok(())
}

/// Credentials that somebody wrote, and that were taken out before anything was judged. The inputs hold the text that
/// was judged, with a mark in their place; what stood there is in no pack, and neither is its digest, by which a guess
/// could be tried.
fn secrets(material: &Material<'_>, each: &mut table::Rows<'_>) -> io::Result<()> {
    let all = material.catalog.diagnostics.iter();
    for removed in all.filter(|diagnostic| diagnostic.code == &codes::SECRET_REMOVED) {
        let line = |place: &Place| format!("{}:{}:{}", place.repository, place.path, place.line);
        let place = removed.place.as_ref().map(line);
        each(&[
            "secret-removed".into(),
            place.clone().into(),
            removed.message.as_str().into(),
            Cell::Nothing,
            Cell::Nothing,
            place.into(),
        ])?;
    }
    Ok(())
}

/// How much of a kind the pack does not cover, because it was not asked to.
fn outside(
    material: &Material<'_>,
    selection: &Selection,
    populations: &[Population],
    each: &mut table::Rows<'_>,
) -> io::Result<()> {
    let Material { catalog, assessment, .. } = *material;
    let of_populations = populations.iter().map(|one| (one.name, one.of - one.rows));
    let rules = catalog.scorecards.iter().flat_map(|scorecard| scorecard.record.rules.values());
    let is_left_out = |rule: &&Rule| rule.id.value().is_some_and(|id| !selection.covers_rule(id.as_str()));
    let judged = |subjects: &mut dyn Iterator<Item = &SubjectAssessment>| {
        let judged = subjects.filter(|subject| !subject.scorecards.is_empty()).count();
        if selection.all_services { 0 } else { judged }
    };
    let kinds = of_populations.chain([
        ("controls", catalog.controls.len() - selection.controls.len()),
        ("rules", rules.filter(is_left_out).count()),
        ("judged golden paths", judged(&mut assessment.golden_paths.iter())),
        ("judged accounts", judged(&mut assessment.accounts.iter().map(|account| &account.subject))),
    ]);
    for (kind, left_out) in kinds.filter(|(_, left_out)| *left_out > 0) {
        each(&[
            "not-covered".into(),
            format!("{left_out} {kind}").into(),
            format!("this pack covers {}", material.asked.words()).into(),
            Cell::Nothing,
            Cell::Nothing,
            paths::REQUEST.into(),
        ])?;
    }
    Ok(())
}

/// The line of the configuration that excludes `repository` for `reason`.
fn line_of(material: &Material<'_>, repository: &Repository, reason: &str) -> Option<Origin> {
    let mut sources = material.configuration.sources.values();
    let source = sources.find(|known| known.name.value().is_some_and(|name| **name == *repository.source))?;
    let exclusion = source.exclude.items.iter().find(|exclusion| {
        let record = &exclusion.value;
        record.reason.value().is_some_and(|known| &**known == reason)
            && record.repository.value().is_some_and(|pattern| exclusion::names(pattern, &repository.name))
    })?;
    Some(exclusion.origin)
}
