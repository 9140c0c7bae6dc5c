//! The former name of a service: sends readers on, or asks them which one they mean.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Kind;
use super::service::name;
use crate::catalog::Service;
use crate::catalog::table::Index;
use crate::render::frame::{Head, Section};
use crate::render::links::{Here, Href, Place};
use crate::render::origin::Brief;
use crate::render::parts::Link;
use crate::render::portal::Portal;
use crate::render::site::SitePath;
use crate::render::templates::{Template, page_template};

/// Former names of one service that have a page: nobody renames a service more often.
const MOST: usize = 50;

/// What the template sees.
#[derive(Debug, Serialize)]
pub struct Page<'p> {
    alias: &'p str,
    /// Where readers are sent; none when two services had the name.
    target: Option<Href>,
    services: Vec<Row<'p>>,
}

#[derive(Debug, Serialize)]
struct Row<'p> {
    id: &'p str,
    name: &'p str,
    href: Href,
    origin: Option<Brief>,
}

/// A name and the services that had it.
#[derive(Clone, Debug)]
pub struct Former {
    alias: Box<str>,
    services: Vec<Index<Service>>,
}

impl Kind for Page<'static> {
    const TEMPLATE: Template = page_template!("alias");
    type Shown<'p> = Page<'p>;
    type Subject = Former;

    fn list(portal: &Portal<'_>) -> Vec<(SitePath, Former)> {
        let services = &portal.catalog.services;
        let mut names: BTreeMap<&str, Vec<Index<Service>>> = BTreeMap::new();
        for (index, service) in services.indexed() {
            for alias in service.record.aliases.values().take(MOST) {
                let had = names.entry(alias.as_str()).or_default();
                if had.last() != Some(&index) {
                    had.push(index);
                }
            }
        }
        // A name that somebody has today leads to whoever has it.
        names
            .into_iter()
            .filter(|(alias, _)| services.find(alias).is_none())
            .map(|(alias, services)| (Place::Service(alias).path(), Former { alias: alias.into(), services }))
            .collect()
    }

    fn page<'p>(portal: &'p Portal<'_>, former: &'p Former, here: Here<'p>) -> (Head, Page<'p>) {
        let head = Head {
            title: former.alias.to_string(),
            section: Some(Section::Services),
            crumbs: vec![Link::new("Services", here.to(Place::Services))],
            ..Head::default()
        };
        let row = |index: &Index<Service>| {
            let service = &portal.catalog.services[*index];
            let aliases = &service.record.aliases.items;
            let written = aliases.iter().find(|alias| alias.value.as_str() == &*former.alias);
            Row {
                id: service.id.as_str(),
                name: name(service),
                href: here.to(Place::Service(service.id.as_str())),
                origin: written.map(|written| portal.brief(written.origin)),
            }
        };
        let services: Vec<Row<'p>> = former.services.iter().map(row).collect();
        let target = match services.as_slice() {
            [only] => Some(only.href.clone()),
            _ => None,
        };
        (head, Page { alias: &former.alias, target, services })
    }
}
