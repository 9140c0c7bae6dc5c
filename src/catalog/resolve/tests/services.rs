//! Services: gaps, conflicts, places they run in, documents, how they were created.

use super::of_service;
use crate::catalog::field::Sourced;
use crate::catalog::files::LeadsTo;
use crate::catalog::origin::Origin;
use crate::catalog::service::ExposureType;
use crate::catalog::testing::{Organisation, of_code};
use crate::catalog::{Catalog, Service};

fn service<'a>(catalog: &'a Catalog, id: &str) -> &'a Service {
    catalog.services.by_id(id).expect("the service")
}

#[test]
fn gaps_are_filled_from_what_is_known_anyway() {
    let text = "serviceId: quote\ninternetFacing: true\n";
    let catalog = Organisation::default()
        .descriptor("org/shop", "services/quote/service.yaml", text)
        .first_revision("2025-03-10", text)
        .resolve();
    let record = &service(&catalog, "quote").record;
    let file = service(&catalog, "quote").file;
    let of = |field: &crate::catalog::field::Field<Box<str>>| field.sourced().cloned();
    let sourced = |value: &str, origin| Some(Sourced { value: Box::from(value), origin });
    assert_eq!(of(&record.repository), sourced("org/shop", Origin::Repository(file)));
    assert_eq!(of(&record.path), sourced("services/quote", Origin::Document(file)));
    let created = record.lifecycle.created_at.sourced().expect("from git");
    assert_eq!((created.value.to_string().as_str(), created.origin), ("2025-03-10", Origin::History(file)));
    let exposure = record.exposure.exposure_type.sourced().expect("from internetFacing");
    assert_eq!(exposure.value, ExposureType::Public);
    assert_eq!(Some(exposure.origin), record.internet_facing.origin());
}

#[test]
fn what_is_written_is_never_replaced() {
    let text = "serviceId: quote\nrepository: org/other\npath: there\ninternetFacing: false\n\
                lifecycle: {createdAt: 2020-01-01}\n";
    let catalog = Organisation::default()
        .descriptor("org/shop", "service.yaml", text)
        .first_revision("2025-03-10", text)
        .resolve();
    let record = &service(&catalog, "quote").record;
    assert_eq!(record.repository.value().map(|text| &**text), Some("org/other"));
    assert_eq!(record.path.value().map(|text| &**text), Some("there"));
    assert_eq!(record.lifecycle.created_at.value().map(ToString::to_string).as_deref(), Some("2020-01-01"));
    assert!(record.exposure.exposure_type.is_absent(), "`false` alone says only \"not public\"");
}

#[test]
fn two_claims_of_one_id_are_one_service_in_conflict() {
    let organisation = Organisation::default()
        .descriptor("b", "service.yaml", "serviceId: quote\nownerTeam: second\n")
        .descriptor("a", "z/service.yaml", "serviceId: quote\nownerTeam: first\n---\nserviceId: quote\n");
    let catalog = organisation.resolve();
    assert_eq!(catalog.services.len(), 1);
    let owners: Vec<Option<&str>> =
        service(&catalog, "quote").conflict.iter().map(|claim| claim.owner_team.as_deref()).collect();
    assert_eq!(owners, [Some("first"), None, Some("second")]);
    assert_eq!(of_code(&catalog, "service-conflict").len(), 3);
    assert_eq!(format!("{catalog:?}"), format!("{:?}", organisation.shuffled(7).resolve()));
}

fn places(catalog: &Catalog, id: &str) -> Vec<String> {
    let place = |runs: &crate::catalog::Runs| {
        format!(
            "{} {} {} {}",
            runs.name.as_ref().map_or("-", |name| name.as_str()),
            runs.account.as_ref().map_or("-", |account| account.value.as_str()),
            runs.region.as_ref().map_or("-", |region| &region.value),
            runs.expires_at.as_ref().map_or("-".to_owned(), |day| day.value.to_string()),
        )
    };
    service(catalog, id).environments.iter().map(place).collect()
}

