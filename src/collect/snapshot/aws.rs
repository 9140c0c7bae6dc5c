//! What AWS said: accounts of organisations, and resources with their tags.

use std::sync::Arc;

use super::carried::refusal;
use crate::day::{Length, Moment};

/// The complete answer of the tagging API for one account and region, or why there is none.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct TagListing {
    /// The name of the source that gave it.
    #[serde(default)]
    pub source: Arc<str>,
    /// The calling account: twelve digits.
    pub account: Arc<str>,
    /// The region asked.
    pub region: Arc<str>,
    /// The role that asked, as its ARN; none when the caller's own credentials did, or it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub principal: Option<Arc<str>>,
    /// When it was asked; of one that is carried over, when it was answered.
    pub collected_at: Moment,
    /// Why this is what an earlier run saw, when it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carried: Option<Arc<str>>,
    /// Resources with their tags, or the error that AWS gave.
    pub answer: Result<Vec<ObservedResource>, Arc<str>>,
}

impl TagListing {
    /// Whether it comes from the tag report of AWS, which tells no tags.
    pub fn is_reported(&self) -> bool {
        let resources = self.answer.as_deref().unwrap_or_default();
        resources.iter().any(|resource| resource.reported.is_some())
    }

    /// Why nothing may be concluded from it in a run at `now`: it was refused, or what is carried over is older than
    /// `longest`.
    pub fn refusal(&self, now: Option<Moment>, longest: Length) -> Option<Arc<str>> {
        refusal(&self.answer, self.carried.as_ref(), self.collected_at, now, longest)
    }
}

/// Tags of a resource, each a key and its value. Most resources have the same as others, and share them.
pub type Tags = Arc<[(Arc<str>, Arc<str>)]>;

/// One resource with its tags, as AWS lists them.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct ObservedResource {
    /// Its Amazon Resource Name.
    pub arn: Arc<str>,
    /// Tags in the order of AWS; none when they were not told.
    pub tags: Tags,
    /// What the tag report of AWS says of its tags in place of telling them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reported: Option<Arc<ReportedTags>>,
}

/// What the tag report of AWS says of a resource, in the words of AWS: no tag, but which keys do not comply with the tag
/// policies of the organisation.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct ReportedTags {
    /// `ComplianceStatus`, when it says yes or no.
    pub complies: Option<bool>,
    /// `NoncompliantKeys`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub noncompliant_keys: Vec<Arc<str>>,
    /// `KeysWithNoncompliantValues`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keys_with_noncompliant_values: Vec<Arc<str>>,
}

/// One account, as AWS Organizations lists it.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct ObservedAccount {
    /// The name of the source that gave it.
    #[serde(default)]
    pub source: Arc<str>,
    /// Twelve digits.
    pub id: Arc<str>,
    /// Its name.
    pub name: Arc<str>,
    /// `State`, not the retired `Status`.
    pub state: Arc<str>,
    /// The chain of organisational units, when given.
    pub path: Option<Arc<str>>,
    /// The names of those units from the root down, with `/`, as far as they are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Arc<str>>,
    /// Its tags; `None` when they were not asked for or not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tags: Option<Tags>,
    /// When it was listed.
    pub collected_at: Moment,
    /// Why this is what an earlier run saw, when it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carried: Option<Arc<str>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_carried_over_counts_until_it_is_too_old() {
        let moment = |text: &str| Moment::parse(text).expect("a moment");
        let mut listing = TagListing {
            source: "aws".into(),
            account: "111122223333".into(),
            region: "eu-central-1".into(),
            principal: None,
            collected_at: moment("2026-11-16T03:00:00Z"),
            carried: None,
            answer: Ok(Vec::new()),
        };
        let days = Length::from_days(2);
        let late = Some(moment("2026-11-18T03:00:01Z"));
        assert_eq!(listing.refusal(late, days), None, "it was answered");
        listing.carried = Some("AccessDenied".into());
        assert_eq!(listing.refusal(Some(moment("2026-11-18T03:00:00Z")), days), None);
        let said = "AccessDenied; last answered at 2026-11-16T03:00:00Z";
        assert_eq!(listing.refusal(late, days).as_deref(), Some(said));
        listing.answer = Err("Throttling".into());
        assert_eq!(listing.refusal(late, days).as_deref(), Some("Throttling"));
    }
}
