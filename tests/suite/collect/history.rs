//! When files first and last changed, and what they held.

use std::fs;

use milepost::collect;
use milepost::collect::snapshot::{CatalogFolder, Commit, File, Revision, SourceState};
use milepost::settings::{Limits, Repositories};

use super::{Place, file, reason, refused, report, repository};

/// The day of a commit, or `-`.
fn day(commit: &Option<Commit>) -> String {
    commit.as_ref().map_or_else(|| "-".to_owned(), |commit| commit.at.to_string()[..10].to_owned())
}

/// Days of the first and of the last change.
fn days(file: &File) -> [String; 2] {
    [day(&file.first_change), day(&file.last_change)]
}

fn first_text(file: &File) -> String {
    file.first_text.as_ref().map_or_else(|| "-".to_owned(), |text| text.read().to_string())
}

#[test]
fn first_and_last_change_of_each_path_are_known() {
    let place = Place::new();
    place.init("quote");
    place.write("quote/README.md", "hello");
    place.commit("quote", "2026-01-01");
    place.write("quote/service.yaml", "serviceId: quote\ndoc: docs/runbook.md\n");
    place.commit("quote", "2026-01-02");
    place.write("quote/docs/runbook.md", "# Runbook");
    place.commit("quote", "2026-01-03");
    place.write("quote/service.yaml", "serviceId: quote\nownerTeam: a\ndoc: docs/runbook.md\n");
    place.commit("quote", "2026-01-04");
    place.write("quote/README.md", "bye");
    place.commit("quote", "2026-01-05");
    for packed in [false, true] {
        if packed {
            place.git("quote", &["gc", "--quiet"]);
        }
        let snapshot = place.collect(Repositories::Auto);
        let descriptor = file(&snapshot, "service.yaml");
        assert_eq!(days(descriptor), ["2026-01-02", "2026-01-04"]);
        assert_eq!(first_text(descriptor), "serviceId: quote\ndoc: docs/runbook.md\n");
        let document = file(&snapshot, "docs/runbook.md");
        assert_eq!(days(document), ["2026-01-03", "2026-01-03"]);
        assert_eq!(first_text(document), "-", "only descriptors need it");
        assert_eq!(day(&repository(&snapshot, "quote").last_commit), "2026-01-05");
    }
}

#[test]
fn what_lies_on_disk_counts_committed_or_not() {
    let place = Place::new();
    place.init("quote");
    place.write("quote/service.yaml", "serviceId: quote\n");
    place.write("quote/back/service.yaml", "serviceId: back\n");
    place.commit("quote", "2026-01-01");
    fs::remove_file(place.at("quote/back/service.yaml")).expect("removed");
    place.commit("quote", "2026-01-02");
    place.write("quote/service.yaml", "serviceId: modified\n");
    place.write("quote/new/service.yaml", "serviceId: new\n");
    place.write("quote/staged/service.yaml", "serviceId: staged\n");
    place.git("quote", &["add", "staged"]);
    place.write("quote/back/service.yaml", "serviceId: back\n");
    let snapshot = place.collect(Repositories::Auto);
    let modified = file(&snapshot, "service.yaml");
    assert_eq!(days(modified), ["2026-01-01", "2026-01-01"]);
    assert_eq!(first_text(modified), "serviceId: quote\n");
    for untracked in ["new/service.yaml", "staged/service.yaml", "back/service.yaml"] {
        assert_eq!(days(file(&snapshot, untracked)), ["-", "-"], "{untracked}");
    }
    assert_eq!(report(&snapshot).state, SourceState::Ok);
}

