//! How a run went, in a few lines at its end: every source, what was found, and with which code it ends and why.
//! The same in Markdown for the page of a job.

use std::fs;
use std::path::Path;

use super::audience::Viewed;
use super::organisation::Organisation;
use super::{Console, Failure};
use crate::catalog::ledger::RepositoryClass;
use crate::collect::snapshot::{FileRole, Repository, RepositoryState, Snapshot, SourceReport, SourceState};
use crate::diagnostic::markdown;
use crate::diagnostic::text::{self, harmless};
use crate::diagnostic::{Diagnostic, Diagnostics, codes};
use crate::exit_code::ExitCode;
use crate::words;

/// Repositories by what became of them.
#[derive(Clone, Copy, Debug, Default)]
struct Repositories {
    with: usize,
    without: usize,
    excluded: usize,
    unreadable: usize,
}

/// One source.
#[derive(Clone, Debug)]
struct SourceLine {
    name: String,
    kind: String,
    state: &'static str,
    items: u64,
    /// Repositories that are shown as an earlier run saw them.
    carried: usize,
    reason: Option<String>,
    notes: Vec<String>,
}

/// How a run went.
#[derive(Clone, Debug)]
pub(super) struct Summary {
    /// With which code it ends.
    exit: ExitCode,
    sources: Vec<SourceLine>,
    repositories: Repositories,
    /// What makes a repository one with a descriptor: a file of that name, or one that was recognised.
    with: &'static str,
    /// What was made of it, one line each; backticks enclose what is literal.
    made: Vec<String>,
}

impl Summary {
    /// Of a run that only collected.
    pub(super) fn of_snapshot(snapshot: &Snapshot, made: String, exit: ExitCode) -> Self {
        let mut described = vec![false; snapshot.repositories.len()];
        for file in snapshot.files.iter().filter(|file| file.role == FileRole::Descriptor) {
            if let Some(described) = described.get_mut(file.repository.0 as usize) {
                *described = true;
            }
        }
        let mut repositories = Repositories::default();
        for (repository, described) in snapshot.repositories.iter().zip(described) {
            *match (&repository.state, described) {
                (RepositoryState::Read, true) => &mut repositories.with,
                (RepositoryState::Read, false) => &mut repositories.without,
                (RepositoryState::Excluded { .. }, _) => &mut repositories.excluded,
                (RepositoryState::Unreadable { .. }, _) => &mut repositories.unreadable,
            } += 1;
        }
        let sources = source_lines(&snapshot.sources, snapshot.repositories.iter());
        Self { exit, sources, repositories, with: "with a file of a descriptor's name", made: vec![made] }
    }

    /// Of a run that judged, and what was written in the end.
    pub(super) fn of_organisation(
        organisation: &Organisation,
        diagnostics: &Diagnostics,
        written: String,
    ) -> Self {
        let ledger = &organisation.catalog.ledger;
        let mut repositories = Repositories::default();
        for row in &ledger.repositories {
            *match row.class {
                RepositoryClass::WithDescriptor => &mut repositories.with,
                RepositoryClass::WithoutDescriptor => &mut repositories.without,
                RepositoryClass::Excluded => &mut repositories.excluded,
                RepositoryClass::Unreadable => &mut repositories.unreadable,
            } += 1;
        }
        let catalog = &organisation.catalog;
        let mut made = vec![format!(
            "{} of {}, as of {}",
            words::count(catalog.services.len(), "service", "services"),
            words::count(catalog.teams.len(), "team", "teams"),
            organisation.settings.today,
        )];
        made.push(match diagnostics.is_empty() {
            true => "no problems".to_owned(),
            false => format!("{}; see `problems/` in the portal", text::summary(diagnostics)),
        });
        made.extend(secrets(diagnostics));
        made.extend(organisation.viewed.iter().flat_map(Viewed::told));
        made.push(written);
        let sources = source_lines(&ledger.sources, ledger.repositories.iter().map(|row| &row.repository));
        Self { exit: organisation.completeness(), sources, repositories, with: "with a descriptor", made }
    }

    /// Of the same run, when `exit` applies too.
    #[must_use]
    pub(super) fn and(self, exit: ExitCode) -> Self {
        Self { exit: self.exit.and(exit), ..self }
    }

    /// Says it, but for how it ends: what serves goes on.
    pub(super) fn tell(&self, console: &Console) {
        for source in &self.sources {
            console.say(&harmless(&source.said()));
            for note in &source.notes {
                console.say(&harmless(&format!("source `{}`: {note}", source.name)));
            }
        }
        console.say(&self.found());
        for line in &self.made {
            console.say(&harmless(line));
        }
    }

