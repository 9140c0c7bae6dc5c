//! The scope: every source asked, every repository and listing, when, with how many items, and what became of it.
//! What is not known stands as `null`, never as a guess.

use std::io;
use std::sync::Arc;

use serde::Serialize;

use super::archive::Spool;
use super::pack::Material;
use super::paths;
use crate::collect::snapshot::{RepositoryState, Snapshot, SourceState};

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
    /// What was asked for, one by one; `at` is when it answered.
    asked: Vec<Asked<'a>>,
    collected_at: String,
    items: u64,
    kind: &'a str,
    name: &'a str,
    notes: &'a [Arc<str>],
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

/// The outcome of what could not be asked for, or was refused, and stands as an earlier run saw it.
const CARRIED: &str = "as-of-earlier";

impl<'a> Asked<'a> {
    /// What came of asking: an error, or an answer, which may be of an earlier run.
    fn answered(operation: &'static str, error: Option<&'a Arc<str>>, carried: Option<&'a Arc<str>>) -> Self {
        let outcome = match (error, carried) {
            (Some(_), _) => "failed",
            (None, Some(_)) => CARRIED,
            (None, None) => "ok",
        };
        Self { outcome, reason: error.or(carried).map(|reason| &**reason), ..Self::of(operation) }
    }

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
        let carried = repository.carried.as_ref();
        let (outcome, reason) = match &repository.state {
            RepositoryState::Read if carried.is_some() => (CARRIED, None),
            RepositoryState::Read => ("ok", None),
            RepositoryState::Excluded { reason, .. } => ("excluded", Some(&**reason)),
            RepositoryState::Unreadable { reason } => ("failed", Some(&**reason)),
        };
        Asked {
            at: carried.map(|carried| carried.since.to_string()),
            outcome,
            reason: reason.or(carried.map(|carried| &*carried.reason)),
            repository: Some(&repository.name),
            revision: Some(revision),
            ..Asked::of("read repository")
        }
    });
    let listings = snapshot.tag_listings.iter().filter(|one| &*one.source == source).map(|listing| Asked {
        account: Some(&listing.account),
        at: Some(listing.collected_at.to_string()),
        items: listing.answer.as_ref().ok().map(Vec::len),
        principal: listing.principal.as_deref(),
        region: Some(&listing.region),
        ..Asked::answered("tagging:GetResources", listing.answer.as_ref().err(), listing.carried.as_ref())
    });
    let directories =
        snapshot.directories.iter().filter(|one| &*one.source == source).map(|directory| Asked {
            at: Some(directory.collected_at.to_string()),
            items: directory.answer.as_ref().ok().map(|people| people.teams.len()),
            repository: Some(&directory.organisation),
            ..Asked::answered(
                "list teams of organisation",
                directory.answer.as_ref().err(),
                directory.carried.as_ref(),
            )
        });
    let policies = snapshot.tag_policies.iter().filter(|one| &*one.source == source).map(|listing| Asked {
        at: Some(listing.collected_at.to_string()),
        items: listing.answer.as_ref().ok().map(Vec::len),
        ..Asked::answered(
            "organizations:ListPolicies",
            listing.answer.as_ref().err(),
            listing.carried.as_ref(),
        )
    });
    let untagged = snapshot.untagged.iter().filter(|one| &*one.source == source).map(|count| Asked {
        account: Some(&count.account),
        at: Some(count.collected_at.to_string()),
        items: count.answer.as_ref().ok().and_then(|count| usize::try_from(count.resources).ok()),
        ..Asked::answered("resource-explorer-2:Search", count.answer.as_ref().err(), count.carried.as_ref())
    });
    let accounts = organisation(snapshot, source);
    let activities = snapshot.activities.iter().filter(|one| &*one.source == source).map(|activity| Asked {
        at: Some(activity.collected_at.to_string()),
        repository: Some(&activity.repository),
        ..Asked::of("builds and deployments of repository")
    });
    repositories
        .chain(accounts)
        .chain(listings)
        .chain(policies)
        .chain(untagged)
        .chain(directories)
        .chain(activities)
        .collect()
}

/// That the organisation was asked for its accounts, when it said any: the list that they are compared with.
fn organisation<'a>(snapshot: &'a Snapshot, source: &str) -> Option<Asked<'a>> {
    let accounts: Vec<_> = snapshot.accounts.iter().filter(|account| &*account.source == source).collect();
    let newest = accounts.iter().max_by_key(|account| account.collected_at)?;
    let carried = accounts.iter().find_map(|account| account.carried.as_ref());
    Some(Asked {
        at: Some(newest.collected_at.to_string()),
        items: Some(accounts.len()),
        ..Asked::answered("organizations:ListAccounts", None, carried)
    })
}
