//! What a target knows of what was published there: the manifest of each publication, and the pointer that says
//! which of them people read. Both lie beside the site and come from outside: what cannot be believed is not read.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::day::Moment;
use crate::render::site::{Digest, SitePath};

/// Where everything lies that is ours and not the site's.
pub const STATE: &str = ".milepost/";

/// Where the pointer lies.
pub const POINTER: &str = ".milepost/current.json";

const MANIFEST_FORMAT: &str = "milepost-publication/1";
const POINTER_FORMAT: &str = "milepost-pointer/1";

/// How a site lies at its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// Each publication in a folder of its own, and a pointer to the one that counts.
    Releases,
    /// One after the other in the same place.
    InPlace,
}

/// One file as it is published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Item {
    /// Where it lies in the site.
    pub path: String,
    /// Digest of its bytes, before they are compressed.
    #[serde(with = "digits")]
    pub sha256: Digest,
    /// How many bytes these are.
    pub size: u64,
    /// What readers are told of it.
    #[serde(flatten)]
    pub headers: Headers,
}

/// What readers are told of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Headers {
    /// `Content-Type`.
    pub media_type: String,
    /// `Cache-Control`.
    pub cache_control: String,
    /// `Content-Encoding`: how it is compressed at the target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
}

/// A file that a publication of ours wrote and that the site has no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Obsolete {
    /// Where it lies.
    pub path: String,
    /// Since when the site does without it.
    pub since: Moment,
}

/// What one publication wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    format: String,
    /// The name of the publication.
    pub id: String,
    /// Its number; none is given twice.
    pub run: u64,
    /// When.
    pub at: Moment,
    /// By whom.
    pub by: String,
    /// How.
    pub mode: Mode,
    /// Its files, by path.
    pub files: Vec<Item>,
    /// Files of earlier publications that are still there; only where publications share a place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub obsolete: Vec<Obsolete>,
}

impl Manifest {
    /// What publication `id`, the one of number `run`, writes.
    pub fn new(id: &str, run: u64, at: Moment, by: &str, mode: Mode, files: Vec<Item>) -> Self {
        let (format, id, by) = (MANIFEST_FORMAT.to_owned(), id.to_owned(), by.to_owned());
        Self { format, id, run, at, by, mode, files, obsolete: Vec::new() }
    }

    /// Where the manifest of publication `id` lies.
    pub fn key(id: &str) -> String {
        format!("{STATE}manifests/{id}.json")
    }

    /// Its text, one file a line.
    pub fn text(&self) -> Vec<u8> {
        lines(self)
    }

    /// The manifest of publication `id` that `text` is, if it is one and no path of it leads out.
    pub fn parse(id: &str, text: &[u8]) -> Option<Self> {
        let manifest: Self = serde_json::from_slice(text).ok()?;
        let paths = manifest.files.iter().map(|file| &file.path);
        let mut paths = paths.chain(manifest.obsolete.iter().map(|file| &file.path));
        let is_sound = manifest.format == MANIFEST_FORMAT
            && manifest.id == id
            && paths.all(|path| is_ours_to_write(path));
        is_sound.then_some(manifest)
    }

    /// How many bytes its files have together.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.size).sum()
    }

    /// Its files by path.
    pub fn by_path(&self) -> BTreeMap<&str, &Item> {
        self.files.iter().map(|file| (file.path.as_str(), file)).collect()
    }
}

/// Whether a file of a site may have this path: it does not lead out, and is none of our own notes.
pub fn is_ours_to_write(path: &str) -> bool {
    SitePath::new(path).is_some() && !path.starts_with(STATE) && !path.contains(char::is_control)
}

/// A publication that can be returned to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Its name.
    pub id: String,
    /// Its number.
    pub run: u64,
    /// Digest of the site.
    #[serde(with = "digits")]
    pub site: Digest,
    /// When it was published.
    pub at: Moment,
    /// By whom.
    pub by: String,
    /// How many files it has.
    pub files: usize,
    /// How many bytes these have.
    pub bytes: u64,
}

/// Copies at the edge that are still to be dropped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invalidation {
    /// The distribution of CloudFront.
    pub distribution: String,
    /// What makes asking twice the same as asking once.
    pub reference: String,
    /// Addresses; one that ends with `*` stands for all that begin so.
    pub paths: Vec<String>,
}

/// Which publication people read. It is only ever replaced by who read it before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Pointer {
    pub(super) format: String,
    /// How sites lie here.
    pub mode: Mode,
    /// The number of the last change of this pointer. It grows, also when an earlier publication comes back.
    pub run: u64,
    /// The publication that people read; none before the first is whole.
    pub release: Option<String>,
    /// Digest of its site.
    #[serde(with = "maybe_digits")]
    pub site: Option<Digest>,
    /// Digest of its manifest.
    #[serde(with = "maybe_digits")]
    pub manifest: Option<Digest>,
    /// When the pointer was changed.
    pub at: Moment,
    /// By whom.
    pub by: String,
    /// What can be returned to, oldest first; it includes the one that people read.
    pub releases: Vec<Kept>,
    /// The publication that is being written over the one before.
    pub pending: Option<String>,
    /// Since when the oldest file waits for its deletion.
    pub obsolete_since: Option<Moment>,
    /// What CloudFront was not told yet.
    pub invalidation: Option<Invalidation>,
}

