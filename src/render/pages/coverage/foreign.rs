//! Documents of other tools that were read, by format and kind, and how much of them no record of ours holds.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::catalog::Catalog;
use crate::catalog::foreign::Format;
use crate::words;

/// Documents of one format and kind.
#[derive(Debug, Serialize)]
pub(super) struct Row<'p> {
    format: &'static str,
    kind: &'p str,
    documents: usize,
    keys: usize,
    most: Option<String>,
}

/// The rows of `catalog`.
pub(super) fn rows(catalog: &Catalog) -> Vec<Row<'_>> {
    // Documents, keys not carried, and how often each key was not.
    type Sum<'c> = (usize, usize, BTreeMap<String, usize>);
    let mut kinds: BTreeMap<(Format, &str), Sum<'_>> = BTreeMap::new();
    for document in &catalog.ledger.foreign {
        let (documents, keys, by_key) = kinds.entry((document.format, &*document.kind)).or_default();
        *documents += 1;
        *keys += document.not_carried.len();
        for key in &document.not_carried {
            *by_key.entry(pattern(&key.path)).or_default() += 1;
        }
    }
    kinds
        .into_iter()
        .map(|((format, kind), (documents, keys, by_key))| Row {
            format: format.title(),
            kind,
            documents,
            keys,
            most: by_key.into_iter().rev().max_by_key(|(_, count)| *count).map(|(key, _)| key),
        })
        .collect()
}

/// `3 documents of other tools, by format and kind`.
pub(super) fn caption(catalog: &Catalog) -> String {
    let documents =
        words::count(catalog.ledger.foreign.len(), "document of another tool", "documents of other tools");
    format!("{documents} that were read, by format and kind")
}

/// The path of a key without the positions in lists: `metadata.links[].icon`.
fn pattern(path: &str) -> String {
    let mut pattern = String::with_capacity(path.len());
    let mut inside = false;
    for c in path.chars() {
        inside = (inside || c == '[') && c != ']';
        if !inside || c == '[' {
            pattern.push(c);
        }
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::pattern;

    #[test]
    fn positions_are_left_out_of_paths() {
        assert_eq!(pattern("metadata.links[12].icon"), "metadata.links[].icon");
        assert_eq!(pattern("spec.profile"), "spec.profile");
    }
}
