//! `check`: validates descriptors and catalog files, offline, in milliseconds.

mod comment;
mod comparison;
mod fix;
mod subject;

use std::path::{Path, PathBuf};

use super::whereabouts::Whereabouts;
use super::{Console, Failure, build, gate};
use crate::cli::{self, CheckFormat};
use crate::collect::base::Base;
use crate::diagnostic::{Diagnostics, github, json, sarif, text};
use crate::exit_code::ExitCode;
use crate::words;
use comparison::Comparison;
use gate::Stopped;
use subject::{named, subjects};

/// Our version, as SARIF names it.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What came of a check.
struct Checked {
    diagnostics: Diagnostics,
    services: usize,
    /// Services that the gate stops.
    stopped: Vec<Stopped>,
    /// What the change does, when there is something to compare with.
    change: Option<(Base, Comparison)>,
    whereabouts: Whereabouts,
    code: ExitCode,
}

pub(super) fn run(
    arguments: &cli::Check,
    shared: &cli::Shared,
    console: &Console,
) -> Result<ExitCode, Failure> {
    if arguments.fix {
        mend(arguments, shared, console)?;
    }
    let checked = check(arguments, shared, console)?;
    let Checked { diagnostics, whereabouts, .. } = &checked;
    let locate = |place: &_| whereabouts.location(place);
    match arguments.format {
        CheckFormat::Text => {
            console.diagnostics(&text::render(&whereabouts.shown(diagnostics), console.colour()));
        }
        CheckFormat::Json => console.data(&json::render(diagnostics))?,
        CheckFormat::Sarif => console.data(&sarif::render(diagnostics, &locate, VERSION))?,
        CheckFormat::Github => console.data(&github::render(diagnostics, &locate))?,
        CheckFormat::Markdown => console.data(&comment::markdown(&checked, arguments))?,
    }
    if arguments.format != CheckFormat::Markdown {
        comment::lines(&checked).iter().for_each(|line| console.say(&text::harmless(line)));
    }
    if arguments.format == CheckFormat::Text {
        let services = words::count(checked.services, "service", "services");
        console.say(&format!("checked {services}: {}", found(diagnostics)));
    }
    Ok(checked.code.and(build::judged(diagnostics, arguments.fail_on)))
}

/// What was found, in short.
fn found(diagnostics: &Diagnostics) -> String {
    if diagnostics.is_empty() { "nothing to mend".to_owned() } else { text::summary(diagnostics) }
}

fn check(arguments: &cli::Check, shared: &cli::Shared, console: &Console) -> Result<Checked, Failure> {
    let mut checked = Checked {
        diagnostics: Diagnostics::default(),
        services: 0,
        stopped: Vec::new(),
        change: begin(arguments)?.map(|base| (base, Comparison::default())),
        whereabouts: Whereabouts::around(Path::new(".")),
        code: ExitCode::Done,
    };
    for subject in subjects(&arguments.paths, shared)? {
        let mut organisation = subject.load(shared, console)?;
        if let Some((base, comparison)) = &mut checked.change {
            let before = subject.load_at(base, shared, console)?;
            comparison.look(before.as_ref(), &mut organisation);
        }
        checked.whereabouts.learn(&organisation.repositories);
        checked.diagnostics.append(organisation.diagnostics());
        checked.services += organisation.catalog.services.len();
        checked.code = checked.code.and(organisation.completeness());
        if !organisation.catalog.ledger.unreadable.is_empty() {
            checked.code = checked.code.and(ExitCode::Findings);
        }
        if let Some(wanted) = &arguments.gate {
            checked.stopped.extend(gate::judge(wanted, &organisation)?);
        }
    }
    if !checked.stopped.is_empty() {
        checked.code = checked.code.and(ExitCode::Findings);
    }
    checked.diagnostics.sort();
    Ok(checked)
}

/// Where the change began, when that is asked for.
fn begin(arguments: &cli::Check) -> Result<Option<Base>, Failure> {
    let Some(revision) = &arguments.base else { return Ok(None) };
    let path = named(&arguments.paths).next().map_or(Path::new("."), PathBuf::as_path);
    Base::check_out(path, revision).map(Some).map_err(|reason| {
        Failure::Usage(format!("nothing to compare `{}` with at `{revision}`: {reason}", path.display()))
    })
}

/// So often what was mended is looked at again: mending one mistake may show another, which was hidden by it.
const ROUNDS: usize = 50;

/// Mends what is safe to mend, and says what that was.
fn mend(arguments: &cli::Check, shared: &cli::Shared, console: &Console) -> Result<(), Failure> {
    let paths: Vec<PathBuf> = named(&arguments.paths).cloned().collect();
    let allowed: Vec<PathBuf> = paths.iter().filter_map(|path| path.canonicalize().ok()).collect();
    let mut changes = 0;
    let mut refusals = Vec::new();
    for _ in 0..ROUNDS {
        let mut fixed = fix::configuration(&paths, shared, &allowed);
        if fixed.changes.is_empty() {
            for subject in subjects(&arguments.paths, shared)? {
                fixed.append(fix::files(&subject.load(shared, console)?, &allowed));
            }
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
