//! Unseen: accounts and regions whose resources are not known, because they refused or were never asked. What
//! is not in a list of resources may still be there.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::Catalog;

/// An account, or one region of it, whose resources are not known.
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
    let mut pairs: BTreeMap<(&str, &str), Option<&str>> = BTreeMap::new();
    for listing in &catalog.tag_listings {
        let refused = listing.refused.as_deref();
        // One complete answer for the pair is enough.
        pairs
            .entry((&listing.account, &listing.region))
            .and_modify(|known| *known = known.and(refused))
            .or_insert(refused);
    }
    let asked: BTreeSet<&str> = pairs.keys().map(|(account, _)| *account).collect();
    let refused = pairs.into_iter().filter_map(|((account, region), refused)| {
        Some(Unseen { account, region: Some(region), why: refused? })
    });
    let accounts = catalog.accounts.iter().map(|account| account.id.as_str());
    let never = accounts.filter(|account| !asked.contains(account));
    let never = never.map(|account| Unseen { account, region: None, why: NOT_ASKED });
    let mut unseen: Vec<_> = refused.chain(never).collect();
    unseen.sort_by_key(|one| (one.account, one.region));
    unseen
}
