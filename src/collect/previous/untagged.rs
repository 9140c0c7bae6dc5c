//! Counts of resources without tags that did not answer this time are as they were. Of an account that answered in part
//! its new count stands, with what the silent regions were part of.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::collect::snapshot::{Snapshot, SourceState, Untagged, UntaggedCount};
use crate::day::Moment;
use crate::words;

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
                match (&mut now.answer, &before.answer) {
                    (Err(reason), _) => *now = carried(Arc::clone(reason)),
                    (Ok(now), Ok(counted)) => now.remember(counted, before.collected_at),
                    (Ok(_), Err(_)) => {}
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

impl Untagged {
    /// What was counted now is what can be proved. A region that counted in `before` and is silent now takes nothing of it
    /// away: how much it has is unknown, and what it was part of at `then` is said with the reason.
    fn remember(&mut self, before: &Self, then: Moment) {
        let counted = |region: &Arc<str>| before.regions.contains(region);
        for (_, reason) in self.uncounted.iter_mut().filter(|(region, _)| counted(region)) {
            let regions = words::count(before.regions.len(), "region", "regions");
            let resources = before.resources;
            *reason = format!("{reason}; at {then} it was among {regions} in which {resources} were counted")
                .into();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::previous::tests::{MONDAY, TUESDAY, moment, run};

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
    fn a_silent_region_is_unknown_and_what_the_others_count_is_new() {
        let (both, one) = (["eu-central-1", "eu-west-1"], ["eu-central-1"]);
        let monday = on(MONDAY, vec![in_regions(MONDAY, 7, &both, &[])]);
        let mut silent = on(TUESDAY, vec![in_regions(TUESDAY, 3, &one, &["eu-west-1"])]);
        silent.carry_over(&monday, None);
        let [kept] = &silent.untagged[..] else { panic!("{:?}", silent.untagged) };
        assert_eq!((&kept.carried, kept.collected_at), (&None, moment(TUESDAY)));
        let counted = kept.answer.as_ref().expect("a region answered");
        assert_eq!((counted.resources, &counted.regions[..]), (3, &["eu-central-1".into()][..]));
        let said = "Throttling; at 2026-11-16T03:00:00Z it was among 2 regions in which 7 were counted";
        assert_eq!(counted.uncounted, [("eu-west-1".into(), said.into())]);
        // A region that never counted is missing now as it was before.
        let monday = on(MONDAY, vec![in_regions(MONDAY, 7, &one, &["eu-west-1"])]);
        let tuesday = in_regions(TUESDAY, 3, &one, &["eu-west-1"]);
        let mut silent = on(TUESDAY, vec![tuesday.clone()]);
        silent.carry_over(&monday, None);
        assert_eq!(silent.untagged, [tuesday]);
    }
}
