//! The completeness ledger: what was looked at, what was not, and why. Every list that claims to be complete
//! rests on it (semantics §1.1).

mod foreign;
mod people;

use std::collections::BTreeMap;

use serde::Serialize;

use super::Kind;
use crate::catalog::ledger::{RepositoryClass, RepositoryRow, SkipReason};
use crate::collect::snapshot::{RepositoryState, Revision};
use crate::day::Day;
use crate::render::badge::Badge;
use crate::render::blind_spot;
use crate::render::carried;
use crate::render::frame::{Head, Section};
use crate::render::links::{Here, Href, Place};
use crate::render::paging::{Step, steps};
use crate::render::parts::{Link, When};
use crate::render::portal::Portal;
use crate::render::site::SitePath;
use crate::render::sources::{self, Source};
use crate::render::templates::{Template, page_template};
use crate::words;

/// Repositories on one page.
const ROWS: usize = 200;
/// Digits of a revision that are shown.
const DIGITS: usize = 10;
/// Reviewers of a repository that are named.
const NAMED: usize = 3;
/// Paths or listings that are shown at most; the rest is counted.
const SHOWN: usize = 200;

/// What the template sees.
#[derive(Debug, Serialize)]
pub struct Page<'p> {
    first: bool,
    carried: Option<&'p str>,
    sum: String,
    unreadable: Option<String>,
    repositories_caption: String,
    repositories: Vec<Repository<'p>>,
    pages: Vec<Step>,
    next: Option<Link>,
    pairs_sum: Option<String>,
    /// What never carried a tag, in sentences.
    blind: Vec<String>,
    pairs: Vec<Pair<'p>>,
    more_pairs: usize,
    skipped_caption: String,
    skipped: Vec<Skipped<'p>>,
    foreign_caption: String,
    foreign: Vec<foreign::Row<'p>>,
    refused: Vec<Refused<'p>>,
    more_refused: usize,
    sources_caption: String,
    sources: Vec<Source<'p>>,
    people_caption: String,
    people: Vec<people::Row<'p>>,
    problems: Option<Href>,
}

#[derive(Debug, Serialize)]
struct Repository<'p> {
    name: &'p str,
    href: Option<Href>,
    source: &'p str,
    badge: Badge,
    rank: usize,
    services: usize,
    revision: String,
    last_commit: Option<When>,
    reason: Option<&'p str>,
    by: Option<&'p str>,
    until: Option<When>,
    reviewers: Option<String>,
}

#[derive(Debug, Serialize)]
struct Pair<'p> {
    account: &'p str,
    region: &'p str,
    badge: Badge,
    reason: Option<&'p str>,
    collected: When,
}

#[derive(Debug, Serialize)]
struct Skipped<'p> {
    what: &'p str,
    badge: Badge,
    count: usize,
    example: String,
}

#[derive(Debug, Serialize)]
struct Refused<'p> {
    repository: &'p str,
    path: &'p str,
    reason: &'p str,
}

impl Kind for Page<'static> {
    const TEMPLATE: Template = page_template!("coverage");
    type Shown<'p> = Page<'p>;
    type Subject = usize;

    fn list(portal: &Portal<'_>) -> Vec<(SitePath, usize)> {
        let path =
            |number: usize| part(number).as_deref().map_or(Place::Coverage, Place::CoveragePart).path();
        (1..=pages(portal)).map(|number| (path(number), number)).collect()
    }

    fn page<'p>(portal: &'p Portal<'_>, number: &'p usize, here: Here<'p>) -> (Head, Page<'p>) {
        let first = *number == 1;
        let ledger = &portal.catalog.ledger;
        let head = Head {
            title: if first { "Coverage".to_owned() } else { format!("Coverage, page {number}") },
            section: Some(Section::Coverage),
            data: Some(here.to(Place::Data(&["index"]))),
            crumbs: if first { Vec::new() } else { vec![Link::new("Coverage", here.to(Place::Coverage))] },
            ..Head::default()
        };
        let to =
            |number: usize| here.to(part(number).as_deref().map_or(Place::Coverage, Place::CoveragePart));
        let rows = ordered(&ledger.repositories);
        let shown: Vec<Repository<'p>> =
            rows.iter().skip((number - 1) * ROWS).take(ROWS).map(|row| repository(portal, row)).collect();
        let count = pages(portal);
        let refusals = refused(&ledger.repositories);
        let silent = silent_pairs(portal);
        let page = Page {
            first,
            carried: portal.carried.as_deref(),
            sum: sum(&ledger.repositories),
            unreadable: (!ledger.unreadable.is_empty())
                .then(|| words::count(ledger.unreadable.len(), "descriptor in them", "descriptors in them")),
            repositories_caption: caption(rows.len(), shown.len(), *number),
            repositories: shown,
            pages: if count > 1 { steps(count, *number, to) } else { Vec::new() },
            next: (*number < count).then(|| Link::new("Next", to(number + 1))),
            pairs_sum: pairs_sum(portal),
            blind: blind_spot::beside(portal),
            more_pairs: silent.len().saturating_sub(SHOWN),
            pairs: silent.into_iter().take(SHOWN).collect(),
            skipped_caption: format!(
                "{} no service of ours, though named like a descriptor; by kind",
                words::count(ledger.skipped.len(), "document describes", "documents describe")
            ),
            skipped: skipped(portal),
            foreign_caption: foreign::caption(portal.catalog),
            foreign: foreign::rows(portal.catalog),
            more_refused: refusals.len().saturating_sub(SHOWN),
            refused: refusals.into_iter().take(SHOWN).collect(),
            sources_caption: sources::caption(&ledger.sources),
            sources: sources::sources(portal),
            people_caption: people::caption(portal),
            people: people::rows(portal),
            problems: portal.sections.contains(&Section::Problems).then(|| here.to(Place::Problems)),
        };
        (head, page)
    }
}

