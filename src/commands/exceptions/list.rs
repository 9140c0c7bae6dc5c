//! `exceptions list`: the register, filtered.

use super::{Console, Failure, json, load, table, unknown};
use crate::assess::exceptions::of_teams;
use crate::assess::{ExceptionAssessment, ExceptionState};
use crate::catalog::control::Risk;
use crate::catalog::table::Index;
use crate::catalog::{Catalog, Exception, Team};
use crate::cli::Shared;
use crate::cli::exceptions::{List, ListFormat, State};
use crate::commands::organisation::Organisation;
use crate::exit_code::ExitCode;
use crate::render::data::v1::exception::{Exceptions, Row};
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

/// The team called `name`, by id or former name.
fn team(catalog: &Catalog, name: &str) -> Result<Index<Team>, Failure> {
    let goes_by = |team: &Team| team.record.aliases.values().any(|alias| &**alias == name);
    let by_alias = || catalog.teams.indexed().find(|(_, team)| goes_by(team)).map(|(index, _)| index);
    let known = catalog.teams.find(name).or_else(by_alias);
    known.ok_or_else(|| unknown("team", name, catalog.teams.ids()))
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
        ListFormat::Csv => console.data(&csv(&register)?),
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

fn csv(register: &Exceptions<'_>) -> Result<String, Failure> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let heads = [
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
    ];
    let failure = |error: csv::Error| Failure::machine("printing CSV", error);
    writer.write_record(heads).map_err(failure)?;
    for row in &register.exceptions {
        let cells = [
            cell(row.id),
            row.state.to_owned(),
            row.waives.to_string(),
            cell(row.service.unwrap_or_default()),
            cell(row.team.unwrap_or_default()),
            cell(row.control.unwrap_or_default()),
            cell(row.rule.unwrap_or_default()),
            row.risk.unwrap_or_default().to_owned(),
            row.expires_at.clone().unwrap_or_default(),
            row.days_left.map(|days| days.to_string()).unwrap_or_default(),
            row.review_due.clone().unwrap_or_default(),
            row.hides.to_string(),
            row.findings.join(" "),
        ];
        writer.write_record(cells).map_err(failure)?;
    }
    let bytes = writer.into_inner().map_err(|error| Failure::machine("printing CSV", error.error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// A text that no spreadsheet takes for a formula.
fn cell(text: &str) -> String {
    match text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => format!("'{text}"),
        false => text.to_owned(),
    }
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

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn no_cell_is_a_formula() {
        assert_eq!(cell("=cmd"), "'=cmd");
        assert_eq!(cell("EX-2026-0001"), "EX-2026-0001");
    }
}
