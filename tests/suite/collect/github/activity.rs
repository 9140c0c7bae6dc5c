//! Builds and deployments, as GitHub tells of them.

use milepost::collect::snapshot::{Activity, Builds, Deployments, End, Happened, Snapshot, SourceState};
use milepost::day::Moment;
use milepost::settings::{Also, Github};

use super::super::{Place, now, reason, report};
use super::hub::{Fault, Hub};
use super::world::World;
use super::{asked, repository, service, world};

/// A repository with builds and deployments of every kind, one without a commit, and one that nothing happened to.
pub(super) fn busy() -> World {
    let mut empty = repository(1, "empty");
    empty.commit("2026-01-05", &[("LICENSE", "")]);
    let mut busy = world(vec![service(0, "quote"), empty, service(2, "quiet")]);
    let happened = &mut busy.happened;
    for (at, state) in [
        ("2026-11-20T10:00:00Z", Some("SUCCESS")),
        ("2026-11-19T10:00:00Z", Some("FAILURE")),
        ("2026-11-18T10:00:00Z", Some("ERROR")),
        ("2026-11-17T10:00:00Z", Some("PENDING")),
        ("2026-11-16T10:00:00Z", Some("EXPECTED")),
        ("2026-11-15T10:00:00Z", None),
        ("2026-11-01T10:00:00Z", Some("SUCCESS")),
        ("2026-10-20T10:00:00Z", Some("FAILURE")),
    ] {
        happened.check("R_000000", at, state);
    }
    for (environment, at, states) in [
        ("Production", "2026-11-20T10:00:00Z", &["IN_PROGRESS", "SUCCESS"][..]),
        ("production", "2026-11-19T10:00:00Z", &["IN_PROGRESS", "SUCCESS", "INACTIVE"]),
        ("production", "2026-11-18T10:00:00Z", &["FAILURE", "INACTIVE"]),
        ("production", "2026-11-17T10:00:00Z", &["IN_PROGRESS", "INACTIVE"]),
        ("prod", "2026-11-16T10:00:00Z", &["FAILURE"]),
        ("prod", "2026-11-15T10:00:00Z", &[]),
        ("staging", "2026-11-14T10:00:00Z", &["SUCCESS"]),
        ("quote-prod", "2026-11-13T10:00:00Z", &["SUCCESS"]),
        ("production", "2026-09-01T10:00:00Z", &["SUCCESS"]),
    ] {
        happened.deploy("R_000000", environment, at, states);
    }
    busy
}

fn moment(text: &str) -> Moment {
    Moment::parse(text).expect("a moment")
}

fn activity<'s>(snapshot: &'s Snapshot, name: &str, is_deployments: bool) -> &'s Activity {
    let is_it = |one: &&Activity| one.key() == (name, "hub", is_deployments);
    snapshot.activities.iter().find(is_it).unwrap_or_else(|| panic!("nothing is told of {name}"))
}

fn builds<'s>(snapshot: &'s Snapshot, name: &str) -> Result<Builds, &'s str> {
    match &activity(snapshot, name, false).what {
        Happened::Builds(told) => told.as_ref().copied().map_err(|reason| &**reason),
        other => panic!("{other:?}"),
    }
}

fn deployments<'s>(snapshot: &'s Snapshot, name: &str) -> Result<&'s Deployments, &'s str> {
    match &activity(snapshot, name, true).what {
        Happened::Deployments(told) => told.as_ref().map_err(|reason| &**reason),
        other => panic!("{other:?}"),
    }
}

/// `day: end`, and what it is of when that is not plain production.
fn lines(told: &Deployments) -> Vec<String> {
    let end = |end: Option<End>| match end {
        Some(End { succeeded: true, .. }) => "succeeded",
        Some(End { succeeded: false, .. }) => "failed",
        None => "open",
    };
    let line = |one: &milepost::collect::snapshot::Deployment| {
        let of = one
            .names
            .iter()
            .filter(|name| !name.is_empty())
            .map(|name| format!(", {name}"))
            .collect::<String>();
        format!("{}: {}{of}", &one.created_at.to_string()[..10], end(one.end))
    };
    told.list.iter().map(line).collect()
}

