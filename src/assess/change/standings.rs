//! Standings: what of a judgement can move, apart from the catalog it was made of, so that several of
//! them fit in memory side by side.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Change, Direction, Judged, Measure, Moved, RuleMove, Value};
use crate::assess::outcome::{Outcome, Share};
use crate::assess::{ExceptionState, ScorecardResult, Tier};
use crate::catalog::Declared;
use crate::catalog::scorecard::Scorecard;

/// What of a judgement can move.
#[derive(Debug, Default)]
pub struct Standings {
    services: BTreeMap<Box<str>, Standing>,
    exceptions: BTreeMap<Box<str>, (ExceptionState, Box<str>)>,
    /// The rules of each scorecard, in the order of the outcomes.
    rules: BTreeMap<Arc<str>, Arc<[Box<str>]>>,
}

/// Where one service stands.
#[derive(Debug)]
pub struct Standing {
    /// The team that owns it; empty for none.
    pub team: Box<str>,
    /// Its tier; `None` while the id is claimed twice.
    pub tier: Option<Tier>,
    /// Where it stands on each scorecard that applies, by id.
    pub scorecards: BTreeMap<Arc<str>, OnScorecard>,
}

/// Where one service stands on one scorecard.
#[derive(Debug)]
pub struct OnScorecard {
    /// The level with exceptions, by position and id.
    pub level: Option<(usize, Box<str>)>,
    /// The score with exceptions.
    pub score: Option<Share>,
    /// What came of each rule, in the order of the scorecard.
    pub outcomes: Box<[Outcome]>,
}

impl Standings {
    /// Where everything stands in `judged`.
    pub fn of(judged: Judged<'_>) -> Self {
        let Judged { catalog, assessment } = judged;
        let ids: Vec<Arc<str>> =
            catalog.scorecards.iter().map(|scorecard| Arc::from(&*scorecard.id)).collect();
        let rules = ids.iter().cloned().zip(catalog.scorecards.iter().map(rule_ids)).collect();
        let on = |result: &ScorecardResult| {
            let scorecard = &catalog.scorecards[result.scorecard];
            let standing = OnScorecard {
                level: result.level_with_exceptions.map(|level| (level, level_id(scorecard, level))),
                score: result.score.with_exceptions(),
                outcomes: result.rules.iter().map(|rule| rule.outcome).collect(),
            };
            (Arc::clone(&ids[result.scorecard.position()]), standing)
        };
        let services = catalog.services.iter().zip(&assessment.services).map(|(service, judged)| {
            let team = service.owner.map_or("", |team| catalog.teams[team].id.as_str());
            let tier = judged.tier.as_ref().map(|verdict| verdict.tier);
            let scorecards = judged.subject.scorecards.iter().map(on).collect();
            (service.id.as_str().into(), Standing { team: team.into(), tier, scorecards })
        });
        let exceptions = catalog.exceptions.iter().zip(&assessment.exceptions).map(|(exception, judged)| {
            let service = exception.record.service.value().map_or("", |service| service.as_str());
            let owner = catalog.services.by_id(service).and_then(|service| service.owner);
            let team = owner.map_or("", |team| catalog.teams[team].id.as_str());
            (exception.id.clone(), (judged.state, team.into()))
        });
        Self { services: services.collect(), exceptions: exceptions.collect(), rules }
    }

    /// The id under which a scorecard is known here, with its rules in the order of the outcomes.
    pub fn rules_of(&mut self, scorecard: &str, rules: impl Iterator<Item = Box<str>>) -> Arc<str> {
        if let Some((known, _)) = self.rules.get_key_value(scorecard) {
            return Arc::clone(known);
        }
        let id: Arc<str> = scorecard.into();
        self.rules.insert(Arc::clone(&id), rules.collect());
        id
    }

    /// Adds a service.
    pub fn add_service(&mut self, id: &str, standing: Standing) {
        self.services.insert(id.into(), standing);
    }

    /// Adds an exception of a service, which is added before.
    pub fn add_exception(&mut self, id: &str, state: ExceptionState, service: &str) {
        let team = self.services.get(service).map_or_else(Box::default, |standing| standing.team.clone());
        self.exceptions.insert(id.into(), (state, team));
    }

