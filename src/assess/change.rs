//! Change and its cause (semantics §8): what moved between two judgements of the organisation, and which
//! of the four inputs moved it.
//!
//! Causes are found by judging again, not by guessing from dates: with everything as before but one
//! input, and with everything as afterwards but one. An input that moves a result all by itself is its
//! cause; where none does, every input without which the result would not have moved is one.

mod reason;
mod standings;

use std::collections::BTreeSet;

use super::outcome::{Outcome, Share};
use super::{Assessment, ExceptionState, Tier};
use crate::catalog::Catalog;
use crate::catalog::origin::Origin;
use crate::day::Day;
pub use standings::{OnScorecard, Standing, Standings};

/// One of the four things that a judgement depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// What teams wrote: descriptors and the documents they name.
    Descriptor,
    /// What the platform team wrote: rules, policies, exceptions, teams, the configuration.
    Rule,
    /// The day.
    Clock,
    /// What was observed: resources, accounts, facts.
    Facts,
}

impl Cause {
    /// Every cause.
    pub const ALL: [Self; 4] = [Self::Descriptor, Self::Rule, Self::Clock, Self::Facts];

    /// The word of the JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Descriptor => "descriptor",
            Self::Rule => "rule",
            Self::Clock => "clock",
            Self::Facts => "facts",
        }
    }
}

/// Which inputs are those of afterwards; the others are those of before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mix(BTreeSet<Cause>);

impl Mix {
    /// Only `cause` is as afterwards.
    pub fn only(cause: Cause) -> Self {
        Self(BTreeSet::from([cause]))
    }

    /// Everything but `cause` is as afterwards.
    pub fn without(cause: Cause) -> Self {
        Self(Cause::ALL.into_iter().filter(|other| *other != cause).collect())
    }

    /// Whether `cause` is as afterwards.
    pub fn takes(&self, cause: Cause) -> bool {
        self.0.contains(&cause)
    }
}

/// Of what something moved.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Moved {
    /// A service, by id.
    Service(Box<str>),
    /// An exception, by id.
    Exception(Box<str>),
}

impl Moved {
    /// The id.
    pub fn id(&self) -> &str {
        match self {
            Self::Service(id) | Self::Exception(id) => id,
        }
    }
}

/// What of it moved. Ordered by how much it matters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// Whether it is there at all.
    Existence,
    /// The tier of a service.
    Tier,
    /// The state of an exception.
    State,
    /// The level with exceptions on a scorecard, by id.
    Level(Box<str>),
    /// The score with exceptions on a scorecard, by id.
    Score(Box<str>),
}

impl Measure {
    /// The word of the JSON.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Existence => "existence",
            Self::Tier => "tier",
            Self::State => "state",
            Self::Level(_) => "level",
            Self::Score(_) => "score",
        }
    }

    /// The scorecard it is about.
    pub fn scorecard(&self) -> Option<&str> {
        match self {
            Self::Level(scorecard) | Self::Score(scorecard) => Some(scorecard),
            Self::Existence | Self::Tier | Self::State => None,
        }
    }
}

/// What a measure said at one time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// There is no such service, exception or scorecard, or the scorecard does not apply.
    Absent,
    /// It is there.
    Present,
    /// A tier; `None` while the id is claimed twice.
    Tier(Option<Tier>),
    /// The state of an exception.
    State(ExceptionState),
    /// A level by position and name; `None` for none reached.
    Level(Option<(usize, Box<str>)>),
    /// A score; `None` for "not measured".
    Score(Option<Share>),
}

/// Whether a move is for the better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// It fell.
    Worse,
    /// It rose.
    Better,
    /// Neither can be said.
    Other,
}

impl Direction {
    /// The word of the JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Worse => "worse",
            Self::Better => "better",
            Self::Other => "other",
        }
    }
}

/// A rule whose outcome for the service moved with the measure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleMove {
    /// Id of the scorecard.
    pub scorecard: Box<str>,
    /// Id of the rule.
    pub rule: Box<str>,
    /// The outcome before; `None` when the rule was not asked.
    pub from: Option<Outcome>,
    /// The outcome afterwards, likewise.
    pub to: Option<Outcome>,
}

/// A cause in words, with what it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Because {
    /// The cause.
    pub cause: Cause,
    /// In words: what changed, by which commit and whom.
    pub text: Box<str>,
    /// Where, in the catalog of afterwards.
    pub origin: Option<Origin>,
}

