//! Where the files that places name lie on this machine, and how tools that look from outside call them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::collect::snapshot::Repository;
use crate::diagnostic::location::Location;
use crate::diagnostic::{Diagnostics, Place};

/// Folders of repositories by name. Two work trees may have one name.
#[derive(Debug, Default)]
pub(super) struct Whereabouts {
    folders: BTreeMap<Arc<str>, Vec<Arc<Path>>>,
    /// What tools take paths to be relative to.
    root: PathBuf,
    /// What people take paths to be relative to.
    here: PathBuf,
}

impl Whereabouts {
    /// Knows no repository yet. For tools, paths are relative to the work tree around `folder`, else to
    /// `folder`; for people, always to `folder`.
    pub(super) fn around(folder: &Path) -> Self {
        let here = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        let tree = here.ancestors().find(|ancestor| ancestor.join(".git").symlink_metadata().is_ok());
        Self { folders: BTreeMap::new(), root: tree.unwrap_or(&here).to_owned(), here }
    }

    /// Learns where `repositories` lie.
    pub(super) fn learn<'a>(&mut self, repositories: impl IntoIterator<Item = &'a Repository>) {
        for repository in repositories {
            let Some(folder) = &repository.folder.0 else { continue };
            let folders = self.folders.entry(Arc::clone(&repository.name)).or_default();
            if !folders.contains(folder) {
                folders.push(Arc::clone(folder));
            }
        }
    }

    /// The file that `place` names; `None` when it is not here, or when it may be one of two.
    pub(super) fn file(&self, place: &Place) -> Option<PathBuf> {
        let mut found = self.folders.get(&place.repository)?.iter().filter_map(|folder| {
            let file = folder.join(&*place.path);
            file.symlink_metadata().is_ok().then_some(file)
        });
        found.next().filter(|_| found.next().is_none())
    }

    /// `diagnostics` with paths that can be opened from the folder that people stand in, as far as they are
    /// files of this machine.
    pub(super) fn shown(&self, diagnostics: &Diagnostics) -> Diagnostics {
        diagnostics.placed(|place| match self.path(place) {
            Some(path) => Place { repository: "".into(), path: path.into(), ..place.clone() },
            None => place.clone(),
        })
    }

    /// The path of the file of `place`, from the folder that people stand in.
    pub(super) fn path(&self, place: &Place) -> Option<String> {
        let file = self.file(place)?;
        let above = |folder: &&Path| file.starts_with(folder);
        let (steps, shared) = self.here.ancestors().enumerate().find(|(_, folder)| above(folder))?;
        // Steps up to the root of all would say less than the whole path.
        if shared.parent().is_none() && steps > 0 {
            return file.to_str().map(str::to_owned);
        }
        let inside = file.strip_prefix(shared).ok()?.to_str()?;
        Some(format!("{}{inside}", "../".repeat(steps)))
    }

    /// How tools call the file of `place`.
    pub(super) fn location(&self, place: &Place) -> Location {
        let file = self.file(place);
        match file.as_deref().and_then(|file| file.strip_prefix(&self.root).ok()?.to_str()) {
            Some(path) => Location::Inside(path.to_owned()),
            None => Location::Elsewhere(place.repository.to_string(), place.path.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::snapshot::{CatalogFolder, LocalFolder};

    #[test]
    fn a_file_is_found_unless_it_may_be_one_of_two() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().canonicalize().expect("a folder");
        let repository = |path: &str, files: &[&str]| {
            let folder = root.join(path);
            std::fs::create_dir_all(&folder).expect("a folder");
            for file in files {
                std::fs::write(folder.join(file), "").expect("a file");
            }
            Repository {
                name: "shop".into(),
                folder: LocalFolder(Some(folder.into())),
                ..CatalogFolder::none().repository
            }
        };
        let repositories = [repository("a", &["one", "both"]), repository("b", &["both"])];
        let mut known = Whereabouts::around(&root.join("a"));
        known.learn(&repositories);
        let place = |path: &str| Place {
            repository: "shop".into(),
            path: path.into(),
            line: 0,
            column: 0,
            length: 0,
            quote: "".into(),
        };
        assert_eq!(known.file(&place("one")), Some(root.join("a/one")));
        assert_eq!(known.location(&place("one")), Location::Inside("one".into()));
        for path in ["both", "none"] {
            assert_eq!(known.file(&place(path)), None, "{path}");
            assert_eq!(known.location(&place(path)), Location::Elsewhere("shop".into(), path.into()));
        }
    }
}
