//! Raw records to tables: every record gets its id, the first of several with one id stays.

use crate::catalog::field::Field;
use crate::catalog::folder::Raw;
use crate::catalog::origin::Origin;
use crate::catalog::record::{Record, RecordShape};
use crate::catalog::table::Table;
use crate::catalog::{Declared, account, capability, control, environment, golden_path, metric, product};
use crate::catalog::{exception, scorecard, team};
use crate::diagnostic::codes;

use super::remarks::Remarks;
use crate::catalog::filing::Filing;

/// A record that names itself.
pub(super) trait Named: Record {
    /// The key of its id.
    const KEY: &'static str;
    /// Its id, and where it stands; an unreadable one was reported already.
    fn name(&self) -> Field<Box<str>>;
}

macro_rules! named {
    ($( $type:ty, $key:literal, $field:ident; )*) => { $(
        impl Named for $type {
            const KEY: &'static str = $key;
            fn name(&self) -> Field<Box<str>> {
                match &self.$field {
                    Field::Known(id) => Field::known(id.value.as_str().into(), id.origin),
                    Field::Unreadable(origin) => Field::Unreadable(*origin),
                    Field::Absent => Field::Absent,
                }
            }
        }
    )* };
}

named! {
    team::Team, "teamId", team_id;
    scorecard::Scorecard, "scorecardId", scorecard_id;
    control::Control, "controlId", control_id;
    exception::Exception, "exceptionId", exception_id;
    golden_path::GoldenPath, "goldenPathId", golden_path_id;
    product::Product, "productId", product_id;
    capability::Capability, "capabilityId", capability_id;
    environment::Environment, "environmentId", environment_id;
    account::Account, "accountId", account_id;
    metric::Metric, "metricId", metric_id;
}

/// The records of `raws` that have an id, sorted by it and by their place, each id once.
pub(super) fn identified<T: Named>(
    raws: Vec<Raw<T>>,
    filing: &Filing<'_>,
    remarks: &mut Remarks,
) -> Vec<(Box<str>, Raw<T>)> {
    let mut named = Vec::with_capacity(raws.len());
    for raw in raws {
        match raw.record.name() {
            Field::Known(id) => {
                file_name(&raw, &id.value, id.origin, filing, remarks);
                named.push((id.value, raw));
            }
            Field::Unreadable(_) => {}
            Field::Absent => {
                let name = title::<T>();
                let message = format!("a {name} has no `{}`, so it cannot be used", T::KEY);
                let help = format!("add `{}:`", T::KEY);
                remarks.add(&codes::MISSING_ID, raw.origin(), "", message, help);
            }
        }
    }
    named.sort_by(|(a, a_raw), (b, b_raw)| (a, a_raw.origin()).cmp(&(b, b_raw.origin())));
    named.dedup_by(|(id, raw), (first_id, first)| {
        let repeated = *id == *first_id;
        if repeated {
            let there = place(first, filing);
            let message = format!("`{id}` is already the `{}` of the {} {there}", T::KEY, title::<T>());
            let origin = raw.record.name().origin().unwrap_or_else(|| raw.origin());
            let help = "give it an id of its own; this one is not used";
            remarks.add(&codes::DUPLICATE_ID, origin, id, message, help);
        }
        repeated
    });
    named
}

/// A table of records that need nothing but themselves.
pub(super) fn table<T: Named>(
    raws: Vec<Raw<T>>,
    filing: &Filing<'_>,
    remarks: &mut Remarks,
) -> Table<Declared<T>> {
    let rows = identified(raws, filing, remarks).into_iter().map(|(id, raw)| declared(id, raw)).collect();
    Table::new(rows).0
}

/// The row of one record.
pub(super) fn declared<T>(id: Box<str>, raw: Raw<T>) -> Declared<T> {
    Declared { id, origin: raw.origin(), record: raw.record }
}

fn title<T: Record>() -> &'static str {
    let shape: &RecordShape = &<T as Record>::SHAPE;
    shape.name
}

fn place<T>(raw: &Raw<T>, filing: &Filing<'_>) -> String {
    format!("in `{}`, line {}", filing.table[raw.file].path, raw.mark.line)
}

fn file_name<T>(raw: &Raw<T>, id: &str, origin: Origin, filing: &Filing<'_>, remarks: &mut Remarks) {
    let path = &filing.table[raw.file].path;
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    if raw.alone && path.contains('/') && stem != id {
        let message = format!("`{id}` lies in a file called `{name}`");
        remarks.add(&codes::FILE_NAME, origin, id, message, format!("call the file `{id}.yaml`"));
    }
}
