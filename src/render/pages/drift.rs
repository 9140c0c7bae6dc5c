//! Drift: where the record and AWS do not agree. Whose everything is that was found, what is contested, what is
//! claimed from an account that its service does not declare, services that only tags name, and what each
//! service and account says that nobody found.

use serde::Serialize;

use super::Kind;
use super::account_resources::place_of;
use crate::assess::outcome::Share;
use crate::assess::resources::{Holdings, Unregistered};
use crate::assess::{Finding, findings};
use crate::catalog::table::Index;
use crate::diagnostic::codes;
use crate::render::frame::{Head, Section};
use crate::render::links::{Here, Href, Place};
use crate::render::parts::{Link, Meter, cut};
use crate::render::portal::Portal;
use crate::render::prose::prose;
use crate::render::site::SitePath;
use crate::render::templates::{Html, Template, page_template};
use crate::words;

/// Rows of one table at most; the JSON lists more.
const SHOWN: usize = 60;
/// Longest ARN or name, and longest reason, in characters.
const LONGEST: (usize, usize) = (300, 400);

/// What of a service is drift, in the order in which it is told.
pub(in crate::render) const OF_SERVICES: [&str; 4] = [
    codes::RUNS_ELSEWHERE.name,
    codes::NOTHING_FOUND.name,
    codes::RETIRED_AND_STILL_THERE.name,
    codes::ENVIRONMENT_OVERDUE.name,
];

/// What the template sees.
#[derive(Debug, Serialize)]
pub struct Page {
    lead: String,
    unread: Option<Html>,
    coverage: Option<Href>,
    holdings: Vec<Part>,
    holdings_caption: String,
    contested: List,
    undeclared: List,
    unregistered: Vec<Name>,
    unregistered_caption: String,
    estate: Vec<Said>,
    more_estate: usize,
    /// What is said where nothing is wrong with accounts.
    estate_empty: &'static str,
    /// Whether something could not be looked at.
    is_partly_seen: bool,
    services: Vec<Said>,
    services_caption: String,
    open: Vec<Said>,
    open_caption: String,
}

/// Resources by what is known of their owner.
#[derive(Debug, Serialize)]
struct Part {
    name: &'static str,
    says: &'static str,
    count: u64,
    share: Option<Meter>,
}

/// Resources of which something is said.
#[derive(Debug, Serialize)]
struct List {
    caption: String,
    rows: Vec<Row>,
}

/// One resource.
#[derive(Debug, Serialize)]
struct Row {
    kind: String,
    arn: Link,
    service: Option<Link>,
    why: Html,
}

/// A service that only tags name.
#[derive(Debug, Serialize)]
struct Name {
    name: String,
    resources: u32,
    accounts: Vec<Link>,
    more_accounts: usize,
    first: Link,
}

/// What is said of a service or of an account.
#[derive(Debug, Serialize)]
struct Said {
    of: Option<Link>,
    text: Html,
    help: Html,
}

impl Kind for Page {
    const TEMPLATE: Template = page_template!("drift");
    type Shown<'p> = Page;
    type Subject = ();

    fn list(portal: &Portal<'_>) -> Vec<(SitePath, ())> {
        match exists(portal) {
            true => vec![(Place::Drift.path(), ())],
            false => Vec::new(),
        }
    }

