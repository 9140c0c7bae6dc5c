//! Reads the descriptors of one repository and the documents they name, within the limits of a file, of
//! a descriptor and of a repository.

use std::collections::BTreeSet;
use std::sync::Arc;

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::content;
use super::contents::{Bytes, Contents, Refusal};
use super::descriptor_names::role;
use super::followed::{FOLLOWED_PER_REPOSITORY, Followed};
use super::snapshot::{
    Content, File, FileRole, NAME_NOT_UTF8, RefusedPath, RepositoryIndex, Revision, document_path,
};
use super::walk::{Found, in_words};
use crate::settings::Limits;

/// How many documents one descriptor may name.
const DOCUMENTS_PER_DESCRIPTOR: usize = 64;

/// How many bytes are taken from one repository, so that none starves the others.
const BYTES_PER_REPOSITORY: u64 = 256 << 20;

/// How many files are read at once: what a repository can overrun its limit by.
const BATCH: usize = 256;

/// What a descriptor names, as it is written there.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// Links to documents.
    pub documents: Vec<String>,
    /// Paths and patterns of other descriptors.
    pub descriptors: Vec<String>,
}

/// Tells what a descriptor names, from its path and text. It is the catalog's business to know, so it is
/// handed in.
pub type NamedFiles<'a> = dyn Fn(&str, &str) -> Named + Sync + 'a;

/// The files of one repository.
#[derive(Debug, Default)]
pub(super) struct Taken {
    /// By path.
    pub(super) files: Vec<File>,
    /// What was refused, by path.
    pub(super) refused: Vec<RefusedPath>,
    /// How many files and folders the machine could not read.
    pub(super) unreadable: usize,
}

impl Taken {
    /// Reads what `found` lists beneath `root`.
    pub(super) fn from(root: &dyn Contents, found: &Found, limits: Limits, named: &NamedFiles<'_>) -> Self {
        let mut taken = Self::default();
        let mut budget = BYTES_PER_REPOSITORY;
        for (path, reason) in &found.refused {
            taken.refuse(&readable(path), reason);
        }
        for (folder, reason) in &found.unreadable {
            taken.refuse(&format!("{}/", readable(folder)), reason);
            taken.unreadable += 1;
        }
        let mut waiting = taken.valid_names(&found.descriptors);
        let mut followed = Followed::new(root, &waiting);
        let mut documents: BTreeSet<Arc<str>> = BTreeSet::new();
        while !waiting.is_empty() {
            let rest = waiting.split_off(waiting.len().min(BATCH));
            let files: Vec<_> = waiting
                .par_iter()
                .map(|path| {
                    let file = read(root, path, role(path), limits.descriptor_bytes);
                    let named = match file.as_ref().map(|file| (&file.content, file.role)) {
                        Ok((Content::Text(text), FileRole::Descriptor)) => named(path, &text.read()),
                        _ => Named::default(),
                    };
                    (path, file, named)
                })
                .collect();
            let mut next = rest;
            for (path, file, named) in files {
                documents.extend(taken.documents(path, &named.documents));
                let (more, too_many) = followed.follow(path, &named.descriptors);
                next.extend(more);
                if let Some(first) = too_many {
                    let reason = format!(
                        "`{path}` names more than the {FOLLOWED_PER_REPOSITORY} descriptors that are followed in one repository"
                    );
                    taken.refuse(&first, &reason);
                }
                taken.push(path, file, &mut budget);
            }
            waiting = next;
        }
        documents.retain(|path| !followed.knows(path));
        let documents: Vec<_> = documents.into_iter().collect();
        for batch in documents.chunks(BATCH) {
            let files: Vec<_> = batch
                .par_iter()
                .map(|path| read(root, path, FileRole::Document, limits.document_bytes))
                .collect();
            for (path, file) in batch.iter().zip(files) {
                taken.push(path, file, &mut budget);
            }
        }
        taken.files.sort_by(|a, b| a.path.cmp(&b.path));
        taken.refused.sort_by(|a, b| (&a.path, &a.reason).cmp(&(&b.path, &b.reason)));
        taken
    }

