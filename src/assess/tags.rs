//! Tags: verdicts on the required tags of a service's resources, with the value that the service record
//! expects (semantics §4).

use std::borrow::Cow;

use super::{TagCounts, TagVerdicts};
use crate::catalog::policy::{RequiredTag, TagExemption, TagPolicy};
use crate::catalog::record::{Fields, View};
use crate::catalog::resource::Resource;
use crate::catalog::{Catalog, Service};
use crate::day::Day;

/// What is said of one required key on one resource.
#[derive(Clone, Debug, PartialEq)]
pub enum TagVerdict<'a> {
    /// Right.
    Ok,
    /// Not there.
    Missing,
    /// The key, or its value, is there in another case.
    WrongCase {
        /// What is there: `service` or `Internal`.
        found: &'a str,
        /// What should be there.
        expected: &'a str,
    },
    /// There with another value.
    WrongValue {
        /// The value that is there.
        found: &'a str,
        /// Values that would be right; empty when any would be that is not empty and names what the catalog has.
        expected: &'a [Cow<'a, str>],
    },
    /// It names a service or a team that nothing describes; where nobody could look, one may be described. Or tags were
    /// not told.
    Unknown {
        /// The value that is there, when it was told.
        found: Option<&'a str>,
    },
    /// Not judged, by policy.
    Exempt(&'a TagExemption),
}

impl TagVerdict<'_> {
    /// The word for it.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Missing => "missing",
            Self::WrongCase { .. } => "wrong-case",
            Self::WrongValue { .. } => "wrong-value",
            Self::Unknown { .. } => "unknown",
            Self::Exempt(_) => "exempt",
        }
    }

    /// Whether somebody has to do something.
    pub const fn is_wrong(&self) -> bool {
        !matches!(self, Self::Ok | Self::Unknown { .. } | Self::Exempt(_))
    }
}

/// The required keys with the values that one service expects: made once, used for all its resources.
#[derive(Debug)]
pub struct Expectations<'a> {
    catalog: &'a Catalog,
    /// Whether a service that nothing describes does not exist.
    is_whole: bool,
    policy: &'a TagPolicy,
    keys: Vec<ExpectedTag<'a>>,
    today: Day,
}

/// A required key with the values that are right for one service.
#[derive(Debug)]
pub struct ExpectedTag<'a> {
    /// The key.
    pub key: &'a str,
    /// What policy says of it.
    pub tag: &'a RequiredTag,
    /// The values that would be right; without any, every value would be.
    pub values: Vec<Cow<'a, str>>,
    /// Whether the record of the service gives them; else they are those that policy lists.
    pub declared: bool,
    /// What the value has to name, when nothing lists the values that would be right.
    names: Option<Register>,
}

/// What of the catalog a value has to name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Register {
    Services,
    Teams,
}

impl ExpectedTag<'_> {
    /// Whether the value is the name of the environment that a resource lies in.
    pub fn is_environment(&self) -> bool {
        names_environment(self.tag)
    }
}

impl<'a> Expectations<'a> {
    /// What `service` expects of its resources, when all that could describe a service or a team was read.
    pub fn of(catalog: &'a Catalog, service: &'a Service, today: Day) -> Self {
        Self::new(catalog, Some(service), true, today)
    }

    /// What `service` expects of its resources; `is_whole` says that nothing that could describe a service or a team
    /// is [unread](super::ownership::unread).
    pub fn of_service(catalog: &'a Catalog, service: &'a Service, is_whole: bool, today: Day) -> Self {
        Self::new(catalog, Some(service), is_whole, today)
    }

    /// What policy alone expects, of resources that belong to no service.
    pub fn of_policy(catalog: &'a Catalog, is_whole: bool, today: Day) -> Self {
        Self::new(catalog, None, is_whole, today)
    }

    fn new(catalog: &'a Catalog, service: Option<&'a Service>, is_whole: bool, today: Day) -> Self {
        let policy = &catalog.tag_policy;
        let keys = policy.required.values().map(|tag| {
            let declared = service.map(|service| declared(catalog, service, tag)).unwrap_or_default();
            let allowed = || tag.values.values().map(|value| Cow::Borrowed(&**value)).collect();
            ExpectedTag {
                key: tag.key.value().map_or("", |key| key),
                tag,
                names: Register::of(tag).filter(|_| declared.is_empty() && tag.values.is_empty()),
                declared: !declared.is_empty(),
                values: if declared.is_empty() { allowed() } else { declared },
            }
        });
        Self { catalog, is_whole, policy, keys: keys.collect(), today }
    }

