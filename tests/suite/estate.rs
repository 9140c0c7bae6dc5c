//! What the portal says of the whole estate: drift between the record and AWS, and what things cost.

use std::fs;

use scraper::{Html, Selector};
use serde_json::{Value, json};

use super::ferries::Ferries;

const HEAD: &str =
    "ChargePeriodStart,ChargePeriodEnd,BillingCurrency,ChargeCategory,EffectiveCost,SubAccountId,Tags\n";

fn charge(month: &str, account: &str, kind: &str, tags: &Value, cost: &str) -> String {
    let tags = tags.to_string().replace('"', "\"\"");
    let end = if month == "2026-09" { "2026-10" } else { "2026-11" };
    format!("{month}-01 00:00:00,{end}-01 00:00:00,USD,{kind},{cost},{account},\"{tags}\"\n")
}

/// A contested resource, one in an undeclared account, two of a service that nobody described, and two months of a
/// bill.
fn portal() -> Ferries {
    let ferries = Ferries::new();
    ferries.replace(
        "catalog/milepost.yaml",
        "sources:\n",
        "sources:\n  - {name: cloud, kind: aws-recorded, path: aws}\n  - {name: bill, kind: focus, path: bill}\n",
    );
    ferries.replace(
        "repositories/ferry-times/service.yaml",
        "criticality: tier-2\n",
        "criticality: tier-2\naccountId: \"012345678901\"\n",
    );
    ferries.write("catalog/teams/pier.yaml", "teamId: pier\n");
    ferries.write("catalog/accounts.yaml", "- {accountId: \"012345678901\", name: prod, owner: harbour}\n");
    ferries.write(
        "catalog/policy/tags.yaml",
        "required:\n  - {key: Service, from: serviceId}\n  - {key: OwnerTeam, from: ownerTeam}\n  - {key: CostCenter, from: costCenter}\n",
    );
    let resource = |arn: &str, tags: Value| json!({"ResourceARN": arn, "Tags": tags});
    let tag = |key: &str, value: &str| json!({"Key": key, "Value": value});
    let listing = |account: &str, found: Value| {
        json!({"operation": "tagging:GetResources", "account": account, "region": "eu-central-1",
            "collectedAt": "2026-11-20T03:00:00Z", "answer": {"ResourceTagMappingList": found}})
    };
    let hostile = "<img src=x onerror=alert(1)>";
    let answers = json!([
        listing(
            "012345678901",
            json!([
                resource(
                    "arn:aws:sqs:eu-central-1:012345678901:right",
                    json!([tag("Service", "ferry-times")])
                ),
                resource(
                    "arn:aws:sqs:eu-central-1:012345678901:torn",
                    json!([tag("Service", "ferry-times"), tag("OwnerTeam", "pier")])
                ),
                resource("arn:aws:sqs:eu-central-1:012345678901:stray", json!([tag("Service", hostile)])),
            ])
        ),
        listing(
            "111122223333",
            json!([
                resource("arn:aws:sqs:eu-central-1:111122223333:far", json!([tag("Service", "ferry-times")])),
                resource("arn:aws:sqs:eu-central-1:111122223333:stray", json!([tag("Service", hostile)])),
            ])
        ),
    ]);
    ferries.write("catalog/aws/answers.json", &answers.to_string());
    let of = |service: &str| json!({"Service": service, "CostCenter": "cc-1"});
    let bill = [
        charge("2026-09", "012345678901", "Usage", &of("ferry-times"), "50"),
        charge("2026-10", "012345678901", "Usage", &of("ferry-times"), "1234.5"),
        charge("2026-10", "012345678901", "Usage", &json!({"Service": "ferry-times"}), "100"),
        charge("2026-10", "=cmd|' /C calc'!A0", "Usage", &json!({"Service": hostile}), "665.5"),
        charge("2026-10", "012345678901", "Tax", &json!({}), "7"),
    ];
    ferries.write("catalog/bill/october.csv", &format!("{HEAD}{}", bill.concat()));
    let (code, _, stderr) = ferries.run(&["build", "catalog", "--now", "2026-11-20", "--out", "site"]);
    assert_eq!(code, 0, "{stderr}");
    ferries
}

