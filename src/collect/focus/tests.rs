//! Folders with exports: what is found in them, and what one bad file does.

use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::fs::symlink;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::*;
use crate::collect::progress::Silent;
use crate::settings::SourceKind;

const HEAD: &str =
    "ChargePeriodStart,ChargePeriodEnd,BillingCurrency,ChargeCategory,EffectiveCost,SubAccountId,Tags\n";

fn charge(day: &str, cost: &str) -> String {
    format!("{HEAD}2026-10-{day} 00:00:00,2026-10-{day} 01:00:00,USD,Usage,{cost},111122223333,\n")
}

fn ask(folder: &Path) -> Result<Outcome, String> {
    let source = Source {
        name: "bill".into(),
        kind: SourceKind::Focus,
        path: folder.to_owned(),
        remotes: Vec::new(),
        exclude: Vec::new(),
    };
    collect(&source, &Interruption::default(), &Silent)
}

fn packed(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).expect("memory");
    encoder.finish().expect("memory")
}

#[test]
fn all_exports_beneath_a_folder_are_one_bill() {
    let folder = tempfile::tempdir().expect("a folder");
    let below = folder.path().join("data/BILLING_PERIOD=2026-10");
    fs::create_dir_all(&below).expect("a folder");
    fs::write(folder.path().join("Manifest.json"), "{}").expect("written");
    fs::write(below.join("1.csv"), charge("01", "1.5")).expect("written");
    // Exporters put several members behind each other.
    let mut two = packed(&charge("02", "2"));
    two.extend(packed("2026-10-03 00:00:00,2026-10-03 01:00:00,USD,Usage,4,111122223333,\n"));
    fs::write(below.join("2.csv.gz"), two).expect("written");
    symlink(below.join("1.csv"), folder.path().join("again.csv")).expect("a link");
    let outcome = ask(folder.path()).expect("sound");
    let [month] = &*outcome.costs else { panic!("{:?}", outcome.costs) };
    assert_eq!((&*month.month, month.charges, outcome.items), ("2026-10", 3, 3));
    assert_eq!(month.lines.iter().map(|line| line.cost.to_string()).collect::<Vec<_>>(), ["7.5"]);
    assert_eq!(outcome.notes, ["`again.csv` is a symbolic link, which is not followed"]);
}

#[test]
fn one_file_that_cannot_be_read_leaves_no_sum() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("a.csv"), charge("01", "1")).expect("written");
    let whole = packed(&charge("02", &"1".repeat(20)));
    for (name, bytes, said) in [
        ("b.csv", b"Cost\n1\n".to_vec(), "FOCUS"),
        ("b.csv.gz", whole[..whole.len() / 2].to_vec(), "broken off"),
        ("b.parquet", b"PAR1 and more".to_vec(), "damaged"),
        ("b.parquet", Vec::new(), "damaged"),
    ] {
        let path = folder.path().join(name);
        File::create(&path).and_then(|mut file| file.write_all(&bytes)).expect("written");
        let reason = ask(folder.path()).expect_err(name);
        assert!(reason.starts_with(&format!("`{name}`: ")) && reason.contains(said), "{reason}");
        fs::remove_file(path).expect("removed");
    }
    assert!(ask(folder.path()).is_ok());
}

#[test]
fn a_packed_table_that_never_ends_is_not_unpacked_to_its_end() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(HEAD.as_bytes()).expect("memory");
    let blank = vec![b' '; 1 << 20];
    for _ in 0..64 {
        encoder.write_all(&blank).expect("memory");
    }
    let bomb = encoder.finish().expect("memory");
    assert!(bomb.len() < 100_000, "it is small");
    fs::write(folder.path().join("bomb.csv.gz"), bomb).expect("written");
    let reason = ask(folder.path()).expect_err("a bomb");
    assert_eq!(reason, "`bomb.csv.gz`: line 2: it is longer than 4194304 bytes");
}

#[test]
fn a_folder_without_exports_says_what_is_missing() {
    let folder = tempfile::tempdir().expect("a folder");
    let reason = ask(folder.path()).expect_err("nothing");
    assert!(reason.contains("`*.parquet`"), "{reason}");
    assert!(ask(&folder.path().join("none")).expect_err("nothing").contains("cannot be read"));
}

#[test]
fn exports_are_told_by_their_names() {
    assert_eq!(Form::of(b"a/b.CSV"), Some(Form::Csv));
    assert_eq!(Form::of(b"b.csv.gz"), Some(Form::PackedCsv));
    assert_eq!(Form::of(b"b.snappy.parquet"), Some(Form::Parquet));
    for other in ["Manifest.json", "csv", "b.csv.zip", "b.gz", ""] {
        assert_eq!(Form::of(other.as_bytes()), None, "{other}");
    }
}
