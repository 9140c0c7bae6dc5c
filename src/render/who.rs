//! The index behind the page that says whose a thing is: small files, one for everything that falls under one
//! hash, made of the very answers that the command gives. `assets/js/who.js` reads it.

mod arns;
mod questions;
mod shown;

use std::collections::BTreeSet;

use serde::Serialize;

use super::data;
use super::data::v1::who::{Answer, Keyed, Region, Who};
use super::links::{Here, Place};
use super::portal::Portal;
use super::search::words::{hash, power};
use super::site::{CachePolicy, Entry, MediaType};
use crate::assess::Assessment;
use crate::assess::who::asked::{self, InRepository, fold};
use crate::assess::who::carriers::Carried;
use crate::assess::who::{Finder, Thing};
use crate::catalog::Catalog;
use crate::catalog::arn::Arn;
use crate::catalog::id::AccountId;
use arns::{Arns, NO_ACCOUNT};
use questions::{Seven, Sheet};
use shown::Node;

/// Keys in one shard, about.
const KEYS: usize = 64;
/// Stands for the account in what is said of accounts that nothing is known of.
const ANY_ACCOUNT: &str = "{account}";
/// Stands for the region in what is said of regions that nothing is known of.
const ANY_REGION: &str = "{region}";

/// Every key under which somebody may ask, and what answers.
#[derive(Debug)]
pub struct Index<'a> {
    catalog: &'a Catalog,
    assessment: &'a Assessment,
    finder: Finder<'a>,
    carried: Carried<'a>,
    arns: Arns,
    bits: u32,
    /// Keys by shard: the letter of a kind, a space, and the text.
    shards: Vec<Vec<Box<str>>>,
}

/// A shard as the page reads it.
#[derive(Debug, Serialize)]
struct Shown {
    answers: Vec<Row>,
}

/// An answer as the page shows it.
#[derive(Debug, Serialize)]
struct Row {
    key: String,
    kind: &'static str,
    notes: Vec<Node>,
    owners: Vec<Node>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    regions: Vec<Home>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seven: Option<Seven>,
}

/// What may be said of ARNs in a region of an account.
#[derive(Debug, Serialize)]
struct Home {
    #[serde(flatten)]
    region: Region,
    /// In place of the account's owners: what is known where tags may be hidden.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    owners: Vec<Node>,
}

/// Lists the files that the page reads: calls of a function, which work from a folder as well as from a server.
/// `api/v1/who/` holds the same answers for scripts.
pub(super) fn register<'a>(portal: &Portal<'a>, entries: &mut Vec<Entry<'a>>) {
    for (number, name) in portal.whose.names().enumerate() {
        entries.push(script(format!("who/{name}"), move |portal, page| portal.whose.shown(number, page)));
    }
    for position in 0..portal.whose.arns.len() {
        let name = format!("who/r/{}", portal.whose.arns.name(position));
        entries
            .push(script(name, move |portal, page| portal.whose.arns.shard(position, &portal.whose, page)));
    }
    for (service, _) in portal.catalog.services.indexed() {
        let name = format!("who/{}", questions::of_service(portal.catalog, service));
        entries.push(script(name, move |portal, page| Sheet::of_service(portal, service, page)));
    }
    for (account, _) in portal.catalog.accounts.indexed() {
        let name = format!("who/{}", questions::of_account(portal.catalog, account));
        entries.push(script(name, move |portal, page| Sheet::of_account(portal, account, page)));
    }
}

/// The file `name`, which the page reads. Its links lead from the page, not from the file.
fn script<'a, T: Serialize>(
    name: String,
    document: impl for<'p> Fn(&'p Portal<'a>, Here<'_>) -> T + Send + Sync + 'a,
) -> Entry<'a> {
    let path = Place::Search(&name).path();
    Entry::new(path, MediaType::JavaScript, CachePolicy::Revalidate, move |portal, path| {
        let page = Place::Who.path();
        let mut text = format!("milepost(\"{name}\",").into_bytes();
        text.extend(data::v1::written(&document(portal, Here::at(&page)), path)?);
        text.extend(b")\n");
        Ok(text)
    })
}

