//! Folders with tag reports: which one is read, what it gives, and what bad rows do.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::symlink;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::*;
use crate::collect::progress::Silent;
use crate::day::Zone;
use crate::settings::{AwsAccess, Formats, GitAccess, GithubAccess, Interruption, Limits, SourceKind};

const HEAD: &str =
    "AccountId,Region,ResourceARN,ComplianceStatus,NoncompliantKeys,KeysWithNoncompliantValues\n";
const NEW: &str = "2026-11-20T03:00:00Z";

fn queue(account: &str, region: &str, name: &str, rest: &str) -> String {
    format!("{account},{region},arn:aws:sqs:{region}:{account}:{name},{rest}\n")
}

fn write(folder: &Path, path: &str, bytes: impl AsRef<[u8]>) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().expect("it has one")).expect("a folder");
    fs::write(path, bytes).expect("written");
}

fn settings(now: &str, interruption: Interruption) -> Settings {
    let now = Moment::parse(now).expect("a moment");
    Settings {
        now,
        today: Day::of(now, &Zone::utc()),
        zone: Zone::utc(),
        catalog: "catalog".into(),
        catalog_history: false,
        sources: Vec::new(),
        limits: Limits::default(),
        formats: Formats::NONE,
        git: GitAccess::default(),
        github: GithubAccess::nobody(now),
        aws: AwsAccess::nobody(now),
        interruption,
    }
}

fn ask(folder: &Path) -> Result<Outcome, String> {
    let source = Source {
        name: "report".into(),
        kind: SourceKind::AwsTagReport,
        path: folder.to_owned(),
        remotes: Vec::new(),
        exclude: Vec::new(),
    };
    collect(&source, &settings("2026-11-20T08:00:00Z", Interruption::default()), &Silent)
}

/// `account region: arn … says`, for every resource.
fn said(outcome: &Outcome) -> Vec<String> {
    let lines = outcome.tag_listings.iter().flat_map(|listing| {
        let resources = listing.answer.as_ref().expect("a report refuses nothing");
        resources.iter().map(move |resource| {
            let reported = resource.reported.as_ref().expect("it is reported");
            assert!(resource.tags.is_empty(), "no tag is made up");
            let name = resource.arn.rsplit(':').next().unwrap_or_default();
            let place = format!("{} {}", listing.account, listing.region);
            let says =
                (&reported.complies, &reported.noncompliant_keys, &reported.keys_with_noncompliant_values);
            format!("{place}: {name} {says:?}")
        })
    });
    lines.collect()
}

#[test]
fn the_newest_report_of_every_organisation_counts() {
    let folder = tempfile::tempdir().expect("a folder");
    let row = |name: &str| queue("111122223333", "eu-central-1", name, "true,,");
    write(folder.path(), &format!("o-one/{NEW}/report.csv"), format!("{HEAD}{}", row("new")));
    write(folder.path(), "o-one/2026-11-19T03:00:00Z/report.csv", format!("{HEAD}{}", row("old")));
    let other = queue("444455556666", "us-east-1", "other", "FALSE,owner,Stage");
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(format!("{HEAD}{other}").as_bytes()).expect("memory");
    write(folder.path(), "o-two/2026-11-18T03:00:00Z/report.csv.gz", packed.finish().expect("memory"));
    write(folder.path(), "o-two/notes.csv", "a,b\n");
    symlink(folder.path().join("o-two"), folder.path().join("o-three")).expect("a link");
    let outcome = ask(folder.path()).expect("sound");
    assert_eq!(
        said(&outcome),
        [
            "111122223333 eu-central-1: new (Some(true), [], [])",
            "444455556666 us-east-1: other (Some(false), [\"owner\"], [\"Stage\"])",
        ]
    );
    assert_eq!(outcome.notes, ["1 older report is not read", SILENT]);
    assert_eq!((outcome.items, outcome.shortfalls.len()), (2, 0));
    let at: Vec<String> = outcome.tag_listings.iter().map(|one| one.collected_at.to_string()).collect();
    assert_eq!(at, [NEW, "2026-11-18T03:00:00Z"]);
    assert_eq!(outcome.asked_at.map(|at| at.to_string()).as_deref(), Some("2026-11-18T03:00:00Z"));
}