impl Pointer {
    /// A pointer to nothing.
    pub fn new(mode: Mode, at: Moment, by: &str) -> Self {
        Self {
            format: POINTER_FORMAT.to_owned(),
            mode,
            run: 0,
            release: None,
            site: None,
            manifest: None,
            at,
            by: by.to_owned(),
            releases: Vec::new(),
            pending: None,
            obsolete_since: None,
            invalidation: None,
        }
    }

    /// Its text.
    pub fn text(&self) -> Vec<u8> {
        lines(self)
    }

    /// The pointer that `text` is.
    pub fn parse(text: &[u8]) -> Option<Self> {
        let pointer: Self = serde_json::from_slice(text).ok()?;
        let mut names = pointer.releases.iter().map(|kept| &kept.id);
        let is_sound = pointer.format == POINTER_FORMAT
            && pointer.release.iter().chain(&pointer.pending).all(|id| is_name(id))
            && names.all(|id| is_name(id));
        is_sound.then_some(pointer)
    }
}

/// Whether this is the name of a publication.
pub fn is_name(id: &str) -> bool {
    run_of(id).is_some()
}

/// The name of the publication of number `run` of a site with this digest: it says what is in it, so what lies
/// under it needs not be sent again by who comes after a run that was killed.
pub fn name(run: u64, site: Digest) -> String {
    format!("{run:06}-{}", &site.hexadecimal()[..12])
}

/// Whether this is the name of a publication of a site with this digest.
pub fn is_of(id: &str, site: Digest) -> bool {
    id.split_once('-').is_some_and(|(_, digest)| digest == &site.hexadecimal()[..12])
}

/// The number in the name of a publication.
pub fn run_of(id: &str) -> Option<u64> {
    let (run, digest) = id.split_once('-')?;
    let is_digest = digest.len() == 12 && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_run = (6..=18).contains(&run.len()) && run.bytes().all(|byte| byte.is_ascii_digit());
    (is_digest && is_run).then(|| run.parse().ok())?
}

/// The digest of a site: of everything that readers get to see of it.
pub fn digest_of(files: &[Item]) -> Digest {
    let mut text = String::new();
    for file in files {
        text.push_str(&serde_json::to_string(file).expect("texts and numbers are always JSON"));
        text.push('\n');
    }
    Digest::of(text.as_bytes())
}

fn lines<T: Serialize>(value: &T) -> Vec<u8> {
    let mut text = serde_json::to_string(value).expect("texts and numbers are always JSON");
    text = text.replace("},{\"", "},\n{\"");
    text.push('\n');
    text.into_bytes()
}

/// Digests as hexadecimal digits.
mod digits {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use super::Digest;

    pub(super) fn serialize<S: Serializer>(digest: &Digest, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&digest.hexadecimal())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Digest, D::Error> {
        let text = String::deserialize(deserializer)?;
        Digest::parse(&text).ok_or_else(|| D::Error::custom("it is no digest"))
    }
}

/// The same, where there may be none.
mod maybe_digits {
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    use super::Digest;

    pub(super) fn serialize<S: Serializer>(
        digest: &Option<Digest>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        digest.map(Digest::hexadecimal).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Digest>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        let digest = |text: String| Digest::parse(&text).ok_or_else(|| D::Error::custom("it is no digest"));
        text.map(digest).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(path: &str) -> Item {
        let headers =
            Headers { media_type: "text/plain".into(), cache_control: "no-cache".into(), encoding: None };
        Item { path: path.into(), sha256: Digest::of(path.as_bytes()), size: 3, headers }
    }

    fn moment() -> Moment {
        Moment::parse("2026-11-21T03:00:00Z").expect("a moment")
    }

    #[test]
    fn what_was_written_is_read_again() {
        let files = vec![item("a/index.html"), item("b},{\"c")];
        let mut manifest = Manifest::new("000007-0123456789ab", 7, moment(), "me", Mode::InPlace, files);
        manifest.obsolete.push(Obsolete { path: "old.html".into(), since: moment() });
        let read = Manifest::parse("000007-0123456789ab", &manifest.text());
        assert_eq!(read.as_ref(), Some(&manifest));
        assert_eq!(Manifest::parse("000008-0123456789ab", &manifest.text()), None);
        let mut pointer = Pointer::new(Mode::Releases, moment(), "me");
        pointer.site = Some(Digest::of(b"x"));
        assert_eq!(Pointer::parse(&pointer.text()), Some(pointer));
    }

    #[test]
    fn a_manifest_that_leads_out_is_not_believed() {
        for path in ["../x", "/etc/passwd", ".milepost/current.json", "a//b", "a\nb", ""] {
            let id = "000001-0123456789ab";
            let manifest = Manifest::new(id, 1, moment(), "me", Mode::InPlace, vec![item(path)]);
            assert_eq!(Manifest::parse(id, &manifest.text()), None, "{path}");
        }
        for id in ["../../x", "1-0123456789ab", "000001-0123456789", "000001-0123456789aZ", "000001"] {
            let mut pointer = Pointer::new(Mode::Releases, moment(), "me");
            pointer.release = Some(id.into());
            assert_eq!(Pointer::parse(&pointer.text()), None, "{id}");
        }
        assert_eq!(run_of(&name(1_234_567, Digest::of(b""))), Some(1_234_567));
    }

    #[test]
    fn the_digest_of_a_site_is_of_all_that_readers_see() {
        let one = digest_of(&[item("a")]);
        let mut other = item("a");
        other.headers.cache_control = "immutable".into();
        assert_ne!(digest_of(&[other]), one);
        assert_eq!(digest_of(&[item("a")]), one);
    }
}
