//! `diff`: what moved between two snapshots, and why.

use std::rc::Rc;

use super::night::Night;
use super::organisation::{Organisation, Request};
use super::{Console, Failure, movement};
use crate::assess::change::Judged;
use crate::cli;
use crate::exit_code::ExitCode;

pub(super) fn run(
    arguments: &cli::Diff,
    shared: &cli::Shared,
    console: &Console,
) -> Result<ExitCode, Failure> {
    let after = later(arguments, shared, console)?;
    let before = Night::before(&arguments.before, &after)?;
    let comparison = console.phase("comparing", || {
        let (catalog, assessment) = after.judge();
        let judged = Judged { catalog: &catalog, assessment: &assessment };
        let with = format!("the snapshot of {}", before.today());
        let comparison = before.compare(&after, judged, &with, false);
        movement::told(&comparison, &catalog, arguments.format)
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
