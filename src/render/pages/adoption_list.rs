//! The lists behind the figures of the adoption page, each on as many pages as it needs.

use serde::Serialize;

use super::adoption::figures::with_unit;
use super::golden_path::title as path_title;
use super::names::level_title;
use super::{Kind, distinct};
use crate::assess::adoption::WaivedControl;
use crate::assess::metrics::{Combined, Counted, Measure};
use crate::assess::next_step::{LayerFix, NextStep, RuleFix};
use crate::assess::outcome::Share;
use crate::catalog::resource::Fact;
use crate::catalog::scorecard::Scorecard;
use crate::catalog::table::Index;
use crate::catalog::{Declared, Service};
use crate::render::frame::{Head, Section};
use crate::render::linked;
use crate::render::links::{Here, Href, Place};
use crate::render::origin::Brief;
use crate::render::paging::{Step, steps};
use crate::render::parts::{Link, Meter, When};
use crate::render::populations::rule_id;
use crate::render::portal::Portal;
use crate::render::prose::{plain, prose};
use crate::render::site::SitePath;
use crate::render::templates::{Html, Template, page_template};
use crate::words;

/// Rows on one page.
const ROWS: usize = 250;

/// What the template sees.
#[derive(Debug, Serialize)]
pub struct Page {
    heading: String,
    lead: Option<Html>,
    caption: String,
    heads: &'static [&'static str],
    rows: Vec<Row>,
    pages: Vec<Step>,
    next: Option<Link>,
}

/// One row: a name, then a cell for each further head.
#[derive(Debug, Serialize)]
struct Row {
    name: Link,
    cells: Vec<Cell>,
}

/// What stands in a cell: one of these.
#[derive(Debug, Default, Serialize)]
struct Cell {
    meter: Option<Meter>,
    link: Option<Link>,
    text: Option<String>,
    day: Option<When>,
    origin: Option<Brief>,
}

/// What a list is behind: positions in the assessment's adoption.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum List {
    /// A figure: what each service adds to it, or each subject says.
    Figure(usize),
    /// Services that one rule would lift.
    LiftedByRule(usize),
    /// Services that one layer of a golden path would lift.
    LiftedByLayer(usize),
    /// What is waived of one control.
    Waived(usize),
    /// Services that name no golden path.
    WithoutPath,
}

impl List {
    /// Every list that has rows.
    fn all(portal: &Portal<'_>) -> Vec<Self> {
        let adoption = &portal.adoption;
        let figures = (0..adoption.figures.len()).map(Self::Figure);
        let rules = (0..adoption.rule_fixes.len()).map(Self::LiftedByRule);
        let layers = (0..adoption.layer_fixes.len()).map(Self::LiftedByLayer);
        let waived = (0..adoption.waived.len()).map(Self::Waived);
        let all = figures.chain(rules).chain(layers).chain(waived).chain([Self::WithoutPath]);
        all.filter(|list| list.len(portal) > 0).collect()
    }

    /// How many rows it has.
    fn len(self, portal: &Portal<'_>) -> usize {
        let adoption = &portal.adoption;
        match self {
            Self::Figure(position) => match &adoption.figures[position].measure {
                Measure::Counted(tally) => tally.services().len(),
                Measure::Observed(facts) | Measure::Combined(Combined { facts, .. }) => facts.len(),
                Measure::NotMeasured(_) => 0,
            },
            Self::LiftedByRule(position) => adoption.rule_fixes[position].lifts.len(),
            Self::LiftedByLayer(position) => adoption.layer_fixes[position].lifts.len(),
            Self::Waived(position) => adoption.waived[position].waivers.len(),
            Self::WithoutPath => adoption.without_path.len(),
        }
    }

