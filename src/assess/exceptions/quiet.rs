//! Exceptions that excuse nothing: after fourteen such nights one is idle (semantics §3). A single run knows no
//! night before it, so what it learns is handed to the next.

use std::sync::Arc;

use crate::assess::Assessment;
use crate::catalog::exception::QuietNights;
use crate::catalog::{Catalog, Exception};
use crate::collect::snapshot::Quiet;
use crate::day::Day;

/// So many nights make an exception idle.
const IDLE_AFTER: u32 = 14;

/// The finding about one that excuses nothing, for how long is not known or not long enough.
pub const HIDES_NOTHING: &str = "hides-nothing";

/// The finding about one that is idle.
pub const IDLE: &str = "idle";

/// The nights in which `exception` excused nothing, `today` among them.
pub(super) fn nights(catalog: &Catalog, exception: &Exception, today: Day) -> QuietNights {
    match catalog.quiet.get(&*exception.id) {
        Some(before) if before.last == today => *before,
        Some(before) if before.last < today => {
            QuietNights { since: before.since, last: today, nights: before.nights.saturating_add(1) }
        }
        // Nothing is known, or only of days that are still to come.
        _ => QuietNights { since: today, last: today, nights: 1 },
    }
}

/// The code and the words of the finding.
pub(super) fn told(quiet: QuietNights) -> (&'static str, String) {
    let QuietNights { since, nights, .. } = quiet;
    match nights {
        IDLE_AFTER.. => (IDLE, format!("is idle: it hides nothing since {since}, for {nights} nights")),
        1 => (
            HIDES_NOTHING,
            format!("hides nothing today; after {IDLE_AFTER} such nights it is idle, which is not yet known"),
        ),
        _ => (
            HIDES_NOTHING,
            format!(
                "hides nothing since {since}, for {nights} nights; after {IDLE_AFTER} it is idle, which is not yet \
                 known"
            ),
        ),
    }
}

/// What this run teaches the next: every exception that excuses nothing, with its nights.
pub fn learned(catalog: &Catalog, assessment: &Assessment) -> Vec<Quiet> {
    let is_quiet = |code: &str| code == HIDES_NOTHING || code == IDLE;
    let judged = catalog.exceptions.iter().zip(&assessment.exceptions);
    let quiet = judged.filter(|(_, judged)| judged.findings.iter().any(|finding| is_quiet(finding.code)));
    quiet
        .map(|(exception, _)| {
            let QuietNights { since, last, nights } = nights(catalog, exception, assessment.as_of);
            Quiet {
                exception: Arc::from(&*exception.id),
                since: since.to_string().into(),
                last: last.to_string().into(),
                nights,
            }
        })
        .collect()
}
