//! What an expression can see of one subject: its own records, and its surroundings, which the judge
//! computes only when an expression asks for them.

use std::borrow::Cow;

use super::surroundings::{
    DependencyFacts, DocumentFacts, RepositoryFacts, ResourceFacts, ServiceCounts, TagFacts,
};
use crate::catalog::origin::Origin;
use crate::catalog::record::Fields;
use crate::catalog::resource::FactValue;
use crate::catalog::vocabulary::Vocabulary;
use crate::day::Day;

/// What an expression sees of one subject. Absent records are `None`, also those that do not belong to
/// the scope of the expression.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The service.
    pub service: Option<Subject<'a>>,
    /// The team that owns the subject.
    pub team: Option<Subject<'a>>,
    /// The golden path: the subject itself, or the one that the service names.
    pub golden_path: Option<Subject<'a>>,
    /// The version of it that the service names.
    pub golden_path_version: Option<Subject<'a>>,
    /// The account: the subject itself, or the one that the service names.
    pub account: Option<Subject<'a>>,
    /// What is computed on demand.
    pub surroundings: &'a dyn Surroundings,
    /// The organisation's words: what counts as a placeholder.
    pub vocabulary: &'a Vocabulary,
    /// D.
    pub today: Day,
}

/// A record with the place where it begins.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// Its fields.
    pub fields: &'a dyn Fields,
    /// Where its document begins.
    pub origin: Origin,
}

impl<'a> Subject<'a> {
    /// A record that begins at `origin`.
    pub fn new(fields: &'a dyn Fields, origin: Origin) -> Self {
        Self { fields, origin }
    }
}

/// What is computed only when an expression asks for it. Each part may be asked several times, by
/// several rules: keep what was computed. What a subject does not have stays as it is here.
pub trait Surroundings {
    /// The repository its document lies in.
    fn repository(&self) -> Option<RepositoryFacts<'_>> {
        None
    }

    /// Documents it names, by link name; those it does not name are left out.
    fn documents(&self) -> &[DocumentFacts<'_>] {
        &[]
    }

    /// Its AWS resources, or why they are not known.
    fn resources(&self) -> Observed<'_, &[ResourceFacts<'_>]> {
        Observed::Unknown("no AWS listing was collected".into())
    }

    /// Verdicts on the tags of its resources, or why they are not known.
    fn tags(&self) -> Observed<'_, TagFacts<'_>> {
        Observed::Unknown("no AWS listing was collected".into())
    }

    /// The services it depends on; `None` when it declares no dependencies at all.
    fn dependencies(&self) -> Option<(&[DependencyFacts<'_>], Origin)> {
        None
    }

    /// For a golden path: how many services are on it.
    fn services(&self) -> Option<ServiceCounts> {
        None
    }

    /// The fact called `name` about the subject.
    fn fact(&self, name: &str) -> FactAnswer<'_>;

    /// Whether somebody attests `name` of the subject.
    fn attested(&self, name: &str) -> Attested<'_>;
}

/// Something observed, or why this run does not have it.
#[derive(Clone, Debug)]
pub enum Observed<'a, T> {
    /// It was observed.
    Known(T),
    /// It was not, and why.
    Unknown(Cow<'a, str>),
}

/// What is known of a fact.
#[derive(Clone, Debug)]
pub enum FactAnswer<'a> {
    /// It was collected and is fresh enough.
    Known {
        /// Its value.
        value: &'a FactValue,
        /// Where it was read.
        origin: Origin,
        /// The day on which it was observed, in the zone of the configuration.
        observed_on: Day,
    },
    /// It is older than its `maxAge`; the reason says since when.
    Stale(Cow<'a, str>),
    /// This run does not have it.
    NotCollected,
}

/// Whether somebody attests something.
#[derive(Clone, Debug)]
pub enum Attested<'a> {
    /// Somebody does, and it still holds.
    Valid(Origin),
    /// Somebody did; the reason says until when it held.
    Lapsed(Cow<'a, str>, Origin),
    /// Nobody does.
    Never,
}
