//! Texts that repeat a million times, such as tag keys, kept once.

use std::collections::HashSet;
use std::sync::Arc;

use super::snapshot::ObservedResource;

/// Texts seen so far.
#[derive(Debug, Default)]
pub(super) struct Pool(HashSet<Arc<str>>);

impl Pool {
    /// The kept copy of `text`.
    fn share(&mut self, text: &mut Arc<str>) {
        match self.0.get(&**text) {
            Some(known) => *text = Arc::clone(known),
            None => {
                self.0.insert(Arc::clone(text));
            }
        }
    }

    /// Replaces tag keys and values by kept copies.
    pub(super) fn share_tags(&mut self, resources: &mut [ObservedResource]) {
        for (key, value) in resources.iter_mut().flat_map(|resource| &mut resource.tags) {
            self.share(key);
            self.share(value);
        }
    }
}
