//! What comes next in the register, and whom to remind of it. Reminders are counted from the day that was
//! told last, so that a night that was missed loses none.

use super::awaited;
use super::limits::{demanded, reminder_days};
use crate::assess::{Assessment, ExceptionAssessment, ExceptionState};
use crate::catalog::table::Index;
use crate::catalog::{Catalog, Exception};
use crate::day::Day;

/// What is open about an exception.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Matter {
    /// It ended, and nobody closed it.
    Ended,
    /// Nobody looked at it for so long that it waives nothing any more.
    ReviewLapsed,
    /// It waives, and was not looked at in time.
    ReviewOverdue,
    /// It waits for approval.
    AwaitsApproval,
    /// It must be looked at.
    ReviewDue,
    /// It ends.
    Ends,
}

impl Matter {
    /// The word of the JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ended => "ended",
            Self::ReviewLapsed => "review-lapsed",
            Self::ReviewOverdue => "review-overdue",
            Self::AwaitsApproval => "awaits-approval",
            Self::ReviewDue => "review-due",
            Self::Ends => "ends",
        }
    }
}

/// One open matter with its day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// The exception.
    pub exception: Index<Exception>,
    /// What is open.
    pub matter: Matter,
    /// The last day on which it is in time; for an approval the day it was asked for.
    pub day: Day,
    /// The reminder that `day` calls for, in days before it.
    pub reminder: Option<i64>,
    /// The day of the next reminder.
    pub next_reminder: Option<Day>,
}

/// What the digest of a day tells.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Digest {
    /// What somebody must act on.
    pub due: Vec<Due>,
    /// What ends soon, with the day of its next reminder.
    pub upcoming: Vec<Due>,
}

/// Everything that is open about one exception, whenever it is due, by day.
pub fn open(catalog: &Catalog, assessment: &Assessment, index: Index<Exception>) -> Vec<Due> {
    let (exception, judged) = (&catalog.exceptions[index], &assessment.exceptions[index.position()]);
    let today = assessment.as_of;
    let mut matters = matters(catalog, exception, judged, today);
    matters.sort_by_key(|(matter, day)| (*day, *matter));
    matters.dedup();
    let due = |(matter, day)| Due { exception: index, matter, day, reminder: None, next_reminder: None };
    matters.into_iter().map(due).collect()
}

fn matters(
    catalog: &Catalog,
    exception: &Exception,
    judged: &ExceptionAssessment,
    today: Day,
) -> Vec<(Matter, Day)> {
    let ends = exception.record.expires_at.value().copied();
    if judged.state == ExceptionState::Expired {
        return ends.map(|ends| (Matter::Ended, ends)).into_iter().collect();
    }
    if judged.state == ExceptionState::Pending {
        let asked = exception.requested_at.as_ref().map_or(today, |asked| asked.value);
        let waits = !awaited(&demanded(catalog, exception), &judged.approvals).is_empty();
        let lapsed = judged.review_lapses.filter(|_| !waits).map(|lapses| (Matter::ReviewLapsed, lapses));
        return lapsed.or(waits.then_some((Matter::AwaitsApproval, asked))).into_iter().collect();
    }
    if !judged.state.is_in_force() {
        return Vec::new();
    }
    let mut matters: Vec<(Matter, Day)> = ends.map(|ends| (Matter::Ends, ends)).into_iter().collect();
    let review_by = exception.record.review_by.value().copied();
    for day in judged.review_due.into_iter().chain(review_by) {
        // After its end nobody has to look at it any more.
        if day < today {
            matters.push((Matter::ReviewOverdue, day));
        } else if ends.is_none_or(|ends| day <= ends) {
            matters.push((Matter::ReviewDue, day));
        }
    }
    matters
}

/// What ends or must be looked at within so many days, and what is late, the earliest first.
pub fn due(catalog: &Catalog, assessment: &Assessment, within: i64) -> Vec<Due> {
    let last = assessment.as_of.plus_days(within);
    let mut due = every(catalog, assessment);
    due.retain(|due| due.matter != Matter::Ended && due.day <= last);
    sorted(catalog, due)
}

