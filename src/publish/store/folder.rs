//! A folder of this machine as a target: files are written beside their place and moved there, notes on condition under
//! a lock of the operating system, and readers are led by a link that is exchanged in one step.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::{Condition, Listed, Parcel, Shown, Store, StoreError, Tag};
use crate::publish::manifest::{self, Headers, Mode, STATE};
use crate::publish::plan::releases;
use crate::render::site::Digest;

/// The link that readers follow.
const CURRENT: &str = "current";

/// A folder.
#[derive(Clone, Debug)]
pub struct Folder {
    root: PathBuf,
    mode: Mode,
    counts: Arc<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    requests: AtomicU64,
    names: AtomicU64,
}

impl Folder {
    /// The folder `root`, made when it is first written to.
    pub fn new(root: PathBuf, mode: Mode) -> Self {
        Self { root, mode, counts: Arc::default() }
    }

    fn count(&self) {
        self.counts.requests.fetch_add(1, Ordering::Relaxed);
    }

    fn path(&self, key: &str) -> PathBuf {
        self.root.join(key)
    }

    /// Where a file lies until it is whole.
    fn aside(&self) -> PathBuf {
        let number = self.counts.names.fetch_add(1, Ordering::Relaxed);
        self.root.join(format!("{STATE}new/{}-{number}", std::process::id()))
    }

    /// Puts what `make` writes aside to the place `key`.
    fn place(&self, key: &str, make: impl Fn(&Path) -> io::Result<()>) -> Result<(), StoreError> {
        let (aside, to) = (self.aside(), self.path(key));
        let done = beneath(&aside, &make).and_then(|()| beneath(&to, |to| fs::rename(&aside, to)));
        done.map_err(|error| {
            let _ = fs::remove_file(&aside);
            failed("writing", &to, &error)
        })
    }

    /// Keeps everybody else from writing notes until it is dropped.
    fn exclusively(&self) -> Result<File, StoreError> {
        let path = self.path(&format!("{STATE}notes"));
        let open = |path: &Path| File::options().create(true).append(true).open(path);
        let mut file = None;
        beneath(&path, |path| {
            file = Some(open(path)?);
            Ok(())
        })
        .map_err(|error| failed("opening", &path, &error))?;
        let file = file.ok_or(StoreError::Missing)?;
        file.lock().map_err(|error| failed("locking", &path, &error))?;
        Ok(file)
    }

    fn bytes(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let path = self.path(key);
        match fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(failed("reading", &path, &error)),
        }
    }

    /// Whether `condition` holds of the note `key`.
    fn holds(&self, key: &str, condition: &Condition) -> Result<bool, StoreError> {
        let there = self.bytes(key)?.map(|bytes| tag(&bytes));
        Ok(match condition {
            Condition::Always => true,
            Condition::Absent => there.is_none(),
            Condition::Unchanged(tag) => there.as_ref() == Some(tag),
        })
    }

    /// Removes a file, and the folders around it that are empty then.
    fn remove_one(&self, key: &str) -> Result<(), StoreError> {
        let path = self.path(key);
        match fs::remove_file(&path) {
            Ok(()) => {}
            Err(error) if is_absent(&error) => {}
            Err(error) => return Err(failed("removing", &path, &error)),
        }
        let above = path.ancestors().skip(1).take_while(|folder| *folder != self.root);
        for folder in above {
            // Not empty, or gone already.
            if fs::remove_dir(folder).is_err() && folder.exists() {
                break;
            }
        }
        Ok(())
    }
}

impl Store for Folder {
    async fn read(&self, key: &str) -> Result<Option<(Vec<u8>, Tag)>, StoreError> {
        self.count();
        Ok(self.bytes(key)?.map(|bytes| {
            let tag = tag(&bytes);
            (bytes, tag)
        }))
    }

    async fn write(&self, key: &str, text: &[u8], condition: &Condition) -> Result<Tag, StoreError> {
        self.count();
        let _others_wait = self.exclusively()?;
        if !self.holds(key, condition)? {
            return Err(StoreError::Conflict);
        }
        // Notes outlive a power cut; pages come again.
        self.place(key, |path| {
            let mut file = File::create(path)?;
            file.write_all(text)?;
            file.sync_all()
        })?;
        Ok(tag(text))
    }

    async fn put(&self, key: &str, parcel: Parcel<'_>) -> Result<(), StoreError> {
        self.count();
        if parcel.is_new && self.path(key).symlink_metadata().is_ok() {
            return Err(StoreError::Conflict);
        }
        self.place(key, |path| fs::write(path, parcel.bytes))
    }

