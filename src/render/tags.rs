//! The tags that a service's record asks of its resources, written for the tools that set them. A value that
//! the record does not give is a comment that says where to give it, never a guess.

mod cdk;
mod cloudformation;
mod policy;
mod terraform;

use std::borrow::Cow;
use std::fmt;
use std::sync::LazyLock;

use regex::Regex;

use super::origin::Provenance;
use crate::assess::tags::{Expectations, ExpectedTag};
use crate::catalog::origin::Origin;
use crate::catalog::{Catalog, Service};
use crate::day::Day;
use crate::diagnostic::text::harmless;
use crate::words;

pub use policy::TagPolicyDocument;

/// A tool that sets tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    /// A `default_tags` block of the AWS provider.
    Terraform,
    /// A `Tags` list in YAML.
    CloudFormation,
    /// TypeScript of the CDK.
    Cdk,
}

/// The tags of one service, in the order of the policy.
#[derive(Debug)]
pub struct Tags<'a> {
    /// Whose they are, in a line.
    title: String,
    tags: Vec<Tag<'a>>,
}

#[derive(Debug)]
struct Tag<'a> {
    key: &'a str,
    value: Result<Cow<'a, str>, Gap<'a>>,
}

/// Why a tag has no value that can be written.
#[derive(Debug, PartialEq, Eq)]
pub struct Gap<'a> {
    key: &'a str,
    why: Why<'a>,
}

#[derive(Debug, PartialEq, Eq)]
enum Why<'a> {
    /// The record does not say.
    NotGiven {
        /// The field that would.
        from: Option<&'a str>,
        /// Where it is missing.
        place: String,
        /// What policy allows.
        allowed: Vec<Cow<'a, str>>,
    },
    /// The record gives several; each is right somewhere.
    Choice(Vec<Cow<'a, str>>),
    /// AWS would refuse it.
    Refused(Refusal<'a>),
}

/// What AWS does not accept in a tag.
#[derive(Debug, PartialEq, Eq)]
enum Refusal<'a> {
    /// Longer than so many characters.
    Long(usize),
    /// A character that is not for tags.
    Character(Cow<'a, str>, char),
    /// A key that begins with `aws:`.
    Reserved,
    /// A key without a character.
    Empty,
}

/// Most characters of a key, and of a value.
const LONGEST: (usize, usize) = (128, 256);

/// What the tagging API takes; a single service may take more, or less.
static ACCEPTED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^[\p{L}\p{Z}\p{N}_.:/=+\-@]$").expect("the pattern is sound"));

/// Values named at most in one comment.
const NAMED: usize = 12;

impl<'a> Tags<'a> {
    /// The tags of `service`, for the resources of `environment` when one is named.
    pub fn of(catalog: &'a Catalog, service: &'a Service, today: Day, environment: Option<&'a str>) -> Self {
        let expectations = Expectations::of(catalog, service, today);
        let tag = |expected: &ExpectedTag<'a>| Tag {
            key: expected.key,
            value: value(catalog, service, expected, environment),
        };
        let place = place(catalog, service.origin);
        let title = format!("The tags of {}, as its record says: {}", service.id, harmless(&place));
        Self { title, tags: expectations.tags().iter().map(tag).collect() }
    }

    /// The text for `tool`.
    pub fn write(&self, tool: Tool) -> String {
        match tool {
            Tool::Terraform => terraform::write(self),
            Tool::CloudFormation => cloudformation::write(self),
            Tool::Cdk => cdk::write(self),
        }
    }

    /// What has no value that can be written, and why.
    pub fn gaps(&self) -> impl Iterator<Item = &Gap<'a>> {
        self.tags.iter().filter_map(|tag| tag.value.as_ref().err())
    }

    fn values(&self) -> impl Iterator<Item = (&'a str, &str)> {
        self.tags.iter().filter_map(|tag| Some((tag.key, &**tag.value.as_ref().ok()?)))
    }
}

impl Gap<'_> {
    /// Whether the record, or the policy, has what AWS would refuse.
    pub fn is_refused(&self) -> bool {
        matches!(self.why, Why::Refused(_))
    }
}

fn value<'a>(
    catalog: &Catalog,
    service: &Service,
    expected: &ExpectedTag<'a>,
    environment: Option<&'a str>,
) -> Result<Cow<'a, str>, Gap<'a>> {
    let gap = |why| Gap { key: expected.key, why };
    if let Some(refusal) = refused_key(expected.key) {
        return Err(gap(Why::Refused(refusal)));
    }
    let chosen = environment.filter(|_| expected.is_environment()).map(Cow::Borrowed);
    let mut values: Vec<_> = chosen.map_or_else(|| expected.values.clone(), |chosen| vec![chosen]);
    values.retain(|value| !value.trim().is_empty());
    match values.as_slice() {
        [one] => match refused(one) {
            Some(refusal) => Err(gap(Why::Refused(refusal.kept()))),
            None => Ok(one.clone()),
        },
        [_, ..] if expected.declared => Err(gap(Why::Choice(values))),
        _ => {
            let from = expected.tag.from.value().map(|from| &**from);
            let policy = expected.tag.key.sourced().map_or(Origin::Default, |key| key.origin);
            let origin = if from.is_some() { service.origin } else { policy };
            let place = place(catalog, origin);
            Err(gap(Why::NotGiven { from, place, allowed: values }))
        }
    }
}

