//! `exceptions new`: writes the draft of an exception. The draft is judged with the catalog before it is
//! written, so that what `check` would refuse never reaches the folder.

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use super::draft::Draft;
use super::{Console, Failure, day, request};
use crate::assess::ExceptionState;
use crate::assess::exceptions::{approvers, cap};
use crate::assess::explain::Explainer;
use crate::assess::outcome::Outcome;
use crate::assess::waivers::covers;
use crate::catalog::control::Risk;
use crate::catalog::id::ExceptionId;
use crate::catalog::schema;
use crate::catalog::table::Index;
use crate::catalog::{Catalog, Exception, Service};
use crate::cli::Shared;
use crate::cli::exceptions::New;
use crate::collect::snapshot::{CatalogFolder, Content, File, FileRole, RepositoryIndex};
use crate::collect::text::Text;
use crate::commands::named::unknown;
use crate::commands::organisation::Organisation;
use crate::day::Day;
use crate::diagnostic::{Diagnostics, Severity, text};
use crate::exit_code::ExitCode;
use crate::render::links::{Href, Place};
use crate::words;

pub(super) fn run(arguments: &New, shared: &Shared, console: &Console) -> Result<ExitCode, Failure> {
    let (settings, mut night) = Organisation::night(request(&arguments.register), shared, console)?;
    let before = Organisation::of(settings.clone(), &night, console);
    let (id, text) = draft(arguments, &before)?;
    let path = format!("exceptions/{id}.yaml");
    add(Rc::make_mut(&mut night.folder), &path, &text);
    let after = Organisation::of(settings, &night, console);
    let exception = judged(&after, &id, &path, console)?;
    write(&before.settings.catalog, &path, &text)?;
    console.data(&before.settings.catalog.join(&path).display().to_string())?;
    for line in outlook(&after, exception) {
        console.say(&line);
    }
    Ok(after.completeness())
}

/// The id of the draft, and its text.
fn draft(arguments: &New, organisation: &Organisation) -> Result<(String, String), Failure> {
    let catalog = &organisation.catalog;
    let today = organisation.settings.today;
    let service = service(catalog, &arguments.service)?;
    let owner = service.owner.map(|team| catalog.teams[team].id.as_str());
    let requested_by = arguments.requested_by.as_deref().or(owner).ok_or_else(|| {
        Failure::Usage(format!("no team owns `{}`; say who asks with `--requested-by`", service.id))
    })?;
    let about = match (&arguments.rule, &arguments.control) {
        (Some(rule), _) => ("rule", rule.as_str()),
        (None, control) => ("control", control.as_deref().unwrap_or_default()),
    };
    let risk = Risk::from(arguments.risk);
    let expires_at = match &arguments.expires {
        Some(text) => day("--expires", text)?,
        None => today.plus_days(cap(catalog, risk)),
    };
    let id = match &arguments.id {
        Some(id) if ExceptionId::new(id).is_none() => {
            return Err(Failure::Usage(format!("`--id {id}` is no id of an exception; write EX-2026-0017")));
        }
        Some(id) if catalog.exceptions.find(id).is_some() => {
            return Err(Failure::Refused(format!("there is an exception called {id} already")));
        }
        Some(id) => id.clone(),
        None => next_id(catalog, today),
    };
    let portal = catalog.portal_url.as_deref();
    let draft = Draft {
        schema: Href::published(portal, Place::Schema(&schema::published("exception")))
            .map(|address| address.to_string()),
        id: &id,
        service: service.id.as_str(),
        requested_by,
        owner: arguments.owner.as_deref(),
        requested_at: today,
        about,
        environment: arguments.environment.as_deref(),
        resource: arguments.resource.as_deref(),
        requested_state: arguments.requested_state.as_deref(),
        reason: &arguments.reason,
        risk: risk.word(),
        compensating_controls: &arguments.compensating_controls,
        expires_at,
        review_cadence: arguments.review_cadence.as_deref(),
        monitoring: arguments.monitoring.as_deref(),
        migration_path: arguments.migration_path.as_deref(),
        approvers: &approvers(catalog, risk),
    };
    let text = draft.text();
    Ok((id, text))
}

/// The service called `name`, by id or former name.
fn service<'c>(catalog: &'c Catalog, name: &str) -> Result<&'c Service, Failure> {
    let goes_by = |service: &&Service| service.record.aliases.values().any(|alias| alias.as_str() == name);
    let known = catalog.services.by_id(name).or_else(|| catalog.services.iter().find(goes_by));
    known.ok_or_else(|| unknown("service", name, catalog.services.ids()))
}

/// One more than the highest number of the year.
fn next_id(catalog: &Catalog, today: Day) -> String {
    let day = today.to_string();
    let prefix = format!("EX-{}-", day.split('-').next().unwrap_or_default());
    let numbers = catalog.exceptions.ids().filter_map(|id| id.strip_prefix(&prefix)?.parse::<u32>().ok());
    format!("{prefix}{:04}", numbers.max().unwrap_or(0) + 1)
}

