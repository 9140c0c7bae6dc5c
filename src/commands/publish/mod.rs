//! `publish`: takes a built site to a folder or to S3. Prints the plan, and with `--apply` does it.

#[cfg(feature = "aws")]
mod bucket;
mod owner;
mod print;
mod releases;

use std::path::Path;
use std::time::Instant;

use super::progress::Bars;
use super::{Console, Failure, interruption};
use crate::cli::publish::Publish;
use crate::cli::{ReportFormat, Shared};
use crate::day::{Moment, Zone};
use crate::exit_code::ExitCode;
use crate::publish::apply::{ApplyError, Outcome};
use crate::publish::edge::{Edge, NoEdge};
use crate::publish::lock::LockError;
use crate::publish::manifest::{self, Mode};
use crate::publish::plan::{Impossible, Wish};
use crate::publish::run::{self, Run, RunError, Task};
use crate::publish::source;
use crate::publish::store::folder::Folder;
use crate::publish::store::{Store, StoreError};
use crate::publish::target::Target;
use crate::words;

pub(super) fn run(arguments: &Publish, shared: &Shared, console: &Console) -> Result<ExitCode, Failure> {
    let to = &arguments.to;
    let target = Target::parse(to).map_err(|why| Failure::Usage(format!("`--to {to}`: {why}")))?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::machine("starting to publish", error))?;
    let done = runtime.block_on(async {
        match target {
            Target::Folder(_) if arguments.precompress => Err(Failure::Usage(
                "`--precompress` needs a target that says of a file how it is compressed, and a folder does not"
                    .to_owned(),
            )),
            Target::Folder(_) if arguments.distribution.is_some() => {
                Err(Failure::Usage("`--distribution` goes with a target in S3".to_owned()))
            }
            Target::Folder(folder) => {
                let mode = if arguments.in_place { Mode::InPlace } else { Mode::Releases };
                refuse_itself(&arguments.site, &folder)?;
                publish(&Folder::new(folder, mode), &NoEdge, arguments, shared, console).await
            }
            #[cfg(feature = "aws")]
            Target::Bucket { bucket, prefix } => {
                bucket::publish(&bucket, &prefix, arguments, shared, console).await
            }
            #[cfg(not(feature = "aws"))]
            Target::Bucket { .. } => Err(Failure::Usage(
                "this build of milepost cannot ask AWS; build it with the feature `aws`".to_owned(),
            )),
        }
    });
    // A name that is still being looked up would hold up the end of the run.
    runtime.shutdown_background();
    done
}

/// A site that is published into itself would grow with every run.
fn refuse_itself(site: &Path, folder: &Path) -> Result<(), Failure> {
    // What is not there yet will lie in what is.
    let real = |path: &Path| {
        path.ancestors().find_map(|above| {
            let above = if above.as_os_str().is_empty() { Path::new(".") } else { above };
            above.canonicalize().ok()
        })
    };
    let around = folder.canonicalize().ok();
    match site.canonicalize().ok().zip(real(folder)) {
        Some((site, folder))
            if folder.starts_with(&site) || around.is_some_and(|around| site.starts_with(around)) =>
        {
            let said = "a site cannot be published into its own folder, nor into one around it; name another one with `--to`";
            Err(Failure::Usage(said.to_owned()))
        }
        _ => Ok(()),
    }
}

/// Publishes to `store`, whatever it is.
async fn publish<S: Store + Clone + 'static>(
    store: &S,
    edge: &impl Edge,
    arguments: &Publish,
    shared: &Shared,
    console: &Console,
) -> Result<ExitCode, Failure> {
    if arguments.releases {
        return releases::list(store, arguments.format, console).await;
    }
    let bars = Bars::new(console);
    let run = prepared(arguments, shared, console, &bars)?;
    let (release, begin) = (std::sync::Mutex::new(None), Instant::now());
    let tell = |plan: &_| {
        let told = print::plan(plan, &arguments.to, arguments.format, console);
        *release.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(told);
    };
    let done = run::run(store, edge, run, tell).await;
    if let Some(told) = release.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner) {
        told?;
    }
    match done {
        Ok(outcome) => {
            told(&outcome, store.requests(), begin, arguments, console);
            Ok(ExitCode::Done)
        }
        Err(error) => Err(failure(error, console)),
    }
}

