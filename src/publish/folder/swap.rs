//! Puts a new folder in the place of an old one: in one step where the operating system can exchange
//! two names, else in two with the old one set aside.

use std::fs;
use std::io;
use std::path::Path;

/// Puts `new` in the place of `target`. Afterwards the old one lies at `new` or at `aside`.
pub(super) fn swap(new: &Path, target: &Path, aside: &Path) -> io::Result<()> {
    if !target.exists() {
        return fs::rename(new, target);
    }
    match exchange(new, target) {
        Some(done) => done,
        None => in_two_steps(new, target, aside),
    }
}

/// The two steps; a run that is killed between them leaves the old site aside, whole.
pub(super) fn in_two_steps(new: &Path, target: &Path, aside: &Path) -> io::Result<()> {
    fs::rename(target, aside)?;
    fs::rename(new, target)
}

/// Exchanges two names in one step; `None` where that is not possible.
#[cfg(target_os = "linux")]
fn exchange(new: &Path, target: &Path) -> Option<io::Result<()>> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    match renameat_with(CWD, new, CWD, target, RenameFlags::EXCHANGE) {
        Err(Errno::NOSYS | Errno::INVAL | Errno::OPNOTSUPP) => None,
        done => Some(done.map_err(io::Error::from)),
    }
}

#[cfg(not(target_os = "linux"))]
fn exchange(_: &Path, _: &Path) -> Option<io::Result<()>> {
    None
}
