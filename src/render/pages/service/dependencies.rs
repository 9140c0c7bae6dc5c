//! Dependencies both ways: what the service needs, what needs it, and whether the promises fit together.

use serde::Serialize;

use super::drawing::Drawing;
use crate::assess::dependencies::{Availability, Verdict, availability};
use crate::catalog::service::DependencyKind;
use crate::catalog::table::Index;
use crate::catalog::{Dependency, DependencyTarget, Service};
use crate::render::links::{Here, Href, Place};
use crate::render::origin::Brief;
use crate::render::portal::Portal;
use crate::render::prose::prose;
use crate::render::templates::Html;
use crate::words;

/// How many neighbours are listed on each side.
const SHOWN: usize = 200;

/// What the template sees of the section.
#[derive(Debug, Serialize)]
pub(super) struct Dependencies<'p> {
    needs: Vec<Need<'p>>,
    more_needs: usize,
    needed_by: Vec<Neighbour<'p>>,
    more_needed_by: usize,
    drawing: Option<Drawing>,
    too_many: bool,
    summary: String,
    /// What the service promises against what it rests on.
    arithmetic: Option<Html>,
}

#[derive(Debug, Serialize)]
struct Need<'p> {
    name: &'p str,
    href: Option<Href>,
    kind: &'static str,
    remark: Option<String>,
    doubtful: bool,
    origin: Brief,
}

#[derive(Debug, Serialize)]
struct Neighbour<'p> {
    name: &'p str,
    href: Href,
    kind: &'static str,
}

impl<'p> Dependencies<'p> {
    pub(super) fn of(portal: &'p Portal<'_>, index: Index<Service>, here: Here<'_>) -> Self {
        let services = &portal.catalog.services;
        let service = &services[index];
        let needs: Vec<Need<'p>> = service
            .depends_on
            .iter()
            .take(SHOWN)
            .map(|dependency| need(portal, service, dependency, here))
            .collect();
        let neighbour = |dependent: &Index<Service>| {
            let dependent = &services[*dependent];
            Neighbour {
                name: dependent.id.as_str(),
                href: here.to(Place::Service(dependent.id.as_str())),
                kind: kind_towards(dependent, index).word(),
            }
        };
        let needed_by: Vec<Neighbour<'p>> = service.dependents.iter().take(SHOWN).map(neighbour).collect();
        let (all_needs, all_needed_by) = (service.depends_on.len(), service.dependents.len());
        let summary = format!(
            "{} on {}; it depends on {}.",
            words::count(all_needed_by, "service depends", "services depend"),
            service.id,
            all_needs
        );
        let left: Vec<_> = needed_by.iter().map(|near| label(near.name, near.kind)).collect();
        let right: Vec<_> = needs.iter().map(|near| label(near.name, near.kind)).collect();
        let drawing = Drawing::of(service.id.as_str(), &left, &right);
        let alone = needs.is_empty() && needed_by.is_empty();
        Self {
            too_many: drawing.is_none() && !alone,
            drawing,
            more_needs: all_needs - needs.len(),
            needs,
            more_needed_by: all_needed_by - needed_by.len(),
            needed_by,
            summary,
            arithmetic: availability(portal.catalog, service).map(|found| prose(&arithmetic(&found))),
        }
    }
}

/// `Promised: 99.9 %. At best: 99.95 % (a) × 99.5 % (b) = 99.45 %, which is not enough.`
fn arithmetic(found: &Availability<'_>) -> String {
    let promised = found.promised.share;
    let at_best = match found.factors.is_empty() {
        true => String::new(),
        false => format!(" What it cannot work without allows at best {}.", found.arithmetic()),
    };
    let verdict = match found.verdict() {
        Verdict::Kept => "That is enough.".to_owned(),
        Verdict::Broken => "That is not enough.".to_owned(),
        Verdict::Unknown => format!(
            "Whether that is enough is unknown, because {} no availability.",
            match found.unknown.len() {
                1 => "one that it needs states".to_owned(),
                more => format!("{more} that it needs state"),
            }
        ),
    };
    format!("It promises {promised}.{at_best} {verdict}")
}

fn label(name: &str, kind: &str) -> String {
    if kind == DependencyKind::Soft.word() { format!("{name} (soft)") } else { name.to_owned() }
}

fn need<'p>(
    portal: &'p Portal<'_>,
    service: &'p Service,
    dependency: &'p Dependency,
    here: Here<'_>,
) -> Need<'p> {
    let (href, remark, doubtful) = match dependency.target {
        DependencyTarget::Service(target) => {
            let target = &portal.catalog.services[target];
            let (remark, doubtful) = match dependency.kind {
                DependencyKind::Hard => promise(service, target),
                DependencyKind::Soft => (None, false),
            };
            (Some(here.to(Place::Service(target.id.as_str()))), remark, doubtful)
        }
        DependencyTarget::Missing => (None, Some("a service the catalog does not have".to_owned()), true),
        DependencyTarget::Resource => (None, Some("a resource".to_owned()), false),
        DependencyTarget::External => (None, Some("outside the organisation".to_owned()), false),
    };
    Need {
        name: &dependency.name,
        href,
        kind: dependency.kind.word(),
        remark,
        doubtful,
        origin: portal.brief(dependency.origin),
    }
}

/// How `dependent` depends on the service at `index`: hard when any of its dependencies on it is.
fn kind_towards(dependent: &Service, index: Index<Service>) -> DependencyKind {
    let towards = dependent.depends_on.iter().filter(|own| own.target == DependencyTarget::Service(index));
    match towards.map(|own| own.kind).min() {
        Some(kind) => kind,
        None => DependencyKind::Hard,
    }
}

/// Whether what `target` promises is enough for what `service` promises, and whether that is in doubt.
fn promise(service: &Service, target: &Service) -> (Option<String>, bool) {
    let promised = service.record.slo.availability.value().map(|share| (share.value, &*share.text));
    let given = target.record.slo.availability.value().map(|share| (share.value, &*share.text));
    compare(promised, given)
}

fn compare(promised: Option<(f64, &str)>, given: Option<(f64, &str)>) -> (Option<String>, bool) {
    let Some((given, text)) = given else {
        return (promised.map(|_| "promises no availability".to_owned()), promised.is_some());
    };
    let given_text = format!("promises {} %", text.trim_end_matches('%').trim_end());
    match promised {
        Some((promised, text)) => {
            let own = text.trim_end_matches('%').trim_end();
            if given >= promised {
                (Some(format!("{given_text}, enough for {own} %")), false)
            } else {
                (Some(format!("{given_text}, less than the {own} % promised here")), true)
            }
        }
        None => (Some(given_text), false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_promise_is_held_against_those_it_rests_on() {
        let said = |promised, given| compare(promised, given);
        for (promised, given, remark, doubtful) in [
            (
                Some((99.9, "99.9")),
                Some((99.95, "99.95")),
                Some("promises 99.95 %, enough for 99.9 %"),
                false,
            ),
            (Some((99.9, "99.9")), Some((99.9, "99.9%")), Some("promises 99.9 %, enough for 99.9 %"), false),
            (
                Some((99.9, "99.9")),
                Some((99.5, "99.5")),
                Some("promises 99.5 %, less than the 99.9 % promised here"),
                true,
            ),
            (Some((99.9, "99.9")), None, Some("promises no availability"), true),
            (None, Some((99.5, "99.5")), Some("promises 99.5 %"), false),
            (None, None, None, false),
        ] {
            assert_eq!(said(promised, given), (remark.map(str::to_owned), doubtful));
        }
    }
}
