//! Attestations: what only a person can state, for as long as it is valid (semantics §2).

use super::expression::Attested;
use crate::catalog::field::{Field, Section};
use crate::catalog::golden_path::{GoldenPath, ReadinessAttestation};
use crate::catalog::origin::Origin;
use crate::catalog::scalar::Duration;
use crate::catalog::service::ServiceRecord;
use crate::day::Day;

/// One statement about `name`, wherever it is written.
struct Statement<'a> {
    by: &'a Field<Box<str>>,
    at: &'a Field<Day>,
    valid_for: &'a Field<Duration>,
    origin: Origin,
}

/// Whether somebody attests `name` of a service on `today`.
pub fn of_service<'a>(record: &'a ServiceRecord, name: &str, today: Day) -> Attested<'a> {
    let named = record
        .attestations
        .items
        .iter()
        .filter(|item| item.value.check.value().is_some_and(|check| &**check == name));
    best(
        name,
        today,
        named.map(|item| Statement {
            by: &item.value.by,
            at: &item.value.at,
            valid_for: &item.value.valid_for,
            origin: item.origin,
        }),
    )
}

/// Whether somebody attests the readiness item `name` of a golden path on `today`.
pub fn of_golden_path<'a>(path: &'a GoldenPath, name: &str, today: Day) -> Attested<'a> {
    let named = path.readiness.entries.iter().filter(|(item, _)| &**item == name);
    best(
        name,
        today,
        named.map(|(_, item)| Statement {
            by: &item.value.by,
            at: &item.value.at,
            valid_for: &item.value.valid_for,
            origin: item.origin,
        }),
    )
}

/// Whether somebody attests `name` of the platform on `today`.
pub fn of_platform<'a>(item: &Section<ReadinessAttestation>, name: &str, today: Day) -> Attested<'a> {
    let statement = item.origin.map(|origin| Statement {
        by: &item.by,
        at: &item.at,
        valid_for: &item.valid_for,
        origin,
    });
    best(name, today, statement.into_iter())
}

/// The statement that holds longest. One without a person, a day or an end states nothing; one of a day
/// that lies ahead states nothing yet.
fn best<'a>(name: &str, today: Day, statements: impl Iterator<Item = Statement<'a>>) -> Attested<'static> {
    let holds_until = |statement: Statement<'a>| {
        statement.by.value().filter(|by| !by.trim().is_empty())?;
        let at = *statement.at.value().filter(|at| **at <= today)?;
        let days = i64::try_from(statement.valid_for.value()?.length.days()).unwrap_or(i64::MAX);
        Some((at.plus_days(days), statement.origin))
    };
    match statements.filter_map(holds_until).max_by_key(|(until, _)| *until) {
        None => Attested::Never,
        Some((until, origin)) if today <= until => Attested::Valid(origin),
        Some((until, origin)) => {
            Attested::Lapsed(format!("the attestation `{name}` held until {until}").into(), origin)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::field::{List, Sourced};
    use crate::catalog::service::Attestation;
    use crate::day::Length;

    fn day(text: &str) -> Day {
        Day::parse(text).expect("a day")
    }

    fn record(attestations: &[(&str, &str, u64)]) -> ServiceRecord {
        let items = attestations.iter().map(|(by, at, days)| {
            let valid_for = Duration { length: Length::from_days(*days), text: "".into() };
            let known = |text: &str| Field::known(Box::from(text), Origin::Default);
            Attestation {
                check: known("drill"),
                by: known(by),
                at: Field::known(day(at), Origin::Default),
                valid_for: Field::known(valid_for, Origin::Default),
                ..Attestation::default()
            }
        });
        let items = items.map(|value| Sourced { value, origin: Origin::Default }).collect();
        ServiceRecord {
            attestations: List { origin: Some(Origin::Default), items, ..List::default() },
            ..ServiceRecord::default()
        }
    }

    fn state(attestations: &[(&str, &str, u64)], today: &str) -> &'static str {
        match of_service(&record(attestations), "drill", day(today)) {
            Attested::Valid(_) => "valid",
            Attested::Lapsed(..) => "lapsed",
            Attested::Never => "never",
        }
    }

    #[test]
    fn an_attestation_holds_through_its_last_day() {
        let drill = [("@ivy", "2026-11-01", 20)];
        assert_eq!(state(&drill, "2026-11-21"), "valid");
        assert_eq!(state(&drill, "2026-11-22"), "lapsed");
        assert_eq!(state(&drill, "2026-10-31"), "never");
    }

    #[test]
    fn the_one_that_holds_longest_counts() {
        let drills = [("@ivy", "2026-11-01", 5), ("@ivy", "2026-10-01", 90)];
        assert_eq!(state(&drills, "2026-11-21"), "valid");
    }

    #[test]
    fn nobody_attests_nothing() {
        assert_eq!(state(&[(" ", "2026-11-01", 20)], "2026-11-02"), "never");
        assert_eq!(state(&[], "2026-11-02"), "never");
    }
}
