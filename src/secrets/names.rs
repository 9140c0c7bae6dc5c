//! Names that say that a credential stands under them, and which values under such a name are one.

use std::sync::LazyLock;

use regex::{Match, Regex};

use super::OPENING;
use super::rules::Kind;
use super::values::{self, is_dense, is_random};

pub(super) static PASSWORD: Kind = Kind { word: "password", what: "a password" };
pub(super) static TOKEN: Kind = Kind { word: "token", what: "a token or key" };

/// Bits in a character that a value under a name that says password has at least. People make these up, so they hold
/// less than tokens.
pub(super) const LEAST_OF_A_PASSWORD: f64 = 2.9;
/// The same where eight characters are all there is: two pairs of them may be alike.
const LEAST_OF_A_SHORT_PASSWORD: f64 = 2.5;
const SHORT_PASSWORD: usize = 12;
/// The same under a name that says token, secret or key.
const LEAST_OF_A_TOKEN: f64 = 3.4;
/// Shortest value under a name that says token, secret or key: what is shorter is a name more often.
pub(super) const SHORTEST_TOKEN: usize = 16;

/// The words, as a pattern.
pub(super) const NAMES: &str = "(?i:passwd|passwort|kennwort|passwo?rd|passphrase|pass|pwd|secret|token|credential|\
     api[_-]?key|access[_-]?key|auth[_-]?key|private[_-]?key|account[_-]?key|signing[_-]?key|encryption[_-]?key|\
     webhook[_-]?key)";

static NAME: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&format!("({NAMES})[sS]?([A-Za-z0-9_.-]{{0,40}})"))
        .expect("a pattern of ours, which a test compiles")
});

/// What stands under a name that ends so tells of a credential and is none: `secretName`, `TOKEN_TABLE`.
const ABOUT: &[&str] = &[
    "age",
    "alias",
    "aliases",
    "algorithm",
    "arn",
    "arns",
    "attachment",
    "class",
    "commit",
    "digest",
    "dir",
    "endpoint",
    "engine",
    "expires",
    "expiry",
    "file",
    "files",
    "folder",
    "hash",
    "hashes",
    "host",
    "id",
    "ids",
    "izer",
    "kind",
    "length",
    "manager",
    "name",
    "names",
    "namespace",
    "path",
    "policy",
    "provider",
    "ref",
    "reference",
    "refs",
    "reset",
    "rotation",
    "rotator",
    "sha",
    "size",
    "store",
    "table",
    "ttl",
    "type",
    "uri",
    "url",
    "version",
];

/// A name in a text.
pub(super) struct Name<'a> {
    /// From its word on: of `db_password_2`, what begins with `password`.
    pub(super) found: Match<'a>,
    word: &'a str,
    /// What stands behind the word: `_2`.
    rest: &'a str,
}

/// Every name in `text`.
pub(super) fn find(text: &str) -> impl Iterator<Item = Name<'_>> {
    NAME.captures_iter(text).filter_map(move |captures| {
        let (found, word, rest) = (captures.get(0)?, captures.get(1)?, captures.get(2)?);
        let name = Name { found, word: word.as_str(), rest: rest.as_str() };
        // `bypass` and `passed` are other words.
        let stands_alone = || {
            let is_new_word = word.as_str().starts_with('P')
                && text[..found.start()].ends_with(|c: char| c.is_ascii_lowercase());
            let before = is_new_word || !text[..found.start()].ends_with(|c: char| c.is_ascii_alphanumeric());
            before
                && word.end() == rest.start()
                && !rest.as_str().starts_with(|c: char| c.is_ascii_alphabetic())
        };
        (!word.as_str().eq_ignore_ascii_case("pass") || stands_alone()).then_some(name)
    })
}

impl Name<'_> {
    /// Which credential `value` is under this name, if it is one.
    pub(super) fn credential(&self, value: &str) -> Option<&'static Kind> {
        let last = last_word(self.rest);
        if value.len() < values::SHORTEST
            || ABOUT.contains(&&*last)
            || is_place(value)
            || is_identifier(value)
        {
            return None;
        }
        // A commit or an image: `secret-rotator: 4c1f0a2…`.
        if !last.is_empty() && matches!(value.len(), 40 | 64) && values::is_hexadecimal(value) {
            return None;
        }
        let says =
            |begin: &str| self.word.get(..begin.len()).is_some_and(|it| it.eq_ignore_ascii_case(begin));
        if says("pass") || says("pwd") || says("kennwort") {
            let least =
                if value.len() < SHORT_PASSWORD { LEAST_OF_A_SHORT_PASSWORD } else { LEAST_OF_A_PASSWORD };
            return is_random(value, least).then_some(&PASSWORD);
        }
        (value.len() >= SHORTEST_TOKEN && is_random(value, LEAST_OF_A_TOKEN)).then_some(&TOKEN)
    }
}

/// The kind of the credential that `value` is, because it stands under `name`.
pub(super) fn named(name: &str, value: &str) -> Option<&'static Kind> {
    let is_plain = !value.contains(char::is_whitespace) && !value.contains(OPENING);
    let name = find(name).last()?;
    is_plain.then(|| name.credential(value)).flatten()
}

/// The last word of `name`, in small letters and without a number: `id` of `_key_id`, `ref` of `KeyRef`.
fn last_word(name: &str) -> String {
    let name = name.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '_' | '-' | '.'));
    let part = name.rsplit(['_', '-', '.']).next().unwrap_or_default();
    let is_hump = |at: &usize| {
        part[*at..].starts_with(|c: char| c.is_ascii_uppercase())
            && part[..*at].ends_with(|c: char| !c.is_ascii_uppercase())
    };
    let hump = (0..part.len()).rev().find(is_hump);
    part[hump.unwrap_or(0)..].to_ascii_lowercase()
}

/// Whether `value` says where a credential is, or what to put there.
fn is_place(value: &str) -> bool {
    const PLACES: &[&str] = &["$", "<", "arn:", "alias/", "vault:", "ENC[", "sha256", "sha384", "sha512"];
    // The last is of a signed request, which says so whose key signed it.
    const EXPRESSIONS: &[&str] = &["://", "${", "$(", "{{", "aws4_request"];
    PLACES.iter().any(|place| value.starts_with(place))
        || EXPRESSIONS.iter().any(|expression| value.contains(expression))
        || value.len() > 1 && value.starts_with('%') && value.ends_with('%')
        || is_path(value)
}

/// Whether `value` is the path of a file. A key in base64 may begin with a slash; no folder is called like a piece of it.
fn is_path(value: &str) -> bool {
    ["/", "./", "../", "~/"].iter().any(|start| value.starts_with(start))
        && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/._~-".contains(&byte))
        && !value.split('/').any(is_dense)
}

/// Whether `value` tells which one is meant and lets nobody in: the id of an access key, a UUID, or what only the
/// controller of Sealed Secrets can open (<https://github.com/bitnami-labs/sealed-secrets>: two bytes for the length of
/// a key of 512 bytes come first).
fn is_identifier(value: &str) -> bool {
    static IDENTIFIER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            "^(?:A[A-Z]{3}[A-Z2-7]{16}|(?i:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})|Ag[A-D][A-Za-z0-9+/]{21,}=*)$",
        )
        .expect("a pattern of ours, which a test compiles")
    });
    IDENTIFIER.is_match(value)
}
