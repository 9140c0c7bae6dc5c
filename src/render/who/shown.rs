//! What the page shows of an answer: elements with their text, put together here, so that its script only has to
//! make them.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::assess::who::{Because, Held};
use crate::catalog::Catalog;
use crate::render::links::{Here, Href, Place};
use crate::render::origin::Provenance;
use crate::render::parts::{Link, cut};

/// Longest text shown, in characters.
const LONGEST: usize = 1_000;

/// Something on the page.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
pub(super) enum Node {
    /// Text, which is never markup.
    Text(String),
    /// An element: name, attributes, children.
    Element(&'static str, BTreeMap<&'static str, String>, Vec<Node>),
    /// What stands at this position of a list that several answers share.
    Shared(usize),
}

impl Node {
    pub(super) fn of(name: &'static str, children: Vec<Self>) -> Self {
        Self::Element(name, BTreeMap::new(), children)
    }

    pub(super) fn with(name: &'static str, class: &str, children: Vec<Self>) -> Self {
        Self::Element(name, [("class", class.to_owned())].into(), children)
    }

    pub(super) fn text(text: &str) -> Self {
        Self::Text(cut(text, LONGEST).into_owned())
    }

    /// Children for `text`, in which what stands between backticks is code.
    pub(super) fn words(text: &str) -> Vec<Self> {
        let text = cut(text, LONGEST);
        let parts = text.split('`').enumerate().filter(|(_, part)| !part.is_empty());
        let node = |(position, part): (usize, &str)| match position % 2 {
            0 => Self::Text(part.to_owned()),
            _ => Self::of("code", vec![Self::Text(part.to_owned())]),
        };
        parts.map(node).collect()
    }

    pub(super) fn link(Link { text, href }: Link) -> Self {
        let text = Self::text(&text);
        match href {
            Some(href) => Self::Element("a", [("href", href.to_string())].into(), vec![text]),
            None => text,
        }
    }
}

/// What else is said.
pub(super) fn notes(notes: &[String]) -> Vec<Node> {
    notes.iter().map(|note| Node::of("p", Node::words(note))).collect()
}

/// Everybody in `held`; `reason` says where a reason goes.
pub(super) fn owners(
    catalog: &Catalog,
    here: Here<'_>,
    held: &[Held],
    mut reason: impl FnMut(Node) -> Node,
) -> Vec<Node> {
    let mut nodes = Vec::new();
    if held.iter().all(|held| held.service.is_none() && held.team.is_none()) {
        nodes.push(Node::of("p", vec![Node::text("Nobody is known to own it.")]));
    }
    for held in held {
        let facts = facts(catalog, here, held);
        nodes.extend((!facts.is_empty()).then(|| Node::with("dl", "facts", facts)));
        let warning = |text: &str| Node::with("p", "notice warning", Node::words(text));
        nodes.extend(held.contested.as_ref().map(|why| warning(&format!("Contested: {why}"))));
        let undeclared = "The service does not declare the account that it lies in.";
        nodes.extend(held.undeclared_account.then(|| warning(undeclared)));
        let reasons = held.because.iter().map(|because| reason(because_of(catalog, because)));
        nodes.push(Node::of("ol", reasons.collect()));
    }
    nodes
}

fn facts(catalog: &Catalog, here: Here<'_>, held: &Held) -> Vec<Node> {
    let service = held.service.map(|service| {
        let service = &catalog.services[service];
        let id = service.id.as_str();
        let name = service.record.display_name.value().map_or(id, |name| name);
        ("Service", named(id, name, here.to(Place::Service(id))))
    });
    let team = held.team.map(|team| {
        let team = &catalog.teams[team];
        let id = team.id.as_str();
        ("Team", named(id, team.record.name(), here.to(Place::Team(id))))
    });
    let on_call = held
        .on_call(catalog)
        .map(|route| ("On call", Link { text: route.to_owned(), href: Href::external(route) }));
    let facts = [service, team, on_call].into_iter().flatten();
    let fact = |(label, value)| {
        let (label, value) = (vec![Node::text(label)], vec![Node::link(value)]);
        Node::of("div", vec![Node::of("dt", label), Node::of("dd", value)])
    };
    facts.map(fact).collect()
}

fn named(id: &str, name: &str, href: Href) -> Link {
    Link::new(if name == id { id.to_owned() } else { format!("{name} ({id})") }, href)
}

fn because_of(catalog: &Catalog, because: &Because) -> Node {
    let place = Provenance::new(catalog, because.origin);
    let place = Node::link(Link { text: place.full, href: place.href });
    let mut children = vec![Node::of("span", Node::words(&because.says))];
    children.push(Node::with("span", "origin", vec![place]));
    Node::of("li", children)
}
