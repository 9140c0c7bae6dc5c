//! One golden path: what it gives and asks, its versions and who is on them, its readiness, who answers
//! for what.

mod readiness;
mod versions;

use serde::Serialize;

use super::Kind;
use crate::catalog::field::{List, Sourced};
use crate::catalog::golden_path::{GoldenPath, Part, PathLayer, SupportLevel};
use crate::catalog::table::Index;
use crate::catalog::{Catalog, Declared};
use crate::render::badge::Badge;
use crate::render::fact_list::Fact;
use crate::render::frame::{Head, Section};
use crate::render::linked;
use crate::render::links::{Here, Place};
use crate::render::origin::Provenance;
use crate::render::parts::Link;
use crate::render::portal::Portal;
use crate::render::prose::prose;
use crate::render::site::SitePath;
use crate::render::templates::{Html, Template, page_template};
use crate::words;
use readiness::Readiness;
use versions::Versions;
pub(super) use versions::newest;

/// What the template sees.
#[derive(Debug, Serialize)]
pub struct Page<'p> {
    title: &'p str,
    description: Option<Html>,
    /// `http-service@3`: what a service writes to follow it.
    reference: String,
    support: Option<Badge>,
    kind: String,
    owner: Option<Link>,
    source: Provenance,
    prohibited: bool,
    versions: Versions<'p>,
    layers: Vec<Layer<'p>>,
    layers_caption: String,
    layers_origin: Option<Provenance>,
    inputs: Sides<'p>,
    outputs: Sides<'p>,
    owns: Sides<'p>,
    constraints: Sides<'p>,
    facts: Vec<Fact>,
    readiness: Option<Readiness<'p>>,
    responsibilities: Vec<Responsibility<'p>>,
    responsibilities_caption: String,
    responsibilities_origin: Option<Provenance>,
}

/// What one side gives or keeps, and where that is written.
#[derive(Debug, Serialize)]
struct Sides<'p> {
    items: Vec<Side<'p>>,
    origin: Option<Provenance>,
}

#[derive(Debug, Serialize)]
struct Side<'p> {
    name: &'p str,
    description: Option<&'p str>,
}

#[derive(Debug, Serialize)]
struct Layer<'p> {
    name: String,
    provides: Option<&'p str>,
    controls: Vec<Control<'p>>,
}

/// A control that a layer promises.
#[derive(Debug, Serialize)]
struct Control<'p> {
    id: &'p str,
    title: Option<&'p str>,
    /// Whether any rule of a service scorecard looks whether it is so.
    proven: bool,
}

#[derive(Debug, Serialize)]
struct Responsibility<'p> {
    name: &'p str,
    application: Option<&'p str>,
    platform: Option<&'p str>,
    security: Option<&'p str>,
}

impl Kind for Page<'static> {
    const TEMPLATE: Template = page_template!("golden_path");
    type Shown<'p> = Page<'p>;
    type Subject = Index<Declared<GoldenPath>>;

    fn list(portal: &Portal<'_>) -> Vec<(SitePath, Self::Subject)> {
        let paths = portal.catalog.golden_paths.indexed();
        paths.map(|(index, path)| (Place::GoldenPath(&path.id).path(), index)).collect()
    }

    fn page<'p>(portal: &'p Portal<'_>, index: &'p Self::Subject, here: Here<'p>) -> (Head, Page<'p>) {
        let catalog = portal.catalog;
        let path = &catalog.golden_paths[*index];
        let record = &path.record;
        let title = title(path);
        let head = Head {
            title: title.to_owned(),
            section: Some(Section::GoldenPaths),
            data: Some(here.to(Place::Data(&["golden-paths", &path.id]))),
            crumbs: vec![Link::new("Golden paths", here.to(Place::GoldenPaths))],
            sources: Vec::new(),
        };
        let versions = Versions::new(portal, *index, here);
        let layers = layers(portal, record);
        let rows = &catalog.responsibilities.rows;
        let page = Page {
            title,
            description: record.description.value().map(|text| prose(text)),
            reference: match &versions.newest {
                Some(version) => format!("{}@{version}", path.id),
                None => path.id.to_string(),
            },
            support: record.support_level.value().map(|level| Badge::support(*level)),
            kind: match record.layer.value() {
                Some(layer) => format!("{} · {} layer", kind(record), layer.word()),
                None => kind(record),
            },
            owner: record.owner.value().map(|owner| linked::person(portal, here, owner.as_str())),
            source: portal.provenance(path.origin),
            prohibited: record.support_level.value() == Some(&SupportLevel::Prohibited),
            versions,
            layers_caption: format!(
                "{}, in the order of the file, and the controls that each promises.",
                words::count(layers.len(), "layer", "layers")
            ),
            layers_origin: record.layers.origin.map(|origin| portal.provenance(origin)),
            layers,
            inputs: sides(portal, &record.inputs),
            outputs: sides(portal, &record.outputs),
            owns: texts(portal, &record.developer_owns),
            constraints: texts(portal, &record.constraints),
            facts: facts(portal, record, here),
            readiness: Readiness::new(portal, *index, here),
            responsibilities: rows
                .values()
                .map(|row| Responsibility {
                    name: row.name.value().map_or("not named", |name| name),
                    application: row.application.value().map(|text| &**text),
                    platform: row.platform.value().map(|text| &**text),
                    security: row.security.value().map(|text| &**text),
                })
                .collect(),
            responsibilities_caption: format!(
                "{}, the same for every path.",
                words::count(rows.items.len(), "concern", "concerns")
            ),
            responsibilities_origin: rows.origin.map(|origin| portal.provenance(origin)),
        };
        (head, page)
    }
}