fn read(ferries: &Ferries, path: &str) -> String {
    fs::read_to_string(ferries.0.path().join("site").join(path))
        .unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn parsed(ferries: &Ferries, path: &str) -> Value {
    serde_json::from_str(&read(ferries, path)).expect("JSON")
}

/// The rows of the tables that stand in the section `id`, cell by cell.
fn rows(html: &str, id: &str) -> Vec<Vec<String>> {
    let selector = |text: &str| Selector::parse(text).expect("the selector is ours");
    let words = |element: scraper::ElementRef<'_>| {
        element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let page = Html::parse_document(html);
    let wanted = format!("section[aria-labelledby={id}] tbody tr");
    let cells = selector("th, td");
    page.select(&selector(&wanted)).map(|row| row.select(&cells).map(words).collect()).collect()
}

#[test]
fn drift_names_what_does_not_fit_and_leads_to_it() {
    let ferries = portal();
    let page = read(&ferries, "drift/index.html");
    assert!(!page.contains("<img"), "tags run nowhere");
    let counts: Vec<_> = rows(&page, "whose").iter().map(|row| (row[0].clone(), row[1].clone())).collect();
    let expected = [("Contested", "1"), ("Unowned", "1"), ("Owned", "3"), ("Unknown", "none")];
    assert_eq!(counts, expected.map(|(name, count)| (name.to_owned(), count.to_owned())));
    let contested = rows(&page, "contested");
    assert_eq!(contested.len(), 1);
    assert_eq!(contested[0][..3], ["sqs:queue", "arn:aws:sqs:eu-central-1:012345678901:torn", "ferry-times"]);
    assert!(contested[0][3].contains("OwnerTeam is pier"), "{contested:?}");
    let undeclared = rows(&page, "undeclared");
    assert_eq!(undeclared.len(), 1);
    assert_eq!(undeclared[0][1], "arn:aws:sqs:eu-central-1:111122223333:far");
    let unregistered = rows(&page, "unregistered");
    assert_eq!(unregistered[0][..3], ["<img src=x onerror=alert(1)>", "2", "012345678901, 111122223333"]);
    assert!(rows(&page, "services").iter().any(|row| row[1].contains("where it does not say that it runs")));
    // The link of a resource leads to its row.
    let mut links = page.split("href=\"").filter_map(|rest| rest.split('"').next());
    let link = links.find(|link| link.contains("resources/111122223333/index.html#")).expect("a link");
    let (path, anchor) = link.split_once('#').expect("an anchor");
    let list = read(&ferries, path.trim_start_matches("../"));
    assert!(list.contains(&format!("id=\"{anchor}\"")), "{link}");
}

#[test]
fn the_data_of_drift_counts_as_its_page_does() {
    let ferries = portal();
    let drift = parsed(&ferries, "api/v1/drift.json");
    assert_eq!(drift["holdings"], json!({"contested": 1, "owned": 3, "unknown": 0, "unowned": 1}));
    assert_eq!(drift["counts"]["undeclared"], 1);
    assert_eq!(drift["undeclared"], json!(["arn:aws:sqs:eu-central-1:111122223333:far"]));
    assert_eq!(drift["unregistered"][0]["accounts"], json!({"012345678901": 1, "111122223333": 1}));
    assert_eq!(drift["accounts"][0]["code"], "account-not-declared");
}

#[test]
fn what_nobody_answers_for_stands_first_in_what_things_cost() {
    let ferries = portal();
    let page = read(&ferries, "costs/index.html");
    assert!(!page.contains("<img"), "tags run nowhere");
    assert!(page.contains("2,000.00 USD of usage in 2026-10; 61.7 % of it"), "{page}");
    let parts: Vec<_> = rows(&page, "parts").iter().map(|row| row[1..].to_vec()).collect();
    let expected = [["665.50", "33.2 %"], ["100.00", "5 %"], ["1,234.50", "61.7 %"], ["7.00", "not counted"]];
    assert_eq!(parts, expected.map(|row| row.map(ToOwned::to_owned).to_vec()));
    assert_eq!(rows(&page, "accounts")[0][0], "=cmd|' /C calc'!A0");
    let services = rows(&page, "services");
    assert_eq!(services, [["ferry-times", "harbour", "1,334.50", "66.7 %", "50.00"]]);
    assert_eq!(rows(&page, "months").len(), 2);
}

#[test]
fn costs_are_exact_in_data_and_run_in_no_spreadsheet() {
    let ferries = portal();
    let costs = parsed(&ferries, "api/v1/costs/index.json");
    assert_eq!(costs["newest"], "2026-10");
    assert_eq!(costs["months"][1]["usage"], "2000.0");
    assert_eq!(costs["months"][1]["pages"], json!(["costs/2026-10-usd.json"]));
    let services = parsed(&ferries, "api/v1/costs/2026-10-usd.json");
    assert_eq!(services["services"], json!([{"service": "ferry-times", "usage": "1334.5"}]));
    let table = read(&ferries, "costs/costs.csv");
    assert!(table.contains("2026-10,USD,service,ferry-times,1334.5,"), "{table}");
    assert!(table.contains("'=cmd|"), "{table}");
}

/// A portal of nothing but what AWS answered, with these files beside.
fn bare(answers: &Value, files: &[(&str, &str)]) -> Ferries {
    let ferries = Ferries::new();
    let sources = "sources:\n  - {name: cloud, kind: aws-recorded, path: aws}\n";
    ferries.replace("catalog/milepost.yaml", "sources:\n", sources);
    ferries.write("catalog/aws/answers.json", &answers.to_string());
    files.iter().for_each(|(path, text)| ferries.write(path, text));
    let (code, _, stderr) = ferries.run(&["build", "catalog", "--now", "2026-11-20", "--out", "site"]);
    // Where a region refused, the program says so with another code.
    assert!([0, 4].contains(&code), "{stderr}");
    ferries
}

/// What was found in one account, and what is said of a region that refused.
fn answered(is_refused: bool) -> Value {
    let call = |region: &str, key: &str, said: Value| {
        json!({"operation": "tagging:GetResources", "account": "012345678901", "region": region,
            "collectedAt": "2026-11-20T03:00:00Z", key: said})
    };
    let queue = json!({"ResourceARN": "arn:aws:sqs:eu-central-1:012345678901:a", "Tags": [{"Key": "Stage", "Value": "trial"}]});
    let found = call("eu-central-1", "answer", json!({"ResourceTagMappingList": [queue]}));
    match is_refused {
        true => json!([found, call("eu-west-1", "error", json!("AccessDenied"))]),
        false => json!([found]),
    }
}

/// The paragraph that says that a section of the page is empty.
fn empty(html: &str, section: &str) -> String {
    let wanted = format!("section[aria-labelledby={section}] p.empty");
    let page = Html::parse_document(html);
    let selector = Selector::parse(&wanted).expect("the selector is ours");
    let text: String = page.select(&selector).next().expect("it is empty").text().collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_page_of_drift_without_drift_says_what_was_not_looked_at() {
    const SECTIONS: [&str; 3] = ["contested", "unregistered", "services"];
    let partly = "Not everything could be looked at.";
    let tags = ("catalog/policy/tags.yaml", "required:\n  - {key: Service, from: serviceId}\n");
    let whole = read(&bare(&answered(false), &[tags]), "drift/index.html");
    assert!(SECTIONS[..2].iter().all(|section| !empty(&whole, section).contains(partly)), "{whole}");
    let refused = read(&bare(&answered(true), &[tags]), "drift/index.html");
    assert_eq!(empty(&refused, "contested"), format!("Nobody contests what was found. {partly}"));
    let unregistered = "No tag that was read names a service without a descriptor.";
    assert_eq!(empty(&refused, "unregistered"), format!("{unregistered} {partly}"));
    assert!(empty(&refused, "services").ends_with("not everything could be looked at."));
    // Nobody recorded accounts, and AWS did not list them: that they are as recorded would be made up.
    for page in [&whole, &refused] {
        assert!(empty(page, "estate").starts_with("Accounts were not compared"), "{page}");
    }
    let listed = json!({"operation": "organizations:ListAccounts", "collectedAt": "2026-11-20T03:00:00Z",
        "answer": {"Accounts": [{"Id": "012345678901", "Name": "prod", "State": "ACTIVE"}]}});
    let mut answers = answered(false);
    answers.as_array_mut().expect("a list").push(listed);
    let record = ("catalog/accounts.yaml", "- {accountId: \"012345678901\", name: prod, owner: harbour}\n");
    let compared = read(&bare(&answers, &[tags, record]), "drift/index.html");
    assert_eq!(empty(&compared, "estate"), "Accounts are as the record says.");
}

#[test]
fn what_is_left_of_an_environment_is_unknown_when_no_tag_names_environments() {
    let record = (
        "catalog/environments/trial.yaml",
        "environmentId: trial\naccountId: \"012345678901\"\nowner: harbour\nexpiresAt: 2026-11-01\n",
    );
    let left = |policy: &str| {
        let ferries = bare(&answered(false), &[record, ("catalog/policy/tags.yaml", policy)]);
        let page = Html::parse_document(&read(&ferries, "environments/index.html"));
        let cells = Selector::parse("#e-trial td").expect("the selector is ours");
        let cell = page.select(&cells).nth(2).expect("what is left");
        let lead = Selector::parse("p.lead").expect("the selector is ours");
        let lead: String = page.select(&lead).next().expect("a lead").text().collect();
        (cell.text().collect::<Vec<_>>().join("|"), lead)
    };
    let (said, lead) = left("required:\n  - {key: Service, from: serviceId}\n");
    assert_eq!(said, "unknown|no required tag names the environment");
    assert!(lead.ends_with("and of 1 nobody could see what is left."), "{lead}");
    let (said, lead) = left("required:\n  - {key: Stage, from: environments}\n");
    assert_eq!((&*said, lead.ends_with("1 still holds resources.")), ("1 resource", true), "{lead}");
}
