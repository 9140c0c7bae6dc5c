//! `collect`: asks every source and writes a snapshot.

use super::{Console, Failure, organisation};
use crate::cli;
use crate::collect::snapshot::SourceState;
use crate::collect::snapshot_file;
use crate::exit_code::ExitCode;
use crate::words;

pub(super) fn run(
    arguments: &cli::Collect,
    shared: &cli::Shared,
    console: &Console,
) -> Result<ExitCode, Failure> {
    let (settings, _) = organisation::settings(arguments.catalog.as_deref(), shared, console)?;
    let folder = organisation::catalog_folder(&settings)?;
    let snapshot = organisation::collect_all(&settings, console);
    // The catalog folder too: what a night was judged by has to be known when it is compared with another.
    snapshot_file::save(&snapshot, &arguments.snapshot)
        .and_then(|()| snapshot_file::save_catalog(&folder, &arguments.snapshot))
        .map_err(|error| {
            Failure::machine(format!("writing the snapshot to `{}`", arguments.snapshot.display()), error)
        })?;
    let mut code = ExitCode::Done;
    for source in &snapshot.sources {
        if source.state != SourceState::Ok {
            code = ExitCode::Incomplete;
            let reason = source.reason.as_deref().unwrap_or("no reason given");
            console.say(&format!("source `{}` is incomplete: {reason}", source.name));
        }
    }
    console.say(&format!(
        "wrote {} from {} to `{}`",
        words::count(snapshot.files.len(), "file", "files"),
        words::count(snapshot.repositories.len(), "repository", "repositories"),
        arguments.snapshot.display()
    ));
    Ok(code)
}
