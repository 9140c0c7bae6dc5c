//! What a pack says of what was asked, left out and not known: never more than was seen.

use std::fs;
use std::io::{Cursor, Read};

use serde_json::{Value, json};
use zip::ZipArchive;

use super::ferries::Ferries;

const QUAY: &str = "012345678901";

/// The ferries with four accounts: one that answers, one that refuses, one that is suspended, one that nobody asked.
fn estate() -> Ferries {
    let ferries = Ferries::new();
    ferries.replace(
        "catalog/milepost.yaml",
        "sources:\n",
        "sources:\n  - {name: cloud, kind: aws-recorded, path: aws}\n",
    );
    ferries.write("catalog/aws/answers.json", &answers("2026-11-20", None).to_string());
    ferries
}

/// What AWS said on `day`; `refused` is why the account that answers did not.
fn answers(day: &str, refused: Option<&str>) -> Value {
    let at = format!("{day}T03:00:00Z");
    let account = |id: &str, name: &str, state: &str| json!({"Id": id, "Name": name, "State": state});
    let listing = |account: &str| {
        json!({"operation": "tagging:GetResources", "account": account,
        "region": "eu-central-1", "collectedAt": at})
    };
    let mut quay = listing(QUAY);
    match refused {
        Some(error) => quay["error"] = json!(error),
        None => {
            let arn = format!("arn:aws:sqs:eu-central-1:{QUAY}:quay");
            let tags = json!([{"Key": "Service", "Value": "ferry-times"}]);
            quay["answer"] = json!({"ResourceTagMappingList": [{"ResourceARN": arn, "Tags": tags}]});
        }
    }
    let mut pier = listing("111122223333");
    pier["error"] = json!("AccessDenied");
    json!([
        {"operation": "organizations:ListAccounts", "collectedAt": at, "answer": {"Accounts": [
            account(QUAY, "quay", "ACTIVE"), account("111122223333", "pier", "ACTIVE"),
            account("222233334444", "wreck", "SUSPENDED"), account("333344445555", "dock", "ACTIVE")]}},
        quay, pier,
    ])
}

/// A file of the newest pack that was sealed of `ferries` on `day`.
fn sealed(ferries: &Ferries, day: &str, more: &[&str]) -> impl Fn(&str) -> Value + use<> {
    let now = format!("{day}T03:00:00Z");
    let (code, stdout, stderr) =
        ferries.run(&[&["evidence", "pack", "catalog", "--now", &now], more].concat());
    assert_eq!(code, 4, "{stderr}");
    let path = stdout.trim().split_once("  ").expect("digest and path").1.to_owned();
    let (code, stdout, stderr) = ferries.run(&["evidence", "verify", &path, "--recompute"]);
    assert_eq!(code, 0, "{stdout}{stderr}");
    let bytes = fs::read(ferries.0.path().join(&path)).expect("it was sealed");
    let base = path.rsplit('/').next().and_then(|name| name.strip_suffix(".zip")).expect("a name").to_owned();
    move |file: &str| {
        let mut archive = ZipArchive::new(Cursor::new(&bytes)).expect("an archive");
        let mut text = String::new();
        let mut entry = archive.by_name(&format!("{base}/data/{file}")).expect("it is there");
        entry.read_to_string(&mut text).expect("text");
        serde_json::from_str(&text).expect("JSON")
    }
}

/// Kind, what and reason of every exclusion of one of `kinds`.
fn left_out(exclusions: &Value, kinds: &[&str]) -> Vec<(String, String, String)> {
    let text = |row: &Value, key: &str| row[key].as_str().unwrap_or_default().to_owned();
    let rows = exclusions.as_array().expect("rows").iter();
    let rows = rows.filter(|row| row["kind"].as_str().is_some_and(|kind| kinds.contains(&kind)));
    rows.map(|row| (text(row, "kind"), text(row, "what"), text(row, "reason"))).collect()
}

