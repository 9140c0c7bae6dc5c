//! The register from the command line: what `exceptions list` prints.

use super::ferries::Ferries;

#[test]
fn a_list_for_spreadsheets_is_guarded_like_every_other_one() {
    let ferries = Ferries::new();
    // A record without a readable id stays under the name of its file, which says what it likes.
    ferries.write("catalog/exceptions/\u{ff1d}1+1.yaml", "exceptionId: [a]\nservice: ferry-times\n");
    let (code, stdout, stderr) = ferries.run(&[
        "exceptions",
        "list",
        "--catalog",
        "catalog",
        "--format",
        "csv",
        "--now",
        "2026-11-20",
    ]);
    assert_eq!(code, 0, "{stderr}");
    let table = stdout.strip_prefix('\u{feff}').expect("spreadsheets are told that it is UTF-8");
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let heads = reader.headers().expect("heads").clone();
    assert_eq!(heads.iter().take(3).collect::<Vec<_>>(), ["id", "state", "waives"]);
    let rows: Vec<_> = reader.records().map(|row| row.expect("a row")).collect();
    let ids: Vec<&str> = rows.iter().map(|row| &row[0]).collect();
    assert!(ids.contains(&"EX-2026-0001") && ids.contains(&"'\u{ff1d}1+1"), "{ids:?}");
}

#[test]
fn what_was_collected_last_can_be_explained_without_asking_again() {
    let ferries = Ferries::new();
    ferries.collect("2026-11-20", ".milepost/snapshot");
    let drills = "catalog/facts/drills.csv";
    ferries.replace(drills, "drills,1,", "drills,0,");
    let explain = ["explain", "ferry-times", "drilled", "--catalog", "catalog", "--now", "2026-11-20"];
    let (code, asked, stderr) = ferries.run(&explain);
    assert_eq!(code, 0, "{stderr}");
    let (code, replayed, stderr) = ferries.run(&[&explain[..], &["--offline"]].concat());
    assert_eq!(code, 0, "{stderr}");
    assert!(asked.contains("= 0") && replayed.contains("= 1"), "{asked}\n{replayed}");
}
