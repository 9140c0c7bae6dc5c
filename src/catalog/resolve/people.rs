//! People: what the snapshot knows of organisations, and whom `CODEOWNERS` of their repositories names.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use url::Url;

use super::owners::Owners;
use crate::catalog::filing::{Filing, Home};
use crate::catalog::origin::Origin;
use crate::catalog::people::{CodeHome, CodeOwner, Directory, OwnersError, People, folded};
use crate::catalog::yaml::Mark;
use crate::collect::snapshot::{self, Repository, Snapshot};

/// Most owners of one file that are looked at.
const MOST_OWNERS: usize = 2000;

/// What is known of people.
pub(super) fn resolve(snapshot: &Snapshot, filing: &Filing<'_>, owners: &Owners) -> People {
    let hosts = hosts(filing);
    let directory =
        |observed: &snapshot::Directory| Directory::new(observed, hosts.get(&*observed.source).cloned());
    let directories = snapshot.directories.iter().map(directory).collect();
    let mut people = People { directories, ..People::default() };
    let mut code_owners = Vec::new();
    for (home, file, all) in owners.every() {
        let Home::Repository(position) = home else { continue };
        let repository = filing.repositories[position as usize];
        let organisation = repository.name.split('/').next().unwrap_or_default();
        let home = CodeHome {
            organisation: organisation.into(),
            source: Arc::clone(&repository.source),
            host: host(repository),
        };
        if people.beside(&home, organisation).is_none() {
            continue;
        }
        let mut seen = BTreeSet::new();
        let named = all.filter(|owner| owner.name.starts_with('@') && seen.insert(folded(&owner.name)));
        code_owners.extend(named.take(MOST_OWNERS).map(|owner| CodeOwner {
            name: owner.name.clone(),
            origin: Origin::File { file, mark: owner.mark },
            home: home.clone(),
        }));
    }
    people.code_owners = code_owners;
    people.owners_errors = errors(filing);
    people
}

/// The host of what each source finds: a source of GitHub asks one host.
fn hosts<'a>(filing: &Filing<'a>) -> BTreeMap<&'a str, Arc<str>> {
    let mut hosts = BTreeMap::new();
    for &repository in &filing.repositories {
        if !hosts.contains_key(&*repository.source)
            && let Some(host) = host(repository)
        {
            hosts.insert(&*repository.source, host);
        }
    }
    hosts
}

/// Host and port of a repository's address.
fn host(repository: &Repository) -> Option<Arc<str>> {
    let url = Url::parse(repository.url.as_deref()?).ok()?;
    let host = url.host_str()?;
    Some(url.port().map_or_else(|| host.into(), |port| format!("{host}:{port}").into()))
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
