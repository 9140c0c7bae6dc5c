//! What an expression really read, as readers see it: path, value and origin.

use serde::Serialize;

use super::origin::Provenance;
use super::portal::Portal;
use crate::assess::explain::{Explainer, Explanation, Forecast};
use crate::assess::expression::Context;
use crate::assess::{Assessment, Input, InputState, ScorecardResult};
use crate::catalog::origin::Origin;
use crate::catalog::scorecard::{Scorecard, Subject};
use crate::catalog::table::Index;
use crate::catalog::{Catalog, Declared};

/// The word for what this run does not know.
pub const UNKNOWN: &str = "unknown";

/// One input. The component `inputs` in `site-templates/macros/rules.html` shows several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reading {
    /// Its path, such as `service.product`.
    pub path: String,
    /// Its value, when there is one.
    pub value: Option<String>,
    /// Why there is none.
    pub state: &'static str,
    /// Where it was read.
    pub origin: Option<Provenance>,
}

impl Reading {
    /// `input` as readers see it.
    pub fn of(portal: &Portal<'_>, input: &Input) -> Self {
        Self {
            path: input.path.to_string(),
            value: input.value.as_deref().map(str::to_owned),
            state: match input.state {
                InputState::Known => "declared",
                InputState::Absent => "absent",
                InputState::Unreadable => "unreadable",
                InputState::Unknown => UNKNOWN,
            },
            origin: input.origin.map(|origin| portal.provenance(origin)),
        }
    }
}

/// Calls `look` with what expressions see of the subject at `row`.
pub(super) fn in_context<'a, R>(
    explainer: &Explainer<'a>,
    (catalog, assessment): (&'a Catalog, &'a Assessment),
    (subject, row): (Subject, u32),
    look: impl FnOnce(&Context<'_>) -> Option<R>,
) -> Option<R> {
    let row = row as usize;
    match subject {
        Subject::Service => {
            let tags = assessment.services.get(row).and_then(|judged| judged.tags.as_ref());
            look(&explainer.service(&catalog.services[Index::new(row)]).judged(tags).context())
        }
        Subject::GoldenPath => look(&explainer.golden_path(Index::new(row)).context()),
        Subject::Account => {
            let view = explainer.account(&catalog.accounts[Index::new(row)], &assessment.resources);
            look(&view.context())
        }
    }
}

/// Why the rule at `position` of `result` came out as it did for a subject, by its kind and row.
pub fn explain<'p>(
    portal: &'p Portal<'_>,
    subject: (Subject, u32),
    result: &ScorecardResult,
    position: usize,
) -> Option<Explanation<'p>> {
    let explainer: &'p Explainer<'p> = &portal.explainer;
    let known = (portal.catalog, portal.assessment);
    in_context(explainer, known, subject, |context| explainer.explain(context, result, position))
}

/// What an announced rule would come to for a subject, by its kind and row, if it counted today.
pub fn forecast<'p>(
    portal: &'p Portal<'_>,
    subject: (Subject, u32),
    scorecard: Index<Declared<Scorecard>>,
    position: usize,
) -> Option<Forecast> {
    let explainer: &'p Explainer<'p> = &portal.explainer;
    let known = (portal.catalog, portal.assessment);
    in_context(explainer, known, subject, |context| explainer.forecast(context, scorecard, position))
}

/// What matters most in a few words: inputs without a value first, then the others. What is absent from
/// the record of the subject, which begins at `record`, is absent there.
pub fn most_telling(
    portal: &Portal<'_>,
    inputs: &[Input],
    left_out: usize,
    most: usize,
    record: Option<Origin>,
) -> (Vec<Reading>, usize) {
    let mut inputs: Vec<&Input> = inputs.iter().collect();
    inputs.sort_by_key(|input| input.state == InputState::Known);
    let left_out = inputs.len().saturating_sub(most) + left_out;
    let brief = |input: &Input| {
        let reading = Reading::of(portal, input);
        let absent = record.filter(|_| input.state == InputState::Absent);
        let origin = reading.origin.or_else(|| absent.map(|origin| portal.provenance(origin)));
        Reading { value: reading.value.map(shortened), origin, ..reading }
    };
    (inputs.into_iter().take(most).map(brief).collect(), left_out)
}

/// Characters of a value that a list has room for.
const BRIEF: usize = 80;

fn shortened(value: String) -> String {
    match value.char_indices().nth(BRIEF) {
        Some((end, _)) => format!("{}…", value[..end].trim_end()),
        None => value,
    }
}
