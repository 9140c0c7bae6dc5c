//! Does what a plan says, in the one order in which readers see the old site or the new one: first everything that
//! nobody reads yet, then the pointer, then the removal of what nobody reads any more.

use std::future::Future;
use std::io::Write as _;
use std::path::PathBuf;

use tokio::task::JoinSet;

use super::edge::Edge;
use super::manifest::{Item, Manifest, Mode, POINTER, Pointer};
use super::plan::{Copy, Deletion, Plan, Upload, releases};
use super::store::{Condition, Parcel, Store, StoreError, Tag};
use crate::render::site::Digest;
use crate::settings::Interruption;
use crate::words;

/// Most objects that are removed with one question.
const REMOVED: usize = 1000;

/// Hears how far it has come. Called from many threads.
pub trait Progress: Send + Sync {
    /// A phase begins, of so many steps.
    fn started(&self, phase: &str, total: usize);
    /// One more step is done.
    fn advanced(&self);
    /// The phase is over, with what came of it in a line.
    fn finished(&self, summary: &str);
}

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Files that were sent.
    pub sent: usize,
    /// Files that the target copied.
    pub copied: usize,
    /// Objects that were removed.
    pub removed: usize,
    /// What CloudFront called its work.
    pub invalidation: Option<String>,
}

/// Why it was not done to the end. What readers see is whole all the same.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// A file of the site is not what it was.
    #[error(
        "`{0}` changed while the site was published; nothing new is shown, so build the site again and publish it"
    )]
    Changed(String),
    /// A file of the site cannot be read.
    #[error("cannot read `{path}`")]
    Unreadable {
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// Somebody else published meanwhile.
    #[error(
        "somebody else published there meanwhile, so this publication is not shown; run it again to publish on top of theirs"
    )]
    Overtaken,
    /// Something of somebody else is in the way.
    #[error("`{0}` is in the way: no publication of ours wrote it; move it away, or choose another place")]
    Foreign(String),
    /// The target does not list what it was given.
    #[error("the target does not list {} as it was sent; the pointer was not moved, so run it again", words::first(.0, 5))]
    Lost(Vec<String>),
    /// The content network did not do as it was told.
    #[error("{0}; the site is published all the same, and the next run tells it again")]
    Untold(StoreError),
    /// The target did not do as it was told.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a plan is done with.
pub(super) struct Work<'a, S> {
    pub(super) store: S,
    /// The folder of the built site.
    pub(super) folder: PathBuf,
    /// How many files travel side by side.
    pub(super) jobs: usize,
    pub(super) interruption: Interruption,
    pub(super) progress: &'a dyn Progress,
}

/// Does what `plan` says.
pub(super) async fn apply<S: Store + Clone + 'static>(
    work: &Work<'_, S>,
    plan: &Plan,
    edge: &impl Edge,
) -> Result<Outcome, ApplyError> {
    let store = &work.store;
    let mut outcome = Outcome::default();
    let mut tag = plan.tag.clone();
    if let Some(manifest) = &plan.manifest {
        store.write(&Manifest::key(&manifest.id), &manifest.text(), &Condition::Always).await?;
        if let Some(meanwhile) = &plan.meanwhile {
            tag = Some(point(store, meanwhile, tag).await?);
        }
        let uploads = transfer(work, plan, &mut outcome).await?;
        send(work, plan, uploads, &mut outcome).await?;
        if plan.mode == Mode::Releases {
            verify(store, manifest).await?;
        }
    }
    heed(&work.interruption)?;
    // Nobody was led to these for a day.
    let files = plan.deletions.iter().filter_map(|deletion| match deletion {
        Deletion::File { path } => Some(path.clone()),
        Deletion::Release { .. } => None,
    });
    outcome.removed += remove(store, files.collect()).await?;
    if let Some(pointer) = &plan.pointer {
        tag = Some(point(store, pointer, tag).await?);
    }
    if let Some(id) = &plan.show {
        store.show(id).await?;
    }
    if let Some((owed, pointer)) = plan.invalidation.as_ref().zip(plan.pointer.as_ref()) {
        outcome.invalidation = Some(edge.invalidate(owed).await.map_err(ApplyError::Untold)?);
        point(store, &Pointer { invalidation: None, ..pointer.clone() }, tag).await?;
    }
    for deletion in &plan.deletions {
        heed(&work.interruption)?;
        if let Deletion::Release { id, .. } = deletion {
            outcome.removed += remove_release(store, id).await?;
        }
    }
    remove(store, plan.leftovers.iter().map(|id| Manifest::key(id)).collect()).await?;
    Ok(outcome)
}