#[test]
fn a_revert_is_the_last_change_and_a_return_keeps_the_beginning() {
    let place = Place::new();
    place.init("quote");
    for (day, text) in [("2026-01-01", "a"), ("2026-01-02", "b"), ("2026-01-03", "a")] {
        place.write("quote/service.yaml", text);
        place.commit("quote", day);
    }
    assert_eq!(days(file(&place.collect(Repositories::Auto), "service.yaml")), ["2026-01-01", "2026-01-03"]);
    fs::remove_file(place.at("quote/service.yaml")).expect("removed");
    place.commit("quote", "2026-01-04");
    place.write("quote/service.yaml", "a");
    place.commit("quote", "2026-01-05");
    assert_eq!(days(file(&place.collect(Repositories::Auto), "service.yaml")), ["2026-01-01", "2026-01-05"]);
}

#[test]
fn a_merge_counts_only_for_what_none_of_its_sides_had() {
    let place = Place::new();
    place.init("quote");
    for name in ["a", "b", "both"] {
        place.write(&format!("quote/{name}/service.yaml"), "one\n");
    }
    place.commit("quote", "2026-01-01");
    place.git("quote", &["switch", "--quiet", "--create", "side"]);
    place.write("quote/a/service.yaml", "side\n");
    place.write("quote/both/service.yaml", "side\n");
    place.commit("quote", "2026-01-02");
    place.git("quote", &["switch", "--quiet", "main"]);
    place.write("quote/b/service.yaml", "main\n");
    place.write("quote/both/service.yaml", "main\n");
    place.commit("quote", "2026-01-03");
    place.git_on("quote", "2026-01-04", &["merge", "--quiet", "--no-commit", "-X", "ours", "side"]);
    place.write("quote/both/service.yaml", "neither\n");
    place.commit("quote", "2026-01-04");
    let snapshot = place.collect(Repositories::Auto);
    assert_eq!(days(file(&snapshot, "a/service.yaml")), ["2026-01-01", "2026-01-02"]);
    assert_eq!(days(file(&snapshot, "b/service.yaml")), ["2026-01-01", "2026-01-03"]);
    assert_eq!(days(file(&snapshot, "both/service.yaml")), ["2026-01-01", "2026-01-04"]);
}

#[test]
fn behind_the_boundary_of_a_shallow_clone_nothing_is_claimed() {
    let place = Place::new();
    place.init("origin");
    place.write("origin/old/service.yaml", "old\n");
    place.write("origin/changed/service.yaml", "one\n");
    place.commit("origin", "2026-01-01");
    place.write("origin/README.md", "hello");
    place.commit("origin", "2026-01-02");
    place.write("origin/changed/service.yaml", "two\n");
    place.write("origin/new/service.yaml", "new\n");
    place.commit("origin", "2026-01-03");
    let url = format!("file://{}", place.at("origin").display());
    fs::create_dir(place.at("clones")).expect("a folder");
    place.git("clones", &["clone", "--quiet", "--depth", "2", &url, "quote"]);
    let snapshot = place.collect_at("clones", Repositories::Auto);
    assert_eq!(days(file(&snapshot, "old/service.yaml")), ["-", "-"]);
    assert_eq!(days(file(&snapshot, "changed/service.yaml")), ["-", "2026-01-03"]);
    assert_eq!(days(file(&snapshot, "new/service.yaml")), ["2026-01-03", "2026-01-03"]);
    assert_eq!(first_text(file(&snapshot, "changed/service.yaml")), "-");
    assert_eq!(report(&snapshot).state, SourceState::Partial);
    assert!(reason(&snapshot).contains("shallow"), "{}", reason(&snapshot));
}

#[test]
fn repositories_with_longer_hashes_are_read_too() {
    let place = Place::new();
    fs::create_dir(place.at("quote")).expect("a folder");
    place.git("quote", &["init", "--quiet", "--object-format=sha256"]);
    place.write("quote/service.yaml", "serviceId: quote\n");
    let commit = place.commit("quote", "2026-01-01");
    assert_eq!(commit.len(), 64);
    let snapshot = place.collect(Repositories::Auto);
    assert_eq!(repository(&snapshot, "quote").revision, Revision::Commit(commit.as_str().into()));
    assert_eq!(days(file(&snapshot, "service.yaml")), ["2026-01-01", "2026-01-01"]);
}

