//! What sources observed: listings, resources, accounts, facts.

use super::of_service;
use crate::catalog::Catalog;
use crate::catalog::resource::FactValue;
use crate::catalog::testing::{Organisation, of_code};

const PROD: &str = "accountId: \"012345678901\"\nregion: eu-central-1\n";

/// Resources by ARN with the service they were given to.
fn given(catalog: &Catalog) -> Vec<(&str, &str)> {
    let owner = |resource: &crate::catalog::resource::Resource| {
        resource.service.map_or("-", |service| catalog.services[service].id.as_str())
    };
    catalog.resources.iter().map(|resource| (&*resource.arn, owner(resource))).collect()
}

#[test]
fn resources_go_to_the_service_that_their_tag_names_then_to_who_declares_them() {
    let store =
        "dataStores: [{name: x, arn: \"arn:aws:s3:::declared\"}, {name: y, arn: \"arn:aws:s3:::shared\"}]\n";
    let catalog = Organisation::default()
        .catalog("policy/tags.yaml", "required: [{key: Service, from: serviceId, aliases: [app]}]\n")
        .descriptor("a", "service.yaml", &of_service("quote", &format!("aliases: [price]\n{PROD}")))
        .descriptor("b", "service.yaml", &of_service("book", store))
        .descriptor(
            "c",
            "service.yaml",
            &of_service("other", "dataStores: [{name: y, arn: \"arn:aws:s3:::shared\"}]\n"),
        )
        .listing(
            "012345678901",
            "eu-central-1",
            Ok(&[
                ("arn:aws:s3:::by-tag", &[("Service", "quote")]),
                ("arn:aws:s3:::by-former-id", &[("Service", " price ")]),
                ("arn:aws:s3:::by-alias-key", &[("app", "quote")]),
                ("arn:aws:s3:::declared", &[("Service", "nobody")]),
                ("arn:aws:s3:::shared", &[]),
                ("arn:aws:s3:::wrong-case", &[("SERVICE", "quote")]),
            ]),
        )
        .resolve();
    assert_eq!(
        given(&catalog),
        [
            ("arn:aws:s3:::by-alias-key", "quote"),
            ("arn:aws:s3:::by-former-id", "quote"),
            ("arn:aws:s3:::by-tag", "quote"),
            ("arn:aws:s3:::declared", "book"),
            ("arn:aws:s3:::shared", "-"),
            ("arn:aws:s3:::wrong-case", "quote"),
        ]
    );
    let quote = catalog.services.by_id("quote").expect("there");
    assert_eq!(quote.resources, [0, 1, 2, 5]);
    let bucket = &catalog.resources[0];
    assert_eq!(&*bucket.resource_type, "s3:bucket");
    assert_eq!(bucket.account.as_ref().map(|id| id.as_str()), Some("012345678901"), "the calling account");
    assert_eq!(&*bucket.region, "eu-central-1");
}

#[test]
fn a_resource_in_several_listings_is_one() {
    let queue = "arn:aws:sqs:eu-central-1:012345678901:labels";
    let catalog = Organisation::default()
        .listing("012345678901", "eu-central-1", Ok(&[(queue, &[("Service", "home")])]))
        .listing("012345678901", "eu-west-1", Ok(&[(queue, &[("Service", "away")])]))
        .listing("012345678901", "ap-south-1", Ok(&[(queue, &[])]))
        .resolve();
    assert_eq!(catalog.resources.len(), 1);
    assert_eq!(&*catalog.resources[0].tags[0].1, "home", "the listing of its own region tells most");
}

#[test]
fn resources_are_not_known_where_nobody_looked() {
    let why = |listings: &[(&str, &str, Option<&str>)], rest: &str| {
        let mut organisation =
            Organisation::default().descriptor("a", "service.yaml", &of_service("a", rest));
        for (account, region, refusal) in listings {
            organisation = organisation.listing(account, region, refusal.map_or(Ok(&[]), Err));
        }
        let catalog = organisation.resolve();
        catalog.services.rows()[0].resources_unknown.as_deref().map(str::to_owned)
    };
    let (own, other) = ("012345678901", "109876543210");
    assert_eq!(why(&[(own, "eu-central-1", None)], PROD), None);
    assert_eq!(why(&[(own, "eu-central-1", None)], ""), None, "it declares no place");
    assert_eq!(why(&[(own, "eu-west-1", None)], &format!("accountId: \"{own}\"\n")), None);
    for (listings, rest) in [
        (&[][..], PROD),
        (&[(other, "eu-central-1", None)][..], PROD),
        (&[(own, "eu-west-1", None)][..], PROD),
        (&[(own, "eu-central-1", Some("AccessDenied"))][..], PROD),
        (&[(own, "eu-west-1", Some("AccessDenied"))][..], "accountId: \"012345678901\"\n"),
    ] {
        assert!(why(listings, rest).is_some(), "{listings:?}");
    }
}

