//! The tag report of AWS in place of its accounts, and beside them: what the portal knows, and what it does not make up.

use std::fs;

use serde_json::{Value, json};

use super::ferries::Ferries;

const HEAD: &str =
    "Account ID,Region,Resource ARN,Compliance Status,Noncompliant Keys,Keys With Noncompliant Values\n";
const AT: &str = "catalog/reports/AwsTagPolicies/o-ferries/2026-11-20T03:00:00Z/report.csv";

/// Two accounts in a report, one of which answered itself too, and of a third only that it refused.
fn organisation(rows: &str) -> Ferries {
    let ferries = Ferries::new();
    ferries.replace(
        "catalog/milepost.yaml",
        "sources:\n",
        "sources:\n  - {name: cloud, kind: aws-recorded, path: aws}\n  - {name: report, kind: aws-tag-report, path: reports}\n",
    );
    ferries.write(
        "catalog/accounts.yaml",
        "- {accountId: \"012345678901\", name: prod, owner: harbour}\n- {accountId: \"111122223333\", name: trial}\n",
    );
    ferries.write(
        "catalog/policy/tags.yaml",
        "required:\n  - {key: Service, from: serviceId}\n  - {key: OwnerTeam, from: ownerTeam}\n",
    );
    let tags = json!([{"Key": "Service", "Value": "ferry-times"}, {"Key": "OwnerTeam", "Value": "harbour"}]);
    let call = |account: &str, said: &str, what: Value| {
        let mut call = json!({"operation": "tagging:GetResources", "account": account,
            "region": "eu-central-1", "collectedAt": "2026-11-20T03:00:00Z"});
        call[said] = what;
        call
    };
    let found = json!({"ResourceTagMappingList":
        [{"ResourceARN": "arn:aws:sqs:eu-central-1:012345678901:times", "Tags": tags}]});
    let answers =
        json!([call("012345678901", "answer", found), call("111122223333", "error", json!("AccessDenied"))]);
    ferries.write("catalog/aws/answers.json", &answers.to_string());
    ferries.write(AT, &format!("{HEAD}{rows}"));
    ferries
}

/// Resources of both accounts, and cells that somebody made up to do harm.
fn rows() -> String {
    [
        "012345678901,eu-central-1,arn:aws:sqs:eu-central-1:012345678901:times,true,,\n",
        "012345678901,eu-central-1,arn:aws:sqs:eu-central-1:012345678901:gone,true,,\n",
        "111122223333,eu-central-1,arn:aws:sqs:eu-central-1:111122223333:trial,false,\"owner,=1+1\",<img src=x>\n",
        "111122223333,eu-west-1,\"arn:aws:dynamodb:eu-west-1:111122223333:table/\"\"quoted\"\"\",true,,\n",
        "111122223333,,arn:aws:iam::111122223333:role/night,,,\n",
    ]
    .concat()
}

fn build(ferries: &Ferries) -> (i32, String) {
    let (code, _, stderr) = ferries.run(&["build", "catalog", "--now", "2026-11-20", "--out", "site"]);
    (code, stderr)
}

