//! What a doctor says of AWS before a collect: who we are, who lets us in, and how many calls a night makes.

use std::process::Command;

use milepost::collect::Silent;
use milepost::collect::doctor::{Prospect, Remark, Verdict, examine};
use milepost::settings::{Aws, AwsAlso};
use serde_json::json;

use super::super::Place;
use super::cloud::{Cloud, Fault};
use super::world::{MANAGEMENT, World};
use super::{REGIONS, asked, id, organisation, queues};

impl Place {
    fn doctor_of_aws(&self, asked: Aws) -> Prospect {
        let mut prospects = examine(&self.aws_settings(asked), &Silent);
        assert!(!self.at("kept").exists() || self.at("kept/sizes.json").exists(), "a doctor writes nothing");
        prospects.remove(0)
    }
}

/// `subject: says` of every remark with this verdict.
fn remarks(prospect: &Prospect, verdict: Verdict) -> Vec<String> {
    let those = prospect.remarks.iter().filter(|remark| remark.verdict == verdict);
    those.map(|remark| format!("{}: {}", remark.subject, remark.says)).collect()
}

/// The only thing that is missing.
fn missing(prospect: &Prospect) -> &Remark {
    let mut those = prospect.remarks.iter().filter(|remark| remark.verdict == Verdict::Wanting);
    let first = those.next().expect("something is missing");
    assert_eq!(those.next(), None, "{:?}", prospect.remarks);
    first
}

#[test]
fn who_we_are_who_lets_us_in_and_what_a_night_takes_are_said() {
    let mut world = organisation(3, 5);
    world.accounts[2].state = "SUSPENDED";
    let cloud = Cloud::serve(world);
    let prospect = Place::new().doctor_of_aws(asked(&cloud));
    assert!(prospect.is_whole(), "{:?}", prospect.remarks);
    let said = remarks(&prospect, Verdict::Good);
    let role = format!("arn:aws:iam::{MANAGEMENT}:role/milepost/MilepostCrawl");
    for line in [
        format!(
            "credentials: AWS knows us as `arn:aws:iam::{MANAGEMENT}:user/night`, of account `{MANAGEMENT}`"
        ),
        format!("crawl role: `{role}` lets us in"),
        "clock: the same time as at AWS".to_owned(),
        "accounts: Organizations lists 3 accounts: 2 ACTIVE and 1 SUSPENDED".to_owned(),
        "units: it is known where accounts lie".to_owned(),
        format!("left out: account `{}` (shop-2) is SUSPENDED and was not asked", id(2)),
        "resources: 2 of 2 accounts let us read; 6 of 6 accounts and regions answered".to_owned(),
    ] {
        assert!(said.contains(&line), "{line}: {said:#?}");
    }
    let calls = prospect.calls.expect("it can be reckoned");
    assert_eq!((calls.tags, calls.sessions, calls.pages, calls.unknown), (3, 3, 6, 0));
    assert_eq!(calls.spent as usize, cloud.calls().len(), "what it took is what was asked");
}

#[test]
fn a_night_takes_as_many_calls_as_were_foretold() {
    for (sizes, refused) in [([0, 100, 101], false), ([250, 30, 1], true), ([520, 0, 99], false)] {
        let mut world = organisation(4, 0);
        for (size, region) in sizes.into_iter().zip(REGIONS) {
            world.resources.insert((id(0), region.to_owned()), queues(&id(0), region, size));
        }
        if refused {
            world.closed.insert(id(3));
        }
        let cloud = Cloud::serve(world);
        let place = Place::new();
        let first = place.doctor_of_aws(asked(&cloud)).calls.expect("it can be reckoned");
        assert_eq!(first.unknown, sizes.iter().filter(|size| **size > 100).count() as u64, "{sizes:?}");
        cloud.calls();
        place.collect_cloud(&cloud);
        let taken = cloud.calls().len() as u64;
        assert!(first.total() <= taken && (first.total() == taken || first.unknown > 0), "{first:?} {taken}");
        // What the night counted, the doctor knows.
        let second = place.doctor_of_aws(asked(&cloud)).calls.expect("it can be reckoned");
        assert_eq!((second.total(), second.unknown), (taken, 0), "{sizes:?}");
        assert_eq!(
            second.longest,
            sizes.iter().map(|size| (*size as u64).div_ceil(100)).max().expect("three")
        );
    }
}

