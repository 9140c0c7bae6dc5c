//! Opens folders and files beneath a root and nowhere else: no symbolic link is followed in any part of
//! a path, nothing but regular files is opened for reading, and no more is read than allowed.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

use super::contents::{Bytes, Contents, Entry, Kind, Refusal, SPECIAL};
use rustix::fs::{AtFlags, CWD, Dir, FileType, Mode, OFlags, fstat, openat, readlinkat, statat};
use rustix::io::Errno;

/// An open folder. Paths beneath it are relative, with `/`, without `.` and `..`; the empty path is the
/// folder itself.
#[derive(Debug)]
pub(super) struct Root(OwnedFd);

impl Root {
    /// Opens `path`, which whoever runs the program named: links in it are followed.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        Ok(Self(openat(CWD, path, FOLDER.difference(OFlags::NOFOLLOW), Mode::empty())?))
    }

    /// Opens the folder at `path` as a root of its own.
    pub(super) fn beneath(&self, path: &[u8]) -> Result<Self, Refusal> {
        let here = if path.is_empty() { b"." } else { path };
        open(&self.0, here, FOLDER).map(Self).map_err(|error| self.explain(path, error))
    }

    /// Opens the regular file at `path`, for what is too large to be read at once.
    pub(super) fn file(&self, path: &[u8]) -> Result<File, Refusal> {
        // Asked before opening, because opening a pipe or device is an act in itself.
        let stat =
            statat(&self.0, path, AtFlags::SYMLINK_NOFOLLOW).map_err(|error| self.explain(path, error))?;
        if kind_of(FileType::from_raw_mode(stat.st_mode)) != Kind::File {
            return Err(self.explain(path, Errno::INVAL));
        }
        let opened = open(&self.0, path, FILE).map_err(|error| self.explain(path, error))?;
        let stat = fstat(&opened).map_err(|error| Refusal::Failed(error.into()))?;
        match kind_of(FileType::from_raw_mode(stat.st_mode)) {
            Kind::File => Ok(File::from(opened)),
            _ => Err(Refusal::Forbidden(SPECIAL)),
        }
    }

    /// Says why `path` could not be opened, by looking at each part of it without following any.
    fn explain(&self, path: &[u8], error: Errno) -> Refusal {
        if matches!(error, Errno::NOENT | Errno::ACCESS | Errno::PERM) {
            return refusal(error);
        }
        let ends = path.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(end, _)| end);
        for end in ends.chain([path.len()]) {
            let part = &path[..end];
            let Ok(stat) = statat(&self.0, part, AtFlags::SYMLINK_NOFOLLOW) else { break };
            match kind_of(FileType::from_raw_mode(stat.st_mode)) {
                Kind::Link => return Refusal::Forbidden(self.link_reason(part)),
                Kind::Special => return Refusal::Forbidden(SPECIAL),
                Kind::File if end < path.len() => return Refusal::Missing,
                Kind::Folder if end == path.len() => return Refusal::Forbidden("a folder, not a file"),
                Kind::File | Kind::Folder => {}
            }
        }
        refusal(error)
    }
}

impl Contents for Root {
    fn list(&self, path: &[u8]) -> Result<Vec<Entry>, Refusal> {
        let Self(folder) = self.beneath(path)?;
        let mut listing = Dir::read_from(&folder).map_err(|error| Refusal::Failed(error.into()))?;
        let mut entries = Vec::new();
        while let Some(entry) = listing.read() {
            let entry = entry.map_err(|error| Refusal::Failed(error.into()))?;
            let name = entry.file_name().to_bytes();
            if matches!(name, b"." | b"..") {
                continue;
            }
            // Some file systems leave the kind out of their listings.
            let kind = match entry.file_type() {
                FileType::Unknown => match statat(&folder, name, AtFlags::SYMLINK_NOFOLLOW) {
                    Ok(stat) => FileType::from_raw_mode(stat.st_mode),
                    // It went away since it was listed.
                    Err(Errno::NOENT) => continue,
                    Err(error) => return Err(Refusal::Failed(error.into())),
                },
                known => known,
            };
            entries.push(Entry { name: name.to_vec(), kind: kind_of(kind) });
        }
        Ok(entries)
    }

