//! What fails on the way: nothing is lost by it, and nothing is said to be gone.

use std::time::{Duration, Instant};

use milepost::collect::snapshot::{Snapshot, SourceState};
use milepost::collect::{self, Silent};

use super::super::{Place, named, reason, report};
use super::cloud::{Call, Cloud, Fault, PASSING};
use super::world::World;
use super::{REGIONS, asked, id, listings, organisation, queues};

/// Two accounts whose listings have several pages.
fn small() -> World {
    World { page: 2, ..organisation(2, 5) }
}

fn same(one: &Snapshot, other: &Snapshot, when: &str) {
    assert_eq!(one.accounts, other.accounts, "{when}");
    assert_eq!(one.tag_listings, other.tag_listings, "{when}");
}

#[test]
fn every_call_failed_once_in_turn_loses_nothing() {
    let cloud = Cloud::serve(small());
    let whole = Place::new().collect_cloud(&cloud);
    assert_eq!(reason(&whole), "");
    let calls = cloud.calls().len() as u64;
    assert!(calls > 20, "accounts, units, tags, sessions and pages");
    for number in 1..=calls {
        for fault in PASSING {
            cloud.meddle(move |now, _| (now == number).then_some(fault));
            let snapshot = Place::new().collect_cloud(&cloud);
            let when = format!("call {number} failed with {fault:?}");
            // The keys of the caller are not ours to renew.
            if reason(&snapshot).contains("ExpiredToken") {
                assert_eq!((number, fault), (1, Fault::ExpiredToken), "{when}: {}", reason(&snapshot));
                continue;
            }
            assert_eq!(reason(&snapshot), "", "{when}");
            same(&snapshot, &whole, &when);
        }
    }
}

#[test]
fn one_call_in_five_failed_loses_nothing() {
    let cloud = Cloud::serve(small());
    let whole = Place::new().collect_cloud(&cloud);
    for seed in 0..20_u64 {
        cloud.meddle(move |number, _| {
            // A multiplier of Knuth's; its high bits are as good as chance.
            let chance = (number + seed * 1000).wrapping_mul(6_364_136_223_846_793_005) >> 33;
            let faults = [
                Fault::Throttle,
                Fault::ServerError,
                Fault::BadGateway,
                Fault::Reset,
                Fault::Lost,
                Fault::HalfBody,
            ];
            (number > 1 && chance % 5 == 0).then(|| faults[(chance / 5 % 6) as usize])
        });
        let snapshot = Place::new().collect_cloud(&cloud);
        assert_eq!(reason(&snapshot), "", "seed {seed}");
        same(&snapshot, &whole, &format!("seed {seed}"));
    }
}

#[test]
fn a_lost_page_has_the_listing_begun_anew() {
    let cloud = Cloud::serve(World { page: 2, ..organisation(1, 6) });
    let is_second = |call: &Call| call.operation == "GetResources" && call.region == REGIONS[1];
    let seen = std::sync::atomic::AtomicU64::new(0);
    cloud.meddle(move |_, call| {
        let is_it = is_second(call) && seen.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 1;
        is_it.then_some(Fault::Lost)
    });
    let snapshot = Place::new().collect_cloud(&cloud);
    assert!(listings(&snapshot).iter().all(|(_, _, answer)| *answer == Ok(6)), "{:?}", listings(&snapshot));
    let calls = cloud.calls().into_iter().filter(is_second).count();
    assert_eq!(calls, 5, "two pages, of which the second is lost, then all three");
}

