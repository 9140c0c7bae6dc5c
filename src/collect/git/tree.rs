//! The contents of a repository as its objects hold them: nothing is checked out, links and submodules are
//! known by their mode and never followed.

use std::io;

use gix::ObjectId;
use gix::object::tree::EntryKind;

use super::base::is_sound;
use super::{Absent, guarded};
use crate::collect::beneath::leaves;
use crate::collect::contents::{Bytes, Contents, Entry, FOLDER_FOR_FILE, Kind, Refusal};

/// The longest target of a link that is looked at, in bytes.
const LONGEST_TARGET: u64 = 4096;

/// What a submodule is called.
const SUBMODULE: &str = "a submodule";

/// The tree of one commit.
pub(in crate::collect) struct ObjectTree {
    repository: gix::ThreadSafeRepository,
    /// `None` before the first commit.
    root: Option<ObjectId>,
    absent: Absent,
}

/// What a path leads to.
type Found = (EntryKind, ObjectId);

impl ObjectTree {
    pub(super) fn new(repository: gix::ThreadSafeRepository, root: Option<ObjectId>, absent: Absent) -> Self {
        Self { repository, root, absent }
    }

    /// Runs `work` with the repository, for one thread.
    fn with<T>(
        &self,
        work: impl FnOnce(&gix::Repository) -> Result<Result<T, Refusal>, String>,
    ) -> Result<T, Refusal> {
        guarded(|| work(&self.repository.to_thread_local()))
            .unwrap_or_else(|reason| Err(Refusal::Failed(io::Error::other(reason))))
    }

    /// Goes along `path` from the root, through folders only.
    fn find(&self, repository: &gix::Repository, path: &[u8]) -> Result<Found, Refusal> {
        let failed = |error: &dyn std::fmt::Display| Refusal::Failed(io::Error::other(error.to_string()));
        let mut at = (EntryKind::Tree, self.root.ok_or(Refusal::Missing)?);
        if path.is_empty() {
            return Ok(at);
        }
        for name in path.split(|byte| *byte == b'/') {
            match at.0 {
                EntryKind::Tree => {}
                EntryKind::Link => return Err(Refusal::Forbidden("a symbolic link")),
                EntryKind::Commit => return Err(Refusal::Forbidden(SUBMODULE)),
                EntryKind::Blob | EntryKind::BlobExecutable => return Err(Refusal::Missing),
            }
            let tree = repository.find_tree(at.1).map_err(|error| failed(&error))?;
            let mut entries = tree.iter().filter_map(Result::ok);
            let entry = entries.find(|entry| *entry.filename() == name).ok_or(Refusal::Missing)?;
            at = (entry.mode().kind(), entry.oid().to_owned());
        }
        Ok(at)
    }

    /// The bytes of the blob `id`, at most `limit` of them.
    fn blob(
        &self,
        repository: &gix::Repository,
        id: ObjectId,
        limit: u64,
    ) -> Result<Result<Bytes, Refusal>, String> {
        let Some(header) = repository.try_find_header(id).map_err(super::in_words)? else {
            self.absent.add(id);
            return Err("not in what was fetched".to_owned());
        };
        if header.size() > limit {
            return Ok(Ok(Bytes::TooMany(header.size())));
        }
        let blob = repository.find_blob(id).map_err(super::in_words)?;
        Ok(Ok(Bytes::All(blob.detach().data)))
    }
}

impl Contents for ObjectTree {
    fn list(&self, path: &[u8]) -> Result<Vec<Entry>, Refusal> {
        if self.root.is_none() {
            return Ok(Vec::new());
        }
        self.with(|repository| {
            let id = match self.find(repository, path) {
                Ok((EntryKind::Tree, id)) => id,
                Ok(_) => return Ok(Err(Refusal::Missing)),
                Err(refusal) => return Ok(Err(refusal)),
            };
            let tree = repository.find_tree(id).map_err(super::in_words)?;
            let mut entries = Vec::new();
            for entry in tree.iter() {
                let entry = entry.map_err(super::in_words)?;
                let name: &[u8] = entry.filename();
                // A tree may be made with names that no folder can have.
                if !is_sound(name) {
                    continue;
                }
                let kind = match entry.mode().kind() {
                    EntryKind::Tree => Kind::Folder,
                    EntryKind::Blob | EntryKind::BlobExecutable => Kind::File,
                    EntryKind::Link => Kind::Link,
                    EntryKind::Commit => Kind::Special,
                };
                entries.push(Entry { name: name.to_vec(), kind });
            }
            Ok(Ok(entries))
        })
    }

    fn read(&self, path: &[u8], limit: u64) -> Result<Bytes, Refusal> {
        self.with(|repository| match self.find(repository, path) {
            Ok((EntryKind::Blob | EntryKind::BlobExecutable, id)) => self.blob(repository, id, limit),
            Ok((EntryKind::Link, _)) => Ok(Err(Refusal::Forbidden(self.link_reason(path)))),
            Ok((EntryKind::Tree, _)) => Ok(Err(Refusal::Forbidden(FOLDER_FOR_FILE))),
            Ok((EntryKind::Commit, _)) => Ok(Err(Refusal::Forbidden(SUBMODULE))),
            Err(refusal) => Ok(Err(refusal)),
        })
    }

    /// Names in a tree are bytes: what is found is spelled as it was asked for.
    fn spells(&self, _: &[u8]) -> bool {
        true
    }

    fn link_reason(&self, path: &[u8]) -> &'static str {
        let target = self.with(|repository| match self.find(repository, path) {
            Ok((_, id)) => self.blob(repository, id, LONGEST_TARGET),
            Err(refusal) => Ok(Err(refusal)),
        });
        match target {
            Ok(Bytes::All(target)) if leaves(path, &target) => "a symbolic link that leaves the repository",
            _ => "a symbolic link",
        }
    }
}
