//! One service: what it is, how it stands and why, what would lift it, and what all of that rests on.

mod dependencies;
mod documents;
mod drawing;
mod environments;
mod evidence;
mod exceptions;
mod facts;
mod ladder;
mod misfits;
mod next_step;
mod observed;
mod resources;
mod rules;
mod scorecards;
mod stores;
mod tier;

use std::borrow::Cow;

use serde::Serialize;

use super::Kind;
use super::changes::{Shown, shown};
use crate::catalog::table::Index;
use crate::catalog::{self, Service};
use crate::render::badge::Badge;
use crate::render::frame::{Head, Section};
use crate::render::links::{Here, Href, Place};
use crate::render::paging::{Letter, Share};
use crate::render::parts::{Link, cut};
use crate::render::portal::Portal;
use crate::render::problems::{SHOWN as SHOWN_PROBLEMS, Told};
use crate::render::questions;
use crate::render::site::SitePath;
use crate::render::standing::exceptions_in_brief;
use crate::render::templates::{Html, Template, page_template};
pub(in crate::render::pages) use documents::state as document_state;
pub(in crate::render::pages) use exceptions::{
    Row as ExceptionRow, caption as exceptions_caption, rows as exception_rows,
};
pub(in crate::render::pages) use resources::said;

/// Longest purpose shown, in characters.
pub(in crate::render::pages) const LONGEST_LEAD: usize = 1000;
/// How many former names are shown.
const SHOWN_ALIASES: usize = 10;

/// What the template sees.
#[derive(Debug, Serialize)]
pub struct Page<'p> {
    name: &'p str,
    id: &'p str,
    lead: Option<Cow<'p, str>>,
    aliases: Vec<&'p str>,
    more_aliases: usize,
    badges: Vec<Badge>,
    brief: String,
    contents: Vec<Link>,
    tier: Option<tier::Part>,
    next: next_step::Part,
    misfits: Vec<misfits::Misfit>,
    facts: Option<Html>,
    questions: Vec<questions::Question>,
    answered: String,
    observed: Vec<observed::Row<'p>>,
    observed_caption: String,
    cards: Vec<scorecards::Card<'p>>,
    cards_caption: String,
    exceptions: Vec<exceptions::Row<'p>>,
    exceptions_caption: String,
    environments: Vec<environments::Row<'p>>,
    environments_caption: String,
    resources: resources::Resources,
    stores: Vec<stores::Store<'p>>,
    stores_caption: String,
    dependencies: dependencies::Dependencies<'p>,
    documents: Vec<documents::Row<'p>>,
    documents_caption: String,
    problems: Vec<Told<'p>>,
    more_problems: usize,
    changes: Vec<Shown>,
    evidence: evidence::Evidence<'p>,
}

/// The name people say, else the id.
pub(in crate::render::pages) fn name(service: &Service) -> &str {
    service.record.display_name.value().map_or(service.id.as_str(), |name| name)
}

/// The way to a page about `service`: its letter, and it itself when the page is a part of it.
pub(in crate::render::pages) fn crumbs(
    portal: &Portal<'_>,
    service: &Service,
    here: Here<'_>,
    is_part: bool,
) -> Vec<Link> {
    let id = service.id.as_str();
    let share = Share::Letter(Letter::of(id));
    let listing = portal.relations.services.iter().find(|listing| listing.share == share);
    let letter = listing
        .and_then(|listing| listing.part(1))
        .map(|part| Link::new(Letter::of(id).text(), here.to(Place::ServicesPart(&part))));
    let mut crumbs = vec![Link::new("Services", here.to(Place::Services))];
    crumbs.extend(letter);
    if is_part {
        crumbs.push(Link::new(id, here.to(Place::Service(id))));
    }
    crumbs
}

