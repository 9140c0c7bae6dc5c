//! What a doctor says of remotes, folders and files before a collect.

use std::fs::{self, File};
use std::process::Command;

use axum::http::StatusCode;
use rustix::fs::{FlockOperation, flock};
use serde_json::Value;

use super::Place;
use super::http_git::{Fault, HttpGit};

impl Place {
    /// What the program says of `sources`, and with which code it ends. It writes nothing.
    fn doctor(&self, sources: &str) -> (Option<i32>, Value) {
        self.write("catalog/milepost.yaml", format!("sources:\n{sources}"));
        let before = self.everything();
        let output = Command::new(env!("CARGO_BIN_EXE_milepost"))
            .args(["doctor", "catalog", "--format", "json"])
            .current_dir(self.at(""))
            .env("MILEPOST_GIT_TOKEN", "s3cret")
            .output()
            .expect("it runs");
        let said = String::from_utf8(output.stdout).expect("text");
        let complained = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!said.contains("s3cret") && !complained.contains("s3cret"), "{said}{complained}");
        assert_eq!(self.everything(), before, "a doctor writes nothing");
        let json = serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said}{complained}"));
        (output.status.code(), json)
    }

    /// Every path with its time.
    fn everything(&self) -> String {
        let listed =
            Command::new("find").arg(self.at("")).args(["-printf", "%p %T@\n"]).output().expect("find");
        let mut lines: Vec<String> =
            String::from_utf8_lossy(&listed.stdout).lines().map(str::to_owned).collect();
        lines.sort();
        lines.join("\n")
    }

    fn remotes(&self, urls: &[String]) -> (Option<i32>, Value) {
        self.doctor(&format!(
            "  - name: remotes\n    kind: git\n    path: ../mirrors\n    loopback: true\n    remotes: [{}]\n",
            urls.join(", ")
        ))
    }
}

/// `subject: says` of every remark of the first source with this verdict.
fn remarks(json: &Value, verdict: &str) -> Vec<String> {
    let all = json["sources"][0]["remarks"].as_array().expect("remarks");
    let those = all.iter().filter(|remark| remark["verdict"] == verdict);
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    those.map(|remark| format!("{}: {}", text(&remark["subject"]), text(&remark["says"]))).collect()
}

#[test]
fn every_remote_is_asked_and_nothing_is_fetched() {
    let place = Place::new();
    for name in ["quote", "label", "empty"] {
        place.bare(name);
    }
    for name in ["quote", "label"] {
        place.push(name, "2026-01-05", &[("service.yaml", "serviceId: quote\n")]);
    }
    let server = HttpGit::serve(&place.at("served"));
    let url = |name: &str| server.url(&format!("{name}.git"));
    let (code, json) = place.remotes(&[url("quote"), url("label")]);
    assert_eq!((code, &json["whole"]), (Some(0), &Value::Bool(true)), "{json}");
    assert!(remarks(&json, "ok").contains(&"remotes: 2 of 2 remotes answered".to_owned()), "{json}");

    let (code, json) =
        place.remotes(&[url("quote"), url("empty"), url("gone"), "../served/none.git".to_owned()]);
    assert_eq!(code, Some(4), "{json}");
    assert_eq!(remarks(&json, "note"), [format!("remote `{}`: it has no commit yet", url("empty"))]);
    let missing = remarks(&json, "missing");
    assert_eq!(missing.len(), 2, "{missing:?}");
    assert!(missing[0].contains("gone.git") && missing[0].contains("not found"), "{missing:?}");
    assert!(missing[1].contains("none.git"), "{missing:?}");

    for (fault, said) in [
        (Fault::Status(StatusCode::INTERNAL_SERVER_ERROR), "500"),
        (Fault::Status(StatusCode::FORBIDDEN), "403"),
        (Fault::Status(StatusCode::UNAUTHORIZED), "the server asks who we are"),
        (Fault::Elsewhere, "another address, which is not followed"),
    ] {
        server.fail(Some(fault));
        let (code, json) = place.remotes(&[url("quote")]);
        let missing = remarks(&json, "missing");
        assert!(code == Some(4) && missing[0].contains(said), "{fault:?}: {missing:?}");
    }
}

#[test]
fn excluded_remotes_are_not_asked() {
    let place = Place::new();
    place.bare("quote");
    let server = HttpGit::serve(&place.at("served"));
    let (code, json) = place.doctor(&format!(
        "  - name: remotes\n    kind: git\n    path: ../mirrors\n    loopback: true\n    remotes: [{}]\n    \
         exclude: [{{repository: quote, reason: moves}}]\n",
        server.url("quote.git")
    ));
    assert_eq!((code, server.requests()), (Some(0), 0), "{json}");
    assert!(remarks(&json, "ok").contains(&"excluded: 1 remote not asked".to_owned()), "{json}");
}

