//! Identifiers with their grammar. An id that breaks it is an error at its place, never a guess.

use std::fmt;
use std::sync::Arc;

use super::meant::{self, Meant};
use super::origin::Origin;
use super::reader::Reader;
use super::record::{Readable, Shape, View};
use super::scalar::{report_meant, scalar, warn_if_misread};
use super::yaml::Node;
use crate::diagnostic::{Applicability, Diagnostic, codes};

/// Longest identifier: one label of a host name, so that an id always fits a path and a tag.
pub const LONGEST: usize = 63;

/// Whether `text` is a slug: lower-case letters, digits, and single inner `-`, `.` or `_`.
pub fn is_slug(text: &str) -> bool {
    let inner = |byte: u8| matches!(byte, b'-' | b'.' | b'_');
    let bytes = text.as_bytes();
    !bytes.is_empty()
        && bytes.len() <= LONGEST
        && bytes.iter().all(|&byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || inner(byte))
        && !inner(bytes[0])
        && !inner(bytes[bytes.len() - 1])
        && !bytes.windows(2).any(|pair| inner(pair[0]) && inner(pair[1]))
}

/// The slug nearest to `text`; `None` when nothing of it can stay.
pub fn slug(text: &str) -> Option<String> {
    let mut slug = String::new();
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(LONGEST);
    let slug = slug.trim_end_matches('-');
    (!slug.is_empty()).then(|| slug.to_owned())
}

/// [`is_slug`] as a pattern, but for the length.
const SLUG: &str = "^[a-z0-9]+([-._][a-z0-9]+)*$";

/// [`is_exception`] as a pattern.
const EXCEPTION: &str = "^EX-[0-9]{4}-[0-9]{1,8}$";

/// Defines an identifier as a type of its own.
macro_rules! id {
    ($(
        $(#[doc = $doc:literal])*
        $name:ident called $title:literal like $example:literal, $valid:expr, $pattern:expr;
    )*) => { $(
        $(#[doc = $doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// What messages call it.
            pub const TITLE: &'static str = $title;

            /// Takes `text` if it obeys the grammar.
            pub fn new(text: &str) -> Option<Self> {
                let valid: fn(&str) -> bool = $valid;
                valid(text).then(|| Self(text.into()))
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl Readable for $name {
            const SHAPE: Shape = Shape::Text;

            fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
                let scalar = scalar(node, $title, reader)?;
                let id = Self::new(&scalar.text);
                match id {
                    Some(_) => warn_if_misread(node, scalar, reader),
                    None => report(node, &scalar.text, $title, reader),
                }
                id
            }

            fn view(&self, origin: Origin) -> View<'_> {
                View::Text(self.as_str().into(), origin)
            }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({
                    "description": concat!($($doc),*).trim_start(),
                    "type": "string",
                    "pattern": $pattern,
                    "maxLength": LONGEST,
                    "examples": [$example]
                })
            }
        }
    )* };
}

id! {
    /// Names a service for ever.
    ServiceId called "a service id" like "parcel-quote", is_slug, SLUG;
    /// Names a team.
    TeamId called "a team id" like "checkout", is_slug, SLUG;
    /// Names a golden path.
    GoldenPathId called "a golden path id" like "http-service", is_slug, SLUG;
    /// Names a scorecard.
    ScorecardId called "a scorecard id" like "operational-readiness", is_slug, SLUG;
    /// Names a rule, in all scorecards together.
    RuleId called "a rule id" like "recovery-time-promised", is_slug, SLUG;
    /// Names a level of a scorecard.
    LevelId called "a level id" like "basic", is_slug, SLUG;
    /// Names a control.
    ControlId called "a control id" like "encryption-at-rest", is_slug, SLUG;
    /// Names a product.
    ProductId called "a product id" like "parcels", is_slug, SLUG;
    /// Names a business capability.
    CapabilityId called "a capability id" like "order-intake", is_slug, SLUG;
    /// Names an environment.
    EnvironmentId called "an environment id" like "prod", is_slug, SLUG;
    /// Names a metric.
    MetricId called "a metric id" like "deployment-frequency", is_slug, SLUG;
    /// Names an exception, such as `EX-2026-0017`.
    ExceptionId called "an exception id" like "EX-2026-0017", is_exception, EXCEPTION;
}

