//! The period, of a pack that covers one: its days, and which runs of the ledger judged each. A day without a run is
//! a row that says so, and a collection that was judged before is no night of its own.

use std::collections::BTreeMap;
use std::io;

use super::archive::Spool;
use super::ledger::Run;
use super::pack::Material;
use super::paths;
use super::table::{self, Cell};
use crate::day::Day;
use crate::words;

/// What the rows of the period count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Period {
    /// Its first day.
    since: Day,
    /// Its last: the one that the pack judges.
    until: Day,
    /// Days without a run of their own.
    without: usize,
}

impl Period {
    /// What it is, in words: `2026-08-01 to 2026-11-21, 113 days, 2 of them without a run`.
    pub(super) fn words(self) -> String {
        let days = usize::try_from(self.until.days_since(self.since) + 1).unwrap_or(0);
        let without = match self.without {
            0 => "each with a run of its own".to_owned(),
            some => format!("{some} of them without a run of their own"),
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
    let own = Run {
        at: request.now,
        collected_at: material.snapshot.collected_at,
        number: ledger.next_number(),
        packs: BTreeMap::from([(request.name.clone(), String::new())]),
        previous: None,
        snapshot: material.snapshot_digest.hexadecimal(),
    };
    sealed.entry(period.until).or_default().push(&own);
    let days = 0..=run.as_of.days_since(since);
    let mut seen = BTreeMap::new();
    for run in ledger.runs.iter().chain([&own]).filter(|run| run.collected_at.is_some()) {
        seen.entry((run.snapshot.as_str(), run.collected_at)).or_insert(run.number);
    }
    let before = |run: &Run| {
        let first = seen.get(&(run.snapshot.as_str(), run.collected_at)).copied();
        first.filter(|first| *first < run.number)
    };
    table::add(spool, paths::PERIOD, &HEADS, |each| {
        for day in days.map(|days| since.plus_days(days)) {
            let name = day.to_string();
            let runs = sealed.get(&day).map(Vec::as_slice).unwrap_or_default();
            for run in runs {
                let packs: Vec<&str> = run.packs.keys().map(String::as_str).collect();
                each(&[
                    name.as_str().into(),
                    Some(run.number).into(),
                    run.at.to_string().into(),
                    run.collected_at.map(|at| at.to_string()).map_or(Cell::Nothing, Cell::from),
                    run.snapshot.as_str().into(),
                    before(run).map_or(Cell::Nothing, |first| format!("same snapshot as run {first}").into()),
                    packs.join(" | ").into(),
                ])?;
            }
            if runs.iter().all(|run| before(run).is_some()) {
                period.without += 1;
            }
            if runs.is_empty() {
                let mut row = [const { Cell::Nothing }; HEADS.len()];
                row[0] = name.as_str().into();
                each(&row)?;
            }
        }
        Ok(())
    })?;
    Ok(Some(period))
}

/// The columns.
const HEADS: [&str; 7] = ["day", "run", "at", "collectedAt", "snapshot", "note", "packs"];
