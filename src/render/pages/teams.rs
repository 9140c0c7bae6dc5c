//! The list of teams, as a whole and by letter, and the services that no team answers for.

use serde::Serialize;

use super::Kind;
use crate::assess::Assessment;
use crate::catalog::table::Index;
use crate::catalog::team::TeamStatus;
use crate::catalog::{Catalog, Service, Team};
use crate::render::badge::Badge;
use crate::render::frame::{Head, Section};
use crate::render::links::{Here, Href, Place};
use crate::render::origin::Brief;
use crate::render::paging::{Listing, Share, Step, Strip, caption_range, steps};
use crate::render::parts::Link;
use crate::render::portal::Portal;
use crate::render::relations::Class;
use crate::render::site::SitePath;
use crate::render::standing::in_brief;
use crate::render::templates::{Template, page_template};
use crate::words;

/// How many services without a team are shown.
const SHOWN_UNOWNED: usize = 100;

/// What the template sees.
#[derive(Debug, Serialize)]
pub struct Page<'p> {
    heading: String,
    lead: String,
    strip: Strip,
    caption: String,
    partial: bool,
    rows: Vec<Row<'p>>,
    pages: Vec<Step>,
    next: Option<Link>,
    unowned: Vec<Unowned<'p>>,
    unowned_caption: String,
}

#[derive(Debug, Serialize)]
struct Row<'p> {
    name: &'p str,
    href: Href,
    kind: &'static str,
    dissolved: bool,
    parent: Option<Link>,
    members: usize,
    services: usize,
    tiers: Vec<Badge>,
    exceptions: Option<Badge>,
    problems: Option<Badge>,
}

#[derive(Debug, Serialize)]
struct Unowned<'p> {
    id: &'p str,
    href: Href,
    named: Option<&'p str>,
    origin: Brief,
}

/// One page of one listing.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    listing: usize,
    number: usize,
}

impl Kind for Page<'static> {
    const TEMPLATE: Template = page_template!("teams");
    type Shown<'p> = Page<'p>;
    type Subject = Part;

    fn list(portal: &Portal<'_>) -> Vec<(SitePath, Part)> {
        let mut parts = Vec::new();
        for (position, listing) in portal.relations.teams.iter().enumerate() {
            for number in 1..=listing.pages() {
                let part = listing.part(number);
                let place = part.as_deref().map_or(Place::Teams, Place::TeamsPart);
                parts.push((place.path(), Part { listing: position, number }));
            }
        }
        parts
    }

    fn page<'p>(portal: &'p Portal<'_>, part: &'p Part, here: Here<'p>) -> (Head, Page<'p>) {
        let teams = portal.catalog.teams.rows();
        let listings = &portal.relations.teams;
        let listing = &listings[part.listing];
        let to = |listing: &Listing, number: usize| match listing.part(number) {
            Some(part) => here.to(Place::TeamsPart(&part)),
            None => here.to(Place::Teams),
        };
        let heading = match &listing.share {
            Share::Letter(letter) => format!("Teams: {}", letter.text()),
            Share::Everything | Share::Facet(_) => "Teams".to_owned(),
        };
        let first = listing.share == Share::Everything && part.number == 1;
        let pages = listing.pages();
        let head = Head {
            title: match part.number {
                1 => heading.clone(),
                number => format!("{heading}, page {number}"),
            },
            section: Some(Section::Teams),
            crumbs: if first { Vec::new() } else { vec![Link::new("Teams", here.to(Place::Teams))] },
            ..Head::default()
        };
        let row = |row: &u32| Row::new(portal, Index::new(*row as usize), here);
        let rows: Vec<Row<'p>> = listing.page(part.number).iter().map(row).collect();
        let all = words::count(listing.rows.len(), "team", "teams");
        let unowned: Vec<&Service> = unowned(portal.catalog).collect();
        let page = Page {
            heading,
            lead: lead(portal.catalog, unowned.len()),
            strip: Strip::new(listings, &listing.share, |listing| to(listing, 1)),
            caption: format!("{}, by name", caption_range(listing, part.number, &all)),
            partial: rows.len() < teams.len(),
            rows,
            pages: if pages > 1 {
                steps(pages, part.number, |number| to(listing, number))
            } else {
                Vec::new()
            },
            next: (part.number < pages).then(|| {
                let rows = listing.page(part.number + 1);
                let name = |row: Option<&u32>| row.map_or("", |row| teams[*row as usize].record.name());
                let text = format!("Next: {} to {}", name(rows.first()), name(rows.last()));
                Link::new(text, to(listing, part.number + 1))
            }),
            unowned_caption: unowned_caption(unowned.len()),
            unowned: unowned
                .into_iter()
                .take(if first { SHOWN_UNOWNED } else { 0 })
                .map(|service| Unowned {
                    id: service.id.as_str(),
                    href: here.to(Place::Service(service.id.as_str())),
                    named: service.record.owner_team.value().map(|name| &**name),
                    origin: portal.brief(service.record.owner_team.origin().unwrap_or(service.origin)),
                })
                .collect(),
        };
        (head, page)
    }
}

