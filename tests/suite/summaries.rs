//! What a run says at its end: every source, what became of the repositories, and with which code it ends.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// A folder name that means something to terminals and to Markdown.
const HOSTILE: &str = "torn|<img src=x onerror=alert(1)>@everyone\u{1b}[31m";

struct Run {
    code: Option<i32>,
    said: String,
}

/// Three services, one of them left out, and a folder of clones of which one is damaged.
struct Quays(tempfile::TempDir);

impl Quays {
    fn new() -> Self {
        let quays = Self(tempfile::tempdir().expect("a folder"));
        quays.write(
            "catalog/milepost.yaml",
            "organisation: {name: Quays}\nsources:\n  - name: quays\n    kind: folder\n    path: ../quays\n    \
             repositories: children\n    exclude: [{repository: west, reason: is closed, until: 2027-01-31}]\n  \
             - {name: clones, kind: git, path: ../clones}\n",
        );
        quays.write("catalog/teams/crew.yaml", "teamId: crew\nmembers: [\"@wren\"]\n");
        for name in ["east", "north", "west"] {
            let record = format!("serviceId: {name}\nownerTeam: crew\n");
            quays.write(&format!("quays/{name}/service.yaml"), &record);
        }
        quays.write("quays/notes/README.md", "# Notes\n");
        fs::create_dir(quays.path("clones")).expect("a folder");
        quays
    }

    fn path(&self, path: &str) -> std::path::PathBuf {
        self.0.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("it has one")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    fn run(&self, arguments: &[&str]) -> Run {
        let Output { status, stderr, stdout } = Command::new(env!("CARGO_BIN_EXE_milepost"))
            .args(arguments)
            .args(["--now", "2026-11-21"])
            .current_dir(self.0.path())
            .output()
            .expect("it runs");
        assert_eq!(String::from_utf8_lossy(&stdout), "", "a summary is no data");
        Run { code: status.code(), said: String::from_utf8(stderr).expect("text") }
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).expect("a file")
    }
}

/// Whether `text` has each of these lines, each once.
#[track_caller]
fn assert_lines(text: &str, lines: &[&str]) {
    for line in lines {
        assert_eq!(text.lines().filter(|one| one == line).count(), 1, "`{line}` in:\n{text}");
    }
}

#[test]
fn a_run_says_how_every_source_fared_and_how_it_ends() {
    let quays = Quays::new();
    let built = quays.run(&["build", "catalog", "--summary", "summary.md"]);
    assert_eq!(built.code, Some(0), "{}", built.said);
    assert_lines(
        &built.said,
        &[
            "source `clones` (git): whole, no items",
            "source `quays` (folder): whole, 4 items",
            "4 repositories: 2 with a descriptor, 1 without, 1 excluded, 0 unreadable",
            "2 services of 1 team, as of 2026-11-21",
            "exit code 0: done, and whole",
        ],
    );
    let summary = quays.read("summary.md");
    assert!(summary.starts_with("## Milepost: exit code 0&#58; done, and whole\n"), "{summary}");
    assert!(summary.contains("| <code>quays</code> folder | whole | 4 | 0 |  |\n"), "{summary}");
    assert!(summary.contains("- 4 repositories&#58; 2 with a descriptor, 1 without"), "{summary}");

    let collected = quays.run(&["collect", "catalog"]);
    assert_lines(
        &collected.said,
        &[
            "source `quays` (folder): whole, 4 items",
            "4 repositories: 2 with a file of a descriptor's name, 1 without, 1 excluded, 0 unreadable",
            "snapshot: 2 files in `.milepost/snapshot`",
            "exit code 0: done, and whole",
        ],
    );
}

#[test]
fn what_is_missing_is_said_once_with_its_reason() {
    let quays = Quays::new();
    quays.run(&["collect", "catalog"]);
    quays.write(&format!("clones/{HOSTILE}/HEAD"), "rubbish");
    fs::rename(quays.path("quays"), quays.path("elsewhere")).expect("moved");
    let built = quays.run(&["build", "catalog", "--summary", "summary.md"]);
    assert_eq!(built.code, Some(4), "{}", built.said);
    let line = |begin: &str| {
        let mut lines = built.said.lines().filter(|line| line.starts_with(begin));
        let line = lines.next().unwrap_or_else(|| panic!("`{begin}` in {}", built.said));
        assert_eq!(lines.next(), None, "said twice: {}", built.said);
        line
    };
    let quays_line = line("source `quays`");
    assert!(quays_line.starts_with("source `quays` (folder): stale, "), "{quays_line}");
    assert!(quays_line.contains(" carried over; ") && quays_line.contains("no such file"), "{quays_line}");
    assert!(line("source `clones`").contains("torn|<img"), "{}", built.said);
    assert_lines(&built.said, &["exit code 4: done, but some source was incomplete"]);
    assert!(!built.said.contains('\u{1b}'), "{}", built.said);

    let summary = quays.read("summary.md");
    let row = summary.lines().find(|line| line.contains("clones")).expect("a row");
    assert_eq!(row.matches('|').count(), 6, "{row}");
    for mark in ["<img", "@everyone", "\u{1b}", "](", "`"] {
        assert!(!row.contains(mark), "{mark} in {row}");
    }
    assert!(row.contains("torn") && row.contains("incomplete"), "{row}");
}

#[test]
fn quiet_is_quiet_and_findings_have_their_code() {
    let quays = Quays::new();
    let configuration = quays.read("catalog/milepost.yaml");
    quays.write("catalog/milepost.yaml", &configuration.replace(", until: 2027-01-31", ""));
    assert!(quays.run(&["build", "catalog"]).said.contains("endless-exclusion"));
    assert_eq!(quays.run(&["build", "catalog", "--quiet"]).said, "");
    assert_eq!(quays.run(&["collect", "catalog", "--quiet"]).said, "");
    quays.write("quays/east/service.yaml", "serviceId: east\nownerTeam: nobody\n");
    let built = quays.run(&["build", "catalog", "--fail-on", "warning"]);
    assert_eq!(built.code, Some(3), "{}", built.said);
    assert_lines(&built.said, &["exit code 3: findings at or above the chosen severity, or a gate failed"]);
    assert!(built.said.contains("; see `problems/` in the portal"), "{}", built.said);
}

#[test]
fn a_run_that_fails_has_a_summary_too() {
    let quays = Quays::new();
    quays.write("site/mine.txt", "not a portal");
    let built = quays.run(&["build", "catalog", "--summary", "summary.md"]);
    assert_eq!(built.code, Some(5), "{}", built.said);
    let summary = quays.read("summary.md");
    assert!(summary.starts_with("## Milepost: exit code 5&#58; refused by a guard\n"), "{summary}");
    assert!(summary.contains("<code>site</code> holds files that no earlier build wrote"), "{summary}");

    let built = quays.run(&["build", "catalog", "--out", "portal", "--summary", "nowhere/summary.md"]);
    assert_eq!(built.code, Some(1), "{}", built.said);
    assert!(built.said.contains("writing the summary to `nowhere/summary.md`"), "{}", built.said);
    assert!(Path::new(&quays.path("portal/index.html")).is_file(), "the portal itself is there");
}
