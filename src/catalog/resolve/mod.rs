//! Resolve: a snapshot and a catalog folder become a [`Catalog`], every reference checked. Pure,
//! synchronous and deterministic: the same input in any order gives the same catalog.
//!
//! [`filing`](super::filing) gives every file its index; the folder and the descriptors are read into records; records
//! become tables; references between tables are resolved; what is wrong is placed at the end.

mod accounts;
mod activity;
mod costs;
mod created;
mod declared;
mod descriptors;
mod documents;
mod exceptions;
mod foreign;
mod gaps;
mod keeping;
mod ledger;
mod merging;
mod names;
mod observed;
mod owners;
mod people;
mod references;
mod remarks;
mod resources;
mod retired;
mod scorecards;
mod secrets;
mod services;
mod similar;
mod teams;
mod terms;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::configuration::Configuration;
use super::exception::QuietNights;
use super::filing::Filing;
use super::folder::{self, Raw};
use super::golden_path::{GoldenPath, VersionChange};
use super::origin::Origin;
use super::ownership::Claims;
use super::policy::{ExceptionPolicy, Platform, Responsibilities, TagPolicy};
use super::table::Table;
use super::tag_policy::OrganisationPolicies;
use super::{Catalog, Declared, yaml};
use crate::collect::snapshot::{self, CatalogFolder, Snapshot};
use crate::day::Day;
use crate::diagnostic::{Diagnostics, codes};
use crate::settings::Format;
use foreign::Said;
use names::Register;
use owners::Owners;
use references::Registers;
use remarks::Remarks;

impl Catalog {
    /// Resolves what was collected against the catalog folder.
    pub fn resolve(snapshot: &Snapshot, folder: &CatalogFolder, configuration: &Configuration) -> Self {
        let mut filing = Filing::new(snapshot, folder, |name| configuration.place_of(name));
        let vocabulary = configuration.words();
        let zone = configuration.zone();
        let limits = yaml::Limits::from(configuration.run_limits());
        let mut diagnostics = Diagnostics::default();
        let mut remarks = Remarks::default();

        let sources: Vec<&str> =
            configuration.sources.values().filter_map(|source| Some(&**source.path.value()?)).collect();
        folder::misnamed(folder, &sources, &mut diagnostics);
        let mut records =
            folder::read(&filing, &sources, &vocabulary, limits.for_catalog_folder(), &mut diagnostics);
        let formats = configuration.formats();
        let mut read = descriptors::read(&filing, &vocabulary, (limits, formats), &mut diagnostics);
        let owners = Owners::read(&filing, &mut diagnostics);
        filing.table.set_formats(&merging::formats(&read.described, &read.foreign));
        owners.files().for_each(|file| filing.table.set_format(file, Format::Codeowners));
        let mut ledger = {
            let looked_at = formats.has(Format::Codeowners).then_some(&owners);
            ledger::resolve(snapshot, &filing, &mut read, looked_at, &mut diagnostics)
        };
        ledger::refused(&folder.repository, &mut diagnostics);
        let mut described = merging::merge(read.described, &filing, &mut remarks);
        let said = Said::of(read.said);
        let path_hints = said.join(&mut records, &mut described, &filing, &mut remarks);
        owners.propose(&mut described, &filing);
        for document in &mut described {
            gaps::fill(document, &filing, &zone, &mut remarks);
        }

        let scorecards = scorecards::resolve(records.scorecards, &filing, &mut remarks);
        let metrics: Table<Declared<_>> = declared::table(records.metrics, &filing, &mut remarks);
        let mut registers = Registers {
            teams: teams::resolve(records.teams, &filing, &mut remarks),
            services: services::resolve(described, &filing, &mut remarks),
            golden_paths: Register::new(
                declared::table(records.golden_paths, &filing, &mut remarks),
                "golden path",
                &codes::UNKNOWN_GOLDEN_PATH,
                "write the id of a golden path in `golden-paths/`",
            ),
            controls: Register::new(
                declared::table(records.controls, &filing, &mut remarks),
                "control",
                &codes::UNKNOWN_CONTROL,
                "write the id of a control in `controls/`",
            ),
            products: Register::new(
                declared::table(records.products, &filing, &mut remarks),
                "product",
                &codes::UNKNOWN_PRODUCT,
                "write the id of a product in `products/`",
            ),
            capabilities: Register::new(
                declared::table(records.capabilities, &filing, &mut remarks),
                "capability",
                &codes::UNKNOWN_CAPABILITY,
                "write the id of a capability in `capabilities.yaml`",
            ),
            environments: Register::new(
                declared::table(records.environments, &filing, &mut remarks),
                "environment",
                &codes::UNKNOWN_ENVIRONMENT,
                "write the id of an environment in `environments/`, or say its account and region here",
            ),
            accounts: accounts::resolve(records.accounts, snapshot, &filing, &mut remarks),
        };
        registers.services(&vocabulary, &mut remarks);
        owners.compare(&registers, &filing, &mut remarks);
        registers.catalog_folder(metrics.rows(), &vocabulary, &mut remarks);
        versions(&registers.golden_paths.table, &mut remarks);
        scorecards::controls(&scorecards, &mut registers, &mut remarks);
        scorecards::gates(configuration, &scorecards, &mut remarks);
        scorecards::attestations(&scorecards, &registers, &mut remarks);
        retired::flag(&registers, &mut remarks);
        similar::suggest(&registers, &mut remarks);

        let around = exceptions::Surroundings {
            filing: &filing,
            scorecards: &scorecards,
            zone: &zone,
            limits: limits.for_catalog_folder(),
            reviews: &snapshot.reviews,
        };
        let exceptions = exceptions::resolve(
            records.exceptions,
            &records.unreadable_exceptions,
            &around,
            &mut registers,
            &mut remarks,
        );

        let mut tag_policy: TagPolicy = only(records.tag_policies, &mut remarks);
        scorecards::tag_fields(&tag_policy, &mut remarks);
        tag_policy.fill();
        // A second file is as good as a mistake in the first: nobody knows which one is meant.
        let second = records.exception_policies.get(1).map(|raw| raw.origin());
        let exception_policy_misread = records.misread_exception_policy.map(Origin::Document).or(second);
        let mut exception_policy: ExceptionPolicy = only(records.exception_policies, &mut remarks);
        exception_policy.fill();
        exceptions::provable(&exception_policy, configuration, &mut remarks);
        let responsibilities: Responsibilities = only(records.responsibilities, &mut remarks);
        let platform: Platform = only(records.platforms, &mut remarks);

        let (services, names) = (&registers.services.table, &registers.services.names);
        let accounts = &registers.accounts.table;
        let claims = Claims::of(&tag_policy, (services, names), accounts, &filing.table);
        let longest = configuration.fact_max_age();
        let (tag_listings, resources) = resources::resolve(snapshot, &claims, longest, &mut registers);
        let superseded = resources::notes(snapshot, longest);
        superseded.into_iter().for_each(|(source, note)| ledger.note(source, note));
        let asked = snapshot.tag_policies.iter();
        let policies = |listing| OrganisationPolicies::of(listing, snapshot.collected_at, longest);
        let organisation_policies = asked.map(policies).collect();
        let services = &mut registers.services.table;
        created::resolve(services, &filing, &vocabulary, limits);
        let documents = documents::resolve(services, &filing, &vocabulary, &mut remarks, &mut diagnostics);
        let max_age = configuration.fact_max_age();
        let told = activity::resolve(snapshot, &filing, &ledger, &registers.services.table, max_age);
        let activities = told.activities;
        told.notes.into_iter().for_each(|(source, note)| ledger.note(&source, note));
        let names = &registers.services.names;
        let costs = costs::resolve(&snapshot.costs, &tag_policy, &claims, names);
        let mut told_facts = told.facts;
        told_facts.extend(costs::facts(&costs, &registers.services.table));
        let facts = observed::facts(
            told_facts,
            configuration,
            &filing,
            &mut registers,
            &mut remarks,
            &mut diagnostics,
        );

        let people = people::resolve(snapshot, &filing, &owners);
        remarks.place(&filing, &mut diagnostics);
        secrets::report(&filing, snapshot, &mut diagnostics);
        diagnostics.sort();
        Self {
            organisation: configuration
                .organisation
                .name
                .value()
                .cloned()
                .unwrap_or_else(|| Box::from(&*folder.repository.name)),
            portal_url: configuration.organisation.portal_url.value().cloned(),
            zone,
            vocabulary,
            gates: configuration
                .gates
                .entries
                .iter()
                .map(|(name, gate)| (name.clone(), gate.value.clone()))
                .collect(),
            fact_max_age: configuration.fact_max_age(),
            files: filing.table,
            ledger,
            services: registers.services.table,
            teams: registers.teams.table,
            golden_paths: registers.golden_paths.table,
            scorecards,
            controls: registers.controls.table,
            exceptions,
            products: registers.products.table,
            capabilities: registers.capabilities.table,
            environments: registers.environments.table,
            accounts: registers.accounts.table,
            metrics,
            tag_policy,
            exception_policy,
            exception_policy_misread,
            responsibilities,
            platform,
            documents,
            path_hints,
            quiet: quiet(&snapshot.quiet),
            tag_listings,
            organisation_policies,
            untagged: resources::untagged(snapshot, longest),
            resources,
            claims,
            service_names: registers.services.names,
            team_names: registers.teams.names,
            activities,
            costs,
            facts,
            people,
            diagnostics,
        }
    }
}

