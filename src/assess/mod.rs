//! Assess: judges the catalog as of a day. Facts first, then outcomes, then scores; nothing here reads
//! clock, file or network.
//!
//! The third of the stage types.

pub mod adoption;
pub mod attestation;
pub mod blind_spot;
pub mod change;
pub mod context;
pub mod dependencies;
mod drift;
pub mod environments;
mod estate;
pub mod exceptions;
pub mod explain;
pub mod expression;
pub mod facts;
pub mod findings;
pub mod inventory;
pub mod judge;
mod kept;
pub mod levels;
pub mod metrics;
mod misfits;
pub mod next_step;
pub mod outcome;
pub mod ownership;
pub mod people;
pub mod questions;
pub mod readiness;
mod remains;
pub mod resources;
mod rule_tests;
mod run;
pub mod scorecard;
mod statistics;
mod tag_policies;
pub mod tag_report;
pub mod tags;
pub mod tier;
pub mod unseen;
pub mod waivers;
pub mod who;

use crate::catalog::id::RuleId;
use crate::catalog::origin::Origin;
use crate::catalog::scorecard::Scorecard;
use crate::catalog::table::Index;
use crate::catalog::{Account, Declared, Exception, Service};
use crate::day::{Day, Moment};
use crate::diagnostic::Diagnostics;
use exceptions::RoleApproval;
use outcome::{Outcome, Score};
use resources::ResourceTotals;

/// What is judged of a catalog on one day.
#[derive(Debug)]
pub struct Assessment {
    /// The day: D.
    pub as_of: Day,
    /// The moment the run stands for: what the age of facts is counted to.
    pub now: Moment,
    /// One for each service, in the order of the catalog.
    pub services: Vec<ServiceAssessment>,
    /// One for each golden path, in the order of the catalog.
    pub golden_paths: Vec<SubjectAssessment>,
    /// One for each account, in the order of the catalog.
    pub accounts: Vec<AccountAssessment>,
    /// One for each exception, in the order of the catalog.
    pub exceptions: Vec<ExceptionAssessment>,
    /// One for each rule of each scorecard, in the order of the catalog and of the file.
    pub rules: Vec<RuleStatistics>,
    /// Verdicts on tags, owners and places of all resources together.
    pub resources: ResourceTotals,
    /// What does not fit between the record and AWS as a whole: services that only tags name, accounts that
    /// only one of the two knows, closed accounts, sandboxes past their end.
    pub drift: Vec<Finding>,
    /// Environments and sandboxes, with the time they have and what is left of them.
    pub environments: environments::Leases,
    /// What rules and exceptions have wrong that only judging shows.
    pub diagnostics: Diagnostics,
}

/// What every subject of scorecards has.
#[derive(Debug, Default)]
pub struct SubjectAssessment {
    /// The scorecards that apply, in the order of the catalog.
    pub scorecards: Vec<ScorecardResult>,
    /// The one among them whose score is the readiness: index in `scorecards`.
    pub readiness: Option<usize>,
}

/// What is judged of one service. For a service in conflict everything is empty and the tier absent.
#[derive(Debug)]
pub struct ServiceAssessment {
    /// Its scorecards.
    pub subject: SubjectAssessment,
    /// Its tier, and why.
    pub tier: Option<TierVerdict>,
    /// The seven ownership questions in their order.
    pub questions: [Answer; 7],
    /// Its tags, judged; `None` when its resources are not known.
    pub tags: Option<TagVerdicts>,
    /// Exceptions that name it, in the order of the catalog.
    pub exceptions: Vec<Index<Exception>>,
    /// What does not fit: with what it depends on, with the data it holds, with its end.
    pub findings: Vec<Finding>,
    /// What might not fit, and cannot be said because something is not known.
    pub open_questions: Vec<Finding>,
}

/// What is judged of one account.
#[derive(Debug)]
pub struct AccountAssessment {
    /// Its scorecards.
    pub subject: SubjectAssessment,
    /// The seven ownership questions in their order.
    pub questions: [Answer; 7],
    /// The account.
    pub account: Index<Account>,
}

/// One scorecard's result for one subject.
#[derive(Debug)]
pub struct ScorecardResult {
    /// The scorecard.
    pub scorecard: Index<Declared<Scorecard>>,
    /// Weights by outcome.
    pub score: Score,
    /// How many rules by outcome.
    pub counts: Score,
    /// The highest level reached without exceptions: position in the scorecard's levels.
    pub level: Option<usize>,
    /// The highest level reached with exceptions.
    pub level_with_exceptions: Option<usize>,
    /// Why `appliesTo` could not be answered, when it could not; then every rule is unknown.
    pub applies_unknown: Option<Box<str>>,
    /// One for each rule, in the order of the file.
    pub rules: Vec<RuleResult>,
}

/// One rule's result for one subject. Small: a night has a million of them. Its inputs and texts come
/// from the explanation, made on demand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleResult {
    /// The outcome.
    pub outcome: Outcome,
    /// Set when `effectiveFrom` lies ahead: listed as announced.
    pub announced: bool,
    /// The exception that waives it, or that names it beside a fail.
    pub exception: Option<Index<Exception>>,
    /// Why it is unknown or failed, when the expression could say.
    pub message: Option<std::sync::Arc<str>>,
}

/// One input that an expression really read.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// Its path, such as `service.slo.availability`.
    pub path: Box<str>,
    /// Its value as text; `None` when absent, unreadable or not collected.
    pub value: Option<Box<str>>,
    /// Whether it was absent, unreadable or unknown.
    pub state: InputState,
    /// Where it came from.
    pub origin: Option<Origin>,
}

