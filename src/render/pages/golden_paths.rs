//! The list of golden paths: what the platform offers, how firmly it stands behind it, and how many
//! services are on it.

use serde::Serialize;

use super::Kind;
use super::golden_path::{kind, newest, title};
use crate::assess::outcome::Share;
use crate::catalog::Declared;
use crate::catalog::foreign::PathHint;
use crate::catalog::golden_path::GoldenPath;
use crate::catalog::table::Index;
use crate::render::badge::Badge;
use crate::render::frame::{Head, Section};
use crate::render::linked;
use crate::render::links::{Here, Href, Place};
use crate::render::origin::Brief;
use crate::render::parts::{Link, Meter};
use crate::render::populations::PathPopulation;
use crate::render::portal::Portal;
use crate::render::site::SitePath;
use crate::render::templates::{Template, page_template};
use crate::words;

/// What the template sees.
#[derive(Debug, Serialize)]
pub struct Page<'p> {
    lead: String,
    on_path: Option<Meter>,
    off_support: usize,
    caption: String,
    rows: Vec<Row<'p>>,
    templates_caption: String,
    templates: Vec<Found<'p>>,
}

/// A software template of a repository that may be a golden path.
#[derive(Debug, Serialize)]
struct Found<'p> {
    name: &'p str,
    title: Option<&'p str>,
    owner: Option<&'p str>,
    origin: Brief,
}

/// Templates that are shown at most; the caption counts them all.
const SHOWN: usize = 200;

#[derive(Debug, Serialize)]
struct Row<'p> {
    id: &'p str,
    title: &'p str,
    href: Href,
    kind: String,
    support: Option<Badge>,
    rank: usize,
    owner: Option<Link>,
    version: Option<&'p str>,
    services: usize,
    off_support: usize,
    readiness: Option<Meter>,
}

impl Kind for Page<'static> {
    const TEMPLATE: Template = page_template!("golden_paths");
    type Shown<'p> = Page<'p>;
    type Subject = ();

    fn list(_: &Portal<'_>) -> Vec<(SitePath, ())> {
        vec![(Place::GoldenPaths.path(), ())]
    }

    fn page<'p>(portal: &'p Portal<'_>, (): &'p (), here: Here<'p>) -> (Head, Page<'p>) {
        let head = Head {
            title: "Golden paths".to_owned(),
            section: Some(Section::GoldenPaths),
            data: Some(here.to(Place::Data(&["index"]))),
            ..Head::default()
        };
        let paths = &portal.catalog.golden_paths;
        let rows: Vec<Row<'p>> =
            paths.indexed().map(|(index, path)| row(portal, index, path, here)).collect();
        let on_path: usize = rows.iter().map(|row| row.services).sum();
        let page = Page {
            lead: format!(
                "{} that the platform offers, keeps or only still tolerates.",
                words::count(rows.len(), "way", "ways")
            ),
            on_path: Share::of(on_path as u64, portal.populations.counted_services as u64).map(Meter::from),
            off_support: rows.iter().map(|row| row.off_support).sum(),
            caption: format!("{}, by id", words::count(rows.len(), "path", "paths")),
            rows,
            templates_caption: templates_caption(portal.catalog.path_hints.len()),
            templates: portal.catalog.path_hints.iter().take(SHOWN).map(|hint| found(portal, hint)).collect(),
        };
        (head, page)
    }
}

/// `2 software templates lie in repositories`.
fn templates_caption(count: usize) -> String {
    let templates = words::count(count, "software template", "software templates");
    if count > SHOWN { format!("The first {SHOWN} of {templates}") } else { format!("{templates}, by name") }
}

fn found<'p>(portal: &'p Portal<'_>, hint: &'p PathHint) -> Found<'p> {
    Found {
        name: &hint.name.value,
        title: hint.title.as_ref().map(|title| &*title.value),
        owner: hint.owner.as_ref().map(|owner| &*owner.value),
        origin: portal.brief(hint.name.origin),
    }
}

fn row<'p>(
    portal: &'p Portal<'_>,
    index: Index<Declared<GoldenPath>>,
    path: &'p Declared<GoldenPath>,
    here: Here<'_>,
) -> Row<'p> {
    let record = &path.record;
    let population = &portal.populations.golden_paths[index.position()];
    let subject = portal.assessment.golden_paths.get(index.position());
    let readiness = subject.and_then(|subject| subject.scorecards.get(subject.readiness?));
    let level = record.support_level.value().copied();
    let newest = newest(&record.versions.items).and_then(|version| version.version.value());
    Row {
        id: &path.id,
        title: title(path),
        href: here.to(Place::GoldenPath(&path.id)),
        kind: kind(record),
        support: level.map(Badge::support),
        rank: level.map_or(5, |level| level as usize),
        owner: record.owner.value().map(|owner| linked::person(portal, here, owner.as_str())),
        version: newest.map(|number| &**number),
        services: population.counted(),
        off_support: off_support(portal, record, population),
        readiness: readiness.and_then(|result| result.score.with_exceptions()).map(Meter::from),
    }
}

/// Services on a version that is not supported today, or that the path does not have.
fn off_support(portal: &Portal<'_>, record: &GoldenPath, population: &PathPopulation) -> usize {
    let versions = record.versions.values().zip(&population.versions);
    let unsupported = versions.filter(|(version, _)| !version.is_supported(portal.run.as_of));
    unsupported.map(|(_, services)| services.len()).sum::<usize>() + population.unknown_version.len()
}
