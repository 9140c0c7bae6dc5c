//! The state of an exception on D: the table of semantics §3, first match wins.

use super::approvals::{self, RoleApproval};
use super::limits::{cap, demanded};
use crate::assess::context::Setting;
use crate::assess::scorecard::Scorecards;
use crate::assess::{ExceptionState, Reason};
use crate::catalog::field::Field;
use crate::catalog::golden_path::SupportLevel;
use crate::catalog::origin::Origin;
use crate::catalog::{Catalog, Exception};
use crate::day::{Day, Length};
use crate::words;

/// The control whose exceptions are about the golden path as a whole.
pub const GOLDEN_PATH: &str = "golden-path";

/// Days before its end from which an exception is expiring.
const EXPIRING: i64 = 30;

/// What the table says of one exception.
#[derive(Debug)]
pub struct Ruling {
    /// Its state.
    pub state: ExceptionState,
    /// Why.
    pub reasons: Vec<Reason>,
    /// Whether the reasons are mistakes that no other diagnostic names.
    pub is_mistake: bool,
    /// Days to its end: the day itself is 0.
    pub days_left: Option<i64>,
    /// Its last review or approval, with the day by which the next review is due.
    pub reviewed: Option<Reviewed>,
    /// Each approval, and whether it counts.
    pub approvals: Vec<RoleApproval>,
}

/// When an exception was looked at, and when it must be looked at again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reviewed {
    /// The last review or approval, else the request.
    pub last: Day,
    /// Where it is written.
    pub origin: Origin,
    /// Days from one review to the next.
    pub cadence: i64,
}

impl Reviewed {
    /// The last day on which the next review is in time.
    pub fn due(&self) -> Day {
        self.last.plus_days(self.cadence)
    }

    /// The last day on which the exception still holds without a review.
    pub fn lapses(&self) -> Day {
        self.last.plus_days(self.cadence.saturating_mul(2))
    }
}

impl ExceptionState {
    /// Every state, in the order of the table.
    pub const ALL: [Self; 7] = [
        Self::Invalid,
        Self::Closed,
        Self::Expired,
        Self::Pending,
        Self::ReviewOverdue,
        Self::Expiring,
        Self::Active,
    ];

    /// Whether it waives anything: active, expiring or review-overdue.
    pub fn is_in_force(self) -> bool {
        matches!(self, Self::Active | Self::Expiring | Self::ReviewOverdue)
    }

    /// The word of the JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Invalid => "invalid",
            Self::Closed => "closed",
            Self::Expired => "expired",
            Self::Pending => "pending",
            Self::ReviewOverdue => "review-overdue",
            Self::Expiring => "expiring",
            Self::Active => "active",
        }
    }
}

/// Rules on `exception`.
pub(super) fn rule(setting: Setting<'_>, scorecards: &Scorecards<'_>, exception: &Exception) -> Ruling {
    let Setting { catalog, today, .. } = setting;
    let demanded = demanded(catalog, exception);
    let approvals = approvals::verdicts(setting, exception, &demanded);
    let table = Table { catalog, scorecards, exception, today, demanded: &demanded, approvals: &approvals };
    let ends = exception.record.expires_at.value().copied();
    let (state, reasons, is_mistake) = table.first_match(ends);
    Ruling {
        state,
        reasons,
        is_mistake,
        days_left: ends.map(|ends| ends.days_since(today)),
        reviewed: table.reviewed(),
        approvals,
    }
}

struct Table<'a> {
    catalog: &'a Catalog,
    scorecards: &'a Scorecards<'a>,
    exception: &'a Exception,
    today: Day,
    demanded: &'a [&'a str],
    approvals: &'a [RoleApproval],
}

