//! Tag compliance in tables: by key, and by whatever resources can be counted by.

use serde::Serialize;

use super::parts::{Link, Meter};
use crate::assess::TagCounts;
use crate::assess::outcome::Share;
use crate::assess::resources::Tally;

/// Resources by verdict on one required key.
#[derive(Debug, Serialize)]
pub struct Key {
    key: String,
    right: Option<Meter>,
    missing: u32,
    wrong_case: u32,
    wrong_value: u32,
    contested: u32,
    unknown: u32,
    exempt: u32,
}

/// Resources that have something in common.
#[derive(Debug, Serialize)]
pub struct Row {
    /// What they have in common.
    pub name: Link,
    /// How many.
    pub resources: u64,
    /// How many have all their tags right.
    pub all_right: Option<Meter>,
    /// How many of their tags are.
    pub right: Option<Meter>,
}

/// Verdicts by key, in the order of the policy.
pub fn keys<'k>(keys: impl Iterator<Item = &'k str>, tally: &Tally) -> Vec<Key> {
    let key = |(key, counts): (&str, &TagCounts)| Key {
        key: key.to_owned(),
        right: Share::of(counts.ok.into(), counts.required()).map(Meter::from),
        missing: counts.missing,
        wrong_case: counts.wrong_case,
        wrong_value: counts.wrong_value,
        contested: counts.contested,
        unknown: counts.unknown,
        exempt: counts.exempt,
    };
    keys.zip(&tally.tags.keys).map(key).collect()
}

/// The row of `tally`.
pub fn row(name: Link, tally: &Tally) -> Row {
    Row {
        name,
        resources: tally.resources,
        all_right: Share::of(tally.right, tally.judged).map(Meter::from),
        right: tally.tags_right().map(Meter::from),
    }
}

/// The `most` rows that need somebody first: by how many resources are not right.
pub fn worst<T>(all: impl Iterator<Item = (T, u64)>, most: usize) -> Vec<T> {
    let mut all: Vec<(T, u64)> = all.collect();
    // Stable: among equals the order of names stays.
    all.sort_by_key(|(_, wrong)| std::cmp::Reverse(*wrong));
    all.into_iter().take(most).map(|(row, _)| row).collect()
}

/// How many judged resources of `tally` are not right.
pub fn wrong(tally: &Tally) -> u64 {
    tally.judged - tally.right
}