#[test]
fn builds_and_deployments_are_told_of_repositories_with_descriptors() {
    let hub = Hub::serve(busy());
    let place = Place::new();
    let snapshot = place.collect_active(&hub);
    assert_eq!(reason(&snapshot), "");
    assert_eq!(snapshot.activities.len(), 4, "nobody asks about a repository without a descriptor");
    assert!(snapshot.activities.iter().all(|one| one.collected_at == now()));
    assert_eq!(builds(&snapshot, "example/quote"), Ok(Builds { passed: 2, failed: 2, open: 2 }));
    assert_eq!(builds(&snapshot, "example/quiet"), Ok(Builds::default()));
    let told = deployments(&snapshot, "example/quote").expect("it is told");
    assert_eq!(
        lines(told),
        [
            "2026-11-20: succeeded",
            "2026-11-19: succeeded",
            "2026-11-18: failed",
            "2026-11-17: open",
            "2026-11-16: failed",
            "2026-11-15: open",
            "2026-11-13: succeeded, quote",
            "2026-09-01: succeeded",
        ]
    );
    assert_eq!(told.since, moment("2026-10-24T08:00:00Z"));
    let superseded = &told.list[1];
    assert_eq!(superseded.committed_at, Some(moment("2026-11-19T09:00:00Z")));
    assert_eq!(
        superseded.end.map(|end| end.at),
        Some(moment("2026-11-19T10:10:00Z")),
        "not when it was replaced"
    );
    assert_eq!(deployments(&snapshot, "example/quiet").expect("told").list, []);
    let cold = hub.spent();
    assert_eq!(
        cold,
        (3 + 2, 3 + 2),
        "the list, two runbooks, first changes, what happened, and how three ended"
    );
    assert_eq!(place.collect_active(&hub).activities, snapshot.activities);
    assert_eq!(hub.spent().0, 2, "how the three ended is known");
}

#[test]
fn a_source_is_asked_only_for_what_it_names() {
    let hub = Hub::serve(busy());
    let asking = |also: &[Also]| {
        let snapshot = Place::new().collect_asked(Github { also: also.to_vec(), ..asked(&hub) });
        snapshot.activities.iter().map(|one| one.key().2).collect::<Vec<_>>()
    };
    assert_eq!(asking(&[]), [false; 0]);
    assert_eq!(asking(&[Also::Builds]), [false, false]);
    assert_eq!(asking(&[Also::Deployments]), [true, true]);
    let production = vec!["stag*".into()];
    let other = Github { also: vec![Also::Deployments], production, ..asked(&hub) };
    let snapshot = Place::new().collect_asked(other);
    assert_eq!(lines(deployments(&snapshot, "example/quote").expect("told")), ["2026-11-14: succeeded"]);
}

/// A repository that deploys every so many minutes.
fn often(minutes: i64, count: i64) -> World {
    let mut often = world(vec![service(0, "quote")]);
    for nth in 0..count {
        let at =
            Moment::from_unix_seconds(now().unix_seconds() - 60 * (1 + nth * minutes)).expect("a moment");
        often.happened.deploy("R_000000", "production", &at.to_string(), &["SUCCESS"]);
    }
    often
}

#[test]
fn pages_are_asked_for_until_the_window_is_covered() {
    // Every four hours: 168 of 28 days lie on the first page and two more.
    let hub = Hub::serve(often(240, 400));
    let snapshot = Place::new().collect_active(&hub);
    let told = deployments(&snapshot, "example/quote").expect("told");
    let inside = told.list.iter().filter(|one| one.created_at >= told.since).count();
    assert_eq!((reason(&snapshot), inside, told.list.len()), ("", 168, 169));
    assert_eq!(hub.spent().0, 2 + 1 + 1 + 2);
}

#[test]
fn a_window_that_is_not_covered_is_a_shorter_one() {
    // Every ten minutes: more than ten pages hold.
    let hub = Hub::serve(often(10, 4032));
    let snapshot = Place::new().collect_active(&hub);
    let told = deployments(&snapshot, "example/quote").expect("told");
    assert_eq!((reason(&snapshot), told.list.len()), ("", 50 + 10 * 100));
    let oldest = told.list.last().expect("there are some").created_at;
    assert_eq!(told.since.unix_seconds(), oldest.unix_seconds() + 1);
}

#[test]
fn what_is_refused_is_not_known_and_says_what_is_missing() {
    let hub = Hub::serve(busy());
    hub.change(|world| world.happened.hides_deployments = true);
    let snapshot = Place::new().collect_active(&hub);
    assert_eq!(report(&snapshot).state, SourceState::Partial);
    assert_eq!(
        reason(&snapshot),
        "deployments of `example/quote` and `example/quiet` are not known (Resource not accessible by \
         integration; the credentials need `Deployments: read`)"
    );
    assert!(deployments(&snapshot, "example/quote").is_err());
    assert_eq!(
        builds(&snapshot, "example/quote").map(|builds| builds.passed),
        Ok(2),
        "builds are told all the same"
    );
    hub.change(|world| {
        world.happened.hides_deployments = false;
        world.happened.hides_checks = true;
    });
    let snapshot = Place::new().collect_active(&hub);
    assert_eq!(
        reason(&snapshot),
        "builds of `example/quote` are not known (Resource not accessible by integration; the credentials need \
         `Checks: read` and `Commit statuses: read`)"
    );
    assert_eq!(builds(&snapshot, "example/quiet"), Ok(Builds::default()), "it has no commit to be refused");
    assert!(deployments(&snapshot, "example/quote").is_ok());
}

