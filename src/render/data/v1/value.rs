//! Values that many documents hold: origins, shares, and what authors wrote.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Number, Value};

use crate::assess::outcome;
use crate::catalog::Catalog;
use crate::catalog::files::FileEntry;
use crate::catalog::foreign::Format;
use crate::catalog::origin as inside;
use crate::catalog::record::{Fields, View};
use crate::day::Day;

/// Where a value came from. Which fields there are depends on `kind`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Origin<'a> {
    /// The account that was asked (`aws`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<&'a str>,
    /// When it was asked (`aws`, `github`), or until when it was told (`cost`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collected_at: Option<String>,
    /// Column in characters, from 1 (`file`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
    /// Commit of the repository, when it is kept in git (`file`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<&'a str>,
    /// The other tool whose descriptor says so: `backstage`, `datadog` … (`file`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<&'static str>,
    /// `file`, `aws`, `github`, `cost`, `fact` or `default`.
    pub kind: &'static str,
    /// Line, from 1 (`file`, `fact`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// When it was so (`fact`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed_at: Option<String>,
    /// What was called (`aws`), or what was asked: `builds` or `deployments` (`github`), `costs` (`cost`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<&'static str>,
    /// Path in the repository (`file`, `fact`); absent when the repository itself says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<&'a str>,
    /// The month that was billed (`cost`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<&'a str>,
    /// The region that was asked (`aws`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<&'a str>,
    /// The repository (`file`, `fact`, `github`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repository: Option<&'a str>,
    /// Who says so (`fact`, `cost`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<&'a str>,
}

impl<'a> Origin<'a> {
    /// Looks `origin` up in `catalog`.
    pub fn of(catalog: &'a Catalog, origin: inside::Origin) -> Self {
        match origin {
            inside::Origin::File { file, mark } => {
                let format = catalog.files.format(origin).map(Format::word);
                let (line, column) = (Some(mark.line), Some(mark.column));
                Self { line, column, format, ..Self::file(&catalog.files[file]) }
            }
            inside::Origin::Document(file) | inside::Origin::History(file) => {
                Self::file(&catalog.files[file])
            }
            inside::Origin::Repository(file) => Self { path: None, ..Self::file(&catalog.files[file]) },
            inside::Origin::TagListing(listing) => Self::listing(catalog, listing),
            inside::Origin::Resource(resource) => {
                let resource = catalog.resources.get(resource as usize);
                resource.map_or_else(Self::unknown, |resource| Self::listing(catalog, resource.listing))
            }
            inside::Origin::Activity(activity) => {
                let activity = catalog.activities.get(activity as usize);
                activity.map_or_else(Self::unknown, |activity| Self {
                    kind: "github",
                    collected_at: Some(activity.collected_at.to_string()),
                    operation: Some(activity.kind.word()),
                    repository: Some(&activity.repository),
                    ..Self::default()
                })
            }
            inside::Origin::Cost(month) => {
                let month = catalog.costs.get(month as usize);
                month.map_or_else(Self::unknown, |month| Self {
                    kind: "cost",
                    collected_at: Some(month.until.to_string()),
                    operation: Some("costs"),
                    period: Some(&month.month),
                    source: month.sources.first().map(|source| &**source),
                    ..Self::default()
                })
            }
            inside::Origin::Fact(fact) => {
                let Some(fact) = catalog.facts.get(fact as usize) else { return Self::unknown() };
                Self {
                    kind: "fact",
                    observed_at: Some(fact.observed_at.to_string()),
                    source: Some(&fact.source),
                    column: None,
                    ..Self::of(catalog, fact.origin)
                }
            }
            inside::Origin::Default => Self::unknown(),
        }
    }

    fn unknown() -> Self {
        Self { kind: "default", ..Self::default() }
    }

    fn file(file: &'a FileEntry) -> Self {
        Self {
            kind: "file",
            commit: file.commit.as_deref(),
            path: Some(&file.path),
            repository: Some(&file.repository),
            ..Self::default()
        }
    }

    fn listing(catalog: &'a Catalog, listing: u32) -> Self {
        let Some(listing) = catalog.tag_listings.get(listing as usize) else { return Self::unknown() };
        Self {
            account: Some(&listing.account),
            collected_at: Some(listing.collected_at.to_string()),
            kind: "aws",
            operation: Some(match listing.is_reported {
                true => "tagging:StartReportCreation",
                false => "tagging:GetResources",
            }),
            region: Some(&listing.region),
            ..Self::default()
        }
    }
}

/// A share of something, exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Share {
    /// How much of it.
    pub part: u64,
    /// Whole percent, rounded down.
    pub percent: u64,
    /// Of how much; never 0.
    pub whole: u64,
}

impl From<outcome::Share> for Share {
    fn from(share: outcome::Share) -> Self {
        Self { part: share.part, percent: share.percent(), whole: share.whole }
    }
}

