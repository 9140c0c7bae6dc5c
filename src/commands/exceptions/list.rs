//! `exceptions list`: the register, filtered.

use super::{Console, Failure, json, load};
use crate::assess::exceptions::of_teams;
use crate::assess::{ExceptionAssessment, ExceptionState};
use crate::catalog::control::Risk;
use crate::catalog::table::Index;
use crate::catalog::{Catalog, Exception};
use crate::cli::Shared;
use crate::cli::exceptions::{List, ListFormat, State};
use crate::commands::named::{team, unknown};
use crate::commands::organisation::Organisation;
use crate::commands::table;
use crate::exit_code::ExitCode;
use crate::render::data::v1::exception::{Exceptions, Row};
use crate::render::spreadsheet::Spreadsheet;
use crate::words;

pub(super) fn run(arguments: &List, shared: &Shared, console: &Console) -> Result<ExitCode, Failure> {
    let organisation = load(&arguments.register, shared, console)?;
    let catalog = &organisation.catalog;
    let of_team = match &arguments.team {
        Some(name) => Some(of_teams(catalog)[team(catalog, name)?.position()].clone()),
        None => None,
    };
    let service = match &arguments.service {
        Some(name) => Some(service(catalog, name)?),
        None => None,
    };
    let states: Vec<ExceptionState> = arguments.state.iter().map(|state| (*state).into()).collect();
    let risks: Vec<Risk> = arguments.risk.iter().map(|risk| (*risk).into()).collect();
    let wanted = |(index, exception): &(Index<Exception>, &Exception)| {
        let judged = &organisation.assessment.exceptions[index.position()];
        let risk = exception.record.risk.value();
        (states.is_empty() || states.contains(&judged.state))
            && (risks.is_empty() || risk.is_some_and(|risk| risks.contains(risk)))
            && of_team.as_ref().is_none_or(|own| own.contains(index))
            && service.as_ref().is_none_or(|name| names(catalog, exception, name))
    };
    let found: Vec<Index<Exception>> =
        catalog.exceptions.indexed().filter(wanted).map(|(index, _)| index).collect();
    print(&organisation, &found, arguments.format, console)?;
    let all = words::count(catalog.exceptions.len(), "exception", "exceptions");
    console.say(&format!("{} of {all} as of {}", found.len(), organisation.settings.today));
    Ok(organisation.completeness())
}

/// The id of the service called `name`; the name itself when only exceptions know it.
fn service(catalog: &Catalog, name: &str) -> Result<Box<str>, Failure> {
    let aliased = || {
        let goes_by = |alias: &crate::catalog::id::ServiceId| alias.as_str() == name;
        catalog.services.iter().find(|service| service.record.aliases.values().any(goes_by))
    };
    if let Some(service) = catalog.services.by_id(name).or_else(aliased) {
        return Ok(service.id.as_str().into());
    }
    let dangling =
        |exception: &Exception| exception.record.service.value().is_some_and(|own| own.as_str() == name);
    match catalog.exceptions.iter().any(dangling) {
        true => Ok(name.into()),
        false => Err(unknown("service", name, catalog.services.ids())),
    }
}

/// Whether `exception` is about the service called `name`.
fn names(catalog: &Catalog, exception: &Exception, name: &str) -> bool {
    let known = exception.service.map(|service| catalog.services[service].id.as_str());
    let written = exception.record.service.value().map(|service| service.as_str());
    known.or(written) == Some(name)
}

/// Prints exceptions as rows of the register.
pub(super) fn print(
    organisation: &Organisation,
    exceptions: &[Index<Exception>],
    format: ListFormat,
    console: &Console,
) -> Result<(), Failure> {
    let register =
        Exceptions::of(&organisation.catalog, &organisation.assessment, exceptions.iter().copied());
    match format {
        ListFormat::Json => console.data(&json(&register)?),
        ListFormat::Csv => console.data(&csv(&register)),
        ListFormat::Text if exceptions.is_empty() => Ok(()),
        ListFormat::Text => console.data(&text(organisation, exceptions, &register)),
    }
}

fn text(organisation: &Organisation, exceptions: &[Index<Exception>], register: &Exceptions<'_>) -> String {
    let row = |(row, index): (&Row<'_>, &Index<Exception>)| {
        let judged = &organisation.assessment.exceptions[index.position()];
        [
            row.id.to_owned(),
            row.state.to_owned(),
            row.service.unwrap_or("-").to_owned(),
            row.rule.or(row.control).unwrap_or("-").to_owned(),
            row.risk.unwrap_or("-").to_owned(),
            ends(row, judged),
            row.hides.to_string(),
            if row.findings.is_empty() { "-".to_owned() } else { row.findings.join(", ") },
        ]
    };
    let rows: Vec<_> = register.exceptions.iter().zip(exceptions).map(row).collect();
    let heads = ["EXCEPTION", "STATE", "SERVICE", "CONTROL OR RULE", "RISK", "ENDS", "HIDES", "FINDINGS"];
    table::render(heads, &rows)
}

/// `2026-11-30 (9 days)`.
fn ends(row: &Row<'_>, judged: &ExceptionAssessment) -> String {
    match (&row.expires_at, judged.days_left) {
        (Some(day), Some(left)) => format!("{day} ({left} d)"),
        _ => "never".to_owned(),
    }
}

fn csv(register: &Exceptions<'_>) -> String {
    let mut table = Spreadsheet::new(&[
        "id",
        "state",
        "waives",
        "service",
        "team",
        "control",
        "rule",
        "risk",
        "expiresAt",
        "daysLeft",
        "reviewDue",
        "hides",
        "findings",
    ]);
    for row in &register.exceptions {
        let number = |days: Option<i64>| days.map(|days| days.to_string()).unwrap_or_default();
        table.row([
            row.id,
            row.state,
            &row.waives.to_string(),
            row.service.unwrap_or_default(),
            row.team.unwrap_or_default(),
            row.control.unwrap_or_default(),
            row.rule.unwrap_or_default(),
            row.risk.unwrap_or_default(),
            row.expires_at.as_deref().unwrap_or_default(),
            &number(row.days_left),
            row.review_due.as_deref().unwrap_or_default(),
            &row.hides.to_string(),
            &row.findings.join(" "),
        ]);
    }
    String::from_utf8_lossy(&table.finish()).into_owned()
}

impl From<State> for ExceptionState {
    fn from(state: State) -> Self {
        match state {
            State::Invalid => Self::Invalid,
            State::Closed => Self::Closed,
            State::Expired => Self::Expired,
            State::Pending => Self::Pending,
            State::ReviewOverdue => Self::ReviewOverdue,
            State::Expiring => Self::Expiring,
            State::Active => Self::Active,
        }
    }
}
