//! Badges: the words and classes for every state the portal shows. One state, one word, one shape,
//! on all pages.

use std::borrow::Cow;

use serde::Serialize;

use super::parts::cut;
use super::prose::plain;
use crate::assess::outcome::{Outcome, Score};
use crate::assess::{Answer, ExceptionState, RuleResult, Tier};
use crate::catalog::golden_path::{SupportLevel, Version, VersionStatus};
use crate::catalog::ledger::{RepositoryClass, SkipReason};
use crate::collect::snapshot::SourceState;
use crate::day::Day;
use crate::diagnostic::Severity;
use crate::words;

/// Days before its end from which the end of a version's support is what matters most about it: half a
/// year, because a migration takes one.
const NEAR: i64 = 183;

/// Longest state of an account, in characters.
const LONGEST_STATE: usize = 40;

/// Longest answer to an ownership question, in characters.
const LONGEST_ANSWER: usize = 400;

/// A state as readers see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Badge {
    /// The class, which is the word of the JSON.
    pub class: &'static str,
    /// The words.
    pub text: Cow<'static, str>,
}

impl Badge {
    const fn new(class: &'static str, text: &'static str) -> Self {
        Self { class, text: Cow::Borrowed(text) }
    }

    /// The same state with words of its own.
    #[must_use]
    pub fn saying(self, text: impl Into<Cow<'static, str>>) -> Self {
        Self { text: text.into(), ..self }
    }

