//! Links to records that others name: to the page of the record when it has one, else just the words.

use super::frame::Section;
use super::links::{Here, Href, Place};
use super::parts::Link;
use super::portal::Portal;
use crate::catalog::scorecard::Subject;
use crate::catalog::table::Index;
use crate::catalog::{Account, Exception, Service, Team};

/// The page of a service.
pub fn service(portal: &Portal<'_>, here: Here<'_>, index: Index<Service>) -> Link {
    let id = portal.catalog.services[index].id.as_str();
    Link::new(id, here.to(Place::Service(id)))
}

/// The service called `id`, known or not.
pub fn service_named(portal: &Portal<'_>, here: Here<'_>, id: &str) -> Link {
    match portal.catalog.services.find(id) {
        Some(index) => service(portal, here, index),
        None => Link::plain(id),
    }
}

/// The page of a team.
pub fn team(portal: &Portal<'_>, here: Here<'_>, index: Index<Team>) -> Link {
    let team = &portal.catalog.teams[index];
    Link::new(team.record.name(), here.to(Place::Team(team.id.as_str())))
}

/// Whoever is called `name`: a team, or an address, or just a name.
pub fn person(portal: &Portal<'_>, here: Here<'_>, name: &str) -> Link {
    match portal.catalog.teams.find(name) {
        Some(index) => team(portal, here, index),
        None => Link::plain(name),
    }
}

/// The page of an exception.
pub fn exception(portal: &Portal<'_>, here: Here<'_>, index: Index<Exception>) -> Link {
    let id = &portal.catalog.exceptions[index].id;
    Link::new(&**id, here.to(Place::Exception(id)))
}

/// The page of an account, when this portal has such pages.
pub fn account(portal: &Portal<'_>, here: Here<'_>, index: Index<Account>) -> Link {
    let id = portal.catalog.accounts[index].id.as_str();
    if portal.sections.contains(&Section::Accounts) {
        Link::new(id, here.to(Place::Account(id)))
    } else {
        Link::plain(id)
    }
}

/// The page of the subject of a scorecard that stands at `row` of its table.
pub fn subject(portal: &Portal<'_>, here: Here<'_>, kind: Subject, row: u32) -> Link {
    let row = row as usize;
    match kind {
        Subject::Service => service(portal, here, Index::new(row)),
        Subject::GoldenPath => {
            let id = &*portal.catalog.golden_paths[Index::new(row)].id;
            Link::new(id, here.to(Place::GoldenPath(id)))
        }
        Subject::Account => account(portal, here, Index::new(row)),
    }
}

/// A text of an author: a link when it is an address that readers may be sent to.
pub fn text(text: &str) -> Link {
    Link { text: text.to_owned(), href: Href::external(text) }
}

/// Where the proof of a statement is: an address has one word, anything else speaks for itself.
pub fn evidence(text: &str) -> Link {
    match Href::external(text) {
        Some(href) => Link::new("evidence", href),
        None => Link::plain(text),
    }
}
