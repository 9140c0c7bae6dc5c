//! `who`: whose an ARN, an account, a path in a repository, a tag or a host is, and why.

use std::fmt::Write;

use super::organisation::{Organisation, Request};
use super::{Console, Failure};
use crate::assess::who::{Because, Finder, Thing};
use crate::catalog::Catalog;
use crate::cli::{self, ReportFormat};
use crate::diagnostic::text::harmless;
use crate::exit_code::ExitCode;
use crate::render::data::v1::who::Answer;
use crate::render::origin::Provenance;

pub(super) fn run(
    arguments: &cli::Who,
    shared: &cli::Shared,
    console: &Console,
) -> Result<ExitCode, Failure> {
    let request = Request::new(arguments.catalog.as_deref(), &arguments.replay);
    let organisation = Organisation::load(request, shared, console)?;
    let catalog = &organisation.catalog;
    let finder = Finder::of(catalog);
    let asked = arguments.thing.trim();
    let thing = finder.find(asked);
    if thing.is_unheard_of() {
        let help =
            finder.suggestion(asked).map_or_else(String::new, |name| format!("; did you mean `{name}`?"));
        return Err(Failure::Usage(format!(
            "nothing is known of `{}`: no ARN, account, path in a repository, tag or host{help}",
            arguments.thing
        )));
    }
    match arguments.format {
        ReportFormat::Text => console.data(&text(catalog, &thing))?,
        ReportFormat::Json => {
            let document = serde_json::to_string_pretty(&Answer::of(catalog, thing));
            console.data(&document.map_err(|error| Failure::machine("writing JSON", error))?)?;
        }
    }
    Ok(organisation.completeness())
}

fn text(catalog: &Catalog, thing: &Thing) -> String {
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
        if let Some(on_call) = held.on_call(catalog) {
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
