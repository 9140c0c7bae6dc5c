//! `check` from outside: what it prints for other tools, what it mends, and what it compares.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use assert_cmd::Command;

pub(crate) fn milepost(folder: &Path) -> Command {
    let mut command = Command::cargo_bin("milepost").expect("the binary is built");
    command.current_dir(folder).env("NO_COLOR", "1");
    command
}

/// Everything a command said: exit code, standard output, standard error.
pub(crate) fn said(command: &mut Command) -> (i32, String, String) {
    let output = command.output().expect("it runs");
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("output is text");
    (output.status.code().expect("it ends by itself"), text(&output.stdout), text(&output.stderr))
}

pub(crate) fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().expect("it has one")).expect("a folder");
    fs::write(path, text).expect("a file");
}

/// A descriptor with a warning in line 2 and an error in line 3.
const WRONG: &str = "serviceId: quote\nownerTaem: checkout\naccountId: 011122223333\n";

#[test]
fn annotations_and_logs_name_files_from_the_root_of_the_work_tree() {
    let tree = tempfile::tempdir().expect("a folder");
    fs::create_dir(tree.path().join(".git")).expect("a folder");
    write(tree.path(), "services/a b/service.yaml", WRONG);
    write(tree.path(), "catalog/milepost.yaml", "sources: [{name: s, kind: folder, path: ../services}]\n");
    write(tree.path(), "catalog/teams/checkout.yaml", "teamId: checkout\nmembrs: []\n");
    for (folder, path) in [(".", "catalog"), ("services/a b", "../../catalog"), ("catalog", ".")] {
        let folder = tree.path().join(folder);
        let (code, stdout, _) = said(milepost(&folder).args(["check", path, "--format", "github"]));
        assert_eq!(code, 3, "{stdout}");
        for expected in [
            "::warning file=services/a b/service.yaml,line=2,endLine=2,col=1,endColumn=10,title=unknown-key::",
            "::error file=services/a b/service.yaml,line=3,",
            "file=catalog/teams/checkout.yaml,line=2,",
        ] {
            assert!(stdout.contains(expected), "{expected} in {stdout}");
        }
        let (_, stdout, _) = said(milepost(&folder).args(["check", path, "--format", "sarif"]));
        for expected in [r#""uri": "services/a%20b/service.yaml""#, r#""uri": "catalog/teams/checkout.yaml""#]
        {
            assert!(stdout.contains(expected), "{expected} in {stdout}");
        }
    }
}

#[test]
fn a_printed_path_opens_from_the_folder_that_one_stands_in() {
    let tree = tempfile::tempdir().expect("a folder");
    for git in [false, true] {
        if git {
            let ended = std::process::Command::new("git").args(["init", "-q"]).current_dir(&tree).status();
            assert!(ended.expect("git runs").success());
        }
        write(tree.path(), "services/quote/service.yaml", WRONG);
        write(tree.path(), "docs/a.md", "# A\n");
        for (folder, path) in [
            (".", "services/quote/service.yaml"),
            (".", "services"),
            ("services", "quote"),
            ("services/quote", "service.yaml"),
            ("docs", "../services/quote/service.yaml"),
        ] {
            let folder = tree.path().join(folder);
            let (code, _, stderr) = said(milepost(&folder).args(["check", path]));
            assert_eq!(code, 3, "{stderr}");
            let printed = stderr.lines().filter_map(|line| line.trim_start().strip_prefix("--> "));
            let printed: Vec<&str> = printed.filter_map(|place| place.split(':').next()).collect();
            assert_eq!(printed.len(), 2, "{stderr}");
            for place in printed {
                assert_eq!(fs::read_to_string(folder.join(place)).unwrap_or_default(), WRONG, "{place}");
            }
        }
    }
}

#[test]
fn a_log_is_the_same_bytes_every_time_and_its_marks_outlive_moved_lines() {
    let folder = tempfile::tempdir().expect("a folder");
    let log = |text: &str| {
        write(folder.path(), "service.yaml", text);
        said(milepost(folder.path()).args(["check", "--format", "sarif"])).1
    };
    let marks = |log: &str| -> Vec<String> {
        let log: serde_json::Value = serde_json::from_str(log).expect("it is JSON");
        let results = log["runs"][0]["results"].as_array().expect("results").clone();
        results.iter().map(|result| result["partialFingerprints"].to_string()).collect()
    };
    let first = log(WRONG);
    assert_eq!(first, log(WRONG));
    let moved = log(&format!("# a comment\n\n{WRONG}"));
    assert_ne!(first, moved);
    assert_eq!(marks(&first), marks(&moved));
    assert_eq!(marks(&first).len(), 2);
}

/// Every file below `folder`, with its bytes; of a link, where it leads.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(place) = waiting.pop() {
        for entry in fs::read_dir(&place).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_symlink() {
                let leads_to = fs::read_link(&path).expect("a link").into_os_string();
                found.insert(path.strip_prefix(folder).expect("below").to_owned(), leads_to.into_vec());
            } else if path.is_dir() {
                waiting.push(path);
            } else {
                let bytes = fs::read(&path).expect("a file");
                found.insert(path.strip_prefix(folder).expect("below").to_owned(), bytes);
            }
        }
    }
    found
}

