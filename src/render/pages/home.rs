//! The first page: what there is, where it stands, what ends next, what fails most, how whole this run is.

mod ends;
mod moved;

use serde::Serialize;

use super::Kind;
use crate::catalog::ledger::RepositoryClass;
use crate::catalog::scorecard::Subject;
use crate::render::frame::{Head, Section};
use crate::render::funnel::Funnel;
use crate::render::links::{Here, Href, Place};
use crate::render::portal::Portal;
use crate::render::prose::prose;
use crate::render::site::SitePath;
use crate::render::sources::{self, Source};
use crate::render::templates::{Html, Template, page_template};
use crate::words;
use ends::Ends;
use moved::Moved;

/// How many of the rules that fail most are shown.
const MOST_FAILED: usize = 10;

/// What the template sees.
#[derive(Debug, Serialize)]
pub struct Page<'p> {
    lead: String,
    funnel: Funnel,
    moved: Option<Moved>,
    ends: Ends,
    failed: Vec<Failed<'p>>,
    whole: String,
    coverage: Option<Href>,
    sources_caption: String,
    sources: Vec<Source<'p>>,
}

#[derive(Debug, Serialize)]
struct Failed<'p> {
    title: Html,
    id: &'p str,
    href: Href,
    fail: u64,
    judged: u64,
    percent: u64,
    unknown: u64,
}

impl Kind for Page<'static> {
    const TEMPLATE: Template = page_template!("home");
    type Shown<'p> = Page<'p>;
    type Subject = ();

    fn list(_: &Portal<'_>) -> Vec<(SitePath, ())> {
        vec![(Place::Home.path(), ())]
    }

    fn page<'p>(portal: &'p Portal<'_>, (): &'p (), here: Here<'p>) -> (Head, Page<'p>) {
        let catalog = portal.catalog;
        let head = Head {
            title: "Home".to_owned(),
            data: Some(here.to(Place::Data(&["index"]))),
            ..Head::default()
        };
        let lead = format!(
            "{}, {}, {}: who owns what, how well it is kept, and what is excused until when.",
            words::count(catalog.services.len(), "service", "services"),
            words::count(catalog.teams.len(), "team", "teams"),
            words::count(catalog.ledger.repositories.len(), "repository", "repositories"),
        );
        let page = Page {
            lead,
            funnel: Funnel::new(portal, here),
            moved: portal.comparison.map(|comparison| Moved::new(portal, comparison, here)),
            ends: Ends::new(portal, here),
            failed: most_failed(portal, here),
            whole: whole(portal),
            coverage: portal.sections.contains(&Section::Coverage).then(|| here.to(Place::Coverage)),
            sources_caption: sources::caption(&catalog.ledger.sources),
            sources: sources::sources(portal),
        };
        (head, page)
    }
}

/// Rules for services that fail most, with how often they could be judged.
fn most_failed<'p>(portal: &'p Portal<'_>, here: Here<'_>) -> Vec<Failed<'p>> {
    let scorecards = &portal.catalog.scorecards;
    let mut rules: Vec<_> = portal
        .assessment
        .rules
        .iter()
        .filter(|rule| rule.counts.fail > 0)
        .filter(|rule| {
            let subject = scorecards[rule.scorecard].record.subject.value();
            subject.is_none_or(|subject| *subject == Subject::Service)
        })
        .collect();
    rules.sort_by_key(|rule| (std::cmp::Reverse(rule.counts.fail), rule.rule.as_str()));
    rules
        .into_iter()
        .take(MOST_FAILED)
        .map(|rule| {
            let scorecard = &scorecards[rule.scorecard];
            let counts = rule.counts;
            let judged = counts.pass + counts.fail + counts.waived;
            let written = scorecard.record.rules.items.get(rule.position);
            let title = written.and_then(|written| written.value.title.value());
            Failed {
                title: prose(title.map_or(rule.rule.as_str(), |title| title)),
                id: rule.rule.as_str(),
                href: here.to(Place::Rule(&scorecard.id, rule.rule.as_str())),
                fail: counts.fail,
                judged,
                percent: counts.fail * 100 / judged,
                unknown: counts.unknown,
            }
        })
        .collect()
}

/// `12 of 14 repositories hold a descriptor; 1 is excluded with a reason.`
fn whole(portal: &Portal<'_>) -> String {
    let repositories = &portal.catalog.ledger.repositories;
    if repositories.is_empty() {
        return "No repository was found.".to_owned();
    }
    let count =
        |class: RepositoryClass| repositories.iter().filter(|repository| repository.class == class).count();
    let mut parts = vec![format!(
        "{} of {} a descriptor",
        count(RepositoryClass::WithDescriptor),
        words::count(repositories.len(), "repository holds", "repositories hold"),
    )];
    let rest = [
        (RepositoryClass::WithoutDescriptor, "has none", "have none"),
        (RepositoryClass::Excluded, "is excluded with a reason", "are excluded with a reason"),
        (RepositoryClass::Unreadable, "could not be read", "could not be read"),
    ];
    for (class, one, many) in rest {
        if count(class) > 0 {
            parts.push(words::count(count(class), one, many));
        }
    }
    format!("{}.", parts.join("; "))
}
