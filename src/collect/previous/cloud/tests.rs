//! Resources and accounts: there, gone, and not seen.

use super::super::tests::{MONDAY, TUESDAY, moment, run};
use super::*;
use crate::collect::snapshot::ReportedTags;

const EU: &str = "eu-central-1";
const US: &str = "us-east-1";

/// So many resources of an account in a region.
fn listing(account: &str, region: &str, count: usize) -> TagListing {
    let resource = |number: usize| ObservedResource {
        arn: format!("arn:aws:sqs:{region}:{account}:q{number:04}").into(),
        tags: Vec::new().into(),
        reported: None,
    };
    TagListing {
        source: "git".into(),
        account: account.into(),
        region: region.into(),
        principal: None,
        collected_at: moment(MONDAY),
        carried: None,
        answer: Ok((0..count).map(resource).collect()),
    }
}

fn refused(account: &str, region: &str) -> TagListing {
    TagListing {
        answer: Err("AccessDenied".into()),
        collected_at: moment(TUESDAY),
        ..listing(account, region, 0)
    }
}

fn account(id: &str, state: &str) -> ObservedAccount {
    ObservedAccount {
        source: "git".into(),
        id: id.into(),
        name: "n".into(),
        state: state.into(),
        path: None,
        unit: None,
        tags: None,
        collected_at: moment(MONDAY),
        carried: None,
    }
}

fn night(at: &str, listings: Vec<TagListing>, accounts: Vec<ObservedAccount>) -> Snapshot {
    Snapshot { tag_listings: listings, accounts, ..run(at, Vec::new()) }
}

fn after(mut now: Snapshot, previous: &Snapshot) -> Snapshot {
    now.carry_over(previous, None);
    now
}

/// How many resources each pair has, and whether that is carried over.
fn seen(snapshot: &Snapshot) -> Vec<(&str, &str, Option<usize>, bool)> {
    let of = |one: &'_ TagListing| one.answer.as_ref().ok().map(Vec::len);
    let all = snapshot.tag_listings.iter();
    all.map(|one| (&*one.account, &*one.region, of(one), one.carried.is_some())).collect()
}

#[test]
fn a_refused_listing_is_as_it_was_and_says_since_when() {
    let monday = night(MONDAY, vec![listing("1", EU, 5), listing("1", US, 2)], Vec::new());
    let tuesday = after(night(TUESDAY, vec![refused("1", EU), listing("1", US, 2)], Vec::new()), &monday);
    assert_eq!(seen(&tuesday), [("1", EU, Some(5), true), ("1", US, Some(2), false)]);
    assert_eq!(tuesday.tag_listings[0].collected_at, moment(MONDAY));
    assert_eq!(tuesday.tag_listings[0].carried.as_deref(), Some("AccessDenied"));
    assert_eq!(tuesday.sources[0].stale_since, Some(moment(MONDAY)));
    let never = after(night(TUESDAY, vec![refused("2", EU)], Vec::new()), &monday);
    assert_eq!(seen(&never), [("2", EU, None, false)], "what was never known stays unknown");
}

/// The same from a tag report.
fn reported_in(account: &str, region: &str, count: usize) -> TagListing {
    let said = Arc::new(ReportedTags {
        complies: Some(true),
        noncompliant_keys: Vec::new(),
        keys_with_noncompliant_values: Vec::new(),
    });
    let mut listing = listing(account, region, count);
    let resources = listing.answer.as_mut().expect("it answered");
    resources.iter_mut().for_each(|resource| resource.reported = Some(Arc::clone(&said)));
    listing
}

#[test]
fn what_an_incomplete_report_leaves_out_stays() {
    let monday = night(MONDAY, vec![reported_in("1", EU, 9), reported_in("1", US, 1)], Vec::new());
    let fresh = |count| TagListing { collected_at: moment(TUESDAY), ..reported_in("1", EU, count) };
    let incomplete = |count| {
        let mut night = night(TUESDAY, vec![fresh(count)], Vec::new());
        night.sources[0].state = SourceState::Partial;
        night.sources[0].reason = Some("line 9: it has 3 fields for 6 columns".into());
        night
    };
    let tuesday = after(incomplete(8), &monday);
    assert_eq!(seen(&tuesday), [("1", EU, Some(9), true), ("1", US, Some(1), true)]);
    for listing in &tuesday.tag_listings {
        assert_eq!(listing.collected_at, moment(MONDAY));
        assert_eq!(listing.carried.as_deref(), Some("line 9: it has 3 fields for 6 columns"));
    }
    let report = &tuesday.sources[0];
    assert_eq!((report.state, report.stale_since), (SourceState::Partial, Some(moment(MONDAY))));
    assert!(report.withheld.is_none(), "nothing is gone that somebody had to accept");
    let more = after(incomplete(10), &monday);
    assert_eq!(seen(&more)[0], ("1", EU, Some(10), false), "a place that lost nothing is as it is now");
    let mut whole = night(TUESDAY, vec![fresh(8), reported_in("1", US, 1)], Vec::new());
    whole.carry_over(&monday, None);
    assert_eq!(seen(&whole)[0], ("1", EU, Some(8), false), "a whole report is believed");
}

