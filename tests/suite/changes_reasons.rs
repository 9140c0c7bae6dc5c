//! What `diff` says of why something moved: which files, which exceptions, and how many more.

use serde_json::Value;

use super::changes::reason;
use super::ferries::{Ferries, lines};

const RULE: &str =
    "  - {id: written, level: steady, title: Runbook, why: w, assert: documents.runbook.words > 3, fix: f}\n";
const SERVICE: &str = "repositories/ferry-times/service.yaml";
const RUNBOOK: &str = "repositories/ferry-times/docs/runbook.md";

/// A second scorecard, in a file of its own, whose only rule asks `assert`.
fn second(assert: &str) -> String {
    format!(
        "scorecardId: second\nversion: 1\ntitle: Second\nlevels: [{{id: only, title: Only}}]\nrules:\n  \
         - {{id: second-rule, level: only, title: Second, why: w, assert: '{assert}', fix: f}}\n"
    )
}

/// Every reason of the change of `measure` of `id`.
fn reasons(changes: &[Value], id: &str, measure: &str) -> Vec<String> {
    let change = changes.iter().find(|change| change["measure"] == measure && change["id"] == id);
    let because = change.unwrap_or_else(|| panic!("{measure} of {id} in {:?}", lines(changes)));
    let because = because["because"].as_array().expect("a list");
    because.iter().map(|because| because["text"].as_str().expect("words").to_owned()).collect()
}

/// With a rule about the runbook, and a service that names two documents.
fn with_documents() -> Ferries {
    let ferries = Ferries::new();
    let scorecard = "catalog/scorecards/ready.yaml";
    ferries.replace(scorecard, "  - {id: drilled", &format!("{RULE}  - {{id: drilled"));
    ferries.replace(
        SERVICE,
        "ownerTeam: harbour\n",
        "ownerTeam: harbour\nlinks: {runbook: docs/runbook.md, architecture: docs/architecture.md}\n",
    );
    ferries.write(RUNBOOK, "# Runbook\n\nRing the bell and tell the captain.\n");
    ferries.write("repositories/ferry-times/docs/architecture.md", "# Parts\n\nA bell and a captain.\n");
    ferries.commit("documents", "Wren");
    ferries
}

#[test]
fn a_document_that_changed_is_named_and_those_that_did_not_are_not() {
    let changes = with_documents().moved("2026-11-20", "2026-11-20", |ferries| {
        ferries.write(RUNBOOK, "# Runbook\n");
        ferries.commit("empty the runbook", "Tern");
    });
    let told = reasons(&changes, "ferry-times", "score");
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("the runbook "), "{told:?}");
    assert!(told[0].contains("ferry-times/docs/runbook.md changed by commit "), "{told:?}");
    assert!(told[0].ends_with(" of Tern"), "{told:?}");
}

#[test]
fn a_document_that_moved_is_named_though_its_words_are_the_same() {
    let changes = with_documents().moved("2026-11-20", "2026-11-20", |ferries| {
        ferries.replace(SERVICE, "runbook: docs/runbook.md", "runbook: docs/gone.md");
        ferries.commit("name another", "Tern");
    });
    let told = reasons(&changes, "ferry-times", "score");
    assert_eq!(told.len(), 1, "the descriptor alone: {told:?}");
    assert!(told[0].contains("service.yaml changed by commit"), "{told:?}");
    let changes = with_documents().moved("2026-11-20", "2026-11-20", |ferries| {
        ferries.replace(SERVICE, "runbook: docs/runbook.md", "runbook: docs/other.md");
        ferries.replace(SERVICE, "failureImpact: Nobody knows when to come.\n", "");
        ferries.write(
            "repositories/ferry-times/docs/other.md",
            "# Runbook\n\nRing the bell and tell the captain.\n",
        );
        ferries.commit("move it", "Tern");
    });
    let told = reasons(&changes, "ferry-times", "score");
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[1].contains("docs/other.md changed"), "{told:?}");
}

#[test]
fn the_scorecard_of_the_measure_is_named_and_no_other_file_beside_it() {
    let ferries = Ferries::new();
    ferries.write("catalog/scorecards/second.yaml", &second("service.failureImpact is defined"));
    let changes = ferries.moved("2026-11-20", "2026-11-20", |ferries| {
        ferries.replace(
            "catalog/scorecards/ready.yaml",
            "failureImpact is defined",
            "failureImpact is not defined",
        );
        ferries.write("catalog/scorecards/second.yaml", &second("service.failureImpact is not defined"));
        ferries.replace("catalog/teams/harbour.yaml", "harbour", "harbour\ndisplayName: Harbour");
    });
    let of = |scorecard: &str| {
        let own: Vec<Value> =
            changes.iter().filter(|change| change["scorecard"] == scorecard).cloned().collect();
        reasons(&own, "ferry-times", "score")
    };
    assert_eq!(of("ready"), ["scorecards/ready.yaml changed"]);
    assert_eq!(of("second"), ["scorecards/second.yaml changed"]);
}

