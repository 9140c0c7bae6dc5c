//! Costs of a source that gave nothing this time are as they were: a month that has passed changes little, and each says
//! until when it counts.

use crate::collect::snapshot::{CostMonth, Snapshot, SourceReport, SourceState};
use crate::day::Moment;

/// All months of a source that gave nothing.
pub(super) fn carry(
    costs: &mut Vec<CostMonth>,
    previous: &Snapshot,
    report: &mut SourceReport,
    seen: Moment,
) {
    let before = costs.len();
    costs.extend(previous.costs.iter().filter(|month| month.source == report.name).cloned());
    let carried = &costs[before..];
    if !carried.is_empty() {
        report.state = SourceState::Stale;
        report.items += carried.iter().map(|month| month.charges).sum::<u64>();
        super::facts::since(report, seen);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::previous::tests::{MONDAY, TUESDAY, moment, run};

    #[test]
    fn a_source_that_fails_takes_no_month_away() {
        let month = CostMonth {
            source: "git".into(),
            month: "2026-10".into(),
            until: moment(MONDAY),
            charges: 7,
            lines: Vec::new(),
        };
        let monday = Snapshot { costs: vec![month], ..run(MONDAY, Vec::new()) };
        let mut tuesday = run(TUESDAY, Vec::new());
        tuesday.sources[0].state = SourceState::Failed;
        tuesday.carry_over(&monday, None);
        assert_eq!(tuesday.costs, monday.costs);
        assert_eq!(tuesday.sources[0].state, SourceState::Stale);
        assert_eq!(tuesday.sources[0].stale_since, Some(moment(MONDAY)));
        let mut answered = run(TUESDAY, Vec::new());
        answered.carry_over(&monday, None);
        assert!(answered.costs.is_empty(), "what an answer no longer has is gone");
    }
}
