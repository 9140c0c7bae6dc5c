//! Accounts by organisational unit: state, owner, what was found in them, and how it is tagged.

mod tree;

use serde::Serialize;

use super::{Kind, drift};
use crate::assess::unseen::in_words;
use crate::catalog::account::Account as Declared;
use crate::catalog::{self, Account};
use crate::render::badge::Badge;
use crate::render::blind_spot;
use crate::render::frame::{Head, Section};
use crate::render::links::{Here, Href, Place};
use crate::render::paging::{Step, steps};
use crate::render::parts::{Link, Meter, cut};
use crate::render::portal::Portal;
use crate::render::site::SitePath;
use crate::render::tag_policies::{Policies, policies};
use crate::render::templates::{Template, page_template};
use crate::words;
use tree::{Part, Tree};

/// Accounts on one page.
const ROWS: usize = 200;
/// Longest name shown, in characters.
const LONGEST: usize = 120;

/// What the template sees.
#[derive(Debug, Serialize)]
pub struct Page {
    lead: String,
    /// The pages beside this one.
    beside: Vec<Link>,
    unseen: Option<String>,
    coverage: Option<Href>,
    caption: String,
    parts: Vec<Part>,
    pages: Vec<Step>,
    next: Option<Link>,
    tag_policies: Option<Policies>,
    /// What never carried a tag, in sentences.
    blind: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Row {
    name: String,
    id: String,
    href: Href,
    states: Vec<Badge>,
    owner: Option<Link>,
    services: usize,
    /// `None` when it is not known.
    resources: Option<u64>,
    tags: Option<Meter>,
}

impl Kind for Page {
    const TEMPLATE: Template = page_template!("accounts");
    type Shown<'p> = Page;
    type Subject = usize;

    fn list(portal: &Portal<'_>) -> Vec<(SitePath, usize)> {
        if portal.catalog.accounts.is_empty() && portal.catalog.tag_listings.is_empty() {
            return Vec::new();
        }
        (1..=pages(portal)).map(|number| (place(number, |place| place.path()), number)).collect()
    }

    fn page<'p>(portal: &'p Portal<'_>, number: &'p usize, here: Here<'p>) -> (Head, Page) {
        let first = *number == 1;
        let to = |number: usize| place(number, |place| here.to(place));
        let head = Head {
            title: if first { "Accounts".to_owned() } else { format!("Accounts, page {number}") },
            section: Some(Section::Accounts),
            data: Some(here.to(Place::Data(&["accounts/index"]))),
            crumbs: if first { Vec::new() } else { vec![Link::new("Accounts", to(1))] },
            ..Head::default()
        };
        let count = pages(portal);
        let all = &portal.assessment.resources.all;
        let accounts = words::count(portal.catalog.accounts.len(), "account", "accounts");
        let found = usize::try_from(all.resources).unwrap_or(usize::MAX);
        let page = Page {
            lead: format!(
                "{accounts}, as the catalog folder declares them and as AWS Organizations lists them, and {} that \
                 carry or carried a tag.",
                words::count(found, "resource", "resources")
            ),
            beside: beside(portal, here),
            unseen: unseen(portal),
            coverage: portal.sections.contains(&Section::Coverage).then(|| here.to(Place::Coverage)),
            caption: match count {
                1 => format!("{accounts}, by organisational unit and name"),
                _ => format!("{accounts}, by organisational unit and name: page {number} of {count}"),
            },
            parts: Tree::of(portal).parts(portal, (number - 1) * ROWS, ROWS, here),
            pages: if count > 1 { steps(count, *number, to) } else { Vec::new() },
            blind: blind_spot::of_all(portal),
            tag_policies: if first { policies(portal) } else { None },
            next: (*number < count).then(|| Link::new("Next page", to(number + 1))),
        };
        (head, page)
    }
}

