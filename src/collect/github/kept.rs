//! What was read of GitHub, kept between nights: the last listing of each owner, and of each repository the
//! commit that was read, and the one that is being read, so that a night that was ended goes on.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::known::Known;
use super::listing::Listed;
use crate::collect::files::readable;
use crate::collect::snapshot::End;
use crate::day::Moment;

/// Changes with the form of what is kept: what has another form is read anew.
const FORM: &str = "1";

/// Most bytes of one thing kept, unpacked.
const MOST_BYTES: usize = 512 << 20;

/// The folder of what was read.
#[derive(Debug)]
pub(super) struct Kept {
    folder: PathBuf,
}

/// Which of the two that are kept of a repository.
#[derive(Clone, Copy, Debug)]
pub(super) enum Stage {
    /// Read whole.
    Whole,
    /// Being read.
    Begun,
}

/// A whole listing, and when it was made.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Before {
    pub(super) at: Moment,
    /// When every repository was listed, not only those with new pushes.
    pub(super) swept: Moment,
    /// Whether their topics were asked for.
    pub(super) topics: bool,
    pub(super) repositories: Vec<Listed>,
}

/// What is kept of a repository.
#[derive(Deserialize)]
struct Repository {
    id: String,
    known: Known,
}

#[derive(Serialize)]
struct RepositoryRef<'a> {
    id: &'a str,
    known: &'a Known,
}

impl Kept {
    /// What is kept in `folder` for the source called `name` that asks `api` for `also` beside, ready to be written.
    pub(super) fn new(folder: &Path, name: &str, api: &str, also: &str) -> Result<Self, String> {
        let kept = Self::to_look_at(folder, name, api, also);
        fs::create_dir_all(&kept.folder).map_err(|error| {
            let shown = readable(kept.folder.as_os_str().as_encoded_bytes());
            format!("`{shown}`, which keeps what was read, cannot be written: {error}")
        })?;
        Ok(kept)
    }

    /// The same, only to be looked at: nothing is made where nothing is.
    pub(super) fn to_look_at(folder: &Path, name: &str, api: &str, also: &str) -> Self {
        let mark = mark(&format!("{name}\n{api}{also}"));
        let label: String =
            name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(40).collect();
        Self { folder: folder.join(format!("{label}-{}", &mark[..16])).join(FORM) }
    }

    /// The last whole listing of `owner`.
    pub(super) fn listing(&self, owner: &str) -> Option<Before> {
        self.load(&self.listing_path(owner))
    }

    /// Keeps a whole listing of `owner`.
    pub(super) fn keep_listing(&self, owner: &str, listing: &Before) -> Result<(), String> {
        self.store(&self.listing_path(owner), "", listing)
    }

    /// How deployments of `owner` ended that were inactive in the last night, by id.
    pub(super) fn ends(&self, owner: &str) -> BTreeMap<String, Option<End>> {
        self.load(&self.ends_path(owner)).unwrap_or_default()
    }

    /// Keeps how deployments of `owner` ended.
    pub(super) fn keep_ends(&self, owner: &str, ends: &BTreeMap<String, Option<End>>) -> Result<(), String> {
        self.store(&self.ends_path(owner), "", ends)
    }

    fn ends_path(&self, owner: &str) -> PathBuf {
        self.folder.join(format!("{}.deployments", mark(&owner.to_ascii_lowercase())))
    }

    fn listing_path(&self, owner: &str) -> PathBuf {
        self.folder.join(format!("{}.owner", mark(&owner.to_ascii_lowercase())))
    }

    /// What is known of the first change of descriptors of `owner`.
    pub(super) fn firsts<T: DeserializeOwned>(&self, owner: &str) -> Option<T> {
        self.load(&self.firsts_path(owner))
    }

    /// Keeps the first change of descriptors of `owner`.
    pub(super) fn keep_firsts<T: Serialize>(&self, owner: &str, firsts: &T) -> Result<(), String> {
        self.store(&self.firsts_path(owner), "", firsts)
    }

    fn firsts_path(&self, owner: &str) -> PathBuf {
        self.folder.join(format!("{}.firsts", mark(&owner.to_ascii_lowercase())))
    }

    /// What is known of who reviewed what in `repository`.
    pub(super) fn reviews<T: DeserializeOwned>(&self, repository: &str) -> Option<T> {
        self.load(&self.reviews_path(repository))
    }

