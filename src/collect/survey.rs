//! What a folder says without any descriptor: its remote, the names of its files, and the text of those
//! few that say what it is for. Nothing is followed, and everything has a limit.

use std::collections::{BTreeSet, VecDeque};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::Arc;

use super::beneath::Root;
use super::content;
use super::contents::{Bytes, Contents, Kind};
use super::descriptor_names::is_entered;
use super::files::readable;
use super::git::{Identity, WorkTree};
use super::snapshot::Content;
use super::walk::{joined, plain};
use crate::settings::Limits;

/// So many files are listed: enough to see what a folder is.
const MOST_FILES: usize = 20_000;

/// So deep folders are entered.
const DEEPEST: usize = 12;

/// So many files of one kind are read.
const MOST_OF_A_KIND: usize = 200;

/// So much is read in all.
const MOST_BYTES: u64 = 16 << 20;

/// Where the owners of code are listed, in the order in which GitHub looks, then GitLab's place.
const OWNER_FILES: [&str; 4] = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"];

/// What a folder says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Survey {
    /// The name of the folder.
    pub name: Arc<str>,
    /// Its path in its repository; empty at the root of it, and without git.
    pub inside: Arc<str>,
    /// The name of its repository, such as `org/name`, as the remote gives it.
    pub repository: Option<Arc<str>>,
    /// Paths of regular files, relative to the folder, sorted.
    pub paths: Vec<Arc<str>>,
    /// The files that say what it is for, by path relative to the folder.
    pub texts: Vec<Surveyed>,
    /// The file that lists the owners of code, by path relative to the repository.
    pub owners: Option<Surveyed>,
    /// What was left out, and why.
    pub gaps: Vec<String>,
}

/// A file that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Surveyed {
    /// What it is.
    pub kind: SurveyedKind,
    /// Its path.
    pub path: Arc<str>,
    /// What it holds.
    pub text: Arc<str>,
}

/// What a file is that says what a folder is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SurveyedKind {
    /// An introduction.
    Readme,
    /// How an image is built.
    Containerfile,
    /// Infrastructure.
    Terraform,
    /// Who owns which code.
    Owners,
}

/// What the folder at `path` says, or why it cannot be read.
pub fn survey(path: &Path, limits: Limits) -> Result<Survey, String> {
    let place = path.canonicalize().map_err(|error| plain(&error))?;
    let root = Root::open(&place).map_err(|error| plain(&error))?;
    let name = place.file_name().map(|name| readable(name.as_bytes())).unwrap_or_default();
    let mut survey = Survey { name: name.into(), ..Survey::default() };
    survey.list(&root);
    survey.read(&root, limits);
    match tree_around(&place) {
        Ok(None) => survey.owners = owners(&root, limits),
        Ok(Some((tree, inside))) => {
            survey.inside = inside.into();
            survey.repository = tree.identity().map(|Identity { name, .. }| name.into());
            let top = Root::open(&tree.folder).map_err(|error| plain(&error))?;
            survey.owners = owners(&top, limits);
        }
        Err(reason) => {
            survey.gaps.push(format!("git was not asked: {reason}"));
            survey.owners = owners(&root, limits);
        }
    }
    Ok(survey)
}

/// The work tree that holds `folder`, even one in which nothing was ever committed.
fn tree_around(folder: &Path) -> Result<Option<(WorkTree, String)>, String> {
    if folder.join(".git").symlink_metadata().is_ok() {
        return WorkTree::at(folder).map(|tree| Some((tree, String::new())));
    }
    WorkTree::around(folder)
}

fn owners(root: &Root, limits: Limits) -> Option<Surveyed> {
    OWNER_FILES.iter().find_map(|path| {
        let text = text(root, path, limits.descriptor_bytes)?;
        Some(Surveyed { kind: SurveyedKind::Owners, path: Arc::from(*path), text })
    })
}

