//! `diff` between two portals that were built says what `diff` between the snapshots of the same two runs
//! says, as far as the published documents carry it.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::ferries::{Ferries, lines};
use super::folders::copied;

impl Ferries {
    /// Collects and builds a night under `name`.
    fn night(&self, day: &str, name: &str) {
        self.collect(day, &format!("snapshots/{name}"));
        let (code, _, stderr) =
            self.run(&["build", "catalog", "--now", day, "--out", &format!("portals/{name}")]);
        assert_eq!(code, 0, "{stderr}");
    }

    fn diff(&self, of: &str) -> Vec<Value> {
        let (before, after) = (format!("{of}/before"), format!("{of}/after"));
        let (code, stdout, stderr) = self.run(&["diff", &before, &after, "--format", "json"]);
        assert_eq!(code, 0, "{stderr}");
        let told: Value = serde_json::from_str(&stdout).expect("JSON");
        told["changes"].as_array().expect("a list").clone()
    }

    /// What moved between two nights with `change` between them, said by the portals; the snapshots say the
    /// same.
    fn moved_in_portals(&self, from: &str, to: &str, change: impl FnOnce(&Self)) -> Vec<Value> {
        self.night(from, "before");
        change(self);
        self.night(to, "after");
        let (portals, snapshots) = (self.diff("portals"), self.diff("snapshots"));
        assert_eq!(lines(&portals), lines(&snapshots));
        for (portal, snapshot) in portals.iter().zip(&snapshots) {
            assert_eq!(portal["rules"], snapshot["rules"]);
            assert_eq!(portal["team"], snapshot["team"]);
        }
        portals
    }
}

fn reason(changes: &[Value], measure: &str) -> String {
    let change = changes.iter().find(|change| change["measure"] == measure).expect("it moved");
    change["because"][0]["text"].as_str().expect("words").to_owned()
}

fn forget_the_impact(ferries: &Ferries) {
    let impact = "failureImpact: Nobody knows when to come.\n";
    ferries.replace("repositories/ferry-times/service.yaml", impact, "");
    ferries.commit("forget", "Tern");
}

#[test]
fn nothing_moves_between_two_builds_of_one_night() {
    assert_eq!(Ferries::new().moved_in_portals("2026-11-20", "2026-11-20", |_| ()), Vec::<Value>::new());
}

#[test]
fn a_descriptor_is_named_with_its_fields() {
    let changes = Ferries::new().moved_in_portals("2026-11-20", "2026-11-20", forget_the_impact);
    let reason = reason(&changes, "level");
    assert!(reason.starts_with("ferry-times/service.yaml changed by commit "), "{reason}");
    assert!(reason.ends_with(": failureImpact"), "{reason}");
}

#[test]
fn a_rule_is_named_with_its_file() {
    let changes = Ferries::new().moved_in_portals("2026-11-20", "2026-11-20", |ferries| {
        let rule = "catalog/scorecards/ready.yaml";
        ferries.replace(rule, "service.failureImpact is defined", "service.runtime is defined");
    });
    assert_eq!(reason(&changes, "level"), "scorecards/ready.yaml changed");
}

#[test]
fn the_clock_ends_an_exception() {
    let changes = Ferries::new().moved_in_portals("2026-11-21", "2026-11-22", |_| ());
    let day = "the day went from 2026-11-21 to 2026-11-22";
    assert_eq!(reason(&changes, "level"), format!("{day}: EX-2026-0001 is expired"));
    assert_eq!(reason(&changes, "state"), day);
}

#[test]
fn an_exception_that_was_moved_is_no_work_of_the_clock() {
    let changes = Ferries::new().moved_in_portals("2026-11-20", "2026-11-20", |ferries| {
        let exception = "catalog/exceptions/EX-2026-0001.yaml";
        ferries.replace(exception, "expiresAt: 2026-11-21", "expiresAt: 2026-11-19");
    });
    assert_eq!(reason(&changes, "state"), "exceptions/EX-2026-0001.yaml changed: expiresAt");
}

#[test]
fn an_observation_is_a_cause_of_its_own() {
    let changes = Ferries::new().moved_in_portals("2026-11-20", "2026-11-20", |ferries| {
        ferries.replace("catalog/facts/drills.csv", "drills,1,", "drills,0,");
    });
    assert_eq!(reason(&changes, "score"), "what was observed for the rule drilled changed");
}

#[test]
fn a_fact_that_grew_too_old_is_the_work_of_the_clock() {
    let ferries = Ferries::new();
    ferries.replace("catalog/exceptions/EX-2026-0001.yaml", "expiresAt: 2026-11-21", "expiresAt: 2027-02-01");
    let changes = ferries.moved_in_portals("2026-11-20", "2026-12-25", |_| ());
    assert!(reason(&changes, "score").ends_with("what 1 rule needs grew too old"), "{changes:?}");
}

#[test]
fn two_inputs_at_once_are_told_apart() {
    Ferries::new().moved_in_portals("2026-11-21", "2026-11-22", forget_the_impact);
}