    /// The paths of the documents that the descriptor at `path` links to, no more than are read for one.
    fn documents(&mut self, path: &str, links: &[String]) -> impl Iterator<Item = Arc<str>> {
        let mut paths: Vec<_> = links.iter().filter_map(|link| document_path(path, link)).collect();
        paths.sort();
        paths.dedup();
        if let Some(first) = paths.get(DOCUMENTS_PER_DESCRIPTOR) {
            let beyond = paths.len() - DOCUMENTS_PER_DESCRIPTOR;
            let reason = format!(
                "`{path}` names {beyond} more than the {DOCUMENTS_PER_DESCRIPTOR} documents that are read for one descriptor"
            );
            self.refuse(first, &reason);
        }
        paths.into_iter().take(DOCUMENTS_PER_DESCRIPTOR).map(Arc::from)
    }

    /// The paths that are text; the others are refused, because no origin could name them.
    fn valid_names(&mut self, paths: &BTreeSet<Vec<u8>>) -> Vec<Arc<str>> {
        let mut valid = Vec::with_capacity(paths.len());
        for path in paths {
            match std::str::from_utf8(path) {
                Ok(path) => valid.push(Arc::from(path)),
                Err(_) => self.refuse(&readable(path), NAME_NOT_UTF8),
            }
        }
        valid
    }

    fn refuse(&mut self, path: &str, reason: &str) {
        self.refused.push(RefusedPath { path: path.into(), reason: reason.into() });
    }

    fn push(&mut self, path: &str, file: Result<File, &'static str>, budget: &mut u64) {
        let mut file = match file {
            Ok(file) => file,
            Err(reason) => return self.refuse(path, reason),
        };
        if let Content::Text(_) = file.content {
            match budget.checked_sub(file.size) {
                Some(rest) => *budget = rest,
                None => {
                    *budget = 0;
                    let reason = "the files taken from this repository are more than 256 MiB together";
                    file.content = Content::Unreadable { reason: reason.into() };
                }
            }
        }
        self.unreadable += usize::from(matches!(file.content, Content::Unreadable { .. }));
        self.files.push(file);
    }
}

/// Reads one file beneath `root`, at most `limit` bytes of it, or says why it must not be read.
pub(super) fn read(
    root: &dyn Contents,
    path: &Arc<str>,
    role: FileRole,
    limit: u64,
) -> Result<File, &'static str> {
    let (size, content) = match root.read(path.as_bytes(), limit) {
        Ok(_) if !is_spelled(root, path) => (0, Content::Missing),
        Ok(Bytes::All(bytes)) => (bytes.len() as u64, content::of(&bytes)),
        Ok(Bytes::TooMany(size)) => (size, Content::TooLarge { limit }),
        Err(Refusal::Missing) if role == FileRole::Document => (0, Content::Missing),
        Err(Refusal::Forbidden(reason)) => return Err(reason),
        Err(refusal) => (0, Content::Unreadable { reason: in_words(&refusal).into() }),
    };
    Ok(File {
        repository: RepositoryIndex(0),
        path: Arc::clone(path),
        role,
        size,
        content,
        last_change: None,
        first_change: None,
        first_text: None,
        history: Vec::new(),
    })
}

/// Whether the path has the case that the folder lists; asked only where the system would not care.
fn is_spelled(root: &dyn Contents, path: &str) -> bool {
    cfg!(target_os = "linux") || root.spells(path.as_bytes())
}

/// What identifies files that no git knows.
pub(super) fn digest(files: &[File]) -> Revision {
    let mut hash = Sha256::new();
    for file in files {
        hash.update((file.path.len() as u64).to_le_bytes());
        hash.update(file.path.as_bytes());
        match &file.content {
            Content::Text(text) => {
                hash.update([0]);
                hash.update(text.digest());
            }
            Content::TooLarge { .. } => hash.update([1]),
            Content::NotText { .. } => hash.update([2]),
            Content::Missing => hash.update([3]),
            Content::Unreadable { .. } => hash.update([4]),
        }
        hash.update(file.size.to_le_bytes());
    }
    Revision::Digest(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect::<String>().into())
}

/// A path as people read it, with `\xE9` for a byte that is not UTF-8.
pub(super) fn readable(path: &[u8]) -> String {
    let mut text = String::with_capacity(path.len());
    for chunk in path.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            text.push_str(&format!("\\x{byte:02X}"));
        }
    }
    text
}