fn facts(catalog: &Catalog) -> Vec<(&str, &str, &FactValue, u64)> {
    let row = |fact: &'_ crate::catalog::resource::Fact| fact.max_age.seconds() / 3600;
    catalog.facts.iter().map(|fact| (&*fact.subject, &*fact.name, &fact.value, row(fact))).collect()
}

#[test]
fn facts_come_from_json_and_from_csv() {
    let catalog = Organisation::default()
        .configured("facts: {maxAge: 12h}\n")
        .facts("a.json", "[{\"subject\": \"service:quote\", \"fact\": \"tested\", \"value\": true, \"observedAt\": \"2026-11-20T04:00:00Z\"},\n {\"subject\": \"service:quote\", \"fact\": \"note\", \"value\": \"7\", \"observedAt\": \"2026-11-20\", \"maxAge\": \"30d\"}]\n")
        .facts("b.csv", "subject,fact,value,observedAt,maxAge,source\nservice:quote,findings,3,2026-11-20,,scan\nservice:quote,\"a, b\",text,2026-11-20,1d,\n")
        .resolve();
    assert_eq!(
        facts(&catalog),
        [
            ("service:quote", "a, b", &FactValue::Text("text".into()), 24),
            ("service:quote", "findings", &FactValue::Number(3.0), 12),
            ("service:quote", "note", &FactValue::Text("7".into()), 720),
            ("service:quote", "tested", &FactValue::Bool(true), 12),
        ]
    );
    assert_eq!(&*catalog.facts[1].source, "scan");
    assert_eq!(&*catalog.facts[3].source, "facts");
    let place = catalog.files.place(catalog.facts[1].origin).expect("a place");
    assert_eq!((&*place.path, place.line), ("b.csv", 2));
}

#[test]
fn the_newest_of_several_facts_counts_and_bad_rows_cost_only_themselves() {
    let catalog = Organisation::default()
        .facts("a.csv", "subject,fact,value,observedAt\nservice:q,n,1,2026-11-20\nservice:q,n,2,2026-11-21\nservice:q,n,3,2026-11-19\n,n,4,2026-11-21\nservice:q,m,5,soon\n")
        .resolve();
    assert_eq!(facts(&catalog), [("service:q", "n", &FactValue::Number(2.0), 48)]);
    assert_eq!(of_code(&catalog, "unreadable-fact").len(), 2);
}

#[test]
fn declared_and_observed_accounts_are_one_table() {
    let mut organisation =
        Organisation::default().catalog("teams/web.yaml", "teamId: web\nmembers: [a, b]\n").catalog(
            "accounts.yaml",
            "[{accountId: \"222222222222\", owner: web}, {accountId: \"333333333333\"}]\n",
        );
    for (id, state) in [("111111111111", "ACTIVE"), ("222222222222", "SUSPENDED")] {
        organisation.snapshot.accounts.push(crate::collect::snapshot::ObservedAccount {
            source: "aws".into(),
            unit: None,
            tags: None,
            carried: None,
            id: id.into(),
            name: "n".into(),
            state: state.into(),
            path: None,
            collected_at: crate::day::Moment::parse("2026-11-20T00:00:00Z").expect("a moment"),
        });
    }
    let catalog = organisation.resolve();
    let accounts: Vec<(&str, bool, bool, bool)> = catalog
        .accounts
        .iter()
        .map(|account| {
            let owned = account.owner.is_some();
            (account.id.as_str(), account.declared.is_some(), account.observed.is_some(), owned)
        })
        .collect();
    assert_eq!(
        accounts,
        [
            ("111111111111", false, true, false),
            ("222222222222", true, true, true),
            ("333333333333", true, false, false)
        ]
    );
}