#[test]
fn a_place_that_a_report_no_longer_names_is_not_believed_gone() {
    let reported = |account: &str, count: usize| reported_in(account, EU, count);
    let monday = night(MONDAY, vec![reported("1", 5), reported("2", 90)], Vec::new());
    let tuesday = after(night(TUESDAY, vec![reported("2", 90)], Vec::new()), &monday);
    assert_eq!(seen(&tuesday), [("1", EU, Some(5), true), ("2", EU, Some(90), false)]);
    let said = tuesday.sources[0].withheld.clone().expect("it is withheld");
    assert_eq!(&*said.what, "5 of 95 resources are gone, all of `1` among them");
    let mut accepted = night(TUESDAY, vec![reported("2", 90)], Vec::new());
    accepted.carry_over(&monday, Some(&said.run));
    assert_eq!(seen(&accepted), [("2", EU, Some(90), false)]);
}

#[test]
fn a_source_that_fails_takes_no_account_and_no_resource_away() {
    let monday = night(MONDAY, vec![listing("1", EU, 5)], vec![account("1", "ACTIVE")]);
    let mut failed = night(TUESDAY, Vec::new(), Vec::new());
    failed.sources[0].state = SourceState::Failed;
    failed.sources[0].reason = Some("no credentials".into());
    let tuesday = after(failed, &monday);
    assert_eq!(seen(&tuesday), [("1", EU, Some(5), true)]);
    assert_eq!(tuesday.accounts[0].carried.as_deref(), Some("no credentials"));
    assert_eq!(tuesday.sources[0].state, SourceState::Stale);
}

#[test]
fn what_a_complete_listing_leaves_out_is_gone_until_it_is_too_much() {
    let monday = night(MONDAY, vec![listing("1", EU, 100), listing("2", EU, 100)], Vec::new());
    let some = after(night(TUESDAY, vec![listing("1", EU, 85), listing("2", EU, 100)], Vec::new()), &monday);
    assert_eq!(seen(&some), [("1", EU, Some(85), false), ("2", EU, Some(100), false)]);
    let many = || night(TUESDAY, vec![listing("1", EU, 60), listing("2", EU, 100)], Vec::new());
    let withheld = after(many(), &monday);
    assert_eq!(seen(&withheld), [("1", EU, Some(100), true), ("2", EU, Some(100), false)]);
    let said = withheld.sources[0].withheld.clone().expect("it is withheld");
    assert_eq!(&*said.what, "40 of 200 resources are gone");
    let mut accepted = many();
    accepted.carry_over(&monday, Some(&said.run));
    assert_eq!(seen(&accepted), [("1", EU, Some(60), false), ("2", EU, Some(100), false)]);
}

#[test]
fn a_whole_account_or_region_is_not_believed_gone_however_small() {
    let monday =
        night(MONDAY, vec![listing("1", EU, 3), listing("2", EU, 90), listing("2", US, 2)], Vec::new());
    let empty = vec![listing("1", EU, 0), listing("2", EU, 90), listing("2", US, 0)];
    let tuesday = after(night(TUESDAY, empty, Vec::new()), &monday);
    assert_eq!(
        seen(&tuesday),
        [("1", EU, Some(3), true), ("2", EU, Some(90), false), ("2", US, Some(2), true)]
    );
    let what = tuesday.sources[0].withheld.as_ref().expect("it is withheld").what.clone();
    assert_eq!(&*what, "5 of 95 resources are gone, all of `1` and `us-east-1` among them");
}

#[test]
fn an_account_that_is_no_longer_listed_stays_unless_it_was_closing() {
    let accounts = vec![account("1", "ACTIVE"), account("2", "ACTIVE"), account("3", "SUSPENDED")];
    let monday = night(MONDAY, vec![listing("1", EU, 3), listing("2", EU, 4)], accounts);
    let now = || night(TUESDAY, vec![listing("1", EU, 3)], vec![account("1", "ACTIVE")]);
    let tuesday = after(now(), &monday);
    assert_eq!(seen(&tuesday), [("1", EU, Some(3), false), ("2", EU, Some(4), true)]);
    let ids: Vec<&str> = tuesday.accounts.iter().map(|account| &*account.id).collect();
    assert_eq!(ids, ["1", "2"]);
    let report = &tuesday.sources[0];
    assert_eq!(&*report.notes, ["account `3`, which was SUSPENDED, is no longer listed".into()]);
    let run = report.withheld.as_ref().expect("it is withheld").run.clone();
    let mut accepted = now();
    accepted.carry_over(&monday, Some(&run));
    assert_eq!(seen(&accepted), [("1", EU, Some(3), false)]);
}

#[test]
fn a_region_that_is_no_longer_asked_is_not_carried() {
    let monday = night(MONDAY, vec![listing("1", EU, 3), listing("1", US, 4)], vec![account("1", "ACTIVE")]);
    let tuesday = after(night(TUESDAY, vec![listing("1", EU, 3)], vec![account("1", "ACTIVE")]), &monday);
    assert_eq!(seen(&tuesday), [("1", EU, Some(3), false)]);
    assert!(tuesday.sources[0].withheld.is_none());
}