    fn read(&self, path: &[u8], limit: u64) -> Result<Bytes, Refusal> {
        let opened = self.file(path)?;
        let size = opened.metadata().map_err(Refusal::Failed)?.len();
        if size > limit {
            return Ok(Bytes::TooMany(size));
        }
        let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0) + 1);
        // One more than allowed, to notice a file that grows while it is read.
        let read = opened.take(limit.saturating_add(1)).read_to_end(&mut bytes);
        let read = read.map_err(Refusal::Failed)? as u64;
        if read > limit { Ok(Bytes::TooMany(read)) } else { Ok(Bytes::All(bytes)) }
    }

    fn spells(&self, path: &[u8]) -> bool {
        let mut parent: &[u8] = b"";
        for (end, _) in
            path.iter().enumerate().filter(|(_, byte)| **byte == b'/').chain([(path.len(), &b'/')])
        {
            let name = &path[if parent.is_empty() { 0 } else { parent.len() + 1 }..end];
            let listed =
                self.list(parent).is_ok_and(|entries| entries.iter().any(|entry| entry.name == name));
            if !listed {
                return false;
            }
            parent = &path[..end];
        }
        true
    }

    fn link_reason(&self, path: &[u8]) -> &'static str {
        match readlinkat(&self.0, path, Vec::new()) {
            Ok(target) if leaves(path, target.as_bytes()) => "a symbolic link that leaves the repository",
            _ => "a symbolic link",
        }
    }
}

const FOLDER: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC).union(OFlags::NOFOLLOW);

/// Without blocking, in case a pipe has taken the place of a file since it was looked at.
const FILE: OFlags = OFlags::RDONLY
    .union(OFlags::CLOEXEC)
    .union(OFlags::NOFOLLOW)
    .union(OFlags::NONBLOCK)
    .union(OFlags::NOCTTY);

/// Opens `path` beneath `root` without following a link in any part of it.
#[cfg(target_os = "linux")]
fn open(root: &OwnedFd, path: &[u8], flags: OFlags) -> Result<OwnedFd, Errno> {
    use rustix::fs::{ResolveFlags, openat2};
    let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
    match openat2(root, path, flags, Mode::empty(), resolve) {
        // Kernels before 5.6 do not know the call; some containers forbid it.
        Err(Errno::NOSYS | Errno::PERM) => open_by_parts(root, path, flags),
        answer => answer,
    }
}

/// Opens `path` beneath `root` without following a link in any part of it.
#[cfg(not(target_os = "linux"))]
fn open(root: &OwnedFd, path: &[u8], flags: OFlags) -> Result<OwnedFd, Errno> {
    open_by_parts(root, path, flags)
}

/// The same, one part after the other, for systems without a call that does all at once.
fn open_by_parts(root: &OwnedFd, path: &[u8], flags: OFlags) -> Result<OwnedFd, Errno> {
    let mut parts = path.split(|byte| *byte == b'/').peekable();
    let mut folder: Option<OwnedFd> = None;
    while let Some(part) = parts.next() {
        if matches!(part, b"" | b"..") {
            return Err(Errno::INVAL);
        }
        let parent = folder.as_ref().unwrap_or(root).as_fd();
        let wanted = if parts.peek().is_some() { FOLDER } else { flags };
        folder = Some(openat(parent, part, wanted, Mode::empty())?);
    }
    folder.ok_or(Errno::INVAL)
}

fn kind_of(kind: FileType) -> Kind {
    match kind {
        FileType::Directory => Kind::Folder,
        FileType::RegularFile => Kind::File,
        FileType::Symlink => Kind::Link,
        _ => Kind::Special,
    }
}

fn refusal(error: Errno) -> Refusal {
    match error {
        Errno::NOENT | Errno::NOTDIR => Refusal::Missing,
        Errno::LOOP | Errno::XDEV => Refusal::Forbidden("a symbolic link"),
        other => Refusal::Failed(other.into()),
    }
}

