//! Names that look like one team, on-call route or cost centre in two spellings: suggestions for people,
//! one for each pair of names however many services use them.

use std::collections::{BTreeMap, BTreeSet};

use super::references::Registers;
use super::remarks::Remarks;
use crate::catalog::Service;
use crate::catalog::field::Sourced;
use crate::catalog::origin::Origin;
use crate::diagnostic::{Code, codes};

/// Words that say what kind of thing a name means, and not which.
const WORDS_FOR_TEAMS: &[&str] =
    &["team", "teams", "squad", "crew", "group", "tribe", "guild", "dev", "devs"];
const WORDS_FOR_ROUTES: &[&str] = &[
    "primary",
    "oncall",
    "on",
    "call",
    "pager",
    "pagerduty",
    "opsgenie",
    "rota",
    "rotation",
    "schedule",
    "escalation",
    "alerts",
    "team",
];

/// Names in use, each with the first place that uses it and how many do.
#[derive(Default)]
struct Uses<'a>(BTreeMap<&'a str, Use>);

#[derive(Clone, Copy)]
struct Use {
    origin: Origin,
    count: usize,
    /// Known to the catalog folder, so the others are the other spellings.
    settled: bool,
}

impl<'a> Uses<'a> {
    fn add(&mut self, name: &'a str, origin: Origin, settled: bool) {
        let entry = self.0.entry(name).or_insert(Use { origin, count: 0, settled });
        entry.count += 1;
        entry.settled |= settled;
        entry.origin = entry.origin.min(origin);
    }

    /// Groups of names that `key` makes one, each beginning with the spelling to keep: a settled one, else
    /// the most used, else the first in the alphabet.
    fn groups<K: Ord>(&self, key: impl Fn(&str) -> Option<K>) -> Vec<Vec<(&'a str, Use)>> {
        let mut groups: BTreeMap<K, Vec<(&str, Use)>> = BTreeMap::new();
        for (name, of_name) in &self.0 {
            if let Some(key) = key(name) {
                groups.entry(key).or_default().push((name, *of_name));
            }
        }
        let mut groups: Vec<_> = groups.into_values().filter(|names| names.len() > 1).collect();
        for names in &mut groups {
            names.sort_by_key(|(name, of_name)| (!of_name.settled, std::cmp::Reverse(of_name.count), *name));
        }
        groups
    }
}

/// Suggests what may be one.
pub(super) fn suggest(registers: &Registers, remarks: &mut Remarks) {
    owners(registers, remarks);
    routes(registers, remarks);
    cost_centers(registers, remarks);
}

fn owners(registers: &Registers, remarks: &mut Remarks) {
    let mut uses = Uses::default();
    for team in registers.teams.table.iter() {
        uses.add(team.id.as_str(), team.origin, true);
    }
    for service in registers.services.table.iter().filter(|service| service.owner.is_none()) {
        if let Some(owner) = service.record.owner_team.sourced() {
            uses.add(&owner.value, owner.origin, false);
        }
    }
    for names in uses.groups(|name| stem(name, WORDS_FOR_TEAMS)) {
        let (kept, _) = names[0];
        for (name, other) in names.iter().skip(1).filter(|(_, other)| !other.settled) {
            let message = format!("`{name}` looks like the team `{kept}` in another spelling");
            let help =
                format!("if they are one, list `{name}` under the `aliases` of `{kept}`, or write `{kept}`");
            remarks.add(&codes::SIMILAR_OWNER, other.origin, name, message, help);
        }
    }
}

fn routes(registers: &Registers, remarks: &mut Remarks) {
    let mut uses = Uses::default();
    let mut known_aliases: BTreeSet<&str> = BTreeSet::new();
    for team in registers.teams.table.iter() {
        let contacts = &team.record.contacts;
        if let Some(route) = contacts.on_call.sourced() {
            uses.add(&route.value, route.origin, true);
        }
        known_aliases.extend(contacts.on_call_aliases.values().map(|alias| &**alias));
    }
    for service in registers.services.table.iter() {
        if let Some(route) = service.record.on_call.sourced().filter(|route| !route.value.contains("://")) {
            uses.add(&route.value, route.origin, false);
        }
    }
    uses.0.retain(|name, _| !known_aliases.contains(name));
    report(
        &uses.groups(|name| stem(name, WORDS_FOR_ROUTES)),
        "on-call route",
        &codes::SIMILAR_ON_CALL,
        remarks,
    );
}

