//! What readers are told of each file: its media type, how long a copy of it may be used, whether it is compressed.

use super::manifest::Headers;
use crate::render::site::{CachePolicy, Digest, MediaType};

/// Media types of files that others put into a site, by ending.
const OTHERS: [(&str, &str); 16] = [
    ("xml", "application/xml"),
    ("webmanifest", "application/manifest+json"),
    ("map", "application/json"),
    ("mjs", "text/javascript; charset=utf-8"),
    ("md", "text/markdown; charset=utf-8"),
    ("yaml", "application/yaml"),
    ("yml", "application/yaml"),
    ("ico", "image/vnd.microsoft.icon"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("gif", "image/gif"),
    ("webp", "image/webp"),
    ("woff2", "font/woff2"),
    ("pdf", "application/pdf"),
    ("zip", "application/zip"),
    ("gz", "application/gzip"),
];

/// What is said of bytes that nobody can name.
const UNKNOWN: &str = "application/octet-stream";

/// Files smaller than this are not worth compressing.
const SMALL: u64 = 512;

/// What is said of a file whose writer left no word about it.
pub(super) fn of(path: &str, digest: Digest) -> Headers {
    let name = path.rsplit('/').next().unwrap_or(path);
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
    let other = || OTHERS.iter().find(|(known, _)| *known == ending).map_or(UNKNOWN, |(_, media)| media);
    let media = MediaType::of_extension(&ending).map_or_else(other, MediaType::header);
    // A name that holds the beginning of the digest changes with the bytes.
    let is_fingerprinted = name.contains(&digest.hexadecimal()[..10]);
    let cache = if is_fingerprinted { CachePolicy::Immutable } else { CachePolicy::Revalidate };
    Headers { media_type: media.to_owned(), cache_control: cache.header().to_owned(), encoding: None }
}

/// Whether copies of the file may be used for ever.
pub(super) fn is_immutable(headers: &Headers) -> bool {
    headers.cache_control == CachePolicy::Immutable.header()
}

/// Whether it is a page.
pub(super) fn is_page(headers: &Headers) -> bool {
    headers.media_type == MediaType::Html.header()
}

/// Whether compressing a file of this size pays.
pub(super) fn is_compressible(headers: &Headers, size: u64) -> bool {
    let media = headers.media_type.split(';').next().unwrap_or_default();
    let is_text = media.starts_with("text/")
        || media.ends_with("json")
        || media.ends_with("xml")
        || media == "application/yaml";
    is_text && size >= SMALL
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_change_with_the_bytes_may_be_kept() {
        let digest = Digest::of(b"body{}");
        let short = &digest.hexadecimal()[..10];
        let kept = of(&format!("assets/site.{short}.css"), digest);
        assert!(is_immutable(&kept));
        assert_eq!(kept.media_type, "text/css; charset=utf-8");
        // The name of other bytes is no promise about these.
        assert!(!is_immutable(&of(&format!("assets/site.{short}.css"), Digest::of(b""))));
        assert_eq!(of("CNAME", digest).media_type, UNKNOWN);
        assert_eq!(of("a/Photo.JPG", digest).media_type, "image/jpeg");
    }

    #[test]
    fn texts_are_compressed() {
        let headers = |path| of(path, Digest::of(b""));
        for (path, pays) in
            [("a.html", true), ("a.json", true), ("a.svg", true), ("a.png", false), ("a.zip", false)]
        {
            assert_eq!(is_compressible(&headers(path), 9000), pays, "{path}");
        }
        assert!(!is_compressible(&headers("a.html"), 20));
    }
}
