//! Every file that anything came from, and the documents that services name.

use std::sync::Arc;

use super::origin::{FileIndex, Origin};
use super::reader::Source;
use crate::collect::snapshot::{Carried, Commit, Content};
use crate::collect::text::Text;
use crate::diagnostic::Place;
use crate::settings::Format;

/// Files by index, so that an origin is small.
#[derive(Debug, Default)]
pub struct FileTable(pub(super) Vec<FileEntry>);

/// One file.
#[derive(Clone, Debug)]
pub struct FileEntry {
    /// The source that found it; `catalog` for the catalog folder.
    pub source: Arc<str>,
    /// Name of the repository, or of the catalog folder.
    pub repository: Arc<str>,
    /// Commit of the repository, when it is a work tree of git.
    pub commit: Option<Arc<str>>,
    /// Address of the repository for people, when known.
    pub repository_url: Option<Arc<str>>,
    /// Where in the repository at its address the path begins: empty but for a catalog folder that is
    /// part of a larger work tree.
    pub folder: Arc<str>,
    /// Path in the repository, or in the catalog folder.
    pub path: Arc<str>,
    /// SHA-256 of its text; `None` when it could not be read.
    pub digest: Option<[u8; 32]>,
    /// Its text, likewise.
    pub text: Option<Text>,
    /// Since when its repository is carried over from an earlier run, if it is, and why.
    pub carried: Option<Carried>,
    /// The last commit that touched it.
    pub last_change: Option<Commit>,
    /// The first commit that holds it.
    pub first_change: Option<Commit>,
    /// Formats of its documents by the line in which each begins, when it holds some of another tool;
    /// `None` for a document of ours.
    pub formats: Vec<(u32, Option<Format>)>,
}

impl std::ops::Index<FileIndex> for FileTable {
    type Output = FileEntry;
    fn index(&self, index: FileIndex) -> &FileEntry {
        &self.0[index.0 as usize]
    }
}

/// Larger files are not unpacked to quote one line of them.
const WORTH_QUOTING: usize = 64 * 1024;

impl FileTable {
    /// Every file, in the order of its index.
    pub fn iter(&self) -> std::slice::Iter<'_, FileEntry> {
        self.0.iter()
    }

    /// The place that `origin` means, with the line it stands in; `None` when it lies in no file.
    pub fn place(&self, origin: Origin) -> Option<Place> {
        let index = origin.file()?;
        let entry = &self[index];
        let text = entry.text.as_ref().filter(|text| text.len() <= WORTH_QUOTING).map(Text::read);
        let text = text.as_deref().unwrap_or_default();
        let source = Source::new(index, Arc::clone(&entry.repository), Arc::clone(&entry.path), text);
        Some(match origin {
            Origin::File { mark, .. } => source.place(mark, 0),
            _ => source.whole(),
        })
    }

    /// The other tool whose document `origin` points into; `None` for one of ours.
    pub fn format(&self, origin: Origin) -> Option<Format> {
        let formats = &self[origin.file()?].formats;
        let line = match origin {
            Origin::File { mark, .. } => mark.line,
            _ => u32::MAX,
        };
        let after = formats.partition_point(|(first, _)| *first <= line);
        formats.get(after.checked_sub(1)?)?.1
    }

    /// Remembers which documents, given with their places, are of which other tool. The places are sorted.
    pub(super) fn set_formats(&mut self, documents: &[(Origin, Option<Format>)]) {
        let mut before: Option<(FileIndex, Option<Format>)> = None;
        for (origin, format) in documents {
            let Origin::File { file, mark } = *origin else { continue };
            let known = before.filter(|(known, _)| *known == file).map(|(_, format)| format);
            if known.unwrap_or(None) != *format {
                self.0[file.0 as usize].formats.push((mark.line, *format));
            }
            before = Some((file, *format));
        }
    }

    /// Remembers that all of `file` is of another tool.
    pub(super) fn set_format(&mut self, file: FileIndex, format: Format) {
        self.0[file.0 as usize].formats = vec![(0, Some(format))];
    }

    /// Where `milepost.yaml` stands: it is read before any other file.
    pub const CONFIGURATION: FileIndex = FileIndex(0);

    /// How many files.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// One target of a service's `links`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceDocument {
    /// The name of the link, such as `runbook`; several targets may share it.
    pub link: Box<str>,
    /// The target as written.
    pub target: Box<str>,
    /// Where it is written.
    pub origin: Origin,
    /// What it leads to.
    pub leads_to: LeadsTo,
}

/// What a link leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LeadsTo {
    /// A file of the repository: index in [`Catalog::documents`](super::Catalog).
    Document(usize),
    /// An address; whether anything is there is not known.
    Address,
    /// Nothing: no such file, or a path that leaves the repository.
    Nothing,
}

/// A document that a service names and that is there.
#[derive(Clone, Debug)]
pub struct Document {
    /// Its file.
    pub file: FileIndex,
    /// What it held, or why that is not known.
    pub content: Content,
    /// Its title: front matter, else first heading, else file name.
    pub title: Box<str>,
    /// How many words its prose has, template text left out.
    pub words: u32,
    /// Whether it is more than the empty template.
    pub written: bool,
    /// Headings in their order.
    pub headings: Vec<Box<str>>,
}

impl Document {
    /// Its text, when it could be read.
    pub fn text(&self) -> Option<&Text> {
        match &self.content {
            Content::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// The folder that the descriptor at `path` speaks for: its own, or the one above `.milepost`.
pub fn speaks_for(path: &str) -> &str {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let folder = folder.strip_suffix(".milepost").unwrap_or(folder).trim_end_matches('/');
    if folder.is_empty() { "." } else { folder }
}

#[cfg(test)]
mod tests {
    use super::speaks_for;

    #[test]
    fn a_descriptor_speaks_for_its_folder() {
        assert_eq!(speaks_for("service.yaml"), ".");
        assert_eq!(speaks_for("services/quote/service.yaml"), "services/quote");
        assert_eq!(speaks_for(".milepost/quote.yaml"), ".");
        assert_eq!(speaks_for("tools/.milepost/reaper.yaml"), "tools");
    }
}
