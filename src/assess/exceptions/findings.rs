//! Findings about exceptions: dangling, overlapping, repeated, covering nothing, outlived (semantics §3).

use std::collections::BTreeMap;

use super::approvals::{self, awaited};
use super::limits::demanded;
use super::quiet;
use super::state::{Ruling, is_about_golden_path};
use super::{Register, diagnostic};
use crate::assess::outcome::Outcome;
use crate::assess::scorecard::Scorecards;
use crate::assess::waivers::{self, covers};
use crate::assess::{ExceptionState, Finding, ServiceAssessment};
use crate::catalog::id::RuleId;
use crate::catalog::nearest::nearest;
use crate::catalog::origin::Origin;
use crate::catalog::table::Index;
use crate::catalog::{Catalog, Exception, Service};
use crate::day::Day;
use crate::diagnostic::{Code, Diagnostics, codes};
use crate::words;

/// How many comparisons all suggestions for dangling exceptions may cost together.
const COMPARISONS: usize = 1_000_000;

/// Other exceptions named at most as overlapping with one.
const MOST_OVERLAPS: usize = 20;

/// What an exception meets among the rules of its service.
#[derive(Debug, Default)]
pub(super) struct Covered {
    /// Rules it waives.
    pub(super) hides: Vec<(Index<Service>, RuleId)>,
    /// Rules that fail beside it.
    pub(super) beside: Vec<(Index<Service>, RuleId)>,
    /// Applicable rules that it is about.
    applicable: usize,
    /// Those of them that pass.
    passing: usize,
    /// Whether the service is judged at all.
    judged: bool,
}

/// Looks among the rules of its service for what `exception` is about.
pub(super) fn covered(
    scorecards: &Scorecards<'_>,
    services: &[ServiceAssessment],
    exception: &Exception,
    index: Index<Exception>,
) -> Covered {
    let mut covered = Covered::default();
    let Some(service) = exception.service else { return covered };
    let assessment = &services[service.position()];
    covered.judged = assessment.tier.is_some();
    for result in &assessment.subject.scorecards {
        let rules = &scorecards.get(result.scorecard).rules;
        for (rule, result) in rules.iter().zip(&result.rules) {
            if !covers(exception, rule) || result.outcome == Outcome::NotApplicable {
                continue;
            }
            covered.applicable += 1;
            covered.passing += usize::from(result.outcome == Outcome::Pass);
            if result.exception == Some(index) {
                match result.outcome {
                    Outcome::Waived => covered.hides.push((service, rule.id.clone())),
                    _ => covered.beside.push((service, rule.id.clone())),
                }
            }
        }
    }
    covered
}

/// What findings rest on: the catalog, and which exceptions are about the same thing of the same service.
pub(super) struct Inspection<'a> {
    catalog: &'a Catalog,
    scorecards: &'a Scorecards<'a>,
    today: Day,
    overlaps: BTreeMap<Index<Exception>, Vec<Index<Exception>>>,
    repeats: BTreeMap<Index<Exception>, Index<Exception>>,
    /// Whether a name that leads nowhere may be compared with all that exist.
    suggests: bool,
}

impl<'a> Inspection<'a> {
    pub(super) fn of(
        catalog: &'a Catalog,
        scorecards: &'a Scorecards<'a>,
        register: &Register,
        today: Day,
    ) -> Self {
        let mut groups: BTreeMap<(&str, &str), Vec<Index<Exception>>> = BTreeMap::new();
        for (index, exception) in catalog.exceptions.indexed() {
            let Some(service) = service_name(catalog, exception) else { continue };
            if let Some(target) = target(exception) {
                groups.entry((service, target)).or_default().push(index);
            }
        }
        let within = catalog.exception_policy.repeat_within.value();
        let within = within.map_or(90, |within| i64::try_from(within.length.days()).unwrap_or(90));
        let (mut overlaps, mut repeats) = (BTreeMap::new(), BTreeMap::new());
        for group in groups.values().filter(|group| group.len() > 1) {
            for &one in group {
                let in_force = |index: Index<Exception>| register.ruling(index).state.is_in_force();
                let others = group.iter().copied().filter(|&other| {
                    other != one && in_force(one) && in_force(other) && share_scope(catalog, one, other)
                });
                let others: Vec<_> = others.take(MOST_OVERLAPS).collect();
                if !others.is_empty() {
                    overlaps.insert(one, others);
                }
                let earlier = group.iter().copied().filter(|&earlier| {
                    is_repeat(&catalog.exceptions[one], &catalog.exceptions[earlier], within, today)
                });
                if let Some(earlier) = earlier.max_by_key(|&earlier| end(&catalog.exceptions[earlier])) {
                    repeats.insert(one, earlier);
                }
            }
        }
        let dangling = catalog.exceptions.iter().filter(|exception| exception.service.is_none()).count();
        let suggests = dangling.saturating_mul(catalog.services.len()) <= COMPARISONS;
        Self { catalog, scorecards, today, overlaps, repeats, suggests }
    }

