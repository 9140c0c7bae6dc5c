//! Resource Explorer: what carries no tag is counted by the index that can, and is unknown where none can.

use milepost::collect::snapshot::{Snapshot, SourceState, Untagged};
use milepost::settings::{Aws, AwsAlso};
use serde_json::{Value, json};

use super::super::{Place, reason, report};
use super::cloud::{Cloud, Fault};
use super::world::World;
use super::{REGIONS, asked, id, listings, organisation};

const HERE: &str = "eu-central-1";

/// One account whose regions each have an index of their own, with so much in it.
fn local(counts: [u64; 3]) -> World {
    let mut world = organisation(1, 1);
    for (region, count) in REGIONS.into_iter().zip(counts) {
        world.index(&id(0), region, json!({ "Type": "LOCAL", "State": "ACTIVE" }), count);
    }
    world
}

fn collect(cloud: &Cloud) -> Snapshot {
    Place::new().collect_aws(Aws { also: vec![AwsAlso::Untagged], ..asked(cloud) })
}

/// What was counted in the first account, or why nothing was.
fn first(snapshot: &Snapshot) -> Result<&Untagged, &str> {
    snapshot.untagged[0].answer.as_ref().map_err(|reason| &**reason)
}

#[test]
fn without_an_aggregator_each_region_counts_its_own() {
    let cloud = Cloud::serve(local([3, 4, 5]));
    let snapshot = collect(&cloud);
    assert_eq!(reason(&snapshot), "");
    let expected =
        Untagged { resources: 12, regions: REGIONS.map(Into::into).to_vec(), ..Untagged::default() };
    assert_eq!(first(&snapshot), Ok(&expected));
    let calls = cloud.calls();
    let count = |operation: &str| calls.iter().filter(|call| call.operation == operation).count();
    assert_eq!((count("GetIndex"), count("Search"), count("GetView")), (3, 3, 3));
}

#[test]
fn an_aggregator_counts_once_for_all_that_it_has() {
    let mut world = local([3, 4, 5]);
    let others = json!(["eu-west-3", "us-east-1"]);
    let index = json!({ "Type": "AGGREGATOR", "State": "ACTIVE", "ReplicatingFrom": others });
    world.index(&id(0), HERE, index, 90);
    let cloud = Cloud::serve(world);
    let snapshot = collect(&cloud);
    let expected = Untagged {
        resources: 90,
        regions: ["eu-central-1", "eu-west-3", "us-east-1"].map(Into::into).to_vec(),
        uncounted: vec![("ap-southeast-3".into(), "the aggregator does not have it yet".into())],
        aggregator: Some(HERE.into()),
        ..Untagged::default()
    };
    assert_eq!(first(&snapshot), Ok(&expected));
    assert_eq!(cloud.calls().iter().filter(|call| call.operation == "Search").count(), 1);
    assert_eq!(report(&snapshot).state, SourceState::Partial, "a region is missing");
}

#[test]
fn where_aws_stops_counting_there_may_be_more() {
    let may_be_more =
        |world: World| first(&collect(&Cloud::serve(world))).map(|one| one.may_be_more) == Ok(true);
    assert!(!may_be_more(local([999, 0, 0])));
    assert!(may_be_more(local([1000, 0, 0])));
    let view = |view: Value| World { view: Some(view), ..local([1, 1, 1]) };
    let scope = json!("arn:aws:iam::111111111111:root");
    let tags = json!([{ "Name": "tags" }]);
    let filter = json!({ "FilterString": "service:ec2" });
    assert!(may_be_more(view(json!({ "Scope": scope, "IncludedProperties": tags, "Filters": filter }))));
    let of_all = "arn:aws:organizations::999999999999:organization/o-example";
    for (said, unusable) in [
        ("no tags", json!({ "Scope": scope, "IncludedProperties": [] })),
        ("not of this account alone", json!({ "Scope": of_all, "IncludedProperties": tags })),
    ] {
        let snapshot = collect(&Cloud::serve(view(unusable)));
        assert!(first(&snapshot).expect_err("it cannot be used").contains(said), "{:?}", first(&snapshot));
    }
}

#[test]
fn what_is_not_switched_on_or_refused_is_unknown_and_stops_nothing() {
    let snapshot = collect(&Cloud::serve(organisation(1, 1)));
    let missing = "Resource Explorer has no index there";
    assert_eq!(first(&snapshot), Err(missing));
    let said = format!("what carries no tag in `{}` was not counted: {missing}", id(0));
    assert_eq!(reason(&snapshot), said);
    assert!(listings(&snapshot).iter().all(|(_, _, answer)| answer.is_ok()));
    for operation in ["GetIndex", "Search", "GetView"] {
        let snapshot = collect(&Cloud::serve(World { denied: [operation].into(), ..local([1, 1, 1]) }));
        let why = format!("resource-explorer-2:{operation}: AccessDeniedException");
        assert_eq!(first(&snapshot), Err(&*why));
    }
    let mut creating = local([1, 2, 3]);
    creating.index(&id(0), HERE, json!({ "Type": "LOCAL", "State": "CREATING" }), 2);
    let snapshot = collect(&Cloud::serve(creating));
    let counted = first(&snapshot).expect("the others can be asked");
    let why = "resource-explorer-2:GetIndex: its index is CREATING";
    assert_eq!((counted.resources, &counted.uncounted[..]), (4, &[(HERE.into(), why.into())][..]));
}

#[test]
fn a_closed_account_is_unknown_with_the_reason_of_its_listing_alone() {
    let mut world = organisation(1, 1);
    world.closed.insert(id(0));
    let snapshot = collect(&Cloud::serve(world));
    let refused = "the role `milepost/MilepostRead` cannot be assumed: AccessDenied";
    assert_eq!(first(&snapshot), Err(refused));
    assert_eq!(reason(&snapshot), format!("the resources of `{}`: {refused}", id(0)));
}

#[test]
fn nobody_counts_unless_the_configuration_does_and_faults_lose_nothing() {
    let cloud = Cloud::serve(local([3, 4, 5]));
    assert!(Place::new().collect_cloud(&cloud).untagged.is_empty());
    assert!(cloud.calls().iter().all(|call| !["GetIndex", "Search"].contains(&call.operation.as_str())));
    let whole = collect(&cloud);
    for fault in [Fault::Throttle, Fault::ServerError, Fault::Lost, Fault::HalfBody, Fault::ExpiredToken] {
        for operation in ["GetIndex", "Search", "GetView"] {
            let failed = std::sync::atomic::AtomicBool::new(false);
            cloud.meddle(move |_, call| {
                let is_first =
                    call.operation == operation && !failed.swap(true, std::sync::atomic::Ordering::SeqCst);
                is_first.then_some(fault)
            });
            let snapshot = collect(&cloud);
            assert_eq!(snapshot.untagged, whole.untagged, "{operation} failed with {fault:?}");
        }
    }
}
