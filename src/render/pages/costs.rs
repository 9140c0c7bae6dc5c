//! What things cost, as the newest whole month of the cost exports says: what nobody answers for first, then by
//! account and by service.

use rust_decimal::Decimal;
use serde::Serialize;

use super::account_resources::account_name;
use super::{Kind, drift};
use crate::catalog::Service;
use crate::catalog::cost::{AccountCosts, MonthCosts, newest_whole, tenths_of_percent};
use crate::catalog::id::AccountId;
use crate::catalog::table::Index;
use crate::render::frame::{Head, Section};
use crate::render::links::{Here, Href, Place};
use crate::render::parts::{Link, When, cut};
use crate::render::portal::Portal;
use crate::render::site::SitePath;
use crate::render::templates::{Template, page_template};
use crate::words;

/// Rows of one table at most; the file for spreadsheets has them all.
const SHOWN: usize = 200;
/// Longest name that an export gives, in characters.
const LONGEST: usize = 120;

/// What the template sees.
#[derive(Debug, Serialize)]
pub struct Page {
    lead: String,
    table: Href,
    parts: Vec<Part>,
    parts_caption: String,
    accounts: Vec<Row>,
    accounts_caption: String,
    services: Vec<Row>,
    services_caption: String,
    /// The month that the last column is of.
    before: String,
    months: Vec<Month>,
}

/// A part of what was used.
#[derive(Debug, Serialize)]
struct Part {
    name: &'static str,
    cost: Amount,
    share: Option<Amount>,
}

/// What an account or a service used.
#[derive(Debug, Serialize)]
struct Row {
    name: Link,
    team: Option<Link>,
    cost: Amount,
    share: Option<Amount>,
    /// Of an account, how much of it has a service and a cost centre; of a service, the month before.
    other: Option<Amount>,
}

/// One month as it was told.
#[derive(Debug, Serialize)]
struct Month {
    month: String,
    is_whole: bool,
    until: When,
    cost: Amount,
    attributed: Option<Amount>,
    beside: Amount,
    sources: String,
}

/// A number as people read it, and as tables sort by it.
#[derive(Debug, Serialize)]
struct Amount {
    text: String,
    value: String,
}

impl Amount {
    fn of(amount: Decimal) -> Self {
        Self { text: grouped(amount), value: amount.round_dp(2).to_string() }
    }

    fn share(part: Decimal, whole: Decimal) -> Option<Self> {
        let share = tenths_of_percent(part, whole)?.normalize();
        Some(Self { text: format!("{share} %"), value: share.to_string() })
    }
}

impl Kind for Page {
    const TEMPLATE: Template = page_template!("costs");
    type Shown<'p> = Page;
    type Subject = ();

    fn list(portal: &Portal<'_>) -> Vec<(SitePath, ())> {
        match portal.catalog.costs.is_empty() {
            true => Vec::new(),
            false => vec![(Place::Costs.path(), ())],
        }
    }

    fn page<'p>(portal: &'p Portal<'_>, (): &'p (), here: Here<'p>) -> (Head, Page) {
        let head = Head {
            title: "Costs".to_owned(),
            section: Some(Section::Accounts),
            crumbs: drift::crumbs(portal, here),
            data: Some(here.to(Place::Data(&["costs/index"]))),
            sources: Vec::new(),
        };
        let costs = &portal.catalog.costs;
        let newest = newest_whole(costs);
        let before = newest.and_then(|newest| month_before(costs, newest));
        let page = Page {
            lead: newest.map_or_else(
                || match costs.iter().any(|month| month.is_whole) {
                    true => {
                        "The newest whole month has charges in several currencies, so nothing is added up."
                            .to_owned()
                    }
                    false => "No cost export covers a whole month yet, so nothing is added up.".to_owned(),
                },
                lead,
            ),
            table: here.to(Place::CostsTable),
            parts: newest.map(parts).unwrap_or_default(),
            parts_caption: newest
                .map(|newest| {
                    format!("Usage in {}, in {}, by what its tags name", newest.month, newest.currency)
                })
                .unwrap_or_default(),
            accounts: newest.map(|newest| accounts(portal, newest, here)).unwrap_or_default(),
            accounts_caption: newest
                .map(|newest| {
                    caption(
                        newest,
                        newest.accounts.len(),
                        ("account", "accounts"),
                        "what is put down to nobody",
                    )
                })
                .unwrap_or_default(),
            services: newest.map(|newest| services(portal, newest, before, here)).unwrap_or_default(),
            services_caption: newest
                .map(|newest| {
                    caption(newest, newest.services.len(), ("service", "services"), "what costs most")
                })
                .unwrap_or_default(),
            before: before.map_or_else(|| "Month before".to_owned(), |before| before.month.to_string()),
            months: costs.iter().rev().map(|month| self::month(portal, month)).collect(),
        };
        (head, page)
    }
}

fn lead(month: &MonthCosts) -> String {
    let used = format!("{} {} of usage in {}", grouped(month.usage), month.currency, month.month);
    match tenths_of_percent(month.attributed, month.usage) {
        Some(share) => {
            let share = share.normalize();
            format!("{used}; {share} % of it can be put down to a service and a cost centre.")
        }
        None => format!("{used}: nothing that costs anything."),
    }
}

