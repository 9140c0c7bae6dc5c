//! Builds that are told to end: the portal is the old one whole or the new one whole.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use rustix::process::Signal;

use super::collect::interrupted::{ended, tell};

/// How many services there are, and at how many moments a build is told to end.
const SERVICES: usize = 150;
const MOMENTS: u32 = 8;

struct Harbour(tempfile::TempDir);

impl Harbour {
    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().expect("it has one")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }

    /// Every service belongs to this team.
    fn belong_to(&self, team: &str) {
        for number in 0..SERVICES {
            let record = format!("serviceId: berth-{number}\nownerTeam: {team}\n");
            self.write(&format!("repositories/berth-{number}/service.yaml"), &record);
        }
    }

    fn build(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_milepost"));
        command
            .args(["build", "catalog", "--now", "2026-11-21"])
            .current_dir(self.0.path())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        command
    }

    fn built(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let output = self.build().output().expect("it runs");
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        files(&self.path("site"))
    }
}

/// Every file below `folder` with what it holds.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let (mut found, mut waiting) = (BTreeMap::new(), vec![folder.to_owned()]);
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            match path.is_dir() {
                true => waiting.push(path),
                false => _ = found.insert(path.clone(), std::fs::read(&path).expect("a file")),
            }
        }
    }
    found
}

#[test]
fn a_portal_is_the_old_one_or_the_new_one() {
    let harbour = Harbour(tempfile::tempdir().expect("a folder"));
    harbour.write(
        "catalog/milepost.yaml",
        "organisation: {name: Harbour}\nsources: [{name: here, kind: folder, path: ../repositories, repositories: children}]\n",
    );
    for team in ["north", "south"] {
        harbour
            .write(&format!("catalog/teams/{team}.yaml"), &format!("teamId: {team}\nmembers: [\"@wren\"]\n"));
    }
    harbour.belong_to("north");
    let old = harbour.built();
    harbour.belong_to("south");
    let begin = Instant::now();
    let new = harbour.built();
    let length = begin.elapsed();
    assert_ne!(old, new);
    let mut ended_early = 0;
    for moment in 0..MOMENTS {
        harbour.belong_to("north");
        assert_eq!(harbour.built(), old);
        harbour.belong_to("south");
        let signal = [Signal::INT, Signal::TERM][moment as usize % 2];
        let child = harbour.build().spawn().expect("it starts");
        std::thread::sleep(length * moment / MOMENTS);
        tell(&child, signal);
        let early = ended(child, signal).is_some();
        ended_early += usize::from(early);
        let now = files(&harbour.path("site"));
        let expected = [&old, &new];
        assert!(expected.contains(&&now), "told to end after {moment} of {MOMENTS} parts");
        assert!(!early || now == old, "a run that did not finish changed something");
        assert!(!harbour.path(".site.milepost").exists(), "after {moment} of {MOMENTS} parts");
        assert_eq!(harbour.built(), new);
    }
    assert!(ended_early > 0, "no run was told to end in time");
}