    /// Its name in the address. Ids hold no dots, so no two lists have one name.
    fn name(self, portal: &Portal<'_>) -> String {
        let adoption = &portal.adoption;
        match self {
            Self::Figure(position) => adoption.figures[position].id.to_owned(),
            Self::LiftedByRule(position) => {
                let RuleFix { scorecard, position, .. } = adoption.rule_fixes[position];
                let id = &portal.catalog.scorecards[scorecard].id;
                format!("rule.{id}.{}", rule_id(portal, scorecard, position))
            }
            Self::LiftedByLayer(position) => {
                let LayerFix { path, layer, .. } = adoption.layer_fixes[position];
                let path = &portal.catalog.golden_paths[path];
                format!("layer.{}.{}", path.id, path.record.layers.entries[layer].0)
            }
            Self::Waived(position) => format!("waived.{}", adoption.waived[position].control),
            Self::WithoutPath => "without.golden-path".to_owned(),
        }
    }

    /// The link to page `number` of it.
    pub(super) fn href(self, portal: &Portal<'_>, here: Here<'_>, number: usize) -> Href {
        here.to(Place::AdoptionList(&self.name(portal), number))
    }

    /// The link to the document that holds its rows.
    fn data(self, portal: &Portal<'_>, here: Here<'_>) -> Href {
        let adoption = &portal.adoption;
        match self {
            Self::Figure(position) if matches!(adoption.figures[position].measure, Measure::Counted(_)) => {
                here.to(Place::Data(&["adoption", adoption.figures[position].id]))
            }
            _ => here.to(Place::Data(&["adoption"])),
        }
    }

    fn heading(self, portal: &Portal<'_>) -> String {
        let adoption = &portal.adoption;
        match self {
            Self::Figure(position) => adoption.figures[position].title.to_owned(),
            Self::LiftedByRule(position) => {
                let RuleFix { scorecard, position, .. } = adoption.rule_fixes[position];
                let rule = &portal.explainer.scorecards().get(scorecard).rules[position];
                let title = rule.record.title.value().map_or(rule.id.as_str(), |title| title);
                format!("Lifted by “{}”", plain(title))
            }
            Self::LiftedByLayer(position) => {
                format!("Lifted by {}", layer(portal, &adoption.layer_fixes[position]))
            }
            Self::Waived(position) => format!("Waived: {}", adoption.waived[position].control),
            Self::WithoutPath => "Services that name no golden path".to_owned(),
        }
    }

    fn lead(self, portal: &Portal<'_>) -> Option<Html> {
        match self {
            Self::Figure(position) => portal.adoption.figures[position]
                .formula
                .map(|formula| prose(&format!("{}.", words::capitalised(formula.trim_end_matches('.'))))),
            Self::LiftedByRule(_) => {
                Some(prose("To pass this rule is all that these services lack for the next level."))
            }
            Self::LiftedByLayer(_) => {
                Some(prose("What this layer promises is all that these services lack for the next level."))
            }
            Self::Waived(_) => Some(prose("Each row is a rule that fails today and is excused.")),
            Self::WithoutPath => None,
        }
    }

