//! Tag policies that did not answer this time are as they were: a policy that is not seen is not one that was lifted.

use std::sync::Arc;

use crate::collect::snapshot::{Snapshot, SourceState, TagPolicyListing};

impl Snapshot {
    /// Puts what `previous` knew of tag policies where this run could not ask.
    pub(super) fn carry_tag_policies(&mut self, previous: &Self) {
        for before in previous.tag_policies.iter().filter(|before| before.answer.is_ok()) {
            let carried = |reason| TagPolicyListing { carried: Some(reason), ..before.clone() };
            let now = self.tag_policies.iter_mut().find(|one| one.source == before.source);
            match now {
                Some(now) => {
                    if let Err(reason) = &now.answer {
                        *now = carried(Arc::clone(reason));
                    }
                }
                None => {
                    let failed = |state| matches!(state, SourceState::Failed | SourceState::Stale);
                    let mut reports = self.sources.iter();
                    let report = reports.find(|one| one.name == before.source && failed(one.state));
                    let Some(report) = report else { continue };
                    let reason = report.reason.clone().unwrap_or_else(|| "its source did not answer".into());
                    self.tag_policies.push(carried(reason));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::previous::tests::{MONDAY, TUESDAY, moment, run};
    use crate::collect::snapshot::ObservedTagPolicy;

    fn listing(at: &str, answer: Result<&[&str], &str>) -> TagPolicyListing {
        let policies = |ids: &[&str]| {
            ids.iter().map(|id| ObservedTagPolicy::new(id, "Costs", "{}", Vec::new())).collect()
        };
        TagPolicyListing {
            source: "git".into(),
            collected_at: moment(at),
            carried: None,
            answer: answer.map(policies).map_err(Arc::from),
        }
    }

    fn on(at: &str, listings: Vec<TagPolicyListing>) -> Snapshot {
        Snapshot { tag_policies: listings, ..run(at, Vec::new()) }
    }

    #[test]
    fn what_is_refused_is_as_it_was_and_what_is_answered_is_new() {
        let monday = on(MONDAY, vec![listing(MONDAY, Ok(&["p-1", "p-2"]))]);
        let mut refused = on(TUESDAY, vec![listing(TUESDAY, Err("AccessDeniedException"))]);
        refused.carry_over(&monday, None);
        let [kept] = &refused.tag_policies[..] else { panic!("{:?}", refused.tag_policies) };
        assert_eq!(
            (kept.carried.as_deref(), &kept.answer),
            (Some("AccessDeniedException"), &monday.tag_policies[0].answer)
        );
        assert_eq!(refused.sources[0].stale_since, Some(moment(MONDAY)));
        let mut answered = on(TUESDAY, vec![listing(TUESDAY, Ok(&["p-2"]))]);
        answered.carry_over(&monday, None);
        assert_eq!(answered.tag_policies, [listing(TUESDAY, Ok(&["p-2"]))]);
    }

    #[test]
    fn a_source_that_fails_keeps_them_and_one_that_does_not_ask_any_more_drops_them() {
        let monday = on(MONDAY, vec![listing(MONDAY, Ok(&["p-1"]))]);
        let mut silent = on(TUESDAY, Vec::new());
        silent.sources[0].state = SourceState::Failed;
        silent.sources[0].reason = Some("no credentials".into());
        silent.carry_over(&monday, None);
        assert_eq!(silent.tag_policies[0].carried.as_deref(), Some("no credentials"));
        let mut unasked = on(TUESDAY, Vec::new());
        unasked.carry_over(&monday, None);
        assert!(unasked.tag_policies.is_empty());
    }
}
