//! Accounts and resources in the portal: what was found, how it is tagged, and what nobody could see.

use std::collections::BTreeSet;
use std::fs;

use scraper::{Html, Selector};
use serde_json::{Value, json};

use super::ferries::Ferries;

/// Markup, a formula, a direction mark and 200 characters more: what an account may carry as a tag.
fn hostile() -> String {
    format!("<img src=x onerror=alert(1)>=1+1\u{202e}{}", "\"'&".repeat(70))
}

/// An account with 250 resources, one that refused, one that is empty, and one that nobody asked.
fn portal() -> Ferries {
    let ferries = Ferries::new();
    ferries.replace(
        "catalog/milepost.yaml",
        "sources:\n",
        "sources:\n  - {name: cloud, kind: aws-recorded, path: aws}\n",
    );
    let tags = |number: usize| match number {
        0 => json!([{"Key": "Service", "Value": "ferry-times"}, {"Key": "OwnerTeam", "Value": "harbour"}]),
        _ => json!([{"Key": "Service", "Value": hostile()}, {"Key": "ownerteam", "Value": hostile()}]),
    };
    let resource = |number: usize| json!({"ResourceARN": format!("arn:aws:sqs:eu-central-1:012345678901:q{number:03}"), "Tags": tags(number)});
    let found: Vec<Value> = (0..250).map(resource).collect();
    let listing = |account: &str, found: Value| {
        json!({"operation": "tagging:GetResources", "account": account,
        "region": "eu-central-1", "collectedAt": "2026-11-20T03:00:00Z", "answer": {"ResourceTagMappingList": found}})
    };
    let account =
        |id: &str, state: &str| json!({"Id": id, "Name": hostile(), "State": state, "Paths": ["o-x/<b>/"]});
    let answers = json!([
        {"operation": "organizations:ListAccounts", "collectedAt": "2026-11-20T03:00:00Z", "answer": {"Accounts": [
            account("012345678901", "ACTIVE"), account("111122223333", "<b>"), account("222233334444", "SUSPENDED"),
            account("333344445555", "ACTIVE")]}},
        listing("012345678901", json!(found)),
        listing("333344445555", json!([])),
        {"operation": "tagging:GetResources", "account": "111122223333", "region": "eu-central-1",
         "collectedAt": "2026-11-20T03:00:00Z", "error": hostile()}
    ]);
    ferries.write("catalog/aws/answers.json", &answers.to_string());
    ferries.write(
        "catalog/policy/tags.yaml",
        "required:\n  - {key: Service, from: serviceId}\n  - {key: OwnerTeam, from: ownerTeam}\n",
    );
    let (code, _, stderr) = ferries.run(&["build", "catalog", "--now", "2026-11-20", "--out", "site"]);
    assert_eq!(code, 4, "{stderr}");
    ferries
}

fn read(ferries: &Ferries, path: &str) -> String {
    fs::read_to_string(ferries.0.path().join("site").join(path))
        .unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn texts(html: &str, selector: &str) -> Vec<String> {
    let selector = Selector::parse(selector).expect("the selector is ours");
    let html = Html::parse_document(html);
    let text = |element: scraper::ElementRef<'_>| {
        element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
    };
    html.select(&selector).map(text).collect()
}

#[test]
fn accounts_say_what_was_found_what_is_empty_and_what_is_unknown() {
    let ferries = portal();
    let cells = |id: &str| -> Vec<String> {
        let page = read(&ferries, "accounts/index.html");
        let row = page.lines().find(|line| line.contains(&format!("{id}/index.html"))).expect("a row");
        texts(&format!("<table>{row}</table>"), "td")
    };
    assert_eq!(cells("012345678901")[4], "2 of 500");
    assert_eq!(cells("012345678901")[3], "250");
    assert_eq!(cells("333344445555")[3], "none");
    assert_eq!(cells("111122223333")[3], "unknown");
    assert_eq!(cells("222233334444")[3], "unknown");
    let empty = read(&ferries, "accounts/333344445555/index.html");
    assert!(empty.contains("Complete listings say that no resource carries or carried a tag."), "{empty}");
    let refused = read(&ferries, "accounts/111122223333/index.html");
    assert!(refused.contains("Whether anything lies in it is unknown."), "{refused}");
    let never = read(&ferries, "accounts/222233334444/index.html");
    assert!(never.contains("No source asked this account"), "{never}");
}

#[test]
fn every_resource_is_on_one_page_and_no_page_is_heavy_or_runs_anything() {
    let ferries = portal();
    let mut seen = BTreeSet::new();
    for path in [
        "resources/012345678901/index.html",
        "resources/012345678901/_2/index.html",
        "resources/012345678901/_3/index.html",
    ] {
        let page = read(&ferries, path);
        assert!(page.len() < 300 << 10, "{path}: {} bytes", page.len());
        assert!(!page.contains("<img") && !page.contains('\u{202e}'), "{path}");
        for arn in texts(&page, "main tbody td code") {
            assert!(seen.insert(arn.clone()), "{arn} twice");
        }
    }
    assert_eq!(seen.len(), 250);
    for path in [
        "accounts/index.html",
        "accounts/012345678901/index.html",
        "accounts/111122223333/index.html",
        "resources/index.html",
    ] {
        let page = read(&ferries, path);
        assert!(!page.contains("<img") && !page.contains("<b>/") && !page.contains('\u{202e}'), "{path}");
    }
}

#[test]
fn pages_json_and_report_count_alike() {
    let ferries = portal();
    let parsed = |path: &str| -> Value { serde_json::from_str(&read(&ferries, path)).expect("JSON") };
    let account = parsed("api/v1/accounts/012345678901.json");
    let owners = json!({
        "contested": 0, "exempt": 0, "missing": 0, "ok": 1, "unknown": 0, "wrong-case": 249, "wrong-value": 0
    });
    assert_eq!(account["tagCompliance"]["OwnerTeam"], owners);
    let index = parsed("api/v1/accounts/index.json");
    assert_eq!(index["accounts"][0]["tags"], json!({"required": 500, "right": 2}));
    assert_eq!(index["accounts"][1]["resources"], Value::Null);
    assert_eq!(index["accounts"][3]["resources"], 0);
    assert_eq!(index["unknown"].as_array().map(Vec::len), Some(2));
    let resources = parsed("api/v1/resources/012345678901.json");
    assert_eq!(resources["resources"].as_array().map(Vec::len), Some(250));
    let (_, report, _) =
        ferries.run(&["tags", "report", "--format", "json", "--catalog", "catalog", "--now", "2026-11-20"]);
    let report: Value = serde_json::from_str(&report).expect("JSON");
    assert_eq!(report["resources"], resources["resources"]);
}
