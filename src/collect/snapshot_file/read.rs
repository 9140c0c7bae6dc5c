//! Reads a snapshot as a stream, and stops at the first thing that cannot be part of one.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use rayon::prelude::*;

use super::{BATCH, CatalogHeader, Header, LINE_AT_MOST, Record, SnapshotFileError, VERSION};
use crate::collect::pool::Pool;
use crate::collect::secrets;
use crate::collect::snapshot::Snapshot;
use crate::collect::walk::plain;

/// A snapshot may unpack to this much however small its file is.
const UNPACKED_AT_LEAST: u64 = 256 << 20;

/// And beyond that to so many times the size of its file. What people write packs to a tenth.
const UNPACKED_RATIO: u64 = 500;

/// The binary logarithm of the most memory that unpacking may look back on.
const WINDOW_LOG: u32 = 27;

/// Lines that are read before they are turned into records, in bytes.
const BATCH_BYTES: usize = 16 << 20;

/// What a file holds.
type Held = (Snapshot, Option<CatalogHeader>);

pub(super) fn read(file: File, path: &Path) -> Result<Held, SnapshotFileError> {
    let machine =
        |error: io::Error| SnapshotFileError::Machine { path: path.to_owned(), reason: plain(&error) };
    let size = file.metadata().map_err(machine)?.len();
    let mut decoder = zstd::Decoder::new(file).map_err(machine)?;
    decoder.window_log_max(WINDOW_LOG).map_err(machine)?;
    let limit = UNPACKED_AT_LEAST.max(size.saturating_mul(UNPACKED_RATIO));
    all(BufReader::with_capacity(1 << 18, decoder), path, limit)
}

/// Reads the lines of `reader`, which are called `path`, up to so many bytes.
pub(super) fn all(reader: impl BufRead, path: &Path, limit: u64) -> Result<Held, SnapshotFileError> {
    let lines = Lines { reader, path, number: 0, left: limit };
    Reading { path, snapshot: Snapshot::default(), pool: Pool::default(), records: 0 }.all(lines)
}

/// The lines of a file, each with its number.
struct Lines<'a, R> {
    reader: R,
    path: &'a Path,
    number: usize,
    /// Bytes that may still come.
    left: u64,
}

impl<R: BufRead> Lines<'_, R> {
    /// The next line; `None` at the end.
    fn next(&mut self) -> Result<Option<(usize, Vec<u8>)>, SnapshotFileError> {
        let mut line = Vec::new();
        let most = (LINE_AT_MOST as u64 + 1).min(self.left.saturating_add(1));
        self.reader.by_ref().take(most).read_until(b'\n', &mut line).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => SnapshotFileError::Truncated(self.path.to_owned()),
            _ if self.number == 0 => SnapshotFileError::Foreign(self.path.to_owned()),
            _ => self.damaged(self.number + 1, plain(&error)),
        })?;
        if line.is_empty() {
            return Ok(None);
        }
        self.number += 1;
        match self.left.checked_sub(line.len() as u64) {
            Some(left) => self.left = left,
            None => return Err(SnapshotFileError::TooLarge(self.path.to_owned())),
        }
        if line.len() > LINE_AT_MOST {
            return Err(self.damaged(self.number, "it is too long".to_owned()));
        }
        Ok(Some((self.number, line)))
    }

    /// Some more lines; none at the end.
    fn batch(&mut self) -> Result<Vec<(usize, Vec<u8>)>, SnapshotFileError> {
        let (mut batch, mut bytes) = (Vec::new(), 0);
        while batch.len() < BATCH && bytes < BATCH_BYTES {
            let Some((number, line)) = self.next()? else { break };
            bytes += line.len();
            batch.push((number, line));
        }
        Ok(batch)
    }

    fn damaged(&self, line: usize, reason: String) -> SnapshotFileError {
        SnapshotFileError::Damaged { path: self.path.to_owned(), line, reason }
    }
}

struct Reading<'a> {
    path: &'a Path,
    snapshot: Snapshot,
    pool: Pool,
    /// Lines read between the first and the last.
    records: usize,
}

