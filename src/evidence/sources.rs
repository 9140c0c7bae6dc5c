//! The scope: every source asked, every repository and listing, when, with how many items, and what became of it.
//! What is not known stands as `null`, never as a guess.

use std::io;

use serde::Serialize;

use super::archive::Spool;
use super::pack::Material;
use super::paths;
use crate::collect::snapshot::{RepositoryState, SourceState};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Scope<'a> {
    as_of: String,
    catalog_revision: Option<&'a str>,
    collected_at: Option<String>,
    organisation: &'a str,
    sources: Vec<Source<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Source<'a> {
    /// Repositories, listings and organisations that were asked for, one by one.
    asked: Vec<Asked<'a>>,
    collected_at: String,
    items: u64,
    kind: &'a str,
    name: &'a str,
    notes: &'a [std::sync::Arc<str>],
    outcome: &'static str,
    reason: Option<&'a str>,
    stale_since: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Asked<'a> {
    account: Option<&'a str>,
    at: Option<String>,
    items: Option<usize>,
    operation: &'static str,
    outcome: &'static str,
    /// The role that asked. Of the caller's own credentials, and of recorded answers, it is not known.
    principal: Option<&'a str>,
    reason: Option<&'a str>,
    region: Option<&'a str>,
    repository: Option<&'a str>,
    revision: Option<&'a str>,
}

impl<'a> Asked<'a> {
    fn of(operation: &'static str) -> Self {
        Self {
            account: None,
            at: None,
            items: None,
            operation,
            outcome: "ok",
            principal: None,
            reason: None,
            region: None,
            repository: None,
            revision: None,
        }
    }
}

/// Adds the scope.
pub(super) fn add(spool: &mut Spool, material: &Material<'_>) -> io::Result<()> {
    let Material { snapshot, catalog, run, .. } = *material;
    let scope = Scope {
        as_of: run.as_of.to_string(),
        catalog_revision: run.catalog_revision.as_deref(),
        collected_at: snapshot.collected_at.map(|at| at.to_string()),
        organisation: &catalog.organisation,
        sources: catalog
            .ledger
            .sources
            .iter()
            .map(|report| Source {
                asked: asked(material, &report.name),
                collected_at: report.collected_at.to_string(),
                items: report.items,
                kind: &report.kind,
                name: &report.name,
                notes: &report.notes,
                outcome: match report.state {
                    SourceState::Ok => "ok",
                    SourceState::Partial => "partial",
                    SourceState::Failed => "failed",
                    SourceState::Stale => "stale",
                },
                reason: report.reason.as_deref(),
                stale_since: report.stale_since.map(|since| since.to_string()),
            })
            .collect(),
    };
    spool.add(paths::SCOPE, |out| {
        serde_json::to_writer_pretty(&mut *out, &scope)?;
        out.write_all(b"\n")
    })
}

/// What `source` was asked for, one by one.
fn asked<'a>(material: &Material<'a>, source: &str) -> Vec<Asked<'a>> {
    let snapshot = material.snapshot;
    let repositories = snapshot.repositories.iter().filter(|one| &*one.source == source).map(|repository| {
        use crate::collect::snapshot::Revision;
        let (Revision::Commit(revision) | Revision::Digest(revision)) = &repository.revision;
        let (outcome, reason) = match &repository.state {
            RepositoryState::Read => ("ok", None),
            RepositoryState::Excluded { reason, .. } => ("excluded", Some(&**reason)),
            RepositoryState::Unreadable { reason } => ("failed", Some(&**reason)),
        };
        Asked {
            outcome,
            reason: reason.or(repository.carried.as_ref().map(|carried| &*carried.reason)),
            repository: Some(&repository.name),
            revision: Some(revision),
            ..Asked::of("read repository")
        }
    });
    let listings = snapshot.tag_listings.iter().filter(|one| &*one.source == source).map(|listing| Asked {
        account: Some(&listing.account),
        at: Some(listing.collected_at.to_string()),
        items: listing.answer.as_ref().ok().map(Vec::len),
        outcome: if listing.answer.is_ok() { "ok" } else { "failed" },
        principal: listing.principal.as_deref(),
        reason: listing.answer.as_ref().err().or(listing.carried.as_ref()).map(|reason| &**reason),
        region: Some(&listing.region),
        ..Asked::of("tagging:GetResources")
    });
    let directories =
        snapshot.directories.iter().filter(|one| &*one.source == source).map(|directory| Asked {
            at: Some(directory.collected_at.to_string()),
            items: directory.answer.as_ref().ok().map(|people| people.teams.len()),
            outcome: if directory.answer.is_ok() { "ok" } else { "failed" },
            reason: directory.answer.as_ref().err().map(|reason| &**reason),
            repository: Some(&directory.organisation),
            ..Asked::of("list teams of organisation")
        });
    repositories.chain(listings).chain(directories).collect()
}
