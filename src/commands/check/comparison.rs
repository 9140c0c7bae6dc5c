//! `check --base`: what a change does to scores and problems, and which exceptions count for nothing because
//! the change itself adds them or lets them cover more.

use std::collections::{BTreeMap, BTreeSet};

use super::super::organisation::Organisation;
use crate::assess::outcome::{Outcome, Share};
use crate::assess::{Assessment, ScorecardResult};
use crate::catalog::Exception;
use crate::diagnostic::{Diagnostics, location};

/// What a change does.
#[derive(Debug, Default)]
pub(super) struct Comparison {
    /// Exceptions that waive nothing here, in order of id.
    pub(super) withheld: Vec<Withheld>,
    /// Results that moved, in order of service and scorecard.
    pub(super) moves: Vec<Move>,
    /// What tells problems of before from each other.
    known: BTreeSet<String>,
}

/// An exception that counts for nothing in the change that asks for it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Withheld {
    pub(super) id: Box<str>,
    /// What the change does to it.
    pub(super) why: &'static str,
}

/// The result of one service on one scorecard, before and afterwards.
#[derive(Debug)]
pub(super) struct Move {
    pub(super) service: Box<str>,
    pub(super) scorecard: Box<str>,
    /// `None` when it was not judged.
    pub(super) before: Option<Standing>,
    /// `None` when it is not judged any more.
    pub(super) after: Option<Standing>,
    /// Rules that pass now and did not.
    pub(super) gained: Vec<Box<str>>,
    /// Rules that passed and do not now.
    pub(super) lost: Vec<Box<str>>,
}

/// How a service stands on a scorecard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Standing {
    pub(super) raw: Option<Share>,
    pub(super) with_exceptions: Option<Share>,
    /// The level reached with exceptions.
    pub(super) level: Option<Box<str>>,
}

/// Results by service and scorecard, each with the rules that pass.
type Results = BTreeMap<(Box<str>, Box<str>), (Standing, BTreeSet<Box<str>>)>;

impl Comparison {
    /// Compares `after` with what it was, and judges it again without what may not count. Where nothing was
    /// before, every exception is new.
    pub(super) fn look(&mut self, before: Option<&Organisation>, after: &mut Organisation) {
        let withheld = withheld(before, after);
        if !withheld.is_empty() {
            let added = withheld.iter().map(|exception| exception.id.clone()).collect();
            let Organisation { settings, catalog, .. } = &*after;
            after.assessment = Assessment::of_change(catalog, settings.today, settings.now, &added);
        }
        self.withheld.extend(withheld);
        let (then, now) = (before.map(results).unwrap_or_default(), results(after));
        let both: BTreeSet<_> = then.keys().chain(now.keys()).collect();
        let moves = both.into_iter().map(|key| moved(key, then.get(key), now.get(key)));
        self.moves.extend(moves.filter(|moved| {
            moved.before != moved.after || !moved.gained.is_empty() || !moved.lost.is_empty()
        }));
        if let Some(before) = before {
            self.known.extend(location::fingerprints(&before.diagnostics()));
        }
    }

    /// For each of `diagnostics`, whether the change brought it.
    pub(super) fn news(&self, diagnostics: &Diagnostics) -> Vec<bool> {
        let marks = location::fingerprints(diagnostics);
        marks.iter().map(|mark| !self.known.contains(mark)).collect()
    }
}

/// The exceptions of `after` that waive more than they did before. What counts is what was in force, for the
/// same, at least as long.
fn withheld(before: Option<&Organisation>, after: &Organisation) -> Vec<Withheld> {
    let judged = after.catalog.exceptions.iter().zip(&after.assessment.exceptions);
    let in_force = judged.filter(|(_, judged)| judged.state.is_in_force());
    let withheld = in_force.filter_map(|(exception, _)| {
        Some(Withheld { id: exception.id.clone(), why: why_withheld(before, exception)? })
    });
    withheld.collect()
}

fn why_withheld(before: Option<&Organisation>, exception: &Exception) -> Option<&'static str> {
    let Some((old, judged)) = before.and_then(|before| {
        let catalog = &before.catalog.exceptions;
        let index = catalog.find(&exception.id)?;
        Some((&catalog[index], &before.assessment.exceptions[index.position()]))
    }) else {
        return Some("is added by this change");
    };
    if !judged.state.is_in_force() {
        return Some("comes into force by this change");
    }
    let (old, new) = (&old.record, &exception.record);
    if new.expires_at.value() > old.expires_at.value() {
        return Some("is extended by this change");
    }
    let covers_the_same = new.service.value() == old.service.value()
        && new.control.value() == old.control.value()
        && new.rule.value() == old.rule.value()
        && new.scope.environment.value() == old.scope.environment.value()
        && new.scope.resource.value() == old.scope.resource.value()
        && new.scope.rule.value() == old.scope.rule.value()
        && new.scope.golden_path.value() == old.scope.golden_path.value();
    (!covers_the_same).then_some("covers something else by this change")
}

fn results(organisation: &Organisation) -> Results {
    let catalog = &organisation.catalog;
    let mut results = Results::new();
    for (service, judged) in catalog.services.iter().zip(&organisation.assessment.services) {
        for result in &judged.subject.scorecards {
            let scorecard = &catalog.scorecards[result.scorecard];
            let rules = scorecard.record.rules.values().zip(&result.rules);
            let passing = rules.filter(|(_, result)| result.outcome == Outcome::Pass);
            let passing = passing.filter_map(|(rule, _)| Some(rule.id.value()?.as_str().into())).collect();
            let key = (service.id.as_str().into(), scorecard.id.clone());
            results.insert(key, (standing(organisation, result), passing));
        }
    }
    results
}

fn standing(organisation: &Organisation, result: &ScorecardResult) -> Standing {
    let levels = &organisation.catalog.scorecards[result.scorecard].record.levels;
    let level = result.level_with_exceptions.and_then(|position| levels.items.get(position));
    Standing {
        raw: result.score.raw(),
        with_exceptions: result.score.with_exceptions(),
        level: level.and_then(|level| level.value.id.value()).map(|id| id.as_str().into()),
    }
}

fn moved(
    (service, scorecard): &(Box<str>, Box<str>),
    before: Option<&(Standing, BTreeSet<Box<str>>)>,
    after: Option<&(Standing, BTreeSet<Box<str>>)>,
) -> Move {
    let (gained, lost) = match (before, after) {
        (Some((_, then)), Some((_, now))) => {
            (now.difference(then).cloned().collect(), then.difference(now).cloned().collect())
        }
        _ => (Vec::new(), Vec::new()),
    };
    Move {
        service: service.clone(),
        scorecard: scorecard.clone(),
        before: before.map(|(standing, _)| standing.clone()),
        after: after.map(|(standing, _)| standing.clone()),
        gained,
        lost,
    }
}
