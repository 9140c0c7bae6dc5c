//! House rules that can be checked by reading: who imports whom, file headers, file lengths, names,
//! and that every page has its template.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Whom each part of the house may import. `commands`, `main` and `lib` may import everything.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("words", &[]),
    ("day", &[]),
    ("exit_code", &[]),
    ("secrets", &[]),
    ("cli", &["exit_code"]),
    ("diagnostic", &["words", "day"]),
    ("settings", &["words", "day", "diagnostic"]),
    ("aws", &["day", "settings"]),
    ("collect", &["words", "day", "diagnostic", "secrets", "settings", "aws"]),
    ("catalog", &["words", "day", "diagnostic", "secrets", "settings", "collect"]),
    ("audience", &["secrets", "collect", "catalog"]),
    ("assess", &["words", "day", "diagnostic", "catalog", "collect"]),
    ("render", &["words", "day", "diagnostic", "catalog", "audience", "assess", "collect"]),
    // A pack holds what was collected, too, so it sees the files of snapshots.
    (
        "evidence",
        &[
            "words",
            "day",
            "diagnostic",
            "catalog",
            "assess",
            "collect",
            "collect::snapshot_file",
            "collect::exclusion",
            "render",
        ],
    ),
    ("publish", &["words", "day", "render", "settings", "aws"]),
];

/// What other stages may see of `collect`: the types it yields, not how they are collected.
const SNAPSHOT_TYPES: &[&str] = &["collect::snapshot", "collect::survey", "collect::text"];

/// Files over 400 lines, each with the reason why it is not cut.
const LONG_FILES: &[(&str, &str)] = &[("src/render/markdown/hostile.rs", "a list of payloads, one a line")];

/// Files outside `commands` that look at the environment, each with the reason.
const LOOKING_OUT: &[(&str, &str)] = &[
    ("src/render/search/tests.rs", "compares with the files of another writer, when told where they are"),
    ("src/publish/folder/tests.rs", "a test that starts itself again, to be killed"),
];

/// Names that mean "unsorted".
const UNSORTED: &[&str] = &["util", "utils", "helper", "helpers", "common", "misc", "manager", "imp"];

const LONGEST_FILE: usize = 400;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below `folder` with one of `extensions`, relative to the root, sorted.
fn files(folder: &str, extensions: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut waiting = vec![root().join(folder)];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                if path.file_name().is_none_or(|name| name != "node_modules") {
                    waiting.push(path);
                }
            } else if path.extension().is_some_and(|ending| extensions.iter().any(|known| *known == ending)) {
                found.push(path.strip_prefix(root()).expect("it lies below the root").to_owned());
            }
        }
    }
    found.sort();
    found
}

fn text(path: &Path) -> String {
    fs::read_to_string(root().join(path)).expect("source files are text")
}

/// The part of the house a source file belongs to.
fn part(path: &Path) -> String {
    let first = path.components().nth(1).expect("it lies in src").as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

/// What a source file imports from the crate, as `module` or `module::item`.
fn imports(text: &str) -> BTreeSet<String> {
    text.match_indices("crate::")
        .filter(|(at, _)| !text[..*at].ends_with('$'))
        .map(|(at, _)| {
            let rest = &text[at + "crate::".len()..];
            let end =
                rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).unwrap_or(rest.len());
            let mut parts = rest[..end].split("::").filter(|part| !part.is_empty());
            let module = parts.next().unwrap_or_default();
            parts.next().map_or_else(|| module.to_owned(), |item| format!("{module}::{item}"))
        })
        .filter(|path| !path.is_empty())
        .collect()
}

