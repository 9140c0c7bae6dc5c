//! The facts source: files with facts, taken verbatim, so that every fact keeps its line.

use std::path::Path;
use std::sync::Arc;

use super::beneath::{Bytes, Entry, Kind, Refusal, Root};
use super::content;
use super::files::readable;
use super::outcome::Outcome;
use super::snapshot::{Content, FactsFile};
use super::walk::{in_words, plain};
use crate::settings::Source;

/// Most bytes of one file with facts: exports are larger than what people write.
const BYTES_PER_FILE: u64 = 64 << 20;

/// Takes every `*.json` and `*.csv` of the folder at `source.path`.
pub(super) fn collect(source: &Source) -> Result<Outcome, String> {
    let mut outcome = Outcome::default();
    for (name, content) in files(&source.path, &["json", "csv"], BYTES_PER_FILE, &mut outcome.shortfalls)? {
        if !matches!(content, Content::Text(_)) {
            outcome.shortfalls.push(format!("`{name}` could not be read"));
        }
        outcome.facts.push(FactsFile { source: Arc::from(&*source.name), path: name.into(), content });
    }
    outcome.items = outcome.facts.len() as u64;
    Ok(outcome)
}

/// The files of a folder with one of these extensions, by name.
pub(super) fn files(
    folder: &Path,
    extensions: &[&str],
    limit: u64,
    shortfalls: &mut Vec<String>,
) -> Result<Vec<(String, Content)>, String> {
    let reason = |why: String| format!("`{}` cannot be read: {why}", folder.display());
    let root = Root::open(folder).map_err(|error| reason(plain(&error)))?;
    let mut entries = root.list(b"").map_err(|refusal| reason(in_words(&refusal)))?;
    entries.sort();
    let mut files = Vec::new();
    for Entry { name, kind } in entries {
        let shown = readable(&name);
        let is_wanted = shown.rsplit_once('.').is_some_and(|(_, extension)| extensions.contains(&extension));
        match kind {
            Kind::File if is_wanted => {
                let content = match root.read(&name, limit) {
                    Ok(Bytes::All(bytes)) => content::of(&bytes),
                    Ok(Bytes::TooMany(_)) => Content::TooLarge { limit },
                    Err(Refusal::Missing) => continue,
                    Err(refusal) => Content::Unreadable { reason: in_words(&refusal).into() },
                };
                files.push((shown, content));
            }
            Kind::Link if is_wanted => {
                shortfalls.push(format!("`{shown}` is a symbolic link, which is not followed"))
            }
            Kind::Folder | Kind::File | Kind::Link | Kind::Special => {}
        }
    }
    Ok(files)
}
