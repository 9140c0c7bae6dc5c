//! Whom an exception concerns: the team that answers for it, and every team that should know of it.

use crate::catalog::id::TeamId;
use crate::catalog::table::Index;
use crate::catalog::{Catalog, Exception, Team};

/// The team that answers for `exception`: the one that owns the service, else the one that asked.
pub fn answering(catalog: &Catalog, exception: &Exception) -> Option<Index<Team>> {
    let owner = exception.service.and_then(|service| catalog.services[service].owner);
    owner.or_else(|| catalog.teams.find(exception.record.requested_by.value()?))
}

/// Who answers for `exception` in person: its owner, else who asked for it.
pub fn answers(exception: &Exception) -> Option<&str> {
    let record = &exception.record;
    record.owner.value().or_else(|| record.requested_by.value()).map(|name| &**name)
}

/// For each team the exceptions that concern it: those of its services, and those that it asked for or
/// answers for itself.
pub fn of_teams(catalog: &Catalog) -> Vec<Vec<Index<Exception>>> {
    let mut of_team = vec![Vec::new(); catalog.teams.len()];
    let names = names_of_teams(catalog);
    let named = |name: Option<&str>| {
        let name = name?;
        let found = names.binary_search_by(|(own, _)| (*own).cmp(name)).ok()?;
        Some(names[found].1)
    };
    for (index, exception) in catalog.exceptions.indexed() {
        let text =
            |field: &'_ crate::catalog::field::Field<Box<str>>| named(field.value().map(|text| &**text));
        let owner = exception.service.and_then(|service| catalog.services[service].owner);
        let teams = [owner, text(&exception.record.requested_by), text(&exception.record.owner)];
        for team in teams.into_iter().flatten() {
            let list: &mut Vec<Index<Exception>> = &mut of_team[team.position()];
            if list.last() != Some(&index) {
                list.push(index);
            }
        }
    }
    of_team
}

/// Ids and aliases of teams, sorted; an id beats an alias.
fn names_of_teams(catalog: &Catalog) -> Vec<(&str, Index<Team>)> {
    let ids = catalog.teams.indexed().map(|(index, team)| (TeamId::as_str(&team.id), index));
    let aliases = catalog
        .teams
        .indexed()
        .flat_map(|(index, team)| team.record.aliases.values().map(move |alias| (&**alias, index)));
    let mut names: Vec<(&str, Index<Team>)> = ids.chain(aliases).collect();
    names.sort_by_key(|(name, _)| *name);
    names.dedup_by_key(|(name, _)| *name);
    names
}