#[test]
fn faults_that_never_end_leave_a_listing_unknown_and_others_alone() {
    for (fault, said) in [
        (Fault::Throttle, "ThrottlingException, again and again"),
        (Fault::ServerError, "InternalFailure, again and again"),
        (Fault::BadGateway, "HTTP 502, again and again"),
        (Fault::Reset, "again and again"),
        (Fault::HalfBody, "again and again"),
        (Fault::ExpiredToken, "ExpiredTokenException"),
        (Fault::AccessDenied, "AccessDeniedException"),
        (Fault::Forbidden, "HTTP 403"),
    ] {
        let cloud = Cloud::serve(small());
        cloud.meddle(move |_, call| {
            (call.operation == "GetResources" && call.account == id(0) && call.region == REGIONS[0])
                .then_some(fault)
        });
        let snapshot = Place::new().collect_cloud(&cloud);
        for (account, region, answer) in listings(&snapshot) {
            if account == id(0) && region == REGIONS[0] {
                let answer = answer.expect_err("it is unknown");
                assert!(answer.contains(said), "{fault:?}: {answer}");
            } else {
                assert_eq!(answer, Ok(5), "{fault:?} {account} {region}");
            }
        }
        assert_eq!(report(&snapshot).state, SourceState::Partial);
    }
}

#[test]
fn who_is_turned_away_on_the_road_does_not_ask_again_and_again() {
    let cloud = Cloud::serve(small());
    cloud.meddle(|_, call| (call.operation == "ListRoots").then_some(Fault::Forbidden));
    let snapshot = Place::new().collect_cloud(&cloud);
    let said = "the organisational units are not known: organizations:ListRoots: HTTP 403";
    assert_eq!(reason(&snapshot), said);
    assert_eq!(cloud.calls().iter().filter(|call| call.operation == "ListRoots").count(), 1);
}

#[test]
fn a_listing_that_is_suddenly_small_is_asked_for_twice() {
    let cloud = Cloud::serve(organisation(1, 90));
    let place = Place::new();
    place.collect_cloud(&cloud);
    cloud.calls();
    cloud.change(|world| {
        world.resources.insert((id(0), "us-east-1".to_owned()), queues(&id(0), "us-east-1", 10));
    });
    let count = || cloud.calls().iter().filter(|call| call.operation == "GetResources").count();
    let smaller = place.collect_cloud(&cloud);
    assert_eq!(listings(&smaller)[2].2, Ok(10));
    assert_eq!(count(), 4, "one listing of three twice");
    place.collect_cloud(&cloud);
    assert_eq!(count(), 3, "it is that small since");
}

#[test]
fn a_clock_that_is_wrong_is_said_and_fails_the_source() {
    let cloud = Cloud::serve(small());
    cloud.set_date("Sat, 01 Jan 2022 00:00:00 GMT");
    let snapshot = Place::new().collect_cloud(&cloud);
    assert_eq!(report(&snapshot).state, SourceState::Failed);
    assert!(reason(&snapshot).contains("ahead of that of AWS"), "{}", reason(&snapshot));
    assert!(snapshot.tag_listings.is_empty());
}

#[test]
fn a_night_that_is_told_to_end_ends() {
    let cloud = Cloud::serve(small());
    cloud.meddle(|_, call| (call.operation == "GetResources").then_some(Fault::Slow));
    let place = Place::new();
    let settings = place.aws_settings(asked(&cloud));
    let interruption = settings.interruption.clone();
    let begun = Instant::now();
    let asking = std::thread::spawn(move || collect::collect(&settings, &named, &Silent));
    while cloud.count() < 8 && begun.elapsed() < Duration::from_secs(20) {
        std::thread::sleep(Duration::from_millis(20));
    }
    interruption.request(2);
    let snapshot = asking.join().expect("it ends");
    assert!(begun.elapsed() < Duration::from_secs(14), "it did not wait for an answer");
    assert_eq!(reason(&snapshot), "the run was told to end");
}

#[test]
fn no_answer_in_time_is_no_answer() {
    let cloud = Cloud::serve(organisation(1, 1));
    cloud.meddle(|number, call| (call.operation == "ListRoots" && number == 3).then_some(Fault::Slow));
    let snapshot = Place::new().collect_cloud(&cloud);
    assert_eq!(reason(&snapshot), "");
    let asked = cloud.calls().iter().filter(|call| call.operation == "ListRoots").count();
    assert!(asked > 1, "it was asked again");
}
