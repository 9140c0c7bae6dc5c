//! `who`: whose an ARN, an account, a path in a repository, a tag or a host is, and why.

mod thing;

use std::fmt::Write;

use serde::Serialize;

use super::organisation::{Organisation, Request};
use super::{Console, Failure};
use crate::catalog::Catalog;
use crate::cli::{self, ReportFormat};
use crate::diagnostic::text::harmless;
use crate::exit_code::ExitCode;
use crate::render::data::v1::value::Origin;
use crate::render::origin::Provenance;
use thing::{Because, Held, Thing};

pub(super) fn run(
    arguments: &cli::Who,
    shared: &cli::Shared,
    console: &Console,
) -> Result<ExitCode, Failure> {
    let request = Request::new(arguments.catalog.as_deref(), &arguments.replay);
    let organisation = Organisation::load(request, shared, console)?;
    let catalog = &organisation.catalog;
    let thing = Thing::of(catalog, arguments.thing.trim());
    if thing.held.is_empty() && thing.notes.is_empty() {
        let help = thing.suggestion.map_or_else(String::new, |name| format!("; did you mean `{name}`?"));
        return Err(Failure::Usage(format!(
            "nothing is known of `{}`: no ARN, account, path in a repository, tag or host{help}",
            arguments.thing
        )));
    }
    match arguments.format {
        ReportFormat::Text => console.data(&text(catalog, &thing))?,
        ReportFormat::Json => {
            let document = serde_json::to_string_pretty(&Document::of(catalog, &thing));
            console.data(&document.map_err(|error| Failure::machine("writing JSON", error))?)?;
        }
    }
    Ok(organisation.completeness())
}

fn text(catalog: &Catalog, thing: &Thing<'_>) -> String {
    let mut text = format!("{}, {}\n", harmless(&thing.name), thing.kind);
    if thing.held.iter().all(|held| held.team.is_none() && held.service.is_none()) {
        text.push_str("  nobody is known to own it\n");
    }
    for held in &thing.held {
        if let Some(service) = held.service {
            let service = &catalog.services[service];
            let name = service.record.display_name.value().map_or(service.id.as_str(), |name| name);
            let _ = writeln!(text, "\n  service  {} ({})", service.id, harmless(name));
        }
        if let Some(team) = held.team {
            let team = &catalog.teams[team];
            let _ = writeln!(text, "  team     {} ({})", team.id, harmless(team.record.name()));
        }
        if let Some(on_call) = on_call(catalog, held) {
            let _ = writeln!(text, "  on call  {}", harmless(on_call));
        }
        if let Some(contested) = &held.contested {
            let _ = writeln!(text, "  contested: {}", harmless(contested));
        }
        if held.undeclared_account {
            text.push_str("  the service does not declare the account that it lies in\n");
        }
        for (number, Because { says, origin, .. }) in (1..).zip(&held.because) {
            let place = Provenance::new(catalog, *origin).full;
            let _ = writeln!(text, "  {number}. {} ({})", harmless(says), harmless(&place));
        }
    }
    for note in &thing.notes {
        let _ = writeln!(text, "\n  {}", harmless(note));
    }
    text.truncate(text.trim_end().len());
    text
}

/// The route that alarms take: that of the service, else that of its team.
fn on_call<'a>(catalog: &'a Catalog, held: &Held) -> Option<&'a str> {
    let of_service = held.service.and_then(|service| catalog.services[service].record.on_call.value());
    let of_team = || catalog.teams[held.team?].record.contacts.on_call.value();
    of_service.or_else(of_team).map(|route| &**route)
}

/// What `--format json` prints.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    kind: &'static str,
    notes: &'a [String],
    owners: Vec<OwnerRow<'a>>,
    thing: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OwnerRow<'a> {
    contested: Option<&'a str>,
    on_call: Option<&'a str>,
    reasons: Vec<ReasonRow<'a>>,
    service: Option<&'a str>,
    team: Option<&'a str>,
    undeclared_account: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ReasonRow<'a> {
    ground: &'static str,
    origin: Origin<'a>,
    says: &'a str,
}

impl<'a> Document<'a> {
    fn of(catalog: &'a Catalog, thing: &'a Thing<'_>) -> Self {
        let owners = thing.held.iter().map(|held| OwnerRow {
            contested: held.contested.as_deref(),
            on_call: on_call(catalog, held),
            reasons: held
                .because
                .iter()
                .map(|because| ReasonRow {
                    ground: because.ground,
                    origin: Origin::of(catalog, because.origin),
                    says: &because.says,
                })
                .collect(),
            service: held.service.map(|service| catalog.services[service].id.as_str()),
            team: held.team.map(|team| catalog.teams[team].id.as_str()),
            undeclared_account: held.undeclared_account,
        });
        Self { kind: thing.kind, notes: &thing.notes, owners: owners.collect(), thing: &thing.name }
    }
}
