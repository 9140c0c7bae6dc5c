//! The list of what a build wrote, inside the site itself: the mark by which a later build knows the
//! folder as its own, and the digests that tell it what changed.

use std::collections::HashSet;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use super::{FolderError, OldSite};
use crate::publish::manifest::{Headers, Item};
use crate::render::site::{Digest, Record, SitePath};

/// Name of the list.
pub const MANIFEST: &str = "milepost-site.json";

const FORMAT: &str = "milepost-site/1";

/// One file of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Listed {
    pub(super) path: String,
    sha256: String,
    size: u64,
    media_type: String,
    cache_control: String,
}

impl From<&Record> for Listed {
    fn from(record: &Record) -> Self {
        Self {
            path: record.path.as_str().to_owned(),
            sha256: record.digest.hexadecimal(),
            size: record.size,
            media_type: record.media.header().to_owned(),
            cache_control: record.cache.header().to_owned(),
        }
    }
}

impl Listed {
    /// Whether it has these bytes.
    pub(super) fn is(&self, digest: Digest, size: u64) -> bool {
        self.size == size && Digest::parse(&self.sha256) == Some(digest)
    }
}

/// The list, sorted by path.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Manifest {
    format: String,
    files: Vec<Listed>,
    #[serde(skip)]
    paths: HashSet<String>,
}

impl Manifest {
    pub(super) fn new(files: Vec<Listed>) -> Self {
        let paths = files.iter().map(|file| file.path.clone()).collect();
        Self { format: FORMAT.to_owned(), files, paths }
    }

    /// The list in `folder`, if there is one that can be believed: no path of it leads out.
    pub(super) fn read(folder: &Path) -> Option<Self> {
        let text = fs::read_to_string(folder.join(MANIFEST)).ok()?;
        let manifest: Self = serde_json::from_str(&text).ok()?;
        let sound = manifest.format == FORMAT
            && manifest.files.iter().all(|file| SitePath::new(&file.path).is_some() && file.path != MANIFEST);
        sound.then(|| Self::new(manifest.files))
    }

    pub(super) fn has(&self, path: &str) -> bool {
        self.paths.contains(path)
    }

    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|file| file.path.as_str())
    }

    /// Writes the list into `folder`, one file a line.
    pub(super) fn write(&self, folder: &Path) -> Result<(), FolderError> {
        let mut text = format!("{{\"format\":\"{FORMAT}\",\"files\":[");
        for (position, file) in self.files.iter().enumerate() {
            let json = serde_json::to_string(file).expect("texts and numbers are always JSON");
            let comma = if position == 0 { "" } else { "," };
            write!(text, "{comma}\n{json}").expect("writing to a string cannot fail");
        }
        text.push_str("\n]}\n");
        let path = folder.join(MANIFEST);
        super::in_folder(&path, |path| fs::write(path, &text)).map_err(FolderError::machine("write", &path))
    }

    /// The files that are still as they were written: of the same size, and not touched after the list.
    pub(super) fn into_old_site(self, folder: &Path) -> OldSite {
        use rayon::prelude::*;
        let written = modified(&folder.join(MANIFEST)).map(|(_, at)| at);
        let all = self.files.len();
        let untouched = |file: &Listed| {
            let found = modified(&folder.join(&file.path));
            found.zip(written).is_some_and(|((size, at), written)| size == file.size && at <= written)
        };
        let kept: Vec<Listed> = self.files.into_par_iter().filter(untouched).collect();
        OldSite {
            complete: kept.len() == all,
            files: kept.into_iter().map(|file| (file.path.clone(), file)).collect(),
        }
    }
}

/// What the list in `folder` says of each file, and when it was written; nothing, where there is none to believe.
pub(in crate::publish) fn listed(folder: &Path) -> (Vec<Item>, Option<SystemTime>) {
    let files = Manifest::read(folder).map_or_else(Vec::new, |manifest| manifest.files);
    let item = |file: Listed| {
        let sha256 = Digest::parse(&file.sha256)?;
        let headers =
            Headers { media_type: file.media_type, cache_control: file.cache_control, encoding: None };
        Some(Item { path: file.path, sha256, size: file.size, headers })
    };
    let written = modified(&folder.join(MANIFEST)).map(|(_, at)| at);
    (files.into_iter().filter_map(item).collect(), written)
}

/// Size and last change of a regular file.
fn modified(path: &Path) -> Option<(u64, SystemTime)> {
    let found = fs::symlink_metadata(path).ok().filter(fs::Metadata::is_file)?;
    Some((found.len(), found.modified().ok()?))
}
