//! The controls: what auditors ask for by name, with the rules that prove each and how these came out.

use std::io;

use serde::Serialize;

use super::archive::Spool;
use super::pack::Material;
use super::paths;
use super::selection::Selection;
use super::table;
use crate::render::evidence::controls::{FRAMEWORKS, Proofs, sum};

/// What stands between several values in one cell.
const BETWEEN: &str = " | ";

/// A control with what its rules came to.
#[derive(Debug, Serialize)]
pub(super) struct Proven<'a> {
    id: &'a str,
    title: &'a str,
    frameworks: String,
    rules: usize,
    pass: u64,
    fail: u64,
    waived: u64,
    unknown: u64,
}

/// Adds the list of the controls that `selection` covers.
pub(super) fn add<'a>(
    spool: &mut Spool,
    material: &Material<'a>,
    selection: &Selection,
) -> io::Result<Vec<Proven<'a>>> {
    let Material { catalog, assessment, .. } = *material;
    let proofs = Proofs::of(material.judged(), selection);
    let heads = [
        "control",
        "title",
        "kind",
        "owner",
        "risk",
        "waivable",
        "soc2",
        "iso27001",
        "pciDss",
        "nist80053",
        "otherFrameworks",
        "rules",
        "pass",
        "fail",
        "waived",
        "unknown",
        "notApplicable",
        "exceptions",
        "population",
        "results",
    ];
    let of_exceptions = |control: &str| -> Vec<&str> {
        let covered = selection.exceptions.iter().filter(|index| {
            let exception = &catalog.exceptions[**index];
            exception.record.control.value().is_some_and(|named| named.as_str() == control)
                && assessment.exceptions[index.position()].state.is_in_force()
        });
        covered.map(|index| &*catalog.exceptions[*index].id).collect()
    };
    let mut proven = Vec::with_capacity(selection.controls.len());
    table::add(spool, paths::CONTROLS, &heads, |each| {
        selection.controls.iter().try_for_each(|index| {
            let control = &catalog.controls[*index];
            let record = &control.record;
            let ids = |framework: &str| {
                let ids = record.frameworks.get(framework)?;
                Some(ids.value.0.iter().map(|id| &**id).collect::<Vec<_>>().join(BETWEEN))
            };
            let others = record.frameworks.entries.iter().filter(|(name, _)| !FRAMEWORKS.contains(&&**name));
            let others: Vec<String> =
                others.map(|(name, ids)| format!("{name} {}", ids.value.0.join(", "))).collect();
            let proofs = proofs.of_control(&control.id);
            let rules: Vec<&str> = proofs.iter().map(|proof| proof.id).collect();
            let score = sum(proofs);
            let frameworks: Vec<String> = record
                .frameworks
                .entries
                .iter()
                .map(|(name, ids)| format!("{name} {}", ids.value.0.join(", ")))
                .collect();
            proven.push(Proven {
                id: &control.id,
                title: record.title.value().map_or(&*control.id, |title| title),
                frameworks: frameworks.join("; "),
                rules: rules.len(),
                pass: score.pass,
                fail: score.fail,
                waived: score.waived,
                unknown: score.unknown,
            });
            each(&[
                (&*control.id).into(),
                record.title.value().map(|title| &**title).into(),
                record.kind.value().map(|kind| kind.word()).into(),
                record.owner.value().map(|team| team.as_str()).into(),
                record.risk.value().map(|risk| risk.word()).into(),
                record.waivable.value().copied().unwrap_or(true).into(),
                ids(FRAMEWORKS[0]).into(),
                ids(FRAMEWORKS[1]).into(),
                ids(FRAMEWORKS[2]).into(),
                ids(FRAMEWORKS[3]).into(),
                others.join(BETWEEN).into(),
                rules.join(BETWEEN).into(),
                score.pass.into(),
                score.fail.into(),
                score.waived.into(),
                score.unknown.into(),
                score.not_applicable.into(),
                of_exceptions(&control.id).join(BETWEEN).into(),
                "data/population/services.csv".into(),
                "data/results/results.csv".into(),
            ])
        })
    })?;
    Ok(proven)
}