impl Survey {
    /// Lists files level by level, so that the nearest are listed when not all are.
    fn list(&mut self, root: &Root) {
        let mut paths = BTreeSet::new();
        let mut waiting = VecDeque::from([(Vec::new(), 0)]);
        while let Some((folder, depth)) = waiting.pop_front() {
            let Ok(mut entries) = root.list(&folder) else {
                self.gaps.push(format!("`{}` cannot be listed", readable(&folder)));
                continue;
            };
            // The work of somebody else, such as a submodule.
            if depth > 0 && entries.iter().any(|entry| entry.name == b".git") {
                continue;
            }
            entries.sort();
            for entry in entries {
                let path = joined(&folder, &entry.name);
                match entry.kind {
                    Kind::Folder if depth < DEEPEST && is_looked_into(&entry.name) => {
                        waiting.push_back((path, depth + 1));
                    }
                    Kind::File => {
                        if paths.len() == MOST_FILES {
                            self.gaps.push(format!("only the first {MOST_FILES} files were looked at"));
                            self.paths = paths.into_iter().collect();
                            return;
                        }
                        if let Ok(path) = String::from_utf8(path) {
                            paths.insert(Arc::from(path));
                        }
                    }
                    Kind::Folder | Kind::Link | Kind::Special => {}
                }
            }
        }
        self.paths = paths.into_iter().collect();
    }

    fn read(&mut self, root: &Root, limits: Limits) {
        let mut budget = MOST_BYTES;
        for kind in [SurveyedKind::Readme, SurveyedKind::Containerfile, SurveyedKind::Terraform] {
            let mut paths: Vec<_> =
                self.paths.iter().filter(|path| kind_of(path) == Some(kind)).cloned().collect();
            paths.sort_by_key(|path| path.matches('/').count());
            for path in paths.into_iter().take(MOST_OF_A_KIND) {
                let Some(text) = text(root, &path, limits.descriptor_bytes.min(budget)) else {
                    self.gaps.push(format!("`{path}` was not read: too large, or no text"));
                    continue;
                };
                budget -= text.len() as u64;
                self.texts.push(Surveyed { kind, path, text });
            }
        }
    }
}

/// Whether files below a folder of this name say what a repository is for: none of what machines made, and
/// of what is hidden only what forges read.
fn is_looked_into(name: &[u8]) -> bool {
    is_entered(name) && (!name.starts_with(b".") || matches!(name, b".github" | b".gitlab"))
}

fn kind_of(path: &str) -> Option<SurveyedKind> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.split('.').next().unwrap_or(name);
    if path == name && stem.eq_ignore_ascii_case("readme") {
        return Some(SurveyedKind::Readme);
    }
    if matches!(name, "Dockerfile" | "Containerfile") {
        return Some(SurveyedKind::Containerfile);
    }
    name.ends_with(".tf").then_some(SurveyedKind::Terraform)
}

fn text(root: &Root, path: &str, limit: u64) -> Option<Arc<str>> {
    let Ok(Bytes::All(bytes)) = root.read(path.as_bytes(), limit) else { return None };
    match content::of(&bytes) {
        Content::Text(text) => Some(text.read()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    fn write(folder: &Path, path: &str, text: &str) {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("it has one")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    #[test]
    fn files_that_say_what_a_folder_is_for_are_read_and_links_are_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let quote = folder.path().join("quote");
        for (path, text) in [
            ("README.md", "# Quote"),
            ("build/Dockerfile", "FROM scratch"),
            ("infra/main.tf", ""),
            ("node_modules/a/main.tf", ""),
            (".terraform/b/main.tf", ""),
            ("other/.git/HEAD", ""),
            ("other/main.tf", ""),
            (".github/CODEOWNERS", "* @example/checkout"),
        ] {
            write(&quote, path, text);
        }
        write(folder.path(), "secret.tf", "secret");
        symlink("../secret.tf", quote.join("linked.tf")).expect("a link");
        let survey = survey(&quote, Limits::default()).expect("a survey");
        assert_eq!(&*survey.name, "quote");
        let paths: Vec<&str> = survey.paths.iter().map(|path| &**path).collect();
        assert_eq!(paths, [".github/CODEOWNERS", "README.md", "build/Dockerfile", "infra/main.tf"]);
        let read: Vec<&str> = survey.texts.iter().map(|file| &*file.path).collect();
        assert_eq!(read, ["README.md", "build/Dockerfile", "infra/main.tf"]);
        assert_eq!(survey.owners.map(|owners| owners.text), Some("* @example/checkout".into()));
        assert_eq!(survey.gaps, Vec::<String>::new());
    }

    #[test]
    fn what_is_too_large_is_a_gap() {
        let folder = tempfile::tempdir().expect("a folder");
        write(folder.path(), "README.md", &"a".repeat(2 << 20));
        let survey = survey(folder.path(), Limits::default()).expect("a survey");
        assert_eq!((survey.texts.len(), survey.gaps.len()), (0, 1));
    }
}
