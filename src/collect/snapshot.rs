//! What the world said: every file, answer and fact that the sources gave, verbatim, and which
//! sources stayed silent. The first of the stage types; everything after it is a pure function of it.

mod activity;
mod aws;
mod carried;
mod code_review;
mod cost;
mod document_path;
mod people;
mod tag_policy;
mod untagged;

use std::path::Path;
use std::sync::Arc;

use crate::collect::text::Text;
use crate::day::Moment;

pub use activity::{Activity, Builds, Deployment, Deployments, End, Happened};
pub use aws::{ObservedAccount, ObservedResource, ReportedTags, TagListing, Tags};
pub use code_review::{CodeReview, PullRequest, Review, ReviewState};
pub use cost::{CostLine, CostMonth};
pub use document_path::document_path;
pub use people::{Directory, ObservedTeam, OwnersError, OwnersReview, People};
pub use tag_policy::{ObservedTagPolicy, PolicyTarget, TagPolicyListing};
pub use untagged::{Untagged, UntaggedCount};

/// Everything one run collected. All lists are sorted, so that the order of collection never shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snapshot {
    /// When the run started.
    pub collected_at: Option<Moment>,
    /// How every configured source fared, by name.
    pub sources: Vec<SourceReport>,
    /// Every repository met, excluded and unreadable ones too, by name.
    pub repositories: Vec<Repository>,
    /// Every file taken, by repository and path.
    pub files: Vec<File>,
    /// Every answer of the tagging API, or a refusal, by account and region.
    pub tag_listings: Vec<TagListing>,
    /// Accounts as AWS Organizations lists them, by id.
    pub accounts: Vec<ObservedAccount>,
    /// Tag policies of organisations, by source.
    pub tag_policies: Vec<TagPolicyListing>,
    /// What Resource Explorer counts that carries no tag, by source and account.
    pub untagged: Vec<UntaggedCount>,
    /// Facts files, by source and path.
    pub facts: Vec<FactsFile>,
    /// What things cost, by source and month.
    pub costs: Vec<CostMonth>,
    /// What happened to repositories: builds and deployments, by repository, source and kind.
    pub activities: Vec<Activity>,
    /// Teams and people of organisations, by source and organisation.
    pub directories: Vec<Directory>,
    /// What the nights before knew of exceptions that excuse nothing, by id.
    pub quiet: Vec<Quiet>,
    /// Who reviewed revisions of exceptions, by path and commit.
    pub reviews: Vec<CodeReview>,
}

/// An exception that excused nothing, night after night up to the last one.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Quiet {
    /// Its id.
    pub exception: Arc<str>,
    /// The first of those nights (`YYYY-MM-DD`).
    pub since: Arc<str>,
    /// The last of them.
    pub last: Arc<str>,
    /// How many days were judged from the first to the last.
    pub nights: u32,
}

/// Index of a [`Repository`] in its snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct RepositoryIndex(pub u32);

/// How a source fared.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct SourceReport {
    /// The name from the configuration.
    pub name: Arc<str>,
    /// `folder`, `git`, `github`, `aws`, `aws-recorded`, `aws-tag-report`, `focus` or `facts`.
    pub kind: Arc<str>,
    /// Whether it answered, and how completely.
    pub state: SourceState,
    /// When it was asked.
    pub collected_at: Moment,
    /// Since when its data is carried over, if it is.
    pub stale_since: Option<Moment>,
    /// How many items it gave: repositories, listings or facts.
    pub items: u64,
    /// Why it is not `Ok`.
    pub reason: Option<Arc<str>>,
    /// What its answer would take away and the guard keeps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withheld: Option<Withheld>,
    /// Owners whose repositories it could not list, so that nothing is known of what they have now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unlisted: Vec<Arc<str>>,
    /// What its operator should know although nothing is missing: an exclusion that is over or matches
    /// nothing, a repository that two shards hold.
    pub notes: Vec<Arc<str>>,
}

impl SourceReport {
    /// Whether it answered this time, completely or not.
    pub fn is_answered(&self) -> bool {
        matches!(self.state, SourceState::Ok | SourceState::Partial)
    }
}

/// Whether a source answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SourceState {
    /// Completely.
    Ok,
    /// Some of it could not be read.
    Partial,
    /// Not at all, and nothing is known from earlier.
    Failed,
    /// Not this time; what is shown is from an earlier run.
    Stale,
}

/// A removal too large to be believed: what would be gone stays as it was until somebody accepts it.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Withheld {
    /// What accepts it: a digest of everything that this run withheld, in hexadecimal.
    pub run: Arc<str>,
    /// How much is gone of how much, in words.
    pub what: Arc<str>,
}

/// That something is as an earlier run saw it, because this one could not see it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Carried {
    /// When it was seen last.
    pub since: Moment,
    /// Why it was not seen again.
    pub reason: Arc<str>,
}

/// One repository of the ledger.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Repository {
    /// Its name: `org/name` from the git remote, else the name of its folder. Not always unique: two
    /// work trees of one remote, or two sources, may carry the same.
    pub name: Arc<str>,
    /// The source that found it.
    pub source: Arc<str>,
    /// What identifies its content.
    pub revision: Revision,
    /// Where people read it, when the remote says so.
    pub url: Option<Arc<str>>,
    /// Date of its last commit, from git.
    pub last_commit: Option<Commit>,
    /// Whether it counts.
    pub state: RepositoryState,
    /// Paths that were not read, and why: links, special files, and under `.git` what is missing of the
    /// history.
    pub refused: Vec<RefusedPath>,
    /// What its host finds wrong in its `CODEOWNERS`; `None` when it was not asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owners_review: Option<OwnersReview>,
    /// Since when it is carried over from an earlier run, if it is, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carried: Option<Carried>,
    /// Where it lies on this machine, for what points at files or mends them.
    #[serde(skip)]
    pub folder: LocalFolder,
}

