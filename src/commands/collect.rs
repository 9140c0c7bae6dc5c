//! `collect`: asks every source and writes a snapshot.

use super::summary::{self, Summary};
use super::{Console, Failure, interruption, last_run, organisation};
use crate::cli;
use crate::exit_code::ExitCode;
use crate::words;

pub(super) fn run(
    arguments: &cli::Collect,
    shared: &cli::Shared,
    console: &Console,
) -> Result<ExitCode, Failure> {
    summary::at_the_end(arguments.summary.as_deref(), console, || collect(arguments, shared, console))
}

/// Writes the snapshot.
fn collect(arguments: &cli::Collect, shared: &cli::Shared, console: &Console) -> Result<Summary, Failure> {
    let (settings, configuration) = organisation::settings(arguments.catalog.as_deref(), shared, console)?;
    let folder = organisation::catalog_folder(&settings)?;
    let mut snapshot = organisation::collect_all(&settings, &folder, console);
    interruption::heed(&settings.interruption)?;
    let accepted = arguments.accept_removals.as_deref();
    last_run::carry_over(&mut snapshot, &arguments.snapshot, (&folder, &configuration), accepted, console);
    last_run::keep(&snapshot, &folder, &arguments.snapshot)?;
    let files = words::count(snapshot.files.len(), "file", "files");
    let written = format!("snapshot: {files} in `{}`", arguments.snapshot.display());
    Ok(Summary::of_snapshot(&snapshot, written, last_run::completeness(&snapshot.sources)))
}
