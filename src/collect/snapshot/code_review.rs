//! Who looked at a revision of an exception before it came into the catalog, as the code host tells it. Times and
//! names are the host's own, unlike those of git, which are free text.

use std::sync::Arc;

use crate::day::Moment;

/// What the code host knows of one revision of a file of the catalog folder.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct CodeReview {
    /// Path inside the catalog folder.
    pub path: Arc<str>,
    /// The commit that wrote the revision, in hexadecimal.
    pub commit: Arc<str>,
    /// When the host was asked.
    pub collected_at: Moment,
    /// The merged pull requests that brought it into the default branch, none when it was pushed without one; or why
    /// that is not known.
    pub answer: Result<Vec<PullRequest>, Arc<str>>,
}

/// A pull request that was merged into the default branch.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct PullRequest {
    /// Its number in the repository.
    pub number: u64,
    /// Where people read it.
    pub url: Arc<str>,
    /// When it was merged.
    pub merged_at: Moment,
    /// Logins of those who opened it or wrote a commit of it.
    pub authors: Vec<Arc<str>>,
    /// Whether all of those are known: no commit is by somebody without an account, and none was left out.
    pub authors_are_known: bool,
    /// Its last commit, in hexadecimal.
    pub head: Arc<str>,
    /// Whether the file was the same at `head` as in the revision.
    pub is_as_merged: bool,
    /// Approvals, demands for changes, and reviews that were dismissed, from old to new.
    pub reviews: Vec<Review>,
}

/// One review of a pull request.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Review {
    /// The login of the reviewer.
    pub by: Arc<str>,
    /// What it said.
    pub state: ReviewState,
    /// When it was submitted.
    pub at: Moment,
    /// The commit that was looked at, in hexadecimal; `None` when it is gone.
    pub commit: Option<Arc<str>>,
}

/// What a review said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReviewState {
    /// Yes.
    Approved,
    /// Not like this.
    ChangesRequested,
    /// Something that was taken back since.
    Dismissed,
}
