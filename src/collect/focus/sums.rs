//! Sums of charges: by month, account, currency, kind and tags. Amounts are exact, so that the order does not show.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use rust_decimal::Decimal;

use super::charge::Charge;
use crate::collect::pool::Pool;
use crate::collect::snapshot::{CostLine, CostMonth, Tags};
use crate::day::Moment;

/// Most sums that one source may need: as many as there are different sets of tags and accounts, in every month.
const MOST: usize = 5_000_000;

/// What tells sums of one month apart: account, currency, whether it is usage, and tags.
type Key = (Option<Arc<str>>, Arc<str>, bool, Tags);

/// The sums of some files.
#[derive(Default)]
pub(super) struct Sums {
    months: BTreeMap<String, Month>,
    pool: Pool,
    count: usize,
}

struct Month {
    until: Moment,
    charges: u64,
    lines: BTreeMap<Key, Decimal>,
}

impl Sums {
    /// Adds a charge.
    pub(super) fn add(&mut self, charge: Charge) -> Result<(), String> {
        let Charge { month, end, currency, is_usage, account, tags, cost } = charge;
        let tags: Vec<(Arc<str>, Arc<str>)> =
            tags.iter().map(|(key, value)| (self.pool.keep(key), self.pool.keep(value))).collect();
        let key = (
            account.map(|account| self.pool.keep(&account)),
            self.pool.keep(&currency),
            is_usage,
            self.pool.keep_tags(&tags),
        );
        self.put(month, end, 1, [(key, cost)])
    }

    /// The sums of these and of `other`.
    pub(super) fn and(mut self, other: Self) -> Result<Self, String> {
        for (month, Month { until, charges, lines }) in other.months {
            self.put(month, until, charges, lines)?;
        }
        Ok(self)
    }

    fn put(
        &mut self,
        month: String,
        until: Moment,
        charges: u64,
        lines: impl IntoIterator<Item = (Key, Decimal)>,
    ) -> Result<(), String> {
        let month =
            self.months.entry(month).or_insert_with(|| Month { until, charges: 0, lines: BTreeMap::new() });
        month.until = month.until.max(until);
        month.charges += charges;
        for (key, cost) in lines {
            match month.lines.entry(key) {
                Entry::Vacant(entry) => {
                    entry.insert(cost);
                    self.count += 1;
                }
                Entry::Occupied(mut entry) => {
                    let sum = entry.get().checked_add(cost).ok_or("amounts beyond all measure")?;
                    entry.insert(sum);
                }
            }
            if self.count > MOST {
                return Err(format!("it needs more than {MOST} sums: too many different tags"));
            }
        }
        Ok(())
    }

    /// Month by month.
    pub(super) fn months(self, source: &str) -> Vec<CostMonth> {
        let line = |((account, currency, is_usage, tags), cost): (Key, Decimal)| CostLine {
            account,
            currency,
            is_usage,
            tags,
            cost: cost.normalize(),
        };
        let month = |(month, Month { until, charges, lines }): (String, Month)| CostMonth {
            source: source.into(),
            month: month.into(),
            until,
            charges,
            lines: lines.into_iter().map(line).collect(),
        };
        self.months.into_iter().map(month).collect()
    }
}
