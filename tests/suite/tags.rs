//! Tags from the command line: what `tags generate` and `tags report` print.

use serde_json::{Value, json};

use super::ferries::Ferries;

/// Two accounts, of which one refused; tags that a spreadsheet would run.
fn inventory() -> Ferries {
    let ferries = Ferries::new();
    ferries.replace(
        "catalog/milepost.yaml",
        "sources:\n",
        "sources:\n  - {name: cloud, kind: aws-recorded, path: aws}\n",
    );
    let resource = |name: &str, tags: Value| json!({"ResourceARN": format!("arn:aws:sqs:eu-central-1:012345678901:{name}"), "Tags": tags});
    let tag = |key: &str, value: &str| json!({"Key": key, "Value": value});
    let right =
        vec![tag("Service", "ferry-times"), tag("OwnerTeam", "harbour"), tag("Criticality", "tier-2")];
    let answers = json!([
        {"operation": "organizations:ListAccounts", "collectedAt": "2026-11-20T03:00:00Z", "answer": {"Accounts": [
            {"Id": "012345678901", "Name": "prod", "State": "ACTIVE"},
            {"Id": "111122223333", "Name": "closed", "State": "ACTIVE"},
            {"Id": "222233334444", "Name": "never", "State": "ACTIVE"}]}},
        {"operation": "tagging:GetResources", "account": "012345678901", "region": "eu-central-1",
         "collectedAt": "2026-11-20T03:00:00Z", "answer": {"ResourceTagMappingList": [
            resource("right", json!(right)),
            resource("formula", json!([tag("Service", "ferry-times"), tag("OwnerTeam", "=cmd|' /C calc'!A0")])),
            resource("nobodys", json!([tag("criticality", "tier-2")]))], "PaginationToken": ""}},
        {"operation": "tagging:GetResources", "account": "111122223333", "region": "eu-central-1",
         "collectedAt": "2026-11-20T03:00:00Z", "error": "=AccessDenied"}
    ]);
    ferries.write("catalog/aws/answers.json", &answers.to_string());
    ferries.write(
        "catalog/policy/tags.yaml",
        "required:\n  - {key: Service, from: serviceId}\n  - {key: OwnerTeam, from: ownerTeam}\n  \
         - {key: Criticality, from: criticality}\n  - {key: Environment, from: environments}\n  \
         - {key: Zone, values: [north]}\n",
    );
    ferries
}

fn run(ferries: &Ferries, verb: &[&str]) -> (i32, String, String) {
    ferries.run(&[&["tags"], verb, &["--catalog", "catalog", "--now", "2026-11-20"]].concat())
}

fn rows(table: &str) -> Vec<Vec<String>> {
    let table = table.strip_prefix('\u{feff}').expect("spreadsheets are told that it is UTF-8");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(table.as_bytes());
    let cells = |row: csv::StringRecord| row.iter().map(ToOwned::to_owned).collect();
    reader.records().map(|row| cells(row.expect("a row"))).collect()
}

#[test]
fn a_report_for_spreadsheets_has_every_resource_and_what_nobody_could_see() {
    let ferries = inventory();
    let (code, stdout, stderr) = run(&ferries, &["report", "--format", "csv", "--key", "OwnerTeam"]);
    assert_eq!(code, 4, "{stderr}");
    assert!(stderr.contains("what lies in 2 accounts or regions is unknown"), "{stderr}");
    let rows = rows(&stdout);
    let shown: Vec<String> = rows.iter().map(|row| row[1..].join(",")).collect();
    assert_eq!(
        shown,
        [
            "type,account,region,service,team,remark,OwnerTeam,OwnerTeam found,OwnerTeam expected",
            "sqs:queue,012345678901,eu-central-1,ferry-times,harbour,,wrong-value,'=cmd|' /C calc'!A0,harbour",
            "sqs:queue,012345678901,eu-central-1,,,,missing,,",
            "sqs:queue,012345678901,eu-central-1,ferry-times,harbour,,ok,,harbour",
            ",111122223333,eu-central-1,,,'=AccessDenied,unknown,,",
            ",222233334444,,,,not asked,unknown,,",
        ]
    );
}