#[test]
fn services_come_and_go() {
    let changes = Ferries::new().moved_in_portals("2026-11-20", "2026-11-20", |ferries| {
        ferries.replace("repositories/ferry-times/service.yaml", "ferry-times", "ferry-tables");
        ferries.commit("rename", "Wren");
    });
    let told = |id: &str| {
        let own = changes.iter().find(|change| change["id"] == id && change["measure"] == "existence");
        own.expect("it moved")["because"][0]["text"].as_str().expect("words").to_owned()
    };
    assert_eq!(told("ferry-tables"), "ferry-times/service.yaml is new");
    assert_eq!(told("ferry-times"), "ferry-times/service.yaml is gone or names another service");
}

#[test]
fn people_read_the_same_of_portals_as_of_snapshots() {
    let ferries = Ferries::new();
    ferries.moved_in_portals("2026-11-21", "2026-11-22", |_| ());
    let text = |of: &str| ferries.run(&["diff", &format!("{of}/before"), &format!("{of}/after")]).1;
    let (portals, snapshots) = (text("portals"), text("snapshots"));
    assert_eq!(portals.replace("the portal of", "the snapshot of"), snapshots);
}

#[test]
fn two_of_a_kind_are_compared_and_nothing_else() {
    let ferries = Ferries::new();
    ferries.night("2026-11-20", "before");
    let (code, _, stderr) = ferries.run(&["diff", "portals/before", "snapshots/before"]);
    assert_eq!(code, 2, "{stderr}");
    assert!(stderr.contains("`portals/before` is a portal that was built and `snapshots/before` is none"));
    let (code, _, stderr) = ferries.run(&["diff", "nowhere", "portals/before"]);
    assert_eq!(code, 2, "{stderr}");
    assert!(stderr.contains("compare two portals, or two snapshots"), "{stderr}");
}

#[test]
fn documents_that_are_not_ours_are_refused_by_name() {
    let ferries = Ferries::new();
    ferries.night("2026-11-20", "before");
    let document = |name: &str| ferries.0.path().join("portals/before/api/v1").join(name);
    let refused = |name: &str, from: &str, to: &str, why: &str| {
        let whole = fs::read_to_string(document(name)).expect("it is there");
        assert!(whole.contains(from), "{whole}");
        fs::write(document(name), whole.replace(from, to)).expect("it can be written");
        let (code, _, stderr) = ferries.run(&["diff", "portals/before", "portals/before"]);
        assert!(code == 2 && stderr.contains(why), "{code}: {stderr}");
        fs::write(document(name), whole).expect("it can be written");
    };
    refused(
        "index.json",
        "\"schemaVersion\":\"1.0\"",
        "\"schemaVersion\":\"2.0\"",
        "documents of version 2.0",
    );
    refused("index.json", "\"generatedFor\":\"2026-11-20\"", "\"generatedFor\":\"today\"", "is no day");
    refused("services/ferry-times.json", "\"waived\"", "\"excused\"", "no word of this version");
    refused("services/ferry-times.json", "{", "[", "services/ferry-times.json` cannot be used");
    refused("services/index.json", "\"ferry-times\"", "\"../../secrets\"", "there is no such file");
}

/// The example: many services, every tier, every state. One input after the other is another.
#[test]
fn the_example_moves_in_portals_as_it_moves_in_snapshots() {
    let ferries = Ferries::new();
    let catalog = ferries.0.path().join("catalog");
    fs::remove_dir_all(&catalog).expect("the example takes its place");
    copied(&Path::new(env!("CARGO_MANIFEST_DIR")).join("catalog"), &catalog);
    let night = |day: &str, name: &str| {
        let (snapshot, portal) = (format!("snapshots/{name}"), format!("portals/{name}"));
        // One listing of the example is refused, which is exit code 4.
        let (code, _, stderr) = ferries.run(&["collect", "catalog", "--now", day, "--snapshot", &snapshot]);
        assert_eq!(code, 4, "{stderr}");
        let (code, _, stderr) = ferries.run(&["build", "catalog", "--now", day, "--out", &portal]);
        assert_eq!(code, 4, "{stderr}");
    };
    let quote = "catalog/repositories/parcels-monorepo/services/quote/service.yaml";
    let scorecard = "catalog/scorecards/minimum-metadata.yaml";
    let changes: [(&str, &str, &dyn Fn()); 3] = [
        ("descriptor", "2026-11-21", &|| ferries.replace(quote, "costCenter:", "x-cost:")),
        ("rule", "2026-11-21", &|| ferries.replace(scorecard, "weight: 2", "weight: 5")),
        ("clock", "2026-12-21", &|| ()),
    ];
    night("2026-11-21", "before");
    for (cause, day, change) in changes {
        change();
        night(day, "after");
        let (portals, snapshots) = (ferries.diff("portals"), ferries.diff("snapshots"));
        assert!(!portals.is_empty(), "{cause}");
        assert_eq!(lines(&portals), lines(&snapshots), "{cause}");
        assert!(lines(&portals).iter().all(|line| line.ends_with(&format!("because {cause}"))), "{cause}");
        for kind in ["snapshots", "portals"] {
            let at = |name: &str| ferries.0.path().join(kind).join(name);
            fs::remove_dir_all(at("before")).expect("it is there");
            fs::rename(at("after"), at("before")).expect("the later night is the earlier one now");
        }
    }
}
