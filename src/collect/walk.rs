//! Finds descriptors, git work trees and what is in the way of reading them, by names alone, level by
//! level and in parallel.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::contents::{Contents, Entry, FOLDER_FOR_FILE, Kind, Refusal, SPECIAL};
use super::descriptor_names::{is_descriptor, is_descriptor_folder, is_entered};
use crate::settings::Formats;

/// What lies beneath a folder, nested work trees left out where they are parts of their own. Paths are
/// bytes, relative to the folder unless said otherwise, sorted.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The folder, relative to the root that was walked.
    pub(super) base: Vec<u8>,
    /// Whether it has a `.git`.
    pub(super) is_work_tree: bool,
    /// Regular files with a descriptor's name.
    pub(super) descriptors: BTreeSet<Vec<u8>>,
    /// Anything else with a descriptor's name, and what it is.
    pub(super) refused: BTreeSet<(Vec<u8>, &'static str)>,
    /// Folders that could not be listed, and why.
    pub(super) unreadable: BTreeSet<(Vec<u8>, String)>,
    /// Git repositories without a work tree; not entered.
    pub(super) bare: BTreeSet<Vec<u8>>,
}

impl Found {
    /// Everything beneath the folder at `from` in `root`, as one part; paths are relative to `root`.
    pub(super) fn beneath(root: &dyn Contents, from: &[u8], formats: Formats) -> Self {
        walk(root, from, false, formats).swap_remove(0)
    }

    /// Everything beneath `root`, each git work tree as a part of its own, after the part of the root.
    pub(super) fn by_work_tree(root: &dyn Contents, formats: Formats) -> Vec<Self> {
        walk(root, b"", true, formats)
    }

    /// One file, taken for a descriptor whatever its name.
    pub(super) fn one_descriptor(path: Vec<u8>) -> Self {
        Self { descriptors: BTreeSet::from([path]), ..Self::default() }
    }

    /// Whether nothing was found, not even an obstacle.
    pub(super) fn is_empty(&self) -> bool {
        self.descriptors.is_empty() && self.refused.is_empty() && self.unreadable.is_empty()
    }

    /// Sorts the entries of one folder; returns the folders to look into.
    fn take(
        &mut self,
        root: &dyn Contents,
        folder: &[u8],
        entries: Vec<Entry>,
        formats: Formats,
    ) -> Vec<Vec<u8>> {
        let inside = self.relative(folder);
        let is_descriptor = |name: &[u8]| is_descriptor(&inside, name, formats);
        let mut next = Vec::new();
        for Entry { name, kind } in entries {
            let path = joined(folder, &name);
            match kind {
                Kind::Folder if is_entered(&name) => {
                    if is_descriptor(&name) {
                        self.refused.insert((self.relative(&path), FOLDER_FOR_FILE));
                    }
                    next.push(path);
                }
                Kind::File if is_descriptor(&name) => {
                    self.descriptors.insert(self.relative(&path));
                }
                Kind::Link if is_descriptor(&name) || is_descriptor_folder(&name) => {
                    self.refused.insert((self.relative(&path), root.link_reason(&path)));
                }
                Kind::Special if is_descriptor(&name) => {
                    self.refused.insert((self.relative(&path), SPECIAL));
                }
                Kind::Folder | Kind::File | Kind::Link | Kind::Special => {}
            }
        }
        next
    }

    fn relative(&self, path: &[u8]) -> Vec<u8> {
        let start = if self.base.is_empty() { 0 } else { self.base.len() + 1 };
        path.get(start..).unwrap_or_default().to_vec()
    }
}

