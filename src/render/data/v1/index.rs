//! `index.json`: what this is, how whole it is, and where the rest lies.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::SCHEMA_VERSION;
use super::people::{Directory, directories};
use crate::catalog::Catalog;
use crate::catalog::foreign::Format;
use crate::catalog::ledger::{RepositoryClass, RepositoryRow};
use crate::catalog::resource::TagListing;
use crate::collect::snapshot::{SourceReport, SourceState};
use crate::render::portal::Portal;

/// What this is, how whole it is, and where the rest lies.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Contents<'a> {
    /// The profile of the readers for whom something is left out; absent in the full portal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audience: Option<&'a str>,
    /// The catalog folder and its revision.
    pub catalog_revision: Option<&'a str>,
    /// How many of each there are.
    pub counts: Counts,
    /// How complete the run was.
    pub coverage: Coverage<'a>,
    /// The other documents, relative to this one; those of single services and exceptions are reached
    /// through their lists.
    pub files: &'a [String],
    /// The assessment date.
    pub generated_for: String,
    /// Version of Milepost.
    pub milepost_version: &'a str,
    /// Whose catalog it is.
    pub organisation: &'a str,
    /// How many values were left out for that audience, by kind: `email`, `chat`, `account-numbers`, `arns`, `cost`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removed: Option<BTreeMap<&'static str, usize>>,
    /// Version of these documents.
    pub schema_version: &'static str,
    /// SHA-256 of the snapshot.
    pub snapshot: Option<String>,
    /// How every source fared.
    pub sources: Vec<Source<'a>>,
}

/// How many of each there are.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    /// Accounts, declared or observed.
    pub accounts: usize,
    /// Documents that services name.
    pub documents: usize,
    /// Environments of the catalog folder.
    pub environments: usize,
    /// Exceptions in every state.
    pub exceptions: usize,
    /// Golden paths.
    pub golden_paths: usize,
    /// Things that authors wrote wrong.
    pub problems: usize,
    /// Resources that carry or carried a tag.
    pub resources: usize,
    /// Rules of all scorecards.
    pub rules: usize,
    /// Scorecards.
    pub scorecards: usize,
    /// Services.
    pub services: usize,
    /// Teams.
    pub teams: usize,
    /// Descriptors that could not be read.
    pub unreadable_descriptors: usize,
}

/// How complete the run was.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Coverage<'a> {
    /// Pairs of account and region: found = reached + refused.
    pub accounts: Pairs,
    /// Documents of other tools that were read, by format and kind.
    pub foreign: Vec<Foreign<'a>>,
    /// Repositories: found = with descriptor + without + excluded + unreadable.
    pub repositories: Repositories,
}

/// Documents of one kind of another tool.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Foreign<'a> {
    /// How many were read.
    pub documents: usize,
    /// The format, as `milepost.yaml` calls it.
    pub format: &'static str,
    /// What the tool calls it.
    pub kind: &'a str,
    /// How many keys in them no record of ours holds.
    pub not_carried: usize,
}

/// Pairs of account and region that were asked for tags.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Pairs {
    /// All of them.
    pub found: usize,
    /// Those that answered.
    pub reached: usize,
    /// Those that AWS refused.
    pub refused: usize,
    /// Those that did not answer themselves, and are known from the tag report of AWS, which names no tags; not among
    /// those found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reported: Option<usize>,
}

/// Repositories by what was found in them.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Repositories {
    /// As an earlier run saw them, because this one could not; they are in the other counts too.
    pub carried_over: usize,
    /// Left out on purpose.
    pub excluded: usize,
    /// All of them.
    pub found: usize,
    /// Not readable.
    pub unreadable: usize,
    /// With a descriptor, readable or not.
    pub with_descriptor: usize,
    /// Without one.
    pub without_descriptor: usize,
    /// Without one, and no rule of `CODEOWNERS` says who reviews its root; absent when that is not looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub without_owner: Option<usize>,
}

/// How a source fared.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Source<'a> {
    /// When it was asked.
    pub collected_at: String,
    /// Teams and people of organisations, where it asks for them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub directories: Vec<Directory<'a>>,
    /// How many items it gave.
    pub items: u64,
    /// `folder`, `git`, `github`, `aws`, `aws-recorded`, `aws-tag-report`, `focus` or `facts`.
    pub kind: &'a str,
    /// Its name in `milepost.yaml`.
    pub name: &'a str,
    /// Why it is not `ok`.
    pub reason: Option<&'a str>,
    /// Since when its data is carried over.
    pub stale_since: Option<String>,
    /// `ok`, `partial`, `failed` or `stale`.
    pub state: &'static str,
    /// What its answer would take away and the guard keeps, when it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withheld: Option<Withheld<'a>>,
}

