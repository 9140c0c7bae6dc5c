//! How a folder is cut into repositories, and that nothing in it vanishes.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};

use milepost::collect::snapshot::{Content, RepositoryState, SourceState};
use milepost::day::Day;
use milepost::settings::{Exclusion, Repositories, Source, SourceKind};

use super::{Place, collect_sources, file, paths, permissions_count, reason, refused, report, repository};

#[test]
fn every_child_is_a_repository_whatever_git_says() {
    let place = Place::new();
    place.write("quote/service.yaml", "serviceId: quote\n");
    place.write("quote/deep/er/.milepost/other.yaml", "serviceId: other\n");
    place.write("label/README.md", "nothing");
    place.write("README.md", "beside");
    place.init("quote");
    place.commit("quote", "2026-01-01");
    let snapshot = place.collect(Repositories::Children);
    assert_eq!(paths(&snapshot), ["quote: deep/er/.milepost/other.yaml", "quote: service.yaml"]);
    assert_eq!(snapshot.repositories.len(), 2);
    assert_eq!(repository(&snapshot, "quote").last_commit, None);
    assert_eq!(report(&snapshot).state, SourceState::Ok);
    assert_eq!(report(&snapshot).items, 2);
}

#[test]
fn the_order_in_which_folders_list_never_shows() {
    let names = [
        "b/service.yaml",
        "a/service.yml",
        "a/x/service.yaml",
        "c/docs/a.md",
        "c/service.yaml",
        "a/.milepost/z.yaml",
    ];
    let snapshots: Vec<_> = [false, true]
        .into_iter()
        .map(|backwards| {
            let place = Place::new();
            let mut names = names.to_vec();
            if backwards {
                names.reverse();
            }
            for name in names {
                place.write(name, format!("serviceId: a\ndoc: docs/a.md\n# {name}\n"));
            }
            place.collect(Repositories::Children)
        })
        .collect();
    assert_eq!(snapshots[0], snapshots[1]);
    assert_eq!(paths(&snapshots[0])[..3], ["a: .milepost/docs/a.md", "a: .milepost/z.yaml", "a: docs/a.md"]);
}

#[test]
fn what_lies_in_no_work_tree_is_one_more_repository() {
    let place = Place::new();
    place.write("all/quote/service.yaml", "serviceId: quote\n");
    place.write("all/loose/service.yaml", "serviceId: loose\n");
    place.init("all/quote");
    let snapshot = place.collect_at("all", Repositories::Auto);
    assert_eq!(paths(&snapshot), ["all: loose/service.yaml", "quote: service.yaml"]);
}

#[test]
fn a_folder_without_git_is_one_repository() {
    let place = Place::new();
    place.write("mono/a/service.yaml", "serviceId: a\n");
    place.write("mono/b/service.yaml", "serviceId: b\n");
    for cut in [Repositories::Auto, Repositories::Own] {
        assert_eq!(paths(&place.collect_at("mono", cut)), ["mono: a/service.yaml", "mono: b/service.yaml"]);
    }
}

#[test]
fn a_source_that_is_a_file_is_that_file_alone() {
    let place = Place::new();
    place.write("quote/anything.yaml", "serviceId: quote\n");
    place.write("quote/service.yaml", "serviceId: other\n");
    assert_eq!(paths(&place.collect_at("quote/anything.yaml", Repositories::Own)), ["quote: anything.yaml"]);
}

#[test]
fn machine_made_folders_are_never_entered() {
    let place = Place::new();
    for folder in [".git", "node_modules", "vendor", "target"] {
        place.write(&format!("quote/x/{folder}/service.yaml"), "serviceId: not-ours\n");
    }
    assert!(place.collect(Repositories::Children).files.is_empty());
}

#[test]
fn links_and_special_files_are_said_and_never_opened() {
    let place = Place::new();
    place.write("secret.yaml", "serviceId: secret\n");
    place.write(
        "quote/real/service.yaml",
        "serviceId: quote\ndoc: ../out.md\ndoc: ../pipe.md\ndoc: ../linked/in.md\n",
    );
    place.write("quote/docs/in.md", "inside");
    fs::create_dir_all(place.at("quote/a")).expect("a folder");
    fs::create_dir_all(place.at("quote/b")).expect("a folder");
    symlink("../../secret.yaml", place.at("quote/a/service.yaml")).expect("a link");
    symlink("/dev/zero", place.at("quote/out.md")).expect("a link");
    symlink("docs", place.at("quote/linked")).expect("a link");
    symlink("quote", place.at("twin")).expect("a link");
    for pipe in ["quote/b/service.yaml", "quote/pipe.md"] {
        let made = std::process::Command::new("mkfifo").arg(place.at(pipe)).status().expect("mkfifo");
        assert!(made.success());
    }
    let snapshot = place.collect(Repositories::Children);
    assert_eq!(paths(&snapshot), ["quote: real/service.yaml"]);
    assert_eq!(
        refused(repository(&snapshot, "quote")),
        [
            "a/service.yaml: a symbolic link that leaves the repository",
            "b/service.yaml: a pipe, socket or device",
            "linked/in.md: a symbolic link",
            "out.md: a symbolic link that leaves the repository",
            "pipe.md: a pipe, socket or device",
        ]
    );
    // A repository that is only a link is listed, so that it does not vanish.
    assert!(matches!(repository(&snapshot, "twin").state, RepositoryState::Unreadable { .. }));
    assert_eq!(report(&snapshot).state, SourceState::Partial);
}

