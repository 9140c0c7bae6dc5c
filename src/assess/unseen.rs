//! Unseen: accounts and regions whose resources are not all known, because they refused, were never asked, or only the
//! tag report of AWS speaks of them. What is not in a list of resources may still be there.

use std::collections::BTreeSet;

use crate::catalog::Catalog;
use crate::catalog::listings::Listings;
use crate::catalog::resource::UNTOLD;
use crate::words;

/// An account, or one region of it, whose resources are not all known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unseen<'a> {
    /// Twelve digits.
    pub account: &'a str,
    /// The region; every region when there is none.
    pub region: Option<&'a str>,
    /// Why.
    pub why: &'a str,
}

/// Why an account without any listing is not known.
const NOT_ASKED: &str = "not asked";

/// Everything unseen, by account and region.
pub fn unseen(catalog: &Catalog) -> Vec<Unseen<'_>> {
    let listings = Listings::of(&catalog.tag_listings);
    let gaps = listings.gaps().map(|(account, region, why)| Unseen { account, region: Some(region), why });
    let asked: BTreeSet<&str> = listings.accounts().collect();
    let accounts = catalog.accounts.iter().map(|account| account.id.as_str());
    let never = accounts.filter(|account| !asked.contains(account));
    let never = never.map(|account| Unseen { account, region: None, why: NOT_ASKED });
    let mut unseen: Vec<_> = gaps.chain(never).collect();
    unseen.sort_by_key(|one| (one.account, one.region));
    unseen
}

/// How many of these there are, and why; nothing of none.
pub fn in_words<'u, 'a: 'u>(unseen: impl IntoIterator<Item = &'u Unseen<'a>>) -> Option<String> {
    let (mut count, mut is_reported) = (0, false);
    for one in unseen {
        count += 1;
        is_reported |= one.why == UNTOLD;
    }
    let places = words::count(count, "account or region", "accounts or regions");
    match (count, is_reported) {
        (0, _) => None,
        (_, false) => Some(format!("what lies in {places} is unknown: they refused, or were not asked")),
        (_, true) => Some(format!(
            "what lies in {places} is not all known: they refused, were not asked, or only the tag report of AWS speaks of them"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::testing::Organisation;

    #[test]
    fn what_the_account_told_itself_is_seen_wherever_a_report_puts_it() {
        let bucket = "arn:aws:s3:::labels";
        let queue = "arn:aws:sqs:us-east-1:111122223333:q";
        let organisation = Organisation::default()
            .listing("111122223333", "us-east-1", Ok(&[(bucket, &[("Service", "quote")]), (queue, &[])]))
            .reported("111122223333", "eu-west-1", &[bucket])
            .reported("111122223333", "global", &[bucket]);
        let catalog = organisation.clone().resolve();
        assert_eq!(unseen(&catalog), []);
        let places: Vec<_> =
            catalog.resources.iter().map(|one| &*catalog.tag_listings[one.listing as usize].region).collect();
        assert_eq!(places, ["us-east-1", "us-east-1"]);
        let catalog = organisation.reported("111122223333", "global", &["arn:aws:s3:::other"]).resolve();
        assert_eq!(unseen(&catalog).len(), 1, "what nobody told is unknown");
    }

    #[test]
    fn a_place_of_which_only_a_report_speaks_is_unseen() {
        let named = |account: &str| format!("arn:aws:sqs:eu-central-1:{account}:q");
        let catalog = Organisation::default()
            .listing("111122223333", "eu-central-1", Ok(&[(&named("111122223333"), &[])]))
            .reported("111122223333", "eu-west-1", &["arn:aws:sqs:eu-west-1:111122223333:q"])
            .reported("444455556666", "eu-central-1", &[&named("444455556666")])
            .listing("444455556666", "eu-central-1", Err("AccessDenied"))
            .catalog(
                "accounts.yaml",
                "- {accountId: \"444455556666\", name: n, owner: t}\n- {accountId: \"777788889999\", name: m, owner: t}\n",
            )
            .resolve();
        let unseen = unseen(&catalog);
        let all: Vec<_> = unseen.iter().map(|one| (one.account, one.region, one.why)).collect();
        assert_eq!(
            all,
            [
                ("111122223333", Some("eu-west-1"), UNTOLD),
                ("444455556666", Some("eu-central-1"), UNTOLD),
                ("777788889999", None, NOT_ASKED),
            ]
        );
        assert_eq!(
            in_words(&unseen).as_deref(),
            Some(
                "what lies in 3 accounts or regions is not all known: they refused, were not asked, or only the tag report of AWS speaks of them"
            )
        );
        let refused = "what lies in 1 account or region is unknown: they refused, or were not asked";
        assert_eq!(in_words(&unseen[2..]).as_deref(), Some(refused));
        assert_eq!(in_words(&unseen[..0]), None);
    }
}
