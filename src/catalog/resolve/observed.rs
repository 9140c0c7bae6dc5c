//! Facts: every facts file read and put beside what sources observed, each fact about something that exists, the
//! newest of several kept.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::references::Registers;
use super::remarks::Remarks;
use crate::catalog::configuration::Configuration;
use crate::catalog::content;
use crate::catalog::facts::{Reading, newest};
use crate::catalog::filing::Filing;
use crate::catalog::origin::Origin;
use crate::catalog::resource::Fact;
use crate::collect::snapshot::Content;
use crate::diagnostic::{Diagnostics, codes};

/// The facts of all files, and those `observed`.
pub(super) fn facts(
    observed: Vec<Fact>,
    configuration: &Configuration,
    filing: &Filing<'_>,
    registers: &mut Registers,
    remarks: &mut Remarks,
    diagnostics: &mut Diagnostics,
) -> Vec<Fact> {
    let zone = configuration.zone();
    let vocabulary = configuration.words();
    let max_age = configuration.fact_max_age();
    let read: Vec<(Vec<Fact>, Diagnostics)> = filing
        .facts
        .par_iter()
        .map(|(index, file)| {
            let mut found = Diagnostics::default();
            let reading =
                Reading { zone: &zone, vocabulary: &vocabulary, max_age, source_name: &file.source };
            let facts = match &file.content {
                Content::Text(text) => {
                    let text = text.read();
                    reading.file(&text, &filing.source(*index, &text), &mut found)
                }
                other => {
                    let place = filing.source(*index, "").whole();
                    if let Some(problem) = content::problem(other, place) {
                        found.push(problem);
                    }
                    Vec::new()
                }
            };
            (facts, found)
        })
        .collect();
    let mut all = observed;
    for (facts, found) in read {
        all.extend(facts);
        diagnostics.append(found);
    }
    let facts = newest(all, |first, later| {
        let message = format!("`{}` of `{}` has another value at the same moment", later.name, later.subject);
        let help = format!("remove one of them; the value from `{}` is used", first.source);
        // Only what stands in a file can be mended.
        let written = [later.origin, first.origin].into_iter().find(|origin| origin.file().is_some());
        remarks.add(&codes::CONTRADICTING_FACTS, written.unwrap_or(later.origin), "", message, help);
    });
    subjects(&facts, registers, remarks);
    facts
}

/// Reports facts about what does not exist, once for each subject.
fn subjects(facts: &[Fact], registers: &mut Registers, remarks: &mut Remarks) {
    let mut subjects = BTreeMap::new();
    for fact in facts {
        // What a bill names and no record has is drift, and no mistake in a facts file.
        if !matches!(fact.origin, Origin::Cost(_)) {
            subjects.entry(&*fact.subject).or_insert(fact.origin);
        }
    }
    for (subject, origin) in subjects {
        let Some((kind, id)) = subject.split_once(':') else { continue };
        match kind {
            "service" => drop(registers.services.refer(id, origin, remarks)),
            "team" => drop(registers.teams.refer(id, origin, remarks)),
            "golden-path" => drop(registers.golden_paths.refer(id, origin, remarks)),
            _ => drop(registers.accounts.refer(id, origin, remarks)),
        }
    }
}
