//! Exceptions: permissions to deviate, each with an end. What is written here; `assess` says in which
//! state it is.

use super::control::Risk;
use super::field::{Field, List, Section};
use super::id::{ControlId, ExceptionId, RuleId, ServiceId};
use super::record::record;
use super::scalar::Duration;
use crate::collect::snapshot::PullRequest;
use crate::day::Day;

record! {
    /// One exception (lesson §24, with the workflow of §5.3 and §31).
    pub struct Exception called "exception" {
        /// Names the exception for ever: `EX-2026-0017`.
        "exceptionId" => exception_id: Field<ExceptionId>,
        /// The service that deviates.
        "service" => service: Field<ServiceId>,
        /// Who asked: a team, e-mail or handle.
        #[example("checkout")]
        "requestedBy" => requested_by: Field<Box<str>>,
        /// Who answers for it until it ends.
        #[example("@mira")]
        "owner" => owner: Field<Box<str>>,
        /// When it was asked for; the file's first commit when absent.
        "requestedAt" => requested_at: Field<Day>,
        /// The control it deviates from.
        "control" => control: Field<ControlId>,
        /// The rule it deviates from, in place of a control.
        "rule" => rule: Field<RuleId>,
        /// What part of the service it covers; all of it when absent.
        "scope" => scope: Section<Scope>,
        /// What is allowed meanwhile.
        #[example("no rate limit for partner networks")]
        "requestedState" => requested_state: Field<Box<str>>,
        /// Why.
        #[example("Partners send all their people through one address.")]
        "reason" => reason: Field<Box<str>>,
        /// What is at stake.
        "risk" => risk: Field<Risk>,
        /// Who accepts the risk.
        #[example("@sable")]
        "riskAcceptedBy" => risk_accepted_by: Field<Box<str>>,
        /// What guards it meanwhile.
        #[example("alarm on more than 200 failed sign-ins a minute")]
        "compensatingControls" => compensating_controls: List<Box<str>>,
        /// Roles that must approve; names alone count as no approval.
        #[example("security")]
        "approvers" => approvers: List<Box<str>>,
        /// Who approved, and when.
        "approvals" => approvals: List<Approval>,
        /// Its last day.
        "expiresAt" => expires_at: Field<Day>,
        /// How often it is looked at: `daily`, `weekly`, `monthly`, `quarterly`, or a length of time.
        "reviewCadence" => review_cadence: Field<Duration>,
        /// When it was looked at.
        "reviews" => reviews: List<Review>,
        /// When it must be looked at next.
        "reviewBy" => review_by: Field<Day>,
        /// What is watched meanwhile.
        #[example("failed sign-ins by network, looked at weekly")]
        "monitoring" => monitoring: Field<Box<str>>,
        /// The way back.
        #[example("a limit per network with an agreed rate")]
        "migrationPath" => migration_path: Field<Box<str>>,
        /// How it ended before its day.
        "closure" => closure: Section<Closure>,
    }
}

record! {
    /// What part of a service an exception covers.
    pub struct Scope called "scope" {
        /// This environment alone.
        #[example("prod")]
        "environment" => environment: Field<Box<str>>,
        /// This resource alone.
        #[example("arn:aws:s3:::example-exports")]
        "resource" => resource: Field<Box<str>>,
        /// This rule alone.
        "rule" => rule: Field<RuleId>,
        /// The golden path as a whole.
        "goldenPath" => golden_path: Field<bool>,
    }
}

record! {
    /// One approval.
    pub struct Approval called "approval" {
        /// The role in which it was given.
        #[example("security")]
        "role" => role: Field<Box<str>>,
        /// Who gave it.
        #[example("@ivy")]
        "by" => by: Field<Box<str>>,
        /// When.
        "at" => at: Field<Day>,
    }
}

record! {
    /// One review.
    pub struct Review called "review" {
        /// When.
        "at" => at: Field<Day>,
        /// Who.
        #[example("@ivy")]
        "by" => by: Field<Box<str>>,
        /// What was found.
        #[example("No abuse seen; the limit is in test.")]
        "note" => note: Field<Box<str>>,
    }
}

record! {
    /// How an exception ended before its day.
    pub struct Closure called "closure" {
        /// When.
        "at" => at: Field<Day>,
        /// `fixed`, `withdrawn`, `replaced`.
        #[example("fixed")]
        "state" => state: Field<Box<str>>,
        /// Why.
        #[example("Rate limits by network are live.")]
        "why" => why: Field<Box<str>>,
    }
}

/// That an exception excused nothing, night after night, as far as runs before this one know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuietNights {
    /// The first of those nights.
    pub since: Day,
    /// The last of them.
    pub last: Day,
    /// How many days were judged from the first to the last.
    pub nights: u32,
}

/// Who reviewed the change that gave an exception its present terms, as far as that was asked for.
#[derive(Debug, Default, PartialEq)]
pub struct CodeReviews {
    /// Whether the code host was asked about a revision that has these terms.
    pub asked: bool,
    /// The merged pull requests that such a revision came with, each once.
    pub pull_requests: Vec<PullRequest>,
    /// Why some of that is not known.
    pub unknown: Option<Box<str>>,
}