/// Walks level by level, so that the depth of a tree costs no stack and a wide level is read in parallel.
fn walk(root: &dyn Contents, from: &[u8], split: bool, formats: Formats) -> Vec<Found> {
    let mut parts = vec![Found::default()];
    let mut level = vec![(0, from.to_vec())];
    while !level.is_empty() {
        let listings: Vec<_> = level.par_iter().map(|(_, folder)| root.list(folder)).collect();
        let mut next = Vec::new();
        for ((mut part, folder), listing) in level.into_iter().zip(listings) {
            let entries = match listing {
                Ok(entries) => entries,
                Err(refusal) => {
                    let relative = parts[part].relative(&folder);
                    parts[part].unreadable.insert((relative, in_words(&refusal)));
                    continue;
                }
            };
            if is_bare_repository(&entries) {
                let relative = parts[part].relative(&folder);
                parts[part].bare.insert(relative);
                continue;
            }
            if entries.iter().any(|entry| entry.name == b".git") {
                if split && folder != parts[part].base {
                    parts.push(Found { base: folder.clone(), ..Found::default() });
                    part = parts.len() - 1;
                }
                parts[part].is_work_tree |= folder == parts[part].base;
            }
            next.extend(
                parts[part].take(root, &folder, entries, formats).into_iter().map(|path| (part, path)),
            );
        }
        level = next;
    }
    // Found in the order of the levels, which is not that of the paths.
    parts[1..].sort_by(|a, b| a.base.cmp(&b.base));
    parts
}

/// `folder/name`, or `name` at the root.
pub(super) fn joined(folder: &[u8], name: &[u8]) -> Vec<u8> {
    if folder.is_empty() { name.to_vec() } else { [folder, b"/", name].concat() }
}

/// A refusal as a reason that people read.
pub(super) fn in_words(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Missing => "gone while it was read".to_owned(),
        Refusal::Forbidden(reason) => (*reason).to_owned(),
        Refusal::Failed(error) => plain(error),
    }
}

/// The system's reason without its number, such as `permission denied`.
pub(super) fn plain(error: &std::io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

fn is_bare_repository(entries: &[Entry]) -> bool {
    let has = |name: &[u8], kind| entries.iter().any(|entry| entry.name == name && entry.kind == kind);
    has(b"HEAD", Kind::File) && has(b"objects", Kind::Folder) && has(b"refs", Kind::Folder)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::super::beneath::Root;
    use super::super::files::readable;
    use super::*;

    fn text(paths: &BTreeSet<Vec<u8>>) -> Vec<String> {
        paths.iter().map(|path| String::from_utf8_lossy(path).into_owned()).collect()
    }

    #[test]
    fn everything_is_found_by_name_and_nothing_is_followed() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |path: &str| folder.path().join(path);
        for path in [
            "a/b/c/d",
            "a/node_modules/x",
            "target",
            "vendor",
            "x/.milepost",
            ".git",
            "y/.git",
            "z.git/objects",
            "z.git/refs",
        ] {
            fs::create_dir_all(at(path)).expect("a folder");
        }
        for path in [
            "service.yml",
            "a/b/c/d/service.yaml",
            "a/node_modules/x/service.yaml",
            "target/service.yaml",
            "vendor/service.yaml",
            "x/.milepost/one.yaml",
            "x/.milepost/notes.md",
            "x/other.yaml",
            "y/service.yaml",
            ".git/service.yaml",
            "z.git/HEAD",
            "z.git/service.yaml",
        ] {
            fs::write(at(path), "").expect("a file");
        }
        symlink("/etc/passwd", at("x/service.yaml")).expect("a link");
        symlink("x/.milepost", at(".milepost")).expect("a link");
        symlink("a", at("linked")).expect("a link");

        let root = Root::open(folder.path()).expect("a root");
        let found = Found::beneath(&root, b"", Formats::NONE);
        assert!(found.is_work_tree);
        assert_eq!(
            text(&found.descriptors),
            ["a/b/c/d/service.yaml", "service.yml", "x/.milepost/one.yaml", "y/service.yaml"]
        );
        assert_eq!(text(&found.bare), ["z.git"]);
        let parts = Found::by_work_tree(&root, Formats::NONE);
        assert_eq!(parts.iter().map(|part| readable(&part.base)).collect::<Vec<_>>(), ["", "y"]);
        assert_eq!(
            text(&parts[0].descriptors),
            ["a/b/c/d/service.yaml", "service.yml", "x/.milepost/one.yaml"]
        );
        assert_eq!(text(&parts[1].descriptors), ["service.yaml"]);
        let refused: Vec<_> =
            found.refused.iter().map(|(path, why)| (String::from_utf8_lossy(path), *why)).collect();
        assert_eq!(
            refused,
            [
                (".milepost".into(), "a symbolic link"),
                ("x/service.yaml".into(), "a symbolic link that leaves the repository")
            ]
        );
    }

    #[test]
    fn reasons_are_plain() {
        assert_eq!(plain(&std::io::Error::from_raw_os_error(13)), "permission denied");
    }
}
