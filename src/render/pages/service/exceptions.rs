//! Exceptions that name a service, the one that ends first on top.

use serde::Serialize;

use crate::assess::{ExceptionAssessment, ExceptionState, ServiceAssessment};
use crate::catalog::table::Index;
use crate::catalog::{Exception, Service};
use crate::render::badge::Badge;
use crate::render::links::{Here, Href, Place};
use crate::render::parts::{Link, When};
use crate::render::portal::Portal;
use crate::render::prose::prose;
use crate::render::templates::Html;
use crate::words;

/// What the template sees of one exception.
#[derive(Debug, Serialize)]
pub(in crate::render::pages) struct Row<'p> {
    id: &'p str,
    href: Href,
    badge: Badge,
    excuses: Html,
    service: Option<Link>,
    risk: &'static str,
    ends: Option<When>,
    review: Option<When>,
    hides: usize,
}

impl<'p> Row<'p> {
    /// The row of the exception at `index`.
    pub(in crate::render::pages) fn new(
        portal: &'p Portal<'_>,
        index: Index<Exception>,
        here: Here<'_>,
    ) -> Option<Self> {
        let exception = &portal.catalog.exceptions[index];
        let judged = portal.assessment.exceptions.get(index.position())?;
        let record = &exception.record;
        Some(Self {
            id: &exception.id,
            href: here.to(Place::Exception(&exception.id)),
            badge: Badge::exception_with_days(judged.state, judged.days_left),
            excuses: excuses(portal, exception),
            service: service(portal, exception, here),
            risk: record.risk.value().map_or("not given", |risk| risk.word()),
            ends: record.expires_at.value().map(|day| portal.when(*day)),
            review: review(judged).map(|day| portal.when(day)),
            hides: judged.hides.len(),
        })
    }
}

/// The exceptions at `indices` in the order of the page: the one that ends first on top, closed ones last.
pub(in crate::render::pages) fn rows<'p>(
    portal: &'p Portal<'_>,
    indices: &[Index<Exception>],
    here: Here<'_>,
) -> Vec<Row<'p>> {
    let mut indices = indices.to_vec();
    indices.sort_by_key(|index| {
        let closed = portal
            .assessment
            .exceptions
            .get(index.position())
            .is_some_and(|judged| judged.state == ExceptionState::Closed);
        let ends = portal.catalog.exceptions[*index].record.expires_at.value().copied();
        (closed, ends.is_none(), ends, *index)
    });
    indices.into_iter().filter_map(|index| Row::new(portal, index, here)).collect()
}

/// `2 exceptions, the one that ends first on top`.
pub(in crate::render::pages) fn caption(count: usize) -> String {
    let all = words::count(count, "exception", "exceptions");
    if count > 1 { format!("{all}, the one that ends first on top") } else { all }
}

/// The next review only matters while the exception is in force.
fn review(judged: &ExceptionAssessment) -> Option<crate::day::Day> {
    judged.review_due.filter(|_| judged.state.is_in_force())
}

fn excuses(portal: &Portal<'_>, exception: &Exception) -> Html {
    let record = &exception.record;
    if let Some(control) = exception.control {
        let control = &portal.catalog.controls[control];
        return prose(control.record.title.value().map_or(&control.id, |title| title));
    }
    if let Some(rule) = record.rule.value() {
        let compiled = portal.explainer.scorecards().rule(rule.as_str());
        let title = compiled.and_then(|compiled| compiled.record.title.value());
        return prose(title.map_or(rule.as_str(), |title| title));
    }
    let golden_path = record.scope.golden_path.value() == Some(&true);
    match record.control.value() {
        Some(control) => prose(&format!("`{control}`, a control the catalog does not have")),
        None if golden_path => prose("the golden path as a whole"),
        None => prose("nothing that could be found"),
    }
}

fn service(portal: &Portal<'_>, exception: &Exception, here: Here<'_>) -> Option<Link> {
    let known = |service: Index<Service>| {
        let id = portal.catalog.services[service].id.as_str();
        Link::new(id, here.to(Place::Service(id)))
    };
    let named = || exception.record.service.value().map(|named| Link::plain(named.as_str()));
    exception.service.map(known).or_else(named)
}

/// Badges for the head of the page: how many rules are waived, and the most urgent exception.
pub(super) fn waived(judged: &ServiceAssessment) -> Option<Badge> {
    let waived: u64 = judged.subject.scorecards.iter().map(|result| result.counts.waived).sum();
    let count = usize::try_from(waived).unwrap_or(usize::MAX);
    let text = format!("{} waived", words::count(count, "rule", "rules"));
    (count > 0).then(|| Badge::outcome(crate::assess::outcome::Outcome::Waived).saying(text))
}
