//! `teams/<id>.json`: one team, and what it answers for.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::next_step::{RuleFix, fixes};
use super::people::OnGithub;
use super::problem::Problem;
use super::value::{Field, fields};
use crate::catalog;
use crate::catalog::table::Index;
use crate::render::portal::Portal;

/// One team, and what it answers for.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Team<'a> {
    /// Ids of teams that are part of it.
    pub children: Vec<&'a str>,
    /// Ids of exceptions of its services, and of those it asked for or answers for.
    pub exceptions: Vec<&'a str>,
    /// What is declared, by path, such as `contacts.email`.
    pub fields: BTreeMap<String, Field<'a>>,
    /// What mending each rule that its services fail would bring, what lifts most first.
    pub fixes: Vec<RuleFix<'a>>,
    /// What GitHub knows of it; absent where no source asks who belongs to what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub github: Option<OnGithub<'a>>,
    /// Its id.
    pub id: &'a str,
    /// The name people say; else the id.
    pub name: &'a str,
    /// Id of the team it is part of.
    pub parent: Option<&'a str>,
    /// What its files and those of its services have wrong.
    pub problems: Vec<Problem<'a>>,
    /// Ids of services it owns.
    pub services: Vec<&'a str>,
    /// How many of its services are in each tier.
    pub tiers: BTreeMap<&'static str, usize>,
}

impl<'a> Team<'a> {
    pub(super) fn of(portal: &'a Portal<'_>, index: Index<catalog::Team>) -> Self {
        let catalog = portal.catalog;
        let team = &catalog.teams[index];
        let mut tiers = BTreeMap::new();
        for service in &team.services {
            if let Some(verdict) = &portal.assessment.services[service.position()].tier {
                *tiers.entry(verdict.tier.word()).or_default() += 1;
            }
        }
        let exceptions = portal.relations.exceptions_of_team(index).iter();
        Self {
            children: team.children.iter().map(|child| catalog.teams[*child].id.as_str()).collect(),
            exceptions: exceptions.map(|exception| &*catalog.exceptions[*exception].id).collect(),
            fields: fields(catalog, &team.record),
            fixes: fixes(portal, team.services.iter().copied()),
            github: OnGithub::of(portal, team),
            id: team.id.as_str(),
            name: team.record.name(),
            parent: team.parent.map(|parent| catalog.teams[parent].id.as_str()),
            problems: Problem::at(portal, portal.relations.problems.of_team(index.position())),
            services: team.services.iter().map(|service| catalog.services[*service].id.as_str()).collect(),
            tiers,
        }
    }
}