/// The file, without line and revision: what is generated stays as it is while the file moves on.
fn place(catalog: &Catalog, origin: Origin) -> String {
    match origin {
        Origin::File { file, .. } => {
            let file = &catalog.files[file];
            format!("{} · {}", file.repository, file.path)
        }
        _ => Provenance::new(catalog, origin).full,
    }
}

/// What AWS does not accept in `value`.
fn refused(value: &str) -> Option<Refusal<'_>> {
    check(value, LONGEST.1)
}

fn refused_key(key: &str) -> Option<Refusal<'_>> {
    let reserved = key.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("aws:"));
    match key {
        "" => Some(Refusal::Empty),
        _ if reserved => Some(Refusal::Reserved),
        _ => check(key, LONGEST.0),
    }
}

fn check(text: &str, longest: usize) -> Option<Refusal<'_>> {
    let mut buffer = [0; 4];
    let wrong = text.chars().find(|c| !ACCEPTED.is_match(c.encode_utf8(&mut buffer)));
    match wrong {
        Some(wrong) => Some(Refusal::Character(text.into(), wrong)),
        None => (text.chars().count() > longest).then_some(Refusal::Long(longest)),
    }
}

impl Refusal<'_> {
    /// The same, of a text that does not outlive it.
    fn kept(self) -> Refusal<'static> {
        match self {
            Self::Long(most) => Refusal::Long(most),
            Self::Character(text, wrong) => Refusal::Character(text.into_owned().into(), wrong),
            Self::Reserved => Refusal::Reserved,
            Self::Empty => Refusal::Empty,
        }
    }
}

impl fmt::Display for Gap<'_> {
    /// One line in which nothing of anybody's is more than text.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = harmless(self.key);
        match &self.why {
            Why::NotGiven { from: Some(from), place, allowed } => {
                write!(f, "{key} is missing: give `{}` in {}", harmless(from), harmless(place))?;
                match allowed.as_slice() {
                    [] => Ok(()),
                    allowed => write!(f, ", as {}", named(allowed)),
                }
            }
            Why::NotGiven { from: None, place, .. } => {
                write!(f, "{key} is missing: fill it in; {} names no field that gives it", harmless(place))
            }
            Why::Choice(values) => {
                write!(f, "{key} is missing: fill in what is right here, {}", named(values))
            }
            Why::Refused(refusal) => write!(f, "{key} is left out: {refusal}"),
        }
    }
}

impl fmt::Display for Refusal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Long(most) => write!(f, "AWS takes no more than {most} characters"),
            Self::Character(text, wrong) => {
                let shown: String = text.chars().take(LONGEST.1).collect();
                let wrong = wrong.escape_default();
                write!(f, "AWS takes letters, digits, spaces and _ . : / = + - @, and no {wrong} as in ")?;
                write!(f, "`{}`", harmless(&shown))
            }
            Self::Reserved => f.write_str("AWS keeps keys that begin with aws: for itself"),
            Self::Empty => f.write_str("a key needs a character"),
        }
    }
}

/// `` `a`, `b` or `c` ``, each cut to what a tag can hold.
fn named(values: &[Cow<'_, str>]) -> String {
    let cut = |value: &Cow<'_, str>| value.chars().take(LONGEST.1).collect::<String>();
    let shown: Vec<String> = values.iter().take(NAMED + 1).map(cut).collect();
    let text = match shown.get(NAMED) {
        None => words::alternatives(&shown),
        Some(_) => format!("{} or another of {}", words::alternatives(&shown[..NAMED]), values.len()),
    };
    harmless(&text).into_owned()
}

/// Adds `text` between double quotes, as JSON, YAML, TypeScript and HCL all read it; what cannot be seen, and
/// what ends a line in any of them, is written by its number.
fn push_quoted(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{ad}'
            | '\u{61c}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fffe}'
            | '\u{ffff}' => push_number(out, c),
            _ if c.is_control() => push_number(out, c),
            _ => out.push(c),
        }
    }
    out.push('"');
}

fn push_number(out: &mut String, c: char) {
    out.push_str(&format!("\\u{:04x}", u32::from(c)));
}

#[cfg(test)]
mod tests;
