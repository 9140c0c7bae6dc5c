//! Which accounts and regions answered: what may be said of resources that were not found (semantics §4).

use std::collections::BTreeMap;

use super::Runs;
use super::resource::TagListing;

/// Which accounts and regions answered, and which refused.
#[derive(Debug)]
pub struct Listings<'a>(BTreeMap<&'a str, BTreeMap<&'a str, Option<&'a str>>>);

impl<'a> Listings<'a> {
    /// One complete answer for a pair is enough.
    pub fn of(listings: &'a [TagListing]) -> Self {
        let mut accounts: BTreeMap<&str, BTreeMap<&str, Option<&str>>> = BTreeMap::new();
        for listing in listings {
            let regions = accounts.entry(&listing.account).or_default();
            let refused = listing.refused.as_deref();
            regions.entry(&listing.region).and_modify(|known| *known = known.and(refused)).or_insert(refused);
        }
        Self(accounts)
    }

    /// Whether nobody was asked at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Regions in which `account` was asked, whether it answered or not.
    pub fn regions(&self, account: &str) -> impl Iterator<Item = &'a str> {
        self.0.get(account).into_iter().flat_map(|regions| regions.keys().copied())
    }

    /// Why the resources of a service that runs in these places are not all known.
    pub(super) fn unknown(&self, places: &[Runs]) -> Option<Box<str>> {
        if self.0.is_empty() {
            return Some("no account was asked for its resources".into());
        }
        places.iter().find_map(|place| {
            let account = place.account.as_ref()?.value.as_str();
            self.unknown_in(account, place.region.as_ref().map(|region| &*region.value)).map(Into::into)
        })
    }

    /// Why what lies in `account` is not all known: in `region`, else in every region that was asked.
    pub fn unknown_in(&self, account: &str, region: Option<&str>) -> Option<String> {
        let refused = |region: &str, error: &str| {
            format!("account {account} refused to list its resources in {region}: {error}")
        };
        let Some(regions) = self.0.get(account) else {
            return Some(format!("account {account} was not asked for its resources"));
        };
        match region {
            Some(region) => match regions.get(region) {
                None => Some(format!("account {account} was not asked for its resources in {region}")),
                Some(Some(error)) => Some(refused(region, error)),
                Some(None) => None,
            },
            None => regions.iter().find_map(|(region, error)| Some(refused(region, (*error)?))),
        }
    }
}
