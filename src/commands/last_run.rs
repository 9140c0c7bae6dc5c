//! The run before: its snapshot lies in `.milepost/snapshot` of the working directory. What this run could
//! not see is carried over from it, and this run's own takes its place. Lost, damaged or somebody else's, it
//! costs what could have been carried over, never the run.

use std::path::Path;

use super::night::configuration_of;
use super::{Console, Failure};
use crate::catalog::configuration::Configuration;
use crate::collect::snapshot::{CatalogFolder, Quiet, Snapshot, SourceReport, SourceState};
use crate::collect::snapshot_file::{self, SnapshotFileError};
use crate::exit_code::ExitCode;

/// Carries over into `snapshot` what the run kept in `dir` saw and this one did not. `accepted` is the removal
/// that the command line accepts.
pub(super) fn carry_over(
    snapshot: &mut Snapshot,
    dir: &Path,
    own: (&CatalogFolder, &Configuration),
    accepted: Option<&str>,
    console: &Console,
) {
    let unusable = |error: &SnapshotFileError| {
        console.say(&format!("nothing is carried over from the run before: {error}"));
    };
    let kept = match snapshot_file::load_catalog(dir) {
        Ok(kept) => kept,
        Err(SnapshotFileError::Missing(_)) => return,
        Err(error) => return unusable(&error),
    };
    if !is_same(&kept, own) {
        console.say(&format!(
            "nothing is carried over from the run before: that in `{}` is of another catalog folder",
            dir.display()
        ));
        return;
    }
    match snapshot_file::load_nights(dir) {
        Ok(quiet) => snapshot.quiet = quiet,
        Err(error) => unusable(&error),
    }
    match snapshot_file::load(dir) {
        Ok(previous) => snapshot.carry_over(&previous, accepted),
        Err(SnapshotFileError::Missing(_)) => {}
        Err(error) => unusable(&error),
    }
}

/// Keeps a snapshot and what it is judged by, for the run after this one.
pub(super) fn keep(snapshot: &Snapshot, folder: &CatalogFolder, dir: &Path) -> Result<(), Failure> {
    snapshot_file::save(snapshot, dir)
        .and_then(|()| snapshot_file::save_catalog(folder, dir))
        .map_err(|error| Failure::machine(format!("writing the snapshot to `{}`", dir.display()), error))
}

/// Keeps what this run taught about exceptions that excuse nothing.
pub(super) fn keep_nights(quiet: Vec<Quiet>, dir: &Path) -> Result<(), Failure> {
    snapshot_file::save_nights(quiet, dir)
        .map_err(|error| Failure::machine(format!("writing to `{}`", dir.display()), error))
}

/// With which code a run ends whose sources fared like this.
pub(super) fn completeness(sources: &[SourceReport]) -> ExitCode {
    let of = |source: &SourceReport| match source.state {
        _ if source.withheld.is_some() => ExitCode::Refused,
        SourceState::Ok => ExitCode::Done,
        SourceState::Partial | SourceState::Failed | SourceState::Stale => ExitCode::Incomplete,
    };
    sources.iter().map(of).fold(ExitCode::Done, ExitCode::and)
}

/// Whether the run before was of the same organisation, kept in the same place.
fn is_same(kept: &CatalogFolder, (folder, configuration): (&CatalogFolder, &Configuration)) -> bool {
    let name = |configuration: &Configuration| configuration.organisation.name.value().cloned();
    kept.repository.name == folder.repository.name
        && kept.folder == folder.folder
        && configuration_of(kept).is_some_and(|kept| name(&kept) == name(configuration))
}
