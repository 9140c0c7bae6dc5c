//! How mature the platform is, and what shows it.

use serde::Serialize;

use crate::assess::adoption::{Item, Proof, Stage, reached};
use crate::assess::outcome::Outcome;
use crate::render::badge::Badge;
use crate::render::linked::evidence;
use crate::render::origin::Brief;
use crate::render::parts::Link;
use crate::render::portal::Portal;
use crate::render::prose::prose;
use crate::render::templates::Html;
use crate::words;

/// The stages, and which is reached.
#[derive(Debug, Serialize)]
pub(super) struct Maturity {
    sum: String,
    stages: Vec<Group>,
}

#[derive(Debug, Serialize)]
struct Group {
    name: String,
    count: String,
    items: Vec<Line>,
}

#[derive(Debug, Serialize)]
struct Line {
    badge: Badge,
    title: &'static str,
    says: Html,
    evidence: Option<Link>,
    origin: Option<Brief>,
}

impl Maturity {
    pub(super) fn new(portal: &Portal<'_>) -> Self {
        let stages = &portal.adoption.maturity;
        Self {
            sum: match reached(stages) {
                Some(stage) => format!("{}: all it asks for is so.", words::capitalised(stage.name)),
                None => "No stage is reached yet.".to_owned(),
            },
            stages: stages.iter().map(|stage| group(portal, stage)).collect(),
        }
    }
}

fn group(portal: &Portal<'_>, stage: &Stage<'_>) -> Group {
    let counting = stage.items.iter().filter(|item| item.counts()).count();
    Group {
        name: words::capitalised(stage.name),
        count: format!("{counting} of {}", stage.items.len()),
        items: stage.items.iter().map(|item| line(portal, item)).collect(),
    }
}

fn line(portal: &Portal<'_>, item: &Item<'_>) -> Line {
    let (badge, says, stated) = match &item.proof {
        Proof::Shown(what) => (Badge::outcome(Outcome::Pass).saying("Shown"), what.clone(), None),
        Proof::Attested(statement) => {
            let by = statement.by.value().map_or("somebody", |by| by);
            let at = statement.at.value().map(|day| format!(" on {}", day.short())).unwrap_or_default();
            (Badge::declared().saying("Attested"), format!("by {by}{at}"), Some(*statement))
        }
        Proof::Lapsed(statement, why) => {
            (Badge::outcome(Outcome::Unknown).saying("Lapsed"), why.to_string(), Some(*statement))
        }
        Proof::Missing(wanted) => {
            let shown = wanted.map(|wanted| format!("{wanted} would show it, or ")).unwrap_or_default();
            let says = format!("{shown}`{}` in `policy/platform.yaml` would attest it", item.id);
            (Badge::outcome(Outcome::Fail).saying("Not shown"), says, None)
        }
    };
    Line {
        badge,
        title: item.title,
        says: prose(&says),
        evidence: stated.and_then(|stated| stated.evidence.value()).map(|text| evidence(text)),
        origin: stated.and_then(|stated| stated.origin).map(|origin| portal.brief(origin)),
    }
}
