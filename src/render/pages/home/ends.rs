//! What ends next: exceptions, support of golden paths, environments with a last day.

use serde::Serialize;

use crate::assess::environments::Place as Leased;
use crate::assess::{ExceptionAssessment, ExceptionState};
use crate::catalog::Exception;
use crate::day::Day;
use crate::render::badge::{Badge, in_days};
use crate::render::frame::Section;
use crate::render::links::{Here, Href, Place};
use crate::render::pages::environments::link;
use crate::render::parts::{Link, When};
use crate::render::portal::Portal;
use crate::words;

/// How far ahead the table looks, in days.
const HORIZON: i64 = 90;
/// How many ends that have passed are shown, the longest past first.
const SHOWN_PASSED: usize = 4;
/// How many ends that lie ahead are shown.
const SHOWN_AHEAD: usize = 6;

/// What the template sees of it.
#[derive(Debug, Serialize)]
pub(super) struct Ends {
    caption: String,
    rows: Vec<End>,
    more: Option<Link>,
}

#[derive(Debug, Serialize)]
struct End {
    #[serde(skip)]
    day: Day,
    when: When,
    what: Link,
    note: String,
    badge: Badge,
}

impl Ends {
    pub(super) fn new(portal: &Portal<'_>, here: Here<'_>) -> Self {
        let mut ends = exceptions(portal, here);
        ends.extend(versions(portal, here));
        ends.extend(environments(portal, here));
        ends.sort_by(|a, b| (a.day, &a.what.text).cmp(&(b.day, &b.what.text)));
        let today = portal.run.as_of;
        let ahead = ends.split_off(ends.partition_point(|end| end.day < today));
        let caption = caption(ends.len(), ahead.len());
        let hidden = ends.len().saturating_sub(SHOWN_PASSED) + ahead.len().saturating_sub(SHOWN_AHEAD);
        let more = words::count(hidden, "more end", "more ends");
        let more = (hidden > 0).then(|| match exceptions_page(portal, here) {
            Some(href) => Link::new(more, href),
            None => Link::plain(more),
        });
        let rows = ends.into_iter().take(SHOWN_PASSED).chain(ahead.into_iter().take(SHOWN_AHEAD)).collect();
        Self { caption, rows, more }
    }
}

fn caption(passed: usize, ahead: usize) -> String {
    let ahead = format!("{ahead} within {HORIZON} days");
    match passed {
        0 => format!("Exceptions, support and environments that end: {ahead}"),
        _ => format!("Exceptions, support and environments that end: {passed} already over, {ahead}"),
    }
}

fn exceptions_page(portal: &Portal<'_>, here: Here<'_>) -> Option<Href> {
    portal.sections.contains(&Section::Exceptions).then(|| here.to(Place::Exceptions))
}

/// Exceptions that have ended and were not closed, and those that will end soon.
fn exceptions(portal: &Portal<'_>, here: Here<'_>) -> Vec<End> {
    let judged = portal.catalog.exceptions.iter().zip(&portal.assessment.exceptions);
    judged
        .filter(|(_, judged)| ends_soon(judged))
        .filter_map(|(exception, judged)| {
            let day = *exception.record.expires_at.value()?;
            let left = day.days_since(portal.run.as_of);
            Some(End {
                day,
                when: portal.when(day),
                what: Link::new(&*exception.id, here.to(Place::Exception(&exception.id))),
                note: service_of(portal, exception),
                badge: Badge::exception_until(judged.state, left),
            })
        })
        .collect()
}

fn ends_soon(judged: &ExceptionAssessment) -> bool {
    match judged.state {
        ExceptionState::Invalid | ExceptionState::Closed => false,
        ExceptionState::Expired => true,
        ExceptionState::Pending
        | ExceptionState::ReviewOverdue
        | ExceptionState::Expiring
        | ExceptionState::Active => judged.days_left.is_some_and(|days| (0..=HORIZON).contains(&days)),
    }
}

