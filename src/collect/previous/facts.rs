//! Files with facts that could not be read are as they were: of a source that failed all of them, else the single
//! ones. Each fact in them still says when it was observed, and ages by itself.

use std::sync::Arc;

use crate::collect::snapshot::{Content, FactsFile, Snapshot, SourceReport, SourceState};
use crate::day::Moment;

/// All files of a source that gave nothing.
pub(super) fn carry_all(
    facts: &mut Vec<FactsFile>,
    previous: &Snapshot,
    report: &mut SourceReport,
    seen: Moment,
) {
    let before = facts.len();
    facts.extend(previous.facts.iter().filter(|file| file.source == report.name).cloned());
    let carried = facts.len() - before;
    if carried > 0 {
        report.state = SourceState::Stale;
        report.items += carried as u64;
        since(report, seen);
    }
}

/// Files that are there and that the machine could not read. One that is too large or no text is read well enough
/// to say so: that is a mistake, not a blind spot.
pub(super) fn carry_unreadable(
    facts: &mut [FactsFile],
    previous: &Snapshot,
    report: &mut SourceReport,
    seen: Moment,
) {
    let name = Arc::clone(&report.name);
    for file in facts.iter_mut().filter(|file| file.source == name) {
        let Content::Unreadable { .. } = file.content else { continue };
        let earlier = previous.facts.iter().find(|known| {
            known.source == file.source
                && known.path == file.path
                && matches!(known.content, Content::Text(_))
        });
        if let Some(earlier) = earlier {
            *file = earlier.clone();
            let note = format!("the facts in `{}` are those of the run of {seen}", file.path);
            report.notes.push(Arc::from(note));
            since(report, seen);
        }
    }
}

pub(super) fn since(report: &mut SourceReport, seen: Moment) {
    report.stale_since = Some(report.stale_since.map_or(seen, |since| since.min(seen)));
}
