//! What a service stores data in, and on which terms (lesson §23).

use serde::Serialize;

use super::of_all;
use crate::catalog::Service;
use crate::catalog::data_store::DataStore;
use crate::catalog::field::{Field, Sourced};
use crate::catalog::scalar::{Declaration, Duration};
use crate::render::origin::Brief;
use crate::render::portal::Portal;
use crate::words;

/// How many data stores are listed.
const SHOWN: usize = 100;

/// What the template sees of one data store. A term that is absent is not given.
#[derive(Debug, Serialize)]
pub(super) struct Store<'p> {
    name: &'p str,
    kind: Option<&'p str>,
    classification: Option<&'p str>,
    backups: Option<&'p str>,
    any_point_in_time: Option<&'static str>,
    restore_test: Option<&'p str>,
    retention: Option<&'p str>,
    protected: Option<&'static str>,
    key: Option<&'p str>,
    origin: Brief,
}

/// The data stores of `service`, in the order of its record.
pub(super) fn stores<'p>(portal: &'p Portal<'_>, service: &'p Service) -> Vec<Store<'p>> {
    let row = |item: &'p Sourced<DataStore>| {
        let store = &item.value;
        Store {
            name: store.name.value().map_or("unnamed", |name| name),
            kind: store.store_type.value().map(|kind| &**kind),
            classification: store.data_classification.value().map(|class| &*class.word),
            backups: length(&store.backup_retention),
            any_point_in_time: yes(&store.pitr),
            restore_test: length(&store.restore_test),
            retention: length(&store.retention),
            protected: yes(&store.deletion_protection),
            key: store.encryption_key.value().map(declared),
            origin: portal.brief(item.origin),
        }
    };
    service.record.data_stores.items.iter().take(SHOWN).map(row).collect()
}

/// `2 data stores, as declared`.
pub(super) fn caption(service: &Service, shown: usize) -> String {
    let all = service.record.data_stores.items.len();
    of_all(words::count(all, "data store", "data stores"), all, shown)
}

fn length(field: &Field<Duration>) -> Option<&str> {
    field.value().map(|duration| &*duration.text)
}

fn yes(field: &Field<bool>) -> Option<&'static str> {
    field.value().map(|value| if *value { "yes" } else { "no" })
}

fn declared(declaration: &Declaration) -> &str {
    match (&declaration.text, declaration.declared) {
        (Some(text), _) => text,
        (None, true) => "yes",
        (None, false) => "no",
    }
}
