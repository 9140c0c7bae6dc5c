//! What is wrong with whom the catalog and `CODEOWNERS` name, reported at the line that names them.

use std::collections::{BTreeMap, BTreeSet};

use super::{Standing, State, known};
use crate::catalog::nearest::nearest;
use crate::catalog::origin::{FileIndex, Origin};
use crate::catalog::people::{Listing, OwnersError, folded, login, team_address};
use crate::catalog::{Catalog, Team};
use crate::day::{Day, Moment};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, codes};
use crate::words;

/// How many people a message names.
const NAMED: usize = 5;

/// For how many names the one that was meant is looked for.
const SUGGESTIONS: usize = 500;

/// What GitHub calls an owner that it does not know, or that may not write.
const UNKNOWN_OWNER: &str = "Unknown owner";

/// Reports what is wrong.
pub(in crate::assess) fn judge(catalog: &Catalog, now: Moment, diagnostics: &mut Diagnostics) {
    if catalog.people.directories.is_empty() && catalog.people.owners_errors.is_empty() {
        return;
    }
    let mut found = Findings { catalog, now, diagnostics, suggestions: BTreeMap::new() };
    for team in catalog.teams.iter() {
        found.team(team);
    }
    let said = found.code_owners();
    for error in &catalog.people.owners_errors {
        found.owners_error(error, &said);
    }
}

struct Findings<'a, 'd> {
    catalog: &'a Catalog,
    now: Moment,
    diagnostics: &'d mut Diagnostics,
    /// What was probably meant by names that do not exist.
    suggestions: BTreeMap<Box<str>, Option<String>>,
}