/// A removal too large to be believed.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Withheld<'a> {
    /// What accepts it: `milepost build --accept-removals RUN`.
    pub run: &'a str,
    /// How much is gone of how much.
    pub what: &'a str,
}

impl<'a> Contents<'a> {
    pub(super) fn of(portal: &'a Portal<'_>, files: &'a [String]) -> Self {
        let catalog = portal.catalog;
        let class = |class: RepositoryClass| {
            catalog.ledger.repositories.iter().filter(|row| row.class == class).count()
        };
        let carried = catalog.ledger.repositories.iter().filter(|row| row.repository.carried.is_some());
        let refused = catalog.tag_listings.iter().filter(|listing| listing.refused.is_some()).count();
        let is_reported = |listing: &&TagListing| listing.is_reported && listing.refused.is_none();
        let reported = catalog.tag_listings.iter().filter(is_reported).count();
        let asked = catalog.tag_listings.len() - reported;
        Self {
            audience: portal.audience.map(|audience| &*audience.name),
            catalog_revision: portal.run.catalog_revision.as_deref(),
            counts: Counts {
                accounts: catalog.accounts.len(),
                documents: catalog.documents.len(),
                environments: catalog.environments.len(),
                exceptions: catalog.exceptions.len(),
                golden_paths: catalog.golden_paths.len(),
                problems: portal.relations.problems.all.iter().map(|problem| problem.stands_for()).sum(),
                resources: catalog.resources.len(),
                rules: catalog.scorecards.iter().map(|scorecard| scorecard.record.rules.items.len()).sum(),
                scorecards: catalog.scorecards.len(),
                services: catalog.services.len(),
                teams: catalog.teams.len(),
                unreadable_descriptors: catalog.ledger.unreadable.len(),
            },
            coverage: Coverage {
                accounts: Pairs {
                    found: asked,
                    reached: asked - refused,
                    refused,
                    reported: (reported > 0).then_some(reported),
                },
                foreign: foreign(catalog),
                repositories: Repositories {
                    carried_over: carried.count(),
                    excluded: class(RepositoryClass::Excluded),
                    found: catalog.ledger.repositories.len(),
                    unreadable: class(RepositoryClass::Unreadable),
                    with_descriptor: class(RepositoryClass::WithDescriptor),
                    without_descriptor: class(RepositoryClass::WithoutDescriptor),
                    without_owner: without_owner(catalog),
                },
            },
            files,
            generated_for: portal.run.as_of.to_string(),
            milepost_version: &portal.run.version,
            organisation: &catalog.organisation,
            removed: portal
                .audience
                .map(|audience| audience.removed.iter().map(|(kind, count)| (kind.word(), *count)).collect()),
            schema_version: SCHEMA_VERSION,
            snapshot: portal.run.snapshot.map(|digest| digest.hexadecimal()),
            sources: catalog.ledger.sources.iter().map(|report| source(portal, report)).collect(),
        }
    }
}

fn without_owner(catalog: &Catalog) -> Option<usize> {
    let rows = || catalog.ledger.repositories.iter();
    rows().any(|row| row.reviewers.is_some()).then(|| {
        let is_without = |row: &&RepositoryRow| {
            row.class == RepositoryClass::WithoutDescriptor
                && row.reviewers.as_ref().is_some_and(Vec::is_empty)
        };
        rows().filter(is_without).count()
    })
}

fn foreign(catalog: &Catalog) -> Vec<Foreign<'_>> {
    let mut kinds: BTreeMap<(Format, &str), (usize, usize)> = BTreeMap::new();
    for document in &catalog.ledger.foreign {
        let (documents, not_carried) = kinds.entry((document.format, &*document.kind)).or_default();
        *documents += 1;
        *not_carried += document.not_carried.len();
    }
    let row = |((format, kind), (documents, not_carried)): ((Format, _), _)| Foreign {
        documents,
        format: format.word(),
        kind,
        not_carried,
    };
    kinds.into_iter().map(row).collect()
}

fn source<'a>(portal: &'a Portal<'_>, report: &'a SourceReport) -> Source<'a> {
    Source {
        collected_at: report.collected_at.to_string(),
        directories: directories(portal, &report.name),
        items: report.items,
        kind: &report.kind,
        name: &report.name,
        reason: report.reason.as_deref(),
        stale_since: report.stale_since.map(|since| since.to_string()),
        state: match report.state {
            SourceState::Ok => "ok",
            SourceState::Partial => "partial",
            SourceState::Failed => "failed",
            SourceState::Stale => "stale",
        },
        withheld: report
            .withheld
            .as_ref()
            .map(|withheld| Withheld { run: &withheld.run, what: &withheld.what }),
    }
}
