//! What a repository holds, wherever it lies: a folder on this machine, or the objects of a git repository.
//! Paths are relative to its root, with `/`, without `.` and `..`; the empty path is the root itself.

use std::io;

/// Lists folders and reads files.
pub(super) trait Contents: Sync {
    /// The entries of the folder at `path`, in no order.
    fn list(&self, path: &[u8]) -> Result<Vec<Entry>, Refusal>;

    /// Reads the regular file at `path`, at most `limit` bytes of it.
    fn read(&self, path: &[u8], limit: u64) -> Result<Bytes, Refusal>;

    /// Whether every part of `path` is spelled as the folders list it: a file system that ignores case
    /// opens `Runbook.md` for `runbook.md`, and the next one does not.
    fn spells(&self, path: &[u8]) -> bool;

    /// Why the symbolic link at `path` is not followed.
    fn link_reason(&self, path: &[u8]) -> &'static str;
}

/// One entry of a folder.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    /// Its name, as bytes.
    pub(super) name: Vec<u8>,
    /// What it is.
    pub(super) kind: Kind,
}

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// A folder.
    Folder,
    /// A regular file.
    File,
    /// A symbolic link.
    Link,
    /// A pipe, socket or device.
    Special,
}

/// Why something was not opened.
#[derive(Debug)]
pub(super) enum Refusal {
    /// It is not there.
    Missing,
    /// It is there and may not be read, with the reason: a link, a special file.
    Forbidden(&'static str),
    /// The machine could not.
    Failed(io::Error),
}

/// The bytes of a file, or that they are too many.
#[derive(Debug)]
pub(super) enum Bytes {
    /// All of them.
    All(Vec<u8>),
    /// More than the limit; how many the file claims to have.
    TooMany(u64),
}

/// What a folder is called where a file is expected.
pub(super) const FOLDER_FOR_FILE: &str = "a folder";

/// What a pipe, socket or device is called.
pub(super) const SPECIAL: &str = "a pipe, socket or device";
