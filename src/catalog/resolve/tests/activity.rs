//! Builds and deployments: of which service they are, and which facts they give.

use std::sync::Arc;

use super::of_service;
use crate::catalog::Catalog;
use crate::catalog::resource::FactValue;
use crate::catalog::testing::{Organisation, of_code};
use crate::collect::snapshot::{Builds, Deployment, Deployments, End, Happened};
use crate::day::Moment;

fn moment(text: &str) -> Moment {
    Moment::parse(text).expect("a moment")
}

fn builds(passed: u32, failed: u32, open: u32) -> Happened {
    Happened::Builds(Ok(Builds { passed, failed, open }))
}

/// A deployment at that time of November, of what was committed so many minutes before it ended.
fn deployment(at: &str, name: &str, end: Option<(bool, i64)>) -> Deployment {
    let created_at = moment(&format!("2026-11-{at}:00Z"));
    let before =
        |minutes: i64| Moment::from_unix_seconds(created_at.unix_seconds() - minutes * 60).expect("a moment");
    Deployment {
        names: vec![name.into()],
        created_at,
        committed_at: end.map(|(_, minutes)| before(minutes)),
        end: end.map(|(succeeded, _)| End { succeeded, at: created_at }),
    }
}

fn deployments(since: &str, list: Vec<Deployment>) -> Happened {
    Happened::Deployments(Ok(Deployments { since: moment(since), list }))
}

/// Four weeks before [`Organisation::activity`].
const WINDOW: &str = "2026-10-23T08:00:00Z";

/// `service fact value` of every fact.
fn facts(catalog: &Catalog) -> Vec<String> {
    let line = |fact: &crate::catalog::resource::Fact| {
        let FactValue::Number(value) = fact.value else { panic!("{fact:?}") };
        format!("{} {} {value}", fact.subject.trim_start_matches("service:"), fact.name)
    };
    catalog.facts.iter().map(line).collect()
}

fn one_service() -> Organisation {
    Organisation::default().descriptor("web", "service.yaml", &of_service("quote", "aliases: [offer]\n"))
}

#[test]
fn builds_that_ended_are_counted() {
    let catalog = one_service().activity("web", builds(1999, 1, 7)).resolve();
    assert_eq!(
        facts(&catalog),
        ["quote build-success-percent 99.9", "quote builds-failed 1", "quote builds-finished 2000"],
        "one that failed is not rounded away"
    );
    assert_eq!(catalog.facts[0].observed_at, moment("2026-11-20T08:00:00Z"));
    assert_eq!(catalog.facts[0].max_age, catalog.fact_max_age);
    for nothing in [builds(0, 0, 3), Happened::Builds(Err("forbidden".into()))] {
        assert_eq!(
            facts(&one_service().activity("web", nothing).resolve()),
            [""; 0],
            "not 0 %, and not 100 %"
        );
    }
}

#[test]
fn deployments_are_counted_over_four_weeks() {
    let list = vec![
        deployment("19T10:00", "", Some((true, 30))),
        deployment("18T10:00", "", Some((true, 90))),
        deployment("17T10:00", "", Some((false, 5))),
        deployment("16T10:00", "", None),
        deployment("15T10:00", "offer", Some((true, 61))),
        deployment("14T10:00", "Other", Some((true, 1))),
        deployment("13T10:00", "", Some((true, -5))),
    ];
    let catalog = one_service().activity("web", deployments(WINDOW, list)).resolve();
    assert_eq!(
        facts(&catalog),
        [
            "quote commit-to-production-minutes 61",
            "quote deployments-failed 1",
            "quote deployments-finished 5",
            "quote deployments-per-week 1",
            "quote failed-deployment-percent 20",
        ]
    );
    assert_eq!(&*catalog.facts[0].source, "GitHub, 28 days");
}

#[test]
fn no_deployment_in_the_window_is_none_and_none_ever_is_not_known() {
    let ever = vec![Deployment {
        created_at: moment("2026-09-01T10:00:00Z"),
        ..deployment("01T10:00", "", Some((true, 30)))
    }];
    let told = |list| facts(&one_service().activity("web", deployments(WINDOW, list)).resolve());
    assert_eq!(
        told(ever),
        ["quote deployments-failed 0", "quote deployments-finished 0", "quote deployments-per-week 0"]
    );
    assert_eq!(told(Vec::new()), [""; 0]);
}

#[test]
fn a_shorter_window_counts_for_a_week_at_least() {
    let list = || (10..20).map(|day| deployment(&format!("{day}T10:00"), "", Some((true, 5)))).collect();
    let per_week = |since: &str| {
        let catalog = one_service().activity("web", deployments(since, list())).resolve();
        facts(&catalog).into_iter().find(|line| line.contains("per-week"))
    };
    assert_eq!(
        per_week("2026-11-06T08:00:00Z").as_deref(),
        Some("quote deployments-per-week 5"),
        "ten in two weeks"
    );
    assert_eq!(per_week("2026-11-14T08:00:00Z"), None);
}

