//! `exceptions/index.json` and `exceptions/<id>.json`: the register.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::result::{Said, Why};
use super::value::{Field, Origin, day, fields};
use crate::assess::exceptions::{RoleApproval, Standing, answering};
use crate::assess::{Assessment, LifeEvent};
use crate::catalog::id::RuleId;
use crate::catalog::table::Index;
use crate::catalog::{self, Catalog};
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
    /// What is to be said about it, by code, such as `unmanaged-standard`.
    pub findings: Vec<&'static str>,
    /// How many rules of services it hides today.
    pub hides: usize,
    /// Its id.
    pub id: &'a str,
    /// While it waives: the last day on which its next review is in time.
    pub review_due: Option<String>,
    /// What is at stake.
    pub risk: Option<&'static str>,
    /// The rule it deviates from.
    pub rule: Option<&'a str>,
    /// The service it names.
    pub service: Option<&'a str>,
    /// Its state.
    pub state: &'static str,
    /// The team that answers for it: the one that owns the service, else the one that asked.
    pub team: Option<&'a str>,
    /// Whether it waives anything.
    pub waives: bool,
}

impl<'a> Exceptions<'a> {
    /// The rows of `exceptions`, in their order.
    pub fn of(
        catalog: &'a Catalog,
        assessment: &'a Assessment,
        exceptions: impl IntoIterator<Item = Index<catalog::Exception>>,
    ) -> Self {
        let row = |index| Row::of(catalog, assessment, index);
        Self { exceptions: exceptions.into_iter().map(row).collect() }
    }

    pub(super) fn all(portal: &'a Portal<'_>) -> Self {
        let all = portal.catalog.exceptions.indexed().map(|(index, _)| index);
        Self::of(portal.catalog, portal.assessment, all)
    }
}

impl<'a> Row<'a> {
    fn of(catalog: &'a Catalog, assessment: &'a Assessment, index: Index<catalog::Exception>) -> Self {
        let (exception, judged) = (&catalog.exceptions[index], &assessment.exceptions[index.position()]);
        let record = &exception.record;
        let mut findings: Vec<&'static str> = judged.findings.iter().map(|finding| finding.code).collect();
        findings.sort_unstable();
        findings.dedup();
        Row {
            control: record.control.value().map(|control| control.as_str()),
            days_left: judged.days_left,
            expires_at: record.expires_at.value().map(|ends| day(*ends)),
            findings,
            hides: judged.hides.len(),
            id: &exception.id,
            review_due: judged.review_due.filter(|_| judged.state.is_in_force()).map(day),
            risk: record.risk.value().map(|risk| risk.word()),
            rule: record.rule.value().map(|rule| rule.as_str()),
            service: record.service.value().map(|service| service.as_str()),
            state: judged.state.word(),
            team: answering(catalog, exception).map(|team| catalog.teams[team].id.as_str()),
            waives: judged.state.is_in_force(),
        }
    }
}

/// One exception.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Exception<'a> {
    /// Each approval, and whether it counts; then the roles that policy demands and nobody approved in.
    pub approvals: Vec<Approval<'a>>,
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

/// One approval: written in the file, demanded by policy, or both.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Approval<'a> {
    /// The day it was given.
    pub at: Option<String>,
    /// Who gave it.
    pub by: Option<&'a str>,
    /// Whether it counts today.
    pub counts: bool,
    /// Whether policy demands the role for the risk.
    pub demanded: bool,
    /// Where it is written.
    pub origin: Option<Origin<'a>>,
    /// The pull request whose review proves it, where policy wants that.
    pub review: Option<&'a str>,
    /// The role in which it was given.
    pub role: Option<&'a str>,
    /// How one that counts is proven: `declared` in the file, or `verified` by a code-review record. Else
    /// `unproven` where policy wants a record and none is known, `refused`, or `missing`.
    pub standing: &'static str,
    /// Why it is refused or unproven.
    pub why: Option<&'a str>,
}

impl<'a> Approval<'a> {
    fn of(catalog: &'a Catalog, exception: &'a catalog::Exception, approval: &'a RoleApproval) -> Self {
        let written = approval.written.and_then(|at| exception.record.approvals.items.get(at));
        let proof = approval.proof.as_ref();
        let at = written.and_then(|written| written.value.at.value());
        let by = written.and_then(|written| written.value.by.value());
        Self {
            at: proof.map(|proof| &proof.at).or(at).map(|at| day(*at)),
            by: by.map(|by| &**by).or(proof.map(|proof| &*proof.by)),
            counts: matches!(approval.standing, Standing::Counts(_)),
            demanded: approval.demanded,
            origin: written.map(|written| Origin::of(catalog, written.origin)),
            review: proof.map(|proof| &*proof.url),
            role: approval.role.as_deref(),
            standing: approval.standing.word(),
            why: match &approval.standing {
                Standing::Refused(why) | Standing::Unproven(why) => Some(why),
                _ => None,
            },
        }
    }
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
    /// The exception at `index` of `catalog`, as it was judged.
    pub fn of(catalog: &'a Catalog, assessment: &'a Assessment, index: Index<catalog::Exception>) -> Self {
        let exception = &catalog.exceptions[index];
        let judged = &assessment.exceptions[index.position()];
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
        let approval = |approval: &'a RoleApproval| Approval::of(catalog, exception, approval);
        Self {
            approvals: judged.approvals.iter().map(approval).collect(),
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
