//! Evidence packs that somebody made up: each attack covers its tracks in the manifests, and is refused all the same.

use std::collections::BTreeMap;
use std::fs;

use sha2::{Digest, Sha256};

use super::evidence::{NAME, Night, archive, cover, files, text};

type Files = BTreeMap<String, Vec<u8>>;

/// The name of a pack of a later night.
const LATER: &str = "ferries-2026-11-22";

fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Puts `after` where the file at `path` has `before`.
fn replace(files: &mut Files, path: &str, before: &str, after: &str) {
    let changed = text(files, path);
    assert!(changed.contains(before), "`{before}` stands in `{path}`: {changed}");
    files.insert(path.to_owned(), changed.replace(before, after).into_bytes());
}

/// Collects on that day, and seals with `more`.
fn seal(night: &Night, day: &str, more: &[&str]) -> (i32, String) {
    night.run(&["collect", "catalog", "--now", &format!("{day}T03:00:00Z")]);
    let (code, _, stderr) = night.evidence(&[&["pack", "catalog", "--offline"], more].concat());
    (code, stderr)
}

/// What is kept of an earlier pack, with its place there.
const KEPT: [(&str, &str); 5] = [
    ("tagmanifest-sha256.txt", "tagmanifest-sha256.txt"),
    ("manifest-sha256.txt", "manifest-sha256.txt"),
    ("data/pack.json", "pack.json"),
    ("data/population/services.json", "services.json"),
    ("data/population/exceptions.json", "exceptions.json"),
];

#[test]
fn an_earlier_pack_that_is_forged_is_refused_when_sealing_and_when_verifying() {
    let night = Night::sealed();
    let honest = files(&night.pack());
    let mut forged = honest.clone();
    replace(&mut forged, "data/population/services.json", "harbour", "pier");
    cover(&mut forged);
    fs::write(night.path("forged.zip"), archive(&forged, NAME)).expect("a file");
    let (code, said) = seal(&night, "2026-11-22", &["--previous", "forged.zip"]);
    assert_eq!(code, 2, "{said}");
    let why =
        "none of the 1 runs before sealed the earlier pack, `ferries-2026-11-20` of 2026-11-20T03:00:00Z";
    assert!(said.contains(why) && said.contains("compare with a pack that this chain knows"), "{said}");

    let (code, said) = seal(&night, "2026-11-22", &["--previous", &format!("evidence/{NAME}.zip")]);
    assert_eq!(code, 0, "{said}");
    let later = fs::read(night.path(&format!("evidence/{LATER}.zip"))).expect("it was sealed");
    let ledger = ["--ledger", ".milepost/evidence-ledger.jsonl", "--recompute"];
    let (code, said) = night.verify(&later, &ledger);
    assert_eq!(code, 0, "{said}");
    assert!(
        said.contains("the earlier pack is of run 1, and its lists are those it was sealed with"),
        "{said}"
    );

    let later = files(&later);
    for (_, here) in &KEPT[1..] {
        let mut changed = later.clone();
        changed.get_mut(&format!("data/inputs/previous/{here}")).expect("it is kept").push(b'\n');
        cover(&mut changed);
        let (code, said) = night.verify(&archive(&changed, LATER), &[]);
        assert_eq!(code, 3, "{here}: {said}");
    }
    let mut changed = later;
    for (there, here) in KEPT {
        changed.insert(format!("data/inputs/previous/{here}"), forged[there].clone());
    }
    let [was, is] = [&honest, &forged].map(|files| digest(&files["tagmanifest-sha256.txt"]));
    replace(&mut changed, "data/pack.json", &was, &is);
    cover(&mut changed);
    let (code, said) = night.verify(&archive(&changed, LATER), &[]);
    assert_eq!(code, 3, "{said}");
    assert!(said.contains(why), "{said}");
}

#[test]
fn an_earlier_pack_that_is_later_is_refused() {
    let night = Night::sealed();
    let (code, said) = seal(&night, "2026-11-22", &[]);
    assert_eq!(code, 0, "{said}");
    let later = format!("evidence/{LATER}.zip");
    let (code, said) = seal(&night, "2026-11-21", &["--ledger", "another.jsonl", "--previous", &later]);
    assert_eq!(code, 2, "{said}");
    assert!(
        said.contains("is of 2026-11-22T03:00:00Z, and what is judged is of 2026-11-21T03:00:00Z"),
        "{said}"
    );
}
