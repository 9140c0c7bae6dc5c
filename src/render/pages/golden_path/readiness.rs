//! The readiness of a golden path: the items of its readiness scorecard, worst first, each with what it
//! rests on.

use serde::Serialize;

use crate::assess::RuleResult;
use crate::assess::outcome::Outcome;
use crate::catalog::Declared;
use crate::catalog::field::Sourced;
use crate::catalog::golden_path::{GoldenPath, ReadinessAttestation};
use crate::catalog::scorecard::{Rule, Subject};
use crate::catalog::table::Index;
use crate::render::badge::Badge;
use crate::render::linked;
use crate::render::links::{Here, Href, Place};
use crate::render::origin::Provenance;
use crate::render::parts::{Link, Meter, When};
use crate::render::populations::rule_id;
use crate::render::portal::Portal;
use crate::render::prose::prose;
use crate::render::reading::{Reading, explain, most_telling};
use crate::render::templates::Html;
use crate::words;

/// Inputs shown beside an item that does not pass.
const SHOWN: usize = 3;

/// Inputs shown beside one that does.
const SHOWN_OF_PASSES: usize = 1;

/// The items, and what came of them.
#[derive(Debug, Serialize)]
pub(super) struct Readiness<'p> {
    heading: String,
    scorecard: Link,
    level: Option<&'p str>,
    meter: Option<Meter>,
    totals: Vec<Badge>,
    items: Vec<Item<'p>>,
}

#[derive(Debug, Serialize)]
struct Item<'p> {
    badge: Badge,
    title: Html,
    id: &'p str,
    href: Href,
    message: Option<Html>,
    statement: Option<Statement>,
    inputs: Vec<Reading>,
}

/// What a person states of an item.
#[derive(Debug, Serialize)]
struct Statement {
    by: String,
    at: Option<When>,
    until: Option<When>,
    evidence: Option<Link>,
    origin: Provenance,
}

impl<'p> Readiness<'p> {
    /// The readiness of the path at `index`; `None` when no readiness scorecard applies to it.
    pub(super) fn new(
        portal: &'p Portal<'_>,
        index: Index<Declared<GoldenPath>>,
        here: Here<'_>,
    ) -> Option<Self> {
        let subject = portal.assessment.golden_paths.get(index.position())?;
        let result = subject.scorecards.get(subject.readiness?)?;
        let scorecard = &portal.catalog.scorecards[result.scorecard];
        let Declared { record, origin, .. } = &portal.catalog.golden_paths[index];
        let origin = *origin;
        let row = u32::try_from(index.position()).ok()?;
        let rules = &scorecard.record.rules.items;
        let mut order: Vec<usize> = (0..rules.len().min(result.rules.len())).collect();
        order.sort_by_key(|&position| rank(&result.rules[position]));
        let item = |position: usize| {
            let rule: &'p Rule = &rules[position].value;
            let judged = &result.rules[position];
            let explanation = explain(portal, (Subject::GoldenPath, row), result, position);
            let id = rule_id(portal, result.scorecard, position);
            let statement = record.readiness.get(id).map(|stated| Statement::of(portal, stated));
            let inputs = match (&explanation, &statement) {
                (Some(found), None) => {
                    let most = if judged.outcome == Outcome::Pass { SHOWN_OF_PASSES } else { SHOWN };
                    most_telling(portal, &found.inputs, found.left_out, most, Some(origin)).0
                }
                _ => Vec::new(),
            };
            Item {
                badge: Badge::result(judged),
                title: prose(rule.title.value().map_or(id, |title| title)),
                id,
                href: here.to(Place::Rule(&scorecard.id, id)),
                message: judged.message.as_deref().map(prose),
                statement,
                inputs,
            }
        };
        let levels = &scorecard.record.levels.items;
        let level = result.level_with_exceptions.and_then(|level| levels.get(level));
        let title = scorecard.record.title.value().map_or(&*scorecard.id, |title| title);
        Some(Self {
            heading: heading(rules.len()),
            scorecard: Link::new(title, here.to(Place::Scorecard(&scorecard.id))),
            level: level.and_then(|level| level.value.title.value()).map(|title| &**title),
            meter: result.score.with_exceptions().map(Meter::from),
            totals: Badge::totals(result.counts),
            items: order.into_iter().map(item).collect(),
        })
    }
}

impl Statement {
    fn of(portal: &Portal<'_>, stated: &Sourced<ReadinessAttestation>) -> Self {
        let Sourced { value, origin } = stated;
        let at = value.at.value().copied();
        let days = value.valid_for.value().and_then(|length| i64::try_from(length.length.days()).ok());
        Self {
            by: value.by.value().map_or("nobody", |by| by).to_owned(),
            at: at.map(|day| portal.when(day)),
            until: at.zip(days).map(|(day, days)| portal.when(day.plus_days(days))),
            evidence: value.evidence.value().map(|text| linked::evidence(text)),
            origin: portal.provenance(*origin),
        }
    }
}

/// Worst first.
fn rank(judged: &RuleResult) -> u8 {
    match judged.outcome {
        Outcome::Fail => 0,
        Outcome::Unknown => 1,
        Outcome::Waived => 2,
        Outcome::Pass => 3,
        Outcome::NotApplicable if judged.announced => 4,
        Outcome::NotApplicable => 5,
    }
}

fn heading(items: usize) -> String {
    match items {
        20 => "Twenty items of readiness".to_owned(),
        _ => format!("{} of readiness", words::count(items, "item", "items")),
    }
}
