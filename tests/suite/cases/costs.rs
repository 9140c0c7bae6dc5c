//! Charges of a case: `costs`, a list of months with their sums.

use std::sync::Arc;

use milepost::catalog::yaml::Node;
use milepost::collect::snapshot::{CostLine, CostMonth};
use milepost::day::Moment;

use super::organisation::tags;
use super::overlay::{items, text};

/// The months, each with the sums that are given.
pub(super) fn months(given: &[Node]) -> Vec<CostMonth> {
    let mut months: Vec<CostMonth> = given.iter().map(month).collect();
    months.sort_by(|a, b| a.key().cmp(&b.key()));
    months
}

fn month(given: &Node) -> CostMonth {
    let lines: Vec<CostLine> = items(given, "charges").iter().map(line).collect();
    CostMonth {
        source: text(given, "source").unwrap_or("bill").into(),
        month: text(given, "month").expect("charges have a month").into(),
        until: Moment::parse(text(given, "until").expect("charges have an end")).expect("a moment"),
        charges: lines.len() as u64,
        lines,
    }
}

fn line(given: &Node) -> CostLine {
    CostLine {
        account: text(given, "account").map(Arc::from),
        currency: text(given, "currency").unwrap_or("USD").into(),
        is_usage: text(given, "kind").is_none_or(|kind| kind == "Usage"),
        tags: tags(given).into(),
        cost: text(given, "cost").expect("a charge has a cost").parse().expect("an amount"),
    }
}
