//! Texts that repeat a million times, such as tag keys, kept once.

use std::collections::HashSet;
use std::sync::Arc;

use super::snapshot::ObservedResource;

/// Texts seen so far.
#[derive(Debug, Default)]
pub(super) struct Pool(HashSet<Arc<str>>);

impl Pool {
    /// The kept copy of `text`.
    pub(super) fn keep(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.0.get(text) {
            return Arc::clone(known);
        }
        let text = Arc::<str>::from(text);
        self.0.insert(Arc::clone(&text));
        text
    }

    /// Replaces tag keys and values by kept copies.
    pub(super) fn share_tags(&mut self, resources: &mut [ObservedResource]) {
        for (key, value) in resources.iter_mut().flat_map(|resource| &mut resource.tags) {
            *key = self.keep(key);
            *value = self.keep(value);
        }
    }
}
