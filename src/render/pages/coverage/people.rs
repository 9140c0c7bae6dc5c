//! Teams and people of organisations in the ledger: how many are known, as of when, and why others are not.

use serde::Serialize;

use crate::assess::people::known;
use crate::catalog::people::Directory;
use crate::collect::snapshot::Carried;
use crate::render::badge::Badge;
use crate::render::carried;
use crate::render::parts::When;
use crate::render::portal::Portal;
use crate::render::prose::prose;
use crate::render::templates::Html;
use crate::words;

/// One organisation.
#[derive(Debug, Serialize)]
pub(super) struct Row<'p> {
    organisation: &'p str,
    source: &'p str,
    badge: Badge,
    counts: Option<(usize, usize)>,
    as_of: When,
    remark: Option<Html>,
}

/// Every organisation that was asked who belongs to it.
pub(super) fn rows<'p>(portal: &'p Portal<'_>) -> Vec<Row<'p>> {
    portal.catalog.people.directories.iter().map(|directory| row(portal, directory)).collect()
}

/// `2 organisations that were asked for their teams and people`.
pub(super) fn caption(portal: &Portal<'_>) -> String {
    let count = words::count(portal.catalog.people.directories.len(), "organisation", "organisations");
    format!("{count} asked for teams and people")
}

fn row<'p>(portal: &'p Portal<'_>, directory: &'p Directory) -> Row<'p> {
    let as_of = portal.when_of(directory.collected_at);
    let carried = directory.carried.as_ref();
    let (badge, counts, remark) = match known(portal.catalog, directory, portal.assessment.now) {
        Ok(listing) => {
            let since = directory.collected_at;
            let badge = carried.map_or_else(Badge::complete, |reason| {
                carried::badge(portal, &Carried { since, reason: reason.clone() })
            });
            let hidden = (!listing.secret_teams).then_some("secret teams are not shown to these credentials");
            (badge, Some(listing.counts()), carried.map(|reason| &**reason).or(hidden).map(prose))
        }
        Err(reason) => (Badge::unknown(), None, Some(prose(&reason))),
    };
    Row { organisation: &directory.organisation, source: &directory.source, badge, counts, as_of, remark }
}
