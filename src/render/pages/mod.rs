//! Pages: one struct for each kind, with a template of the same name. To add one, write
//! `pages/<name>.rs` and `site-templates/pages/<name>.html`, and name it twice in this file: as a
//! module and in `KINDS`.

pub mod account;
pub mod account_resources;
pub mod accounts;
pub mod adoption;
pub mod adoption_list;
pub mod alias;
pub mod changes;
pub mod conflict;
pub mod costs;
pub mod coverage;
pub mod document;
pub mod drift;
pub mod environments;
pub mod evidence;
pub mod exception;
pub mod exceptions;
pub mod expressions;
pub mod framework;
pub mod golden_path;
pub mod golden_paths;
pub mod home;
pub mod names;
pub mod problems;
pub mod resources;
pub mod rule;
pub mod scorecard;
pub mod scorecards;
pub mod service;
pub mod services;
pub mod team;
pub mod teams;
pub mod who;

use std::collections::HashSet;

use serde::Serialize;

use super::frame::{Frame, Head};
use super::links::Here;
use super::portal::Portal;
use super::site::{CachePolicy, Entry, MediaType, SitePath};
use super::templates::{SHARED, Template};

/// A kind of page.
pub trait Kind: 'static {
    /// Its template.
    const TEMPLATE: Template;
    /// What the template sees, beside `frame`: `Self`, or `Self` with what it borrows from the catalog.
    type Shown<'p>: Serialize;
    /// What tells two pages of this kind apart; `()` when there is only one.
    type Subject: Send + Sync + 'static;

    /// Every page of this kind, with its path.
    fn list(portal: &Portal<'_>) -> Vec<(SitePath, Self::Subject)>;

    /// The page about `subject`, and what it says of itself to the frame.
    fn page<'p>(
        portal: &'p Portal<'_>,
        subject: &'p Self::Subject,
        here: Here<'p>,
    ) -> (Head, Self::Shown<'p>);
}

/// Every kind of page, in the order in which they are listed.
const KINDS: &[Registered] = &[
    Registered::of::<home::Page<'static>>(),
    Registered::of::<services::Page<'static>>(),
    Registered::of::<service::Page<'static>>(),
    Registered::of::<conflict::Page<'static>>(),
    Registered::of::<alias::Page<'static>>(),
    Registered::of::<document::Page<'static>>(),
    Registered::of::<teams::Page<'static>>(),
    Registered::of::<team::Page<'static>>(),
    Registered::of::<golden_paths::Page<'static>>(),
    Registered::of::<golden_path::Page<'static>>(),
    Registered::of::<scorecards::Page<'static>>(),
    Registered::of::<scorecard::Page<'static>>(),
    Registered::of::<rule::Page<'static>>(),
    Registered::of::<expressions::Page>(),
    Registered::of::<exceptions::Page<'static>>(),
    Registered::of::<exception::Page<'static>>(),
    Registered::of::<accounts::Page>(),
    Registered::of::<account::Page>(),
    Registered::of::<resources::Page>(),
    Registered::of::<account_resources::Page>(),
    Registered::of::<drift::Page>(),
    Registered::of::<costs::Page>(),
    Registered::of::<environments::Page>(),
    Registered::of::<who::Page<'static>>(),
    Registered::of::<adoption::Page<'static>>(),
    Registered::of::<adoption_list::Page>(),
    Registered::of::<changes::Page>(),
    Registered::of::<problems::Page<'static>>(),
    Registered::of::<names::Page>(),
    Registered::of::<evidence::Page>(),
    Registered::of::<framework::Page<'static>>(),
    Registered::of::<coverage::Page<'static>>(),
];

struct Registered {
    template: Template,
    register: for<'a> fn(&Portal<'a>, &mut Vec<Entry<'a>>),
}

impl Registered {
    const fn of<K: Kind>() -> Self {
        Self { template: K::TEMPLATE, register: register_kind::<K> }
    }
}

fn register_kind<'a, K: Kind>(portal: &Portal<'a>, entries: &mut Vec<Entry<'a>>) {
    for (path, subject) in K::list(portal) {
        entries.push(Entry::new(path, MediaType::Html, CachePolicy::Revalidate, move |portal, path| {
            let here = Here::at(path);
            let (head, page) = K::page(portal, &subject, here);
            let frame = Frame::new(portal, head, here);
            Ok(portal.templates.render(K::TEMPLATE.name, &page, &frame)?)
        }));
    }
}

/// `pages` without those whose place an earlier one has, upper and lower case being one: what authors
/// give one id to shares a page, and a problem tells them.
fn distinct<S>(pages: impl Iterator<Item = (SitePath, S)>) -> Vec<(SitePath, S)> {
    let mut places = HashSet::new();
    pages.filter(|(path, _)| places.insert(path.as_str().to_lowercase())).collect()
}

/// Lists every page.
pub(super) fn register<'a>(portal: &Portal<'a>, entries: &mut Vec<Entry<'a>>) {
    for kind in KINDS {
        (kind.register)(portal, entries);
    }
}

/// Every template that the binary carries.
pub fn templates() -> Vec<Template> {
    SHARED.iter().copied().chain(KINDS.iter().map(|kind| kind.template)).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::render::site::Site;
    use crate::render::trial::Trial;

    #[test]
    fn every_template_of_a_page_has_its_struct() {
        let folder = format!("{}/site-templates/pages", env!("CARGO_MANIFEST_DIR"));
        let files = std::fs::read_dir(folder).expect("the folder is there").filter_map(Result::ok);
        let found: BTreeSet<String> =
            files.map(|file| format!("pages/{}", file.file_name().to_string_lossy())).collect();
        let known: BTreeSet<String> = KINDS.iter().map(|kind| kind.template.name.to_owned()).collect();
        assert_eq!(found, known);
    }

    #[test]
    fn pages_of_an_empty_organisation_can_be_rendered() {
        let trial = Trial::empty();
        let site = Site::build(trial.inputs()).expect("builds");
        for entry in site.entries() {
            let bytes = site.render(entry).unwrap_or_else(|error| panic!("{}: {error}", entry.path));
            if entry.media == MediaType::Html {
                let html = String::from_utf8(bytes).expect("text");
                assert!(html.contains("Trial &amp; Sons</title>"), "{html}");
            }
        }
    }
}
