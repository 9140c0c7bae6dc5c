//! Misfits: rules that have no answer for a subject though everything they read is there. The rule is
//! unknown there, and its author is told (semantics §2).

use std::sync::Arc;

use super::expression::{Context, Trace};
use super::judge::judge_rule;
use super::outcome::Outcome;
use super::scorecard::{CompiledScorecard, Scorecards, place};
use super::{InputState, SubjectAssessment};
use crate::catalog::Catalog;
use crate::diagnostic::{Diagnostic, Diagnostics, codes};

/// Different reasons looked into for one rule: more than these are more of the same.
const MOST_REASONS: usize = 8;

/// Calls what it is given with what the expressions of one subject see.
pub(super) type Lend<'s> = &'s mut dyn FnMut(&mut dyn FnMut(&Context<'_>));

/// Finds misfits. The first subject of each rule and reason stands for all others.
pub(super) struct Misfits<'a> {
    catalog: &'a Catalog,
    scorecards: &'a Scorecards<'a>,
    /// Reasons met, by scorecard and position of the rule.
    met: Vec<Vec<Vec<Arc<str>>>>,
    diagnostics: Diagnostics,
}

impl<'a> Misfits<'a> {
    pub(super) fn new(catalog: &'a Catalog, scorecards: &'a Scorecards<'a>) -> Self {
        let met = scorecards.all.iter().map(|scorecard| vec![Vec::new(); scorecard.rules.len()]).collect();
        Self { catalog, scorecards, met, diagnostics: Diagnostics::default() }
    }

    /// Looks at the unknown results of the subject called `name`; `with` lends what its expressions see.
    pub(super) fn look(&mut self, name: &str, assessment: &SubjectAssessment, with: Lend<'_>) {
        for result in assessment.scorecards.iter().filter(|result| result.applies_unknown.is_none()) {
            let scorecard = self.scorecards.get(result.scorecard);
            for (position, judged) in result.rules.iter().enumerate() {
                let Some(why) = judged.message.as_ref().filter(|_| judged.outcome == Outcome::Unknown) else {
                    continue;
                };
                if self.is_new(scorecard, position, why) {
                    with(&mut |context| self.examine(scorecard, position, name, context));
                }
            }
        }
    }

    pub(super) fn into_diagnostics(self) -> Diagnostics {
        self.diagnostics
    }

    fn is_new(&mut self, scorecard: &CompiledScorecard<'_>, position: usize, why: &Arc<str>) -> bool {
        let met = &mut self.met[scorecard.index.position()][position];
        if scorecard.rules[position].broken().is_some()
            || met.len() == MOST_REASONS
            || met.iter().any(|known| Arc::ptr_eq(known, why) || known == why)
        {
            return false;
        }
        met.push(Arc::clone(why));
        true
    }

    fn examine(
        &mut self,
        scorecard: &CompiledScorecard<'_>,
        position: usize,
        name: &str,
        context: &Context<'_>,
    ) {
        let rule = &scorecard.rules[position];
        let mut trace = Trace::on();
        let judgement = judge_rule(rule, context, &mut trace);
        let not_known = trace.inputs().iter().any(|input| input.state == InputState::Unknown);
        let Some(why) = judgement.message.filter(|_| !not_known) else { return };
        let message = format!("`{}` cannot be judged for `{name}`: {why}", rule.id);
        let mut diagnostic = Diagnostic::new(&codes::RULE_NOT_EVALUABLE, message)
            .help("mend what it reads, or ask the rule for something that can be answered");
        let written = rule.record.assert.sourced();
        diagnostic.place =
            written.and_then(|written| place(self.catalog, written, 0, written.value.trim_end().len()));
        self.diagnostics.push(diagnostic);
    }
}