    /// What the measure of `change` says here.
    pub(super) fn value(&self, change: &Change) -> Value {
        self.measured(&change.subject, &change.measure)
    }

    fn measured(&self, subject: &Moved, measure: &Measure) -> Value {
        match subject {
            Moved::Service(id) => {
                self.services.get(id).map_or(Value::Absent, |standing| standing.value(measure))
            }
            Moved::Exception(id) => match (self.exceptions.get(id), measure) {
                (None, _) => Value::Absent,
                (Some(_), Measure::Existence) => Value::Present,
                (Some((state, _)), _) => Value::State(*state),
            },
        }
    }

    /// What is other here than in `old`, without causes: services first, each by id and by what matters.
    pub fn moves_from(&self, old: &Self) -> Vec<Change> {
        let mut moves = Vec::new();
        for id in union(&self.services, &old.services) {
            let subject = Moved::Service(id.clone());
            match (old.services.get(id), self.services.get(id)) {
                (Some(before), Some(after)) => {
                    for measure in before.measures(after) {
                        self.push(old, &subject, measure, &after.team, &mut moves);
                    }
                }
                (before, after) => {
                    let team = after.or(before).map_or("", |standing| &standing.team);
                    self.push(old, &subject, Measure::Existence, team, &mut moves);
                }
            }
        }
        for id in union(&self.exceptions, &old.exceptions) {
            let subject = Moved::Exception(id.clone());
            let (before, after) = (old.exceptions.get(id), self.exceptions.get(id));
            let both = before.is_some() && after.is_some();
            let team = after.or(before).map_or("", |(_, team)| team);
            let measure = if both { Measure::State } else { Measure::Existence };
            self.push(old, &subject, measure, team, &mut moves);
        }
        moves
    }

    fn push(&self, old: &Self, subject: &Moved, measure: Measure, team: &str, moves: &mut Vec<Change>) {
        let (from, to) = (old.measured(subject, &measure), self.measured(subject, &measure));
        if from == to {
            return;
        }
        let rules = self.rule_moves(old, subject, &measure);
        // A score rises, too, when what failed is no longer known: that is neither better nor worse.
        let known = |rule: &RuleMove| ![rule.from, rule.to].contains(&Some(Outcome::Unknown));
        let comparable = !matches!(measure, Measure::Score(_)) || rules.iter().all(known);
        let direction = if comparable { direction(&from, &to) } else { Direction::Other };
        let (subject, team) = (subject.clone(), team.into());
        moves.push(Change { subject, measure, from, to, direction, because: Vec::new(), rules, team });
    }

    /// Rules of the scorecard of `measure`, or of all when the tier moved, whose outcome for the service is
    /// another.
    fn rule_moves(&self, old: &Self, subject: &Moved, measure: &Measure) -> Vec<RuleMove> {
        let Moved::Service(id) = subject else { return Vec::new() };
        let (Some(before), Some(after)) = (old.services.get(id), self.services.get(id)) else {
            return Vec::new();
        };
        let mut moves = Vec::new();
        for scorecard in union(&after.scorecards, &before.scorecards) {
            if measure.scorecard().is_some_and(|wanted| *wanted != **scorecard) {
                continue;
            }
            let (was, is) = (old.outcomes(before, scorecard), self.outcomes(after, scorecard));
            for rule in union(&is, &was) {
                let (from, to) = (was.get(rule).copied(), is.get(rule).copied());
                if from != to {
                    moves.push(RuleMove { scorecard: (**scorecard).into(), rule: (*rule).into(), from, to });
                }
            }
        }
        moves
    }

    /// The outcomes of `standing` on `scorecard`, by rule.
    fn outcomes<'s>(&'s self, standing: &Standing, scorecard: &str) -> BTreeMap<&'s str, Outcome> {
        let rules = self.rules.get(scorecard).map_or(&[][..], |rules| rules);
        let outcomes = standing.scorecards.get(scorecard).map_or(&[][..], |on| &on.outcomes);
        rules.iter().map(|rule| &**rule).zip(outcomes.iter().copied()).collect()
    }
}

impl Standing {
    /// Everything that can be compared of two standings of one service.
    fn measures(&self, other: &Self) -> Vec<Measure> {
        let mut measures = vec![Measure::Tier];
        for scorecard in union(&self.scorecards, &other.scorecards) {
            measures.push(Measure::Level((**scorecard).into()));
            measures.push(Measure::Score((**scorecard).into()));
        }
        measures.sort();
        measures
    }

