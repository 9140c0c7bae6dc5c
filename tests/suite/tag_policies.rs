//! Tag policies of AWS in the portal: where they are attached, what applies to an account and why, and what is unknown.

use std::fs;

use serde_json::{Value, json};

use super::ferries::Ferries;

/// Markup, a formula and a direction mark: what an account may call a policy.
const HOSTILE: &str = "<img src=x onerror=alert(1)>=1+1\u{202e}";

/// An organisation with these policies: id, document, and what it is attached to, apart by blanks.
fn portal(policies: &[(&str, Value, &str)]) -> Ferries {
    let ferries = Ferries::new();
    let sources = "sources:\n  - {name: cloud, kind: aws-recorded, path: aws}\n";
    ferries.replace("catalog/milepost.yaml", "sources:\n", sources);
    let call = |operation: &str, policy: &str, answer: Value| {
        json!({"operation": format!("organizations:{operation}"), "collectedAt": "2026-11-20T03:00:00Z",
            "policy": policy, "answer": answer})
    };
    let names: Vec<Value> = policies.iter().map(|(id, ..)| json!({"Id": id, "Name": HOSTILE})).collect();
    let mut calls = vec![
        call(
            "ListAccounts",
            "",
            json!({"Accounts": [
            {"Id": "012345678901", "Name": "prod", "State": "ACTIVE", "Paths": ["o-x/r-ex01/ou-ex01-prod0001/"]},
            {"Id": "111122223333", "Name": "lost", "State": "ACTIVE"}]}),
        ),
        call("ListPolicies", "", json!({"Policies": names})),
    ];
    for (id, document, targets) in policies {
        let targets: Vec<Value> =
            targets.split(' ').map(|target| json!({"TargetId": target, "Name": HOSTILE})).collect();
        calls.push(call("DescribePolicy", id, json!({"Policy": {"Content": document.to_string()}})));
        calls.push(call("ListTargetsForPolicy", id, json!({"Targets": targets})));
    }
    ferries.write("catalog/aws/answers.json", &Value::from(calls).to_string());
    let (code, _, stderr) = ferries.run(&["build", "catalog", "--now", "2026-11-20", "--out", "site"]);
    assert_eq!(code, 0, "{stderr}");
    ferries
}

fn read(ferries: &Ferries, path: &str) -> String {
    fs::read_to_string(ferries.0.path().join("site").join(path))
        .unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn costs() -> Value {
    json!({"tags": {"costcenter": {"tag_key": {"@@assign": "CostCenter"}, "tag_value": {"@@assign": ["CC-*", HOSTILE]}}}})
}

#[test]
fn an_account_says_what_applies_to_it_and_where_that_comes_from() {
    let ferries = portal(&[("p-costs00001", costs(), "ou-ex01-prod0001")]);
    let page = read(&ferries, "accounts/012345678901/index.html");
    let row = page.lines().find(|line| line.contains("<code>CostCenter</code>")).expect("a row");
    assert!(row.contains("CC-*") && row.contains("attached to"), "{row}");
    assert!(!page.contains("<img") && !page.contains('\u{202e}'), "what AWS says stays text");
    let list = read(&ferries, "accounts/index.html");
    assert!(list.contains("p-costs00001") && !list.contains("<img"));
    let data: Value =
        serde_json::from_str(&read(&ferries, "api/v1/accounts/012345678901.json")).expect("JSON");
    let rule = &data["tagPolicies"]["rules"][0];
    assert_eq!((&rule["key"], &rule["values"][0]), (&json!("CostCenter"), &json!(HOSTILE)));
    let from = json!([{"attachedTo": "ou-ex01-prod0001", "id": "p-costs00001", "name": HOSTILE}]);
    assert_eq!(rule["from"], from);
}

#[test]
fn what_applies_where_nobody_knows_the_units_is_unknown() {
    let ferries = portal(&[("p-costs00001", costs(), "r-ex01")]);
    let data: Value =
        serde_json::from_str(&read(&ferries, "api/v1/accounts/111122223333.json")).expect("JSON");
    assert_eq!(data["tagPolicies"]["rules"], Value::Null);
    assert!(
        read(&ferries, "accounts/111122223333/index.html").contains("organisational units that the account")
    );
}

#[test]
fn a_policy_that_cannot_be_read_is_named() {
    let ferries =
        portal(&[("p-costs00001", costs(), "r-ex01"), ("p-broken0001", json!({"tags": 7}), "r-ex01")]);
    let page = read(&ferries, "accounts/012345678901/index.html");
    assert!(page.contains("cannot be read: `tags` is no mapping"), "{page}");
    assert!(page.contains("unknown: two policies of one place disagree, or one cannot be read"));
    assert!(read(&ferries, "accounts/index.html").contains("it cannot be read: `tags` is no mapping"));
}

#[test]
fn lists_that_are_cut_say_how_much_more_there_is() {
    let keys = |count: usize| -> Value {
        let keys =
            (0..count).map(|key| (format!("k{key}"), json!({"tag_key": {"@@assign": format!("K{key}")}})));
        json!({"tags": keys.collect::<serde_json::Map<_, _>>()})
    };
    let targets: Vec<String> = (0..102).map(|number| format!("ou-ex01-unit{number:04}")).collect();
    let targets = format!("ou-ex01-prod0001 {}", targets.join(" "));
    let broken: Vec<String> = (0..104).map(|number| format!("p-broken{number:04}")).collect();
    let mut policies = vec![("p-a", keys(107), &*targets)];
    policies.extend(broken.iter().map(|id| (&**id, json!({"tags": 7}), "r-ex01")));
    let ferries = portal(&policies);
    let list = read(&ferries, "accounts/index.html");
    let row = list.lines().find(|line| line.contains("<code>K0</code>")).expect("a row");
    let cells: Vec<&str> = row.split("<td>").skip(1).map(|cell| cell.trim_end_matches("</tr>")).collect();
    assert!(cells[0].ends_with(" and 3 more</td>"), "{}", cells[0]);
    assert!(cells[1].ends_with(" and 7 more</td>"), "{}", cells[1]);
    assert!(list.contains("And 5 more policies."), "{list}");
    let page = read(&ferries, "accounts/012345678901/index.html");
    assert!(page.contains("And 7 more tags."), "{page}");
    assert!(page.contains("4 more policies cannot be read"), "{page}");
    // What is shown whole says nothing of more.
    let short = read(&portal(&[("p-a", keys(2), "r-ex01")]), "accounts/index.html");
    assert!(short.contains("<code>K1</code>") && !short.contains(" more"), "{short}");
}
