//! The facts source: files with facts, taken verbatim, so that every fact keeps its line.

use std::path::Path;
use std::sync::Arc;

use super::beneath::Root;
use super::content;
use super::contents::{Bytes, Contents, Entry, Kind, Refusal};
use super::files::readable;
use super::outcome::Outcome;
use super::snapshot::{Content, FactsFile};
use super::walk::{in_words, plain};
use crate::settings::Source;

/// Most bytes of one file with facts: exports are larger than what people write.
pub(super) const BYTES_PER_FILE: u64 = 64 << 20;

/// Takes every `*.json` and `*.csv` of the folder at `source.path`.
pub(super) fn collect(source: &Source) -> Result<Outcome, String> {
    let mut outcome = Outcome::default();
    let listing = Listing::of(&source.path, &["json", "csv"], &mut outcome.shortfalls)?;
    for name in &listing.names {
        let Some(content) = listing.read(name, BYTES_PER_FILE) else { continue };
        let path = readable(name);
        if !matches!(content, Content::Text(_)) {
            outcome.shortfalls.push(format!("`{path}` could not be read"));
        }
        outcome.facts.push(FactsFile { source: Arc::from(&*source.name), path: path.into(), content });
    }
    outcome.items = outcome.facts.len() as u64;
    Ok(outcome)
}

/// The files of a folder that are wanted.
pub(super) struct Listing {
    pub(super) root: Root,
    /// Their names, sorted.
    pub(super) names: Vec<Vec<u8>>,
}

impl Listing {
    /// The files of `folder` with one of these extensions.
    pub(super) fn of(
        folder: &Path,
        extensions: &[&str],
        shortfalls: &mut Vec<String>,
    ) -> Result<Self, String> {
        let reason = |why: String| format!("`{}` cannot be read: {why}", folder.display());
        let root = Root::open(folder).map_err(|error| reason(plain(&error)))?;
        let mut entries = root.list(b"").map_err(|refusal| reason(in_words(&refusal)))?;
        entries.sort();
        let mut names = Vec::new();
        for Entry { name, kind } in entries {
            let shown = readable(&name);
            let is_wanted =
                shown.rsplit_once('.').is_some_and(|(_, extension)| extensions.contains(&extension));
            match kind {
                Kind::File if is_wanted => names.push(name),
                Kind::Link if is_wanted => {
                    shortfalls.push(format!("`{shown}` is a symbolic link, which is not followed"))
                }
                Kind::Folder | Kind::File | Kind::Link | Kind::Special => {}
            }
        }
        Ok(Self { root, names })
    }

    /// Reads the file called `name`, at most `limit` bytes of it; nothing when it went away.
    pub(super) fn read(&self, name: &[u8], limit: u64) -> Option<Content> {
        Some(match self.root.read(name, limit) {
            Ok(Bytes::All(bytes)) => content::of(&bytes),
            Ok(Bytes::TooMany(_)) => Content::TooLarge { limit },
            Err(Refusal::Missing) => return None,
            Err(refusal) => Content::Unreadable { reason: in_words(&refusal).into() },
        })
    }
}