    /// Everything to be said about one exception.
    pub(super) fn findings(
        &self,
        index: Index<Exception>,
        ruling: &Ruling,
        covered: &Covered,
        diagnostics: &mut Diagnostics,
    ) -> Vec<Finding> {
        let exception = &self.catalog.exceptions[index];
        let mut findings = Findings { catalog: self.catalog, exception, found: Vec::new(), diagnostics };
        if ruling.is_mistake {
            findings.invalid(ruling);
        }
        findings.dangling(self.suggests);
        findings.uncheckable_cap();
        findings.undated_closure();
        findings.extensions();
        findings.repeat(self.repeats.get(&index).copied());
        findings.unmanaged(ruling, covered, self.today);
        if ruling.state.is_in_force() {
            findings.overlaps(self.overlaps.get(&index).map_or(&[], |others| others));
            findings.coverage(covered, self.scorecards, self.today);
            findings.extension_without_approval(ruling);
            findings.past_review(self.today);
        }
        findings.found
    }
}

/// The service an exception is about: its id, or the name that leads nowhere.
fn service_name<'a>(catalog: &'a Catalog, exception: &'a Exception) -> Option<&'a str> {
    let known = exception.service.map(|service| catalog.services[service].id.as_str());
    known.or_else(|| exception.record.service.value().map(|service| service.as_str()))
}

/// What an exception is about.
fn target(exception: &Exception) -> Option<&str> {
    let record = &exception.record;
    let rule = record.rule.value().map(|rule| rule.as_str());
    rule.or_else(|| record.control.value().map(|control| control.as_str()))
}

fn end(exception: &Exception) -> Option<Day> {
    exception.record.expires_at.value().copied()
}

/// Whether two exceptions have a part of the service in common.
fn share_scope(catalog: &Catalog, one: Index<Exception>, other: Index<Exception>) -> bool {
    let (one, other) = (&catalog.exceptions[one], &catalog.exceptions[other]);
    let (a, b) = (waivers::scope(one), waivers::scope(other));
    let apart = |a: Option<&str>, b: Option<&str>| matches!((a, b), (Some(a), Some(b)) if a != b);
    let rule = |exception: &Exception| exception.record.scope.rule.value().cloned();
    let rules_apart = matches!((rule(one), rule(other)), (Some(a), Some(b)) if a != b);
    !apart(a.environment, b.environment) && !apart(a.resource, b.resource) && !rules_apart
}

/// Whether `exception` asks again, within so many days of the expiry of `earlier`, for the same.
fn is_repeat(exception: &Exception, earlier: &Exception, within: i64, today: Day) -> bool {
    let (Some(asked), Some(ends), Some(expired)) = (&exception.requested_at, end(exception), end(earlier))
    else {
        return false;
    };
    let earlier_asked = earlier.requested_at.as_ref().map(|asked| asked.value);
    // Ended before its day, an exception does not expire.
    let closed_first = earlier.record.closure.at.value().is_some_and(|closed| *closed <= expired);
    expired < today
        && !closed_first
        && expired < ends
        && earlier_asked.is_none_or(|earlier| earlier < asked.value)
        && asked.value.days_since(expired).abs() <= within
}

struct Findings<'a, 'd> {
    catalog: &'a Catalog,
    exception: &'a Exception,
    found: Vec<Finding>,
    diagnostics: &'d mut Diagnostics,
}

impl Findings<'_, '_> {
    fn add(&mut self, code: &'static str, message: String, origin: Option<Origin>) {
        let origin = origin.or(Some(self.exception.origin));
        self.found.push(Finding { code, message: message.into(), origin });
    }

    /// A finding that is also a mistake of its author.
    fn mistake(&mut self, code: &'static Code, message: String, help: String, origin: Option<Origin>) {
        let at = origin.unwrap_or(self.exception.origin);
        self.add(code.name, message.clone(), origin);
        let message = format!("{}: {message}", self.exception.id);
        self.diagnostics.push(diagnostic(self.catalog, code, message, at).help(help));
    }

    fn invalid(&mut self, ruling: &Ruling) {
        for reason in &ruling.reasons {
            let at = reason.origin.unwrap_or(self.exception.origin);
            let message = format!("{}: {}", self.exception.id, reason.text);
            let diagnostic = diagnostic(self.catalog, &codes::INVALID_EXCEPTION, message, at);
            self.diagnostics.push(diagnostic.help("mend it, or remove it: until then it waives nothing"));
        }
    }

    fn dangling(&mut self, suggests: bool) {
        let Some(named) = self.exception.record.service.sourced() else { return };
        if self.exception.service.is_some() {
            return;
        }
        let candidates = self.catalog.services.ids().take(if suggests { usize::MAX } else { 0 });
        let message = match nearest(named.value.as_str(), candidates) {
            Some(meant) => {
                format!("no record describes the service `{}`; is `{meant}` meant?", named.value)
            }
            None => format!("no record describes the service `{}`", named.value),
        };
        self.add("dangling", message, Some(named.origin));
    }

