//! Adoption: the page for those who lead. Every figure with its numerator, denominator, target, day and
//! source, and the list behind it one click away; what nobody measured stands there by name.

pub(super) mod figures;
mod fixes;
mod maturity;
mod versions;

use serde::Serialize;

use super::Kind;
use super::adoption_list::List;
use super::exceptions::ByRisk;
use crate::assess::adoption::{NotMeasured, WaivedControl};
use crate::assess::change::{Comparison, Direction, Measure};
use crate::render::frame::{Head, Section};
use crate::render::funnel::Funnel;
use crate::render::linked;
use crate::render::links::{Here, Href, Place};
use crate::render::parts::{Link, When};
use crate::render::portal::Portal;
use crate::render::prose::prose;
use crate::render::site::SitePath;
use crate::render::templates::{Html, Template, page_template};
use crate::words;
use figures::Row as Figure;
use fixes::Fixes;
use maturity::Maturity;
use versions::Versions;

/// How many waived controls are shown.
const SHOWN: usize = 20;
/// How many exceptions are named in one row.
const NAMED: usize = 3;

/// What the template sees.
#[derive(Debug, Serialize)]
pub struct Page<'p> {
    lead: String,
    as_of: When,
    json: Href,
    table: Href,
    funnel: Funnel,
    /// What moved since an earlier run, when one is known.
    moved: Option<Link>,
    figures: Vec<Figure<'p>>,
    figures_caption: String,
    versions: Versions<'p>,
    by_risk: Option<ByRisk>,
    register: Href,
    waived: Vec<Waived<'p>>,
    waived_caption: String,
    fixes: Fixes,
    maturity: Maturity,
    not_measured: Vec<Silent<'p>>,
    not_measured_caption: String,
}

/// A control that is waived.
#[derive(Debug, Serialize)]
struct Waived<'p> {
    control: &'p str,
    title: Option<&'p str>,
    services: Link,
    exceptions: Vec<Link>,
    more: usize,
}

/// Something that nobody measured.
#[derive(Debug, Serialize)]
struct Silent<'p> {
    title: &'p str,
    why: Html,
    target: Option<String>,
    measured_by: Html,
}

impl Kind for Page<'static> {
    const TEMPLATE: Template = page_template!("adoption");
    type Shown<'p> = Page<'p>;
    type Subject = ();

    fn list(_: &Portal<'_>) -> Vec<(SitePath, ())> {
        vec![(Place::Adoption.path(), ())]
    }

    fn page<'p>(portal: &'p Portal<'_>, (): &'p (), here: Here<'p>) -> (Head, Page<'p>) {
        let adoption = &portal.adoption;
        let json = here.to(Place::Data(&["adoption"]));
        let head = Head {
            title: "Adoption".to_owned(),
            section: Some(Section::Adoption),
            data: Some(json.clone()),
            ..Head::default()
        };
        let figures = figures::rows(portal, here);
        let silent = adoption.not_measured(portal.comparison.is_some());
        let page = Page {
            lead: lead(portal),
            as_of: portal.when(portal.run.as_of),
            json,
            table: here.to(Place::AdoptionTable),
            funnel: Funnel::new(portal, here),
            moved: portal.comparison.map(|comparison| moved(comparison, here)),
            figures_caption: format!(
                "{} that could be measured; shares are rounded down",
                words::count(figures.len(), "figure", "figures")
            ),
            figures,
            versions: Versions::new(portal, here),
            by_risk: ByRisk::new(portal),
            register: here.to(Place::Exceptions),
            waived: adoption
                .waived
                .iter()
                .enumerate()
                .take(SHOWN)
                .map(|(position, control)| waived(portal, here, position, control))
                .collect(),
            waived_caption: waived_caption(adoption.waived.len()),
            fixes: Fixes::new(portal, here),
            maturity: Maturity::new(portal),
            not_measured_caption: format!(
                "{} without a value on this day, and what would give {} one",
                words::count(silent.len(), "figure", "figures"),
                if silent.len() == 1 { "it" } else { "each" },
            ),
            not_measured: silent.into_iter().map(self::silent).collect(),
        };
        (head, page)
    }
}

/// `41 services of 12 teams count.`
fn lead(portal: &Portal<'_>) -> String {
    format!(
        "How far {} come with the platform: what can be counted is counted, and what cannot is named.",
        words::count(portal.adoption.counted.len(), "service has", "services have")
    )
}

/// `against the snapshot of 2026-11-20: 2 services in a worse tier, 1 in a better one`, and where it says why.
fn moved(comparison: &Comparison, here: Here<'_>) -> Link {
    let tiers = comparison.changes.iter().filter(|change| change.measure == Measure::Tier);
    let count = |direction| tiers.clone().filter(|change| change.direction == direction).count();
    let text = format!(
        "against {}: {} in a worse tier, {} in a better one",
        comparison.with,
        words::count(count(Direction::Worse), "service", "services"),
        words::count(count(Direction::Better), "service", "services"),
    );
    Link::new(text, here.to(Place::Changes))
}

fn waived<'p>(
    portal: &'p Portal<'_>,
    here: Here<'_>,
    position: usize,
    waived: &'p WaivedControl<'_>,
) -> Waived<'p> {
    let exceptions = waived.exceptions();
    let record = portal.catalog.controls.by_id(waived.control).map(|control| &control.record);
    Waived {
        control: waived.control,
        title: record.and_then(|record| record.title.value()).map(|title| &**title),
        services: Link::new(
            words::count(waived.services(), "service", "services"),
            List::Waived(position).href(portal, here, 1),
        ),
        exceptions: exceptions
            .iter()
            .take(NAMED)
            .map(|exception| linked::exception(portal, here, *exception))
            .collect(),
        more: exceptions.len().saturating_sub(NAMED),
    }
}

fn waived_caption(count: usize) -> String {
    let all = words::count(count, "control", "controls");
    match count {
        0..=SHOWN => format!("{all} that exceptions waive today, what is waived for most services first"),
        _ => format!("The first {SHOWN} of {all} that exceptions waive today, by services"),
    }
}

fn silent<'p>(silent: NotMeasured<'p>) -> Silent<'p> {
    Silent {
        title: silent.title,
        why: prose(silent.why),
        target: silent.target.map(|target| figures::target(target, silent.direction, silent.unit)),
        measured_by: prose(silent.measured_by),
    }
}
