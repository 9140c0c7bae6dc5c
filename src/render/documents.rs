//! Documents that have a page: which, under which name, and how the links between them lead from page
//! to page.

use std::cell::Cell;
use std::collections::{HashMap, HashSet};

use super::links::{Here, Href, Place, segment};
use super::markdown::{self, Surroundings};
use crate::catalog::files::{Document, FileEntry, LeadsTo, ServiceDocument};
use crate::catalog::table::Index;
use crate::catalog::{Catalog, Service};

/// A document of a service that has a page.
#[derive(Clone, Debug)]
pub struct Shown<'a> {
    /// What its address ends in: see [`Place::Document`].
    pub name: String,
    /// The link of the service that leads to it.
    pub link: &'a ServiceDocument,
    /// The document.
    pub document: &'a Document,
    /// Its position in [`Catalog::documents`].
    pub position: usize,
}

/// The documents of `service` that have a page, in the order of its links. Several targets under one
/// link are numbered from the second.
pub fn shown<'a>(catalog: &'a Catalog, service: &'a Service) -> Vec<Shown<'a>> {
    let mut taken = HashSet::new();
    let mut shown = Vec::new();
    for link in &service.documents {
        let LeadsTo::Document(position) = link.leads_to else { continue };
        let Some(document) = catalog.documents.get(position).filter(|document| document.text().is_some())
        else {
            continue;
        };
        let base = segment(&link.link.to_lowercase()).into_owned();
        let mut name = base.clone();
        let mut number = 1;
        while !taken.insert(name.clone()) {
            number += 1;
            name = format!("{base}-{number}");
        }
        shown.push(Shown { name, link, document, position });
    }
    shown
}

/// Which page shows which file.
#[derive(Debug, Default)]
pub struct Documents<'a> {
    /// Documents by repository and path.
    by_file: HashMap<(&'a str, &'a str), usize>,
    /// Pages of each document, by its position: in the order of services.
    pages: HashMap<usize, Vec<(Index<Service>, String)>>,
}

impl<'a> Documents<'a> {
    /// The pages of everything that the services of `catalog` name.
    pub(super) fn of(catalog: &'a Catalog) -> Self {
        let mut documents = Self::default();
        for (index, service) in catalog.services.indexed() {
            for Shown { name, document, position, .. } in shown(catalog, service) {
                let file = &catalog.files[document.file];
                documents.by_file.insert((&file.repository, &file.path), position);
                documents.pages.entry(position).or_default().push((index, name));
            }
        }
        documents
    }

    /// The page that shows the file at `path` of `repository`; that of `service` if it has one.
    pub fn page(
        &self,
        catalog: &Catalog,
        repository: &str,
        path: &str,
        service: Index<Service>,
        here: Here<'_>,
    ) -> Option<(usize, Href)> {
        let position = *self.by_file.get(&(repository, path))?;
        let pages = self.pages.get(&position)?;
        let own = pages.partition_point(|(index, _)| *index < service);
        let (index, name) = pages.get(own).filter(|(index, _)| *index == service).or(pages.first())?;
        Some((position, here.to(Place::Document(catalog.services[*index].id.as_str(), name))))
    }
}

/// Headings of other documents are looked up for so many links of one document, and no more.
const MOST_FRAGMENTS: u32 = 200;

/// What the links of one document are relative to.
#[derive(Debug)]
pub struct InRepository<'a> {
    catalog: &'a Catalog,
    documents: &'a Documents<'a>,
    file: &'a FileEntry,
    service: Index<Service>,
    here: Here<'a>,
    fragments: Cell<u32>,
}

impl<'a> InRepository<'a> {
    /// The surroundings of `document`, shown at `here` as one of `service`.
    pub fn new(
        catalog: &'a Catalog,
        documents: &'a Documents<'a>,
        document: &'a Document,
        service: Index<Service>,
        here: Here<'a>,
    ) -> Self {
        let file = &catalog.files[document.file];
        Self { catalog, documents, file, service, here, fragments: Cell::new(0) }
    }
}

impl Surroundings for InRepository<'_> {
    fn path(&self) -> &str {
        &self.file.path
    }

    fn repository(&self) -> Option<(&str, &str)> {
        Some((self.file.repository_url.as_deref()?, self.file.commit.as_deref()?))
    }

    fn page(&self, path: &str, fragment: Option<&str>) -> Option<Href> {
        let (position, href) =
            self.documents.page(self.catalog, &self.file.repository, path, self.service, self.here)?;
        let Some(fragment) = fragment.filter(|_| self.fragments.get() < MOST_FRAGMENTS) else {
            return Some(href);
        };
        self.fragments.set(self.fragments.get() + 1);
        let headings = self.catalog.documents[position].headings.iter().map(|heading| &**heading);
        Some(match markdown::anchor(headings, fragment) {
            Some(id) => href.at(&id),
            None => href,
        })
    }
}