    /// Keeps who reviewed what in `repository`.
    pub(super) fn keep_reviews<T: Serialize>(&self, repository: &str, reviews: &T) -> Result<(), String> {
        self.store(&self.reviews_path(repository), "", reviews)
    }

    fn reviews_path(&self, repository: &str) -> PathBuf {
        self.folder.join(format!("{}.reviews", mark(repository)))
    }

    /// What is known of the repository `id`.
    pub(super) fn known(&self, id: &str, stage: Stage) -> Option<Known> {
        let kept: Repository = self.load(&self.path(id, stage))?;
        (kept.id == id).then_some(kept.known)
    }

    /// Whether something is known of the repository `id` at the commit `head`. Only the title is read.
    pub(super) fn has(&self, id: &str, head: &str) -> bool {
        [Stage::Whole, Stage::Begun].into_iter().any(|stage| self.has_at(id, head, stage))
    }

    /// The same of one of the two that are kept.
    pub(super) fn has_at(&self, id: &str, head: &str, stage: Stage) -> bool {
        let mut title = vec![0; head.len() + 1];
        let read = fs::File::open(self.path(id, stage)).and_then(|mut file| file.read_exact(&mut title));
        read.is_ok() && title.strip_suffix(b"\n") == Some(head.as_bytes())
    }

    /// Keeps what is known of the repository `id`, which is not all yet.
    pub(super) fn begin(&self, id: &str, known: &Known) -> Result<(), String> {
        self.store(&self.path(id, Stage::Begun), &known.commit.id, &RepositoryRef { id, known })
    }

    /// What was begun of the repository `id` is whole now.
    pub(super) fn settle(&self, id: &str, known: &Known) -> Result<(), String> {
        let whole = self.path(id, Stage::Whole);
        match fs::rename(self.path(id, Stage::Begun), &whole) {
            Ok(()) => Ok(()),
            Err(_) => self.store(&whole, &known.commit.id, &RepositoryRef { id, known }),
        }
    }

    /// Forgets what was begun of the repository `id`.
    pub(super) fn drop_begun(&self, id: &str) {
        self.drop_stage(id, Stage::Begun);
    }

    /// Forgets the repository `id`.
    pub(super) fn forget(&self, id: &str) {
        self.drop_stage(id, Stage::Whole);
        self.drop_stage(id, Stage::Begun);
    }

    fn drop_stage(&self, id: &str, stage: Stage) {
        // What is not there need not be removed, and what stays is replaced when it is needed.
        let _ = fs::remove_file(self.path(id, stage));
    }

    fn path(&self, id: &str, stage: Stage) -> PathBuf {
        let mark = mark(id);
        let ending = match stage {
            Stage::Whole => "whole",
            Stage::Begun => "begun",
        };
        self.folder.join(&mark[..2]).join(format!("{mark}.{ending}"))
    }

    /// What a file holds; nothing when it is damaged, for it can be asked for again.
    fn load<T: DeserializeOwned>(&self, path: &Path) -> Option<T> {
        let kept = fs::read(path).ok()?;
        let packed = &kept[kept.iter().position(|byte| *byte == b'\n')? + 1..];
        let text = zstd::bulk::decompress(packed, unpacked_size(packed)?).ok()?;
        serde_json::from_slice(&text).ok()
    }

    /// Replaces a file as a whole: a title in a line of its own, then the value, packed.
    fn store<T: Serialize>(&self, path: &Path, title: &str, value: &T) -> Result<(), String> {
        let write = || -> io::Result<()> {
            let text = serde_json::to_vec(value)?;
            let packed = zstd::bulk::compress(&text, 1)?;
            let folder = path.parent().unwrap_or(&self.folder);
            fs::create_dir_all(folder)?;
            let mut file = tempfile::NamedTempFile::new_in(folder)?;
            file.write_all(title.as_bytes())?;
            file.write_all(b"\n")?;
            file.write_all(&packed)?;
            file.persist(path)?;
            Ok(())
        };
        write().map_err(|error| format!("what was read cannot be kept for the next night: {error}"))
    }
}

/// How large a packed file says it is; nothing when that is absurd.
fn unpacked_size(packed: &[u8]) -> Option<usize> {
    let size = zstd::zstd_safe::get_frame_content_size(packed).ok()??;
    usize::try_from(size).ok().filter(|size| *size <= MOST_BYTES)
}

/// A name for a file that says nothing of what it is called after.
fn mark(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
