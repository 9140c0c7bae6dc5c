//! Scorecards and their rules: judgement as data. Expressions are kept as text here; `assess`
//! compiles them.

use super::expression_text::ExpressionText;
use super::field::{Field, List};
use super::id::{ControlId, LevelId, RuleId, ScorecardId};
use super::record::record;
use super::rule_test::RuleTest;
use super::scalar::{Number, choice};
use crate::day::Day;

choice! {
    /// What a scorecard judges.
    pub enum Subject called "a subject" {
        /// Services.
        Service = "service",
        /// Golden paths.
        GoldenPath = "golden-path",
        /// Accounts.
        Account = "account",
    }
}

record! {
    /// One scorecard.
    pub struct Scorecard called "scorecard" {
        /// Names the scorecard for ever.
        "scorecardId" => scorecard_id: Field<ScorecardId>,
        /// Raised when its meaning changes.
        "version" => version: Field<Number>,
        /// What people call it.
        #[example("Operational readiness")]
        "title" => title: Field<Box<str>>,
        /// What it is for.
        #[example("What must be so before customers depend on it.")]
        "description" => description: Field<Box<str>>,
        /// What it judges; services when absent.
        "subject" => subject: Field<Subject>,
        /// Which of them: an expression; all when absent.
        "appliesTo" => applies_to: Field<ExpressionText>,
        /// Whether its score is the readiness of what it judges.
        "readiness" => readiness: Field<bool>,
        /// Whether the tier `native` asks for its lowest level.
        "required" => required: Field<bool>,
        /// Its levels, the lowest first.
        "levels" => levels: List<Level>,
        /// Its rules.
        "rules" => rules: List<Rule>,
        /// Made-up subjects with the outcomes that its rules must have.
        "tests" => tests: List<RuleTest>,
    }
}

record! {
    /// One level.
    pub struct Level called "level" shorthand "id" {
        /// Names the level in its scorecard.
        "id" => id: Field<LevelId>,
        /// What people call it.
        #[example("Complete")]
        "title" => title: Field<Box<str>>,
        /// What reaching it means.
        #[example("On-call can help without asking the author.")]
        "description" => description: Field<Box<str>>,
    }
}

record! {
    /// One rule.
    pub struct Rule called "rule" {
        /// Names the rule in all scorecards, for ever: an adjective or a statement that can be true.
        "id" => id: Field<RuleId>,
        /// The level it belongs to.
        "level" => level: Field<LevelId>,
        /// How much it counts: a whole number from 1; 1 when absent.
        "weight" => weight: Field<Number>,
        /// What must be so, in a line.
        #[example("A recovery time is promised")]
        "title" => title: Field<Box<str>>,
        /// Why it matters.
        #[example("On-call needs to know how long is too long.")]
        "why" => why: Field<Box<str>>,
        /// When it applies: an expression; always when absent.
        "when" => when: Field<ExpressionText>,
        /// What must be true: an expression.
        "assert" => assert: Field<ExpressionText>,
        /// Observed facts it may read.
        #[example("restore-tested")]
        "needs" => needs: List<Box<str>>,
        /// What to do when it fails.
        #[example("Add `resilience: {rto: 4h}`.")]
        "fix" => fix: Field<Box<str>>,
        /// Controls it proves.
        "controls" => controls: List<ControlId>,
        /// From when it counts; before that it is announced.
        "effectiveFrom" => effective_from: Field<Day>,
        /// Whether an exception may waive it; it may when absent.
        "waivable" => waivable: Field<bool>,
    }
}
