//! What happened to repositories, as an earlier run was told: it stands where this run was told nothing, and keeps the
//! moment of that run, so that it becomes too old by itself.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Held, Key};
use crate::collect::snapshot::Activity;

/// Puts what `before` was told where `now` was not. Only of repositories that are still there; of one that was not
/// asked about at all only when nobody could ask: its source is among the `silent`, or it is carried over itself.
pub(super) fn carry(
    now: &mut Vec<Activity>,
    before: &[Activity],
    silent: &BTreeSet<Arc<str>>,
    repositories: &BTreeMap<Key, Held>,
) {
    let mut known: BTreeMap<_, Activity> =
        now.drain(..).map(|activity| (activity.owned_key(), activity)).collect();
    for activity in before.iter().filter(|activity| !activity.is_refused()) {
        let key: Key = (Arc::clone(&activity.source), Arc::clone(&activity.repository), 0);
        let Some((repository, _)) = repositories.get(&key) else { continue };
        let stands = match known.get(&activity.owned_key()) {
            Some(told) => told.is_refused(),
            None => silent.contains(&activity.source) || repository.carried.is_some(),
        };
        if stands {
            known.insert(activity.owned_key(), activity.clone());
        }
    }
    now.extend(known.into_values());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::previous::tests::{MONDAY, TUESDAY, moment, read, run};
    use crate::collect::snapshot::{Builds, Happened, Snapshot, SourceState};

    fn builds(at: &str, name: &str, told: Result<u32, &str>) -> Activity {
        Activity {
            repository: name.into(),
            source: "git".into(),
            collected_at: moment(at),
            what: Happened::Builds(
                told.map(|passed| Builds { passed, ..Builds::default() }).map_err(Arc::from),
            ),
        }
    }

    fn night(at: &str, names: &[&str], activities: Vec<Activity>) -> Snapshot {
        Snapshot { activities, ..run(at, names.iter().map(|name| read(name)).collect()) }
    }

    fn after(monday: &Snapshot, mut tuesday: Snapshot) -> Vec<Activity> {
        tuesday.carry_over(monday, None);
        tuesday.activities
    }

    #[test]
    fn what_was_refused_is_what_it_was_and_keeps_its_moment() {
        let told = |name| builds(MONDAY, name, Ok(7));
        let monday = night(MONDAY, &["a", "b", "c", "d"], ["a", "b", "c", "d"].map(told).to_vec());
        let refused = builds(TUESDAY, "a", Err("forbidden"));
        let newer = builds(TUESDAY, "b", Ok(8));
        let tuesday = night(TUESDAY, &["a", "b", "d"], vec![refused, newer.clone()]);
        let carried = after(&monday, tuesday);
        assert_eq!(carried, [told("a"), newer], "`c` is gone, and of `d` nobody asked any more");
    }

    #[test]
    fn what_was_never_told_stays_refused() {
        let refused = |at| builds(at, "a", Err("forbidden"));
        let monday = night(MONDAY, &["a"], vec![refused(MONDAY)]);
        let tuesday = night(TUESDAY, &["a"], vec![refused(TUESDAY)]);
        assert_eq!(after(&monday, tuesday), [refused(TUESDAY)]);
    }

    #[test]
    fn a_source_that_fails_takes_none_of_it_away() {
        let monday = night(MONDAY, &["a"], vec![builds(MONDAY, "a", Ok(7))]);
        let mut tuesday = night(TUESDAY, &[], Vec::new());
        tuesday.sources[0].state = SourceState::Failed;
        assert_eq!(after(&monday, tuesday), monday.activities);
    }
}
