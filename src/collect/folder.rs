//! The folder source: cuts a folder into repositories and reads each of them.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use rayon::prelude::*;

use super::beneath::Root;
use super::contents::{Contents, Entry, Kind};
use super::descriptor_names::is_descriptor;
use super::exclusion;
use super::files::{NamedFiles, readable};
use super::outcome::Outcome;
use super::progress::Progress;
use super::repository::{BARE, Examined, Site, Start};
use super::snapshot::{File, FileRole, Repository, RepositoryState};
use super::walk::{Found, in_words, plain};
use crate::settings::{Repositories, Settings, Source};
use crate::words;

/// What is the same for every repository of a source.
pub(super) struct Context<'a> {
    pub(super) source: &'a Source,
    pub(super) settings: &'a Settings,
    pub(super) named: &'a NamedFiles<'a>,
    /// The folder of the source.
    pub(super) folder: &'a Path,
    /// The same, open.
    pub(super) root: &'a Root,
}

/// Reads every repository of `source`, or says why none can be read. A source that is one file is a
/// repository of which nothing else is read.
pub(super) fn collect(
    source: &Source,
    cut: Repositories,
    settings: &Settings,
    named: &NamedFiles<'_>,
    progress: &dyn Progress,
) -> Result<Outcome, String> {
    let reason =
        |error: &std::io::Error| format!("`{}` cannot be read: {}", source.path.display(), plain(error));
    // Resolved once, so that `.` has a name and the folder may itself be reached by a link.
    let place = source.path.canonicalize().map_err(|error| reason(&error))?;
    let (folder, only) = match (place.parent(), place.file_name()) {
        (Some(parent), Some(name)) if place.is_file() => (parent.to_owned(), Some(name.as_bytes().to_vec())),
        _ => (place, None),
    };
    let root = Root::open(&folder).map_err(|error| reason(&error))?;
    let context = Context { source, settings, named, folder: &folder, root: &root };

    let mut outcome = Outcome::default();
    progress.started(&format!("looking for repositories in `{}`", source.name), None);
    let own = |start| vec![Site::new(Vec::new(), label(&folder), start)];
    let sites = match (only, cut) {
        (Some(name), _) => own(Start::OneFile(name)),
        (None, Repositories::Children) => children(&context, &mut outcome)?,
        (None, Repositories::Own) => own(Start::Unseen),
        (None, Repositories::Auto) => work_trees(&context),
    };
    progress.finished(&format!("found {} in `{}`", count_of(sites.len()), source.name));

    progress.started(&format!("reading repositories of `{}`", source.name), Some(sites.len() as u64));
    let examine = |site: Site| {
        let examined = site.examine(&context);
        progress.advanced(1);
        examined
    };
    let goes_on = |_: &Site| !settings.interruption.is_requested();
    let examined: Vec<Examined> = sites.into_par_iter().filter(goes_on).map(examine).collect();
    for one in examined {
        outcome
            .shortfalls
            .extend(one.shortfalls.iter().map(|why| format!("`{}`: {why}", one.repository.name)));
        outcome.repositories.push((one.repository, one.files));
    }
    outcome.items = outcome.repositories.len() as u64;
    outcome.notes = idle_exclusions(source, settings, &outcome.repositories);
    progress.finished(&summary(source, &outcome.repositories));
    Ok(outcome)
}

/// Every child folder as a repository of its own, whatever git says.
fn children(context: &Context<'_>, outcome: &mut Outcome) -> Result<Vec<Site>, String> {
    let mut entries = context.root.list(b"").map_err(|refusal| in_words(&refusal))?;
    entries.sort();
    let mut sites = Vec::new();
    for Entry { name, kind } in entries {
        let label = readable(&name);
        match kind {
            Kind::Folder if name != b".git" => sites.push(Site::new(name, label, Start::WithoutGit(None))),
            Kind::Link => {
                let reason = context.root.link_reason(&name);
                // A link to a file beside the repositories is nobody's repository.
                if context.folder.join(OsStr::from_bytes(&name)).is_dir() {
                    sites.push(Site::new(
                        name,
                        label,
                        Start::Refused(format!("{reason}, which is not followed")),
                    ));
                }
            }
            Kind::File if is_descriptor(b"", &name, context.settings.formats) => {
                outcome
                    .shortfalls
                    .push(format!("`{label}` lies beside the repositories and belongs to none"));
            }
            Kind::Folder | Kind::File | Kind::Special => {}
        }
    }
    Ok(sites)
}

/// Every git work tree as a repository; what lies in none of them is one more. Without any, the folder
/// is one, as part of the work tree around it if there is one.
fn work_trees(context: &Context<'_>) -> Vec<Site> {
    let mut parts = Found::by_work_tree(context.root, context.settings.formats);
    let trees = parts.split_off(1);
    let rest = parts.swap_remove(0);
    let own_label = || label(context.folder);
    let mut sites = Vec::with_capacity(trees.len() + 1);
    if rest.is_work_tree {
        sites.push(Site::new(Vec::new(), own_label(), Start::WorkTree(rest)));
    } else if trees.is_empty() && rest.bare.is_empty() {
        sites.push(Site::new(Vec::new(), own_label(), Start::Unseen));
    } else {
        for path in &rest.bare {
            let label = label(Path::new(OsStr::from_bytes(path)));
            sites.push(Site::new(path.clone(), label, Start::Refused(BARE.to_owned())));
        }
        if !rest.is_empty() {
            sites.push(Site::new(Vec::new(), own_label(), Start::WithoutGit(Some(rest))));
        }
    }
    for tree in trees {
        let label = label(Path::new(OsStr::from_bytes(&tree.base)));
        sites.push(Site::new(tree.base.clone(), label, Start::WorkTree(tree)));
    }
    sites
}

/// The name of a folder, for a repository that git has no name for.
fn label(folder: &Path) -> String {
    folder.file_name().map_or_else(|| "/".to_owned(), |name| readable(name.as_bytes()))
}

/// Exclusions that leave nothing out: over, or never met.
pub(super) fn idle_exclusions(
    source: &Source,
    settings: &Settings,
    repositories: &[(Repository, Vec<File>)],
) -> Vec<String> {
    let used: Vec<usize> = repositories
        .iter()
        .filter(|(repository, _)| matches!(repository.state, RepositoryState::Excluded { .. }))
        .filter_map(|(repository, _)| {
            exclusion::that_holds(&source.exclude, &repository.name, settings.today)
        })
        .collect();
    let idle = source.exclude.iter().enumerate().filter(|(position, _)| !used.contains(position));
    idle.map(|(_, exclusion)| match exclusion.until {
        Some(until) if !exclusion::is_current(exclusion, settings.today) => {
            format!(
                "the exclusion of `{}` ended on {until} and leaves nothing out any more",
                exclusion.repository
            )
        }
        _ => format!("the exclusion of `{}` leaves nothing out", exclusion.repository),
    })
    .collect()
}

pub(super) fn summary(source: &Source, repositories: &[(Repository, Vec<File>)]) -> String {
    let count =
        |role| repositories.iter().flat_map(|(_, files)| files).filter(|file| file.role == role).count();
    format!(
        "read {} and {} from {} in `{}`",
        words::count(count(FileRole::Descriptor), "descriptor", "descriptors"),
        words::count(count(FileRole::Document), "document", "documents"),
        count_of(repositories.len()),
        source.name
    )
}

fn count_of(repositories: usize) -> String {
    words::count(repositories, "repository", "repositories")
}
