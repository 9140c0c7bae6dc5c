//! The list of services, as a whole, by letter and by class; each part on as many pages as it needs.

use std::borrow::Cow;

use serde::Serialize;

use super::Kind;
use crate::assess::Tier;
use crate::catalog::ledger::Unreadable;
use crate::catalog::origin::Origin;
use crate::catalog::table::Index;
use crate::catalog::{Service, Team};
use crate::render::badge::Badge;
use crate::render::carried;
use crate::render::frame::{Head, Section};
use crate::render::links::{Here, Href, Place};
use crate::render::paging::{Listing, Share, Step, Strip, caption_range, steps};
use crate::render::parts::{Link, Meter};
use crate::render::portal::Portal;
use crate::render::prose::prose;
use crate::render::relations::Class;
use crate::render::site::SitePath;
use crate::render::standing::{Standing, exceptions_in_brief};
use crate::render::templates::{Html, Template, page_template};
use crate::words;

/// How many descriptors that could not be read are shown beside the list.
const SHOWN_UNREADABLE: usize = 50;

/// What the template sees.
#[derive(Debug, Serialize)]
pub struct Page<'p> {
    heading: String,
    lead: String,
    coverage: Option<Href>,
    strip: Strip,
    classes: Vec<Link>,
    caption: String,
    partial: bool,
    rows: Vec<Row<'p>>,
    pages: Vec<Step>,
    next: Option<Link>,
    unreadable: Vec<Broken<'p>>,
    unreadable_caption: String,
}

#[derive(Debug, Serialize)]
struct Row<'p> {
    id: &'p str,
    stale: Option<Badge>,
    href: Href,
    team: &'p str,
    team_href: Option<Href>,
    badge: Badge,
    rank: usize,
    level: Option<&'p str>,
    level_rank: usize,
    meter: Option<Meter>,
    criticality: Option<&'static str>,
    exceptions: Option<Badge>,
    state: &'p str,
    classification: &'p str,
    runtime: &'p str,
    path: Cow<'p, str>,
}

#[derive(Debug, Serialize)]
struct Broken<'p> {
    repository: &'p str,
    place: Link,
    document: u32,
    reason: Html,
}

/// One page of one listing.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    listing: usize,
    number: usize,
}

impl Kind for Page<'static> {
    const TEMPLATE: Template = page_template!("services");
    type Shown<'p> = Page<'p>;
    type Subject = Part;

    fn list(portal: &Portal<'_>) -> Vec<(SitePath, Part)> {
        let mut parts = Vec::new();
        for (position, listing) in portal.relations.services.iter().enumerate() {
            for number in 1..=listing.pages() {
                let part = listing.part(number);
                let place = part.as_deref().map_or(Place::Services, Place::ServicesPart);
                parts.push((place.path(), Part { listing: position, number }));
            }
        }
        parts
    }

    fn page<'p>(portal: &'p Portal<'_>, part: &'p Part, here: Here<'p>) -> (Head, Page<'p>) {
        let listings = &portal.relations.services;
        let listing = &listings[part.listing];
        let to = |listing: &Listing, number: usize| match listing.part(number) {
            Some(part) => here.to(Place::ServicesPart(&part)),
            None => here.to(Place::Services),
        };
        let heading = heading(&listing.share);
        let first = listing.share == Share::Everything && part.number == 1;
        let pages = listing.pages();
        let head = Head {
            title: match part.number {
                1 => heading.clone(),
                number => format!("{heading}, page {number}"),
            },
            section: Some(Section::Services),
            data: Some(here.to(Place::Data(&["services/index"]))),
            crumbs: if first { Vec::new() } else { vec![Link::new("Services", here.to(Place::Services))] },
            ..Head::default()
        };
        let rows: Vec<Row<'p>> =
            listing.page(part.number).iter().map(|row| Row::new(portal, *row as usize, here)).collect();
        let unreadable = &portal.catalog.ledger.unreadable;
        let page = Page {
            heading,
            lead: lead(portal),
            coverage: portal.sections.contains(&Section::Coverage).then(|| here.to(Place::Coverage)),
            strip: Strip::new(listings, &listing.share, |listing| to(listing, 1)),
            classes: classes(portal, here),
            caption: caption(listing, part.number),
            partial: rows.len() < portal.catalog.services.len(),
            rows,
            pages: if pages > 1 {
                steps(pages, part.number, |number| to(listing, number))
            } else {
                Vec::new()
            },
            next: (part.number < pages)
                .then(|| Link::new(next(portal, listing, part.number + 1), to(listing, part.number + 1))),
            unreadable: if first { broken(portal) } else { Vec::new() },
            unreadable_caption: unreadable_caption(unreadable),
        };
        (head, page)
    }
}

fn heading(share: &Share) -> String {
    match share {
        Share::Everything => "Services".to_owned(),
        Share::Letter(letter) => format!("Services: {}", letter.text()),
        Share::Facet(word) => format!("Services: {}", word.replace('-', " ")),
    }
}

