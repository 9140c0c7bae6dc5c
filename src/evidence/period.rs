//! The period, of a pack that covers one: its days, and which runs of the ledger judged each. A day without a run is
//! a row that says so.

use std::collections::BTreeMap;
use std::io;

use super::archive::Spool;
use super::pack::Material;
use super::{paths, table};
use crate::day::Day;
use crate::words;

/// What the rows of the period count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Period {
    /// Its first day.
    since: Day,
    /// Its last: the one that the pack judges.
    until: Day,
    /// Days without a run.
    without: usize,
}

impl Period {
    /// What it is, in words: `2026-08-01 to 2026-11-21, 113 days, 2 of them without a run`.
    pub(super) fn words(self) -> String {
        let days = usize::try_from(self.until.days_since(self.since) + 1).unwrap_or(0);
        let without = match self.without {
            0 => "each with a run".to_owned(),
            some => format!("{some} of them without a run"),
        };
        format!("{} to {}, {}, {without}", self.since, self.until, words::count(days, "day", "days"))
    }
}

/// Adds a row for each run of each day of the period; nothing when the pack covers none.
pub(super) fn add(spool: &mut Spool, material: &Material<'_>) -> io::Result<Option<Period>> {
    let Material { ledger, request, run, configuration, .. } = *material;
    let Some(since) = request.since else { return Ok(None) };
    let zone = configuration.zone();
    let mut sealed: BTreeMap<Day, Vec<_>> = BTreeMap::new();
    for run in &ledger.runs {
        sealed.entry(Day::of(run.at, &zone)).or_default().push(run);
    }
    let mut period = Period { since, until: run.as_of, without: 0 };
    let days = 0..=run.as_of.days_since(since);
    table::add(spool, paths::PERIOD, &["day", "run", "at", "snapshot", "packs"], |each| {
        for day in days.map(|days| since.plus_days(days)) {
            let name = day.to_string();
            let before = sealed.get(&day).map(Vec::as_slice).unwrap_or_default();
            for run in before {
                let packs: Vec<&str> = run.packs.keys().map(String::as_str).collect();
                each(&[
                    name.as_str().into(),
                    Some(run.number).into(),
                    run.at.to_string().into(),
                    run.snapshot.as_str().into(),
                    packs.join(" | ").into(),
                ])?;
            }
            if day == period.until {
                each(&[
                    name.as_str().into(),
                    Some(ledger.next_number()).into(),
                    request.now.to_string().into(),
                    material.snapshot_digest.hexadecimal().into(),
                    request.name.as_str().into(),
                ])?;
            } else if before.is_empty() {
                period.without += 1;
                let nothing = || table::Cell::Nothing;
                each(&[name.as_str().into(), nothing(), nothing(), nothing(), nothing()])?;
            }
        }
        Ok(())
    })?;
    Ok(Some(period))
}
