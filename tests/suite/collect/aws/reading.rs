//! What a night reads, what it says of what it cannot read, and how many calls that takes.

use milepost::collect::Silent;
use milepost::collect::doctor::examine;
use milepost::collect::snapshot::SourceState;
use milepost::settings::{AccountExclusion, Aws, AwsResources};

use super::super::{Place, reason, report};
use super::cloud::Cloud;
use super::{REGIONS, asked, id, listings, organisation};

#[test]
fn accounts_units_tags_and_resources_are_read() {
    let cloud = Cloud::serve(organisation(3, 205));
    let snapshot = Place::new().collect_cloud(&cloud);
    assert_eq!(reason(&snapshot), "");
    let account = &snapshot.accounts[0];
    assert_eq!((&*account.id, &*account.name, &*account.state), (&*id(0), "shop-0", "ACTIVE"));
    assert_eq!(account.unit.as_deref(), Some("Workloads/Prod"));
    assert_eq!(account.path.as_deref(), Some(&*format!("o-exampleorgid/r-root/ou-root-prodprod/{}/", id(0))));
    let tags = account.tags.as_ref().expect("they were given");
    assert_eq!(tags[..], [("owner".into(), "team-0".into())]);
    assert_eq!(snapshot.accounts[2].unit.as_deref(), Some("Core"));
    assert_eq!(listings(&snapshot).len(), 9);
    assert!(listings(&snapshot).iter().all(|(_, _, answer)| *answer == Ok(205)));
    let role = format!("arn:aws:iam::{}:role/milepost/MilepostRead", id(0));
    assert_eq!(
        snapshot.tag_listings[0].principal.as_deref(),
        Some(&*role),
        "who asked stands beside the answer"
    );
    let resources = snapshot.tag_listings[0].answer.as_ref().expect("an answer");
    assert_eq!(&*resources[204].arn, &*format!("arn:aws:sqs:{}:{}:queue-0204", REGIONS[0], id(0)));
    assert_eq!(resources[204].tags[..], [("Service".into(), "s0".into()), ("n".into(), "1".into())]);
    assert!(report(&snapshot).notes.iter().any(|note| note.contains("never had a tag")));
}

#[test]
fn resources_that_are_left_to_the_report_are_asked_of_no_account() {
    let cloud = Cloud::serve(organisation(3, 205));
    let place = Place::new();
    let left = Aws { resources: AwsResources::Report, ..asked(&cloud) };
    let snapshot = place.collect_aws(left.clone());
    assert_eq!(reason(&snapshot), "");
    assert_eq!((snapshot.accounts.len(), listings(&snapshot).len()), (3, 0));
    assert!(snapshot.accounts.iter().all(|account| account.tags.is_some() && account.unit.is_some()));
    assert!(report(&snapshot).notes.iter().any(|note| note.contains("left to the tag report")));
    let calls = cloud.calls();
    let count = |operation: &str| calls.iter().filter(|call| call.operation == operation).count();
    assert_eq!((count("GetResources"), count("AssumeRole")), (0, 1), "only who crawls gets a session");
    let mut prospects = examine(&place.aws_settings(left), &Silent);
    let prospect = prospects.remove(0);
    assert!(prospect.is_whole(), "{:?}", prospect.remarks);
    let foretold = prospect.calls.expect("it can be reckoned");
    assert_eq!((foretold.pages, foretold.sessions), (0, 1));
    assert!(cloud.calls().iter().all(|call| call.operation != "GetResources"));
}

#[test]
fn where_accounts_lie_is_looked_up_when_they_do_not_say() {
    let mut world = organisation(5, 1);
    world.tells_paths = false;
    let snapshot = Place::new().collect_cloud(&Cloud::serve(world));
    let units: Vec<_> = snapshot.accounts.iter().map(|account| account.unit.as_deref()).collect();
    assert_eq!(
        units,
        [
            Some("Workloads/Prod"),
            Some("Workloads/Try"),
            Some("Core"),
            Some("Workloads/Prod"),
            Some("Workloads/Try")
        ]
    );
    assert_eq!(snapshot.accounts[0].path.as_deref(), Some("r-root/ou-root-workload/ou-root-prodprod/"));
}

#[test]
fn a_night_asks_for_what_aws_forces_it_to_and_no_more() {
    let cloud = Cloud::serve(organisation(6, 250));
    let place = Place::new();
    assert_eq!(reason(&place.collect_cloud(&cloud)), "");
    let calls = cloud.calls();
    let count = |operation: &str| calls.iter().filter(|call| call.operation == operation).count();
    // Three pages of each account and region, and one session of each account and of who crawls.
    assert_eq!(count("GetResources"), 6 * 3 * 3);
    assert_eq!(count("AssumeRole"), 7);
    assert_eq!((count("ListAccounts"), count("ListTagsForResource"), count("ListRoots")), (3, 6, 1));
    assert_eq!(count("ListOrganizationalUnitsForParent"), 5, "one for the root and each unit");
    assert_eq!(count("ListAccountsForParent"), 0, "accounts say where they lie");
}

