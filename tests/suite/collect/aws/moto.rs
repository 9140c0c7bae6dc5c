//! The AWS source against moto's server, which `tests/validators/cloud.py` fills and describes. It runs when
//! `MILEPOST_TESTS_NEED_MOTO` names that description, as `./test` does.

use std::collections::BTreeMap;

use milepost::collect::snapshot::{ObservedAccount, Snapshot, Tags};
use milepost::settings::{Aws, AwsEndpoint};
use serde::Deserialize;

use super::super::{Place, reason};

/// What moto holds.
#[derive(Deserialize)]
struct Truth {
    address: String,
    regions: Vec<Box<str>>,
    accounts: BTreeMap<String, Account>,
    /// Tags by ARN, by account and region.
    resources: BTreeMap<String, BTreeMap<String, BTreeMap<String, String>>>,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Account {
    name: String,
    unit: String,
    state: String,
    tags: BTreeMap<String, String>,
}

fn truth() -> Option<Truth> {
    let path = std::env::var_os("MILEPOST_TESTS_NEED_MOTO")?;
    let text = std::fs::read(path).expect("what cloud.py wrote");
    Some(serde_json::from_slice(&text).expect("what cloud.py wrote"))
}

fn collect(truth: &Truth) -> Snapshot {
    Place::new().collect_aws(Aws {
        role: Some("arn:aws:iam::123456789012:role/milepost/MilepostCrawl".into()),
        member_role: Aws::MEMBER_ROLE.into(),
        external_id: Some("milepost".into()),
        regions: truth.regions.clone(),
        // The management account, in which moto's own is, holds nothing.
        include: vec!["shop-*".into()],
        exclude: Vec::new(),
        endpoint: Some(AwsEndpoint::parse(&truth.address, true).expect("an address")),
    })
}

fn owned(tags: &Tags) -> BTreeMap<String, String> {
    tags.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect()
}

#[test]
fn all_that_moto_holds_is_found_and_nothing_else() {
    let Some(truth) = truth() else { return };
    let snapshot = collect(&truth);
    assert_eq!(reason(&snapshot), "");
    let account = |one: &ObservedAccount| Account {
        name: one.name.to_string(),
        unit: one.unit.as_deref().unwrap_or_default().to_owned(),
        state: one.state.to_string(),
        tags: one.tags.as_ref().map(owned).unwrap_or_default(),
    };
    let found = snapshot.accounts.iter().filter(|one| one.name.starts_with("shop-"));
    let found: BTreeMap<_, _> = found.map(|one| (one.id.to_string(), account(one))).collect();
    assert_eq!(found, truth.accounts);
    let listings = snapshot.tag_listings.iter().filter_map(|listing| {
        let resources = listing.answer.as_ref().ok()?;
        let resources = resources.iter().map(|one| (one.arn.to_string(), owned(&one.tags)));
        Some((format!("{} {}", listing.account, listing.region), resources.collect()))
    });
    assert_eq!(listings.collect::<BTreeMap<_, _>>(), truth.resources);
}
