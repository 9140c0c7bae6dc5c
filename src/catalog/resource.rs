//! What AWS, GitHub and facts files say: listings, resources with their tags, what happened to repositories, facts.

use std::sync::Arc;

use super::Service;
use super::id::AccountId;
use super::origin::Origin;
use super::table::Index;
use crate::collect::snapshot::{ReportedTags, Tags, Untagged};
use crate::day::{Length, Moment};

/// Why nothing is known of a resource's tags although it was listed.
pub const UNTOLD: &str = "the tag report of AWS names no tags";

/// One answer of the tagging API, or its refusal; or what the tag report of AWS says where nobody else answered.
#[derive(Debug)]
pub struct TagListing {
    /// The calling account.
    pub account: Arc<str>,
    /// The region.
    pub region: Arc<str>,
    /// When it was asked.
    pub collected_at: Moment,
    /// The error that AWS gave, when it refused.
    pub refused: Option<Arc<str>>,
    /// Whether the tag report says it, which tells no tags.
    pub is_reported: bool,
}

/// How many resources of one account carry no tag, as Resource Explorer counts them.
#[derive(Debug)]
pub struct UntaggedCount {
    /// Twelve digits.
    pub account: Arc<str>,
    /// When it was asked.
    pub collected_at: Moment,
    /// The count, or why it is not known.
    pub answer: Result<Untagged, Arc<str>>,
}

/// One resource with its tags.
#[derive(Debug)]
pub struct Resource {
    /// Its Amazon Resource Name.
    pub arn: Arc<str>,
    /// Service and kind from the ARN, such as `s3:bucket`.
    pub resource_type: Arc<str>,
    /// The account in the ARN; the calling account when the ARN has none.
    pub account: Option<AccountId>,
    /// The region in the ARN, else the listing's.
    pub region: Arc<str>,
    /// Tags, by key; none when they were not told.
    pub tags: Tags,
    /// What the tag report of AWS says of its tags in place of telling them.
    pub reported: Option<Arc<ReportedTags>>,
    /// Index of the listing it came with.
    pub listing: u32,
    /// The service that it counts for, as [`Claimants::service`](super::ownership::Claimants::service) says.
    pub service: Option<Index<Service>>,
}

impl Resource {
    /// Whether its tags are not known, though it is known to have some.
    pub const fn is_untold(&self) -> bool {
        self.reported.is_some()
    }
}

/// What was told of a repository: where facts about builds and deployments come from.
#[derive(Debug)]
pub struct Activity {
    /// The name of the repository.
    pub repository: Arc<str>,
    /// When it was asked.
    pub collected_at: Moment,
    /// What was asked.
    pub kind: ActivityKind,
    /// Where people see it.
    pub page: Option<Box<str>>,
}

/// What of a repository was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActivityKind {
    /// How its builds ended.
    Builds,
    /// What was deployed.
    Deployments,
}

impl ActivityKind {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Builds => "builds",
            Self::Deployments => "deployments",
        }
    }
}

/// How much `part` is of `whole`, in tenths of a percent and rounded down: 99.95 % is not 100 %. `whole` is not 0.
pub fn tenths_of_percent(part: u64, whole: u64) -> f64 {
    let tenths = u128::from(part) * 1000 / u128::from(whole.max(1));
    tenths as f64 / 10.0
}

/// The middle of `values`, rounded down; `None` of none.
pub fn median(mut values: Vec<u64>) -> Option<u64> {
    values.sort_unstable();
    let upper = *values.get(values.len() / 2)?;
    let lower = values[(values.len() - 1) / 2];
    Some(lower + (upper - lower) / 2)
}

/// A fact: something observed outside the catalog.
#[derive(Debug, PartialEq)]
pub struct Fact {
    /// What it is about: `service:<id>`, `team:<id>`, `golden-path:<id>`, `account:<id>`.
    pub subject: Box<str>,
    /// Its name.
    pub name: Box<str>,
    /// Its value.
    pub value: FactValue,
    /// When it was so.
    pub observed_at: Moment,
    /// Who says so.
    pub source: Box<str>,
    /// How long it may be used.
    pub max_age: Length,
    /// Where it was read.
    pub origin: Origin,
}

/// The value of a fact.
#[derive(Clone, Debug, PartialEq)]
pub enum FactValue {
    /// True or false.
    Bool(bool),
    /// A number.
    Number(f64),
    /// Text.
    Text(Box<str>),
}
