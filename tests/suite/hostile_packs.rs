//! An organisation that is made to hurt, sealed: a pack of it is whole, verifies, comes out the same, and stays text in
//! archives, spreadsheets, terminals and browsers.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::ferries::Ferries;
use super::hostile_tags::{inventory, obeyed};

const MARKUP: &str = "<script>alert(1)</script>";

/// Hostile tags, and on top of them names, reasons, paths and documents that hurt.
fn organisation() -> Ferries {
    let ferries = inventory();
    ferries.replace(
        "catalog/milepost.yaml",
        "{name: Ferries}",
        r#"{name: "../Fer\nries: <b>\u202Eevil\nPayload-Oxum: 1.1"}"#,
    );
    ferries.replace(
        "catalog/exceptions/EX-2026-0001.yaml",
        "reason: It is small.",
        &format!("reason: \"=HYPERLINK(1) {MARKUP} \\e[2J\""),
    );
    ferries.replace(
        "repositories/ferry-times/service.yaml",
        "failureImpact: Nobody knows when to come.",
        &format!("failureImpact: \"+1+cmd|calc {MARKUP}\"\ndisplayName: \"@SUM(A1) \\u202E{MARKUP}\""),
    );
    for name in ["a b.md", "~$RUNBOOK.md", "=1+1.md", "é\u{301}\u{202e}dm.md", "CON.md", "a\nb.md", "-rf.md"]
    {
        ferries.write(&format!("repositories/ferry-times/docs/{name}"), &format!("# {MARKUP}\n"));
        ferries.write(&format!("catalog/runbooks/{name}"), &format!("# {MARKUP}\n"));
    }
    ferries
}

#[test]
fn a_pack_of_hostile_names_and_values_is_whole_and_stays_text() {
    let ferries = organisation();
    let (code, stdout, stderr) = ferries.run(&["evidence", "pack", "catalog", "--now", "2026-11-20"]);
    assert!(matches!(code, 0 | 3 | 4), "{stderr}");
    assert_eq!(obeyed(&format!("{stdout}{stderr}")), None);
    let folder = ferries.0.path().join("evidence");
    let packs: Vec<_> = fs::read_dir(&folder).expect("it was made").filter_map(Result::ok).collect();
    assert_eq!(packs.len(), 1);
    let path = packs[0].path();
    let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
    assert!(name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'), "{name}");
    let given = path.to_string_lossy();
    let (code, stdout, stderr) = ferries.run(&["evidence", "verify", &given, "--recompute"]);
    assert_eq!(code, 0, "{stdout}{stderr}");

    let mut archive =
        ZipArchive::new(Cursor::new(fs::read(&path).expect("it is there"))).expect("an archive");
    let mut files = BTreeMap::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).expect("a file");
        let path = file.name().expect("a name").into_owned();
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-~=/".contains(&byte);
        assert!(
            path.bytes().all(plain) && !path.split('/').any(|part| matches!(part, "" | "." | "..")),
            "{path}"
        );
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).expect("its bytes");
        files.insert(path, bytes);
    }
    // Names that differ in case alone would be one file on macOS and Windows.
    let folded: std::collections::BTreeSet<String> = files.keys().map(|path| path.to_lowercase()).collect();
    assert_eq!(folded.len(), files.len());

    let text = |path: &str| String::from_utf8(files[&format!("{name}/{path}")].clone()).expect("text");
    let info = text("bag-info.txt");
    assert_eq!(info.lines().filter(|line| line.starts_with("Payload-Oxum: ")).count(), 1, "{info}");
    for path in ["bag-info.txt", "data/README.txt", "manifest-sha256.txt"] {
        let text = text(path);
        assert_eq!(obeyed(&text), None, "{path}: {text}");
    }
    let page = text("data/summary.html");
    assert!(!page.contains("<script") && !page.contains("<b>") && !page.contains("<img"), "{page}");
    let mut cells = 0;
    for (path, bytes) in
        files.iter().filter(|(path, _)| path.ends_with(".csv") && !path.contains("/inputs/re"))
    {
        let mut rows = csv::ReaderBuilder::new().has_headers(false).from_reader(&bytes[..]);
        for row in rows.records() {
            let row = row.expect("rows of equal length, whatever is in them");
            for cell in &row {
                cells += 1;
                let runs = cell.starts_with(['=', '+', '@', '\t', '\r'])
                    || cell.starts_with('-') && cell.parse::<f64>().is_err();
                assert!(!runs, "{path}: {cell:?}");
            }
        }
    }
    assert!(cells > 500, "{cells}");
}