    async fn copy(&self, from: &str, to: &str, content: Digest, _: &Headers) -> Result<(), StoreError> {
        self.count();
        // Looked at before it becomes part of something new: the bytes may have been changed by hand.
        if self.bytes(from)?.is_none_or(|bytes| Digest::of(&bytes) != content) {
            return Err(StoreError::Missing);
        }
        let from = self.path(from);
        self.place(to, |path| fs::hard_link(&from, path).or_else(|_| fs::copy(&from, path).map(drop)))
    }

    async fn list(&self, prefix: &str) -> Result<Vec<Listed>, StoreError> {
        self.count();
        let mut found = Vec::new();
        let mut waiting = vec![prefix.to_owned()];
        while let Some(inside) = waiting.pop() {
            let folder = self.path(&inside);
            let entries = match fs::read_dir(&folder) {
                Ok(entries) => entries,
                Err(error) if is_absent(&error) => continue,
                Err(error) => return Err(failed("listing", &folder, &error)),
            };
            for entry in entries {
                let entry = entry.map_err(|error| failed("listing", &folder, &error))?;
                let Ok(name) = entry.file_name().into_string() else { continue };
                let metadata = entry.metadata().map_err(|error| failed("listing", &folder, &error))?;
                match metadata.is_dir() {
                    true => waiting.push(format!("{inside}{name}/")),
                    false => found.push(Listed { key: format!("{inside}{name}"), size: metadata.len() }),
                }
            }
        }
        Ok(found)
    }

    async fn digest(&self, key: &str) -> Result<Option<Digest>, StoreError> {
        self.count();
        Ok(self.bytes(key)?.map(|bytes| Digest::of(&bytes)))
    }

    async fn remove(&self, keys: &[String]) -> Result<(), StoreError> {
        self.count();
        keys.iter().try_for_each(|key| self.remove_one(key))
    }

    async fn remove_unchanged(&self, key: &str, tag: &Tag) -> Result<(), StoreError> {
        self.count();
        let _others_wait = self.exclusively()?;
        if !self.holds(key, &Condition::Unchanged(tag.clone()))? {
            return Err(StoreError::Conflict);
        }
        self.remove_one(key)
    }

    async fn shown(&self) -> Result<Option<Shown>, StoreError> {
        if self.mode == Mode::InPlace {
            return Ok(None);
        }
        let link = self.path(CURRENT);
        match fs::read_link(&link) {
            Ok(to) => {
                let id = to.file_name().and_then(|name| name.to_str()).filter(|name| manifest::is_name(name));
                Ok(Some(id.map_or(Shown::Nothing, |id| Shown::Release(id.to_owned()))))
            }
            Err(error) if is_absent(&error) => Ok(Some(Shown::Nothing)),
            Err(_) => Err(StoreError::Failed {
                doing: format!("reading `{}`", link.display()),
                reason: "it is no link".to_owned(),
                help: "move it away, or choose another folder".to_owned(),
                is_setup: true,
            }),
        }
    }

    async fn show(&self, id: &str) -> Result<(), StoreError> {
        self.count();
        let to = releases::folder(id);
        self.place(CURRENT, |path| link(Path::new(to.trim_end_matches('/')), path))
    }

    async fn tidy(&self) -> Result<(), StoreError> {
        let folder = self.path(&format!("{STATE}new"));
        match fs::remove_dir_all(&folder) {
            Err(error) if !is_absent(&error) => Err(failed("removing", &folder, &error)),
            _ => Ok(()),
        }
    }

    fn is_signed(&self) -> bool {
        false
    }

    fn requests(&self) -> u64 {
        self.counts.requests.load(Ordering::Relaxed)
    }
}

fn tag(bytes: &[u8]) -> Tag {
    Tag(Digest::of(bytes).hexadecimal())
}

#[cfg(unix)]
fn link(to: &Path, at: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(to, at)
}

#[cfg(not(unix))]
fn link(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::Error::other("links to folders are not for everybody here; publish with `--in-place`"))
}

/// Does `work` at `path`, and once more when it was only the folder that was missing.
fn beneath(path: &Path, mut work: impl FnMut(&Path) -> io::Result<()>) -> io::Result<()> {
    match work(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(path.parent().unwrap_or(path))?;
            work(path)
        }
        done => done,
    }
}

/// Whether it means that nothing is there.
fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

fn failed(doing: &str, path: &Path, error: &io::Error) -> StoreError {
    let help = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "the disk is full: make room and run it again; what is shown is still whole"
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "whoever runs this needs the right to write there"
        }
        _ => "",
    };
    StoreError::Failed {
        doing: format!("{doing} `{}`", path.display()),
        reason: error.to_string(),
        help: help.to_owned(),
        is_setup: error.kind() == io::ErrorKind::PermissionDenied,
    }
}