fn pages(portal: &Portal<'_>) -> usize {
    portal.catalog.ledger.repositories.len().div_ceil(ROWS).max(1)
}

/// What names a further page; the first has no such part.
fn part(number: usize) -> Option<String> {
    (number > 1).then(|| number.to_string())
}

/// Repositories in the order of how much they ask for attention, then by name.
fn ordered(rows: &[RepositoryRow]) -> Vec<&RepositoryRow> {
    let mut rows: Vec<&RepositoryRow> = rows.iter().collect();
    rows.sort_by_key(|row| (rank(row), row.repository.carried.as_ref().map(|carried| carried.since)));
    rows
}

const fn rank(row: &RepositoryRow) -> usize {
    match row.class {
        RepositoryClass::Unreadable => 0,
        _ if row.repository.carried.is_some() => 1,
        RepositoryClass::WithoutDescriptor => 2,
        RepositoryClass::Excluded => 3,
        RepositoryClass::WithDescriptor => 4,
    }
}

/// `29 found = 25 with a descriptor + 2 without + 2 excluded + 0 unreadable`.
fn sum(rows: &[RepositoryRow]) -> String {
    let count = |class: RepositoryClass| rows.iter().filter(|row| row.class == class).count();
    format!(
        "{} found = {} with a descriptor + {} without + {} excluded + {} unreadable",
        rows.len(),
        count(RepositoryClass::WithDescriptor),
        count(RepositoryClass::WithoutDescriptor),
        count(RepositoryClass::Excluded),
        count(RepositoryClass::Unreadable)
    )
}

fn caption(all: usize, shown: usize, number: usize) -> String {
    let all = words::count(all, "repository", "repositories");
    let order = "those that are not in the lists first";
    match number {
        1 if shown < ROWS => format!("{all}, {order}"),
        _ => format!("{shown} of {all} on page {number}, {order}"),
    }
}

fn repository<'p>(portal: &Portal<'_>, row: &'p RepositoryRow) -> Repository<'p> {
    let repository = &row.repository;
    let (Revision::Commit(revision) | Revision::Digest(revision)) = &repository.revision;
    let carried = repository.carried.as_ref();
    let (reason, by, until) = match &repository.state {
        RepositoryState::Excluded { reason, by, until } => {
            (Some(&**reason), by.as_deref(), until.as_deref().and_then(Day::parse))
        }
        RepositoryState::Unreadable { reason } => (Some(&**reason), None, None),
        RepositoryState::Read => (carried.map(|carried| &*carried.reason), None, None),
    };
    Repository {
        name: &repository.name,
        href: repository.url.as_deref().and_then(Href::external),
        source: &repository.source,
        badge: carried
            .map_or_else(|| Badge::repository(row.class), |carried| carried::badge(portal, carried)),
        rank: rank(row),
        services: row.services,
        revision: match &repository.revision {
            Revision::Commit(_) => revision.get(..DIGITS).unwrap_or(revision).to_owned(),
            Revision::Digest(_) if revision.is_empty() => String::new(),
            Revision::Digest(_) => format!("sha256:{}", revision.get(..DIGITS).unwrap_or(revision)),
        },
        last_commit: repository.last_commit.as_ref().map(|commit| portal.when_of(commit.at)),
        reason,
        by,
        until: until.map(|day| portal.when(day)),
        reviewers: reviewers(row),
    }
}

