//! What both documents speak of: the controls that the pack covers, the rules that prove them, and which subject came
//! out how.

use std::collections::{BTreeMap, BTreeSet};

use super::Names;
use super::wording::{Uuid, nist_id};
use crate::assess::SubjectAssessment;
use crate::assess::outcome::{Outcome, Score};
use crate::catalog::Exception;
use crate::catalog::control::Control;
use crate::catalog::scorecard::{Rule, Subject as Kind};
use crate::catalog::table::Index;
use crate::evidence::pack::Material;
use crate::evidence::selection::Selection;

/// The framework whose controls have ids in OSCAL.
const NIST: &str = "nist80053";

pub(super) struct Tally<'a> {
    /// The controls, in the order of the catalog.
    pub(super) controls: Vec<Reviewed<'a>>,
    /// The rules that prove one of them, in the order of the catalog.
    pub(super) rules: Vec<Tested<'a>>,
    /// What is judged: services, then golden paths and accounts where all services are covered.
    pub(super) subjects: Vec<Subject<'a>>,
    /// The names of the subjects, in the same order.
    pub(super) names: Vec<Uuid>,
}

/// A control with what came of it.
pub(super) struct Reviewed<'a> {
    pub(super) id: &'a str,
    pub(super) record: &'a Control,
    /// Its ids in the catalog of NIST; where it has none there, one that says that it is the organisation's own.
    pub(super) control_ids: Vec<String>,
    /// Positions of the rules that prove it.
    pub(super) rules: Vec<usize>,
    /// Results of those.
    pub(super) score: Score,
    /// Services that those rules judge and that have no result, because their documents contradict one another.
    pub(super) unjudged: usize,
    /// Exceptions in force that deviate from it, or from one of its rules.
    pub(super) exceptions: Vec<Index<Exception>>,
}

/// A rule with what came of it.
pub(super) struct Tested<'a> {
    pub(super) scorecard: &'a str,
    pub(super) id: &'a str,
    pub(super) rule: &'a Rule,
    /// By outcome, in the order of [`Outcome::ALL`].
    pub(super) outcomes: [Came; 5],
    /// Whether it is only announced so far.
    pub(super) announced: bool,
    judges: Kind,
}

/// How often an outcome came, and for whom. Who a rule does not apply to is not kept: it was not tested.
#[derive(Default)]
pub(super) struct Came {
    pub(super) count: u64,
    pub(super) subjects: Vec<u32>,
}

#[derive(Clone, Copy)]
pub(super) struct Subject<'a> {
    pub(super) kind: &'static str,
    pub(super) id: &'a str,
    pub(super) name: Uuid,
}

/// What can be said of a control.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Every rule holds for everything it applies to, and all of that is known.
    Satisfied,
    /// Some rule fails.
    NotSatisfied,
    /// None fails, and some would were it not for an exception.
    Waived,
    /// None fails, and of some it is not known.
    Undetermined,
    /// No rule proves it, or none applies to anything.
    NotMeasured,
}

impl Verdict {
    /// The word for it.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Satisfied => "satisfied",
            Self::NotSatisfied => "not-satisfied",
            Self::Waived => "not-satisfied-with-permission",
            Self::Undetermined => "undetermined",
            Self::NotMeasured => "not-measured",
        }
    }
}

impl Reviewed<'_> {
    /// What can be said of it: a pass is claimed only where everything is known.
    pub(super) fn verdict(&self) -> Verdict {
        let Score { pass, fail, waived, unknown, .. } = self.score;
        if fail > 0 {
            Verdict::NotSatisfied
        } else if waived > 0 {
            Verdict::Waived
        } else if unknown > 0 || self.unjudged > 0 {
            Verdict::Undetermined
        } else if pass > 0 {
            Verdict::Satisfied
        } else {
            Verdict::NotMeasured
        }
    }

    /// The ids of what is assessed of it: one below each of its controls in OSCAL.
    pub(super) fn objectives(&self) -> impl Iterator<Item = (&str, String)> {
        self.control_ids.iter().map(|control| (control.as_str(), format!("{control}_obj.{}", self.id)))
    }
}