    /// The required keys in the order of the policy, each with the values that would be right; without
    /// any, every value would be.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = (&'a str, &[Cow<'a, str>])> {
        self.keys.iter().map(|expected| (expected.key, expected.values.as_slice()))
    }

    /// The required keys in the order of the policy.
    pub fn tags(&self) -> &[ExpectedTag<'a>] {
        &self.keys
    }

    /// The exemption that covers `resource` today. One without a reason or an end exempts nothing.
    pub fn exemption(&self, resource: &Resource) -> Option<&'a TagExemption> {
        self.policy.exempt.values().find(|exemption| {
            let holds = exemption.reason.value().is_some()
                && exemption.until.value().is_some_and(|until| self.today <= *until);
            let covers = exemption.arn.value().is_some_and(|arn| match arn.strip_suffix('*') {
                Some(prefix) => resource.arn.starts_with(prefix),
                None => *resource.arn == **arn,
            });
            holds && covers
        })
    }

    /// Whether policy judges resources of this type.
    pub fn judges(&self, resource: &Resource) -> bool {
        let types = &self.policy.resource_types;
        types.is_empty() || types.values().any(|wanted| **wanted == *resource.resource_type)
    }

    /// The verdict on each required key of `resource`, in the order of the policy.
    pub fn judge<'r>(&'r self, resource: &'r Resource) -> impl Iterator<Item = TagVerdict<'r>> + 'r {
        let exemption = self.exemption(resource);
        self.keys.iter().map(move |expected| match exemption {
            Some(exemption) => TagVerdict::Exempt(exemption),
            None if resource.is_untold() => TagVerdict::Unknown { found: None },
            None => self.verdict(expected, resource),
        })
    }

    fn verdict<'r>(&'r self, expected: &'r ExpectedTag<'_>, resource: &'r Resource) -> TagVerdict<'r> {
        let strict = self.policy.case_sensitive.value().copied().unwrap_or(true);
        let keys =
            || std::iter::once(expected.key).chain(expected.tag.aliases.values().map(|alias| &**alias));
        let tag = |same: &dyn Fn(&str, &str) -> bool| {
            keys().find_map(|key| resource.tags.iter().find(|(found, _)| same(found, key)))
        };
        let Some((_, value)) = tag(&|found, key| found == key) else {
            return match tag(&|found, key| found.eq_ignore_ascii_case(key)) {
                Some((_, value)) if !strict => self.value(expected, value, strict),
                Some((found, _)) => TagVerdict::WrongCase { found, expected: expected.key },
                None => TagVerdict::Missing,
            };
        };
        self.value(expected, value, strict)
    }

    fn value<'r>(&'r self, expected: &'r ExpectedTag<'_>, value: &'r str, strict: bool) -> TagVerdict<'r> {
        let verdict = compare(value, &expected.values, strict);
        let Some(register) = expected.names.filter(|_| verdict == TagVerdict::Ok) else { return verdict };
        let id = match register {
            Register::Services => {
                self.catalog.service_names.find(value).map(|at| self.catalog.services[at].id.as_str())
            }
            Register::Teams => {
                self.catalog.team_names.find(value).map(|at| self.catalog.teams[at].id.as_str())
            }
        };
        match id {
            Some(id) if id == value => TagVerdict::Ok,
            Some(id) if id.eq_ignore_ascii_case(value) && !strict => TagVerdict::Ok,
            Some(id) if id.eq_ignore_ascii_case(value) => {
                TagVerdict::WrongCase { found: value, expected: id }
            }
            Some(_) => TagVerdict::WrongValue { found: value, expected: &[] },
            // Teams are described where services are, too.
            None if !self.is_whole => TagVerdict::Unknown { found: Some(value) },
            None => TagVerdict::WrongValue { found: value, expected: &[] },
        }
    }
}

impl Register {
    /// What the values of `tag` name.
    fn of(tag: &RequiredTag) -> Option<Self> {
        match tag.from.value().map(|from| &**from)? {
            "serviceId" => Some(Self::Services),
            "ownerTeam" => Some(Self::Teams),
            _ => None,
        }
    }
}

fn compare<'r>(value: &'r str, expected: &'r [Cow<'_, str>], strict: bool) -> TagVerdict<'r> {
    let wrong = TagVerdict::WrongValue { found: value, expected };
    if value.trim().is_empty() {
        return wrong;
    }
    if expected.is_empty() || expected.iter().any(|expected| expected == value) {
        return TagVerdict::Ok;
    }
    match expected.iter().find(|expected| expected.eq_ignore_ascii_case(value)) {
        Some(_) if !strict => TagVerdict::Ok,
        Some(expected) => TagVerdict::WrongCase { found: value, expected },
        None => wrong,
    }
}

/// The values of `tag` that the record of `service` gives; none when the field is not there.
fn declared<'a>(catalog: &'a Catalog, service: &'a Service, tag: &'a RequiredTag) -> Vec<Cow<'a, str>> {
    let from = tag.from.value().map_or("", |path| path);
    // A record may name its team by an alias; the tag carries the id, so that it can be followed.
    if let Some(owner) = service.owner.filter(|_| from == "ownerTeam") {
        return vec![Cow::Borrowed(catalog.teams[owner].id.as_str())];
    }
    values(&service.record, from)
}

