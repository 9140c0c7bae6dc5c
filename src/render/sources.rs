//! How the sources fared, as the first page and the ledger show it.

use serde::Serialize;

use super::badge::Badge;
use super::parts::When;
use super::portal::Portal;
use super::prose::prose;
use super::templates::Html;
use crate::collect::snapshot::{SourceReport, SourceState};
use crate::words;

/// One source.
#[derive(Debug, Serialize)]
pub(super) struct Source<'p> {
    name: &'p str,
    kind: &'p str,
    badge: Badge,
    items: u64,
    collected: When,
    remark: Option<Html>,
    notes: Vec<Html>,
    stale_since: Option<When>,
}

/// Every source, the least complete first.
pub(super) fn sources<'p>(portal: &'p Portal<'_>) -> Vec<Source<'p>> {
    let mut reports: Vec<&SourceReport> = portal.catalog.ledger.sources.iter().collect();
    let rank = |state: SourceState| match state {
        SourceState::Failed => 0,
        SourceState::Stale => 1,
        SourceState::Partial => 2,
        SourceState::Ok => 3,
    };
    reports.sort_by_key(|report| rank(report.state));
    reports
        .into_iter()
        .map(|report| Source {
            name: &report.name,
            kind: &report.kind,
            badge: Badge::source(report.state),
            items: report.items,
            collected: portal.when_of(report.collected_at),
            remark: report.reason.as_deref().map(prose),
            notes: report.notes.iter().map(|note| prose(note)).collect(),
            stale_since: report.stale_since.map(|since| portal.when_of(since)),
        })
        .collect()
}

/// `3 sources, the least complete first`.
pub(super) fn caption(sources: &[SourceReport]) -> String {
    let whole = sources.iter().all(|source| source.state == SourceState::Ok);
    let order = if whole { "by name" } else { "the least complete first" };
    format!("{}, {order}", words::count(sources.len(), "source", "sources"))
}
