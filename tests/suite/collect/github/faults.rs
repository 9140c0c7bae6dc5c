//! What fails on the way: nothing is lost by it, and nothing is said to be gone.

use milepost::collect::snapshot::{Repository, RepositoryState, Snapshot, SourceState};

use super::super::{Place, now, paths, reason, report, repository as found};
use super::hub::{Fault, Hub, PASSING};
use super::world::World;
use super::{repository, service, world};

/// An organisation of which a night asks for pages, roots, files and bytes.
fn organisation() -> World {
    let mut all: Vec<_> = (0..103).map(|number| service(number, &format!("s{number}"))).collect();
    let mut large = repository(103, "large");
    let text = "a".repeat(600_000);
    large.commit("2026-01-05", &[("service.yaml", "serviceId: large\ndoc: a.md\n"), ("a.md", &text)]);
    let mut house = repository(104, "house");
    house.commit(
        "2026-01-05",
        &[("services/a/service.yaml", "serviceId: a\ndoc: a.md\n"), ("services/a/a.md", "A")],
    );
    all.extend([large, house, repository(105, "empty")]);
    let mut all = world(all);
    for number in [0, 60] {
        let id = format!("R_{number:06}");
        all.happened.check(&id, "2026-11-20T10:00:00Z", Some("SUCCESS"));
        all.happened.deploy(&id, "production", "2026-11-20T10:00:00Z", &["SUCCESS", "INACTIVE"]);
        for minute in 0..55 {
            all.happened.deploy(&id, "production", &format!("2026-11-19T10:{minute:02}:00Z"), &["FAILURE"]);
        }
    }
    all
}

/// Moves some of the repositories.
fn night_after(world: &mut World) {
    for number in [3, 50, 102] {
        world.repositories[number].commit("2026-02-01", &[("docs/runbook.md", "# Moved\n")]);
    }
    let name = world.repositories[104].name.clone();
    assert_eq!(name, "example/house");
    world.repositories[104].commit("2026-02-01", &[("services/b/service.yaml", "serviceId: b\n")]);
}

fn same(one: &Snapshot, other: &Snapshot, when: &str) {
    let seen =
        |snapshot: &Snapshot| snapshot.repositories.iter().map(Repository::as_seen).collect::<Vec<_>>();
    assert_eq!(seen(one), seen(other), "{when}");
    assert_eq!(one.files, other.files, "{when}");
    assert_eq!(one.activities, other.activities, "{when}");
}

#[test]
fn every_request_failed_once_in_turn_loses_nothing() {
    let hub = Hub::serve(organisation());
    let whole = Place::new().collect_active(&hub);
    assert_eq!(reason(&whole), "");
    let cold = hub.spent().0;
    for number in 1..=cold {
        for fault in PASSING {
            hub.fail_at(number, fault);
            let snapshot = Place::new().collect_active(&hub);
            let when = format!("request {number} of a cold night failed with {fault:?}");
            assert_eq!(reason(&snapshot), "", "{when}");
            same(&snapshot, &whole, &when);
            assert_eq!(hub.spent().0, cold + 1, "{when}");
        }
    }
}

#[test]
fn every_request_of_a_later_night_failed_once_loses_nothing() {
    let hub = Hub::serve(organisation());
    let before = Place::new();
    before.collect_active(&hub);
    hub.change(night_after);
    let expected = Place::new().collect_active(&hub);
    let later = |number: u64, fault: Option<Fault>| {
        let place = before.copy();
        hub.spent();
        if let Some(fault) = fault {
            hub.fail_at(number, fault);
        }
        let snapshot = place.collect_active(&hub);
        let when = format!("request {number} of a later night failed with {fault:?}");
        assert_eq!(reason(&snapshot), "", "{when}");
        same(&snapshot, &expected, &when);
        hub.spent().0
    };
    let requests = later(0, None);
    assert!(requests >= 4, "a later night asks for pages, roots, folders and files");
    for number in 1..=requests {
        for fault in PASSING {
            assert_eq!(later(number, Some(fault)), requests + 1, "request {number}, {fault:?}");
        }
    }
}

#[test]
fn what_is_final_is_said_and_what_was_there_stays() {
    let hub = Hub::serve(organisation());
    let first = Place::new();
    let before = first.collect_hub(&hub);
    hub.change(night_after);
    let expected = Place::new().collect_hub(&hub);
    for fault in [Fault::Unauthorized, Fault::NotFound, Fault::Elsewhere] {
        for number in 1..=4 {
            let place = first.copy();
            hub.spent();
            hub.fail_at(number, fault);
            let during = place.collect_hub(&hub);
            let when = format!("request {number} failed with {fault:?}: {}", reason(&during));
            assert_eq!(report(&during).state, SourceState::Partial, "{when}");
            assert!(
                reason(&during).contains("as it was before") || reason(&during).contains("as they were"),
                "{when}"
            );
            assert_eq!(during.repositories.len(), before.repositories.len(), "{when}");
            assert!(during.files.len() >= before.files.len(), "{when}");
            let after = place.collect_hub(&hub);
            assert_eq!(reason(&after), "", "{when}");
            same(&after, &expected, &when);
        }
    }
}

