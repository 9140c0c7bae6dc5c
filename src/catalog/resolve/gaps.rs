//! Fills what a service record leaves open from what is known anyway: the repository it lies in, git's
//! history, the older word for exposure.

use super::descriptors::Described;
use super::remarks::Remarks;
use crate::catalog::field::{Field, Sourced};
use crate::catalog::files::speaks_for;
use crate::catalog::filing::Filing;
use crate::catalog::origin::Origin;
use crate::catalog::service::{ExposureType, ServiceRecord};
use crate::day::{Day, Zone};
use crate::diagnostic::codes;

/// Fills the gaps of one record.
pub(super) fn fill(described: &mut Described, filing: &Filing<'_>, zone: &Zone, remarks: &mut Remarks) {
    let file = described.file;
    let entry = &filing.table[file];
    let record = &mut described.record;
    record.repository.or_else(|| Field::known(Box::from(&*entry.repository), Origin::Repository(file)));
    record.path.or_else(|| Field::known(speaks_for(&entry.path).into(), Origin::Document(file)));
    if let Some(first) = &entry.first_change {
        let day = Day::of(first.at, zone);
        record.lifecycle.created_at.or_else(|| Field::known(day, Origin::History(file)));
    }
    exposure(record, remarks);
}

fn exposure(record: &mut ServiceRecord, remarks: &mut Remarks) {
    let Some(Sourced { value: facing, origin }) = record.internet_facing.sourced().cloned() else { return };
    match record.exposure.exposure_type.value() {
        None if facing => {
            record.exposure.exposure_type.or_else(|| Field::known(ExposureType::Public, origin));
        }
        Some(exposure) if facing != (*exposure == ExposureType::Public) => {
            let message =
                format!("`internetFacing: {facing}` contradicts the exposure `{}`", exposure.word());
            let help = "remove `internetFacing`; `exposure` says the same and more";
            remarks.add(&codes::CONTRADICTING_EXPOSURE, origin, &facing.to_string(), message, help);
        }
        // `false` alone says only "not public".
        None | Some(_) => {}
    }
}
