//! `tests/broken/`: one folder per mistake, with what Milepost says about it. See the README there.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use milepost::assess::Assessment;
use milepost::catalog::origin::FileIndex;
use milepost::catalog::reader::{Reader, Source};
use milepost::catalog::recognise::{self, Recognition};
use milepost::catalog::vocabulary::Vocabulary;
use milepost::catalog::{Catalog, configuration, descriptor, yaml};
use milepost::collect::{self, Named};
use milepost::day::Moment;
use milepost::diagnostic::{Diagnostics, codes, text};
use milepost::settings::SourceKind;

/// The switch that rewrites what is expected: look at the difference before you commit it.
const BLESS: &str = "MILEPOST_BLESS";

/// Codes that no file in a repository can show: what provokes them is not portable.
const NOT_FILES: &[&str] = &["unreadable-file", "unreadable-history"];

/// Codes that need an answer of GitHub: `tests/suite/people.rs` shows them.
const OBSERVED: &[&str] = &[
    "unknown-github-team",
    "departed-member",
    "members-differ",
    "unknown-code-owner",
    "code-owner-outside",
    "broken-codeowners",
];

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/broken");
    let mut cases: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the folder of cases")
        .map(|entry| entry.expect("a case").path())
        .filter(|path| path.is_dir())
        .collect();
    cases.sort();
    cases
}

/// What Milepost says about the input in `case`: a catalog folder, or one descriptor.
fn said(case: &Path) -> String {
    let configuration = case.join("milepost.yaml");
    if configuration.is_file() { of_organisation(case, &configuration) } else { of_descriptor(case) }
}

/// The whole way from the files to the catalog.
fn of_organisation(case: &Path, path: &Path) -> String {
    let mut diagnostics = Diagnostics::default();
    let text = fs::read_to_string(path).expect("the configuration");
    let configuration = configuration::read(&text, Path::new("catalog/milepost.yaml"), &mut diagnostics);
    if let Some(configuration) = configuration {
        let now = Moment::parse("2026-11-21T00:00:00Z").expect("a moment");
        let mut settings = configuration.settings(case, now);
        // What is asked here is how a case is written; nothing leaves this machine.
        settings.sources.retain(|source| !matches!(source.kind, SourceKind::Git | SourceKind::Github(_)));
        let limits = yaml::Limits::from(settings.limits);
        let formats = settings.formats;
        let named = |_: &str, text: &str| Named {
            documents: descriptor::named_documents(text, limits),
            descriptors: descriptor::named_descriptors(text, limits, formats),
        };
        let snapshot = collect::collect(&settings, &named, &collect::Silent);
        let mut folder =
            collect::catalog_folder(case, settings.catalog_history, settings.limits).expect("the case");
        // Not the name of the case: what is said must not depend on it.
        folder.repository.name = Arc::from("catalog");
        let catalog = Catalog::resolve(&snapshot, &folder, &configuration);
        diagnostics.append(Assessment::of(&catalog, settings.today, settings.now).diagnostics);
        diagnostics.append(catalog.diagnostics);
    }
    diagnostics.sort();
    format!("{}{}\n", text::render(&diagnostics, false), text::summary(&diagnostics))
}

fn of_descriptor(case: &Path) -> String {
    let path = case.join("service.yaml");
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut diagnostics = Diagnostics::default();
    let source = Source::new(FileIndex(0), Arc::from(""), Arc::from("service.yaml"), &text);
    let mut skipped = String::new();
    for parsed in yaml::parse(&text, yaml::Limits::default()) {
        let document = match parsed {
            Ok(document) => document,
            Err(broken) => {
                match recognise::unreadable("service.yaml", &text, &broken) {
                    Some(other) => skipped.push_str(&format!("document {}: {other:?}\n", broken.number)),
                    None => diagnostics.push(broken.diagnostic(&source)),
                }
                continue;
            }
        };
        match recognise::recognise("service.yaml", &document) {
            Recognition::Ours(shape) => {
                let vocabulary = Vocabulary::default();
                let mut reader =
                    Reader { source: &source, vocabulary: &vocabulary, diagnostics: &mut diagnostics };
                descriptor::read(&document, shape, &mut reader);
            }
            other => skipped.push_str(&format!("document {}: {other:?}\n", document.number)),
        }
    }
    diagnostics.sort();
    format!("{skipped}{}{}\n", text::render(&diagnostics, false), text::summary(&diagnostics))
}

#[test]
fn every_mistake_is_explained_as_expected() {
    let bless = std::env::var_os(BLESS).is_some();
    let mut wrong = Vec::new();
    for case in cases() {
        let said = said(&case);
        let expected = case.join("expected.txt");
        if bless {
            fs::write(&expected, said).expect("a place to write what is expected");
        } else if fs::read_to_string(&expected).unwrap_or_default() != said {
            wrong.push(format!("{}:\n{said}", case.display()));
        }
    }
    assert!(
        wrong.is_empty(),
        "{BLESS}=1 rewrites what is expected; Milepost now says otherwise in\n\n{}",
        wrong.join("\n")
    );
}

#[test]
fn every_report_says_what_to_do() {
    for case in cases() {
        let said = fs::read_to_string(case.join("expected.txt")).unwrap_or_default();
        for report in said.split("\n\n").filter(|report| report.lines().next().is_some_and(is_head)) {
            assert!(report.contains("= help: "), "{}:\n{report}", case.display());
        }
    }
}

/// Whether a report begins with `line`, such as `error[unknown-key]: …`.
fn is_head(line: &str) -> bool {
    ["error[", "warning[", "note["].iter().any(|word| line.starts_with(word))
}

#[test]
fn every_code_has_a_case() {
    let said: Vec<String> = cases()
        .iter()
        .map(|case| fs::read_to_string(case.join("expected.txt")).unwrap_or_default())
        .collect();
    let missing: BTreeSet<&str> = codes::all()
        .map(|code| code.name)
        .filter(|name| {
            !NOT_FILES.contains(name)
                && !OBSERVED.contains(name)
                && !said.iter().any(|text| text.contains(&format!("[{name}]")))
        })
        .collect();
    assert!(missing.is_empty(), "no case in tests/broken shows {missing:?}");
}
