//! What was left out: repositories and accounts that the configuration excludes, with the line that does, what could
//! not be read, what refused, and what lies outside of what the pack covers. Every row says why.

use std::io;

use super::archive::Spool;
use super::pack::Material;
use super::paths;
use super::pointer::pointer;
use super::selection::Selection;
use super::table::{self, Cell};
use crate::catalog::origin::Origin;
use crate::collect::snapshot::RepositoryState;
use crate::diagnostic::{Place, codes};

/// Adds the list; gives the number of rows.
pub(super) fn add(spool: &mut Spool, material: &Material<'_>, selection: &Selection) -> io::Result<usize> {
    let Material { catalog, configuration, .. } = *material;
    let heads = ["kind", "what", "reason", "by", "until", "pointer"];
    table::add(spool, paths::EXCLUSIONS, &heads, |each| {
        for row in &catalog.ledger.repositories {
            let repository = &row.repository;
            let name = Cell::from(&*repository.name);
            match &repository.state {
                RepositoryState::Read => {}
                RepositoryState::Excluded { reason, by, until } => {
                    let line = line_of(material, &repository.source, reason);
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
        for exclusion in configuration.sources.values().flat_map(|source| &source.accounts.exclude.items) {
            let record = &exclusion.value;
            each(&[
                "account-excluded".into(),
                record.account.value().map(|account| &**account).into(),
                record.reason.value().map(|reason| &**reason).into(),
                record.by.value().map(|by| &**by).into(),
                record.until.value().map(ToString::to_string).into(),
                pointer(catalog, exclusion.origin).into(),
            ])?;
        }
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
        secrets(material, each)?;
        outside(material, selection, each)
    })
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
fn outside(material: &Material<'_>, selection: &Selection, each: &mut table::Rows<'_>) -> io::Result<()> {
    let catalog = material.catalog;
    let kinds = [
        ("services", catalog.services.len() - selection.services.len()),
        ("controls", catalog.controls.len() - selection.controls.len()),
        ("exceptions", catalog.exceptions.len() - selection.exceptions.len()),
    ];
    for (kind, left_out) in kinds.into_iter().filter(|(_, left_out)| *left_out > 0) {
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

/// The line of the configuration that excludes something of `source` for `reason`.
fn line_of(material: &Material<'_>, source: &str, reason: &str) -> Option<Origin> {
    let sources = material.configuration.sources.values();
    let source =
        sources.into_iter().find(|known| known.name.value().is_some_and(|name| &**name == source))?;
    let exclusion = source
        .exclude
        .items
        .iter()
        .find(|exclusion| exclusion.value.reason.value().is_some_and(|known| &**known == reason))?;
    Some(exclusion.origin)
}
