//! One account: what is declared and what AWS says, who declares it, what was found in it and how that is
//! tagged, and what nobody could see.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use super::account_resources::untold_of;
use super::accounts::{declared, name, owner, states, unit};
use super::{Kind, environments};
use crate::assess::resources::Tally;
use crate::assess::unseen::Unseen;
use crate::catalog::Account;
use crate::catalog::account;
use crate::catalog::origin::Origin;
use crate::catalog::resource::UNTOLD;
use crate::catalog::table::Index;
use crate::render::badge::Badge;
use crate::render::blind_spot;
use crate::render::compliance::{self, Key, Row};
use crate::render::frame::{Head, Section};
use crate::render::links::{Here, Href, Place};
use crate::render::origin::Brief;
use crate::render::parts::{Link, When, cut};
use crate::render::portal::Portal;
use crate::render::questions::{self, Question};
use crate::render::site::SitePath;
use crate::render::tag_policies::{Applied, applied};
use crate::render::templates::{Template, page_template};
use crate::words;

/// Services, listings, types or regions that are shown at most; the rest is counted.
const SHOWN: usize = 200;
/// Longest text of an author shown as a fact, in characters.
const LONGEST: usize = 1_000;

/// What the template sees.
#[derive(Debug, Serialize)]
pub struct Page {
    name: String,
    id: String,
    purpose: Option<String>,
    states: Vec<Badge>,
    facts: Vec<Fact>,
    answered: String,
    questions: Vec<Question>,
    found: String,
    resources: Option<Href>,
    unseen: Vec<String>,
    keys: Vec<Key>,
    keys_caption: String,
    types: Vec<Row>,
    types_caption: String,
    regions: Vec<Row>,
    regions_caption: String,
    services: Vec<Link>,
    more_services: usize,
    listings: Vec<Listing>,
    listings_caption: String,
    environments: Vec<environments::Ending>,
    coverage: Option<Href>,
    tag_policies: Option<Applied>,
    /// What never carried a tag, in sentences.
    blind: Vec<String>,
}

/// One fact about the account. Without a value it is not given.
#[derive(Debug, Serialize)]
struct Fact {
    label: &'static str,
    value: Option<Link>,
    when: Option<When>,
    copy: bool,
    origin: Option<Brief>,
}

/// One answer of the tagging API for the account.
#[derive(Debug, Serialize)]
struct Listing {
    region: String,
    badge: Badge,
    collected: When,
    reason: Option<String>,
}

impl Kind for Page {
    const TEMPLATE: Template = page_template!("account");
    type Shown<'p> = Page;
    type Subject = Index<Account>;

    fn list(portal: &Portal<'_>) -> Vec<(SitePath, Index<Account>)> {
        let page = |(index, account): (Index<Account>, &Account)| {
            (Place::Account(account.id.as_str()).path(), index)
        };
        portal.catalog.accounts.indexed().map(page).collect()
    }

    fn page<'p>(portal: &'p Portal<'_>, index: &'p Index<Account>, here: Here<'p>) -> (Head, Page) {
        let account = &portal.catalog.accounts[*index];
        let id = account.id.as_str();
        let inventory = &portal.inventory;
        let head = Head {
            title: name(account),
            section: Some(Section::Accounts),
            crumbs: vec![Link::new("Accounts", here.to(Place::Accounts))],
            data: Some(here.to(Place::Data(&["accounts", id]))),
            sources: Vec::new(),
        };
        let found = portal.assessment.resources.in_account(&account.id);
        let services = inventory.declared_by(&account.id);
        let more_services = services.len().saturating_sub(SHOWN);
        let questions = questions::of_account(portal, *index, here);
        let purpose = declared(account).and_then(|record| record.purpose.value());
        let rows = |by: &BTreeMap<Arc<str>, Tally>| -> Vec<Row> {
            let row = |(name, tally): (&Arc<str>, &Tally)| {
                (compliance::row(Link::plain(cut(name, LONGEST)), tally), tally.resources)
            };
            compliance::worst(by.iter().map(row), SHOWN)
        };
        let kinds = found.map_or(0, |found| found.types.len());
        let regions = found.map_or(0, |found| found.regions.len());
        let listings = listings(portal, id);
        let (blind, uncounted) = blind_spot::of_account(portal, &account.id);
        let mut unseen_here = unseen(portal, account);
        unseen_here.extend(uncounted);
        let page = Page {
            name: name(account),
            id: id.to_owned(),
            purpose: purpose.map(|text| cut(text, LONGEST).into_owned()),
            states: states(portal, account),
            facts: facts(portal, account, here),
            answered: questions::answered(&questions),
            questions,
            found: found_in(portal, account),
            resources: found.map(|_| here.to(Place::ResourcesOf(id, 1))),
            unseen: unseen_here,
            keys: found
                .map(|found| compliance::keys(inventory.expected.keys(), &found.all))
                .unwrap_or_default(),
            keys_caption: "Tags on these resources, by required key, in the order of the policy".to_owned(),
            types: found.map(|found| rows(&found.types)).unwrap_or_default(),
            types_caption: caption(kinds, "type", "types"),
            regions: found.map(|found| rows(&found.regions)).unwrap_or_default(),
            regions_caption: caption(regions, "region", "regions"),
            services: services
                .into_iter()
                .take(SHOWN)
                .map(|service| portal.catalog.services[service].id.as_str())
                .map(|service| Link::new(service, here.to(Place::Service(service))))
                .collect(),
            more_services,
            listings_caption: listings_caption(portal, id),
            listings,
            tag_policies: applied(portal, account),
            environments: environments::of(portal, here, |lease| {
                environments::account_of(portal, lease) == Some(*index)
            }),
            blind,
            coverage: portal.sections.contains(&Section::Coverage).then(|| here.to(Place::Coverage)),
        };
        (head, page)
    }
}

