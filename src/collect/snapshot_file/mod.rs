//! A snapshot in a folder: one compressed file of lines, each a record with its kind in front, written
//! beside the old one and renamed, read as a stream. Whatever the file holds, reading it ends in a
//! snapshot or in a reason.

mod merge;
mod read;
mod write;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::snapshot::{
    Activity, CatalogFolder, CodeReview, CostMonth, Directory, FactsFile, File, ObservedAccount,
    ObservedResource, Quiet, Repository, Snapshot, SourceReport, TagListing, TagPolicyListing, UntaggedCount,
};
use super::walk::plain;
use crate::day::Moment;

pub use merge::merge;

/// The file in the folder of a snapshot.
const FILE: &str = "snapshot.jsonl.zst";

/// The catalog folder beside it, in the same form.
const CATALOG_FILE: &str = "catalog.jsonl.zst";

/// What is known of nights before, beside it.
const NIGHTS_FILE: &str = "nights.jsonl.zst";

/// The form of the records; a change that an older reader would misread raises it.
const VERSION: u32 = 1;

/// Longest line that is written or read, in bytes.
const LINE_AT_MOST: usize = 256 << 20;

/// How many resources of a listing, or sums of a month, stand in one line.
const RESOURCES_PER_LINE: usize = 1000;

/// Records that are turned to or from text at once, on all processors.
const BATCH: usize = 512;

/// Why a snapshot cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotFileError {
    /// There is none.
    #[error("there is no snapshot in `{0}`")]
    Missing(PathBuf),
    /// The machine could not.
    #[error("`{path}`: {reason}")]
    Machine {
        /// The file.
        path: PathBuf,
        /// The operating system's reason.
        reason: String,
    },
    /// It is something else.
    #[error("`{0}` is no snapshot of Milepost")]
    Foreign(PathBuf),
    /// It is of another version.
    #[error("`{path}` has version {found} of the snapshot format, and this program reads version {VERSION}")]
    Version {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: u32,
    },
    /// A record is wrong.
    #[error("`{path}` is damaged in line {line}: {reason}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Number of the line, from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// It ends too early.
    #[error("`{0}` is cut short")]
    Truncated(PathBuf),
    /// It would grow beyond all measure.
    #[error("`{0}` unpacks to far more than a snapshot of its size would")]
    TooLarge(PathBuf),
}

/// One line when read. Written ones look the same, with the kind in front.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Record {
    MilepostSnapshot(Header),
    Source(SourceReport),
    Repository(Repository),
    File(File),
    TagListing(TagListing),
    /// More resources of the listing before.
    Resources(Vec<ObservedResource>),
    Account(ObservedAccount),
    TagPolicies(TagPolicyListing),
    Untagged(UntaggedCount),
    /// A month, or more sums of the month before.
    Cost(CostMonth),
    Facts(FactsFile),
    Activity(Activity),
    Directory(Directory),
    Quiet(Quiet),
    Review(CodeReview),
    End(End),
}

/// The first line.
#[derive(Debug, Serialize, Deserialize)]
struct Header {
    version: u32,
    collected_at: Option<Moment>,
    /// What a catalog folder has beside its repository and files; only in the file of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    catalog: Option<CatalogHeader>,
}

/// What a catalog folder has beside its repository and files.
#[derive(Debug, Serialize, Deserialize)]
struct CatalogHeader {
    folder: std::sync::Arc<str>,
    other_folders: Vec<std::sync::Arc<str>>,
}

/// The last line.
#[derive(Debug, Serialize, Deserialize)]
struct End {
    /// How many lines stand between the first and this one.
    records: usize,
}

/// Writes `snapshot` into the folder `dir`, in place of one that is there.
pub fn save(snapshot: &Snapshot, dir: &Path) -> Result<(), SnapshotFileError> {
    put(snapshot, None, dir, FILE)
}

/// Writes `folder` beside the snapshot in `dir`, so that what it was judged by is known later too.
pub fn save_catalog(folder: &CatalogFolder, dir: &Path) -> Result<(), SnapshotFileError> {
    let (header, files) = lines_of(folder);
    put(&files, Some(header), dir, CATALOG_FILE)
}

