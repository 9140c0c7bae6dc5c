//! The figures that could be measured, one row each.

use serde::Serialize;

use crate::assess::metrics::{Figure, Measure};
use crate::assess::outcome::Outcome;
use crate::catalog::metric::Direction;
use crate::catalog::resource::{Fact, FactValue};
use crate::render::badge::Badge;
use crate::render::blind_spot;
use crate::render::links::{Here, Href};
use crate::render::pages::adoption_list::List;
use crate::render::parts::{Meter, When};
use crate::render::portal::Portal;
use crate::render::prose::prose;
use crate::render::templates::Html;
use crate::words;

/// One figure.
#[derive(Debug, Serialize)]
pub(super) struct Row<'p> {
    title: &'p str,
    href: Href,
    formula: Option<&'p str>,
    /// A share of something.
    meter: Option<Meter>,
    /// What facts say.
    value: String,
    target: Option<String>,
    badge: Option<Badge>,
    as_of: Option<When>,
    source: Html,
    /// What it would be if what never carried a tag counted too.
    beyond: Option<String>,
}

/// Every figure that could be measured, in the order of the assessment.
pub(super) fn rows<'p>(portal: &'p Portal<'_>, here: Here<'_>) -> Vec<Row<'p>> {
    let figures = portal.adoption.figures.iter().enumerate();
    figures.filter_map(|(position, figure)| row(portal, here, position, figure)).collect()
}

fn row<'p>(
    portal: &'p Portal<'_>,
    here: Here<'_>,
    position: usize,
    figure: &'p Figure<'_>,
) -> Option<Row<'p>> {
    let beyond = match &figure.measure {
        Measure::Counted(tally) => blind_spot::beyond(portal, figure.id, tally.share()?),
        _ => None,
    };
    let (meter, value, badge, as_of, source) = match &figure.measure {
        Measure::Counted(tally) => {
            let share = tally.share()?;
            let met = figure.meets_share(share);
            let as_of = portal.when(portal.run.as_of);
            let source = figure.measured_by.clone();
            let value = format!("{} %", share.percent());
            (Some(Meter::from(share)), value, met.map(badge), as_of, source)
        }
        Measure::Observed(facts) => {
            // The oldest of them: a figure is no newer than what it is made of.
            let oldest = facts.iter().min_by_key(|fact| fact.observed_at)?;
            let (value, badge) = observed(figure, facts);
            (None, value, badge, portal.when_of(oldest.observed_at), sources(facts))
        }
        Measure::Combined(combined) => {
            let oldest = combined.facts.iter().min_by_key(|fact| fact.observed_at)?;
            let met = figure.meets_combined(combined);
            let is_of_accounts = combined.facts.iter().any(|fact| fact.subject.starts_with("account:"));
            let (one, many) = if is_of_accounts { ("account", "accounts") } else { ("service", "services") };
            let of = words::count(combined.facts.len(), one, many);
            let mut value = format!("{}, from {of}", measured(combined.value, figure.unit));
            if combined.left_out > 0 {
                value.push_str(&format!(" ({} left out: too old, or without counts)", combined.left_out));
            }
            let sources = sources(&combined.facts);
            (None, value, met.map(badge), portal.when_of(oldest.observed_at), sources)
        }
        Measure::NotMeasured(_) => return None,
    };
    Some(Row {
        title: figure.title,
        href: List::Figure(position).href(portal, here, 1),
        formula: figure.formula,
        meter,
        value,
        target: figure.target.map(|wanted| target(wanted, figure.direction, figure.unit)),
        badge,
        as_of: Some(as_of),
        source: prose(&source),
        beyond,
    })
}

/// Who says so.
fn sources(facts: &[&Fact]) -> String {
    let mut sources: Vec<&str> = facts.iter().map(|fact| &*fact.source).collect();
    sources.sort_unstable();
    sources.dedup();
    words::first(&sources, 3)
}

/// What facts about one subject say; of several subjects how many are where they should be.
fn observed(figure: &Figure<'_>, facts: &[&Fact]) -> (String, Option<Badge>) {
    if let [one] = facts {
        let met = number(one).and_then(|value| figure.meets(value));
        return (with_unit(one, figure.unit), met.map(badge));
    }
    if figure.target.is_none() {
        return (words::count(facts.len(), "subject", "subjects"), None);
    }
    let meets = |fact: &&&Fact| number(fact).and_then(|value| figure.meets(value)) == Some(true);
    let meeting = facts.iter().filter(meets).count();
    (format!("{meeting} of {} meet it", facts.len()), Some(badge(meeting == facts.len())))
}

fn number(fact: &Fact) -> Option<f64> {
    match fact.value {
        FactValue::Number(value) => Some(value),
        FactValue::Bool(_) | FactValue::Text(_) => None,
    }
}

/// `42 min`; what is no number as it stands.
pub(in crate::render) fn with_unit(fact: &Fact, unit: Option<&str>) -> String {
    match &fact.value {
        FactValue::Number(value) => measured(*value, unit),
        FactValue::Bool(value) => value.to_string(),
        FactValue::Text(text) => text.to_string(),
    }
}

/// `99.9 %`.
fn measured(value: f64, unit: Option<&str>) -> String {
    unit.map_or_else(|| value.to_string(), |unit| format!("{value} {unit}"))
}

/// `at least 98 %`.
pub(super) fn target(target: f64, direction: Option<Direction>, unit: Option<&str>) -> String {
    let word = match direction {
        Some(Direction::Down) => "at most",
        Some(Direction::Up) | None => "at least",
    };
    format!("{word} {}", measured(target, unit))
}

fn badge(met: bool) -> Badge {
    match met {
        true => Badge::outcome(Outcome::Pass).saying("Met"),
        false => Badge::outcome(Outcome::Fail).saying("Missed"),
    }
}