/// What the digest of the assessment day tells when the last one told of `since`, a day before it.
pub fn digest(catalog: &Catalog, assessment: &Assessment, since: Day) -> Digest {
    let today = assessment.as_of;
    let days = reminder_days(catalog);
    let soon = days.first().copied().unwrap_or(0);
    let mut digest = Digest::default();
    for due in every(catalog, assessment) {
        match due.matter {
            Matter::Ended if due.day < since => {}
            Matter::ReviewDue if due.day > today => {}
            Matter::Ends => {
                let next_reminder = next(&days, due.day, today);
                match reached(&days, due.day, since, today) {
                    Some(days) => digest.due.push(Due { reminder: Some(days), next_reminder, ..due }),
                    None if due.day.days_since(today) <= soon => {
                        digest.upcoming.push(Due { next_reminder, ..due });
                    }
                    None => {}
                }
            }
            _ => digest.due.push(due),
        }
    }
    Digest { due: sorted(catalog, digest.due), upcoming: sorted(catalog, digest.upcoming) }
}

/// The most urgent reminder of `days` whose day came after `since` and not after `today`.
fn reached(days: &[i64], ends: Day, since: Day, today: Day) -> Option<i64> {
    let came = |before: &i64| {
        let day = ends.plus_days(-before);
        since < day && day <= today
    };
    days.iter().copied().filter(came).min()
}

/// The day of the first reminder after `today`.
fn next(days: &[i64], ends: Day, today: Day) -> Option<Day> {
    days.iter().map(|before| ends.plus_days(-before)).filter(|day| *day > today).min()
}

fn every(catalog: &Catalog, assessment: &Assessment) -> Vec<Due> {
    let exceptions = catalog.exceptions.indexed().map(|(index, _)| index);
    exceptions.flat_map(|index| open(catalog, assessment, index)).collect()
}

fn sorted(catalog: &Catalog, mut due: Vec<Due>) -> Vec<Due> {
    due.sort_by(|a, b| {
        let key = |due: &Due| (due.day, due.matter, &*catalog.exceptions[due.exception].id);
        key(a).cmp(&key(b))
    });
    due
}

#[cfg(test)]
mod tests {
    use super::{next, reached};
    use crate::day::Day;

    const DAYS: [i64; 4] = [30, 14, 7, 1];

    fn day(text: &str) -> Day {
        Day::parse(text).expect("a day")
    }

    #[test]
    fn a_reminder_is_told_on_its_day_and_on_no_other() {
        let ends = day("2026-12-31");
        for (today, wanted) in [
            ("2026-11-30", None),
            ("2026-12-01", Some(30)),
            ("2026-12-02", None),
            ("2026-12-17", Some(14)),
            ("2026-12-24", Some(7)),
            ("2026-12-30", Some(1)),
            ("2026-12-31", None),
        ] {
            let today = day(today);
            assert_eq!(reached(&DAYS, ends, today.plus_days(-1), today), wanted, "{today}");
        }
    }

    #[test]
    fn a_night_that_was_missed_loses_no_reminder() {
        let ends = day("2026-12-31");
        let told = |since: &str, today: &str| reached(&DAYS, ends, day(since), day(today));
        assert_eq!(told("2026-11-30", "2026-12-03"), Some(30));
        assert_eq!(told("2026-11-30", "2026-12-26"), Some(7), "the most urgent one stands for all");
        assert_eq!(told("2026-12-01", "2026-12-16"), None);
    }

    #[test]
    fn the_next_reminder_lies_ahead() {
        let ends = day("2026-12-31");
        assert_eq!(next(&DAYS, ends, day("2026-12-01")), Some(day("2026-12-17")));
        assert_eq!(next(&DAYS, ends, day("2026-12-30")), None);
    }
}