fn cost_centers(registers: &Registers, remarks: &mut Remarks) {
    let mut all = Uses::default();
    let mut by_owner: BTreeMap<String, Uses<'_>> = BTreeMap::new();
    for service in registers.services.table.iter() {
        let Some(Sourced { value, origin }) = service.record.cost_center.sourced() else { continue };
        all.add(value, *origin, false);
        if let Some(owner) = owner(service, registers) {
            by_owner.entry(owner).or_default().add(value, *origin, false);
        }
    }
    for product in registers.products.table.iter() {
        if let Some(cost_center) = product.record.cost_center.sourced()
            && let Some(of_name) = all.0.get_mut(&*cost_center.value)
        {
            of_name.settled = true;
        }
    }
    // One text but for separators and case is one cost centre whoever pays.
    let spelt = all.groups(|name| {
        Some(name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase())
    });
    report(&spelt, "cost centre", &codes::SIMILAR_COST_CENTER, remarks);
    let reported: BTreeSet<&str> =
        spelt.iter().flat_map(|names| names.iter().skip(1).map(|(name, _)| *name)).collect();
    // Names that begin alike are one for one owner only.
    for mut uses in by_owner.into_values() {
        uses.0.retain(|name, _| !reported.contains(name));
        for (name, of_name) in &mut uses.0 {
            of_name.settled = all.0.get(name).is_some_and(|everywhere| everywhere.settled);
        }
        report(&uses.groups(beginning), "cost centre", &codes::SIMILAR_COST_CENTER, remarks);
    }
}

/// What makes two services those of one owner: the team, else the name without words for teams.
fn owner(service: &Service, registers: &Registers) -> Option<String> {
    if let Some(team) = service.owner {
        return stem(registers.teams.table[team].id.as_str(), WORDS_FOR_TEAMS);
    }
    stem(service.record.owner_team.value()?, WORDS_FOR_TEAMS)
}

fn report(groups: &[Vec<(&str, Use)>], noun: &str, code: &'static Code, remarks: &mut Remarks) {
    for names in groups {
        let (kept, _) = names[0];
        for (name, other) in names.iter().skip(1).filter(|(_, other)| !other.settled) {
            let message = format!("`{name}` looks like the {noun} `{kept}` in another spelling");
            let help = format!("if they are one, write `{kept}`");
            remarks.add(code, other.origin, name, message, help);
        }
    }
}

/// The words of a name without those that say only what kind of thing it is; `None` when nothing is left.
fn stem(name: &str, left_out: &[&str]) -> Option<String> {
    let name = name.to_lowercase();
    let words: Vec<&str> = name
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty() && !left_out.contains(word))
        .collect();
    (!words.is_empty()).then(|| words.join("-"))
}

/// The first letters of a name in words. Codes, such as `cc-4711`, differ on purpose and have none.
fn beginning(name: &str) -> Option<String> {
    let letters: String = name.chars().take_while(|c| c.is_alphabetic()).take(3).collect();
    let is_code = name.chars().any(|c| c.is_ascii_digit());
    (!is_code && letters.chars().count() == 3).then(|| letters.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_kinds_of_things_do_not_tell_names_apart() {
        let team = |name| stem(name, WORDS_FOR_TEAMS);
        assert_eq!(team("regulatory-platform"), team("Regulatory Platform Team"));
        assert_ne!(team("regulatory-platform"), team("platform"));
        assert_eq!(team("team"), None);
        let route = |name| stem(name, WORDS_FOR_ROUTES);
        assert_eq!(route("regulatory-platform-primary"), route("regulatory-platform-oncall"));
        assert_ne!(route("checkout-primary"), route("checkout-secondary"));
    }

    #[test]
    fn codes_have_no_beginning() {
        assert_eq!(beginning("regtech-platform"), beginning("regulatory-systems"));
        assert_eq!(beginning("cc-4711"), None);
        assert_eq!(beginning("it"), None);
    }
}
