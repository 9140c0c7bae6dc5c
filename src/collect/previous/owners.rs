//! Owners of repositories: those that a run could not list, and those of which nothing is left.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Before, Held, Key};
use crate::collect::snapshot::SourceReport;

impl Before<'_> {
    /// Repositories of owners that were not listed: silence is no absence, and nobody need accept it.
    pub(super) fn carry_unlisted(&self, report: &mut SourceReport, now: &mut BTreeMap<Key, Held>) {
        let is_of = |key: &&Key, owner: &str| {
            key.1.split_once('/').is_some_and(|(own, _)| own.eq_ignore_ascii_case(owner))
        };
        for owner in &report.unlisted {
            let reason: Arc<str> = format!("`{owner}` was not listed").into();
            let missed =
                self.read_by(&report.name).filter(|key| is_of(key, owner) && !now.contains_key(*key));
            for key in missed.collect::<Vec<_>>() {
                if let Some(held) = self.carried(key, &reason) {
                    now.insert(key.clone(), held);
                    report.items += 1;
                }
            }
        }
    }
}

/// Owners of several repositories of which none is left.
pub(super) fn emptied<'k>(known: &[&'k Key], gone: &[&'k Key]) -> Vec<&'k str> {
    let count = |keys: &[&'k Key]| {
        let mut owners: BTreeMap<&'k str, usize> = BTreeMap::new();
        for (owner, _) in keys.iter().filter_map(|key| key.1.split_once('/')) {
            *owners.entry(owner).or_default() += 1;
        }
        owners
    };
    let all = count(known);
    count(gone)
        .into_iter()
        .filter(|(owner, gone)| *gone > 1 && all[owner] == *gone)
        .map(|(owner, _)| owner)
        .collect()
}
