//! Sessions that end before the night does, and pages that are lost in silence.

use milepost::settings::Aws;

use super::super::{Place, reason};
use super::cloud::{Call, Cloud, Fault};
use super::world::{MANAGEMENT, World};
use super::{REGIONS, asked, id, listings, organisation};

/// What a source says that asks in one region.
fn in_one_region(cloud: &Cloud) -> Aws {
    Aws { regions: vec![REGIONS[1].into()], ..asked(cloud) }
}

fn count(calls: &[Call], operation: &str) -> usize {
    calls.iter().filter(|call| call.operation == operation).count()
}

#[test]
fn sessions_are_renewed_before_they_end() {
    // Sixty seconds of use, while twelve pages a second take 75.
    let world = World { page: 1, session_lasts: 360, ..organisation(1, 900) };
    let cloud = Cloud::serve(world);
    let snapshot = Place::new().collect_aws(in_one_region(&cloud));
    assert_eq!(reason(&snapshot), "");
    assert_eq!(listings(&snapshot)[0].2, Ok(900));
    let calls = cloud.calls();
    assert_eq!(count(&calls, "GetResources"), 900, "no page was asked for twice");
    // Of who crawls, and of the account; and both once more.
    assert_eq!(count(&calls, "AssumeRole"), 4);
}

#[test]
fn a_session_that_ends_in_the_middle_of_a_listing_is_renewed_where_it_was() {
    let world = World { page: 1, good_for: 4, ..organisation(1, 10) };
    let cloud = Cloud::serve(world);
    let snapshot = Place::new().collect_aws(in_one_region(&cloud));
    assert_eq!(reason(&snapshot), "");
    assert_eq!(listings(&snapshot)[0].2, Ok(10));
    let of_account: Vec<Call> = cloud.calls().into_iter().filter(|call| call.account == id(0)).collect();
    assert_eq!(count(&of_account, "GetResources"), 12, "ten pages, of which two met the end of a session");
}

#[test]
fn sessions_that_end_all_the_time_lose_nothing() {
    let world = || World { page: 1, ..organisation(4, 9) };
    let cloud = Cloud::serve(world());
    let whole = Place::new().collect_aws(in_one_region(&cloud));
    let sessions = count(&cloud.calls(), "AssumeRole");
    for good_for in [6, 7, 8] {
        // The crawl role has its end too, while it still makes sessions for the accounts.
        let cloud = Cloud::serve(World { good_for, ..world() });
        let snapshot = Place::new().collect_aws(in_one_region(&cloud));
        assert_eq!(reason(&snapshot), "", "{good_for}");
        assert_eq!(snapshot.tag_listings, whole.tag_listings, "{good_for}");
        assert_eq!(snapshot.accounts, whole.accounts, "{good_for}");
        let by_crawler = |call: &&Call| call.operation == "AssumeRole" && call.account == MANAGEMENT;
        let renewed = cloud.calls().iter().filter(by_crawler).count();
        assert!(renewed >= sessions + 6, "each account once more, and the crawl role twice: {renewed}");
    }
}

#[test]
fn a_listing_that_ends_too_early_without_a_word_is_noticed() {
    let cloud = Cloud::serve(World { page: 10, ..organisation(1, 60) });
    let place = Place::new();
    let whole = place.collect_aws(in_one_region(&cloud));
    let pages = std::sync::atomic::AtomicU64::new(0);
    cloud.meddle(move |_, call| {
        let page = (call.operation == "GetResources")
            .then(|| pages.fetch_add(1, std::sync::atomic::Ordering::SeqCst));
        (page == Some(2)).then_some(Fault::EarlyEnd)
    });
    let again = place.collect_aws(in_one_region(&cloud));
    assert_eq!(again.tag_listings, whole.tag_listings);
    assert_eq!(
        count(&cloud.calls(), "GetResources"),
        3 + 6,
        "three pages of the first, and all of the second"
    );
}
