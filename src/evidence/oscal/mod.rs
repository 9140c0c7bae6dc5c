//! The pack in the words of OSCAL, the language of NIST for assessments: a plan, which says what is assessed and how,
//! and results, which say what came of it. Both say nothing that the tables do not say; they are for tools that read
//! OSCAL. A catalog without controls has neither.

mod plan;
mod results;
mod risks;
mod shapes;
mod tally;
mod wording;

use std::io;

use serde::Serialize;

use super::archive::Spool;
use super::pack::Material;
use super::paths;
use super::population::Population;
use super::selection::Selection;
use crate::catalog::control::Control;
use shapes::{
    ControlId, ControlSelection, Hash, Metadata, OSCAL, ObjectiveId, ObjectiveSelection, Party, Property,
    Resource, ResourceLink, ReviewedControls,
};
use tally::Tally;
use wording::{Line, Markup, Uuid};

/// Adds the two documents about what is in `spool` so far.
pub(super) fn add(
    spool: &mut Spool,
    material: &Material<'_>,
    selection: &Selection,
    populations: &[Population],
) -> io::Result<()> {
    if selection.controls.is_empty() {
        return Ok(());
    }
    let names = Names { organisation: &material.catalog.organisation, pack: &material.request.name };
    let tally = Tally::of(material, selection, &names);
    let files = Files::of(spool, &names);
    let document = Document { material, tally: &tally, names, files: &files };
    spool.add(paths::OSCAL_PLAN, |out| write(out, &plan::of(&document)))?;
    spool.add(paths::OSCAL_RESULTS, |out| write(out, &results::of(&document, selection, populations)))
}

fn write(out: &mut dyn io::Write, document: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, document)?;
    out.write_all(b"\n")
}

/// What a document is made of.
#[derive(Clone, Copy)]
struct Document<'d, 'a> {
    material: &'d Material<'a>,
    tally: &'d Tally<'a>,
    names: Names<'d>,
    files: &'d Files,
}

/// Gives names to things.
#[derive(Clone, Copy)]
struct Names<'n> {
    organisation: &'n str,
    pack: &'n str,
}

impl Names<'_> {
    /// The name of something that outlives the pack and is the same in the next: a service, a rule, an exception.
    fn lasting(&self, kind: &str, key: &str) -> Uuid {
        Uuid::of(&["milepost", self.organisation, kind, key])
    }

    /// The name of something that is of this pack alone.
    fn of_pack(&self, kind: &str, key: &str) -> Uuid {
        Uuid::of(&["milepost", self.organisation, self.pack, kind, key])
    }
}

/// The files of the pack that the documents rest on, by path, each with its digest.
struct Files(Vec<(String, Uuid, String)>);

impl Files {
    /// Every exact table and record so far that is no input.
    fn of(spool: &Spool, names: &Names<'_>) -> Self {
        let exact = spool
            .sealed()
            .iter()
            .filter(|(path, _)| path.ends_with(".json") && !path.starts_with(paths::INPUTS));
        Self(
            exact
                .map(|(path, sealed)| {
                    (path.clone(), names.of_pack("file", path), sealed.digest.hexadecimal())
                })
                .collect(),
        )
    }

    /// How a document points at the file at `path`, when there is one.
    fn reference(&self, path: &str) -> Option<String> {
        self.0.iter().find(|(known, ..)| known == path).map(|(_, name, _)| format!("#{name}"))
    }

    /// The list of those that `wanted` chooses.
    fn resources(&self, wanted: impl Fn(&str) -> bool) -> Vec<Resource> {
        let chosen = self.0.iter().filter(|(path, ..)| wanted(path));
        chosen
            .map(|(path, name, digest)| Resource {
                uuid: *name,
                title: Markup::of(path),
                description: None,
                rlinks: [ResourceLink {
                    href: beside(path),
                    media_type: "application/json",
                    hashes: [Hash { algorithm: "SHA-256", value: digest.clone() }],
                }],
            })
            .collect()
    }
}

/// The address of the file at `path`, as seen from the documents.
fn beside(path: &str) -> String {
    format!("../{}", path.strip_prefix(super::bag::PAYLOAD).unwrap_or(path))
}

impl Document<'_, '_> {
    fn metadata(&self, what: &str) -> Metadata {
        let Material { catalog, run, request, .. } = *self.material;
        Metadata {
            title: Markup::of(&format!("{what} of {}, as of {}", catalog.organisation, run.as_of)),
            last_modified: run.moment,
            version: run.moment.to_string(),
            oscal_version: OSCAL,
            parties: [Party {
                uuid: self.organisation(),
                kind: "organization",
                name: Line::of(&catalog.organisation),
            }],
            remarks: Markup::of(&format!(
                "Part of the evidence pack {}, which covers {}. The tables of the pack have every result in full.",
                request.name,
                request.covers.words()
            )),
        }
    }

    fn organisation(&self) -> Uuid {
        self.names.lasting("organisation", "")
    }

    /// The program that judges.
    fn tool(&self) -> Uuid {
        self.names.lasting("tool", "milepost")
    }

    /// The controls of the pack, each with its ids and what is assessed of it.
    fn reviewed_controls(&self) -> ReviewedControls {
        let controls = &self.tally.controls;
        let selections = controls.iter().map(|control| ControlSelection {
            description: Some(Markup::of(title(control.id, control.record))),
            props: frameworks(control.id, control.record),
            include_controls: control_ids(&control.control_ids),
        });
        let objectives = controls.iter().flat_map(|control| control.objectives());
        ReviewedControls {
            control_selections: selections.collect(),
            control_objective_selections: vec![ObjectiveSelection {
                description: Markup::of(
                    "What the organisation demands below each control: the id of the control, then obj, then the id that the organisation gives its own control. None of these claims the whole objective of NIST.",
                ),
                include_objectives: objectives
                    .map(|(_, objective_id)| ObjectiveId { objective_id })
                    .collect(),
            }],
        }
    }
}

fn control_ids(ids: &[String]) -> Vec<ControlId> {
    ids.iter().map(|id| ControlId { control_id: id.clone() }).collect()
}

/// What people call a control.
fn title<'a>(id: &'a str, record: &'a Control) -> &'a str {
    record.title.value().map_or(id, |title| title)
}

/// A control's id, and its ids in every framework as they are written.
fn frameworks(id: &str, record: &Control) -> Vec<Property> {
    let written = record.frameworks.entries.iter().flat_map(|(framework, ids)| {
        ids.value.0.iter().filter_map(move |id| Property::ours("framework-id", &format!("{framework}: {id}")))
    });
    Property::ours("control", id).into_iter().chain(written).collect()
}
