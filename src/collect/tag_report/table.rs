//! Reads the table of one report. A row that is none is counted, and makes the report incomplete; the others count.

use std::io::Read;

use csv::ByteRecord;

use super::columns::{Columns, shown};
use super::entry::Entry;
use super::listings::{Listings, MOST};
use crate::collect::rows::{LARGEST, LONGEST_FIELD, Rows};
use crate::day::Moment;
use crate::settings::Interruption;
use crate::words;

/// How many broken rows are named with their line.
const NAMED: usize = 3;

/// How many rows are read before it is looked whether the run was told to end.
const LOOK: u64 = 16_384;

/// What is missing of a report.
#[derive(Debug, Default)]
pub(super) struct Missing {
    /// What is not known because of it.
    pub(super) shortfalls: Vec<String>,
    /// What is worth knowing.
    pub(super) notes: Vec<String>,
}

/// Adds what the report of `at` says to `listings`; nothing of it when it has no columns that are known.
pub(super) fn read(
    bytes: impl Read,
    at: Moment,
    interruption: &Interruption,
    listings: &mut Listings,
) -> Result<Missing, String> {
    let mut rows = Rows::of(bytes, LARGEST, true);
    let heads = rows.heads()?;
    let columns = Columns::among(&heads)?;
    let mut missing = Missing::default();
    if let silent @ [_, ..] = columns.silent().as_slice() {
        missing.notes.push(format!("it has no column {}", words::alternatives(silent)));
    }
    let mut row = ByteRecord::new();
    let (mut broken, mut named) = (0, Vec::new());
    let (mut strange, mut example) = (0, None);
    let (mut left_out, mut of_rows) = (0, 0);
    let mut read: u64 = 0;
    loop {
        read += 1;
        if read.is_multiple_of(LOOK) && interruption.is_requested() {
            return Err("the run was told to end".to_owned());
        }
        let line = match rows.next(&mut row) {
            Ok(Some(line)) => line,
            Ok(None) => break,
            Err(reason) => {
                missing.shortfalls.push(format!("{reason}; nothing after it was read"));
                break;
            }
        };
        match checked(&row, heads.len(), &columns) {
            Ok(entry) => {
                if let Some(status) = entry.strange_status {
                    strange += 1;
                    example.get_or_insert_with(|| shown(status));
                }
                left_out += entry.left_out;
                of_rows += usize::from(entry.left_out > 0);
                if !listings.add(&entry, at) {
                    missing
                        .shortfalls
                        .push(format!("line {line}: more than {MOST} resources; nothing after it was read"));
                    break;
                }
            }
            Err(reason) => {
                broken += 1;
                if named.len() < NAMED {
                    named.push(format!("line {line}: {reason}"));
                }
            }
        }
    }
    if broken > 0 {
        let more = if broken > named.len() { "; and more" } else { "" };
        let count = words::count(broken, "row cannot be read", "rows cannot be read");
        missing.shortfalls.push(format!("{count}: {}{more}", named.join("; ")));
    }
    if left_out > 0 {
        missing.notes.push(format!(
            "{} of {} left out of what AWS says, because they are no text, cannot be seen, or are more or longer than AWS allows",
            words::count(left_out, "tag key", "tag keys"),
            words::count(of_rows, "row is", "rows are")
        ));
    }
    if let Some(example) = example {
        let count = words::count(strange, "row says", "rows say");
        missing.notes.push(format!("{count} neither yes nor no in `ComplianceStatus`, such as {example}"));
    }
    Ok(missing)
}

fn checked<'r>(row: &'r ByteRecord, heads: usize, columns: &Columns) -> Result<Entry<'r>, String> {
    if row.len() != heads {
        let fields = words::count(row.len(), "field", "fields");
        return Err(format!("it has {fields} for {}", words::count(heads, "column", "columns")));
    }
    if let Some(long) = row.iter().find(|field| field.len() > LONGEST_FIELD) {
        return Err(format!("a field of {} bytes", long.len()));
    }
    Entry::of(row, columns)
}
