//! Evidence packs that somebody made up: each attack covers its tracks in the manifests, and is refused all the same.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Write as _};
use std::process::Command;

use serde_json::Value;
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions as Options;
use zip::{CompressionMethod, ZipWriter};

use super::evidence::{NAME, Night, archive, cover, files, text};

type Files = BTreeMap<String, Vec<u8>>;

/// The signature of a pack.
const SIGNATURE: &str = "tagmanifest-sha256.txt.sig";

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

#[test]
fn a_night_that_is_judged_before_it_was_collected_is_refused_when_sealing_and_when_verifying() {
    let night = Night::sealed();
    let sealing = ["--now", "2026-11-10", "--ledger", "another.jsonl"];
    let (code, said) = seal(&night, "2026-11-22", &sealing);
    assert_eq!(code, 2, "{said}");
    let why = "was collected at 2026-11-22T03:00:00Z, after 2026-11-10T00:00:00Z, the moment to judge: leave --now out";
    assert!(said.contains(why), "{said}");

    let mut changed = files(&night.pack());
    replace(&mut changed, "data/pack.json", "2026-11-20T03:00:00Z", "2026-11-10T03:00:00Z");
    cover(&mut changed);
    let (code, said) = night.verify(&archive(&changed, NAME), &[]);
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("what it judges was collected later, at 2026-11-20T03:00:00Z"), "{said}");
}

#[test]
fn one_collection_judged_for_many_nights_is_one_night_and_said_to_be_old() {
    let night = Night::sealed();
    for day in ["2026-11-21", "2026-11-24"] {
        let now = format!("{day}T03:00:00Z");
        let more = if day == "2026-11-24" { &["--since", "2026-11-20"][..] } else { &[] };
        let (code, _, said) =
            night.evidence(&[&["pack", "catalog", "--offline", "--now", &now], more].concat());
        assert_eq!(code, 0, "{said}");
    }
    let name = "ferries-since-2026-11-20-2026-11-24";
    let pack = fs::read(night.path(&format!("evidence/{name}.zip"))).expect("it was sealed");
    let whole = files(&pack);
    assert!(text(&whole, "data/README.txt").contains("5 days, 4 of them without a run of their own"));
    let period = text(&whole, "data/period.csv");
    assert_eq!(period.matches("same snapshot as run 1").count(), 2, "{period}");
    assert!(period.contains("day,run,at,collectedAt,snapshot,note,packs"), "{period}");
    let (code, said) = night.verify(&pack, &["--recompute"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("at 2026-11-20T03:00:00Z, and judged 4d later, at 2026-11-24T03:00:00Z"), "{said}");
}

#[test]
fn what_stands_around_the_payload_is_compared_when_it_is_judged_again() {
    let night = Night::sealed();
    for (before, after) in [("Ferries", "Someone Else"), ("2026-11-20", "2026-11-19")] {
        let mut changed = files(&night.pack());
        let lines: Vec<String> =
            text(&changed, "bag-info.txt")
                .lines()
                .map(|line| {
                    if line.starts_with("External-Id") {
                        line.to_owned()
                    } else {
                        line.replace(before, after)
                    }
                })
                .collect();
        changed.insert("bag-info.txt".into(), format!("{}\n", lines.join("\n")).into_bytes());
        cover(&mut changed);
        let (code, said) = night.verify(&archive(&changed, NAME), &["--recompute"]);
        assert_eq!(code, 3, "{said}");
        assert!(said.contains("`bag-info.txt` comes out different"), "{said}");
    }
    let mut changed = files(&night.pack());
    changed.insert("more.txt".into(), b"x".to_vec());
    cover(&mut changed);
    let (code, said) = night.verify(&archive(&changed, NAME), &["--recompute"]);
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("`more.txt` does not come of the inputs"), "{said}");
}

