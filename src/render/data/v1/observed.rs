//! What was observed of a service outside its record.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::metric::value;
use super::value::Origin;
use crate::assess::facts::SubjectFacts;
use crate::catalog;
use crate::catalog::resource::Fact;
use crate::render::portal::Portal;

/// One fact about a service.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Observed<'a> {
    /// Its name.
    pub fact: &'a str,
    /// When it was so.
    pub observed_at: String,
    /// Where it was read.
    pub origin: Origin<'a>,
    /// Who says so.
    pub source: &'a str,
    /// Why it is not used, when it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unused: Option<String>,
    /// Its value: a number, a boolean or text.
    pub value: Value,
}

impl<'a> Observed<'a> {
    /// Everything observed of `service`, by name.
    pub(super) fn of(portal: &'a Portal<'_>, service: &catalog::Service) -> Vec<Self> {
        let catalog = portal.catalog;
        let subject = format!("service:{}", service.id);
        let known = SubjectFacts::of(&catalog.facts, &subject, portal.assessment.now, &catalog.zone);
        let one = |fact: &'a Fact| Self {
            fact: &fact.name,
            observed_at: fact.observed_at.to_string(),
            origin: Origin::of(catalog, fact.origin),
            source: &fact.source,
            unused: known.unused(fact),
            value: value(fact),
        };
        known.all().iter().map(one).collect()
    }
}
