//! `diff`: what moved between two snapshots, or between two portals that were built, and why.

mod arithmetic;
mod documents;
mod evidence;
mod found;
mod published;

use std::path::Path;
use std::rc::Rc;

use super::night::Night;
use super::organisation::{Organisation, Request};
use super::{Console, Failure, movement};
use crate::assess::change::{Comparison, Judged};
use crate::cli::{self, ReportFormat};
use crate::exit_code::ExitCode;
use published::{Published, is_portal};

pub(super) fn run(
    arguments: &cli::Diff,
    shared: &cli::Shared,
    console: &Console,
) -> Result<ExitCode, Failure> {
    let (before, after) = (&*arguments.before, &*arguments.after);
    match (is_portal(before), is_portal(after)) {
        (true, true) => portals(before, after, arguments.format, console),
        (false, false) => snapshots(arguments, shared, console),
        (true, false) => Err(mixed(before, after)),
        (false, true) => Err(mixed(after, before)),
    }
}

fn mixed(portal: &Path, other: &Path) -> Failure {
    Failure::Usage(format!(
        "`{}` is a portal that was built and `{}` is none; compare two portals, or two snapshots",
        portal.display(),
        other.display()
    ))
}

fn portals(
    before: &Path,
    after: &Path,
    format: ReportFormat,
    console: &Console,
) -> Result<ExitCode, Failure> {
    let told = console.phase("comparing", || {
        let (before, after) = (Published::read(before)?, Published::read(after)?);
        let mut changes = after.standings.moves_from(&before.standings);
        evidence::explain(&before, &after, &mut changes)?;
        let comparison = Comparison {
            with: format!("the portal of {}", before.today).into(),
            supposed: false,
            from: before.today,
            to: after.today,
            differing: evidence::differing(&before, &after),
            changes,
        };
        movement::told(&comparison, None, format)
    })?;
    console.data(&told)?;
    Ok(ExitCode::Done)
}

fn snapshots(arguments: &cli::Diff, shared: &cli::Shared, console: &Console) -> Result<ExitCode, Failure> {
    let after = later(arguments, shared, console)?;
    let before = Night::before(&arguments.before, &after)?;
    let comparison = console.phase("comparing", || {
        let (catalog, assessment) = after.judge();
        let judged = Judged { catalog: &catalog, assessment: &assessment };
        let with = format!("the snapshot of {}", before.today());
        let comparison = before.compare(&after, judged, &with, false);
        movement::told(&comparison, Some(&catalog), arguments.format)
    })?;
    console.data(&comparison)?;
    Ok(ExitCode::Done)
}

/// The night of the later snapshot: judged by the catalog folder saved with it, else by the present one.
fn later(arguments: &cli::Diff, shared: &cli::Shared, console: &Console) -> Result<Night, Failure> {
    let (snapshot, kept) = Night::saved(&arguments.after)?;
    let Some((folder, configuration)) = kept else {
        let request = Request {
            catalog: arguments.catalog.as_deref(),
            snapshot: Some(&arguments.after),
            ..Request::default()
        };
        console.say(&format!(
            "`{}` was saved without its catalog folder; the present one is used",
            arguments.after.display()
        ));
        return Ok(Organisation::night(request, shared, console)?.1);
    };
    let now = snapshot.collected_at.ok_or_else(|| {
        Failure::Usage(format!(
            "the snapshot in `{}` does not say when it was taken",
            arguments.after.display()
        ))
    })?;
    let night = Night {
        snapshot: Rc::new(snapshot),
        folder: Rc::new(folder),
        configuration: Rc::new(configuration),
        now,
    };
    Ok(night)
}