#[test]
fn who_refuses_is_unknown_and_stops_nobody_else() {
    let mut world = organisation(3, 5);
    world.closed.insert(id(1));
    world.accounts[2].state = "SUSPENDED";
    let cloud = Cloud::serve(world);
    let snapshot = Place::new().collect_cloud(&cloud);
    let refused = "the role `milepost/MilepostRead` cannot be assumed: AccessDenied";
    let silent = "the account is SUSPENDED and was not asked";
    for (account, region, answer) in listings(&snapshot) {
        let expected = match account {
            _ if account == id(0) => Ok(5),
            _ if account == id(1) => Err(refused),
            _ => Err(silent),
        };
        assert_eq!(answer, expected, "{account} {region}");
    }
    assert_eq!(report(&snapshot).state, SourceState::Partial);
    assert_eq!(reason(&snapshot), format!("the resources of `{}`: {refused}", id(1)));
    let calls = cloud.calls();
    assert_eq!(calls.iter().filter(|call| call.operation == "AssumeRole").count(), 3, "once each");
    assert!(calls.iter().all(|call| call.account != id(2)));
}

#[test]
fn what_organizations_refuses_is_said_and_the_rest_is_read() {
    for (operation, said) in [
        ("ListOrganizationalUnitsForParent", "the organisational units are not known"),
        ("ListTagsForResource", "organizations:ListTagsForResource"),
    ] {
        let mut world = organisation(2, 5);
        world.denied.insert(operation);
        let snapshot = Place::new().collect_cloud(&Cloud::serve(world));
        assert!(reason(&snapshot).contains(said), "{}", reason(&snapshot));
        assert!(reason(&snapshot).contains("AccessDeniedException"));
        assert_eq!(snapshot.accounts.len(), 2);
        assert!(listings(&snapshot).iter().all(|(_, _, answer)| answer.is_ok()));
    }
    let mut world = organisation(2, 5);
    world.denied.insert("ListAccounts");
    let cloud = Cloud::serve(world);
    let snapshot = Place::new().collect_cloud(&cloud);
    assert_eq!(report(&snapshot).state, SourceState::Failed);
    assert_eq!(reason(&snapshot), "organizations:ListAccounts: AccessDeniedException");
    let named = Aws { include: vec![id(1).into()], ..asked(&cloud) };
    let snapshot = Place::new().collect_aws(named);
    assert_eq!(report(&snapshot).state, SourceState::Partial);
    assert_eq!(listings(&snapshot).len(), 3, "accounts that the configuration names are asked all the same");
}

#[test]
fn accounts_are_left_out_aloud() {
    let cloud = Cloud::serve(organisation(3, 5));
    let exclude = AccountExclusion {
        account: "shop-1".into(),
        reason: "people try things there".into(),
        by: None,
        until: None,
    };
    let snapshot = Place::new().collect_aws(Aws { exclude: vec![exclude], ..asked(&cloud) });
    assert_eq!(listings(&snapshot).len(), 6);
    let note = format!("account `{}` (shop-1) is left out: people try things there", id(1));
    assert!(report(&snapshot).notes.contains(&note.into()));
}

#[test]
fn a_role_that_cannot_be_assumed_fails_the_source() {
    let mut world = organisation(1, 1);
    world.closed.insert(super::world::MANAGEMENT.to_owned());
    let snapshot = Place::new().collect_cloud(&Cloud::serve(world));
    assert_eq!(reason(&snapshot), "the role `milepost/MilepostCrawl` cannot be assumed: AccessDenied");
    assert_eq!(report(&snapshot).state, SourceState::Failed);
}

#[test]
fn hostile_tags_are_kept_as_they_are() {
    let mut world = organisation(1, 0);
    let tags = vec![
        ("<script>".to_owned(), "=cmd|' /C calc'!A0".to_owned()),
        ("service".to_owned(), "\u{202e}evil".to_owned()),
        ("Service".to_owned(), "x".repeat(256)),
    ];
    let arn = "arn:aws:sqs:eu-central-1:111111111111:\u{202e}<b>".to_owned();
    world.resources.insert((id(0), "eu-central-1".to_owned()), vec![(arn.clone(), tags.clone())]);
    let snapshot = Place::new().collect_cloud(&Cloud::serve(world));
    let resources = snapshot.tag_listings[1].answer.as_ref().expect("an answer");
    assert_eq!(*resources[0].arn, *arn);
    let kept: Vec<_> =
        resources[0].tags.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect();
    assert_eq!(kept, tags);
}
