//! What things cost as a table for spreadsheets: every month with what it is made of, its accounts and services.

use rust_decimal::Decimal;

use crate::catalog::Catalog;
use crate::catalog::cost::MonthCosts;
use crate::render::links::Place;
use crate::render::portal::Portal;
use crate::render::site::{CachePolicy, Entry, MediaType};
use crate::render::spreadsheet::Spreadsheet;

const HEADS: [&str; 6] = ["month", "currency", "kind", "id", "cost", "attributed"];

/// Lists the table, when there are costs.
pub(super) fn register<'a>(portal: &Portal<'a>, entries: &mut Vec<Entry<'a>>) {
    if portal.catalog.costs.is_empty() {
        return;
    }
    let make = |portal: &Portal<'a>, _: &_| Ok(table(portal.catalog));
    entries.push(Entry::new(Place::CostsTable.path(), MediaType::Csv, CachePolicy::Revalidate, make));
}

fn table(catalog: &Catalog) -> Vec<u8> {
    let mut table = Spreadsheet::new(&HEADS);
    for month in &catalog.costs {
        rows(catalog, month, &mut table);
    }
    table.finish()
}

fn rows(catalog: &Catalog, month: &MonthCosts, table: &mut Spreadsheet) {
    let mut row = |kind: &str, id: &str, cost: Decimal, attributed: Option<Decimal>| {
        let attributed = attributed.map(|amount| amount.to_string()).unwrap_or_default();
        table.row([&*month.month, &*month.currency, kind, id, &cost.to_string(), &attributed]);
    };
    row("usage", "", month.usage, Some(month.attributed));
    row("no-service", "", month.nobody, None);
    row("no-cost-centre", "", month.without_cost_center, None);
    row("beside-usage", "", month.other, None);
    for one in &month.accounts {
        row("account", one.account.as_deref().unwrap_or_default(), one.usage, Some(one.attributed));
    }
    for (service, cost) in &month.services {
        row("service", catalog.services[*service].id.as_str(), *cost, None);
    }
}