/// The texts under `path` of a record: one, those of a list, or the names of a list of records.
fn values<'a>(record: &'a dyn Fields, path: &str) -> Vec<Cow<'a, str>> {
    let (key, rest) = path.split_once('.').unwrap_or((path, ""));
    match record.field(key) {
        Some(View::Record(inner, _)) if !rest.is_empty() => values(inner, rest),
        Some(view) => texts(view),
        None => Vec::new(),
    }
}

fn texts(view: View<'_>) -> Vec<Cow<'_, str>> {
    match view {
        View::Text(text, _) => vec![text],
        View::Bool(value, _) => vec![if value { "true" } else { "false" }.into()],
        View::Number(value, _) => vec![value.to_string().into()],
        View::Day(day, _) => vec![day.to_string().into()],
        View::Length(length, _) => vec![length.to_string().into()],
        View::List(items, _) => items.into_iter().flat_map(texts).collect(),
        View::Record(record, _) => match record.shape().shorthand {
            Some(key) => record.field(key).map(texts).unwrap_or_default(),
            None => Vec::new(),
        },
        View::Declaration(declaration, _) => declaration.text.iter().map(|text| (&**text).into()).collect(),
        View::Absent | View::Unreadable(_) | View::Unknown(_) | View::Named(..) => Vec::new(),
    }
}

impl TagVerdicts {
    /// No resource judged yet.
    pub fn none(policy: &TagPolicy) -> Self {
        Self { total: 0, keys: vec![TagCounts::default(); policy.required.items.len()] }
    }

    /// Adds what `expectations` say of `resource`, unless its type is not judged.
    pub fn add(&mut self, expectations: &Expectations<'_>, resource: &Resource, contested: bool) {
        if expectations.judges(resource) {
            let verdicts: Vec<_> = expectations.judge(resource).collect();
            self.count(&verdicts, contested);
        }
    }

    /// Counts one more resource with the verdict on each key. Of a contested one no tag is right, because nobody
    /// knows whose values would be.
    pub(super) fn count(&mut self, verdicts: &[TagVerdict<'_>], contested: bool) {
        self.total += 1;
        for (counts, verdict) in self.keys.iter_mut().zip(verdicts) {
            counts.add(verdict, contested);
        }
    }
}

impl TagCounts {
    /// On how many resources the key is required, with an answer, and not exempt.
    pub fn required(&self) -> u64 {
        let Self { ok, missing, wrong_case, wrong_value, contested, unknown: _, exempt: _ } = *self;
        [ok, missing, wrong_case, wrong_value, contested].into_iter().map(u64::from).sum()
    }

    fn add(&mut self, verdict: &TagVerdict<'_>, contested: bool) {
        match verdict {
            TagVerdict::Ok if contested => self.contested += 1,
            TagVerdict::Ok => self.ok += 1,
            TagVerdict::Missing => self.missing += 1,
            TagVerdict::WrongCase { .. } => self.wrong_case += 1,
            TagVerdict::WrongValue { .. } => self.wrong_value += 1,
            TagVerdict::Unknown { .. } => self.unknown += 1,
            TagVerdict::Exempt(_) => self.exempt += 1,
        }
    }
}

impl TagVerdicts {
    /// Adds the verdicts on other resources.
    pub fn append(&mut self, other: &Self) {
        self.total += other.total;
        self.keys.resize(self.keys.len().max(other.keys.len()), TagCounts::default());
        for (counts, other) in self.keys.iter_mut().zip(&other.keys) {
            counts.ok += other.ok;
            counts.missing += other.missing;
            counts.wrong_case += other.wrong_case;
            counts.wrong_value += other.wrong_value;
            counts.unknown += other.unknown;
            counts.exempt += other.exempt;
            counts.contested += other.contested;
        }
    }
}

/// Whether the value of `tag` is the name of an environment of the record.
fn names_environment(tag: &RequiredTag) -> bool {
    tag.from.value().is_some_and(|from| &**from == "environments" || from.starts_with("environments."))
}

/// Whether tags name environments at all.
pub fn names_environments(policy: &TagPolicy) -> bool {
    policy.required.values().any(names_environment)
}

/// The environment that the tags of `resource` name, under the key that policy derives from the
/// environments of the record.
pub fn environment<'r>(policy: &TagPolicy, resource: &'r Resource) -> Option<&'r str> {
    let tag = policy.required.values().find(|tag| names_environment(tag))?;
    let mut keys = tag.key.value().into_iter().chain(tag.aliases.values());
    keys.find_map(|key| resource.tags.iter().find(|(found, _)| found.eq_ignore_ascii_case(key)))
        .map(|(_, value)| &**value)
}
