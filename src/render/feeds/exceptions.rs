//! Which dates of the register stand in which calendar. What is late stands on the day of the build, so that
//! it moves along until somebody acts.

use url::Url;

use super::calendar::{Calendar, Event};
use crate::assess::exceptions::due::{Due, Matter, open};
use crate::assess::exceptions::{demanded, reminder_days, same_name};
use crate::catalog::table::Index;
use crate::catalog::{Exception, Team};
use crate::render::agenda::{Item, one_line};
use crate::render::links::segment;
use crate::render::portal::Portal;

/// Longest reason shown, in characters.
const LONGEST: usize = 400;

/// Days before a review on which calendars remind of it.
const BEFORE_REVIEW: i64 = 1;

/// Whose calendar it is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Of<'a> {
    /// Everybody's.
    All,
    /// That of a team: its services, and what it asked for or answers for.
    Team(Index<Team>),
    /// That of a role: what needs its approval.
    Approver(&'a str),
}

/// The calendar as text.
pub(super) fn calendar(portal: &Portal<'_>, of: Of<'_>) -> String {
    let catalog = portal.catalog;
    let organisation = &catalog.organisation;
    let name = match of {
        Of::All => format!("Exceptions of {organisation}"),
        Of::Team(team) => format!("Exceptions of {}", catalog.teams[team].record.name()),
        Of::Approver(role) => format!("Exceptions that {role} approves, {organisation}"),
    };
    let exceptions: Vec<Index<Exception>> = match of {
        Of::All => catalog.exceptions.indexed().map(|(index, _)| index).collect(),
        Of::Team(team) => portal.relations.exceptions_of_team(team).to_vec(),
        Of::Approver(role) => {
            let needs = |exception: &Exception| {
                demanded(catalog, exception).iter().any(|demanded| same_name(demanded, role))
            };
            let all = catalog.exceptions.indexed();
            all.filter(|(_, exception)| needs(exception)).map(|(index, _)| index).collect()
        }
    };
    let host = host(catalog.portal_url.as_deref());
    let mut calendar = Calendar::new(&name, portal.assessment.as_of);
    for index in exceptions {
        for due in open(catalog, portal.assessment, index) {
            let item = Item::of(catalog, portal.assessment, due);
            let awaits = |role: &str| item.awaits.iter().any(|awaited| same_name(awaited, role));
            if let (Matter::AwaitsApproval, Of::Approver(role)) = (due.matter, of)
                && !awaits(role)
            {
                continue;
            }
            calendar.add(&event(portal, &item, &host));
        }
    }
    calendar.finish()
}

fn event(portal: &Portal<'_>, item: &Item<'_>, host: &str) -> Event {
    let today = portal.assessment.as_of;
    let record = &portal.catalog.exceptions[item.due.exception].record;
    let Due { matter, day, .. } = item.due;
    let (kind, title) = match matter {
        Matter::Ends => ("end", "ends"),
        Matter::Ended => ("end", "ended"),
        Matter::ReviewDue => ("review", "review due"),
        Matter::ReviewOverdue => ("review", "review overdue"),
        Matter::ReviewLapsed => ("review", "review lapsed, waives nothing"),
        Matter::AwaitsApproval => ("approval", "waits for approval"),
    };
    let is_review = matches!(matter, Matter::ReviewDue | Matter::ReviewOverdue);
    let by_day = is_review && record.review_by.value() == Some(&day);
    let kind = if by_day { "review-by" } else { kind };
    let mut details = vec![format!("It {}.", item.what()), item.act()];
    if let Some(reason) = record.reason.value() {
        details.push(format!("Asked for because: {}", one_line(reason, LONGEST)));
    }
    Event {
        uid: format!("{}.{kind}@{host}", segment(item.exception)),
        day: if matches!(matter, Matter::Ends | Matter::Ended) { day } else { day.max(today) },
        summary: format!("{} {title}", item.title()),
        details,
        address: item.address.clone(),
        reminders: match matter {
            Matter::Ends => reminder_days(portal.catalog),
            Matter::ReviewDue => vec![BEFORE_REVIEW],
            _ => Vec::new(),
        },
    }
}

/// What makes the ids of events different from those of other portals.
pub(super) fn host(portal: Option<&str>) -> String {
    let url = portal.and_then(|portal| Url::parse(portal).ok());
    url.and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_else(|| "milepost".to_owned())
}
