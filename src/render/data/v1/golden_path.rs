//! `golden-paths/<id>.json`: one golden path, its readiness, and who is on which version.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::result::{Result, readiness, results};
use super::value::{Field, Origin, fields};
use crate::catalog;
use crate::catalog::table::Index;
use crate::render::portal::Portal;

/// One golden path.
#[derive(Debug, Serialize, JsonSchema)]
pub struct GoldenPath<'a> {
    /// What is declared, by path, such as `supportLevel`.
    pub fields: BTreeMap<String, Field<'a>>,
    /// Its id.
    pub id: &'a str,
    /// Where it begins.
    pub origin: Origin<'a>,
    /// Id of the scorecard whose score is its readiness.
    pub readiness: Option<&'a str>,
    /// Results by scorecard.
    pub scorecards: BTreeMap<&'a str, Result<'a>>,
    /// Ids of services by the version they name; services that name none, or one that is not listed,
    /// are under the empty name.
    pub services: BTreeMap<&'a str, Vec<&'a str>>,
    /// What people call it.
    pub title: &'a str,
}

impl<'a> GoldenPath<'a> {
    pub(super) fn of(
        portal: &'a Portal<'_>,
        index: Index<catalog::Declared<catalog::golden_path::GoldenPath>>,
    ) -> Self {
        let catalog = portal.catalog;
        let path = &catalog.golden_paths[index];
        let versions = &path.record.versions.items;
        let mut services: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for service in catalog.services.iter().filter(|service| service.golden_path == Some(index)) {
            let version = service.golden_path_version.and_then(|position| versions.get(position));
            let version = version.and_then(|version| version.value.version.value());
            services.entry(version.map_or("", |version| version)).or_default().push(service.id.as_str());
        }
        let judged = &portal.assessment.golden_paths[index.position()];
        let view = portal.explainer.golden_path(index);
        Self {
            fields: fields(catalog, &path.record),
            id: &path.id,
            origin: Origin::of(catalog, path.origin),
            readiness: readiness(catalog, judged),
            scorecards: results(portal, judged, &view.context()),
            services,
            title: path.record.title.value().map_or(&*path.id, |title| title),
        }
    }
}
