//! `check` from outside: what it prints for other tools, what it mends, and what it compares.

use std::fs;
use std::path::Path;

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
