//! Accounts and regions: which listings there are, and which of them comes first.

use std::sync::Arc;

/// An account and a region.
pub(super) type Pair = (Arc<str>, Arc<str>);

/// Every account with every region.
pub(super) fn of(accounts: &[Arc<str>], regions: &[Box<str>]) -> Vec<Pair> {
    let regions: Vec<Arc<str>> = regions.iter().map(|region| Arc::from(&**region)).collect();
    let of_account = |account: &Arc<str>| {
        let account = Arc::clone(account);
        regions.iter().map(move |region| (Arc::clone(&account), Arc::clone(region)))
    };
    accounts.iter().flat_map(of_account).collect()
}

/// Puts those first that held most the last time: the pages of one listing follow one another, so a large one that begins
/// late is what the night waits for.
pub(super) fn largest_first(pairs: &mut [Pair], before: impl Fn(&Pair) -> usize) {
    pairs.sort_by_cached_key(|pair| std::cmp::Reverse(before(pair)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_of_the_last_night_come_first_and_the_new_ones_last_in_order() {
        let accounts: Vec<Arc<str>> = ["1", "2"].map(Arc::from).to_vec();
        let mut pairs = of(&accounts, &["eu-central-1".into(), "us-east-1".into()]);
        largest_first(&mut pairs, |(account, region)| match (&**account, &**region) {
            ("2", "us-east-1") => 5000,
            ("1", "us-east-1") => 20,
            _ => 0,
        });
        let order: Vec<String> =
            pairs.iter().map(|(account, region)| format!("{account} {region}")).collect();
        assert_eq!(order, ["2 us-east-1", "1 us-east-1", "1 eu-central-1", "2 eu-central-1"]);
    }
}
