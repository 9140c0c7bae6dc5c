//! Keys that one pattern cannot tell: private keys, which take many lines, and secret keys of AWS, which look like
//! much else and are known by the access key id beside them.

use std::ops::Range;
use std::sync::LazyLock;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use regex::Regex;

use super::values::{beginning, is_base64, is_stand_in};

/// Headers of PEM (RFC 7468) and of OpenPGP (RFC 9580, 6.2).
static HEADER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new("-----BEGIN[ A-Z0-9]{0,40}PRIVATE KEY(?: BLOCK)?-----")
        .expect("a pattern of ours, which a test compiles")
});

/// What ends such a key.
const FOOTER: &str = "-----END";

/// Bytes that a private key may take; an RSA key of 16,384 bits takes 13,000.
const LONGEST_KEY: usize = 32 << 10;

/// Characters that a key has at least between header and footer, in lines so long that words of a text are no lines.
/// Texts about keys quote the header alone.
const SHORTEST_KEY: usize = 40;
const SHORTEST_LINE: usize = 16;

/// Every private key in `text`.
pub(super) fn private(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    of_pem(text).chain(encoded(text)).chain(of_putty(text))
}

/// Those with a header: to their footer, or to the last line that may be of them when they are cut short.
fn of_pem(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    HEADER.find_iter(text).filter_map(|header| {
        let rest = beginning(&text[header.end()..], LONGEST_KEY);
        let body = &rest[..rest.find("-----").unwrap_or_else(|| body(rest))];
        let lines = body.split(|c| !is_of_base64(c)).map(str::len).filter(|length| *length >= SHORTEST_LINE);
        if lines.sum::<usize>() < SHORTEST_KEY {
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

fn is_of_base64(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=')
}

/// Private keys with header and all in base64, as Kubernetes keeps them. Certificates begin in the same way.
fn encoded(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    // `-----BEGIN`, and as much behind it as a header takes.
    const BEGIN: &str = "LS0tLS1CRUdJTi";
    const HEADER: usize = 64;
    let mut from = 0;
    text.match_indices(BEGIN).filter_map(move |(at, _)| {
        if at < from {
            return None;
        }
        let rest = &text[at..];
        from = at + rest.find(|c| !is_of_base64(c)).unwrap_or(rest.len());
        let header = BASE64_STANDARD.decode(rest.get(..HEADER.min(from - at) / 4 * 4)?).ok()?;
        let says = |name: &[u8]| header.windows(name.len()).any(|window| window == name);
        says(b"PRIVATE KEY").then_some(at..from)
    })
}

/// Private keys of PuTTY, <https://the.earth.li/~sgtatham/putty/latest/htmldoc/AppendixC.html>.
fn of_putty(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    static LINES: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new("Private-Lines:[ \\t]{0,8}[0-9]{1,5}[ \\t]{0,8}\\r?\\n")
            .expect("a pattern of ours, which a test compiles")
    });
    LINES.find_iter(text).filter_map(|header| {
        let rest = beginning(&text[header.end()..], LONGEST_KEY);
        // Lines of what it holds, and not the next field: `Private-MAC: …`.
        let is_of_it = |line: &&str| line.len() >= SHORTEST_LINE && line.trim().chars().all(is_of_base64);
        let length: usize = rest.split_inclusive('\n').take_while(is_of_it).map(str::len).sum();
        let length = rest[..length].trim_end().len();
        (length > 0).then_some(header.end()..header.end() + length)
    })
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
        while !text.is_char_boundary(from) {
            from -= 1;
        }
        let near = FORTY.find_iter(beginning(&text[from..], id.end() - from + NEAR));
        near.filter(|found| {
            found.len() == SECRET_KEY && is_base64(found.as_str()) && !is_stand_in(found.as_str())
        })
        .map(move |found| from + found.start()..from + found.end())
    })
}