pub(crate) fn copy(from: &Path, to: &Path) {
    for (path, bytes) in contents(from) {
        let (copied, path) = (from.join(&path), to.join(path));
        fs::create_dir_all(path.parent().expect("it has one")).expect("a folder");
        if copied.is_symlink() {
            symlink(OsString::from_vec(bytes), path).expect("a link");
        } else {
            fs::write(path, bytes).expect("a file");
        }
    }
}

/// What `check` finds in `folder`: each code, and whether there is a safe edit for it.
fn found(folder: &Path) -> Vec<(String, bool)> {
    let (_, stdout, _) =
        said(milepost(folder).args(["check", ".", "--format", "json", "--now", "2026-11-21"]));
    let printed: serde_json::Value = serde_json::from_str(&stdout).unwrap_or_default();
    let list = printed.as_array().cloned().unwrap_or_default();
    let entry = |one: &serde_json::Value| {
        (one["code"].as_str().expect("a code").to_owned(), one["replacement"]["safe"] == true)
    };
    list.iter().map(entry).collect()
}

/// The cases of `tests/broken` that `--fix` leaves without a problem.
const MENDED: &[&str] = &[
    "a-backtick",
    "a-format-nobody-knows",
    "a-number-with-a-unit",
    "a-star-alone",
    "a-tab-as-indentation",
    "an-account-with-a-zero-unquoted",
    "an-audience-that-removes-nothing",
    "an-unknown-setting",
    "an-unquoted-handle",
    "an-unquoted-handle-in-brackets",
    "an-unquoted-percent-sign",
    "an-unquoted-word-for-a-text",
    "no-space-after-a-colon",
    "no-space-after-a-dash",
    "no-space-after-the-first-colon",
    "yes-and-no-for-true-and-false",
];

#[test]
fn fix_mends_what_is_safe_and_changes_nothing_else() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/broken");
    let mut mended = Vec::new();
    let mut wrong = Vec::new();
    for case in fs::read_dir(&cases).expect("the cases").flatten().filter(|case| case.path().is_dir()) {
        let name = case.file_name().into_string().expect("a name");
        let folder = tempfile::tempdir().expect("a folder");
        copy(&case.path(), folder.path());
        let before = contents(folder.path());
        let could = found(folder.path());
        said(milepost(folder.path()).args(["check", ".", "--fix", "--now", "2026-11-21"]));
        let after = contents(folder.path());
        let still = found(folder.path());
        let safe = could.iter().filter(|(_, safe)| *safe).count();
        let changed = before != after;
        if could.is_empty() {
            // The configuration cannot be used, so nothing was printed.
        } else if changed != (safe > 0) {
            wrong.push(format!("{name}: {safe} safe edits, changed: {changed}"));
        }
        if still.iter().any(|(_, safe)| *safe) {
            wrong.push(format!("{name}: safe edits are left: {still:?}"));
        }
        if changed && still.is_empty() {
            mended.push(name.clone());
        }
        let comments = |files: &BTreeMap<PathBuf, Vec<u8>>| -> Vec<String> {
            let text = files.values().map(|bytes| String::from_utf8_lossy(bytes).into_owned());
            text.flat_map(|text| {
                text.lines()
                    .filter(|line| line.trim_start().starts_with('#'))
                    .map(str::to_owned)
                    .collect::<Vec<_>>()
            })
            .collect()
        };
        assert_eq!(comments(&before), comments(&after), "{name}");
        said(milepost(folder.path()).args(["check", ".", "--fix", "--now", "2026-11-21"]));
        assert_eq!(contents(folder.path()), after, "{name}: a second time changes nothing");
    }
    mended.sort();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(mended, MENDED);
}