#[test]
fn mirrors_that_cannot_be_written_or_are_in_use_are_said() {
    let place = Place::new();
    place.bare("quote");
    place.push("quote", "2026-01-05", &[("service.yaml", "serviceId: quote\n")]);
    let server = HttpGit::serve(&place.at("served"));
    let urls = [server.url("quote.git")];
    let (_, json) = place.remotes(&urls);
    assert!(remarks(&json, "ok").iter().any(|line| line.contains("can be made")), "{json}");

    let collected = Command::new(env!("CARGO_BIN_EXE_milepost"))
        .args(["collect", "catalog"])
        .current_dir(place.at(""))
        .output()
        .expect("it runs");
    assert_eq!(collected.status.code(), Some(0));
    let mirror = fs::read_dir(place.at("mirrors")).expect("mirrors").flatten().next().expect("one").path();
    let lock = File::options().write(true).open(mirror.join("milepost-lock")).expect("the lock");
    flock(&lock, FlockOperation::LockExclusive).expect("ours");
    let (code, json) = place.remotes(&urls);
    assert_eq!(code, Some(0), "{json}");
    assert_eq!(remarks(&json, "note"), [format!("remote `{}`: another run uses its mirror", urls[0])]);
    drop(lock);
    assert_eq!(remarks(&place.remotes(&urls).1, "note"), Vec::<String>::new());

    fs::remove_dir_all(place.at("mirrors")).expect("removed");
    place.write("mirrors", "a file");
    let (code, json) = place.remotes(&urls);
    assert!(code == Some(4) && remarks(&json, "missing")[0].contains("is not a folder"), "{json}");
}

#[test]
fn the_working_directory_has_no_say_in_what_a_remote_is() {
    let place = Place::new();
    place.bare("quote");
    place.push("quote", "2026-01-05", &[("service.yaml", "serviceId: quote\n")]);
    let server = HttpGit::serve(&place.at("served"));
    place.git("", &["init", "--quiet"]);
    place.git("", &["config", "url.http://127.0.0.1:1/.insteadOf", &server.url("")]);
    let (code, json) = place.remotes(&[server.url("quote.git")]);
    assert_eq!(code, Some(0), "{json}");
}

#[test]
fn folders_and_files_are_looked_at() {
    let place = Place::new();
    place.write("repositories/quote/service.yaml", "serviceId: quote\n");
    let folder = |path: &str| place.doctor(&format!("  - {{name: here, kind: folder, path: ../{path}}}\n"));
    for sound in ["repositories", "repositories/quote/service.yaml"] {
        assert_eq!(folder(sound).0, Some(0), "{sound}");
    }
    let (code, json) = folder("elsewhere");
    assert!(code == Some(4) && remarks(&json, "missing")[0].contains("no such file"), "{json}");

    place.write("facts/costs.json", "[]");
    let facts = |place: &Place| place.doctor("  - {name: here, kind: facts, path: ../facts}\n");
    let (code, json) = facts(&place);
    assert_eq!(code, Some(0), "{json}");
    assert!(remarks(&json, "ok")[0].ends_with("1 file can be read"), "{json}");
    std::os::unix::fs::symlink("/etc/hosts", place.at("facts/more.csv")).expect("a link");
    let (code, json) = facts(&place);
    assert!(code == Some(4) && remarks(&json, "missing")[0].contains("symbolic link"), "{json}");
    let aws = place.doctor("  - {name: here, kind: aws-recorded, path: ../repositories}\n");
    assert!(aws.0 == Some(0) && remarks(&aws.1, "note")[0].contains("it holds no `*.json`"), "{aws:?}");

    place.init("clones/quote");
    place.write("clones/torn/HEAD", "rubbish");
    let (code, json) = place.doctor("  - {name: here, kind: git, path: ../clones}\n");
    assert!(code == Some(4) && remarks(&json, "missing")[0].starts_with("clone `torn`"), "{json}");
}

#[test]
fn a_broken_configuration_is_not_examined() {
    let place = Place::new();
    place.write("catalog/milepost.yaml", "sources:\n  - {name: here, kind: magic}\n");
    let output = Command::new(env!("CARGO_BIN_EXE_milepost"))
        .args(["doctor", "catalog"])
        .current_dir(place.at(""))
        .output()
        .expect("it runs");
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
}
