//! What AWS Organizations says of tag policies: the documents as they are written, and where each is attached.

use std::sync::Arc;

use super::carried::refusal;
use crate::day::{Length, Moment};

/// The tag policies of one organisation, all of them, or why they are not known.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct TagPolicyListing {
    /// The name of the source that gave it.
    pub source: Arc<str>,
    /// When it was asked; of one that is carried over, when it was answered.
    pub collected_at: Moment,
    /// Why this is what an earlier run saw, when it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carried: Option<Arc<str>>,
    /// The policies by id, or the error that AWS gave.
    pub answer: Result<Vec<ObservedTagPolicy>, Arc<str>>,
}

impl TagPolicyListing {
    /// Why nothing may be concluded from it in a run at `now`: it was refused, or what is carried over is older than
    /// `longest`.
    pub fn refusal(&self, now: Option<Moment>, longest: Length) -> Option<Arc<str>> {
        refusal(&self.answer, self.carried.as_ref(), self.collected_at, now, longest)
    }
}

/// One tag policy.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct ObservedTagPolicy {
    /// Its id, such as `p-abcd1234`.
    pub id: Arc<str>,
    /// Its name.
    pub name: Arc<str>,
    /// Its document, verbatim, or why that was not kept.
    pub document: Result<Arc<str>, Arc<str>>,
    /// Roots, organisational units and accounts that it is attached to, by id.
    pub targets: Vec<PolicyTarget>,
}

/// Something that a policy is attached to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct PolicyTarget {
    /// `r-…` of a root, `ou-…` of a unit, twelve digits of an account.
    pub id: Arc<str>,
    /// Its name.
    pub name: Arc<str>,
}

impl ObservedTagPolicy {
    /// Longest document that is kept, in bytes; those that AWS takes are far smaller.
    pub const DOCUMENT: usize = 64 << 10;

    /// A policy whose document is kept when it is not too large.
    pub fn new(id: &str, name: &str, document: &str, mut targets: Vec<PolicyTarget>) -> Self {
        targets.sort();
        targets.dedup();
        let document = match document.len() {
            0..=Self::DOCUMENT => Ok(Arc::from(document)),
            bytes => Err(format!("its document of {bytes} bytes is larger than {}", Self::DOCUMENT).into()),
        };
        Self { id: id.into(), name: name.into(), document, targets }
    }
}