#[test]
fn of_accounts_that_nobody_asked_no_number_is_claimed_and_each_has_its_row() {
    let ferries = estate();
    let file = sealed(&ferries, "2026-11-20", &[]);
    let accounts = file("population/accounts.json");
    let rows = accounts.as_array().expect("rows").iter();
    let resources: Vec<(&str, Option<u64>)> =
        rows.map(|row| (row["account"].as_str().expect("an id"), row["resources"].as_u64())).collect();
    let expected = [(QUAY, Some(1)), ("111122223333", None), ("222233334444", None), ("333344445555", None)];
    assert_eq!(resources, expected);
    let exclusions = file("exclusions.json");
    let row = |kind: &str, what: &str, reason: &str| (kind.to_owned(), what.to_owned(), reason.to_owned());
    assert_eq!(
        left_out(&exclusions, &["account-not-asked", "account-excluded", "listing-refused"]),
        [
            row(
                "account-not-asked",
                "222233334444",
                "the account is SUSPENDED; its resources were not asked for"
            ),
            row("account-not-asked", "333344445555", "no source asked for its resources"),
            row("listing-refused", "111122223333 eu-central-1", "AccessDenied"),
        ]
    );
    let scope = file("scope.json");
    let asked = scope["sources"][0]["asked"].as_array().expect("what was asked");
    let operations: Vec<(&str, &str)> = asked
        .iter()
        .map(|one| (one["operation"].as_str().expect("a call"), one["outcome"].as_str().expect("a word")))
        .collect();
    let listing = "tagging:GetResources";
    assert_eq!(
        operations,
        [("organizations:ListAccounts", "ok"), (listing, "ok"), (listing, "failed")],
        "the list that accounts are compared with is among what was asked"
    );
}

#[test]
fn what_stands_as_an_earlier_run_saw_it_is_not_said_to_have_been_answered() {
    let ferries = estate();
    let (code, _, stderr) = ferries.run(&["collect", "catalog", "--now", "2026-11-20T03:00:00Z"]);
    assert_eq!(code, 4, "{stderr}");
    ferries.write("catalog/aws/answers.json", &answers("2026-11-21", Some("AccessDenied")).to_string());
    let file = sealed(&ferries, "2026-11-21", &[]);
    let scope = file("scope.json");
    let asked = scope["sources"][0]["asked"].as_array().expect("what was asked");
    let quay = asked.iter().find(|one| one["account"] == *QUAY).expect("it was asked");
    assert_eq!((&quay["outcome"], &quay["reason"]), (&json!("as-of-earlier"), &json!("AccessDenied")));
    assert_eq!(quay["at"], "2026-11-20T03:00:00Z", "when it answered");
    assert_eq!(
        left_out(&file("exclusions.json"), &["listing-as-of-earlier"]),
        [("listing-as-of-earlier".into(), format!("{QUAY} eu-central-1"), "AccessDenied".into())]
    );
}

#[test]
fn a_pack_of_a_part_counts_everything_that_it_leaves_out() {
    let ferries = estate();
    ferries.write("repositories/tides/service.yaml", "serviceId: tides\nownerTeam: harbour\n");
    let file = sealed(&ferries, "2026-11-20", &["--service", "tides"]);
    let rows = left_out(&file("exclusions.json"), &["not-covered"]);
    let left: Vec<&str> = rows.iter().map(|(_, what, _)| what.as_str()).collect();
    assert_eq!(left, ["1 exceptions", "1 resources", "1 services"]);
}

#[test]
fn an_exclusion_points_at_its_own_line_though_another_has_the_same_reason() {
    let ferries = estate();
    ferries.replace(
        "catalog/milepost.yaml",
        "kind: folder, path: ../repositories}",
        "kind: folder, path: ../repositories, exclude: [\n    {repository: other, reason: frozen},\n    \
         {repository: ferry-times, reason: frozen}]}",
    );
    let exclusions = sealed(&ferries, "2026-11-20", &[])("exclusions.json");
    let row = exclusions.as_array().expect("rows").iter().find(|row| row["kind"] == "repository-excluded");
    let pointer = row.expect("it is excluded")["pointer"].as_str().expect("a pointer").to_owned();
    let text = fs::read_to_string(ferries.0.path().join("catalog/milepost.yaml")).expect("the configuration");
    let line = 1 + text.lines().position(|line| line.contains("repository: ferry-times")).expect("a line");
    assert!(pointer.contains(&format!("milepost.yaml:{line}:")), "{pointer} is not line {line}");
}
