//! What one source gave, before the sources are put together.

use std::sync::Arc;

use super::snapshot::{
    Activity, CostMonth, Directory, FactsFile, File, ObservedAccount, Repository, SourceReport, SourceState,
    TagListing, TagPolicyListing, UntaggedCount,
};
use crate::day::Moment;
use crate::settings::Source;

/// How many reasons a report spells out.
const REASONS_SHOWN: usize = 5;

/// What one source gave. A source that could not be asked at all gives a reason instead.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub(super) repositories: Vec<(Repository, Vec<File>)>,
    pub(super) tag_listings: Vec<TagListing>,
    pub(super) accounts: Vec<ObservedAccount>,
    pub(super) tag_policies: Vec<TagPolicyListing>,
    pub(super) untagged: Vec<UntaggedCount>,
    pub(super) facts: Vec<FactsFile>,
    pub(super) costs: Vec<CostMonth>,
    pub(super) activities: Vec<Activity>,
    pub(super) directories: Vec<Directory>,
    /// When it was asked, when that was not now.
    pub(super) asked_at: Option<Moment>,
    /// How many items it gave.
    pub(super) items: u64,
    /// Owners whose repositories could not be listed.
    pub(super) unlisted: Vec<Arc<str>>,
    /// What is missing, in order.
    pub(super) shortfalls: Vec<String>,
    /// What is worth knowing although nothing is missing.
    pub(super) notes: Vec<String>,
}

/// How `source` fared.
pub(super) fn report(source: &Source, answer: Result<&Outcome, &String>, at: Moment) -> SourceReport {
    let asked_at = answer.ok().and_then(|outcome| outcome.asked_at);
    let (state, items, reason, notes) = match answer {
        Ok(outcome) if outcome.shortfalls.is_empty() => {
            (SourceState::Ok, outcome.items, None, &*outcome.notes)
        }
        Ok(outcome) => {
            (SourceState::Partial, outcome.items, Some(together(&outcome.shortfalls)), &*outcome.notes)
        }
        Err(reason) => (SourceState::Failed, 0, Some(reason.clone()), &[][..]),
    };
    SourceReport {
        name: Arc::from(&*source.name),
        kind: Arc::from(source.kind.word()),
        state,
        collected_at: asked_at.unwrap_or(at),
        stale_since: None,
        items,
        reason: reason.map(Arc::from),
        withheld: None,
        unlisted: answer.map_or_else(|_| Vec::new(), |outcome| outcome.unlisted.clone()),
        notes: notes.iter().map(|note| Arc::from(&**note)).collect(),
    }
}

/// Adds what is missing of a source that was asked once more.
pub(super) fn fall_short(report: &mut SourceReport, shortfalls: &[String]) {
    if shortfalls.is_empty() {
        return;
    }
    if report.state == SourceState::Ok {
        report.state = SourceState::Partial;
    }
    let reasons: Vec<String> =
        report.reason.iter().map(ToString::to_string).chain(shortfalls.iter().cloned()).collect();
    report.reason = Some(together(&reasons).into());
}

/// Reasons in one line, the first few spelled out.
pub(super) fn together(reasons: &[String]) -> String {
    let shown = reasons.len().min(REASONS_SHOWN);
    let mut line = reasons[..shown].join("; ");
    if reasons.len() > shown {
        line.push_str(&format!("; and {} more", reasons.len() - shown));
    }
    line
}
