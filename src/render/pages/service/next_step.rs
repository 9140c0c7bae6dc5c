//! The cheapest next step of a service, and what its other scorecards wait for.

use serde::Serialize;

use crate::assess::ServiceAssessment;
use crate::assess::next_step::{self, NextStep};
use crate::assess::outcome::Outcome;
use crate::render::badge::Badge;
use crate::render::links::Href;
use crate::render::parts::Link;
use crate::render::portal::Portal;
use crate::render::templates::Html;
use crate::words;

/// What the template sees of the section.
#[derive(Debug, Serialize)]
pub(super) struct Part {
    /// What it comes to; none when every scorecard is at its highest level.
    cheapest: Option<Step>,
    rules: Vec<Rule>,
    others: Vec<Step>,
}

/// One step in a line.
#[derive(Debug, Serialize)]
struct Step {
    level: String,
    scorecard: Link,
    needs: String,
}

/// One rule in the way.
#[derive(Debug, Serialize)]
struct Rule {
    badge: Badge,
    title: Html,
    href: Href,
    /// What to do about it; of an unknown one nobody can say here.
    fix: Option<Html>,
}

impl Part {
    pub(super) fn of(portal: &Portal<'_>, judged: &ServiceAssessment) -> Self {
        let steps = next_step::steps(portal.explainer.scorecards(), &judged.subject);
        let mut steps = steps.iter();
        let cheapest = steps.next();
        Self {
            rules: cheapest.map(|step| rules(portal, step)).unwrap_or_default(),
            cheapest: cheapest.map(|step| line(portal, step)),
            others: steps.map(|step| line(portal, step)).collect(),
        }
    }
}

fn line(portal: &Portal<'_>, step: &NextStep) -> Step {
    let scorecard = &portal.catalog.scorecards[step.scorecard];
    let level = scorecard.record.levels.items.get(step.level).map(|level| &level.value);
    let id = level.and_then(|level| level.id.value()).map_or("", |id| id.as_str());
    let title = scorecard.record.title.value().map_or(&*scorecard.id, |title| title);
    Step {
        level: level.and_then(|level| level.title.value()).map_or(id, |title| title).to_owned(),
        scorecard: Link::new(title, Href::anchor(&format!("scorecard-{}", scorecard.id))),
        needs: needs(step),
    }
}

/// `2 rules to mend`, and what holds it back whatever is mended.
fn needs(step: &NextStep) -> String {
    let mend = format!("{} to mend", words::count(step.failing.len(), "rule", "rules"));
    match step.unknown.len() {
        0 => mend,
        unknown => {
            format!("{mend}, and {} that nobody can judge yet", words::count(unknown, "rule", "rules"))
        }
    }
}

fn rules(portal: &Portal<'_>, step: &NextStep) -> Vec<Rule> {
    let rule = |outcome: Outcome, position: usize| {
        let text = portal.rules.text(step.scorecard, position);
        let parts = portal.rules.parts(step.scorecard, position);
        Rule {
            badge: Badge::outcome(outcome),
            title: text.title.clone(),
            href: Href::anchor(&parts.anchor),
            fix: parts.fix.clone().filter(|_| outcome == Outcome::Fail),
        }
    };
    let failing = step.failing.iter().map(|position| rule(Outcome::Fail, *position));
    let unknown = step.unknown.iter().map(|position| rule(Outcome::Unknown, *position));
    failing.chain(unknown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::table::Index;

    #[test]
    fn what_is_unknown_is_named_beside_what_can_be_mended() {
        let said = |failing: usize, unknown: usize| {
            let step = NextStep {
                scorecard: Index::new(0),
                level: 0,
                failing: (0..failing).collect(),
                unknown: (0..unknown).collect(),
            };
            needs(&step)
        };
        assert_eq!(said(1, 0), "1 rule to mend");
        assert_eq!(said(2, 1), "2 rules to mend, and 1 rule that nobody can judge yet");
        assert_eq!(said(0, 3), "no rules to mend, and 3 rules that nobody can judge yet");
    }
}