/// What people call a golden path.
pub(super) fn title(path: &Declared<GoldenPath>) -> &str {
    path.record.title.value().map_or(&path.id, |title| title)
}

/// `golden path`, `paved road` or `escape hatch`.
pub(super) fn kind(record: &GoldenPath) -> String {
    record.path_type.value().map_or("golden path", |kind| kind.word()).replace('-', " ")
}

fn sides<'p>(portal: &Portal<'_>, parts: &'p List<Part>) -> Sides<'p> {
    let side = |part: &'p Part| Side {
        name: part.name.value().map_or("not named", |name| name),
        description: part.description.value().map(|text| &**text),
    };
    let origin = parts.origin.map(|origin| portal.provenance(origin));
    Sides { items: parts.values().map(side).collect(), origin }
}

fn texts<'p>(portal: &Portal<'_>, list: &'p List<Box<str>>) -> Sides<'p> {
    let items = list.values().map(|text| Side { name: text, description: None }).collect();
    Sides { items, origin: list.origin.map(|origin| portal.provenance(origin)) }
}

fn layers<'p>(portal: &'p Portal<'_>, record: &'p GoldenPath) -> Vec<Layer<'p>> {
    let layer = |(name, layer): &'p (Box<str>, Sourced<PathLayer>)| Layer {
        name: words::capitalised(name),
        provides: layer.value.provides.value().map(|text| &**text),
        controls: layer.value.controls.values().map(|id| control(portal, id.as_str())).collect(),
    };
    record.layers.entries.iter().map(layer).collect()
}

fn control<'p>(portal: &'p Portal<'_>, id: &'p str) -> Control<'p> {
    let catalog: &'p Catalog = portal.catalog;
    let record = catalog.controls.by_id(id).map(|control| &control.record);
    Control {
        id,
        title: record.and_then(|record| record.title.value()).map(|title| &**title),
        proven: portal.populations.proven_controls.contains(id),
    }
}

fn facts(portal: &Portal<'_>, record: &GoldenPath, here: Here<'_>) -> Vec<Fact> {
    vec![
        Fact::list(portal, "Workloads", &record.workload_types, |kind| Link::plain(kind.word())),
        Fact::list(portal, "Runtimes", &record.runtimes, |text| Link::plain(&**text)),
        Fact::list(portal, "Environments", &record.environments, |text| Link::plain(&**text)),
        Fact::of(portal, "Example service", &record.example_service, |id| {
            linked::service_named(portal, here, id.as_str())
        }),
        Fact::text(portal, "Support channel", &record.support_channel),
        Fact::text(portal, "Cost", &record.cost_model),
        Fact::text(portal, "Documentation", &record.docs),
        Fact::text(portal, "Interface", &record.schema),
        Fact::text(portal, "Changelog", &record.changelog),
        Fact::text(portal, "Deprecation policy", &record.deprecation_policy),
        Fact::text(portal, "Compatibility tests", &record.compatibility_tests),
        Fact::text(portal, "Rollback plan", &record.rollback_plan),
        Fact::text(portal, "Deployment strategy", &record.deployment_strategy),
        Fact::text(portal, "Runbook template", &record.runbook_template),
        Fact::text(portal, "Way off the path", &record.escape_hatch),
        Fact::list(portal, "Tags on all it creates", &record.mandatory_tags, |text| Link::plain(&**text)),
    ]
}