#[test]
fn a_github_that_never_answers_is_given_up_in_time_and_nothing_is_gone() {
    let hub = Hub::serve(organisation());
    let place = Place::new();
    let before = place.collect_hub(&hub);
    for fault in [
        Fault::ServerError,
        Fault::BadGateway,
        Fault::Reset,
        Fault::Secondary,
        Fault::Primary,
        Fault::Unauthorized,
    ] {
        hub.spent();
        hub.fail_always(Some(fault));
        let during = place.collect_hub(&hub);
        assert_eq!(report(&during).state, SourceState::Partial, "{fault:?}");
        assert!(reason(&during).contains("was not listed"), "{fault:?}: {}", reason(&during));
        same(&during, &before, &format!("{fault:?}"));
        let carried = &found(&during, "example/s1").carried;
        assert_eq!(carried.as_ref().map(|carried| carried.since), Some(now()), "{fault:?}");
        assert_eq!(found(&before, "example/s1").carried, None);
        let asked = hub.spent().0;
        assert!(asked <= 30, "{asked} requests with {fault:?}");
        let never = Place::new().collect_hub(&hub);
        assert_eq!((report(&never).state, never.repositories.len()), (SourceState::Failed, 0), "{fault:?}");
        hub.fail_always(None);
    }
    assert_eq!(reason(&place.collect_hub(&hub)), "");
}

#[test]
fn an_answer_that_does_not_come_is_not_waited_for() {
    let hub = Hub::serve(organisation());
    let whole = Place::new().collect_hub(&hub);
    hub.fail_at(3, Fault::Slow);
    let snapshot = Place::new().collect_hub(&hub);
    assert_eq!(reason(&snapshot), "");
    same(&snapshot, &whole, "slow");
}

#[test]
fn an_empty_page_in_the_middle_is_no_end() {
    let hub = Hub::serve(world((0..250).map(|number| service(number, &format!("s{number}"))).collect()));
    let place = Place::new();
    let before = place.collect_hub(&hub);
    for page in 0..3 {
        hub.change(|world| _ = world.empty_pages.insert(page));
        let during = place.collect_hub(&hub);
        assert_eq!(report(&during).state, SourceState::Partial, "page {page}");
        assert!(reason(&during).contains("was not listed"), "{}", reason(&during));
        same(&during, &before, "an empty page");
        let cold = Place::new().collect_hub(&hub);
        assert_eq!((report(&cold).state, cold.repositories.len()), (SourceState::Failed, 0), "page {page}");
        hub.change(|world| world.empty_pages.clear());
    }
}

#[test]
fn a_listing_that_forgets_repositories_is_found_out() {
    let hub = Hub::serve(world((0..20).map(|number| service(number, &format!("s{number}"))).collect()));
    let place = Place::new();
    let before = place.collect_hub(&hub);
    // The number of them is wrong as well, so that only asking for each shows it.
    hub.change(|world| world.unlisted = world.repositories[5..].iter().map(|one| one.id.clone()).collect());
    let during = place.collect_hub(&hub);
    assert_eq!(reason(&during), "");
    same(&during, &before, "fifteen were not listed");
}

#[test]
fn what_is_deleted_is_gone_and_what_is_renamed_keeps_its_record() {
    let hub = Hub::serve(world((0..5).map(|number| service(number, &format!("s{number}"))).collect()));
    let place = Place::new();
    place.collect_hub(&hub);
    hub.change(|world| {
        world.repositories.remove(4);
        world.repositories[3].name = "elsewhere/s3".to_owned();
        world.repositories[2].name = "example/renamed".to_owned();
    });
    hub.spent();
    let snapshot = place.collect_hub(&hub);
    assert_eq!(reason(&snapshot), "");
    let names: Vec<&str> = snapshot.repositories.iter().map(|one| &*one.name).collect();
    assert_eq!(names, ["example/renamed", "example/s0", "example/s1"]);
    assert_eq!(hub.spent().0, 2, "the list, and what is missing on it; nothing is read anew");
}

#[test]
fn what_is_deleted_or_renamed_during_the_night_is_not_lost() {
    let all = || world((0..150).map(|number| service(number, &format!("s{number}"))).collect());
    let hub = Hub::serve(all());
    let place = Place::new();
    // Between two pages.
    hub.change_at(2, |world| _ = world.repositories.remove(10));
    hub.change_at(2, |world| world.repositories[20].name = "example/renamed".to_owned());
    let snapshot = place.collect_hub(&hub);
    let when = reason(&snapshot).to_owned();
    assert!(snapshot.repositories.len() >= 149, "{when}");
    // Between the list and what it leads to: what is known of it is shown, and that it is gone is said.
    let hub = Hub::serve(all());
    hub.change_at(3, |world| _ = world.repositories.remove(10));
    let snapshot = Place::new().collect_hub(&hub);
    assert_eq!(report(&snapshot).state, SourceState::Partial);
    assert!(reason(&snapshot).ends_with("`example/s10`: gone while it was read"), "{}", reason(&snapshot));
    assert_eq!(found(&snapshot, "example/s10").state, RepositoryState::Read);
    assert_eq!(paths(&snapshot).len(), 300);
}

#[test]
fn a_default_branch_is_what_it_is_called_today_and_history_may_be_rewritten() {
    let hub = Hub::serve(world(vec![service(1, "quote")]));
    let place = Place::new();
    place.collect_hub(&hub);
    hub.change(|world| {
        let one = &mut world.repositories[0];
        one.versions.clear();
        one.commit("2026-03-01", &[("LICENSE", ""), ("service.yaml", "serviceId: quotes\n")]);
    });
    let snapshot = place.collect_hub(&hub);
    assert_eq!((reason(&snapshot), paths(&snapshot).len()), ("", 1));
}
