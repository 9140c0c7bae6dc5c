//! People: what the snapshot knows of organisations, and whom `CODEOWNERS` of their repositories names.

use std::collections::BTreeSet;

use super::owners::Owners;
use crate::catalog::filing::{Filing, Home};
use crate::catalog::origin::Origin;
use crate::catalog::people::{CodeOwner, Directory, OwnersError, People, folded};
use crate::catalog::yaml::Mark;
use crate::collect::snapshot::Snapshot;

/// Most owners of one file that are looked at.
const MOST_OWNERS: usize = 2000;

/// What is known of people.
pub(super) fn resolve(snapshot: &Snapshot, filing: &Filing<'_>, owners: &Owners) -> People {
    let directories: Vec<Directory> = snapshot.directories.iter().map(Directory::from).collect();
    let organisations: BTreeSet<Box<str>> = directories.iter().map(|one| folded(&one.organisation)).collect();
    let mut code_owners = Vec::new();
    for (home, file, all) in owners.every() {
        let Home::Repository(position) = home else { continue };
        let name = &filing.repositories[position as usize].name;
        let organisation = name.split('/').next().unwrap_or_default();
        if !organisations.contains(&folded(organisation)) {
            continue;
        }
        let mut seen = BTreeSet::new();
        let named = all.filter(|owner| owner.name.starts_with('@') && seen.insert(folded(&owner.name)));
        code_owners.extend(named.take(MOST_OWNERS).map(|owner| CodeOwner {
            name: owner.name.clone(),
            origin: Origin::File { file, mark: owner.mark },
            organisation: organisation.into(),
        }));
    }
    People { directories, code_owners, owners_errors: errors(filing) }
}

/// What hosts find wrong in files that are at hand.
fn errors(filing: &Filing<'_>) -> Vec<OwnersError> {
    let mut errors = Vec::new();
    for (position, repository) in (0..).zip(&filing.repositories) {
        let Some(review) = &repository.owners_review else { continue };
        for error in &review.errors {
            let Some(filed) = filing.find(Home::Repository(position), &error.path) else { continue };
            let mark = Mark { line: error.line, column: error.column };
            let origin = match error.line {
                0 => Origin::Document(filed.index),
                _ => Origin::File { file: filed.index, mark },
            };
            let (kind, suggestion) = (error.kind.clone(), error.suggestion.clone());
            errors.push(OwnersError { kind, suggestion, seen: review.seen, origin });
        }
    }
    errors
}
