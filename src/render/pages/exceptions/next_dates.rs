//! What happens next in the register: ends and due reviews.

use serde::Serialize;

use super::about;
use crate::catalog::table::Index;
use crate::day::Day;
use crate::render::linked;
use crate::render::links::Here;
use crate::render::parts::{Link, When};
use crate::render::portal::Portal;
use crate::words;

/// Days looked ahead.
const AHEAD: i64 = 92;

/// Dates shown at most.
const SHOWN: usize = 50;

/// The dates, the next one first.
#[derive(Debug, Serialize)]
pub(super) struct NextDates {
    caption: String,
    rows: Vec<Row>,
}

#[derive(Debug, Serialize)]
struct Row {
    when: When,
    what: &'static str,
    exception: Link,
    service: Option<Link>,
    about: Option<String>,
}

impl NextDates {
    pub(super) fn new(portal: &Portal<'_>, here: Here<'_>) -> Self {
        let today = portal.run.as_of;
        let mut dates: Vec<(Day, usize, &'static str)> = Vec::new();
        for (position, judged) in portal.assessment.exceptions.iter().enumerate() {
            for event in &judged.life_line {
                let what = match event.event {
                    "review-due" => "review is due",
                    "expires" => "ends",
                    _ => continue,
                };
                let away = event.day.days_since(today);
                // An exception that waives nothing ends too, but nothing changes by it.
                if judged.state.is_in_force() && (0..=AHEAD).contains(&away) {
                    dates.push((event.day, position, what));
                }
            }
        }
        dates.sort();
        let all = dates.len();
        let rows = dates.into_iter().take(SHOWN).map(|(day, position, what)| {
            let exception = &portal.catalog.exceptions.rows()[position];
            Row {
                when: portal.when(day),
                what,
                exception: linked::exception(portal, here, Index::new(position)),
                service: super::service(portal, exception, here),
                about: about(exception),
            }
        });
        let rows: Vec<Row> = rows.collect();
        let counted = words::count(all, "date", "dates");
        let caption = match rows.len() < all {
            true => format!("the first {} of {counted} in the next {AHEAD} days", rows.len()),
            false => format!("{counted} in the next {AHEAD} days, the next one first"),
        };
        Self { caption, rows }
    }
}
