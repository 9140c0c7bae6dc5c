//! What is built from a small organisation, to the letter: the paths of the site, the published JSON, and
//! one page of each kind. See `tests/orgs/README.md`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use milepost::render::pages;

use super::example::{Site, judged, rendered};
use super::folders::{copied, files_below};

/// The switch that rewrites what is expected: look at the difference before you commit it.
const BLESS: &str = "MILEPOST_BLESS";

/// The page that stands for each kind.
const PAGES: &[(&str, &str)] = &[
    ("account", "accounts/012345678901/index.html"),
    ("account_resources", "resources/012345678901/index.html"),
    ("accounts", "accounts/index.html"),
    ("adoption", "adoption/index.html"),
    ("adoption_list", "adoption/_owner-metadata-coverage/index.html"),
    ("alias", "services/ticket-shop/index.html"),
    ("changes", "changes/index.html"),
    ("conflict", "services/berth-planner/index.html"),
    ("costs", "costs/index.html"),
    ("coverage", "coverage/index.html"),
    ("document", "services/tickets/runbook/index.html"),
    ("drift", "drift/index.html"),
    ("environments", "environments/index.html"),
    ("evidence", "evidence/index.html"),
    ("exception", "exceptions/EX-2026-0001/index.html"),
    ("exceptions", "exceptions/index.html"),
    ("expressions", "expressions/index.html"),
    ("framework", "evidence/soc2/index.html"),
    ("golden_path", "golden-paths/http-service/index.html"),
    ("golden_paths", "golden-paths/index.html"),
    ("home", "index.html"),
    ("names", NAMES),
    ("problems", "problems/index.html"),
    ("resources", "resources/index.html"),
    ("rule", "scorecards/basics/alarms-declared/index.html"),
    ("scorecard", "scorecards/basics/index.html"),
    ("scorecards", "scorecards/index.html"),
    ("service", "services/tickets/index.html"),
    ("services", "services/index.html"),
    ("team", "teams/crossings/index.html"),
    ("teams", "teams/index.html"),
    ("who", "who/index.html"),
];

/// A page that only many services bring about.
const NAMES: &str = "scorecards/basics/owner-known/_passing/index.html";

/// As many services as it takes for the names that a page counts to have a page of their own.
const BUOYS: usize = 210;

fn organisation() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/orgs/lake-ferries")
}

#[test]
fn the_output_of_a_small_organisation_is_what_was_agreed() {
    let catalog = organisation().join("catalog");
    let site = rendered(&judged(&catalog));
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    let paths: Vec<String> = site.keys().map(|path| without_fingerprint(path)).collect();
    found.insert("paths.txt".to_owned(), paths.join("\n") + "\n");
    for (path, bytes) in site.iter().filter(|(path, _)| path.starts_with("api/")) {
        let json: serde_json::Value = serde_json::from_slice(bytes).expect("JSON");
        found.insert(path.clone(), serde_json::to_string_pretty(&json).expect("it was JSON") + "\n");
    }
    let crowded = crowded(&catalog);
    for (kind, path) in PAGES {
        let site = if *path == NAMES { &crowded } else { &site };
        let html = site.get(*path).unwrap_or_else(|| panic!("no {path} for the kind `{kind}`"));
        found.insert(format!("pages/{kind}.html"), main(std::str::from_utf8(html).expect("UTF-8")));
    }
    compare(&organisation().join("expected"), &found);
}

#[test]
fn every_kind_of_page_is_pinned() {
    let kinds: BTreeSet<String> = pages::templates()
        .iter()
        .filter_map(|template| Some(template.name.strip_prefix("pages/")?.strip_suffix(".html")?.to_owned()))
        .collect();
    let pinned: BTreeSet<String> = PAGES.iter().map(|(kind, _)| (*kind).to_owned()).collect();
    assert_eq!(kinds, pinned);
}

/// The site of the same organisation with many services more.
fn crowded(catalog: &Path) -> Site {
    let folder = tempfile::tempdir().expect("a folder");
    let copy = copied(catalog, &folder.path().join("catalog"));
    let mut buoys = String::new();
    for number in 0..BUOYS {
        let _ = writeln!(buoys, "---\nserviceId: buoy-{number:03}\nownerTeam: platform");
    }
    fs::create_dir_all(copy.join("repositories/buoys")).expect("it can be made");
    fs::write(copy.join("repositories/buoys/service.yaml"), buoys).expect("it can be written");
    rendered(&judged(&copy))
}

/// The `<main>` of a page.
fn main(html: &str) -> String {
    let from = html.find("<main").expect("a page has a main part");
    let to = html.find("</main>").expect("which ends");
    format!("{}</main>\n", &html[from..to])
}

/// `portal.3f9a0b1c2d.css` as `portal.*.css`.
fn without_fingerprint(path: &str) -> String {
    if !path.starts_with("assets/") {
        return path.to_owned();
    }
    let is_fingerprint = |part: &str| part.len() == 10 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    let parts: Vec<&str> =
        path.split('.').map(|part| if is_fingerprint(part) { "*" } else { part }).collect();
    parts.join(".")
}

/// Compares `found` with the files in `folder`, or writes them when told to.
fn compare(folder: &Path, found: &BTreeMap<String, String>) {
    let expected: BTreeMap<String, String> = files_below(folder)
        .into_iter()
        .map(|path| {
            let name = path.strip_prefix(folder).expect("below").to_string_lossy().replace('\\', "/");
            (name, fs::read_to_string(&path).expect("text"))
        })
        .collect();
    if std::env::var_os(BLESS).is_some() {
        expected.keys().filter(|name| !found.contains_key(*name)).for_each(|name| {
            fs::remove_file(folder.join(name)).expect("it can be removed");
        });
        for (name, text) in found {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("it can be made");
            fs::write(path, text).expect("it can be written");
        }
        return;
    }
    let mut differences = String::new();
    for name in found.keys().chain(expected.keys()).collect::<BTreeSet<_>>() {
        match (expected.get(name), found.get(name)) {
            (Some(expected), Some(found)) if expected == found => {}
            (Some(expected), Some(found)) => {
                let same = expected.lines().zip(found.lines()).take_while(|(old, new)| old == new).count();
                let line = |text: &str| text.lines().nth(same).unwrap_or("(the end)").to_owned();
                let _ = writeln!(
                    differences,
                    "{name}, line {}:\n  expected: {}\n  found:    {}",
                    same + 1,
                    line(expected),
                    line(found)
                );
            }
            (None, _) => drop(writeln!(differences, "{name} is new")),
            (_, None) => drop(writeln!(differences, "{name} is no longer written")),
        }
    }
    assert!(
        differences.is_empty(),
        "{differences}if that is meant: {BLESS}=1 cargo test --test suite golden, and read `git diff`"
    );
}
