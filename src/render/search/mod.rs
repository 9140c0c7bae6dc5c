//! The search index: small files that a page asks for one by one, made so that any part of a name is
//! found at once and a changed text changes little. `assets/js/search.js` reads it.

mod files;
mod index;
mod record;
pub(super) mod words;

use std::collections::HashSet;
use std::sync::Arc;

use super::links::Place;
use super::portal::Portal;
use super::site::{CachePolicy, Entry, MediaType, SitePath};
use files::Files;
use index::Index;

/// Lists the files of the index over the pages that `entries` has so far.
pub(super) fn register<'a>(portal: &Portal<'a>, entries: &mut Vec<Entry<'a>>) {
    let paths: HashSet<&SitePath> = entries.iter().map(|entry| &entry.path).collect();
    let files = Arc::new(Files::of(Index::of(record::records(portal, &paths))));
    for (position, name) in files.names().into_iter().enumerate() {
        let files = Arc::clone(&files);
        entries.push(Entry::new(
            Place::Search(&name).path(),
            MediaType::JavaScript,
            CachePolicy::Revalidate,
            move |_, _| Ok(files.text(position).into_bytes()),
        ));
    }
}

#[cfg(test)]
mod tests;
