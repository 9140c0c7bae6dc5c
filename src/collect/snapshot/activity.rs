//! What happened to a repository lately, as the place that keeps it tells: how its builds ended, and what was
//! deployed to production.

use std::sync::Arc;

use crate::day::Moment;

/// What happened to one repository.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Activity {
    /// The name of the repository.
    pub repository: Arc<str>,
    /// The name of the source that was asked.
    pub source: Arc<str>,
    /// When it was asked.
    pub collected_at: Moment,
    /// What it told.
    pub what: Happened,
}

/// What was told, or why it was not.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Happened {
    /// How builds of the default branch ended.
    Builds(Result<Builds, Arc<str>>),
    /// What was deployed.
    Deployments(Result<Deployments, Arc<str>>),
}

/// How builds ended: of each commit of the default branch the checks as a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Builds {
    /// How many passed.
    pub passed: u32,
    /// How many failed.
    pub failed: u32,
    /// How many have not ended.
    pub open: u32,
}

/// What was deployed to environments that are production, or may be of some service.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Deployments {
    /// From when on the list is whole.
    pub since: Moment,
    /// From new to old. The last may lie before `since`: it shows that deployments are recorded at all.
    pub list: Vec<Deployment>,
}

/// One deployment.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Deployment {
    /// What its environment is called beside the word for production, in small letters: nothing, or what may be
    /// the name of a service. Several when it can be read in several ways.
    pub names: Vec<Arc<str>>,
    /// When it was begun.
    pub created_at: Moment,
    /// The date of what was deployed, while the commit is known.
    pub committed_at: Option<Moment>,
    /// How it ended, if it did.
    pub end: Option<End>,
}

/// How a deployment ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct End {
    /// Whether it succeeded.
    pub succeeded: bool,
    /// When it ended.
    pub at: Moment,
}

impl Activity {
    /// What it is known by.
    pub fn key(&self) -> (&str, &str, bool) {
        (&self.repository, &self.source, matches!(self.what, Happened::Deployments(_)))
    }

    /// The same, for a map.
    pub fn owned_key(&self) -> (Arc<str>, Arc<str>, bool) {
        (Arc::clone(&self.repository), Arc::clone(&self.source), self.key().2)
    }

    /// Whether nothing was told.
    pub fn is_refused(&self) -> bool {
        matches!(self.what, Happened::Builds(Err(_)) | Happened::Deployments(Err(_)))
    }
}
