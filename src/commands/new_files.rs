//! Files that a command writes anew: all of them or none, over nothing that is there, and through no link.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use super::Failure;

/// A file to write.
#[derive(Debug)]
pub(super) struct New {
    /// The folder that it belongs to.
    pub(super) dir: PathBuf,
    /// Its path in the folder.
    pub(super) path: String,
    pub(super) text: String,
}

/// Writes files that are not there yet, all or none.
pub(super) fn write_new(new: &[New]) -> Result<(), Failure> {
    if let Some(obstacle) = new.iter().find_map(|new| obstacle(&new.dir, &new.path)) {
        return Err(Failure::Refused(format!("`{}` is in the way; nothing was written", obstacle.display())));
    }
    for New { dir, path, text } in new {
        let place = dir.join(path);
        place
            .parent()
            .map_or(Ok(()), fs::create_dir_all)
            .and_then(|()| OpenOptions::new().write(true).create_new(true).open(&place))
            .and_then(|mut file| file.write_all(text.as_bytes()))
            .map_err(|error| Failure::machine(format!("writing `{}`", place.display()), error))?;
    }
    Ok(())
}

/// What keeps the file at `path` in `dir` from being written: something at its place, or something else than
/// a folder above it. A link is not followed, for it may lead out of the repository.
fn obstacle(dir: &Path, path: &str) -> Option<PathBuf> {
    let mut place = dir.to_owned();
    let mut parts = Path::new(path).components().peekable();
    while let Some(part) = parts.next() {
        place.push(part);
        match place.symlink_metadata() {
            Ok(there) if there.is_dir() && parts.peek().is_some() => {}
            Ok(_) => return Some(place),
            Err(_) => return None,
        }
    }
    None
}