    /// An outcome.
    pub const fn outcome(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Pass => Self::new("pass", "Pass"),
            Outcome::Fail => Self::new("fail", "Fail"),
            Outcome::Waived => Self::new("waived", "Waived"),
            Outcome::Unknown => Self::new("unknown", "Unknown"),
            Outcome::NotApplicable => Self::new("not-applicable", "Not applicable"),
        }
    }

    /// The result of a rule; one that does not count yet is announced.
    pub fn result(result: &RuleResult) -> Self {
        if result.announced { Self::new("announced", "Announced") } else { Self::outcome(result.outcome) }
    }

    /// What an outcome would be if the rule counted.
    pub fn would_be(outcome: Outcome) -> Self {
        let badge = Self::outcome(outcome);
        match outcome {
            Outcome::Pass => badge.saying("Would pass"),
            Outcome::Fail => badge.saying("Would fail"),
            _ => badge,
        }
    }

    /// How many subjects would have each outcome, worst first, without zeroes.
    pub fn would_total(counts: Score) -> Vec<Self> {
        [
            (Outcome::Fail, counts.fail, "would fail"),
            (Outcome::Unknown, counts.unknown, "unknown"),
            (Outcome::Pass, counts.pass, "would pass"),
            (Outcome::NotApplicable, counts.not_applicable, "not applicable"),
        ]
        .into_iter()
        .filter(|(_, count, _)| *count > 0)
        .map(|(outcome, count, word)| Self::outcome(outcome).saying(format!("{count} {word}")))
        .collect()
    }

    /// Something that counts from `day` on.
    pub fn announced(day: Day) -> Self {
        Self::new("announced", "").saying(format!("From {}", day.short()))
    }

    /// Something that nobody can say.
    pub const fn unknown() -> Self {
        Self::new("unknown", "Unknown")
    }

    /// Something that is there, as a complete answer says.
    pub const fn seen() -> Self {
        Self::new("ok", "There")
    }

    /// Something that is not there, as a complete answer says.
    pub const fn missing() -> Self {
        Self::new("warning", "Not there")
    }

    /// A whole answer.
    pub const fn complete() -> Self {
        Self::new("ok", "Complete")
    }

    /// A migration tier.
    pub const fn tier(tier: Tier) -> Self {
        match tier {
            Tier::Native => Self::new("native", "Native"),
            Tier::Adopted => Self::new("adopted", "Adopted"),
            Tier::PartiallyManaged => Self::new("partially-managed", "Partially managed"),
            Tier::LegacyException => Self::new("legacy-exception", "Legacy exception"),
            Tier::Retiring => Self::new("retiring", "Retiring"),
            Tier::Unmanaged => Self::new("unmanaged", "Unmanaged"),
        }
    }

    /// The state of an exception.
    pub const fn exception(state: ExceptionState) -> Self {
        match state {
            ExceptionState::Invalid => Self::new("invalid", "Invalid"),
            ExceptionState::Closed => Self::new("closed", "Closed"),
            ExceptionState::Expired => Self::new("expired", "Expired"),
            ExceptionState::Pending => Self::new("pending", "Pending"),
            ExceptionState::ReviewOverdue => Self::new("review-overdue", "Review overdue"),
            ExceptionState::Expiring => Self::new("expiring", "Expiring"),
            ExceptionState::Active => Self::new("active", "Active"),
        }
    }

    /// The state of an exception with the days that make it urgent.
    pub fn exception_with_days(state: ExceptionState, days_left: Option<i64>) -> Self {
        let badge = Self::exception(state);
        match (state, days_left) {
            (ExceptionState::Expiring, Some(days)) => badge.saying(format!("Expiring {}", in_days(days))),
            (ExceptionState::Expired, Some(days)) => badge.saying(format!("Expired {}", in_days(days))),
            _ => badge,
        }
    }

    /// A team that is no more.
    pub const fn dissolved() -> Self {
        Self::new("retiring", "Dissolved")
    }

    /// An id that two documents claim.
    pub const fn conflict() -> Self {
        Self::new("error", "In conflict")
    }

    /// The state of an exception, and when it ends.
    pub fn exception_until(state: ExceptionState, days_left: i64) -> Self {
        let badge = Self::exception(state);
        let separator = match state {
            ExceptionState::Expiring | ExceptionState::Expired => "",
            _ => ",",
        };
        let text = format!("{}{separator} {}", badge.text, in_days(days_left));
        badge.saying(text)
    }

    /// Something that counts because its author wrote it.
    pub const fn declared() -> Self {
        Self::new("answered", "Declared")
    }

    /// An approval that a code-review record proves.
    pub const fn verified() -> Self {
        Self::new("ok", "Verified")
    }

    /// Something that needs attention before long.
    pub const fn warning() -> Self {
        Self::severity(Severity::Warning)
    }

    /// An exception in force that hides nothing.
    pub const fn idle() -> Self {
        Self::new("idle", "Covers nothing")
    }

    /// How heavy a problem is.
    pub const fn severity(severity: Severity) -> Self {
        match severity {
            Severity::Error => Self::new("error", "Error"),
            Severity::Warning => Self::new("warning", "Warning"),
            Severity::Note => Self::new("note", "Note"),
        }
    }

    /// How a source fared.
    pub const fn source(state: SourceState) -> Self {
        match state {
            SourceState::Ok => Self::new("ok", "Complete"),
            SourceState::Partial => Self::new("partial", "Partial"),
            SourceState::Failed => Self::new("fail", "Failed"),
            SourceState::Stale => Self::new("stale", "Stale"),
        }
    }

    /// That something is shown as it was seen on `day`, which may be long ago.
    pub fn carried(day: Day, is_long_ago: bool) -> Self {
        let class = if is_long_ago { "long-stale" } else { "stale" };
        Self::new(class, "").saying(format!("Stale since {}", day.long()))
    }

    /// How much help a golden path gets.
    pub const fn support(level: SupportLevel) -> Self {
        match level {
            SupportLevel::FullySupported => Self::new("ok", "Fully supported"),
            SupportLevel::SupportedWithConstraints => Self::new("partial", "Supported with constraints"),
            SupportLevel::BestEffort => Self::new("note", "Best effort"),
            SupportLevel::Unsupported => Self::new("warning", "Unsupported"),
            SupportLevel::Prohibited => Self::new("error", "Prohibited"),
        }
    }

    /// Where a version of a golden path is in its life on `as_of`: its dates speak before its status, and
    /// an end that is near before one that is far.
    pub fn version(version: &Version, as_of: Day) -> Self {
        let status = version.status.value().copied();
        let away = |day: &Day| in_days(day.days_since(as_of));
        let released = version.released_at.value().filter(|day| **day > as_of);
        let ends = version.end_of_support.value();
        match (status, ends) {
            _ if released.is_some() => Self::new("announced", "")
                .saying(format!("Released {}", released.map_or_else(String::new, away))),
            (Some(VersionStatus::Retired), _) => Self::new("closed", "Retired"),
            (_, Some(ends)) if *ends < as_of => {
                Self::new("expired", "").saying(format!("Support ended {}", away(ends)))
            }
            (_, Some(ends)) if ends.days_since(as_of) <= NEAR => {
                Self::warning().saying(format!("Support ends {}", away(ends)))
            }
            (Some(VersionStatus::Deprecated), _) => Self::warning().saying("Deprecated"),
            (Some(VersionStatus::Current), _) => Self::new("ok", "Current"),
            (Some(VersionStatus::Supported), _) => Self::new("ok", "Supported"),
            (None, _) => Self::new("not-applicable", "Not stated"),
        }
    }

    /// The answer to an ownership question, with the answer as words.
    pub fn answer(answer: &Answer) -> Self {
        match answer {
            Answer::Answered { value, .. } => {
                Self::new("answered", "").saying(cut(value, LONGEST_ANSWER).into_owned())
            }
            Answer::Unanswered => Self::new("unanswered", "Unanswered"),
            Answer::Unknown(why) => Self::new("unknown", "").saying(format!("Unknown: {}", plain(why))),
        }
    }

    /// Which of the four classes of the ledger a repository is in.
    pub const fn repository(class: RepositoryClass) -> Self {
        match class {
            RepositoryClass::WithDescriptor => Self::new("ok", "With descriptor"),
            RepositoryClass::WithoutDescriptor => Self::new("unmanaged", "Without descriptor"),
            RepositoryClass::Excluded => Self::new("not-applicable", "Excluded"),
            RepositoryClass::Unreadable => Self::new("fail", "Unreadable"),
        }
    }

    /// Why a document is not one of ours.
    pub const fn skipped(reason: SkipReason) -> Self {
        match reason {
            SkipReason::Foreign => Self::new("not-applicable", "Another tool's"),
            SkipReason::Template => Self::new("not-applicable", "Template"),
            SkipReason::Unclear => Self::new("note", "Unclear"),
        }
    }

    /// A listing that AWS refused.
    pub const fn refused() -> Self {
        Self::new("fail", "Refused")
    }

    /// That some of it nobody could see.
    pub const fn unseen() -> Self {
        Self::new("unknown", "Not all seen")
    }

    /// Where AWS Organizations says an account is in its life.
    pub fn account_state(state: &str) -> Self {
        match state {
            "ACTIVE" => Self::new("ok", "Active"),
            "PENDING_ACTIVATION" => Self::new("note", "Pending activation"),
            "SUSPENDED" => Self::new("retiring", "Suspended"),
            "PENDING_CLOSURE" => Self::new("retiring", "Pending closure"),
            "CLOSED" => Self::new("not-applicable", "Closed"),
            other => Self::new("note", "").saying(cut(other, LONGEST_STATE).into_owned()),
        }
    }

    /// That the catalog folder declares an account which AWS Organizations does not list.
    pub const fn not_in_organisation() -> Self {
        Self::new("warning", "Not in the organisation")
    }

    /// That the catalog folder does not declare an account.
    pub const fn undeclared() -> Self {
        Self::new("warning", "Undeclared")
    }

    /// How many rules by outcome, worst first, without zeroes.
    pub fn totals(counts: Score) -> Vec<Self> {
        let agree = |count: u64| if count == 1 { "fails" } else { "fail" };
        [
            (Outcome::Fail, counts.fail, agree(counts.fail)),
            (Outcome::Unknown, counts.unknown, "unknown"),
            (Outcome::Waived, counts.waived, "waived"),
            (Outcome::Pass, counts.pass, if counts.pass == 1 { "passes" } else { "pass" }),
            (Outcome::NotApplicable, counts.not_applicable, "not applicable"),
        ]
        .into_iter()
        .filter(|(_, count, _)| *count > 0)
        .map(|(outcome, count, word)| Self::outcome(outcome).saying(format!("{count} {word}")))
        .collect()
    }
}

