//! Costs: the sums of all exports, month by month, put down to the services that their tags name, and the facts that
//! follow for services and accounts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use crate::catalog::Service;
use crate::catalog::cost::{AccountCosts, MonthCosts, newest_whole, tenths_of_percent};
use crate::catalog::id::AccountId;
use crate::catalog::names::Names;
use crate::catalog::origin::Origin;
use crate::catalog::ownership::{Claims, keys, tags};
use crate::catalog::policy::TagPolicy;
use crate::catalog::resource::{Fact, FactValue};
use crate::catalog::table::{Index, Table};
use crate::collect::snapshot::{CostLine, CostMonth, Tags};
use crate::day::{Length, Moment};

/// How long the bill of a month counts: until that of the next one is whole, with two weeks to spare.
const MAX_AGE: Length = Length::from_days(45);

/// The sums of one month and currency on their way.
#[derive(Default)]
struct Sums {
    usage: Decimal,
    other: Decimal,
    attributed: Decimal,
    without_cost_center: Decimal,
    nobody: Decimal,
    services: BTreeMap<Index<Service>, Decimal>,
    accounts: BTreeMap<Option<Arc<str>>, (Decimal, Decimal)>,
}

/// Who the charges of a set of tags are put down to.
#[derive(Clone, Copy)]
struct Payer {
    service: Option<Index<Service>>,
    has_cost_center: bool,
}

/// Every month by month and currency.
pub(super) fn resolve(
    costs: &[CostMonth],
    policy: &TagPolicy,
    claims: &Claims,
    names: &Names<Service>,
) -> Vec<MonthCosts> {
    let cost_center_keys = keys(policy, "costCenter");
    let mut payers: BTreeMap<*const (Arc<str>, Arc<str>), Payer> = BTreeMap::new();
    let mut payer = |of: &Tags| {
        *payers.entry(of.as_ptr()).or_insert_with(|| Payer {
            service: claims.service_of(of, names),
            has_cost_center: tags(of, &cost_center_keys).next().is_some(),
        })
    };
    let sources: BTreeSet<&Arc<str>> = costs.iter().map(|month| &month.source).collect();
    let mut by_month: BTreeMap<&str, Vec<&CostMonth>> = BTreeMap::new();
    for month in costs {
        by_month.entry(&month.month).or_default().push(month);
    }
    let mut months = Vec::new();
    for (name, told) in by_month {
        let Some(until) = told.iter().map(|month| month.until).min() else { continue };
        let is_whole = told.len() == sources.len() && end_of(name).is_some_and(|end| until >= end);
        let mut by_currency: BTreeMap<&Arc<str>, Sums> = BTreeMap::new();
        for line in told.iter().flat_map(|month| &month.lines) {
            by_currency.entry(&line.currency).or_default().add(line, payer(&line.tags));
        }
        months.extend(by_currency.into_iter().map(|(currency, sums)| MonthCosts {
            month: name.into(),
            currency: Arc::clone(currency),
            sources: told.iter().map(|month| Arc::clone(&month.source)).collect(),
            until,
            is_whole,
            usage: sums.usage,
            other: sums.other,
            attributed: sums.attributed,
            without_cost_center: sums.without_cost_center,
            nobody: sums.nobody,
            services: sums.services.into_iter().collect(),
            accounts: sums.accounts.into_iter().map(account).collect(),
        }));
    }
    months
}

impl Sums {
    fn add(&mut self, line: &CostLine, payer: Payer) {
        let CostLine { account, cost, .. } = line;
        if !line.is_usage {
            self.other += cost;
            return;
        }
        self.usage += cost;
        let of_account = self.accounts.entry(account.clone()).or_default();
        of_account.0 += cost;
        match (payer.service, payer.has_cost_center) {
            (None, _) => self.nobody += cost,
            (Some(_), false) => self.without_cost_center += cost,
            (Some(_), true) => {
                self.attributed += cost;
                of_account.1 += cost;
            }
        }
        if let Some(service) = payer.service {
            *self.services.entry(service).or_default() += cost;
        }
    }
}

fn account((account, (usage, attributed)): (Option<Arc<str>>, (Decimal, Decimal))) -> AccountCosts {
    AccountCosts { account, usage, attributed }
}

/// The first moment after a month (`YYYY-MM`).
fn end_of(month: &str) -> Option<Moment> {
    let (year, month) = month.split_once('-')?;
    let (year, month): (u32, u32) = (year.parse().ok()?, month.parse().ok()?);
    let (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    Moment::parse(&format!("{year:04}-{month:02}-01T00:00:00Z"))
}

/// What the newest whole month says of services and accounts. Services whose id is claimed twice are not judged, and
/// one that no charge names is not known to cost nothing.
pub(super) fn facts(costs: &[MonthCosts], services: &Table<Service>) -> Vec<Fact> {
    let Some(newest) = newest_whole(costs) else { return Vec::new() };
    let Some(position) = costs.iter().position(|month| std::ptr::eq(month, newest)) else {
        return Vec::new();
    };
    let Some(end) = end_of(&newest.month) else { return Vec::new() };
    let origin = Origin::Cost(u32::try_from(position).expect("months stay below four billion"));
    let source: Box<str> = format!("cost export, usage of {} in {}", newest.month, newest.currency).into();
    let fact = |subject: String, name: &str, value: Decimal| {
        Some(Fact {
            subject: subject.into(),
            name: name.into(),
            value: FactValue::Number(value.round_dp(2).to_f64()?),
            observed_at: end,
            source: source.clone(),
            max_age: MAX_AGE,
            origin,
        })
    };
    let is_judged = |(service, _): &&(Index<Service>, Decimal)| services[*service].conflict.is_empty();
    let of_services = newest.services.iter().filter(is_judged);
    let of_services = of_services.filter_map(|(service, cost)| {
        fact(format!("service:{}", services[*service].id), "monthly-cost", *cost)
    });
    let of_accounts = newest.accounts.iter().filter_map(|one| {
        let id = AccountId::new(one.account.as_deref()?)?;
        let subject = format!("account:{}", id.as_str());
        let share = tenths_of_percent(one.attributed, one.usage);
        let share = share.and_then(|share| fact(subject.clone(), "cost-attribution-percent", share));
        Some([fact(subject, "monthly-cost", one.usage), share])
    });
    of_services.chain(of_accounts.flatten().flatten()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_ends_where_the_next_begins() {
        let end = |month| end_of(month).map(|end| end.to_string());
        assert_eq!(end("2026-10").as_deref(), Some("2026-11-01T00:00:00Z"));
        assert_eq!(end("2026-12").as_deref(), Some("2027-01-01T00:00:00Z"));
        assert_eq!((end("2026"), end("x-y")), (None, None));
    }
}