    fn heads(self, portal: &Portal<'_>) -> &'static [&'static str] {
        match self {
            Self::Figure(position) => match portal.adoption.figures[position].measure {
                Measure::Observed(_) | Measure::Combined(_) => {
                    &["Subject", "Value", "Observed", "Says", "Where"]
                }
                Measure::Counted(_) | Measure::NotMeasured(_) => &["Service", "Team", "Counts"],
            },
            Self::LiftedByRule(_) | Self::LiftedByLayer(_) => &["Service", "Team", "To"],
            Self::Waived(_) => &["Service", "Rule", "Exception"],
            Self::WithoutPath => &["Service", "Team"],
        }
    }

    /// The rows from `start` on, at most [`ROWS`] of them.
    fn rows(self, portal: &Portal<'_>, here: Here<'_>, start: usize) -> Vec<Row> {
        let adoption = &portal.adoption;
        let lifted = |services: &[Index<Service>], to: &dyn Fn(Index<Service>) -> String| {
            let services = services.iter().skip(start).take(ROWS);
            services.map(|service| lifted(portal, here, *service, to(*service))).collect()
        };
        match self {
            Self::Figure(position) => match &adoption.figures[position].measure {
                Measure::Counted(tally) => {
                    let services = worst_first(tally.services());
                    services.iter().skip(start).take(ROWS).map(|row| counted(portal, here, row)).collect()
                }
                Measure::Observed(facts) | Measure::Combined(Combined { facts, .. }) => {
                    let unit = adoption.figures[position].unit;
                    facts
                        .iter()
                        .skip(start)
                        .take(ROWS)
                        .map(|fact| observed(portal, here, fact, unit))
                        .collect()
                }
                Measure::NotMeasured(_) => Vec::new(),
            },
            Self::LiftedByRule(position) => {
                let fix = &adoption.rule_fixes[position];
                lifted(&fix.lifts, &|_| level_of(portal, fix.scorecard, fix.position))
            }
            Self::LiftedByLayer(position) => {
                let fix = &adoption.layer_fixes[position];
                lifted(&fix.lifts, &|service| levels_by(portal, fix, service))
            }
            Self::Waived(position) => waived(portal, here, &adoption.waived[position], start),
            Self::WithoutPath => {
                let services = adoption.without_path.iter().skip(start).take(ROWS);
                let row = |service: &Index<Service>| Row {
                    name: linked::service(portal, here, *service),
                    cells: vec![Cell::link(owner(portal, here, *service))],
                };
                services.map(row).collect()
            }
        }
    }
}

impl Cell {
    fn link(link: Link) -> Self {
        Self { link: Some(link), ..Self::default() }
    }

    fn text(text: impl Into<String>) -> Self {
        Self { text: Some(text.into()), ..Self::default() }
    }
}

/// The owner of a service: its team, else the name that leads nowhere.
fn owner(portal: &Portal<'_>, here: Here<'_>, service: Index<Service>) -> Link {
    let service = &portal.catalog.services[service];
    match service.owner {
        Some(team) => linked::team(portal, here, team),
        None => Link::plain(service.record.owner_team.value().map_or("not given", |name| name)),
    }
}

/// Services in which most is missing first, then in the order of the catalog.
fn worst_first(services: &[Counted]) -> Vec<Counted> {
    let mut services = services.to_vec();
    services.sort_by(|a, b| {
        let (a, b) = ((a.part, a.whole), (b.part, b.whole));
        (u128::from(a.0) * u128::from(b.1)).cmp(&(u128::from(b.0) * u128::from(a.1)))
    });
    services
}

fn counted(portal: &Portal<'_>, here: Here<'_>, row: &Counted) -> Row {
    let meter = Share::of(row.part, row.whole).map(Meter::from);
    Row {
        name: linked::service(portal, here, row.service),
        cells: vec![Cell::link(owner(portal, here, row.service)), Cell { meter, ..Cell::default() }],
    }
}

fn observed(portal: &Portal<'_>, here: Here<'_>, fact: &Fact, unit: Option<&str>) -> Row {
    let subject = &*fact.subject;
    Row {
        name: match subject.split_once(':') {
            Some(("service", id)) => linked::service_named(portal, here, id),
            Some(("team", id)) => linked::person(portal, here, id),
            _ => Link::plain(subject),
        },
        cells: vec![
            Cell::text(with_unit(fact, unit)),
            Cell { day: Some(portal.when_of(fact.observed_at)), ..Cell::default() },
            Cell::text(&*fact.source),
            Cell { origin: Some(portal.brief(fact.origin)), ..Cell::default() },
        ],
    }
}

fn lifted(portal: &Portal<'_>, here: Here<'_>, service: Index<Service>, to: String) -> Row {
    Row {
        name: linked::service(portal, here, service),
        cells: vec![Cell::link(owner(portal, here, service)), Cell::text(to)],
    }
}

/// `Owned of Minimum metadata`: the level that a rule belongs to.
fn level_of(portal: &Portal<'_>, scorecard: Index<Declared<Scorecard>>, position: usize) -> String {
    let level = portal.explainer.scorecards().get(scorecard).rules[position].level;
    let declared = &portal.catalog.scorecards[scorecard];
    let title = declared.record.title.value().map_or(&*declared.id, |title| title);
    let level = declared.record.levels.items.get(level).map_or("", |level| level_title(&level.value));
    format!("{level} of {title}")
}

/// The levels that a layer lifts `service` to.
fn levels_by(portal: &Portal<'_>, fix: &LayerFix, service: Index<Service>) -> String {
    let scorecards = portal.explainer.scorecards();
    let results = &portal.assessment.services[service.position()].subject.scorecards;
    let steps = results.iter().filter_map(|result| NextStep::of(scorecards, result));
    let mended = |step: &NextStep| {
        let mut failing = step.failing.iter();
        step.is_enough() && failing.all(|position| fix.rules.contains(&(step.scorecard, *position)))
    };
    let steps = steps.filter(|step| !step.failing.is_empty() && mended(step));
    steps.map(|step| level_of(portal, step.scorecard, step.failing[0])).collect::<Vec<_>>().join(", ")
}

fn waived(portal: &Portal<'_>, here: Here<'_>, control: &WaivedControl<'_>, start: usize) -> Vec<Row> {
    let row = |(service, exception, rule): &(Index<Service>, Index<_>, Box<str>)| Row {
        name: linked::service(portal, here, *service),
        cells: vec![Cell::text(&**rule), Cell::link(linked::exception(portal, here, *exception))],
    };
    control.waivers.iter().skip(start).take(ROWS).map(row).collect()
}

/// `the layer network of HTTP service`.
pub(super) fn layer(portal: &Portal<'_>, fix: &LayerFix) -> String {
    let path = &portal.catalog.golden_paths[fix.path];
    format!("{} of {}", path.record.layers.entries[fix.layer].0, path_title(path))
}

/// One page of one list.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    list: List,
    number: usize,
}

