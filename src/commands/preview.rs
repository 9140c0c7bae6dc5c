//! `preview`: what another catalog folder, or another revision of it, would move, judged on the same
//! snapshot and the same day. Nothing is published.

use std::path::Path;
use std::rc::Rc;

use super::night::{Night, configuration_of};
use super::organisation::{Organisation, Request, catalog_folder};
use super::{Console, Failure, build, movement};
use crate::cli;
use crate::collect::base::Base;
use crate::exit_code::ExitCode;
use crate::settings::Settings;

pub(super) fn run(
    arguments: &cli::Preview,
    shared: &cli::Shared,
    console: &Console,
) -> Result<ExitCode, Failure> {
    let request = Request::new(arguments.catalog.as_deref(), &arguments.replay);
    let (settings, present) = Organisation::night(request, shared, console)?;
    let supposed = match (&arguments.with, &arguments.revision) {
        (Some(dir), _) => supposed(dir, &settings, &present)?,
        (None, revision) => at_revision(revision.as_deref().unwrap_or("HEAD"), &settings, &present)?,
    };
    let mut organisation = Organisation::of(settings, &supposed, console);
    let with = format!("`{}`", present.folder.repository.name);
    let comparison =
        console.phase("comparing", || present.compare(&supposed, organisation.judged(), &with, true));
    console.data(&movement::told(&comparison, Some(&organisation.catalog), arguments.format)?)?;
    organisation.comparison = Some(comparison);
    if let Some(out) = &arguments.out {
        build::write(&organisation, &build::templates(None)?, &[], out, console)?.summary.tell(console);
    }
    Ok(organisation.completeness())
}

/// The present night with the catalog folder as it is at `revision`.
fn at_revision(revision: &str, settings: &Settings, present: &Night) -> Result<Night, Failure> {
    let folder = &settings.catalog;
    let nothing = |reason: &str| {
        Failure::Usage(format!("nothing to preview of `{}` at `{revision}`: {reason}", folder.display()))
    };
    let base = Base::revision(folder, revision).map_err(|reason| nothing(&reason))?;
    let then = base.at(folder).ok_or_else(|| nothing("it was not there"))?;
    supposed(&then, settings, present)
}

/// The present night with the catalog folder `dir` in place of its own. Its sources are not asked: what was
/// collected stays as it is.
fn supposed(dir: &Path, settings: &Settings, present: &Night) -> Result<Night, Failure> {
    let settings = Settings { catalog: dir.to_owned(), ..settings.clone() };
    let folder = catalog_folder(&settings)?;
    let configuration = configuration_of(&folder).ok_or_else(|| {
        Failure::Usage(format!("`{}` holds no `milepost.yaml` that can be used", dir.display()))
    })?;
    Ok(Night { folder: Rc::new(folder), configuration: Rc::new(configuration), ..present.clone() })
}
