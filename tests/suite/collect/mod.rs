//! Collecting, on folders and git repositories that are made for each test.

mod contents;
mod doctor;
mod documents;
mod folders;
mod git_daemon;
mod history;
mod hostile_git;
mod http_git;
pub(in crate::suite) mod interrupted;
mod killed;
mod remotes;
mod ssh;
mod work_trees;

#[cfg(feature = "aws")]
mod aws;
#[cfg(feature = "github")]
mod github;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use milepost::collect::snapshot::{File, Repository, Snapshot, SourceReport};
use milepost::collect::{self, Named, Silent};
use milepost::day::{Day, Moment, Zone};
use milepost::settings::{
    AwsAccess, Exclusion, Formats, GitAccess, GithubAccess, Interruption, Limits, Repositories, Settings,
    Source, SourceKind, Waiting,
};

/// A folder that holds what a test collects.
struct Place {
    folder: tempfile::TempDir,
    exclude: Vec<Exclusion>,
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder"), exclude: Vec::new() }
    }

    fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.at(path);
        fs::create_dir_all(path.parent().expect("it lies in the folder")).expect("a folder");
        fs::write(path, content).expect("a file");
    }

    /// Runs git in the folder at `path`, as nobody in particular and always at the same time.
    fn git(&self, path: &str, arguments: &[&str]) -> String {
        self.git_on(path, "2026-01-01", arguments)
    }

    /// The same on another day.
    fn git_on(&self, path: &str, day: &str, arguments: &[&str]) -> String {
        let at = format!("{day}T12:00:00Z");
        let output = Command::new("git")
            .args(["-c", "init.defaultBranch=main", "-c", "protocol.file.allow=always"])
            .args(["-c", "user.name=Wren", "-c", "user.email=wren@example.com"])
            .args(arguments)
            .current_dir(self.at(path))
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_AUTHOR_DATE", &at)
            .env("GIT_COMMITTER_DATE", &at)
            .output()
            .expect("git can be run");
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text").trim().to_owned()
    }

    /// Makes the folder at `path` a work tree of git.
    fn init(&self, path: &str) {
        fs::create_dir_all(self.at(path)).expect("a folder");
        self.git(path, &["init", "--quiet"]);
    }

    /// Commits everything in the work tree at `path`; gives the commit.
    fn commit(&self, path: &str, day: &str) -> String {
        self.git(path, &["add", "--all"]);
        self.git_on(path, day, &["commit", "--quiet", "--allow-empty", "--message", day]);
        self.git(path, &["rev-parse", "HEAD"])
    }

    /// Collects the folder at `path` as a source called `folder`.
    fn collect_at(&self, path: &str, cut: Repositories) -> Snapshot {
        collect_sources(vec![Source {
            name: "folder".into(),
            kind: SourceKind::Folder(cut),
            path: self.at(path),
            remotes: Vec::new(),
            exclude: self.exclude.clone(),
        }])
    }

    fn collect(&self, cut: Repositories) -> Snapshot {
        self.collect_at("", cut)
    }
}

/// 21 November 2026.
fn now() -> Moment {
    Moment::parse("2026-11-21T08:00:00Z").expect("a moment")
}

/// Collects as of [`now`].
fn collect_sources(sources: Vec<Source>) -> Snapshot {
    collect_with(sources, GithubAccess::nobody(now()))
}

/// The same with what GitHub is shown.
fn collect_with(sources: Vec<Source>, github: GithubAccess) -> Snapshot {
    collect::collect(&settings(sources, github), &named, &Silent)
}

/// What a run is told as of [`now`].
fn settings(sources: Vec<Source>, github: GithubAccess) -> Settings {
    Settings {
        now: now(),
        today: Day::parse("2026-11-21").expect("a day"),
        zone: Zone::utc(),
        catalog: PathBuf::from("."),
        catalog_history: false,
        sources,
        limits: Limits::default(),
        formats: Formats::ALL,
        git: GitAccess::of(|name| std::env::var_os(name)),
        github: GithubAccess { waiting: Waiting::Skipped, ..github },
        aws: AwsAccess::nobody(now()),
        interruption: Interruption::default(),
    }
}

/// Files as these tests name them: `doc: path` and `descriptor: path`.
fn named(_descriptor: &str, text: &str) -> Named {
    let lines =
        |key: &str| text.lines().filter_map(|line| line.strip_prefix(key)).map(str::to_owned).collect();
    Named { documents: lines("doc: "), descriptors: lines("descriptor: ") }
}

/// `repository: path` of every file.
fn paths(snapshot: &Snapshot) -> Vec<String> {
    let name = |file: &File| &snapshot.repositories[file.repository.0 as usize].name;
    snapshot.files.iter().map(|file| format!("{}: {}", name(file), file.path)).collect()
}

/// `path: reason` of everything refused in a repository.
fn refused(repository: &Repository) -> Vec<String> {
    repository.refused.iter().map(|refused| format!("{}: {}", refused.path, refused.reason)).collect()
}

fn file<'s>(snapshot: &'s Snapshot, path: &str) -> &'s File {
    snapshot.files.iter().find(|file| &*file.path == path).unwrap_or_else(|| panic!("{path} is not there"))
}

fn repository<'s>(snapshot: &'s Snapshot, name: &str) -> &'s Repository {
    let found = snapshot.repositories.iter().find(|repository| &*repository.name == name);
    found.unwrap_or_else(|| panic!("{name} is not there"))
}

fn report(snapshot: &Snapshot) -> &SourceReport {
    snapshot.sources.first().expect("one source")
}

/// The reason of the only source, empty when it is whole.
fn reason(snapshot: &Snapshot) -> &str {
    report(snapshot).reason.as_deref().unwrap_or_default()
}

/// Whether files without permissions stay closed to whoever runs the tests: not to root.
fn permissions_count(folder: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    let closed = folder.join("closed");
    fs::write(&closed, "").expect("a file");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).expect("permissions");
    let counts = fs::read(&closed).is_err();
    fs::remove_file(closed).expect("removed");
    counts
}
