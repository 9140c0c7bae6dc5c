//! What a change is compared with: a work tree as it was at another commit, in a folder of its own that is
//! gone when this is.

use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};

use tempfile::TempDir;

use super::git::WorkTree;
use super::snapshot::Commit;
use super::walk::plain;

/// A work tree as it was at another commit.
pub struct Base {
    /// That commit.
    pub commit: Commit,
    tree: WorkTree,
    /// The work tree as it is, resolved.
    now: PathBuf,
    /// The same as it was.
    then: PathBuf,
    /// Keeps the folder for as long as it is asked for.
    _folder: TempDir,
}

impl Base {
    /// Writes out the commit that the work tree around `place` shares with `revision`: where a change began.
    pub fn check_out(place: &Path, revision: &str) -> Result<Self, String> {
        Self::write(place, |tree| tree.merge_base(revision))
    }

    /// Writes out `revision` of the work tree around `place`.
    pub fn revision(place: &Path, revision: &str) -> Result<Self, String> {
        Self::write(place, |tree| tree.commit_at(revision))
    }

    fn write(place: &Path, commit: impl FnOnce(&WorkTree) -> Result<Commit, String>) -> Result<Self, String> {
        let place = place.canonicalize().map_err(|error| plain(&error))?;
        let now = place
            .ancestors()
            .find(|folder| folder.join(".git").symlink_metadata().is_ok())
            .ok_or("there is no git work tree around it")?
            .to_owned();
        let tree = WorkTree::at(&now)?;
        let commit = commit(&tree)?;
        let folder = TempDir::with_prefix("milepost-base-").map_err(|error| plain(&error))?;
        let root = folder.path().canonicalize().map_err(|error| plain(&error))?;
        // Of the same name, for what has no other name is called after its folder.
        let then = root.join(now.file_name().unwrap_or(OsStr::new("root")));
        tree.lend(&commit, &then)?;
        Ok(Self { commit, tree, now, then, _folder: folder })
    }

    /// Where `path` was; `None` when the work tree had nothing there. What lies outside of the work tree is
    /// no part of the change, and is where it is.
    pub fn at(&self, path: &Path) -> Option<PathBuf> {
        let path = resolved(path);
        let Ok(inside) = path.strip_prefix(&self.now) else { return Some(path) };
        let then = self.then.join(inside);
        then.symlink_metadata().is_ok().then_some(then)
    }

    /// Where the folder `path` was. One that git does not keep, such as a folder of clones, is no part of
    /// the change either.
    pub fn source_at(&self, path: &Path) -> Option<PathBuf> {
        self.at(path).or_else(|| {
            let path = resolved(path);
            let inside = path.strip_prefix(&self.now).ok()?;
            (!self.tree.holds(inside).unwrap_or(true)).then_some(path)
        })
    }
}

/// `path` without links and steps back, as far as there is something; what is not there stays as written.
fn resolved(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir if plain.file_name().is_some() => {
                plain.pop();
            }
            Component::CurDir => {}
            part => plain.push(part),
        }
    }
    let here = Path::new(".");
    for ancestor in plain.ancestors() {
        let place = if ancestor.as_os_str().is_empty() { here } else { ancestor };
        if let Ok(found) = place.canonicalize() {
            let rest = plain.strip_prefix(ancestor).unwrap_or(Path::new(""));
            return if rest.as_os_str().is_empty() { found } else { found.join(rest) };
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_resolved_as_far_as_they_lead() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().canonicalize().expect("a folder");
        std::fs::create_dir(root.join("a")).expect("a folder");
        std::os::unix::fs::symlink("a", root.join("b")).expect("a link");
        assert_eq!(resolved(&root.join("b")), root.join("a"));
        assert_eq!(resolved(&root.join("b/none/../other")), root.join("a/other"));
        assert_eq!(resolved(&root.join("./gone/x")), root.join("gone/x"));
        assert_eq!(resolved(Path::new("none-here")), here_and("none-here"));
    }

    fn here_and(name: &str) -> PathBuf {
        Path::new(".").canonicalize().expect("a folder").join(name)
    }
}
