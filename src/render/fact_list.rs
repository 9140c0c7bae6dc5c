//! Lists of facts: each a label, what a record says, and where. What nobody said is said to be missing.

use serde::Serialize;

use super::linked;
use super::origin::Provenance;
use super::parts::{Link, cut};
use super::portal::Portal;
use crate::catalog::field::{Field, List};

/// Longest text of an author shown as a fact, in characters.
const LONGEST: usize = 1_000;

/// One fact. The component `fact_list` in `site-templates/macros/facts.html` shows several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// What it is about.
    pub label: &'static str,
    /// What the record says.
    pub values: Vec<Link>,
    /// Whether people copy it.
    pub code: bool,
    /// Why there is no value.
    pub missing: &'static str,
    /// Where it is written.
    pub origin: Option<Provenance>,
}

impl Fact {
    /// What `field` says, each value shown by `show`.
    pub fn of<T>(
        portal: &Portal<'_>,
        label: &'static str,
        field: &Field<T>,
        show: impl FnOnce(&T) -> Link,
    ) -> Self {
        Self {
            label,
            values: field.value().map(show).into_iter().collect(),
            code: false,
            missing: if field.is_absent() { "not given" } else { "cannot be read" },
            origin: field.origin().map(|origin| portal.provenance(origin)),
        }
    }

    /// What `field` says in words of its author.
    pub fn text(portal: &Portal<'_>, label: &'static str, field: &Field<Box<str>>) -> Self {
        Self::of(portal, label, field, |text| match linked::text(text) {
            Link { href: None, text } => Link::plain(cut(&text, LONGEST)),
            address => address,
        })
    }

    /// What `list` says, each value shown by `show`.
    pub fn list<T>(
        portal: &Portal<'_>,
        label: &'static str,
        list: &List<T>,
        show: impl Fn(&T) -> Link,
    ) -> Self {
        Self {
            label,
            values: list.values().map(show).collect(),
            code: false,
            missing: if list.origin.is_none() { "not given" } else { "none" },
            origin: list.origin.map(|origin| portal.provenance(origin)),
        }
    }

    /// The same, for copying.
    #[must_use]
    pub fn copied(self) -> Self {
        Self { code: true, ..self }
    }

    /// Whether there is a value, or something that should have been one.
    pub fn is_given(&self) -> bool {
        self.origin.is_some()
    }
}