    fn page<'p>(portal: &'p Portal<'_>, (): &'p (), here: Here<'p>) -> (Head, Page) {
        let head = Head {
            title: "Drift".to_owned(),
            section: Some(Section::Accounts),
            crumbs: crumbs(portal, here),
            data: Some(here.to(Place::Data(&["drift"]))),
            sources: Vec::new(),
        };
        let totals = &portal.assessment.resources;
        let (services, all_services) = of_services(portal, here);
        let (open, all_open) = open_questions(portal, here);
        let unregistered = totals.unregistered.len() + totals.unregistered_more;
        let page = Page {
            lead: lead(totals.all.resources, totals.all.holdings),
            unread: totals.unread.as_deref().map(|why| {
                let why = cut(why, LONGEST.1);
                prose(&format!(
                    "Whether services without a descriptor are described somewhere is unknown: {why}."
                ))
            }),
            coverage: portal.sections.contains(&Section::Coverage).then(|| here.to(Place::Coverage)),
            holdings: parts(totals.all.holdings),
            holdings_caption: format!(
                "{}, by whose they are",
                counted(totals.all.resources, "resource", "resources")
            ),
            contested: list(portal, &totals.contested, "contested", here),
            undeclared: list(
                portal,
                &totals.undeclared,
                "claimed from an account that their service does not declare",
                here,
            ),
            unregistered: totals
                .unregistered
                .iter()
                .take(SHOWN)
                .map(|known| name(portal, known, here))
                .collect(),
            unregistered_caption: shown(
                unregistered,
                "name that no descriptor has",
                "names that no descriptor has",
            ),
            estate: portal
                .assessment
                .drift
                .iter()
                .filter(of_estate)
                .take(SHOWN)
                .map(|finding| said(None, finding))
                .collect(),
            more_estate: portal.assessment.drift.iter().filter(of_estate).count().saturating_sub(SHOWN),
            estate_empty: match portal.inventory.is_listed
                && portal.catalog.accounts.iter().any(|one| one.declared.is_some())
            {
                true => "Accounts are as the record says.",
                false => {
                    "Accounts were not compared: that takes a record of them, and a list from AWS Organizations."
                }
            },
            is_partly_seen: !portal.inventory.unseen.is_empty() || portal.catalog.tag_listings.is_empty(),
            services_caption: shown(all_services, "statement", "statements"),
            services,
            open_caption: shown(all_open, "open question", "open questions"),
            open,
        };
        (head, page)
    }
}

/// The way here, from a page that exists.
pub(super) fn crumbs(portal: &Portal<'_>, here: Here<'_>) -> Vec<Link> {
    let accounts = portal.sections.contains(&Section::Accounts);
    accounts.then(|| Link::new("Accounts", here.to(Place::Accounts))).into_iter().collect()
}

/// Whether anybody looked, or anything is said all the same.
pub(in crate::render) fn exists(portal: &Portal<'_>) -> bool {
    !portal.catalog.tag_listings.is_empty() || !portal.assessment.drift.is_empty()
}

/// Services without a descriptor have a table of their own.
fn of_estate(finding: &&Finding) -> bool {
    finding.code != codes::UNREGISTERED_SERVICE.name
}

fn counted(number: u64, one: &str, many: &str) -> String {
    words::count(usize::try_from(number).unwrap_or(usize::MAX), one, many)
}

fn shown(all: usize, one: &str, many: &str) -> String {
    let counted = words::count(all, one, many);
    match all {
        0..=SHOWN => counted,
        _ => format!("The first {SHOWN} of {counted}"),
    }
}

fn lead(resources: u64, holdings: Holdings) -> String {
    let found = counted(resources, "resource", "resources");
    match holdings.owned_share() {
        Some(share) => format!(
            "Of {found} that carry or carried a tag, {} of {} have one owner whom nobody contests ({} %).",
            share.part,
            share.whole,
            share.percent()
        ),
        None => format!("{} found, and whose they are is not known.", words::capitalised(&found)),
    }
}

fn parts(holdings: Holdings) -> Vec<Part> {
    let Holdings { owned, contested, unowned, unknown } = holdings;
    let known = owned + contested + unowned;
    let part =
        |name, says, count| Part { name, says, count, share: Share::of(count, known).map(Meter::from) };
    vec![
        part("Contested", "reasons contradict each other, and it counts for nobody", contested),
        part("Unowned", "no tag, descriptor or account says whose it is", unowned),
        part("Owned", "a team answers for it", owned),
        Part {
            name: "Unknown",
            says: "it names a service that may be described where nobody could look",
            count: unknown,
            share: None,
        },
    ]
}

