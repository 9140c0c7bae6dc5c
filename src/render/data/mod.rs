//! Data for scripts: static JSON, in versions that keep their word. Each version has types of its own,
//! so that nothing inside can change what is promised outside.

mod adoption_table;
mod costs_table;
mod evidence_tables;
pub mod v1;

use super::links::Place;
use super::portal::Portal;
use super::site::{CachePolicy, Entry, MediaType};

/// Lists every document of data with the schemas they obey, the tables for spreadsheets, and the schemas of
/// what authors write: editors find them there.
pub(super) fn register<'a>(portal: &Portal<'a>, entries: &mut Vec<Entry<'a>>) {
    v1::register(portal, entries);
    adoption_table::register(entries);
    costs_table::register(portal, entries);
    evidence_tables::register(portal, entries);
    for (name, schema) in crate::catalog::schema::all() {
        let path = Place::Schema(&crate::catalog::schema::published(name)).path();
        entries.push(Entry::new(path, MediaType::Json, CachePolicy::Revalidate, move |_, path| {
            v1::written(&schema, path)
        }));
    }
}
