//! The bag around the payload: BagIt 1.0 (RFC 8493), so that any archivist's tool and `sha256sum` can check it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::archive::Sealed;
use crate::day::Day;
use crate::diagnostic::text::harmless;
use crate::render::digest::Digest;

/// What says that this is a bag.
pub const DECLARATION: &str = "bagit.txt";
/// What says what the bag is.
pub const INFO: &str = "bag-info.txt";
/// Digests of the payload.
pub const MANIFEST: &str = "manifest-sha256.txt";
/// Digests of the files around the payload.
pub const TAG_MANIFEST: &str = "tagmanifest-sha256.txt";
/// The signature of the tag manifest, and so of everything.
pub const SIGNATURE: &str = "tagmanifest-sha256.txt.sig";
/// The time stamp of the tag manifest, by an authority outside (RFC 3161).
pub const TIME_STAMP: &str = "tagmanifest-sha256.txt.tsr";
/// The folder of the payload, with its slash.
pub const PAYLOAD: &str = "data/";

/// The text of [`DECLARATION`].
pub const DECLARED: &str = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";

/// The label under which [`INFO`] names the version that wrote the bag.
pub const AGENT: &str = "Bag-Software-Agent";
/// The label of the count of payload files.
pub const OXUM: &str = "Payload-Oxum";

/// What [`INFO`] says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Info<'a> {
    /// Whose evidence it is.
    pub organisation: &'a str,
    /// The name of the pack.
    pub name: &'a str,
    /// The day it was judged for.
    pub as_of: Day,
    /// What it covers, in words.
    pub covers: &'a str,
    /// For whom something is left out, when it is.
    pub audience: Option<&'a str>,
    /// Version of Milepost.
    pub version: &'a str,
}

impl Info<'_> {
    /// The text of [`INFO`] for a payload of these files.
    pub fn text(&self, payload: &BTreeMap<String, Sealed>) -> String {
        let mut text = String::new();
        let mut say = |label: &str, value: &str| {
            // A label ends with its line; what people named things must not begin another.
            writeln!(text, "{label}: {}", harmless(value).trim()).expect("writing to a string cannot fail");
        };
        say("Source-Organization", self.organisation);
        say("External-Identifier", self.name);
        say("External-Description", self.covers);
        say("Bagging-Date", &self.as_of.to_string());
        if let Some(audience) = self.audience {
            let left_out =
                format!("made for the audience {audience}; what they do not see and the inputs are left out");
            say("Internal-Sender-Description", &left_out);
        }
        say(OXUM, &oxum(payload));
        say(AGENT, &agent(self.version));
        text
    }
}

/// The words for a version of this program.
pub fn agent(version: &str) -> String {
    format!("Milepost {version}")
}

/// Bytes and files of a payload, as BagIt writes them: `4096.12`.
pub fn oxum(payload: &BTreeMap<String, Sealed>) -> String {
    let bytes: u64 = payload.values().map(|sealed| sealed.size).sum();
    format!("{bytes}.{}", payload.len())
}

/// The value of `label` in the text of [`INFO`].
pub fn value<'a>(info: &'a str, label: &str) -> Option<&'a str> {
    info.lines().find_map(|line| line.strip_prefix(label)?.strip_prefix(": "))
}

/// A manifest of `files`, in the form that `sha256sum -c` reads: digest, two spaces, path.
pub fn manifest<'a>(files: impl IntoIterator<Item = (&'a String, &'a Sealed)>) -> String {
    let line = |(path, sealed): (&String, &Sealed)| format!("{}  {path}\n", sealed.digest.hexadecimal());
    files.into_iter().map(line).collect()
}

/// Reads what [`manifest`] wrote. Anything else is refused, in words: the line, and what is wrong with it.
pub fn read_manifest(text: &str) -> Result<BTreeMap<String, Digest>, String> {
    if !text.is_empty() && !text.ends_with('\n') {
        return Err("its last line is cut short".to_owned());
    }
    let mut files = BTreeMap::new();
    let mut last: Option<&str> = None;
    for (number, line) in (1..).zip(text.lines()) {
        let wrong = |what: &str| format!("line {number} {what}: `{}`", line.escape_debug());
        let (digest, path) = line.split_once("  ").ok_or_else(|| wrong("is no digest with a path"))?;
        let digest = Digest::parse(digest).ok_or_else(|| wrong("does not begin with a SHA-256 digest"))?;
        if !is_plain(path) {
            return Err(wrong("names a path that no pack has"));
        }
        if last.is_some_and(|last| last >= path) {
            return Err(wrong("is not in the order of the paths"));
        }
        last = Some(path);
        files.insert(path.to_owned(), digest);
    }
    Ok(files)
}

/// Whether `path` is one that we give to a file: relative, without a way out, in characters that no tool has to
/// escape.
pub fn is_plain(path: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-~=/".contains(&byte);
    path.len() <= LONGEST_PATH
        && path.bytes().all(plain)
        && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

/// Most bytes of a path; some file systems end there.
const LONGEST_PATH: usize = 240;

#[cfg(test)]
mod tests {
    use super::*;

    fn sealed(text: &str) -> Sealed {
        Sealed { digest: Digest::of(text.as_bytes()), size: text.len() as u64 }
    }

    #[test]
    fn a_manifest_comes_back_as_it_was_written() {
        let files = BTreeMap::from([("data/a".to_owned(), sealed("a")), ("data/b".to_owned(), sealed("bb"))]);
        let text = manifest(&files);
        let read = read_manifest(&text).expect("it is ours");
        assert!(read.keys().eq(files.keys()) && read["data/b"] == files["data/b"].digest);
        assert_eq!(oxum(&files), "3.2");
    }

    #[test]
    fn a_manifest_of_another_form_is_refused() {
        let digest = Digest::of(b"").hexadecimal();
        for (text, why) in [
            (format!("{digest}  data/a"), "its last line is cut short"),
            (format!("{digest} *data/a\n"), "line 1 is no digest with a path"),
            (format!("{}  data/a\n", digest.to_uppercase()), "line 1 does not begin with a SHA-256 digest"),
            (format!("{digest}  ../a\n"), "line 1 names a path that no pack has"),
            (format!("{digest}  data/a b\n"), "line 1 names a path that no pack has"),
            (format!("{digest}  data/b\n{digest}  data/a\n"), "line 2 is not in the order of the paths"),
            (format!("{digest}  data/a\n{digest}  data/a\n"), "line 2 is not in the order of the paths"),
        ] {
            let said = read_manifest(&text).expect_err("it is not ours");
            assert!(said.starts_with(why), "{said}");
        }
    }

    #[test]
    fn a_name_cannot_begin_another_line_of_what_the_bag_says() {
        let info = Info {
            organisation: "Example\nPayload-Oxum: 0.0",
            name: "example-2026-11-21",
            as_of: Day::parse("2026-11-21").expect("a day"),
            covers: "everything",
            audience: None,
            version: "0.1.0",
        };
        let text = info.text(&BTreeMap::new());
        assert_eq!(text.lines().count(), 6, "{text}");
        assert_eq!(value(&text, AGENT), Some("Milepost 0.1.0"));
    }
}