#[test]
fn every_part_imports_only_what_stands_before_it() {
    let allowed: BTreeMap<_, _> = MAY_IMPORT.iter().copied().collect();
    let mut wrong = Vec::new();
    for path in files("src", &["rs"]) {
        let part = part(&path);
        let Some(allowed) = allowed.get(part.as_str()) else {
            assert!(
                ["main", "lib", "commands"].contains(&part.as_str()),
                "`{part}` has no line in MAY_IMPORT"
            );
            continue;
        };
        for import in imports(&text(&path)) {
            let module = import.split("::").next().unwrap_or_default();
            let own = module == part;
            let snapshot_only = module == "collect" && !["settings", "collect"].contains(&part.as_str());
            let permitted = own
                || (allowed.contains(&module)
                    && (!snapshot_only
                        || SNAPSHOT_TYPES.contains(&import.as_str())
                        || allowed.contains(&import.as_str())));
            if !permitted {
                wrong.push(format!("{} imports `{import}`", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_says_what_it_is_responsible_for() {
    let mut silent = Vec::new();
    let begins = |path: &PathBuf, marks: &[&str]| {
        let text = text(path);
        marks.iter().any(|mark| text.trim_start_matches("#!/usr/bin/env node\n").starts_with(mark))
    };
    silent.extend(files("src", &["rs"]).into_iter().filter(|path| !begins(path, &["//! ", "#![doc"])));
    silent.extend(files("tests", &["rs"]).into_iter().filter(|path| !begins(path, &["//! "])));
    silent.extend(files("assets", &["css", "js"]).into_iter().filter(|path| !begins(path, &["/*", "//"])));
    silent.extend(files("site-templates", &["html"]).into_iter().filter(|path| !begins(path, &["{#"])));
    silent.extend(files("tests", &["mjs", "js"]).into_iter().filter(|path| !begins(path, &["/*", "//"])));
    assert!(silent.is_empty(), "without a header: {silent:?}");
}

#[test]
fn no_file_is_longer_than_a_reader_can_hold() {
    let mut long = Vec::new();
    for path in files("src", &["rs"]).into_iter().chain(files("tests", &["rs", "mjs"])) {
        let lines = text(&path).lines().count();
        let excused = LONG_FILES.iter().any(|(known, _)| path == Path::new(known));
        if lines > LONGEST_FILE && !excused {
            long.push(format!("{}: {lines} lines", path.display()));
        }
        assert!(!excused || lines > LONGEST_FILE, "{} needs no excuse any more", path.display());
    }
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn no_name_means_unsorted() {
    let unsorted: Vec<_> = ["src", "tests", "assets", "site-templates"]
        .iter()
        .flat_map(|folder| files(folder, &["rs", "js", "mjs", "css", "html"]))
        .filter(|path| path.file_stem().is_some_and(|stem| UNSORTED.iter().any(|name| *name == stem)))
        .collect();
    assert!(unsorted.is_empty(), "{unsorted:?}");
}

#[test]
fn nothing_is_left_for_later() {
    // Put together here so that this file does not find itself.
    let marks = [["TO", "DO"].concat(), ["FIX", "ME"].concat(), ["unimple", "mented"].concat()];
    let mut left = Vec::new();
    for path in files("src", &["rs"]).into_iter().chain(files("assets", &["css", "js"])) {
        for (number, line) in text(&path).lines().enumerate() {
            let comment = line.find("//").map_or("", |at| line[at..].trim_start_matches(['/', '!', ' ']));
            if marks
                .iter()
                .any(|mark| comment.starts_with(mark.as_str()) || line.contains(&format!("{mark}!(")))
            {
                left.push(format!("{}:{}", path.display(), number + 1));
            }
        }
    }
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn every_page_has_its_template_and_every_template_its_page() {
    // A page that is split has a folder of its name beside its file; only the file counts.
    let names = |folder: &str, ending: &str| -> BTreeSet<String> {
        files(folder, &[ending])
            .iter()
            .filter(|path| path.parent() == Some(Path::new(folder)))
            .filter_map(|path| Some(path.file_stem()?.to_string_lossy().replace('_', "-")))
            .filter(|name| name != "mod")
            .collect()
    };
    let pages = names("src/render/pages", "rs");
    let templates = names("site-templates/pages", "html");
    let lonely: Vec<_> = pages.symmetric_difference(&templates).collect();
    assert!(lonely.is_empty(), "page without template, or template without page: {lonely:?}");
}

#[test]
fn only_commands_look_at_the_clock_and_the_environment() {
    let doors = ["Moment::now(", "Timestamp::now(", "SystemTime::now(", "env::var", "env::current_dir"];
    let mut looking = Vec::new();
    for path in files("src", &["rs"]) {
        let excused = LOOKING_OUT.iter().any(|(known, _)| path == Path::new(known));
        if excused || part(&path) == "commands" || path == Path::new("src/day.rs") {
            continue;
        }
        let text = text(&path);
        looking.extend(doors.iter().filter(|door| text.contains(**door)).map(|door| (path.clone(), *door)));
    }
    assert!(looking.is_empty(), "{looking:?}");
}