/// `today`, `in 9 days`, `12 days ago`, counted from the assessment day.
pub fn in_days(days: i64) -> String {
    let size = usize::try_from(days.unsigned_abs()).unwrap_or(usize::MAX);
    match days {
        0 => "today".to_owned(),
        1.. => format!("in {}", words::count(size, "day", "days")),
        _ => format!("{} ago", words::count(size, "day", "days")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_in_both_directions() {
        assert_eq!(in_days(0), "today");
        assert_eq!(in_days(1), "in 1 day");
        assert_eq!(in_days(-12), "12 days ago");
    }

    #[test]
    fn totals_come_worst_first_and_leave_out_zeroes() {
        let counts = Score { pass: 15, fail: 1, waived: 0, unknown: 3, not_applicable: 2 };
        let words: Vec<_> = Badge::totals(counts).into_iter().map(|badge| badge.text).collect();
        assert_eq!(words, ["1 fails", "3 unknown", "15 pass", "2 not applicable"]);
    }

    #[test]
    fn the_dates_of_a_version_speak_before_its_status() {
        use crate::catalog::field::Field;
        use crate::catalog::origin::Origin;
        let day = |text: &str| Day::parse(text).expect("a day");
        let field = |text: &str| match text {
            "" => Field::Absent,
            text => Field::known(day(text), Origin::Default),
        };
        let text = |status: Option<VersionStatus>, released: &str, ends: &str| {
            let version = Version {
                status: status.map_or(Field::Absent, |status| Field::known(status, Origin::Default)),
                released_at: field(released),
                end_of_support: field(ends),
                ..Version::default()
            };
            let badge = Badge::version(&version, day("2026-11-21"));
            (badge.class, badge.text.into_owned())
        };
        use VersionStatus::{Current, Deprecated, Retired, Supported};
        for (status, released, ends, class, words) in [
            (Some(Current), "2025-02-03", "", "ok", "Current"),
            (Some(Supported), "", "2030-01-01", "ok", "Supported"),
            (Some(Deprecated), "2023-01-16", "2027-01-31", "warning", "Support ends in 71 days"),
            (Some(Deprecated), "2023-01-16", "2029-01-31", "warning", "Deprecated"),
            (Some(Current), "", "2026-11-21", "warning", "Support ends today"),
            (Some(Current), "", "2026-11-20", "expired", "Support ended 1 day ago"),
            (Some(Retired), "2021-04-12", "2025-06-30", "closed", "Retired"),
            (Some(Current), "2027-01-01", "", "announced", "Released in 41 days"),
            (None, "", "", "not-applicable", "Not stated"),
        ] {
            assert_eq!(text(status, released, ends), (class, words.to_owned()));
        }
    }

    #[test]
    fn an_expired_exception_says_since_when() {
        let badge = Badge::exception_with_days(ExceptionState::Expired, Some(-82));
        assert_eq!((badge.class, &*badge.text), ("expired", "Expired 82 days ago"));
    }
}