/// Shards by hexadecimal number, as many digits as their count needs.
fn digits(number: usize, bits: u32) -> String {
    let digits = (bits.div_ceil(4) as usize).max(1);
    format!("{number:0digits$x}")
}

impl<'a> Index<'a> {
    /// Everything that can be asked about `catalog`.
    pub(super) fn of(catalog: &'a Catalog, assessment: &'a Assessment) -> Self {
        let finder = Finder::of(catalog);
        let carried = Carried::of(catalog, &finder);
        let arns = Arns::of(catalog);
        let keys = keys(catalog, &finder, &carried, &arns);
        let bits = power(keys.len(), KEYS);
        let mut shards = vec![Vec::new(); 1 << bits];
        for key in keys {
            let place = hash(&fold(&key[2..])) as usize & (shards.len() - 1);
            shards[place].push(key.into_boxed_str());
        }
        Self { catalog, assessment, finder, carried, arns, bits, shards }
    }

    /// Names of the shards, in their order.
    pub fn names(&self) -> impl Iterator<Item = String> {
        (0..self.shards.len()).map(|number| digits(number, self.bits))
    }

    /// How many bits of a hash name a shard.
    pub fn bits(&self) -> u32 {
        self.bits
    }

    /// Keys of tags whose values can be asked about, in lower case.
    pub fn tag_keys(&self) -> impl Iterator<Item = &str> {
        self.carried.keys()
    }

    /// The keys of a shard with what stands under them.
    fn things(&self, number: usize) -> impl Iterator<Item = (&str, Thing, Vec<Region>)> {
        self.shards[number].iter().filter_map(|key| {
            let regions = key.strip_prefix("a ").map(|account| self.regions(account));
            Some((&**key, self.thing(key)?, regions.unwrap_or_default()))
        })
    }

    /// The shard at `number`, for scripts.
    pub fn answers(&self, number: usize) -> Who<'a> {
        let answers = self.things(number).map(|(key, thing, regions)| {
            let answer = Answer::of(self.catalog, thing);
            Keyed { answer, key: key.to_owned(), regions }
        });
        Who { answers: answers.collect(), bits: self.bits }
    }

    fn shown(&self, number: usize, page: Here<'_>) -> Shown {
        let rows = self.things(number).map(|(key, thing, regions)| Row {
            key: key.to_owned(),
            kind: thing.kind,
            seven: self
                .finder
                .subject(&key[2..], &thing)
                .and_then(|subject| Seven::of(self.catalog, subject)),
            owners: shown::owners(self.catalog, page, &thing.held, |reason| reason),
            notes: shown::notes(&thing.notes),
            regions: self.homes(key, regions, page),
        });
        Shown { answers: rows.collect() }
    }

    /// Regions of the account that stands under `key`, with what is known where tags may be hidden.
    fn homes(&self, key: &str, regions: Vec<Region>, page: Here<'_>) -> Vec<Home> {
        let account = key.strip_prefix("a ").and_then(AccountId::new);
        let held = account.and_then(|account| self.finder.reasons_in(&account));
        let owners = held.map(|held| shown::owners(self.catalog, page, &[held], |reason| reason));
        let known = |region: &Region| owners.clone().filter(|_| region.unknown).unwrap_or_default();
        regions.into_iter().map(|region| Home { owners: known(&region), region }).collect()
    }

    /// What stands under `key`.
    fn thing(&self, key: &str) -> Option<Thing> {
        let (kind, text) = key.split_at(2);
        match kind {
            "n " => self.finder.named(text),
            "h " => self.finder.host(text),
            "a " => Some(self.finder.account(text)),
            "t " => Some(self.finder.carried(text, self.carried.get(text)?)),
            "r " => Some(self.finder.stranger(text, Arn::parse(text)?)),
            "e " => self.finder.elsewhere(text, text),
            _ => {
                let at = text.match_indices('/').nth(1).map(|(at, _)| at);
                let (repository, path) = at.map_or((text, None), |at| (&text[..at], Some(&text[at + 1..])));
                let place = InRepository { repository: repository.into(), path: path.map(Into::into) };
                self.finder.path(text, &place)
            }
        }
    }

    /// What may be said of ARNs of `account`, region by region.
    fn regions(&self, account: &str) -> Vec<Region> {
        let found = self.arns.regions(account);
        let mut regions: BTreeSet<&str> = self.finder.regions(account).chain(["", ANY_REGION]).collect();
        regions.extend(found.keys().map(|region| &**region));
        let named = (account != NO_ACCOUNT).then_some(account);
        let region = |region: &str| Region {
            absent: self.finder.absence(named, region),
            region: region.to_owned(),
            shards: found.get(region).copied(),
            unknown: self.finder.hidden(named, region).is_some(),
        };
        regions.into_iter().map(region).collect()
    }
}

