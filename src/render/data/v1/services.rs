//! `services/index.json` and its further pages: one short row for each service.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::value::Scores;
use super::{ROWS, files};
use crate::assess::ServiceAssessment;
use crate::catalog::{Catalog, Service};
use crate::render::portal::Portal;

/// A page of the list of services.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Services<'a> {
    /// All pages of the list, relative to `index.json`, this one included.
    pub pages: Vec<String>,
    /// The services of this page, by id.
    pub services: Vec<Row<'a>>,
}

/// One service.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Row<'a> {
    /// Set when several documents claim its id; then nothing is judged.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub conflict: bool,
    /// `tier-1` to `tier-4`.
    pub criticality: Option<&'static str>,
    /// In the organisation's words.
    pub data_classification: Option<&'a str>,
    /// Its id.
    pub id: &'a str,
    /// Id of the level of the required scorecard, with exceptions.
    pub level: Option<&'a str>,
    /// Where it is in its life.
    pub lifecycle_state: Option<&'static str>,
    /// The name people say; else the id.
    pub name: &'a str,
    /// The shares of each scorecard that applies.
    pub scores: BTreeMap<&'a str, Scores>,
    /// Since when its record is carried over from an earlier run, when it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stale_since: Option<String>,
    /// Id of the team that owns it, when the catalog has it.
    pub team: Option<&'a str>,
    /// Its migration tier.
    pub tier: Option<&'static str>,
}

/// The pages of a list of so many services: parts of their addresses.
pub(super) fn pages(services: usize) -> Vec<String> {
    super::pages("services/index", "services", services)
}

impl<'a> Services<'a> {
    pub(super) fn of(portal: &'a Portal<'_>, page: usize) -> Self {
        let catalog = portal.catalog;
        let rows = catalog.services.rows().iter().zip(&portal.assessment.services);
        Self {
            pages: files(pages(catalog.services.len())),
            services: rows.skip(page * ROWS).take(ROWS).map(|row| self::row(catalog, row)).collect(),
        }
    }
}

fn row<'a>(catalog: &'a Catalog, (service, judged): (&'a Service, &'a ServiceAssessment)) -> Row<'a> {
    let record = &service.record;
    let scorecards = judged.subject.scorecards.iter();
    let scores = scorecards.map(|result| (&*catalog.scorecards[result.scorecard].id, result.score.into()));
    Row {
        conflict: !service.conflict.is_empty(),
        criticality: record.criticality.value().map(|criticality| criticality.word()),
        data_classification: record.data_classification.value().map(|classification| &*classification.word),
        id: service.id.as_str(),
        level: required_level(catalog, judged),
        lifecycle_state: record.lifecycle.state.value().map(|state| state.word()),
        name: record.display_name.value().map_or(service.id.as_str(), |name| name),
        scores: scores.collect(),
        stale_since: catalog.files[service.file].carried.as_ref().map(|carried| carried.since.to_string()),
        team: service.owner.map(|team| catalog.teams[team].id.as_str()),
        tier: judged.tier.as_ref().map(|verdict| verdict.tier.word()),
    }
}

/// The level that the service reached of the required scorecard.
fn required_level<'a>(catalog: &'a Catalog, judged: &ServiceAssessment) -> Option<&'a str> {
    let required = judged.subject.scorecards.iter().find(|result| {
        catalog.scorecards[result.scorecard].record.required.value().is_some_and(|required| *required)
    })?;
    let levels = &catalog.scorecards[required.scorecard].record.levels.items;
    levels.get(required.level_with_exceptions?)?.value.id.value().map(|id| id.as_str())
}
