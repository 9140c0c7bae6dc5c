//! `exceptions/index.json` and `exceptions/<id>.json`: the register.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::result::{Said, Why};
use super::value::{Field, Origin, day, fields};
use crate::assess::{ExceptionAssessment, LifeEvent};
use crate::catalog;
use crate::catalog::id::RuleId;
use crate::catalog::table::Index;
use crate::render::portal::Portal;

/// The register: one short row for each exception.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Exceptions<'a> {
    /// By id.
    pub exceptions: Vec<Row<'a>>,
}

/// One exception of the register.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Row<'a> {
    /// The control it deviates from.
    pub control: Option<&'a str>,
    /// Days to its end: the day itself is 0, negative afterwards.
    pub days_left: Option<i64>,
    /// Its last day.
    pub expires_at: Option<String>,
    /// How many rules of services it hides today.
    pub hides: usize,
    /// Its id.
    pub id: &'a str,
    /// What is at stake.
    pub risk: Option<&'static str>,
    /// The rule it deviates from.
    pub rule: Option<&'a str>,
    /// The service it names.
    pub service: Option<&'a str>,
    /// Its state.
    pub state: &'static str,
    /// Whether it waives anything.
    pub waives: bool,
}

impl<'a> Exceptions<'a> {
    pub(super) fn of(portal: &'a Portal<'_>) -> Self {
        let rows = portal.catalog.exceptions.iter().zip(&portal.assessment.exceptions);
        Self { exceptions: rows.map(|(exception, judged)| row(exception, judged)).collect() }
    }
}

fn row<'a>(exception: &'a catalog::Exception, judged: &'a ExceptionAssessment) -> Row<'a> {
    let record = &exception.record;
    Row {
        control: record.control.value().map(|control| control.as_str()),
        days_left: judged.days_left,
        expires_at: record.expires_at.value().map(|ends| day(*ends)),
        hides: judged.hides.len(),
        id: &exception.id,
        risk: record.risk.value().map(|risk| risk.word()),
        rule: record.rule.value().map(|rule| rule.as_str()),
        service: record.service.value().map(|service| service.as_str()),
        state: judged.state.word(),
        waives: judged.state.is_in_force(),
    }
}

/// One exception.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Exception<'a> {
    /// Rules that fail beside it because they lie outside its scope.
    pub beside: Vec<Hidden<'a>>,
    /// Days to its end: the day itself is 0, negative afterwards.
    pub days_left: Option<i64>,
    /// Each later end in the history of its file.
    pub extensions: Vec<Extension<'a>>,
    /// What is declared, by path, such as `expiresAt`.
    pub fields: BTreeMap<String, Field<'a>>,
    /// What is to be said about it, such as `dangling` or `overlap`.
    pub findings: Vec<Said<'a>>,
    /// What it hides today.
    pub hides: Vec<Hidden<'a>>,
    /// Its id.
    pub id: &'a str,
    /// What happened to it, from old to new.
    pub life_line: Vec<Event<'a>>,
    /// Why it is in its state.
    pub reasons: Vec<Why<'a>>,
    /// The day it was asked for.
    pub requested_at: Option<String>,
    /// The service it names, when the catalog has it.
    pub service: Option<&'a str>,
    /// Its state.
    pub state: &'static str,
    /// Whether it waives anything.
    pub waives: bool,
}

/// A rule of a service that an exception touches.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Hidden<'a> {
    /// Id of the rule.
    pub rule: &'a str,
    /// Id of the service.
    pub service: &'a str,
}

/// An end that was moved.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Extension<'a> {
    /// The day of the commit.
    pub at: String,
    /// The author of the commit, as git records it.
    pub by: &'a str,
    /// The commit.
    pub commit: &'a str,
    /// The end before.
    pub from: String,
    /// The end after.
    pub to: String,
}

/// One event in the life of an exception.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Event<'a> {
    /// When.
    pub day: String,
    /// Its kind, such as `requested` or `expires`.
    pub event: &'static str,
    /// What it rests on.
    pub origin: Option<Origin<'a>>,
    /// Details in words.
    pub text: &'a str,
}

impl<'a> Exception<'a> {
    pub(super) fn of(portal: &'a Portal<'_>, index: Index<catalog::Exception>) -> Self {
        let catalog = portal.catalog;
        let exception = &catalog.exceptions[index];
        let judged = &portal.assessment.exceptions[index.position()];
        let origin =
            |origin: Option<catalog::origin::Origin>| origin.map(|origin| Origin::of(catalog, origin));
        let hidden = |(service, rule): &'a (Index<catalog::Service>, RuleId)| Hidden {
            rule: rule.as_str(),
            service: catalog.services[*service].id.as_str(),
        };
        let event = |event: &'a LifeEvent| Event {
            day: day(event.day),
            event: event.event,
            origin: origin(event.origin),
            text: &event.text,
        };
        let extension = |extension: &'a catalog::Extension| Extension {
            at: day(extension.at),
            by: &extension.by,
            commit: &extension.commit,
            from: day(extension.from),
            to: day(extension.to),
        };
        Self {
            beside: judged.beside.iter().map(hidden).collect(),
            days_left: judged.days_left,
            extensions: exception.extensions.iter().map(extension).collect(),
            fields: fields(catalog, &exception.record),
            findings: Said::of(catalog, &judged.findings),
            hides: judged.hides.iter().map(hidden).collect(),
            id: &exception.id,
            life_line: judged.life_line.iter().map(event).collect(),
            reasons: Why::of(catalog, &judged.reasons),
            requested_at: exception.requested_at.as_ref().map(|requested| day(requested.value)),
            service: exception.service.map(|service| catalog.services[service].id.as_str()),
            state: judged.state.word(),
            waives: judged.state.is_in_force(),
        }
    }
}
