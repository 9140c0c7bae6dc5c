//! The index gives the answers of the command, whatever is asked; ARNs lie where the page looks for them.

use std::sync::Arc;

use super::*;
use crate::assess::tag_report;
use crate::assess::who::asked::Asked;
use crate::catalog::testing::Organisation;
use crate::collect::snapshot::{ObservedResource, ReportedTags, Tags};
use crate::render::trial::Trial;

fn organisation() -> Organisation {
    let quote: &[(&str, &str)] = &[("Service", "quote"), ("owner", "checkout"), ("Name", "q-1")];
    let label: &[(&str, &str)] = &[("SERVICE", "label"), ("Service", "quote"), ("Environment", "a=b")];
    Organisation::example()
        .catalog("accounts.yaml", "accounts:\n- {accountId: \"012345678901\", name: prod, owner: checkout}\n")
        .descriptor(
            "parcels/label",
            "services/label/service.yaml",
            "serviceId: label\nownerTeam: checkout\naliases: [labels]\n\
             links: {dashboard: \"https://boards.example.com/d/label\"}\n\
             dataStores: [{name: gone, arn: \"arn:aws:s3:::gone\"}]\n",
        )
        .listing(
            "012345678901",
            "eu-central-1",
            Ok(&[
                ("arn:aws:sqs:eu-central-1:012345678901:quote", quote),
                ("arn:aws:s3:::labels", label),
                ("arn:aws:sqs:eu-central-1:012345678901:nobody", &[]),
            ]),
        )
        .listing("012345678901", "eu-west-1", Err("AccessDenied"))
}

#[test]
fn what_stands_under_a_key_is_what_the_command_says() {
    let Trial { catalog, assessment, .. } = Trial::of(&organisation());
    let index = Index::of(&catalog, &assessment);
    let mut kinds = BTreeSet::new();
    let accounts = [ANY_ACCOUNT, NO_ACCOUNT];
    let keys = index.shards.iter().flatten().filter(|key| !accounts.contains(&&key[2..]));
    for key in keys.filter(|key| !key.starts_with("e ")) {
        let Some(found) = index.thing(key) else { continue };
        let said = index.finder.find(key[2..].trim_end_matches('/'));
        if said.kind != found.kind {
            assert_eq!((found.kind, &key[..2]), ("a tag", "t "), "a name comes before the value of a tag");
            continue;
        }
        assert_eq!((found.kind, &found.held, &found.notes), (said.kind, &said.held, &said.notes), "{key}");
        kinds.insert(&key[..2]);
    }
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), ["a ", "h ", "n ", "p ", "r ", "t "]);
}

#[test]
fn what_can_be_asked_of_tags_are_values_under_keys_of_the_policy() {
    let Trial { catalog, assessment, .. } = Trial::of(&organisation());
    let index = Index::of(&catalog, &assessment);
    let asked = |text: &str| index.carried.get(text).is_some();
    assert!(asked("quote") && asked("service=quote") && asked("service=label") && asked("environment=a=b"));
    assert!(!asked("q-1") && !asked("name=q-1") && !asked("a=b"));
    // The command reads on where the policy knows no such key.
    assert_eq!(index.finder.find("q-1").held.len(), 1);
}

#[test]
fn what_is_said_of_an_arn_lies_under_its_hash() {
    let Trial { catalog, assessment, .. } = Trial::of(&organisation());
    let index = Index::of(&catalog, &assessment);
    let page = Place::Who.path();
    for resource in &catalog.resources {
        let Asked::Arn(arn) = Asked::of(&resource.arn) else { panic!("{} is an ARN", resource.arn) };
        let account = if arn.account.is_empty() { NO_ACCOUNT } else { arn.account };
        let regions = index.regions(account);
        let region = regions.iter().find(|region| region.region == arn.region).expect("its region");
        let bits = region.shards.expect("something lies there");
        let group = hash(&format!("{account}:{}", arn.region));
        let slot = digits(hash(&resource.arn) as usize & ((1 << bits) - 1), bits);
        let name = format!("{group:08x}-{slot}");
        let position = (0..index.arns.len()).find(|at| index.arns.name(*at) == name).expect("its file");
        let file = index.arns.shard(position, &index, Here::at(&page));
        let written = serde_json::to_string(&file).expect("JSON");
        assert!(written.contains(&format!(" {:08x}", hash(&resource.arn))), "{} in {written}", resource.arn);
    }
}

#[test]
fn of_arns_that_were_not_found_each_region_has_its_own_say() {
    let Trial { catalog, assessment, .. } = Trial::of(&organisation());
    let index = Index::of(&catalog, &assessment);
    let absent = |account: &str, region: &str| {
        let regions = index.regions(account);
        regions.into_iter().find(|known| known.region == region).map(|known| known.absent).unwrap_or_default()
    };
    assert!(absent("012345678901", "eu-central-1").contains("it is gone, or never had one"));
    assert!(absent("012345678901", "eu-west-1").contains("is unknown: account 012345678901 refused"));
    assert!(absent("012345678901", ANY_REGION).contains("was not asked for its resources in {region}"));
    assert!(absent(ANY_ACCOUNT, ANY_REGION).contains("account {account} was not asked"));
    assert!(absent(NO_ACCOUNT, "").contains("its ARN names no account"));
}

#[test]
fn what_the_tag_report_says_of_one_resource_is_said_of_no_other() {
    let arns = ["yes", "no", "silent"].map(|name| format!("arn:aws:sqs:eu-central-1:012345678901:{name}"));
    let said = [Some(true), Some(false), None].map(|complies| {
        Arc::new(ReportedTags {
            complies,
            noncompliant_keys: Vec::new(),
            keys_with_noncompliant_values: Vec::new(),
        })
    });
    // As they are pooled when they are read: all share the one list without a tag.
    let tags: Tags = Arc::from([]);
    let observed = arns.iter().zip(&said).map(|(arn, said)| ObservedResource {
        arn: (&**arn).into(),
        tags: Arc::clone(&tags),
        reported: Some(Arc::clone(said)),
    });
    let mut organisation = Organisation::example().listing("012345678901", "eu-central-1", Ok(&[]));
    organisation.snapshot.tag_listings.last_mut().expect("it was added").answer = Ok(observed.collect());
    let Trial { catalog, assessment, .. } = Trial::of(&organisation);
    let index = Index::of(&catalog, &assessment);
    let page = Place::Who.path();
    let shards = (0..index.arns.len()).map(|at| index.arns.shard(at, &index, Here::at(&page)));
    let shards: Vec<_> = shards.map(|shard| serde_json::to_value(&shard).expect("JSON")).collect();
    let answers = || shards.iter().flat_map(|shard| shard["answers"].as_array().expect("a list"));
    for (arn, said) in arns.iter().zip(&said) {
        let code = format!(" {:08x}", hash(arn));
        let mut found =
            answers().filter(|answer| answer["arns"].as_str().is_some_and(|arns| arns.contains(&code)));
        let notes = found.next().expect("it is there")["notes"].to_string();
        match tag_report::words(said) {
            Some(words) => assert!(notes.contains(&words), "{arn}: {notes}"),
            None => assert!(!notes.contains("compl"), "{arn}: {notes}"),
        }
        assert!(found.next().is_none(), "{arn} has one answer");
    }
}