impl Repository {
    /// What was seen of it, whenever that was.
    pub fn as_seen(&self) -> Self {
        Self { carried: None, ..self.clone() }
    }
}

/// A folder of this machine, while it is known. Never saved, and equal to every other: what a snapshot says
/// does not depend on where it was taken.
#[derive(Clone, Debug, Default)]
pub struct LocalFolder(pub Option<Arc<Path>>);

impl PartialEq for LocalFolder {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// What identifies the content of a repository.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Revision {
    /// The commit of git that is checked out, in hexadecimal. Files are read from the work tree, so one
    /// that is modified there is not what this commit holds.
    Commit(Arc<str>),
    /// SHA-256 over the paths and digests of the files taken, in hexadecimal: no git here.
    Digest(Arc<str>),
}

/// Whether a repository counts.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RepositoryState {
    /// Read.
    Read,
    /// Left out on purpose.
    Excluded {
        /// Why.
        reason: Arc<str>,
        /// Who decided so.
        by: Option<Arc<str>>,
        /// Until when (`YYYY-MM-DD`).
        until: Option<Arc<str>>,
    },
    /// Could not be read.
    Unreadable {
        /// Why.
        reason: Arc<str>,
    },
}

/// A path that was not read because it is no regular file inside the repository.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct RefusedPath {
    /// Path inside the repository.
    pub path: Arc<str>,
    /// Why, such as `symbolic link that leaves the repository`.
    pub reason: Arc<str>,
}

/// Why a path is refused whose name is no text.
pub const NAME_NOT_UTF8: &str = "a name that is not UTF-8";

/// Why a file was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileRole {
    /// It has a descriptor's name.
    Descriptor,
    /// A descriptor names it.
    Document,
    /// It belongs to the catalog folder.
    Catalog,
    /// It says who reviews what: `CODEOWNERS`.
    Owners,
}

/// One file, as it was.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct File {
    /// The repository it lies in.
    pub repository: RepositoryIndex,
    /// Path inside the repository, with `/`.
    pub path: Arc<str>,
    /// Why it was taken.
    pub role: FileRole,
    /// Size in bytes.
    pub size: u64,
    /// What it held, or why that is not known.
    pub content: Content,
    /// The newest commit that made it what the commit checked out holds. `None` without git, when the
    /// file is not tracked, and when it lies behind the boundary of a shallow clone. Of a file modified
    /// in the work tree it is the change before that: `content` is always what lies on disk.
    pub last_change: Option<Commit>,
    /// The first commit that holds it under this path; renames are not followed. `None` where
    /// `last_change` is, and when a shallow clone hides what came before.
    pub first_change: Option<Commit>,
    /// Text at the first commit, for descriptors.
    pub first_text: Option<Text>,
    /// Every revision from old to new, for exception files of the catalog folder.
    pub history: Vec<HistoricText>,
}

/// What a file held.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Content {
    /// UTF-8 text, a byte-order mark removed.
    Text(Text),
    /// Larger than the limit, in bytes.
    TooLarge {
        /// The limit it breaks.
        limit: u64,
    },
    /// Not UTF-8 text.
    NotText {
        /// What it looks like, such as `UTF-16 text` or `binary data`.
        looks_like: Arc<str>,
    },
    /// Named by a descriptor and not there.
    Missing,
    /// Could not be read.
    Unreadable {
        /// The operating system's reason.
        reason: Arc<str>,
    },
}

/// A commit, as far as we show it.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Commit {
    /// Hexadecimal id.
    pub id: Arc<str>,
    /// Author's name as git records it: free text, no proof.
    pub author: Arc<str>,
    /// Committer date as git records it: free text, no proof.
    pub at: Moment,
}

/// One revision of a file.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct HistoricText {
    /// The commit that wrote it.
    pub commit: Commit,
    /// What it held then.
    pub text: Text,
}

/// A file of a facts source, kept verbatim: `catalog` reads it, so that every fact has a line.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct FactsFile {
    /// The name of the source.
    pub source: Arc<str>,
    /// Path inside the folder of the source, with `/`.
    pub path: Arc<str>,
    /// What it held, or why that is not known.
    pub content: Content,
}

/// The catalog folder as it was: what the platform team keeps, apart from what the world said, so
/// that one snapshot can be judged by several catalogs.
#[derive(Clone, Debug, PartialEq)]
pub struct CatalogFolder {
    /// The folder, seen as a repository of its own.
    pub repository: Repository,
    /// Where the folder lies in the work tree of git, with `/`; empty at its root and without git. An
    /// address of a file at `repository.url` needs it in front of the file's path.
    pub folder: Arc<str>,
    /// Its files, by path; `File::repository` is meaningless here.
    pub files: Vec<File>,
    /// Names of its folders that hold none of its files: sources, or misnamed.
    pub other_folders: Vec<Arc<str>>,
}

impl CatalogFolder {
    /// No catalog folder at all: descriptors are read on their own, and references stay unchecked.
    pub fn none() -> Self {
        Self {
            repository: Repository {
                name: "catalog".into(),
                source: "catalog".into(),
                revision: Revision::Digest("".into()),
                url: None,
                last_commit: None,
                state: RepositoryState::Read,
                refused: Vec::new(),
                owners_review: None,
                carried: None,
                folder: LocalFolder::default(),
            },
            folder: "".into(),
            files: Vec::new(),
            other_folders: Vec::new(),
        }
    }
}
