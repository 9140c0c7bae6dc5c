//! Four eyes: the approvals of one person count for one of the roles that policy demands (semantics §3).

use std::collections::BTreeMap;
use std::collections::VecDeque;

use super::approvals::bare;
use crate::assess::context::Setting;
use crate::assess::people::known;
use crate::catalog::people::{Unasked, folded, team_address};
use crate::catalog::{Catalog, Team};

/// Somebody, whatever the spelling: a team of the catalog by its id, else the bare handle or address.
pub(super) fn somebody(catalog: &Catalog, name: &str) -> String {
    match team(catalog, name) {
        Some(team) => format!("team {}", catalog.teams.rows()[team].id),
        None => bare(name),
    }
}

/// Whether `name` is listed in the team, as a member or as who leads it, or belongs to one of its teams on GitHub;
/// why nobody can say so, when that is not known.
pub(super) fn is_member(setting: Setting<'_>, team: &Team, name: &str) -> Result<bool, String> {
    let listed = team.record.members.values().chain(team.record.lead.value());
    if !bare(name).is_empty() && listed.into_iter().any(|member| bare(member) == bare(name)) {
        return Ok(true);
    }
    let mut unknown = None;
    for address in team.record.github.values() {
        let Some((organisation, slug)) = team_address(address) else { continue };
        let directory = match setting.catalog.people.of(organisation) {
            Ok(directory) => directory,
            // Where nobody asked, the catalog's own list is all there is.
            Err(Unasked::Nobody) => continue,
            Err(why @ Unasked::SeveralHosts) => {
                let why = why.reason(organisation);
                unknown = Some(format!("who is in `{address}` on GitHub is not known: {why}"));
                continue;
            }
        };
        match known(setting.catalog, directory, setting.now) {
            Ok(listing) if listing.team(slug).is_none() && !listing.secret_teams => {
                unknown = Some(format!("`{address}` is not shown by GitHub, and may be a secret team"));
            }
            Ok(listing) if listing.everybody_in(slug).contains_key(&*folded(&bare(name))) => return Ok(true),
            Ok(_) => {}
            Err(why) => unknown = Some(format!("who is in `{address}` on GitHub is not known: {why}")),
        }
    }
    unknown.map_or(Ok(false), Err)
}

/// The team that `name` means, by id or alias. Handles and addresses are people.
pub(super) fn team(catalog: &Catalog, name: &str) -> Option<usize> {
    if name.contains('@') {
        return None;
    }
    catalog.teams.find(&bare(name)).map(|team| team.position()).or_else(|| {
        let is_alias = |team: &Team| team.record.aliases.values().any(|alias| bare(alias) == bare(name));
        catalog.teams.iter().position(is_alias)
    })
}

/// Gives everybody one of the roles in which they approve, so that as many roles as possible have somebody.
/// `approvals` are pairs of a person and the position of a role, in the order of the file.
pub(super) fn one_role_each<'n>(roles: usize, approvals: &[(&'n str, usize)]) -> BTreeMap<&'n str, usize> {
    let mut candidates: Vec<Vec<&str>> = vec![Vec::new(); roles];
    for (person, role) in approvals {
        candidates[*role].push(person);
    }
    let mut given: BTreeMap<&str, usize> = BTreeMap::new();
    for role in 0..roles {
        fill(role, &candidates, &mut given);
    }
    // Who is not needed anywhere counts where they approve first.
    for (person, role) in approvals {
        given.entry(person).or_insert(*role);
    }
    given
}

/// Finds somebody for `role`; whoever stands in another one may move on, if that one finds somebody else.
fn fill<'n>(role: usize, candidates: &[Vec<&'n str>], given: &mut BTreeMap<&'n str, usize>) {
    // Who was reached, and for which role.
    let mut reached: BTreeMap<&str, usize> = BTreeMap::new();
    let mut waiting = VecDeque::from([role]);
    while let Some(wanted) = waiting.pop_front() {
        for &person in &candidates[wanted] {
            if reached.contains_key(person) {
                continue;
            }
            reached.insert(person, wanted);
            match given.get(person) {
                Some(&held) => waiting.push_back(held),
                None => return hand_over(person, &reached, given),
            }
        }
    }
}

/// Everybody on the way from the free `person` back takes the role they were reached for. The way ends at the
/// one role that nobody holds.
fn hand_over<'n>(
    mut person: &'n str,
    reached: &BTreeMap<&'n str, usize>,
    given: &mut BTreeMap<&'n str, usize>,
) {
    loop {
        let taken = reached[person];
        let leaves = given.iter().find(|(_, held)| **held == taken).map(|(leaves, _)| *leaves);
        given.insert(person, taken);
        match leaves {
            Some(leaves) => person = leaves,
            None => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::one_role_each;

    fn given(approvals: &[(&str, usize)]) -> Vec<(String, usize)> {
        one_role_each(3, approvals).into_iter().map(|(person, role)| (person.to_owned(), role)).collect()
    }

    fn wanted(of: &[(&str, usize)]) -> Vec<(String, usize)> {
        of.iter().map(|(person, role)| ((*person).to_owned(), *role)).collect()
    }

    #[test]
    fn one_person_has_one_role() {
        assert_eq!(given(&[("a", 0), ("a", 1)]), wanted(&[("a", 0)]));
        assert_eq!(given(&[("a", 0), ("b", 1)]), wanted(&[("a", 0), ("b", 1)]));
    }

    #[test]
    fn who_can_do_two_things_does_the_one_that_nobody_else_can() {
        assert_eq!(given(&[("a", 0), ("a", 1), ("b", 0)]), wanted(&[("a", 1), ("b", 0)]));
        assert_eq!(given(&[("a", 1), ("a", 0), ("b", 1)]), wanted(&[("a", 0), ("b", 1)]));
        let chain = [("a", 0), ("a", 1), ("b", 1), ("b", 2), ("c", 0)];
        assert_eq!(given(&chain), wanted(&[("a", 1), ("b", 2), ("c", 0)]));
    }

    #[test]
    fn who_is_not_needed_counts_where_they_approve() {
        assert_eq!(given(&[("a", 0), ("b", 0)]), wanted(&[("a", 0), ("b", 0)]));
    }
}
