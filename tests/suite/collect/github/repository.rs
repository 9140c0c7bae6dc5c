//! A repository of the stand-in: its commits, and what lies in each.

use std::collections::BTreeMap;

use serde_json::Value;

/// What lies at a path of a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Thing {
    File(Vec<u8>),
    Link(String),
    Submodule,
}

/// A commit of a default branch.
#[derive(Clone, Debug)]
pub(super) struct Version {
    pub(super) oid: String,
    pub(super) day: String,
    pub(super) files: BTreeMap<String, Thing>,
}

/// A repository; its versions from old to new.
#[derive(Clone, Debug, Default)]
pub(super) struct Repository {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) archived: bool,
    pub(super) fork: bool,
    pub(super) visibility: String,
    pub(super) topics: Vec<String>,
    pub(super) versions: Vec<Version>,
    /// Names that it had before.
    pub(super) formerly: Vec<String>,
    /// What is known of commits that came with pull requests, in the shape of the schema.
    pub(super) reviewed: BTreeMap<String, Value>,
}

impl Repository {
    /// Whether it has a `CODEOWNERS`.
    pub(super) fn has_owners(&self) -> bool {
        self.versions.last().is_some_and(|version| version.files.contains_key("CODEOWNERS"))
    }

    /// Commits these files over those that are there.
    pub(super) fn commit(&mut self, day: &str, files: &[(&str, &str)]) -> String {
        let things: Vec<(&str, Thing)> =
            files.iter().map(|(path, text)| (*path, Thing::File(text.as_bytes().to_vec()))).collect();
        self.commit_things(day, &things)
    }

    /// The same of anything that may lie in a repository.
    pub(super) fn commit_things(&mut self, day: &str, things: &[(&str, Thing)]) -> String {
        let mut files = self.versions.last().map(|version| version.files.clone()).unwrap_or_default();
        files.extend(things.iter().map(|(path, thing)| ((*path).to_owned(), thing.clone())));
        let told = format!("{} {} {day} {}", self.id, self.versions.len(), files.len());
        let oid = blob_id(told.as_bytes());
        self.versions.push(Version { oid: oid.clone(), day: day.to_owned(), files });
        oid
    }
}

/// The name that git gives to a file of these bytes.
pub(super) fn blob_id(bytes: &[u8]) -> String {
    let id = gix::objs::compute_hash(gix::hash::Kind::Sha1, gix::object::Kind::Blob, bytes);
    id.expect("a hash").to_string()
}

impl Repository {
    /// The newest version up to `at` that changed what lies at `path`.
    pub(super) fn last_change(&self, at: usize, path: &str) -> Option<usize> {
        let thing = |at: usize| self.versions[at].files.get(path);
        (0..=at).rev().find(|at| match at.checked_sub(1) {
            Some(before) => thing(*at) != thing(before),
            None => thing(*at).is_some(),
        })
    }

    /// The oldest version up to `at` that changed what lies at `path`.
    pub(super) fn first_change(&self, at: usize, path: &str) -> Option<usize> {
        (0..=at).find(|at| self.versions[*at].files.contains_key(path))
    }
}

impl Version {
    /// The path as it is kept, when something lies there.
    pub(super) fn path(&self, path: &str) -> Option<&str> {
        if let Some((own, _)) = self.files.get_key_value(path) {
            return Some(own);
        }
        let folder = format!("{path}/");
        let (below, _) = self.files.range(folder.clone()..).next()?;
        below.starts_with(&folder).then(|| &below[..path.len()])
    }

    /// Names and modes of what lies in a folder.
    pub(super) fn entries(&self, folder: &str) -> BTreeMap<&str, u32> {
        let inside = |path: &'_ str| {
            if folder.is_empty() {
                Some(0)
            } else {
                path.strip_prefix(folder)?.starts_with('/').then_some(folder.len() + 1)
            }
        };
        let below = self.files.iter().filter_map(|(path, thing)| Some((&path[inside(path)?..], thing)));
        below
            .map(|(path, thing)| match path.split_once('/') {
                Some((name, _)) => (name, 0o040_000),
                None => (path, mode(Some(thing))),
            })
            .collect()
    }
}

/// What git calls the kind of a thing; a folder when there is none of its own.
pub(super) fn mode(thing: Option<&Thing>) -> u32 {
    match thing {
        Some(Thing::File(_)) => 0o100_644,
        Some(Thing::Link(_)) => 0o120_000,
        Some(Thing::Submodule) => 0o160_000,
        None => 0o040_000,
    }
}