/// One measure that moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Of what.
    pub subject: Moved,
    /// What.
    pub measure: Measure,
    /// What it was.
    pub from: Value,
    /// What it is.
    pub to: Value,
    /// Whether that is better.
    pub direction: Direction,
    /// Why.
    pub because: Vec<Because>,
    /// Rules that moved with it, in the order of the scorecard.
    pub rules: Vec<RuleMove>,
    /// The team that owns the service afterwards, else before; empty for none.
    pub team: Box<str>,
}

/// Two judgements compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// What the judgement is compared with, in words: `the snapshot of 2026-11-20`.
    pub with: Box<str>,
    /// Whether afterwards is only supposed: a catalog folder that nobody uses yet.
    pub supposed: bool,
    /// The day of before.
    pub from: Day,
    /// The day of afterwards.
    pub to: Day,
    /// The inputs that are not the same.
    pub differing: Vec<Cause>,
    /// What moved.
    pub changes: Vec<Change>,
}

impl Comparison {
    /// How many subjects moved in `direction`, by their worst move.
    pub fn count(&self, direction: Direction) -> usize {
        self.changes
            .chunk_by(|a, b| a.subject == b.subject)
            .filter(|own| worst(own) == Some(direction))
            .count()
    }
}

/// The worst direction among `changes`.
pub fn worst(changes: &[Change]) -> Option<Direction> {
    changes.iter().map(|change| change.direction).min()
}

/// One judgement with what it judged.
#[derive(Clone, Copy, Debug)]
pub struct Judged<'a> {
    /// The organisation.
    pub catalog: &'a Catalog,
    /// What was judged of it.
    pub assessment: &'a Assessment,
}

/// What moved from `before` to `after`, worst first within each subject's kind, and why. `differing` are
/// the inputs that are not the same; `judge` judges a mix of them.
pub fn changes(
    before: Judged<'_>,
    after: Judged<'_>,
    differing: &[Cause],
    judge: &dyn Fn(&Mix) -> Standings,
) -> Vec<Change> {
    let (old, new) = (Standings::of(before), Standings::of(after));
    let mut moves = new.moves_from(&old);
    if moves.is_empty() {
        return moves;
    }
    let causes = attribute(&moves, differing, judge);
    let reasons = reason::Reasons::new(before, after);
    for (change, causes) in moves.iter_mut().zip(causes) {
        change.because = causes.into_iter().flat_map(|cause| reasons.of(change, cause)).collect();
    }
    moves
}

/// The causes of each of `moves`.
fn attribute(moves: &[Change], differing: &[Cause], judge: &dyn Fn(&Mix) -> Standings) -> Vec<Vec<Cause>> {
    if let [only] = differing {
        return vec![vec![*only]; moves.len()];
    }
    let alone: Vec<_> = differing.iter().map(|cause| (*cause, judge(&Mix::only(*cause)))).collect();
    let mut causes: Vec<Vec<Cause>> = moves
        .iter()
        .map(|change| {
            let moves_it = |(_, standings): &&(Cause, Standings)| standings.value(change) == change.to;
            alone.iter().filter(moves_it).map(|(cause, _)| *cause).collect()
        })
        .collect();
    drop(alone);
    // What no input moves by itself needs several at once: those without which it would not be so.
    let unsettled: Vec<bool> = causes.iter().map(Vec::is_empty).collect();
    if !unsettled.contains(&true) {
        return causes;
    }
    for cause in differing {
        let standings = judge(&Mix::without(*cause));
        for ((change, causes), unsettled) in moves.iter().zip(&mut causes).zip(&unsettled) {
            if *unsettled && standings.value(change) != change.to {
                causes.push(*cause);
            }
        }
    }
    for causes in causes.iter_mut().filter(|causes| causes.is_empty()) {
        causes.extend_from_slice(differing);
    }
    causes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_counts_once_by_its_worst_move() {
        let moved = |id: &str, direction| Change {
            subject: Moved::Service(id.into()),
            measure: Measure::Tier,
            from: Value::Absent,
            to: Value::Present,
            direction,
            because: Vec::new(),
            rules: Vec::new(),
            team: "".into(),
        };
        let day = Day::parse("2026-11-21").expect("a day");
        let comparison = Comparison {
            with: "the day before".into(),
            supposed: false,
            from: day,
            to: day,
            differing: Vec::new(),
            changes: vec![
                moved("a", Direction::Better),
                moved("a", Direction::Worse),
                moved("b", Direction::Worse),
                moved("c", Direction::Better),
                moved("c", Direction::Other),
            ],
        };
        let counts = [Direction::Worse, Direction::Better, Direction::Other].map(|it| comparison.count(it));
        assert_eq!(counts, [2, 1, 0]);
    }
}
