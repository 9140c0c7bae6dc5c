//! Tables of a pack: how they get into its files.

use std::io::{self, BufWriter, Seek};

use super::archive::Spool;
use crate::render::evidence::table;
pub(super) use crate::render::evidence::table::{Cell, Rows};

/// Adds the table at `path` (without an ending) to `spool`, as `.csv` and as `.json`; gives the number of rows.
pub(super) fn add(
    spool: &mut Spool,
    path: &str,
    heads: &[&str],
    rows: impl FnOnce(&mut Rows<'_>) -> io::Result<()>,
) -> io::Result<usize> {
    let mut exact = BufWriter::new(tempfile::tempfile()?);
    let mut count = 0;
    spool.add(&format!("{path}.csv"), |out| {
        count = table::write((out, &mut exact), heads, rows)?;
        Ok(())
    })?;
    let mut exact = exact.into_inner().map_err(io::IntoInnerError::into_error)?;
    exact.rewind()?;
    spool.add(&format!("{path}.json"), |out| io::copy(&mut exact, out).map(drop))?;
    Ok(count)
}
