//! Keys that one pattern cannot tell: private keys, which take many lines, and secret keys of AWS, which look like
//! much else and are known by the access key id beside them.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::values::{is_base64, is_stand_in};

/// Headers of PEM (RFC 7468) and of OpenPGP (RFC 9580, 6.2).
static HEADER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new("-----BEGIN[ A-Z0-9]{0,40}PRIVATE KEY(?: BLOCK)?-----")
        .expect("a pattern of ours, which a test compiles")
});

/// What ends such a key.
const FOOTER: &str = "-----END";

/// Bytes that a private key may take; an RSA key of 16,384 bits takes 13,000.
const LONGEST_KEY: usize = 32 << 10;

/// Characters without a blank that a key has at least between header and footer. Texts about keys quote the header alone.
const SHORTEST_LINE: usize = 40;

/// Every private key in `text`, from its header to its footer; to the last line that may be of it when it is cut short.
pub(super) fn private(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    HEADER.find_iter(text).filter_map(|header| {
        let mut most = (header.end() + LONGEST_KEY).min(text.len());
        while !text.is_char_boundary(most) {
            most -= 1;
        }
        let rest = &text[header.end()..most];
        let body = &rest[..rest.find("-----").unwrap_or_else(|| body(rest))];
        let is_base64 = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=');
        if !body.split(|c| !is_base64(c)).any(|line| line.len() >= SHORTEST_LINE) {
            return None;
        }
        let behind = &rest[body.len()..];
        let footer = match behind.strip_prefix(FOOTER).and_then(|footer| footer.find("-----")) {
            Some(dashes) => FOOTER.len() + dashes + "-----".len(),
            None => 0,
        };
        Some(header.start()..header.end() + body.len() + footer)
    })
}

/// The length of what may be the body of a key that has no end.
fn body(text: &str) -> usize {
    let is_of_it =
        |c: char| c.is_ascii_alphanumeric() || c.is_ascii_whitespace() || "+/=\\:,-\"'|>".contains(c);
    text.find(|c| !is_of_it(c)).unwrap_or(text.len())
}

/// An access key id, <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html>. It says whose the
/// key is and lets nobody in, so it stays: by it people find what to revoke.
static ACCESS_KEY_ID: LazyLock<Regex> =
    LazyLock::new(|| Regex::new("A[KS]IA[A-Z2-7]{16}").expect("a pattern of ours, which a test compiles"));

static FORTY: LazyLock<Regex> =
    LazyLock::new(|| Regex::new("[A-Za-z0-9/+]{40,}").expect("a pattern of ours, which a test compiles"));

/// Length of a secret access key.
const SECRET_KEY: usize = 40;

/// So far from the id a secret key is looked for, in bytes.
const NEAR: usize = 400;

/// Every secret access key in `text` that has an access key id beside it.
pub(super) fn of_aws(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    ACCESS_KEY_ID.find_iter(text).flat_map(|id| {
        let mut from = id.start().saturating_sub(NEAR);
        let mut to = (id.end() + NEAR).min(text.len());
        while !text.is_char_boundary(from) {
            from -= 1;
        }
        while !text.is_char_boundary(to) {
            to += 1;
        }
        let near = FORTY.find_iter(&text[from..to]);
        near.filter(|found| {
            found.len() == SECRET_KEY && is_base64(found.as_str()) && !is_stand_in(found.as_str())
        })
        .map(move |found| from + found.start()..from + found.end())
    })
}
