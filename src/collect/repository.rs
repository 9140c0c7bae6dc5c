//! One repository of a folder source: who it is, whether it counts, and what is read of it.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::sync::Arc;

use super::beneath::Root;
use super::contents::Contents;
use super::exclusion;
use super::files::{self, NamedFiles, Taken};
use super::folder::Context;
use super::git::{Depth, Identity, Wanted, WorkTree};
use super::snapshot::{
    Content, File, FileRole, LocalFolder, RefusedPath, Repository, RepositoryState, Revision,
};
use super::walk::{Found, in_words, joined, plain};
use crate::settings::{Limits, Settings, Source};
use crate::words;

/// Why a repository without a work tree is not read.
pub(super) const BARE: &str = "bare git repository: nothing is checked out";

/// The path under which a repository lists what is missing of its history.
pub(super) const HISTORY: &str = ".git";

/// Where a repository is, before it is read.
pub(super) struct Site {
    /// Its folder, relative to that of the source.
    base: Vec<u8>,
    /// Its name, unless git has a better one.
    label: String,
    start: Start,
}

/// What is known of a repository before it is read.
pub(super) enum Start {
    /// Nothing: git may know it, here or in a folder around it.
    Unseen,
    /// It has a `.git`, and this was found in it.
    WorkTree(Found),
    /// Nothing but one file in it shall be read.
    OneFile(Vec<u8>),
    /// Git shall not be asked; what was found in it, if that is known.
    WithoutGit(Option<Found>),
    /// It cannot be read, and why.
    Refused(String),
}

/// A repository that was looked at.
#[derive(Clone)]
pub(super) struct Examined {
    pub(super) repository: Repository,
    pub(super) files: Vec<File>,
    /// What is missing of it.
    pub(super) shortfalls: Vec<String>,
}

/// What is read where, once git was asked.
pub(super) struct Plan {
    pub(super) root: Box<dyn Contents>,
    /// Where to look, relative to the root.
    pub(super) from: String,
    pub(super) tree: Option<WorkTree>,
    pub(super) found: Option<Found>,
}

impl Site {
    pub(super) fn new(base: Vec<u8>, label: String, start: Start) -> Self {
        Self { base, label, start }
    }

    /// Reads it, unless it is excluded.
    pub(super) fn examine(self, context: &Context<'_>) -> Examined {
        let mut examined = Examined::new(&self.label, context.source);
        let plan = self.plan(context, &mut examined);
        if examined.is_excluded(context.source, context.settings) {
            return examined;
        }
        match plan {
            Ok(plan) => examined.read(plan, context.settings, context.named),
            Err(reason) => examined.give_up(reason),
        }
        examined.sorted()
    }

    /// Asks git who it is, and says what to read, or why nothing can be.
    fn plan(self, context: &Context<'_>, examined: &mut Examined) -> Result<Plan, String> {
        let folder = context.folder.join(OsStr::from_bytes(&self.base));
        let (only, found, git) = match self.start {
            Start::Refused(reason) => return Err(reason),
            Start::WithoutGit(found) => (None, found, Ok(None)),
            Start::WorkTree(found) => {
                (None, Some(found), WorkTree::at(&folder).map(|tree| Some((tree, String::new()))))
            }
            Start::OneFile(name) => (Some(name), None, WorkTree::around(&folder)),
            Start::Unseen => (None, None, WorkTree::around(&folder)),
        };
        let git = git.unwrap_or_else(|reason| {
            examined.lacks_history(&reason);
            None
        });
        let (tree, from) = git.map_or((None, String::new()), |(tree, from)| (Some(tree), from));
        let found = found.or_else(|| only.map(|name| Found::one_descriptor(joined(from.as_bytes(), &name))));
        if let Some(Identity { name, url }) = tree.as_ref().and_then(WorkTree::identity) {
            examined.repository.name = Arc::from(name);
            examined.repository.url = Some(Arc::from(url));
        } else if let Some(above) = tree.as_ref().filter(|_| !from.is_empty()) {
            let name = above.folder.file_name().map(|name| files::readable(name.as_bytes()));
            examined.repository.name = name.map_or_else(|| Arc::clone(&examined.repository.name), Arc::from);
        }
        let root = match &tree {
            Some(tree) if !from.is_empty() => Root::open(&tree.folder).map_err(|error| plain(&error))?,
            _ => context.root.beneath(&self.base).map_err(|refusal| in_words(&refusal))?,
        };
        let above = tree.as_ref().filter(|_| !from.is_empty()).map(|tree| tree.folder.as_path());
        examined.repository.folder = LocalFolder(Some(above.unwrap_or(&folder).into()));
        if std::str::from_utf8(&self.base).is_err() {
            return Err("its folder has a name that is not UTF-8".to_owned());
        }
        Ok(Plan { root: Box::new(root), from, tree, found })
    }
}

