//! The ledger on disk: read before a run is added, written after, and held meanwhile, so that two runs at once
//! cannot both be the next.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::files;
use crate::commands::{Console, Failure};
use crate::evidence::ledger::Ledger;

/// A ledger that nobody else adds to.
pub(super) struct Held {
    path: PathBuf,
    /// Let go by the machine when it is closed, even after a crash.
    _lock: File,
}

/// The chain at `path`; an empty one when there is none. One that does not hold is refused: going on would hide it.
pub(super) fn read(path: &Path) -> Result<Ledger, Failure> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(Failure::Usage(format!("`{}` cannot be read: {error}", path.display()))),
    };
    Ledger::read(&text).map_err(|why| {
        Failure::Refused(format!(
            "`{}`: {why}; nothing is added to a chain that is broken: restore it, or begin another with --ledger",
            path.display()
        ))
    })
}

/// Waits until nobody else adds to the chain at `path`, and reads it.
pub(super) fn hold(path: &Path, console: &Console) -> Result<(Held, Ledger), Failure> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".lock");
    let beside = path.with_file_name(name);
    let failed = |error| Failure::machine(format!("locking `{}`", beside.display()), error);
    if let Some(folder) = beside.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    let lock = File::options().create(true).append(true).open(&beside).map_err(failed)?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            console.say(&format!("waiting: another run adds to `{}`", path.display()));
            lock.lock().map_err(failed)?;
        }
        Err(TryLockError::Error(error)) => return Err(failed(error)),
    }
    let ledger = read(path)?;
    Ok((Held { path: path.to_owned(), _lock: lock }, ledger))
}

impl Held {
    /// Puts `ledger` in the place of what was read.
    pub(super) fn write(&self, ledger: &Ledger) -> Result<(), Failure> {
        files::replace(&self.path, |file| file.write_all(ledger.text().as_bytes()))
            .map_err(|error| Failure::machine(format!("writing `{}`", self.path.display()), error))
    }
}
