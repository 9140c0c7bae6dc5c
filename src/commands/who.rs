//! `who`: whose an ARN, an account, a path in a repository, a tag or a host is, and why.

use std::fmt::Write;

use serde::Serialize;

use super::organisation::{Organisation, Request};
use super::{Console, Failure};
use crate::assess::context::Setting;
use crate::assess::ownership::Owners;
use crate::assess::who::asked::Asked;
use crate::assess::who::{Because, Finder, Thing};
use crate::assess::{self, QUESTIONS, questions};
use crate::catalog::Catalog;
use crate::cli::{self, ReportFormat};
use crate::diagnostic::text::harmless;
use crate::exit_code::ExitCode;
use crate::render::data::v1::result::Question;
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
    let answers = answers(&organisation, asked);
    match arguments.format {
        ReportFormat::Text => console.data(&text(catalog, &thing, answers.as_ref()))?,
        ReportFormat::Json => {
            let ownership_questions =
                answers.as_ref().map(|answers| Question::of(catalog, answers)).unwrap_or_default();
            let told = Told { answer: Answer::of(catalog, thing), ownership_questions };
            let document = serde_json::to_string_pretty(&told);
            console.data(&document.map_err(|error| Failure::machine("writing JSON", error))?)?;
        }
    }
    Ok(organisation.completeness())
}

/// What `--format json` prints.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Told<'a> {
    #[serde(flatten)]
    answer: Answer<'a>,
    /// Of a resource that was found, or an account.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ownership_questions: Vec<Question<'a>>,
}

/// The seven ownership questions about a resource or an account; of anything else they are asked of its service.
fn answers(organisation: &Organisation, asked: &str) -> Option<[assess::Answer; 7]> {
    let (catalog, assessment) = (&organisation.catalog, &organisation.assessment);
    match Asked::of(asked) {
        Asked::Arn(_) => {
            let resources = &catalog.resources;
            let found = resources.binary_search_by(|resource| (*resource.arn).cmp(asked)).ok()?;
            let setting = Setting { catalog, today: assessment.as_of, now: assessment.now };
            Some(questions::of_resource(setting, Owners::of(catalog), &resources[found]))
        }
        Asked::Account(account) => {
            let index = catalog.accounts.find(account.as_str())?;
            Some(assessment.accounts.get(index.position())?.questions.clone())
        }
        Asked::Tag { .. } | Asked::Words(_) => None,
    }
}

fn text(catalog: &Catalog, thing: &Thing, answers: Option<&[assess::Answer; 7]>) -> String {
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
    if let Some(answers) = answers {
        text.push('\n');
        for (question, answer) in QUESTIONS.into_iter().zip(answers) {
            let said = match answer {
                assess::Answer::Answered { value, .. } => harmless(value),
                assess::Answer::Unanswered => "nobody says".into(),
                assess::Answer::Unknown(why) => format!("unknown: {}", harmless(why)).into(),
            };
            let _ = writeln!(text, "  {question:26} {said}");
        }
    }
    for note in &thing.notes {
        let _ = writeln!(text, "\n  {}", harmless(note));
    }
    text.truncate(text.trim_end().len());
    text
}