/// The three shares of a scorecard, by weight. `null` means "not measured".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Scores {
    /// How much of it could be judged at all.
    pub known: Option<Share>,
    /// Without exceptions.
    pub raw: Option<Share>,
    /// With what is waived left out.
    pub with_exceptions: Option<Share>,
}

impl From<outcome::Score> for Scores {
    fn from(score: outcome::Score) -> Self {
        Self {
            known: score.known().map(Share::from),
            raw: score.raw().map(Share::from),
            with_exceptions: score.with_exceptions().map(Share::from),
        }
    }
}

/// How many by outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Counts {
    /// What fails.
    pub fail: u64,
    /// What does not apply.
    #[serde(rename = "n/a")]
    pub not_applicable: u64,
    /// What passes.
    pub pass: u64,
    /// What is not known.
    pub unknown: u64,
    /// What fails and is waived.
    pub waived: u64,
}

impl From<outcome::Score> for Counts {
    fn from(score: outcome::Score) -> Self {
        let outcome::Score { pass, fail, waived, unknown, not_applicable } = score;
        Self { fail, not_applicable, pass, unknown, waived }
    }
}

/// A declared value with its origin.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Field<'a> {
    /// Where it came from.
    pub origin: Origin<'a>,
    /// Set when it is there and cannot be read; then the value is `null`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unreadable: bool,
    /// As written, normalised: text, number, boolean, list or mapping.
    pub value: Value,
}

/// Every declared field of `record` by its path, such as `slo.availability`.
pub(super) fn fields<'a>(catalog: &'a Catalog, record: &dyn Fields) -> BTreeMap<String, Field<'a>> {
    let mut found = BTreeMap::new();
    collect(catalog, record, "", &mut found);
    found
}

fn collect<'a>(
    catalog: &'a Catalog,
    record: &dyn Fields,
    before: &str,
    found: &mut BTreeMap<String, Field<'a>>,
) {
    for field in record.shape().fields {
        if let Some(view) = record.field(field.key) {
            collect_view(catalog, view, format!("{before}{}", field.key), found);
        }
    }
}

fn collect_view<'a>(
    catalog: &'a Catalog,
    view: View<'_>,
    path: String,
    found: &mut BTreeMap<String, Field<'a>>,
) {
    match view {
        View::Record(record, _) => collect(catalog, record, &format!("{path}."), found),
        View::Named(entries, _) => {
            for (name, view) in entries {
                collect_view(catalog, view, format!("{path}.{name}"), found);
            }
        }
        view => {
            let (origin, unreadable) = match &view {
                View::Unreadable(origin) => (*origin, true),
                View::Text(_, origin)
                | View::Number(_, origin)
                | View::Bool(_, origin)
                | View::Day(_, origin)
                | View::Length(_, origin)
                | View::Declaration(_, origin)
                | View::List(_, origin) => (*origin, false),
                View::Absent | View::Unknown(_) | View::Record(..) | View::Named(..) => return,
            };
            found.insert(path, Field { origin: Origin::of(catalog, origin), unreadable, value: value(view) });
        }
    }
}

/// What a rule sees, as JSON.
fn value(view: View<'_>) -> Value {
    match view {
        View::Absent | View::Unreadable(_) | View::Unknown(_) => Value::Null,
        View::Text(text, _) => Value::String(text.into_owned()),
        View::Number(value, _) => number(value),
        View::Bool(value, _) => Value::Bool(value),
        View::Day(day, _) => Value::String(day.to_string()),
        View::Length(length, _) => Value::String(length.to_string()),
        View::Declaration(declaration, _) => match (&declaration.text, declaration.declared) {
            (Some(text), true) => Value::String(text.to_string()),
            (_, declared) => Value::Bool(declared),
        },
        View::List(items, _) => Value::Array(items.into_iter().map(value).collect()),
        View::Record(record, _) => {
            let fields = record.shape().fields.iter();
            let declared =
                fields.filter_map(|field| Some((field.key.to_owned(), value(record.field(field.key)?))));
            mapping(declared.filter(|(_, value)| !value.is_null()))
        }
        View::Named(entries, _) => {
            mapping(entries.into_iter().map(|(name, view)| (name.to_owned(), value(view))))
        }
    }
}

fn mapping(entries: impl Iterator<Item = (String, Value)>) -> Value {
    let sorted: BTreeMap<String, Value> = entries.collect();
    Value::Object(sorted.into_iter().collect::<Map<_, _>>())
}

/// A number without a needless fraction.
pub(super) fn number(value: f64) -> Value {
    #[expect(clippy::cast_possible_truncation, reason = "whole and small enough to be exact")]
    if value.fract() == 0.0 && value.abs() < 9e15 {
        return Value::from(value as i64);
    }
    Number::from_f64(value).map_or(Value::Null, Value::Number)
}

/// A day, as every document writes it.
pub(super) fn day(day: Day) -> String {
    day.to_string()
}
