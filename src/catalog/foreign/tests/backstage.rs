//! Entities of Backstage, with the traits that public files show.

use super::{catalog, check, not_carried};
use crate::catalog::foreign::Format;
use crate::catalog::testing::of_code;

#[test]
fn a_component_of_backstage_is_a_service() {
    let text = "\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: Parcel_Quote
  title: Parcel quote
  description: Prices a parcel.
  annotations:
    github.com/project-slug: https://github.com/acme/parcels
    backstage.io/techdocs-ref: dir:.
    pagerduty.com/service-id: P1
    pagerduty.com/integration-key: not-to-be-shown
    aws.amazon.com/amazon-ecs-service-arn: arn:aws:ecs:eu-central-1:012345678901:service/main/quote
  labels: {tier: gold}
  tags: [java, pci-dss:no]
  links:
    - {url: https://wiki.example.com/run, title: Runbook, icon: docs}
spec:
  type: service
  lifecycle: experimental
  owner: group:acme/checkout
  system: shop
  dependsOn: [component:default/Tariff_Book, resource:quotes, api:rates, tariff-board]
  providesApis: [quote-api]
  subcomponentOf: parcels
";
    let catalog = catalog("catalog-info.yaml", text);
    check(
        &catalog,
        "parcel_quote",
        &[
            ("displayName", "Parcel quote"),
            ("description", "Prices a parcel."),
            ("repository", "acme/parcels"),
            ("onCall", "P1"),
            ("accountId", "012345678901"),
            ("region", "eu-central-1"),
            ("labels.tier", "gold"),
            ("labels.java", "true"),
            ("labels.pci-dss", "no"),
            ("labels.backstage-type", "service"),
            ("links.runbook", "https://wiki.example.com/run"),
            ("type", "http-service"),
            ("lifecycle.state", "development"),
            ("ownerTeam", "acme/checkout"),
            ("product", "shop"),
            ("dependsOn", "service tariff_book, resource quotes, service tariff-board"),
            ("consumesApis", "rates"),
            ("providesApis", "quote-api"),
        ],
    );
    assert_eq!(
        not_carried(&catalog),
        [
            "metadata.annotations.backstage.io/techdocs-ref",
            "metadata.annotations.pagerduty.com/integration-key",
            "metadata.links[0].icon",
            "spec.subcomponentOf"
        ]
    );
    assert_eq!(catalog.diagnostics.len(), 2, "two services that nobody describes: {:?}", catalog.diagnostics);
}

#[test]
fn every_value_keeps_its_place_and_says_which_tool_it_is_from() {
    let text = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: quote\nspec:\n  type: service\n  lifecycle: production\n  owner: checkout\n";
    let catalog = catalog("catalog-info.yaml", text);
    let service = catalog.services.iter().next().expect("a service");
    let owner = service.record.owner_team.sourced().expect("an owner");
    let place = catalog.files.place(owner.origin).expect("a place");
    assert_eq!((place.line, place.column, &*place.quote), (8, 10, "  owner: checkout"));
    assert_eq!(catalog.files.format(owner.origin), Some(Format::Backstage));
}

#[test]
fn owners_of_backstage_are_teams_or_people() {
    for (owner, team, person) in [
        ("checkout", "checkout", "absent"),
        ("group:default/checkout", "checkout", "absent"),
        ("Group:acme/checkout", "acme/checkout", "absent"),
        ("user:mira", "absent", "mira"),
        ("mira@parcels.example", "absent", "mira@parcels.example"),
        ("Checkout Team", "Checkout Team", "absent"),
    ] {
        let text = format!(
            "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {{name: a}}\nspec: {{owner: '{owner}'}}\n"
        );
        let catalog = catalog("catalog-info.yml", &text);
        check(&catalog, "a", &[("ownerTeam", team), ("technicalOwner", person)]);
    }
}

#[test]
fn groups_systems_and_domains_become_what_we_call_them() {
    let text = "\
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: Checkout, namespace: acme, annotations: {github.com/team-slug: acme/checkout-devs}}
spec: {type: team, children: [], parent: shop, profile: {displayName: Checkout}, members: [user:mira]}
---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: shop}
spec: {type: department, children: [checkout]}
---
apiVersion: backstage.io/v1alpha1
kind: User
metadata: {name: jo}
spec: {memberOf: [acme/checkout], profile: {displayName: Jo Doe, email: jo@parcels.example}}
---
apiVersion: backstage.io/v1alpha1
kind: System
metadata: {name: web-shop}
spec: {owner: checkout, domain: selling}
---
apiVersion: backstage.io/v1alpha1
kind: Domain
metadata: {name: selling, title: Selling}
spec: {owner: checkout}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: quote}
spec: {owner: 'group:acme/checkout', system: web-shop, lifecycle: production, type: service}
";
    let catalog = catalog("catalog-info.yaml", text);
    let team = &catalog.teams[catalog.teams.find("checkout").expect("a team")];
    let members: Vec<&str> = team.record.members.values().map(|member| &**member).collect();
    assert_eq!(members, ["mira", "jo"]);
    assert_eq!(team.parent.map(|parent| catalog.teams[parent].id.to_string()).as_deref(), Some("shop"));
    assert_eq!(team.services.len(), 1, "the owner is found by its namespace");
    assert!(catalog.products.find("web-shop").is_some() && catalog.capabilities.find("selling").is_some());
    check(&catalog, "quote", &[("businessCapability", "selling")]);
    assert!(catalog.diagnostics.is_empty(), "{:?}", catalog.diagnostics);
    assert!(!format!("{:?}", catalog.teams).contains("Jo Doe"), "profiles of people stay where they are");
}

#[test]
fn templates_of_a_scaffolder_are_hints_and_skeletons_are_nothing() {
    let text = "\
apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata: {name: http-service, title: An HTTP service}
spec: {owner: platform, type: service, steps: [{input: {name: '${{ parameters.name }}'}}]}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: '${{ values.name }}'}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: $SERVICE}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: <name_of_a_component>}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: alerts, description: 'fires for {{ $labels.service }}'}
";
    let catalog = catalog("catalog-info.yaml", text);
    assert_eq!(catalog.services.ids().collect::<Vec<_>>(), ["alerts"]);
    assert_eq!(catalog.path_hints.len(), 1);
    assert_eq!(&*catalog.path_hints[0].name.value, "http-service");
    assert_eq!(catalog.ledger.skipped.len(), 3);
    assert!(catalog.ledger.unreadable.is_empty());
}

#[test]
fn a_misspelt_kind_is_told_and_one_of_an_organisation_is_not() {
    let of = |kind: &str| {
        let text = format!("apiVersion: backstage.io/v1alpha1\nkind: {kind}\nmetadata: {{name: quote}}\n");
        catalog("catalog-info.yaml", &text)
    };
    for (kind, services, said) in
        [("Componnent", 0, 1), ("component", 1, 0), ("AiResource", 0, 0), ("resource", 0, 0), ("Grid", 0, 0)]
    {
        let catalog = of(kind);
        assert_eq!(catalog.services.len(), services, "{kind}");
        assert_eq!(of_code(&catalog, "unknown-word").len(), said, "{kind}");
    }
}