fn service_of(portal: &Portal<'_>, exception: &Exception) -> String {
    match (exception.service, exception.record.service.value()) {
        (Some(service), _) => portal.catalog.services[service].id.to_string(),
        (None, Some(named)) => format!("{named}, not in the catalog"),
        (None, None) => "names no service".to_owned(),
    }
}

/// Versions of golden paths that have lost support, or soon will, and that services still name.
fn versions(portal: &Portal<'_>, here: Here<'_>) -> Vec<End> {
    let paths = &portal.catalog.golden_paths;
    let mut users: Vec<Vec<usize>> =
        paths.iter().map(|path| vec![0; path.record.versions.items.len()]).collect();
    for service in portal.catalog.services.iter() {
        if let (Some(path), Some(version)) = (service.golden_path, service.golden_path_version) {
            users[path.position()][version] += 1;
        }
    }
    let mut ends = Vec::new();
    for (path, users) in paths.iter().zip(users) {
        for (version, users) in path.record.versions.values().zip(users) {
            let (Some(day), Some(number)) = (version.end_of_support.value(), version.version.value()) else {
                continue;
            };
            let left = day.days_since(portal.run.as_of);
            if users == 0 || left > HORIZON {
                continue;
            }
            ends.push(End {
                day: *day,
                when: portal.when(*day),
                what: Link::new(format!("{}@{number}", path.id), here.to(Place::GoldenPath(&path.id))),
                note: format!(
                    "support {}, {} on it",
                    if left < 0 { "ended" } else { "ends" },
                    words::count(users, "service", "services")
                ),
                badge: ending(left),
            });
        }
    }
    ends
}

/// Something without states of its own that ends in so many days.
fn ending(left: i64) -> Badge {
    match left {
        ..0 => Badge::exception(ExceptionState::Expired).saying(format!("Ended {}", in_days(left))),
        _ => Badge::warning().saying(format!("Ends {}", in_days(left))),
    }
}

/// Environments past their last day, or near it.
fn environments(portal: &Portal<'_>, here: Here<'_>) -> Vec<End> {
    let mut ends = Vec::new();
    for (index, environment) in portal.catalog.environments.indexed() {
        let Some(last) = environment.record.last_day() else { continue };
        let left = last.value.days_since(portal.run.as_of);
        if left > HORIZON {
            continue;
        }
        ends.push(End {
            day: last.value,
            when: portal.when(last.value),
            what: Link {
                text: environment.id.to_string(),
                href: link(portal, here, Leased::Environment(index), &environment.id),
            },
            note: "environment".to_owned(),
            badge: ending(left),
        });
    }
    ends
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_caption_says_how_much_is_over() {
        assert_eq!(caption(0, 3), "Exceptions, support and environments that end: 3 within 90 days");
        assert_eq!(
            caption(2, 3),
            "Exceptions, support and environments that end: 2 already over, 3 within 90 days"
        );
    }

    #[test]
    fn what_was_closed_or_never_held_does_not_end() {
        let judged = |state, days_left| ExceptionAssessment {
            state,
            reasons: Vec::new(),
            days_left,
            review_due: None,
            review_lapses: None,
            approvals: Vec::new(),
            hides: Vec::new(),
            beside: Vec::new(),
            findings: Vec::new(),
            life_line: Vec::new(),
        };
        for (state, days, shown) in [
            (ExceptionState::Expired, Some(-82), true),
            (ExceptionState::Closed, Some(3), false),
            (ExceptionState::Invalid, Some(3), false),
            (ExceptionState::Active, Some(90), true),
            (ExceptionState::Active, Some(91), false),
            (ExceptionState::Pending, Some(0), true),
            (ExceptionState::ReviewOverdue, None, false),
        ] {
            assert_eq!(ends_soon(&judged(state, days)), shown, "{state:?} {days:?}");
        }
    }
}
