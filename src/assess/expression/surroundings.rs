//! Records computed around a subject (documents, repository, resources, tags, counts) as expressions see them.

use std::borrow::Cow;

use crate::assess::{TagCounts, TagVerdicts};
use crate::catalog::field::Slot;
use crate::catalog::origin::Origin;
use crate::catalog::policy::TagPolicy;
use crate::catalog::record::{FieldShape, Fields, Readable, Record, RecordShape, Shape, View};
use crate::catalog::resource::Resource;
use crate::catalog::service::{DependencyKind, Resilience, ServiceRecord, Slo};
use crate::day::Day;

/// Declares the shape of a computed record.
macro_rules! shape {
    ($(#[doc = $record_doc:literal])* $name:ident called $title:literal {
        $( $(#[doc = $doc:literal])* $key:literal => $shape:expr, )*
    }) => {
        $(#[doc = $record_doc])*
        pub(super) const $name: RecordShape = RecordShape {
            name: $title,
            shorthand: None,
            fields: &[ $( FieldShape { key: $key, doc: concat!($($doc, "\n"),*), shape: $shape }, )* ],
        };
    };
}

shape! {
    /// A document as rules see it.
    DOCUMENT called "document" {
        /// Whether the subject names it.
        "declared" => Shape::Bool,
        /// Whether it is there; unknown for an address outside the repository.
        "exists" => Shape::Bool,
        /// Whether it is there and more than the empty template.
        "written" => Shape::Bool,
        /// How many words its prose has, template text left out.
        "words" => Shape::Number,
        /// The day of the last commit that touched it; absent without git.
        "lastChanged" => Shape::Day,
        /// Its headings in their order.
        "headings" => Shape::List(&Shape::Text),
    }
}

/// A document that a subject names.
#[derive(Clone, Debug)]
pub struct DocumentFacts<'a> {
    /// The link name: `runbook`.
    pub name: &'a str,
    /// Where the link is written.
    pub origin: Origin,
    /// What is known of what it points at.
    pub state: DocumentState<'a>,
}

/// What is known of a document.
#[derive(Clone, Debug)]
pub enum DocumentState<'a> {
    /// It is there.
    Found {
        /// Whether it is more than the empty template.
        written: bool,
        /// How many words its prose has.
        words: u32,
        /// The day of the last commit that touched it.
        last_changed: Option<Day>,
        /// Its headings.
        headings: Cow<'a, [Box<str>]>,
        /// The document.
        origin: Origin,
    },
    /// It is there and cannot be read as text.
    Unreadable(Origin),
    /// It is not there: the path that was looked for.
    Missing(Origin),
    /// Nobody looked, and why: an address outside the repository.
    Unknown(Cow<'a, str>),
}

impl DocumentState<'_> {
    /// Both as one: what is wrong with either is wrong with both; else their sum, and the later day.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let rank = |state: &Self| match state {
            Self::Missing(_) => 0,
            Self::Unreadable(_) => 1,
            Self::Unknown(_) => 2,
            Self::Found { .. } => 3,
        };
        let (mut worse, better) = if rank(&other) < rank(&self) { (other, self) } else { (self, other) };
        if let (
            Self::Found { written, words, last_changed, headings, .. },
            Self::Found { written: too, words: more, last_changed: touched, headings: others, .. },
        ) = (&mut worse, better)
        {
            *written &= too;
            *words = words.saturating_add(more);
            *last_changed = (*last_changed).max(touched);
            headings.to_mut().extend(others.into_owned());
        }
        worse
    }
}

impl Fields for DocumentFacts<'_> {
    fn field(&self, key: &str) -> Option<View<'_>> {
        let known = DOCUMENT.field(key)?.key;
        if known == "declared" {
            return Some(View::Bool(true, self.origin));
        }
        Some(match &self.state {
            DocumentState::Found { written, words, last_changed, headings, origin } => match known {
                "exists" => View::Bool(true, *origin),
                "written" => View::Bool(*written, *origin),
                "words" => View::Number(f64::from(*words), *origin),
                "lastChanged" => last_changed.map_or(View::Absent, |day| View::Day(day, *origin)),
                _ => View::List(
                    headings.iter().map(|heading| View::Text((&**heading).into(), *origin)).collect(),
                    *origin,
                ),
            },
            DocumentState::Unreadable(origin) if known == "exists" => View::Bool(true, *origin),
            DocumentState::Unreadable(origin) => View::Unreadable(*origin),
            DocumentState::Missing(origin) if matches!(known, "exists" | "written") => {
                View::Bool(false, *origin)
            }
            DocumentState::Missing(_) => View::Absent,
            DocumentState::Unknown(reason) => View::Unknown(Cow::Borrowed(reason)),
        })
    }

    fn shape(&self) -> &'static RecordShape {
        &DOCUMENT
    }
}

