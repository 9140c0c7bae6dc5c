//! Writes a site into a folder: built beside the old one and swapped in whole, so that whoever looks
//! (or kills us) sees the old site or the new one, never between. Removes nothing it did not write.

mod manifest;
mod swap;
mod workplace;

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::render::site::{Copied, File, Record, RenderError, Sink, Site};
use crate::settings::Interruption;
use manifest::{Listed, Manifest};
use workplace::Workplace;

pub use manifest::MANIFEST;
pub(super) use manifest::listed;

/// What came of writing a site.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// How many files the site has.
    pub files: usize,
    /// How many bytes they have together.
    pub bytes: u64,
    /// How many of them were written, because they are new or differ.
    pub written: usize,
    /// How many files of the old site the new one does not have.
    pub removed: usize,
}

/// Why a site could not be written. The old site is still there, whole.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// The folder holds something else.
    #[error("`{}` holds files that no earlier build wrote", .0.display())]
    NotOurs(PathBuf),
    /// The path cannot be a folder of ours.
    #[error("`{}` cannot be replaced: it is no folder with a name", .0.display())]
    NotAFolder(PathBuf),
    /// Another build writes it right now.
    #[error("another build is writing `{}`", .0.display())]
    Locked(PathBuf),
    /// The site itself could not be rendered.
    #[error(transparent)]
    Render(#[from] RenderError),
    /// Something in the site must not be there.
    #[error("what was rendered did not pass the look at it")]
    NotPassed,
    /// The machine refused.
    #[error("cannot {action} `{}`", path.display())]
    Machine {
        /// What was tried.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// The operating system's reason.
        source: io::Error,
    },
}

impl FolderError {
    fn machine(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Machine { action, path, source }
    }
}

/// Refuses what [`write()`] would refuse of the folder `target` as it is now, before there is a site.
pub fn check(target: &Path) -> Result<(), FolderError> {
    workplace::old_site(target).map(drop)
}

/// Looks at every byte before it is put in place.
pub trait Inspector: Sync {
    /// Looks at one file.
    fn look(&self, file: &File<'_>);
    /// Looks into an archive that lies elsewhere.
    fn look_into(&self, file: &Copied<'_>) -> io::Result<()>;
    /// Whether all of them may be put in place.
    fn passes(&self) -> bool;
}

/// Writes `site` into the folder `target`, unless the run is told to end before all of it is rendered, or `inspector`
/// says no to what it saw.
pub fn write(
    site: &Site<'_>,
    target: &Path,
    interruption: &Interruption,
    inspector: Option<&dyn Inspector>,
) -> Result<Outcome, FolderError> {
    replace(target, |sink| {
        let records = site.write(&Heeding { sink, interruption, inspector })?;
        match inspector.is_none_or(|inspector| inspector.passes()) {
            true => Ok(records),
            false => Err(FolderError::NotPassed),
        }
    })
}

/// Takes files until the run is told to end, and shows them to whoever looks.
struct Heeding<'a> {
    sink: &'a dyn Sink,
    interruption: &'a Interruption,
    inspector: Option<&'a dyn Inspector>,
}

impl Sink for Heeding<'_> {
    fn store(&self, file: &File<'_>) -> io::Result<()> {
        if let Some(inspector) = self.inspector {
            inspector.look(file);
        }
        match self.interruption.is_requested() {
            true => Err(io::Error::other("the run was told to end")),
            false => self.sink.store(file),
        }
    }

    fn copy(&self, file: &Copied<'_>) -> io::Result<()> {
        if let Some(inspector) = self.inspector {
            inspector.look_into(file)?;
        }
        match self.interruption.is_requested() {
            true => Err(io::Error::other("the run was told to end")),
            false => self.sink.copy(file),
        }
    }
}

/// Replaces the site in `target` by the files that `fill` stores.
fn replace(
    target: &Path,
    fill: impl FnOnce(&dyn Sink) -> Result<Vec<Record>, FolderError>,
) -> Result<Outcome, FolderError> {
    let workplace = Workplace::open(target)?;
    let old = match workplace.old_site() {
        Ok(old) => old,
        Err(refusal) => {
            workplace.clean_up()?;
            return Err(refusal);
        }
    };
    let staging = Staging { old: &old, target: workplace.target(), new: workplace.new_folder() };
    let records = match fill(&staging) {
        Ok(records) => records,
        Err(failure) => {
            workplace.clean_up()?;
            return Err(failure);
        }
    };
    let files: Vec<Listed> = records.iter().map(Listed::from).collect();
    let new = Manifest::new(files);
    let outcome = Outcome {
        files: records.len(),
        bytes: records.iter().map(|record| record.size).sum(),
        written: records.iter().filter(|record| !staging.is_unchanged(record.path.as_str(), record)).count(),
        removed: old.files().filter(|file| !new.has(&file.path)).count(),
    };
    let same = outcome.written == 0 && outcome.removed == 0 && old.is_complete();
    if !same {
        staging.link_unchanged(&records)?;
        new.write(&workplace.new_folder())?;
        workplace.swap()?;
    }
    workplace.clean_up()?;
    Ok(outcome)
}

/// The old site as far as it can be used again.
#[derive(Debug, Default)]
struct OldSite {
    files: HashMap<String, Listed>,
    complete: bool,
}

impl OldSite {
    fn files(&self) -> impl Iterator<Item = &Listed> {
        self.files.values()
    }

    /// Whether every file that the manifest lists is there, untouched since.
    fn is_complete(&self) -> bool {
        self.complete
    }
}

/// Takes new and changed files; the others stay where they are until the swap is certain.
struct Staging<'a> {
    old: &'a OldSite,
    target: PathBuf,
    new: PathBuf,
}

impl Staging<'_> {
    fn is_unchanged(&self, path: &str, record: &Record) -> bool {
        self.old.files.get(path).is_some_and(|old| old.is(record.digest, record.size))
    }

    /// Gives the new folder the files that did not change, without copying them.
    fn link_unchanged(&self, records: &[Record]) -> Result<(), FolderError> {
        let unchanged = records.par_iter().filter(|record| self.is_unchanged(record.path.as_str(), record));
        unchanged.try_for_each(|record| {
            let (from, to) = (self.target.join(record.path.as_str()), self.new.join(record.path.as_str()));
            // Where links are not possible (other file systems, too many links), a copy does as well.
            in_folder(&to, |to| fs::hard_link(&from, to).or_else(|_| fs::copy(&from, to).map(drop)))
                .map_err(FolderError::machine("write", &to))
        })
    }
}

impl Sink for Staging<'_> {
    fn store(&self, file: &File<'_>) -> io::Result<()> {
        let path = file.path.as_str();
        if self.old.files.get(path).is_some_and(|old| old.is(file.digest, file.bytes.len() as u64)) {
            return Ok(());
        }
        in_folder(&self.new.join(path), |path| fs::write(path, file.bytes))
    }

    fn copy(&self, file: &Copied<'_>) -> io::Result<()> {
        if self.is_unchanged(file.path.as_str(), &file.record()) {
            return Ok(());
        }
        in_folder(&self.new.join(file.path.as_str()), |path| file.write_to(&mut fs::File::create(path)?))
    }
}

/// Does `work` at `path`, and once more when it was only the folder that was missing.
fn in_folder(path: &Path, work: impl Fn(&Path) -> io::Result<()>) -> io::Result<()> {
    match work(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(path.parent().unwrap_or(path))?;
            work(path)
        }
        done => done,
    }
}

#[cfg(test)]
mod tests;
