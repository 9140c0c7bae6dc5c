//! The git source: repositories read from their objects, without a checkout. Remotes are fetched into mirrors
//! that stay for the next night; clones in a folder are read where they lie.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use rayon::prelude::*;

use super::beneath::Root;
use super::contents::{Contents as _, Entry, Kind};
use super::files::{NamedFiles, readable};
use super::folder::{idle_exclusions, summary};
use super::git::mirror::{Fetched, Mirror};
use super::git::{Identity, WorkTree};
use super::outcome::Outcome;
use super::progress::Progress;
use super::repository::{Examined, Plan};
use super::snapshot::{Carried, Content, RepositoryState};
use super::walk::{in_words, plain};
use crate::settings::{Remote, Settings, Source};

/// How many remotes are asked at once: a server answers slowly, and few mind this many questions.
pub(super) const AT_ONCE: usize = 8;

/// How often files are fetched of one repository: descriptors, then the documents they name, and once more
/// for those that are named by what was fetched then.
const ROUNDS: usize = 5;

/// Where a repository is.
pub(super) enum Place {
    /// To be fetched.
    Remote(Remote),
    /// Here: its folder, and its name.
    Clone(PathBuf, String),
}

/// Reads every repository of `source`, or says why none can be read.
pub(super) fn collect(
    source: &Source,
    settings: &Settings,
    named: &NamedFiles<'_>,
    progress: &dyn Progress,
) -> Result<Outcome, String> {
    let places = match source.remotes.is_empty() {
        true => clones(source)?,
        false => source.remotes.iter().cloned().map(Place::Remote).collect(),
    };
    progress.started(&format!("reading repositories of `{}`", source.name), Some(places.len() as u64));
    let examine = |place: &Place| {
        let examined = Night { source, settings, named }.examine(place);
        progress.advanced(1);
        examined
    };
    let goes_on = |_: &&Place| !settings.interruption.is_requested();
    let examined =
        pool()?.install(|| places.par_iter().filter(goes_on).map(examine).collect::<Vec<Examined>>());
    let mut outcome = Outcome::default();
    for one in examined {
        let name = &one.repository.name;
        outcome.shortfalls.extend(one.shortfalls.iter().map(|why| format!("`{name}`: {why}")));
        outcome.repositories.push((one.repository, one.files));
    }
    outcome.items = outcome.repositories.len() as u64;
    outcome.notes = idle_exclusions(source, settings, &outcome.repositories);
    progress.finished(&summary(source, &outcome.repositories));
    Ok(outcome)
}

/// Threads that ask [`AT_ONCE`] remotes.
pub(super) fn pool() -> Result<rayon::ThreadPool, String> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(AT_ONCE).build();
    pool.map_err(|error| format!("the machine has no room for {AT_ONCE} threads: {error}"))
}

/// Every child folder that is a repository, bare or not.
pub(super) fn clones(source: &Source) -> Result<Vec<Place>, String> {
    let reason = |why: String| format!("`{}` cannot be read: {why}", source.path.display());
    let root = Root::open(&source.path).map_err(|error| reason(plain(&error)))?;
    let mut entries = root.list(b"").map_err(|refusal| reason(in_words(&refusal)))?;
    entries.sort();
    let folders = entries.into_iter().filter(|entry| entry.kind == Kind::Folder);
    let place = |Entry { name, .. }: Entry| {
        let folder = source.path.join(OsStr::from_bytes(&name));
        let is_repository = folder.join(".git").is_dir() || folder.join("HEAD").is_file();
        let label = readable(&name);
        let label = label.strip_suffix(".git").unwrap_or(&label).to_owned();
        is_repository.then_some(Place::Clone(folder, label))
    };
    Ok(folders.filter_map(place).collect())
}

/// What is the same for every repository of a source.
struct Night<'a> {
    source: &'a Source,
    settings: &'a Settings,
    named: &'a NamedFiles<'a>,
}

