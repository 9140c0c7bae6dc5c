//! Audience: takes out of a night what the readers of another portal must not see, before anything is made of it, and
//! proves of every byte that is made of it afterwards that nothing came through.
//!
//! What is removed is gathered first: from fields that are known to hold it, and from all texts by its form. Every place
//! where a value stands is then rewritten, so that whatever is resolved, rendered or packed has never seen one. The same
//! value always gets the same stand-in, of the same shape, so that what belonged together still does.

mod finding;
mod forms;
mod proof;
mod records;
mod stand_ins;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use aho_corasick::AhoCorasick;

use crate::catalog::Catalog;
use crate::catalog::configuration::Removable;
use crate::collect::snapshot::{CatalogFolder, Snapshot};
use crate::secrets::spelling::Spelling;

use finding::Found;
use forms::{arns, is_elsewhere, percent_encoded};
use stand_ins::{Arns, StandIn};

pub use proof::Proof;

/// For whom a portal is built, as it says itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audience {
    /// The name of the profile in `milepost.yaml`.
    pub name: Box<str>,
    /// How many values were removed, by kind.
    pub removed: BTreeMap<Removable, usize>,
}

/// What is removed from a night, and what stands in its place.
#[derive(Debug)]
pub struct Removal {
    kinds: BTreeSet<Removable>,
    found: Found,
    stand_ins: Vec<StandIn>,
    search: AhoCorasick,
    arns: Arns,
}

impl Removal {
    /// Gathers what of `kinds` the night of `snapshot` and `folder` holds, which resolved to `catalog`. An error says
    /// why that much cannot be searched for.
    pub fn of(
        kinds: BTreeSet<Removable>,
        (snapshot, folder): (&Snapshot, &CatalogFolder),
        catalog: &Catalog,
    ) -> Result<Self, String> {
        let mut found = Found::default();
        found.fields(catalog, snapshot);
        found.records(snapshot, folder);
        Self::new(kinds, found)
    }

    fn new(kinds: BTreeSet<Removable>, mut found: Found) -> Result<Self, String> {
        found.keep_only(&kinds);
        let (stand_ins, arns) = stand_ins::of(&found, &kinds);
        let search = forms::rewriter(&stand_ins).map_err(|error| error.to_string())?;
        Ok(Self { kinds, found, stand_ins, search, arns })
    }

    /// How many values are removed, by kind.
    pub fn counts(&self) -> BTreeMap<Removable, usize> {
        self.kinds.iter().map(|kind| (*kind, self.found.of(*kind).len())).collect()
    }

    /// `text` with a stand-in for every value.
    pub fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if let Some(stands) = self.arns.get(text) {
            return Cow::Owned(stands.clone());
        }
        let mut places = self.places(text);
        // What readers see need not be what is written: `mira\@example.com`, `&#64;`.
        if let Some(spelling) = Spelling::of(text) {
            let seen = self.places(&spelling.text).into_iter();
            places.extend(seen.map(|(range, stands)| (spelling.written(range), stands.into_owned().into())));
        }
        if places.is_empty() {
            return Cow::Borrowed(text);
        }
        places.sort_by_key(|(range, _)| (range.start, Reverse(range.end)));
        let mut clean = String::with_capacity(text.len());
        let mut from = 0;
        for (range, stands) in places {
            // The longer one is there already: the account in a name of a resource.
            if range.start < from {
                continue;
            }
            clean.push_str(&text[from..range.start]);
            clean.push_str(&stands);
            from = range.end;
        }
        clean.push_str(&text[from..]);
        Cow::Owned(clean)
    }

    /// Where values stand in `text`, and what stands in their place.
    fn places(&self, text: &str) -> Vec<(Range<usize>, Cow<'_, str>)> {
        let mut places = Vec::new();
        for found in self.search.find_iter(text) {
            let value = &self.stand_ins[found.pattern().as_usize()];
            if !is_elsewhere(value.kind, text.as_bytes(), found.range()) {
                places.push((found.range(), Cow::Borrowed(value.stands.as_str())));
            }
        }
        if !self.arns.is_empty() {
            for arn in arns(text) {
                let Some(stands) = self.arns.get(&*arn.name) else { continue };
                let stands =
                    if arn.is_encoded { percent_encoded(stands).into() } else { stands.as_str().into() };
                places.push((arn.range, stands));
            }
        }
        places
    }

    /// `snapshot` without them.
    pub fn snapshot(&self, snapshot: &Snapshot) -> Snapshot {
        let mut clean = snapshot.clone();
        if self.kinds.contains(&Removable::Cost) {
            clean.costs.clear();
        }
        records::edit(&mut clean, &|text| self.edited(text));
        clean
    }

    /// `folder` without them.
    pub fn folder(&self, folder: &CatalogFolder) -> CatalogFolder {
        let mut clean = folder.clone();
        records::edit_folder(&mut clean, &|text| self.edited(text));
        clean
    }

    fn edited(&self, text: &str) -> Option<String> {
        match self.text(text) {
            Cow::Owned(clean) => Some(clean),
            Cow::Borrowed(_) => None,
        }
    }

    /// What looks at every byte that is made of what is left.
    pub fn proof(&self) -> Result<Proof, String> {
        Proof::of(&self.found, &self.kinds)
    }
}