#[test]
fn a_pack_that_says_another_version_wrote_it_cannot_be_packed_with_more_than_its_files() {
    let night = Night::sealed();
    let own = concat!("Milepost ", env!("CARGO_PKG_VERSION"));
    let mut changed = files(&night.pack());
    replace(&mut changed, "bag-info.txt", own, "Milepost 0.0.9");
    cover(&mut changed);
    let (code, said) = night.verify(&archive(&changed, NAME), &[]);
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("says Milepost 0.0.9 wrote it, and `data/pack.json` Milepost"), "{said}");

    let version = format!("\"milepost\": \"{}\"", env!("CARGO_PKG_VERSION"));
    replace(&mut changed, "data/pack.json", &version, "\"milepost\": \"0.0.9\"");
    cover(&mut changed);
    let plain = archive(&changed, NAME);
    let (code, said) = night.verify(&plain, &[]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("it holds its files and nothing else; how Milepost 0.0.9 compresses"), "{said}");
    let attacks = [
        ("a prefix", [b"prefix", &plain[..]].concat()),
        ("a trailer", [&plain[..], b"trailer"].concat()),
        (
            "a comment",
            again(&changed, |zip| zip.set_comment("comment").expect("a comment"), Options::default()),
        ),
        ("gaps", again(&changed, |_| {}, Options::default().with_alignment(64))),
        (
            "no compression",
            again(&changed, |_| {}, Options::default().compression_method(CompressionMethod::Stored)),
        ),
    ];
    for (attack, bytes) in attacks {
        let (code, said) = night.verify(&bytes, &[]);
        assert_eq!(code, 3, "{attack}: {said}");
    }
}

/// The files in an archive that somebody else writes, with `more` of it.
fn again(files: &Files, more: impl FnOnce(&mut ZipWriter<Cursor<Vec<u8>>>), options: Options) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes) in files {
        zip.start_file(format!("{NAME}/{path}"), options.unix_permissions(0o644)).expect("a file");
        zip.write_all(bytes).expect("its bytes");
    }
    more(&mut zip);
    zip.finish().expect("an archive").into_inner()
}

/// A new key in the folder of the organisation, with its fingerprint.
fn key(night: &Night, name: &str) -> String {
    let path = night.path(name);
    let keygen = |words: &[&str]| {
        let done = Command::new("ssh-keygen").args(words).arg("-f").arg(&path).output().expect("OpenSSH");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).expect("text")
    };
    keygen(&["-q", "-t", "ed25519", "-N", "", "-C", name]);
    keygen(&["-l"]).split(' ').nth(1).expect("a fingerprint").to_owned()
}