/// What the nights before said of exceptions; a record without days says nothing.
fn quiet(records: &[snapshot::Quiet]) -> BTreeMap<Arc<str>, QuietNights> {
    let nights = |record: &snapshot::Quiet| {
        let (since, last) = (Day::parse(&record.since)?, Day::parse(&record.last)?);
        Some((Arc::clone(&record.exception), QuietNights { since, last, nights: record.nights }))
    };
    records.iter().filter_map(nights).collect()
}

/// The one record of a kind that the folder holds once; reports any other.
fn only<T: Default>(raws: Vec<Raw<T>>, remarks: &mut Remarks) -> T {
    let mut raws = raws.into_iter();
    let first = raws.next();
    for other in raws {
        let message = "a second file with this policy";
        remarks.add(
            &codes::DUPLICATE_ID,
            other.origin(),
            "",
            message,
            "merge both files; this one is not used",
        );
    }
    first.map(|raw| raw.record).unwrap_or_default()
}

/// Reports versions that change much and say nothing about how to come over.
fn versions(golden_paths: &Table<Declared<GoldenPath>>, remarks: &mut Remarks) {
    for Declared { id, record, .. } in golden_paths.iter() {
        for version in &record.versions.items {
            let Some(change) = version.value.change.sourced() else { continue };
            let demands = matches!(change.value, VersionChange::Major | VersionChange::Breaking);
            if demands && version.value.migration.is_absent() {
                let number = version.value.version.value().map_or("", |number| number);
                let change_word = change.value.word();
                let message = format!("version `{number}` of `{id}` is {change_word} and has no `migration`");
                let help = "say how services on the version before come over";
                remarks.add(&codes::VERSION_WITHOUT_MIGRATION, change.origin, change_word, message, help);
            }
        }
    }
}