impl Reading<'_> {
    fn all<R: BufRead>(mut self, mut lines: Lines<'_, R>) -> Result<Held, SnapshotFileError> {
        let truncated = || SnapshotFileError::Truncated(self.path.to_owned());
        let (_, first) = lines.next()?.ok_or_else(truncated)?;
        let header = self.header(&first)?;
        self.snapshot.collected_at = header.collected_at;
        loop {
            let batch = lines.batch()?;
            if batch.is_empty() {
                return Err(SnapshotFileError::Truncated(self.path.to_owned()));
            }
            let records: Vec<_> = batch
                .par_iter()
                .map(|(number, line)| (*number, serde_json::from_slice::<Record>(line)))
                .collect();
            let mut records = records.into_iter();
            while let Some((number, record)) = records.next() {
                let record = record.map_err(|error| lines.damaged(number, error.to_string()))?;
                if let Record::End(end) = record {
                    if records.next().is_some() || lines.next()?.is_some() {
                        return Err(lines.damaged(number + 1, "something follows the last record".to_owned()));
                    }
                    if end.records != self.records {
                        return Err(lines.damaged(number, format!("it counts {} records", end.records)));
                    }
                    // What an earlier version wrote may hold what this one knows for a credential.
                    secrets::remove(&mut self.snapshot);
                    return Ok((self.snapshot, header.catalog));
                }
                self.take(record).map_err(|reason| lines.damaged(number, reason))?;
                self.records += 1;
            }
        }
    }

    fn header(&self, line: &[u8]) -> Result<Header, SnapshotFileError> {
        // The version alone, in case the rest has changed since.
        #[derive(serde::Deserialize)]
        struct Versioned {
            version: u32,
        }
        #[derive(serde::Deserialize)]
        #[serde(rename_all = "kebab-case")]
        struct First {
            milepost_snapshot: Versioned,
        }
        let path = || self.path.to_owned();
        let first: First = serde_json::from_slice(line).map_err(|_| SnapshotFileError::Foreign(path()))?;
        if first.milepost_snapshot.version != VERSION {
            return Err(SnapshotFileError::Version { path: path(), found: first.milepost_snapshot.version });
        }
        match serde_json::from_slice(line) {
            Ok(Record::MilepostSnapshot(header)) => Ok(header),
            _ => Err(SnapshotFileError::Foreign(path())),
        }
    }

    fn take(&mut self, record: Record) -> Result<(), String> {
        let snapshot = &mut self.snapshot;
        match record {
            Record::MilepostSnapshot(_) | Record::End(_) => return Err("it begins anew".to_owned()),
            Record::Source(source) => snapshot.sources.push(source),
            Record::Repository(repository) => snapshot.repositories.push(repository),
            Record::File(file) => {
                if file.repository.0 as usize >= snapshot.repositories.len() {
                    return Err("it belongs to a repository that is not there".to_owned());
                }
                snapshot.files.push(file);
            }
            Record::TagListing(mut listing) => {
                if let Ok(resources) = &mut listing.answer {
                    self.pool.share_tags(resources);
                }
                snapshot.tag_listings.push(listing);
            }
            Record::Resources(mut resources) => {
                self.pool.share_tags(&mut resources);
                let listing =
                    snapshot.tag_listings.last_mut().and_then(|listing| listing.answer.as_mut().ok());
                listing.ok_or("it continues a listing that is not there")?.append(&mut resources);
            }
            Record::Account(mut account) => {
                account.tags = account.tags.map(|tags| self.pool.keep_tags(&tags));
                snapshot.accounts.push(account);
            }
            Record::Cost(mut month) => {
                for line in &mut month.lines {
                    line.tags = self.pool.keep_tags(&line.tags);
                }
                match snapshot.costs.last_mut() {
                    Some(last) if last.key() == month.key() => last.lines.append(&mut month.lines),
                    _ => snapshot.costs.push(month),
                }
            }
            Record::TagPolicies(listing) => snapshot.tag_policies.push(listing),
            Record::Untagged(count) => snapshot.untagged.push(count),
            Record::Facts(facts) => snapshot.facts.push(facts),
            Record::Activity(activity) => snapshot.activities.push(activity),
            Record::Directory(directory) => snapshot.directories.push(directory),
            Record::Quiet(quiet) => snapshot.quiet.push(quiet),
            Record::Review(review) => snapshot.reviews.push(review),
        }
        Ok(())
    }
}
