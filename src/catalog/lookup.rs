//! What is looked up by its text, millions of times, and never listed: the order of a hash is nobody's.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

/// Values by text.
pub(super) struct Lookup<V>(HashMap<Box<str>, V>);

impl<V> Lookup<V> {
    /// What stands under `key`.
    pub(super) fn get(&self, key: &str) -> Option<&V> {
        self.0.get(key)
    }

    /// The same, to change it.
    pub(super) fn get_mut(&mut self, key: &str) -> Option<&mut V> {
        self.0.get_mut(key)
    }

    /// Puts `value` under `key`.
    pub(super) fn insert(&mut self, key: Box<str>, value: V) {
        self.0.insert(key, value);
    }
}

impl<V: Default> Lookup<V> {
    /// What stands under `key`, which is nothing yet when it is new.
    pub(super) fn entry(&mut self, key: Box<str>) -> &mut V {
        self.0.entry(key).or_default()
    }
}

impl<V> Default for Lookup<V> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

/// In the order of the texts, so that equal tables look equal.
impl<V: fmt::Debug> fmt::Debug for Lookup<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.0.iter().collect::<BTreeMap<_, _>>()).finish()
    }
}
