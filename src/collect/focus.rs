//! The cost source: exports in the FOCUS format (FinOps Open Cost and Usage Specification, 1.0 and later), as CSV, packed
//! or not, and as Parquet. Charges are read one by one and only their sums are kept; one file that cannot be read makes
//! all sums worthless, so then the source gives nothing.

mod charge;
mod columns;
mod parquet;
mod sums;
mod table;
#[cfg(test)]
mod tests;

use std::fs::File;
use std::path::Path;

use flate2::read::MultiGzDecoder;
use rayon::prelude::*;

use super::below;
use super::beneath::Root;
use super::contents::Refusal;
use super::files::readable;
use super::outcome::Outcome;
use super::progress::Progress;
use super::walk::{in_words, plain};
use crate::settings::{Interruption, Source};
use crate::words;
use sums::Sums;

/// Why an interrupted run has no sums.
const ENDED: &str = "the run was told to end";

/// How an export is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Csv,
    PackedCsv,
    Parquet,
}

impl Form {
    /// What a file of this name is; `None` when it is no export.
    fn of(name: &[u8]) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let ends = |end: &str| name.ends_with(end.as_bytes());
        match () {
            () if ends(".csv") => Some(Self::Csv),
            () if ends(".csv.gz") => Some(Self::PackedCsv),
            () if ends(".parquet") => Some(Self::Parquet),
            () => None,
        }
    }
}

/// Reads every export beneath the folder at `source.path`.
pub(super) fn collect(
    source: &Source,
    interruption: &Interruption,
    progress: &dyn Progress,
) -> Result<Outcome, String> {
    let mut outcome = Outcome::default();
    let files = files(&source.path, &mut outcome.notes)?;
    if files.is_empty() {
        return Err(format!(
            "`{}` holds no export: no `*.csv`, `*.csv.gz`, `*.parquet`",
            source.path.display()
        ));
    }
    let root = Root::open(&source.path)
        .map_err(|error| format!("`{}` cannot be read: {}", source.path.display(), plain(&error)))?;
    let title = format!("reading cost exports of `{}`", source.name);
    progress.started(&title, Some(files.len() as u64));
    let read = |(path, form): &(Vec<u8>, Form)| {
        if interruption.is_requested() {
            return Err(ENDED.to_owned());
        }
        let sums = one(&root, path, *form).map_err(|reason| format!("`{}`: {reason}", readable(path)));
        progress.advanced(1);
        sums
    };
    let sums = files.par_iter().map(read).try_reduce(Sums::default, Sums::and)?;
    outcome.costs = sums.months(&source.name);
    let charges = outcome.costs.iter().map(|month| month.charges).sum();
    outcome.items = charges;
    progress.finished(&format!(
        "read {} from {} of `{}`",
        words::count(usize::try_from(charges).unwrap_or(usize::MAX), "charge", "charges"),
        words::count(files.len(), "file", "files"),
        source.name
    ));
    Ok(outcome)
}

/// Every export beneath `folder`, by path.
pub(super) fn files(folder: &Path, notes: &mut Vec<String>) -> Result<Vec<(Vec<u8>, Form)>, String> {
    below::files(folder, Form::of, notes)
}

/// The sums of one file.
fn one(root: &Root, path: &[u8], form: Form) -> Result<Sums, String> {
    let file: File = root.file(path).map_err(|refusal: Refusal| in_words(&refusal))?;
    match form {
        Form::Csv => table::read(file),
        Form::PackedCsv => table::read(MultiGzDecoder::new(file)),
        Form::Parquet => parquet::read(file),
    }
}
