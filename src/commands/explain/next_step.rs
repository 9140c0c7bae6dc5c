//! The cheapest next step of a service in words, and what its other scorecards wait for.

use std::fmt::Write;

use crate::assess::explain::Explainer;
use crate::assess::next_step::{NextStep, steps};
use crate::assess::{Assessment, ServiceAssessment};
use crate::catalog::Catalog;
use crate::diagnostic::text::harmless;
use crate::words;

/// Writes the steps of `judged` to `text`, the cheapest with its rules and fixes.
pub(super) fn write(
    catalog: &Catalog,
    assessment: &Assessment,
    judged: &ServiceAssessment,
    text: &mut String,
) {
    let explainer = Explainer::new(catalog, assessment);
    let steps = steps(explainer.scorecards(), &judged.subject);
    let Some((cheapest, others)) = steps.split_first() else { return };
    let _ = writeln!(text, "\nCheapest next step: {}", summary(catalog, cheapest));
    let rules = &explainer.scorecards().get(cheapest.scorecard).rules;
    for position in &cheapest.failing {
        let rule = &rules[*position];
        let fix = rule.record.fix.value().map_or("", |fix| fix);
        let _ = writeln!(text, "  mend {}: {}", rule.id, harmless(fix));
    }
    for position in &cheapest.unknown {
        let _ = writeln!(text, "  wait for {}: it is unknown, and holds the level back", rules[*position].id);
    }
    for step in others {
        let _ = writeln!(text, "  then {}", summary(catalog, step));
    }
}

/// `Operable of operational-readiness: 2 rules to mend, 1 unknown`.
fn summary(catalog: &Catalog, step: &NextStep) -> String {
    let scorecard = &catalog.scorecards[step.scorecard];
    let level = scorecard.record.levels.items.get(step.level).map(|level| &level.value);
    let id = level.and_then(|level| level.id.value()).map_or("", |id| id.as_str());
    let mut line = format!(
        "level {id} of {}: {} to mend",
        scorecard.id,
        words::count(step.failing.len(), "rule", "rules")
    );
    if !step.unknown.is_empty() {
        let _ = write!(line, ", {} unknown", step.unknown.len());
    }
    line
}
