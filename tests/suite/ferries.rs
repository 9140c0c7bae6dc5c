//! A small organisation kept in git, on which the program is run from outside, night by night.

use std::fs;
use std::process::Command as Program;

use assert_cmd::Command;
use serde_json::Value;

/// A service with a waived rule, a rule on a fact, and a rule that passes.
pub(super) const FILES: &[(&str, &str)] = &[
    (
        "catalog/milepost.yaml",
        "organisation: {name: Ferries}
sources:
  - {name: repositories, kind: folder, path: ../repositories}
  - {name: facts, kind: facts, path: facts}
",
    ),
    ("catalog/teams/harbour.yaml", "teamId: harbour\nmembers: [\"@wren\", \"@tern\"]\n"),
    (
        "catalog/scorecards/ready.yaml",
        "scorecardId: ready
version: 1
title: Ready
readiness: true
levels: [{id: steady, title: Steady}]
rules:
  - {id: impact-known, level: steady, title: Impact, why: w, assert: service.failureImpact is defined, fix: f}
  - {id: tier-high, level: steady, title: Tier, why: w, assert: 'service.criticality == \"tier-1\"', fix: f}
  - {id: drilled, level: steady, title: Drill, why: w, needs: [drills], assert: 'fact(\"drills\") > 0', fix: f}
",
    ),
    ("catalog/controls/drill.yaml", "controlId: tier\ntitle: Tier\nkind: preventive\nowner: harbour\nwaivable: true\n"),
    (
        "catalog/exceptions/EX-2026-0001.yaml",
        "exceptionId: EX-2026-0001
service: ferry-times
rule: tier-high
reason: It is small.
risk: low
compensatingControls: [a person looks]
requestedBy: harbour
requestedAt: 2026-11-01
approvals: [{role: team-lead, by: \"@tern\", at: 2026-11-02}]
expiresAt: 2026-11-21
",
    ),
    ("catalog/policy/exceptions.yaml", "risks:\n  low: {longestLife: 365d, approvers: []}\n"),
    (
        "catalog/facts/drills.csv",
        "subject,fact,value,observedAt,source,maxAge\nservice:ferry-times,drills,1,2026-11-20T00:00:00Z,drill book,30d\n",
    ),
    (
        "repositories/ferry-times/service.yaml",
        "serviceId: ferry-times\nownerTeam: harbour\ncriticality: tier-2\nfailureImpact: Nobody knows when to come.\n",
    ),
];

pub(super) struct Ferries(pub(super) tempfile::TempDir);

impl Ferries {
    pub(super) fn new() -> Self {
        let ferries = Self(tempfile::tempdir().expect("a folder"));
        for (path, text) in FILES {
            ferries.write(path, text);
        }
        ferries.git(&["init", "--quiet"]);
        ferries.commit("begin", "Wren");
        ferries
    }

    pub(super) fn write(&self, path: &str, text: &str) {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().expect("it has one")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    pub(super) fn replace(&self, path: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.0.path().join(path)).expect("it is there");
        assert!(text.contains(from), "{from} in {text}");
        self.write(path, &text.replace(from, to));
    }

    pub(super) fn remove(&self, path: &str) {
        fs::remove_file(self.0.path().join(path)).expect("it is there");
    }

    fn git(&self, arguments: &[&str]) {
        self.git_in("repositories/ferry-times", arguments);
    }

    pub(super) fn git_in(&self, folder: &str, arguments: &[&str]) {
        let folder = self.0.path().join(folder);
        let done = Program::new("git")
            .args(["-c", "user.email=wren@example.com", "-c", "commit.gpgsign=false"])
            .args(arguments)
            .current_dir(folder)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .output()
            .expect("git runs");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }

    pub(super) fn commit(&self, message: &str, author: &str) {
        self.git(&["add", "--all"]);
        self.git(&["-c", &format!("user.name={author}"), "commit", "--quiet", "--message", message]);
    }

    pub(super) fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        let output = Command::cargo_bin("milepost")
            .expect("the binary is built")
            .args(arguments)
            .current_dir(self.0.path())
            .env("NO_COLOR", "1")
            .output()
            .expect("it runs");
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("output is text");
        (output.status.code().expect("it ends by itself"), text(&output.stdout), text(&output.stderr))
    }

    pub(super) fn collect(&self, day: &str, into: &str) {
        let (code, _, stderr) = self.run(&["collect", "catalog", "--now", day, "--snapshot", into]);
        assert_eq!(code, 0, "{stderr}");
    }

    /// What moved between two days with `change` between them.
    pub(super) fn moved(&self, from: &str, to: &str, change: impl FnOnce(&Self)) -> Vec<Value> {
        self.collect(from, "before");
        change(self);
        self.collect(to, "after");
        let (code, stdout, stderr) = self.run(&["diff", "before", "after", "--format", "json"]);
        assert_eq!(code, 0, "{stderr}");
        let told: Value = serde_json::from_str(&stdout).expect("JSON");
        told["changes"].as_array().expect("a list").clone()
    }
}

/// `measure: from -> to (direction) because cause, cause` for each change.
pub(super) fn lines(changes: &[Value]) -> Vec<String> {
    let word = |value: &Value| value.as_str().unwrap_or("none").to_owned();
    changes
        .iter()
        .map(|change| {
            let causes: Vec<String> =
                change["because"].as_array().expect("a list").iter().map(|it| word(&it["cause"])).collect();
            format!(
                "{} {}: {} -> {} ({}) because {}",
                word(&change["id"]),
                word(&change["measure"]),
                word(&change["from"]),
                word(&change["to"]),
                word(&change["direction"]),
                causes.join(", ")
            )
        })
        .collect()
}
