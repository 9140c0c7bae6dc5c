//! The hidden folder beside the site: holds the lock, the site that is being built, and for a moment
//! the old one. Whatever a killed run left in it is put right by the next.

use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::manifest::{MANIFEST, Manifest};
use super::{FolderError, OldSite, swap};

/// The hidden folder, locked.
pub(super) struct Workplace {
    target: PathBuf,
    folder: PathBuf,
    /// Held until the end; the operating system lets go of it whatever happens to us.
    lock: File,
}

impl Drop for Workplace {
    fn drop(&mut self) {
        // Said, and not left to the closing of the file: a program that is being started by another thread holds
        // everything that is open for a moment. A lock that cannot be let go ends with us.
        let _ = self.lock.unlock();
    }
}

impl Workplace {
    /// Locks the place beside `target`, and puts right what a killed run left behind.
    pub(super) fn open(target: &Path) -> Result<Self, FolderError> {
        let target = resolve(target)?;
        let mut name = OsString::from(".");
        name.push(target.file_name().unwrap_or_default());
        name.push(".milepost");
        let folder = target.with_file_name(name);
        let lock = lock(&folder, &target)?;
        let workplace = Self { target, folder, lock };
        workplace.recover()?;
        Ok(workplace)
    }

    pub(super) fn target(&self) -> PathBuf {
        self.target.clone()
    }

    /// Where the new site is built.
    pub(super) fn new_folder(&self) -> PathBuf {
        self.folder.join("new")
    }

    fn old_folder(&self) -> PathBuf {
        self.folder.join("old")
    }

    /// What is there already; an error when it is not ours to replace.
    pub(super) fn old_site(&self) -> Result<OldSite, FolderError> {
        old_site(&self.target)
    }

    /// Puts the new site in the place of the old one.
    pub(super) fn swap(&self) -> Result<(), FolderError> {
        swap::swap(&self.new_folder(), &self.target, &self.old_folder())
            .map_err(FolderError::machine("replace", &self.target))
    }

    /// A run that was killed between two renames left the old site aside: it comes back.
    fn recover(&self) -> Result<(), FolderError> {
        let aside = self.old_folder();
        if !self.target.exists() && aside.join(MANIFEST).exists() {
            fs::rename(&aside, &self.target).map_err(FolderError::machine("restore", &self.target))?;
        }
        self.empty()
    }

    /// Removes what is no longer needed, and the hidden folder itself.
    pub(super) fn clean_up(self) -> Result<(), FolderError> {
        self.empty()?;
        let lock = self.folder.join("lock");
        fs::remove_file(&lock).map_err(FolderError::machine("remove", &lock))?;
        fs::remove_dir(&self.folder).map_err(FolderError::machine("remove", &self.folder))
    }

    fn empty(&self) -> Result<(), FolderError> {
        for folder in [self.new_folder(), self.old_folder()] {
            if !folder.exists() {
                continue;
            }
            match Manifest::read(&folder) {
                Some(manifest) => self.remove_listed(&folder, &manifest)?,
                // Half a site: nobody but us ever wrote here.
                None => fs::remove_dir_all(&folder).map_err(FolderError::machine("remove", &folder))?,
            }
        }
        Ok(())
    }

    /// Removes the files of `manifest` from `folder`. What others put there moves into the site.
    fn remove_listed(&self, folder: &Path, manifest: &Manifest) -> Result<(), FolderError> {
        let paths: Vec<&str> = manifest.paths().collect();
        paths.par_iter().try_for_each(|path| remove(&folder.join(path)))?;
        let mut strangers = Vec::new();
        sweep(folder, Path::new(""), &mut strangers).map_err(FolderError::machine("remove", folder))?;
        for stranger in strangers {
            let (from, to) = (folder.join(&stranger), self.target.join(&stranger));
            if to.symlink_metadata().is_ok() {
                return Err(FolderError::NotOurs(from));
            }
            super::in_folder(&to, |to| fs::rename(&from, to)).map_err(FolderError::machine("keep", &from))?;
        }
        // The list goes last: as long as it is there, a later run knows what to do here.
        remove(&folder.join(MANIFEST))?;
        sweep(folder, Path::new(""), &mut Vec::new()).map_err(FolderError::machine("remove", folder))?;
        match fs::remove_dir(folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(FolderError::machine("remove", folder)(error))
            }
            _ => Ok(()),
        }
    }
}

/// Removes empty folders below `folder`, and lists every other thing but the manifest.
fn sweep(folder: &Path, inside: &Path, strangers: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder.join(inside))? {
        let entry = entry?;
        let path = inside.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            let before = strangers.len();
            sweep(folder, &path, strangers)?;
            if strangers.len() == before {
                fs::remove_dir(entry.path())?;
            }
        } else if path != Path::new(MANIFEST) {
            strangers.push(path);
        }
    }
    Ok(())
}

fn remove(path: &Path) -> Result<(), FolderError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(FolderError::machine("remove", path)(error))
        }
        _ => Ok(()),
    }
}

/// The real place of `target`: links are followed, so that what is replaced is what was meant.
fn resolve(target: &Path) -> Result<PathBuf, FolderError> {
    if let Ok(real) = fs::canonicalize(target) {
        return if real.is_dir() && real.file_name().is_some() {
            Ok(real)
        } else {
            Err(FolderError::NotAFolder(target.to_owned()))
        };
    }
    let name = target.file_name().ok_or_else(|| FolderError::NotAFolder(target.to_owned()))?;
    let parent = target.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(FolderError::machine("create", parent))?;
    let parent = fs::canonicalize(parent).map_err(FolderError::machine("find", parent))?;
    Ok(parent.join(name))
}

/// What is at `target` already; an error when it is not ours to replace.
pub(super) fn old_site(target: &Path) -> Result<OldSite, FolderError> {
    let mut entries = match fs::read_dir(target) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(OldSite::default()),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
            return Err(FolderError::NotAFolder(target.to_owned()));
        }
        Err(error) => return Err(FolderError::machine("read", target)(error)),
    };
    if entries.next().is_none() {
        return Ok(OldSite::default());
    }
    let manifest = Manifest::read(target).ok_or_else(|| FolderError::NotOurs(target.to_owned()))?;
    Ok(manifest.into_old_site(target))
}

/// Takes the lock in `folder`. A run that ends removes it, so it may be gone again once it is taken.
fn lock(folder: &Path, target: &Path) -> Result<File, FolderError> {
    let path = folder.join("lock");
    loop {
        fs::create_dir_all(folder).map_err(FolderError::machine("create", folder))?;
        let file = match File::options().create(true).append(true).open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(FolderError::machine("open", &path)(error)),
        };
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(FolderError::Locked(target.to_owned())),
            Err(TryLockError::Error(error)) => return Err(FolderError::machine("lock", &path)(error)),
        }
        if same_file(&file, &path) {
            return Ok(file);
        }
    }
}

#[cfg(unix)]
fn same_file(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let (Ok(held), Ok(there)) = (file.metadata(), fs::metadata(path)) else { return false };
    (held.dev(), held.ino()) == (there.dev(), there.ino())
}

#[cfg(not(unix))]
fn same_file(_: &File, path: &Path) -> bool {
    path.exists()
}
