//! The seven ownership questions as the page shows them: a small file for each service and account, and of a
//! resource which of these files answers which question, and what is said of the resource itself.

use std::borrow::Cow;

use serde::Serialize;

use super::shown::Node;
use crate::assess::questions::{Teller, Told};
use crate::assess::who::questions::Subject;
use crate::assess::{Answer, QUESTIONS};
use crate::catalog::table::Index;
use crate::catalog::{Account, Catalog, Service};
use crate::render::badge::Badge;
use crate::render::links::{Here, Place, segment};
use crate::render::origin::Provenance;
use crate::render::parts::Link;
use crate::render::portal::Portal;
use crate::render::questions::{self, Question};

/// What answers who owns a resource, and what answers everything else about one that is of no service.
const BY_RESOURCE: [&str; 2] = [
    "answered by a tag that names its service or its team",
    "answered by its service, once a tag or a record names one",
];

/// The file of one service or account.
#[derive(Debug, Serialize)]
pub(super) struct Sheet {
    /// A heading, and a sentence that says whose answers these are.
    about: Node,
    /// What stands beside each where a resource is asked about.
    of: Node,
    rows: Vec<Node>,
}

/// Where the answers about a thing stand.
#[derive(Debug, Serialize)]
pub(super) struct Seven {
    /// The same as in a file, where files do not answer alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    about: Option<Node>,
    /// Files of a service, of an account, or of both.
    files: Vec<String>,
    /// Of a resource, for each question: what is said of it itself, as the position among what answers share; or
    /// the file that answers, counted down from -1. Nothing where one file answers everything.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    rows: Vec<Row>,
}

/// What answers one question about a resource.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Row {
    Own(Node),
    File(i8),
}

/// The name of the file of `service`.
pub(super) fn of_service(catalog: &Catalog, service: Index<Service>) -> String {
    format!("s/{}", segment(catalog.services[service].id.as_str()))
}

/// The name of the file of `account`.
pub(super) fn of_account(catalog: &Catalog, account: Index<Account>) -> String {
    format!("a/{}", segment(catalog.accounts[account].id.as_str()))
}

impl Sheet {
    pub(super) fn of_service(portal: &Portal<'_>, service: Index<Service>, here: Here<'_>) -> Self {
        let id = portal.catalog.services[service].id.as_str();
        let link = Link::new(id, here.to(Place::Service(id)));
        Self::new("service", link, &questions::of_service(portal, service, here))
    }

    pub(super) fn of_account(portal: &Portal<'_>, account: Index<Account>, here: Here<'_>) -> Self {
        let id = portal.catalog.accounts[account].id.as_str();
        let link = Link::new(id, here.to(Place::Account(id)));
        Self::new("account", link, &questions::of_account(portal, account, here))
    }

    fn new(kind: &'static str, link: Link, questions: &[Question]) -> Self {
        let says = vec![
            Node::text(&format!("These are the answers of the {kind} ")),
            Node::link(link),
            Node::text("."),
        ];
        let about = about(says);
        let of = Node::with("span", "origin", vec![Node::text(&format!("answer of its {kind}"))]);
        Self { about, of, rows: questions.iter().map(shown).collect() }
    }
}

impl Seven {
    /// Where the answers about `subject` stand, of whom a file holds them all.
    pub(super) fn of(catalog: &Catalog, subject: Subject<'_>) -> Option<Self> {
        let file = match subject {
            Subject::Service(service) => of_service(catalog, service),
            Subject::Account(account) => of_account(catalog, account),
            Subject::Resource(_) => return None,
        };
        Some(Self { about: None, files: vec![file], rows: Vec::new() })
    }

    /// Where the answers about a resource stand; `share` keeps what is said of itself.
    pub(super) fn of_resource(
        catalog: &Catalog,
        told: &Told<'_>,
        mut share: impl FnMut(Node) -> Node,
    ) -> Self {
        let mut files: Vec<String> = Vec::new();
        let mut file = |name: String| {
            let known = files.iter().position(|known| *known == name).unwrap_or_else(|| {
                files.push(name);
                files.len() - 1
            });
            Row::File(-1 - i8::try_from(known).expect("a service and an account are two files"))
        };
        let row = |(position, (teller, answer)): (usize, &(Teller, Cow<'_, Answer>))| match *teller {
            Teller::Resource => Row::Own(share(own(catalog, position, answer))),
            Teller::Service(service) => file(of_service(catalog, service)),
            Teller::Account(account) => file(of_account(catalog, account)),
        };
        let rows = told.iter().enumerate().map(row).collect();
        let said = "Answered about the resource itself, unless its service or its account is named.";
        Self { about: Some(share(about(vec![Node::text(said)]))), files, rows }
    }
}

fn about(says: Vec<Node>) -> Node {
    let heading = Node::of("h3", vec![Node::text("Seven questions of ownership")]);
    Node::of("div", vec![heading, Node::of("p", says)])
}

/// A question with what stands on the pages of services and accounts.
fn shown(question: &Question) -> Node {
    let beside = match (&question.origin, &question.missing, &question.collected) {
        (Some(origin), ..) => {
            Some(vec![Node::link(Link { text: origin.text.clone(), href: origin.href.clone() })])
        }
        (None, Some(missing), _) => Some(Node::words(missing)),
        (None, None, Some(href)) => Some(vec![Node::link(Link::new("what was collected", href.clone()))]),
        (None, None, None) => None,
    };
    asked(question.text, &question.badge, beside)
}

/// A question with what is said of a resource itself.
fn own(catalog: &Catalog, position: usize, answer: &Answer) -> Node {
    let beside = match answer {
        Answer::Answered { origin, .. } => {
            let place = Provenance::new(catalog, *origin);
            Some(vec![Node::link(Link { text: place.text, href: place.href })])
        }
        Answer::Unanswered => Some(Node::words(BY_RESOURCE[position.min(1)])),
        Answer::Unknown(_) => None,
    };
    asked(QUESTIONS[position], &Badge::answer(answer), beside)
}

fn asked(question: &str, badge: &Badge, beside: Option<Vec<Node>>) -> Node {
    let mut said =
        vec![Node::with("span", &format!("badge {} plain", badge.class), vec![Node::text(&badge.text)])];
    said.extend(beside.map(|beside| Node::with("span", "origin", beside)));
    Node::of("div", vec![Node::of("dt", vec![Node::text(question)]), Node::of("dd", said)])
}
