//! What git knows of a folder: name, commit, and the history of paths. Objects are read in this process;
//! no configuration outside the repository is read, and nothing that the repository's own configuration
//! names is run, followed or fetched. Only `command.rs` starts the git command: to fetch, and to ask a remote whether it answers.

mod base;
mod command;
mod graph;
mod history;
pub(super) mod mirror;
mod paths;
mod remote;
mod tree;

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

#[cfg(feature = "github")]
pub(super) use base::is_sound;
pub(super) use history::{Depth, Wanted};
pub(super) use remote::Identity;
pub(super) use tree::ObjectTree;

use super::snapshot::Commit;
use super::walk::plain;
use crate::day::Moment;

/// Most memory that one object of a repository may claim.
const BYTES_PER_OBJECT: &str = "gitoxide.objects.allocLimit=67108864";

/// Objects kept decoded while a history is walked, in bytes.
const OBJECT_CACHE: usize = 8 << 20;

/// A work tree that git keeps.
pub(super) struct WorkTree {
    repository: gix::Repository,
    /// Its folder.
    pub(super) folder: PathBuf,
    /// What is checked out; `None` before the first commit.
    head: Option<gix::ObjectId>,
    absent: Absent,
}

/// Objects that were looked for and are not here, as in a clone that fetched only a part.
#[derive(Clone, Debug, Default)]
pub(super) struct Absent(Arc<Mutex<BTreeSet<gix::ObjectId>>>);

impl Absent {
    fn add(&self, id: gix::ObjectId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id);
    }

    /// All of them; they are forgotten here.
    pub(super) fn take(&self) -> BTreeSet<gix::ObjectId> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl WorkTree {
    /// Opens the work tree whose root is `folder`.
    pub(super) fn at(folder: &Path) -> Result<Self, String> {
        let mark = folder.join(".git").symlink_metadata().map_err(|error| plain(&error))?;
        if mark.is_symlink() {
            return Err("its `.git` is a symbolic link, which is not followed".to_owned());
        }
        Self::open(folder)
    }

    /// Opens the repository at `folder`, which may have no work tree.
    pub(super) fn open(folder: &Path) -> Result<Self, String> {
        guarded(|| {
            let options = gix::open::Options::isolated()
                .config_overrides([BYTES_PER_OBJECT, "core.useReplaceRefs=false"])
                // Only read, never obeyed: a checkout of another user's may still say what it is.
                .filter_config_section(|_| true);
            let mut repository =
                gix::open_opts(folder, options).map_err(|error| without_place(&in_words(error), folder))?;
            repository.object_cache_size(OBJECT_CACHE);
            let head = repository.head().and_then(gix::Head::try_into_peeled_id).map_err(in_words)?;
            let head = head.map(gix::Id::detach);
            Ok(Self { repository, folder: folder.to_owned(), head, absent: Absent::default() })
        })
    }

    /// What the commit holds that is checked out, or would be; nothing before the first commit.
    pub(super) fn contents(&self) -> Result<ObjectTree, String> {
        guarded(|| {
            let tree = match self.head {
                Some(head) => {
                    let commit = self.repository.find_commit(head).map_err(in_words)?;
                    Some(commit.tree_id().map_err(in_words)?.detach())
                }
                None => None,
            };
            Ok(ObjectTree::new(self.repository.clone().into_sync(), tree, self.absent.clone()))
        })
    }

    /// Objects that were looked for and are not here.
    pub(super) fn absent(&self) -> &Absent {
        &self.absent
    }

    /// Opens the work tree that holds `folder`, with the path of `folder` in it; `None` when there is none,
    /// or when the commit checked out there knows nothing of `folder`.
    pub(super) fn around(folder: &Path) -> Result<Option<(Self, String)>, String> {
        for (steps, ancestor) in folder.ancestors().enumerate() {
            if ancestor.join(".git").symlink_metadata().is_err() {
                continue;
            }
            let tree = match Self::at(ancestor) {
                Ok(tree) => tree,
                Err(reason) if steps == 0 => return Err(reason),
                // Something else that is called `.git`, far above.
                Err(_) => continue,
            };
            let Some(inside) = folder.strip_prefix(ancestor).ok().and_then(Path::to_str) else {
                return Ok(None);
            };
            return Ok(tree.holds_folder(inside)?.then(|| (tree, inside.to_owned())));
        }
        Ok(None)
    }

    /// Name and address, as its remote `origin` gives them.
    pub(super) fn identity(&self) -> Option<Identity> {
        let configuration = self.repository.config_snapshot();
        let origin = configuration.string("remote.origin.url")?;
        Identity::of(std::str::from_utf8(&origin).ok()?)
    }

    /// The commit that is checked out.
    pub(super) fn head(&self) -> Result<Option<Commit>, String> {
        let Some(id) = self.head else { return Ok(None) };
        guarded(|| commit(&self.repository, id))
    }

    fn holds_folder(&self, path: &str) -> Result<bool, String> {
        let Some(head) = self.head else { return Ok(false) };
        if path.is_empty() {
            return Ok(true);
        }
        guarded(|| {
            let tree =
                self.repository.find_commit(head).and_then(|commit| commit.tree()).map_err(in_words)?;
            let entry = tree.lookup_entry_by_path(path).map_err(in_words)?;
            Ok(entry.is_some_and(|entry| entry.mode().is_tree()))
        })
    }
}

/// The name that git gives to a file of these bytes; of the kind of `like`, which is the name of another.
#[cfg(feature = "github")]
pub(super) fn blob_id(bytes: &[u8], like: &str) -> Option<String> {
    let kind = gix::hash::Kind::from_hex_len(like.len())?;
    gix::objs::compute_hash(kind, gix::object::Kind::Blob, bytes).ok().map(|id| id.to_string())
}

/// One commit, as we show it; `None` when its date is none.
fn commit(repository: &gix::Repository, id: gix::ObjectId) -> Result<Option<Commit>, String> {
    let commit = repository.find_commit(id).map_err(in_words)?;
    let author = commit.author().map_err(in_words)?;
    let at = Moment::from_unix_seconds(commit.committer().map_err(in_words)?.seconds());
    let author = super::files::readable(author.name.trim_ascii());
    Ok(at.map(|at| Commit { id: Arc::from(id.to_string()), author: author.into(), at }))
}

/// Runs `work`, and makes a reason of a panic: what a damaged repository holds must not end the run.
fn guarded<T>(work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err("its git data is damaged".to_owned()))
}

/// `reason` without where `folder` lies on this machine, so that every machine says the same.
fn without_place(reason: &str, folder: &Path) -> String {
    let shown = folder.display().to_string();
    let quoted = format!("{shown:?}");
    reason.replace(&quoted, "the folder").replace(&format!("{shown}/"), "").replace(&shown, "the folder")
}

/// The first line of an error.
#[allow(clippy::needless_pass_by_value, reason = "it is handed to `map_err`")]
fn in_words(error: impl std::fmt::Display) -> String {
    let text = error.to_string();
    text.lines().next().unwrap_or_default().to_owned()
}