impl Examined {
    /// Nothing yet of the repository called `name`.
    pub(super) fn new(name: &str, source: &Source) -> Self {
        let repository = Repository {
            name: Arc::from(name),
            source: Arc::from(&*source.name),
            revision: files::digest(&[]),
            url: None,
            last_commit: None,
            state: RepositoryState::Read,
            refused: Vec::new(),
            owners_review: None,
            carried: None,
            folder: LocalFolder::default(),
        };
        Self { repository, files: Vec::new(), shortfalls: Vec::new() }
    }

    /// Leaves it out when the source says so.
    pub(super) fn is_excluded(&mut self, source: &Source, settings: &Settings) -> bool {
        let name = &self.repository.name;
        let Some(position) = exclusion::that_holds(&source.exclude, name, settings.today) else {
            return false;
        };
        let exclusion = &source.exclude[position];
        self.repository.state = RepositoryState::Excluded {
            reason: Arc::from(&*exclusion.reason),
            by: exclusion.by.as_deref().map(Arc::from),
            until: exclusion.until.map(|until| until.to_string().into()),
        };
        // What is left out cannot be missed.
        self.shortfalls.clear();
        self.repository.refused.clear();
        true
    }

    /// With what was refused in order.
    pub(super) fn sorted(mut self) -> Self {
        self.repository.refused.sort_by(|a, b| (&a.path, &a.reason).cmp(&(&b.path, &b.reason)));
        self
    }

    /// Reads what `plan` says.
    pub(super) fn read(&mut self, plan: Plan, settings: &Settings, named: &NamedFiles<'_>) {
        let limits = settings.limits;
        let found =
            plan.found.unwrap_or_else(|| Found::beneath(&*plan.root, plan.from.as_bytes(), settings.formats));
        let start = plan.from.as_bytes();
        if found.bare.contains(start) {
            return self.give_up(BARE.to_owned());
        }
        if let Some((_, reason)) = found.unreadable.iter().find(|(folder, _)| folder == start) {
            return self.give_up(format!("its folder cannot be listed: {reason}"));
        }
        let taken = Taken::from(&*plan.root, &found, limits, named);
        if taken.unreadable > 0 {
            let paths = words::count(taken.unreadable, "path", "paths");
            self.shortfalls.push(format!("{paths} could not be read"));
        }
        self.files = taken.files;
        self.repository.refused.extend(taken.refused);
        self.repository.revision = files::digest(&self.files);
        if let Some(tree) = plan.tree
            && let Some(gap) = self.add_history(&tree, limits).unwrap_or_else(Some)
        {
            self.lacks_history(&gap);
        }
    }

    /// Adds what git knows of the repository and of each file; says what is missing of it.
    fn add_history(&mut self, tree: &WorkTree, limits: Limits) -> Result<Option<String>, String> {
        let Some(head) = tree.head()? else { return Ok(None) };
        self.repository.revision = Revision::Commit(Arc::clone(&head.id));
        self.repository.last_commit = Some(head);
        let gap = add_histories(tree, "", &mut self.files, limits, |file| match file.role {
            FileRole::Descriptor => Depth::FirstText,
            FileRole::Document | FileRole::Catalog | FileRole::Owners => Depth::Changes,
        })?;
        Ok(gap.map(str::to_owned))
    }

    fn lacks_history(&mut self, reason: &str) {
        self.repository.refused.push(RefusedPath { path: HISTORY.into(), reason: reason.into() });
        self.shortfalls.push(format!("its history cannot be read: {reason}"));
    }

    /// Says why nothing of it could be read.
    pub(super) fn give_up(&mut self, reason: String) {
        self.repository.state = RepositoryState::Unreadable { reason: Arc::from(reason.as_str()) };
        self.shortfalls.push(reason);
    }
}

/// Adds to `files`, whose paths lie beneath `folder` in the work tree, what git knows of each; says what
/// is missing.
pub(super) fn add_histories(
    tree: &WorkTree,
    folder: &str,
    files: &mut [File],
    limits: Limits,
    depth: impl Fn(&File) -> Depth,
) -> Result<Option<&'static str>, String> {
    let there: Vec<usize> =
        (0..files.len()).filter(|at| !matches!(files[*at].content, Content::Missing)).collect();
    let inside = |path: &str| if folder.is_empty() { path.to_owned() } else { format!("{folder}/{path}") };
    let paths: Vec<String> = there.iter().map(|at| inside(&files[*at].path)).collect();
    let wanted: Vec<Wanted<'_>> = there
        .iter()
        .zip(&paths)
        .map(|(at, path)| Wanted {
            path,
            depth: depth(&files[*at]),
            now: match &files[*at].content {
                Content::Text(text) => Some(text),
                _ => None,
            },
        })
        .collect();
    let histories = tree.histories(&wanted, limits.descriptor_bytes)?;
    for (at, history) in there.into_iter().zip(histories.by_path) {
        let file = &mut files[at];
        file.last_change = history.last_change;
        file.first_change = history.first_change;
        file.first_text = history.first_text;
        file.history = history.texts;
    }
    Ok(histories.gap)
}
