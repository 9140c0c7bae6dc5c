//! A document of a service, as its repository holds it: rendered, with its age, its source and contents.

use serde::Serialize;

use super::Kind;
use super::service::{crumbs, document_state, name};
use crate::catalog::Service;
use crate::catalog::origin::Origin;
use crate::catalog::table::Index;
use crate::render::badge::Badge;
use crate::render::carried::CarriedOver;
use crate::render::documents::{InRepository, Shown, shown};
use crate::render::frame::{Head, Section};
use crate::render::links::{Here, Place};
use crate::render::markdown::{self, Contents};
use crate::render::origin::Brief;
use crate::render::paging::Step;
use crate::render::parts::{Link, When};
use crate::render::portal::Portal;
use crate::render::site::SitePath;
use crate::render::templates::{Html, Template, page_template};
use crate::words;

/// What the template sees.
#[derive(Debug, Serialize)]
pub struct Page<'p> {
    title: String,
    link: &'p str,
    badge: Badge,
    length: String,
    changed: Option<When>,
    author: Option<&'p str>,
    source: Link,
    named_at: Brief,
    on_call: Option<&'p str>,
    carried: Option<CarriedOver>,
    siblings: Vec<Step>,
    contents: Vec<Contents>,
    body: Html,
}

/// A service, and which of its documents that have a page.
#[derive(Clone, Copy, Debug)]
pub struct Nth {
    service: Index<Service>,
    number: usize,
}

impl Kind for Page<'static> {
    const TEMPLATE: Template = page_template!("document");
    type Shown<'p> = Page<'p>;
    type Subject = Nth;

    fn list(portal: &Portal<'_>) -> Vec<(SitePath, Nth)> {
        let mut pages = Vec::new();
        for (index, service) in portal.catalog.services.indexed() {
            for (number, shown) in shown(portal.catalog, service).into_iter().enumerate() {
                let path = Place::Document(service.id.as_str(), &shown.name).path();
                pages.push((path, Nth { service: index, number }));
            }
        }
        pages
    }

    fn page<'p>(portal: &'p Portal<'_>, nth: &'p Nth, here: Here<'p>) -> (Head, Page<'p>) {
        let catalog = portal.catalog;
        let service = &catalog.services[nth.service];
        let mut all = shown(catalog, service);
        let siblings = siblings(service, &all, nth.number, here);
        let shown = all.swap_remove(nth.number);
        let document = shown.document;
        let file = &catalog.files[document.file];
        let surroundings = InRepository::new(catalog, &portal.documents, document, nth.service, here);
        let text = document.text().map(|text| text.read()).unwrap_or_default();
        let rendered = markdown::render(&text, &surroundings);
        let title = title(&document.title, &file.path, &shown.link.link, name(service));
        let source = Link {
            text: format!("{} · {}", file.repository, file.path),
            href: portal.brief(Origin::Document(document.file)).href,
        };
        let head = Head {
            title: format!("{} of {}", shown.link.link, service.id),
            section: Some(Section::Services),
            crumbs: crumbs(portal, service, here, true),
            data: Some(here.to(Place::Data(&["services", service.id.as_str()]))),
            sources: source
                .href
                .iter()
                .map(|href| Link::new("Source of this document", href.clone()))
                .collect(),
        };
        let page = Page {
            title,
            link: &shown.link.link,
            badge: document_state(Some(document)),
            length: words::count(usize::try_from(document.words).unwrap_or(usize::MAX), "word", "words"),
            changed: file.last_change.as_ref().map(|change| portal.when_of(change.at)),
            author: file.last_change.as_ref().map(|change| &*change.author),
            source,
            named_at: portal.brief(shown.link.origin),
            on_call: service.record.on_call.value().map(|route| &**route),
            carried: CarriedOver::of(portal, document.file),
            siblings,
            contents: rendered.contents,
            body: rendered.body,
        };
        (head, page)
    }
}

/// The documents of the service, when there are several.
fn siblings(service: &Service, all: &[Shown<'_>], shown: usize, here: Here<'_>) -> Vec<Step> {
    if all.len() < 2 {
        return Vec::new();
    }
    let step = |(number, document): (usize, &Shown<'_>)| Step {
        text: document.name.clone(),
        href: Some(here.to(Place::Document(service.id.as_str(), &document.name))),
        current: number == shown,
    };
    all.iter().enumerate().map(step).collect()
}

/// The document's own title; of one that has none, what the service calls it.
fn title(own: &str, path: &str, link: &str, service: &str) -> String {
    let file = path.rsplit('/').next().unwrap_or(path);
    if own != file {
        return own.to_owned();
    }
    let mut words = link.chars();
    let first = words.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{} of {service}", words.as_str())
}

#[cfg(test)]
mod tests {
    use super::title;

    #[test]
    fn a_document_without_a_title_is_called_after_its_link() {
        assert_eq!(title("When quotes stop", "docs/runbook.md", "runbook", "Quote"), "When quotes stop");
        assert_eq!(title("runbook.md", "docs/runbook.md", "runbook", "Quote"), "Runbook of Quote");
        assert_eq!(title("x.md", "x.md", "ärger", "Quote"), "Ärger of Quote");
    }
}
