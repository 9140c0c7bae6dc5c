//! One team: how to reach it, what it should fix first, what it owns and how that stands.

mod first;
mod github;
mod health;
mod services;

use std::borrow::Cow;

use serde::Serialize;

use super::Kind;
use super::service::{ExceptionRow, LONGEST_LEAD, exception_rows, exceptions_caption};
use crate::catalog::field::{Field, List};
use crate::catalog::table::Index;
use crate::catalog::team::TeamStatus;
use crate::catalog::{self, Team};
use crate::render::badge::Badge;
use crate::render::frame::{Head, Section};
use crate::render::links::{Here, Href, Place};
use crate::render::origin::Brief;
use crate::render::parts::{Link, cut};
use crate::render::portal::Portal;
use crate::render::problems::{SHOWN as SHOWN_PROBLEMS, Told};
use crate::render::site::SitePath;
use crate::render::templates::{Template, page_template};
use crate::words;

/// How many exceptions are listed.
const SHOWN_EXCEPTIONS: usize = 100;

/// What the template sees.
#[derive(Debug, Serialize)]
pub struct Page<'p> {
    name: &'p str,
    id: &'p str,
    lead: Option<Cow<'p, str>>,
    badges: Vec<Badge>,
    brief: String,
    reach: Vec<Fact<'p>>,
    github: Option<github::Github<'p>>,
    children: Vec<Link>,
    concerns: Vec<health::Concern>,
    first: Vec<first::Item>,
    services: services::Services<'p>,
    environments: Vec<super::environments::Ending>,
    exceptions: Vec<ExceptionRow<'p>>,
    exceptions_caption: String,
    more_exceptions: usize,
    calendar: Href,
    problems: Vec<Told<'p>>,
    more_problems: usize,
}

/// One fact about the team. Without a value it is not given.
#[derive(Debug, Serialize)]
struct Fact<'p> {
    label: &'static str,
    value: Option<Cow<'p, str>>,
    href: Option<Href>,
    copy: bool,
    origin: Option<Brief>,
}

impl Kind for Page<'static> {
    const TEMPLATE: Template = page_template!("team");
    type Shown<'p> = Page<'p>;
    type Subject = Index<Team>;

    fn list(portal: &Portal<'_>) -> Vec<(SitePath, Index<Team>)> {
        let page = |(index, team): (Index<Team>, &Team)| (Place::Team(team.id.as_str()).path(), index);
        portal.catalog.teams.indexed().map(page).collect()
    }

    fn page<'p>(portal: &'p Portal<'_>, index: &'p Index<Team>, here: Here<'p>) -> (Head, Page<'p>) {
        let team = &portal.catalog.teams[*index];
        let id = team.id.as_str();
        let record = &team.record;
        let link = |team: Index<Team>| {
            let team = &portal.catalog.teams[team];
            Link::new(team.record.name(), here.to(Place::Team(team.id.as_str())))
        };
        let mut crumbs = vec![Link::new("Teams", here.to(Place::Teams))];
        crumbs.extend(team.parent.map(link));
        let head = Head {
            title: record.name().to_owned(),
            section: Some(Section::Teams),
            crumbs,
            data: Some(here.to(Place::Data(&["teams", id]))),
            sources: Vec::new(),
        };
        let dissolved = record.status.value() == Some(&TeamStatus::Dissolved);
        let problems = &portal.relations.problems;
        let own_problems = problems.of_team(index.position());
        let exceptions = portal.relations.exceptions_of_team(*index);
        let badges = [
            dissolved.then(Badge::dissolved),
            super::teams::exceptions(portal, *index),
            problems.badge(own_problems),
        ];
        let mut exception_rows = exception_rows(portal, exceptions, here);
        exception_rows.truncate(SHOWN_EXCEPTIONS);
        let page = Page {
            name: record.name(),
            id,
            lead: record.description.value().map(|text| cut(text, LONGEST_LEAD)),
            badges: badges.into_iter().flatten().collect(),
            brief: brief(record),
            reach: reach(portal, team, here),
            github: github::Github::of(portal, team),
            children: team.children.iter().copied().map(link).collect(),
            concerns: health::concerns(portal, team),
            first: first::items(portal, *index, here),
            services: services::Services::of(portal, team, here),
            environments: super::environments::of(portal, here, |lease| {
                super::environments::owner_of(portal, lease) == Some(*index)
            }),
            exceptions_caption: exceptions_caption(exceptions.len()),
            calendar: here.to(Place::CalendarOfTeam(id)),
            more_exceptions: exceptions.len() - exception_rows.len(),
            exceptions: exception_rows,
            problems: problems.tell(portal.catalog, own_problems),
            more_problems: own_problems.len().saturating_sub(SHOWN_PROBLEMS),
        };
        (head, page)
    }
}

/// `stream-aligned · 7 people`.
fn brief(record: &catalog::team::Team) -> String {
    let people = words::count(record.members.items.len(), "person", "people");
    match record.kind.value() {
        Some(kind) => format!("{} · {people}", kind.word()),
        None => people,
    }
}

/// How to reach the team, and by which names it is known.
fn reach<'p>(portal: &'p Portal<'_>, team: &'p Team, here: Here<'_>) -> Vec<Fact<'p>> {
    let record = &team.record;
    let contacts = &record.contacts;
    let one = |label: &'static str, field: &'p Field<Box<str>>| Fact {
        label,
        value: field.value().map(|text| Cow::Borrowed(&**text)),
        href: None,
        copy: false,
        origin: field.origin().map(|origin| portal.brief(origin)),
    };
    let several = |label: &'static str, list: &'p List<Box<str>>| {
        let texts: Vec<&str> = list.values().map(|text| &**text).collect();
        (!texts.is_empty()).then(|| Fact {
            label,
            value: Some(Cow::Owned(texts.join(", "))),
            href: None,
            copy: false,
            origin: list.origin.map(|origin| portal.brief(origin)),
        })
    };
    let email = contacts.email.value().filter(|email| email.contains('@'));
    let email = email.and_then(|email| Href::external(&format!("mailto:{email}")));
    let mut facts = vec![
        one("Lead", &record.lead),
        one("Chat", &contacts.chat),
        Fact { href: email, ..one("E-mail", &contacts.email) },
        Fact { copy: contacts.on_call.value().is_some(), ..one("On call", &contacts.on_call) },
    ];
    if let Some(parent) = team.parent {
        let parent = &portal.catalog.teams[parent];
        facts.push(Fact {
            label: "Part of",
            value: Some(Cow::Borrowed(parent.record.name())),
            href: Some(here.to(Place::Team(parent.id.as_str()))),
            copy: false,
            origin: record.parent.origin().map(|origin| portal.brief(origin)),
        });
    }
    let lists = [
        ("Members", &record.members),
        ("Also known as", &record.aliases),
        ("Former on-call routes", &contacts.on_call_aliases),
        ("On GitHub", &record.github),
    ];
    facts.extend(lists.into_iter().filter_map(|(label, list)| several(label, list)));
    facts
}
