//! What is shown as an earlier run saw it: the mark on every page that shows such a thing, and how much of it
//! there is.

use serde::Serialize;

use super::badge::Badge;
use super::parts::When;
use super::portal::Portal;
use super::prose::prose;
use super::templates::Html;
use crate::catalog::Service;
use crate::catalog::origin::FileIndex;
use crate::collect::snapshot;
use crate::day::Day;
use crate::words;

/// After so many nights it is no longer a matter of waiting for the next one.
const LONG: i64 = 7;

/// Since when something is carried over, and why.
#[derive(Debug, Serialize)]
pub(super) struct CarriedOver {
    /// The mark.
    pub(super) badge: Badge,
    since: When,
    reason: Html,
}

impl CarriedOver {
    /// That the repository of `file` is carried over, when it is.
    pub(super) fn of(portal: &Portal<'_>, file: FileIndex) -> Option<Self> {
        let carried = portal.catalog.files[file].carried.as_ref()?;
        let since = portal.when_of(carried.since);
        Some(Self { badge: badge(portal, carried), since, reason: prose(&carried.reason) })
    }
}

/// The mark of a service in lists, when its record is carried over.
pub(super) fn mark(portal: &Portal<'_>, service: &Service) -> Option<Badge> {
    portal.catalog.files[service.file].carried.as_ref().map(|carried| badge(portal, carried))
}

/// The mark of something carried over.
pub(super) fn badge(portal: &Portal<'_>, carried: &snapshot::Carried) -> Badge {
    let day = Day::of(carried.since, &portal.catalog.zone);
    Badge::carried(day, portal.run.as_of.days_since(day) > LONG)
}

/// How many repositories are carried over, and since when the oldest is; `None` when all were seen.
pub(super) fn in_brief(portal: &Portal<'_>) -> Option<String> {
    let rows = &portal.catalog.ledger.repositories;
    let carried = || rows.iter().filter_map(|row| row.repository.carried.as_ref());
    let oldest = carried().map(|carried| carried.since).min()?;
    let (count, all) = (carried().count(), words::count(rows.len(), "repository", "repositories"));
    let (verb, them) = if count == 1 { ("is", "it") } else { ("are", "them") };
    Some(format!(
        "{count} of {all} {verb} shown as an earlier run saw {them}, the oldest as of {}",
        portal.when_of(oldest).long
    ))
}
