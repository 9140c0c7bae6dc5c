//! Evidence packs from the command line: sealed, verified, tampered with, judged again, sampled and replayed.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read};
use std::path::PathBuf;

use milepost::evidence::archive::Spool;
use serde_json::Value;
use sha2::{Digest, Sha256};
use zip::ZipArchive;

use super::ferries::Ferries;

pub(super) const NAME: &str = "ferries-2026-11-20";

/// A night of the ferries that was sealed.
pub(super) struct Night {
    pub(super) ferries: Ferries,
}

impl Night {
    pub(super) fn sealed() -> Self {
        let night = Self { ferries: Ferries::new() };
        let (code, _, stderr) = night.run(&["collect", "catalog", "--now", "2026-11-20T03:00:00Z"]);
        assert_eq!(code, 0, "{stderr}");
        let (code, _, stderr) = night.evidence(&["pack", "catalog", "--offline"]);
        assert_eq!(code, 0, "{stderr}");
        assert!(stderr.contains("the pack is not signed"), "{stderr}");
        night
    }

    pub(super) fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        self.ferries.run(arguments)
    }

    pub(super) fn evidence(&self, arguments: &[&str]) -> (i32, String, String) {
        self.run(&[&["evidence"], arguments].concat())
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.ferries.0.path().join(name)
    }

    pub(super) fn pack(&self) -> Vec<u8> {
        fs::read(self.path(&format!("evidence/{NAME}.zip"))).expect("it was sealed")
    }

    /// What `verify` says of these bytes, with more arguments.
    pub(super) fn verify(&self, bytes: &[u8], more: &[&str]) -> (i32, String) {
        fs::write(self.path("given.zip"), bytes).expect("a file");
        let (code, stdout, stderr) = self.evidence(&[&["verify", "given.zip"], more].concat());
        (code, format!("{stdout}{stderr}"))
    }
}

/// The files of a pack, without the folder they lie in.
pub(super) fn files(pack: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(pack)).expect("an archive");
    let mut files = BTreeMap::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).expect("a file");
        let name = entry.name().expect("a name").into_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).expect("its bytes");
        let (_, path) = name.split_once('/').expect("it lies in the folder of the pack");
        files.insert(path.to_owned(), bytes);
    }
    files
}

/// An archive of these files, in the very way in which packs are written.
pub(super) fn archive(files: &BTreeMap<String, Vec<u8>>, base: &str) -> Vec<u8> {
    let mut spool = Spool::new().expect("a file without a name");
    for (path, bytes) in files {
        spool.add(path, |out| out.write_all(bytes)).expect("a file");
    }
    let mut archive = Cursor::new(Vec::new());
    spool.finish(base, &mut archive).expect("an archive");
    archive.into_inner()
}

/// Writes the manifests anew, as somebody would who covers their tracks.
pub(super) fn cover(files: &mut BTreeMap<String, Vec<u8>>) {
    let digest =
        |bytes: &[u8]| Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let manifest = |files: &BTreeMap<String, Vec<u8>>, payload: bool| -> Vec<u8> {
        let listed = files.iter().filter(|(path, _)| {
            path.starts_with("data/") == payload
                && !path.starts_with("tagmanifest")
                && (payload || *path != "x")
        });
        listed.map(|(path, bytes)| format!("{}  {path}\n", digest(bytes))).collect::<String>().into_bytes()
    };
    let payload: Vec<usize> =
        files.iter().filter(|(path, _)| path.starts_with("data/")).map(|(_, bytes)| bytes.len()).collect();
    let info = String::from_utf8(files["bag-info.txt"].clone()).expect("text");
    let oxum = format!("Payload-Oxum: {}.{}", payload.iter().sum::<usize>(), payload.len());
    let lines: Vec<&str> = info
        .lines()
        .map(|line| if line.starts_with("Payload-Oxum") { oxum.as_str() } else { line })
        .collect();
    let info = format!("{}\n", lines.join("\n"));
    files.insert("bag-info.txt".into(), info.into_bytes());
    let listed = manifest(files, true);
    files.insert("manifest-sha256.txt".into(), listed);
    let listed = manifest(files, false);
    files.insert("tagmanifest-sha256.txt".into(), listed);
}

