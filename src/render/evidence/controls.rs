//! The controls: what auditors ask for by name, with the rules that prove each and how these came out.

use std::collections::BTreeMap;

use super::selection::Selection;
use crate::assess::change::Judged;
use crate::assess::outcome::Score;
use crate::catalog::Declared;
use crate::catalog::scorecard::{Rule, Scorecard};
use crate::catalog::table::Index;

/// The frameworks that have a column or a title of their own, as controls name them.
pub const FRAMEWORKS: [&str; 4] = ["soc2", "iso27001", "pciDss", "nist80053"];

/// A rule that proves a control, with how it came out.
#[derive(Clone, Copy, Debug)]
pub struct Proof<'a> {
    /// Its scorecard.
    pub scorecard: Index<Declared<Scorecard>>,
    /// Its position there.
    pub position: usize,
    /// Its id.
    pub id: &'a str,
    /// What is written of it.
    pub rule: &'a Rule,
    /// Its results by outcome.
    pub score: Score,
}

/// The rules that prove each control, by the id of the control, in the order of the catalog.
#[derive(Debug)]
pub struct Proofs<'a>(BTreeMap<&'a str, Vec<Proof<'a>>>);

impl<'a> Proofs<'a> {
    /// Those of the results that `selection` covers: of its services, and of everything else where all services are.
    pub fn of(judged: Judged<'a>, selection: &Selection) -> Self {
        let catalog = judged.catalog;
        let outcomes = outcomes(judged, selection);
        let mut proofs: BTreeMap<&str, Vec<Proof<'_>>> = BTreeMap::new();
        for (scorecard, written) in catalog.scorecards.indexed() {
            let scores = &outcomes[scorecard.position()];
            for (position, (rule, &score)) in written.record.rules.values().zip(scores).enumerate() {
                let Some(id) = rule.id.value() else { continue };
                let proof = Proof { scorecard, position, id: id.as_str(), rule, score };
                for control in rule.controls.values() {
                    let known = proofs.entry(control.as_str()).or_default();
                    // One that names a control twice proves it once.
                    if known
                        .last()
                        .is_none_or(|last| (last.scorecard, last.position) != (scorecard, position))
                    {
                        known.push(proof);
                    }
                }
            }
        }
        Self(proofs)
    }

    /// Those of the control called `id`.
    pub fn of_control(&self, id: &str) -> &[Proof<'a>] {
        self.0.get(id).map_or(&[], Vec::as_slice)
    }
}

/// Results by outcome, for each rule of each scorecard.
fn outcomes(judged: Judged<'_>, selection: &Selection) -> Vec<Vec<Score>> {
    let Judged { catalog, assessment } = judged;
    let services = selection.services.iter().map(|index| &assessment.services[index.position()].subject);
    let others =
        assessment.golden_paths.iter().chain(assessment.accounts.iter().map(|account| &account.subject));
    let empty = |scorecard: &Declared<Scorecard>| vec![Score::default(); scorecard.record.rules.items.len()];
    let mut outcomes: Vec<Vec<Score>> = catalog.scorecards.iter().map(empty).collect();
    for subject in services.chain(others.filter(|_| selection.all_services)) {
        for result in &subject.scorecards {
            for (score, judged) in outcomes[result.scorecard.position()].iter_mut().zip(&result.rules) {
                score.add(judged.outcome, 1);
            }
        }
    }
    outcomes
}

/// The results of all of `proofs`.
pub fn sum<'p>(proofs: impl IntoIterator<Item = &'p Proof<'p>>) -> Score {
    proofs.into_iter().fold(Score::default(), |all, Proof { score, .. }| Score {
        pass: all.pass + score.pass,
        fail: all.fail + score.fail,
        waived: all.waived + score.waived,
        unknown: all.unknown + score.unknown,
        not_applicable: all.not_applicable + score.not_applicable,
    })
}