shape! {
    /// A repository as rules see it.
    REPOSITORY called "repository" {
        /// Its name, such as `org/name`.
        "name" => Shape::Text,
        /// Its address for people.
        "url" => Shape::Text,
        /// The day of its last commit; absent without git.
        "lastChange" => Shape::Day,
        /// The commit that was read; absent without git.
        "commit" => Shape::Text,
    }
}

/// The repository that a subject's document lies in.
#[derive(Clone, Debug)]
pub struct RepositoryFacts<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its address for people.
    pub url: Option<&'a str>,
    /// The day of its last commit.
    pub last_change: Option<Day>,
    /// The commit that was read.
    pub commit: Option<&'a str>,
    /// Where this is known from.
    pub origin: Origin,
}

impl<'a> RepositoryFacts<'a> {
    /// The view under `key`.
    pub(super) fn field(&self, key: &str) -> Option<View<'a>> {
        let text =
            |text: Option<&'a str>| text.map_or(View::Absent, |text| View::Text(text.into(), self.origin));
        Some(match key {
            "name" => text(Some(self.name)),
            "url" => text(self.url),
            "lastChange" => self.last_change.map_or(View::Absent, |day| View::Day(day, self.origin)),
            "commit" => text(self.commit),
            _ => return None,
        })
    }
}

shape! {
    /// A resource as rules see it.
    RESOURCE called "resource" {
        /// Its Amazon Resource Name.
        "arn" => Shape::Text,
        /// Service and kind from the ARN, such as `s3:bucket`.
        "type" => Shape::Text,
        /// The account it lies in.
        "account" => Shape::Text,
        /// The region it lies in.
        "region" => Shape::Text,
        /// The service it belongs to.
        "service" => Shape::Text,
        /// The environment its tags name.
        "environment" => Shape::Text,
        /// Its tags, by key.
        "tags" => Shape::Named(&Shape::Text),
    }
}

/// A resource of a subject.
#[derive(Clone, Debug)]
pub struct ResourceFacts<'a> {
    /// What AWS says of it.
    pub resource: &'a Resource,
    /// The service it belongs to.
    pub service: Option<&'a str>,
    /// The environment its tags name.
    pub environment: Option<&'a str>,
    /// The resource.
    pub origin: Origin,
}

impl Fields for ResourceFacts<'_> {
    fn field(&self, key: &str) -> Option<View<'_>> {
        let text = |text| View::Text(Cow::Borrowed(text), self.origin);
        Some(match key {
            "arn" => text(&self.resource.arn),
            "type" => text(&self.resource.resource_type),
            "account" => self.resource.account.as_ref().map_or(View::Absent, |id| text(id.as_str())),
            "region" => text(&self.resource.region),
            "service" => self.service.map_or(View::Absent, text),
            "environment" => self.environment.map_or(View::Absent, text),
            "tags" => View::Named(
                self.resource.tags.iter().map(|(key, value)| (&**key, text(value))).collect(),
                self.origin,
            ),
            _ => return None,
        })
    }

    fn shape(&self) -> &'static RecordShape {
        &RESOURCE
    }
}

shape! {
    /// Verdicts on one required tag as rules see them.
    TAG called "tag" {
        /// Resources whose tag is right.
        "ok" => Shape::Number,
        /// Resources without it.
        "missing" => Shape::Number,
        /// Resources that have it in another case.
        "wrongCase" => Shape::Number,
        /// Resources that have it with another value.
        "wrongValue" => Shape::Number,
        /// With the name of a service that may be described where nobody could look.
        "unknown" => Shape::Number,
        /// Resources that policy leaves out.
        "exempt" => Shape::Number,
        /// Resources whose tag would be right if nobody else claimed them.
        "contested" => Shape::Number,
    }
}

/// Verdicts on the tags of a subject's resources.
#[derive(Clone, Copy, Debug)]
pub struct TagFacts<'a> {
    /// The required keys, in the order of the verdicts.
    pub policy: &'a TagPolicy,
    /// The verdicts.
    pub verdicts: &'a TagVerdicts,
    /// The listing that the first of the resources came with; the default when there are none.
    pub origin: Origin,
}

