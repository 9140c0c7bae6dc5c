//! Change and its cause, from outside: `collect` on two days, `diff`, `build --previous` and `preview`, on
//! an organisation kept in git.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::ferries::{FILES, Ferries, lines};

pub(super) fn reason(changes: &[Value], measure: &str) -> String {
    let change = changes.iter().find(|change| change["measure"] == measure).expect("it moved");
    change["because"][0]["text"].as_str().expect("words").to_owned()
}

#[test]
fn nothing_moves_when_nothing_is_other() {
    let ferries = Ferries::new();
    assert_eq!(ferries.moved("2026-11-20", "2026-11-20", |_| ()), Vec::<Value>::new());
}

#[test]
fn a_descriptor_is_named_with_commit_and_author() {
    let changes = Ferries::new().moved("2026-11-20", "2026-11-20", |ferries| {
        ferries.replace(
            "repositories/ferry-times/service.yaml",
            "failureImpact: Nobody knows when to come.\n",
            "",
        );
        ferries.commit("forget", "Tern");
    });
    assert_eq!(
        lines(&changes),
        [
            "ferry-times level: steady -> none (worse) because descriptor",
            "ferry-times score: 2 of 2 -> 1 of 2 (worse) because descriptor"
        ]
    );
    let reason = reason(&changes, "level");
    assert!(
        reason.starts_with("ferry-times/service.yaml changed by commit ") && reason.ends_with(" of Tern"),
        "{reason}"
    );
    assert_eq!(changes[0]["rules"][0]["rule"], "impact-known");
}

#[test]
fn a_rule_is_named_with_its_file() {
    let changes = Ferries::new().moved("2026-11-20", "2026-11-20", |ferries| {
        ferries.replace(
            "catalog/scorecards/ready.yaml",
            "service.failureImpact is defined",
            "service.runtime is defined",
        );
    });
    assert_eq!(
        lines(&changes),
        [
            "ferry-times level: steady -> none (worse) because rule",
            "ferry-times score: 2 of 2 -> 1 of 2 (worse) because rule"
        ]
    );
    assert!(reason(&changes, "level").starts_with("scorecards/ready.yaml changed"));
}

#[test]
fn the_clock_ends_an_exception() {
    let changes = Ferries::new().moved("2026-11-21", "2026-11-22", |_| ());
    assert_eq!(
        lines(&changes),
        [
            "ferry-times level: steady -> none (worse) because clock",
            "ferry-times score: 2 of 2 -> 2 of 3 (worse) because clock",
            "EX-2026-0001 state: expiring -> expired (other) because clock"
        ]
    );
    assert_eq!(
        reason(&changes, "level"),
        "the day went from 2026-11-21 to 2026-11-22: EX-2026-0001 is expired"
    );
}

#[test]
fn an_observation_is_a_cause_of_its_own() {
    let changes = Ferries::new().moved("2026-11-20", "2026-11-20", |ferries| {
        ferries.replace("catalog/facts/drills.csv", "drills,1,", "drills,0,");
    });
    assert_eq!(
        lines(&changes),
        [
            "ferry-times level: steady -> none (worse) because facts",
            "ferry-times score: 2 of 2 -> 1 of 2 (worse) because facts"
        ]
    );
    assert_eq!(reason(&changes, "score"), "what was observed for the rule drilled changed");
}

#[test]
fn a_fact_that_grew_too_old_makes_a_score_neither_better_nor_worse() {
    let ferries = Ferries::new();
    ferries.replace("catalog/exceptions/EX-2026-0001.yaml", "expiresAt: 2026-11-21", "expiresAt: 2027-02-01");
    let changes = ferries.moved("2026-11-20", "2026-12-25", |_| ());
    let score = lines(&changes).into_iter().find(|line| line.contains(" score: ")).expect("it moved");
    assert_eq!(score, "ferry-times score: 2 of 2 -> 1 of 1 (other) because clock");
    assert!(
        reason(&changes, "score").ends_with("what 1 rule needs grew too old"),
        "{}",
        reason(&changes, "score")
    );
}

#[test]
fn two_inputs_at_once_are_told_apart() {
    let changes = Ferries::new().moved("2026-11-21", "2026-11-22", |ferries| {
        ferries.replace(
            "repositories/ferry-times/service.yaml",
            "failureImpact: Nobody knows when to come.\n",
            "",
        );
        ferries.commit("forget", "Tern");
    });
    // Either moves the level by itself; the score is where it is by both.
    assert_eq!(
        lines(&changes),
        [
            "ferry-times level: steady -> none (worse) because descriptor, clock",
            "ferry-times score: 2 of 2 -> 1 of 3 (worse) because descriptor, clock",
            "EX-2026-0001 state: expiring -> expired (other) because clock"
        ]
    );
}

#[test]
fn services_come_and_go() {
    let changes = Ferries::new().moved("2026-11-20", "2026-11-20", |ferries| {
        ferries.replace("repositories/ferry-times/service.yaml", "ferry-times", "ferry-tables");
        ferries.commit("rename", "Wren");
    });
    let told = lines(&changes);
    assert!(
        told.contains(&"ferry-tables existence: none -> present (other) because descriptor".to_owned()),
        "{told:?}"
    );
    assert!(
        told.contains(&"ferry-times existence: present -> none (other) because descriptor".to_owned()),
        "{told:?}"
    );
}

