//! `costs/index.json`: what things cost, month by month; and `costs/<month>-<currency>.json`, the services of one
//! month. Amounts are exact decimals, written as text.

use schemars::JsonSchema;
use serde::Serialize;

use super::{ROWS, files};
use crate::catalog::cost::{MonthCosts, newest_whole};
use crate::render::portal::Portal;

/// What things cost.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Costs<'a> {
    /// Every month that an export tells, in each currency, the oldest first.
    pub months: Vec<Month<'a>>,
    /// The newest month that is whole, when it has one currency: what figures are taken from.
    pub newest: Option<&'a str>,
}

/// One month in one currency. `usage` is `attributed`, `withoutCostCenter` and `nobody` together.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Month<'a> {
    /// By account.
    pub accounts: Vec<Account<'a>>,
    /// Usage of a service with a cost centre.
    pub attributed: String,
    /// The currency, such as `USD`.
    pub currency: &'a str,
    /// Whether every source told the month to its end.
    pub is_whole: bool,
    /// The month (`YYYY-MM`, UTC).
    pub month: &'a str,
    /// Usage of no service that the catalog has.
    pub nobody: String,
    /// Taxes, credits, purchases and corrections.
    pub other: String,
    /// The files with its services, relative to `index.json`.
    pub pages: Vec<String>,
    /// The sources that told it.
    pub sources: Vec<&'a str>,
    /// When the last charge of the source that told least ended.
    pub until: String,
    /// Charges for usage.
    pub usage: String,
    /// Usage of a service without a cost centre.
    pub without_cost_center: String,
}

/// What one account used.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Account<'a> {
    /// As the export writes it; none when it names none.
    pub account: Option<&'a str>,
    /// Of that, what has a service and a cost centre.
    pub attributed: String,
    /// Charges for usage.
    pub usage: String,
}

/// A page of the services of one month.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Services<'a> {
    /// The currency.
    pub currency: &'a str,
    /// The month.
    pub month: &'a str,
    /// All pages of the list, relative to `index.json`, this one included.
    pub pages: Vec<String>,
    /// The services of this page, by id.
    pub services: Vec<ServiceCost<'a>>,
}

/// What one service used.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ServiceCost<'a> {
    /// Its id.
    pub service: &'a str,
    /// Charges for usage.
    pub usage: String,
}

/// The pages of the services of `month`: parts of their addresses.
pub(super) fn pages(month: &MonthCosts) -> Vec<String> {
    let name = format!("{}-{}", month.month, month.currency.to_lowercase());
    let first = format!("costs/{}", crate::render::links::segment(&name));
    super::pages(&first, &first, month.services.len())
}

impl<'a> Costs<'a> {
    pub(super) fn of(portal: &'a Portal<'_>) -> Self {
        let costs = &portal.catalog.costs;
        let month = |month: &'a MonthCosts| Month {
            accounts: month
                .accounts
                .iter()
                .map(|one| Account {
                    account: one.account.as_deref(),
                    attributed: one.attributed.to_string(),
                    usage: one.usage.to_string(),
                })
                .collect(),
            attributed: month.attributed.to_string(),
            currency: &month.currency,
            is_whole: month.is_whole,
            month: &month.month,
            nobody: month.nobody.to_string(),
            other: month.other.to_string(),
            pages: relative(month),
            sources: month.sources.iter().map(|source| &**source).collect(),
            until: month.until.to_string(),
            usage: month.usage.to_string(),
            without_cost_center: month.without_cost_center.to_string(),
        };
        Self {
            months: costs.iter().map(month).collect(),
            newest: newest_whole(costs).map(|newest| &*newest.month),
        }
    }
}

impl<'a> Services<'a> {
    pub(super) fn of(portal: &'a Portal<'_>, position: usize, page: usize) -> Self {
        let month = &portal.catalog.costs[position];
        let services = month.services.iter().skip(page * ROWS).take(ROWS);
        Self {
            currency: &month.currency,
            month: &month.month,
            pages: relative(month),
            services: services
                .map(|(service, usage)| ServiceCost {
                    service: portal.catalog.services[*service].id.as_str(),
                    usage: usage.to_string(),
                })
                .collect(),
        }
    }
}

fn relative(month: &MonthCosts) -> Vec<String> {
    files(pages(month))
}
