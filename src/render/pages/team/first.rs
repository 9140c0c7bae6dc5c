//! What a team should fix first: what lifts most of its services, and what has ended or collides.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::assess::ExceptionState;
use crate::assess::outcome::Outcome;
use crate::catalog::table::Index;
use crate::catalog::{Service, Team};
use crate::render::badge::Badge;
use crate::render::links::{Here, Href, Place};
use crate::render::pages::service::{Stage, rungs};
use crate::render::portal::Portal;
use crate::render::prose::prose;
use crate::render::standing::level_title;
use crate::render::templates::Html;
use crate::words;

/// How many things are shown.
const SHOWN: usize = 12;
/// How many services are named in one line.
const NAMED: usize = 3;

/// What the template sees of one thing to fix.
#[derive(Debug, Serialize)]
pub(super) struct Item {
    badge: Badge,
    text: Html,
    code: String,
    href: Href,
    effect: Html,
}

/// A rule that fails for some services of the team.
#[derive(Debug, Default)]
struct Failing<'p> {
    fails: usize,
    weight: u64,
    /// Services that passing would lift, with the level they would reach.
    lifts: Vec<(&'p str, &'p str)>,
    /// Services on whose next level it fails beside others.
    holds_back: usize,
}

/// What to fix first: exceptions that have ended and ids in conflict, then rules by what they lift.
pub(super) fn items(portal: &Portal<'_>, index: Index<Team>, here: Here<'_>) -> Vec<Item> {
    let mut items = overdue(portal, index, here);
    items.extend(conflicts(portal, index, here));
    items.extend(rules(portal, index));
    items.truncate(SHOWN);
    items
}

fn overdue(portal: &Portal<'_>, index: Index<Team>, here: Here<'_>) -> Vec<Item> {
    let item = |exception: &Index<crate::catalog::Exception>| {
        let judged = portal.assessment.exceptions.get(exception.position())?;
        let exception = &portal.catalog.exceptions[*exception];
        let text = match judged.state {
            ExceptionState::Expired => "An exception has ended and nothing replaced it",
            ExceptionState::Invalid => "An exception is invalid and excuses nothing",
            ExceptionState::ReviewOverdue => "An exception was not reviewed in time",
            ExceptionState::Pending
            | ExceptionState::Closed
            | ExceptionState::Expiring
            | ExceptionState::Active => return None,
        };
        let rank = crate::render::standing::urgency(judged.state);
        let reason = judged.reasons.first().map(|reason| reason.text.to_string()).unwrap_or_default();
        let item = Item {
            badge: Badge::exception(judged.state),
            text: prose(text),
            code: exception.id.to_string(),
            href: here.to(Place::Exception(&exception.id)),
            effect: prose(&reason),
        };
        Some((rank, judged.days_left, item))
    };
    let mut items: Vec<_> = portal.relations.exceptions_of_team(index).iter().filter_map(item).collect();
    items.sort_by_key(|(rank, days_left, _)| (*rank, days_left.unwrap_or(i64::MAX)));
    items.into_iter().map(|(.., item)| item).collect()
}

fn conflicts(portal: &Portal<'_>, index: Index<Team>, here: Here<'_>) -> Vec<Item> {
    let services = portal.catalog.teams[index].services.iter();
    services
        .map(|service| &portal.catalog.services[*service])
        .filter(|service| !service.conflict.is_empty())
        .map(|service| Item {
            badge: Badge::conflict(),
            text: prose("Several documents claim one id"),
            code: service.id.to_string(),
            href: here.to(Place::Service(service.id.as_str())),
            effect: prose("nothing is judged of it until one is left"),
        })
        .collect()
}

fn rules(portal: &Portal<'_>, index: Index<Team>) -> Vec<Item> {
    let mut failing: BTreeMap<(usize, usize), Failing<'_>> = BTreeMap::new();
    for service in &portal.catalog.teams[index].services {
        gather(portal, *service, &mut failing);
    }
    let mut failing: Vec<_> = failing.into_iter().collect();
    failing.sort_by(|(a_key, a), (b_key, b)| {
        let rank = |failing: &Failing<'_>| {
            (failing.lifts.len(), failing.holds_back, failing.weight * failing.fails as u64)
        };
        rank(b).cmp(&rank(a)).then(a_key.cmp(b_key))
    });
    failing
        .into_iter()
        .take(SHOWN)
        .map(|((scorecard, position), failing)| {
            let text = portal.rules.text(Index::new(scorecard), position);
            let word = if failing.fails == 1 { "fails" } else { "fail" };
            Item {
                badge: Badge::outcome(Outcome::Fail).saying(format!("{} {word}", failing.fails)),
                text: text.title.clone(),
                code: text.id.to_string(),
                href: text.href.clone(),
                effect: prose(&effect(&failing.lifts, failing.holds_back)),
            }
        })
        .collect()
}

fn gather<'p>(
    portal: &'p Portal<'_>,
    service: Index<Service>,
    failing: &mut BTreeMap<(usize, usize), Failing<'p>>,
) {
    let Some(judged) = portal.assessment.services.get(service.position()) else { return };
    let id = portal.catalog.services[service].id.as_str();
    for result in &judged.subject.scorecards {
        let compiled = portal.explainer.scorecards().get(result.scorecard);
        let rungs = rungs(portal, result);
        for (position, (rule, judged)) in compiled.rules.iter().zip(&result.rules).enumerate() {
            if judged.outcome != Outcome::Fail {
                continue;
            }
            let entry = failing.entry((result.scorecard.position(), position)).or_default();
            entry.fails += 1;
            entry.weight = rule.weight;
            match rungs.get(rule.level) {
                Some(rung) if rung.stage == Stage::Next && rung.held_back_by() == 1 => {
                    entry.lifts.push((id, level_title(portal, result, rule.level)));
                }
                Some(rung) if rung.stage == Stage::Next => entry.holds_back += 1,
                _ => {}
            }
        }
    }
}

/// `lifts a, b and 2 more to Owned`, or how many it holds back.
fn effect(lifts: &[(&str, &str)], holds_back: usize) -> String {
    let Some((_, level)) = lifts.first() else {
        return match holds_back {
            0 => "not yet what holds a service back".to_owned(),
            _ => {
                let services = words::count(holds_back, "service", "services");
                format!("holds back {services}, beside other rules")
            }
        };
    };
    let mut names: Vec<String> = lifts.iter().take(NAMED).map(|(id, _)| (*id).to_owned()).collect();
    if lifts.len() > NAMED {
        names.push(format!("{} more", lifts.len() - NAMED));
    }
    let names = match names.as_slice() {
        [rest @ .., last] if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => names.concat(),
    };
    if lifts.iter().all(|(_, other)| other == level) {
        format!("lifts {names} to {level}")
    } else {
        format!("lifts {names} a level")
    }
}

#[cfg(test)]
mod tests {
    use super::effect;

    #[test]
    fn an_effect_names_what_is_lifted_and_where_to() {
        assert_eq!(effect(&[("a", "Owned")], 3), "lifts a to Owned");
        assert_eq!(effect(&[("a", "Owned"), ("b", "Owned")], 0), "lifts a and b to Owned");
        assert_eq!(effect(&[("a", "Owned"), ("b", "Proven")], 0), "lifts a and b a level");
        let five: Vec<_> = ["a", "b", "c", "d", "e"].into_iter().map(|id| (id, "Owned")).collect();
        assert_eq!(effect(&five, 0), "lifts a, b, c and 2 more to Owned");
        assert_eq!(effect(&[], 1), "holds back 1 service, beside other rules");
        assert_eq!(effect(&[], 0), "not yet what holds a service back");
    }
}
