//! What resolve promises, on small organisations and on the example.

mod acceptance;
mod activity;
mod exceptions;
mod merging;
mod observed;
mod references;
mod services;

use crate::catalog::ledger::RepositoryClass;
use crate::catalog::testing::{Organisation, of_code};
use crate::collect::snapshot::{Content, FileRole};

fn of_service(id: &str, rest: &str) -> String {
    format!("serviceId: {id}\nownerTeam: web\n{rest}")
}

#[test]
fn the_order_of_collection_does_not_show() {
    let organisation = Organisation::example().listing(
        "012345678901",
        "eu-central-1",
        Ok(&[("arn:aws:s3:::labels", &[("Service", "parcel-quote")])]),
    );
    let there = organisation.resolve();
    assert!(there.services.len() > 20, "the example lost its services");
    let there = format!("{there:?}");
    for seed in 1..8 {
        assert!(format!("{:?}", organisation.clone().shuffled(seed).resolve()) == there, "seed {seed}");
    }
}

#[test]
fn every_repository_is_in_one_class() {
    let catalog = Organisation::example()
        .document("only-documents", "README.md", "# Nothing")
        .descriptor("kubernetes", "service.yaml", "apiVersion: v1\nkind: Service\n")
        .descriptor("broken", "service.yaml", "serviceId: [")
        .resolve();
    let of = |class| catalog.ledger.repositories.iter().filter(|row| row.class == class).count();
    let sum: usize = [
        RepositoryClass::WithDescriptor,
        RepositoryClass::WithoutDescriptor,
        RepositoryClass::Excluded,
        RepositoryClass::Unreadable,
    ]
    .into_iter()
    .map(of)
    .sum();
    assert_eq!(sum, catalog.ledger.repositories.len());
    let services: usize = catalog.ledger.repositories.iter().map(|row| row.services).sum();
    let claims: usize = catalog.services.iter().map(|service| service.conflict.len().max(1)).sum();
    assert_eq!(services, claims);
}

#[test]
fn a_descriptor_that_cannot_be_read_is_listed_and_costs_only_itself() {
    let catalog = Organisation::default()
        .descriptor("web", "service.yaml", "serviceId: [\n---\nserviceId: quote\n---\nserviceId: Not An Id\n")
        .file("web", "large/service.yaml", FileRole::Descriptor, Content::TooLarge { limit: 10 })
        .resolve();
    assert_eq!(catalog.services.ids().collect::<Vec<_>>(), ["quote"]);
    let unreadable: Vec<u32> =
        catalog.ledger.unreadable.iter().map(|document| document.document_number).collect();
    assert_eq!(unreadable, [0, 1, 3]);
    assert_eq!(catalog.ledger.repositories[0].class, RepositoryClass::WithDescriptor);
    assert_eq!(of_code(&catalog, "file-too-large").len(), 1);
}