/// Who might answer for a repository that describes no service.
fn reviewers(row: &RepositoryRow) -> Option<String> {
    let reviewers = row.reviewers.as_ref().filter(|_| row.class == RepositoryClass::WithoutDescriptor)?;
    Some(match reviewers.as_slice() {
        [] => "nobody known: no rule of CODEOWNERS fits its root".to_owned(),
        names => format!("reviewed by {}", words::first(names, NAMED)),
    })
}

/// `11 pairs = 10 reached + 1 refused`, when AWS was asked at all.
fn pairs_sum(portal: &Portal<'_>) -> Option<String> {
    let listings = &portal.catalog.tag_listings;
    let refused = listings.iter().filter(|listing| listing.refused.is_some()).count();
    let reported = listings.iter().filter(|listing| listing.is_reported && listing.refused.is_none()).count();
    let asked = listings.len() - reported;
    let sum = (asked > 0).then(|| {
        let pairs = words::count(asked, "pair", "pairs");
        format!("{pairs} = {} reached + {refused} refused", asked - refused)
    });
    let report = (reported > 0).then(|| {
        let pairs = words::count(reported, "pair", "pairs");
        format!("{pairs} known from the tag report of AWS, which names no tags")
    });
    let parts: Vec<String> = sum.into_iter().chain(report).collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// Pairs of account and region that did not answer.
fn silent_pairs<'p>(portal: &'p Portal<'_>) -> Vec<Pair<'p>> {
    let refused = portal.catalog.tag_listings.iter().filter(|listing| listing.refused.is_some());
    refused
        .map(|listing| Pair {
            account: &listing.account,
            region: &listing.region,
            badge: if listing.is_reported { Badge::unseen() } else { Badge::refused() },
            reason: listing.refused.as_deref(),
            collected: portal.when_of(listing.collected_at),
        })
        .collect()
}

/// Skipped documents, counted by what they are, with one of each kind as an example.
fn skipped<'p>(portal: &'p Portal<'_>) -> Vec<Skipped<'p>> {
    let mut kinds: BTreeMap<(SkipReason, &'p str), (usize, String)> = BTreeMap::new();
    for skipped in &portal.catalog.ledger.skipped {
        let example = || portal.provenance(skipped.origin).full;
        kinds.entry((skipped.reason, &skipped.what)).or_insert_with(|| (0, example())).0 += 1;
    }
    kinds
        .into_iter()
        .map(|((reason, what), (count, example))| Skipped {
            what,
            badge: Badge::skipped(reason),
            count,
            example,
        })
        .collect()
}

/// Paths that were not read, by repository.
fn refused(rows: &[RepositoryRow]) -> Vec<Refused<'_>> {
    rows.iter()
        .flat_map(|row| row.repository.refused.iter().map(move |refused| (row, refused)))
        .map(|(row, refused)| Refused {
            repository: &row.repository.name,
            path: &refused.path,
            reason: &refused.reason,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::snapshot::CatalogFolder;

    fn row(name: &str, class: RepositoryClass) -> RepositoryRow {
        let mut repository = CatalogFolder::none().repository;
        repository.name = name.into();
        RepositoryRow { repository, class, services: 0, reviewers: None }
    }

    #[test]
    fn the_sum_adds_up_and_names_every_class() {
        let rows = [
            row("a", RepositoryClass::WithDescriptor),
            row("b", RepositoryClass::Excluded),
            row("c", RepositoryClass::WithDescriptor),
        ];
        assert_eq!(sum(&rows), "3 found = 2 with a descriptor + 0 without + 1 excluded + 0 unreadable");
    }

    #[test]
    fn what_is_not_in_the_lists_comes_first() {
        let rows = [
            row("a", RepositoryClass::WithDescriptor),
            row("b", RepositoryClass::Excluded),
            row("c", RepositoryClass::Unreadable),
            row("d", RepositoryClass::WithoutDescriptor),
        ];
        let names: Vec<&str> = ordered(&rows).iter().map(|row| &*row.repository.name).collect();
        assert_eq!(names, ["c", "d", "b", "a"]);
    }
}