#[test]
fn of_an_account_in_two_reports_the_newer_counts_in_every_region() {
    let folder = tempfile::tempdir().expect("a folder");
    let row = |region: &str, name: &str| queue("111122223333", region, name, "true,,");
    let old = [row("eu-central-1", "old"), row("us-east-1", "gone")].concat();
    let other = queue("444455556666", "us-east-1", "other", "true,,");
    write(folder.path(), "o-old/2026-11-19T03:00:00Z/report.csv", format!("{HEAD}{old}{other}"));
    write(folder.path(), &format!("o-new/{NEW}/report.csv"), format!("{HEAD}{}", row("eu-central-1", "new")));
    let outcome = ask(folder.path()).expect("sound");
    assert_eq!(
        said(&outcome),
        [
            "111122223333 eu-central-1: new (Some(true), [], [])",
            "444455556666 us-east-1: other (Some(true), [], [])",
        ]
    );
    let note = "1 account stands in a newer report, too: of these the newer one counts";
    assert_eq!(outcome.notes, [note, SILENT]);
}

#[test]
fn what_several_rows_say_of_one_resource_is_put_together() {
    let folder = tempfile::tempdir().expect("a folder");
    let row = |rest: &str| queue("111122223333", "eu-central-1", "q", rest);
    let rows = [row("true,,"), row("false,owner,"), row("false,,\"Stage, owner\"")].concat();
    write(folder.path(), &format!("{NEW}/report.csv"), format!("{HEAD}{rows}"));
    let outcome = ask(folder.path()).expect("sound");
    let expected = "111122223333 eu-central-1: q (Some(false), [\"owner\"], [\"Stage\", \"owner\"])";
    assert_eq!(said(&outcome), [expected]);
}

#[test]
fn a_row_that_is_none_makes_the_report_incomplete_and_no_other_row() {
    let folder = tempfile::tempdir().expect("a folder");
    let hostile = [
        queue("111122223333", "eu-central-1", "first", "true,,"),
        "=cmd|' /C calc'!A0,eu-central-1,arn:aws:sqs:eu-central-1::x,true,,\n".to_owned(),
        "111122223333,eu-central-1,\"arn:aws:sqs:eu-central-1:111122223333:a\u{202e}b\",true,,\n".to_owned(),
        "111122223333,eu-central-1,\"no\narn\",true,,\n".to_owned(),
        "111122223333,eu-central-1\n".to_owned(),
        queue("111122223333", "eu-central-1", "last", "\"tr\"\"ue\",,\"=1+1\""),
    ];
    let mut bytes = format!("{HEAD}{}", hostile.concat()).into_bytes();
    bytes.extend(b"111122223333,eu-central-1,arn:aws:sqs:eu-central-1:111122223333:\xff,true,,\n");
    write(folder.path(), &format!("{NEW}/report.csv"), bytes);
    let outcome = ask(folder.path()).expect("rows that are sound count");
    assert_eq!(
        said(&outcome),
        [
            "111122223333 eu-central-1: first (Some(true), [], [])",
            "111122223333 eu-central-1: last (Some(true), [], [\"=1+1\"])",
        ]
    );
    let [shortfall] = &*outcome.shortfalls else { panic!("{:?}", outcome.shortfalls) };
    for part in [
        "5 rows cannot be read",
        "line 3: `=cmd|\\' /C calc\\'!A0` is no account of twelve digits",
        "line 4: `arn:aws:sqs:eu-central-1:111122223333:a\\u{202e}",
        "line 5: `no\\narn` is no ARN; and more",
    ] {
        assert!(shortfall.contains(part), "{part}: {shortfall}");
    }
}

#[test]
fn a_report_that_breaks_off_counts_as_far_as_it_goes() {
    let rows: Vec<String> = (0..40_000)
        .map(|number| queue("111122223333", "eu-central-1", &format!("q{number:06}"), "true,,"))
        .collect();
    let whole = format!("{HEAD}{}", rows.concat());
    let cut = &whole[..whole.len() - 20];
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(whole.as_bytes()).expect("memory");
    let packed = packed.finish().expect("memory");
    for (name, bytes, reason) in [
        ("report.csv", cut.as_bytes(), "it has 3 fields for 6 columns"),
        ("report.csv.gz", &packed[..packed.len() / 2], "broken off; nothing after it was read"),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        write(folder.path(), &format!("{NEW}/{name}"), bytes);
        let outcome = ask(folder.path()).expect("its beginning is sound");
        let read = said(&outcome).len();
        assert!(read > 1000 && read < 40_000, "{name}: {read}");
        let [shortfall] = &*outcome.shortfalls else { panic!("{:?}", outcome.shortfalls) };
        assert!(
            shortfall.starts_with(&format!("`{NEW}/{name}`: ")) && shortfall.contains(reason),
            "{shortfall}"
        );
    }
}