impl<'a> Tally<'a> {
    /// The control called `id`, when the pack covers it.
    pub(super) fn control(&self, id: &str) -> Option<&Reviewed<'a>> {
        let position = self.controls.binary_search_by(|control| control.id.cmp(id)).ok()?;
        self.controls.get(position)
    }

    /// Counts what `selection` covers.
    pub(super) fn of(material: &Material<'a>, selection: &Selection, names: &Names<'_>) -> Self {
        let Material { catalog, assessment, .. } = *material;
        let mut judged: Vec<(Subject<'a>, &SubjectAssessment)> = Vec::new();
        let subject = |kind, id| Subject { kind, id, name: names.lasting(kind, id) };
        for index in &selection.services {
            let of_service = &assessment.services[index.position()].subject;
            judged.push((subject("service", catalog.services[*index].id.as_str()), of_service));
        }
        if selection.all_services {
            let paths = catalog.golden_paths.iter().zip(&assessment.golden_paths);
            judged.extend(paths.map(|(path, result)| (subject("golden-path", &path.id), result)));
            let accounts = assessment.accounts.iter().map(|account| {
                (subject("account", catalog.accounts[account.account].id.as_str()), &account.subject)
            });
            judged.extend(accounts);
        }
        let mut rules = Rules::of(material, selection);
        for (position, (_, result)) in (0_u32..).zip(&judged) {
            rules.count(position, result);
        }
        let conflicts =
            selection.services.iter().filter(|one| !catalog.services[**one].conflict.is_empty()).count();
        let subjects: Vec<Subject<'a>> = judged.into_iter().map(|(subject, _)| subject).collect();
        Self {
            controls: controls(material, selection, &rules.tested, conflicts),
            rules: rules.tested,
            names: subjects.iter().map(|subject| subject.name).collect(),
            subjects,
        }
    }
}

/// Rules on the way to being counted.
struct Rules<'a> {
    tested: Vec<Tested<'a>>,
    /// Where in `tested` each rule of each scorecard stands, if it does.
    places: Vec<Vec<Option<usize>>>,
}

impl<'a> Rules<'a> {
    fn of(material: &Material<'a>, selection: &Selection) -> Self {
        let catalog = material.catalog;
        let mut tested = Vec::new();
        let mut places = Vec::with_capacity(catalog.scorecards.len());
        let covered: Vec<&str> =
            selection.controls.iter().map(|index| &*catalog.controls[*index].id).collect();
        for scorecard in catalog.scorecards.iter() {
            let of_scorecard = scorecard.record.rules.values().map(|rule| {
                let id = rule.id.value()?.as_str();
                rule.controls.values().find(|control| covered.binary_search(&control.as_str()).is_ok())?;
                tested.push(Tested {
                    scorecard: &scorecard.id,
                    id,
                    rule,
                    outcomes: Default::default(),
                    announced: false,
                    judges: scorecard.record.subject.value().copied().unwrap_or(Kind::Service),
                });
                Some(tested.len() - 1)
            });
            places.push(of_scorecard.collect());
        }
        Self { tested, places }
    }

    fn count(&mut self, subject: u32, judged: &SubjectAssessment) {
        for result in &judged.scorecards {
            for (place, of_rule) in self.places[result.scorecard.position()].iter().zip(&result.rules) {
                let Some(tested) = place.map(|place| &mut self.tested[place]) else { continue };
                let came = &mut tested.outcomes[of_rule.outcome as usize];
                came.count += 1;
                if of_rule.outcome != Outcome::NotApplicable {
                    came.subjects.push(subject);
                }
                tested.announced |= of_rule.announced;
            }
        }
    }
}

