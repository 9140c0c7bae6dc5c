//! What the record of an exception says, field by field, and who has approved it.

use std::borrow::Cow;

use serde::Serialize;

use crate::assess::ExceptionAssessment;
use crate::assess::exceptions::{RoleApproval, Standing, cap, demanded};
use crate::catalog::Exception;
use crate::catalog::field::List;
use crate::catalog::policy::ApprovalProof;
use crate::render::badge::Badge;
use crate::render::fact_list::Fact;
use crate::render::linked;
use crate::render::links::{Here, Href};
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
    /// The pull request that proves it.
    review: Option<Link>,
    /// Where it is written.
    origin: Option<Provenance>,
}

impl<'p> Approvals<'p> {
    pub(super) fn new(
        portal: &Portal<'_>,
        exception: &'p Exception,
        judged: &'p ExceptionAssessment,
        here: Here<'_>,
    ) -> Self {
        let policy = &portal.catalog.exception_policy;
        let mut rows: Vec<Row<'p>> =
            judged.approvals.iter().map(|approval| Row::new(portal, exception, approval, here)).collect();
        rows.sort_by_key(|row| !row.demanded);
        let demanded = demanded(portal.catalog, exception).len();
        let roles = words::count(demanded, "role", "roles");
        let caption = match exception.record.risk.value() {
            Some(risk) => format!("{roles} must approve an exception of {} risk.", risk.word()),
            None => "Without a risk it is not known who must approve.".to_owned(),
        };
        let proof = match policy.approvals.value() {
            Some(ApprovalProof::Verified) => {
                "An approval counts when it is verified: somebody of the team of that name approved the pull request that made the exception what it is."
            }
            _ => "An approval counts as it is declared in the file; nothing else proves it.",
        };
        Self { caption: format!("{} {proof}", words::capitalised(&caption)), rows }
    }
}

impl<'p> Row<'p> {
    fn new(
        portal: &Portal<'_>,
        exception: &'p Exception,
        approval: &'p RoleApproval,
        here: Here<'_>,
    ) -> Self {
        let written = approval.written.and_then(|at| exception.record.approvals.items.get(at));
        let (badge, why) = match &approval.standing {
            Standing::Counts(ApprovalProof::Declared) => (Badge::declared(), None),
            Standing::Counts(ApprovalProof::Verified) => (Badge::verified(), None),
            Standing::Unproven(why) => (Badge::warning().saying("Unproven"), Some(&**why)),
            Standing::Refused(why) => (Badge::warning().saying("Does not count"), Some(&**why)),
            Standing::Missing => {
                (Badge::warning().saying("Missing"), Some("nobody has approved in this role"))
            }
        };
        let proof = approval.proof.as_ref();
        let by = written.and_then(|written| written.value.by.value());
        let by = by.map(|by| &**by).or(proof.map(|proof| &*proof.by));
        let at = written.and_then(|written| written.value.at.value());
        Self {
            role: approval.role.as_deref().unwrap_or("not named"),
            demanded: approval.demanded,
            by: by.map(|by| linked::person(portal, here, by)),
            at: proof.map(|proof| &proof.at).or(at).map(|day| portal.when(*day)),
            badge,
            why: why.map(prose),
            review: proof
                .map(|proof| Link { text: "code review".to_owned(), href: Href::external(&proof.url) }),
            origin: written.map(|written| portal.provenance(written.origin)),
        }
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
