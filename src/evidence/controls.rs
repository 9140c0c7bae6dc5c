//! The controls: what auditors ask for by name, with the rules that prove each and how these came out.

use std::collections::BTreeMap;
use std::io;

use serde::Serialize;

use super::archive::Spool;
use super::pack::Material;
use super::paths;
use super::selection::Selection;
use super::table;
use crate::assess::outcome::Score;

/// What stands between several values in one cell.
const BETWEEN: &str = " | ";

/// The frameworks whose ids have a column of their own, as controls name them.
const FRAMEWORKS: [&str; 4] = ["soc2", "iso27001", "pciDss", "nist80053"];

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
    let outcomes = outcomes(material, selection);
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
            let rules: Vec<&str> = catalog
                .scorecards
                .iter()
                .flat_map(|scorecard| scorecard.record.rules.values())
                .filter(|rule| rule.controls.values().any(|id| id.as_str() == &*control.id))
                .filter_map(|rule| Some(rule.id.value()?.as_str()))
                .collect();
            let mut score = Score::default();
            for rule in &rules {
                if let Some(of_rule) = outcomes.get(rule) {
                    add_score(&mut score, *of_rule);
                }
            }
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
                count(score.pass),
                count(score.fail),
                count(score.waived),
                count(score.unknown),
                count(score.not_applicable),
                of_exceptions(&control.id).join(BETWEEN).into(),
                "data/population/services.csv".into(),
                "data/results/results.csv".into(),
            ])
        })
    })?;
    Ok(proven)
}

fn count(number: u64) -> table::Cell<'static> {
    table::Cell::Number(number.try_into().unwrap_or(i64::MAX))
}

fn add_score(all: &mut Score, one: Score) {
    all.pass += one.pass;
    all.fail += one.fail;
    all.waived += one.waived;
    all.unknown += one.unknown;
    all.not_applicable += one.not_applicable;
}

/// Results by outcome, by rule: of the services covered, and of everything else where all services are.
fn outcomes<'a>(material: &Material<'a>, selection: &Selection) -> BTreeMap<&'a str, Score> {
    let Material { catalog, assessment, .. } = *material;
    let services = selection.services.iter().map(|index| &assessment.services[index.position()].subject);
    let others =
        assessment.golden_paths.iter().chain(assessment.accounts.iter().map(|account| &account.subject));
    let mut outcomes: BTreeMap<&str, Score> = BTreeMap::new();
    for subject in services.chain(others.filter(|_| selection.all_services)) {
        for result in &subject.scorecards {
            let rules = catalog.scorecards[result.scorecard].record.rules.values();
            for (rule, judged) in rules.zip(&result.rules) {
                let Some(id) = rule.id.value() else { continue };
                outcomes.entry(id.as_str()).or_default().add(judged.outcome, 1);
            }
        }
    }
    outcomes
}
