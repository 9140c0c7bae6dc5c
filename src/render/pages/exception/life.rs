//! The life of an exception, from its request to its end, with today in its place.

use serde::Serialize;

use crate::assess::{ExceptionAssessment, ExceptionState, LifeEvent};
use crate::day::Day;
use crate::render::origin::Provenance;
use crate::render::parts::{When, cut};
use crate::render::portal::Portal;
use crate::render::prose::prose;
use crate::render::templates::Html;
use crate::words;

/// Longest note shown, in characters.
const LONGEST: usize = 600;

/// One event.
#[derive(Debug, Serialize)]
pub(super) struct Event {
    when: When,
    /// `now` for today, `over` for what has run out.
    class: &'static str,
    title: &'static str,
    text: Option<Html>,
    origin: Option<Provenance>,
}

/// Every event by day, today among them. Reminders are left to calendars.
pub(super) fn events(portal: &Portal<'_>, judged: &ExceptionAssessment) -> Vec<Event> {
    let today = portal.run.as_of;
    let shown = judged.life_line.iter().filter(|event| event.event != "reminder");
    let (before, after): (Vec<&LifeEvent>, Vec<&LifeEvent>) = shown.partition(|event| event.day <= today);
    let event = |event: &LifeEvent| Event {
        when: portal.when(event.day),
        class: if is_over(event, judged.state, today) { "over" } else { "" },
        title: title(event.event),
        text: (!event.text.is_empty()).then(|| prose(&cut(&event.text, LONGEST))),
        origin: event.origin.map(|origin| portal.provenance(origin)),
    };
    let now = Event {
        when: portal.when(today),
        class: "now",
        title: "Today",
        text: Some(prose(&left(judged))),
        origin: None,
    };
    before.into_iter().map(event).chain([now]).chain(after.into_iter().map(event)).collect()
}

fn title(event: &str) -> &'static str {
    match event {
        "requested" => "Requested",
        "approved" => "Approved",
        "approval-claimed" => "Approval claimed",
        "extended" => "Extended",
        "reviewed" => "Reviewed",
        "review-due" => "Review due",
        "expires" => "Ends",
        "expired" => "Expired",
        "closed" => "Closed",
        _ => "Noted",
    }
}

/// Whether an event is an end or a date that has run out.
fn is_over(event: &LifeEvent, state: ExceptionState, today: Day) -> bool {
    match event.event {
        "expired" => true,
        "review-due" => event.day < today && state == ExceptionState::ReviewOverdue,
        _ => false,
    }
}

/// How far today is from the end.
fn left(judged: &ExceptionAssessment) -> String {
    let days = |days: i64| words::count(usize::try_from(days.unsigned_abs()).unwrap_or(0), "day", "days");
    match (judged.state, judged.days_left) {
        (ExceptionState::Closed, _) => String::new(),
        (_, None) => "without an end that can be read".to_owned(),
        (_, Some(0)) => "its last day".to_owned(),
        (_, Some(left)) if left < 0 => format!("{} past its end", days(left)),
        (_, Some(left)) => format!("{} before its end", days(left)),
    }
}
