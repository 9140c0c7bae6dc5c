//! `build`: collects or replays, judges, renders, and swaps the portal in.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use super::audience::Viewed;
use super::evidence::Offered;
use super::organisation::{LastRun, Organisation, Request};
use super::summary::{self, Summary};
use super::{Console, Failure, interruption};
use crate::cli::{self, BuildOptions, FailOn};
use crate::diagnostic::{Diagnostics, Severity};
use crate::exit_code::ExitCode;
use crate::publish::folder::{self, FolderError, Inspector};
use crate::render::evidence::packs::Pack;
use crate::render::pages;
use crate::render::portal::{Inputs, Run};
use crate::render::site::Site;
use crate::render::templates::Templates;
use crate::words;

pub(super) fn run(
    arguments: &cli::Build,
    shared: &cli::Shared,
    console: &Console,
) -> Result<ExitCode, Failure> {
    let before = LastRun::Replaced { accepted: arguments.accept_removals.as_deref() };
    let exit = summary::at_the_end(arguments.summary.as_deref(), console, || {
        let Built { diagnostics, summary } = build(&arguments.options, before, shared, console)?;
        Ok(summary.and(judged(&diagnostics, arguments.fail_on)))
    })?;
    if arguments.open {
        open_in_browser(&arguments.options.out.join("index.html"), console);
    }
    Ok(exit)
}

/// What a build leaves behind for the verb that asked for it.
pub(super) struct Built {
    /// Everything that authors wrote wrong.
    pub(super) diagnostics: Diagnostics,
    /// How it went.
    pub(super) summary: Summary,
}

/// Builds the portal into its folder.
pub(super) fn build(
    options: &BuildOptions,
    before: LastRun<'_>,
    shared: &cli::Shared,
    console: &Console,
) -> Result<Built, Failure> {
    let request = Request {
        previous: options.previous.as_deref(),
        last_run: before,
        audience: options.audience.as_deref(),
        ..Request::new(options.catalog.as_deref(), &options.replay)
    };
    // Before the sources are asked, which may take an hour.
    folder::check(&options.out).map_err(|error| refusal(error, &options.out))?;
    let offered = Offered::of(&options.offer, options.audience.as_deref(), console)?;
    let organisation = Organisation::load(request, shared, console)?;
    let templates = templates(options.templates.as_deref())?;
    let Built { diagnostics, summary } =
        write(&organisation, &templates, &offered.packs, &options.out, console)?;
    Ok(Built { diagnostics, summary: summary.and(offered.exit) })
}

/// Renders the portal of `organisation`, which offers `packs`, and swaps it in at `out`.
pub(super) fn write(
    organisation: &Organisation,
    templates: &Templates,
    packs: &[Pack],
    out: &Path,
    console: &Console,
) -> Result<Built, Failure> {
    let run = Run {
        as_of: organisation.settings.today,
        moment: organisation.settings.now,
        version: env!("CARGO_PKG_VERSION").into(),
        catalog_revision: Some(organisation.catalog_revision.clone()),
        snapshot: Some(organisation.snapshot),
    };
    let inputs = Inputs {
        catalog: &organisation.catalog,
        assessment: &organisation.assessment,
        run: &run,
        templates,
        comparison: organisation.comparison.as_ref(),
        packs,
        audience: organisation.viewed.as_ref().map(|viewed| &viewed.audience),
    };
    let site = console
        .phase("laying out the portal", || Site::build(inputs))
        .map_err(|error| Failure::machine("laying out the portal", chain(&error)))?;
    let interruption = &organisation.settings.interruption;
    interruption::heed(interruption)?;
    let inspector = organisation.viewed.as_ref().map(|viewed| viewed as &dyn Inspector);
    let written =
        console.phase("rendering and writing", || folder::write(&site, out, interruption, inspector));
    let written = written.map_err(|error| match interruption::heed(interruption) {
        Err(interrupted) => interrupted,
        Ok(()) => {
            let leak = organisation.viewed.as_ref().and_then(Viewed::refusal);
            leak.unwrap_or_else(|| refusal(error, out))
        }
    })?;
    let files = words::count(written.files, "file", "files");
    let portal = format!("portal: {files} ({} changed) in `{}`", written.written, out.display());
    let diagnostics = organisation.diagnostics();
    Ok(Built { summary: Summary::of_organisation(organisation, &diagnostics, portal), diagnostics })
}

/// Why nothing was written to `out`.
fn refusal(error: FolderError, out: &Path) -> Failure {
    match error {
        FolderError::NotOurs(_) | FolderError::Locked(_) => Failure::Refused(error.to_string()),
        FolderError::NotAFolder(_) => Failure::Usage(error.to_string()),
        FolderError::NotPassed | FolderError::Render(_) | FolderError::Machine { .. } => {
            Failure::machine(format!("writing the portal to `{}`", out.display()), chain(&error))
        }
    }
}

/// The built-in templates, each replaced by the file of the same name below `folder`.
pub(super) fn templates(folder: Option<&Path>) -> Result<Templates, Failure> {
    let embedded = pages::templates();
    let mut overrides = BTreeMap::new();
    if let Some(folder) = folder {
        for template in &embedded {
            if let Ok(text) = fs::read_to_string(folder.join(template.name)) {
                overrides.insert(template.name.to_owned(), text);
            }
        }
        if overrides.is_empty() {
            let names: Vec<&str> = embedded.iter().map(|template| template.name).collect();
            return Err(Failure::Usage(format!(
                "`{}` replaces no template; there are {}",
                folder.display(),
                words::list(&names)
            )));
        }
    }
    Templates::new(&embedded, &overrides).map_err(|error| Failure::Usage(error.to_string()))
}

/// An error with its causes in one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

/// Whether diagnostics are heavy enough to fail.
pub(super) fn judged(diagnostics: &Diagnostics, fail_on: FailOn) -> ExitCode {
    let limit = match fail_on {
        FailOn::Error => Severity::Error,
        FailOn::Warning => Severity::Warning,
        FailOn::Never => return ExitCode::Done,
    };
    if diagnostics.worst() >= Some(limit) { ExitCode::Findings } else { ExitCode::Done }
}

/// Hands `target` to whatever the system opens pages with; not being able to is worth a line, no more.
pub(super) fn open_in_browser(target: &Path, console: &Console) {
    let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let started = Command::new(opener)
        .arg(target)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !started {
        console.say(&format!("open `{}` in a browser", target.display()));
    }
}
