//! Where a change began: the commit that it shares with the branch it is meant for, written out as a work
//! tree of its own that borrows every object.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use gix::ObjectId;

use super::graph::Graph;
use super::{WorkTree, commit, guarded, in_words};
use crate::collect::descriptor_names::is_entered;
use crate::collect::snapshot::Commit;

/// So many files and folders are written.
const MOST_ENTRIES: usize = 1_000_000;

/// So much is written, in bytes.
const MOST_BYTES: u64 = 8 << 30;

/// Larger files are left out: nothing of ours is as large.
const LARGEST_FILE: u64 = 64 << 20;

impl WorkTree {
    /// Where what is checked out and `revision` parted: the best commit that both build on.
    pub(in crate::collect) fn merge_base(&self, revision: &str) -> Result<Commit, String> {
        let head = self.head.ok_or("nothing was ever committed")?;
        guarded(|| {
            let named = self.repository.rev_parse_single(revision).map_err(in_words)?.object();
            let other = named.and_then(|object| object.peel_to_commit()).map_err(in_words)?.id;
            let ours = Graph::behind(&self.repository, head)?;
            let theirs = Graph::behind(&self.repository, other)?;
            let known: BTreeSet<ObjectId> = ours.commits.iter().map(|node| node.id).collect();
            // Every commit stands before those it builds on: the first that is shared is the best.
            let order = theirs.newest_first();
            let shared = order.iter().map(|at| theirs.commits[*at as usize].id).find(|id| known.contains(id));
            match shared {
                Some(id) => commit(&self.repository, id)?.ok_or_else(|| "its date is none".to_owned()),
                None if ours.is_cut || theirs.is_cut => {
                    Err("only a part of the history is here; fetch all of it, in GitHub Actions with \
                         `fetch-depth: 0`"
                        .to_owned())
                }
                None => Err("it shares no history with what is checked out".to_owned()),
            }
        })
    }

    /// The commit that `revision` means.
    pub(in crate::collect) fn commit_at(&self, revision: &str) -> Result<Commit, String> {
        guarded(|| {
            let named = self.repository.rev_parse_single(revision).map_err(in_words)?.object();
            let id = named.and_then(|object| object.peel_to_commit()).map_err(in_words)?.id;
            commit(&self.repository, id)?.ok_or_else(|| "its date is none".to_owned())
        })
    }

    /// Writes `commit` to the new folder `to`, as a work tree on that commit. Objects stay where they are.
    pub(in crate::collect) fn lend(&self, commit: &Commit, to: &Path) -> Result<(), String> {
        guarded(|| {
            let id = ObjectId::from_hex(commit.id.as_bytes()).map_err(in_words)?;
            let tree =
                self.repository.find_commit(id).and_then(|it| it.tree_id()).map_err(in_words)?.detach();
            self.write_git(id, &to.join(".git")).map_err(in_words)?;
            Writer { repository: &self.repository, entries: 0, bytes: 0 }.tree(tree, to)
        })
    }

    /// The least that makes a repository: what is checked out, where the objects are, and who it is.
    fn write_git(&self, head: ObjectId, git: &Path) -> std::io::Result<()> {
        let common = self.repository.common_dir().canonicalize()?;
        let objects = common.join("objects");
        if objects.as_os_str().as_bytes().contains(&b'\n') {
            return Err(std::io::Error::other("its path has a line break"));
        }
        fs::create_dir_all(git.join("objects/info"))?;
        fs::create_dir_all(git.join("refs/heads"))?;
        fs::write(git.join("HEAD"), format!("{head}\n"))?;
        fs::write(git.join("objects/info/alternates"), [objects.as_os_str().as_bytes(), b"\n"].concat())?;
        let shallow = common.join("shallow");
        if shallow.is_file() {
            fs::copy(shallow, git.join("shallow"))?;
        }
        fs::write(git.join("config"), self.configuration())
    }

    fn configuration(&self) -> String {
        let format = self.repository.object_hash();
        let mut text =
            format!("[core]\n\trepositoryformatversion = 1\n[extensions]\n\tobjectFormat = {format}\n");
        let origin = self.repository.config_snapshot().string("remote.origin.url");
        let origin = origin.as_deref().and_then(|url| std::str::from_utf8(url).ok());
        if let Some(url) = origin.filter(|url| !url.chars().any(char::is_control)) {
            let url = url.replace('\\', "\\\\").replace('"', "\\\"");
            text.push_str(&format!("[remote \"origin\"]\n\turl = \"{url}\"\n"));
        }
        text
    }

