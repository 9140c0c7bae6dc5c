//! The life line of an exception: what happened to it and what will, from old to new.

use super::state::Ruling;
use crate::assess::LifeEvent;
use crate::catalog::origin::Origin;
use crate::catalog::policy::ApprovalProof;
use crate::catalog::{Catalog, Exception};
use crate::day::Day;
use crate::words;

/// Every event of `exception`, by day. Of reminders and due reviews only those that still matter.
pub(super) fn life_line(
    catalog: &Catalog,
    exception: &Exception,
    ruling: &Ruling,
    today: Day,
) -> Vec<LifeEvent> {
    let mut line = Line::default();
    let record = &exception.record;
    if let Some(requested) = &exception.requested_at {
        let by = record.requested_by.value().map_or("", |by| by);
        line.add(requested.value, "requested", by_whom("", by), Some(requested.origin));
    }
    let is_verified = catalog.exception_policy.approvals.value() == Some(&ApprovalProof::Verified);
    for (position, approval) in record.approvals.items.iter().enumerate() {
        let own = ruling.approvals.iter().find(|own| own.written == Some(position));
        let proof = own.and_then(|own| own.proof.as_ref());
        let Some(at) = proof.map(|proof| proof.at).or(approval.value.at.value().copied()) else { continue };
        let event = if is_verified && proof.is_none() { "approval-claimed" } else { "approved" };
        let role = approval.value.role.value().map_or(String::new(), |role| format!("as {role}"));
        let by = approval.value.by.value().map_or("", |by| by);
        line.add(at, event, by_whom(&role, by), Some(approval.origin));
    }
    for approval in ruling.approvals.iter().filter(|approval| approval.written.is_none()) {
        let Some(proof) = &approval.proof else { continue };
        let role = approval.role.as_ref().map_or(String::new(), |role| format!("as {role} in code review"));
        line.add(proof.at, "approved", by_whom(&role, &proof.by), Some(exception.origin));
    }
    for extension in &exception.extensions {
        let text = by_whom(&format!("from {} to {}", extension.from, extension.to), &extension.by);
        line.add(extension.at, "extended", text, Some(Origin::History(exception.file)));
    }
    for review in &record.reviews.items {
        let Some(at) = review.value.at.value() else { continue };
        let note = review.value.note.value().map_or("", |note| note);
        let by = review.value.by.value().map_or("", |by| by);
        line.add(*at, "reviewed", by_whom(note, by), Some(review.origin));
    }
    // After its end nobody has to look at it any more.
    let ends = record.expires_at.value();
    let is_due = |day: Day| ruling.state.is_in_force() && ends.is_none_or(|ends| day <= *ends);
    if let Some(reviewed) = ruling.reviewed.filter(|reviewed| is_due(reviewed.due())) {
        line.add(reviewed.due(), "review-due", String::new(), Some(reviewed.origin));
    }
    if let Some(review_by) = record.review_by.sourced().filter(|day| is_due(day.value)) {
        line.add(review_by.value, "review-due", String::new(), Some(review_by.origin));
    }
    let closed = record.closure.at.sourced();
    if let Some(ends) = record.expires_at.sourced() {
        let closed_before = closed.is_some_and(|closed| closed.value <= ends.value);
        if today <= ends.value {
            if ruling.state.is_in_force() {
                remind(catalog, ends.value, today, &mut line);
            }
            line.add(ends.value, "expires", String::new(), Some(ends.origin));
        } else if !closed_before {
            line.add(ends.value, "expired", String::new(), Some(ends.origin));
        }
    }
    if let Some(closed) = closed {
        let state = record.closure.state.value().map_or("", |state| state);
        let text = match record.closure.why.value() {
            Some(why) if state.is_empty() => why.to_string(),
            Some(why) => format!("{state}: {why}"),
            None => state.to_owned(),
        };
        line.add(closed.value, "closed", text, Some(closed.origin));
    }
    line.0.sort_by_key(|event| event.day);
    line.0
}

fn remind(catalog: &Catalog, ends: Day, today: Day, line: &mut Line) {
    for reminder in &catalog.exception_policy.reminder_days.items {
        let before = reminder.value.value.clamp(0.0, 36_500.0) as i64;
        let day = ends.plus_days(-before);
        if day >= today {
            let left = words::count(usize::try_from(before).unwrap_or(0), "day", "days");
            line.add(day, "reminder", format!("{left} left"), Some(reminder.origin));
        }
    }
}

#[derive(Default)]
struct Line(Vec<LifeEvent>);

impl Line {
    fn add(&mut self, day: Day, event: &'static str, text: String, origin: Option<Origin>) {
        self.0.push(LifeEvent { day, event, text: text.into(), origin });
    }
}

fn by_whom(text: &str, by: &str) -> String {
    match (text.is_empty(), by.is_empty()) {
        (_, true) => text.to_owned(),
        (true, false) => format!("by {by}"),
        // A note may be a sentence of its own.
        (false, false) if text.ends_with(['.', '!', '?']) => format!("{text} By {by}"),
        (false, false) => format!("{text}, by {by}"),
    }
}
