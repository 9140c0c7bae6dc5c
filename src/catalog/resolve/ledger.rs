//! The coverage ledger: every repository in exactly one class, so that the sum always holds.

use std::collections::BTreeSet;

use super::descriptors::Descriptors;
use super::owners::Owners;
use crate::catalog::files::FileTable;
use crate::catalog::filing::{Filing, Home};
use crate::catalog::id::ServiceId;
use crate::catalog::ledger::{Ledger, RepositoryClass, RepositoryRow};
use crate::catalog::origin::FileIndex;
use crate::collect::snapshot::{NAME_NOT_UTF8, Repository, RepositoryState, Snapshot, SourceState};
use crate::diagnostic::{Diagnostic, Diagnostics, Place, codes};

/// The path under which trouble with git's history is listed.
const GIT: &str = ".git";

/// The ledger of a snapshot whose descriptors were read.
pub(super) fn resolve(
    snapshot: &Snapshot,
    filing: &Filing<'_>,
    descriptors: &mut Descriptors,
    owners: Option<&Owners>,
    diagnostics: &mut Diagnostics,
) -> Ledger {
    let mut services = vec![0; filing.repositories.len()];
    let mut unreadable = vec![false; filing.repositories.len()];
    let position = |file: FileIndex| match filing.filed(file)?.home {
        Home::Repository(position) => Some(position as usize),
        Home::Catalog => None,
    };
    // A service that several documents of one repository describe is one service.
    let described = descriptors.described.iter();
    let ids: BTreeSet<(usize, &ServiceId)> =
        described.filter_map(|described| Some((position(described.file)?, described.id()))).collect();
    for (position, _) in ids {
        services[position] += 1;
    }
    for document in &descriptors.unreadable {
        if let Some(position) = position(document.file) {
            unreadable[position] = true;
        }
    }
    let repositories = filing
        .repositories
        .iter()
        .zip(services.into_iter().zip(unreadable))
        .enumerate()
        .map(|(position, (&repository, (services, unreadable)))| {
            refused(repository, diagnostics);
            let class = match &repository.state {
                RepositoryState::Excluded { .. } => RepositoryClass::Excluded,
                RepositoryState::Unreadable { .. } => RepositoryClass::Unreadable,
                RepositoryState::Read if services > 0 || unreadable => RepositoryClass::WithDescriptor,
                RepositoryState::Read => RepositoryClass::WithoutDescriptor,
            };
            let home =
                Home::Repository(u32::try_from(position).expect("repositories stay below four billion"));
            let reviewers = owners
                .filter(|_| repository.state == RepositoryState::Read)
                .map(|owners| owners.of_root(home).map(|owner| owner.name.clone()).collect());
            RepositoryRow { repository: repository.clone(), class, services, reviewers }
        })
        .collect();
    let mut sources = snapshot.sources.clone();
    sources.sort_by(|a, b| a.name.cmp(&b.name));
    let ledger = Ledger {
        sources,
        repositories,
        skipped: std::mem::take(&mut descriptors.skipped),
        unreadable: std::mem::take(&mut descriptors.unreadable),
        foreign: std::mem::take(&mut descriptors.foreign),
        unread: None,
    };
    Ledger { unread: unread(&ledger, &filing.table).map(Into::into), ..ledger }
}

/// Why a service that nothing describes may be described all the same.
fn unread(ledger: &Ledger, files: &FileTable) -> Option<String> {
    let describes = |kind: &str| matches!(kind, "folder" | "git" | "github");
    let silent = ledger.sources.iter().find(|source| {
        describes(&source.kind)
            && (matches!(source.state, SourceState::Failed | SourceState::Partial)
                || !source.unlisted.is_empty())
    });
    if let Some(source) = silent {
        return Some(format!("the source `{}` did not answer completely", source.name));
    }
    let unreadable = |row: &&RepositoryRow| row.class == RepositoryClass::Unreadable;
    if let Some(row) = ledger.repositories.iter().find(unreadable) {
        return Some(format!("the repository `{}` could not be read", row.repository.name));
    }
    let entry = &files[ledger.unreadable.first()?.file];
    Some(format!("the descriptor `{}` in `{}` could not be read", entry.path, entry.repository))
}

/// Reports paths that were not read because they are no files of the repository.
pub(super) fn refused(repository: &Repository, diagnostics: &mut Diagnostics) {
    for refused in &repository.refused {
        let place = Place {
            repository: repository.name.clone(),
            path: refused.path.clone(),
            line: 0,
            column: 0,
            length: 0,
            quote: Box::default(),
        };
        let diagnostic = if *refused.path == *GIT {
            let message = format!("the history of `{}` cannot be read: {}", repository.name, refused.reason);
            Diagnostic::new(&codes::UNREADABLE_HISTORY, message).help("look whether `git log` works there")
        } else {
            let message = format!("`{}` was not read: {}", refused.path, refused.reason);
            let help = if *refused.reason == *NAME_NOT_UTF8 {
                "rename it with letters that UTF-8 has"
            } else {
                "put a regular file there"
            };
            Diagnostic::new(&codes::REFUSED_PATH, message).help(help)
        };
        diagnostics.push(diagnostic.at(place));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::snapshot::RefusedPath;

    #[test]
    fn help_for_a_refused_path_fits_its_reason() {
        let mut catalog_folder = crate::collect::snapshot::CatalogFolder::none();
        catalog_folder.repository.refused = [("a", NAME_NOT_UTF8), ("b", "a pipe, socket or device")]
            .map(|(path, reason)| RefusedPath { path: path.into(), reason: reason.into() })
            .to_vec();
        let mut diagnostics = Diagnostics::default();
        refused(&catalog_folder.repository, &mut diagnostics);
        let help: Vec<_> = diagnostics.iter().map(|diagnostic| diagnostic.help.as_deref()).collect();
        assert_eq!(help, [Some("rename it with letters that UTF-8 has"), Some("put a regular file there")]);
    }
}