/// Whether a link at `path` with this `target` points above the root, as far as its text tells.
pub(super) fn leaves(path: &[u8], target: &[u8]) -> bool {
    if target.starts_with(b"/") {
        return true;
    }
    let mut depth = path.iter().filter(|byte| **byte == b'/').count();
    for part in target.split(|byte| *byte == b'/') {
        match part {
            b"" | b"." => {}
            b".." if depth == 0 => return true,
            b".." => depth -= 1,
            _ => depth += 1,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    fn folder() -> (tempfile::TempDir, Root) {
        let folder = tempfile::tempdir().expect("a folder");
        let inside = folder.path().join("root");
        fs::create_dir_all(inside.join("docs")).expect("a folder");
        fs::write(inside.join("docs/runbook.md"), "read me").expect("a file");
        fs::write(folder.path().join("secret"), "not for you").expect("a file");
        let root = Root::open(&inside).expect("a root");
        (folder, root)
    }

    fn outcome(root: &Root, path: &str) -> String {
        match root.read(path.as_bytes(), 100) {
            Ok(Bytes::All(bytes)) => String::from_utf8(bytes).expect("text"),
            Ok(Bytes::TooMany(size)) => format!("too many: {size}"),
            Err(Refusal::Missing) => "missing".to_owned(),
            Err(Refusal::Forbidden(reason)) => reason.to_owned(),
            Err(Refusal::Failed(error)) => format!("failed: {error}"),
        }
    }

    #[test]
    fn only_regular_files_inside_are_read() {
        let (folder, root) = folder();
        let inside = folder.path().join("root");
        symlink("../secret", inside.join("out")).expect("a link");
        symlink("/etc/passwd", inside.join("absolute")).expect("a link");
        symlink("docs/runbook.md", inside.join("in")).expect("a link");
        symlink("docs", inside.join("folder-link")).expect("a link");
        symlink("nowhere", inside.join("dangling")).expect("a link");
        rustix::fs::mknodat(CWD, inside.join("pipe"), FileType::Fifo, Mode::RWXU, 0).expect("a pipe");
        for (path, expected) in [
            ("docs/runbook.md", "read me"),
            ("out", "a symbolic link that leaves the repository"),
            ("absolute", "a symbolic link that leaves the repository"),
            ("in", "a symbolic link"),
            ("folder-link/runbook.md", "a symbolic link"),
            ("dangling", "a symbolic link"),
            ("pipe", SPECIAL),
            ("docs", "a folder, not a file"),
            ("docs/runbook.md/x", "missing"),
            ("docs/none.md", "missing"),
            ("none/none.md", "missing"),
        ] {
            assert_eq!(outcome(&root, path), expected, "{path}");
        }
    }

    #[test]
    fn opening_by_parts_agrees_with_opening_at_once() {
        let (folder, root) = folder();
        let inside = folder.path().join("root");
        symlink("docs", inside.join("folder-link")).expect("a link");
        symlink("../secret", inside.join("out")).expect("a link");
        for path in [
            "docs/runbook.md",
            "folder-link/runbook.md",
            "out",
            "docs/none.md",
            "docs/runbook.md/x",
            "../secret",
        ] {
            let path = path.as_bytes();
            let (at_once, by_parts) = (open(&root.0, path, FILE), open_by_parts(&root.0, path, FILE));
            assert_eq!(at_once.is_ok(), by_parts.is_ok(), "{}", String::from_utf8_lossy(path));
        }
    }

    #[test]
    fn nothing_above_the_limit_is_read() {
        let (folder, root) = folder();
        let file = fs::File::create(folder.path().join("root/large")).expect("a file");
        file.set_len(50 << 20).expect("a sparse file");
        assert_eq!(outcome(&root, "large"), format!("too many: {}", 50 << 20));
    }

    #[test]
    fn spelling_is_compared_byte_by_byte() {
        let (_folder, root) = folder();
        assert!(root.spells(b"docs/runbook.md"));
        assert!(!root.spells(b"docs/Runbook.md"));
        assert!(!root.spells(b"Docs/runbook.md"));
    }
}
