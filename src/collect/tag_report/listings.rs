//! What reports say, as listings by account and region. What AWS says of tags is the same for most resources, and
//! kept once.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::entry::Entry;
use crate::collect::pool::Pool;
use crate::collect::snapshot::{ObservedResource, ReportedTags, TagListing};
use crate::day::Moment;
use crate::words;

/// Most resources that are kept: each takes its name in memory.
pub(super) const MOST: usize = 5_000_000;

/// What one report says of an account: its moment, and resources by region.
type Account = (Moment, BTreeMap<Arc<str>, Vec<ObservedResource>>);

/// What was read so far.
#[derive(Default)]
pub(super) struct Listings {
    accounts: BTreeMap<Arc<str>, Account>,
    pool: Pool,
    count: usize,
    /// How often an older report was given up for an account.
    given_up: usize,
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
        let (account, region) = (self.pool.keep(entry.account), self.pool.keep(entry.region));
        let (of, regions) = self.accounts.entry(account).or_insert_with(|| (at, BTreeMap::new()));
        if *of != at {
            // What the newer report no longer names is gone, whatever its region.
            (*of, *regions) = (at, BTreeMap::new());
            self.given_up += 1;
        }
        regions.entry(region).or_default().push(resource);
        true
    }

    /// What is left out of older reports.
    pub(super) fn note(&self) -> Option<String> {
        let accounts = words::count(self.given_up, "account stands", "accounts stand");
        (self.given_up > 0)
            .then(|| format!("{accounts} in a newer report, too: of these the newer one counts"))
    }

    /// All of it, each resource once: what several rows say of one is put together.
    pub(super) fn finish(mut self, source: &Arc<str>) -> Vec<TagListing> {
        let accounts = std::mem::take(&mut self.accounts);
        let mut listing = |account: &Arc<str>, at, region, mut resources: Vec<ObservedResource>| {
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
                account: Arc::clone(account),
                region,
                principal: None,
                collected_at: at,
                carried: None,
                answer: Ok(resources),
            }
        };
        let mut listings = Vec::new();
        for (account, (at, regions)) in accounts {
            listings.extend(
                regions.into_iter().map(|(region, resources)| listing(&account, at, region, resources)),
            );
        }
        listings
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