/// What an expression found where it read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputState {
    /// A value.
    Known,
    /// Nobody declared it.
    Absent,
    /// It is there and cannot be read.
    Unreadable,
    /// An observed fact that this run does not have.
    Unknown,
}

impl InputState {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Known => "known",
            Self::Absent => "absent",
            Self::Unreadable => "unreadable",
            Self::Unknown => "unknown",
        }
    }
}

/// How a rule did over all its subjects.
#[derive(Debug)]
pub struct RuleStatistics {
    /// The rule.
    pub rule: RuleId,
    /// Its scorecard.
    pub scorecard: Index<Declared<Scorecard>>,
    /// Its position in the scorecard.
    pub position: usize,
    /// Subjects by outcome.
    pub counts: Score,
    /// Why it cannot be judged at all, when its expression is wrong.
    pub broken: Option<Box<str>>,
    /// The tests that its scorecard has for it.
    pub tests: RuleTestCounts,
}

/// How many tests of its scorecard expect something of a rule, by what they expect.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RuleTestCounts {
    /// Those in which it must pass.
    pub pass: u32,
    /// Those in which it must fail.
    pub fail: u32,
    /// Those in which it must be unknown, or not apply.
    pub other: u32,
}

impl RuleTestCounts {
    /// All of them.
    pub fn total(self) -> u32 {
        self.pass + self.fail + self.other
    }
}

/// The migration tier of a service (semantics §6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tier {
    /// Created on the path, and still on it.
    Native,
    /// Brought into metadata and observability.
    Adopted,
    /// Some controls.
    PartiallyManaged,
    /// A documented deviation with a review date.
    LegacyException,
    /// On its way out.
    Retiring,
    /// None of these: outside the ladder, never hidden.
    Unmanaged,
}

/// A tier with its reasons.
#[derive(Debug, PartialEq)]
pub struct TierVerdict {
    /// The tier.
    pub tier: Tier,
    /// Why: one line each, with the place it rests on.
    pub reasons: Vec<Reason>,
    /// What is missing for the next better tier; empty at the top and for `retiring`.
    pub missing_for_next: Vec<Reason>,
    /// The next better tier.
    pub next: Option<Tier>,
}

/// One line of why, with its origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// In words.
    pub text: Box<str>,
    /// What it rests on.
    pub origin: Option<Origin>,
}

/// The answer to an ownership question (semantics §5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// With a value and where it came from.
    Answered {
        /// The answer.
        value: Box<str>,
        /// Where it came from.
        origin: Origin,
    },
    /// Nobody answered.
    Unanswered,
    /// We could not look; why.
    Unknown(Box<str>),
}

/// The seven questions, in their order.
pub const QUESTIONS: [&str; 7] = [
    "Who owns it?",
    "Why does it exist?",
    "Which business capability?",
    "Which data classification?",
    "What happens if it fails?",
    "What does it cost?",
    "When may it be deleted?",
];

/// Verdicts on the tags of a service's resources, by required key in the order of the policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TagVerdicts {
    /// How many resources were judged.
    pub total: u32,
    /// For each required key: resources by verdict.
    pub keys: Vec<TagCounts>,
}

/// Resources by verdict on one key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TagCounts {
    /// Right.
    pub ok: u32,
    /// Not there.
    pub missing: u32,
    /// There in another case.
    pub wrong_case: u32,
    /// There with another value.
    pub wrong_value: u32,
    /// There with the name of a service that may be described where nobody could look.
    pub unknown: u32,
    /// Not judged, by policy.
    pub exempt: u32,
    /// Right, were it not that somebody else claims the resource: it counts for nobody.
    pub contested: u32,
}

/// State of an exception on D (semantics §3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ExceptionState {
    /// Its form or the policy forbids it.
    Invalid,
    /// It was ended.
    Closed,
    /// Its day has passed.
    Expired,
    /// Not approved, or its review lapsed.
    Pending,
    /// In force, and not looked at in time.
    ReviewOverdue,
    /// In force, and about to end.
    Expiring,
    /// In force.
    Active,
}

/// What is judged of one exception.
#[derive(Debug, PartialEq)]
pub struct ExceptionAssessment {
    /// Its state.
    pub state: ExceptionState,
    /// Why it is in that state.
    pub reasons: Vec<Reason>,
    /// Days to its end: the day itself is 0, negative afterwards; `None` without a readable end.
    pub days_left: Option<i64>,
    /// The last day on which the next review is in time, by its cadence.
    pub review_due: Option<Day>,
    /// The last day on which it still holds without a review.
    pub review_lapses: Option<Day>,
    /// Each approval, and whether it counts; then the roles that nobody has approved in.
    pub approvals: Vec<RoleApproval>,
    /// What it hides today: service and rule.
    pub hides: Vec<(Index<Service>, RuleId)>,
    /// Rules that fail beside it because they lie outside its scope.
    pub beside: Vec<(Index<Service>, RuleId)>,
    /// Findings about it, such as `dangling`, `overlap`, `repeat`, `unmanaged-standard`, `covers-nothing`.
    pub findings: Vec<Finding>,
    /// What happened to it, from old to new.
    pub life_line: Vec<LifeEvent>,
}

/// Something about a record that is so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Stable kebab-case word.
    pub code: &'static str,
    /// In words.
    pub message: Box<str>,
    /// What it rests on.
    pub origin: Option<Origin>,
}

/// One event in the life of an exception.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LifeEvent {
    /// When.
    pub day: Day,
    /// `requested`, `approved`, `extended`, `reviewed`, `review-due`, `reminder`, `expires`, `expired`, `closed`.
    pub event: &'static str,
    /// Details in words.
    pub text: Box<str>,
    /// What it rests on.
    pub origin: Option<Origin>,
}