    fn markdown(&self) -> String {
        let mut text = heading(self.exit);
        if !self.sources.is_empty() {
            text.push_str(
                "| Source | State | Items | Carried over | Why |\n| --- | --- | --- | --- | --- |\n",
            );
        }
        for source in &self.sources {
            let remarks = source.reason.iter().chain(&source.notes);
            let remarks: Vec<String> = remarks.map(|remark| markdown::prose(remark)).collect();
            text.push_str(&format!(
                "| {} {} | {} | {} | {} | {} |\n",
                markdown::code(&source.name),
                markdown::prose(&source.kind),
                source.state,
                source.items,
                source.carried,
                remarks.join("<br>"),
            ));
        }
        text.push('\n');
        for line in std::iter::once(&self.found()).chain(&self.made) {
            text.push_str(&format!("- {}\n", markdown::prose(line)));
        }
        text
    }

    /// How many repositories there are, and what became of them.
    fn found(&self) -> String {
        let Repositories { with, without, excluded, unreadable } = self.repositories;
        let found = words::count(with + without + excluded + unreadable, "repository", "repositories");
        format!(
            "{found}: {with} {}, {without} without, {excluded} excluded, {unreadable} unreadable",
            self.with
        )
    }
}

impl SourceLine {
    fn said(&self) -> String {
        let items = words::count(usize::try_from(self.items).unwrap_or(usize::MAX), "item", "items");
        let mut line = format!("source `{}` ({}): {}, {items}", self.name, self.kind, self.state);
        if self.carried > 0 {
            line.push_str(&format!(", {} carried over", self.carried));
        }
        if let Some(reason) = &self.reason {
            line.push_str(&format!("; {reason}"));
        }
        line
    }
}

/// Does the `work` of a run, says how it went, and writes that into `file`, if one is named: whether it did
/// its work or failed.
pub(super) fn at_the_end(
    file: Option<&Path>,
    console: &Console,
    work: impl FnOnce() -> Result<Summary, Failure>,
) -> Result<ExitCode, Failure> {
    let done = work();
    let text = match &done {
        Ok(summary) => summary.markdown(),
        Err(failure) => {
            format!("{}- {}\n", heading(failure.exit_code()), markdown::prose(&failure.to_string()))
        }
    };
    let written = file.map_or(Ok(()), |file| {
        let doing = || format!("writing the summary to `{}`", file.display());
        fs::write(file, text).map_err(|error| Failure::machine(doing(), error))
    });
    let summary = done?;
    summary.tell(console);
    written?;
    console.say(&ended(summary.exit));
    Ok(summary.exit)
}

/// Credentials that are said one by one; the portal lists all.
const SECRETS_SAID: usize = 12;

/// Where credentials stood that were removed: whoever ran this has to see to it today.
fn secrets(diagnostics: &Diagnostics) -> Vec<String> {
    let all: Vec<&Diagnostic> = diagnostics.iter().filter(|it| it.code == &codes::SECRET_REMOVED).collect();
    let said = all.iter().take(SECRETS_SAID).map(|removed| match &removed.place {
        Some(place) => {
            format!("secret: {}/{}:{}: {}", place.repository, place.path, place.line, removed.message)
        }
        None => format!("secret: {}", removed.message),
    });
    let more = all.len().checked_sub(SECRETS_SAID).filter(|more| *more > 0);
    said.chain(more.map(|more| format!("secret: {more} more; see `problems/` in the portal"))).collect()
}

/// With which code a run ends, and why.
fn ended(exit: ExitCode) -> String {
    format!("exit code {}: {}", exit as u8, exit.meaning())
}

fn heading(exit: ExitCode) -> String {
    format!("## Milepost: {}\n\n", markdown::prose(&ended(exit)))
}

fn source_lines<'r>(
    sources: &[SourceReport],
    repositories: impl Iterator<Item = &'r Repository> + Clone,
) -> Vec<SourceLine> {
    let line = |source: &SourceReport| SourceLine {
        name: source.name.to_string(),
        kind: source.kind.to_string(),
        state: match source.state {
            SourceState::Ok => "whole",
            SourceState::Partial => "incomplete",
            SourceState::Failed => "failed",
            SourceState::Stale => "stale",
        },
        items: source.items,
        carried: repositories
            .clone()
            .filter(|one| one.source == source.name && one.carried.is_some())
            .count(),
        reason: source.reason.as_deref().map(str::to_owned),
        notes: source.notes.iter().map(ToString::to_string).collect(),
    };
    sources.iter().map(line).collect()
}
