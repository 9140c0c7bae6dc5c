//! `check`: validates descriptors and catalog files, offline, in milliseconds.

mod fix;
mod whereabouts;

use std::path::{Path, PathBuf};

use super::organisation::{self, Organisation, Request};
use super::{Console, Failure, build, gate};
use crate::catalog::configuration::Configuration;
use crate::cli::{self, CheckFormat};
use crate::collect::snapshot::CatalogFolder;
use crate::diagnostic::{Diagnostics, github, json, sarif, text};
use crate::exit_code::ExitCode;
use crate::settings::{Formats, Repositories, Source, SourceKind};
use crate::words;
use whereabouts::Whereabouts;

/// Our version, as SARIF names it.
const VERSION: &str = env!("CARGO_PKG_VERSION");

pub(super) fn run(
    arguments: &cli::Check,
    shared: &cli::Shared,
    console: &Console,
) -> Result<ExitCode, Failure> {
    if arguments.fix {
        mend(arguments, shared, console)?;
    }
    let checked = checked(arguments, shared, console)?;
    let mut diagnostics = Diagnostics::default();
    let mut code = ExitCode::Done;
    let mut services = 0;
    let mut whereabouts = Whereabouts::around(Path::new("."));
    for organisation in &checked {
        whereabouts.learn(&organisation.repositories);
        diagnostics.append(organisation.diagnostics());
        code = code.and(organisation.completeness());
        services += organisation.catalog.services.len();
        if !organisation.catalog.ledger.unreadable.is_empty() {
            code = code.and(ExitCode::Findings);
        }
        if let Some(wanted) = &arguments.gate {
            code = code.and(gate::judge(wanted, organisation, console)?);
        }
    }
    diagnostics.sort();
    match arguments.format {
        CheckFormat::Text => {
            console.diagnostics(&text::render(&diagnostics, console.colour()));
            let found = if diagnostics.is_empty() {
                "nothing to mend".to_owned()
            } else {
                text::summary(&diagnostics)
            };
            console.say(&format!("checked {}: {found}", words::count(services, "service", "services")));
        }
        CheckFormat::Json => console.data(&json::render(&diagnostics))?,
        CheckFormat::Sarif => {
            console.data(&sarif::render(&diagnostics, &|place| whereabouts.location(place), VERSION))?;
        }
        CheckFormat::Github => {
            console.data(&github::render(&diagnostics, &|place| whereabouts.location(place)))?;
        }
    }
    Ok(code.and(build::judged(&diagnostics, arguments.fail_on)))
}

/// So often what was mended is looked at again: mending one mistake may show another, which was hidden by it.
const ROUNDS: usize = 50;

/// Mends what is safe to mend, and says what that was.
fn mend(arguments: &cli::Check, shared: &cli::Shared, console: &Console) -> Result<(), Failure> {
    let here = [PathBuf::from(".")];
    let paths = if arguments.paths.is_empty() { &here[..] } else { &arguments.paths };
    let allowed: Vec<PathBuf> = paths.iter().filter_map(|path| path.canonicalize().ok()).collect();
    let mut changes = 0;
    let mut refusals = Vec::new();
    for _ in 0..ROUNDS {
        let mut fixed = fix::configuration(paths, shared, &allowed);
        if fixed.changes.is_empty() {
            let organisations = checked(arguments, shared, console)?;
            fixed.append(fix::files(&organisations, &allowed));
        }
        changes += fixed.changes.len();
        refusals = fixed.refusals;
        fixed.changes.iter().for_each(|change| console.say(&text::harmless(change)));
        if fixed.changes.is_empty() {
            break;
        }
    }
    refusals.iter().for_each(|refusal| console.error(&text::harmless(refusal)));
    console.say(&format!("mended {}", words::count(changes, "problem", "problems")));
    Ok(())
}

/// One organisation for each catalog folder among the paths, and one for all other paths together.
fn checked(
    arguments: &cli::Check,
    shared: &cli::Shared,
    console: &Console,
) -> Result<Vec<Organisation>, Failure> {
    let here = [PathBuf::from(".")];
    let paths = if arguments.paths.is_empty() { &here[..] } else { &arguments.paths };
    if arguments.paths.is_empty() && organisation::configuration_exists(shared) {
        return Ok(vec![Organisation::load(Request::default(), shared, console)?]);
    }
    let mut organisations = Vec::new();
    let mut loose = Vec::new();
    for path in paths {
        if !path.exists() {
            return Err(Failure::Usage(format!("there is no `{}`", path.display())));
        }
        if path.is_dir() && path.join("milepost.yaml").is_file() {
            let request = Request { catalog: Some(path), ..Request::default() };
            organisations.push(Organisation::load(request, shared, console)?);
        } else if path.file_name().is_some_and(|name| name == "milepost.yaml") {
            let folder =
                path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            organisations.push(Organisation::load(
                Request { catalog: Some(folder), ..Request::default() },
                shared,
                console,
            )?);
        } else {
            loose.push(path.clone());
        }
    }
    if !loose.is_empty() {
        organisations.push(without_catalog(&loose, shared, console)?);
    }
    Ok(organisations)
}

/// Descriptors on their own: with the catalog that `--config` names, else without any, in which case
/// references are not checked, for nobody knows what exists.
fn without_catalog(
    paths: &[PathBuf],
    shared: &cli::Shared,
    console: &Console,
) -> Result<Organisation, Failure> {
    let sources = paths.iter().map(|path| Source {
        name: path.to_string_lossy().into(),
        kind: SourceKind::Folder(Repositories::Own),
        path: path.clone(),
        exclude: Vec::new(),
    });
    if shared.config.is_some() {
        let (mut settings, configuration) = organisation::settings(None, shared, console)?;
        settings.sources = sources.collect();
        let folder = organisation::catalog_folder(&settings)?;
        return Ok(Organisation::collect(settings, &configuration, &folder, console));
    }
    // Whoever names files wants to hear about them, whatever tool they are for.
    let configuration = Configuration::with_formats(Formats::ALL);
    let now = organisation::now(shared, &configuration)?;
    let mut settings = configuration.settings(Path::new("."), now);
    settings.sources = sources.collect();
    Ok(Organisation::collect(settings, &configuration, &CatalogFolder::none(), console))
}
