//! Environments and sandboxes: how long each has, what is left of those that are over, and who answers.

use serde::Serialize;

use super::Kind;
use super::accounts::{declared, name as account_name};
use crate::assess::ExceptionState;
use crate::assess::environments::{Lease, Place as Leased, Time};
use crate::catalog::cost::newest_whole;
use crate::catalog::id::{AccountId, ServiceId};
use crate::catalog::table::Index;
use crate::catalog::{Account, Team};
use crate::render::badge::{Badge, in_days};
use crate::render::frame::{Head, Section};
use crate::render::linked;
use crate::render::links::{Here, Href, Place, segment};
use crate::render::paging::{Step, steps};
use crate::render::parts::{Link, When, cut};
use crate::render::portal::Portal;
use crate::render::site::SitePath;
use crate::render::templates::{Template, page_template};
use crate::words;

/// Environments on one page.
const ROWS: usize = 200;
/// Services named of one environment.
const NAMED: usize = 5;
/// Longest text of an author, in characters.
const LONGEST: usize = 200;

/// What the template sees.
#[derive(Debug, Serialize)]
pub struct Page {
    lead: String,
    calendar: Href,
    caption: String,
    rows: Vec<Row>,
    pages: Vec<Step>,
    next: Option<Link>,
}

/// One environment or sandbox.
#[derive(Debug, Serialize)]
struct Row {
    anchor: String,
    id: String,
    name: Option<String>,
    purpose: Option<String>,
    badge: Badge,
    ends: Option<When>,
    left: String,
    unknown: Option<String>,
    owner: Option<Link>,
    account: Option<Link>,
    services: Vec<Link>,
    more_services: usize,
    cost: Option<Cost>,
}

/// What an account cost in one month.
#[derive(Debug, Serialize)]
struct Cost {
    amount: String,
    month: String,
}

impl Kind for Page {
    const TEMPLATE: Template = page_template!("environments");
    type Shown<'p> = Page;
    type Subject = usize;

    fn list(portal: &Portal<'_>) -> Vec<(SitePath, usize)> {
        if portal.catalog.accounts.is_empty() && portal.assessment.environments.all.is_empty() {
            return Vec::new();
        }
        (1..=pages(portal)).map(|number| (place(number, |place| place.path()), number)).collect()
    }

    fn page<'p>(portal: &'p Portal<'_>, number: &'p usize, here: Here<'p>) -> (Head, Page) {
        let first = *number == 1;
        let to = |number: usize| place(number, |place| here.to(place));
        let accounts = portal.sections.contains(&Section::Accounts);
        let mut crumbs: Vec<Link> =
            accounts.then(|| Link::new("Accounts", here.to(Place::Accounts))).into_iter().collect();
        crumbs.extend((!first).then(|| Link::new("Environments", to(1))));
        let head = Head {
            title: if first { "Environments".to_owned() } else { format!("Environments, page {number}") },
            section: Some(Section::Accounts),
            data: Some(here.to(Place::Data(&["environments/index"]))),
            crumbs,
            ..Head::default()
        };
        let leases = &portal.assessment.environments.all;
        let count = pages(portal);
        let shown = leases.iter().skip((number - 1) * ROWS).take(ROWS);
        let all = words::count(leases.len(), "environment or sandbox", "environments and sandboxes");
        let page = Page {
            lead: lead(leases),
            calendar: here.to(Place::CalendarOfEnvironments),
            caption: match count {
                1 => format!("{all}, those that are over and still hold resources first"),
                _ => format!("{all}, by what has to be done first: page {number} of {count}"),
            },
            rows: shown.map(|lease| row(portal, lease, here)).collect(),
            pages: if count > 1 { steps(count, *number, to) } else { Vec::new() },
            next: (*number < count).then(|| Link::new("Next page", to(number + 1))),
        };
        (head, page)
    }
}

