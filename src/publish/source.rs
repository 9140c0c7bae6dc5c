//! A built site as publishing reads it: every file with its digest, taken from the list that the build left where
//! nobody touched the file since, else from the bytes.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::cache_policy;
use super::folder::{self, MANIFEST};
use super::manifest::{self, Headers, Item};
use crate::render::site::Digest;

/// The one folder with a dot that belongs to sites.
const WELL_KNOWN: &str = ".well-known";

/// Larger files than this are not sent in one piece, and no site has them.
const LARGEST: u64 = 5 << 30;

/// Why a folder cannot be published.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// It is no site.
    #[error("`{}` has no `index.html`; `milepost build` writes a site, and `milepost publish FOLDER` publishes that of another folder", .0.display())]
    NoSite(PathBuf),
    /// It holds something that is no file.
    #[error("`{}` is neither a file nor a folder; links and the like are not published, because nobody sees where they lead", .0.display())]
    Special(PathBuf),
    /// A name that cannot be published.
    #[error("`{}` cannot be published: its name is no text without control characters, or it is larger than 5 GiB", .0.display())]
    Name(PathBuf),
    /// It cannot be read.
    #[error("cannot read `{}`: {source}", path.display())]
    Unreadable {
        /// What.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// A file found.
struct Found {
    path: String,
    size: u64,
    modified: Option<std::time::SystemTime>,
}

/// The files of the site in `folder`, by path; compressed at the target where that pays and is wanted.
pub fn read(folder: &Path, is_compressed: bool) -> Result<Vec<Item>, SourceError> {
    let mut found = Vec::new();
    walk(folder, "", &mut found)?;
    if !found.iter().any(|file| file.path == "index.html") {
        return Err(SourceError::NoSite(folder.to_owned()));
    }
    let (listed, written) = folder::listed(folder);
    let listed: BTreeMap<&str, &Item> = listed.iter().map(|item| (item.path.as_str(), item)).collect();
    let item = |file: &Found| {
        let known = listed.get(file.path.as_str());
        // Not touched after the list was written: these are the bytes that it speaks of.
        let untouched = |item: &&&Item| {
            item.size == file.size && file.modified.zip(written).is_some_and(|(file, list)| file <= list)
        };
        let mut item = match known.filter(untouched) {
            Some(item) => (*item).clone(),
            None => hashed(folder, file, known.map(|item| &item.headers))?,
        };
        if is_compressed && cache_policy::is_compressible(&item.headers, item.size) {
            item.headers.encoding = Some("gzip".to_owned());
        }
        Ok(item)
    };
    let mut items = found.par_iter().map(item).collect::<Result<Vec<Item>, SourceError>>()?;
    items.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    Ok(items)
}

fn hashed(folder: &Path, file: &Found, known: Option<&Headers>) -> Result<Item, SourceError> {
    let path = folder.join(&file.path);
    let bytes = fs::read(&path).map_err(|source| SourceError::Unreadable { path, source })?;
    let sha256 = Digest::of(&bytes);
    let headers = known.cloned().unwrap_or_else(|| cache_policy::of(&file.path, sha256));
    Ok(Item { path: file.path.clone(), sha256, size: bytes.len() as u64, headers })
}

fn walk(folder: &Path, inside: &str, found: &mut Vec<Found>) -> Result<(), SourceError> {
    let here = folder.join(inside);
    let unreadable = |path: &Path| {
        let path = path.to_owned();
        |source| SourceError::Unreadable { path, source }
    };
    for entry in fs::read_dir(&here).map_err(unreadable(&here))? {
        let entry = entry.map_err(unreadable(&here))?;
        let name = entry.file_name();
        let Some(name) = name.to_str() else { return Err(SourceError::Name(entry.path())) };
        // What begins with a dot is of git and its like, and the list of the build is not for readers.
        if (name.starts_with('.') && name != WELL_KNOWN) || (inside.is_empty() && name == MANIFEST) {
            continue;
        }
        let path = if inside.is_empty() { name.to_owned() } else { format!("{inside}/{name}") };
        let kind = entry.file_type().map_err(unreadable(&entry.path()))?;
        if kind.is_dir() {
            walk(folder, &path, found)?;
        } else if kind.is_file() {
            let metadata = entry.metadata().map_err(unreadable(&entry.path()))?;
            if !manifest::is_ours_to_write(&path) || metadata.len() > LARGEST {
                return Err(SourceError::Name(entry.path()));
            }
            found.push(Found { path, size: metadata.len(), modified: metadata.modified().ok() });
        } else {
            return Err(SourceError::Special(entry.path()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(folder: &Path, path: &str, text: &str) {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("it has one")).expect("creates");
        fs::write(path, text).expect("writes");
    }

    #[test]
    fn every_file_counts_and_hidden_ones_do_not() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(matches!(read(folder.path(), false), Err(SourceError::NoSite(_))));
        for path in
            ["index.html", "a/b.json", ".git/config", ".DS_Store", ".well-known/security.txt", MANIFEST]
        {
            write(folder.path(), path, "text");
        }
        let items = read(folder.path(), false).expect("reads");
        let paths: Vec<&str> = items.iter().map(|item| item.path.as_str()).collect();
        assert_eq!(paths, [".well-known/security.txt", "a/b.json", "index.html"]);
        assert!(items.iter().all(|item| item.sha256 == Digest::of(b"text") && item.size == 4));
    }

    #[test]
    fn only_texts_of_some_length_are_compressed() {
        let folder = tempfile::tempdir().expect("a folder");
        write(folder.path(), "index.html", &"long ".repeat(500));
        write(folder.path(), "a.html", "short");
        write(folder.path(), "a.png", &"long ".repeat(500));
        let items = read(folder.path(), true).expect("reads");
        let packed: Vec<_> = items.iter().map(|item| item.headers.encoding.is_some()).collect();
        assert_eq!(packed, [false, false, true]);
    }

    #[cfg(unix)]
    #[test]
    fn links_are_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        write(folder.path(), "index.html", "text");
        std::os::unix::fs::symlink("/etc/passwd", folder.path().join("passwd")).expect("links");
        assert!(matches!(read(folder.path(), false), Err(SourceError::Special(_))));
    }
}
