//! The services of a team, the lowest level first, with what the next level needs.

use serde::Serialize;

use crate::assess::next_step::NextStep;
use crate::catalog::Service;
use crate::catalog::Team;
use crate::catalog::table::Index;
use crate::render::badge::Badge;
use crate::render::carried;
use crate::render::links::{Here, Href, Place};
use crate::render::parts::Meter;
use crate::render::portal::Portal;
use crate::render::standing::{Standing, readiness};
use crate::render::templates::Html;
use crate::words;

/// How many services are listed.
const SHOWN: usize = 250;
/// How many rules of the next level are named.
const NAMED: usize = 3;

/// What the template sees of them.
#[derive(Debug, Serialize)]
pub(super) struct Services<'p> {
    rows: Vec<Row<'p>>,
    caption: String,
    more: usize,
}

#[derive(Debug, Serialize)]
struct Row<'p> {
    id: &'p str,
    stale: Option<Badge>,
    href: Href,
    badge: Badge,
    rank: usize,
    level: Option<&'p str>,
    level_rank: usize,
    meter: Option<Meter>,
    needs: Vec<Html>,
    more: usize,
    highest: bool,
}

impl<'p> Services<'p> {
    pub(super) fn of(portal: &'p Portal<'_>, team: &'p Team, here: Here<'_>) -> Self {
        let mut rows: Vec<Row<'p>> =
            team.services.iter().map(|service| row(portal, *service, here)).collect();
        rows.sort_by_key(|row| {
            let per_mille = row.meter.map_or(u64::MAX, |meter| meter.per_mille);
            (row.meter.is_none(), row.level_rank, per_mille, row.id)
        });
        let more = rows.len().saturating_sub(SHOWN);
        rows.truncate(SHOWN);
        let all = words::count(team.services.len(), "service", "services");
        let caption = format!(
            "{all}, lowest level first. Level and score are those of the readiness scorecard, with exceptions."
        );
        Self { rows, caption, more }
    }
}

fn row<'p>(portal: &'p Portal<'_>, index: Index<Service>, here: Here<'_>) -> Row<'p> {
    let service = &portal.catalog.services[index];
    let standing = Standing::of(portal, index.position());
    let (needs, more, highest) = next_needs(portal, index);
    Row {
        id: service.id.as_str(),
        stale: carried::mark(portal, service),
        href: here.to(Place::Service(service.id.as_str())),
        badge: standing.tier.map_or_else(Badge::conflict, Badge::tier),
        rank: standing.tier.map_or(usize::MAX, |tier| tier as usize),
        level: standing.level.map(|(_, title)| title),
        level_rank: standing.level.map_or(0, |(position, _)| position + 1),
        meter: standing.score.map(Meter::from),
        needs,
        more,
        highest,
    }
}

/// What the next level of the readiness scorecard waits for: fails before unknowns; and whether there is
/// no next level.
fn next_needs(portal: &Portal<'_>, index: Index<Service>) -> (Vec<Html>, usize, bool) {
    let judged = portal.assessment.services.get(index.position());
    let Some(result) = judged.and_then(readiness) else { return (Vec::new(), 0, false) };
    let scorecards = portal.explainer.scorecards();
    let Some(step) = NextStep::of(scorecards, result) else { return (Vec::new(), 0, true) };
    let open: Vec<usize> = step.failing.iter().chain(&step.unknown).copied().collect();
    let title = |position: &usize| portal.rules.text(result.scorecard, *position).title.clone();
    (open.iter().take(NAMED).map(title).collect(), open.len().saturating_sub(NAMED), false)
}