/// `12 types, the most resources first`.
fn caption(all: usize, one: &str, many: &str) -> String {
    let counted = words::count(all, one, many);
    match all {
        0..=SHOWN => format!("{counted}, the most resources first"),
        _ => format!("The first {SHOWN} of {counted}, the most resources first"),
    }
}

/// What was found, or that nothing was, as far as anybody could see.
fn found_in(portal: &Portal<'_>, account: &Account) -> String {
    match portal.assessment.resources.in_account(&account.id) {
        Some(found) => {
            let resources = usize::try_from(found.all.resources).unwrap_or(usize::MAX);
            let resources = words::count(resources, "resource", "resources");
            match found.all.untold {
                0 => format!("{resources} that carry or carried a tag."),
                untold => format!("{resources}. {}", untold_of(untold)),
            }
        }
        None if portal.inventory.unseen_in(&account.id).is_empty() => {
            "Complete listings say that no resource carries or carried a tag.".to_owned()
        }
        None => "Whether anything lies in it is unknown.".to_owned(),
    }
}

/// What of the account nobody could see, each in a sentence.
fn unseen(portal: &Portal<'_>, account: &Account) -> Vec<String> {
    let unseen = portal.inventory.unseen_in(&account.id).iter().take(SHOWN);
    let sentence = |unseen: &Unseen<'_>| match unseen.region {
        Some(region) if unseen.why == UNTOLD => {
            format!("What lies in {} is not all known: {UNTOLD}", cut(region, LONGEST))
        }
        Some(region) => {
            format!("What lies in {} is unknown: {}", cut(region, LONGEST), cut(unseen.why, LONGEST))
        }
        None => "No source asked this account for its resources.".to_owned(),
    };
    unseen.map(sentence).collect()
}

fn facts(portal: &Portal<'_>, account: &Account, here: Here<'_>) -> Vec<Fact> {
    let record = declared(account);
    let empty = account::Account::default();
    let record = record.unwrap_or(&empty);
    let fact = |label, value: Option<Link>, origin: Option<Origin>| Fact {
        label,
        value,
        when: None,
        copy: false,
        origin: origin.map(|origin| portal.brief(origin)),
    };
    let text = |text: &str| Link::plain(cut(text, LONGEST));
    let observed = account.observed.as_ref();
    let said = |label, value: Option<&str>| Fact {
        when: observed.map(|observed| portal.when_of(observed.collected_at)),
        ..fact(label, value.map(text), None)
    };
    let named = record.owner.value().map(|owner| text(owner.as_str()));
    let mut facts = vec![
        Fact { copy: true, ..fact("Account", Some(text(account.id.as_str())), record.account_id.origin()) },
        fact("Owner", owner(portal, account, here).or(named), record.owner.origin()),
        fact("Name", record.name.value().map(|name| text(name)), record.name.origin()),
        fact("Organisational unit", Some(Link::plain(unit(account))), record.organisational_unit.origin()),
    ];
    if let Some(end) = record.sandbox.fields.expires_at.sourced() {
        let when = Some(portal.when(end.value));
        facts.push(Fact { when, ..fact("Sandbox until", None, Some(end.origin)) });
    }
    if observed.is_some() {
        facts.push(said("Name in AWS", observed.map(|observed| &*observed.name)));
        facts.push(said("State in AWS", observed.map(|observed| &*observed.state)));
        facts.push(said("Path in AWS", observed.and_then(|observed| observed.path.as_deref())));
    }
    facts
}

/// How many answers there are, those of the tagging API and what a tag report says apart.
fn listings_caption(portal: &Portal<'_>, id: &str) -> String {
    let own = portal.catalog.tag_listings.iter().filter(|listing| &*listing.account == id).take(SHOWN);
    let (reported, answers): (Vec<_>, Vec<_>) = own.partition(|listing| listing.is_reported);
    let answers = (!answers.is_empty() || reported.is_empty())
        .then(|| format!("{} of the tagging API", words::count(answers.len(), "answer", "answers")));
    let reported = (!reported.is_empty())
        .then(|| format!("{} in the tag report", words::count(reported.len(), "listing", "listings")));
    let parts: Vec<String> = answers.into_iter().chain(reported).collect();
    format!("{}, by region", parts.join(" and "))
}

fn listings(portal: &Portal<'_>, id: &str) -> Vec<Listing> {
    let own = portal.catalog.tag_listings.iter().filter(|listing| &*listing.account == id);
    own.take(SHOWN)
        .map(|listing| Listing {
            region: cut(&listing.region, LONGEST).into_owned(),
            badge: match &listing.refused {
                _ if listing.is_reported => Badge::unseen(),
                Some(_) => Badge::refused(),
                None => Badge::complete(),
            },
            collected: portal.when_of(listing.collected_at),
            reason: match &listing.refused {
                None => listing.is_reported.then(|| UNTOLD.to_owned()),
                Some(reason) => Some(cut(reason, LONGEST).into_owned()),
            },
        })
        .collect()
}
