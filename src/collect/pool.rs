//! What repeats a million times, such as tag keys and whole sets of tags, kept once.

use std::collections::HashSet;
use std::sync::Arc;

use super::snapshot::{ObservedResource, ReportedTags, Tags};

/// Texts and tags seen so far.
#[derive(Debug, Default)]
pub(super) struct Pool {
    texts: HashSet<Arc<str>>,
    tags: HashSet<Tags>,
    reported: HashSet<Arc<ReportedTags>>,
}

impl Pool {
    /// The kept copy of `text`.
    pub(super) fn keep(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.texts.get(text) {
            return Arc::clone(known);
        }
        let text = Arc::<str>::from(text);
        self.texts.insert(Arc::clone(&text));
        text
    }

    /// The kept copy of these tags, their keys and values kept copies too.
    pub(super) fn keep_tags(&mut self, tags: &[(Arc<str>, Arc<str>)]) -> Tags {
        if let Some(known) = self.tags.get(tags) {
            return Arc::clone(known);
        }
        let tags: Tags = tags.iter().map(|(key, value)| (self.keep(key), self.keep(value))).collect();
        self.tags.insert(Arc::clone(&tags));
        tags
    }

    /// The kept copy of what AWS reports of tags.
    pub(super) fn keep_reported(&mut self, reported: &ReportedTags) -> Arc<ReportedTags> {
        if let Some(known) = self.reported.get(reported) {
            return Arc::clone(known);
        }
        let reported = Arc::new(reported.clone());
        self.reported.insert(Arc::clone(&reported));
        reported
    }

    /// Replaces tags, and what AWS reports of them, by kept copies.
    pub(super) fn share_tags(&mut self, resources: &mut [ObservedResource]) {
        for resource in resources {
            resource.tags = self.keep_tags(&resource.tags);
            resource.reported = resource.reported.take().map(|reported| self.keep_reported(&reported));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_tags_are_one() {
        let tags = || [("Service".into(), "quote".into())];
        let mut pool = Pool::default();
        let (one, other) = (pool.keep_tags(&tags()), pool.keep_tags(&tags()));
        assert!(Arc::ptr_eq(&one, &other));
        assert!(Arc::ptr_eq(&one[0].0, &pool.keep("Service")));
        assert_eq!(*one, tags());
    }
}