#[test]
fn a_signature_that_is_taken_away_replaced_or_added_is_refused_without_help_from_outside() {
    let night = Night::sealed();
    let unsigned = files(&night.pack());
    let fingerprints = ["ours", "theirs"].map(|name| key(&night, name));
    let signed = |name: &str| {
        let (code, _, stderr) = night.evidence(&["pack", "catalog", "--offline", "--key", name]);
        assert_eq!(code, 0, "{stderr}");
        files(&night.pack())
    };
    let (theirs, ours) = (signed("theirs"), signed("ours"));
    let (code, said) = night.verify(&night.pack(), &["--recompute"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains(&format!("the key {}, as `data/pack.json` says", fingerprints[0])), "{said}");

    let mut stripped = ours.clone();
    stripped.remove(SIGNATURE);
    let mut other = ours.clone();
    other.insert(SIGNATURE.into(), theirs[SIGNATURE].clone());
    let mut added = unsigned.clone();
    added.insert(SIGNATURE.into(), theirs[SIGNATURE].clone());
    let attacks = [
        (stripped, "the signature was taken away".to_owned()),
        (other, format!("the key {} signs it, and {} did", fingerprints[0], fingerprints[1])),
        (added, "says that nobody signs it, and a signature was added".to_owned()),
    ];
    for (changed, why) in attacks {
        let (code, said) = night.verify(&archive(&changed, NAME), &[]);
        assert_eq!(code, 3, "{said}");
        assert!(said.contains(&why), "{why}: {said}");
    }
}

/// Writes who may sign, and seals the night with that key, with `more`.
fn sealed_by(night: &Night, name: &str, more: &[&str]) -> Files {
    let public = fs::read_to_string(night.path(&format!("{name}.pub"))).expect("a public key");
    fs::write(night.path("allowed"), format!("{name}@example.com {public}")).expect("a file");
    let (code, _, stderr) =
        night.evidence(&[&["pack", "catalog", "--offline", "--key", name], more].concat());
    assert_eq!(code, 0, "{stderr}");
    files(&night.pack())
}

const SAMPLE: [&str; 9] =
    ["sample", "given.zip", "--population", "services", "--n", "1", "--seed", "s", "--format=json"];

#[test]
fn nothing_is_replayed_or_drawn_from_a_pack_that_is_broken_or_whose_signature_is() {
    let night = Night::sealed();
    key(&night, "ours");
    let bare = sealed_by(&night, "ours", &["--without-inputs"]);
    let whole = sealed_by(&night, "ours", &[]);
    let mut broken = whole.clone();
    replace(&mut broken, "data/results/results.csv", "waived", "pass");
    let mut other = whole;
    other.insert(SIGNATURE.into(), bare[SIGNATURE].clone());
    for (changed, why) in [(broken, "was changed"), (other, "signature: ")] {
        fs::write(night.path("given.zip"), archive(&changed, NAME)).expect("a file");
        for words in [&SAMPLE[..], &["replay", "given.zip"]] {
            let (code, _, said) = night.evidence(words);
            assert_eq!(code, 5, "{said}");
            assert!(
                said.contains("nothing is made of a pack that does not verify") && said.contains(why),
                "{said}"
            );
        }
    }
    assert!(!night.path("replayed").exists() && !night.path("site").exists());
}

#[test]
fn who_signed_is_on_record_with_a_sample_and_said_of_a_replay() {
    let night = Night::sealed();
    let sample = |more: &[&str]| {
        let (code, stdout, stderr) = night.evidence(&[&SAMPLE[..], more].concat());
        assert_eq!(code, 0, "{stderr}");
        let record: Value = serde_json::from_str(&stdout).expect("JSON");
        (record["signature"]["state"].clone(), stderr)
    };
    fs::write(night.path("given.zip"), night.pack()).expect("a file");
    let (state, said) = sample(&[]);
    assert!(state == "open" && said.contains("the pack is not signed"), "{said}");
    let (code, _, said) = night.evidence(&["replay", "given.zip"]);
    assert!(code == 0 && said.contains("the pack is not signed"), "{said}");
    assert!(
        night.path("replayed/index.html").exists() && !night.path("site").exists(),
        "a portal stays as it is"
    );
    key(&night, "ours");
    sealed_by(&night, "ours", &[]);
    fs::write(night.path("given.zip"), night.pack()).expect("a file");
    assert_eq!(sample(&["--allowed-signers", "allowed"]).0, "holds");
    let (code, _, said) = night.evidence(&["replay", "given.zip", "--allowed-signers", "allowed"]);
    assert!(code == 0 && !said.contains("signature"), "{said}");
}

#[test]
fn a_key_is_found_on_each_of_its_lines_and_refused_by_its_fingerprint() {
    let night = Night::sealed();
    let ours = key(&night, "ours");
    sealed_by(&night, "ours", &[]);
    let public = fs::read_to_string(night.path("ours.pub")).expect("a public key");
    let verify = |allowed: &str, more: &[&str]| {
        fs::write(night.path("allowed"), allowed).expect("a file");
        night.verify(&night.pack(), &[&["--allowed-signers", "allowed"], more].concat())
    };
    let git = format!("git@example.com namespaces=\"git\" {public}");
    let both = format!(
        "# signers\n{git}evidence@example.com,audit@example.com namespaces=\"evidence-pack\" {public}"
    );
    let (code, said) = verify(&both, &[]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("Good \"evidence-pack\" signature for evidence@example.com"), "{said}");
    let (code, said) = verify(&both, &["--identity", "audit@example.com"]);
    assert_eq!(code, 0, "{said}");
    let expired = format!("evidence@example.com valid-before=\"20200101\" {public}");
    key(&night, "theirs");
    let theirs = fs::read_to_string(night.path("theirs.pub")).expect("a public key");
    for (allowed, more, why) in [
        (git.as_str(), &[][..], "`allowed` does not let it sign packs now as git@example.com"),
        (&both, &["--identity", "nobody"], "`allowed` does not let it sign packs now as nobody"),
        (&expired, &[], "`allowed` does not"),
        (&format!("evidence@example.com {theirs}"), &[], "`allowed` does not name it"),
    ] {
        let (code, said) = verify(allowed, more);
        assert_eq!(code, 3, "{said}");
        assert!(said.contains(&format!("the key {ours} signed it, and {why}")), "{why}: {said}");
    }
    let (code, said) = night.verify(&night.pack(), &["--allowed-signers", "nowhere"]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("`nowhere` cannot be read"), "{said}");
}