    fn uncheckable_cap(&mut self) {
        let has_form = self.exception.record.risk.value().is_some() && end(self.exception).is_some();
        if has_form && self.exception.requested_at.is_none() {
            self.mistake(
                &codes::UNCHECKABLE_CAP,
                "nobody knows when it was asked for, so its life cannot be compared with the cap for its risk".into(),
                "add `requestedAt:` with the day it was asked for".into(),
                None,
            );
        }
    }

    fn undated_closure(&mut self) {
        let closure = &self.exception.record.closure;
        if closure.origin.is_some() && closure.at.value().is_none() {
            let message = "`closure` has no readable `at`, so it is not closed".into();
            self.add("closure-undated", message, closure.origin);
        }
    }

    fn extensions(&mut self) {
        let most = self.catalog.exception_policy.most_extensions.value().map(|most| most.value);
        let extensions = &self.exception.extensions;
        // A count of extensions is far below what a float holds exactly.
        if most.is_some_and(|most| extensions.len() as f64 > most) {
            let message = format!("extended {} times", extensions.len());
            self.add("extended-too-often", message, Some(Origin::History(self.exception.file)));
        }
    }

    /// What was approved is the end that stood there then; a later one is what nobody agreed to yet.
    fn extension_without_approval(&mut self, ruling: &Ruling) {
        let Some(extension) = self.exception.extensions.last() else { return };
        let demanded = demanded(self.catalog, self.exception);
        let since = approvals::since(&self.exception.record, &ruling.approvals, extension.at);
        let missing = awaited(&demanded, &since);
        if !missing.is_empty() {
            let message = format!(
                "its end was moved to {} on {}, and nobody has approved it since as {}",
                extension.to,
                extension.at,
                words::alternatives(&missing)
            );
            self.add("extension-not-approved", message, Some(Origin::History(self.exception.file)));
        }
    }

    fn repeat(&mut self, earlier: Option<Index<Exception>>) {
        let Some(earlier) = earlier.map(|earlier| &self.catalog.exceptions[earlier]) else { return };
        let expired = end(earlier).map_or_else(String::new, |end| format!(" until {end}"));
        let asked = self.exception.requested_at.as_ref().map(|asked| asked.origin);
        self.add("repeat", format!("asks again for what {} allowed{expired}", earlier.id), asked);
    }

    /// After its end, or without one, what it allowed is a standard of its own until it is closed or the
    /// rules pass.
    fn unmanaged(&mut self, ruling: &Ruling, covered: &Covered, today: Day) {
        let record = &self.exception.record;
        let closed = record.closure.at.value().is_some_and(|at| *at <= today);
        if ruling.state == ExceptionState::Invalid && record.expires_at.value().is_none() && !closed {
            let message = "has no readable end: not an exception but an unmanaged standard".into();
            self.add("unmanaged-standard", message, record.expires_at.origin());
        }
        if ruling.state != ExceptionState::Expired {
            return;
        }
        let origin = record.expires_at.origin();
        if covered.judged && covered.applicable > 0 && covered.passing == covered.applicable {
            self.add("fixed-not-closed", "expired, and all it covered passes: close it".into(), origin);
        } else {
            let message = "expired and neither closed nor fixed: an unmanaged standard".into();
            self.add("unmanaged-standard", message, origin);
        }
    }

    fn overlaps(&mut self, others: &[Index<Exception>]) {
        for other in others {
            let other = &self.catalog.exceptions[*other];
            let first = (end(self.exception), &self.exception.id) <= (end(other), &other.id);
            let winner =
                if first { "this one ends first and counts" } else { "the other ends first and counts" };
            self.mistake(
                &codes::OVERLAPPING_EXCEPTIONS,
                format!("overlaps with {}: {winner}", other.id),
                "close one of the two, or narrow its `scope`".into(),
                None,
            );
        }
    }

    fn coverage(&mut self, covered: &Covered, scorecards: &Scorecards<'_>, today: Day) {
        if !covered.judged || is_about_golden_path(self.exception) {
            return;
        }
        if covered.applicable == 0 {
            let proven = scorecards
                .all
                .iter()
                .flat_map(|scorecard| &scorecard.rules)
                .any(|rule| covers(self.exception, rule));
            let message = if proven {
                "covers nothing: no rule that proves its control applies to its service"
            } else {
                "covers nothing: no rule of any scorecard proves its control"
            };
            self.mistake(
                &codes::EXCEPTION_COVERS_NOTHING,
                message.into(),
                "close it, or name the control or rule that is meant".into(),
                None,
            );
        } else if covered.hides.is_empty() {
            let (code, message) = quiet::told(quiet::nights(self.catalog, self.exception, today));
            self.add(code, message, None);
        }
    }

    fn past_review(&mut self, today: Day) {
        let Some(review_by) = self.exception.record.review_by.sourced() else { return };
        if review_by.value < today {
            let message = format!("was to be reviewed by {}", review_by.value);
            self.add("review-by-passed", message, Some(review_by.origin));
        }
    }
}
