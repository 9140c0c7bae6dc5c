//! Who belongs to an organisation and to its teams, and what its host finds wrong in `CODEOWNERS`.

use std::sync::Arc;

use crate::day::Moment;

/// The teams and people of one organisation, or why they are not known.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Directory {
    /// The source that asked.
    pub source: Arc<str>,
    /// The organisation, as the configuration writes it.
    pub organisation: Arc<str>,
    /// When it was asked; of one carried over, when it answered.
    pub collected_at: Moment,
    /// Why it is of an earlier run, when it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carried: Option<Arc<str>>,
    /// All of them, or the reason.
    pub answer: Result<People, Arc<str>>,
}

/// Every team and everybody, from complete listings.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct People {
    /// By slug.
    pub teams: Vec<ObservedTeam>,
    /// Logins of those who belong to the organisation, sorted.
    pub members: Vec<Arc<str>>,
    /// Whether secret teams are among the teams, which only owners and Apps see.
    pub secret_teams: bool,
}

/// One team.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct ObservedTeam {
    /// What its host calls it, whatever its name is today.
    pub id: Arc<str>,
    /// Its name in addresses.
    pub slug: Arc<str>,
    /// Slugs that it had in earlier runs and no longer has, the last one first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub formerly: Vec<Arc<str>>,
    /// Its name for people.
    pub name: Arc<str>,
    /// Slug of the team it is part of.
    pub parent: Option<Arc<str>>,
    /// Logins of its own members, sorted; those of its child teams are in theirs.
    pub members: Vec<Arc<str>>,
}

/// What the host finds wrong in `CODEOWNERS`.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct OwnersReview {
    /// When it was asked.
    pub seen: Moment,
    /// In the order of the file.
    pub errors: Vec<OwnersError>,
}

/// One thing that is wrong in `CODEOWNERS`.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct OwnersError {
    /// Path of the file.
    pub path: Arc<str>,
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1.
    pub column: u32,
    /// Such as `Unknown owner`.
    pub kind: Arc<str>,
    /// What the host says to do.
    pub suggestion: Option<Arc<str>>,
}
