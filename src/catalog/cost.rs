//! What things cost, month by month, and who it can be put down to.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::Service;
use super::table::Index;
use crate::day::Moment;

/// The charges of one month in one currency.
///
/// `usage` is `attributed` and `without_cost_center` and `nobody`: charges for usage by what their tags name, a
/// service and a cost centre, only a service, or no service that the catalog has.
#[derive(Debug, PartialEq)]
pub struct MonthCosts {
    /// The month (`YYYY-MM`, UTC).
    pub month: Box<str>,
    /// The currency, such as `USD`.
    pub currency: Arc<str>,
    /// The sources that told it, by name.
    pub sources: Vec<Arc<str>>,
    /// When the last charge of the source that told least ended.
    pub until: Moment,
    /// Whether every source told the month to its end.
    pub is_whole: bool,
    /// Charges for usage.
    pub usage: Decimal,
    /// Everything else: taxes, credits, purchases, corrections. It is put down to nobody.
    pub other: Decimal,
    /// Usage of a service with a cost centre.
    pub attributed: Decimal,
    /// Usage of a service without a cost centre.
    pub without_cost_center: Decimal,
    /// Usage of nobody that is known.
    pub nobody: Decimal,
    /// Usage by service, by id.
    pub services: Vec<(Index<Service>, Decimal)>,
    /// Usage by account, by id; what names no account comes first.
    pub accounts: Vec<AccountCosts>,
}

/// What one account used in a month.
#[derive(Debug, PartialEq)]
pub struct AccountCosts {
    /// The account as the export writes it, when it does.
    pub account: Option<Arc<str>>,
    /// What it used.
    pub usage: Decimal,
    /// Of that, what has a service and a cost centre.
    pub attributed: Decimal,
}

/// How much `part` is of `whole`, in tenths of a percent and rounded down; `None` of nothing.
pub fn tenths_of_percent(part: Decimal, whole: Decimal) -> Option<Decimal> {
    if whole <= Decimal::ZERO {
        return None;
    }
    let thousandths = part.checked_mul(Decimal::from(1000))?.checked_div(whole)?;
    Some(thousandths.floor() / Decimal::from(10))
}

/// The newest month that is whole, if it has one currency: the sums of two cannot be compared.
pub fn newest_whole(costs: &[MonthCosts]) -> Option<&MonthCosts> {
    let newest = costs.iter().filter(|month| month.is_whole).max_by_key(|month| &month.month)?;
    let others = costs.iter().filter(|month| month.month == newest.month).count();
    (others == 1).then_some(newest)
}
