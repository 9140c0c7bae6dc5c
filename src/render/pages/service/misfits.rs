//! What does not fit about a service, and what cannot be said.

use serde::Serialize;

use crate::assess::findings::help;
use crate::assess::outcome::Outcome;
use crate::assess::{Finding, ServiceAssessment};
use crate::render::badge::Badge;
use crate::render::origin::Brief;
use crate::render::portal::Portal;
use crate::render::prose::prose;
use crate::render::templates::Html;

/// What does not fit, or might not: one line of the section.
#[derive(Debug, Serialize)]
pub(super) struct Misfit {
    badge: Badge,
    text: Html,
    help: Option<Html>,
    origin: Option<Brief>,
}

/// What was found about a service, then what cannot be said.
pub(super) fn misfits(portal: &Portal<'_>, judged: &ServiceAssessment) -> Vec<Misfit> {
    let misfit = |badge: Badge, finding: &Finding, help: Option<&'static str>| Misfit {
        badge,
        text: prose(&finding.message),
        help: help.map(prose),
        origin: finding.origin.map(|origin| portal.brief(origin)),
    };
    let found =
        judged.findings.iter().map(|finding| misfit(Badge::warning(), finding, Some(help(finding.code))));
    let open = judged.open_questions.iter();
    found.chain(open.map(|finding| misfit(Badge::outcome(Outcome::Unknown), finding, None))).collect()
}
