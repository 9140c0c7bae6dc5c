//! What somebody asks about: an ARN, an account, a path in a repository, a tag, a host, a name; and who
//! stands behind it.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::assess::ownership::{Owners, Ownership};
use crate::catalog::arn::Arn;
use crate::catalog::id::AccountId;
use crate::catalog::listings::Listings;
use crate::catalog::nearest::nearest;
use crate::catalog::origin::Origin;
use crate::catalog::resource::Resource;
use crate::catalog::table::Index;
use crate::catalog::{Catalog, Service, Team};
use crate::words;

/// Owners named at most of what many resources carry.
const MOST: usize = 20;

/// A service and a team that own something together.
type Behind = (Option<Index<Service>>, Option<Index<Team>>);

/// What is asked about, and who stands behind it.
pub(super) struct Thing<'a> {
    pub(super) name: String,
    /// `a resource`, `an account` …
    pub(super) kind: &'static str,
    pub(super) held: Vec<Held>,
    /// What else has to be said, above all what is not known.
    pub(super) notes: Vec<String>,
    /// A name that was perhaps meant, when nothing is known of this one.
    pub(super) suggestion: Option<&'a str>,
}

/// Somebody who stands behind a thing.
pub(super) struct Held {
    pub(super) service: Option<Index<Service>>,
    pub(super) team: Option<Index<Team>>,
    pub(super) contested: Option<String>,
    pub(super) undeclared_account: bool,
    pub(super) because: Vec<Because>,
}

/// One reason.
pub(super) struct Because {
    pub(super) ground: &'static str,
    pub(super) says: String,
    pub(super) origin: Origin,
}

impl<'a> Thing<'a> {
    /// Finds out what `asked` is, and who stands behind it.
    pub(super) fn of(catalog: &'a Catalog, asked: &str) -> Self {
        let search = Search { catalog, owners: Owners::of(catalog) };
        if Arn::parse(asked).is_some() {
            return search.resource(asked);
        }
        if let Some(account) = AccountId::new(asked) {
            return search.account(&account);
        }
        if let Some((key, value)) = asked.split_once('=') {
            return search.tag(asked, Some(key.trim()), value.trim());
        }
        let found = search.named(asked).or_else(|| search.host(asked)).or_else(|| search.path(asked));
        found.unwrap_or_else(|| search.tag(asked, None, asked))
    }

    fn new(name: &str, kind: &'static str) -> Self {
        Self { name: name.to_owned(), kind, held: Vec::new(), notes: Vec::new(), suggestion: None }
    }
}

struct Search<'a> {
    catalog: &'a Catalog,
    owners: Owners<'a>,
}