    /// Whether the commit that is checked out knows something at `path`.
    pub(in crate::collect) fn holds(&self, path: &Path) -> Result<bool, String> {
        let Some(head) = self.head else { return Ok(false) };
        if path.as_os_str().is_empty() {
            return Ok(true);
        }
        guarded(|| {
            let tree =
                self.repository.find_commit(head).and_then(|commit| commit.tree()).map_err(in_words)?;
            tree.lookup_entry_by_path(path).map(|entry| entry.is_some()).map_err(in_words)
        })
    }
}

struct Writer<'a> {
    repository: &'a gix::Repository,
    entries: usize,
    bytes: u64,
}

impl Writer<'_> {
    /// Writes what `tree` holds to the folder `to`, folder by folder.
    fn tree(&mut self, tree: ObjectId, to: &Path) -> Result<(), String> {
        let mut waiting: Vec<(ObjectId, PathBuf)> = vec![(tree, to.to_owned())];
        while let Some((id, folder)) = waiting.pop() {
            fs::create_dir_all(&folder).map_err(in_words)?;
            let tree = self.repository.find_tree(id).map_err(in_words)?;
            for entry in tree.iter() {
                let entry = entry.map_err(in_words)?;
                let name = entry.filename().as_ref();
                if !is_sound(name) {
                    continue;
                }
                self.entries += 1;
                if self.entries > MOST_ENTRIES {
                    return Err(format!("it holds more than {MOST_ENTRIES} files"));
                }
                let place = folder.join(OsStr::from_bytes(name));
                let (mode, id) = (entry.mode(), entry.oid().to_owned());
                if mode.is_tree() {
                    // What is never looked into needs not be there.
                    if is_entered(name) {
                        waiting.push((id, place));
                    }
                } else if mode.is_link() {
                    self.link(id, &place)?;
                } else if mode.is_blob() {
                    self.file(id, &place)?;
                }
            }
        }
        Ok(())
    }

    fn file(&mut self, id: ObjectId, place: &Path) -> Result<(), String> {
        let Some(bytes) = self.blob(id)? else { return Ok(()) };
        let mut file = OpenOptions::new().write(true).create_new(true).open(place).map_err(in_words)?;
        file.write_all(&bytes).map_err(in_words)
    }

    /// A link stays a link: what reads the folder does not follow it.
    fn link(&mut self, id: ObjectId, place: &Path) -> Result<(), String> {
        let Some(target) = self.blob(id)? else { return Ok(()) };
        // A target that the system refuses leads nowhere either way.
        let _ = std::os::unix::fs::symlink(OsStr::from_bytes(&target), place);
        Ok(())
    }

    /// The bytes of a file; `None` when there are too many.
    fn blob(&mut self, id: ObjectId) -> Result<Option<Vec<u8>>, String> {
        let size = self.repository.find_header(id).map_err(in_words)?.size();
        if size > LARGEST_FILE {
            return Ok(None);
        }
        self.bytes += size;
        if self.bytes > MOST_BYTES {
            return Err(format!("it holds more than {MOST_BYTES} bytes"));
        }
        Ok(Some(self.repository.find_object(id).map_err(in_words)?.detach().data))
    }
}

/// Whether something called `name` can be written without touching what lies elsewhere, or our own `.git`.
pub(in crate::collect) fn is_sound(name: &[u8]) -> bool {
    !matches!(name, b"" | b"." | b"..")
        && !name.iter().any(|byte| matches!(byte, b'/' | b'\0'))
        && !name.eq_ignore_ascii_case(b".git")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_lead_elsewhere_are_not_written() {
        for name in ["", ".", "..", "a/b", ".git", ".GIT", "a\0b"] {
            assert!(!is_sound(name.as_bytes()), "{name:?}");
        }
        for name in ["...", "a", ".gitignore", ".milepost", "ä"] {
            assert!(is_sound(name.as_bytes()), "{name:?}");
        }
    }
}
