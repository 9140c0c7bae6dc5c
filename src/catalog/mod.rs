//! Catalog: resolves a snapshot and the catalog folder into the organisation, every reference checked.
//!
//! The second of the stage types. Tables are sorted by id and refer to each other by index, so that
//! nothing is looked up by name twice and the order of collection never shows.

pub mod account;
pub mod arn;
mod audience;
pub mod capability;
pub mod configuration;
mod content;
pub mod control;
pub mod cost;
pub mod data_store;
pub mod descriptor;
pub mod draft;
pub mod environment;
pub mod exception;
pub mod expression_text;
mod facts;
pub mod field;
pub mod files;
mod filing;
mod folder;
pub mod foreign;
pub mod free;
pub mod golden_path;
pub mod id;
pub mod ledger;
pub mod lifecycle;
pub mod listings;
mod lookup;
mod meant;
pub mod metric;
pub mod names;
pub mod native;
pub mod nearest;
pub mod origin;
mod outline;
pub mod ownership;
pub mod people;
pub mod policy;
pub mod product;
pub mod reader;
pub mod recognise;
pub mod record;
mod resolve;
pub mod resource;
pub mod rule_test;
pub mod scalar;
pub mod schema;
pub mod scorecard;
pub mod service;
mod service_values;
pub mod table;
pub mod tag_policy;
pub mod team;
#[cfg(test)]
pub(crate) mod testing;
pub mod text_list;
pub mod vocabulary;
pub mod yaml;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::day::{Length, Zone};
use crate::diagnostic::Diagnostics;
use exception::QuietNights;
use field::Sourced;
use files::{Document, FileTable};
use id::{EnvironmentId, ServiceId};
use ledger::Ledger;
use origin::{FileIndex, Origin};
use resource::{Activity, Fact, Resource, TagListing, UntaggedCount};
use table::{Index, Table};
use vocabulary::Vocabulary;

/// The organisation, as of one snapshot and one catalog folder.
#[derive(Debug)]
pub struct Catalog {
    /// The organisation's name.
    pub organisation: Box<str>,
    /// Where the portal will be published, when said.
    pub portal_url: Option<Box<str>>,
    /// Where a day begins.
    pub zone: Zone,
    /// The organisation's words.
    pub vocabulary: Vocabulary,
    /// Gates by name: `scorecard/level`.
    pub gates: Vec<(Box<str>, Box<str>)>,
    /// How long a fact may be used when it does not say.
    pub fact_max_age: Length,
    /// Every file that anything came from.
    pub files: FileTable,
    /// Who answered, what was found, what was left out.
    pub ledger: Ledger,
    /// Services, by id.
    pub services: Table<Service>,
    /// Teams, by id.
    pub teams: Table<Team>,
    /// Golden paths, by id.
    pub golden_paths: Table<Declared<golden_path::GoldenPath>>,
    /// Scorecards, by id.
    pub scorecards: Table<Declared<scorecard::Scorecard>>,
    /// Controls, by id.
    pub controls: Table<Declared<control::Control>>,
    /// Exceptions, by id.
    pub exceptions: Table<Exception>,
    /// Products, by id.
    pub products: Table<Declared<product::Product>>,
    /// Capabilities, by id.
    pub capabilities: Table<Declared<capability::Capability>>,
    /// Environments, by id.
    pub environments: Table<Declared<environment::Environment>>,
    /// Accounts, declared or observed, by id.
    pub accounts: Table<Account>,
    /// Metrics, by id.
    pub metrics: Table<Declared<metric::Metric>>,
    /// Which tags are required.
    pub tag_policy: policy::TagPolicy,
    /// What an exception may be.
    pub exception_policy: policy::ExceptionPolicy,
    /// The file of that policy, when it has mistakes: then nobody knows what it demands, and no exception
    /// waives anything.
    pub exception_policy_misread: Option<Origin>,
    /// Who answers for what.
    pub responsibilities: policy::Responsibilities,
    /// What only a person can state of the platform.
    pub platform: policy::Platform,
    /// Documents that services name, with their text.
    pub documents: Vec<Document>,
    /// Exceptions that excused nothing in the nights before, by id.
    pub quiet: BTreeMap<Arc<str>, QuietNights>,
    /// Tagging listings, by account and region.
    pub tag_listings: Vec<TagListing>,
    /// Tag policies of organisations in AWS, by source.
    pub organisation_policies: Vec<tag_policy::OrganisationPolicies>,
    /// How much of each account carries no tag, by account.
    pub untagged: Vec<UntaggedCount>,
    /// Software templates that repositories hold, by name: perhaps golden paths that nobody described yet.
    pub path_hints: Vec<foreign::PathHint>,
    /// Resources, by ARN.
    pub resources: Vec<Resource>,
    /// What is said of whose they are.
    pub claims: ownership::Claims,
    /// Services, by every name that means them.
    pub service_names: names::Names<Service>,
    /// Teams, likewise.
    pub team_names: names::Names<Team>,
    /// What was told of builds and deployments, by repository.
    pub activities: Vec<Activity>,
    /// What things cost, by month and currency.
    pub costs: Vec<cost::MonthCosts>,
    /// Facts, by subject and name.
    pub facts: Vec<Fact>,
    /// Who belongs to what beside the catalog folder, and whom `CODEOWNERS` names.
    pub people: people::People,
    /// Everything that authors wrote wrong.
    pub diagnostics: Diagnostics,
}

