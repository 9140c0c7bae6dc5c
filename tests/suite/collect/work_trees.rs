//! Work trees of git in all their forms: clones, submodules, linked work trees, bare repositories.

use std::fs;
use std::os::unix::fs::symlink;

use milepost::collect::snapshot::{RepositoryState, Revision, SourceState};
use milepost::settings::{Exclusion, Repositories};

use super::{Place, file, paths, reason, refused, report, repository};

#[test]
fn names_and_addresses_come_from_the_remote_without_credentials() {
    let place = Place::new();
    place.write("one/service.yaml", "serviceId: one\n");
    place.init("one");
    place.git("one", &["remote", "add", "origin", "https://user:token@github.com/example/quote.git"]);
    let commit = place.commit("one", "2026-03-01");
    place.write("two/service.yaml", "serviceId: two\n");
    place.init("two");
    place.git("two", &["remote", "add", "origin", "/srv/git/two.git"]);
    place.commit("two", "2026-03-01");
    let snapshot = place.collect(Repositories::Auto);
    assert_eq!(paths(&snapshot), ["example/quote: service.yaml", "two: service.yaml"]);
    let quote = repository(&snapshot, "example/quote");
    assert_eq!(quote.url.as_deref(), Some("https://github.com/example/quote"));
    assert_eq!(quote.revision, Revision::Commit(commit.as_str().into()));
    let last = quote.last_commit.as_ref().expect("a commit");
    assert_eq!((&*last.author, last.at.to_string().as_str()), ("Wren", "2026-03-01T12:00:00Z"));
    assert_eq!(repository(&snapshot, "two").url, None);
    assert_eq!(report(&snapshot).state, SourceState::Ok);
}

#[test]
fn an_exclusion_knows_the_name_that_git_gives() {
    let mut place = Place::new();
    place.write("checkout/service.yaml", "serviceId: one\n");
    place.init("checkout");
    place.git("checkout", &["remote", "add", "origin", "git@github.com:example/attic.git"]);
    place.commit("checkout", "2026-03-01");
    place.exclude =
        vec![Exclusion { repository: "attic".into(), reason: "old".into(), by: None, until: None }];
    let snapshot = place.collect(Repositories::Auto);
    assert!(matches!(repository(&snapshot, "example/attic").state, RepositoryState::Excluded { .. }));
    assert!(snapshot.files.is_empty());
}

#[test]
fn a_submodule_and_a_clone_inside_are_repositories_of_their_own() {
    let place = Place::new();
    place.write("library/service.yaml", "serviceId: library\n");
    place.init("library");
    place.commit("library", "2026-01-01");
    place.write("all/mono/service.yaml", "serviceId: mono\n");
    place.init("all/mono");
    let library = place.at("library").display().to_string();
    place.git("all/mono", &["submodule", "--quiet", "add", &library, "deps/library"]);
    place
        .git("all/mono/deps/library", &["remote", "set-url", "origin", "git@github.com:example/library.git"]);
    let mono = place.commit("all/mono", "2026-02-01");
    place.write("all/mono/clones/inner/service.yaml", "serviceId: inner\n");
    place.init("all/mono/clones/inner");
    place.commit("all/mono/clones/inner", "2026-02-02");
    assert!(place.at("all/mono/deps/library/.git").is_file());
    let snapshot = place.collect_at("all", Repositories::Auto);
    assert_eq!(
        paths(&snapshot),
        ["example/library: service.yaml", "inner: service.yaml", "mono: service.yaml"]
    );
    assert_eq!(repository(&snapshot, "mono").revision, Revision::Commit(mono.as_str().into()));
    assert!(snapshot.files.iter().all(|file| file.last_change.is_some()));
    assert_eq!(report(&snapshot).state, SourceState::Ok);
}

#[test]
fn a_linked_work_tree_shows_what_is_checked_out_there() {
    let place = Place::new();
    place.write("main/service.yaml", "serviceId: one\n");
    place.init("main");
    place.commit("main", "2026-01-01");
    fs::create_dir_all(place.at("trees")).expect("a folder");
    place.git("main", &["worktree", "add", "--quiet", "-b", "next", "../trees/next"]);
    place.write("trees/next/service.yaml", "serviceId: two\n");
    let next = place.commit("trees/next", "2026-02-01");
    let snapshot = place.collect_at("trees", Repositories::Auto);
    assert_eq!(repository(&snapshot, "next").revision, Revision::Commit(next.as_str().into()));
    let change = file(&snapshot, "service.yaml").last_change.as_ref().expect("a commit");
    assert_eq!(change.at.to_string(), "2026-02-01T12:00:00Z");
}