impl<'a> Search<'a> {
    fn resource(&self, arn: &str) -> Thing<'a> {
        let mut thing = Thing::new(arn, "a resource");
        let resources = &self.catalog.resources;
        if let Ok(position) = resources.binary_search_by(|resource| (*resource.arn).cmp(arn)) {
            let resource = &resources[position];
            thing.held.push(self.held(&self.owners.who(resource), resource.account.as_ref()));
            return thing;
        }
        let parts = Arn::parse(arn).expect("it was parsed before");
        let account = AccountId::new(parts.account);
        let region = (!parts.region.is_empty()).then_some(parts.region);
        let unknown = account.as_ref().map_or_else(
            || Some("its ARN names no account".to_owned()),
            |account| Listings::of(&self.catalog.tag_listings).unknown_in(account.as_str(), region),
        );
        thing.notes.push(match unknown {
            Some(why) => format!("whether it exists, and which tags it carries, is unknown: {why}"),
            None => "it is not among the resources that carry or carried a tag: it is gone, or never had one"
                .into(),
        });
        let stranger = Resource {
            arn: arn.into(),
            resource_type: format!("{}:{}", parts.service, parts.kind()).into(),
            account: account.clone(),
            region: parts.region.into(),
            tags: Arc::from([]),
            listing: 0,
            service: None,
        };
        let held = self.held(&self.owners.who(&stranger), account.as_ref());
        thing.held.extend((!held.because.is_empty()).then_some(held));
        thing
    }

    fn account(&self, account: &AccountId) -> Thing<'a> {
        let mut thing = Thing::new(account.as_str(), "an account");
        let held = self.held(&self.owners.of_account(account), Some(account));
        thing.held.extend((!held.because.is_empty()).then_some(held));
        let known = self.catalog.accounts.by_id(account.as_str());
        match known.and_then(|known| known.observed.as_ref()) {
            Some(observed) => {
                thing.notes.push(format!("AWS calls it `{}`: {}", observed.name, observed.state))
            }
            None if known.is_none() => {
                thing.notes.push("no record declares it, and AWS was not seen to list it".into())
            }
            None => {}
        }
        let services = self.catalog.claimants().in_account(account.as_str());
        let names: Vec<&str> =
            services.iter().map(|known| self.catalog.services[known.service].id.as_str()).collect();
        if names.len() > 1 {
            thing.notes.push(format!("{} run in it", words::first(&names, MOST)));
        }
        if let Some(why) = Listings::of(&self.catalog.tag_listings).unknown_in(account.as_str(), None) {
            thing.notes.push(format!("what lies in it is not all known: {why}"));
        }
        thing
    }

    /// A service or a team, by any of its names.
    fn named(&self, name: &str) -> Option<Thing<'a>> {
        let catalog = self.catalog;
        if let Some(index) = catalog.service_names.find(name) {
            let mut thing = Thing::new(name, "a service");
            let service = &catalog.services[index];
            let says = format!("`{name}` is the service `{}`", service.id);
            thing.held.push(self.service(index, "service", says, service.origin));
            return Some(thing);
        }
        let index = catalog.team_names.find(name.trim_start_matches('@'))?;
        let team = &catalog.teams[index];
        let mut thing = Thing::new(name, "a team");
        let says = format!("`{name}` is the team `{}`", team.id);
        let because = vec![Because { ground: "team", says, origin: team.origin }];
        thing.held.push(Held { team: Some(index), because, ..Held::nobody() });
        Some(thing)
    }

    /// Services whose records name an address at this host.
    fn host(&self, asked: &str) -> Option<Thing<'a>> {
        let wanted = host_of(asked).unwrap_or(asked).to_ascii_lowercase();
        let mut thing = Thing::new(&wanted, "a host");
        for (index, service) in self.catalog.services.indexed() {
            let at_host =
                |target: &str| host_of(target).is_some_and(|host| host.eq_ignore_ascii_case(&wanted));
            if let Some(link) = service.documents.iter().find(|link| at_host(&link.target)) {
                let says = format!("`{}` names it under `links.{}`: {}", service.id, link.link, link.target);
                thing.held.push(self.service(index, "link", says, link.origin));
            }
        }
        let all = thing.held.len();
        if all > MOST {
            thing.held.truncate(MOST);
            thing.notes.push(format!("and {} more services name it", all - MOST));
        }
        (all > 0).then_some(thing)
    }

    /// The services of a repository, or of the innermost folder that holds the path.
    fn path(&self, asked: &str) -> Option<Thing<'a>> {
        let (org, rest) = asked.trim_start_matches("./").split_once('/')?;
        let (name, file) = rest.split_once('/').map_or((rest, None), |(name, file)| (name, Some(file)));
        let repository = format!("{org}/{name}");
        let services =
            self.catalog.claimants().in_repository(&repository, file.filter(|file| !file.is_empty()));
        let mut thing = Thing::new(asked, "a path in a repository");
        for index in services.iter().take(MOST) {
            let service = &self.catalog.services[*index];
            let origin = service.record.repository.origin().unwrap_or(service.origin);
            let says = format!("`{}` lies in `{repository}`", service.id);
            thing.held.push(self.service(*index, "repository", says, origin));
        }
        if services.len() > MOST {
            thing.notes.push(format!("and {} more services lie in it", services.len() - MOST));
        }
        let ledger = &self.catalog.ledger.repositories;
        let is_known = ledger.iter().any(|row| row.repository.name.eq_ignore_ascii_case(&repository));
        if services.is_empty() && is_known {
            thing.notes.push(format!("`{repository}` was read, and no service lies at that path"));
        }
        (!thing.held.is_empty() || !thing.notes.is_empty()).then_some(thing)
    }

    /// Whoever owns the resources that carry the value, under `key` if one is named.
    fn tag(&self, asked: &str, key: Option<&str>, value: &str) -> Thing<'a> {
        let mut thing = Thing::new(asked, "a tag");
        let mut behind: BTreeMap<Behind, (usize, u32)> = BTreeMap::new();
        for resource in &self.catalog.resources {
            let carries = |(found, given): &(Arc<str>, Arc<str>)| {
                key.is_none_or(|key| key.eq_ignore_ascii_case(found)) && given.trim() == value
            };
            if resource.tags.iter().any(carries) {
                let ownership = self.owners.who(resource);
                let known =
                    behind.entry((ownership.service, ownership.team)).or_insert((0, resource.listing));
                known.0 += 1;
            }
        }
        let mut behind: Vec<_> = behind.into_iter().collect();
        behind.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
        let left_out = behind.len().saturating_sub(MOST);
        for ((service, team), (count, listing)) in behind.into_iter().take(MOST) {
            let resources = words::count(count, "resource carries it", "resources carry it");
            match (service, team) {
                (None, None) => thing.notes.push(format!("{resources} and nobody is known to own them")),
                _ => thing.held.push(Held {
                    service,
                    team,
                    because: vec![Because {
                        ground: "tag",
                        says: resources,
                        origin: Origin::TagListing(listing),
                    }],
                    ..Held::nobody()
                }),
            }
        }
        if left_out > 0 {
            thing.notes.push(format!("and {left_out} more owners"));
        }
        if thing.held.is_empty() && thing.notes.is_empty() {
            let names = self.catalog.services.ids().chain(self.catalog.teams.ids());
            thing.suggestion = nearest(value, names);
        }
        thing
    }

    fn service(&self, index: Index<Service>, ground: &'static str, says: String, origin: Origin) -> Held {
        let owner = crate::catalog::ownership::Owner::Service(index);
        let team = self.catalog.claimants().team(owner);
        let is_conflict = !self.catalog.services[index].conflict.is_empty();
        Held {
            service: Some(index),
            team,
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

impl Held {
    fn nobody() -> Self {
        Self { service: None, team: None, contested: None, undeclared_account: false, because: Vec::new() }
    }
}

/// The host of an address.
fn host_of(address: &str) -> Option<&str> {
    let (_, rest) = address.split_once("://")?;
    let host = rest.split(['/', '?', '#']).next()?;
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    Some(host.split_once(':').map_or(host, |(host, _)| host)).filter(|host| !host.is_empty())
}

#[cfg(test)]
mod tests {
    use super::host_of;

    #[test]
    fn a_host_is_what_stands_before_the_path() {
        assert_eq!(host_of("https://quote.example.com:8443/v1?x=1"), Some("quote.example.com"));
        assert_eq!(host_of("https://user@quote.example.com#top"), Some("quote.example.com"));
        assert_eq!(host_of("quote.example.com"), None);
        assert_eq!(host_of("https://"), None);
    }
}
