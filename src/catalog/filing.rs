//! Gives every file its index: the configuration first, then the catalog folder, the repositories and
//! the facts, each by name. From here on the order of collection no longer shows.

use std::sync::Arc;

use super::files::{FileEntry, FileTable};
use super::origin::FileIndex;
use super::reader::Source;
use crate::collect::snapshot::{
    CatalogFolder, Content, FactsFile, File, FileRole, Repository, RepositoryIndex, Revision, Snapshot,
};
use crate::collect::text::Text;

/// The name of `milepost.yaml` in the catalog folder.
pub(super) const CONFIGURATION: &str = "milepost.yaml";

/// What a file belongs to, in the order of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Home {
    /// The catalog folder.
    Catalog,
    /// A repository: its position in [`Filing::repositories`].
    Repository(u32),
}

/// A file with its index.
#[derive(Clone, Copy, Debug)]
pub(super) struct Filed<'a> {
    pub(super) index: FileIndex,
    pub(super) home: Home,
    pub(super) file: &'a File,
}

/// Every input in its final order.
pub(super) struct Filing<'a> {
    /// The table that origins point into.
    pub(super) table: FileTable,
    /// Repositories by name and source.
    pub(super) repositories: Vec<&'a Repository>,
    /// Files of the catalog folder and the repositories, in the order of the table.
    pub(super) files: Vec<Filed<'a>>,
    /// Facts files.
    pub(super) facts: Vec<(FileIndex, &'a FactsFile)>,
}

impl<'a> Filing<'a> {
    /// Files everything of a snapshot and a catalog folder; `place_of` says where in the folder the source
    /// of that name lies.
    pub(super) fn new(
        snapshot: &'a Snapshot,
        folder: &'a CatalogFolder,
        place_of: impl Fn(&str) -> Option<&'a str>,
    ) -> Self {
        let mut order: Vec<usize> = (0..snapshot.repositories.len()).collect();
        order.sort_by(|&a, &b| {
            let key = |index: usize| {
                let repository = &snapshot.repositories[index];
                (&repository.name, &repository.source, revision(&repository.revision))
            };
            key(a).cmp(&key(b))
        });
        let mut position = vec![0; order.len()];
        for (new, &old) in order.iter().enumerate() {
            position[old] = u32::try_from(new).expect("repositories stay below four billion");
        }
        let repositories: Vec<&Repository> =
            order.iter().map(|&index| &snapshot.repositories[index]).collect();

        let home = |RepositoryIndex(index): RepositoryIndex| Some(*position.get(index as usize)?);
        let mut files: Vec<(Home, &File)> = folder.files.iter().map(|file| (Home::Catalog, file)).collect();
        files.extend(
            snapshot.files.iter().filter_map(|file| Some((Home::Repository(home(file.repository)?), file))),
        );
        let is_configuration =
            |home: Home, file: &File| home == Home::Catalog && *file.path == *CONFIGURATION;
        files.sort_by(|&(a_home, a), &(b_home, b)| {
            (!is_configuration(a_home, a), a_home, &a.path, a.role).cmp(&(
                !is_configuration(b_home, b),
                b_home,
                &b.path,
                b.role,
            ))
        });
        files.dedup_by(|(b_home, b), (a_home, a)| a_home == b_home && a.path == b.path);
        let mut facts: Vec<&FactsFile> = snapshot.facts.iter().collect();
        facts.sort_by_key(|file| (&file.source, &file.path));

        let mut filing = Self {
            table: FileTable::default(),
            repositories,
            files: Vec::with_capacity(files.len()),
            facts: Vec::with_capacity(facts.len()),
        };
        // The configuration was read with index 0 before there was a table.
        if !files.first().is_some_and(|&(home, file)| is_configuration(home, file)) {
            filing.add(catalog_entry(folder, CONFIGURATION.into()), None);
        }
        for (home, file) in files {
            let mut entry = match home {
                Home::Catalog => catalog_entry(folder, Arc::clone(&file.path)),
                Home::Repository(position) => {
                    repository_entry(filing.repositories[position as usize], Arc::clone(&file.path))
                }
            };
            entry.last_change.clone_from(&file.last_change);
            entry.first_change.clone_from(&file.first_change);
            let index = filing.add(entry, text(&file.content));
            filing.files.push(Filed { index, home, file });
        }
        for file in facts {
            let place = place_of(&file.source).unwrap_or_default();
            let place = place.trim_start_matches("./").trim_end_matches('/');
            let path = if place.is_empty() {
                Arc::clone(&file.path)
            } else {
                format!("{place}/{}", file.path).into()
            };
            let entry = FileEntry {
                source: Arc::clone(&file.source),
                commit: None,
                repository_url: None,
                ..catalog_entry(folder, path)
            };
            let index = filing.add(entry, text(&file.content));
            filing.facts.push((index, file));
        }
        filing
    }