fn controls<'a>(
    material: &Material<'a>,
    selection: &Selection,
    tested: &[Tested<'a>],
    conflicts: usize,
) -> Vec<Reviewed<'a>> {
    let catalog = material.catalog;
    let mut proofs: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (position, tested) in tested.iter().enumerate() {
        let controls: BTreeSet<&str> =
            tested.rule.controls.values().map(|control| control.as_str()).collect();
        for control in controls {
            proofs.entry(control).or_default().push(position);
        }
    }
    let deviations = deviations(material, selection, tested);
    let review = |index: &Index<_>| {
        let control = &catalog.controls[*index];
        let rules = proofs.get(&*control.id).cloned().unwrap_or_default();
        let mut score = Score::default();
        for (outcome, came) in rules.iter().flat_map(|rule| Outcome::ALL.iter().zip(&tested[*rule].outcomes))
        {
            score.add(*outcome, came.count);
        }
        let judges_services = rules.iter().any(|rule| matches!(tested[*rule].judges, Kind::Service));
        Reviewed {
            id: &control.id,
            record: &control.record,
            control_ids: control_ids(&control.id, &control.record),
            score,
            unjudged: if judges_services { conflicts } else { 0 },
            exceptions: deviations.get(&*control.id).into_iter().flatten().copied().collect(),
            rules,
        }
    };
    selection.controls.iter().map(review).collect()
}

/// The exceptions in force by the controls that they deviate from, or whose rule they waive.
fn deviations<'a>(
    material: &Material<'a>,
    selection: &Selection,
    tested: &[Tested<'a>],
) -> BTreeMap<&'a str, BTreeSet<Index<Exception>>> {
    let Material { catalog, assessment, .. } = *material;
    let by_id: BTreeMap<&str, &Tested<'a>> = tested.iter().map(|tested| (tested.id, tested)).collect();
    let mut deviations: BTreeMap<&str, BTreeSet<Index<Exception>>> = BTreeMap::new();
    for index in &selection.exceptions {
        if !assessment.exceptions[index.position()].state.is_in_force() {
            continue;
        }
        let exception = &catalog.exceptions[*index];
        let named = exception.control.map(|control| &*catalog.controls[control].id);
        let rule = exception.record.rule.value().and_then(|rule| by_id.get(rule.as_str()));
        let proven = rule.into_iter().flat_map(|tested| tested.rule.controls.values());
        for control in named.into_iter().chain(proven.map(|control| control.as_str())) {
            deviations.entry(control).or_default().insert(*index);
        }
    }
    deviations
}

/// The ids under which OSCAL knows a control. `_` stands in no id of NIST, so one of the organisation is never taken
/// for one of theirs.
fn control_ids(id: &str, record: &Control) -> Vec<String> {
    let written = record.frameworks.get(NIST).map(|ids| &*ids.value.0).unwrap_or_default();
    let mut ids: Vec<String> = written.iter().filter_map(|id| nist_id(id)).collect();
    ids.sort();
    ids.dedup();
    if ids.is_empty() {
        ids.push(format!("org_{id}"));
    }
    ids
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_stand_in_the_order_of_their_list() {
        for (position, outcome) in Outcome::ALL.into_iter().enumerate() {
            assert_eq!(outcome as usize, position);
        }
    }

    #[test]
    fn a_control_is_satisfied_only_where_everything_is_known() {
        let record = Control::default();
        let verdict = |pass, fail, waived, unknown, unjudged| {
            let score = Score { pass, fail, waived, unknown, not_applicable: 1 };
            let (control_ids, rules, exceptions) = Default::default();
            Reviewed { id: "c", record: &record, control_ids, rules, score, unjudged, exceptions }.verdict()
        };
        assert_eq!(verdict(2, 0, 0, 0, 0), Verdict::Satisfied);
        assert_eq!(verdict(2, 0, 0, 1, 0), Verdict::Undetermined);
        assert_eq!(verdict(2, 0, 0, 0, 1), Verdict::Undetermined);
        assert_eq!(verdict(2, 0, 1, 1, 0), Verdict::Waived);
        assert_eq!(verdict(2, 1, 1, 1, 1), Verdict::NotSatisfied);
        assert_eq!(verdict(0, 0, 0, 0, 0), Verdict::NotMeasured);
        assert_eq!(verdict(0, 0, 0, 3, 0), Verdict::Undetermined);
    }
}
