//! Which folders of a repository are looked through for descriptors: every one of them costs a place in a
//! question, so only those that may hold some.

use super::known::Reading;
use crate::collect::contents::{Bytes, Contents, Entry, Refusal};
use crate::collect::descriptor_names::{CODEOWNERS, is_codeowners_folder, is_descriptor_folder};
use crate::collect::exclusion::matches;
use crate::collect::walk::joined;
use crate::settings::{Format, Formats};

/// A repository of which only some folders are looked through. Files in others can still be read by name.
pub(super) struct LookedThrough<'a> {
    pub(super) reading: &'a Reading,
    pub(super) folders: &'a [Box<str>],
    pub(super) formats: Formats,
}

impl LookedThrough<'_> {
    fn looks_into(&self, path: &[u8]) -> bool {
        let name = path.rsplit(|byte| *byte == b'/').next().unwrap_or(path);
        path.is_empty()
            || is_descriptor_folder(name)
            || self.folders.iter().any(|pattern| leads_to(pattern, path))
    }
}

impl Contents for LookedThrough<'_> {
    fn list(&self, path: &[u8]) -> Result<Vec<Entry>, Refusal> {
        if self.looks_into(path) {
            return self.reading.list(path);
        }
        if !self.formats.has(Format::Codeowners) || !is_codeowners_folder(path) {
            return Ok(Vec::new());
        }
        // Of the folder nothing else counts, so it is not listed.
        let kind = self.reading.kind(&joined(path, CODEOWNERS))?;
        Ok(kind.map(|kind| Entry { name: CODEOWNERS.to_vec(), kind }).into_iter().collect())
    }

    fn read(&self, path: &[u8], limit: u64) -> Result<Bytes, Refusal> {
        self.reading.read(path, limit)
    }

    fn spells(&self, path: &[u8]) -> bool {
        self.reading.spells(path)
    }

    fn link_reason(&self, path: &[u8]) -> &'static str {
        self.reading.link_reason(path)
    }
}

/// Whether `path` is a folder that `pattern` means, or one on the way to it. `*` stands for any run of
/// characters in a name, `**` for every folder below.
fn leads_to(pattern: &str, path: &[u8]) -> bool {
    let mut parts = pattern.trim_matches('/').split('/');
    for name in path.split(|byte| *byte == b'/') {
        match parts.next() {
            Some("**") => return true,
            Some(part) if matches(part.as_bytes(), name) => {}
            Some(_) | None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_lead_to_folders_and_no_further() {
        for (pattern, path) in [
            ("services/*", "services"),
            ("services/*", "services/quote"),
            ("services/*/", "services/quote"),
            ("**", "a/b/c"),
            ("apps/**", "apps"),
            ("apps/**", "apps/a/b"),
            ("team-*/deploy", "team-a/deploy"),
        ] {
            assert!(leads_to(pattern, path.as_bytes()), "{pattern} {path}");
        }
        for (pattern, path) in [
            ("services/*", "services/quote/src"),
            ("services/*", "service"),
            ("apps/**", "libraries"),
            ("team-*/deploy", "team-a/source"),
        ] {
            assert!(!leads_to(pattern, path.as_bytes()), "{pattern} {path}");
        }
    }
}
