//! Credentials behind the name of a user: in addresses (RFC 3986, 3.2.1), where a token may stand in its place, and in
//! commands.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::OPENING;
use super::names::{LEAST_OF_A_PASSWORD, SHORTEST_TOKEN};
use super::values::{beginning, ending, is_base64, is_hexadecimal, is_random, is_stand_in};

/// So much of an address is looked at for the name of its user, and so much behind that.
const LONGEST: usize = 256;
/// Shortest password.
const SHORTEST: usize = 3;
/// Shortest token that stands in the place of a user.
const SHORTEST_USER: usize = 20;

/// Every password, and every token in the place of a user, in the addresses of `text`.
pub(super) fn passwords(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    const SCHEME: &str = "://";
    text.match_indices(SCHEME).filter_map(move |(at, _)| {
        let start = at + SCHEME.len();
        let rest = beginning(&text[start..], LONGEST);
        let ends = |c: char| {
            c.is_whitespace() || matches!(c, '/' | '?' | '#' | '@' | ':' | '\'' | '"' | '`' | '<' | '>')
        };
        let length = rest.find(ends)?;
        let user = &rest[..length];
        if rest[length..].starts_with('@') {
            let is_token = is_base64(user) || user.len() >= 2 * SHORTEST_USER && is_hexadecimal(user);
            return (user.len() >= SHORTEST_USER && is_token && !is_shown(user))
                .then_some(start..start + length);
        }
        // `https://(secret-removed:…)@host` is clean.
        if rest.starts_with(OPENING) {
            return None;
        }
        let start = start + length + 1;
        let length = rest[length..].strip_prefix(':').and_then(|_| password(&text[start..]))?;
        (!is_shown(&text[start..start + length])).then_some(start..start + length)
    })
}

/// Every password that `curl` is given for a user, <https://curl.se/docs/manpage.html#-u>.
pub(super) fn for_curl(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    static USER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new("[ \\t](?:-u|--user)[ =]?[\"']?[A-Za-z0-9_.@+-]{1,64}:([!#%&(-;=?-_a-~]{6,})")
            .expect("a pattern of ours, which a test compiles")
    });
    USER.captures_iter(text).filter_map(move |captures| {
        let (all, password) = (captures.get(0)?, captures.get(1)?);
        let line = ending(&text[..all.start()], LONGEST);
        let line = &line[line.rfind('\n').map_or(0, |at| at + 1)..];
        (line.contains("curl")
            && is_random(password.as_str(), LEAST_OF_A_PASSWORD)
            && !is_shown(password.as_str()))
        .then(|| password.range())
    })
}

/// The length of the password that `text`, what stands behind the name of the user, begins with.
fn password(text: &str) -> Option<usize> {
    let is_outside = |c: char| c.is_whitespace() || matches!(c, '\'' | '"' | '`' | '<' | '>');
    let rest = beginning(text, LONGEST);
    let rest = &rest[..rest.find(is_outside).unwrap_or(rest.len())];
    let is_host = |at: &usize| rest[at + 1..].starts_with(|c: char| c.is_ascii_alphanumeric());
    let authority = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
    let last = authority.rmatch_indices('@').map(|(at, _)| at).find(is_host);
    // People write a slash as it is. Behind a number, which is a port, it begins a path.
    let is_port = authority.bytes().all(|byte| byte.is_ascii_digit());
    let next = || rest.match_indices('@').map(|(at, _)| at).find(is_host).filter(|_| !is_port);
    last.or_else(next).filter(|length| *length >= SHORTEST)
}

/// Whether an example shows so where a password goes: `https://user:password@example.com`, `https://user:${PASSWORD}@…`.
fn is_shown(text: &str) -> bool {
    const NAMES: [&str; 8] = ["pass", "passwd", "password", "pwd", "secret", "token", "key", "user"];
    let lower = text.to_ascii_lowercase();
    let is_name =
        |name: &&str| lower == **name || lower.strip_prefix("my").is_some_and(|rest| rest.ends_with(*name));
    let is_named_so =
        text.bytes().all(|byte| matches!(byte, b'*' | b'.' | b'x' | b'X')) || NAMES.iter().any(is_name);
    text.len() < SHORTEST_TOKEN && is_named_so
        || text.starts_with(['$', '{', '(', '['])
        || ["${", "$(", "{{"].iter().any(|expression| text.contains(expression))
        || is_stand_in(text)
        || text.contains(OPENING)
}
