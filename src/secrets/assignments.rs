//! Where the value of a name stands: behind an equals sign or a colon, in quotes or not, on the line below, in the next
//! cell, element or argument.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::names::{self, Name};
use super::values::{beginning, ending};
use super::{Found, OPENING};

/// What stands between a name and its value.
static BETWEEN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        "^[\"'`*_)\\]]{0,4}(?:\
         (?P<below>:[ \t]*(?:[>|][+-]?)?[ \t]*\r?\n[ \t]+)|\
         (?P<set>[ \t]*(?:=>|:=|==?|:)[*_]{0,3}[ \t]*)|\
         (?P<value>,?\\s*[\"']?(?i:value)[\"']?[ \t]*[:=][ \t]*)|\
         (?P<listed>[ \t]*,[ \t]*)|\
         (?P<cell>[ \t]*\\|[ \t]*)|\
         (?P<element>>)|\
         (?P<argument>[ \t]+))",
    )
    .expect("a pattern of ours, which a test compiles")
});

/// So far behind a name its value may begin, and so far before it what tells of it is looked for, in bytes.
const NEAR: usize = 200;
/// So much of a value is looked at, in bytes.
const LONGEST: usize = 1024;

/// Every credential in `text` that stands under a name.
pub(super) fn find(text: &str) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    for name in names::find(text) {
        // What is a credential as a whole is not looked at again for every name in it.
        if found.last().is_some_and(|last| name.found.start() < last.range.end) {
            continue;
        }
        found.extend(value_of(text, &name));
    }
    found
}

/// The value of `name`, when it is a credential.
fn value_of(text: &str, name: &Name<'_>) -> Option<Found> {
    let before = before(text, name.found.start());
    let behind = name.found.end();
    let between = BETWEEN.captures(beginning(&text[behind..], NEAR))?;
    let has = |which: &str| between.name(which).is_some();
    let start = behind + between.get(0)?.end();
    let sign = between.name("set").map_or("", |set| set.as_str().trim());
    let line = &before.text[before.text.rfind('\n').map_or(0, |at| at + 1)..];
    // `arn:aws:secretsmanager:eu-central-1:111122223333:secret:…` names a secret, `secrets/…` and `$token:` too.
    let is_named = before.behind == Some('/') || sign == ":" && matches!(before.behind, Some(':' | '$'));
    let is_argument = before.name.starts_with('-') || line.contains("login ");
    // A mark says of which kind a credential was; that is no name.
    let is_mark = before.text.ends_with(OPENING)
        || before.text.ends_with('(') && text[name.found.start() - 1..].starts_with(OPENING);
    if is_mark || is_named || has("cell") && !line.contains('|') || has("argument") && !is_argument {
        return None;
    }
    let quote = Quote::of(&text[start..]);
    if has("listed") && quote.is_none() {
        return None;
    }
    let found = match quote {
        Some(quote) => quoted(text, start + quote.0.len(), quote)?,
        None if has("element") => {
            let end = start + beginning(&text[start..], LONGEST).find(['<', '\n'])?;
            text[end..].starts_with("</").then_some(Value { judged: start..end, end, goes_on: false })?
        }
        None => bare(text, start, sign.ends_with('=') && text[..start].ends_with('='))?,
    };
    let Value { judged, end, goes_on } = found;
    let is_rest_of_line =
        || text[end..].trim_start_matches([' ', '\t', '\r']).starts_with('\n') || end == text.len();
    if has("below") && !is_rest_of_line() {
        return None;
    }
    let value = &text[judged.clone()];
    let kind = (!value.contains(OPENING)).then(|| name.credential(value)).flatten()?;
    let more = if goes_on { text[end..].find(is_outside).unwrap_or(text.len() - end) } else { 0 };
    Some(Found { range: judged.start..end + more, kind })
}

/// Whether `c` ends a value without quotes, whatever it is.
fn is_outside(c: char) -> bool {
    c.is_whitespace() || c.is_control() || matches!(c, '"' | '\'' | '`' | '<')
}