impl<'a> TagFacts<'a> {
    /// The required keys in their order.
    pub fn keys(&self) -> impl Iterator<Item = &'a str> {
        self.policy.required.values().map(|tag| tag.key.value().map_or("", |key| &**key))
    }

    /// The verdicts on the tag called `key`; `None` when policy does not require it.
    pub fn counts(&self, key: &str) -> Option<TagCounts> {
        let position = self.keys().position(|known| known == key)?;
        self.verdicts.keys.get(position).copied()
    }
}

/// The number called `name` among verdicts on a tag.
pub(super) fn tag_count(counts: TagCounts, name: &str) -> Option<u32> {
    Some(match name {
        "ok" => counts.ok,
        "missing" => counts.missing,
        "wrongCase" => counts.wrong_case,
        "wrongValue" => counts.wrong_value,
        "unknown" => counts.unknown,
        "exempt" => counts.exempt,
        "contested" => counts.contested,
        _ => return None,
    })
}

shape! {
    /// A service that another depends on, as rules see it.
    DEPENDENCY called "dependency" {
        /// Its id.
        "id" => Shape::Text,
        /// Whether the subject works without it.
        "kind" => <DependencyKind as Readable>::SHAPE,
        /// Whether the catalog has it.
        "found" => Shape::Bool,
        /// Its criticality.
        "criticality" => <crate::catalog::service::Criticality as Readable>::SHAPE,
        /// The objectives it promises.
        "slo" => Shape::Record(&<Slo as Record>::SHAPE),
        /// How it comes back after a failure.
        "resilience" => Shape::Record(&<Resilience as Record>::SHAPE),
        /// Where it is in its life.
        "lifecycle" => Shape::Record(&<crate::catalog::lifecycle::Lifecycle as Record>::SHAPE),
        /// The team that owns it.
        "ownerTeam" => Shape::Text,
    }
}

/// A service that the subject depends on.
#[derive(Clone, Copy, Debug)]
pub struct DependencyFacts<'a> {
    /// Its id, as the subject writes it.
    pub id: &'a str,
    /// Whether the subject works without it.
    pub kind: DependencyKind,
    /// Its record, when the catalog has it.
    pub record: Option<&'a ServiceRecord>,
    /// Where the subject names it.
    pub origin: Origin,
}

impl Fields for DependencyFacts<'_> {
    fn field(&self, key: &str) -> Option<View<'_>> {
        Some(match key {
            "id" => View::Text(self.id.into(), self.origin),
            "kind" => View::Text(self.kind.word().into(), self.origin),
            "found" => View::Bool(self.record.is_some(), self.origin),
            _ => {
                DEPENDENCY.field(key)?;
                let Some(record) = self.record else { return Some(View::Absent) };
                match key {
                    "criticality" => record.criticality.view(),
                    "slo" => record.slo.view(),
                    "resilience" => record.resilience.view(),
                    "lifecycle" => record.lifecycle.view(),
                    _ => record.owner_team.view(),
                }
            }
        })
    }

    fn shape(&self) -> &'static RecordShape {
        &DEPENDENCY
    }
}

shape! {
    /// How many services are on a golden path, as rules see it.
    SERVICES called "services" {
        /// All of them.
        "total" => Shape::Number,
        /// Those on a version that is supported today.
        "onSupportedVersion" => Shape::Number,
    }
}

/// How many services are on a golden path.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ServiceCounts {
    /// All of them.
    pub total: u32,
    /// Those on a version that is supported today.
    pub on_supported_version: u32,
}

#[cfg(test)]
mod tests {
    use super::{Cow, Day, DocumentState, Origin};

    #[test]
    fn several_documents_of_one_link_are_as_good_as_the_worst_of_them() {
        let found = |written: bool, day: &str, heading: &str| DocumentState::Found {
            written,
            words: 40,
            last_changed: Day::parse(day),
            headings: vec![Box::from(heading)].into(),
            origin: Origin::Default,
        };
        let both = found(true, "2026-01-02", "a").and(found(false, "2026-03-04", "b"));
        let DocumentState::Found { written, words, last_changed, headings, .. } = both else {
            panic!("{both:?}");
        };
        assert_eq!((written, words, last_changed), (false, 80, Day::parse("2026-03-04")));
        assert_eq!(headings.join(" "), "a b");
        let missing = || DocumentState::Missing(Origin::Default);
        let unknown = || DocumentState::Unknown(Cow::Borrowed("elsewhere"));
        assert!(matches!(found(true, "2026-01-02", "a").and(missing()), DocumentState::Missing(_)));
        assert!(matches!(missing().and(unknown()), DocumentState::Missing(_)));
        assert!(matches!(unknown().and(found(true, "2026-01-02", "a")), DocumentState::Unknown(_)));
    }
}
