//! Evidence of a period, and the chain of runs that two sealers share.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{Cursor, Read};
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;
use zip::ZipArchive;

use super::evidence::Night;

const LEDGER: &str = ".milepost/evidence-ledger.jsonl";

/// The text of `path` in the pack called `name`.
fn text(night: &Night, name: &str, path: &str) -> String {
    let pack = fs::read(night.path(&format!("evidence/{name}.zip"))).expect("it was sealed");
    let mut archive = ZipArchive::new(Cursor::new(pack)).expect("an archive");
    let mut text = String::new();
    let mut file = archive.by_name(&format!("{name}/{path}")).expect("it is there");
    file.read_to_string(&mut text).expect("text");
    text
}

#[test]
fn a_period_lists_every_day_with_its_runs_and_what_moved_since_it_began() {
    let night = Night::sealed();
    for day in ["2026-11-21", "2026-11-24"] {
        night.run(&["collect", "catalog", "--now", &format!("{day}T03:00:00Z")]);
        let (code, _, stderr) = night.evidence(&["pack", "catalog", "--offline"]);
        assert_eq!(code, 0, "{stderr}");
    }
    night.ferries.replace("repositories/ferry-times/service.yaml", "ownerTeam: harbour", "ownerTeam: pier");
    night.run(&["collect", "catalog", "--now", "2026-11-25T03:00:00Z"]);
    let (code, _, stderr) = night.evidence(&["pack", "catalog", "--offline", "--since", "2026-11-22"]);
    assert_eq!(code, 0, "{stderr}");
    let name = "ferries-since-2026-11-22-2026-11-25";
    let rows: Vec<Value> = serde_json::from_str(&text(&night, name, "data/period.json")).expect("JSON");
    let days: Vec<(&str, Option<u64>)> =
        rows.iter().map(|row| (row["day"].as_str().expect("a day"), row["run"].as_u64())).collect();
    let expected =
        [("2026-11-22", None), ("2026-11-23", None), ("2026-11-24", Some(3)), ("2026-11-25", Some(4))];
    assert_eq!(days, expected);
    assert_eq!(rows[2]["packs"], "ferries-2026-11-24");
    assert_eq!(rows[3]["packs"], name);
    let readme = text(&night, name, "data/README.txt");
    let said =
        "Period: 2026-11-22 to 2026-11-25, 4 days, 2 of them without a run of their own (data/period.csv)";
    assert!(readme.contains(said), "{readme}");
    assert!(
        readme.contains("Compared with ferries-2026-11-21 "),
        "the newest of that day or before: {readme}"
    );
    assert!(text(&night, name, "data/summary.html").contains("4 days, 2 of them without a run of their own"));
    assert!(text(&night, name, "data/changes.csv").contains("owner-changed,ferry-times,harbour,"));
    let pack = fs::read(night.path(&format!("evidence/{name}.zip"))).expect("it was sealed");
    let (code, said) = night.verify(&pack, &["--recompute"]);
    assert_eq!(code, 0, "{said}");
}

#[test]
fn a_period_that_no_pack_begins_is_refused_with_what_there_is() {
    let night = Night::sealed();
    let since = |more: &[&str]| {
        let (code, _, stderr) = night.evidence(&[&["pack", "catalog", "--offline"], more].concat());
        assert_eq!(code, 2, "{stderr}");
        stderr
    };
    let said = since(&["--since", "2026-11-19"]);
    assert!(
        said.contains("is of 2026-11-19 or before") && said.contains("the oldest there is of 2026-11-20"),
        "{said}"
    );
    let said = since(&["--since", "2026-11-20", "--control", "tier"]);
    assert!(
        said.contains("no pack of control tier") && said.contains("there is none of that at all"),
        "{said}"
    );
    let previous = ["--previous", "evidence/ferries-2026-11-20.zip"];
    let said = since(&[&["--since", "2026-11-19"], &previous[..]].concat());
    assert!(said.contains("is of 2026-11-20, after the period begins (2026-11-19)"), "{said}");
    let said = since(&["--since", "2026-11-21"]);
    assert!(said.contains("2026-11-21 is after 2026-11-20, the day that is judged"), "{said}");
    let said = since(&["--since", "August"]);
    assert!(said.contains("`August` is no day; write it as 2026-08-01"), "{said}");
    assert_eq!(fs::read_dir(night.path("evidence")).expect("the folder").count(), 1, "nothing was written");
}

#[test]
fn two_who_seal_at_once_wait_for_one_another_and_both_stand_in_the_chain() {
    let night = Night::sealed();
    let lock = File::options().append(true).open(night.path(&format!("{LEDGER}.lock"))).expect("it stays");
    lock.lock().expect("nobody has it");
    let mut sealers = Vec::new();
    for control in ["--control=tier", "--service=ferry-times", "--team=harbour"] {
        let mut command = std::process::Command::new(assert_cmd::cargo::cargo_bin("milepost"));
        command.args(["evidence", "pack", "catalog", "--offline", control]).stdout(Stdio::null());
        command
            .current_dir(night.ferries.0.path())
            .stderr(File::create(night.path(control)).expect("a file"));
        sealers.push((control, command.spawn().expect("it starts")));
    }
    let begun = Instant::now();
    let waits = |control: &str| {
        fs::read_to_string(night.path(control))
            .is_ok_and(|said| said.contains("waiting: another run adds to"))
    };
    while !sealers.iter().all(|(control, _)| waits(control)) {
        assert!(begun.elapsed() < Duration::from_secs(60), "they do not wait");
        std::thread::sleep(Duration::from_millis(20));
    }
    drop(lock);
    for (control, mut sealer) in sealers {
        let status = sealer.wait().expect("it ends");
        assert!(status.success(), "{}", fs::read_to_string(night.path(control)).unwrap_or_default());
    }
    let ledger = fs::read_to_string(night.path(LEDGER)).expect("the ledger");
    let runs: Vec<Value> = ledger.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(runs.len(), 1, "one night is one run");
    let packs: BTreeSet<&str> =
        runs[0]["packs"].as_object().expect("packs").keys().map(String::as_str).collect();
    let expected = [
        "ferries-2026-11-20",
        "ferries-ferry-times-2026-11-20",
        "ferries-harbour-2026-11-20",
        "ferries-tier-2026-11-20",
    ];
    assert_eq!(packs, BTreeSet::from(expected));
}