/// Whether `name` is what somebody asks about who asks about that repository: `org/name`.
fn can_be_asked(name: &str) -> bool {
    asked::repository(name).is_some_and(|place| place.repository == name && place.path.is_none())
}

/// Every key, sorted.
fn keys(catalog: &Catalog, finder: &Finder<'_>, carried: &Carried<'_>, arns: &Arns) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for service in catalog.services.iter() {
        let aliases = service.record.aliases.values().map(|alias| alias.as_str());
        keys.extend(aliases.chain([service.id.as_str()]).map(|name| format!("n {}", fold(name))));
        let accounts = service.declared_accounts().map(|(account, _)| account);
        keys.extend(accounts.map(|account| format!("a {account}")));
        let stores = service.record.data_stores.values().filter_map(|store| store.arn.value());
        let found = |arn: &str| catalog.resources.binary_search_by(|other| (*other.arn).cmp(arn)).is_ok();
        let strangers = stores.map(|arn| arn.trim()).filter(|arn| Arn::parse(arn).is_some() && !found(arn));
        keys.extend(strangers.map(|arn| format!("r {arn}")));
    }
    for team in catalog.teams.iter() {
        let record = &team.record;
        let other = record.aliases.values().chain(record.github.values()).map(|name| &**name);
        let names = other.chain([team.id.as_str()]).map(|name| name.trim_start_matches('@'));
        keys.extend(
            names.filter(|name| finder.named(name).is_some()).map(|name| format!("n {}", fold(name))),
        );
    }
    for (index, _) in catalog.services.indexed() {
        let place = catalog.claimants().place(index).filter(|(repository, _)| can_be_asked(repository));
        let Some((repository, folder)) = place else { continue };
        keys.insert(format!("p {repository}"));
        keys.insert(format!("p {repository}/{folder}"));
    }
    let unread =
        finder.unread_folders().filter(|(repository, folder)| can_be_asked(repository) && *folder != ".");
    keys.extend(unread.map(|(repository, folder)| format!("p {repository}/{folder}")));
    for repository in finder.repositories().filter(|repository| can_be_asked(repository)) {
        keys.insert(format!("p {repository}"));
        keys.insert(format!("e {repository}"));
    }
    keys.extend(finder.hosts().map(|host| format!("h {host}")));
    let seen = catalog.accounts.iter().map(|account| account.id.as_str());
    let asked = catalog.tag_listings.iter().map(|listing| &*listing.account);
    let accounts = seen.chain(asked).chain(arns.accounts()).chain([ANY_ACCOUNT, NO_ACCOUNT]);
    keys.extend(accounts.map(|account| format!("a {account}")));
    keys.extend(carried.each().map(|value| format!("t {value}")));
    keys
}

#[cfg(test)]
mod tests;
