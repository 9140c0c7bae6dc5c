//! How much was left out, by why. Each thing has its row in a pack; here they are counted.

use crate::catalog::Catalog;
use crate::collect::snapshot::RepositoryState;
use crate::diagnostic::{Diagnostic, codes};
use crate::words;

/// How many things of each kind were left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Credentials that were taken out of what was read.
    pub credentials_removed: usize,
    /// Descriptors that could not be read.
    pub descriptors_unreadable: usize,
    /// Documents with the name of a descriptor that describe no service of ours.
    pub documents_of_other_tools: usize,
    /// Listings of resources that AWS refused.
    pub listings_refused: usize,
    /// Paths in repositories that were not read.
    pub paths_refused: usize,
    /// Repositories that the configuration excludes.
    pub repositories_excluded: usize,
    /// Repositories that could not be read.
    pub repositories_unreadable: usize,
}

impl LeftOut {
    /// Of what `catalog` saw.
    pub fn of(catalog: &Catalog) -> Self {
        let ledger = &catalog.ledger;
        let removed =
            catalog.diagnostics.iter().filter(|diagnostic| diagnostic.code == &codes::SECRET_REMOVED);
        let mut left_out = Self {
            credentials_removed: removed.map(Diagnostic::stands_for).sum(),
            descriptors_unreadable: ledger.unreadable.len(),
            documents_of_other_tools: ledger.skipped.len(),
            listings_refused: catalog.tag_listings.iter().filter(|listing| listing.refused.is_some()).count(),
            ..Self::default()
        };
        for row in &ledger.repositories {
            match row.repository.state {
                RepositoryState::Read => {}
                RepositoryState::Excluded { .. } => left_out.repositories_excluded += 1,
                RepositoryState::Unreadable { .. } => left_out.repositories_unreadable += 1,
            }
            left_out.paths_refused += row.repository.refused.len();
        }
        left_out
    }

    /// Those of which there are any, in words.
    pub fn words(self) -> Vec<String> {
        let kinds = [
            (
                self.repositories_excluded,
                "repository that the configuration excludes",
                "repositories that the configuration excludes",
            ),
            (
                self.repositories_unreadable,
                "repository that could not be read",
                "repositories that could not be read",
            ),
            (
                self.paths_refused,
                "path in repositories that was not read",
                "paths in repositories that were not read",
            ),
            (
                self.descriptors_unreadable,
                "descriptor that could not be read",
                "descriptors that could not be read",
            ),
            (
                self.documents_of_other_tools,
                "document that describes no service, though named like a descriptor",
                "documents that describe no service, though named like a descriptor",
            ),
            (
                self.listings_refused,
                "pair of account and region that did not answer",
                "pairs of account and region that did not answer",
            ),
            (
                self.credentials_removed,
                "credential that somebody wrote, taken out before anything was judged",
                "credentials that somebody wrote, taken out before anything was judged",
            ),
        ];
        let words = kinds.into_iter().filter(|(count, ..)| *count > 0);
        words.map(|(count, one, many)| words::count(count, one, many)).collect()
    }
}