#[test]
fn tag_policies_are_looked_at_when_they_are_read() {
    let mut world = organisation(2, 5);
    world.policies.push(("p-costs001", "Costs", "{}".to_owned(), vec!["r-root"]));
    let cloud = Cloud::serve(world.clone());
    let place = Place::new();
    let with_policies = |cloud: &Cloud| Aws { also: vec![AwsAlso::Policies], ..asked(cloud) };
    let prospect = place.doctor_of_aws(with_policies(&cloud));
    assert!(remarks(&prospect, Verdict::Good).contains(&"tag policies: 1 policy".to_owned()));
    cloud.calls();
    place.collect_aws(with_policies(&cloud));
    assert_eq!(prospect.calls.expect("it can be reckoned").total(), cloud.calls().len() as u64);

    world.denied.insert("DescribePolicy");
    let prospect = place.doctor_of_aws(with_policies(&Cloud::serve(world)));
    let said = "the tag policies are not known: organizations:DescribePolicy: AccessDeniedException";
    assert_eq!(missing(&prospect).says, said);
}

#[test]
fn resource_explorer_is_looked_at_when_it_is_asked() {
    let mut world = organisation(2, 5);
    for (account, region) in
        [(id(0), REGIONS[0]), (id(0), REGIONS[1]), (id(0), REGIONS[2]), (id(1), REGIONS[0])]
    {
        world.index(&account, region, json!({ "Type": "LOCAL", "State": "ACTIVE" }), 3);
    }
    let cloud = Cloud::serve(world.clone());
    let place = Place::new();
    let with_explorer = |cloud: &Cloud| Aws { also: vec![AwsAlso::Untagged], ..asked(cloud) };
    let prospect = place.doctor_of_aws(with_explorer(&cloud));
    let counted = "untagged: 1 of 2 accounts count what carries no tag".to_owned();
    assert!(remarks(&prospect, Verdict::Good).contains(&counted), "{:?}", prospect.remarks);
    // Alike reasons stand together, and what to do is said with them.
    let silent = missing(&prospect);
    let (first, last) = (REGIONS[1].min(REGIONS[2]), REGIONS[1].max(REGIONS[2]));
    let places = format!("`{first}` and `{last}`");
    assert_eq!(silent.says, format!("{places}: Resource Explorer has no index there"));
    let advice = silent.advice.as_deref().unwrap_or_default();
    assert!(advice.contains("turn Resource Explorer on there"), "{advice}");
    let calls = prospect.calls.expect("it can be reckoned");
    // Three regions with an index take three calls each, two without one take one.
    assert_eq!(calls.untagged, 4 * 3 + 2);
    cloud.calls();
    place.collect_aws(with_explorer(&cloud));
    assert_eq!(calls.total(), cloud.calls().len() as u64, "a night takes as many calls");
    // Who is not to be asked is not asked.
    let unasked = place.doctor_of_aws(asked(&cloud));
    assert_eq!(unasked.calls.expect("it can be reckoned").untagged, 0);
    assert!(!remarks(&unasked, Verdict::Good).iter().any(|said| said.starts_with("untagged")));

    world.denied.insert("Search");
    let prospect = place.doctor_of_aws(with_explorer(&Cloud::serve(world)));
    let said: Vec<_> = remarks(&prospect, Verdict::Wanting);
    assert!(
        said.iter().any(|said| said.contains("resource-explorer-2:Search: AccessDeniedException")),
        "{said:?}"
    );
}

#[test]
fn who_refuses_is_named_with_the_code_of_aws_and_what_to_do() {
    let closed = |world: &mut World| world.closed.extend([id(1)]);
    let cloud = |change: &dyn Fn(&mut World)| {
        let mut world = organisation(3, 5);
        change(&mut world);
        Cloud::serve(world)
    };
    let (place, one) = (Place::new(), cloud(&closed));
    let prospect = place.doctor_of_aws(asked(&one));
    let remark = missing(&prospect);
    let role = "the role `milepost/MilepostRead` cannot be assumed: AccessDenied";
    assert_eq!(remark.says, format!("account `{}`: {role}", id(1)));
    let advice = remark.advice.as_deref().expect("what to do");
    assert!(advice.contains("`externalId` is not set") && advice.contains("is not there"), "{advice}");
    let with_id = Aws { external_id: Some("milepost".into()), ..asked(&one) };
    let prospect = place.doctor_of_aws(with_id);
    assert!(missing(&prospect).advice.as_deref().is_some_and(|said| said.contains("another external id")));

    // Several that refuse alike are one line.
    let two = cloud(&|world| world.closed.extend([id(0), id(1)]));
    let prospect = place.doctor_of_aws(asked(&two));
    assert_eq!(missing(&prospect).says, format!("accounts `{}` and `{}`: {role}", id(0), id(1)));

    let one = cloud(&|_| ());
    one.meddle(|_, call| {
        (call.operation == "GetResources" && call.region == REGIONS[0]).then_some(Fault::OptedOut)
    });
    let prospect = place.doctor_of_aws(asked(&one));
    let remark = missing(&prospect);
    assert!(remark.says.ends_with("in `ap-southeast-3`: tag:GetResources: UnrecognizedClientException"));
    assert!(remark.advice.as_deref().is_some_and(|said| said.contains("opted in")), "{remark:?}");

    for (operation, subject, said) in [
        ("ListAccounts", "accounts", "organizations:ListAccounts: AccessDeniedException"),
        ("ListRoots", "units", "organizations:ListRoots: AccessDeniedException"),
        ("ListTagsForResource", "tags of accounts", "AccessDeniedException"),
    ] {
        let one = cloud(&|world| world.denied.extend([operation]));
        let named = Aws { include: vec![id(0).into()], ..asked(&one) };
        let prospect = place.doctor_of_aws(named);
        let remark = missing(&prospect);
        assert_eq!(remark.subject, subject);
        assert!(remark.says.contains(said), "{}", remark.says);
        assert!(remark.advice.as_deref().is_some_and(|said| said.contains("deploy/policies/crawl.json")));
        // What is refused does not keep the doctor from looking at the rest.
        let answered = "resources: 1 of 1 account let us read; 3 of 3 accounts and regions answered";
        assert!(remarks(&prospect, Verdict::Good).contains(&answered.to_owned()), "{operation}");
    }
}

