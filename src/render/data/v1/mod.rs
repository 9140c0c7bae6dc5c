//! The first version of the static JSON, below `api/v1/`. Fields are declared in the order of their
//! names, which is the order in which they are written; adding one is free, anything else is not.

pub mod account;
pub mod accounts;
pub mod adoption;
pub mod availability;
pub mod change;
pub mod costs;
pub mod digest;
pub mod drift;
pub mod environments;
pub mod evidence;
pub mod exception;
pub mod figure;
pub mod golden_path;
pub mod index;
pub mod metric;
pub mod next_step;
mod observed;
mod people;
pub mod problem;
pub mod resource;
pub mod result;
pub mod scorecard;
pub mod service;
pub mod services;
mod tag_policy;
pub mod team;
mod untagged;
pub mod value;
pub mod who;

use schemars::{JsonSchema, Schema, schema_for};
use serde::Serialize;

use crate::catalog::id::AccountId;
use crate::render::links::{self, Place};
use crate::render::portal::Portal;
use crate::render::site::{CachePolicy, Entry, MediaType, RenderError, SitePath};

/// Version of the whole; raised when something is removed or changes its meaning.
pub const SCHEMA_VERSION: &str = "1.0";

/// Most rows of a list in one file.
const ROWS: usize = 1000;

/// The pages of a list of so many rows, as parts of their addresses: `first`, then `folder/_2` and so on.
fn pages(first: &str, folder: &str, rows: usize) -> Vec<String> {
    let further = (2..=rows.div_ceil(ROWS)).map(|number| format!("{folder}/_{number}"));
    std::iter::once(first.to_owned()).chain(further).collect()
}

/// The same as files, relative to `index.json`.
fn files(pages: Vec<String>) -> Vec<String> {
    pages.into_iter().map(|page| format!("{page}.json")).collect()
}

/// The documents of this version, collected before they are listed.
struct Documents<'e, 'a> {
    entries: &'e mut Vec<Entry<'a>>,
    /// Those that the index names; the others are reached through a list.
    named: Vec<String>,
}

impl<'a> Documents<'_, 'a> {
    /// A document that `make` writes and the index names.
    fn name(
        &mut self,
        parts: &[&str],
        make: impl Fn(&Portal<'a>, &SitePath) -> Result<Vec<u8>, RenderError> + Send + Sync + 'a,
    ) {
        let path = Place::Data(parts).path();
        self.named.push(path.as_str().trim_start_matches("api/v1/").to_owned());
        self.add(parts, make);
    }

    /// A document that `make` writes and a list leads to.
    fn add(
        &mut self,
        parts: &[&str],
        make: impl Fn(&Portal<'a>, &SitePath) -> Result<Vec<u8>, RenderError> + Send + Sync + 'a,
    ) {
        let path = Place::Data(parts).path();
        self.entries.push(Entry::new(path, MediaType::Json, CachePolicy::Revalidate, make));
    }
}

/// Lists every document of this version, and its schemas.
pub(super) fn register<'a>(portal: &Portal<'a>, entries: &mut Vec<Entry<'a>>) {
    let catalog = portal.catalog;
    let mut documents = Documents { entries, named: Vec::new() };
    documents.name(&["adoption"], |portal, path| written(&adoption::Adoption::of(portal), path));
    documents.name(&["changes"], |portal, path| {
        written(&change::Changes::of(portal.comparison, Some(portal.catalog)), path)
    });
    documents.name(&["digest"], |portal, path| {
        let since = portal.assessment.as_of.plus_days(-1);
        written(&digest::Digest::of(portal.catalog, portal.assessment, since), path)
    });
    documents.name(&["evidence/index"], |portal, path| written(&evidence::Evidence::of(portal, path), path));
    for (position, framework) in portal.frameworks.iter().enumerate() {
        documents.name(&["evidence", &links::evidence::framework(framework.name)], move |portal, path| {
            written(&evidence::Framework::of(portal, position), path)
        });
    }
    documents.name(&["exceptions/index"], |portal, path| written(&exception::Exceptions::all(portal), path));
    documents.name(&["metrics"], |portal, path| written(&metric::Metrics::of(portal), path));
    documents.name(&["problems"], |portal, path| written(&problem::Problems::of(portal), path));
    for (position, figure) in portal.adoption.figures.iter().enumerate() {
        let Some(count) = figure::count(figure) else { continue };
        for (number, page) in figure::pages(figure.id, count).into_iter().enumerate() {
            documents.name(&[&page], move |portal, path| {
                written(&figure::Figure::of(portal, position, number), path)
            });
        }
    }
    for (number, page) in services::pages(catalog.services.len()).into_iter().enumerate() {
        documents.name(&[&page], move |portal, path| written(&services::Services::of(portal, number), path));
    }
    let leases = portal.assessment.environments.all.len();
    for (number, page) in environments::pages(leases).into_iter().enumerate() {
        documents.name(&[&page], move |portal, path| {
            written(&environments::Environments::of(portal, number), path)
        });
    }
    for (index, scorecard) in catalog.scorecards.indexed() {
        documents.name(&["scorecards", &scorecard.id], move |portal, path| {
            written(&scorecard::Scorecard::of(portal, index), path)
        });
    }
    for (index, golden_path) in catalog.golden_paths.indexed() {
        documents.name(&["golden-paths", &golden_path.id], move |portal, path| {
            written(&golden_path::GoldenPath::of(portal, index), path)
        });
    }
    for (index, team) in catalog.teams.indexed() {
        documents.name(&["teams", team.id.as_str()], move |portal, path| {
            written(&team::Team::of(portal, index), path)
        });
    }
    for (number, page) in accounts::pages(catalog.accounts.len()).into_iter().enumerate() {
        documents.name(&[&page], move |portal, path| written(&accounts::Accounts::of(portal, number), path));
    }
    for (index, account) in catalog.accounts.indexed() {
        documents.name(&["accounts", account.id.as_str()], move |portal, path| {
            written(&account::Account::of(portal, index), path)
        });
    }
    for (account, found) in &portal.assessment.resources.accounts {
        let id = account.as_ref().map(AccountId::as_str);
        for (number, page) in accounts::resource_pages(id, found).into_iter().enumerate() {
            let account = account.clone();
            let make = move |portal: &Portal<'a>, path: &SitePath| {
                written(&accounts::Resources::of(portal, account.as_ref(), number), path)
            };
            match number {
                0 => documents.name(&[&page], make),
                _ => documents.add(&[&page], make),
            }
        }
    }
    for (number, name) in portal.whose.names().enumerate() {
        documents.name(&["who", &name], move |portal, path| written(&portal.whose.answers(number), path));
    }
    if crate::render::pages::drift::exists(portal) {
        documents.name(&["drift"], |portal, path| written(&drift::Drift::of(portal), path));
    }
    if !catalog.costs.is_empty() {
        documents.name(&["costs/index"], |portal, path| written(&costs::Costs::of(portal), path));
    }
    for (position, month) in catalog.costs.iter().enumerate() {
        for (number, page) in costs::pages(month).into_iter().enumerate() {
            documents.name(&[&page], move |portal, path| {
                written(&costs::Services::of(portal, position, number), path)
            });
        }
    }
    for (index, service) in catalog.services.indexed() {
        documents.add(&["services", service.id.as_str()], move |portal, path| {
            written(&service::Service::of(portal, index), path)
        });
    }
    for (index, exception) in catalog.exceptions.indexed() {
        documents.add(&["exceptions", &exception.id], move |portal, path| {
            written(&exception::Exception::of(portal.catalog, portal.assessment, index), path)
        });
    }
    let mut named = std::mem::take(&mut documents.named);
    named.sort_unstable();
    documents.add(&["index"], move |portal, path| written(&index::Contents::of(portal, &named), path));
    for (name, schema) in schemas() {
        let make = move |_: &Portal<'a>, path: &SitePath| written(&schema, path);
        let path = Place::Schema(name).path();
        entries.push(Entry::new(path, MediaType::Json, CachePolicy::Revalidate, make));
    }
}

