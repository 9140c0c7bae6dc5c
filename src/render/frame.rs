//! The frame around every page: head, navigation, footer. What `site-templates/layout.html` shows.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use serde::Serialize;

use super::links::evidence::Evidence;
use super::links::{Here, Href, Place};
use super::markup::Markup;
use super::parts::{Link, When};
use super::portal::Portal;
use super::templates::Html;
use crate::audience::Audience;
use crate::catalog::configuration::Removable;
use crate::collect::snapshot::SourceState;
use crate::words;

/// A section of the navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// Services and their documents.
    Services,
    /// Teams.
    Teams,
    /// Golden paths.
    GoldenPaths,
    /// Scorecards and rules.
    Scorecards,
    /// Exceptions.
    Exceptions,
    /// Accounts.
    Accounts,
    /// Environments.
    Environments,
    /// Adoption.
    Adoption,
    /// Problems.
    Problems,
    /// Evidence.
    Evidence,
    /// Coverage.
    Coverage,
}

impl Section {
    /// Every section in the order of the navigation.
    pub const ALL: [Self; 11] = [
        Self::Services,
        Self::Teams,
        Self::GoldenPaths,
        Self::Scorecards,
        Self::Exceptions,
        Self::Accounts,
        Self::Environments,
        Self::Adoption,
        Self::Problems,
        Self::Evidence,
        Self::Coverage,
    ];

    /// Its words.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Services => "Services",
            Self::Teams => "Teams",
            Self::GoldenPaths => "Golden paths",
            Self::Scorecards => "Scorecards",
            Self::Exceptions => "Exceptions",
            Self::Accounts => "Accounts",
            Self::Environments => "Environments",
            Self::Adoption => "Adoption",
            Self::Problems => "Problems",
            Self::Evidence => "Evidence",
            Self::Coverage => "Coverage",
        }
    }

    /// Its first page.
    pub const fn place(self) -> Place<'static> {
        match self {
            Self::Services => Place::Services,
            Self::Teams => Place::Teams,
            Self::GoldenPaths => Place::GoldenPaths,
            Self::Scorecards => Place::Scorecards,
            Self::Exceptions => Place::Exceptions,
            Self::Accounts => Place::Accounts,
            Self::Environments => Place::Environments,
            Self::Adoption => Place::Adoption,
            Self::Problems => Place::Problems,
            Self::Evidence => Place::Evidence(Evidence::All),
            Self::Coverage => Place::Coverage,
        }
    }

    /// The key that leads there after `g`.
    const fn key(self) -> Option<&'static str> {
        match self {
            Self::Services => Some("s"),
            Self::Teams => Some("t"),
            Self::GoldenPaths => Some("p"),
            Self::Exceptions => Some("e"),
            Self::Accounts => Some("a"),
            _ => None,
        }
    }
}

/// What a page says of itself to the frame.
#[derive(Clone, Debug, Default)]
pub struct Head {
    /// Its title, without section and organisation.
    pub title: String,
    /// The section it belongs to.
    pub section: Option<Section>,
    /// The way to it: what leads to `crumbs` and is not the section is said here, the page itself is not.
    pub crumbs: Vec<Link>,
    /// The same facts as JSON.
    pub data: Option<Href>,
    /// Further links of the footer, such as the source of a document.
    pub sources: Vec<Link>,
}

/// What the layout sees.
#[derive(Debug, Serialize)]
pub(super) struct Frame<'a> {
    root: String,
    built: String,
    organisation: &'a str,
    title: String,
    stylesheet: Href,
    theme: Href,
    script: Href,
    own_script: Option<Href>,
    icon: Href,
    home: Href,
    search: Href,
    who: Href,
    navigation: Html,
    crumbs: Vec<Link>,
    as_of: When,
    catalog_revision: Option<&'a str>,
    snapshot: Option<String>,
    version: &'a str,
    answered: String,
    carried: Option<String>,
    audience: Option<Built>,
    coverage: Option<Href>,
    data: Option<Href>,
    sources: Vec<Link>,
}

