//! The funnel: how many services stand in each migration tier, each number with its list.

use serde::Serialize;

use super::badge::Badge;
use super::links::{Here, Href, Place};
use super::parts::Link;
use super::portal::Portal;
use super::relations::Class;
use crate::assess::Tier;
use crate::words;

/// Services by tier. The component `funnel` in `site-templates/macros/facts.html` shows it.
#[derive(Debug, Serialize)]
pub struct Funnel {
    caption: String,
    steps: Vec<Step>,
    /// What it does not count, each with its list.
    outside: Vec<Link>,
}

#[derive(Debug, Serialize)]
struct Step {
    badge: Badge,
    count: usize,
    percent: usize,
    href: Option<Href>,
    means: &'static str,
}

impl Funnel {
    /// The funnel, seen from `here`.
    pub fn new(portal: &Portal<'_>, here: Here<'_>) -> Self {
        let counted = portal.populations.counted_services;
        let step = |class: Class| {
            let Class::Tier(tier) = class else { return None };
            let count = portal.relations.count(class);
            Some(Step {
                badge: Badge::tier(tier),
                count,
                percent: (count * 100).checked_div(counted).unwrap_or(0),
                href: (count > 0).then(|| here.to(Place::ServicesPart(class.word()))),
                means: meaning(tier),
            })
        };
        Self {
            caption: format!("{} by migration tier", words::count(counted, "service", "services")),
            steps: Class::ALL.into_iter().filter_map(step).collect(),
            outside: outside(portal, here),
        }
    }
}

/// What a tier means, in a line (semantics §6).
const fn meaning(tier: Tier) -> &'static str {
    match tier {
        Tier::Native => "created on a golden path, supported version, required level reached",
        Tier::Adopted => "metadata complete and the telemetry contract met",
        Tier::PartiallyManaged => "at least one golden-path control passes",
        Tier::LegacyException => "an exception in force, with a review date",
        Tier::Retiring => "deprecated or retiring",
        Tier::Unmanaged => "none of these yet",
    }
}

/// What the funnel does not count, each with its list.
fn outside(portal: &Portal<'_>, here: Here<'_>) -> Vec<Link> {
    [
        (Class::Outside, "proposed or retired service", "proposed or retired services"),
        (Class::InConflict, "service whose id is claimed twice", "services whose id is claimed twice"),
    ]
    .into_iter()
    .filter_map(|(class, one, many)| {
        let count = portal.relations.count(class);
        let link = || Link::new(words::count(count, one, many), here.to(Place::ServicesPart(class.word())));
        (count > 0).then(link)
    })
    .collect()
}
