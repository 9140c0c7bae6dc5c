//! One run of publishing, from the question to the target to the lock that is let go: looks, plans, tells the plan, and
//! when asked to does it.

use std::path::PathBuf;
use std::time::Instant;

use super::apply::{self, ApplyError, Outcome, Progress, Work};
use super::edge::Edge;
use super::guard::Loss;
use super::lock::{Lock, LockError, Owner, RENEWED};
use super::manifest::Pointer;
use super::plan::{self, Impossible, Plan, Seen, Wish};
use super::store::{Store, StoreError};
use super::survey;
use crate::day::Moment;
use crate::settings::Interruption;

/// What is asked for.
#[derive(Clone, Debug)]
pub enum Task {
    /// To publish the site in this folder.
    Publish(PathBuf),
    /// To return to a kept publication: to the one of this name or number, else to the one before.
    Rollback(Option<String>),
}

/// A run.
pub struct Run<'a> {
    /// What is asked for.
    pub task: Task,
    /// The site, and who wishes it there.
    pub wish: Wish,
    /// Who runs.
    pub owner: Owner,
    /// The moment at which it began by the clock on the wall, and by the one that only counts.
    pub began: (Moment, Instant),
    /// Whether a holder of the lock ended without letting go, as far as this machine can tell.
    pub is_dead: &'a (dyn Fn(&Owner) -> bool + Sync),
    /// How many files travel side by side.
    pub jobs: usize,
    /// Whether to do it.
    pub is_applied: bool,
    /// Whether it was told to end.
    pub interruption: Interruption,
    /// Hears how far it has come.
    pub progress: &'a dyn Progress,
}

/// Why there is no new publication.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// There can be no plan.
    #[error(transparent)]
    Impossible(#[from] Impossible),
    /// Somebody else is at it.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// Too much would be gone.
    #[error("{}; if that is right, run it again with `--accept-removals {release}`", gone(losses))]
    TooMuchGone {
        /// The publication that is refused.
        release: String,
        /// What would be gone.
        losses: Vec<Loss>,
    },
    /// The lock was lost to somebody else.
    #[error("somebody else took the lock, because it was not renewed in time; nothing more was done")]
    LockLost,
    /// It was not done to the end.
    #[error(transparent)]
    Apply(#[from] ApplyError),
    /// The target could not be asked.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn gone(losses: &[Loss]) -> String {
    let loss = |loss: &Loss| {
        let of = if loss.kind.is_empty() { "the site".to_owned() } else { format!("`{}`", loss.kind) };
        format!("{} of {} files of {of}", loss.gone, loss.of)
    };
    format!("refused: {} would be gone", losses.iter().map(loss).collect::<Vec<_>>().join(", "))
}

/// Runs. `tell` is handed the plan before anything is done.
pub async fn run<S: Store + Clone + 'static>(
    store: &S,
    edge: &impl Edge,
    run: Run<'_>,
    tell: impl Fn(&Plan) + Send + Sync,
) -> Result<Outcome, RunError> {
    let before = match &run.task {
        // Where there is something to do, all else is asked under the lock.
        Task::Publish(_) if run.is_applied => match survey::glance(store, &run.wish).await? {
            Some(seen) => Some(plan::plan(&run.wish, &seen)?),
            None => None,
        },
        _ => Some(planned(store, &run).await?),
    };
    if let Some(plan) = before.filter(|plan| !run.is_applied || plan.is_nothing()) {
        tell(&plan);
        return if plan.losses.is_empty() { Ok(Outcome::default()) } else { Err(too_much(plan)) };
    }
    let now = || {
        let elapsed = i64::try_from(run.began.1.elapsed().as_secs()).unwrap_or(i64::MAX);
        Moment::from_unix_seconds(run.began.0.unix_seconds().saturating_add(elapsed)).unwrap_or(run.began.0)
    };
    let mut lock = Lock::take(store, &run.owner, now(), run.is_dead).await?;
    let done = tokio::select! {
        done = locked(store, edge, &run, &tell) => done,
        lost = renewed(store, &mut lock, now) => Err(lost),
    };
    if !matches!(done, Err(RunError::LockLost)) {
        let released = lock.release(store).await;
        // A failure before is the one to tell.
        done.and_then(|outcome| released.map(|()| outcome).map_err(RunError::from))
    } else {
        done
    }
}

/// What is done under the lock: what the target says may have changed until it was taken.
async fn locked<S: Store + Clone + 'static>(
    store: &S,
    edge: &impl Edge,
    run: &Run<'_>,
    tell: &(impl Fn(&Plan) + Send + Sync),
) -> Result<Outcome, RunError> {
    store.tidy().await?;
    let plan = planned(store, run).await?;
    tell(&plan);
    if !plan.losses.is_empty() {
        return Err(too_much(plan));
    }
    let folder = match &run.task {
        Task::Publish(folder) => folder.clone(),
        Task::Rollback(_) => PathBuf::new(),
    };
    let work = Work {
        store: store.clone(),
        folder,
        jobs: run.jobs,
        interruption: run.interruption.clone(),
        progress: run.progress,
    };
    Ok(apply::apply(&work, &plan, edge).await?)
}

/// Renews the lock until it is lost; why.
async fn renewed(store: &impl Store, lock: &mut Lock, now: impl Fn() -> Moment) -> RunError {
    loop {
        tokio::time::sleep(RENEWED).await;
        match lock.renew(store, now()).await {
            Ok(true) => {}
            Ok(false) => return RunError::LockLost,
            Err(error) => return error.into(),
        }
    }
}

async fn planned<S: Store + Clone + 'static>(store: &S, run: &Run<'_>) -> Result<Plan, RunError> {
    match &run.task {
        Task::Publish(_) => Ok(plan::plan(&run.wish, &survey::look(store, &run.wish).await?)?),
        Task::Rollback(asked) => {
            let asked = asked.as_deref();
            let seen = survey::look_back(store, &run.wish, asked).await?;
            let plan = plan::rollback(&run.wish, &seen, asked)?;
            if !plan.is_nothing() {
                whole(store, &seen, &plan).await?;
            }
            Ok(plan)
        }
    }
}

/// Looks whether what is to come back is still there.
async fn whole(store: &impl Store, seen: &Seen, plan: &Plan) -> Result<(), RunError> {
    let Some(manifest) = seen.strays.iter().find(|manifest| manifest.id == plan.release) else {
        let said = format!(
            "the manifest of `{}` is gone or cannot be read, so nobody knows whether it is whole",
            plan.release
        );
        return Err(Impossible::NoReturn(said).into());
    };
    Ok(apply::verify(store, manifest).await?)
}

fn too_much(plan: Plan) -> RunError {
    RunError::TooMuchGone { release: plan.release, losses: plan.losses }
}

/// The pointer of the target, which names what can be returned to; `None` when nothing was published there.
pub async fn kept(store: &impl Store) -> Result<Option<Pointer>, StoreError> {
    Ok(survey::pointer(store).await?.pointer)
}