/// Adds the file to the folder as it was read.
fn add(folder: &mut CatalogFolder, path: &str, text: &str) {
    let file = File {
        repository: RepositoryIndex(0),
        path: Arc::from(path),
        role: FileRole::Catalog,
        size: text.len() as u64,
        content: Content::Text(Text::new(text)),
        last_change: None,
        first_change: None,
        first_text: None,
        history: Vec::new(),
    };
    folder.files.push(file);
    folder.files.sort_by(|a, b| a.path.cmp(&b.path));
}

/// The draft as the catalog has it, unless something in it is wrong.
fn judged(
    organisation: &Organisation,
    id: &str,
    path: &str,
    console: &Console,
) -> Result<Index<Exception>, Failure> {
    let mut wrong = Diagnostics::default();
    for diagnostic in organisation.diagnostics().iter() {
        let is_here = diagnostic.place.as_ref().is_some_and(|place| *place.path == *path);
        if is_here && diagnostic.code.severity >= Severity::Warning {
            wrong.push(diagnostic.clone());
        }
    }
    console.diagnostics(&text::render(&wrong, console.colour()));
    let found = organisation.catalog.exceptions.find(id);
    let usable = |index: &Index<Exception>| {
        let state = organisation.assessment.exceptions[index.position()].state;
        !matches!(state, ExceptionState::Invalid | ExceptionState::Expired)
    };
    found
        .filter(|index| wrong.is_empty() && usable(index))
        .ok_or_else(|| Failure::Usage("such an exception would not hold, so nothing was written".to_owned()))
}

/// Writes the file, and never over another one.
fn write(catalog: &Path, path: &str, text: &str) -> Result<(), Failure> {
    let file = catalog.join(path);
    let failure = |error: std::io::Error| match error.kind() {
        ErrorKind::AlreadyExists => {
            Failure::Refused(format!("`{}` exists already, and is left as it is", file.display()))
        }
        _ => Failure::machine(format!("writing `{}`", file.display()), error),
    };
    let folder = file.parent().unwrap_or(catalog);
    fs::create_dir_all(folder).map_err(failure)?;
    let inside = |folder: &Path| Some(folder.canonicalize().ok()?.starts_with(catalog.canonicalize().ok()?));
    if inside(folder) != Some(true) {
        return Err(Failure::Refused(format!("`{}` leads out of the catalog folder", folder.display())));
    }
    let mut new = fs::OpenOptions::new().write(true).create_new(true).open(&file).map_err(failure)?;
    new.write_all(text.as_bytes()).map_err(failure)
}

/// What happens next with the draft, and what it would excuse.
fn outlook(organisation: &Organisation, index: Index<Exception>) -> Vec<String> {
    let (catalog, assessment) = (&organisation.catalog, &organisation.assessment);
    let exception = &catalog.exceptions[index];
    let ends = exception.record.expires_at.value().map_or_else(String::new, |ends| format!(" until {ends}"));
    let judged = &assessment.exceptions[index.position()];
    let waits = judged.approvals.iter().filter_map(|approval| approval.role.as_deref());
    let waits: Vec<&str> = waits.collect();
    let mut lines = vec![match judged.state {
        ExceptionState::Pending => {
            format!("{} is a draft: it waives nothing before {} approved it", exception.id, have(&waits))
        }
        _ => format!("{} needs no approval by policy, and is in force{ends}", exception.id),
    }];
    let Some(service) = exception.service else { return lines };
    let explainer = Explainer::new(catalog, assessment);
    let results = &assessment.services[service.position()].subject.scorecards;
    let mut outcomes = Vec::new();
    for result in results {
        let rules = &explainer.scorecards().get(result.scorecard).rules;
        let about = rules.iter().zip(&result.rules).filter(|(rule, _)| covers(exception, rule));
        outcomes.extend(about.map(|(_, result)| result.outcome).filter(|own| *own != Outcome::NotApplicable));
    }
    let failing = outcomes.iter().filter(|own| matches!(own, Outcome::Fail | Outcome::Waived)).count();
    lines.push(match outcomes.len() {
        0 => format!(
            "no rule that applies to `{}` is about it, so it would excuse nothing",
            exception_service(catalog, service)
        ),
        all => format!(
            "it is about {} of `{}`, of which {} today",
            words::count(all, "rule", "rules"),
            exception_service(catalog, service),
            match failing {
                0 => "none fails".to_owned(),
                1 => "1 fails".to_owned(),
                _ => format!("{failing} fail"),
            }
        ),
    });
    lines
}

fn exception_service(catalog: &Catalog, service: Index<Service>) -> &str {
    catalog.services[service].id.as_str()
}

/// `` `security` has ``, `` `security` and `platform` have ``.
fn have(roles: &[&str]) -> String {
    format!("{} {}", words::list(roles), if roles.len() == 1 { "has" } else { "have" })
}
