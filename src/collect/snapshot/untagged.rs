//! What AWS Resource Explorer counts that carries no tag: the blind spot of the tagging API.

use std::sync::Arc;

use super::carried::refusal;
use crate::day::{Length, Moment};

/// How many resources of one account carry no tag, or why that is not known.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct UntaggedCount {
    /// The name of the source that gave it.
    pub source: Arc<str>,
    /// Twelve digits.
    pub account: Arc<str>,
    /// When it was asked; of one that is carried over, when it was answered.
    pub collected_at: Moment,
    /// Why this is what an earlier run saw, when it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carried: Option<Arc<str>>,
    /// The count, or why there is none.
    pub answer: Result<Untagged, Arc<str>>,
}

impl UntaggedCount {
    /// Why nothing may be concluded from it in a run at `now`: it was refused, or what is carried over is older than
    /// `longest`.
    pub fn refusal(&self, now: Option<Moment>, longest: Length) -> Option<Arc<str>> {
        refusal(&self.answer, self.carried.as_ref(), self.collected_at, now, longest)
    }
}

/// What was counted.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Untagged {
    /// Resources without a tag.
    pub resources: u64,
    /// Whether there may be more in the regions that were counted: AWS stops at 1,000, and a view may leave
    /// something out.
    pub may_be_more: bool,
    /// The regions that were counted.
    pub regions: Vec<Arc<str>>,
    /// Regions that were asked and not counted, each with why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub uncounted: Vec<(Arc<str>, Arc<str>)>,
    /// The region whose index is of all the others too; each counted its own when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aggregator: Option<Arc<str>>,
}
