//! `collect`: asks every source and writes a snapshot.

use super::{Console, Failure, last_run, organisation};
use crate::cli;
use crate::exit_code::ExitCode;
use crate::words;

pub(super) fn run(
    arguments: &cli::Collect,
    shared: &cli::Shared,
    console: &Console,
) -> Result<ExitCode, Failure> {
    let (settings, configuration) = organisation::settings(arguments.catalog.as_deref(), shared, console)?;
    let folder = organisation::catalog_folder(&settings)?;
    let mut snapshot = organisation::collect_all(&settings, &folder, console);
    let accepted = arguments.accept_removals.as_deref();
    last_run::carry_over(&mut snapshot, &arguments.snapshot, (&folder, &configuration), accepted, console);
    last_run::keep(&snapshot, &folder, &arguments.snapshot)?;
    last_run::tell(&snapshot.sources, console);
    console.say(&format!(
        "wrote {} from {} to `{}`",
        words::count(snapshot.files.len(), "file", "files"),
        words::count(snapshot.repositories.len(), "repository", "repositories"),
        arguments.snapshot.display()
    ));
    Ok(last_run::completeness(&snapshot.sources))
}
