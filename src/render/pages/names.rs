//! Pages that hold nothing but names: the services on a version, at a level, or passing a rule, when
//! there are too many of them for the page that counts them.

use serde::Serialize;

use super::golden_path::title as path_title;
use super::{Kind, distinct};
use crate::catalog::Declared;
use crate::catalog::golden_path::GoldenPath;
use crate::catalog::scorecard::{Level, Scorecard, Subject};
use crate::catalog::table::Index;
use crate::render::frame::{Head, Section};
use crate::render::linked;
use crate::render::links::{Here, Href, Place};
use crate::render::name_list::{IN_PLACE, ON_PAGE};
use crate::render::paging::{Step, steps};
use crate::render::parts::Link;
use crate::render::populations::{rule_id, subject};
use crate::render::portal::Portal;
use crate::render::prose::plain;
use crate::render::site::SitePath;
use crate::render::templates::{Template, page_template};

/// What the template sees.
#[derive(Debug, Serialize)]
pub struct Page {
    heading: String,
    lead: String,
    names: Vec<Link>,
    pages: Vec<Step>,
    next: Option<Link>,
}

/// One page of one list of names.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    list: List,
    number: usize,
}

/// What the names have in common.
#[derive(Clone, Copy, Debug)]
enum List {
    OnVersion(Index<Declared<GoldenPath>>, usize),
    WithoutVersion(Index<Declared<GoldenPath>>),
    UnknownVersion(Index<Declared<GoldenPath>>),
    NotCounted(Index<Declared<GoldenPath>>),
    AtLevel(Index<Declared<Scorecard>>, usize),
    Below(Index<Declared<Scorecard>>),
    Passing(Index<Declared<Scorecard>>, usize),
}

impl List {
    /// Every list there is.
    fn all(portal: &Portal<'_>) -> Vec<Self> {
        let mut lists = Vec::new();
        for (index, path) in portal.catalog.golden_paths.indexed() {
            lists
                .extend((0..path.record.versions.items.len()).map(|version| Self::OnVersion(index, version)));
            lists.extend([Self::WithoutVersion(index), Self::UnknownVersion(index), Self::NotCounted(index)]);
        }
        for (index, scorecard) in portal.catalog.scorecards.indexed() {
            lists.extend((0..scorecard.record.levels.items.len()).map(|level| Self::AtLevel(index, level)));
            lists.push(Self::Below(index));
            lists.extend((0..scorecard.record.rules.items.len()).map(|rule| Self::Passing(index, rule)));
        }
        lists
    }

    fn rows<'p>(self, portal: &'p Portal<'_>) -> &'p [u32] {
        let paths = &portal.populations.golden_paths;
        let scorecards = &portal.populations.scorecards;
        match self {
            Self::OnVersion(path, version) => &paths[path.position()].versions[version],
            Self::WithoutVersion(path) => &paths[path.position()].without_version,
            Self::UnknownVersion(path) => &paths[path.position()].unknown_version,
            Self::NotCounted(path) => &paths[path.position()].not_counted,
            Self::AtLevel(scorecard, level) => &scorecards[scorecard.position()].levels[level],
            Self::Below(scorecard) => &scorecards[scorecard.position()].below,
            Self::Passing(scorecard, rule) => &scorecards[scorecard.position()].rules[rule].passing,
        }
    }

    fn subject(self, portal: &Portal<'_>) -> Subject {
        match self {
            Self::AtLevel(index, _) | Self::Below(index) | Self::Passing(index, _) => {
                subject(&portal.catalog.scorecards[index].record)
            }
            _ => Subject::Service,
        }
    }

