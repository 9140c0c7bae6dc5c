//! The site: an ordered list of files, each rendered on demand, so that it never lies in memory as a
//! whole. The fourth of the stage types; what `publish` and the output folder take.

mod stored;

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use rayon::prelude::*;

pub use stored::{Copied, Stored};

pub use super::digest::Digest;
use super::portal::{Inputs, Portal};
use super::templates::TemplateError;
use super::{assets, data, feeds, pages, search, who};

/// A path in the site: relative, `/` between parts, no empty, `.` or `..` part.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SitePath(Arc<str>);

impl SitePath {
    /// Takes `path` when it is one.
    pub fn new(path: &str) -> Option<Self> {
        let good =
            |part: &str| !part.is_empty() && part != "." && part != ".." && !part.contains(['\\', '\0']);
        path.split('/').all(good).then(|| Self(path.into()))
    }

    /// The path.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SitePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What kind of bytes a file has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaType {
    /// `text/html; charset=utf-8`
    Html,
    /// `application/json`
    Json,
    /// `text/css; charset=utf-8`
    Css,
    /// `text/javascript; charset=utf-8`
    JavaScript,
    /// `image/svg+xml`
    Svg,
    /// `image/png`
    Png,
    /// `text/csv; charset=utf-8`, served as an attachment
    Csv,
    /// `text/calendar; charset=utf-8`
    Calendar,
    /// `text/plain; charset=utf-8`
    Text,
    /// `application/zip`
    Zip,
}

impl MediaType {
    /// The header's value.
    pub const fn header(self) -> &'static str {
        match self {
            Self::Html => "text/html; charset=utf-8",
            Self::Json => "application/json",
            Self::Css => "text/css; charset=utf-8",
            Self::JavaScript => "text/javascript; charset=utf-8",
            Self::Svg => "image/svg+xml",
            Self::Png => "image/png",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Calendar => "text/calendar; charset=utf-8",
            Self::Text => "text/plain; charset=utf-8",
            Self::Zip => "application/zip",
        }
    }

    /// The media type of files with this ending.
    pub fn of_extension(extension: &str) -> Option<Self> {
        Some(match extension {
            "html" => Self::Html,
            "json" => Self::Json,
            "css" => Self::Css,
            "js" => Self::JavaScript,
            "svg" => Self::Svg,
            "png" => Self::Png,
            "csv" => Self::Csv,
            "ics" => Self::Calendar,
            "txt" => Self::Text,
            "zip" => Self::Zip,
            _ => return None,
        })
    }
}

/// The policy that every page is written for: nothing inline, nothing from another host.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// How long a copy may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CachePolicy {
    /// Its name changes with its bytes.
    Immutable,
    /// Ask every time.
    Revalidate,
}

impl CachePolicy {
    /// The value of the `Cache-Control` header.
    pub const fn header(self) -> &'static str {
        match self {
            Self::Immutable => "public, max-age=31536000, immutable",
            Self::Revalidate => "no-cache",
        }
    }
}

/// Renders one file.
type Render<'a> = Box<dyn Fn(&Portal<'a>, &SitePath) -> Result<Vec<u8>, RenderError> + Send + Sync + 'a>;

/// One file of the site, not yet rendered.
pub struct Entry<'a> {
    /// Where it lies.
    pub path: SitePath,
    /// What kind of bytes it has.
    pub media: MediaType,
    /// How long a copy may be used.
    pub cache: CachePolicy,
    content: Content<'a>,
}

/// Where the bytes of a file come from.
enum Content<'a> {
    /// They are made.
    Rendered(Render<'a>),
    /// They are there already.
    Stored(&'a dyn Stored),
}

impl<'a> Entry<'a> {
    /// A file at `path` that `render` makes.
    pub fn new(
        path: SitePath,
        media: MediaType,
        cache: CachePolicy,
        render: impl Fn(&Portal<'a>, &SitePath) -> Result<Vec<u8>, RenderError> + Send + Sync + 'a,
    ) -> Self {
        Self { path, media, cache, content: Content::Rendered(Box::new(render)) }
    }

    /// A file at `path` with the bytes of `stored`.
    pub fn stored(path: SitePath, media: MediaType, cache: CachePolicy, stored: &'a dyn Stored) -> Self {
        Self { path, media, cache, content: Content::Stored(stored) }
    }
}

impl fmt::Debug for Entry<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry").field("path", &self.path).field("media", &self.media).finish_non_exhaustive()
    }
}

/// One rendered file.
#[derive(Clone, Copy, Debug)]
pub struct File<'a> {
    /// Where it lies.
    pub path: &'a SitePath,
    /// What kind of bytes it has.
    pub media: MediaType,
    /// How long a copy may be used.
    pub cache: CachePolicy,
    /// Its bytes.
    pub bytes: &'a [u8],
    /// Their digest.
    pub digest: Digest,
}

/// What is kept of a file once it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Where it lies.
    pub path: SitePath,
    /// What kind of bytes it has.
    pub media: MediaType,
    /// How long a copy may be used.
    pub cache: CachePolicy,
    /// Digest of its bytes.
    pub digest: Digest,
    /// How many bytes it has.
    pub size: u64,
}

