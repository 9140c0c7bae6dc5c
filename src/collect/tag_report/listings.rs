//! What reports say, as listings by account and region. What AWS says of tags is the same for most resources, and
//! kept once.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::entry::Entry;
use crate::collect::pool::Pool;
use crate::collect::snapshot::{ObservedResource, ReportedTags, TagListing};
use crate::day::Moment;

/// Most resources that are kept: each takes its name in memory.
pub(super) const MOST: usize = 5_000_000;

/// An account and a region.
type Pair = (Arc<str>, Arc<str>);

/// What was read so far.
#[derive(Default)]
pub(super) struct Listings {
    pairs: BTreeMap<Pair, (Moment, Vec<ObservedResource>)>,
    pool: Pool,
    count: usize,
}

impl Listings {
    /// Adds a resource of the report of `at`; gives whether there was room. Where an account stands in two reports, the
    /// newer one counts, which has to come later.
    pub(super) fn add(&mut self, entry: &Entry<'_>, at: Moment) -> bool {
        if self.count == MOST {
            return false;
        }
        self.count += 1;
        let mut keep = |keys: &[&str]| keys.iter().map(|key| self.pool.keep(key)).collect();
        let reported = ReportedTags {
            complies: entry.complies,
            noncompliant_keys: keep(&entry.noncompliant_keys),
            keys_with_noncompliant_values: keep(&entry.keys_with_noncompliant_values),
        };
        let reported = self.pool.keep_reported(&reported);
        let resource = ObservedResource {
            arn: entry.arn.into(),
            tags: self.pool.keep_tags(&[]),
            reported: Some(reported),
        };
        let pair = (self.pool.keep(entry.account), self.pool.keep(entry.region));
        let (of, resources) = self.pairs.entry(pair).or_insert_with(|| (at, Vec::new()));
        if *of != at {
            (*of, *resources) = (at, Vec::new());
        }
        resources.push(resource);
        true
    }

    /// All of it, each resource once: what several rows say of one is put together.
    pub(super) fn finish(mut self, source: &Arc<str>) -> Vec<TagListing> {
        let pairs = std::mem::take(&mut self.pairs);
        let listing = |((account, region), (at, mut resources)): (Pair, (Moment, Vec<ObservedResource>))| {
            resources.sort_by(|a, b| a.arn.cmp(&b.arn));
            resources.dedup_by(|later, first| {
                let is_same = later.arn == first.arn;
                if let (true, Some(one), Some(other)) = (is_same, &first.reported, &later.reported)
                    && one != other
                {
                    first.reported = Some(self.pool.keep_reported(&together(one, other)));
                }
                is_same
            });
            TagListing {
                source: Arc::clone(source),
                account,
                region,
                collected_at: at,
                carried: None,
                answer: Ok(resources),
            }
        };
        pairs.into_iter().map(listing).collect()
    }
}

/// What two rows say of one resource: it complies when both say so.
fn together(one: &ReportedTags, other: &ReportedTags) -> ReportedTags {
    let keys = |one: &[Arc<str>], other: &[Arc<str>]| {
        let mut keys: Vec<Arc<str>> = one.iter().chain(other).cloned().collect();
        keys.sort();
        keys.dedup();
        keys
    };
    ReportedTags {
        complies: match (one.complies, other.complies) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        },
        noncompliant_keys: keys(&one.noncompliant_keys, &other.noncompliant_keys),
        keys_with_noncompliant_values: keys(
            &one.keys_with_noncompliant_values,
            &other.keys_with_noncompliant_values,
        ),
    }
}
