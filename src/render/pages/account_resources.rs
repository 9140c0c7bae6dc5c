//! The resources of one account, page by page: whose each is, and what is wrong with its tags.

use serde::Serialize;

use super::Kind;
use super::accounts::name;
use super::service::said;
use crate::assess::outcome::Share;
use crate::assess::ownership::Ownership;
use crate::assess::tag_report;
use crate::assess::tags::{Expectations, TagVerdict};
use crate::catalog::id::AccountId;
use crate::catalog::resource::{Resource, UNTOLD};
use crate::collect::snapshot::ReportedTags;
use crate::render::digest;
use crate::render::frame::{Head, Section};
use crate::render::links::{Here, Href, NOWHERE, Place};
use crate::render::markup::Markup;
use crate::render::paging::{Step, steps};
use crate::render::parts::{Link, cut};
use crate::render::portal::Portal;
use crate::render::site::SitePath;
use crate::render::templates::{Html, Template, page_template};
use crate::words;

/// Resources on one page.
const ROWS: usize = 100;
/// Longest ARN, and longest account of what is wrong, in characters: a hundred of them fit on a page.
const LONGEST: (usize, usize) = (600, 400);

/// What stands where nobody is shown.
const NONE: &str = "<span class=\"muted\">none</span>";
const UNKNOWN: &str = "<span class=\"muted\">unknown</span>";

/// What the template sees.
#[derive(Debug, Serialize)]
pub struct Page {
    heading: String,
    lead: String,
    caption: String,
    rows: Option<Html>,
    pages: Vec<Step>,
    next: Option<Link>,
}

/// One page of the list of one account.
#[derive(Clone, Debug)]
pub struct Part {
    account: Option<AccountId>,
    number: usize,
}

impl Kind for Page {
    const TEMPLATE: Template = page_template!("account_resources");
    type Shown<'p> = Page;
    type Subject = Part;

    fn list(portal: &Portal<'_>) -> Vec<(SitePath, Part)> {
        let accounts = portal.assessment.resources.accounts.iter().flat_map(|(account, found)| {
            (1..=found.resources.len().div_ceil(ROWS)).map(|number| {
                let id = account.as_ref().map_or(NOWHERE, AccountId::as_str);
                (Place::ResourcesOf(id, number).path(), Part { account: account.clone(), number })
            })
        });
        accounts.collect()
    }

    fn page<'p>(portal: &'p Portal<'_>, part: &'p Part, here: Here<'p>) -> (Head, Page) {
        let account = part.account.as_ref().map(AccountId::as_str);
        let id = account.unwrap_or(NOWHERE);
        let title = format!("Resources in {}", account_name(portal, account));
        let to = |number: usize| here.to(Place::ResourcesOf(id, number));
        let known = account.filter(|id| portal.catalog.accounts.by_id(id).is_some());
        let mut crumbs = vec![
            Link::new("Accounts", here.to(Place::Accounts)),
            Link::new("Resources and tags", here.to(Place::Resources)),
        ];
        crumbs.extend(known.map(|id| Link::new(account_name(portal, account), here.to(Place::Account(id)))));
        let head = Head {
            title: if part.number == 1 { title.clone() } else { format!("{title}, page {}", part.number) },
            section: Some(Section::Accounts),
            crumbs,
            data: Some(here.to(Place::Data(&["resources", id]))),
            sources: Vec::new(),
        };
        let found = portal.assessment.resources.accounts.get(&part.account);
        let positions = found.map_or(&[][..], |found| found.resources.as_slice());
        let start = (part.number - 1) * ROWS;
        let shown = &positions[start.min(positions.len())..(start + ROWS).min(positions.len())];
        let mut rows = Markup::default();
        for position in shown {
            row(portal, &portal.catalog.resources[*position as usize], here, rows.next_line());
        }
        let all = words::count(positions.len(), "resource", "resources");
        let pages = positions.len().div_ceil(ROWS);
        let share = found.and_then(|found| found.all.tags_right());
        let untold = found.map_or(0, |found| found.all.untold);
        let page = Page {
            heading: title,
            lead: match share {
                _ if untold > 0 => lead_of_untold(&all, untold, share),
                Some(share) => format!(
                    "{all} that carry or carried a tag; {} of {} required tags are there and right ({} %).",
                    share.part,
                    share.whole,
                    share.percent()
                ),
                None => format!("{all} that carry or carried a tag; no tag on them is judged."),
            },
            caption: match pages {
                0 | 1 => format!("{all}, by ARN"),
                _ => format!("{} to {} of {all}, by ARN", start + 1, start + shown.len()),
            },
            rows: rows.finish(),
            pages: if pages > 1 { steps(pages, part.number, to) } else { Vec::new() },
            next: (part.number < pages).then(|| Link::new("Next page", to(part.number + 1))),
        };
        (head, page)
    }
}

/// What is said above a list with resources of which only AWS's report is known.
fn lead_of_untold(all: &str, untold: u64, share: Option<Share>) -> String {
    let untold = untold_of(untold);
    match share {
        Some(share) => format!(
            "{all}. {untold} Of the required tags on the others {} of {} are there and right ({} %).",
            share.part,
            share.whole,
            share.percent()
        ),
        None => format!("{all}. {untold} No tag on any other is judged."),
    }
}

