//! What the record of an exception says, field by field, and who has approved it.

use std::borrow::Cow;

use serde::Serialize;

use crate::assess::exceptions::{approval_counts, cap, limit};
use crate::catalog::Exception;
use crate::catalog::exception::Approval;
use crate::catalog::field::{List, Sourced};
use crate::catalog::policy::ApprovalProof;
use crate::render::badge::Badge;
use crate::render::fact_list::Fact;
use crate::render::linked;
use crate::render::links::Here;
use crate::render::origin::Provenance;
use crate::render::parts::{Link, When, cut};
use crate::render::portal::Portal;
use crate::render::prose::prose;
use crate::render::templates::Html;
use crate::words;

/// Items of a list shown, and characters of each: the file has the rest.
const SHOWN: usize = 100;
const LONGEST: usize = 400;

/// Texts of a list, and where it is written.
#[derive(Debug, Serialize)]
pub(super) struct Texts<'p> {
    items: Vec<Cow<'p, str>>,
    origin: Option<Provenance>,
}

impl<'p> Texts<'p> {
    pub(super) fn new(portal: &Portal<'_>, list: &'p List<Box<str>>) -> Self {
        let origin = list.origin.map(|origin| portal.provenance(origin));
        Self { items: list.values().take(SHOWN).map(|text| cut(text, LONGEST)).collect(), origin }
    }
}

/// Roles that must approve, and approvals that were given.
#[derive(Debug, Serialize)]
pub(super) struct Approvals<'p> {
    caption: String,
    rows: Vec<Row<'p>>,
}

#[derive(Debug, Serialize)]
struct Row<'p> {
    role: &'p str,
    demanded: bool,
    by: Option<Link>,
    at: Option<When>,
    badge: Badge,
    why: Option<Html>,
    origin: Option<Provenance>,
}

impl<'p> Approvals<'p> {
    pub(super) fn new(portal: &'p Portal<'_>, exception: &'p Exception, here: Here<'_>) -> Self {
        let catalog = portal.catalog;
        let record = &exception.record;
        let verified = catalog.exception_policy.approvals.value() == Some(&ApprovalProof::Verified);
        let risk = record.risk.value().copied();
        let demanded: Vec<&'p str> = risk.map_or_else(Vec::new, |risk| {
            limit(catalog, risk).approvers.values().map(|role| &**role).collect()
        });
        let is_demanded = |role: &str| demanded.iter().any(|own| own.eq_ignore_ascii_case(role));
        let mut rows: Vec<Row<'p>> = Vec::new();
        for approval in &record.approvals.items {
            let role = approval.value.role.value().map_or("not named", |role| role);
            rows.push(given(portal, exception, approval, role, is_demanded(role), verified, here));
        }
        for role in &demanded {
            if !rows.iter().any(|row| row.role.eq_ignore_ascii_case(role)) {
                rows.push(Row {
                    role,
                    demanded: true,
                    by: None,
                    at: None,
                    badge: Badge::warning().saying("Missing"),
                    why: Some(prose("nobody has approved in this role")),
                    origin: None,
                });
            }
        }
        rows.sort_by_key(|row| !row.demanded);
        let roles = words::count(demanded.len(), "role", "roles");
        let caption = match risk {
            Some(risk) => format!("{roles} must approve an exception of {} risk.", risk.word()),
            None => "Without a risk it is not known who must approve.".to_owned(),
        };
        let proof = match verified {
            true => "An approval counts when a code-review record proves it.",
            false => "An approval counts as it is written in the file; nothing else proves it.",
        };
        Self { caption: format!("{} {proof}", words::capitalised(&caption)), rows }
    }
}

fn given<'p>(
    portal: &Portal<'_>,
    exception: &Exception,
    approval: &'p Sourced<Approval>,
    role: &'p str,
    demanded: bool,
    verified: bool,
    here: Here<'_>,
) -> Row<'p> {
    let counts = approval_counts(portal.catalog, &exception.record, approval, portal.run.as_of);
    let (badge, why) = match counts {
        Err(why) => (Badge::warning().saying("Does not count"), Some(prose(&why))),
        Ok(()) if verified => {
            (Badge::warning().saying("Unproven"), Some(prose("no code-review record was collected")))
        }
        Ok(()) => (Badge::declared(), None),
    };
    Row {
        role,
        demanded,
        by: approval.value.by.value().map(|by| linked::person(portal, here, by)),
        at: approval.value.at.value().map(|day| portal.when(*day)),
        badge,
        why,
        origin: Some(portal.provenance(approval.origin)),
    }
}