#[test]
fn a_folder_inside_a_work_tree_is_part_of_it() {
    let place = Place::new();
    place.write("mono/services/a/service.yaml", "doc: ../../docs/shared.md\n");
    place.write("mono/docs/shared.md", "# Shared");
    place.write("mono/service.yaml", "serviceId: outside-of-the-source\n");
    place.init("mono");
    place.git("mono", &["remote", "add", "origin", "git@github.com:example/mono.git"]);
    place.commit("mono", "2026-01-01");
    for cut in [Repositories::Auto, Repositories::Own] {
        let snapshot = place.collect_at("mono/services", cut);
        assert_eq!(
            paths(&snapshot),
            ["example/mono: docs/shared.md", "example/mono: services/a/service.yaml"]
        );
        assert!(snapshot.files.iter().all(|file| file.last_change.is_some()));
    }
}

#[test]
fn a_folder_that_the_work_tree_around_it_does_not_know_stands_alone() {
    let place = Place::new();
    place.write("mono/README.md", "mono");
    place.init("mono");
    place.commit("mono", "2026-01-01");
    place.write("mono/build/service.yaml", "serviceId: built\n");
    let snapshot = place.collect_at("mono/build", Repositories::Auto);
    assert_eq!(paths(&snapshot), ["build: service.yaml"]);
    assert!(matches!(repository(&snapshot, "build").revision, Revision::Digest(_)));
    assert_eq!(report(&snapshot).state, SourceState::Ok);
}

#[test]
fn a_bare_repository_is_listed_as_unreadable() {
    let place = Place::new();
    place.write("quote/service.yaml", "serviceId: quote\n");
    place.init("quote");
    fs::create_dir_all(place.at("mirror.git")).expect("a folder");
    place.git("mirror.git", &["init", "--quiet", "--bare"]);
    for cut in [Repositories::Auto, Repositories::Children] {
        let snapshot = place.collect(cut);
        let state = &repository(&snapshot, "mirror.git").state;
        assert!(
            matches!(state, RepositoryState::Unreadable { reason } if reason.starts_with("bare")),
            "{state:?}"
        );
        assert_eq!(reason(&snapshot), "`mirror.git`: bare git repository: nothing is checked out");
    }
}

#[test]
fn before_the_first_commit_there_is_no_history_and_nothing_is_missing() {
    let place = Place::new();
    place.write("quote/service.yaml", "serviceId: quote\n");
    place.init("quote");
    let snapshot = place.collect(Repositories::Auto);
    assert_eq!(file(&snapshot, "service.yaml").last_change, None);
    assert!(matches!(repository(&snapshot, "quote").revision, Revision::Digest(_)));
    assert_eq!(report(&snapshot).state, SourceState::Ok);
}

#[test]
fn files_are_read_though_their_history_is_not() {
    for damage in ["no-folder", "empty", "link", "head", "objects"] {
        let place = Place::new();
        place.write("quote/service.yaml", "serviceId: quote\n");
        place.init("quote");
        place.commit("quote", "2026-01-01");
        let git = place.at("quote/.git");
        match damage {
            "no-folder" => {
                fs::remove_dir_all(&git).expect("removed");
                fs::write(&git, "gitdir: /nowhere/at/all\n").expect("a file");
            }
            "empty" => {
                fs::remove_dir_all(&git).expect("removed");
                fs::create_dir(&git).expect("a folder");
            }
            "link" => {
                fs::rename(&git, place.at("elsewhere")).expect("moved");
                symlink("../elsewhere", &git).expect("a link");
            }
            "head" => fs::write(git.join("HEAD"), "\0\0not a reference").expect("damage"),
            _ => fs::remove_dir_all(git.join("objects")).expect("removed"),
        }
        let snapshot = place.collect(Repositories::Auto);
        assert_eq!(paths(&snapshot), ["quote: service.yaml"], "{damage}");
        assert_eq!(file(&snapshot, "service.yaml").last_change, None, "{damage}");
        assert_eq!(report(&snapshot).state, SourceState::Partial, "{damage}");
        assert!(reason(&snapshot).contains("`quote`: its history cannot be read: "), "{}", reason(&snapshot));
        let refused = refused(repository(&snapshot, "quote"));
        assert!(refused[0].starts_with(".git: "), "{refused:?}");
        // Pages of two machines must not differ by where the repositories lie.
        let here = place.at("").display().to_string();
        assert!(!refused[0].contains(here.trim_end_matches('/')), "{refused:?}");
    }
}

#[test]
fn a_work_tree_of_another_user_is_read_all_the_same() {
    let place = Place::new();
    place.write("quote/service.yaml", "serviceId: quote\n");
    place.init("quote");
    place.git("quote", &["remote", "add", "origin", "git@github.com:example/quote.git"]);
    place.commit("quote", "2026-01-01");
    for path in ["quote", "quote/.git"] {
        if std::os::unix::fs::chown(place.at(path), Some(12_345), Some(12_345)).is_err() {
            // Only root may give files away.
            return;
        }
    }
    let snapshot = place.collect(Repositories::Auto);
    assert_eq!(paths(&snapshot), ["example/quote: service.yaml"]);
    assert!(file(&snapshot, "service.yaml").last_change.is_some());
    assert_eq!(report(&snapshot).state, SourceState::Ok);
}
