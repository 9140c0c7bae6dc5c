//! What was observed of a service outside its record: facts, each with its day, who says so and where.

use serde::Serialize;

use crate::assess::facts::SubjectFacts;
use crate::assess::outcome::Outcome;
use crate::catalog::Service;
use crate::catalog::resource::{Fact, FactValue};
use crate::render::badge::Badge;
use crate::render::origin::Brief;
use crate::render::parts::{When, cut};
use crate::render::portal::Portal;
use crate::render::prose::prose;
use crate::render::templates::Html;
use crate::words;

/// How many facts are listed.
const SHOWN: usize = 100;

/// Longest text shown, in characters.
const LONGEST: usize = 200;

/// What the template sees of one fact.
#[derive(Debug, Serialize)]
pub(super) struct Row<'p> {
    name: &'p str,
    value: String,
    as_of: When,
    /// Why it is not used, when it is not.
    unused: Option<Unused>,
    source: String,
    origin: Brief,
}

/// That a fact is not used.
#[derive(Debug, Serialize)]
struct Unused {
    badge: Badge,
    why: Html,
}

/// The facts about `service`, and how many there are.
pub(super) fn rows<'p>(portal: &'p Portal<'_>, service: &Service) -> (Vec<Row<'p>>, usize) {
    let catalog = portal.catalog;
    let subject = format!("service:{}", service.id);
    let known = SubjectFacts::of(&catalog.facts, &subject, portal.assessment.now, &catalog.zone);
    let row = |fact: &'p Fact| Row {
        name: &fact.name,
        value: match &fact.value {
            FactValue::Number(value) => value.to_string(),
            FactValue::Bool(value) => if *value { "yes" } else { "no" }.to_owned(),
            FactValue::Text(text) => cut(text, LONGEST).into_owned(),
        },
        as_of: portal.when_of(fact.observed_at),
        unused: known.unused(fact).map(|why| Unused {
            badge: Badge::outcome(Outcome::Unknown).saying("Not used"),
            why: prose(&words::capitalised(&why)),
        }),
        source: cut(&fact.source, LONGEST).into_owned(),
        origin: portal.brief(fact.origin),
    };
    (known.all().iter().take(SHOWN).map(row).collect(), known.all().len())
}

/// `3 facts`, or how many of them are shown.
pub(super) fn caption(all: usize, shown: usize) -> String {
    let count = words::count(all, "fact", "facts");
    if shown < all { format!("The first {shown} of {count}") } else { count }
}