/// What the command line asks for.
fn prepared<'a>(
    arguments: &'a Publish,
    shared: &Shared,
    console: &Console,
    progress: &'a Bars<'_>,
) -> Result<Run<'a>, Failure> {
    let began = Moment::now();
    let now = match &shared.now {
        None => began,
        Some(text) => Moment::parse_or_day(text, &Zone::utc()).ok_or_else(|| {
            Failure::Usage(format!(
                "`--now {text}` is no day or moment; write 2026-11-21 or 2026-11-21T03:00:00Z"
            ))
        })?,
    };
    let (task, files) = match &arguments.rollback {
        Some(asked) => (Task::Rollback(asked.clone()), Vec::new()),
        None => {
            let site = &arguments.site;
            let read = || source::read(site, arguments.precompress);
            let files =
                console.phase("reading the site", read).map_err(|why| Failure::Usage(why.to_string()))?;
            (Task::Publish(site.clone()), files)
        }
    };
    let owner = owner::this_run(|name| std::env::var(name).ok());
    let wish = Wish {
        mode: if arguments.in_place { Mode::InPlace } else { Mode::Releases },
        site: manifest::digest_of(&files),
        files,
        now,
        by: owner.by.clone(),
        distribution: arguments.distribution.clone(),
        accepted: arguments.accept_removals.clone(),
    };
    Ok(Run {
        task,
        wish,
        owner,
        began: (began, Instant::now()),
        is_dead: &owner::is_dead,
        jobs: usize::from(arguments.jobs),
        is_applied: arguments.apply,
        interruption: console.interruption().clone(),
        progress,
    })
}

/// Says what came of it.
fn told(outcome: &Outcome, requests: u64, begin: Instant, arguments: &Publish, console: &Console) {
    let asked = words::count(usize::try_from(requests).unwrap_or(usize::MAX), "request", "requests");
    let took = begin.elapsed().as_secs_f64();
    if !arguments.apply {
        return console.say(&format!("nothing was done, with {asked}; `--apply` does it"));
    }
    let Outcome { sent, copied, removed, invalidation } = outcome;
    let mut said = format!("{sent} sent, {copied} copied there, {removed} removed");
    if let Some(id) = invalidation {
        said.push_str(&format!(", invalidation {id}"));
    }
    console.say(&format!("{said}; {asked}, {took:.1} s"));
}

/// What an error means for whoever started the run.
fn failure(error: RunError, console: &Console) -> Failure {
    if let Err(interrupted) = interruption::heed(console.interruption()) {
        return interrupted;
    }
    let said = error.to_string();
    match error {
        RunError::Impossible(Impossible::Foreign(_))
        | RunError::Lock(LockError::Held { .. })
        | RunError::LockLost
        | RunError::TooMuchGone { .. }
        | RunError::Apply(ApplyError::Overtaken | ApplyError::Foreign(_)) => Failure::Refused(said),
        RunError::Impossible(_) => Failure::Usage(said),
        RunError::Store(error)
        | RunError::Lock(LockError::Store(error))
        | RunError::Apply(ApplyError::Untold(error))
        | RunError::Apply(ApplyError::Store(error)) => match error {
            StoreError::Failed { is_setup: true, .. } => Failure::Usage(said),
            StoreError::Conflict => Failure::Refused(said),
            _ => Failure::machine("publishing", said),
        },
        RunError::Apply(ApplyError::Unreadable { path, source }) => {
            Failure::machine(format!("reading `{path}`"), source)
        }
        RunError::Apply(ApplyError::Changed(_) | ApplyError::Lost(_)) => Failure::machine("publishing", said),
    }
}