fn heed(interruption: &Interruption) -> Result<(), StoreError> {
    if interruption.is_requested() { Err(StoreError::Interrupted) } else { Ok(()) }
}

/// Moves the pointer, unless it was moved since it was read.
async fn point(store: &impl Store, pointer: &Pointer, tag: Option<Tag>) -> Result<Tag, ApplyError> {
    let text = pointer.text();
    let condition = tag.map_or(Condition::Absent, Condition::Unchanged);
    match store.write(POINTER, &text, &condition).await {
        // Perhaps it was us, and only the answer was lost.
        Err(StoreError::Conflict) => match store.read(POINTER).await? {
            Some((there, tag)) if there == text => Ok(tag),
            _ => Err(ApplyError::Overtaken),
        },
        done => Ok(done?),
    }
}

/// Lets the target copy what it has; gives what has to be sent.
async fn transfer<S: Store + Clone + 'static>(
    work: &Work<'_, S>,
    plan: &Plan,
    outcome: &mut Outcome,
) -> Result<Vec<Upload>, ApplyError> {
    let mut uploads = plan.uploads.clone();
    if plan.copies.is_empty() {
        return Ok(uploads);
    }
    work.progress.started("copying", plan.copies.len());
    let folder = releases::folder(&plan.release);
    let mut missing = Vec::new();
    let copy = |Copy { from, item }: Copy| {
        let (store, to) = (work.store.clone(), format!("{folder}{}", item.path));
        async move {
            match store.copy(&from, &to, item.sha256, &item.headers).await {
                Err(StoreError::Missing) => Ok(Some(item)),
                done => done.map(|()| None).map_err(ApplyError::from),
            }
        }
    };
    let mut done = 0;
    side_by_side(work, plan.copies.iter().cloned(), copy, |item| match item {
        Some(item) => missing.push(item),
        None => done += 1,
    })
    .await?;
    outcome.copied += done;
    let copied = words::count(done, "file", "files");
    work.progress.finished(&format!("{copied} copied by the target"));
    // What is not there to be copied, or is not what it should be, is sent after all.
    uploads.extend(missing.into_iter().map(|item| Upload { item, stage: 0, is_new: false }));
    Ok(uploads)
}

/// Sends files, stage after stage.
async fn send<S: Store + Clone + 'static>(
    work: &Work<'_, S>,
    plan: &Plan,
    uploads: Vec<Upload>,
    outcome: &mut Outcome,
) -> Result<(), ApplyError> {
    if uploads.is_empty() {
        return Ok(());
    }
    work.progress.started("sending", uploads.len());
    let folder = match plan.mode {
        Mode::Releases => releases::folder(&plan.release),
        Mode::InPlace => String::new(),
    };
    let mut rest = uploads.as_slice();
    while let Some(first) = rest.first() {
        let stage = rest.iter().take_while(|upload| upload.stage == first.stage).count();
        let (now, later) = rest.split_at(stage);
        let send = |upload: Upload| {
            let (store, from) = (work.store.clone(), work.folder.join(&upload.item.path));
            let key = format!("{folder}{}", upload.item.path);
            async move { send_one(&store, from, &key, &upload).await }
        };
        side_by_side(work, now.iter().cloned(), send, |()| outcome.sent += 1).await?;
        rest = later;
    }
    work.progress.finished(&format!("{} sent", words::count(outcome.sent, "file", "files")));
    Ok(())
}