#[test]
fn of_several_services_the_environment_names_one() {
    let organisation = Organisation::default()
        .descriptor("house", "a/service.yaml", &of_service("quote", ""))
        .descriptor("house", "b/service.yaml", &of_service("quote-api", ""))
        .descriptor("house", "c/service.yaml", &of_service("label", ""));
    let both = Deployment {
        names: vec!["quote".into(), "quote-api".into()],
        ..deployment("18T10:00", "", Some((true, 5)))
    };
    let list = vec![
        deployment("19T10:00", "quote", Some((true, 5))),
        both,
        deployment("17T10:00", "quote-api", Some((false, 5))),
        deployment("16T10:00", "", Some((true, 5))),
    ];
    let mut organisation =
        organisation.activity("house", builds(1, 0, 0)).activity("house", deployments(WINDOW, list));
    organisation.snapshot.sources.push(crate::collect::snapshot::SourceReport {
        name: Arc::clone(&organisation.snapshot.repositories[0].source),
        kind: "github".into(),
        state: crate::collect::snapshot::SourceState::Ok,
        collected_at: moment("2026-11-20T08:00:00Z"),
        stale_since: None,
        items: 1,
        reason: None,
        withheld: None,
        unlisted: Vec::new(),
        notes: Vec::new(),
    });
    let catalog = organisation.resolve();
    let finished: Vec<String> = facts(&catalog)
        .into_iter()
        .filter(|line| line.contains("finished") || line.contains("build"))
        .collect();
    assert_eq!(
        finished,
        ["quote deployments-finished 1", "quote-api deployments-finished 2"],
        "nothing of `label`, and no builds"
    );
    assert!(catalog.ledger.sources[0].notes[0].starts_with("`house` holds several services"));
}

#[test]
fn what_cannot_be_read_may_be_another_service() {
    let list = vec![deployment("19T10:00", "", Some((true, 5))), deployment("18T10:00", "quote", None)];
    let told = |organisation: Organisation| {
        let organisation = organisation.activity("web", builds(1, 0, 0));
        facts(&organisation.activity("web", deployments(WINDOW, list.clone())).resolve())
    };
    let whole = told(one_service());
    assert!(whole.contains(&"quote builds-finished 1".to_owned()), "{whole:?}");
    assert!(whole.contains(&"quote deployments-finished 1".to_owned()), "{whole:?}");
    for other in ["serviceId: [\n", "serviceId: 7 8\ndescription: b\n"] {
        let broken = told(one_service().descriptor("web", "b/service.yaml", other));
        let named =
            ["quote deployments-failed 0", "quote deployments-finished 0", "quote deployments-per-week 0"];
        assert_eq!(broken, named, "only what names it, with {other:?} beside it");
    }
    let elsewhere = one_service().descriptor("web", "b/service.yaml", &of_service("label", "")).descriptor(
        "a",
        "service.yaml",
        &of_service("label", ""),
    );
    let elsewhere = told(elsewhere);
    assert!(!elsewhere.iter().any(|line| line.contains("builds")), "{elsewhere:?}");
}

#[test]
fn an_id_counts_before_the_alias_of_another() {
    let organisation = Organisation::default()
        .descriptor("web", "a/service.yaml", &of_service("alpha", "aliases: [quote]\n"))
        .descriptor("web", "b/service.yaml", &of_service("quote", ""));
    let list = vec![deployment("19T10:00", "quote", Some((true, 5)))];
    let told = facts(&organisation.activity("web", deployments(WINDOW, list)).resolve());
    assert!(told.contains(&"quote deployments-finished 1".to_owned()), "{told:?}");
}

#[test]
fn the_newest_of_a_file_and_of_github_counts() {
    let with = |at: &str, value: &str| {
        let file =
            format!("subject,fact,value,observedAt\nservice:quote,build-success-percent,{value},{at}\n");
        one_service().activity("web", builds(1, 1, 0)).facts("a.csv", &file).resolve()
    };
    assert!(facts(&with("2026-11-20T07:00:00Z", "7")).contains(&"quote build-success-percent 50".to_owned()));
    assert!(facts(&with("2026-11-20T09:00:00Z", "7")).contains(&"quote build-success-percent 7".to_owned()));
    let contradiction = with("2026-11-20T08:00:00Z", "7");
    let told = of_code(&contradiction, "facts-that-contradict").len()
        + of_code(&contradiction, "contradicting-facts").len();
    assert_eq!(told, 1);
    let place = contradiction
        .diagnostics
        .iter()
        .find_map(|one| one.place.as_ref().map(|place| (*place.path).to_owned()));
    assert_eq!(place.as_deref(), Some("a.csv"), "what stands in a file can be mended");
}