/// What nobody answers for stands first.
fn parts(month: &MonthCosts) -> Vec<Part> {
    let part = |name, cost| Part { name, cost: Amount::of(cost), share: Amount::share(cost, month.usage) };
    vec![
        part("No service of the catalog", month.nobody),
        part("A service, without a cost centre", month.without_cost_center),
        part("A service and a cost centre", month.attributed),
        Part { name: "Beside usage: taxes, credits, purchases", cost: Amount::of(month.other), share: None },
    ]
}

fn accounts(portal: &Portal<'_>, month: &MonthCosts, here: Here<'_>) -> Vec<Row> {
    let mut accounts: Vec<&AccountCosts> = month.accounts.iter().collect();
    accounts.sort_by_key(|one| std::cmp::Reverse(one.usage - one.attributed));
    let row = |one: &AccountCosts| {
        let written = one.account.as_deref();
        let account = written.and_then(AccountId::new);
        let account = account.and_then(|id| portal.catalog.accounts.by_id(id.as_str()));
        let name = match account {
            Some(account) => {
                let id = account.id.as_str();
                Link::new(account_name(portal, Some(id)), here.to(Place::Account(id)))
            }
            None => Link::plain(written.map_or("No account".into(), |name| cut(name, LONGEST))),
        };
        let team = account.and_then(|account| account.owner).map(|team| &portal.catalog.teams[team]);
        Row {
            name,
            team: team.map(|team| Link::new(team.record.name(), here.to(Place::Team(team.id.as_str())))),
            cost: Amount::of(one.usage),
            share: Amount::share(one.usage, month.usage),
            other: Amount::share(one.attributed, one.usage),
        }
    };
    accounts.into_iter().take(SHOWN).map(row).collect()
}

fn services(
    portal: &Portal<'_>,
    month: &MonthCosts,
    before: Option<&MonthCosts>,
    here: Here<'_>,
) -> Vec<Row> {
    let mut services = month.services.clone();
    services.sort_by_key(|(_, cost)| std::cmp::Reverse(*cost));
    let row = |(index, cost): (Index<Service>, Decimal)| {
        let service = &portal.catalog.services[index];
        let team = service.owner.map(|team| &portal.catalog.teams[team]);
        let id = service.id.as_str();
        Row {
            name: Link::new(id, here.to(Place::Service(id))),
            team: team.map(|team| Link::new(team.record.name(), here.to(Place::Team(team.id.as_str())))),
            cost: Amount::of(cost),
            share: Amount::share(cost, month.usage),
            other: before.and_then(|before| of_service(before, index)).map(Amount::of),
        }
    };
    services.into_iter().take(SHOWN).map(row).collect()
}

/// What `service` used in `month`; services stand there by id.
fn of_service(month: &MonthCosts, service: Index<Service>) -> Option<Decimal> {
    let position = month.services.binary_search_by_key(&service, |(known, _)| *known).ok()?;
    Some(month.services[position].1)
}

/// The last whole month before `month` in the same currency; its name stands in the head of the table.
fn month_before<'a>(costs: &'a [MonthCosts], month: &MonthCosts) -> Option<&'a MonthCosts> {
    let earlier =
        |other: &&MonthCosts| other.is_whole && other.currency == month.currency && other.month < month.month;
    costs.iter().filter(earlier).max_by_key(|other| &other.month)
}

fn month(portal: &Portal<'_>, month: &MonthCosts) -> Month {
    let sources: Vec<&str> = month.sources.iter().map(|source| &**source).collect();
    Month {
        month: format!("{} in {}", month.month, cut(&month.currency, LONGEST)),
        is_whole: month.is_whole,
        until: portal.when_of(month.until),
        cost: Amount::of(month.usage),
        attributed: Amount::share(month.attributed, month.usage),
        beside: Amount::of(month.other),
        sources: words::plain_list(&sources),
    }
}

/// `12 services in USD, what costs most first`.
fn caption(month: &MonthCosts, all: usize, (one, many): (&str, &str), first: &str) -> String {
    let counted = words::count(all, one, many);
    match all {
        0..=SHOWN => format!("{counted} in {}, {first} first", month.currency),
        _ => format!("The first {SHOWN} of {counted} in {}, {first} first", month.currency),
    }
}

/// `1,234.56`: two places, and a comma before every three digits.
fn grouped(amount: Decimal) -> String {
    let text = format!("{:.2}", amount.round_dp(2));
    let (sign, digits) = text.strip_prefix('-').map_or(("", &*text), |digits| ("−", digits));
    let (whole, places) = digits.split_once('.').unwrap_or((digits, "00"));
    let mut grouped = String::from(sign);
    for (position, digit) in whole.chars().enumerate() {
        if position > 0 && (whole.len() - position).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{grouped}.{places}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_have_two_places_and_groups_of_three() {
        let said = |text: &str| grouped(text.parse().expect("a number"));
        assert_eq!(said("0"), "0.00");
        assert_eq!(said("123"), "123.00");
        assert_eq!(said("1234567.891"), "1,234,567.89");
        assert_eq!(said("-1000.5"), "−1,000.50");
        assert_eq!(said("999.999"), "1,000.00");
    }
}