async fn send_one(store: &impl Store, from: PathBuf, key: &str, upload: &Upload) -> Result<(), ApplyError> {
    let item = &upload.item;
    let bytes =
        std::fs::read(from).map_err(|source| ApplyError::Unreadable { path: item.path.clone(), source })?;
    if Digest::of(&bytes) != item.sha256 {
        return Err(ApplyError::Changed(item.path.clone()));
    }
    let bytes = if item.headers.encoding.is_some() { compressed(&bytes) } else { bytes };
    let sent = if item.headers.encoding.is_some() { Digest::of(&bytes) } else { item.sha256 };
    let parcel =
        Parcel { bytes: &bytes, sent, content: item.sha256, headers: &item.headers, is_new: upload.is_new };
    match store.put(key, parcel).await {
        Err(StoreError::Conflict) => match store.digest(key).await? {
            // Perhaps it was us, and only the answer was lost, or the run before.
            Some(there) if there == item.sha256 => Ok(()),
            // The note that says so was lost.
            Some(_) if store.is_signed() => Ok(store.put(key, Parcel { is_new: false, ..parcel }).await?),
            _ => Err(ApplyError::Foreign(item.path.clone())),
        },
        done => Ok(done?),
    }
}

/// `bytes` as gzip packs them; always the same for the same bytes.
fn compressed(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let packed = packer.write_all(bytes).and_then(|()| packer.finish());
    packed.expect("memory takes whatever is written")
}

/// Does `work` for all `items`, as many side by side as are wanted, and hands what comes of each to `take`.
async fn side_by_side<S, T, R, F>(
    work: &Work<'_, S>,
    items: impl Iterator<Item = T>,
    task: impl Fn(T) -> F,
    mut take: impl FnMut(R),
) -> Result<(), ApplyError>
where
    R: Send + 'static,
    F: Future<Output = Result<R, ApplyError>> + Send + 'static,
{
    let mut running = JoinSet::new();
    let mut items = items.fuse();
    loop {
        heed(&work.interruption)?;
        while running.len() < work.jobs
            && let Some(item) = items.next()
        {
            running.spawn(task(item));
        }
        let Some(done) = running.join_next().await else { return Ok(()) };
        take(done.map_err(|error| StoreError::failed("sending", &error))??);
        work.progress.advanced();
    }
}

/// Compares what the target lists of a publication with what it should have.
pub(super) async fn verify(store: &impl Store, manifest: &Manifest) -> Result<(), ApplyError> {
    let folder = releases::folder(&manifest.id);
    let listed = store.list(&folder).await?;
    let there: std::collections::BTreeMap<&str, u64> =
        listed.iter().filter_map(|found| Some((found.key.strip_prefix(&folder)?, found.size))).collect();
    let is_lost = |item: &&Item| match there.get(item.path.as_str()) {
        Some(size) => item.headers.encoding.is_none() && *size != item.size,
        None => true,
    };
    let lost: Vec<String> = manifest.files.iter().filter(is_lost).map(|item| item.path.clone()).collect();
    if lost.is_empty() { Ok(()) } else { Err(ApplyError::Lost(lost)) }
}

/// Removes what a publication wrote into its folder, as its manifest lists it; the manifest last, so that a run that
/// is killed meanwhile leaves the next one knowing.
async fn remove_release(store: &impl Store, id: &str) -> Result<usize, ApplyError> {
    let Some((text, _)) = store.read(&Manifest::key(id)).await? else { return Ok(0) };
    // What no manifest lists is nobody's to remove.
    let Some(manifest) = Manifest::parse(id, &text) else { return Ok(0) };
    let folder = releases::folder(id);
    let removed = remove(store, manifest.files.iter().map(|file| format!("{folder}{}", file.path)).collect());
    let removed = removed.await?;
    store.remove(&[Manifest::key(id)]).await?;
    Ok(removed)
}

async fn remove(store: &impl Store, keys: Vec<String>) -> Result<usize, ApplyError> {
    for some in keys.chunks(REMOVED) {
        store.remove(some).await?;
    }
    Ok(keys.len())
}
