//! The AWS source against moto's server, which `tests/validators/cloud.py` fills and describes. It runs when
//! `MILEPOST_TESTS_NEED_MOTO` names that description, as `./test` does.

use std::collections::BTreeMap;
use std::sync::Mutex;

use milepost::collect::doctor::examine;
use milepost::collect::snapshot::{ObservedAccount, ObservedTagPolicy, Tags};
use milepost::collect::{Progress, Silent, collect};
use milepost::settings::{Aws, AwsAlso, AwsEndpoint, AwsResources};
use serde::Deserialize;

use super::super::{Place, named, reason};

/// What moto holds.
#[derive(Deserialize)]
struct Truth {
    address: String,
    /// The same behind proxies that spoil a fifth of the calls.
    faulty: Vec<String>,
    regions: Vec<Box<str>>,
    accounts: BTreeMap<String, Account>,
    /// Tag policies by name.
    policies: BTreeMap<String, Policy>,
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

/// A tag policy.
#[derive(Debug, PartialEq, Deserialize)]
struct Policy {
    document: String,
    /// What it is attached to, by id.
    targets: Vec<String>,
}

fn truth() -> Option<Truth> {
    let path = std::env::var_os("MILEPOST_TESTS_NEED_MOTO")?;
    let text = std::fs::read(path).expect("what cloud.py wrote");
    Some(serde_json::from_slice(&text).expect("what cloud.py wrote"))
}

fn asked(truth: &Truth, address: &str) -> Aws {
    Aws {
        resources: AwsResources::Accounts,
        role: Some("arn:aws:iam::123456789012:role/milepost/MilepostCrawl".into()),
        member_role: Aws::MEMBER_ROLE.into(),
        external_id: Some("milepost".into()),
        regions: truth.regions.clone(),
        // The management account, in which moto's own is, holds nothing.
        include: vec!["shop-*".into()],
        exclude: Vec::new(),
        also: Vec::new(),
        endpoint: Some(AwsEndpoint::parse(address, true).expect("an address")),
    }
}

/// Hears what a run says when a part of it is done.
#[derive(Default)]
struct Summaries(Mutex<Vec<String>>);

impl Progress for Summaries {
    fn started(&self, _: &str, _: Option<u64>) {}
    fn advanced(&self, _: u64) {}
    fn finished(&self, summary: &str) {
        self.0.lock().expect("nobody panicked").push(summary.to_owned());
    }
}

fn owned(tags: &Tags) -> BTreeMap<String, String> {
    tags.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect()
}

#[test]
fn all_that_moto_holds_is_found_and_nothing_else() {
    let Some(truth) = truth() else { return };
    is_all_found(&truth, &truth.address);
}

#[test]
fn behind_a_network_that_spoils_a_fifth_of_the_calls_nothing_is_lost() {
    let Some(truth) = truth() else { return };
    assert_eq!(truth.faulty.len(), 3);
    truth.faulty.iter().for_each(|address| is_all_found(&truth, address));
}

/// Whether all that moto holds, and nothing else, is found at `address`.
fn is_all_found(truth: &Truth, address: &str) {
    let asked = Aws { also: vec![AwsAlso::Policies], ..asked(truth, address) };
    let snapshot = Place::new().collect_aws(asked);
    assert_eq!(reason(&snapshot), "");
    let policy = |one: &ObservedTagPolicy| Policy {
        document: one.document.as_deref().unwrap_or_default().to_owned(),
        targets: one.targets.iter().map(|target| target.id.to_string()).collect(),
    };
    let policies =
        snapshot.tag_policies.iter().flat_map(|listing| listing.answer.as_deref().unwrap_or_default());
    let policies: BTreeMap<_, _> = policies.map(|one| (one.name.to_string(), policy(one))).collect();
    assert_eq!(policies, truth.policies);
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

#[test]
fn a_night_at_moto_takes_as_many_calls_as_a_doctor_foretells() {
    let Some(truth) = truth() else { return };
    let place = Place::new();
    let settings = place.aws_settings(asked(&truth, &truth.address));
    let foretold = || {
        let prospect = examine(&settings, &Silent).remove(0);
        assert!(prospect.is_whole(), "{:?}", prospect.remarks);
        prospect.calls.expect("it can be reckoned")
    };
    let taken = || {
        let heard = Summaries::default();
        collect(&settings, &named, &heard);
        let heard = heard.0.into_inner().expect("nobody panicked");
        let calls =
            heard.iter().find_map(|said| said.strip_suffix(" calls")?.rsplit(' ').next()?.parse().ok());
        calls.expect("a night says how much it asked")
    };
    let first = foretold();
    let calls: u64 = taken();
    assert!(first.unknown > 0 && first.total() <= calls, "{first:?} {calls}");
    // Pages of moto are smaller than was asked for, which the night before counted.
    assert_eq!((foretold().total(), foretold().unknown), (calls, 0));
    assert_eq!(taken(), calls);
}