#[test]
fn a_build_shows_what_moved_since_the_run_before() {
    let ferries = Ferries::new();
    ferries.collect("2026-11-21", "before");
    let (code, _, stderr) =
        ferries.run(&["build", "catalog", "--now", "2026-11-22", "--previous", "before", "--out", "site"]);
    assert_eq!(code, 0, "{stderr}");
    let page =
        |path: &str| fs::read_to_string(ferries.0.path().join("site").join(path)).expect("it is there");
    for path in ["changes/index.html", "index.html", "services/ferry-times/index.html"] {
        assert!(page(path).contains("EX-2026-0001 is expired"), "{path}");
    }
    let json: Value = serde_json::from_str(&page("api/v1/changes.json")).expect("JSON");
    assert_eq!(json["compared"]["totals"]["worse"], 1);
    let service: Value = serde_json::from_str(&page("api/v1/services/ferry-times.json")).expect("JSON");
    assert_eq!(service["changes"].as_array().map(Vec::len), Some(2));
}

#[test]
fn a_preview_judges_the_same_night_by_another_catalog() {
    let ferries = Ferries::new();
    for (path, text) in FILES.iter().filter(|(path, _)| path.starts_with("catalog/")) {
        ferries.write(&path.replace("catalog/", "proposal/"), text);
    }
    ferries.replace(
        "proposal/scorecards/ready.yaml",
        "service.failureImpact is defined",
        "service.runtime is defined",
    );
    let preview = ["preview", "catalog", "--with", "proposal", "--now", "2026-11-20"];
    let (code, stdout, stderr) = ferries.run(&preview);
    assert_eq!(code, 0, "{stderr}");
    assert!(stdout.contains("level of ready: steady -> none (worse)"), "{stdout}");
    assert!(stdout.contains("1 service and no exceptions would move against `catalog`: 1 worse"), "{stdout}");
    let (code, _, stderr) = ferries.run(&[&preview[..], &["--out", "preview"]].concat());
    assert_eq!(code, 0, "{stderr}");
    let page = fs::read_to_string(ferries.0.path().join("preview/changes/index.html")).expect("it is there");
    assert!(page.contains("What would change"), "{page}");
    let (code, _, stderr) = ferries.run(&["preview", "catalog", "--with", "nowhere"]);
    assert_eq!(code, 2, "{stderr}");
}

#[test]
fn a_preview_judges_the_same_night_by_another_revision() {
    let ferries = Ferries::new();
    let git = |arguments: &[&str]| ferries.git_in("catalog", arguments);
    let commit = ["-c", "user.name=Tern", "commit", "--quiet", "--all", "--message", "the catalog"];
    git(&["init", "--quiet"]);
    git(&["add", "--all"]);
    git(&commit);
    git(&["checkout", "--quiet", "-b", "stricter"]);
    ferries.replace(
        "catalog/scorecards/ready.yaml",
        "service.failureImpact is defined",
        "service.runtime is defined",
    );
    git(&commit);
    git(&["checkout", "--quiet", "-"]);
    let preview = ["preview", "catalog", "--revision", "stricter", "--now", "2026-11-20"];
    let (code, stdout, stderr) = ferries.run(&preview);
    assert_eq!(code, 0, "{stderr}");
    assert!(stdout.contains("level of ready: steady -> none (worse)"), "{stdout}");
    assert!(stdout.contains("1 service and no exceptions would move against `catalog`: 1 worse"), "{stdout}");
    let (code, stdout, stderr) =
        ferries.run(&["preview", "catalog", "--revision", "HEAD", "--now", "2026-11-20"]);
    assert_eq!(code, 0, "{stderr}");
    assert!(stdout.contains("no services and no exceptions would move"), "{stdout}");
    let (code, _, stderr) = ferries.run(&["preview", "catalog", "--revision", "nowhere"]);
    assert_eq!(code, 2, "{stderr}");
    assert!(stderr.contains("nothing to preview of `catalog` at `nowhere`"), "{stderr}");
    let (code, _, stderr) = ferries.run(&["preview", "catalog"]);
    assert_eq!(code, 2, "{stderr}");
}

#[test]
fn a_snapshot_without_its_catalog_folder_is_judged_by_the_present_one() {
    let ferries = Ferries::new();
    ferries.collect("2026-11-21", "before");
    ferries.collect("2026-11-22", "after");
    for folder in ["before", "after"] {
        fs::remove_file(ferries.0.path().join(folder).join("catalog.jsonl.zst")).expect("it was saved");
    }
    let (code, stdout, stderr) =
        ferries.run(&["diff", "before", "after", "--catalog", "catalog", "--now", "2026-11-22"]);
    assert_eq!(code, 0, "{stderr}");
    assert!(stderr.contains("without its catalog folder"), "{stderr}");
    assert!(stdout.contains("EX-2026-0001 is expired"), "{stdout}");
    let (code, _, stderr) = ferries.run(&["diff", "before", "nowhere"]);
    assert_eq!(code, 2, "{stderr}");
    assert!(stderr.contains("no snapshot in `nowhere`"), "{stderr}");
    assert!(Path::new(&ferries.0.path().join("before/snapshot.jsonl.zst")).is_file());
}
