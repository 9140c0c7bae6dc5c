//! One exception: what it allows, whether it is in force and why, what it hides today, its life.

mod life;
mod record;

use serde::Serialize;

use super::exceptions::{about, badge, service};
use super::scorecard::rule_title;
use super::{Kind, distinct};
use crate::assess::exceptions::is_about_golden_path;
use crate::assess::exceptions::quiet::{HIDES_NOTHING, IDLE};
use crate::assess::{ExceptionAssessment, ExceptionState, Finding, Tier};
use crate::catalog::id::RuleId;
use crate::catalog::table::Index;
use crate::catalog::{Exception, Service};
use crate::diagnostic::Severity;
use crate::render::badge::Badge;
use crate::render::fact_list::Fact;
use crate::render::frame::{Head, Section};
use crate::render::linked;
use crate::render::links::{Here, Href, Place};
use crate::render::origin::Provenance;
use crate::render::parts::{Link, cut};
use crate::render::portal::Portal;
use crate::render::prose::{plain, prose};
use crate::render::site::SitePath;
use crate::render::templates::{Html, Template, page_template};
use crate::words;
use life::Event;
use record::{Approvals, Texts};

/// Longest text of an author shown, in characters: the file has the rest.
const LONGEST: usize = 2_000;

/// What the template sees.
#[derive(Debug, Serialize)]
pub struct Page<'p> {
    id: &'p str,
    service: Option<Link>,
    /// `may deviate from`.
    verb: &'static str,
    what: Option<Link>,
    reason: Option<Reason>,
    badge: Badge,
    risk: &'static str,
    asked_by: Option<Link>,
    source: Provenance,
    notice: Notice,
    hides: Vec<Covered<'p>>,
    hides_caption: String,
    nothing: String,
    keeps_tier: Option<Badge>,
    beside: Vec<Covered<'p>>,
    beside_caption: String,
    findings: Vec<Found>,
    life: Vec<Event>,
    approvals: Approvals<'p>,
    facts: Vec<Fact>,
    compensating: Texts<'p>,
}

/// What follows from its state.
#[derive(Debug, Serialize)]
struct Notice {
    class: &'static str,
    label: &'static str,
    title: &'static str,
    reasons: Vec<Reason>,
}

#[derive(Debug, Serialize)]
struct Reason {
    text: Html,
    origin: Option<Provenance>,
}

/// One rule of its service that it is about.
#[derive(Debug, Serialize)]
struct Covered<'p> {
    service: Link,
    rule: &'p str,
    title: Html,
    href: Option<Href>,
    scorecard: Option<Link>,
}

#[derive(Debug, Serialize)]
struct Found {
    badge: Badge,
    code: &'static str,
    message: Html,
    origin: Option<Provenance>,
}

impl Kind for Page<'static> {
    const TEMPLATE: Template = page_template!("exception");
    type Shown<'p> = Page<'p>;
    type Subject = Index<Exception>;

    fn list(portal: &Portal<'_>) -> Vec<(SitePath, Self::Subject)> {
        let exceptions = portal.catalog.exceptions.indexed();
        distinct(exceptions.map(|(index, exception)| (Place::Exception(&exception.id).path(), index)))
    }

    fn page<'p>(portal: &'p Portal<'_>, index: &'p Self::Subject, here: Here<'p>) -> (Head, Page<'p>) {
        let exception = &portal.catalog.exceptions[*index];
        let judged = &portal.assessment.exceptions[index.position()];
        let record = &exception.record;
        let head = Head {
            title: exception.id.to_string(),
            section: Some(Section::Exceptions),
            data: Some(here.to(Place::Data(&["exceptions", &exception.id]))),
            crumbs: vec![Link::new("Exceptions", here.to(Place::Exceptions))],
            sources: Vec::new(),
        };
        let covered = |(service, rule): &'p (Index<Service>, RuleId)| covered(portal, here, *service, rule);
        let page = Page {
            id: &exception.id,
            service: service(portal, exception, here),
            verb: verb(judged.state),
            what: what(portal, exception, here),
            reason: record.reason.sourced().map(|reason| Reason {
                text: prose(&cut(&reason.value, LONGEST)),
                origin: Some(portal.provenance(reason.origin)),
            }),
            badge: badge(judged),
            risk: record.risk.value().map_or("not given", |risk| risk.word()),
            asked_by: record.requested_by.value().map(|name| linked::person(portal, here, name)),
            source: portal.provenance(exception.origin),
            notice: notice(portal, judged),
            hides: judged.hides.iter().map(covered).collect(),
            hides_caption: format!(
                "{} that would fail without it",
                words::count(judged.hides.len(), "rule", "rules")
            ),
            nothing: nothing(exception, judged),
            keeps_tier: keeps_tier(portal, exception, judged.state),
            beside: judged.beside.iter().map(covered).collect(),
            beside_caption: format!(
                "{} that it is about and does not cover, because what fails lies outside its scope",
                words::count(judged.beside.len(), "rule", "rules")
            ),
            findings: findings(portal, judged),
            life: life::events(portal, judged),
            approvals: Approvals::new(portal, exception, judged, here),
            facts: record::facts(portal, exception, here),
            compensating: Texts::new(portal, &record.compensating_controls),
        };
        (head, page)
    }
}

fn verb(state: ExceptionState) -> &'static str {
    match state {
        ExceptionState::Active | ExceptionState::Expiring | ExceptionState::ReviewOverdue => {
            "may deviate from"
        }
        ExceptionState::Expired | ExceptionState::Closed => "was allowed to deviate from",
        ExceptionState::Invalid | ExceptionState::Pending => "asks to deviate from",
    }
}