/// What stands before a name.
struct Before<'a> {
    /// As far as it is looked at.
    text: &'a str,
    /// The first part of the name: `--db-` of `--db-password`.
    name: &'a str,
    /// The character before that.
    behind: Option<char>,
}

fn before(text: &str, at: usize) -> Before<'_> {
    let text = ending(&text[..at], NEAR);
    let name = text.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
    Before { text: name, name: &text[name.len()..], behind: name.chars().next_back() }
}

/// What opens a value and closes it again.
#[derive(Clone, Copy)]
struct Quote(&'static str);

impl Quote {
    fn of(text: &str) -> Option<Self> {
        ["\"\"\"", "'''", "\"", "'", "`"].into_iter().find(|quote| text.starts_with(quote)).map(Self)
    }
}

/// A value in a text.
struct Value {
    /// What is judged of it, to its first blank.
    judged: Range<usize>,
    /// Where it ends.
    end: usize,
    /// Whether it is longer than what is looked at.
    goes_on: bool,
}

/// The value that begins at `start` and ends at its `quote`.
fn quoted(text: &str, start: usize, quote: Quote) -> Option<Value> {
    let near = beginning(&text[start..], LONGEST);
    let close = near.match_indices(quote.0).map(|(at, _)| at).find(|at| !near[..*at].ends_with('\\'));
    let is_of_one_line = |close: &usize| quote.0.len() > 1 || !near[..*close].contains('\n');
    let Some(close) = close.filter(is_of_one_line) else { return bare(text, start, false) };
    let inner = &near[..close];
    let lead = inner.len() - inner.trim_start().len();
    let length = inner[lead..].find(char::is_whitespace).unwrap_or(inner.len() - lead);
    let judged = start + lead..start + lead + length;
    Some(Value { judged, end: start + lead + inner.trim().len(), goes_on: false })
}

/// The value that begins at `start` without quotes: it ends at a blank, at a quote, or, when it `is_set` in a list of
/// settings such as a query, where the next of these begins.
fn bare(text: &str, start: usize, is_set: bool) -> Option<Value> {
    let near = beginning(&text[start..], LONGEST);
    let ends = |(at, c): &(usize, char)| {
        is_outside(*c)
            || *c == '\\' && near[at + 1..].starts_with(['n', 'r', 't', '\\', '\n', '"', '\'', '`'])
            || is_set && matches!(c, ';' | '&' | ',' | '?') && is_setting(&near[at + 1..])
    };
    let length = near.char_indices().find(ends).map_or(near.len(), |(at, _)| at);
    let value = &near[..length];
    if value.starts_with(['#', '&', '[', '{', '<', '|', '>', '(']) || is_call(value) {
        return None;
    }
    let trimmed = value.trim_end_matches(['.', ',', ';', ':', ')', ']', '}', '>', '*', '|']);
    let judged = start..start + trimmed.len();
    Some(Value { end: judged.end, judged, goes_on: length == near.len() && start + length < text.len() })
}

/// Whether the next setting of a list begins `text`: `Database=quote`.
fn is_setting(text: &str) -> bool {
    const LONGEST_NAME: usize = 40;
    let name = text.trim_start_matches(' ').as_bytes();
    let length = name
        .iter()
        .take(LONGEST_NAME)
        .take_while(|byte| byte.is_ascii_alphanumeric() || b" _.-".contains(byte))
        .count();
    length > 0 && name[0].is_ascii_alphabetic() && name.get(length) == Some(&b'=')
}

/// Whether `value` is what a program works out: `get_token_v2(client1)`, `environ[`.
fn is_call(value: &str) -> bool {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | ':' | '@' | '$');
    let rest = value.trim_start_matches(is_name);
    rest.len() < value.len()
        && rest.starts_with(['(', '[', '{'])
        && value.ends_with(['(', ')', '[', ']', '{', '}', ',', ';'])
}
