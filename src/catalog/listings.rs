//! Which accounts and regions answered, and how: what may be said of resources that were not found (semantics §4).

use std::collections::BTreeMap;

use super::Runs;
use super::resource::{TagListing, UNTOLD};

/// What is known of one account and region; the better answer first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Known<'a> {
    /// Everything that carries or carried a tag, with its tags.
    Whole,
    /// Everything that carries a tag, and no tag.
    Reported,
    /// The same of a report that is too old, and why there is none that is newer.
    Outdated(&'a str),
    /// Nothing, and why.
    Refused(&'a str),
}

impl<'a> Known<'a> {
    fn of(listing: &'a TagListing) -> Self {
        match listing.refused.as_deref() {
            Some(why) if listing.is_reported => Self::Outdated(why),
            Some(error) => Self::Refused(error),
            None if listing.is_reported => Self::Reported,
            None => Self::Whole,
        }
    }

    /// The better of two answers for one place.
    fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Whole, _) | (_, Self::Whole) => Self::Whole,
            (Self::Reported, _) | (_, Self::Reported) => Self::Reported,
            (old @ Self::Outdated(_), _) | (_, old @ Self::Outdated(_)) => old,
            (refused, _) => refused,
        }
    }

    /// Why it is not whole, in the words of who said so.
    const fn why(self) -> Option<&'a str> {
        match self {
            Self::Whole => None,
            Self::Reported => Some(UNTOLD),
            Self::Outdated(why) | Self::Refused(why) => Some(why),
        }
    }

    /// Why not all is known of what lies in `account` and `region`.
    fn gap(self, account: &str, region: &str) -> Option<String> {
        match self {
            Self::Whole => None,
            Self::Reported => Some(format!("of the resources of account {account} in {region} {UNTOLD}")),
            Self::Outdated(why) => Some(format!(
                "what the tag report of AWS said of account {account} in {region} is too old: {why}"
            )),
            Self::Refused(error) => {
                Some(format!("account {account} refused to list its resources in {region}: {error}"))
            }
        }
    }
}

/// Which accounts and regions answered, and which refused.
#[derive(Debug)]
pub struct Listings<'a>(BTreeMap<&'a str, BTreeMap<&'a str, Known<'a>>>);

impl<'a> Listings<'a> {
    /// One complete answer for a pair is enough.
    pub fn of(listings: &'a [TagListing]) -> Self {
        let mut accounts: BTreeMap<&str, BTreeMap<&str, Known<'_>>> = BTreeMap::new();
        for listing in listings {
            let regions = accounts.entry(&listing.account).or_default();
            let answer = Known::of(listing);
            regions.entry(&listing.region).and_modify(|known| *known = known.or(answer)).or_insert(answer);
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

    /// Accounts that were asked, or of which a report speaks.
    pub fn accounts(&self) -> impl Iterator<Item = &'a str> {
        self.0.keys().copied()
    }

    /// Every account and region that is not known whole, each with why.
    pub fn gaps(&self) -> impl Iterator<Item = (&'a str, &'a str, &'a str)> {
        self.0.iter().flat_map(|(account, regions)| {
            regions.iter().filter_map(|(region, known)| Some((*account, *region, known.why()?)))
        })
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
        let Some(regions) = self.0.get(account) else {
            return Some(format!("account {account} was not asked for its resources"));
        };
        match region {
            Some(region) => match regions.get(region) {
                None => Some(format!("account {account} was not asked for its resources in {region}")),
                Some(known) => known.gap(account, region),
            },
            None => regions.iter().find_map(|(region, known)| known.gap(account, region)),
        }
    }
}