/// The schemas of every document, by name.
pub fn schemas() -> Vec<(&'static str, Schema)> {
    vec![
        ("api-v1-account", schema::<account::Account<'static>>()),
        ("api-v1-accounts", schema::<accounts::Accounts<'static>>()),
        ("api-v1-adoption", schema::<adoption::Adoption<'static>>()),
        ("api-v1-changes", schema::<change::Changes<'static>>()),
        ("api-v1-costs", schema::<costs::Costs<'static>>()),
        ("api-v1-costs-services", schema::<costs::Services<'static>>()),
        ("api-v1-digest", schema::<digest::Digest>()),
        ("api-v1-drift", schema::<drift::Drift<'static>>()),
        ("api-v1-environments", schema::<environments::Environments<'static>>()),
        ("api-v1-evidence", schema::<evidence::Evidence<'static>>()),
        ("api-v1-exception", schema::<exception::Exception<'static>>()),
        ("api-v1-exceptions", schema::<exception::Exceptions<'static>>()),
        ("api-v1-figure", schema::<figure::Figure<'static>>()),
        ("api-v1-framework", schema::<evidence::Framework<'static>>()),
        ("api-v1-golden-path", schema::<golden_path::GoldenPath<'static>>()),
        ("api-v1-index", schema::<index::Contents<'static>>()),
        ("api-v1-metrics", schema::<metric::Metrics<'static>>()),
        ("api-v1-problems", schema::<problem::Problems<'static>>()),
        ("api-v1-resources", schema::<accounts::Resources<'static>>()),
        ("api-v1-scorecard", schema::<scorecard::Scorecard<'static>>()),
        ("api-v1-service", schema::<service::Service<'static>>()),
        ("api-v1-services", schema::<services::Services<'static>>()),
        ("api-v1-team", schema::<team::Team<'static>>()),
        ("api-v1-who", schema::<who::Who<'static>>()),
    ]
}

fn schema<T: JsonSchema>() -> Schema {
    schema_for!(T)
}

/// `document` as compact JSON with a line end.
pub(in crate::render) fn written(document: &impl Serialize, path: &SitePath) -> Result<Vec<u8>, RenderError> {
    let mut bytes = Vec::with_capacity(8 * 1024);
    serde_json::to_writer(&mut bytes, document)
        .map_err(|source| RenderError::Json { path: path.clone(), source })?;
    bytes.push(b'\n');
    Ok(bytes)
}

#[cfg(test)]
mod tests;