impl<'a> Findings<'a, '_> {
    fn add(&mut self, code: &'static Code, origin: Origin, message: String, help: String) {
        let mut diagnostic = Diagnostic::new(code, message).help(help);
        diagnostic.place = self.catalog.files.place(origin);
        self.diagnostics.push(diagnostic);
    }

    fn team(&mut self, team: &'a Team) {
        let standing = Standing::of(self.catalog, team, self.now);
        for one in &standing.teams {
            if let State::Missing { listing, .. } = one.state {
                let named = &one.named.value;
                let unseen = unseen(listing);
                let message =
                    format!("the team `{}` names `{named}`, which GitHub does not have{unseen}", team.id);
                let help = self.meant(named, listing, "name the team that took over, or take it out");
                self.add(&codes::UNKNOWN_GITHUB_TEAM, one.named.origin, message, help);
            }
        }
        for gone in &standing.departed {
            let message = format!("`{}` of the team `{}` is {}", gone.value, team.id, self.nowhere());
            let help = "take them out of the record, or mend the handle";
            self.add(&codes::DEPARTED_MEMBER, gone.origin, message, help.to_owned());
        }
        self.few(team, &standing);
        self.differ(team, &standing);
    }

    /// `not among the people of` all organisations that were asked, the only one by name.
    fn nowhere(&self) -> String {
        match &*self.catalog.people.directories {
            [one] => format!("not among the people of `{}`", one.organisation),
            all => format!("among the people of none of the {} organisations that were asked", all.len()),
        }
    }

    /// A team that owns services and of which GitHub knows one member or none. What the record says itself of so
    /// few is said there.
    fn few(&mut self, team: &'a Team, standing: &Standing<'a>) {
        let Some(people) = &standing.people else { return };
        let declared = team.record.members.items.len();
        if team.services.is_empty() || declared == people.len() {
            return;
        }
        let names: Vec<&str> = standing.teams.iter().map(|one| &*one.named.value).collect();
        let (names, services) =
            (words::list(&names), words::count(team.services.len(), "service", "services"));
        let origin = standing.teams[0].named.origin;
        match people.values().next() {
            None => {
                let message =
                    format!("the team `{}` owns {services}, and has nobody on GitHub in {names}", team.id);
                let help = "add its people there, or name the team in which they are";
                self.add(&codes::EMPTY_TEAM, origin, message, help.to_owned());
            }
            Some(one) if people.len() == 1 => {
                let message = format!(
                    "the team `{}` owns {services}, and has one member on GitHub, `{one}` in {names}",
                    team.id
                );
                self.add(&codes::TEAM_OF_ONE, origin, message, "find somebody to stand in".to_owned());
            }
            Some(_) => {}
        }
    }

    fn differ(&mut self, team: &'a Team, standing: &Standing<'a>) {
        let Standing { people, only_declared, only_there, .. } = standing;
        // That nobody is there at all is said already.
        if people.as_ref().is_none_or(|people| people.is_empty()) && !team.services.is_empty() {
            return;
        }
        let mut parts = Vec::new();
        if !only_declared.is_empty() {
            let names = words::first(only_declared, NAMED);
            parts.push(format!("{} only in the record ({names})", only_declared.len()));
        }
        if !only_there.is_empty() {
            parts.push(format!("{} only on GitHub ({})", only_there.len(), words::first(only_there, NAMED)));
        }
        if parts.is_empty() {
            return;
        }
        let message = format!("the members of `{}` differ from GitHub: {}", team.id, parts.join(", "));
        let help = "bring both lists in line; on-call and approvals rest on the record";
        let origin = team.record.members.origin.unwrap_or(team.origin);
        self.add(&codes::MEMBERS_DIFFER, origin, message, help.to_owned());
    }

    /// Owners in `CODEOWNERS` that are not there; gives the lines that were reported.
    fn code_owners(&mut self) -> BTreeSet<(FileIndex, u32)> {
        let catalog = self.catalog;
        let mut said = BTreeSet::new();
        for owner in &catalog.people.code_owners {
            let (organisation, slug) = match team_address(&owner.name) {
                Some((organisation, slug)) => (organisation, Some(slug)),
                None => (&*owner.home.organisation, None),
            };
            let Some(directory) = catalog.people.beside(&owner.home, organisation) else { continue };
            let Ok(listing) = known(catalog, directory, self.now) else { continue };
            let name = &owner.name;
            match (slug, login(name)) {
                (Some(slug), _) if listing.team(slug).is_none() => {
                    let message = format!(
                        "`{name}` reviews nothing: `{organisation}` has no such team{}",
                        unseen(listing)
                    );
                    let help = self.meant(name, listing, "name the team that took over");
                    self.add(&codes::UNKNOWN_CODE_OWNER, owner.origin, message, help);
                }
                (None, Some(login)) if !listing.has(login) => {
                    let message = format!("`{name}` reviews here, and does not belong to `{organisation}`");
                    let help = "name somebody who is there, or better a team, unless they work from outside";
                    self.add(&codes::CODE_OWNER_OUTSIDE, owner.origin, message, help.to_owned());
                }
                _ => continue,
            }
            if let Origin::File { file, mark } = owner.origin {
                said.insert((file, mark.line));
            }
        }
        said
    }

    /// What GitHub finds wrong itself. Whom it does not know changes without a commit, so that is as old as any
    /// other observation; what it cannot read stays so until the file changes.
    fn owners_error(&mut self, error: &OwnersError, said: &BTreeSet<(FileIndex, u32)>) {
        if *error.kind == *UNKNOWN_OWNER {
            let is_future = Day::of(error.seen, &self.catalog.zone) > Day::of(self.now, &self.catalog.zone);
            let is_said = match error.origin {
                Origin::File { file, mark } => said.contains(&(file, mark.line)),
                _ => false,
            };
            if is_future || is_said || self.now.since(error.seen) > self.catalog.fact_max_age {
                return;
            }
        }
        let message = format!("GitHub finds a mistake here: `{}`", error.kind.replace('`', "'"));
        let help = match &error.suggestion {
            Some(suggestion) => format!("GitHub says: {suggestion}"),
            None => "mend the line; GitHub passes over it, and nobody is asked to review".to_owned(),
        };
        self.add(&codes::BROKEN_CODEOWNERS, error.origin, message, help);
    }

    /// The team that was probably meant by `name`, else `otherwise`.
    fn meant(&mut self, name: &str, listing: &Listing, otherwise: &str) -> String {
        let Some((organisation, slug)) = team_address(name) else { return otherwise.to_owned() };
        if let Some(now) = listing.renamed(slug) {
            return format!("it is called `{organisation}/{now}` now");
        }
        let key = folded(name.trim_start_matches('@'));
        if !self.suggestions.contains_key(&key) && self.suggestions.len() < SUGGESTIONS {
            let meant =
                nearest(slug, listing.slugs()).map(|meant| format!("did you mean `{organisation}/{meant}`?"));
            self.suggestions.insert(key.clone(), meant);
        }
        self.suggestions.get(&key).cloned().flatten().unwrap_or_else(|| otherwise.to_owned())
    }
}

/// What has to be said when secret teams are not among those that were listed.
fn unseen(listing: &Listing) -> &'static str {
    if listing.secret_teams { "" } else { ", or does not show because it is secret" }
}