impl Night<'_> {
    fn examine(&self, place: &Place) -> Examined {
        match place {
            Place::Remote(remote) => self.remote(remote),
            Place::Clone(folder, label) => self.clone(folder, label),
        }
    }

    /// Reads a clone that lies here, its `HEAD` and not what is checked out.
    fn clone(&self, folder: &std::path::Path, label: &str) -> Examined {
        let tree = WorkTree::open(folder);
        let identity = tree.as_ref().ok().and_then(WorkTree::identity);
        let mut examined = self.unread(identity, label);
        if examined.is_excluded(self.source, self.settings) {
            return examined;
        }
        match tree.and_then(|tree| Ok((tree.contents()?, tree))) {
            Ok((contents, tree)) => {
                let plan =
                    Plan { root: Box::new(contents), from: String::new(), tree: Some(tree), found: None };
                examined.read(plan, self.settings, self.named);
            }
            Err(reason) => examined.give_up(reason),
        }
        examined.sorted()
    }

    /// Fetches and reads a remote. A mirror that turns out to be damaged is thrown away and fetched anew: it
    /// costs time, nothing else.
    fn remote(&self, remote: &Remote) -> Examined {
        let mut unread = self.unread(Identity::of(remote.url()), remote.label());
        if unread.is_excluded(self.source, self.settings) {
            return unread;
        }
        let mut mirror = Mirror::new(&self.source.path, remote, self.settings);
        if let Err(reason) = mirror.hold() {
            unread.give_up(reason);
            return unread;
        }
        let was_fetched = mirror.has_branch();
        let examined = self.refreshed(&mirror, unread.clone());
        // Nothing is known of a mirror that was left in the middle.
        let is_over = self.settings.interruption.is_requested();
        if was_fetched && !is_over && is_damaged(&examined) && mirror.clear().is_ok() {
            return self.refreshed(&mirror, unread);
        }
        examined
    }

    /// Fetches what moved, and then the files that are read. When the remote does not answer, what was
    /// fetched before is read, and it is said.
    fn refreshed(&self, mirror: &Mirror<'_>, mut unread: Examined) -> Examined {
        let had_before = mirror.has_branch();
        // Before it is overwritten: what is read after a failure is of then.
        let seen = mirror.fetched_at();
        let gap = match mirror.update() {
            Ok(Fetched::Branch) => mirror.note(self.settings.now).err(),
            // A branch that was there and is not may come back; an emptied repository is not nothing.
            Ok(Fetched::Nothing) if had_before => {
                Some("its default branch is gone; read as it was before".to_owned())
            }
            Ok(Fetched::Nothing) => return unread.sorted(),
            Err(reason) if self.settings.interruption.is_requested() => {
                unread.give_up(reason);
                return unread;
            }
            Err(reason) if had_before => Some(format!("not fetched ({reason}); read as it was before")),
            Err(reason) => {
                unread.give_up(reason);
                return unread;
            }
        };
        let mut examined = self.fetched(mirror, unread);
        if let (Some(since), Some(reason)) = (seen, &gap) {
            examined.repository.carried = Some(Carried { since, reason: reason.as_str().into() });
        }
        examined.shortfalls.extend(gap);
        examined.sorted()
    }

    /// Reads a mirror, and fetches the files that are missed, until none is.
    fn fetched(&self, mirror: &Mirror<'_>, unread: Examined) -> Examined {
        let mut examined;
        for _ in 0..ROUNDS {
            examined = unread.clone();
            let opened = WorkTree::open(&mirror.folder).and_then(|tree| Ok((tree.contents()?, tree)));
            let (contents, tree) = match opened {
                Ok(opened) => opened,
                Err(reason) => {
                    examined.give_up(reason);
                    return examined;
                }
            };
            let absent = tree.absent().clone();
            let plan = Plan { root: Box::new(contents), from: String::new(), tree: Some(tree), found: None };
            examined.read(plan, self.settings, self.named);
            let missed = absent.take();
            if missed.is_empty() {
                return examined;
            }
            if let Err(reason) = mirror.fetch_objects(&missed) {
                examined.shortfalls.push(format!("files could not be fetched: {reason}"));
                return examined;
            }
        }
        let mut examined = unread;
        examined.give_up(format!("its files are still incomplete after {ROUNDS} rounds of fetching"));
        examined
    }

    fn unread(&self, identity: Option<Identity>, label: &str) -> Examined {
        let mut examined = Examined::new(label, self.source);
        if let Some(Identity { name, url }) = identity {
            examined.repository.name = name.into();
            examined.repository.url = Some(url.into());
        }
        examined
    }
}

/// Whether what lies here could not be read: no fault of the remote.
fn is_damaged(examined: &Examined) -> bool {
    matches!(examined.repository.state, RepositoryState::Unreadable { .. })
        || examined.files.iter().any(|file| matches!(file.content, Content::Unreadable { .. }))
}
