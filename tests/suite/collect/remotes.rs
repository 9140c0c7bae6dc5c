//! The git source: remotes over HTTP and from the disk, and clones in a folder.

use std::path::Path;

use axum::http::StatusCode;
use milepost::collect::snapshot::{Content, RepositoryState, Revision, Snapshot, SourceState};
use milepost::settings::{Remote, Source, SourceKind};

use super::git_daemon::GitDaemon;
use super::http_git::{Fault, HttpGit};
use super::{Place, collect_sources, file, paths, reason, refused, report, repository};

const RECORD: &str = "serviceId: quote\ndoc: docs/runbook.md\n";

impl Place {
    /// A bare repository at `path`, with a clone to work in at `work/NAME`.
    pub(super) fn bare(&self, path: &str) {
        self.init(&format!("work/{path}"));
        std::fs::create_dir_all(self.at("served")).expect("a folder");
        let bare = self.at(&format!("served/{path}.git"));
        let bare = bare.to_str().expect("text");
        self.git("", &["init", "--quiet", "--bare", bare]);
        self.git(&format!("work/{path}"), &["remote", "add", "origin", bare]);
    }

    /// Writes files in the clone `name`, commits and pushes them.
    pub(super) fn push(&self, name: &str, day: &str, files: &[(&str, &str)]) -> String {
        let work = format!("work/{name}");
        for (path, text) in files {
            self.write(&format!("{work}/{path}"), text);
        }
        let commit = self.commit(&work, day);
        self.git(&work, &["push", "--quiet", "--force", "origin", "HEAD:main"]);
        commit
    }

    fn collect_remotes(&self, urls: &[&str]) -> Snapshot {
        let remote = |url: &&str| Remote::parse(url, Path::new("/"), true).expect("an address");
        collect_sources(vec![Source {
            name: "remotes".into(),
            kind: SourceKind::Git,
            path: self.at("mirrors"),
            remotes: urls.iter().map(remote).collect(),
            exclude: self.exclude.clone(),
        }])
    }

    fn collect_clones(&self, path: &str) -> Snapshot {
        collect_sources(vec![Source {
            name: "clones".into(),
            kind: SourceKind::Git,
            path: self.at(path),
            remotes: Vec::new(),
            exclude: self.exclude.clone(),
        }])
    }
}

