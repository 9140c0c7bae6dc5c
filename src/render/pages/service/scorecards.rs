//! The scorecards of a service: score, ladder, and the rules by level, what fails first.

use serde::Serialize;

use super::ladder::{self, Stage};
use super::rules::{Open, Teller};
use crate::assess::context::ServiceView;
use crate::assess::{ScorecardResult, ServiceAssessment};
use crate::render::badge::Badge;
use crate::render::links::{Here, Href, Place};
use crate::render::parts::Meter;
use crate::render::portal::Portal;
use crate::render::standing::level_title;
use crate::render::templates::Html;
use crate::words;

/// What the template sees of one scorecard.
#[derive(Debug, Serialize)]
pub(super) struct Card<'p> {
    pub(super) anchor: String,
    pub(super) title: &'p str,
    href: Href,
    kind: Option<&'static str>,
    level: Option<&'p str>,
    level_with_exceptions: Option<&'p str>,
    raw: Option<Meter>,
    with_exceptions: Option<Meter>,
    known: Option<Meter>,
    doubt: Option<&'p str>,
    levels: Vec<Level<'p>>,
    totals: Vec<Badge>,
    groups: Vec<Group<'p>>,
}

/// One level of the ladder.
#[derive(Debug, Serialize)]
struct Level<'p> {
    title: &'p str,
    class: Option<&'static str>,
    text: String,
}

/// The rules of one level.
#[derive(Debug, Serialize)]
struct Group<'p> {
    title: &'p str,
    note: String,
    open: Vec<Open<'p>>,
    /// A line for each rule that passes or does not count.
    closed: Option<Html>,
}

/// The scorecards that apply, the readiness one first, then those that tiers ask for.
pub(super) fn cards<'p>(
    portal: &'p Portal<'_>,
    judged: &'p ServiceAssessment,
    view: &ServiceView<'p>,
    here: Here<'_>,
) -> Vec<Card<'p>> {
    let context = view.context();
    let results = order(portal, judged);
    results
        .into_iter()
        .map(|(result, kind)| {
            let rungs = rungs(portal, result);
            let teller = Teller { portal, context: &context, here, result, rungs: &rungs };
            card(portal, result, kind, &teller)
        })
        .collect()
}

/// `7 scorecards, the one for readiness first. Level and score are those with exceptions.`
pub(super) fn caption(cards: &[Card<'_>]) -> String {
    let all = words::count(cards.len(), "scorecard", "scorecards");
    format!("{all}, readiness first. Level and score are those with exceptions, by weight.")
}

/// The results in the order of the page, each with what it counts for.
fn order<'p>(
    portal: &Portal<'_>,
    judged: &'p ServiceAssessment,
) -> Vec<(&'p ScorecardResult, Option<&'static str>)> {
    let kind = |(position, result): (usize, &'p ScorecardResult)| {
        let required = portal.catalog.scorecards[result.scorecard].record.required.value() == Some(&true);
        let (rank, kind) = match (judged.subject.readiness == Some(position), required) {
            (true, true) => (
                0,
                Some(
                    "Its score is the readiness of the service, and the tier native asks for its lowest level.",
                ),
            ),
            (true, false) => (0, Some("Its score is the readiness of the service.")),
            (false, true) => (1, Some("The tier native asks for its lowest level.")),
            (false, false) => (2, None),
        };
        (rank, result, kind)
    };
    let mut results: Vec<_> = judged.subject.scorecards.iter().enumerate().map(kind).collect();
    results.sort_by_key(|(rank, ..)| *rank);
    results.into_iter().map(|(_, result, kind)| (result, kind)).collect()
}

/// The ladder of `result`.
fn rungs(portal: &Portal<'_>, result: &ScorecardResult) -> Vec<ladder::Rung> {
    let compiled = portal.explainer.scorecards().get(result.scorecard);
    let rules = compiled.rules.iter().zip(&result.rules).map(|(rule, judged)| (rule.level, judged.outcome));
    let levels = compiled.record.levels.items.len();
    ladder::rungs(levels, rules, result.level, result.level_with_exceptions)
}

fn card<'p>(
    portal: &'p Portal<'_>,
    result: &'p ScorecardResult,
    kind: Option<&'static str>,
    teller: &Teller<'p, '_, '_>,
) -> Card<'p> {
    let scorecard = &portal.catalog.scorecards[result.scorecard];
    let title = |level: usize| level_title(portal, result, level);
    let levels = teller.rungs.iter().enumerate().map(|(level, rung)| Level {
        title: title(level),
        class: rung.stage.class(),
        text: rung.text(),
    });
    let groups = ladder::page_order(teller.rungs).into_iter().map(|level| {
        let (open, closed) = teller.tell(level);
        let note = match teller.rungs[level].stage {
            Stage::Next => format!("the {}", teller.rungs[level].text().replacen("next", "next level", 1)),
            _ => teller.rungs[level].text(),
        };
        Group { title: title(level), note, open, closed }
    });
    let with_exceptions = result.level_with_exceptions.filter(|level| Some(*level) != result.level);
    Card {
        anchor: format!("scorecard-{}", scorecard.id),
        title: scorecard.record.title.value().map_or(&*scorecard.id, |title| title),
        href: teller.here.to(Place::Scorecard(&scorecard.id)),
        kind,
        level: result.level.map(title),
        level_with_exceptions: with_exceptions.map(title),
        raw: result.score.raw().map(Meter::from),
        with_exceptions: result.score.with_exceptions().map(Meter::from),
        known: result.score.known().map(Meter::from),
        doubt: result.applies_unknown.as_deref(),
        levels: levels.collect(),
        totals: Badge::totals(result.counts),
        groups: groups.filter(|group| !group.open.is_empty() || group.closed.is_some()).collect(),
    }
}
