//! Evidence in the portal: populations with the very rows of a pack, packs that are offered as they are, and those
//! that are not.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read};

use milepost::evidence::archive::Spool;
use serde_json::Value;
use sha2::{Digest, Sha256};
use zip::ZipArchive;

use super::ferries::Ferries;

const NIGHT: &str = "2026-11-20T03:00:00Z";
const NAME: &str = "ferries-2026-11-20";
const LEDGER: &str = ".milepost/evidence-ledger.jsonl";

/// A night that was sealed into the usual folder.
fn sealed() -> Ferries {
    let ferries = Ferries::new();
    for arguments in
        [&["collect", "catalog", "--now", NIGHT][..], &["evidence", "pack", "catalog", "--offline"]]
    {
        let (code, _, stderr) = ferries.run(arguments);
        assert_eq!(code, 0, "{stderr}");
    }
    ferries
}

/// Builds that night; gives the exit code and what was said.
fn built(ferries: &Ferries, more: &[&str]) -> (i32, String) {
    let (code, _, stderr) =
        ferries.run(&[&["build", "catalog", "--offline", "--now", NIGHT][..], more].concat());
    (code, stderr)
}

fn bytes(ferries: &Ferries, path: &str) -> Vec<u8> {
    fs::read(ferries.0.path().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn text(ferries: &Ferries, path: &str) -> String {
    String::from_utf8(bytes(ferries, path)).expect("text")
}

fn index(ferries: &Ferries) -> Value {
    serde_json::from_slice(&bytes(ferries, "site/api/v1/evidence/index.json")).expect("JSON")
}

/// The files of a pack, without the folder they lie in.
fn files(pack: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(pack)).expect("an archive");
    let mut files = BTreeMap::new();
    for position in 0..archive.len() {
        let mut entry = archive.by_index(position).expect("a file");
        let name = entry.name().expect("a name").into_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).expect("its bytes");
        files.insert(name.trim_start_matches(&format!("{NAME}/")).to_owned(), bytes);
    }
    files
}