    fn value(&self, measure: &Measure) -> Value {
        let on = measure.scorecard().map(|scorecard| self.scorecards.get(scorecard));
        match (measure, on) {
            (Measure::Tier, _) => Value::Tier(self.tier),
            (Measure::Level(_), Some(Some(on))) => Value::Level(on.level.clone()),
            (Measure::Score(_), Some(Some(on))) => Value::Score(on.score),
            (Measure::Level(_) | Measure::Score(_), _) => Value::Absent,
            (Measure::Existence | Measure::State, _) => Value::Present,
        }
    }
}

fn rule_ids(scorecard: &Declared<Scorecard>) -> Arc<[Box<str>]> {
    let id = |rule: &crate::catalog::scorecard::Rule| rule.id.value().map_or("", |id| id.as_str()).into();
    scorecard.record.rules.items.iter().map(|rule| id(&rule.value)).collect()
}

fn level_id(scorecard: &Declared<Scorecard>, position: usize) -> Box<str> {
    let level = scorecard.record.levels.items.get(position);
    level.and_then(|level| level.value.id.value()).map_or("", |id| id.as_str()).into()
}

/// The keys of both, sorted.
fn union<'m, K: Ord, A, B>(one: &'m BTreeMap<K, A>, other: &'m BTreeMap<K, B>) -> Vec<&'m K> {
    let mut keys: Vec<&K> = one.keys().chain(other.keys()).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// How far up the ladder a tier is; none for those beside it.
const fn rank(tier: Tier) -> Option<u8> {
    match tier {
        Tier::Unmanaged => Some(0),
        Tier::PartiallyManaged => Some(1),
        Tier::Adopted => Some(2),
        Tier::Native => Some(3),
        Tier::LegacyException | Tier::Retiring => None,
    }
}

fn direction(from: &Value, to: &Value) -> Direction {
    let ordering = match (from, to) {
        (Value::Tier(Some(from)), Value::Tier(Some(to))) => match (rank(*from), rank(*to)) {
            (Some(from), Some(to)) => to.cmp(&from),
            _ => return Direction::Other,
        },
        (Value::Level(from), Value::Level(to)) => {
            to.as_ref().map(|(at, _)| at).cmp(&from.as_ref().map(|(at, _)| at))
        }
        (Value::Score(Some(from)), Value::Score(Some(to))) => {
            let cross = |a: &Share, b: &Share| u128::from(a.part) * u128::from(b.whole);
            cross(to, from).cmp(&cross(from, to))
        }
        _ => return Direction::Other,
    };
    match ordering {
        std::cmp::Ordering::Less => Direction::Worse,
        std::cmp::Ordering::Greater => Direction::Better,
        std::cmp::Ordering::Equal => Direction::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tier_is_better_the_nearer_it_is_to_native_and_beside_the_ladder_neither() {
        let moved = |from, to| direction(&Value::Tier(Some(from)), &Value::Tier(Some(to)));
        let ladder = [Tier::Unmanaged, Tier::PartiallyManaged, Tier::Adopted, Tier::Native];
        for (position, from) in ladder.iter().enumerate() {
            for to in &ladder[position + 1..] {
                assert_eq!(moved(*from, *to), Direction::Better, "{from:?} {to:?}");
                assert_eq!(moved(*to, *from), Direction::Worse, "{to:?} {from:?}");
            }
            for beside in [Tier::LegacyException, Tier::Retiring] {
                assert_eq!(moved(*from, beside), Direction::Other, "{from:?} {beside:?}");
                assert_eq!(moved(beside, *from), Direction::Other, "{beside:?} {from:?}");
            }
        }
    }

    #[test]
    fn scores_are_compared_as_shares_and_not_by_what_fails() {
        let score = |part, whole| Value::Score(Share::of(part, whole));
        assert_eq!(direction(&score(1, 2), &score(6, 8)), Direction::Better);
        assert_eq!(direction(&score(6, 8), &score(1, 2)), Direction::Worse);
        assert_eq!(direction(&score(1, 2), &score(2, 4)), Direction::Other);
        assert_eq!(direction(&score(1, 2), &Value::Score(None)), Direction::Other);
    }
}
