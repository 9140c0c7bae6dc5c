//! The tier of a service with its reasons.

use serde::Serialize;

use crate::assess::{Reason, TierVerdict};
use crate::render::badge::Badge;
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