#[test]
fn a_row_that_never_ends_is_not_read_to_its_end() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    let row = queue("111122223333", "eu-central-1", "q", "true,,");
    packed.write_all(format!("{HEAD}{row}\"").as_bytes()).expect("memory");
    let blank = vec![b'\n'; 1 << 20];
    for _ in 0..16 {
        packed.write_all(&blank).expect("memory");
    }
    write(folder.path(), &format!("{NEW}/report.csv.gz"), packed.finish().expect("memory"));
    let outcome = ask(folder.path()).expect("its beginning is sound");
    assert_eq!(said(&outcome).len(), 1);
    assert!(
        outcome.shortfalls[0].contains("line 3: it is longer than 4194304 bytes"),
        "{:?}",
        outcome.shortfalls
    );
}

#[test]
fn a_folder_that_holds_no_report_says_what_is_expected() {
    let folder = tempfile::tempdir().expect("a folder");
    let reason = || ask(folder.path()).expect_err("no report");
    assert!(reason().contains("holds no report") && reason().contains(EXPECTED), "{}", reason());
    write(folder.path(), "o-one/latest/report.csv", HEAD);
    assert!(reason().starts_with("`o-one/latest/report.csv` lies in no folder"), "{}", reason());
    assert!(reason().contains(EXPECTED), "{}", reason());
    fs::remove_dir_all(folder.path().join("o-one")).expect("removed");
    write(folder.path(), &format!("o-one/{NEW}/report.csv"), "Cost,Tags\n1,2\n");
    let expected = format!("`o-one/{NEW}/report.csv`: it has no column of ARNs");
    assert!(reason().starts_with(&expected) && reason().contains("`Cost`, `Tags`"), "{}", reason());
    write(folder.path(), &format!("o-one/{NEW}/report.csv"), "");
    assert!(reason().contains("it has no column of ARNs"), "{}", reason());
}

#[test]
fn a_report_that_is_late_or_says_little_is_noted() {
    let folder = tempfile::tempdir().expect("a folder");
    let row = "arn:aws:sqs:eu-central-1:111122223333:q,maybe\n";
    write(folder.path(), "2026-11-01T03:00:00Z/report.csv", format!("ARN,Compliance Status\n{row}"));
    let outcome = ask(folder.path()).expect("sound");
    assert_eq!(said(&outcome), ["111122223333 eu-central-1: q (None, [], [])"]);
    let notes = outcome.notes.join("\n");
    for part in [
        "it has no column `NoncompliantKeys` or `KeysWithNoncompliantValues`",
        "1 row says neither yes nor no in `ComplianceStatus`, such as `maybe`",
    ] {
        assert!(notes.contains(part), "{part}: {notes}");
    }
    let [late] = &*outcome.shortfalls else { panic!("{:?}", outcome.shortfalls) };
    assert!(late.contains("is of 2026-11-01T03:00:00Z, and AWS writes a report every day: ask"), "{late}");
}

#[test]
fn a_report_of_the_future_is_not_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let row = |name: &str| queue("111122223333", "eu-central-1", name, "true,,");
    let future = "2030-01-01T03:00:00Z/report.csv";
    write(folder.path(), future, format!("{HEAD}{}", row("future")));
    let future_said = format!("`{future}` is of a day after 2026-11-20, so it is not read");
    let reason = ask(folder.path()).expect_err("there is no other");
    assert!(reason.starts_with(&future_said), "{reason}");
    write(folder.path(), &format!("{NEW}/report.csv"), format!("{HEAD}{}", row("now")));
    let outcome = ask(folder.path()).expect("sound");
    assert_eq!(said(&outcome), ["111122223333 eu-central-1: now (Some(true), [], [])"]);
    let [shortfall] = &*outcome.shortfalls else { panic!("{:?}", outcome.shortfalls) };
    assert!(shortfall.starts_with(&future_said), "{shortfall}");
}