fn lead(portal: &Portal<'_>) -> String {
    let catalog = portal.catalog;
    let repositories = catalog.ledger.repositories.iter().filter(|row| row.services > 0).count();
    format!(
        "{} of {}, found in {}.",
        words::count(catalog.services.len(), "service", "services"),
        words::count(catalog.teams.len(), "team", "teams"),
        words::count(repositories, "repository", "repositories"),
    )
}

fn caption(listing: &Listing, number: usize) -> String {
    let all = words::count(listing.rows.len(), "service", "services");
    let range = caption_range(listing, number, &all);
    format!("{range}, by name. Level and score are those of the readiness scorecard, with exceptions.")
}

fn next(portal: &Portal<'_>, listing: &Listing, number: usize) -> String {
    let name =
        |row: Option<&u32>| row.map_or("", |row| portal.catalog.services.rows()[*row as usize].id.as_str());
    let rows = listing.page(number);
    format!("Next: {} to {}", name(rows.first()), name(rows.last()))
}

fn classes(portal: &Portal<'_>, here: Here<'_>) -> Vec<Link> {
    let link = |class: Class| {
        let count = portal.relations.count(class);
        let word = match class {
            Class::Tier(tier) => Badge::tier(tier).text,
            Class::Outside => Cow::Borrowed("Proposed or retired"),
            Class::InConflict => Cow::Borrowed("In conflict"),
        };
        let link = || Link::new(format!("{word} ({count})"), here.to(Place::ServicesPart(class.word())));
        (count > 0).then(link)
    };
    Class::ALL.into_iter().filter_map(link).collect()
}

impl<'p> Row<'p> {
    fn new(portal: &'p Portal<'_>, position: usize, here: Here<'_>) -> Self {
        let service = &portal.catalog.services.rows()[position];
        let record = &service.record;
        let standing = Standing::of(portal, position);
        let tier = standing.tier.unwrap_or(Tier::Unmanaged);
        if !service.conflict.is_empty() {
            return Self { stale: carried::mark(portal, service), ..Self::in_conflict(service, here) };
        }
        let (team, team_href) = owner(portal, service, service.owner, here);
        Self {
            id: service.id.as_str(),
            stale: carried::mark(portal, service),
            href: here.to(Place::Service(service.id.as_str())),
            team,
            team_href,
            badge: Badge::tier(tier),
            rank: tier as usize,
            level: standing.level.map(|(_, title)| title),
            level_rank: standing.level.map_or(0, |(position, _)| position + 1),
            meter: standing.score.map(Meter::from),
            criticality: record.criticality.value().map(|criticality| criticality.word()),
            exceptions: exceptions_in_brief(portal, position),
            state: record.lifecycle.state.value().map_or("not given", |state| state.word()),
            classification: record.data_classification.value().map_or("not given", |class| &class.word),
            runtime: record.runtime.value().map_or("not given", |runtime| runtime),
            path: match record.golden_path.value() {
                Some(reference) => Cow::Owned(reference.to_string()),
                None => Cow::Borrowed("none"),
            },
        }
    }
}

impl<'p> Row<'p> {
    /// Of an id that several documents claim nothing is published but that.
    fn in_conflict(service: &'p Service, here: Here<'_>) -> Self {
        const NOTHING: &str = "in conflict";
        Self {
            id: service.id.as_str(),
            stale: None,
            href: here.to(Place::Service(service.id.as_str())),
            team: "claimed by several",
            team_href: None,
            badge: Badge::conflict(),
            rank: Tier::Unmanaged as usize + 1,
            level: None,
            level_rank: 0,
            meter: None,
            criticality: None,
            exceptions: None,
            state: NOTHING,
            classification: NOTHING,
            runtime: NOTHING,
            path: Cow::Borrowed(NOTHING),
        }
    }
}

/// The owner as a list shows it: the team, else the name that leads nowhere.
fn owner<'p>(
    portal: &'p Portal<'_>,
    service: &'p Service,
    team: Option<Index<Team>>,
    here: Here<'_>,
) -> (&'p str, Option<Href>) {
    match team {
        Some(team) => {
            let team = &portal.catalog.teams[team];
            (team.record.name(), Some(here.to(Place::Team(team.id.as_str()))))
        }
        None => (service.record.owner_team.value().map_or("not given", |name| name), None),
    }
}

fn broken<'p>(portal: &'p Portal<'_>) -> Vec<Broken<'p>> {
    let row = |unreadable: &'p Unreadable| Broken {
        repository: &portal.catalog.files[unreadable.file].repository,
        place: Link {
            text: portal.catalog.files[unreadable.file].path.to_string(),
            href: portal.brief(Origin::Document(unreadable.file)).href,
        },
        document: unreadable.document_number,
        reason: prose(&unreadable.reason),
    };
    portal.catalog.ledger.unreadable.iter().take(SHOWN_UNREADABLE).map(row).collect()
}

fn unreadable_caption(unreadable: &[Unreadable]) -> String {
    let all = words::count(unreadable.len(), "descriptor", "descriptors");
    match unreadable.len() {
        0..=SHOWN_UNREADABLE => format!("{all} that could not be read, by repository"),
        _ => format!("The first {SHOWN_UNREADABLE} of {all} that could not be read, by repository"),
    }
}