#[test]
fn what_is_renamed_or_gone_meanwhile_is_told_as_far_as_it_is_there() {
    let hub = Hub::serve(busy());
    hub.change_at(3, |world| world.repositories[0].name = "example/offer".to_owned());
    hub.change_at(3, |world| _ = world.repositories.remove(2));
    let snapshot = Place::new().collect_active(&hub);
    assert_eq!(builds(&snapshot, "example/quote").map(|builds| builds.passed), Ok(2));
    assert!(builds(&snapshot, "example/quiet").is_err() && deployments(&snapshot, "example/quiet").is_err());
    assert!(reason(&snapshot).contains("of `example/quiet` are not known"), "{}", reason(&snapshot));
}

#[test]
fn a_night_that_is_not_told_keeps_what_the_night_before_was() {
    let hub = Hub::serve(busy());
    let place = Place::new();
    let before = place.collect_active(&hub);
    hub.change(|world| world.happened.hides_deployments = true);
    let mut during = place.collect_active(&hub);
    assert!(deployments(&during, "example/quote").is_err());
    during.carry_over(&before, None);
    assert_eq!(during.activities, before.activities);
    hub.fail_always(Some(Fault::Unauthorized));
    let mut away = Place::new().collect_active(&hub);
    assert_eq!((report(&away).state, away.activities.len()), (SourceState::Failed, 0));
    away.carry_over(&before, None);
    assert_eq!(away.activities, before.activities);
}

#[test]
fn a_question_that_is_too_much_is_asked_in_parts() {
    let hub = Hub::serve(world((0..120).map(|number| service(number, &format!("s{number}"))).collect()));
    let place = Place::new();
    place.collect_hub(&hub);
    let listing = hub.spent().0;
    assert_eq!(listing, 2 + 1 + 1);
    // The list takes two requests; each of the three questions that come then fails as often as it is tried.
    hub.meddle(|request| (3..3 + 9).contains(&request).then_some(Fault::BadGateway));
    let snapshot = place.collect_active(&hub);
    assert_eq!((reason(&snapshot), snapshot.activities.len()), ("", 240));
    assert!(hub.spent().0 >= 2 + 9 + 4, "the list, nine refusals, and then smaller questions");
}

#[test]
fn names_of_environments_are_only_compared() {
    let hub = Hub::serve(busy());
    hub.change(|world| {
        for (nth, name) in ["\u{0}prod", "<script>", "prod\r\nprod", "\u{202e}dorp"].into_iter().enumerate() {
            world.happened.deploy("R_000002", name, &format!("2026-11-20T1{nth}:00:00Z"), &["SUCCESS"]);
        }
        world.happened.deploy("R_000002", &"prod-".repeat(100_000), "2026-11-20T09:00:00Z", &["SUCCESS"]);
    });
    let snapshot = Place::new().collect_asked(Github { also: vec![Also::Deployments], ..asked(&hub) });
    assert_eq!(reason(&snapshot), "");
    assert_eq!(deployments(&snapshot, "example/quiet").expect("told").list.len(), 0);
}

#[test]
fn an_answer_that_makes_no_sense_tells_nothing() {
    for (change, says) in [
        (
            (|world: &mut World| {
                let all = world.happened.deployments.get_mut("R_000000").expect("there");
                all[3].created = "yesterday".to_owned();
            }) as fn(&mut World),
            "deployments of `example/quote` are not known (its deployments make no sense)",
        ),
        (
            |world| {
                let all = world.happened.deployments.get_mut("R_000000").expect("there");
                all[1].statuses[0].1 = "later".to_owned();
            },
            "deployments of `example/quote` are not known (how one of them ended is not shown)",
        ),
    ] {
        let hub = Hub::serve(busy());
        hub.change(change);
        let snapshot = Place::new().collect_active(&hub);
        assert_eq!(reason(&snapshot), says);
        assert!(deployments(&snapshot, "example/quote").is_err());
    }
}