fn place<T>(number: usize, make: impl FnOnce(Place<'_>) -> T) -> T {
    match number {
        1 => make(Place::Environments),
        _ => make(Place::EnvironmentsPart(&number.to_string())),
    }
}

fn pages(portal: &Portal<'_>) -> usize {
    portal.assessment.environments.all.len().div_ceil(ROWS).max(1)
}

/// How many are over, and what is known of them.
fn lead(leases: &[Lease]) -> String {
    let over = leases.iter().filter(|lease| matches!(lease.time, Time::Overdue(_)));
    let held = over.clone().filter(|lease| lease.rest.resources > 0).count();
    let unknown = over.clone().filter(|lease| lease.rest.resources == 0 && lease.rest.unknown.is_some());
    let (over, unknown) = (over.count(), unknown.count());
    let over = match over {
        0 => return "Nothing that was asked for a time is past its last day.".to_owned(),
        _ => format!("{} past the last day", words::count(over, "request is", "requests are")),
    };
    let held = format!("{} resources", words::count(held, "still holds", "still hold"));
    match unknown {
        0 => format!("{over}: {held}."),
        _ => format!("{over}: {held}, and of {unknown} nobody could see what is left."),
    }
}

fn row(portal: &Portal<'_>, lease: &Lease, here: Here<'_>) -> Row {
    let catalog = portal.catalog;
    let id = lease.id(catalog);
    let text = |text: &str| cut(text, LONGEST).into_owned();
    let services = |named: &mut dyn Iterator<Item = &ServiceId>| -> Vec<Link> {
        named.map(|id| linked::service_named(portal, here, id.as_str())).collect()
    };
    let (name, purpose, owner, account, mut services) = match lease.place {
        Leased::Environment(index) => {
            let record = &catalog.environments[index].record;
            let owner = record.owner.value().map(|owner| linked::person(portal, here, owner.as_str()));
            let account = record.account_id.value().map(|id| account_named(portal, here, id));
            let name = record.display_name.value().map(|name| text(name));
            let purpose = record.purpose.value().map(|purpose| text(purpose));
            (name, purpose, owner, account, services(&mut record.services.values()))
        }
        Leased::Sandbox(index) => {
            let account = &catalog.accounts[index];
            let record = declared(account);
            let purpose = record.and_then(|record| record.purpose.value()).map(|purpose| text(purpose));
            let named = record.map(|record| services(&mut record.services.values())).unwrap_or_default();
            let owner = super::accounts::owner(portal, account, here);
            (Some(account_name(account)), purpose, owner, Some(linked::account(portal, here, index)), named)
        }
    };
    let more_services = services.len().saturating_sub(NAMED);
    services.truncate(NAMED);
    let rest = &lease.rest;
    Row {
        anchor: anchor(lease.place, id),
        id: id.to_owned(),
        name: name.filter(|name| name != id),
        purpose,
        badge: badge(lease),
        ends: lease.last.map(|day| portal.when(day)),
        left: match (rest.resources, &rest.unknown) {
            (0, Some(_)) => "unknown".to_owned(),
            (0, None) => "nothing".to_owned(),
            (resources, None) => words::count(resources, "resource", "resources"),
            (resources, Some(_)) => {
                format!("at least {}", words::count(resources, "resource", "resources"))
            }
        },
        unknown: rest.unknown.as_deref().map(text),
        owner,
        account,
        services,
        more_services,
        cost: match lease.place {
            Leased::Sandbox(index) => cost(portal, &catalog.accounts[index]),
            Leased::Environment(_) => None,
        },
    }
}

fn account_named(portal: &Portal<'_>, here: Here<'_>, id: &AccountId) -> Link {
    match portal.catalog.accounts.find(id.as_str()) {
        Some(index) => linked::account(portal, here, index),
        None => Link::plain(id.as_str()),
    }
}

/// What the whole account used in the newest month that is told to its end. What an environment in a shared
/// account costs no bill says.
fn cost(portal: &Portal<'_>, account: &Account) -> Option<Cost> {
    let month = newest_whole(&portal.catalog.costs)?;
    let own = month.accounts.iter().find(|costs| costs.account.as_deref() == Some(account.id.as_str()))?;
    Some(Cost {
        amount: format!("{} {}", own.usage.round_dp(2), month.currency),
        month: month.month.to_string(),
    })
}

/// The row of the environment or sandbox that is called `id`.
fn anchor(place: Leased, id: &str) -> String {
    let kind = match place {
        Leased::Environment(_) => 'e',
        Leased::Sandbox(_) => 's',
    };
    format!("{kind}-{}", segment(id))
}

/// Where the list has `place`, which is called `id`.
pub(super) fn link(portal: &Portal<'_>, here: Here<'_>, leased: Leased, id: &str) -> Option<Href> {
    let position = portal.assessment.environments.position(leased)?;
    Some(place(position / ROWS + 1, |place| here.to_part(place, &anchor(leased, id))))
}

/// How long it has, as a badge.
pub(super) fn badge(lease: &Lease) -> Badge {
    match lease.time {
        Time::Overdue(days) => {
            let days = words::count(usize::try_from(days).unwrap_or(usize::MAX), "day", "days");
            Badge::exception(ExceptionState::Expired).saying(format!("Overdue by {days}"))
        }
        Time::Left(days) if days <= SOON => Badge::warning().saying(format!("Ends {}", in_days(days))),
        Time::Left(days) => Badge::declared().saying(format!("Ends {}", in_days(days))),
        Time::NoEnd => Badge::warning().saying("No end"),
        Time::Stays => Badge::declared().saying("Stays"),
    }
}

/// From how many days before its end somebody should think of it.
const SOON: i64 = 14;

/// One of them on a page about something else.
#[derive(Debug, Serialize)]
pub(super) struct Ending {
    what: Link,
    badge: Badge,
}

/// Environments and sandboxes that `is_wanted`, each with its end.
pub(super) fn of(portal: &Portal<'_>, here: Here<'_>, is_wanted: impl Fn(&Lease) -> bool) -> Vec<Ending> {
    let wanted = portal.assessment.environments.all.iter().filter(|lease| is_wanted(lease));
    let ending = |lease: &Lease| {
        let id = lease.id(portal.catalog);
        let what = Link { text: id.to_owned(), href: link(portal, here, lease.place, id) };
        Ending { what, badge: badge(lease) }
    };
    wanted.take(ROWS).map(ending).collect()
}

/// The account of a lease.
pub(super) fn account_of(portal: &Portal<'_>, lease: &Lease) -> Option<Index<Account>> {
    match lease.place {
        Leased::Environment(index) => {
            let account = portal.catalog.environments[index].record.account_id.value()?;
            portal.catalog.accounts.find(account.as_str())
        }
        Leased::Sandbox(index) => Some(index),
    }
}

/// The team that answers for a lease.
pub(super) fn owner_of(portal: &Portal<'_>, lease: &Lease) -> Option<Index<Team>> {
    match lease.place {
        Leased::Environment(index) => {
            let owner = portal.catalog.environments[index].record.owner.value()?;
            portal.catalog.team_names.find(owner.as_str())
        }
        Leased::Sandbox(index) => portal.catalog.accounts[index].owner,
    }
}