#[test]
fn an_author_is_shown_as_written() {
    let place = Place::new();
    place.init("quote");
    place.write("quote/service.yaml", "serviceId: quote\n");
    place.git("quote", &["add", "--all"]);
    place.git("quote", &["-c", "user.name=Åsa <b>", "commit", "--quiet", "--message", "x"]);
    let snapshot = place.collect(Repositories::Auto);
    let change = file(&snapshot, "service.yaml").last_change.clone().expect("a commit");
    assert_eq!(&*change.author, "Åsa b");
}

/// The catalog folder in the work tree at `platform/catalog`.
fn catalog(place: &Place, history: bool) -> CatalogFolder {
    collect::catalog_folder(&place.at("platform/catalog"), history, Limits::default()).expect("the folder")
}

#[test]
fn every_revision_of_an_exception_is_kept_from_old_to_new() {
    let place = Place::new();
    place.init("platform");
    place.git("platform", &["remote", "add", "origin", "git@github.com:example/platform.git"]);
    place.write("platform/catalog/milepost.yaml", "organisation: {name: Example}\n");
    place.write("platform/catalog/teams/web.yaml", "teamId: web\n");
    for (day, end) in
        [("2026-01-01", "2026-06-01"), ("2026-05-20", "2026-09-01"), ("2026-08-30", "2026-12-01")]
    {
        place.write("platform/catalog/exceptions/EX-1.yaml", format!("expiresAt: {end}\n"));
        place.commit("platform", day);
    }
    let folder = catalog(&place, true);
    let paths: Vec<&str> = folder.files.iter().map(|file| &*file.path).collect();
    assert_eq!(paths, ["exceptions/EX-1.yaml", "milepost.yaml", "teams/web.yaml"]);
    let exception = &folder.files[0];
    assert_eq!(days(exception), ["2026-01-01", "2026-08-30"]);
    let history: Vec<String> = exception
        .history
        .iter()
        .map(|revision| {
            format!("{} {}", day(&Some(revision.commit.clone())), revision.text.read().trim_end())
        })
        .collect();
    assert_eq!(
        history,
        [
            "2026-01-01 expiresAt: 2026-06-01",
            "2026-05-20 expiresAt: 2026-09-01",
            "2026-08-30 expiresAt: 2026-12-01"
        ]
    );
    assert!(folder.files[2].history.is_empty());
    assert_eq!((&*folder.folder, &*folder.repository.name), ("catalog", "catalog"));
    assert_eq!(folder.repository.url.as_deref(), Some("https://github.com/example/platform"));
    assert!(matches!(folder.repository.revision, Revision::Commit(_)));
}

#[test]
fn without_history_the_catalog_folder_is_its_digest() {
    let place = Place::new();
    place.init("platform");
    place.write("platform/catalog/exceptions/EX-1.yaml", "expiresAt: 2026-06-01\n");
    place.commit("platform", "2026-01-01");
    let folder = catalog(&place, false);
    assert!(matches!(folder.repository.revision, Revision::Digest(_)));
    assert_eq!(days(&folder.files[0]), ["-", "-"]);
    assert!(refused(&folder.repository).is_empty());
}

#[test]
fn a_catalog_folder_of_a_shallow_clone_says_so() {
    let place = Place::new();
    place.init("origin");
    for day in ["2026-01-01", "2026-01-02"] {
        place.write("origin/catalog/exceptions/EX-1.yaml", format!("expiresAt: {day}\n"));
        place.write("origin/catalog/exceptions/EX-2.yaml", "expiresAt: 2026-06-01\n");
        place.commit("origin", day);
    }
    let url = format!("file://{}", place.at("origin").display());
    place.git("", &["clone", "--quiet", "--depth", "1", &url, "platform"]);
    let folder = catalog(&place, true);
    assert_eq!(days(&folder.files[0]), ["-", "-"]);
    assert!(
        refused(&folder.repository)[0].starts_with(".git: the clone is shallow"),
        "{:?}",
        refused(&folder.repository)
    );
}
