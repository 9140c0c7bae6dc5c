//! The calendar of environments and sandboxes: their last days, and what is over on the day of the build for as
//! long as it is there.

use super::calendar::{Calendar, Event};
use super::exceptions::host;
use crate::assess::environments::{Lease, Time};
use crate::render::links::{Href, Place, segment};
use crate::render::portal::Portal;

/// Days before an end on which calendars remind of it.
const REMINDERS: [i64; 3] = [14, 7, 1];

/// The calendar as text.
pub(super) fn calendar(portal: &Portal<'_>) -> String {
    let catalog = portal.catalog;
    let mut calendar =
        Calendar::new(&format!("Environments of {}", catalog.organisation), portal.assessment.as_of);
    let host = host(catalog.portal_url.as_deref());
    for event in portal.assessment.environments.all.iter().filter_map(|lease| event(portal, lease, &host)) {
        calendar.add(&event);
    }
    calendar.finish()
}

fn event(portal: &Portal<'_>, lease: &Lease, host: &str) -> Option<Event> {
    let last = lease.last?;
    let id = lease.id(portal.catalog);
    let is_over = matches!(lease.time, Time::Overdue(_));
    if is_over && !lease.is_held() {
        return None;
    }
    let left = match (lease.rest.resources, &lease.rest.unknown) {
        (0, None) => "Nothing of it was found.".to_owned(),
        (0, Some(why)) => format!("What is left of it is unknown: {why}."),
        (resources, _) => format!("Resources that were found: {resources}."),
    };
    Some(Event {
        uid: format!("{}.environment@{host}", segment(id)),
        day: if is_over { portal.assessment.as_of } else { last },
        summary: match lease.rest.resources {
            _ if !is_over => format!("{id} ends"),
            0 => format!("{id} is over; whether it is gone is unknown"),
            _ => format!("{id} is over and still there"),
        },
        details: vec![format!("Its last day is {last}."), left],
        address: Href::published(portal.catalog.portal_url.as_deref(), Place::Environments),
        reminders: if is_over { Vec::new() } else { REMINDERS.to_vec() },
    })
}