pub(super) fn text(files: &BTreeMap<String, Vec<u8>>, path: &str) -> String {
    String::from_utf8(files[path].clone()).expect("text")
}

#[test]
fn a_sealed_night_verifies_and_comes_out_the_same_from_its_inputs() {
    let night = Night::sealed();
    let (code, said) = night.verify(&night.pack(), &["--recompute"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("every byte is as it was sealed"), "{said}");
    assert!(said.contains("files came out the same from the inputs"), "{said}");
    assert!(said.contains("verified, but for what is open above"), "{said}");
}

#[test]
fn the_same_night_sealed_elsewhere_and_again_is_the_same_pack() {
    let night = Night::sealed();
    let first = night.pack();
    let ledger = fs::read(night.path(".milepost/evidence-ledger.jsonl")).expect("the ledger");
    night.evidence(&["pack", "catalog", "--offline"]);
    assert!(night.pack() == first, "sealing it again changes nothing");
    assert!(fs::read(night.path(".milepost/evidence-ledger.jsonl")).expect("the ledger") == ledger);
    let (code, _, stderr) =
        night.evidence(&["pack", "catalog", "--offline", "--out", "elsewhere", "--ledger", "another.jsonl"]);
    assert_eq!(code, 0, "{stderr}");
    let elsewhere = fs::read(night.path(&format!("elsewhere/{NAME}.zip"))).expect("it was sealed");
    assert!(elsewhere == first, "where it is written does not count");
}

#[test]
fn one_bit_flipped_anywhere_is_refused() {
    let night = Night::sealed();
    let pack = night.pack();
    // Every part of the archive is hit: a step that shares no factor with the length visits all of it.
    let tries: usize = 120;
    for turn in 0..tries {
        let at = (turn * pack.len()) / tries + turn % 7;
        let mut flipped = pack.clone();
        flipped[at.min(pack.len() - 1)] ^= 1 << (turn % 8);
        let (code, said) = night.verify(&flipped, &[]);
        assert_eq!(code, 3, "bit {} of byte {at} of {}: {said}", turn % 8, pack.len());
        assert!(said.contains("REFUSED"), "{said}");
    }
    let (code, said) = night.verify(&pack[..pack.len() - 1], &[]);
    assert_eq!(code, 3, "{said}");
    let (code, said) = night.verify(&[&pack[..], b"x"].concat(), &[]);
    assert_eq!(code, 3, "{said}");
}

#[test]
fn files_added_removed_renamed_or_changed_are_refused_with_the_reason() {
    let night = Night::sealed();
    let whole = files(&night.pack());
    assert!(archive(&whole, NAME) == night.pack(), "this is how packs are written");
    type Attack = fn(&mut BTreeMap<String, Vec<u8>>);
    let attacks: [(&str, Attack, &str); 7] = [
        (
            "a file added",
            |files| drop(files.insert("data/more.txt".into(), b"x".to_vec())),
            "`data/more.txt` was added",
        ),
        (
            "a tag file added",
            |files| drop(files.insert("more.txt".into(), b"x".to_vec())),
            "`more.txt` was added",
        ),
        (
            "a file removed",
            |files| drop(files.remove("data/exclusions.csv")),
            "`data/exclusions.csv` stands in",
        ),
        (
            "a file renamed",
            |files| {
                let bytes = files.remove("data/scope.json").expect("it is there");
                files.insert("data/scope2.json".into(), bytes);
            },
            "`data/scope.json` stands in",
        ),
        (
            "a file changed",
            |files| files.get_mut("data/results/results.csv").expect("it is there").push(b'x'),
            "`data/results/results.csv` was changed",
        ),
        (
            "a manifest changed",
            |files| files.get_mut("manifest-sha256.txt").expect("it is there").extend(b"x\n"),
            "`manifest-sha256.txt` was changed",
        ),
        (
            "a way out",
            |files| drop(files.insert("data/../../x".into(), b"x".to_vec())),
            "is a name that no pack has",
        ),
    ];
    for (what, attack, why) in attacks {
        let mut changed = whole.clone();
        attack(&mut changed);
        let (code, said) = night.verify(&archive(&changed, NAME), &[]);
        assert_eq!(code, 3, "{what}: {said}");
        assert!(said.contains(why), "{what}: {said}");
    }
    let (code, said) = night.verify(&archive(&whole, "another-2026-11-20"), &[]);
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("the folder is called `another-2026-11-20`"), "{said}");
}

