//! The summary: what the pack says, on one page for people, that prints and needs no script.

use std::collections::BTreeMap;
use std::io;

use serde::Serialize;

use super::archive::Spool;
use super::controls::Proven;
use super::pack::Material;
use super::paths;
use super::period::Period;
use super::population::Population;
use super::selection::Selection;
use crate::catalog::Exception;
use crate::catalog::table::Index;
use crate::render::templates::{Template, Templates};
use crate::words;

const TEMPLATE: Template = Template {
    name: "evidence/summary.html",
    source: include_str!("../../site-templates/evidence/summary.html"),
};

const STYLE: &str = include_str!("summary.css");

#[derive(Serialize)]
struct Page<'a> {
    organisation: &'a str,
    as_of: String,
    as_of_long: String,
    covers: String,
    period: Option<String>,
    moment: String,
    version: &'a str,
    name: &'a str,
    compared_with: String,
    populations: &'a [Population],
    exclusions: String,
    controls: &'a [Proven<'a>],
    exceptions: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    id: &'a str,
    service: &'a str,
    from: &'a str,
    risk: &'a str,
    state: &'a str,
    ends: String,
}

/// Adds the page and its style.
pub(super) fn add(
    spool: &mut Spool,
    material: &Material<'_>,
    selection: &Selection,
    (populations, controls, exclusions, period): (&[Population], &[Proven<'_>], usize, Option<Period>),
) -> io::Result<()> {
    let Material { catalog, run, request, .. } = *material;
    let page = Page {
        organisation: &catalog.organisation,
        as_of: run.as_of.to_string(),
        as_of_long: run.as_of.long(),
        covers: request.covers.words(),
        period: period.map(Period::words),
        moment: run.moment.to_string(),
        version: &run.version,
        name: &request.name,
        compared_with: match &request.previous {
            Some(earlier) => format!("{}, tag manifest {}", earlier.name, earlier.tag_manifest),
            None => "no earlier pack".to_owned(),
        },
        populations,
        exclusions: words::capitalised(&words::count(exclusions, "thing", "things")),
        controls,
        exceptions: exceptions(material, selection),
    };
    // Not the templates that a portal may replace: a pack looks the same whoever made it, and comes out the same.
    let templates = Templates::new(&[TEMPLATE], &BTreeMap::new()).map_err(io::Error::other)?;
    let page = templates.render(TEMPLATE.name, &page, &()).map_err(io::Error::other)?;
    spool.add(paths::SUMMARY, |out| out.write_all(&page))?;
    spool.add(paths::SUMMARY_STYLE, |out| out.write_all(STYLE.as_bytes()))
}

fn exceptions<'a>(material: &Material<'a>, selection: &Selection) -> Vec<Row<'a>> {
    let Material { catalog, assessment, .. } = *material;
    let row = |index: &Index<Exception>| {
        let exception = &catalog.exceptions[*index];
        let record = &exception.record;
        let rule = || record.rule.value().map(|rule| rule.as_str());
        Row {
            id: &exception.id,
            service: record.service.value().map_or("", |service| service.as_str()),
            from: record.control.value().map(|control| control.as_str()).or_else(rule).unwrap_or_default(),
            risk: record.risk.value().map_or("", |risk| risk.word()),
            state: assessment.exceptions[index.position()].state.word(),
            ends: record.expires_at.value().map(ToString::to_string).unwrap_or_default(),
        }
    };
    selection.exceptions.iter().map(row).collect()
}