#[test]
fn names_that_are_not_text_are_said_byte_by_byte() {
    let place = Place::new();
    place.write("quote/service.yaml", "serviceId: quote\n");
    let folder = place.at("quote").join(OsStr::from_bytes(b"caf\xE9"));
    if fs::create_dir(&folder).is_err() {
        // Some file systems hold only names that are text.
        return;
    }
    fs::write(folder.join("service.yaml"), "serviceId: cafe\n").expect("a file");
    let other = place.at("").join(OsStr::from_bytes(b"r\xFFpo"));
    fs::create_dir(&other).expect("a folder");
    fs::write(other.join("service.yaml"), "serviceId: repo\n").expect("a file");
    let snapshot = place.collect(Repositories::Children);
    assert_eq!(paths(&snapshot), ["quote: service.yaml"]);
    assert_eq!(refused(repository(&snapshot, "quote")), ["caf\\xE9/service.yaml: a name that is not UTF-8"]);
    assert!(matches!(repository(&snapshot, "r\\xFFpo").state, RepositoryState::Unreadable { .. }));
}

#[test]
fn what_may_not_be_read_makes_the_source_partial() {
    let place = Place::new();
    if !permissions_count(&place.at("")) {
        return;
    }
    place.write("quote/service.yaml", "serviceId: quote\n");
    place.write("quote/closed/service.yaml", "serviceId: closed\n");
    place.write("shut/service.yaml", "serviceId: shut\n");
    let close = |path: &str, mode| fs::set_permissions(place.at(path), fs::Permissions::from_mode(mode));
    close("quote/service.yaml", 0o000).expect("permissions");
    close("quote/closed", 0o000).expect("permissions");
    close("shut", 0o000).expect("permissions");
    let snapshot = place.collect(Repositories::Children);
    close("quote/closed", 0o700).expect("permissions");
    close("shut", 0o700).expect("permissions");
    assert!(matches!(file(&snapshot, "service.yaml").content, Content::Unreadable { .. }));
    assert_eq!(refused(repository(&snapshot, "quote")), ["closed/: permission denied"]);
    assert!(matches!(repository(&snapshot, "shut").state, RepositoryState::Unreadable { .. }));
    assert_eq!(report(&snapshot).state, SourceState::Partial);
}

#[test]
fn a_source_that_fails_does_not_stop_the_others() {
    let place = Place::new();
    place.write("quote/service.yaml", "serviceId: quote\n");
    let source = |name: &str, kind, path: &str| Source {
        name: name.into(),
        kind,
        path: place.at(path),
        remotes: Vec::new(),
        exclude: Vec::new(),
    };
    let snapshot = collect_sources(vec![
        source("gone", SourceKind::Folder(Repositories::Auto), "nowhere"),
        source("aws", SourceKind::AwsRecorded, "nowhere"),
        source("facts", SourceKind::Facts, "nowhere"),
        source("here", SourceKind::Folder(Repositories::Children), ""),
    ]);
    let states: Vec<_> = snapshot.sources.iter().map(|report| (&*report.name, report.state)).collect();
    assert_eq!(
        states,
        [
            ("aws", SourceState::Failed),
            ("facts", SourceState::Failed),
            ("gone", SourceState::Failed),
            ("here", SourceState::Ok)
        ]
    );
    let gone = snapshot.sources[2].reason.as_deref().expect("a reason");
    assert!(gone.ends_with("nowhere` cannot be read: no such file or directory"), "{gone}");
    assert_eq!(paths(&snapshot), ["quote: service.yaml"]);
}

#[test]
fn descriptors_beside_the_repositories_are_said() {
    let place = Place::new();
    place.write("service.yaml", "serviceId: nobody\n");
    place.write("quote/service.yaml", "serviceId: quote\n");
    let snapshot = place.collect(Repositories::Children);
    assert_eq!(reason(&snapshot), "`service.yaml` lies beside the repositories and belongs to none");
}

#[test]
fn what_is_left_out_is_not_read_and_stays_in_the_ledger() {
    let mut place = Place::new();
    for name in ["quote", "quote-sandbox", "attic", "done"] {
        place.write(&format!("{name}/service.yaml"), format!("serviceId: {name}\n"));
    }
    let exclusion = |repository: &str, until: Option<&str>| Exclusion {
        repository: repository.into(),
        reason: "not deployed".into(),
        by: Some("platform".into()),
        until: until.and_then(Day::parse),
    };
    place.exclude = vec![
        exclusion("*-sandbox", None),
        exclusion("attic", Some("2026-11-21")),
        exclusion("done", Some("2026-11-20")),
        exclusion("never-there", None),
    ];
    let snapshot = place.collect(Repositories::Children);
    assert_eq!(paths(&snapshot), ["done: service.yaml", "quote: service.yaml"]);
    assert_eq!(
        repository(&snapshot, "attic").state,
        RepositoryState::Excluded {
            reason: "not deployed".into(),
            by: Some("platform".into()),
            until: Some("2026-11-21".into())
        }
    );
    let notes: Vec<&str> = report(&snapshot).notes.iter().map(|note| &**note).collect();
    assert_eq!(
        notes,
        [
            "the exclusion of `done` ended on 2026-11-20 and leaves nothing out any more",
            "the exclusion of `never-there` leaves nothing out"
        ]
    );
}
