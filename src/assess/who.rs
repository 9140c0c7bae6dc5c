//! Whose a thing is that somebody asks about: an ARN, an account, a path in a repository, a tag, a host, a
//! name. The command asks here, and the portal's index is made of the same answers.

pub mod asked;
pub mod carriers;
mod paths;
pub mod questions;
mod strangers;
mod tagged;

use std::collections::{BTreeMap, BTreeSet};

use super::ownership::{Owners, Ownership};
use super::tag_report;
use crate::catalog::files::speaks_for;
use crate::catalog::id::AccountId;
use crate::catalog::ledger::RepositoryClass;
use crate::catalog::listings::Listings;
use crate::catalog::nearest::nearest;
use crate::catalog::origin::Origin;
use crate::catalog::ownership::Owner;
use crate::catalog::policy::TagPolicy;
use crate::catalog::resource::{Resource, UNTOLD};
use crate::catalog::table::Index;
use crate::catalog::{Catalog, Service, Team};
use crate::collect::snapshot::ReportedTags;
use crate::words;
use asked::Asked;

/// Owners named at most of what many share.
const MOST: usize = 20;

/// What is asked about, and who stands behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thing {
    /// What it is called.
    pub name: String,
    /// `a resource`, `an account` …
    pub kind: &'static str,
    /// Whoever stands behind it.
    pub held: Vec<Held>,
    /// Whether nobody is known to own some of it.
    pub is_partly_unowned: bool,
    /// What else has to be said, above all what is not known.
    pub notes: Vec<String>,
}

/// Somebody who stands behind a thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The service.
    pub service: Option<Index<Service>>,
    /// The team that answers.
    pub team: Option<Index<Team>>,
    /// Why it is contested, when it is.
    pub contested: Option<String>,
    /// Whether it is claimed for a service that does not declare its account.
    pub undeclared_account: bool,
    /// Every reason, in the order in which they count.
    pub because: Vec<Because>,
}

/// One reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Because {
    /// The word for what it rests on.
    pub ground: &'static str,
    /// The reason in words.
    pub says: String,
    /// Where that is said.
    pub origin: Origin,
}

/// Finds out whose things are: made once, asked for many.
#[derive(Debug)]
pub struct Finder<'a> {
    catalog: &'a Catalog,
    owners: Owners<'a>,
    listings: Listings<'a>,
    /// Services whose records name an address at a host, with the position of the first such link.
    hosts: BTreeMap<String, Vec<(Index<Service>, usize)>>,
    /// Repositories that were read.
    read: BTreeSet<Box<str>>,
    /// Those with descriptors that could not be read: paths of these by the folder that they speak for.
    half_read: BTreeMap<Box<str>, BTreeMap<&'a str, &'a str>>,
}

impl Thing {
    fn new(name: &str, kind: &'static str) -> Self {
        Self { name: name.to_owned(), kind, held: Vec::new(), is_partly_unowned: false, notes: Vec::new() }
    }

    /// Whether nothing can be said of it.
    pub fn is_unheard_of(&self) -> bool {
        self.held.is_empty() && self.notes.is_empty()
    }

    fn heard_of(self) -> Option<Self> {
        (!self.is_unheard_of()).then_some(self)
    }
}

impl Held {
    fn nobody() -> Self {
        Self { service: None, team: None, contested: None, undeclared_account: false, because: Vec::new() }
    }

    /// The route that alarms take: that of the service, else that of its team.
    pub fn on_call<'a>(&self, catalog: &'a Catalog) -> Option<&'a str> {
        let of_service = self.service.and_then(|service| catalog.services[service].record.on_call.value());
        let of_team = || catalog.teams[self.team?].record.contacts.on_call.value();
        of_service.or_else(of_team).map(|route| &**route)
    }
}

/// What follows for a resource of which AWS only reports that it is there.
fn reported(said: &ReportedTags) -> String {
    let mut note = format!(
        "whose it is remains unknown, because {UNTOLD}, and tags say most; reasons without them are what is known"
    );
    if let Some(said) = tag_report::words(said) {
        note.push_str(&format!("; {said}"));
    }
    note
}

