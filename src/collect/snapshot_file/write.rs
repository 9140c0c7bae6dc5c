//! Writes a snapshot, line by line, into a new file that takes the place of the old one at the end.

use std::fs::Permissions;
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use rayon::prelude::*;
use serde::Serialize;

use super::{BATCH, End, Header, LINE_AT_MOST, RESOURCES_PER_LINE};
use crate::collect::snapshot::{CostLine, CostMonth, ObservedResource, Snapshot, TagListing};

/// How hard the file is compressed: beyond this, time grows faster than the gain.
const COMPRESSION: i32 = 3;

pub(super) fn write(header: &Header, snapshot: &Snapshot, dir: &Path, path: &Path) -> io::Result<()> {
    let file = tempfile::Builder::new()
        .prefix(".snapshot-")
        .permissions(Permissions::from_mode(0o666))
        .tempfile_in(dir)?;
    let mut encoder = zstd::Encoder::new(BufWriter::new(file), COMPRESSION)?;
    encoder.include_checksum(true)?;
    let file = all(header, snapshot, encoder)?.finish()?.into_inner()?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

/// Writes every line to `out`, and gives that back.
pub(super) fn all<W: Write>(header: &Header, snapshot: &Snapshot, out: W) -> io::Result<W> {
    let mut lines = Lines { out, written: 0 };
    lines.one("milepost-snapshot", header)?;
    lines.all("source", &snapshot.sources)?;
    lines.all("repository", &snapshot.repositories)?;
    lines.all("file", &snapshot.files)?;
    for listing in &snapshot.tag_listings {
        lines.listing(listing)?;
    }
    lines.all("account", &snapshot.accounts)?;
    lines.all("tag-policies", &snapshot.tag_policies)?;
    lines.all("untagged", &snapshot.untagged)?;
    for month in &snapshot.costs {
        lines.costs(month)?;
    }
    lines.all("facts", &snapshot.facts)?;
    lines.all("activity", &snapshot.activities)?;
    lines.all("directory", &snapshot.directories)?;
    lines.all("quiet", &snapshot.quiet)?;
    lines.all("review", &snapshot.reviews)?;
    let records = lines.written - 1;
    lines.one("end", &End { records })?;
    Ok(lines.out)
}

struct Lines<W: Write> {
    out: W,
    written: usize,
}

impl<W: Write> Lines<W> {
    fn one(&mut self, kind: &str, record: &impl Serialize) -> io::Result<()> {
        self.put(&line(kind, record)?)
    }

    fn all<T: Serialize + Sync>(&mut self, kind: &str, records: &[T]) -> io::Result<()> {
        for batch in records.chunks(BATCH) {
            let lines: Vec<io::Result<Vec<u8>>> = batch.par_iter().map(|record| line(kind, record)).collect();
            for line in lines {
                self.put(&line?)?;
            }
        }
        Ok(())
    }

    /// A listing, with the resources that do not fit its line in lines of their own.
    fn listing(&mut self, listing: &TagListing) -> io::Result<()> {
        let resources: &[ObservedResource] = listing.answer.as_deref().unwrap_or_default();
        let (first, rest) = resources.split_at(resources.len().min(RESOURCES_PER_LINE));
        let first = TagListing {
            source: listing.source.clone(),
            carried: listing.carried.clone(),
            account: listing.account.clone(),
            region: listing.region.clone(),
            principal: listing.principal.clone(),
            collected_at: listing.collected_at,
            answer: listing.answer.as_ref().map(|_| first.to_vec()).map_err(Clone::clone),
        };
        self.one("tag-listing", &first)?;
        let rest: Vec<&[ObservedResource]> = rest.chunks(RESOURCES_PER_LINE).collect();
        self.all("resources", &rest)
    }

    /// A month, with the sums that do not fit its line in lines of their own.
    fn costs(&mut self, month: &CostMonth) -> io::Result<()> {
        let part = |lines: &[CostLine]| CostMonth { lines: lines.to_vec(), ..month.without_lines() };
        if month.lines.is_empty() {
            return self.one("cost", month);
        }
        let parts: Vec<CostMonth> = month.lines.chunks(RESOURCES_PER_LINE).map(part).collect();
        self.all("cost", &parts)
    }

    fn put(&mut self, line: &[u8]) -> io::Result<()> {
        self.written += 1;
        self.out.write_all(line)
    }
}

/// `{"kind":record}` and a line end.
fn line(kind: &str, record: &impl Serialize) -> io::Result<Vec<u8>> {
    let mut line = format!("{{\"{kind}\":").into_bytes();
    serde_json::to_writer(&mut line, record)?;
    line.extend_from_slice(b"}\n");
    if line.len() > LINE_AT_MOST {
        return Err(io::Error::other(format!(
            "a record of {} bytes is too large for a snapshot",
            line.len()
        )));
    }
    Ok(line)
}