impl Table<'_> {
    fn first_match(&self, ends: Option<Day>) -> (ExceptionState, Vec<Reason>, bool) {
        let (reasons, is_mistake) = self.form();
        let Some(ends) = ends.filter(|_| reasons.is_empty()) else {
            return (ExceptionState::Invalid, reasons, is_mistake);
        };
        if let Some(reason) = self.closed() {
            return (ExceptionState::Closed, vec![reason], false);
        }
        let end = self.exception.record.expires_at.origin();
        let left = ends.days_since(self.today);
        if left < 0 {
            let ago = days(left.unsigned_abs());
            return (
                ExceptionState::Expired,
                vec![reason(format!("ended on {ends}, {ago} ago"), end)],
                false,
            );
        }
        let (reasons, is_mistake) = self.policy(ends);
        if !reasons.is_empty() {
            return (ExceptionState::Invalid, reasons, is_mistake);
        }
        let reasons = self.pending();
        if !reasons.is_empty() {
            return (ExceptionState::Pending, reasons, false);
        }
        if let Some(overdue) = self.overdue() {
            return overdue;
        }
        let text = match left {
            0 => format!("ends today, on {ends}"),
            _ => format!("ends on {ends}, in {}", days(left.unsigned_abs())),
        };
        let state = if left <= EXPIRING { ExceptionState::Expiring } else { ExceptionState::Active };
        (state, vec![reason(text, end)], false)
    }

    /// What is missing or unreadable of its form, and whether some of it is missing.
    fn form(&self) -> (Vec<Reason>, bool) {
        let record = &self.exception.record;
        let mut form = Form::default();
        form.require("exceptionId", &record.exception_id);
        form.require("service", &record.service);
        if record.rule.is_absent() {
            form.require("control", &record.control);
        } else {
            form.readable("rule", &record.rule);
            form.readable("control", &record.control);
        }
        form.require_text("reason", &record.reason);
        form.require_text("requestedBy", &record.requested_by);
        form.require("risk", &record.risk);
        if record.compensating_controls.values().all(|control| control.trim().is_empty()) {
            form.missing("compensatingControls", record.compensating_controls.origin);
        }
        form.require("expiresAt", &record.expires_at);
        // An unreadable scope read as none would waive more than anybody allowed.
        form.readable("scope.environment", &record.scope.environment);
        form.readable("scope.resource", &record.scope.resource);
        form.readable("scope.rule", &record.scope.rule);
        form.readable("scope.goldenPath", &record.scope.golden_path);
        if let Some(origin) = record.scope.misread {
            form.reasons.push(reason("`scope` says something that is not known".into(), Some(origin)));
        }
        // Neither may what ends it, or asks for it to be looked at, be passed over.
        form.readable("requestedAt", &record.requested_at);
        form.readable("reviewCadence", &record.review_cadence);
        form.readable("reviewBy", &record.review_by);
        form.readable("closure.at", &record.closure.at);
        if let (Some(requested), Some(ends)) = (&self.exception.requested_at, record.expires_at.sourced())
            && ends.value < requested.value
        {
            let text = format!("it ends on {}, before it was asked for on {}", ends.value, requested.value);
            form.reasons.push(reason(text, Some(ends.origin)));
            form.is_mistake = true;
        }
        (form.reasons, form.is_mistake)
    }

    fn closed(&self) -> Option<Reason> {
        let closure = &self.exception.record.closure;
        let at = closure.at.sourced().filter(|at| at.value <= self.today)?;
        let state = closure.state.value().map_or("closed", |state| state);
        let text = match closure.why.value() {
            Some(why) => format!("{state} on {}: {why}", at.value),
            None => format!("{state} on {}", at.value),
        };
        Some(reason(text, Some(at.origin)))
    }

    /// What policy forbids, and whether some of it is named by no other diagnostic.
    fn policy(&self, ends: Day) -> (Vec<Reason>, bool) {
        let record = &self.exception.record;
        let (mut reasons, mut is_mistake) = (Vec::new(), false);
        if let (Some(risk), Some(requested)) = (record.risk.value(), &self.exception.requested_at) {
            let life = ends.days_since(requested.value);
            let cap = cap(self.catalog, *risk);
            if life > cap {
                let text = format!(
                    "lives {}, longer than the {} that {} risk allows",
                    days(life.unsigned_abs()),
                    days(cap.unsigned_abs()),
                    risk.word()
                );
                reasons.push(reason(text, record.expires_at.origin()));
                is_mistake = true;
            }
        }
        if let Some(control) = record.control.sourced() {
            match self.exception.control.map(|index| &self.catalog.controls[index].record) {
                None => {
                    let text = format!("the control `{}` does not exist", control.value);
                    reasons.push(reason(text, Some(control.origin)));
                }
                Some(known) if !known.is_waivable() => {
                    let text = format!("the control `{}` may not be waived", control.value);
                    reasons.push(reason(text, Some(control.origin)));
                    is_mistake = true;
                }
                Some(_) => {}
            }
        }
        if let Some(named) = record.rule.sourced() {
            match self.scorecards.rule(named.value.as_str()) {
                None => {
                    let text = format!("the rule `{}` does not exist", named.value);
                    reasons.push(reason(text, Some(named.origin)));
                }
                Some(rule) => {
                    if !rule.is_waivable() {
                        let text = match rule.locked_by {
                            Some(control) => format!(
                                "the rule `{}` proves `{control}`, which may not be waived",
                                named.value
                            ),
                            None => format!("the rule `{}` may not be waived", named.value),
                        };
                        reasons.push(reason(text, Some(named.origin)));
                        is_mistake = true;
                    }
                }
            }
        }
        if let Some(prohibited) = self.prohibited() {
            reasons.push(prohibited);
            is_mistake = true;
        }
        (reasons, is_mistake)
    }

    /// A prohibited path cannot be waived.
    fn prohibited(&self) -> Option<Reason> {
        if !is_about_golden_path(self.exception) {
            return None;
        }
        let service = &self.catalog.services[self.exception.service?];
        let path = &self.catalog.golden_paths[service.golden_path?];
        let version = service.golden_path_version.and_then(|at| path.record.versions.items.get(at));
        let of_version = version.map(|version| &version.value.support_level);
        let level = of_version.filter(|level| !level.is_absent()).unwrap_or(&path.record.support_level);
        let text = match level.value() {
            Some(SupportLevel::Prohibited) => "is prohibited, which no exception can waive",
            None if !level.is_absent() => "may be prohibited: its support level cannot be read",
            _ => return None,
        };
        Some(reason(format!("`{}` {text}", path.id), level.origin()))
    }

    fn pending(&self) -> Vec<Reason> {
        if let Some(origin) = self.catalog.exception_policy_misread {
            let text = "the policy on exceptions has mistakes, so nobody knows who must approve";
            return vec![reason(text.into(), Some(origin))];
        }
        approvals::missing(&self.exception.record, self.demanded, self.approvals)
    }

    fn overdue(&self) -> Option<(ExceptionState, Vec<Reason>, bool)> {
        let reviewed = self.reviewed().filter(|reviewed| self.today > reviewed.due())?;
        let since = format!(
            "last looked at on {}; due on {}, {} ago",
            reviewed.last,
            reviewed.due(),
            days(self.today.days_since(reviewed.due()).unsigned_abs())
        );
        let (state, text) = if self.today > reviewed.lapses() {
            (ExceptionState::Pending, format!("review lapsed: {since}"))
        } else {
            (ExceptionState::ReviewOverdue, format!("review overdue: {since}"))
        };
        Some((state, vec![reason(text, Some(reviewed.origin))], false))
    }

    /// When it was last looked at: by somebody, on a day that has come. Its approval is the first look; without
    /// either, its request.
    fn reviewed(&self) -> Option<Reviewed> {
        let record = &self.exception.record;
        let written = record.review_cadence.sourced();
        let cadence = written.or_else(|| self.catalog.exception_policy.review_cadence.sourced())?;
        let signed = |by: &Field<Box<str>>| by.value().is_some_and(|by| !by.trim().is_empty());
        let review = record
            .reviews
            .items
            .iter()
            .filter(|review| signed(&review.value.by))
            .filter_map(|review| Some((*review.value.at.value()?, review.origin)))
            .filter(|(at, _)| *at <= self.today)
            .max_by_key(|(at, _)| *at);
        let approval = approvals::last(self.exception, self.approvals);
        let requested = self.exception.requested_at.as_ref().map(|asked| (asked.value, asked.origin));
        let (last, origin) = review.into_iter().chain(approval).max_by_key(|(at, _)| *at).or(requested)?;
        Some(Reviewed { last, origin, cadence: whole_days(cadence.value.length) })
    }
}