/// Runs `check --fix` on `path` in `folder`.
fn fix(folder: &Path, path: &str) -> (i32, String, String) {
    said(milepost(folder).args(["check", path, "--fix", "--fail-on", "never"]))
}

#[test]
fn fix_keeps_comments_line_ends_and_the_byte_order_mark() {
    let folder = tempfile::tempdir().expect("a folder");
    for (before, after) in [
        (
            "\u{feff}serviceId: quote # the id\r\nownerTaem:   checkout\t# who\r\n\r\n# end",
            "\u{feff}serviceId: quote # the id\r\nownerTeam:   checkout\t# who\r\n\r\n# end",
        ),
        (
            "serviceId: größe\nlifecycle: {createdAt: 21.11.2025, goldenPath: 'no'} # ü\n",
            "serviceId: größe\nlifecycle: {createdAt: 2025-11-21, goldenPath: 'no'} # ü\n",
        ),
        (
            "serviceId: quote\nslo:\n\tavailability: 99.9 # tab\n\tp95LatencyMs: 300\ncritical: @all\n",
            "serviceId: quote\nslo:\n  availability: 99.9 # tab\n  p95LatencyMs: 300\ncritical: \"@all\"\n",
        ),
        ("serviceId: q\nownerTaem: a\nownerTeem: b\n", "serviceId: q\nownerTaem: a\nownerTeem: b\n"),
        ("serviceId: q\n\"ownerTaem\": a\n", "serviceId: q\n\"ownerTaem\": a\n"),
        ("serviceId: q\nnote: @a\n  more\n", "serviceId: q\nnote: @a\n  more\n"),
    ] {
        write(folder.path(), "service.yaml", before);
        let (_, _, stderr) = fix(folder.path(), ".");
        let text = fs::read_to_string(folder.path().join("service.yaml")).expect("a file");
        assert_eq!(text, after, "{stderr}");
    }
}

#[test]
fn fix_says_what_it_changed_and_checks_again() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "service.yaml", WRONG);
    let (code, _, stderr) = fix(folder.path(), "service.yaml");
    assert_eq!(code, 0, "{stderr}");
    for expected in [
        "service.yaml:2:1: unknown-key: wrote `ownerTeam`",
        "service.yaml:3:12: unquoted-account: wrote `\"011122223333\"`",
        "mended 2 problems",
        "nothing to mend",
    ] {
        assert!(stderr.contains(expected), "{expected} in {stderr}");
    }
}

#[test]
fn fix_changes_nothing_outside_its_paths_and_follows_no_link() {
    let place = tempfile::tempdir().expect("a folder");
    let at = |path: &str| place.path().join(path);
    write(place.path(), "other/service.yaml", WRONG);
    write(place.path(), "catalog/milepost.yaml", "sources: [{name: s, kind: folder, path: ../other}]\n");
    fix(place.path(), "catalog");
    write(place.path(), "here/.keep", "");
    std::os::unix::fs::symlink(at("other/service.yaml"), at("here/service.yaml")).expect("a link");
    std::os::unix::fs::symlink(at("other"), at("here/linked")).expect("a link");
    fix(place.path(), "here");
    assert_eq!(fs::read_to_string(at("other/service.yaml")).expect("a file"), WRONG);
    assert!(at("here/service.yaml").is_symlink());
    let (_, _, stderr) = fix(place.path(), "other");
    assert!(stderr.contains("mended 2 problems"), "{stderr}");
}

#[test]
fn fix_says_when_a_file_is_read_only() {
    let place = tempfile::tempdir().expect("a folder");
    write(place.path(), "service.yaml", WRONG);
    let file = place.path().join("service.yaml");
    let mut permissions = fs::metadata(&file).expect("a file").permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&file, permissions).expect("permissions");
    let (_, _, stderr) = fix(place.path(), ".");
    assert!(stderr.contains("is not changed: it is read-only"), "{stderr}");
    assert_eq!(fs::read_to_string(&file).expect("a file"), WRONG);
}
