//! Documents that a service names, and what is known of each.

use std::borrow::Cow;

use serde::Serialize;

use crate::assess::outcome::Outcome;
use crate::catalog::Service;
use crate::catalog::files::{Document, LeadsTo, ServiceDocument};
use crate::catalog::origin::Origin;
use crate::collect::snapshot::Content;
use crate::diagnostic::Severity;
use crate::render::badge::Badge;
use crate::render::documents;
use crate::render::links::{Here, Href, Place};
use crate::render::origin::Brief;
use crate::render::parts::{When, cut};
use crate::render::portal::Portal;
use crate::words;

/// How many documents are listed.
const SHOWN: usize = 200;
/// Longest target shown, in characters.
const LONGEST: usize = 300;

/// What the template sees of one document.
#[derive(Debug, Serialize)]
pub(super) struct Row<'p> {
    name: &'p str,
    href: Option<Href>,
    title: Option<&'p str>,
    badge: Badge,
    changed: Option<When>,
    words: Option<u32>,
    target: Cow<'p, str>,
    target_href: Option<Href>,
    origin: Brief,
}

/// The documents of `service`, in the order of its record.
pub(super) fn rows<'p>(portal: &'p Portal<'_>, service: &'p Service, here: Here<'_>) -> Vec<Row<'p>> {
    let pages = documents::shown(portal.catalog, service);
    service.documents.iter().take(SHOWN).map(|named| row(portal, service, named, &pages, here)).collect()
}

/// `4 documents named by the descriptor`.
pub(super) fn caption(all: usize, shown: usize) -> String {
    let count = words::count(all, "document", "documents");
    if shown < all {
        format!("The first {shown} of {count} named by the descriptor")
    } else {
        format!("{count} named by the descriptor")
    }
}

fn row<'p>(
    portal: &'p Portal<'_>,
    service: &'p Service,
    named: &'p ServiceDocument,
    pages: &[documents::Shown<'_>],
    here: Here<'_>,
) -> Row<'p> {
    let catalog = portal.catalog;
    let mut row = Row {
        name: &named.link,
        href: None,
        title: None,
        badge: state(None),
        changed: None,
        words: None,
        target: cut(&named.target, LONGEST),
        target_href: None,
        origin: portal.brief(named.origin),
    };
    match named.leads_to {
        LeadsTo::Document(index) => {
            let document = &catalog.documents[index];
            let page = pages.iter().find(|page| page.position == index);
            row.href = page.map(|page| here.to(Place::Document(service.id.as_str(), &page.name)));
            row.title = Some(&document.title);
            row.badge = state(Some(document));
            let file = &catalog.files[document.file];
            row.changed = file.last_change.as_ref().map(|change| portal.when_of(change.at));
            row.words = document.text().map(|_| document.words);
            row.target_href = portal.brief(Origin::Document(document.file)).href;
        }
        LeadsTo::Address => {
            row.badge = Badge::outcome(Outcome::Unknown).saying("Address, not looked at");
            row.target_href = Href::external(&named.target);
        }
        LeadsTo::Nothing => {}
    }
    row
}

/// The state of a document; without one it was not found.
pub(in crate::render::pages) fn state(document: Option<&Document>) -> Badge {
    let Some(document) = document else { return Badge::outcome(Outcome::Fail).saying("Not found") };
    match &document.content {
        Content::Text(_) if document.written => Badge::outcome(Outcome::Pass).saying("Written"),
        Content::Text(_) => Badge::warning().saying("Empty template"),
        Content::TooLarge { .. } => Badge::severity(Severity::Error).saying("Too large"),
        Content::NotText { .. } => Badge::severity(Severity::Error).saying("Not text"),
        Content::Missing => Badge::outcome(Outcome::Fail).saying("Not found"),
        Content::Unreadable { .. } => Badge::severity(Severity::Error).saying("Unreadable"),
    }
}
