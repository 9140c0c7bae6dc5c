//! The results: one row for each subject and rule, with what the rule really read and where that stands.

use std::io;

use rayon::prelude::*;

use super::archive::Spool;
use super::pack::Material;
use super::paths;
use super::pointer::pointer;
use super::selection::Selection;
use super::table::{self, Cell};
use crate::assess::explain::{Explainer, Explanation};
use crate::assess::expression::Context;
use crate::assess::{ScorecardResult, SubjectAssessment};
use crate::catalog::Catalog;

/// The heads of the table.
pub(super) const HEADS: &[&str] = &[
    "subjectKind",
    "subject",
    "scorecard",
    "level",
    "rule",
    "title",
    "weight",
    "outcome",
    "counts",
    "exception",
    "controls",
    "reason",
    "observed",
    "pointers",
];

/// Subjects whose results are explained at once.
const AT_ONCE: usize = 256;

/// What stands between several values in one cell.
const BETWEEN: &str = " | ";

/// A row of the table, its cells in the order of [`HEADS`].
type Row<'a> = Vec<Cell<'a>>;

/// Adds the results of everything that `selection` covers; gives the number of rows.
pub(super) fn add(spool: &mut Spool, material: &Material<'_>, selection: &Selection) -> io::Result<usize> {
    let Material { catalog, assessment, .. } = *material;
    let explainer = Explainer::new(catalog, assessment);
    let writer = Writer { catalog, explainer: &explainer, selection };
    table::add(spool, paths::RESULTS, HEADS, |each| {
        for chunk in selection.services.chunks(AT_ONCE) {
            let rows: Vec<Vec<Row<'_>>> = chunk
                .par_iter()
                .map(|service| {
                    let view = explainer.service(&catalog.services[*service]);
                    let judged = &assessment.services[service.position()];
                    let id = catalog.services[*service].id.as_str();
                    writer.rows("service", id, &judged.subject, &view.context())
                })
                .collect();
            rows.iter().flatten().try_for_each(|row| each(row))?;
        }
        if !selection.all_services {
            return Ok(());
        }
        for ((index, path), judged) in catalog.golden_paths.indexed().zip(&assessment.golden_paths) {
            let view = explainer.golden_path(index);
            let rows = writer.rows("golden-path", &path.id, judged, &view.context());
            rows.iter().try_for_each(|row| each(row))?;
        }
        for judged in &assessment.accounts {
            let account = &catalog.accounts[judged.account];
            let view = explainer.account(account, &assessment.resources);
            let rows = writer.rows("account", account.id.as_str(), &judged.subject, &view.context());
            rows.iter().try_for_each(|row| each(row))?;
        }
        Ok(())
    })
}

struct Writer<'a> {
    catalog: &'a Catalog,
    explainer: &'a Explainer<'a>,
    selection: &'a Selection,
}

impl<'a> Writer<'a> {
    fn rows(
        &self,
        kind: &'static str,
        subject: &'a str,
        judged: &'a SubjectAssessment,
        context: &Context<'_>,
    ) -> Vec<Row<'a>> {
        judged
            .scorecards
            .iter()
            .flat_map(|result| self.of_scorecard(kind, subject, result, context))
            .collect()
    }

    fn of_scorecard(
        &self,
        kind: &'static str,
        subject: &'a str,
        result: &'a ScorecardResult,
        context: &Context<'_>,
    ) -> Vec<Row<'a>> {
        let scorecard = &self.catalog.scorecards[result.scorecard];
        let rules = scorecard.record.rules.values().enumerate();
        let row = |(position, rule): (usize, &'a crate::catalog::scorecard::Rule)| {
            let id = rule.id.value().map_or("", |id| id.as_str());
            if !self.selection.covers_rule(id) {
                return None;
            }
            let why = self.explainer.explain(context, result, position)?;
            let controls: Vec<&str> = rule.controls.values().map(|control| control.as_str()).collect();
            let weight = self.explainer.scorecards().get(result.scorecard).rules.get(position)?.weight;
            Some(vec![
                kind.into(),
                subject.into(),
                (&*scorecard.id).into(),
                rule.level.value().map(|level| level.as_str()).into(),
                id.into(),
                rule.title.value().map(|title| &**title).into(),
                Cell::Number(weight.try_into().unwrap_or(i64::MAX)),
                why.outcome.word().into(),
                (!result.rules.get(position)?.announced).into(),
                why.exception.map(|exception| &*self.catalog.exceptions[exception].id).into(),
                controls.join(BETWEEN).into(),
                why.message.as_deref().map(str::to_owned).into(),
                observed(&why).into(),
                self.pointers(&why).into(),
            ])
        };
        rules.filter_map(row).collect()
    }

    /// Where everything that the rule read stands, in the order in which it was read, each place once.
    fn pointers(&self, why: &Explanation<'_>) -> String {
        let mut places: Vec<String> = Vec::new();
        for origin in why.inputs.iter().filter_map(|input| input.origin) {
            let place = pointer(self.catalog, origin);
            if !places.contains(&place) {
                places.push(place);
            }
        }
        places.join(BETWEEN)
    }
}

/// What the rule read: `service.slo.availability = 99.9`, or in which way it was not there.
fn observed(why: &Explanation<'_>) -> String {
    let read = why.inputs.iter().map(|input| match &input.value {
        Some(value) => format!("{} = {value}", input.path),
        None => format!("{} is {}", input.path, input.state.word()),
    });
    let mut read: Vec<String> = read.collect();
    if why.left_out > 0 {
        read.push(format!("and {} more", why.left_out));
    }
    read.join(BETWEEN)
}
