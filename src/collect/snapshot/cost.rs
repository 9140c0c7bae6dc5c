//! What things cost: the charges of cost exports, added up by month, account and tags.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::Tags;
use crate::day::Moment;

/// The charges of one month, from one source.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct CostMonth {
    /// The name of the source.
    pub source: Arc<str>,
    /// The month in which the charges began, in UTC (`YYYY-MM`).
    pub month: Arc<str>,
    /// When the last of them ended: a month is whole when that is its end or later.
    pub until: Moment,
    /// How many charges there are.
    pub charges: u64,
    /// Their sums, by everything that tells them apart.
    pub lines: Vec<CostLine>,
}

/// The sum of charges that are alike.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct CostLine {
    /// The account that caused them, when the export says so.
    pub account: Option<Arc<str>>,
    /// The currency, such as `USD`.
    pub currency: Arc<str>,
    /// Whether they are for usage; what is not is a tax, a credit, a purchase or a correction.
    pub is_usage: bool,
    /// Tags of the resources.
    pub tags: Tags,
    /// What they cost, discounts and prepayments spread over what they cover.
    pub cost: Decimal,
}

impl CostMonth {
    /// What it is known by.
    pub fn key(&self) -> (&str, &str) {
        (&self.source, &self.month)
    }

    /// The same month without its sums.
    pub fn without_lines(&self) -> Self {
        let (source, month) = (Arc::clone(&self.source), Arc::clone(&self.month));
        Self { source, month, until: self.until, charges: self.charges, lines: Vec::new() }
    }
}