/// The navigation as pages show it: written once for each folder at the top and depth below it, which
/// decide the links, and for what it marks as current. Thousands of pages show the same.
#[derive(Debug, Default)]
pub(super) struct Navigation(Mutex<BTreeMap<Seen, Html>>);

/// From where the navigation is seen: folder at the top, depth, section, and whether the page is its first.
type Seen = (String, usize, Option<Section>, bool);

impl Navigation {
    fn of(&self, portal: &Portal<'_>, own: Option<Section>, here: Here<'_>) -> Html {
        let is_first = own.is_some_and(|own| here.is(own.place()));
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let write = || navigation(&portal.sections, own, is_first, here).unwrap_or_default();
        let (top, depth) = here.top();
        known.entry((top.to_owned(), depth, own, is_first)).or_insert_with(write).clone()
    }
}

/// An entry for each of `sections`.
fn navigation(sections: &[Section], own: Option<Section>, is_first: bool, here: Here<'_>) -> Option<Html> {
    let mut out = Markup::default();
    // The head is full: accounts, services, teams and the first page lead to environments, the foot of every page
    // to coverage.
    let elsewhere = [Section::Environments, Section::Coverage];
    for &section in sections.iter().filter(|section| !elsewhere.contains(section)) {
        let href = here.to(section.place());
        out.next_line().ours("<li><a href=\"").text(href.as_str()).ours("\"");
        if let Some(key) = section.key() {
            out.ours(" data-key=\"").ours(key).ours("\"");
        }
        if own == Some(section) {
            out.ours(if is_first { " aria-current=\"page\"" } else { " aria-current=\"true\"" });
        }
        out.ours(">").ours(section.text()).ours("</a></li>");
    }
    out.finish()
}

/// For whom a portal is built that is not the full one, and what it leaves out.
#[derive(Debug, Serialize)]
struct Built {
    name: Box<str>,
    removed: String,
}

impl Built {
    fn of(audience: &Audience) -> Self {
        let kinds: Vec<&str> = audience.removed.keys().map(|kind| kind.nouns().1).collect();
        let stands = match audience.removed.contains_key(&Removable::AccountNumbers) {
            true => "; running numbers such as 000000000001 stand in the place of accounts",
            false => "",
        };
        Self { name: audience.name.clone(), removed: format!("{}{stands}", words::plain_list(&kinds)) }
    }
}

impl<'a> Frame<'a> {
    pub(super) fn new(portal: &Portal<'a>, head: Head, here: Here<'_>) -> Self {
        let title = match head.section {
            Some(section) if section.text() != head.title => format!("{} · {}", head.title, section.text()),
            _ => head.title,
        };
        let sources = &portal.catalog.ledger.sources;
        let answering = sources.iter().filter(|source| source.state == SourceState::Ok).count();
        let assets = &portal.assets;
        Self {
            root: here.root(),
            built: portal.run.moment.to_string(),
            organisation: &portal.catalog.organisation,
            title,
            stylesheet: here.to(Place::Asset(&assets.stylesheet)),
            theme: here.to(Place::Asset(&assets.theme)),
            script: here.to(Place::Asset(&assets.script)),
            own_script: here.is(Place::Who).then(|| here.to(Place::Asset(&assets.who))),
            icon: here.to(Place::Asset(&assets.icon)),
            home: here.to(Place::Home),
            search: here.to_part(Place::Services, "letters"),
            who: here.to(Place::Who),
            navigation: portal.navigation.of(portal, head.section, here),
            crumbs: head.crumbs,
            as_of: portal.when(portal.run.as_of),
            catalog_revision: portal.run.catalog_revision.as_deref(),
            snapshot: portal.run.snapshot.map(|digest| {
                let digits = digest.hexadecimal();
                format!("sha256:{}…{}", &digits[..8], &digits[56..])
            }),
            version: &portal.run.version,
            answered: match sources.len() {
                1 if answering == 1 => "The one source answered".to_owned(),
                all => format!("{answering} of {all} sources answered"),
            },
            carried: portal.carried.clone(),
            audience: portal.audience.map(Built::of),
            coverage: portal.sections.contains(&Section::Coverage).then(|| here.to(Place::Coverage)),
            data: head.data,
            sources: head.sources,
        }
    }
}