#[test]
fn one_rule_changed_by_hand_no_longer_leads_to_the_results() {
    let night = Night::sealed();
    let mut changed = files(&night.pack());
    let path = "data/inputs/catalog/scorecards/ready.yaml";
    let rule = text(&changed, path).replace("tier-1", "tier-2");
    changed.insert(path.into(), rule.into_bytes());
    cover(&mut changed);
    let bytes = archive(&changed, NAME);
    let (code, said) = night.verify(&bytes, &[]);
    assert_eq!(code, 0, "without a signature nobody can tell: {said}");
    let (code, said) = night.verify(&bytes, &["--recompute"]);
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("`data/results/results.csv` comes out different"), "{said}");
}

#[test]
fn a_result_changed_by_hand_does_not_come_out_of_the_inputs() {
    let night = Night::sealed();
    let mut changed = files(&night.pack());
    for path in ["data/results/results.csv", "data/results/results.json"] {
        let better = text(&changed, path).replace("waived", "pass");
        changed.insert(path.into(), better.into_bytes());
    }
    cover(&mut changed);
    let (code, said) = night.verify(&archive(&changed, NAME), &["--recompute"]);
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("`data/results/results.json` comes out different"), "{said}");
}

#[test]
fn withheld_inputs_are_said_to_be_withheld() {
    let night = Night::sealed();
    let (code, _, stderr) = night.evidence(&["pack", "catalog", "--offline", "--without-inputs"]);
    assert_eq!(code, 0, "{stderr}");
    let held = files(&night.pack());
    assert!(!held.keys().any(|path| path.ends_with(".yaml")), "{:?}", held.keys());
    assert!(held.contains_key("data/inputs/index.csv"));
    let (code, said) = night.verify(&night.pack(), &["--recompute"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("not recomputable: the inputs are withheld"), "{said}");
}

#[test]
fn a_missing_night_and_an_older_pack_are_refused() {
    let night = Night::sealed();
    let old = night.pack();
    for day in ["2026-11-21", "2026-11-22"] {
        night.run(&["collect", "catalog", "--now", &format!("{day}T03:00:00Z")]);
        let (code, _, stderr) = night.evidence(&["pack", "catalog", "--offline"]);
        assert_eq!(code, 0, "{stderr}");
    }
    let newest = fs::read(night.path("evidence/ferries-2026-11-22.zip")).expect("it was sealed");
    let ledger = ["--ledger", ".milepost/evidence-ledger.jsonl"];
    let (code, said) = night.verify(&newest, &ledger);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("the ledger knows it as that of the newest run, 3"), "{said}");
    let (code, said) = night.verify(&old, &ledger);
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("it is of run 1, and the newest run is 3"), "{said}");
    let (code, said) = night.verify(&old, &["--after", "1"]);
    assert_eq!(code, 3, "{said}");
    let (code, said) = night.verify(&old, &["--max-age", "2d", "--now", "2026-11-23"]);
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("which is older than 2d"), "{said}");

    let text = fs::read_to_string(night.path(".milepost/evidence-ledger.jsonl")).expect("the ledger");
    let lines: Vec<&str> = text.lines().collect();
    fs::write(night.path("gap.jsonl"), format!("{}\n{}\n", lines[0], lines[2])).expect("a file");
    let (code, said) = night.verify(&newest, &["--ledger", "gap.jsonl"]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("has number 3 where run 2 is missing"), "{said}");
    let (code, _, stderr) = night.evidence(&["pack", "catalog", "--offline", "--ledger", "gap.jsonl"]);
    assert_eq!(code, 5, "{stderr}");
    assert!(stderr.contains("nothing is added to a chain that is broken"), "{stderr}");
}