fn list(portal: &Portal<'_>, positions: &[u32], what: &str, here: Here<'_>) -> List {
    let count = words::count(positions.len(), "resource", "resources");
    let caption = match positions.len() {
        0..=SHOWN => format!("{count} {what}, by ARN"),
        _ => format!("The first {SHOWN} of {count} {what}, by ARN"),
    };
    List { caption, rows: positions.iter().take(SHOWN).map(|at| row(portal, *at, here)).collect() }
}

fn row(portal: &Portal<'_>, position: u32, here: Here<'_>) -> Row {
    let resource = &portal.catalog.resources[position as usize];
    let owners = portal.inventory.owners;
    let ownership = owners.who(resource);
    let account = resource.account.as_ref();
    let why = owners.contest(&ownership, account).unwrap_or_else(|| {
        let claim = ownership.reasons.iter().find(|reason| reason.ground.is_claim());
        claim.map(|claim| owners.words(claim, account)).unwrap_or_default()
    });
    let service = ownership.service.map(|service| portal.catalog.services[service].id.as_str());
    Row {
        kind: cut(&resource.resource_type, LONGEST.0).into_owned(),
        arn: arn(portal, position, here),
        service: service.map(|id| Link::new(id, here.to(Place::Service(id)))),
        why: prose(&cut(&why, LONGEST.1)),
    }
}

/// The ARN, with the way to its row in the list of its account.
fn arn(portal: &Portal<'_>, position: u32, here: Here<'_>) -> Link {
    let text = cut(&portal.catalog.resources[position as usize].arn, LONGEST.0).into_owned();
    match place_of(portal, position, here) {
        Some(href) => Link::new(text, href),
        None => Link::plain(text),
    }
}

fn name(portal: &Portal<'_>, known: &Unregistered, here: Here<'_>) -> Name {
    let accounts = known.accounts.keys().take(3).map(|account| {
        let id = account.as_str();
        match portal.catalog.accounts.find(id) {
            Some(_) => Link::new(id, here.to(Place::Account(id))),
            None => Link::plain(id),
        }
    });
    Name {
        name: cut(&known.name, LONGEST.0).into_owned(),
        resources: known.resources,
        accounts: accounts.collect(),
        more_accounts: known.accounts.len().saturating_sub(3),
        first: arn(portal, known.first, here),
    }
}

fn said(of: Option<Link>, finding: &Finding) -> Said {
    Said { of, text: prose(&cut(&finding.message, LONGEST.1)), help: prose(findings::help(finding.code)) }
}

/// What does not fit, service by service; and how much there is in all.
fn of_services(portal: &Portal<'_>, here: Here<'_>) -> (Vec<Said>, usize) {
    collected(portal, here, |index| {
        let findings = &portal.assessment.services[index].findings;
        findings.iter().filter(|finding| OF_SERVICES.contains(&finding.code)).collect()
    })
}

/// What nobody can say, service by service; and how much there is in all.
fn open_questions(portal: &Portal<'_>, here: Here<'_>) -> (Vec<Said>, usize) {
    collected(portal, here, |index| {
        let open = &portal.assessment.services[index].open_questions;
        open.iter().filter(|finding| OF_SERVICES.contains(&finding.code)).collect()
    })
}

fn collected<'p>(
    portal: &'p Portal<'_>,
    here: Here<'_>,
    of: impl Fn(usize) -> Vec<&'p Finding>,
) -> (Vec<Said>, usize) {
    let (mut told, mut all) = (Vec::new(), 0);
    for (index, service) in portal.catalog.services.indexed() {
        for finding in of(Index::position(index)) {
            all += 1;
            if told.len() < SHOWN {
                let id = service.id.as_str();
                told.push(said(Some(Link::new(id, here.to(Place::Service(id)))), finding));
            }
        }
    }
    (told, all)
}
