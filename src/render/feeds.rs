//! What calendars and mail programs subscribe to: calendars of the register for everybody, for each team
//! and for each role that approves; that of environments; and the digest of the day.

mod calendar;
mod digest;
mod environments;
mod exceptions;

pub use digest::text as digest;

use super::links::Place;
use super::portal::Portal;
use super::site::{CachePolicy, Entry, MediaType};
use crate::assess::exceptions::roles;

/// Lists every feed.
pub(super) fn register<'a>(portal: &Portal<'a>, entries: &mut Vec<Entry<'a>>) {
    let mut calendar = |place: Place<'_>, of: exceptions::Of<'a>| {
        entries.push(Entry::new(
            place.path(),
            MediaType::Calendar,
            CachePolicy::Revalidate,
            move |portal, _| Ok(exceptions::calendar(portal, of).into_bytes()),
        ));
    };
    calendar(Place::Calendar, exceptions::Of::All);
    for (index, team) in portal.catalog.teams.indexed() {
        calendar(Place::CalendarOfTeam(team.id.as_str()), exceptions::Of::Team(index));
    }
    for role in roles(portal.catalog) {
        calendar(Place::CalendarOfApprover(role), exceptions::Of::Approver(role));
    }
    let place = Place::CalendarOfEnvironments.path();
    entries.push(Entry::new(place, MediaType::Calendar, CachePolicy::Revalidate, |portal, _| {
        Ok(environments::calendar(portal).into_bytes())
    }));
    entries.push(Entry::new(Place::Digest.path(), MediaType::Text, CachePolicy::Revalidate, |portal, _| {
        Ok(digest::text(portal.catalog, portal.assessment, portal.assessment.as_of.plus_days(-1))
            .into_bytes())
    }));
}
