//! The blind spot of the tagging API (semantics §4): resources that never carried a tag, as Resource Explorer counts them
//! where it was asked, and what share of required tags is right when they are counted too.

use std::collections::{BTreeMap, BTreeSet};

use super::outcome::Share;
use super::resources::ResourceTotals;
use crate::catalog::Catalog;
use crate::catalog::id::AccountId;
use crate::collect::snapshot::Untagged;

/// What is known of the blind spot; nothing of an account that nobody asked about.
#[derive(Debug)]
pub struct BlindSpot<'a> {
    accounts: BTreeMap<&'a str, Result<Seen<'a>, &'a str>>,
    /// Accounts of which nobody asked how much carries no tag.
    unasked: usize,
}

/// What one account has that the tagging API does not show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen<'a> {
    /// What was counted.
    pub counted: &'a Untagged,
    /// Resources without a tag that the tagging API shows all the same, because they carried one.
    pub listed: u64,
    /// Regions that the tagging API listed, and of which no index says anything.
    missed: Vec<&'a str>,
}

/// Resources that never carried a tag.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Never {
    /// How many.
    pub resources: u64,
    /// Whether there may be more.
    pub at_least: bool,
}

/// Why nothing is said of an account that Resource Explorer counted.
const UNLISTED: &str =
    "its resources are not listed whole, so how many of those without a tag once carried one is unknown";

/// Why nothing is said of a region that was listed.
const UNASKED: &str = "no index of Resource Explorer was asked about it";

impl<'a> Seen<'a> {
    /// Regions that were not counted, each with why.
    pub fn uncounted(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let asked = self.counted.uncounted.iter().map(|(region, why)| (&**region, &**why));
        asked.chain(self.missed.iter().map(|region| (*region, UNASKED)))
    }

    /// How many never carried a tag. What is listed without a tag is among those that carry none.
    pub fn never(&self) -> Never {
        Never {
            resources: self.counted.resources.saturating_sub(self.listed),
            at_least: self.counted.may_be_more || self.uncounted().next().is_some(),
        }
    }
}

impl Never {
    /// `7`, `at least 7`.
    pub fn said(self) -> String {
        if self.at_least { format!("at least {}", self.resources) } else { self.resources.to_string() }
    }

    /// The share of required tags that are right when all of `keys` are missing on these too. Where there may be more it
    /// is at most that.
    pub fn over_all(self, right: Share, keys: usize) -> Option<Share> {
        let missing = self.resources.checked_mul(keys as u64)?;
        Share::of(right.part, right.whole.checked_add(missing)?)
    }
}