/// Takes rendered files, several at a time.
pub trait Sink: Sync {
    /// Stores `file`.
    fn store(&self, file: &File<'_>) -> std::io::Result<()>;

    /// Stores what lies elsewhere; who can do it piece by piece does.
    fn copy(&self, file: &Copied<'_>) -> std::io::Result<()> {
        let mut bytes = Vec::new();
        file.write_to(&mut bytes)?;
        let Copied { path, media, cache, stored } = *file;
        self.store(&File { path, media, cache, bytes: &bytes, digest: stored.digest() })
    }
}

/// Why a site cannot be rendered. Always an error of ours, of a replaced template or of the machine:
/// nothing that a team writes leads here.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// A template is wrong.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// Two files want one place.
    #[error("two files of the site want the same place: `{first}` and `{second}`")]
    Collision {
        /// The one.
        first: SitePath,
        /// The other: the same path, the same but for upper and lower case, or a folder of that name.
        second: SitePath,
    },
    /// A document cannot be written as JSON.
    #[error("cannot write `{path}` as JSON")]
    Json {
        /// The document.
        path: SitePath,
        /// Why.
        source: serde_json::Error,
    },
    /// The sink refused a file.
    #[error("cannot store `{path}`")]
    Store {
        /// The file.
        path: SitePath,
        /// The operating system's reason.
        source: std::io::Error,
    },
}

/// Every file there is to publish.
#[derive(Debug)]
pub struct Site<'a> {
    portal: Portal<'a>,
    entries: Vec<Entry<'a>>,
}

impl<'a> Site<'a> {
    /// Lists what there is to render of `inputs`.
    pub fn build(inputs: Inputs<'a>) -> Result<Self, RenderError> {
        let mut portal = Portal::new(inputs)?;
        let mut entries = Vec::new();
        pages::register(&portal, &mut entries);
        data::register(&portal, &mut entries);
        feeds::register(&portal, &mut entries);
        search::register(&portal, &mut entries);
        who::register(&portal, &mut entries);
        assets::register(&portal, &mut entries);
        check_places(&entries)?;
        portal.find_sections(&entries);
        Ok(Self { portal, entries })
    }

    /// The files in their order.
    pub fn entries(&self) -> &[Entry<'a>] {
        &self.entries
    }

    /// Renders `entry`.
    pub fn render(&self, entry: &Entry<'a>) -> Result<Vec<u8>, RenderError> {
        match &entry.content {
            Content::Rendered(render) => render(&self.portal, &entry.path),
            Content::Stored(stored) => {
                let mut bytes = Vec::new();
                let copied = stored::copy(*stored, &mut bytes);
                copied.map_err(|source| RenderError::Store { path: entry.path.clone(), source })?;
                Ok(bytes)
            }
        }
    }

    /// Renders every file, several at a time, into `sink`; gives the records by path.
    pub fn write(&self, sink: &dyn Sink) -> Result<Vec<Record>, RenderError> {
        let store = |entry: &Entry<'a>| {
            let Entry { path, media, cache, content } = entry;
            if let Content::Stored(stored) = content {
                let file = Copied { path, media: *media, cache: *cache, stored: *stored };
                sink.copy(&file).map_err(|source| RenderError::Store { path: path.clone(), source })?;
                return Ok(file.record());
            }
            let bytes = self.render(entry)?;
            let file = File { path, media: *media, cache: *cache, bytes: &bytes, digest: Digest::of(&bytes) };
            sink.store(&file).map_err(|source| RenderError::Store { path: path.clone(), source })?;
            let size = bytes.len() as u64;
            Ok(Record { path: path.clone(), media: *media, cache: *cache, digest: file.digest, size })
        };
        let mut records = self.entries.par_iter().map(store).collect::<Result<Vec<Record>, RenderError>>()?;
        records.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        Ok(records)
    }
}

/// No two files may have one path, not even on file systems that take `A` for `a`, and no file may have
/// the name of a folder.
fn check_places(entries: &[Entry<'_>]) -> Result<(), RenderError> {
    let folded: Vec<String> = entries.iter().map(|entry| entry.path.as_str().to_lowercase()).collect();
    let mut files: HashSet<&str> = HashSet::with_capacity(folded.len());
    let collision = |first: &str, second: usize| {
        let first = folded.iter().position(|path| path == first).unwrap_or(second);
        RenderError::Collision { first: entries[first].path.clone(), second: entries[second].path.clone() }
    };
    for (index, path) in folded.iter().enumerate() {
        if !files.insert(path) {
            return Err(collision(path, index));
        }
    }
    for (index, path) in folded.iter().enumerate() {
        for (end, _) in path.match_indices('/') {
            if files.contains(&path[..end]) {
                return Err(collision(&path[..end], index));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(path: &str) -> Entry<'static> {
        let path = SitePath::new(path).expect("a path");
        Entry::new(path, MediaType::Text, CachePolicy::Revalidate, |_, _| Ok(Vec::new()))
    }

    #[test]
    fn no_two_files_may_want_one_place() {
        let check = |paths: &[&str]| {
            let entries: Vec<_> = paths.iter().map(|path| entry(path)).collect();
            check_places(&entries).map_err(|error| error.to_string())
        };
        assert_eq!(check(&["a/index.html", "a/b/index.html", "a-b/index.html"]), Ok(()));
        for (paths, first, second) in [
            (["a/x", "a/x"], "a/x", "a/x"),
            (["a/x", "A/X"], "a/x", "A/X"),
            (["a/b", "a"], "a", "a/b"),
            (["A", "a/b/c"], "A", "a/b/c"),
        ] {
            let message = format!("two files of the site want the same place: `{first}` and `{second}`");
            assert_eq!(check(&paths), Err(message));
        }
    }

    #[test]
    fn a_path_has_no_way_out() {
        for wrong in ["", "/a", "a/", "a//b", "../a", "a/./b", "a\\b"] {
            assert_eq!(SitePath::new(wrong), None, "{wrong}");
        }
    }
}
