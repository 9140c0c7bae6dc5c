//! Runs of the program that are killed at any moment: the next one is whole, and asks only for what is missing.

use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use milepost::collect::snapshot::{Snapshot, SourceState};
use milepost::collect::snapshot_file;

use super::super::Place;
use super::hub::Hub;
use super::{service, world};

/// At how many moments a run is killed.
const MOMENTS: u32 = 8;

/// A folder whose catalog asks `hub`.
pub(super) fn organisation(hub: &Hub) -> Place {
    let place = Place::new();
    let configuration = format!(
        "sources:\n  - name: hub\n    kind: github\n    organisations: [example]\n    loopback: true\n    api: {}\n",
        hub.api()
    );
    place.write("catalog/milepost.yaml", configuration);
    place
}

pub(super) fn milepost(place: &Place) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_milepost"));
    command
        .args(["collect", "catalog", "--now", "2026-11-21"])
        .current_dir(place.at(""))
        .env("MILEPOST_GITHUB_TOKEN", "s3cret")
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    command
}

/// Runs to the end; what was collected.
pub(super) fn run(place: &Place) -> Snapshot {
    let output = milepost(place).output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(!said.contains("s3cret"), "{said}");
    let snapshot = snapshot_file::load(&place.at(".milepost/snapshot")).expect("a snapshot");
    assert!(snapshot.sources.iter().all(|source| source.state == SourceState::Ok), "{said}");
    snapshot
}

/// Services with a runbook each, on two pages of a listing.
pub(super) fn a_hundred_and_fifty() -> Hub {
    let one = |number| {
        let mut one = service(number, &format!("s{number}"));
        let record = format!("serviceId: s{number}\nownerTeam: crew\nlinks: {{runbook: docs/runbook.md}}\n");
        one.commit("2026-02-01", &[("service.yaml", &record)]);
        one
    };
    Hub::serve(world((0..150).map(one).collect()))
}

#[test]
fn a_run_that_is_killed_at_any_moment_leaves_nothing_that_harms_the_next() {
    let hub = a_hundred_and_fifty();
    let place = organisation(&hub);
    let begin = Instant::now();
    let whole = run(&place);
    let length = begin.elapsed();
    let cold = hub.spent().0;
    assert_eq!(whole.files.len(), 300);
    for moment in 0..MOMENTS {
        fs::remove_dir_all(place.at(".milepost")).expect("removed");
        let mut child = milepost(&place).spawn().expect("it starts");
        std::thread::sleep(length * moment / MOMENTS);
        child.kill().expect("it can be killed");
        child.wait().expect("it ends");
        std::thread::sleep(Duration::from_millis(10));
        hub.spent();
        let next = run(&place);
        assert_eq!(next.repositories, whole.repositories, "killed after {moment} of {MOMENTS} parts");
        assert_eq!(next.files, whole.files, "killed after {moment} of {MOMENTS} parts");
        let asked = hub.spent().0;
        assert!(asked <= cold + 1, "{asked} requests after a kill, {cold} without");
    }
}

#[test]
fn what_is_kept_may_be_damaged() {
    let hub = Hub::serve(world((0..5).map(|number| service(number, &format!("s{number}"))).collect()));
    let place = organisation(&hub);
    let whole = run(&place);
    let mut waiting = vec![place.at(".milepost/github")];
    let mut damaged = 0;
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting
                .extend(fs::read_dir(path).expect("a folder").map(|entry| entry.expect("an entry").path()));
            continue;
        }
        let mut bytes = fs::read(&path).expect("a file");
        match damaged % 3 {
            0 => bytes.truncate(bytes.len() / 2),
            1 => bytes.clear(),
            _ => bytes.iter_mut().for_each(|byte| *byte = !*byte),
        }
        fs::write(&path, bytes).expect("written");
        damaged += 1;
    }
    assert_eq!(damaged, 7, "a listing, first changes and five repositories");
    let next = run(&place);
    assert_eq!((next.repositories, next.files), (whole.repositories, whole.files));
}