#[test]
fn the_same_seed_draws_the_same_rows_and_says_what_of() {
    let night = Night::sealed();
    let pack = format!("evidence/{NAME}.zip");
    let draw = |seed: &str, format: &str| {
        let (code, stdout, stderr) = night.evidence(&[
            "sample",
            &pack,
            "--population",
            "repositories",
            "--n",
            "1",
            "--seed",
            seed,
            "--format",
            format,
        ]);
        assert_eq!(code, 0, "{stderr}");
        stdout
    };
    assert_eq!(draw("audit-7", "csv"), draw("audit-7", "csv"));
    let record: Value = serde_json::from_str(&draw("audit-7", "json")).expect("JSON");
    assert_eq!(
        (&record["seed"], &record["n"], &record["pack"]),
        (&"audit-7".into(), &1.into(), &NAME.into())
    );
    let (code, _, stderr) =
        night.evidence(&["sample", &pack, "--population", "service", "--n", "1", "--seed", "s"]);
    assert_eq!(code, 2);
    assert!(stderr.contains("no population is called `service`"), "{stderr}");
}

#[test]
fn a_pack_replays_the_portal_of_its_night() {
    let night = Night::sealed();
    let (code, _, stderr) = night.evidence(&["replay", &format!("evidence/{NAME}.zip"), "--out", "replayed"]);
    assert_eq!(code, 0, "{stderr}");
    night.run(&["build", "catalog", "--offline", "--now", "2026-11-20T03:00:00Z", "--out", "built"]);
    let page = |site: &str| {
        fs::read_to_string(night.path(site).join("services/ferry-times/index.html")).expect("a page")
    };
    assert_eq!(page("replayed"), page("built"));
}

#[test]
fn a_pack_of_a_part_says_what_it_leaves_out() {
    let night = Night::sealed();
    let (code, _, stderr) = night.evidence(&["pack", "catalog", "--offline", "--control", "tier"]);
    assert_eq!(code, 0, "{stderr}");
    let part = fs::read(night.path("evidence/ferries-tier-2026-11-20.zip")).expect("it was sealed");
    let mut archive = ZipArchive::new(Cursor::new(&part[..])).expect("an archive");
    let mut text = String::new();
    let path = "ferries-tier-2026-11-20/data/exclusions.csv";
    archive.by_name(path).expect("it is there").read_to_string(&mut text).expect("text");
    assert!(text.contains("not-covered,1 exceptions,this pack covers control tier"), "{text}");
    let (code, said) = night.verify(&part, &["--recompute"]);
    assert_eq!(code, 0, "{said}");
    let (code, _, stderr) = night.evidence(&["pack", "catalog", "--offline", "--control", "tiers"]);
    assert_eq!(code, 2);
    assert!(stderr.contains("no control is called `tiers`; did you mean `tier`?"), "{stderr}");
}

#[test]
fn what_moved_since_an_earlier_pack_is_listed_and_comes_out_the_same() {
    let night = Night::sealed();
    night.ferries.replace("repositories/ferry-times/service.yaml", "ownerTeam: harbour", "ownerTeam: pier");
    night
        .ferries
        .write("repositories/ferry-times/tickets/service.yaml", "serviceId: tickets\nownerTeam: harbour\n");
    night.ferries.replace(
        "catalog/exceptions/EX-2026-0001.yaml",
        "expiresAt: 2026-11-21",
        "expiresAt: 2026-12-21",
    );
    night.run(&["collect", "catalog", "--now", "2026-11-22T03:00:00Z"]);
    let previous = format!("evidence/{NAME}.zip");
    let (code, _, stderr) = night.evidence(&["pack", "catalog", "--offline", "--previous", &previous]);
    assert_eq!(code, 0, "{stderr}");
    let pack = fs::read(night.path("evidence/ferries-2026-11-22.zip")).expect("it was sealed");
    let mut archive = ZipArchive::new(Cursor::new(&pack[..])).expect("an archive");
    let mut text = String::new();
    let path = "ferries-2026-11-22/data/changes.csv";
    archive.by_name(path).expect("it is there").read_to_string(&mut text).expect("text");
    for line in [
        "owner-changed,ferry-times,harbour,",
        "service-added,tickets,,",
        "exception-extended,EX-2026-0001,2026-11-21,2026-12-21",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} in {text}");
    }
    let (code, said) = night.verify(&pack, &["--recompute"]);
    assert_eq!(code, 0, "{said}");
    let part = ["pack", "catalog", "--offline", "--service", "ferry-times", "--previous", &previous];
    let (code, _, stderr) = night.evidence(&part);
    assert_eq!(code, 2, "of what a pack does not cover nothing was removed: {stderr}");
    assert!(stderr.contains("it covers everything, and this one service ferry-times"), "{stderr}");
}
