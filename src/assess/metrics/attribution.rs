//! How much of what was used can be put down to a service and a cost centre, from the newest whole month of the cost
//! exports.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use super::{Combined, Measure};
use crate::assess::Assessment;
use crate::assess::facts::{Freshness, SubjectFacts};
use crate::assess::outcome::Share;
use crate::catalog::Catalog;
use crate::catalog::cost::{newest_whole, tenths_of_percent};

/// The metric of the contract that this is.
const ID: &str = "cost-attribution";

/// The fact that each account shows.
const OF_AN_ACCOUNT: &str = "cost-attribution-percent";

/// What the exports say of the metric `id`; `None` when it is another one, or no export was read.
pub(super) fn attribution<'a>(
    catalog: &'a Catalog,
    assessment: &Assessment,
    id: &str,
) -> Option<Measure<'a>> {
    if id != ID || catalog.costs.is_empty() {
        return None;
    }
    let unmeasured = |why: &str| Some(Measure::NotMeasured(why.to_owned()));
    let Some(month) = newest_whole(&catalog.costs) else {
        return unmeasured("no cost export covers a whole month in one currency");
    };
    let (mut facts, mut stale) = (Vec::new(), 0);
    for one in &month.accounts {
        let subject = format!("account:{}", one.account.as_deref().unwrap_or_default());
        match SubjectFacts::of(&catalog.facts, &subject, assessment.now, &catalog.zone).find(OF_AN_ACCOUNT) {
            Freshness::Fresh { fact, .. } => facts.push(fact),
            Freshness::Stale(_) => stale += 1,
            Freshness::NotCollected => {}
        }
    }
    let Some(value) = tenths_of_percent(month.attributed, month.usage).and_then(|share| share.to_f64())
    else {
        return unmeasured("the cost exports tell of no usage that costs anything");
    };
    if facts.is_empty() {
        // Without a fact nothing says from when the figure is, and when it is too old.
        return unmeasured(match stale {
            0 => "the newest whole month of the cost exports names no account by its twelve digits",
            _ => "the newest whole month of the cost exports is too old to be used",
        });
    }
    // In hundredths of the currency, as far as whole numbers go.
    let hundredths = |amount: Decimal| (amount * Decimal::from(100)).floor().to_u64();
    let share = hundredths(month.attributed).zip(hundredths(month.usage));
    let share = share.and_then(|(part, whole)| Share::of(part, whole));
    Some(Measure::Combined(Combined { value, share, facts, left_out: stale }))
}