impl Kind for Page {
    const TEMPLATE: Template = page_template!("adoption_list");
    type Shown<'p> = Self;
    type Subject = Part;

    fn list(portal: &Portal<'_>) -> Vec<(SitePath, Part)> {
        let parts = |list: List| {
            let name = list.name(portal);
            let pages = list.len(portal).div_ceil(ROWS);
            let part = |number| (Place::AdoptionList(&name, number).path(), Part { list, number });
            (1..=pages).map(part).collect::<Vec<_>>()
        };
        distinct(List::all(portal).into_iter().flat_map(parts))
    }

    fn page<'p>(portal: &'p Portal<'_>, part: &'p Part, here: Here<'p>) -> (Head, Self) {
        let Part { list, number } = *part;
        let heading = list.heading(portal);
        let to = |number: usize| list.href(portal, here, number);
        let start = (number - 1) * ROWS;
        let (rows, all) = (list.rows(portal, here, start), list.len(portal));
        let pages = all.div_ceil(ROWS);
        let head = Head {
            title: if number == 1 { heading.clone() } else { format!("{heading}, page {number}") },
            section: Some(Section::Adoption),
            crumbs: vec![Link::new("Adoption", here.to(Place::Adoption))],
            data: Some(list.data(portal, here)),
            ..Head::default()
        };
        let page = Self {
            lead: list.lead(portal),
            caption: match pages {
                1 => words::count(all, "row", "rows"),
                _ => format!("{} to {} of {all} rows", start + 1, start + rows.len()),
            },
            heads: list.heads(portal),
            rows,
            pages: if pages > 1 { steps(pages, number, to) } else { Vec::new() },
            next: (number < pages).then(|| Link::new("Next", to(number + 1))),
            heading,
        };
        (head, page)
    }
}