/// An archive of these files, in the very way in which packs are written.
fn archive(files: &BTreeMap<String, Vec<u8>>) -> Vec<u8> {
    let mut spool = Spool::new().expect("a file without a name");
    for (path, bytes) in files {
        spool.add(path, |out| out.write_all(bytes)).expect("a file");
    }
    let mut archive = Cursor::new(Vec::new());
    spool.finish(NAME, &mut archive).expect("an archive");
    archive.into_inner()
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn populations_of_the_portal_are_byte_for_byte_those_of_a_pack_of_that_night() {
    let ferries = sealed();
    let (code, said) = built(&ferries, &[]);
    assert_eq!(code, 0, "{said}");
    let pack = files(&bytes(&ferries, &format!("evidence/{NAME}.zip")));
    let populations = index(&ferries)["populations"].as_array().expect("a list").clone();
    assert_eq!(populations.len(), 6);
    for population in populations {
        let name = population["name"].as_str().expect("a name");
        for ending in ["csv", "json"] {
            let offered = bytes(&ferries, &format!("site/evidence/population/{name}.{ending}"));
            assert!(offered == pack[&format!("data/population/{name}.{ending}")], "{name}.{ending}");
            let link = population[ending].as_str().expect("a file");
            assert_eq!(link, format!("../../../evidence/population/{name}.{ending}"));
        }
        let rows: Vec<Value> =
            serde_json::from_slice(&bytes(&ferries, &format!("site/evidence/population/{name}.json")))
                .expect("JSON");
        assert_eq!(population["rows"], rows.len(), "{name}");
    }
}

#[test]
fn a_pack_that_is_whole_is_offered_as_it_is() {
    let ferries = sealed();
    let (code, said) = built(&ferries, &[]);
    assert_eq!(code, 0, "{said}");
    let pack = bytes(&ferries, &format!("evidence/{NAME}.zip"));
    assert!(bytes(&ferries, &format!("site/evidence/packs/{NAME}.zip")) == pack);
    let tag_manifest = sha256(&files(&pack)["tagmanifest-sha256.txt"]);
    let index = index(&ferries);
    let offered = &index["packs"].as_array().expect("a list")[..];
    assert_eq!(offered.len(), 1);
    for (key, value) in [
        ("name", Value::from(NAME)),
        ("at", NIGHT.into()),
        ("run", 1.into()),
        ("covers", "everything".into()),
        ("signed", false.into()),
        ("hasInputs", true.into()),
        ("inLedger", true.into()),
        ("bytes", pack.len().into()),
        ("sha256", sha256(&pack).into()),
        ("tagManifest", tag_manifest.clone().into()),
        ("file", format!("../../../evidence/packs/{NAME}.zip").into()),
    ] {
        assert_eq!(offered[0][key], value, "{key}");
    }
    let page = text(&ferries, "site/evidence/index.html");
    for said in [&*tag_manifest, &format!("packs/{NAME}.zip\""), "Not signed", "In the ledger"] {
        assert!(page.contains(said), "{said}");
    }
    let manifest = text(&ferries, "site/milepost-site.json");
    let line = manifest.lines().find(|line| line.contains("/packs/")).expect("it is listed");
    assert!(line.contains(&sha256(&pack)) && line.contains("application/zip"), "{line}");
}

#[test]
fn a_pack_that_is_broken_or_not_that_of_the_ledger_is_told_and_stays_out() {
    let ferries = sealed();
    let path = |name: &str| ferries.0.path().join("evidence").join(name);
    let pack = bytes(&ferries, &format!("evidence/{NAME}.zip"));
    let mut changed = files(&pack);
    changed.get_mut("data/results/results.csv").expect("it is there").push(b'x');
    fs::write(path("a-broken.zip"), archive(&changed)).expect("a file");
    fs::write(path("b-no-zip.zip"), "no archive").expect("a file");
    fs::write(path("z-the-same.zip"), &pack).expect("a file");
    fs::write(path("beside.txt"), "no pack").expect("a file");
    let (code, said) = built(&ferries, &[]);
    assert_eq!(code, 3, "{said}");
    for told in [
        "a-broken.zip` is not offered: `data/results/results.csv` was changed",
        "b-no-zip.zip` is not offered: it is no readable zip archive",
        &format!("z-the-same.zip` is not offered: another file is the pack `{NAME}`, too"),
    ] {
        assert!(said.contains(told), "{told}: {said}");
    }
    let offered = fs::read_dir(ferries.0.path().join("site/evidence/packs")).expect("a folder").count();
    assert_eq!(offered, 1);

    for name in ["a-broken.zip", "b-no-zip.zip", "z-the-same.zip"] {
        fs::remove_file(path(name)).expect("it is there");
    }
    let tag_manifest = sha256(&files(&pack)["tagmanifest-sha256.txt"]);
    ferries.replace(LEDGER, &tag_manifest, &sha256(b"another"));
    let (code, said) = built(&ferries, &[]);
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("sealed another pack of this name"), "{said}");
    assert!(!ferries.0.path().join("site/evidence/packs").exists());

    ferries.write(LEDGER, "no ledger\n");
    let (code, said) = built(&ferries, &[]);
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("no pack is compared with"), "{said}");
    assert_eq!(index(&ferries)["packs"][0]["inLedger"], Value::Null);
}

#[test]
fn without_packs_the_page_says_how_to_make_one_and_a_folder_that_is_named_must_be_there() {
    let ferries = Ferries::new();
    ferries.run(&["collect", "catalog", "--now", NIGHT]);
    let (code, said) = built(&ferries, &["--evidence", "nowhere"]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("`nowhere` cannot be read"), "{said}");
    let (code, said) = built(&ferries, &[]);
    assert_eq!(code, 0, "{said}");
    assert_eq!(index(&ferries)["packs"], Value::Array(Vec::new()));
    let page = text(&ferries, "site/evidence/index.html");
    assert!(page.contains("<code>milepost evidence pack --offline</code>"), "{page}");
    fs::create_dir(ferries.0.path().join("evidence")).expect("a folder");
    let before = text(&ferries, "site/milepost-site.json");
    built(&ferries, &[]);
    assert_eq!(text(&ferries, "site/milepost-site.json"), before, "an empty folder changes nothing");
}