/// That so many resources are known from the report of AWS alone, and what follows.
pub(super) fn untold_of(untold: u64) -> String {
    let untold = usize::try_from(untold).unwrap_or(usize::MAX);
    format!(
        "{} known from the tag report of AWS alone, which names no tags: whose they are and whether their tags are right is \
         unknown. They count in no share of tags, and in that of owners only where reasons contradict each other.",
        words::count(untold, "resource is", "resources are")
    )
}

/// The name of an account, or that there is none.
pub(super) fn account_name(portal: &Portal<'_>, account: Option<&str>) -> String {
    match account {
        Some(id) => portal.catalog.accounts.by_id(id).map_or_else(|| id.to_owned(), name),
        None => "no account".to_owned(),
    }
}

/// The row of the resource at `position` in the list of its account.
pub(super) fn place_of(portal: &Portal<'_>, position: u32, here: Here<'_>) -> Option<Href> {
    let resource = &portal.catalog.resources[position as usize];
    let found = portal.assessment.resources.accounts.get(&resource.account)?;
    let place = found.resources.binary_search(&position).ok()?;
    let id = resource.account.as_ref().map_or(NOWHERE, AccountId::as_str);
    Some(here.to_part(Place::ResourcesOf(id, place / ROWS + 1), &anchor(resource)))
}

/// The anchor of a resource on the page that lists it.
fn anchor(resource: &Resource) -> String {
    format!("r-{}", digest::short(resource.arn.as_bytes()))
}

fn row<'a>(portal: &Portal<'a>, resource: &'a Resource, here: Here<'_>, out: &mut Markup) {
    out.ours("<tr id=\"").text(&anchor(resource)).ours("\"><th scope=\"row\">");
    // ARNs are long: where they may break, they leave room for what is said of them.
    out.text(&resource.resource_type).ours("</th><td class=\"sentence\"><code>");
    let arn = cut(&resource.arn, LONGEST.0);
    // An ARN that is cut is none that could be asked about.
    let whose = (*arn == *resource.arn).then(|| here.to_answer_about(&arn));
    out.link(&arn, whose.as_ref()).ours("</code></td><td class=\"whole\">");
    out.text(&resource.region).ours("</td><td>");
    let (ownership, expectations) = portal.inventory.look(resource);
    let nobody = if ownership.is_untold { UNKNOWN } else { NONE };
    match ownership.service.map(|service| portal.catalog.services[service].id.as_str()) {
        Some(id) => out.link(id, Some(&here.to(Place::Service(id)))),
        None => out.ours(nobody),
    };
    out.ours("</td><td>");
    match ownership.team.map(|team| &portal.catalog.teams[team]) {
        Some(team) => out.link(team.record.name(), Some(&here.to(Place::Team(team.id.as_str())))),
        None => out.ours(nobody),
    };
    out.ours("</td>");
    match &resource.reported {
        Some(said) => reported(portal, &ownership, said, resource, out),
        None => tags(expectations, resource, out),
    }
    out.ours("</tr>");
}

/// What AWS says of tags that it does not tell, and what is known of the owner without them.
fn reported(
    portal: &Portal<'_>,
    ownership: &Ownership<'_>,
    said: &ReportedTags,
    resource: &Resource,
    out: &mut Markup,
) {
    let owners = portal.inventory.owners;
    let known = ownership.reasons.iter().map(|reason| owners.words(reason, resource.account.as_ref()));
    let known: Vec<String> = known.collect();
    let known = (!known.is_empty()).then(|| format!("known is: {}", known.join("; ")));
    let all: Vec<String> =
        [Some(UNTOLD.to_owned()), tag_report::words(said), known].into_iter().flatten().collect();
    out.ours("<td class=\"number muted\">unknown</td><td class=\"sentence\">");
    out.text(&cut(&words::capitalised(&all.join("; ")).replace('`', ""), LONGEST.1)).ours("</td>");
}

fn tags(expectations: &Expectations<'_>, resource: &Resource, out: &mut Markup) {
    if !expectations.judges(resource) {
        out.ours("<td class=\"number muted\">not judged</td><td class=\"muted\">nothing</td>");
        return;
    }
    if let Some(exemption) = expectations.exemption(resource) {
        out.ours("<td class=\"number muted\">not judged</td><td class=\"sentence\">");
        out.badge("not-applicable", "Exempt").ours(" ");
        out.text(&cut(exemption.reason.value().map_or("", |reason| reason), LONGEST.1)).ours("</td>");
        return;
    }
    let verdicts: Vec<TagVerdict<'_>> = expectations.judge(resource).collect();
    let wrong = expectations.tags().iter().zip(&verdicts).filter_map(|(tag, verdict)| said(tag.key, verdict));
    let wrong: Vec<String> = wrong.collect();
    let right = verdicts.len() - wrong.len();
    out.ours("<td class=\"number\"><b>").number(right as u64).ours(" of ").number(verdicts.len() as u64);
    out.ours("</b></td><td class=\"sentence\">");
    match wrong.is_empty() {
        true => out.ours("<span class=\"muted\">nothing</span>"),
        false => out.text(&cut(&wrong.join("; "), LONGEST.1)),
    };
    out.ours("</td>");
}