impl<'a> BlindSpot<'a> {
    /// What is known of every account of `catalog`, whose resources are counted in `totals`.
    pub fn of(catalog: &'a Catalog, totals: &ResourceTotals) -> Self {
        if catalog.untagged.is_empty() {
            return Self { accounts: BTreeMap::new(), unasked: 0 };
        }
        let refused =
            catalog.tag_listings.iter().filter(|listing| listing.refused.is_some() || listing.is_reported);
        let refused: BTreeSet<&str> = refused.map(|listing| &*listing.account).collect();
        let mut listed: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for listing in &catalog.tag_listings {
            listed.entry(&listing.account).or_default().insert(&listing.region);
        }
        let of_account = |count: &'a crate::catalog::resource::UntaggedCount| {
            let account = &*count.account;
            let found = AccountId::new(account).and_then(|id| totals.in_account(&id));
            let seen = count.answer.as_ref().map(|counted| {
                // Only what lies where was counted is among what was counted.
                let there = counted.regions.iter().filter_map(|region| found?.regions.get(region));
                let there = there.map(|tally| tally.bare).sum();
                let mut missed = listed.get(account).cloned().unwrap_or_default();
                counted.regions.iter().for_each(|region| _ = missed.remove(&**region));
                counted.uncounted.iter().for_each(|(region, _)| _ = missed.remove(&**region));
                Seen { counted, listed: there, missed: missed.into_iter().collect() }
            });
            // Where the tagging API is silent, nobody knows which of those that carry no tag it would show.
            if seen.is_ok() && refused.contains(account) {
                return (account, Err(UNLISTED));
            }
            (account, seen.map_err(|reason| &**reason))
        };
        let accounts: BTreeMap<_, _> = catalog.untagged.iter().map(of_account).collect();
        let known = catalog.accounts.iter().map(|account| account.id.as_str());
        let known: BTreeSet<&str> = known.chain(listed.into_keys()).collect();
        let unasked = known.into_iter().filter(|account| !accounts.contains_key(account)).count();
        Self { accounts, unasked }
    }

    /// Whether nobody was asked.
    pub fn is_empty(&self) -> bool {
        self.accounts.is_empty()
    }

    /// What is known of `account`, or why nothing; nothing, when nobody was asked about it.
    pub fn of_account(&self, account: &AccountId) -> Option<Result<Seen<'a>, &'a str>> {
        self.accounts.get(account.as_str()).cloned()
    }

    /// All accounts of which it is known together: how many never carried a tag, how many accounts those are, and how
    /// many accounts are unknown, be it that they refused or that nobody asked. An account that is unknown may have more.
    pub fn together(&self) -> (Never, usize, usize) {
        let mut all = Never::default();
        let known = self.accounts.values().filter_map(|seen| seen.as_ref().ok());
        for never in known.clone().map(Seen::never) {
            all.resources = all.resources.saturating_add(never.resources);
            all.at_least |= never.at_least;
        }
        let known = known.count();
        let unknown = self.accounts.len() - known + self.unasked;
        all.at_least |= unknown > 0;
        (all, known, unknown)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::catalog::resource::UntaggedCount;
    use crate::catalog::testing::Organisation;
    use crate::day::{Day, Moment};

    const ACCOUNT: &str = "111122223333";

    fn counted(account: &str, answer: Result<Untagged, &str>) -> UntaggedCount {
        UntaggedCount {
            account: account.into(),
            collected_at: Moment::parse("2026-11-20T03:00:00Z").expect("a moment"),
            answer: answer.map_err(Arc::from),
        }
    }

    fn untagged(resources: u64, may_be_more: bool) -> Untagged {
        Untagged { resources, may_be_more, regions: vec!["eu-central-1".into()], ..Untagged::default() }
    }

    fn spot_of(catalog: &Catalog) -> BlindSpot<'_> {
        let totals = ResourceTotals::of(catalog, Day::parse("2026-11-21").expect("a day"));
        BlindSpot::of(catalog, &totals)
    }

    fn id(account: &str) -> AccountId {
        AccountId::new(account).expect("an id")
    }

    #[test]
    fn what_lost_its_tags_is_listed_and_not_counted_twice() {
        let listed: [(&str, &[(&str, &str)]); 3] = [
            ("arn:aws:sqs:eu-central-1:111122223333:a", &[]),
            ("arn:aws:sqs:eu-central-1:111122223333:b", &[("Service", "quote")]),
            ("arn:aws:sqs:eu-central-1:111122223333:c", &[]),
        ];
        let mut catalog = Organisation::default().listing(ACCOUNT, "eu-central-1", Ok(&listed)).resolve();
        catalog.untagged = vec![counted(ACCOUNT, Ok(untagged(7, false)))];
        let spot = spot_of(&catalog);
        let seen = spot.of_account(&id(ACCOUNT)).expect("it was asked").expect("it answered");
        assert_eq!((seen.listed, seen.never()), (2, Never { resources: 5, at_least: false }));
        assert_eq!(spot.of_account(&id("999999999999")), None);
    }

    #[test]
    fn a_count_that_is_cut_and_an_account_that_is_unknown_leave_more() {
        let mut catalog = Organisation::default().resolve();
        assert!(spot_of(&catalog).is_empty());
        catalog.untagged =
            vec![counted(ACCOUNT, Ok(untagged(1000, true))), counted("222222222222", Ok(untagged(3, false)))];
        assert_eq!(spot_of(&catalog).together(), (Never { resources: 1003, at_least: true }, 2, 0));
        catalog.untagged = vec![
            counted(ACCOUNT, Err("AccessDeniedException")),
            counted("222222222222", Ok(untagged(3, false))),
        ];
        let spot = spot_of(&catalog);
        assert_eq!(spot.together(), (Never { resources: 3, at_least: true }, 1, 1));
        assert_eq!(spot.of_account(&id(ACCOUNT)), Some(Err("AccessDeniedException")));
        let partial =
            Untagged { uncounted: vec![("us-east-1".into(), "no index".into())], ..untagged(3, false) };
        catalog.untagged = vec![counted(ACCOUNT, Ok(partial))];
        assert_eq!(spot_of(&catalog).together().0.said(), "at least 3");
    }

    #[test]
    fn where_a_listing_was_refused_nobody_knows_what_never_carried_a_tag() {
        let bare: [(&str, &[(&str, &str)]); 1] = [("arn:aws:sqs:eu-central-1:111122223333:a", &[])];
        let listed = Organisation::default().listing(ACCOUNT, "eu-central-1", Ok(&bare));
        let mut catalog = listed.listing(ACCOUNT, "eu-west-1", Err("AccessDenied")).resolve();
        catalog.untagged =
            vec![counted(ACCOUNT, Ok(untagged(7, false))), counted("222222222222", Ok(untagged(3, false)))];
        let spot = spot_of(&catalog);
        assert_eq!(spot.of_account(&id(ACCOUNT)), Some(Err(UNLISTED)));
        assert_eq!(spot.together(), (Never { resources: 3, at_least: true }, 1, 1));
        // Why nobody counted says more than that nobody listed.
        catalog.untagged = vec![counted(ACCOUNT, Err("AccessDeniedException"))];
        assert_eq!(spot_of(&catalog).of_account(&id(ACCOUNT)), Some(Err("AccessDeniedException")));
    }

    #[test]
    fn an_account_that_was_listed_and_not_counted_may_have_more() {
        let listed = Organisation::default().listing(ACCOUNT, "eu-central-1", Ok(&[]));
        let mut catalog = listed.listing("222222222222", "eu-central-1", Ok(&[])).resolve();
        catalog.untagged = vec![counted(ACCOUNT, Ok(untagged(3, false)))];
        let spot = spot_of(&catalog);
        assert_eq!(spot.together(), (Never { resources: 3, at_least: true }, 1, 1));
        assert_eq!(spot.of_account(&id("222222222222")), None, "nobody was asked, so nobody refused");
        catalog.untagged.push(counted("222222222222", Ok(untagged(0, false))));
        assert_eq!(spot_of(&catalog).together(), (Never { resources: 3, at_least: false }, 2, 0));
    }

    #[test]
    fn a_region_that_was_listed_and_of_which_no_index_speaks_may_have_more() {
        let listed = Organisation::default().listing(ACCOUNT, "eu-central-1", Ok(&[]));
        let mut catalog = listed.listing(ACCOUNT, "eu-west-1", Ok(&[])).resolve();
        let seen = |catalog: &Catalog| {
            let spot = spot_of(catalog);
            let seen = spot.of_account(&id(ACCOUNT)).expect("it was asked").expect("it answered");
            let uncounted: Vec<_> =
                seen.uncounted().map(|(region, why)| format!("{region}: {why}")).collect();
            assert_eq!(spot.together().0, seen.never());
            (seen.never().said(), uncounted)
        };
        catalog.untagged = vec![counted(ACCOUNT, Ok(untagged(5, false)))];
        assert_eq!(seen(&catalog), ("at least 5".to_owned(), vec![format!("eu-west-1: {UNASKED}")]));
        let refused =
            Untagged { uncounted: vec![("eu-west-1".into(), "no index".into())], ..untagged(5, false) };
        catalog.untagged = vec![counted(ACCOUNT, Ok(refused))];
        assert_eq!(seen(&catalog), ("at least 5".to_owned(), vec!["eu-west-1: no index".to_owned()]));
        let regions = vec!["eu-central-1".into(), "eu-west-1".into()];
        catalog.untagged = vec![counted(ACCOUNT, Ok(Untagged { regions, ..untagged(5, false) }))];
        assert_eq!(seen(&catalog), ("5".to_owned(), Vec::new()));
    }

    #[test]
    fn an_account_that_is_only_declared_is_one_that_nobody_counted() {
        let declared =
            "- {accountId: \"111122223333\", name: one}\n- {accountId: \"222222222222\", name: two}\n";
        let mut catalog = Organisation::default().catalog("accounts.yaml", declared).resolve();
        catalog.untagged = vec![counted(ACCOUNT, Ok(untagged(3, false)))];
        assert_eq!(spot_of(&catalog).together(), (Never { resources: 3, at_least: true }, 1, 1));
    }

    #[test]
    fn tags_that_never_were_are_missing_too() {
        let never = Never { resources: 5, at_least: false };
        let right = Share::of(8, 10).expect("a share");
        assert_eq!(never.over_all(right, 2), Share::of(8, 20));
        let endless = Never { resources: u64::MAX, at_least: true };
        assert_eq!(endless.over_all(right, 2), None, "what cannot be counted is no share");
    }
}
