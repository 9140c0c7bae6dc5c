//! How values are written: the forms that texts are searched for, what only looks like a value, and which values are too
//! short or too common to be searched for at all.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, BuildError, MatchKind};
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use regex::Regex;

use super::stand_ins::StandIn;
use crate::catalog::configuration::Removable;

/// Forms by which values are found in texts that say nothing of what they hold.
pub(super) struct Patterns {
    /// A mailbox, perhaps as an address of the web writes it.
    pub(super) email: Regex,
    /// A name of a resource.
    pub(super) arn: Regex,
    /// Twelve digits that are said to be an account.
    pub(super) account: Regex,
    /// A channel under a key that says chat.
    pub(super) chat: Regex,
}

pub(super) static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| {
    let regex = |pattern: &str| Regex::new(pattern).expect("a pattern of ours, which a test compiles");
    Patterns {
        email: regex(r"[\p{L}\p{N}_][\p{L}\p{N}._+'-]*(?:@|%40)(?:[\p{L}\p{N}][\p{L}\p{N}-]*\.)+\p{L}\p{L}+"),
        arn: regex(
            r#"arn(?::|%3[Aa])aws[a-z-]*(?:(?::|%3[Aa])[a-z0-9-]*){2}(?::|%3[Aa])[0-9]*(?::|%3[Aa])[^\s"'`<>\\,;(){}|\[\]]+"#,
        ),
        account: regex(r#"(?i)account[a-z_-]*["']?\s*[:=]\s*\[?["']?([0-9]{12})"#),
        chat: regex(
            r#"(?i)(?:slack|chat)[a-z_./-]*["']?[ \t]*:[ \t]*["']?(#[a-z0-9_-]{3,80}|https?://[^\s"',}\]]+)"#,
        ),
    }
});

/// A name of a resource in a text.
pub(super) struct Arn<'t> {
    pub(super) range: Range<usize>,
    pub(super) name: Cow<'t, str>,
    /// Whether it is written as an address of the web writes it.
    pub(super) is_encoded: bool,
}

/// Every name of a resource in `text`. The full stop of a sentence is no part of it.
pub(super) fn arns(text: &str) -> impl Iterator<Item = Arn<'_>> {
    PATTERNS.arn.find_iter(text).map(|found| {
        let written = found.as_str().trim_end_matches(['.', ':', '!', '?', '_']);
        let is_encoded = written.contains('%');
        let name = if is_encoded { percent_decode_str(written).decode_utf8_lossy() } else { written.into() };
        Arn { range: found.start()..found.start() + written.len(), name, is_encoded }
    })
}

/// What an address of the web writes otherwise.
const ENCODED: &AsciiSet =
    &CONTROLS.add(b'@').add(b':').add(b'/').add(b'#').add(b'+').add(b' ').add(b'\'').add(b'%').add(b'"');

/// `value` as an address of the web writes it.
pub(super) fn percent_encoded(value: &str) -> String {
    utf8_percent_encode(value, ENCODED).to_string()
}

/// `value` as HTML writes it.
pub(super) fn html_escaped(value: &str) -> String {
    value
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
        .replace('\'', "&#x27;")
        .replace('/', "&#x2F;")
}

/// Finds values to put their stand-ins in their place: of several at one place the longest.
pub(super) fn rewriter(stand_ins: &[StandIn]) -> Result<AhoCorasick, BuildError> {
    AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .ascii_case_insensitive(true)
        .build(stand_ins.iter().map(|value| &value.written))
}

/// Whether what stands in `range` of `text` is something else that is spelt like a value of `kind`.
pub(super) fn is_elsewhere(kind: Removable, text: &[u8], range: Range<usize>) -> bool {
    let (before, behind) = (&text[..range.start], text.get(range.end));
    let last = before.last();
    match kind {
        // `RUNBOOK.md#checkout` and `](#checkout)` are places on pages, and `#checkout-alerts` is another channel.
        Removable::Chat if text[range.start] == b'#' => {
            last.is_some_and(|byte| byte.is_ascii_alphanumeric() || b"/._-&".contains(byte))
                || before.ends_with(b"](")
                || before.ends_with(b"href=\"")
                || behind.is_some_and(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(byte))
        }
        // `812.40` is no part of `1812.40`.
        Removable::Cost => {
            last.is_some_and(|byte| byte.is_ascii_digit() || b".,".contains(byte))
                || behind.is_some_and(u8::is_ascii_digit)
        }
        _ => false,
    }
}

/// Whether a value is long and odd enough that finding it means that it came through. A channel called `general`, or
/// a budget of 400, stands on pages for other reasons.
pub(super) fn can_be_searched_for(kind: Removable, value: &str) -> bool {
    const SHORTEST: usize = 4;
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    match kind {
        Removable::Email | Removable::AccountNumbers | Removable::Arns => value.len() >= SHORTEST,
        Removable::Chat => value.len() >= SHORTEST && (value.starts_with('#') || value.contains("://")),
        Removable::Cost => digits >= 7 || (digits >= 5 && value.contains('.')),
    }
}
