//! How everything that was found is tagged: by key, account, team, service and type, with what nobody could see.

use serde::Serialize;

use super::Kind;
use super::account_resources::{account_name, untold_of};
use crate::assess::resources::Tally;
use crate::assess::unseen::in_words;
use crate::catalog::id::AccountId;
use crate::render::blind_spot;
use crate::render::compliance::{self, Key, Row};
use crate::render::frame::{Head, Section};
use crate::render::links::{Here, Href, NOWHERE, Place};
use crate::render::parts::{Link, cut};
use crate::render::portal::Portal;
use crate::render::site::SitePath;
use crate::render::templates::{Template, page_template};
use crate::words;

/// Rows of one table at most; those that need somebody first.
const SHOWN: usize = 200;
/// Longest name of a type, in characters.
const LONGEST: usize = 120;

/// What the template sees.
#[derive(Debug, Serialize)]
pub struct Page {
    lead: String,
    unseen: Option<String>,
    coverage: Option<Href>,
    /// What never carried a tag, in sentences.
    blind: Vec<String>,
    keys: Vec<Key>,
    keys_caption: String,
    tables: Vec<Table>,
}

/// Resources by something that they have in common.
#[derive(Debug, Serialize)]
struct Table {
    id: &'static str,
    heading: &'static str,
    head: &'static str,
    caption: String,
    rows: Vec<Row>,
}

impl Kind for Page {
    const TEMPLATE: Template = page_template!("resources");
    type Shown<'p> = Page;
    type Subject = ();

    fn list(portal: &Portal<'_>) -> Vec<(SitePath, ())> {
        match portal.catalog.tag_listings.is_empty() {
            true => Vec::new(),
            false => vec![(Place::Resources.path(), ())],
        }
    }

    fn page<'p>(portal: &'p Portal<'_>, (): &'p (), here: Here<'p>) -> (Head, Page) {
        let (inventory, totals) = (&portal.inventory, &portal.assessment.resources);
        let head = Head {
            title: "Resources and tags".to_owned(),
            section: Some(Section::Accounts),
            crumbs: vec![Link::new("Accounts", here.to(Place::Accounts))],
            data: Some(here.to(Place::Data(&["accounts/index"]))),
            sources: Vec::new(),
        };
        let told = totals.all.resources - totals.all.untold;
        let found = usize::try_from(told).unwrap_or(usize::MAX);
        let found = words::count(found, "resource", "resources");
        let untold = (totals.all.untold > 0).then(|| untold_of(totals.all.untold));
        let unseen = in_words(&inventory.unseen).map(|said| format!("{}.", words::capitalised(&said)));
        let gaps: Vec<String> = untold.into_iter().chain(unseen).collect();
        let page = Page {
            lead: match totals.all.tags_right() {
                Some(share) => format!(
                    "Of the required tags on {found}, {} of {} are there and right ({} %).",
                    share.part,
                    share.whole,
                    share.percent()
                ),
                None => format!("{} found, and no tag on them is judged.", words::capitalised(&found)),
            },
            unseen: (!gaps.is_empty()).then(|| gaps.join(" ")),
            coverage: portal.sections.contains(&Section::Coverage).then(|| here.to(Place::Coverage)),
            blind: blind_spot::beside(portal),
            keys: compliance::keys(inventory.expected.keys(), &totals.all),
            keys_caption: format!("Tags on {found}, by required key, in the order of the policy"),
            tables: vec![accounts(portal, here), teams(portal, here), services(portal, here), types(portal)],
        };
        (head, page)
    }
}

fn table<'h>(
    (id, heading, head): (&'static str, &'static str, &'static str),
    (count, one, many): (usize, &str, &str),
    rows: impl ExactSizeIterator<Item = (Link, &'h Tally)>,
) -> Table {
    let counted = words::count(count, one, many);
    let caption = match rows.len() {
        0..=SHOWN => format!("{counted}, the most resources that are not right first"),
        all => format!(
            "The first {SHOWN} of {all} rows for {counted}, the most resources that are not right first"
        ),
    };
    let rows = rows.map(|(name, tally)| (compliance::row(name, tally), compliance::wrong(tally)));
    Table { id, heading, head, caption, rows: compliance::worst(rows, SHOWN) }
}

fn accounts(portal: &Portal<'_>, here: Here<'_>) -> Table {
    let rows = portal.assessment.resources.accounts.iter().map(|(account, found)| {
        let account = account.as_ref().map(AccountId::as_str);
        let place = here.to(Place::ResourcesOf(account.unwrap_or(NOWHERE), 1));
        (Link::new(account_name(portal, account), place), &found.all)
    });
    table(
        ("accounts", "By account", "Account"),
        (portal.assessment.resources.accounts.keys().flatten().count(), "account", "accounts"),
        rows,
    )
}

fn teams(portal: &Portal<'_>, here: Here<'_>) -> Table {
    let rows = portal.assessment.resources.teams.iter().map(|(team, tally)| {
        let link = match team {
            Some(team) => {
                let team = &portal.catalog.teams[*team];
                Link::new(team.record.name(), here.to(Place::Team(team.id.as_str())))
            }
            None if tally.untold > 0 => Link::plain("No team known"),
            None => Link::plain("No team"),
        };
        (link, tally)
    });
    table(
        ("teams", "By team", "Team"),
        (portal.assessment.resources.teams.keys().flatten().count(), "team", "teams"),
        rows,
    )
}

fn services(portal: &Portal<'_>, here: Here<'_>) -> Table {
    let rows = portal.assessment.resources.services.iter().map(|(service, tally)| {
        let link = match service {
            Some(service) => {
                let service = &portal.catalog.services[*service];
                let id = service.id.as_str();
                // While documents contradict each other, nothing is said of resources there.
                Link::new(
                    id,
                    match service.conflict.is_empty() {
                        true => here.to_part(Place::Service(id), "resources"),
                        false => here.to(Place::Service(id)),
                    },
                )
            }
            None if tally.untold > 0 => Link::plain("No service known"),
            None => Link::plain("No service"),
        };
        (link, tally)
    });
    table(
        ("services", "By service", "Service"),
        (portal.assessment.resources.services.keys().flatten().count(), "service", "services"),
        rows,
    )
}

fn types(portal: &Portal<'_>) -> Table {
    let rows = portal.assessment.resources.types.iter();
    let rows = rows.map(|(kind, tally)| (Link::plain(cut(kind, LONGEST)), tally));
    table(("types", "By type", "Type"), (rows.len(), "type", "types"), rows)
}
