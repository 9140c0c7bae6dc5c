//! Folders of files, as tests need them: listed, and copied to where they may be changed.

use std::fs;
use std::path::{Path, PathBuf};

/// Every file below `folder`, sorted; nothing when it is not there.
pub(super) fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else { return files };
    for entry in entries {
        let path = entry.expect("an entry").path();
        if path.is_dir() { files.extend(files_below(&path)) } else { files.push(path) }
    }
    files.sort();
    files
}

/// Copies the files of `from` to `to`, and hands back `to`.
pub(super) fn copied(from: &Path, to: &Path) -> PathBuf {
    for path in files_below(from) {
        let copy = to.join(path.strip_prefix(from).expect("below"));
        fs::create_dir_all(copy.parent().expect("a folder")).expect("it can be made");
        fs::copy(&path, &copy).expect("it can be copied");
    }
    to.to_owned()
}