/// A record of the catalog folder that needs nothing but itself.
#[derive(Debug)]
pub struct Declared<T> {
    /// Its id as text: what the table is sorted by.
    pub id: Box<str>,
    /// Where its document begins.
    pub origin: Origin,
    /// What is written.
    pub record: T,
}

/// One service with its references resolved.
#[derive(Debug)]
pub struct Service {
    /// Its id.
    pub id: ServiceId,
    /// Where its document begins.
    pub origin: Origin,
    /// The descriptor.
    pub file: FileIndex,
    /// Number of its document in the file, from 1.
    pub document_number: u32,
    /// What is written, normalised to the flat shape, gaps filled from the repository and from git.
    pub record: service::ServiceRecord,
    /// Where documents of other tools begin that say more of it, in the order of trust.
    pub also: Vec<Origin>,
    /// Other documents with the same id, this one included, when there is more than one. Then no score,
    /// level or tier is published.
    pub conflict: Vec<Claim>,
    /// The owning team, when the catalog has it.
    pub owner: Option<Index<Team>>,
    /// The golden path, when the catalog has it.
    pub golden_path: Option<Index<Declared<golden_path::GoldenPath>>>,
    /// Position of the version in the golden path's list, when it has it.
    pub golden_path_version: Option<usize>,
    /// Whether the first revision of the descriptor in git names the golden path; `None` without git.
    pub created_on_path: Option<Sourced<bool>>,
    /// Where it runs, with details from the catalog's environments.
    pub environments: Vec<Runs>,
    /// What it depends on.
    pub depends_on: Vec<Dependency>,
    /// Services that depend on it.
    pub dependents: Vec<Index<Service>>,
    /// Documents and addresses it names, in the order of the file.
    pub documents: Vec<files::ServiceDocument>,
    /// Its resources: indices in [`Catalog::resources`].
    pub resources: Vec<u32>,
    /// Why its resources are not known, when some listing it needs is missing.
    pub resources_unknown: Option<Box<str>>,
}

/// One document that claims an id that another claims too.
#[derive(Debug, PartialEq, Eq)]
pub struct Claim {
    /// Where it begins.
    pub origin: Origin,
    /// The owner it names.
    pub owner_team: Option<Box<str>>,
}

/// A place where a service runs.
#[derive(Debug, PartialEq)]
pub struct Runs {
    /// The environment's name, when it has one.
    pub name: Option<EnvironmentId>,
    /// The catalog's record of it.
    pub environment: Option<Index<Declared<environment::Environment>>>,
    /// The account, from the record or the environment.
    pub account: Option<Sourced<id::AccountId>>,
    /// The region, likewise.
    pub region: Option<Sourced<Box<str>>>,
    /// Its last day, likewise.
    pub expires_at: Option<Sourced<crate::day::Day>>,
}

/// What a service depends on.
#[derive(Debug, PartialEq)]
pub struct Dependency {
    /// What it is called.
    pub name: Box<str>,
    /// Service, resource or external.
    pub target: DependencyTarget,
    /// Whether it works without; hard when not said.
    pub kind: service::DependencyKind,
    /// Where it says so.
    pub origin: Origin,
}

/// What a dependency points at.
#[derive(Debug, PartialEq, Eq)]
pub enum DependencyTarget {
    /// A service of the catalog.
    Service(Index<Service>),
    /// A service the catalog does not have.
    Missing,
    /// A resource.
    Resource,
    /// Something outside.
    External,
}

/// One team with its relations.
#[derive(Debug)]
pub struct Team {
    /// Its id.
    pub id: id::TeamId,
    /// Where its document begins.
    pub origin: Origin,
    /// What is written.
    pub record: team::Team,
    /// The team it is part of.
    pub parent: Option<Index<Team>>,
    /// Teams that are part of it.
    pub children: Vec<Index<Team>>,
    /// Services it owns.
    pub services: Vec<Index<Service>>,
}

/// One exception with its references resolved.
#[derive(Debug)]
pub struct Exception {
    /// Its id; of unreadable ones the file name.
    pub id: Box<str>,
    /// Where its document begins.
    pub origin: Origin,
    /// The file.
    pub file: FileIndex,
    /// What is written.
    pub record: exception::Exception,
    /// The service, when the catalog has it.
    pub service: Option<Index<Service>>,
    /// The control, when the catalog has it.
    pub control: Option<Index<Declared<control::Control>>>,
    /// The day it was asked for: as written, else the file's first commit.
    pub requested_at: Option<Sourced<crate::day::Day>>,
    /// Each later end in the history of the file.
    pub extensions: Vec<Extension>,
    /// Who reviewed the change that gave it its present terms.
    pub code_reviews: exception::CodeReviews,
}

/// An end that was moved.
#[derive(Debug, PartialEq, Eq)]
pub struct Extension {
    /// The author of the commit, as git records it.
    pub by: Box<str>,
    /// The day of the commit.
    pub at: crate::day::Day,
    /// The end before.
    pub from: crate::day::Day,
    /// The end after.
    pub to: crate::day::Day,
    /// The commit.
    pub commit: Box<str>,
}

/// One account, declared, observed or both.
#[derive(Debug)]
pub struct Account {
    /// Twelve digits.
    pub id: id::AccountId,
    /// What the catalog folder says.
    pub declared: Option<Declared<account::Account>>,
    /// What AWS Organizations says.
    pub observed: Option<crate::collect::snapshot::ObservedAccount>,
    /// The team that answers for it.
    pub owner: Option<Index<Team>>,
}
