//! `evidence/index.json`: what an auditor can have; and `evidence/<framework>.json`: the ids of one framework, the
//! controls that they stand on, and what proves these. Files are named relative to the document that names them.

use schemars::JsonSchema;
use serde::Serialize;

use super::value::Counts;
use crate::render::evidence::frameworks;
use crate::render::evidence::left_out;
use crate::render::evidence::packs;
use crate::render::evidence::population::Kind;
use crate::render::links::evidence::{Evidence as At, framework as segment};
use crate::render::links::{Place, relative};
use crate::render::portal::Portal;
use crate::render::site::SitePath;

/// What an auditor can have.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Evidence<'a> {
    /// The frameworks that controls name.
    pub frameworks: Vec<Listed<'a>>,
    /// How many things were left out, by why.
    pub left_out: LeftOut,
    /// The packs that were sealed and are offered, the newest first.
    pub packs: Vec<Pack<'a>>,
    /// Everything there is, by kind.
    pub populations: Vec<Population>,
}

/// A framework in the list.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Listed<'a> {
    /// What makes a pack of it.
    pub command: String,
    /// How many controls name it.
    pub controls: usize,
    /// Exceptions in force to these.
    pub exceptions: usize,
    /// Its own document.
    pub file: String,
    /// How many of its ids they name.
    pub ids: usize,
    /// Its name, as controls write it.
    pub name: &'a str,
    /// The results of those rules, each once.
    pub results: Counts,
    /// How many rules prove these controls.
    pub rules: usize,
    /// What people call it.
    pub title: String,
}

/// How many things were left out. A pack has a row for each, with the reason.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LeftOut {
    /// Credentials that were taken out of what was read.
    pub credentials_removed: usize,
    /// Descriptors that could not be read.
    pub descriptors_unreadable: usize,
    /// Documents with the name of a descriptor that describe no service of ours.
    pub documents_of_other_tools: usize,
    /// Listings of resources that AWS refused.
    pub listings_refused: usize,
    /// Paths in repositories that were not read.
    pub paths_refused: usize,
    /// Repositories that the configuration excludes.
    pub repositories_excluded: usize,
    /// Repositories that could not be read.
    pub repositories_unreadable: usize,
}

/// A pack.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Pack<'a> {
    /// The moment that it judged.
    pub at: String,
    /// Bytes of the archive.
    pub bytes: u64,
    /// What it covers, in words.
    pub covers: &'a str,
    /// The archive.
    pub file: String,
    /// Whether what was judged is in it, so that it can be judged again.
    pub has_inputs: bool,
    /// Whether the ledger names it; `null` when there was no ledger to ask.
    pub in_ledger: Option<bool>,
    /// Its name.
    pub name: &'a str,
    /// The number of its run in the ledger.
    pub run: u64,
    /// SHA-256 of the archive.
    pub sha256: String,
    /// Whether there is a signature in it. Whose it is was not looked at.
    pub signed: bool,
    /// SHA-256 of its tag manifest: what a signature covers and the ledger names.
    pub tag_manifest: &'a str,
}

/// Everything there is of a kind.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Population {
    /// What the number of rows was compared with.
    pub compared_with: String,
    /// The rows for a spreadsheet.
    pub csv: String,
    /// The same rows, exact.
    pub json: String,
    /// Its name.
    pub name: &'static str,
    /// How many rows there are.
    pub rows: usize,
}

/// One framework.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Framework<'a> {
    /// Its ids with the controls that they stand on, in the order in which people count.
    pub entries: Vec<Entry<'a>>,
    /// Its name, as controls write it.
    pub name: &'a str,
    /// What people call it.
    pub title: String,
}

/// An id with one control.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Entry<'a> {
    /// The control.
    pub control: &'a str,
    /// The exceptions in force to the control or to a rule that proves it.
    pub exceptions: Vec<&'a str>,
    /// The id.
    pub id: &'a str,
    /// The rules that prove the control; none when nothing does.
    pub rules: Vec<Rule<'a>>,
    /// What people call the control.
    pub title: Option<&'a str>,
}

/// A rule that proves a control.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Rule<'a> {
    /// Its results.
    pub results: Counts,
    /// Its id.
    pub rule: &'a str,
    /// Its scorecard.
    pub scorecard: &'a str,
}

impl<'a> Evidence<'a> {
    pub(super) fn of(portal: &'a Portal<'_>, path: &SitePath) -> Self {
        let to = |place: At<'_>| relative(path, &Place::Evidence(place).path());
        let population = |kind: Kind| {
            let population = kind.population(portal.catalog, None);
            Population {
                compared_with: population.compared_with,
                csv: to(At::Population(population.name, "csv")),
                json: to(At::Population(population.name, "json")),
                name: population.name,
                rows: population.rows,
            }
        };
        let pack = |pack: &'a packs::Pack| Pack {
            at: pack.at.to_string(),
            bytes: pack.stored.size(),
            covers: &pack.covers,
            file: to(At::Pack(&pack.name)),
            has_inputs: pack.has_inputs,
            in_ledger: pack.in_ledger,
            name: &pack.name,
            run: pack.run,
            sha256: pack.stored.digest().hexadecimal(),
            signed: pack.is_signed,
            tag_manifest: &pack.tag_manifest,
        };
        let listed = |framework: &'a frameworks::Framework<'_>| Listed {
            command: framework.command(),
            controls: framework.controls().len(),
            exceptions: framework.exceptions().len(),
            file: relative(path, &Place::Data(&["evidence", &segment(framework.name)]).path()),
            ids: framework.ids().len(),
            name: framework.name,
            results: framework.score().into(),
            rules: framework.proofs().len(),
            title: framework.title(),
        };
        let left_out = left_out::LeftOut::of(portal.catalog);
        Self {
            frameworks: portal.frameworks.iter().map(listed).collect(),
            left_out: LeftOut {
                credentials_removed: left_out.credentials_removed,
                descriptors_unreadable: left_out.descriptors_unreadable,
                documents_of_other_tools: left_out.documents_of_other_tools,
                listings_refused: left_out.listings_refused,
                paths_refused: left_out.paths_refused,
                repositories_excluded: left_out.repositories_excluded,
                repositories_unreadable: left_out.repositories_unreadable,
            },
            packs: portal.packs.iter().map(pack).collect(),
            populations: Kind::ALL.into_iter().map(population).collect(),
        }
    }
}

impl<'a> Framework<'a> {
    pub(super) fn of(portal: &'a Portal<'_>, position: usize) -> Self {
        let framework = &portal.frameworks[position];
        let entry = |entry: &'a frameworks::Entry<'_>| Entry {
            control: &entry.control.id,
            exceptions: entry.exceptions.iter().map(|exception| &*exception.id).collect(),
            id: entry.id,
            rules: entry
                .proofs
                .iter()
                .map(|proof| Rule {
                    results: proof.score.into(),
                    rule: proof.id,
                    scorecard: &portal.catalog.scorecards[proof.scorecard].id,
                })
                .collect(),
            title: entry.control.record.title.value().map(|title| &**title),
        };
        Self {
            entries: framework.entries.iter().map(entry).collect(),
            name: framework.name,
            title: framework.title(),
        }
    }
}
