//! Runs that are killed at any moment: the next one is whole, whatever the killed one left behind.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use milepost::collect::snapshot::{Snapshot, SourceState};
use milepost::collect::snapshot_file;

use super::Place;
use super::http_git::HttpGit;

/// How many repositories are fetched, and at how many moments a run is killed.
const REPOSITORIES: usize = 4;
const MOMENTS: u32 = 8;

/// A catalog folder whose remotes are served over HTTP.
pub(super) fn organisation() -> (Place, HttpGit) {
    let place = Place::new();
    for number in 0..REPOSITORIES {
        let name = format!("quay-{number}");
        place.bare(&name);
        let record = format!("serviceId: {name}\nownerTeam: crew\nlinks: {{runbook: docs/runbook.md}}\n");
        place.push(
            &name,
            "2026-01-05",
            &[("service.yaml", record.as_str()), ("docs/runbook.md", "# Wait\n")],
        );
        place.push(&name, "2026-02-06", &[("docs/runbook.md", "# Wait longer\n")]);
    }
    let server = HttpGit::serve(&place.at("served"));
    let remotes: Vec<String> =
        (0..REPOSITORIES).map(|number| server.url(&format!("quay-{number}.git"))).collect();
    let configuration = format!(
        "organisation: {{name: Quays}}\nsources:\n  - name: remotes\n    kind: git\n    path: ../mirrors\n    \
         loopback: true\n    remotes: [{}]\n",
        remotes.join(", ")
    );
    place.write("catalog/milepost.yaml", configuration);
    (place, server)
}

impl Place {
    pub(super) fn milepost(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_milepost"));
        command
            .args(["collect", "catalog", "--now", "2026-11-21"])
            .current_dir(self.at(""))
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        command
    }

    /// Runs to the end; what was collected.
    pub(super) fn run(&self) -> Snapshot {
        let output = self.milepost().output().expect("it runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{said}");
        let snapshot = snapshot_file::load(&self.at(".milepost/snapshot")).expect("a snapshot");
        assert!(snapshot.sources.iter().all(|source| source.state == SourceState::Ok), "{said}");
        snapshot
    }

    pub(super) fn forget(&self) {
        for folder in ["mirrors", ".milepost"] {
            let _ = std::fs::remove_dir_all(self.at(folder));
        }
    }

    /// Every mirror.
    fn mirrors(&self) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(self.at("mirrors")).expect("mirrors");
        entries.map(|entry| entry.expect("an entry").path()).collect()
    }
}

/// What happens to a mirror.
type Damage<'a> = &'a dyn Fn(&Path);

/// Files below `folder` that match.
pub(super) fn below(folder: &Path, matches: &dyn Fn(&str) -> bool) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(below(&path, matches));
        } else if matches(&path.file_name().expect("a name").to_string_lossy()) {
            found.push(path);
        }
    }
    found
}

#[test]
fn a_run_that_is_killed_at_any_moment_leaves_nothing_that_harms_the_next() {
    let (place, _server) = organisation();
    let begin = Instant::now();
    let whole = place.run();
    let length = begin.elapsed();
    assert_eq!(whole.files.len(), 2 * REPOSITORIES);
    for moment in 0..MOMENTS {
        place.forget();
        let mut child = place.milepost().spawn().expect("it starts");
        std::thread::sleep(length * moment / MOMENTS);
        child.kill().expect("it can be killed");
        child.wait().expect("it ends");
        // What git was doing goes on without us for a while; the next run waits for it.
        let next = place.run();
        assert_eq!(next.repositories, whole.repositories, "killed after {moment} of {MOMENTS} parts");
        assert_eq!(next.files, whole.files, "killed after {moment} of {MOMENTS} parts");
    }
}

#[test]
fn locks_that_a_killed_git_left_are_cleared_away() {
    let (place, _server) = organisation();
    let whole = place.run();
    place.push("quay-0", "2026-03-07", &[("docs/runbook.md", "# Wait no more\n")]);
    for mirror in place.mirrors() {
        for left in ["shallow.lock", "packed-refs.lock", "config.lock", "refs/heads/milepost.lock"] {
            std::fs::write(mirror.join(left), "").expect("a file");
        }
        std::fs::write(mirror.join("objects/pack/tmp_pack_x1"), "half a pack").expect("a file");
    }
    let next = place.run();
    assert_ne!(next.files, whole.files, "the new text was fetched");
    let left = below(&place.at("mirrors"), &|name| name.starts_with("tmp_"));
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn two_runs_at_once_do_not_harm_each_other() {
    let (place, _server) = organisation();
    let whole = place.run();
    place.forget();
    let begin = Instant::now();
    let mut both =
        [place.milepost().spawn(), place.milepost().spawn()].map(|child| child.expect("it starts"));
    for child in &mut both {
        assert_eq!(child.wait().expect("it ends").code(), Some(0));
    }
    assert!(begin.elapsed() < Duration::from_secs(60), "they waited for each other");
    assert_eq!(place.run().files, whole.files);
}

#[test]
fn a_mirror_that_is_damaged_is_fetched_anew() {
    let (place, _server) = organisation();
    let whole = place.run();
    let damages: [(&str, Damage<'_>); 4] = [
        ("no pack is whole", &|mirror| {
            for pack in below(mirror, &|name| name.ends_with(".pack")) {
                // Packs are written read-only; another file takes the place.
                let half = std::fs::read(&pack).expect("a pack");
                std::fs::remove_file(&pack).expect("it goes");
                std::fs::write(&pack, &half[..half.len() / 2]).expect("half a pack");
            }
        }),
        ("the packs are gone", &|mirror| {
            std::fs::remove_dir_all(mirror.join("objects")).expect("it goes");
        }),
        ("the branch is rubbish", &|mirror| {
            std::fs::write(mirror.join("refs/heads/milepost"), "rubbish\n").expect("a file");
        }),
        ("the folder is a file", &|mirror| {
            std::fs::remove_dir_all(mirror).expect("it goes");
            std::fs::write(mirror, "").expect("a file");
        }),
    ];
    for (what, damage) in damages {
        for mirror in place.mirrors() {
            damage(&mirror);
        }
        assert_eq!(place.run().files, whole.files, "{what}");
    }
}
