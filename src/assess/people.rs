//! People: whether those whom the catalog and `CODEOWNERS` name are still there, as far as their host said lately.
//! Nothing is claimed of an organisation that did not answer, or whose answer is too old.

mod findings;

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::field::Sourced;
use crate::catalog::people::{Directory, Listing, folded, login, team_address};
use crate::catalog::team::TeamStatus;
use crate::catalog::{Catalog, Team};
use crate::collect::snapshot::ObservedTeam;
use crate::day::{Day, Moment};

pub(super) use findings::judge;

/// What is known of the teams of one team of the catalog, and where both differ.
#[derive(Debug, Default)]
pub struct Standing<'a> {
    /// Those that its record names, in the order of the record.
    pub teams: Vec<OnGithub<'a>>,
    /// Everybody in them, by login in small letters; `None` unless all of them are known and there.
    pub people: Option<BTreeMap<Box<str>, &'a str>>,
    /// How many members and leads the record names otherwise than by a handle, such as by mail: they cannot be compared.
    pub named_otherwise: usize,
    /// Members of the record who are in none of them, as written.
    pub only_declared: Vec<&'a str>,
    /// Logins of their own members whom the record does not name.
    pub only_there: Vec<&'a str>,
    /// The lead and members of the record who belong to no organisation that was asked.
    pub departed: Vec<&'a Sourced<Box<str>>>,
}

/// One team as its host knows it.
#[derive(Debug)]
pub struct OnGithub<'a> {
    /// As the record names it.
    pub named: &'a Sourced<Box<str>>,
    /// What is known of it.
    pub state: State<'a>,
}

/// What is known of a team.
#[derive(Debug)]
pub enum State<'a> {
    /// It is there.
    There {
        /// What was seen.
        team: &'a ObservedTeam,
        /// The whole answer it is part of.
        directory: &'a Directory,
        /// How many people are in it and in the teams below it.
        people: usize,
    },
    /// A complete listing does not have it; unless secret teams are left out of it, it is gone.
    Missing {
        /// That listing.
        listing: &'a Listing,
        /// The whole answer.
        directory: &'a Directory,
    },
    /// Nobody can say, and why.
    Unknown(String),
}

/// What `directory` says, or why that is not known at `now`.
pub fn known<'a>(catalog: &Catalog, directory: &'a Directory, now: Moment) -> Result<&'a Listing, String> {
    let listing = directory.answer.as_ref().map_err(ToString::to_string)?;
    let day = Day::of(directory.collected_at, &catalog.zone);
    if day > Day::of(now, &catalog.zone) {
        return Err(format!("`{}` was only asked on {day}", directory.organisation));
    }
    if now.since(directory.collected_at) > catalog.fact_max_age {
        let why = directory.carried.as_ref().map(|why| format!("; since then: {why}")).unwrap_or_default();
        let age = catalog.fact_max_age;
        return Err(format!("what was seen on {day} is older than {age}, the longest it may be used{why}"));
    }
    Ok(listing)
}

impl<'a> Standing<'a> {
    /// What is known of `team` at `now`. Of a team that is no more nothing is asked.
    pub fn of(catalog: &'a Catalog, team: &'a Team, now: Moment) -> Self {
        let record = &team.record;
        if catalog.people.directories.is_empty() || record.status.value() == Some(&TeamStatus::Dissolved) {
            return Self::default();
        }
        let teams: Vec<OnGithub<'a>> = record
            .github
            .items
            .iter()
            .map(|named| OnGithub { named, state: state(catalog, &named.value, now) })
            .collect();
        let mut standing = Self { teams, ..Self::default() };
        standing.departed = standing.departed(catalog, team, now);
        standing.compare(team);
        standing
    }

    /// Who differs between the record and its teams, when all of them are there.
    fn compare(&mut self, team: &'a Team) {
        let (mut own, mut people) = (BTreeMap::new(), BTreeMap::new());
        for on_github in &self.teams {
            let State::There { team, directory, .. } = &on_github.state else { return };
            let Ok(listing) = &directory.answer else { return };
            own.extend(team.members.iter().map(|login| (folded(login), &**login)));
            people.extend(listing.everybody_in(&team.slug));
        }
        if self.teams.is_empty() {
            return;
        }
        let members = &team.record.members.items;
        let mut declared: BTreeSet<Box<str>> = BTreeSet::new();
        let mut others = 0;
        for member in members.iter().map(|member| &member.value).chain(team.record.lead.value()) {
            match login(member) {
                Some(login) => _ = declared.insert(folded(login)),
                None => others += 1,
            }
        }
        self.named_otherwise = others;
        if !members.is_empty() {
            let departed: BTreeSet<&str> = self.departed.iter().map(|gone| &*gone.value).collect();
            let is_missing =
                |member: &&str| login(member).is_some_and(|login| !people.contains_key(&folded(login)));
            let named = members.iter().map(|member| &*member.value);
            self.only_declared =
                named.filter(is_missing).filter(|member| !departed.contains(member)).collect();
            // Whoever is named by an address of mail may be anybody there.
            if others == 0 {
                let unnamed = own.into_iter().filter(|(login, _)| !declared.contains(login));
                self.only_there = unnamed.map(|(_, login)| login).collect();
            }
        }
        self.people = Some(people);
    }

    /// The lead and members who belong to no organisation. Nobody is gone while one organisation is not known.
    fn departed(&self, catalog: &'a Catalog, team: &'a Team, now: Moment) -> Vec<&'a Sourced<Box<str>>> {
        if self.teams.iter().any(|one| matches!(one.state, State::Unknown(_))) {
            return Vec::new();
        }
        let all = catalog.people.directories.iter().map(|directory| known(catalog, directory, now));
        let Ok(all) = all.collect::<Result<Vec<&Listing>, String>>() else { return Vec::new() };
        let mut seen = BTreeSet::new();
        let record = &team.record;
        let named = record.lead.sourced().into_iter().chain(&record.members.items);
        let is_gone = |one: &&Sourced<Box<str>>| {
            login(&one.value).is_some_and(|login| !all.iter().any(|listing| listing.has(login)))
        };
        named.filter(is_gone).filter(|one| seen.insert(folded(&one.value))).collect()
    }
}

fn state<'a>(catalog: &'a Catalog, name: &str, now: Moment) -> State<'a> {
    let Some((organisation, slug)) = team_address(name) else {
        return State::Unknown("it is not written as `org/team`".to_owned());
    };
    let directory = match catalog.people.of(organisation) {
        Ok(directory) => directory,
        Err(why) => return State::Unknown(why.reason(organisation)),
    };
    match known(catalog, directory, now) {
        Err(reason) => State::Unknown(reason),
        Ok(listing) => match listing.team(slug) {
            Some(team) => State::There { team, directory, people: listing.everybody_in(slug).len() },
            None => State::Missing { listing, directory },
        },
    }
}
