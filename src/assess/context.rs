//! Context: what expressions see around a subject, computed from the catalog when they first ask.

mod account;
mod golden_path;
mod rule_test;
mod service;

pub use account::AccountView;
pub use golden_path::{GoldenPathView, service_counts};
pub use rule_test::Scene;
pub use service::{LeftOut, ServiceView};

use super::expression::FactAnswer;
use super::facts::{Freshness, SubjectFacts};
use crate::catalog::Catalog;
use crate::day::{Day, Moment};

/// What every subject is judged with.
#[derive(Clone, Copy, Debug)]
pub struct Setting<'a> {
    /// The organisation.
    pub catalog: &'a Catalog,
    /// D.
    pub today: Day,
    /// The moment the run stands for: what the age of facts is counted to.
    pub now: Moment,
}

impl<'a> Setting<'a> {
    /// The facts about `subject`, such as `service:parcel-quote`.
    pub fn facts(&self, subject: &str) -> SubjectFacts<'a> {
        SubjectFacts::of(&self.catalog.facts, subject, self.now, &self.catalog.zone)
    }
}

fn answer<'a>(facts: &SubjectFacts<'a>, name: &str) -> FactAnswer<'a> {
    match facts.find(name) {
        Freshness::Fresh { fact, origin, observed_on } => {
            FactAnswer::Known { value: &fact.value, origin, observed_on }
        }
        Freshness::Stale(why) => FactAnswer::Stale(why.into()),
        Freshness::NotCollected => FactAnswer::NotCollected,
    }
}
