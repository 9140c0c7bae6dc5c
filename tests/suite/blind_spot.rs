//! What never carried a tag, in the portal: how many, what that makes of coverage, and what is unknown.

use std::fs;
use std::sync::Arc;

use milepost::collect::snapshot::{Untagged, UntaggedCount};
use milepost::collect::snapshot_file;
use serde_json::{Value, json};

use super::ferries::Ferries;

const KNOWN: &str = "012345678901";
const REFUSED: &str = "111122223333";

/// Markup and a direction mark: what somebody between us and AWS may say.
const HOSTILE: &str = "<img src=x onerror=alert(1)>\u{202e}";

/// A portal in which Resource Explorer counted in one account and was refused in another.
fn portal() -> Ferries {
    let ferries = Ferries::new();
    let sources = "sources:\n  - {name: cloud, kind: aws-recorded, path: aws}\n";
    ferries.replace("catalog/milepost.yaml", "sources:\n", sources);
    let tags = json!([{"Key": "Service", "Value": "ferry-times"}]);
    let resource = |name: &str, tags: &Value| json!({"ResourceARN": format!("arn:aws:sqs:eu-central-1:{KNOWN}:{name}"), "Tags": tags});
    let listing = json!([resource("a", &tags), resource("b", &json!([]))]);
    let account = |id: &str| json!({"Id": id, "Name": "cloud", "State": "ACTIVE"});
    let answers = json!([
        {"operation": "organizations:ListAccounts", "collectedAt": "2026-11-20T03:00:00Z",
         "answer": {"Accounts": [account(KNOWN), account(REFUSED)]}},
        {"operation": "tagging:GetResources", "account": KNOWN, "region": "eu-central-1",
         "collectedAt": "2026-11-20T03:00:00Z", "answer": {"ResourceTagMappingList": listing}}
    ]);
    ferries.write("catalog/aws/answers.json", &answers.to_string());
    ferries.write("catalog/policy/tags.yaml", "required:\n  - {key: Service, from: serviceId}\n");
    let (code, _, stderr) =
        ferries.run(&["collect", "catalog", "--now", "2026-11-20", "--snapshot", "snapshot"]);
    assert_eq!(code, 0, "{stderr}");
    let dir = ferries.0.path().join("snapshot");
    let mut snapshot = snapshot_file::load(&dir).expect("a snapshot");
    let count = |account: &str, answer: Result<Untagged, Arc<str>>| UntaggedCount {
        source: "cloud".into(),
        account: account.into(),
        collected_at: snapshot.collected_at.expect("a moment"),
        carried: None,
        answer,
    };
    let counted = Untagged {
        resources: 4,
        regions: vec!["eu-central-1".into()],
        uncounted: vec![("us-east-1".into(), HOSTILE.into())],
        ..Untagged::default()
    };
    snapshot.untagged = vec![count(KNOWN, Ok(counted)), count(REFUSED, Err(HOSTILE.into()))];
    snapshot_file::save(&snapshot, &dir).expect("saved");
    let arguments = ["build", "catalog", "--now", "2026-11-20", "--snapshot", "snapshot", "--out", "site"];
    let (code, _, stderr) = ferries.run(&arguments);
    assert_eq!(code, 0, "{stderr}");
    ferries
}

fn read(ferries: &Ferries, path: &str) -> String {
    fs::read_to_string(ferries.0.path().join("site").join(path))
        .unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn what_never_carried_a_tag_is_counted_beside_what_did() {
    let ferries = portal();
    let page = read(&ferries, "accounts/012345678901/index.html");
    // Four carry none, and one of them lost its tags: it is listed.
    assert!(page.contains("At least 3 more resources never carried a tag"), "{page}");
    assert!(page.contains("With them, at most 1 of 5 required tags are right (at most 20 %)."), "{page}");
    assert!(page.contains("What never carried a tag in us-east-1 is unknown"));
    assert!(!page.contains("<img") && !page.contains('\u{202e}'));
    let data: Value =
        serde_json::from_str(&read(&ferries, "api/v1/accounts/012345678901.json")).expect("JSON");
    let untagged = &data["untagged"];
    assert_eq!((&untagged["resources"], &untagged["neverTagged"]), (&json!(4), &json!(3)));
    assert_eq!((&untagged["atLeast"], &data["untaggedUnknown"]), (&json!(true), &Value::Null));
    let list = read(&ferries, "accounts/index.html");
    assert!(list.contains("At least 3 more resources in 1 account never carried a tag."), "{list}");
    assert!(list.contains("How much never carried a tag in 1 account is unknown."), "{list}");
}

#[test]
fn who_refused_is_unknown_and_never_none() {
    let ferries = portal();
    let page = read(&ferries, "accounts/111122223333/index.html");
    assert!(page.contains("How much never carried a tag is unknown: "), "{page}");
    assert!(!page.contains("<img") && !page.contains('\u{202e}'));
    let data: Value =
        serde_json::from_str(&read(&ferries, "api/v1/accounts/111122223333.json")).expect("JSON");
    assert_eq!((&data["untagged"], &data["untaggedUnknown"]), (&Value::Null, &json!(HOSTILE)));
}

#[test]
fn the_figure_says_what_it_would_be_with_them() {
    let ferries = portal();
    let metrics: Value = serde_json::from_str(&read(&ferries, "api/v1/metrics.json")).expect("JSON");
    let metrics = metrics["metrics"].as_array().expect("a list");
    let coverage = metrics.iter().find(|metric| metric["id"] == "tag-coverage").expect("it is there");
    // One tag of the service's one resource is right; three more resources lack theirs.
    let said = "at least 3 more resources never carried a tag: with them, at most 1 of 4 (25 %)";
    assert_eq!(coverage["beyond"], said);
    assert!(read(&ferries, "adoption/index.html").contains(said));
}

#[test]
fn what_the_lists_leave_out_is_said_beside_them_as_it_was_counted() {
    const COUNTED: &str = "At least 3 more resources in 1 account never carried a tag.";
    const UNCOUNTED: &str =
        "The tagging API never returns what never carried a tag, so nothing here counts that.";
    const PAGES: [&str; 2] = ["resources/index.html", "coverage/index.html"];
    let ferries = portal();
    for path in PAGES {
        let page = read(&ferries, path);
        assert!(page.contains(COUNTED) && !page.contains("never returns"), "{path}: {page}");
        assert!(page.contains("How much never carried a tag in 1 account is unknown."), "{path}: {page}");
    }
    // Where nobody counted, that is what is said.
    let dir = ferries.0.path().join("snapshot");
    let mut snapshot = snapshot_file::load(&dir).expect("a snapshot");
    snapshot.untagged.clear();
    snapshot_file::save(&snapshot, &dir).expect("saved");
    let arguments = ["build", "catalog", "--now", "2026-11-20", "--snapshot", "snapshot", "--out", "site"];
    assert_eq!(ferries.run(&arguments).0, 0);
    assert!(PAGES.iter().all(|path| read(&ferries, path).contains(UNCOUNTED)));
}
