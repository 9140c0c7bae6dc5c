//! Whether a service was created on its golden path: what the first revision of its descriptor in git
//! says (semantics §6.3).

use rayon::prelude::*;

use crate::catalog::Service;
use crate::catalog::descriptor;
use crate::catalog::field::Sourced;
use crate::catalog::filing::Filing;
use crate::catalog::origin::Origin;
use crate::catalog::reader::Reader;
use crate::catalog::recognise::{Recognition, recognise};
use crate::catalog::service::ServiceRecord;
use crate::catalog::table::Table;
use crate::catalog::vocabulary::Vocabulary;
use crate::catalog::yaml;
use crate::diagnostic::Diagnostics;

/// Fills it in for every service whose descriptor has a history.
pub(super) fn resolve(
    services: &mut Table<Service>,
    filing: &Filing<'_>,
    vocabulary: &Vocabulary,
    limits: yaml::Limits,
) {
    services.rows_mut().par_iter_mut().for_each(|service| {
        service.created_on_path = created_on_path(service, filing, vocabulary, limits);
    });
}

fn created_on_path(
    service: &Service,
    filing: &Filing<'_>,
    vocabulary: &Vocabulary,
    limits: yaml::Limits,
) -> Option<Sourced<bool>> {
    let filed = filing.filed(service.file)?;
    let first = filed.file.first_text.as_ref()?;
    let origin = Origin::History(service.file);
    let Some(path) = service.record.golden_path.value().map(|reference| &reference.path) else {
        return Some(Sourced { value: false, origin });
    };
    // A descriptor that never changed says today what it said first.
    if filing.text(service.file).is_some_and(|text| text.digest() == first.digest()) {
        return Some(Sourced { value: true, origin });
    }
    let text = first.read();
    let source = filing.source(service.file, &text);
    // What was wrong in the past is no longer anybody's problem.
    let mut past = Diagnostics::default();
    let mut records: Vec<ServiceRecord> = Vec::new();
    for document in yaml::parse(&text, limits).into_iter().flatten() {
        if let Recognition::Ours(shape) = recognise(&filed.file.path, &document) {
            let mut reader = Reader { source: &source, vocabulary, diagnostics: &mut past };
            records.extend(descriptor::read(&document, shape, &mut reader));
        }
    }
    let same_id = records.iter().find(|record| record.service_id.value() == Some(&service.id));
    // A lone document that was renamed since is still the same service.
    let record = match (same_id, records.as_slice()) {
        (Some(record), _) | (None, [record]) => record,
        (None, _) => return None,
    };
    let value = record.golden_path.value().is_some_and(|reference| reference.path == *path);
    Some(Sourced { value, origin })
}