#[test]
fn a_report_for_scripts_holds_the_same_and_is_filtered() {
    let ferries = inventory();
    let report = |more: &[&str]| -> Value {
        let (_, stdout, stderr) = run(&ferries, &[&["report", "--format", "json"], more].concat());
        serde_json::from_str(&stdout).unwrap_or_else(|error| panic!("{error}\n{stdout}\n{stderr}"))
    };
    let names = |report: &Value| -> Vec<String> {
        let resources = report["resources"].as_array().expect("a list");
        let name = |row: &Value| {
            row["arn"].as_str().expect("a text").rsplit(':').next().unwrap_or_default().to_owned()
        };
        resources.iter().map(name).collect()
    };
    let all = report(&[]);
    assert_eq!(names(&all), ["formula", "nobodys", "right"]);
    assert_eq!(all["resources"][0]["tags"]["OwnerTeam"]["found"], "=cmd|' /C calc'!A0");
    assert_eq!(all["resources"][1]["tags"]["Criticality"]["verdict"], "wrong-case");
    assert_eq!(
        all["unknown"][0],
        json!({"account": "111122223333", "region": "eu-central-1", "why": "=AccessDenied"})
    );
    for (options, expected) in [
        (&["--team", "harbour"][..], &["formula", "right"][..]),
        (&["--service", "ferry-times", "--key", "Service"], &["formula", "right"]),
        (&["--key", "OwnerTeam", "--only", "wrong"], &["formula", "nobodys"]),
        (&["--account", "111122223333"], &[]),
    ] {
        assert_eq!(names(&report(options)), expected, "{options:?}");
    }
    let (code, _, stderr) = run(&ferries, &["report", "--key", "ownerteam"]);
    assert!(code == 2 && stderr.contains("did you mean `OwnerTeam`?"), "{stderr}");
}

#[test]
fn without_a_format_a_report_counts_by_key() {
    let (_, stdout, _) = run(&inventory(), &["report"]);
    let lines: Vec<Vec<&str>> = stdout.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines[1], ["Service", "2", "of", "3", "66", "%", "1", "0", "0", "0", "0"]);
    assert_eq!(lines[2], ["OwnerTeam", "1", "of", "3", "33", "%", "1", "0", "1", "0", "0"]);
}

#[test]
fn what_the_record_does_not_give_is_never_guessed() {
    let ferries = inventory();
    let (code, stdout, stderr) = run(&ferries, &["generate", "ferry-times", "--format", "terraform"]);
    assert_eq!(code, 4, "{stderr}");
    assert!(stdout.contains("      Criticality = \"tier-2\"\n"), "{stdout}");
    assert!(stdout.contains("      # Environment is missing: give `environments` in "), "{stdout}");
    // The only value that policy allows is no guess.
    assert!(stdout.contains("      Zone        = \"north\"\n"), "{stdout}");
    assert!(stderr.contains("Environment is missing"), "{stderr}");

    let service = "repositories/ferry-times/service.yaml";
    ferries.replace(service, "criticality: tier-2", "criticality: tier-2\nenvironments: [prod, staging]");
    let generate = ["generate", "ferry-times", "--format", "cloudformation"];
    let (_, stdout, _) = run(&ferries, &generate);
    assert!(
        stdout.contains("  # Environment is missing: fill in what is right here, `prod` or `staging`\n"),
        "{stdout}"
    );
    let (_, stdout, _) = run(&ferries, &[&generate[..], &["--environment", "staging"]].concat());
    assert!(stdout.contains("  - Key: \"Environment\"\n    Value: \"staging\"\n"), "{stdout}");
    let (code, _, stderr) = run(&ferries, &[&generate[..], &["--environment", "stagin"]].concat());
    assert!(code == 2 && stderr.contains("did you mean `staging`?"), "{stderr}");
    let (code, _, stderr) = run(&ferries, &["generate", "--format", "cdk"]);
    assert!(code == 2 && stderr.contains("name the service"), "{stderr}");
}

#[test]
fn a_value_that_aws_refuses_is_left_out_and_ends_the_run_with_a_finding() {
    let ferries = inventory();
    ferries.replace("catalog/policy/tags.yaml", "values: [north]", "values: ['north*{$']");
    ferries.replace(
        "catalog/aws/answers.json",
        "\"error\":\"=AccessDenied\"",
        "\"answer\":{\"ResourceTagMappingList\":[]}",
    );
    for format in ["terraform", "cloudformation", "cdk", "policy"] {
        let (code, stdout, stderr) = run(&ferries, &["generate", "ferry-times", "--format", format]);
        assert_eq!(code, 3, "{stderr}");
        let values = stdout.lines().filter(|line| line.contains("north*{$"));
        assert!(values.clone().all(|line| line.trim_start().starts_with(['#', '/'])), "{stdout}");
        assert!(stderr.contains("Zone is left out: AWS takes letters"), "{stderr}");
    }
}