fn is_exception(text: &str) -> bool {
    let mut parts = text.split('-');
    parts.next() == Some("EX")
        && parts.next().is_some_and(|year| year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()))
        && parts.next().is_some_and(|number| {
            (1..=8).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit())
        })
        && parts.next().is_none()
}

fn report(node: &Node, text: &str, title: &str, reader: &mut Reader<'_>) {
    let place = reader.source.place(node.mark, node.length);
    let mut diagnostic = Diagnostic::new(&codes::INVALID_ID, format!("`{text}` is not {title}")).at(place);
    diagnostic = match slug(text).filter(|_| title != ExceptionId::TITLE) {
        Some(slug) => diagnostic.help(format!("write `{slug}`")).replace_with(slug, Applicability::Unsure),
        None if title == ExceptionId::TITLE => {
            diagnostic.help("write `EX-`, the year, `-` and a number: `EX-2026-0017`")
        }
        None => diagnostic.help("use lower-case letters, digits and `-`"),
    };
    reader.diagnostics.push(diagnostic);
}

/// A version of a golden path as a service names it: `http-service@3`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GoldenPathReference {
    /// The path.
    pub path: GoldenPathId,
    /// The version, as written after the `@`.
    pub version: Option<Box<str>>,
}

impl fmt::Display for GoldenPathReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.version {
            Some(version) => write!(f, "{}@{version}", self.path),
            None => self.path.fmt(f),
        }
    }
}

/// Twelve digits that name an AWS account.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId(Arc<str>);

impl AccountId {
    /// Takes `text` if it is twelve digits.
    pub fn new(text: &str) -> Option<Self> {
        (text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| Self(text.into()))
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for AccountId {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Readable for AccountId {
    const SHAPE: Shape = Shape::Text;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let scalar = scalar(node, "an account id", reader)?;
        let id = Self::new(&scalar.text);
        let place = reader.source.place(node.mark, node.length);
        if id.is_some() && !scalar.quoted && scalar.text.starts_with('0') {
            let quoted = format!("\"{}\"", scalar.text);
            reader.diagnostics.push(
                Diagnostic::new(
                    &codes::UNQUOTED_ACCOUNT,
                    format!(
                        "account id `{}` is not quoted, so other tools lose its leading zero",
                        scalar.text
                    ),
                )
                .at(place)
                .help(format!("write `{quoted}`"))
                .replace_with(quoted, Applicability::Safe),
            );
            return None;
        }
        if id.is_none() {
            report_meant(
                node,
                &codes::INVALID_ACCOUNT,
                format!("`{}` is not an account id", scalar.text),
                "write its twelve digits in quotes: `\"012345678901\"`",
                meant::account(&scalar.text)
                    .map(|meant| Meant { text: format!("\"{}\"", meant.text), ..meant }),
                reader,
            );
        }
        id
    }

    fn view(&self, origin: Origin) -> View<'_> {
        View::Text(self.as_str().into(), origin)
    }
}

impl schemars::JsonSchema for AccountId {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "AccountId".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "The twelve digits of an AWS account, in quotes.",
            "type": "string",
            "pattern": "^[0-9]{12}$",
            "examples": ["012345678901"]
        })
    }
}

impl Readable for GoldenPathReference {
    const SHAPE: Shape = Shape::Text;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let scalar = scalar(node, "a golden path", reader)?;
        let (path, version) = match scalar.text.split_once('@') {
            Some((path, version)) => (path, Some(version.trim())),
            None => (&*scalar.text, None),
        };
        let reference = GoldenPathId::new(path.trim())
            .filter(|_| version.is_none_or(|version| !version.is_empty()))
            .map(|path| Self { path, version: version.map(Box::from) });
        if reference.is_none() {
            reader.report(
                node,
                &codes::INVALID_ID,
                format!("`{}` does not name a golden path", scalar.text),
                "write its id and version: `http-service@3`",
            );
        }
        reference
    }

    fn view(&self, origin: Origin) -> View<'_> {
        View::Text(self.to_string().into(), origin)
    }
}

impl schemars::JsonSchema for GoldenPathReference {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "GoldenPathReference".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "The id of a golden path, and after `@` its version.",
            "type": "string",
            "pattern": "^[^@]+(@.+)?$",
            "examples": ["http-service@3"]
        })
    }
}