    fn add(&mut self, mut entry: FileEntry, text: Option<&Text>) -> FileIndex {
        let index = u32::try_from(self.table.len()).expect("files stay below four billion");
        entry.digest = text.map(Text::digest);
        entry.text = text.cloned();
        self.table.0.push(entry);
        FileIndex(index)
    }

    /// Files of the catalog folder.
    pub(super) fn catalog(&self) -> impl Iterator<Item = Filed<'a>> {
        self.files.iter().copied().filter(|filed| filed.home == Home::Catalog)
    }

    /// Files of the repositories with the given role.
    pub(super) fn of_repositories(&self, role: FileRole) -> impl Iterator<Item = Filed<'a>> {
        self.files.iter().copied().filter(move |filed| filed.home != Home::Catalog && filed.file.role == role)
    }

    /// The file of the catalog folder or of a repository with this index.
    pub(super) fn filed(&self, index: FileIndex) -> Option<Filed<'a>> {
        let position = self.files.binary_search_by_key(&index, |filed| filed.index).ok()?;
        Some(self.files[position])
    }

    /// What the file with this index belongs to.
    pub(super) fn home(&self, index: FileIndex) -> Option<Home> {
        self.filed(index).map(|filed| filed.home)
    }

    /// The file at `path` in the repository `home`.
    pub(super) fn find(&self, home: Home, path: &str) -> Option<Filed<'a>> {
        let position =
            self.files.binary_search_by(|filed| (filed.home, &*filed.file.path).cmp(&(home, path)));
        position.ok().map(|position| self.files[position])
    }

    /// Whether something is at `path` in the repository `home` that was not read: a link, a folder, a pipe.
    pub(super) fn is_refused(&self, home: Home, path: &str) -> bool {
        let Home::Repository(position) = home else { return false };
        let refused = self.repositories.get(position as usize).map(|repository| &repository.refused);
        refused.is_some_and(|refused| refused.iter().any(|refused| *refused.path == *path))
    }

    /// The text of `file`, when it could be read.
    pub(super) fn text(&self, file: FileIndex) -> Option<&Text> {
        self.table[file].text.as_ref()
    }

    /// A source that quotes `text` as that of `file`.
    pub(super) fn source<'t>(&self, file: FileIndex, text: &'t str) -> Source<'t> {
        let entry = &self.table[file];
        Source::new(file, Arc::clone(&entry.repository), Arc::clone(&entry.path), text)
    }
}

/// The text of `content`, when there is one.
fn text(content: &Content) -> Option<&Text> {
    match content {
        Content::Text(text) => Some(text),
        _ => None,
    }
}

fn revision(revision: &Revision) -> &str {
    match revision {
        Revision::Commit(id) | Revision::Digest(id) => id,
    }
}

fn catalog_entry(folder: &CatalogFolder, path: Arc<str>) -> FileEntry {
    FileEntry {
        source: "catalog".into(),
        folder: Arc::clone(&folder.folder),
        ..repository_entry(&folder.repository, path)
    }
}

fn repository_entry(repository: &Repository, path: Arc<str>) -> FileEntry {
    FileEntry {
        source: Arc::clone(&repository.source),
        repository: Arc::clone(&repository.name),
        commit: match &repository.revision {
            Revision::Commit(id) => Some(Arc::clone(id)),
            Revision::Digest(_) => None,
        },
        repository_url: repository.url.clone(),
        carried: repository.carried.clone(),
        folder: "".into(),
        path,
        digest: None,
        text: None,
        last_change: None,
        first_change: None,
        formats: Vec::new(),
    }
}