fn text(content: &Content) -> String {
    match content {
        Content::Text(text) => text.read().to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_remote_is_read_over_http_with_its_history_and_its_documents() {
    let place = Place::new();
    place.bare("quote");
    let first =
        place.push("quote", "2026-01-05", &[("service.yaml", "serviceId: qoute\n"), ("big.bin", "x")]);
    let last =
        place.push("quote", "2026-02-06", &[("service.yaml", RECORD), ("docs/runbook.md", "# Runbook\n")]);
    let server = HttpGit::serve(&place.at("served"));
    let url = server.url("quote.git");
    let snapshot = place.collect_remotes(&[&url]);
    assert_eq!(reason(&snapshot), "");
    assert_eq!(paths(&snapshot), ["quote: docs/runbook.md", "quote: service.yaml"]);
    let record = file(&snapshot, "service.yaml");
    assert_eq!(text(&record.content), RECORD);
    assert_eq!(record.first_change.as_ref().map(|commit| &*commit.id), Some(&*first));
    assert_eq!(record.last_change.as_ref().map(|commit| &*commit.id), Some(&*last));
    assert_eq!(
        record.first_text.as_ref().map(|text| text.read().to_string()).as_deref(),
        Some("serviceId: qoute\n")
    );
    let quote = repository(&snapshot, "quote");
    assert_eq!(quote.revision, Revision::Commit(last.as_str().into()));
    assert_eq!(quote.url.as_deref(), Some(url.trim_end_matches(".git")));

    // A quiet night asks for the branches and for nothing else.
    let cold = server.requests();
    assert_eq!(place.collect_remotes(&[&url]).files, snapshot.files);
    let quiet = server.requests();
    assert!(quiet <= 2 && quiet < cold, "{cold} requests cold, {quiet} on a quiet night");

    // Only what moved is fetched, and what nobody names never is.
    place.push("quote", "2026-03-07", &[("docs/runbook.md", "# Runbook, again\n")]);
    let moved = place.collect_remotes(&[&url]);
    assert_eq!(text(&file(&moved, "docs/runbook.md").content), "# Runbook, again\n");
    let mirror =
        std::fs::read_dir(place.at("mirrors")).expect("mirrors").flatten().next().expect("one").path();
    let mirror = mirror.to_str().expect("text");
    let missing = place.git("", &["--git-dir", mirror, "rev-list", "--objects", "--missing=print", "--all"]);
    assert_eq!(
        missing.lines().filter(|line| line.starts_with('?')).count(),
        1,
        "the file nobody reads: {missing}"
    );
}

#[test]
fn a_git_daemon_is_read_like_any_remote() {
    let place = Place::new();
    place.bare("quote");
    place.push("quote", "2026-01-05", &[("service.yaml", RECORD), ("docs/runbook.md", "# Runbook\n")]);
    let daemon = GitDaemon::serve(&place.at("served"));
    let url = daemon.url("quote.git");
    let snapshot = place.collect_remotes(&[&url]);
    assert_eq!(reason(&snapshot), "");
    assert_eq!(paths(&snapshot), ["quote: docs/runbook.md", "quote: service.yaml"]);
    drop(daemon);
    let away = place.collect_remotes(&[&url]);
    assert!(reason(&away).contains("read as it was before"), "{}", reason(&away));
    assert_eq!(away.files, snapshot.files);
    let carried = repository(&away, "quote").carried.as_ref().map(|carried| carried.since.to_string());
    assert_eq!(carried.as_deref(), Some("2026-11-21T08:00:00Z"));
}

#[test]
fn a_remote_that_does_not_answer_is_shown_as_it_was_and_said() {
    let place = Place::new();
    place.bare("quote");
    place.push("quote", "2026-01-05", &[("service.yaml", RECORD), ("docs/runbook.md", "# Runbook\n")]);
    let server = HttpGit::serve(&place.at("served"));
    let url = server.url("quote.git");
    let whole = place.collect_remotes(&[&url]);
    for (fault, said) in [
        (Fault::Status(StatusCode::SERVICE_UNAVAILABLE), "503"),
        (Fault::Status(StatusCode::TOO_MANY_REQUESTS), "429"),
        (Fault::Status(StatusCode::NOT_FOUND), "not found"),
        (Fault::Status(StatusCode::UNAUTHORIZED), "MILEPOST_GIT_TOKEN"),
        (Fault::Elsewhere, "another address"),
        (Fault::HalfABody, "not fetched"),
    ] {
        server.fail(Some(fault));
        let snapshot = place.collect_remotes(&[&url]);
        assert_eq!(report(&snapshot).state, SourceState::Partial, "{fault:?}");
        assert!(reason(&snapshot).contains(said), "{fault:?}: {}", reason(&snapshot));
        assert!(reason(&snapshot).contains("read as it was before"), "{fault:?}: {}", reason(&snapshot));
        assert_eq!(snapshot.files, whole.files, "{fault:?}");
        server.fail(None);
        assert_eq!(reason(&place.collect_remotes(&[&url])), "", "after {fault:?}");
    }
}

#[test]
fn a_remote_that_never_answered_is_unreadable_and_stops_no_other() {
    let place = Place::new();
    place.bare("quote");
    place.push("quote", "2026-01-05", &[("service.yaml", "serviceId: quote\n")]);
    let server = HttpGit::serve(&place.at("served"));
    let snapshot = place.collect_remotes(&[&server.url("none.git"), &server.url("quote.git")]);
    assert_eq!(paths(&snapshot), ["quote: service.yaml"]);
    assert_eq!(report(&snapshot).state, SourceState::Partial);
    assert!(reason(&snapshot).starts_with("`none`:"), "{}", reason(&snapshot));
    assert!(matches!(repository(&snapshot, "none").state, RepositoryState::Unreadable { .. }));
}

#[test]
fn a_remote_that_fails_night_after_night_stays_unreadable() {
    let place = Place::new();
    place.bare("quote");
    place.push("quote", "2026-01-05", &[("service.yaml", "serviceId: quote\n")]);
    let server = HttpGit::serve(&place.at("served"));
    server.fail(Some(Fault::Status(StatusCode::SERVICE_UNAVAILABLE)));
    for night in 1..=2 {
        let snapshot = place.collect_remotes(&[&server.url("quote.git")]);
        let state = &repository(&snapshot, "quote").state;
        assert!(matches!(state, RepositoryState::Unreadable { .. }), "night {night}: {state:?}");
    }
}

#[test]
fn a_default_branch_that_is_gone_takes_nothing_away() {
    let place = Place::new();
    place.bare("quote");
    place.push("quote", "2026-01-05", &[("service.yaml", "serviceId: quote\n")]);
    let server = HttpGit::serve(&place.at("served"));
    let url = server.url("quote.git");
    place.collect_remotes(&[&url]);
    place.git("served/quote.git", &["symbolic-ref", "HEAD", "refs/heads/none"]);
    let snapshot = place.collect_remotes(&[&url]);
    assert_eq!(paths(&snapshot), ["quote: service.yaml"]);
    assert!(reason(&snapshot).contains("default branch is gone"), "{}", reason(&snapshot));
}

#[test]
fn histories_are_rewritten_and_branches_renamed() {
    let place = Place::new();
    place.bare("quote");
    place.push("quote", "2026-01-05", &[("service.yaml", "serviceId: quote\n")]);
    let server = HttpGit::serve(&place.at("served"));
    let url = server.url("quote.git");
    place.collect_remotes(&[&url]);
    place.git("work/quote", &["checkout", "--quiet", "--orphan", "anew"]);
    let rewritten = place.push("quote", "2026-02-05", &[("service.yaml", "serviceId: quotes\n")]);
    let snapshot = place.collect_remotes(&[&url]);
    assert_eq!(text(&file(&snapshot, "service.yaml").content), "serviceId: quotes\n");
    assert_eq!(repository(&snapshot, "quote").revision, Revision::Commit(rewritten.as_str().into()));
    place.git("served/quote.git", &["branch", "--move", "main", "trunk"]);
    place.git("served/quote.git", &["symbolic-ref", "HEAD", "refs/heads/trunk"]);
    assert_eq!(reason(&place.collect_remotes(&[&url])), "");
}

#[test]
fn an_empty_repository_is_there_and_holds_nothing() {
    let place = Place::new();
    place.bare("quote");
    let server = HttpGit::serve(&place.at("served"));
    let snapshot = place.collect_remotes(&[&server.url("quote.git")]);
    assert_eq!(reason(&snapshot), "");
    assert_eq!(repository(&snapshot, "quote").state, RepositoryState::Read);
    assert!(snapshot.files.is_empty());
}

#[test]
fn clones_are_read_from_their_objects_bare_or_not() {
    let place = Place::new();
    place.bare("quote");
    place.push(
        "quote",
        "2026-01-05",
        &[("service.yaml", "serviceId: quote\n"), ("a/service.yaml", "serviceId: a\n")],
    );
    // Of the clone with a work tree the commit counts, not what lies beside it.
    place.write("work/quote/service.yaml", "serviceId: changed\n");
    let bare = place.collect_clones("served");
    assert_eq!(reason(&bare), "");
    assert_eq!(paths(&bare), ["quote: a/service.yaml", "quote: service.yaml"]);
    let clones = place.collect_clones("work");
    assert_eq!(text(&file(&clones, "service.yaml").content), "serviceId: quote\n");
    assert_eq!(file(&bare, "service.yaml").first_change, file(&clones, "service.yaml").first_change);
}

#[test]
fn links_and_submodules_are_refused_by_their_mode() {
    let place = Place::new();
    place.bare("quote");
    place.bare("other");
    place.push("other", "2026-01-05", &[("service.yaml", "serviceId: other\n")]);
    std::fs::create_dir_all(place.at("work/quote/links")).expect("a folder");
    std::os::unix::fs::symlink("/etc/passwd", place.at("work/quote/service.yaml")).expect("a link");
    std::os::unix::fs::symlink("../inside", place.at("work/quote/links/service.yml")).expect("a link");
    let other = place.at("served/other.git");
    place
        .git("work/quote", &["submodule", "add", "--quiet", other.to_str().expect("text"), "vendored-other"]);
    place.push(
        "quote",
        "2026-01-06",
        &[("b/service.yaml", "serviceId: b\ndoc: ../vendored-other/service.yaml\n")],
    );
    let snapshot = place.collect_clones("served");
    assert_eq!(paths(&snapshot), ["other: service.yaml", "quote: b/service.yaml"]);
    assert_eq!(
        refused(repository(&snapshot, "quote")),
        [
            "links/service.yml: a symbolic link",
            "service.yaml: a symbolic link that leaves the repository",
            "vendored-other/service.yaml: a submodule",
        ]
    );
}

#[test]
fn what_is_excluded_is_not_even_asked_for() {
    let mut place = Place::new();
    place.bare("quote");
    place.push("quote", "2026-01-05", &[("service.yaml", "serviceId: quote\n")]);
    let server = HttpGit::serve(&place.at("served"));
    place.exclude = vec![milepost::settings::Exclusion {
        repository: "quote".into(),
        reason: "moved".into(),
        by: None,
        until: None,
    }];
    let snapshot = place.collect_remotes(&[&server.url("quote.git")]);
    assert!(matches!(repository(&snapshot, "quote").state, RepositoryState::Excluded { .. }));
    assert_eq!((server.requests(), reason(&snapshot)), (0, ""));
}

#[test]
fn hooks_and_configuration_of_a_clone_are_not_obeyed() {
    let place = Place::new();
    place.bare("quote");
    place.push("quote", "2026-01-05", &[("service.yaml", "serviceId: quote\n")]);
    let mark = place.at("obeyed");
    let order = format!("touch {}", mark.display());
    for key in ["core.fsmonitor", "core.sshCommand", "diff.external", "core.gitProxy"] {
        place.git("served/quote.git", &["config", key, &order]);
    }
    place.git("served/quote.git", &["config", "core.hooksPath", place.at("hooks").to_str().expect("text")]);
    place.write("hooks/post-checkout", format!("#!/bin/sh\n{order}\n"));
    let bare = place.at("served/quote.git");
    let snapshot = place.collect_remotes(&[bare.to_str().expect("text")]);
    assert_eq!((reason(&snapshot), snapshot.files.len()), ("", 1));
    place.collect_clones("served");
    assert!(!mark.exists(), "a command from a repository was run");
}
