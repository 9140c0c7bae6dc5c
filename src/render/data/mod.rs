//! Data for scripts: static JSON, in versions that keep their word. Each version has types of its own,
//! so that nothing inside can change what is promised outside.

pub mod v1;

use super::portal::Portal;
use super::site::Entry;

/// Lists every document of data, and the schemas they obey.
pub(super) fn register<'a>(portal: &Portal<'a>, entries: &mut Vec<Entry<'a>>) {
    v1::register(portal, entries);
}
