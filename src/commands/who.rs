//! `who`: whose an ARN, an account, a path in a repository, a tag or a host is, and why.

use std::fmt::Write;

use serde::Serialize;

use super::organisation::{Organisation, Request};
use super::{Console, Failure};
use crate::assess::questions::{Teller, Told};
use crate::assess::who::questions::Subject;
use crate::assess::who::{Because, Finder, Thing};
use crate::assess::{self, QUESTIONS};
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
    let subject = finder.subject(asked, &thing);
    let told = subject.and_then(|subject| finder.answers(&organisation.assessment, subject));
    let answers = subject.zip(told.as_ref());
    match arguments.format {
        ReportFormat::Text => console.data(&text(catalog, &thing, answers))?,
        ReportFormat::Json => {
            let document = Document {
                answer: Answer::of(catalog, thing),
                asked_of: answers.map(|(subject, _)| AskedOf::new(catalog, subject)),
                ownership_questions: answers
                    .map(|(_, told)| Question::told(catalog, told))
                    .unwrap_or_default(),
            };
            let document = serde_json::to_string_pretty(&document);
            console.data(&document.map_err(|error| Failure::machine("writing JSON", error))?)?;
        }
    }
    Ok(organisation.completeness())
}

/// What `--format json` prints.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    #[serde(flatten)]
    answer: Answer<'a>,
    /// Whom the seven questions are about.
    #[serde(skip_serializing_if = "Option::is_none")]
    asked_of: Option<AskedOf<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ownership_questions: Vec<Question<'a>>,
}

/// Whom the seven questions are about.
#[derive(Serialize)]
struct AskedOf<'a> {
    kind: &'static str,
    id: &'a str,
}

impl<'a> AskedOf<'a> {
    fn new(catalog: &'a Catalog, subject: Subject<'a>) -> Self {
        let (teller, id) = match subject {
            Subject::Resource(resource) => (Teller::Resource, &*resource.arn),
            Subject::Service(service) => (Teller::Service(service), catalog.services[service].id.as_str()),
            Subject::Account(account) => (Teller::Account(account), catalog.accounts[account].id.as_str()),
        };
        Self { kind: teller.word(), id }
    }
}

/// The seven questions. Of a resource each answer says whether its service or its account gives it.
fn questions(catalog: &Catalog, subject: Subject<'_>, answers: &Told<'_>, text: &mut String) {
    let AskedOf { kind, id } = AskedOf::new(catalog, subject);
    let is_resource = matches!(subject, Subject::Resource(_));
    match is_resource {
        true => text.push_str("\n  seven questions about this resource\n"),
        false => _ = writeln!(text, "\n  seven questions about the {kind} {}", harmless(id)),
    }
    for (question, (teller, answer)) in QUESTIONS.into_iter().zip(answers) {
        let said = match &**answer {
            assess::Answer::Answered { value, .. } => harmless(value),
            assess::Answer::Unanswered => "nobody says".into(),
            assess::Answer::Unknown(why) => format!("unknown: {}", harmless(why)).into(),
        };
        let teller = match teller {
            Teller::Service(_) | Teller::Account(_) if is_resource => format!(" (of its {})", teller.word()),
            _ => String::new(),
        };
        let _ = writeln!(text, "  {question:26} {said}{teller}");
    }
}

fn text(catalog: &Catalog, thing: &Thing, answers: Option<(Subject<'_>, &Told<'_>)>) -> String {
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
    if let Some((subject, told)) = answers {
        questions(catalog, subject, told, &mut text);
    }
    for note in &thing.notes {
        let _ = writeln!(text, "\n  {}", harmless(note));
    }
    text.truncate(text.trim_end().len());
    text
}
