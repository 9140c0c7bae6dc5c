//! Figures that facts about single services make together: shares by their sums, rates by adding them up, times by the
//! middle one.

use super::{Measure, counts};
use crate::assess::Assessment;
use crate::assess::facts::{Freshness, SubjectFacts};
use crate::assess::outcome::Share;
use crate::catalog::Catalog;
use crate::catalog::resource::{Fact, FactValue, median, tenths_of_percent};

/// Counts and minutes beyond this are no measurements, and their sum would not be exact.
const LARGEST: f64 = 1e12;

/// What facts about services say together.
#[derive(Clone, Debug, PartialEq)]
pub struct Combined<'a> {
    /// The figure.
    pub value: f64,
    /// Of a share, what it is of what.
    pub share: Option<Share>,
    /// What is known of each service, by its id. Never empty.
    pub facts: Vec<&'a Fact>,
    /// How many services are left out: what is known of them is too old, or lacks the counts a share is made of.
    pub left_out: usize,
}

/// How facts become a figure.
enum Way {
    /// What went well, of all: the fact that counts what did not, and the one that counts all.
    Well(&'static str, &'static str),
    /// What did not go well, of all.
    Badly(&'static str, &'static str),
    /// The sum.
    Sum,
    /// The middle one.
    Median,
}

/// What the metric `id` is made of, when facts about services make it: the fact that each service shows, and how.
fn recipe(id: &str) -> Option<(&'static str, Way)> {
    Some(match id {
        "build-success-rate" => ("build-success-percent", Way::Well("builds-failed", "builds-finished")),
        "failed-deployment-rate" => {
            ("failed-deployment-percent", Way::Badly("deployments-failed", "deployments-finished"))
        }
        "deployment-frequency" => ("deployments-per-week", Way::Sum),
        "commit-to-production" => ("commit-to-production-minutes", Way::Median),
        _ => return None,
    })
}

/// What facts about services say of the metric `id`; `None` when it is not made of such.
pub(super) fn combined<'a>(catalog: &'a Catalog, assessment: &Assessment, id: &str) -> Option<Measure<'a>> {
    let (shown, way) = recipe(id)?;
    let (mut facts, mut values) = (Vec::new(), Vec::new());
    let (mut failed, mut finished) = (0, 0);
    let (mut stale, mut uncounted) = (0, 0);
    for service in catalog.services.iter().filter(|service| counts(service)) {
        let subject = format!("service:{}", service.id);
        let known = SubjectFacts::of(&catalog.facts, &subject, assessment.now, &catalog.zone);
        let number = |name: &str| match known.find(name) {
            Freshness::Fresh { fact, .. } => match fact.value {
                FactValue::Number(value) if (0.0..=LARGEST).contains(&value) => Some((fact, value)),
                _ => None,
            },
            Freshness::Stale(_) | Freshness::NotCollected => None,
        };
        if matches!(known.find(shown), Freshness::Stale(_)) {
            stale += 1;
        }
        let Some((fact, value)) = number(shown) else { continue };
        if let Way::Well(part, whole) | Way::Badly(part, whole) = way {
            match (number(part), number(whole)) {
                (Some((_, part)), Some((_, whole))) if part <= whole => {
                    failed += part as u64;
                    finished += whole as u64;
                }
                _ => {
                    uncounted += 1;
                    continue;
                }
            }
        }
        facts.push(fact);
        values.push(value);
    }
    let share = match way {
        Way::Well(..) => Share::of(finished.saturating_sub(failed), finished),
        Way::Badly(..) => Share::of(failed, finished),
        Way::Sum | Way::Median => None,
    };
    let value = match way {
        Way::Well(..) => share.map(|share| tenths_of_percent(share.part, share.whole)),
        // Rounded up, so that no failure is rounded away.
        Way::Badly(..) => share.map(|share| {
            let well = tenths_of_percent(share.whole.saturating_sub(share.part), share.whole);
            (1000.0 - well * 10.0).round() / 10.0
        }),
        Way::Sum => Some((values.iter().sum::<f64>() * 100.0).round() / 100.0).filter(|_| !values.is_empty()),
        Way::Median => median(values.iter().map(|value| *value as u64).collect()).map(|middle| middle as f64),
    };
    Some(match value {
        Some(value) => Measure::Combined(Combined { value, share, facts, left_out: stale + uncounted }),
        None => Measure::NotMeasured(nothing(shown, &way, stale, uncounted)),
    })
}

/// Why the fact `shown` makes no figure.
fn nothing(shown: &str, way: &Way, stale: usize, uncounted: usize) -> String {
    match way {
        Way::Well(part, whole) | Way::Badly(part, whole) if uncounted > 0 => {
            format!("`{shown}` is told without numbers that fit from the facts `{part}` and `{whole}`")
        }
        _ if stale > 0 => format!("every fact `{shown}` is too old to be used"),
        _ => {
            format!("no metric of that name is declared, and no source told the fact `{shown}` of a service")
        }
    }
}
