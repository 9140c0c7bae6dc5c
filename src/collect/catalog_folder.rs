//! The catalog folder: the files that the platform team keeps, with their history where git has it.

use std::collections::BTreeSet;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use super::beneath::Root;
use super::contents::{Contents, FOLDER_FOR_FILE, Kind, SPECIAL};
use super::files::{self, readable};
use super::git::{Depth, WorkTree};
use super::repository::{HISTORY, add_histories};
use super::secrets;
use super::snapshot::{
    CatalogFolder, File, FileRole, LocalFolder, NAME_NOT_UTF8, RefusedPath, Repository, RepositoryState,
    Revision,
};
use super::walk::{in_words, joined, plain};
use crate::settings::Limits;

/// Folders that hold records, at any depth.
const FOLDERS: [&str; 11] = [
    "accounts",
    "capabilities",
    "controls",
    "environments",
    "exceptions",
    "golden-paths",
    "metrics",
    "policy",
    "products",
    "scorecards",
    "teams",
];

/// The folder whose files' every revision is wanted.
const EXCEPTIONS: &str = "exceptions/";

/// Why a catalog folder cannot be used at all.
#[derive(Debug, thiserror::Error)]
#[error("the catalog folder `{folder}` cannot be read: {reason}")]
pub struct CatalogFolderError {
    /// The folder.
    pub folder: PathBuf,
    /// The operating system's reason.
    pub reason: String,
}

/// Reads the catalog folder at `path`, with the history of its files when `history` is wanted and git has it.
pub fn catalog_folder(
    path: &Path,
    history: bool,
    limits: Limits,
) -> Result<CatalogFolder, CatalogFolderError> {
    let failure = |reason: String| CatalogFolderError { folder: path.to_owned(), reason };
    let place = path.canonicalize().map_err(|error| failure(plain(&error)))?;
    let root = Root::open(&place).map_err(|error| failure(plain(&error)))?;
    let mut refused = BTreeSet::new();
    let mut other_folders = Vec::new();
    let paths = records(&root, &mut refused, &mut other_folders).map_err(failure)?;
    other_folders.sort();
    let read = |path: &Arc<str>| files::read(&root, path, FileRole::Catalog, limits.descriptor_bytes);
    let read: Vec<_> = paths.par_iter().map(read).collect();
    let mut files: Vec<File> = Vec::with_capacity(read.len());
    for (path, file) in paths.into_iter().zip(read) {
        match file {
            Ok(file) => files.push(file),
            Err(reason) => {
                refused.insert((path, reason.into()));
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let repository = Repository {
        name: place.file_name().map_or_else(|| "/".to_owned(), |name| readable(name.as_bytes())).into(),
        source: "catalog".into(),
        revision: files::digest(&files),
        url: None,
        last_commit: None,
        state: RepositoryState::Read,
        refused: refused.into_iter().map(|(path, reason)| RefusedPath { path, reason }).collect(),
        owners_review: None,
        carried: None,
        folder: LocalFolder(Some(place.as_path().into())),
    };
    let mut folder = CatalogFolder { repository, folder: "".into(), files, other_folders };
    if history && let Some(gap) = add_history(&mut folder, &place, limits).unwrap_or_else(Some) {
        folder.repository.refused.push(RefusedPath { path: HISTORY.into(), reason: gap.into() });
    }
    secrets::of_repository(&mut folder.repository);
    secrets::of_files(&mut folder.files);
    Ok(folder)
}

/// Paths of all files that hold records; folders at the root that hold none are named in `other_folders`.
fn records(
    root: &Root,
    refused: &mut BTreeSet<(Arc<str>, Arc<str>)>,
    other_folders: &mut Vec<Arc<str>>,
) -> Result<Vec<Arc<str>>, String> {
    let mut records = Vec::new();
    let mut waiting = vec![Vec::new()];
    while let Some(folder) = waiting.pop() {
        let entries = match root.list(&folder) {
            Ok(entries) => entries,
            Err(refusal) if folder.is_empty() => return Err(in_words(&refusal)),
            Err(refusal) => {
                refused.insert((format!("{}/", readable(&folder)).into(), in_words(&refusal).into()));
                continue;
            }
        };
        for entry in entries {
            let path = joined(&folder, &entry.name);
            let readable = readable(&path);
            if !is_known(&readable, entry.kind) {
                if folder.is_empty() && entry.kind == Kind::Folder && !readable.starts_with('.') {
                    other_folders.push(readable.into());
                }
                continue;
            }
            match entry.kind {
                Kind::Folder => {
                    if is_yaml(&readable) {
                        refused.insert((readable.into(), FOLDER_FOR_FILE.into()));
                    }
                    waiting.push(path);
                }
                Kind::File if std::str::from_utf8(&path).is_ok() => records.push(Arc::from(readable)),
                Kind::File => {
                    refused.insert((readable.into(), NAME_NOT_UTF8.into()));
                }
                Kind::Link => {
                    refused.insert((readable.into(), root.link_reason(&path).into()));
                }
                Kind::Special => {
                    refused.insert((readable.into(), SPECIAL.into()));
                }
            }
        }
    }
    Ok(records)
}

fn is_yaml(path: &str) -> bool {
    path.ends_with(".yaml") || path.ends_with(".yml")
}

/// Whether something at `path` holds records, or may hold files that do. At the root all YAML counts: the
/// catalog says which of it nothing reads.
fn is_known(path: &str, kind: Kind) -> bool {
    let is_yaml = is_yaml(path);
    match path.split_once('/') {
        None => is_yaml || (kind != Kind::File && FOLDERS.contains(&path)),
        Some((folder, _)) => FOLDERS.contains(&folder) && (is_yaml || kind == Kind::Folder),
    }
}

/// Adds what git knows, when the folder lies in a work tree; says what is missing of it.
fn add_history(folder: &mut CatalogFolder, place: &Path, limits: Limits) -> Result<Option<String>, String> {
    let Some((tree, inside)) = WorkTree::around(place)? else { return Ok(None) };
    folder.folder = Arc::from(inside.as_str());
    folder.repository.url = tree.identity().map(|identity| identity.url.into());
    let Some(head) = tree.head()? else { return Ok(None) };
    folder.repository.revision = Revision::Commit(Arc::clone(&head.id));
    folder.repository.last_commit = Some(head);
    let depth =
        |file: &File| if file.path.starts_with(EXCEPTIONS) { Depth::EveryText } else { Depth::Changes };
    let gap = add_histories(&tree, &inside, &mut folder.files, limits, depth)?;
    Ok(gap.map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_places_hold_records() {
        for path in [
            "milepost.yaml",
            "accounts.yml",
            "other.yaml",
            "teams/a.yaml",
            "teams/emea/b.yml",
            "policy/tags.yaml",
        ] {
            assert!(is_known(path, Kind::File), "{path}");
        }
        for path in ["README.md", "teams/README.md", "facts/a.yaml", "repositories/a/service.yaml", "teams"] {
            assert!(!is_known(path, Kind::File), "{path}");
        }
        assert!(is_known("teams", Kind::Folder) && is_known("teams/emea", Kind::Folder));
        assert!(!is_known("repositories", Kind::Folder) && !is_known("repositories/teams", Kind::Folder));
    }
}