    /// Calls `use_place` with the address of page `number`.
    fn place<T>(self, portal: &Portal<'_>, number: usize, use_place: impl FnOnce(Place<'_>) -> T) -> T {
        let catalog = portal.catalog;
        let part = |stem: &str| if number == 1 { stem.to_owned() } else { format!("{stem}-{number}") };
        match self {
            Self::OnVersion(path, version) => {
                let path = &catalog.golden_paths[path];
                let number = path.record.versions.items[version].value.version.value();
                let stem = version_part(number.map_or("", |number| number));
                use_place(Place::GoldenPathPart(&path.id, &part(&stem)))
            }
            Self::WithoutVersion(path) => {
                use_place(Place::GoldenPathPart(&catalog.golden_paths[path].id, &part("without-version")))
            }
            Self::UnknownVersion(path) => {
                use_place(Place::GoldenPathPart(&catalog.golden_paths[path].id, &part("unknown-version")))
            }
            Self::NotCounted(path) => {
                use_place(Place::GoldenPathPart(&catalog.golden_paths[path].id, &part("not-counted")))
            }
            Self::AtLevel(scorecard, level) => {
                let scorecard = &catalog.scorecards[scorecard];
                let stem = level_part(&scorecard.record.levels.items[level].value);
                use_place(Place::ScorecardPart(&scorecard.id, &part(&stem)))
            }
            Self::Below(scorecard) => {
                use_place(Place::ScorecardPart(&catalog.scorecards[scorecard].id, &part("no-level")))
            }
            Self::Passing(index, rule) => {
                let scorecard = &catalog.scorecards[index];
                use_place(Place::RulePart(&scorecard.id, rule_id(portal, index, rule), &part("passing")))
            }
        }
    }

    /// The heading, and the page that counts them.
    fn heading(self, portal: &Portal<'_>, here: Here<'_>) -> (String, Section, Link) {
        let catalog = portal.catalog;
        match self {
            Self::OnVersion(index, _)
            | Self::WithoutVersion(index)
            | Self::UnknownVersion(index)
            | Self::NotCounted(index) => {
                let path = &catalog.golden_paths[index];
                let title = path_title(path);
                let what = match self {
                    Self::OnVersion(_, version) => {
                        let number = path.record.versions.items[version].value.version.value();
                        format!("on version {}", number.map_or("without a number", |number| number))
                    }
                    Self::WithoutVersion(_) => "without a version".to_owned(),
                    Self::UnknownVersion(_) => "on a version that is not listed".to_owned(),
                    _ => "that are not counted: proposed, retired or in conflict".to_owned(),
                };
                let link = Link::new(title, here.to(Place::GoldenPath(&path.id)));
                (format!("{title}: services {what}"), Section::GoldenPaths, link)
            }
            Self::AtLevel(index, _) | Self::Below(index) | Self::Passing(index, _) => {
                let scorecard = &catalog.scorecards[index];
                let title = scorecard.record.title.value().map_or(&*scorecard.id, |title| title);
                let (heading, link) = match self {
                    Self::Passing(_, rule) => {
                        let id = rule_id(portal, index, rule);
                        let rule = &scorecard.record.rules.items[rule].value;
                        let rule = plain(rule.title.value().map_or(id, |title| title));
                        let place = Place::Rule(&scorecard.id, id);
                        (format!("{rule}: who passes"), Link::new(rule, here.to(place)))
                    }
                    Self::AtLevel(_, level) => {
                        let level = level_title(&scorecard.record.levels.items[level].value);
                        let link = Link::new(title, here.to(Place::Scorecard(&scorecard.id)));
                        (format!("{title}: who has reached {level} and no more"), link)
                    }
                    _ => {
                        let link = Link::new(title, here.to(Place::Scorecard(&scorecard.id)));
                        (format!("{title}: who has reached no level"), link)
                    }
                };
                (heading, Section::Scorecards, link)
            }
        }
    }
}

/// The part of the address of the services on a version.
pub(super) fn version_part(number: &str) -> String {
    format!("version-{number}")
}

/// The part of the address of the subjects at a level.
pub(super) fn level_part(level: &Level) -> String {
    format!("level-{}", level.id.value().map_or("", |id| id.as_str()))
}

/// What people call a level.
pub(super) fn level_title(level: &Level) -> &str {
    let id = level.id.value().map_or("not named", |id| id.as_str());
    level.title.value().map_or(id, |title| title)
}

impl Kind for Page {
    const TEMPLATE: Template = page_template!("names");
    type Shown<'p> = Self;
    type Subject = Part;

    fn list(portal: &Portal<'_>) -> Vec<(SitePath, Part)> {
        let long = List::all(portal).into_iter().filter(|list| list.rows(portal).len() > IN_PLACE);
        let parts = |list: List| {
            let pages = list.rows(portal).len().div_ceil(ON_PAGE);
            let part =
                move |number| (list.place(portal, number, |place| place.path()), Part { list, number });
            (1..=pages).map(part).collect::<Vec<_>>()
        };
        distinct(long.flat_map(parts))
    }

    fn page<'p>(portal: &'p Portal<'_>, part: &'p Part, here: Here<'p>) -> (Head, Self) {
        let Part { list, number } = *part;
        let rows = list.rows(portal);
        let (heading, section, owner) = list.heading(portal, here);
        let to = |number: usize| -> Href { list.place(portal, number, |place| here.to(place)) };
        let pages = rows.len().div_ceil(ON_PAGE);
        let start = (number - 1) * ON_PAGE;
        let shown = &rows[start..(start + ON_PAGE).min(rows.len())];
        let all = Link::new(section.text(), here.to(section.place()));
        let head = Head {
            title: if number == 1 { heading.clone() } else { format!("{heading}, page {number}") },
            section: Some(section),
            crumbs: vec![all, owner],
            ..Head::default()
        };
        let page = Self {
            heading,
            lead: match pages {
                1 => format!("{}, by name.", rows.len()),
                _ => format!("{} to {} of {}, by name.", start + 1, start + shown.len(), rows.len()),
            },
            names: shown
                .iter()
                .map(|row| linked::subject(portal, here, list.subject(portal), *row))
                .collect(),
            pages: if pages > 1 { steps(pages, number, to) } else { Vec::new() },
            next: (number < pages).then(|| Link::new("Next", to(number + 1))),
        };
        (head, page)
    }
}