#[test]
fn the_exception_of_the_service_is_named_and_no_other() {
    let ferries = Ferries::new();
    let exception = "catalog/exceptions/EX-2026-0001.yaml";
    let changes = ferries.moved("2026-11-20", "2026-11-20", |ferries| {
        ferries.replace(exception, "expiresAt: 2026-11-21", "expiresAt: 2026-11-19");
        ferries.replace("catalog/teams/harbour.yaml", "harbour", "harbour\ndisplayName: Harbour");
    });
    assert_eq!(reasons(&changes, "ferry-times", "score"), ["exceptions/EX-2026-0001.yaml changed"]);
    assert_eq!(reasons(&changes, "EX-2026-0001", "state"), ["exceptions/EX-2026-0001.yaml changed"]);
}

#[test]
fn exceptions_come_and_go() {
    let changes = Ferries::new().moved("2026-11-20", "2026-11-20", |ferries| {
        ferries.replace("catalog/exceptions/EX-2026-0001.yaml", "EX-2026-0001", "EX-2026-0002");
    });
    let told = lines(&changes);
    for line in [
        "EX-2026-0001 existence: present -> none (other) because rule",
        "EX-2026-0002 existence: none -> present (other) because rule",
    ] {
        assert!(told.contains(&line.to_owned()), "{told:?}");
    }
}

/// Of files that nothing singles out three are named, changed ones first, and the rest is counted.
#[test]
fn of_many_files_three_are_named_and_the_rest_is_counted() {
    let team = |name: &str| format!("catalog/teams/{name}.yaml");
    let told = |kept: &[&str], gone: &[&str]| {
        let ferries = Ferries::new();
        for name in kept.iter().chain(gone) {
            ferries.write(&team(name), &format!("teamId: {name}\nmembers: [\"@wren\", \"@tern\"]\n"));
        }
        ferries.replace(SERVICE, "ownerTeam: harbour", "ownerTeam: a");
        ferries.replace(
            "catalog/scorecards/ready.yaml",
            "service.failureImpact is defined",
            "team.displayName is not defined",
        );
        ferries.commit("owner", "Wren");
        let changes = ferries.moved("2026-11-20", "2026-11-20", |ferries| {
            for name in kept {
                ferries.replace(&team(name), "members", "displayName: Named\nmembers");
            }
            for name in gone {
                ferries.remove(&team(name));
            }
        });
        // The score is judged by a scorecard that did not change.
        reasons(&changes, "ferry-times", "score")
    };
    assert_eq!(told(&["a"], &[]), ["teams/a.yaml changed"]);
    assert_eq!(
        told(&["a", "b"], &["c", "d"]),
        [
            "teams/a.yaml changed",
            "teams/b.yaml changed",
            "teams/c.yaml is gone",
            "1 more file of the catalog folder changed"
        ]
    );
    assert_eq!(
        told(&["a", "b", "c", "d"], &["e"]),
        [
            "teams/a.yaml changed",
            "teams/b.yaml changed",
            "teams/c.yaml changed",
            "2 more files of the catalog folder changed"
        ]
    );
}

#[test]
fn the_clock_names_an_exception_only_where_it_waived() {
    let ferries = Ferries::new();
    // Nothing fails the rule any more, so the exception hides nothing when it ends.
    ferries.replace(SERVICE, "criticality: tier-2", "criticality: tier-1");
    ferries.replace("catalog/facts/drills.csv", ",30d", ",1d");
    ferries.commit("tier", "Wren");
    let changes = ferries.moved("2026-11-20", "2026-11-22", |_| ());
    assert_eq!(
        reason(&changes, "score"),
        "the day went from 2026-11-20 to 2026-11-22: what 1 rule needs grew too old"
    );
}

#[test]
fn a_score_that_falls_because_less_is_known_is_not_worse() {
    let ferries = Ferries::new();
    let exception = "catalog/exceptions/EX-2026-0001.yaml";
    ferries.replace(exception, "expiresAt: 2026-11-21", "expiresAt: 2027-02-01");
    ferries.replace(SERVICE, "failureImpact: Nobody knows when to come.\n", "");
    ferries.commit("forget", "Tern");
    let changes = ferries.moved("2026-11-20", "2026-12-25", |_| ());
    let score = lines(&changes).into_iter().find(|line| line.contains(" score: ")).expect("it moved");
    assert_eq!(score, "ferry-times score: 1 of 2 -> 0 of 1 (other) because clock");
}

#[test]
fn a_descriptor_is_no_file_of_the_catalog_folder_whatever_its_source_is_called() {
    let ferries = Ferries::new();
    ferries.replace("catalog/milepost.yaml", "name: repositories", "name: catalog");
    ferries.replace(
        "catalog/scorecards/ready.yaml",
        "service.failureImpact is defined",
        "team.displayName is not defined",
    );
    let changes = ferries.moved("2026-11-20", "2026-11-20", |ferries| {
        ferries.replace(SERVICE, "ownerTeam: harbour", "ownerTeam: harbour\ndescription: Says when to come.");
        ferries.commit("describe", "Tern");
        ferries.replace("catalog/teams/harbour.yaml", "members", "displayName: Harbour\nmembers");
    });
    let told = reasons(&changes, "ferry-times", "score");
    assert_eq!(told, ["teams/harbour.yaml changed"]);
}
