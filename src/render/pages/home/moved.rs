//! What moved since the run before, in a line and the worst few.

use serde::Serialize;

use crate::assess::change::{self, Comparison, Direction};
use crate::render::linked;
use crate::render::links::{Here, Href, Place};
use crate::render::pages::changes::{Shown, shown, subjects};
use crate::render::parts::Link;
use crate::render::portal::Portal;

/// How many services and exceptions are shown.
const SHOWN: usize = 5;

/// What moved.
#[derive(Debug, Serialize)]
pub(super) struct Moved {
    heading: &'static str,
    summary: String,
    rows: Vec<Row>,
    all: Href,
}

/// One service or exception, with what matters most of it.
#[derive(Debug, Serialize)]
struct Row {
    subject: Link,
    moves: Vec<Shown>,
}

impl Moved {
    pub(super) fn new(portal: &Portal<'_>, comparison: &Comparison, here: Here<'_>) -> Self {
        let count = |direction| comparison.count(direction);
        let summary = format!(
            "Against {}: {} worse, {} better, {} otherwise.",
            comparison.with,
            count(Direction::Worse),
            count(Direction::Better),
            count(Direction::Other),
        );
        let row = |changes: &[change::Change]| Row {
            subject: match &changes[0].subject {
                change::Moved::Service(id) => linked::service_named(portal, here, id),
                change::Moved::Exception(id) => match portal.catalog.exceptions.find(id) {
                    Some(index) => linked::exception(portal, here, index),
                    None => Link::plain(&**id),
                },
            },
            moves: changes.iter().take(1).map(|change| shown(portal, change)).collect(),
        };
        Self {
            heading: if comparison.supposed { "What would change" } else { "What changed" },
            summary,
            rows: subjects(comparison).into_iter().take(SHOWN).map(row).collect(),
            all: here.to(Place::Changes),
        }
    }
}
