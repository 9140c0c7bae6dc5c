//! The case tables under `tests/cases/`: each sentence of the contract with cases that show it, judged by
//! the whole pipeline from text to assessment. How to write one stands at the head of `given.yaml`.

mod adoption;
mod code_reviews;
mod costs;
mod exceptions;
mod expectations;
mod next_steps;
mod organisation;
mod overlay;
mod proofs;
mod register;
mod shorthand;
mod tags;

use std::collections::BTreeSet;
use std::fmt::Write;

use milepost::assess::Assessment;
use milepost::catalog::yaml::{self, Limits, Node, Value};
use milepost::day::{Day, Moment};

use overlay::{overlay, text, texts};

/// What a case says beside its world.
const KNOWN: [&str; 44] = [
    "costs",
    "onGithub",
    "codeReviews",
    "case",
    "expect",
    "today",
    "now",
    "zone",
    "vocabulary",
    "service",
    "services",
    "firstRevision",
    "documents",
    "team",
    "teams",
    "controls",
    "environments",
    "accounts",
    "products",
    "capabilities",
    "goldenPath",
    "goldenPaths",
    "scorecards",
    "rules",
    "outcomes",
    "levels",
    "appliesTo",
    "readiness",
    "required",
    "subject",
    "exception",
    "exceptions",
    "exceptionForm",
    "metrics",
    "platform",
    "quietNights",
    "ends",
    "facts",
    "listing",
    "listings",
    "observedAccounts",
    "awsTagPolicies",
    "unreadable",
    "addedByTheChange",
];

fn documents(table: &str) -> Vec<Node> {
    let path = format!("{}/tests/cases/{}.yaml", env!("CARGO_MANIFEST_DIR"), table.replace('_', "-"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let parsed = yaml::parse(&text, Limits::default()).into_iter();
    parsed
        .map(|document| {
            document.unwrap_or_else(|broken| panic!("{path}:{}: {}", broken.mark, broken.message)).root
        })
        .collect()
}

/// Judges every case of a table and says which do not hold.
fn judge(table: &str) {
    let given = documents("given").remove(0);
    let (mut wrong, mut count, mut names) = (String::new(), 0, BTreeSet::new());
    for sentence in documents(table) {
        let contract =
            text(&sentence, "contract").unwrap_or_else(|| panic!("{table}: a sentence without `contract`"));
        let more = sentence.get("given");
        more.into_iter().for_each(known);
        let here = more.map_or_else(|| given.clone(), |more| overlay(&given, more));
        let cases = sentence.get("cases").and_then(Node::items);
        for case in cases.unwrap_or_else(|| panic!("{table}: no cases for {contract}")) {
            count += 1;
            let name = text(case, "case").unwrap_or_else(|| panic!("{table}:{}: no `case`", case.mark));
            assert!(names.insert(name.to_owned()), "{table}: two cases are called `{name}`");
            known(case);
            let complaints = complaints(&overlay(&here, case));
            if !complaints.is_empty() {
                let _ = writeln!(
                    wrong,
                    "{contract}\n  line {}: {name}\n    {}\n",
                    case.mark.line,
                    complaints.join("\n    ")
                );
            }
        }
    }
    assert!(count > 0, "{table} has no cases");
    assert!(wrong.is_empty(), "of {count} cases in tests/cases/{table}.yaml these do not hold:\n\n{wrong}");
}

/// Refuses what no case can say, even with nothing behind it: half a name, cut off by a comma.
fn known(case: &Node) {
    for entry in case.entries().expect("a case is a mapping") {
        let known = KNOWN.contains(&&*entry.key) || matches!(&*entry.key, "exceptionPolicy" | "tagPolicy");
        assert!(known, "line {}: a case has no key `{}`", entry.mark.line, entry.key);
    }
}

/// What does not hold in a case.
fn complaints(case: &Node) -> Vec<String> {
    let catalog = organisation::resolve(case);
    let now = text(case, "now").map(|now| Moment::parse(now).expect("a moment"));
    let today = match (text(case, "today"), now) {
        (_, Some(now)) => Day::of(now, &catalog.zone),
        (Some(today), None) => Day::parse(today).expect("a day"),
        (None, None) => panic!("neither `today` nor `now`"),
    };
    let now = now.unwrap_or_else(|| Moment::parse_or_day(&today.to_string(), &catalog.zone).expect("a day"));
    let added: BTreeSet<Box<str>> = texts(case, "addedByTheChange").into_iter().map(Box::from).collect();
    let assessment = Assessment::of_change(&catalog, today, now, &added);
    let expect = case.get("expect").expect("a case expects something");
    let mut checked = expectations::Checked::new(&catalog, &assessment);
    let expect = expect.entries().filter(|entries| !entries.is_empty()).expect("expectations are a mapping");
    for entry in expect {
        let nothing = entry.value.entries().is_some_and(<[_]>::is_empty);
        assert!(!nothing, "line {}: `{}` expects nothing", entry.mark.line, entry.key);
        checked.check(&entry.key, &entry.value);
    }
    checked.complaints
}

/// Whether a node says that nothing is expected.
fn is_none(node: &Node) -> bool {
    match &node.value {
        Value::Null => true,
        Value::Scalar(scalar) => &*scalar.text == "none",
        Value::Sequence(items) => items.is_empty(),
        Value::Mapping(entries) => entries.is_empty(),
    }
}

macro_rules! tables {
    ($($name:ident)*) => { $(
        #[test]
        fn $name() {
            judge(stringify!($name));
        }
    )* };
}

tables! { outcomes scores levels readiness rule_tests attestations explanations exceptions code_reviews tiers ownership whose drift tags next_steps dependencies remains adoption costs bad_input }
