//! Exceptions: none vanishes, and history tells when they were asked for and moved.

use super::of_service;
use crate::catalog::origin::Origin;
use crate::catalog::testing::{Organisation, of_code};

fn exception(end: &str, rest: &str) -> String {
    format!("exceptionId: EX-2026-0001\nservice: quote\ncontrol: tls\nexpiresAt: {end}\n{rest}")
}

#[test]
fn references_of_exceptions_are_found() {
    let catalog = Organisation::default()
        .descriptor("a", "service.yaml", &of_service("quote", ""))
        .catalog("controls.yaml", "[{controlId: tls}]\n")
        .catalog("exceptions/EX-2026-0001.yaml", &exception("2026-12-31", ""))
        .resolve();
    let exception = &catalog.exceptions.rows()[0];
    assert!(exception.service.is_some() && exception.control.is_some());
    assert_eq!(exception.requested_at, None);
    assert!(exception.extensions.is_empty());
}

#[test]
fn an_exception_that_cannot_be_read_stays_under_the_name_of_its_file() {
    let catalog = Organisation::default()
        .catalog("exceptions/EX-2026-0007.yaml", "exceptionId: [\n")
        .catalog("exceptions/EX-2026-0008.yaml", "service: quote\n")
        .catalog("exceptions/more.yaml", "exceptionId: EX-2026-0009\n---\nreason: none\n")
        .resolve();
    let ids: Vec<&str> = catalog.exceptions.ids().collect();
    assert_eq!(ids, ["EX-2026-0007", "EX-2026-0008", "EX-2026-0009", "more, line 3"]);
    assert_eq!(of_code(&catalog, "missing-id").len(), 2);
}

#[test]
fn history_tells_when_it_was_asked_for_and_how_often_it_was_moved() {
    let catalog = Organisation::default()
        .catalog("exceptions/EX-2026-0001.yaml", &exception("2026-12-31", ""))
        .history(&[
            ("2026-01-05", "exceptionId: EX-2026-0002\nexpiresAt: 2026-02-01\n"),
            ("2026-02-05", &exception("2026-06-30", "")),
            ("2026-06-20", &exception("2026-09-30", "")),
            ("2026-07-01", &exception("not a day", "")),
            ("2026-08-01", &exception("2026-08-31", "")),
            ("2026-08-30", &exception("2026-12-31", "")),
        ])
        .resolve();
    let exception = &catalog.exceptions.rows()[0];
    let requested = exception.requested_at.as_ref().expect("from git");
    assert_eq!(requested.value.to_string(), "2026-02-05", "not when the file held another one");
    assert_eq!(requested.origin, Origin::History(exception.file));
    let moved: Vec<(String, String, String)> = exception
        .extensions
        .iter()
        .map(|extension| (extension.at.to_string(), extension.from.to_string(), extension.to.to_string()))
        .collect();
    let row = |at: &str, from: &str, to: &str| (at.to_owned(), from.to_owned(), to.to_owned());
    assert_eq!(
        moved,
        [row("2026-06-20", "2026-06-30", "2026-09-30"), row("2026-08-30", "2026-08-31", "2026-12-31")]
    );
}

#[test]
fn the_written_day_of_the_request_wins_over_git() {
    let catalog = Organisation::default()
        .catalog("exceptions/EX-2026-0001.yaml", &exception("2026-12-31", "requestedAt: 2026-01-01\n"))
        .history(&[("2026-02-05", &exception("2026-12-31", ""))])
        .resolve();
    let requested = catalog.exceptions.rows()[0].requested_at.as_ref().expect("written");
    assert_eq!(requested.value.to_string(), "2026-01-01");
}