fn read(ferries: &Ferries, path: &str) -> String {
    fs::read_to_string(ferries.0.path().join("site").join(path))
        .unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn parsed(ferries: &Ferries, path: &str) -> Value {
    serde_json::from_str(&read(ferries, path)).expect("JSON")
}

#[test]
fn what_the_report_does_not_tell_is_unknown_and_counts_nowhere() {
    let ferries = organisation(&rows());
    // One account refused, so the run is incomplete, as it would be without the report.
    let (code, stderr) = build(&ferries);
    assert_eq!(code, 4, "{stderr}");
    let index = parsed(&ferries, "api/v1/index.json");
    assert_eq!(
        index["counts"]["resources"], 4,
        "what the account answered counts, not what the report adds to it"
    );
    assert_eq!(index["coverage"]["accounts"], json!({"found": 2, "reached": 1, "refused": 1, "reported": 3}));
    let source = index["sources"].as_array().expect("sources").iter().find(|one| one["name"] == "report");
    let source = source.expect("it is a source");
    assert_eq!((&source["state"], &source["collectedAt"]), (&json!("ok"), &json!("2026-11-20T03:00:00Z")));
    let drift = parsed(&ferries, "api/v1/drift.json");
    assert_eq!(drift["holdings"], json!({"contested": 0, "owned": 1, "unknown": 3, "unowned": 0}));
    assert_eq!(drift["unregistered"], json!([]));
    let listed = parsed(&ferries, "api/v1/resources/111122223333.json");
    let trial = listed["resources"].as_array().expect("resources").iter();
    let trial = trial.clone().find(|one| one["arn"].as_str().is_some_and(|arn| arn.ends_with(":trial")));
    let trial = trial.expect("it is listed");
    assert_eq!((&trial["service"], &trial["team"]), (&Value::Null, &Value::Null));
    assert_eq!(
        trial["reported"],
        json!({"complies": false, "keysWithNoncompliantValues": ["<img src=x>"], "noncompliantKeys": ["owner", "=1+1"]})
    );
    assert!(trial["tags"].as_object().expect("tags").values().all(|tag| tag["verdict"] == "unknown"));
    let page = read(&ferries, "resources/111122223333/index.html");
    assert!(!page.contains("<img"), "no cell of the report is markup");
    for part in [
        "3 resources are known from the tag report of AWS alone, which names no tags",
        "AWS says: its tags do not comply with the tag policies, NoncompliantKeys are owner and =1+1",
        "table/&quot;quoted&quot;",
        "role/night",
    ] {
        assert!(page.contains(part) || page.contains(&part.replace("&quot;", "&#34;")), "{part}: {page}");
    }
    let all = read(&ferries, "resources/index.html");
    assert!(all.contains("Of the required tags on 1 resource, 2 of 2 are there and right"), "{all}");
    assert!(all.contains("3 resources are known from the tag report of AWS alone"), "{all}");
    let account = read(&ferries, "accounts/111122223333/index.html");
    assert!(
        account.contains("3 resources. 3 resources are known from the tag report of AWS alone"),
        "{account}"
    );
    assert!(
        account.contains("1 answer of the tagging API and 3 listings in the tag report, by region"),
        "{account}"
    );
    assert!(account.contains("Not all seen"), "a report is no complete listing: {account}");
    let coverage = read(&ferries, "coverage/index.html");
    assert!(coverage.contains("3 pairs known from the tag report of AWS, which names no tags"), "{coverage}");
    assert!(coverage.contains("1 account and region answered with their tags, too"), "{coverage}");
}

#[test]
fn who_owns_it_keeps_what_is_known_and_gives_no_answer() {
    let ferries = organisation(&rows());
    let ask = |what: &str| ferries.run(&["who", what, "--catalog", "catalog", "--now", "2026-11-20"]);
    let (_, stdout, stderr) = ask("arn:aws:sqs:eu-central-1:111122223333:trial");
    assert!(
        stdout.contains("remains unknown, because the tag report of AWS names no tags"),
        "{stdout}{stderr}"
    );
    assert!(stdout.contains("`owner` and `=1+1`"), "{stdout}");
    let (_, stdout, stderr) = ask("Service=nobody-has-it");
    assert!(
        stdout.contains("of 3 accounts and regions the tag report of AWS names no tags"),
        "{stdout}{stderr}"
    );
}

#[test]
fn an_account_of_which_only_the_report_speaks_is_not_seen_whole() {
    // The resource counts where its ARN says, so nothing is found in the account that the report names.
    let elsewhere = "222233334444,eu-west-1,arn:aws:sqs:eu-west-1:111122223333:shared,true,,\n";
    let ferries = organisation(&format!("{}{elsewhere}", rows()));
    ferries.replace(
        "catalog/accounts.yaml",
        "name: trial}\n",
        "name: trial}\n- {accountId: \"222233334444\", name: far}\n",
    );
    build(&ferries);
    let index = parsed(&ferries, "api/v1/accounts/index.json");
    let far = index["accounts"].as_array().expect("accounts").iter().find(|one| one["id"] == "222233334444");
    assert_eq!(far.expect("it is declared")["resources"], Value::Null);
    let unknown = json!({"account": "222233334444", "region": "eu-west-1", "why": "the tag report of AWS names no tags"});
    assert!(index["unknown"].as_array().expect("unknown").contains(&unknown), "{}", index["unknown"]);
    let page = read(&ferries, "accounts/222233334444/index.html");
    assert!(page.contains("Whether anything lies in it is unknown."), "{page}");
    assert!(
        page.contains("What lies in eu-west-1 is not all known: the tag report of AWS names no tags"),
        "{page}"
    );
}

#[test]
fn a_report_that_was_cut_is_incomplete_and_says_where() {
    let whole = rows();
    let ferries = organisation(&whole[..whole.len() - 12]);
    let (code, stderr) = build(&ferries);
    assert_eq!(code, 4, "{stderr}");
    let index = parsed(&ferries, "api/v1/index.json");
    let source = index["sources"].as_array().expect("sources").iter().find(|one| one["name"] == "report");
    let source = source.expect("it is a source");
    assert_eq!(source["state"], "partial");
    let reason = source["reason"].as_str().expect("a reason");
    assert!(reason.contains("1 row cannot be read: line 6: it has 3 fields for 6 columns"), "{reason}");
    assert_eq!(index["counts"]["resources"], 3);
}

#[test]
fn a_saved_night_says_the_same() {
    let ferries = organisation(&rows());
    build(&ferries);
    let at_once = read(&ferries, "api/v1/resources/111122223333.json");
    let (_, _, stderr) =
        ferries.run(&["collect", "catalog", "--now", "2026-11-20", "--snapshot", "night.snapshot"]);
    let (_, _, again) = ferries.run(&[
        "build",
        "catalog",
        "--now",
        "2026-11-20",
        "--snapshot",
        "night.snapshot",
        "--out",
        "site",
    ]);
    assert_eq!(read(&ferries, "api/v1/resources/111122223333.json"), at_once, "{stderr}{again}");
}

#[test]
fn the_doctor_says_which_report_would_be_read() {
    let ferries = organisation(&rows());
    ferries.write(&AT.replace("2026-11-20T", "2026-11-19T"), HEAD);
    let (code, stdout, stderr) = ferries.run(&["doctor", "catalog", "--now", "2026-11-20"]);
    let report =
        "report `AwsTagPolicies/o-ferries/2026-11-20T03:00:00Z/report.csv`: it is of 2026-11-20T03:00:00Z";
    assert!(code == 0 && stdout.contains(report), "{code}: {stdout}{stderr}");
    assert!(stdout.contains("1 older report is not read"), "{stdout}");
    ferries.remove(AT);
    ferries.remove(&AT.replace("2026-11-20T", "2026-11-19T"));
    let (code, stdout, _) = ferries.run(&["doctor", "catalog", "--now", "2026-11-20"]);
    assert!(code == 4 && stdout.contains("holds no report") && stdout.contains("aws s3 sync"), "{stdout}");
}
