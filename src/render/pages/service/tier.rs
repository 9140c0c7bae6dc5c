//! The tier of a service with its reasons, and the seven questions of ownership.

use serde::Serialize;

use crate::assess::{Answer, QUESTIONS, Reason, ServiceAssessment, TierVerdict};
use crate::render::badge::Badge;
use crate::render::frame::Section;
use crate::render::links::{Here, Href, Place};
use crate::render::origin::Brief;
use crate::render::portal::Portal;
use crate::render::prose::prose;
use crate::render::templates::Html;
use crate::words;

/// What the template sees of the tier.
#[derive(Debug, Serialize)]
pub(super) struct Part {
    heading: String,
    reasons: Vec<Line>,
    next: Option<String>,
    missing: Vec<Line>,
}

/// One reason with what it rests on.
#[derive(Debug, Serialize)]
struct Line {
    text: Html,
    origin: Option<Brief>,
}

/// One question of ownership, with its answer.
#[derive(Debug, Serialize)]
pub(super) struct Question {
    text: &'static str,
    badge: Badge,
    origin: Option<Brief>,
    add: Option<&'static str>,
    /// Where it says what was collected, when that is why there is no answer.
    collected: Option<Href>,
}

/// What answers each question, in the order of [`QUESTIONS`].
const ANSWERED_BY: [&str; 7] = [
    "ownerTeam",
    "description",
    "businessCapability",
    "dataClassification",
    "failureImpact",
    "a fact monthly-cost",
    "lifecycle.retireBy or lifecycle.reviewBy",
];

impl Part {
    pub(super) fn new(portal: &Portal<'_>, verdict: &TierVerdict) -> Self {
        let line = |reason: &Reason| Line {
            text: prose(&reason.text),
            origin: reason.origin.map(|origin| portal.brief(origin)),
        };
        let next = verdict.next.map(|next| Badge::tier(next).text.to_lowercase());
        Self {
            heading: heading(
                &Badge::tier(verdict.tier).text,
                next.as_deref(),
                verdict.missing_for_next.len(),
            ),
            reasons: verdict.reasons.iter().map(line).collect(),
            missing: verdict.missing_for_next.iter().map(line).collect(),
            next,
        }
    }
}

/// `Adopted, 1 condition short of native`.
fn heading(tier: &str, next: Option<&str>, missing: usize) -> String {
    match next {
        Some(next) if missing > 0 => {
            format!("{tier}, {} short of {next}", words::count(missing, "condition", "conditions"))
        }
        _ => tier.to_owned(),
    }
}

/// The seven questions with their answers.
pub(super) fn questions(portal: &Portal<'_>, judged: &ServiceAssessment, here: Here<'_>) -> Vec<Question> {
    let coverage = portal.sections.contains(&Section::Coverage).then(|| here.to(Place::Coverage));
    QUESTIONS
        .into_iter()
        .zip(&judged.questions)
        .zip(ANSWERED_BY)
        .map(|((text, answer), add)| Question {
            text,
            badge: Badge::answer(answer),
            origin: match answer {
                Answer::Answered { origin, .. } => Some(portal.brief(*origin)),
                Answer::Unanswered | Answer::Unknown(_) => None,
            },
            add: (*answer == Answer::Unanswered).then_some(add),
            collected: coverage.clone().filter(|_| matches!(answer, Answer::Unknown(_))),
        })
        .collect()
}

/// `6 of 7 answered.`
pub(super) fn answered(judged: &ServiceAssessment) -> String {
    let answered = judged.questions.iter().filter(|answer| matches!(answer, Answer::Answered { .. })).count();
    format!("{answered} of {} answered.", judged.questions.len())
}

#[cfg(test)]
mod tests {
    use super::heading;

    #[test]
    fn the_heading_says_how_far_the_next_tier_is() {
        assert_eq!(heading("Adopted", Some("native"), 1), "Adopted, 1 condition short of native");
        assert_eq!(
            heading("Unmanaged", Some("partially managed"), 2),
            "Unmanaged, 2 conditions short of partially managed"
        );
        assert_eq!(heading("Native", None, 0), "Native");
    }
}