fn lead(catalog: &Catalog, unowned: usize) -> String {
    let owned = catalog.services.len() - unowned;
    format!(
        "{} that answer for {} of {}.",
        words::count(catalog.teams.len(), "team", "teams"),
        owned,
        words::count(catalog.services.len(), "service", "services"),
    )
}

/// Services whose owner is no team of the catalog.
fn unowned(catalog: &Catalog) -> impl Iterator<Item = &Service> {
    catalog.services.iter().filter(|service| service.owner.is_none())
}

fn unowned_caption(all: usize) -> String {
    let total = words::count(all, "service", "services");
    match all {
        0..=SHOWN_UNOWNED => format!("{total} without a team that the catalog knows, by name"),
        _ => format!("The first {SHOWN_UNOWNED} of {total} without a team that the catalog knows, by name"),
    }
}

impl<'p> Row<'p> {
    fn new(portal: &'p Portal<'_>, index: Index<Team>, here: Here<'_>) -> Self {
        let team = &portal.catalog.teams[index];
        let record = &team.record;
        let parent = team.parent.map(|parent| {
            let parent = &portal.catalog.teams[parent];
            Link::new(parent.record.name(), here.to(Place::Team(parent.id.as_str())))
        });
        let problems = &portal.relations.problems;
        Self {
            name: record.name(),
            href: here.to(Place::Team(team.id.as_str())),
            kind: record.kind.value().map_or("not given", |kind| kind.word()),
            dissolved: record.status.value() == Some(&TeamStatus::Dissolved),
            parent,
            members: record.members.items.len(),
            services: team.services.len(),
            tiers: tiers(portal.catalog, portal.assessment, team),
            exceptions: exceptions(portal, index),
            problems: problems.badge(problems.of_team(index.position())).map(|badge| {
                let count = problems.count(problems.of_team(index.position()));
                badge.saying(words::count(count, "problem", "problems"))
            }),
        }
    }
}

/// How many services of `team` are on each tier, from the best.
fn tiers(catalog: &Catalog, assessment: &Assessment, team: &Team) -> Vec<Badge> {
    let class =
        |service: &Index<Service>| Class::of(&catalog.services[*service], assessment, service.position());
    let classes: Vec<Class> = team.services.iter().map(class).collect();
    let badge = |wanted: Class| {
        let count = classes.iter().filter(|class| **class == wanted).count();
        let badge = match wanted {
            Class::Tier(tier) => Badge::tier(tier),
            Class::InConflict => Badge::conflict(),
            Class::Outside => return None,
        };
        let text = format!("{count} {}", badge.text.to_lowercase());
        (count > 0).then(|| badge.saying(text))
    };
    Class::ALL.into_iter().filter_map(badge).collect()
}

/// The most urgent exception of a team, and how many more there are; closed ones are left out.
pub(super) fn exceptions(portal: &Portal<'_>, index: Index<Team>) -> Option<Badge> {
    let judged = portal.relations.exceptions_of_team(index).iter().filter_map(|exception| {
        let judged = portal.assessment.exceptions.get(exception.position())?;
        Some((judged.state, judged.days_left))
    });
    in_brief(judged.filter(|(state, _)| *state != crate::assess::ExceptionState::Closed))
}
