//! Rules in words, as every page about a subject shows them: rendered once, because thousands of pages
//! show the same ones.

use std::collections::HashSet;

use serde::Serialize;

use super::badge::Badge;
use super::links::{Here, Href, Place};
use super::prose::prose;
use super::templates::{Html, TemplateError, Templates};
use crate::assess::RuleResult;
use crate::assess::outcome::Outcome;
use crate::assess::scorecard::{CompiledRule, CompiledScorecard, Scorecards};
use crate::catalog::Declared;
use crate::catalog::scorecard::Scorecard;
use crate::catalog::table::Index;

/// One rule in words.
#[derive(Clone, Debug, Serialize)]
pub struct RuleText {
    /// Its id, or its place in the scorecard when it has none.
    pub id: Box<str>,
    /// What must be so.
    pub title: Html,
    /// Its page, seen from the page of a subject.
    pub href: Href,
}

/// One rule as pages about subjects show its results. Each part is markup that is the same on all of them.
#[derive(Clone, Debug)]
pub struct SharedParts {
    /// The part of a subject's page that shows its result.
    pub anchor: Box<str>,
    /// Why it matters.
    pub why: Html,
    /// What to do when it fails.
    pub fix: Option<Html>,
    /// The result with title and link, by [`position`].
    heads: Vec<Html>,
}

impl SharedParts {
    /// Badge, title and link of `result`.
    pub fn head(&self, result: &RuleResult) -> &Html {
        &self.heads[position(result)]
    }
}

/// Every rule in words, by scorecard and position.
#[derive(Debug)]
pub struct RuleTexts(Vec<Vec<(RuleText, SharedParts)>>);

/// What the component `rule_head` is given.
#[derive(Serialize)]
struct Head<'r> {
    rule: &'r RuleText,
    badge: Badge,
}

/// Every way in which a rule can come out; announced ones last.
const RESULTS: [(Outcome, bool); 6] = [
    (Outcome::Pass, false),
    (Outcome::Fail, false),
    (Outcome::Waived, false),
    (Outcome::Unknown, false),
    (Outcome::NotApplicable, false),
    (Outcome::NotApplicable, true),
];

fn position(result: &RuleResult) -> usize {
    let own = (result.outcome, result.announced);
    RESULTS.iter().position(|known| *known == own).unwrap_or(RESULTS.len() - 1)
}

impl RuleTexts {
    /// Puts the rules of `scorecards` into words.
    pub fn new(scorecards: &Scorecards<'_>, templates: &Templates) -> Result<Self, TemplateError> {
        // Every page about a subject lies equally deep, so links from all of them are the same.
        let somewhere = Place::Service("x").path();
        let here = Here::at(&somewhere);
        let mut anchors = HashSet::new();
        let mut texts = |scorecard: &CompiledScorecard<'_>| {
            let rules = scorecard.rules.iter().enumerate();
            rules
                .map(|(position, rule)| {
                    let text = text(scorecard, rule, here);
                    let anchor = anchor(scorecard, position, &text.id, &mut anchors);
                    let parts = parts(rule, &text, &anchor, templates)?;
                    Ok((text, parts))
                })
                .collect()
        };
        scorecards.all.iter().map(&mut texts).collect::<Result<_, _>>().map(Self)
    }

    /// The rule at `position` of `scorecard`.
    pub fn text(&self, scorecard: Index<Declared<Scorecard>>, position: usize) -> &RuleText {
        &self.0[scorecard.position()][position].0
    }

    /// What pages about subjects show of it.
    pub fn parts(&self, scorecard: Index<Declared<Scorecard>>, position: usize) -> &SharedParts {
        &self.0[scorecard.position()][position].1
    }
}

fn text(scorecard: &CompiledScorecard<'_>, rule: &CompiledRule<'_>, here: Here<'_>) -> RuleText {
    let id = rule.id.as_str();
    RuleText {
        title: prose(rule.record.title.value().map_or(id, |title| title)),
        href: here.to(Place::Rule(scorecard.id, id)),
        id: id.into(),
    }
}

/// Two rules with one id are reported; on a page each still needs a place of its own.
fn anchor(
    scorecard: &CompiledScorecard<'_>,
    position: usize,
    id: &str,
    taken: &mut HashSet<String>,
) -> String {
    let plain = format!("rule-{id}");
    let anchor = match taken.contains(&plain) {
        true => format!("rule-{}-{}-{id}", scorecard.id, position + 1),
        false => plain,
    };
    taken.insert(anchor.clone());
    anchor
}

fn parts(
    rule: &CompiledRule<'_>,
    text: &RuleText,
    anchor: &str,
    templates: &Templates,
) -> Result<SharedParts, TemplateError> {
    let head = |(outcome, announced): (Outcome, bool)| {
        let result = RuleResult { outcome, announced, exception: None, message: None };
        let head = Head { rule: text, badge: Badge::result(&result) };
        templates.part("rule_head", &head)
    };
    Ok(SharedParts {
        anchor: anchor.into(),
        why: rule.record.why.value().map(|why| prose(why)).unwrap_or_default(),
        fix: rule.record.fix.value().map(|fix| prose(fix)),
        heads: RESULTS.into_iter().map(head).collect::<Result<_, TemplateError>>()?,
    })
}
