//! Teams: their names, parents and children, and what is odd about them.

use super::declared::identified;
use super::foreign::is_foreign;
use super::names::Register;
use super::remarks::Remarks;
use crate::catalog::Team;
use crate::catalog::field::Sourced;
use crate::catalog::filing::Filing;
use crate::catalog::folder::Raw;
use crate::catalog::id::TeamId;
use crate::catalog::origin::Origin;
use crate::catalog::table::{Index, Table};
use crate::catalog::team::{self, TeamStatus};
use crate::diagnostic::codes;

/// The teams, by every name that means one.
pub(super) fn resolve(
    raws: Vec<Raw<team::Team>>,
    filing: &Filing<'_>,
    remarks: &mut Remarks,
) -> Register<Team> {
    let rows = identified(raws, filing, remarks)
        .into_iter()
        .filter_map(|(id, raw)| {
            Some(Team {
                id: TeamId::new(&id)?,
                origin: raw.origin(),
                record: raw.record,
                parent: None,
                children: Vec::new(),
                services: Vec::new(),
            })
        })
        .collect();
    let help = "write the id of a team in `teams/`, or add the team";
    let mut teams = Register::new(Table::new(rows).0, "team", &codes::UNKNOWN_TEAM, help);
    aliases(&mut teams, remarks);
    parents(&mut teams, remarks);
    // Other tools keep members elsewhere, so a list that they leave empty says nothing.
    let own = |team: &&Team| !is_foreign(&team.record.members, team.origin, filing);
    for team in teams.table.iter().filter(own) {
        members(team, remarks);
    }
    teams
}

fn aliases(teams: &mut Register<Team>, remarks: &mut Remarks) {
    for position in 0..teams.table.len() {
        let index = Index::new(position);
        let record = &teams.table[index].record;
        let aliases: Vec<Sourced<Box<str>>> =
            record.aliases.items.iter().chain(&record.github.items).map(bare).collect();
        for alias in aliases {
            teams.alias(&alias.value, alias.origin, index, remarks);
        }
    }
}

/// A name as others write it: GitHub teams have no `@` in front.
fn bare(name: &Sourced<Box<str>>) -> Sourced<Box<str>> {
    Sourced { value: name.value.trim_start_matches('@').into(), origin: name.origin }
}

fn parents(teams: &mut Register<Team>, remarks: &mut Remarks) {
    let named: Vec<Option<Sourced<TeamId>>> =
        teams.table.iter().map(|team| team.record.parent.sourced().cloned()).collect();
    let mut parents: Vec<Option<Index<Team>>> = named
        .into_iter()
        .map(|parent| parent.and_then(|parent| teams.refer(parent.value.as_str(), parent.origin, remarks)))
        .collect();
    for position in circles(&parents) {
        let team = &teams.table.rows()[position];
        let origin = team.record.parent.origin().unwrap_or(team.origin);
        let parent = team.record.parent.value().map_or("", TeamId::as_str);
        let message = format!("the team `{}` is part of itself, through `{parent}`", team.id);
        remarks.add(&codes::TEAM_CYCLE, origin, parent, message, "name a parent that stands above both");
        parents[position] = None;
    }
    for (position, parent) in parents.into_iter().enumerate() {
        let teams = teams.table.rows_mut();
        teams[position].parent = parent;
        if let Some(parent) = parent {
            teams[parent.position()].children.push(Index::new(position));
        }
    }
}

/// The team that answers for something under `name`, as it stands at `origin`; reports one that does not
/// exist, or no longer does.
pub(super) fn answerable(
    name: &str,
    origin: Origin,
    teams: &mut Register<Team>,
    remarks: &mut Remarks,
) -> Option<Index<Team>> {
    let index = teams.refer(name, origin, remarks)?;
    let team = &teams.table[index];
    if team.record.status.value() == Some(&TeamStatus::Dissolved) {
        let message = format!("the team `{}` is dissolved", team.id);
        let help = "name the team that took over";
        remarks.add(&codes::DISSOLVED_TEAM, origin, name, message, help);
    }
    Some(index)
}

/// Positions that following the parents leads back to.
fn circles<T>(parents: &[Option<Index<T>>]) -> Vec<usize> {
    // The walk in which a position was first met; 0 when it was not.
    let mut met = vec![0; parents.len()];
    let mut circles = Vec::new();
    for start in 0..parents.len() {
        let walk = start + 1;
        let mut at = Some(start);
        while let Some(position) = at.filter(|&position| met[position] == 0) {
            met[position] = walk;
            at = parents[position].map(Index::position);
        }
        // Met in this very walk: everything from here around is a circle.
        if let Some(entry) = at.filter(|&position| met[position] == walk) {
            let mut position = entry;
            loop {
                circles.push(position);
                position = parents[position].expect("a circle has no end").position();
                if position == entry {
                    break;
                }
            }
        }
    }
    circles.sort_unstable();
    circles
}

fn members(team: &Team, remarks: &mut Remarks) {
    if team.record.status.value() == Some(&TeamStatus::Dissolved) {
        return;
    }
    let origin = team.record.members.origin.unwrap_or(team.origin);
    let id = &team.id;
    match team.record.members.items.as_slice() {
        [] => {
            let help = "list its `members`, or mark it `status: dissolved`";
            remarks.add(
                &codes::EMPTY_TEAM,
                origin,
                "",
                format!("the record of the team `{id}` lists no members"),
                help,
            );
        }
        [one] => {
            let message = format!("the record of the team `{id}` lists one member, `{}`", one.value);
            let help = "find somebody to stand in";
            remarks.add(&codes::TEAM_OF_ONE, one.origin, &one.value, message, help);
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::{Index, circles};

    #[test]
    fn only_what_lies_on_a_circle_is_found() {
        let to = |position: usize| Some(Index::<()>::new(position));
        // 0 → 1 → 2 → 1; 3 → 3; 4 → 0; 5 stands alone.
        assert_eq!(circles(&[to(1), to(2), to(1), to(3), to(0), None]), [1, 2, 3]);
        assert!(circles(&[to(1), None, to(1)]).is_empty());
    }
}