/// Keys that policy knows, required ones and what is accepted in their place.
pub fn keys(policy: &TagPolicy) -> impl Iterator<Item = &str> {
    let required = policy.required.values();
    required.flat_map(|tag| tag.key.value().into_iter().chain(tag.aliases.values()).map(|key| &**key))
}

impl<'a> Finder<'a> {
    /// Everything that can be asked about `catalog`.
    pub fn of(catalog: &'a Catalog) -> Self {
        let mut hosts: BTreeMap<String, Vec<(Index<Service>, usize)>> = BTreeMap::new();
        for (index, service) in catalog.services.indexed() {
            for (position, link) in service.documents.iter().enumerate() {
                let Some(host) = asked::host(&link.target).filter(|_| link.target.contains("://")) else {
                    continue;
                };
                let known = hosts.entry(host).or_default();
                if known.last().is_none_or(|(last, _)| *last != index) {
                    known.push((index, position));
                }
            }
        }
        let read = catalog.ledger.repositories.iter();
        let mut half_read: BTreeMap<Box<str>, BTreeMap<&str, &str>> = BTreeMap::new();
        for entry in catalog.ledger.unreadable.iter().map(|one| &catalog.files[one.file]) {
            let folders = half_read.entry(entry.repository.to_ascii_lowercase().into()).or_default();
            folders.entry(speaks_for(&entry.path)).or_insert(&entry.path);
        }
        Self {
            catalog,
            owners: Owners::of(catalog),
            listings: Listings::of(&catalog.tag_listings),
            hosts,
            read: read
                .filter(|row| !matches!(row.class, RepositoryClass::Unreadable | RepositoryClass::Excluded))
                .map(|row| row.repository.name.to_ascii_lowercase().into())
                .collect(),
            half_read,
        }
    }

    /// Finds out what `asked` is, and who stands behind it.
    pub fn find(&self, asked: &str) -> Thing {
        let words = match Asked::of(asked) {
            Asked::Arn(arn) => {
                let found = self.found(asked).map(|resource| self.resource(resource));
                return found.unwrap_or_else(|| self.stranger(asked, arn));
            }
            Asked::Account(account) => return self.account(account.as_str()),
            Asked::Tag { key, value } => {
                let mut thing = self.tag(asked, |found| key.eq_ignore_ascii_case(found), value);
                if thing.is_unheard_of() {
                    thing
                        .notes
                        .extend(self.unlisted("nothing that was listed carries it, and something there may"));
                }
                return thing;
            }
            Asked::Words(words) => words,
        };
        let place = || asked::repository(words).and_then(|place| self.path(words, &place));
        let host = || asked::host(words).and_then(|host| self.host(&host));
        let found = self.named(words).or_else(place).or_else(host);
        // Keys of the policy say whose things are; others are read when no such key has the value.
        let known: Vec<&str> = keys(&self.catalog.tag_policy).collect();
        let is_known = |found: &str| known.iter().any(|key| key.eq_ignore_ascii_case(found));
        found
            .or_else(|| self.tag(words, is_known, words).heard_of())
            .unwrap_or_else(|| self.tag(words, |_| true, words))
    }