/// The rule or control it is about, in words.
fn what(portal: &Portal<'_>, exception: &Exception, here: Here<'_>) -> Option<Link> {
    if let Some(rule) = exception.record.rule.value() {
        let (title, href) = rule_place(portal, here, rule);
        return Some(Link { text: plain(title), href });
    }
    let known = exception.control.map(|index| &portal.catalog.controls[index].record);
    let title = known.and_then(|control| control.title.value()).map(|title| title.to_string());
    title.or_else(|| about(exception)).map(|title| Link::plain(plain(&title)))
}

/// The title of the rule called `id`, and its page.
fn rule_place<'p>(portal: &'p Portal<'_>, here: Here<'_>, id: &'p RuleId) -> (&'p str, Option<Href>) {
    let Some(statistic) = portal.assessment.rules.iter().find(|rule| rule.rule == *id) else {
        return (id.as_str(), None);
    };
    let scorecard = &portal.catalog.scorecards[statistic.scorecard];
    let written = scorecard.record.rules.items.get(statistic.position);
    let title = written.map_or(id.as_str(), |rule| rule_title(&rule.value, id.as_str()));
    (title, Some(here.to(Place::Rule(&scorecard.id, id.as_str()))))
}

fn covered<'p>(
    portal: &'p Portal<'_>,
    here: Here<'_>,
    service: Index<Service>,
    rule: &'p RuleId,
) -> Covered<'p> {
    let (title, href) = rule_place(portal, here, rule);
    let statistic = portal.assessment.rules.iter().find(|known| known.rule == *rule);
    let scorecard = statistic.map(|statistic| {
        let scorecard = &portal.catalog.scorecards[statistic.scorecard];
        let title = scorecard.record.title.value().map_or(&*scorecard.id, |title| title);
        Link::new(title, here.to(Place::Scorecard(&scorecard.id)))
    });
    let id = portal.catalog.services[service].id.as_str();
    let anchor = format!("rule-{rule}");
    let service = Link::new(id, here.to_part(Place::Service(id), &anchor));
    Covered { service, rule: rule.as_str(), title: prose(title), href, scorecard }
}

fn notice(portal: &Portal<'_>, judged: &ExceptionAssessment) -> Notice {
    let (class, label, title) = match judged.state {
        ExceptionState::Expired => ("fail", "Expired", "It excuses nothing any more."),
        ExceptionState::Invalid => ("fail", "Invalid", "It excuses nothing."),
        ExceptionState::Pending => ("warning", "Pending", "It excuses nothing yet."),
        ExceptionState::ReviewOverdue => {
            ("warning", "Review overdue", "It still excuses, and nobody has looked at it in time.")
        }
        ExceptionState::Expiring => ("warning", "Expiring", "It excuses, and ends soon."),
        ExceptionState::Active => ("", "Active", "It is in force."),
        ExceptionState::Closed => ("", "Closed", "It was closed and excuses nothing."),
    };
    let reasons = judged.reasons.iter().map(|reason| Reason {
        text: prose(&cut(&words::capitalised(&reason.text), LONGEST)),
        origin: reason.origin.map(|origin| portal.provenance(origin)),
    });
    Notice { class, label, title, reasons: reasons.collect() }
}

/// Why it hides nothing.
fn nothing(exception: &Exception, judged: &ExceptionAssessment) -> String {
    if !judged.beside.is_empty() {
        return "Nothing: what fails lies outside its scope.".to_owned();
    }
    let about = about(exception);
    let about = about.as_deref().unwrap_or("nothing that it names");
    match judged.state {
        ExceptionState::Expired => {
            format!(
                "Nothing: an expired exception waives no rule. While it was in force it was about {about}."
            )
        }
        ExceptionState::Closed => {
            format!("Nothing: a closed exception waives no rule. While it was in force it was about {about}.")
        }
        ExceptionState::Invalid => "Nothing: an invalid exception waives no rule.".to_owned(),
        ExceptionState::Pending => {
            "Nothing: until it is approved, and looked at as often as it must be, it waives no rule."
                .to_owned()
        }
        ExceptionState::Active | ExceptionState::Expiring | ExceptionState::ReviewOverdue => {
            format!("Nothing: no rule about {about} that applies to its service would fail today.")
        }
    }
}

/// The tier that an exception in force from the golden path itself gives its service.
pub(super) fn keeps_tier(portal: &Portal<'_>, exception: &Exception, state: ExceptionState) -> Option<Badge> {
    if !state.is_in_force() || !is_about_golden_path(exception) {
        return None;
    }
    let verdict = portal.assessment.services.get(exception.service?.position())?.tier.as_ref()?;
    (verdict.tier == Tier::LegacyException).then(|| Badge::tier(verdict.tier))
}

fn findings(portal: &Portal<'_>, judged: &ExceptionAssessment) -> Vec<Found> {
    let found = |finding: &Finding| {
        let kind = match finding.code {
            "unmanaged-standard" => Badge::severity(Severity::Error),
            "exception-covers-nothing" => Badge::idle(),
            HIDES_NOTHING => Badge::idle().saying("Hides nothing"),
            IDLE => Badge::idle().saying("Idle"),
            _ => Badge::warning(),
        };
        Found {
            badge: kind,
            code: finding.code,
            message: prose(&cut(&words::capitalised(&finding.message), LONGEST)),
            origin: finding.origin.map(|origin| portal.provenance(origin)),
        }
    };
    judged.findings.iter().map(found).collect()
}
