//! Counts of resources without tags that did not answer this time are as they were.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::collect::snapshot::{Snapshot, SourceState, UntaggedCount};

impl Snapshot {
    /// Puts what `previous` counted where this run could not ask.
    pub(super) fn carry_untagged(&mut self, previous: &Self) {
        let key = |count: &UntaggedCount| (Arc::clone(&count.source), Arc::clone(&count.account));
        let places: BTreeMap<_, usize> =
            self.untagged.iter().enumerate().map(|(place, count)| (key(count), place)).collect();
        for before in previous.untagged.iter().filter(|before| before.answer.is_ok()) {
            let carried = |reason| UntaggedCount { carried: Some(reason), ..before.clone() };
            if let Some(place) = places.get(&key(before)) {
                let now = &mut self.untagged[*place];
                let lost = match (&now.answer, &before.answer) {
                    (Err(reason), _) => Some(Arc::clone(reason)),
                    // A region that counted the last time and is silent now takes nothing away.
                    (Ok(now), Ok(before)) => {
                        let silent = now.uncounted.iter().find(|(region, _)| before.regions.contains(region));
                        silent.map(|(region, reason)| format!("in `{region}`: {reason}").into())
                    }
                    (Ok(_), Err(_)) => None,
                };
                if let Some(reason) = lost {
                    *now = carried(reason);
                }
                continue;
            }
            let failed = |state| matches!(state, SourceState::Failed | SourceState::Stale);
            let mut reports = self.sources.iter();
            let report = reports.find(|one| one.name == before.source && failed(one.state));
            let Some(report) = report else { continue };
            let reason = report.reason.clone().unwrap_or_else(|| "its source did not answer".into());
            self.untagged.push(carried(reason));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::previous::tests::{MONDAY, TUESDAY, moment, run};
    use crate::collect::snapshot::Untagged;

    fn count(at: &str, answer: Result<u64, &str>) -> UntaggedCount {
        UntaggedCount {
            source: "git".into(),
            account: "111122223333".into(),
            collected_at: moment(at),
            carried: None,
            answer: answer.map(|resources| Untagged { resources, ..Untagged::default() }).map_err(Arc::from),
        }
    }

    fn on(at: &str, counts: Vec<UntaggedCount>) -> Snapshot {
        Snapshot { untagged: counts, ..run(at, Vec::new()) }
    }

    #[test]
    fn a_count_that_is_refused_is_as_it_was_and_one_that_is_answered_is_new() {
        let monday = on(MONDAY, vec![count(MONDAY, Ok(7))]);
        let mut refused = on(TUESDAY, vec![count(TUESDAY, Err("AccessDeniedException"))]);
        refused.carry_over(&monday, None);
        let expected =
            UntaggedCount { carried: Some("AccessDeniedException".into()), ..count(MONDAY, Ok(7)) };
        assert_eq!(refused.untagged, [expected]);
        assert_eq!(refused.sources[0].stale_since, Some(moment(MONDAY)));
        let mut answered = on(TUESDAY, vec![count(TUESDAY, Ok(0))]);
        answered.carry_over(&monday, None);
        assert_eq!(answered.untagged, [count(TUESDAY, Ok(0))]);
    }

    #[test]
    fn a_source_that_fails_keeps_counts_and_one_that_does_not_ask_any_more_drops_them() {
        let monday = on(MONDAY, vec![count(MONDAY, Ok(7))]);
        let mut silent = on(TUESDAY, Vec::new());
        silent.sources[0].state = SourceState::Failed;
        silent.carry_over(&monday, None);
        assert_eq!(silent.untagged[0].carried.as_deref(), Some("its source did not answer"));
        let mut unasked = on(TUESDAY, Vec::new());
        unasked.carry_over(&monday, None);
        assert!(unasked.untagged.is_empty());
    }

    /// Counted in these regions, and not in `silent`.
    fn in_regions(at: &str, resources: u64, regions: &[&str], silent: &[&str]) -> UntaggedCount {
        let named = |regions: &[&str]| regions.iter().map(|region| Arc::from(*region)).collect();
        let uncounted = silent.iter().map(|region| ((*region).into(), "Throttling".into())).collect();
        let answer = Untagged { resources, regions: named(regions), uncounted, ..Untagged::default() };
        UntaggedCount { answer: Ok(answer), ..count(at, Ok(0)) }
    }

    #[test]
    fn a_region_that_counted_and_is_silent_takes_nothing_away() {
        let (both, one) = (["eu-central-1", "eu-west-1"], ["eu-central-1"]);
        let monday = on(MONDAY, vec![in_regions(MONDAY, 7, &both, &[])]);
        let mut silent = on(TUESDAY, vec![in_regions(TUESDAY, 3, &one, &["eu-west-1"])]);
        silent.carry_over(&monday, None);
        let reason = "in `eu-west-1`: Throttling";
        let expected = UntaggedCount { carried: Some(reason.into()), ..in_regions(MONDAY, 7, &both, &[]) };
        assert_eq!(silent.untagged, [expected]);
        // A region that never counted is missing now as it was before.
        let monday = on(MONDAY, vec![in_regions(MONDAY, 7, &one, &["eu-west-1"])]);
        let tuesday = in_regions(TUESDAY, 3, &one, &["eu-west-1"]);
        let mut silent = on(TUESDAY, vec![tuesday.clone()]);
        silent.carry_over(&monday, None);
        assert_eq!(silent.untagged, [tuesday]);
    }
}