    /// A name that was perhaps meant by `asked`, of which nothing is known.
    pub fn suggestion(&self, asked: &str) -> Option<&'a str> {
        let value = match Asked::of(asked) {
            Asked::Tag { value, .. } => value,
            _ => asked,
        };
        nearest(value, self.catalog.services.ids().chain(self.catalog.teams.ids()))
    }

    /// The resource that has the ARN `arn`, when it was found.
    fn found(&self, arn: &str) -> Option<&'a Resource> {
        let resources = &self.catalog.resources;
        let found = resources.binary_search_by(|resource| (*resource.arn).cmp(arn));
        found.ok().map(|position| &resources[position])
    }

    /// A resource that was found.
    pub fn resource(&self, resource: &'a Resource) -> Thing {
        self.judged(resource, &self.owners.who(resource))
    }

    fn judged(&self, resource: &Resource, ownership: &Ownership<'_>) -> Thing {
        let mut thing = Thing::new(&resource.arn, "a resource");
        thing.held.push(self.held(ownership, resource.account.as_ref()));
        thing.notes.extend(resource.reported.as_deref().map(reported));
        thing
    }

    /// An account.
    pub fn account(&self, account: &str) -> Thing {
        let mut thing = Thing::new(account, "an account");
        if let Some(id) = AccountId::new(account) {
            let held = self.held(&self.owners.of_account(&id, false), Some(&id));
            thing.held.extend((!held.because.is_empty()).then_some(held));
        }
        let known = self.catalog.accounts.by_id(account);
        match known.and_then(|known| known.observed.as_ref()) {
            Some(observed) => {
                thing.notes.push(format!("AWS calls it `{}`: {}", observed.name, observed.state));
            }
            None if known.is_none() => {
                thing.notes.push("no record declares it, and AWS was not seen to list it".into());
            }
            None => {}
        }
        let services = self.catalog.claimants().in_account(account);
        let names: Vec<&str> =
            services.iter().map(|known| self.catalog.services[known.service].id.as_str()).collect();
        if names.len() > 1 {
            thing.notes.push(format!("{} run in it", words::first(&names, MOST)));
        }
        if let Some(why) = self.listings.unknown_in(account, None) {
            thing.notes.push(format!("what lies in it is not all known: {why}"));
        }
        thing
    }

    /// A service or a team, by any of its names.
    pub fn named(&self, asked: &str) -> Option<Thing> {
        let catalog = self.catalog;
        let name = &*asked::fold(asked.trim_start_matches('@'));
        if let Some(index) = catalog.service_names.find(name) {
            let mut thing = Thing::new(asked, "a service");
            let service = &catalog.services[index];
            let says = format!("`{name}` is the service `{}`", service.id);
            thing.held.push(self.service(index, "service", says, service.origin));
            return Some(thing);
        }
        let index = catalog.team_names.find(name)?;
        let team = &catalog.teams[index];
        let mut thing = Thing::new(asked, "a team");
        let says = format!("`{name}` is the team `{}`", team.id);
        let because = vec![Because { ground: "team", says, origin: team.origin }];
        thing.held.push(Held { team: Some(index), because, ..Held::nobody() });
        Some(thing)
    }

    /// Hosts that records name.
    pub fn hosts(&self) -> impl Iterator<Item = &str> {
        self.hosts.keys().map(String::as_str)
    }

    /// Services whose records name an address at `host`.
    pub fn host(&self, host: &str) -> Option<Thing> {
        let known = self.hosts.get(host)?;
        let mut thing = Thing::new(host, "a host");
        for (index, position) in known.iter().take(MOST) {
            let service = &self.catalog.services[*index];
            let link = &service.documents[*position];
            let says = format!("`{}` names it under `links.{}`: {}", service.id, link.link, link.target);
            thing.held.push(self.service(*index, "link", says, link.origin));
        }
        if known.len() > MOST {
            thing.notes.push(format!("and {} more services name it", known.len() - MOST));
        }
        Some(thing)
    }

    /// Regions in which `account` was asked for its resources.
    pub fn regions(&self, account: &str) -> impl Iterator<Item = &'a str> {
        self.listings.regions(account)
    }

    fn service(&self, index: Index<Service>, ground: &'static str, says: String, origin: Origin) -> Held {
        let is_conflict = !self.catalog.services[index].conflict.is_empty();
        Held {
            service: Some(index),
            team: self.catalog.claimants().team(Owner::Service(index)),
            contested: is_conflict
                .then(|| "the id of the service is claimed by several documents".to_owned()),
            because: vec![Because { ground, says, origin }],
            ..Held::nobody()
        }
    }

    fn held(&self, ownership: &Ownership<'_>, account: Option<&AccountId>) -> Held {
        let because = ownership.reasons.iter().map(|reason| Because {
            ground: reason.ground.word(),
            says: self.owners.words(reason, account),
            origin: reason.origin,
        });
        Held {
            service: ownership.service,
            team: ownership.team,
            contested: self.owners.contest(ownership, account),
            undeclared_account: ownership.undeclared_account,
            because: because.collect(),
        }
    }
}

#[cfg(test)]
mod tests;