fn place<T>(number: usize, make: impl FnOnce(Place<'_>) -> T) -> T {
    match number {
        1 => make(Place::Accounts),
        _ => make(Place::AccountsPart(&number.to_string())),
    }
}

fn pages(portal: &Portal<'_>) -> usize {
    portal.catalog.accounts.len().div_ceil(ROWS).max(1)
}

/// What else there is of accounts: only pages that exist.
fn beside(portal: &Portal<'_>, here: Here<'_>) -> Vec<Link> {
    let catalog = portal.catalog;
    let pages = [
        (!catalog.tag_listings.is_empty(), "Resources and tags", Place::Resources),
        (drift::exists(portal), "Drift", Place::Drift),
        (!catalog.costs.is_empty(), "Costs", Place::Costs),
        (portal.sections.contains(&Section::Environments), "Environments", Place::Environments),
    ];
    let there = pages.into_iter().filter(|(exists, ..)| *exists);
    there.map(|(_, text, place)| Link::new(text, here.to(place))).collect()
}

/// What nobody could see, in a sentence.
fn unseen(portal: &Portal<'_>) -> Option<String> {
    let said = in_words(&portal.inventory.unseen)?;
    Some(format!("{}.", words::capitalised(&said)))
}

fn row(portal: &Portal<'_>, account: &Account, here: Here<'_>) -> Row {
    let id = account.id.as_str();
    let inventory = &portal.inventory;
    let found = portal.assessment.resources.in_account(&account.id);
    let unseen = !inventory.unseen_in(&account.id).is_empty();
    let mut states = states(portal, account);
    if unseen {
        states.push(Badge::unseen());
    }
    Row {
        name: name(account),
        id: id.to_owned(),
        href: here.to(Place::Account(id)),
        states,
        owner: owner(portal, account, here),
        services: inventory.declared_by(&account.id).len(),
        resources: found.map(|found| found.all.resources).or_else(|| (!unseen).then_some(0)),
        tags: found.and_then(|found| found.all.tags_right()).map(Meter::from),
    }
}

/// The name people say: the declared one, else that of AWS Organizations, else its id.
pub(super) fn name(account: &Account) -> String {
    let declared = declared(account).and_then(|record| record.name.value()).map(|name| &**name);
    let observed = account.observed.as_ref().map(|observed| &*observed.name);
    let name = declared.or(observed).filter(|name| !name.trim().is_empty());
    cut(name.unwrap_or(account.id.as_str()), LONGEST).into_owned()
}

/// Its organisational units from the root down: as declared, else as AWS Organizations says.
fn path(account: &Account) -> impl Iterator<Item = &str> {
    let declared =
        declared(account).and_then(|record| record.organisational_unit.value()).map(|unit| &**unit);
    let observed = account.observed.as_ref().and_then(|observed| observed.path.as_deref());
    let parts = declared.or(observed).unwrap_or_default().split('/').map(str::trim);
    parts.filter(|part| !part.is_empty())
}

/// `workloads / production`.
pub(super) fn unit(account: &Account) -> String {
    let parts: Vec<&str> = path(account).collect();
    match parts.is_empty() {
        true => "No organisational unit".to_owned(),
        false => cut(&parts.join(" / "), LONGEST).into_owned(),
    }
}

pub(super) fn declared(account: &Account) -> Option<&Declared> {
    account.declared.as_ref().map(|declared: &catalog::Declared<Declared>| &declared.record)
}

/// What AWS Organizations says of its life, and whether it is in only one of the two lists.
pub(super) fn states(portal: &Portal<'_>, account: &Account) -> Vec<Badge> {
    let mut states = Vec::new();
    match &account.observed {
        Some(observed) => states.push(Badge::account_state(&observed.state)),
        // Where nobody lists accounts, nothing is missing from the list.
        None if portal.inventory.is_listed => states.push(Badge::not_in_organisation()),
        None => {}
    }
    if account.declared.is_none() {
        states.push(Badge::undeclared());
    }
    states
}

pub(super) fn owner(portal: &Portal<'_>, account: &Account, here: Here<'_>) -> Option<Link> {
    let team = &portal.catalog.teams[account.owner?];
    Some(Link::new(team.record.name(), here.to(Place::Team(team.id.as_str()))))
}