#[test]
fn the_places_a_service_runs_in_are_completed() {
    let environment = "environmentId: load\naccountId: \"222222222222\"\nregion: eu-west-1\n\
                       createdAt: 2026-11-01\nlifetime: 14d\n";
    let catalog = Organisation::default()
        .catalog("environments/load.yaml", environment)
        .descriptor(
            "a",
            "service.yaml",
            &of_service("a", "environments: [load, prod]\naccountId: \"333333333333\"\nregion: us-east-1\n"),
        )
        .descriptor("b", "service.yaml", &of_service("b", "accountId: \"333333333333\"\n"))
        .descriptor(
            "c",
            "service.yaml",
            &of_service("c", "environments: [{name: load, expiresAt: 2026-12-24, region: eu-north-1}]\n"),
        )
        .descriptor("d", "service.yaml", &of_service("d", ""))
        .resolve();
    assert_eq!(
        places(&catalog, "a"),
        ["load 222222222222 eu-west-1 2026-11-15", "prod 333333333333 us-east-1 -"]
    );
    assert_eq!(places(&catalog, "b"), ["- 333333333333 - -"]);
    assert_eq!(places(&catalog, "c"), ["load 222222222222 eu-north-1 2026-12-24"]);
    assert!(places(&catalog, "d").is_empty());
}

#[test]
fn links_lead_to_documents_to_addresses_or_to_nothing() {
    let links = "links:\n  runbook: docs/runbook.md\n  adr: [docs/a.md, docs/runbook.md#top]\n  \
                 dashboard: https://example.com/d\n  readiness: ../../outside.md\n";
    let catalog = Organisation::default()
        .descriptor("a", "s/service.yaml", &of_service("a", links))
        .document("a", "s/docs/runbook.md", "# Run\n\nRestart it when it no longer answers.\n")
        .document("b", "s/docs/a.md", "# Of another repository\n")
        .resolve();
    let leads: Vec<(&str, LeadsTo)> = service(&catalog, "a")
        .documents
        .iter()
        .map(|document| (&*document.link, document.leads_to.clone()))
        .collect();
    assert_eq!(
        leads,
        [
            ("runbook", LeadsTo::Document(0)),
            ("adr", LeadsTo::Nothing),
            ("adr", LeadsTo::Document(0)),
            ("dashboard", LeadsTo::Address),
            ("readiness", LeadsTo::Nothing),
        ]
    );
    let runbook = &catalog.documents[0];
    assert_eq!((&*runbook.title, runbook.words, runbook.written), ("Run", 7, true));
    assert_eq!(catalog.documents.len(), 1, "nobody names the other");
    assert_eq!(of_code(&catalog, "missing-document").len(), 1);
    assert_eq!(of_code(&catalog, "outside-document").len(), 1);
}

#[test]
fn created_on_the_path_is_what_the_first_revision_says() {
    let now = of_service("quote", "goldenPath: http@3\n");
    let created = |first: &str| {
        let organisation = Organisation::default().descriptor("a", "service.yaml", &now);
        let catalog = organisation.first_revision("2025-01-01", first).resolve();
        service(&catalog, "quote").created_on_path.as_ref().map(|sourced| sourced.value)
    };
    assert_eq!(created(&now), Some(true));
    assert_eq!(created("serviceId: quote\ngoldenPath: http@1\n"), Some(true), "any version");
    assert_eq!(created("serviceId: quote\ngoldenPath: other@1\n"), Some(false));
    assert_eq!(created("serviceId: quote\n"), Some(false));
    assert_eq!(created("serviceId: former\ngoldenPath: http@1\n"), Some(true), "renamed since");
    assert_eq!(created("serviceId: b\n---\nserviceId: c\n"), None, "it was not there yet");
    let without_git = Organisation::default().descriptor("a", "service.yaml", &now).resolve();
    assert_eq!(service(&without_git, "quote").created_on_path, None);
}