#[test]
fn without_a_crawl_role_or_the_right_time_nothing_more_is_asked() {
    let mut world = organisation(1, 1);
    world.closed.insert(MANAGEMENT.to_owned());
    let cloud = Cloud::serve(world);
    let prospect = Place::new().doctor_of_aws(asked(&cloud));
    assert_eq!(missing(&prospect).subject, "crawl role");
    assert!(missing(&prospect).advice.as_deref().is_some_and(|said| said.contains("its trust names")));
    assert_eq!(prospect.calls, None);

    let cloud = Cloud::serve(organisation(1, 1));
    cloud.set_date("Sat, 01 Jan 2022 00:00:00 GMT");
    let prospect = Place::new().doctor_of_aws(asked(&cloud));
    assert_eq!(missing(&prospect).subject, "clock");
    assert_eq!(cloud.calls().len(), 1);

    let cloud = Cloud::serve(organisation(1, 1));
    cloud.meddle(|_, call| (call.operation == "GetCallerIdentity").then_some(Fault::ExpiredToken));
    let prospect = Place::new().doctor_of_aws(asked(&cloud));
    assert_eq!(missing(&prospect).says, "sts:GetCallerIdentity: ExpiredToken");

    cloud.meddle(|_, _| Some(Fault::BadGateway));
    let prospect = Place::new().doctor_of_aws(asked(&cloud));
    assert_eq!(missing(&prospect).says, "sts:GetCallerIdentity: HTTP 502, again and again for 20 seconds");
    assert!(missing(&prospect).advice.as_deref().is_some_and(|said| said.contains("HTTPS_PROXY")));
}

#[test]
fn the_program_says_it_for_people_and_for_scripts() {
    let mut world = organisation(2, 5);
    world.closed.insert(id(1));
    world.name = "arn:aws:iam::1:user/\u{1b}[31m\u{202e}<b>".to_owned();
    let cloud = Cloud::serve(world);
    let place = Place::new();
    let regions = REGIONS.join(", ");
    let role = format!("arn:aws:iam::{MANAGEMENT}:role/milepost/MilepostCrawl");
    place.write(
        "milepost.yaml",
        format!(
            "sources:\n  - name: aws\n    kind: aws\n    role: {role}\n    regions: [{regions}]\n    endpoint: {}\n    loopback: true\n",
            cloud.address()
        ),
    );
    let say = |format: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_milepost"))
            .args(["doctor", "."])
            .args(format)
            .current_dir(place.at(""))
            .env("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
            .env("AWS_SECRET_ACCESS_KEY", "s3cret")
            .env_remove("AWS_PROFILE")
            .output()
            .expect("it runs");
        let complained = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(4), "{complained}");
        let said = String::from_utf8(output.stdout).expect("text");
        assert!(!said.contains("s3cret") && !complained.contains("s3cret"));
        said
    };
    let text = say(&[]);
    assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text}");
    for line in [
        "aws `aws`",
        "  missing  member role: account `111111111112`: the role `milepost/MilepostRead` cannot be assumed: AccessDenied",
        "  cost     tonight: about 15 calls: 7 for accounts and units, 2 for their tags, 3 sessions and 3 pages of resources",
        "a collect would be incomplete: 1 of 1 source",
    ] {
        assert!(text.lines().any(|said| said == line), "{line}\n{text}");
    }
    let json: serde_json::Value = serde_json::from_str(&say(&["--format", "json"])).expect("JSON");
    let calls = &json["sources"][0]["calls"];
    assert_eq!((&calls["total"], &calls["pages"]), (&15.into(), &3.into()), "{json}");
}