impl Kind for Page<'static> {
    const TEMPLATE: Template = page_template!("service");
    type Shown<'p> = Page<'p>;
    type Subject = Index<Service>;

    fn list(portal: &Portal<'_>) -> Vec<(SitePath, Index<Service>)> {
        let page = |(index, service): (Index<Service>, &Service)| {
            service.conflict.is_empty().then(|| (Place::Service(service.id.as_str()).path(), index))
        };
        portal.catalog.services.indexed().filter_map(page).collect()
    }

    fn page<'p>(portal: &'p Portal<'_>, index: &'p Index<Service>, here: Here<'p>) -> (Head, Page<'p>) {
        let service = &portal.catalog.services[*index];
        let judged = &portal.assessment.services[index.position()];
        let view = portal.explainer.service(service).judged(judged.tags.as_ref());
        let id = service.id.as_str();
        let head = Head {
            title: id.to_owned(),
            section: Some(Section::Services),
            crumbs: crumbs(portal, service, here, false),
            data: Some(here.to(Place::Data(&["services", id]))),
            sources: Vec::new(),
        };
        let told = &portal.relations.problems;
        let problems = told.of_service(index.position());
        let evidence = evidence::Evidence::of(portal, service);
        let badges = [
            evidence.stale(),
            judged.tier.as_ref().map(|verdict| Badge::tier(verdict.tier)),
            exceptions::waived(judged),
            exceptions_in_brief(portal, index.position()),
            told.badge(problems),
        ];
        let cards = scorecards::cards(portal, judged, &view, here);
        let exceptions = exceptions::rows(portal, &judged.exceptions, here);
        let environments = environments::rows(portal, service, here);
        let documents = documents::rows(portal, service, here);
        let stores = stores::stores(portal, service);
        let questions = questions::of_service(portal, *index, here);
        let misfits = misfits::misfits(portal, judged);
        let (observed, all_observed) = observed::rows(portal, service);
        let page = Page {
            name: name(service),
            id,
            lead: service.record.description.value().map(|text| cut(text, LONGEST_LEAD)),
            aliases: service
                .record
                .aliases
                .values()
                .take(SHOWN_ALIASES)
                .map(|alias| alias.as_str())
                .collect(),
            more_aliases: service.record.aliases.items.len().saturating_sub(SHOWN_ALIASES),
            badges: badges.into_iter().flatten().collect(),
            brief: brief(service),
            contents: contents(
                &cards,
                [&misfits.is_empty(), &observed.is_empty(), &stores.is_empty(), &problems.is_empty()]
                    .map(|is_empty| !is_empty),
            ),
            tier: judged.tier.as_ref().map(|verdict| tier::Part::new(portal, verdict)),
            next: next_step::Part::of(portal, judged),
            misfits,
            facts: facts::facts(portal, service, here),
            answered: questions::answered(&questions),
            questions,
            observed_caption: observed::caption(all_observed, observed.len()),
            observed,
            cards_caption: scorecards::caption(&cards),
            cards,
            exceptions_caption: exceptions::caption(exceptions.len()),
            exceptions,
            environments_caption: environments::caption(service.environments.len(), environments.len()),
            environments,
            resources: resources::Resources::of(portal, service, judged, here),
            stores_caption: stores::caption(service, stores.len()),
            stores,
            dependencies: dependencies::Dependencies::of(portal, *index, here),
            documents_caption: documents::caption(service.documents.len(), documents.len()),
            documents,
            problems: told.tell(portal.catalog, problems),
            more_problems: problems.len().saturating_sub(SHOWN_PROBLEMS),
            changes: portal.changes_of(service.id.as_str()).map(|change| shown(portal, change)).collect(),
            evidence,
        };
        (head, page)
    }
}

/// `tier-1 · production · confidential`, of what is stated.
fn brief(service: &catalog::Service) -> String {
    let record = &service.record;
    let parts = [
        record.criticality.value().map(|criticality| criticality.word()),
        record.lifecycle.state.value().map(|state| state.word()),
        record.data_classification.value().map(|class| &*class.word),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// `2 environments, as declared`, or how many of them are shown.
fn of_all(count: String, all: usize, shown: usize) -> String {
    if shown < all {
        format!("The first {shown} of {count}, as declared")
    } else {
        format!("{count}, as declared")
    }
}

/// Links to the sections of the page; the last four tell of those that not every page has.
fn contents(cards: &[scorecards::Card<'_>], there: [bool; 4]) -> Vec<Link> {
    let [misfits, observed, stores, problems] = there;
    let link = |text: &str, anchor: &str| Link::new(text, Href::anchor(anchor));
    let mut links = vec![link("Tier", "tier"), link("Next step", "next")];
    if misfits {
        links.push(link("What does not fit", "misfits"));
    }
    links.extend([link("Facts", "facts"), link("Ownership", "ownership")]);
    if observed {
        links.push(link("Observed", "observed"));
    }
    links.push(link("Levels", "levels"));
    links.extend(cards.iter().map(|card| link(card.title, &card.anchor)));
    links.extend([link("Exceptions", "exceptions"), link("Environments", "environments")]);
    links.push(link("Resources and tags", "resources"));
    if stores {
        links.push(link("Stored data", "stores"));
    }
    links.extend([link("Dependencies", "dependencies"), link("Documents", "documents")]);
    if problems {
        links.push(link("Problems", "problems"));
    }
    links.push(link("Evidence", "evidence"));
    links
}