/// What is written, field by field.
pub(super) fn facts(portal: &Portal<'_>, exception: &Exception, here: Here<'_>) -> Vec<Fact> {
    let record = &exception.record;
    let day = |day: &crate::day::Day| Link::plain(day.long());
    let id = |id: &dyn std::fmt::Display| Link::plain(id.to_string());
    let mut facts = vec![
        Fact::of(portal, "Control", &record.control, |control| id(control)).copied(),
        Fact::of(portal, "Rule", &record.rule, |rule| id(rule)).copied(),
        Fact::of(portal, "Only in environment", &record.scope.environment, |text| Link::plain(&**text)),
        Fact::of(portal, "Only for resource", &record.scope.resource, |text| Link::plain(&**text)),
        Fact::of(portal, "Only for rule", &record.scope.rule, |rule| id(rule)).copied(),
        Fact::text(portal, "Allowed meanwhile", &record.requested_state),
        Fact::of(portal, "Risk", &record.risk, |risk| Link::plain(risk.word())),
        Fact::of(portal, "Risk accepted by", &record.risk_accepted_by, |name| {
            linked::person(portal, here, name)
        }),
        Fact::of(portal, "Asked for by", &record.requested_by, |name| linked::person(portal, here, name)),
        asked_at(portal, exception),
        Fact::of(portal, "Answers for it", &record.owner, |name| linked::person(portal, here, name)),
        Fact::of(portal, "Last day", &record.expires_at, day),
        life(portal, exception),
        cadence(portal, exception),
        Fact::of(portal, "Review by", &record.review_by, day),
        Fact::text(portal, "Watched meanwhile", &record.monitoring),
        Fact::text(portal, "Way back", &record.migration_path),
    ];
    // What narrows it, or takes the place of a control, is worth a line only where it does.
    let narrowing =
        ["Control", "Rule", "Only in environment", "Only for resource", "Only for rule", "Review by"];
    facts.retain(|fact| fact.is_given() || !narrowing.contains(&fact.label));
    facts
}

fn asked_at(portal: &Portal<'_>, exception: &Exception) -> Fact {
    let asked = exception.requested_at.as_ref();
    Fact {
        label: "Asked for",
        values: asked.map(|asked| Link::plain(asked.value.long())).into_iter().collect(),
        code: false,
        missing: "not known: neither written nor in the history of the file",
        origin: asked.map(|asked| portal.provenance(asked.origin)),
    }
}

/// From request to end, and the longest life that its risk allows.
fn life(portal: &Portal<'_>, exception: &Exception) -> Fact {
    let record = &exception.record;
    let asked = exception.requested_at.as_ref();
    let days = |days: i64| words::count(usize::try_from(days).unwrap_or(0), "day", "days");
    let life = record.expires_at.value().zip(asked).map(|(ends, asked)| ends.days_since(asked.value));
    let text = match (life, record.risk.value()) {
        (Some(life), Some(risk)) => {
            Some(format!("{} of at most {}", days(life), days(cap(portal.catalog, *risk))))
        }
        (Some(life), None) => Some(days(life)),
        (None, _) => None,
    };
    Fact {
        label: "Life",
        values: text.map(Link::plain).into_iter().collect(),
        code: false,
        missing: "not checkable",
        origin: record.expires_at.origin().map(|origin| portal.provenance(origin)),
    }
}

fn cadence(portal: &Portal<'_>, exception: &Exception) -> Fact {
    let written = &exception.record.review_cadence;
    if !written.is_absent() {
        return Fact::of(portal, "Reviewed", written, |cadence| Link::plain(&*cadence.text));
    }
    let policy = &portal.catalog.exception_policy.review_cadence;
    Fact::of(portal, "Reviewed, by policy", policy, |cadence| Link::plain(&*cadence.text))
}
