//! What a team should fix first: what lifts most of its services, and what has ended or collides.

use serde::Serialize;

use crate::assess::ExceptionState;
use crate::assess::next_step::{RuleFix, rule_fixes};
use crate::assess::outcome::Outcome;
use crate::catalog::Team;
use crate::catalog::table::Index;
use crate::render::badge::Badge;
use crate::render::links::{Here, Href, Place};
use crate::render::pages::names::level_title;
use crate::render::portal::Portal;
use crate::render::prose::prose;
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
    let services = portal.catalog.teams[index].services.iter().copied();
    let fixes = rule_fixes(portal.explainer.scorecards(), portal.assessment, services);
    let item = |fix: &RuleFix| {
        let text = portal.rules.text(fix.scorecard, fix.position);
        let word = if fix.fails == 1 { "fails" } else { "fail" };
        let lifts: Vec<&str> =
            fix.lifts.iter().map(|service| portal.catalog.services[*service].id.as_str()).collect();
        Item {
            badge: Badge::outcome(Outcome::Fail).saying(format!("{} {word}", fix.fails)),
            text: text.title.clone(),
            code: text.id.to_string(),
            href: text.href.clone(),
            effect: prose(&effect(&lifts, level(portal, fix), fix.holds_back)),
        }
    };
    fixes.iter().take(SHOWN).map(item).collect()
}

/// What people call the level that a rule belongs to.
fn level<'p>(portal: &'p Portal<'_>, fix: &RuleFix) -> &'p str {
    let level = portal.explainer.scorecards().get(fix.scorecard).rules[fix.position].level;
    let levels = &portal.catalog.scorecards[fix.scorecard].record.levels.items;
    levels.get(level).map_or("", |level| level_title(&level.value))
}

/// `lifts a, b and 2 more to Owned`, or how many it holds back.
fn effect(lifts: &[&str], level: &str, holds_back: usize) -> String {
    let mut names: Vec<String> = lifts.iter().take(NAMED).map(|id| (*id).to_owned()).collect();
    if lifts.len() > NAMED {
        names.push(format!("{} more", lifts.len() - NAMED));
    }
    let names = match (names.as_slice(), holds_back) {
        ([], 0) => return "not yet what holds a service back".to_owned(),
        ([], _) => {
            let services = words::count(holds_back, "service", "services");
            return format!("holds back {services}, beside other rules");
        }
        ([one], _) => one.clone(),
        ([rest @ .., last], _) => format!("{} and {last}", rest.join(", ")),
    };
    format!("lifts {names} to {level}")
}

#[cfg(test)]
mod tests {
    use super::effect;

    #[test]
    fn an_effect_names_what_is_lifted_and_where_to() {
        assert_eq!(effect(&["a"], "Owned", 3), "lifts a to Owned");
        assert_eq!(effect(&["a", "b"], "Owned", 0), "lifts a and b to Owned");
        assert_eq!(effect(&["a", "b", "c", "d", "e"], "Owned", 0), "lifts a, b, c and 2 more to Owned");
        assert_eq!(effect(&[], "Owned", 1), "holds back 1 service, beside other rules");
        assert_eq!(effect(&[], "Owned", 0), "not yet what holds a service back");
    }
}