/// Whether an exception is about the golden path as a whole.
pub fn is_about_golden_path(exception: &Exception) -> bool {
    let record = &exception.record;
    record.control.value().is_some_and(|control| control.as_str() == GOLDEN_PATH)
        || record.scope.golden_path.value() == Some(&true)
}

/// A cadence in days: at least one, and a part of a day counts as a whole one.
fn whole_days(length: Length) -> i64 {
    let days = length.seconds().div_ceil(Length::from_days(1).seconds()).max(1);
    i64::try_from(days).unwrap_or(i64::MAX)
}

#[derive(Default)]
struct Form {
    reasons: Vec<Reason>,
    is_mistake: bool,
}

impl Form {
    fn require<T>(&mut self, key: &str, field: &Field<T>) {
        match field {
            Field::Absent => self.missing(key, None),
            Field::Unreadable(_) => self.readable(key, field),
            Field::Known(_) => {}
        }
    }

    fn require_text(&mut self, key: &str, field: &Field<Box<str>>) {
        match field.sourced() {
            Some(text) if text.value.trim().is_empty() => self.missing(key, Some(text.origin)),
            _ => self.require(key, field),
        }
    }

    fn readable<T>(&mut self, key: &str, field: &Field<T>) {
        if let Field::Unreadable(origin) = field {
            self.reasons.push(reason(format!("`{key}` cannot be read"), Some(*origin)));
        }
    }

    fn missing(&mut self, key: &str, origin: Option<Origin>) {
        let text = match key {
            "expiresAt" => {
                "no `expiresAt`: without an end it is not an exception but a new unmanaged standard".into()
            }
            "control" => "neither `control` nor `rule`".into(),
            _ => format!("no `{key}`"),
        };
        self.reasons.push(reason(text, origin));
        self.is_mistake = true;
    }
}

fn reason(text: String, origin: Option<Origin>) -> Reason {
    Reason { text: text.into(), origin }
}

fn days(count: u64) -> String {
    words::count(usize::try_from(count).unwrap_or(usize::MAX), "day", "days")
}