/// A catalog folder as records: its header, and its files as those of a snapshot.
fn lines_of(folder: &CatalogFolder) -> (CatalogHeader, Snapshot) {
    let header = CatalogHeader { folder: folder.folder.clone(), other_folders: folder.other_folders.clone() };
    let files = Snapshot {
        repositories: vec![folder.repository.clone()],
        files: folder.files.clone(),
        ..Snapshot::default()
    };
    (header, files)
}

/// Writes the lines of `snapshot` to `out` as they are, for a place that compresses by itself.
pub fn write_plain(snapshot: &Snapshot, out: impl std::io::Write) -> std::io::Result<()> {
    let header = Header { version: VERSION, collected_at: snapshot.collected_at, catalog: None };
    write::all(&header, snapshot, out)?.flush()
}

/// Writes the lines of `folder` to `out` as they are.
pub fn write_plain_catalog(folder: &CatalogFolder, out: impl std::io::Write) -> std::io::Result<()> {
    let (catalog, files) = lines_of(folder);
    let header = Header { version: VERSION, collected_at: None, catalog: Some(catalog) };
    write::all(&header, &files, out)?.flush()
}

/// Reads what [`write_plain`] wrote; `name` stands for it in messages, and it may have so many bytes.
pub fn read_plain(
    reader: impl std::io::BufRead,
    name: &Path,
    limit: u64,
) -> Result<Snapshot, SnapshotFileError> {
    read::all(reader, name, limit).map(|(snapshot, _)| snapshot)
}

/// Reads what [`write_plain_catalog`] wrote.
pub fn read_plain_catalog(
    reader: impl std::io::BufRead,
    name: &Path,
    limit: u64,
) -> Result<CatalogFolder, SnapshotFileError> {
    catalog_of(read::all(reader, name, limit)?, name)
}

/// Writes what the night taught about exceptions that excuse nothing, beside the snapshot in `dir`.
pub fn save_nights(quiet: Vec<Quiet>, dir: &Path) -> Result<(), SnapshotFileError> {
    put(&Snapshot { quiet, ..Snapshot::default() }, None, dir, NIGHTS_FILE)
}

/// Reads what the nights before taught; nothing when there was none.
pub fn load_nights(dir: &Path) -> Result<Vec<Quiet>, SnapshotFileError> {
    match get(dir, NIGHTS_FILE) {
        Ok((snapshot, _)) => Ok(snapshot.quiet),
        Err(SnapshotFileError::Missing(_)) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

fn put(
    snapshot: &Snapshot,
    catalog: Option<CatalogHeader>,
    dir: &Path,
    name: &str,
) -> Result<(), SnapshotFileError> {
    let path = dir.join(name);
    let machine =
        |error: &std::io::Error| SnapshotFileError::Machine { path: path.clone(), reason: plain(error) };
    std::fs::create_dir_all(dir).map_err(|error| machine(&error))?;
    let header = Header { version: VERSION, collected_at: snapshot.collected_at, catalog };
    write::write(&header, snapshot, dir, &path).map_err(|error| machine(&error))
}

/// Reads the snapshot in the folder `dir`.
pub fn load(dir: &Path) -> Result<Snapshot, SnapshotFileError> {
    get(dir, FILE).map(|(snapshot, _)| snapshot)
}

/// Reads the catalog folder beside the snapshot in `dir`.
pub fn load_catalog(dir: &Path) -> Result<CatalogFolder, SnapshotFileError> {
    catalog_of(get(dir, CATALOG_FILE)?, &dir.join(CATALOG_FILE))
}

/// The catalog folder that the file at `path` holds.
fn catalog_of(
    (files, header): (Snapshot, Option<CatalogHeader>),
    path: &Path,
) -> Result<CatalogFolder, SnapshotFileError> {
    let foreign = || SnapshotFileError::Foreign(path.to_owned());
    let CatalogHeader { folder, other_folders } = header.ok_or_else(foreign)?;
    let [repository] = <[Repository; 1]>::try_from(files.repositories).map_err(|_| foreign())?;
    Ok(CatalogFolder { repository, folder, files: files.files, other_folders })
}

fn get(dir: &Path, name: &str) -> Result<(Snapshot, Option<CatalogHeader>), SnapshotFileError> {
    let path = dir.join(name);
    match std::fs::File::open(&path) {
        Ok(file) => read::read(file, &path),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Err(SnapshotFileError::Missing(dir.to_owned()))
        }
        Err(error) => Err(SnapshotFileError::Machine { path, reason: plain(&error) }),
    }
}

#[cfg(test)]
mod tests;
