//! What a pack says in OSCAL, of controls that are satisfied, not satisfied, permitted to deviate, and unknown. That it
//! is OSCAL at all, judges outside say: `tests/validators/evidence_test.py`.

use std::collections::BTreeMap;
use std::fs::File;

use serde_json::Value;
use zip::ZipArchive;

use super::ferries::Ferries;

const CONTROLS: &str = "
- {controlId: impact, title: Impact is known, frameworks: {nist80053: [AC-2(1), RA-03]}}
- {controlId: drills, title: Drills are held, frameworks: {soc2: CC7.5}}
- {controlId: unproven, title: Nobody <looks> here, frameworks: {nist80053: [see the annex]}}
";

/// A night in which one rule passes, one is waived and one is unknown.
fn ferries() -> Ferries {
    let ferries = Ferries::new();
    ferries.write("catalog/controls/more.yaml", CONTROLS);
    ferries.write("catalog/facts/drills.csv", "subject,fact,value,observedAt,source,maxAge\n");
    for (rule, control) in [("impact-known", "impact"), ("tier-high", "tier"), ("drilled", "drills")] {
        let (from, to) = (format!("id: {rule},"), format!("id: {rule}, controls: [{control}],"));
        ferries.replace("catalog/scorecards/ready.yaml", &from, &to);
    }
    ferries
}

/// The documents of the pack that is sealed on `day`.
fn sealed(ferries: &Ferries, day: &str) -> BTreeMap<String, Value> {
    let (code, _, stderr) = ferries.run(&["evidence", "pack", "catalog", "--now", day]);
    assert_eq!(code, 0, "{stderr}");
    let path = ferries.0.path().join(format!("evidence/ferries-{day}.zip"));
    let mut archive = ZipArchive::new(File::open(path).expect("it was sealed")).expect("an archive");
    let mut documents = BTreeMap::new();
    for name in ["assessment-plan", "assessment-results"] {
        let path = format!("ferries-{day}/data/oscal/{name}.json");
        if let Ok(file) = archive.by_name(&path) {
            let mut document: Value = serde_json::from_reader(file).expect("JSON");
            documents.insert(name.to_owned(), document[name].take());
        }
    }
    documents
}

/// The values of our properties of `thing`, by name.
fn properties(thing: &Value) -> BTreeMap<&str, &str> {
    let properties = thing["props"].as_array().expect("it has properties").iter();
    properties.filter_map(|one| Some((one["name"].as_str()?, one["value"].as_str()?))).collect()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

#[test]
fn a_finding_stands_only_where_something_can_be_said() {
    let documents = sealed(&ferries(), "2026-11-20");
    let result = &documents["assessment-results"]["results"][0];
    let verdicts: BTreeMap<&str, &str> = list(&result["observations"])
        .iter()
        .map(properties)
        .filter_map(|properties| Some((*properties.get("control")?, *properties.get("verdict")?)))
        .collect();
    let expected = [
        ("drills", "undetermined"),
        ("impact", "satisfied"),
        ("tier", "not-satisfied-with-permission"),
        ("unproven", "not-measured"),
    ];
    assert_eq!(verdicts, BTreeMap::from(expected));
    let findings: Vec<[&Value; 3]> = list(&result["findings"])
        .iter()
        .map(|finding| {
            let (target, status) = (&finding["target"], &finding["target"]["status"]);
            [&target["target-id"], &status["state"], &status["reason"]]
        })
        .collect();
    let expected = [
        ["ac-2.1_obj.impact", "satisfied", "pass"],
        ["ra-3_obj.impact", "satisfied", "pass"],
        ["org_tier_obj.tier", "not-satisfied", "other"],
    ];
    assert_eq!(findings, expected);
    let silence = result["remarks"].as_str().expect("a text");
    assert!(silence.starts_with("2 of 4 controls have no finding"), "{silence}");
}

#[test]
fn an_exception_is_a_risk_that_ends_after_its_last_day() {
    let documents = sealed(&ferries(), "2026-11-20");
    let result = &documents["assessment-results"]["results"][0];
    let risk = &result["risks"][0];
    assert_eq!(risk["status"], "deviation-approved");
    assert_eq!(risk["deadline"], "2026-11-22T00:00:00Z");
    assert_eq!(properties(risk)["results-waived"], "1");
    assert_eq!(risk["mitigating-factors"][0]["description"], "a person looks");
    let waived = list(&result["findings"]).iter().find(|finding| properties(finding)["control"] == "tier");
    assert_eq!(waived.expect("it has a finding")["related-risks"][0]["risk-uuid"], risk["uuid"]);
}

#[test]
fn names_of_what_outlives_a_pack_stay() {
    let ferries = ferries();
    let (first, second) = (sealed(&ferries, "2026-11-20"), sealed(&ferries, "2026-11-21"));
    let service = |documents: &BTreeMap<String, Value>| {
        documents["assessment-plan"]["local-definitions"]["components"][0].clone()
    };
    assert_eq!(properties(&service(&first))["service"], "ferry-times");
    assert_eq!(service(&first), service(&second));
    assert_ne!(first["assessment-plan"]["uuid"], second["assessment-plan"]["uuid"]);
}

#[test]
fn texts_of_people_are_no_markup_and_unreadable_ids_no_controls_of_nist() {
    let documents = sealed(&ferries(), "2026-11-20");
    let selections = list(&documents["assessment-plan"]["reviewed-controls"]["control-selections"]);
    let unproven = selections.last().expect("there are four");
    assert_eq!(unproven["description"], "Nobody \\<looks\\> here");
    assert_eq!(unproven["include-controls"][0]["control-id"], "org_unproven");
    assert_eq!(properties(unproven)["framework-id"], "nist80053: see the annex");
}

#[test]
fn a_catalog_without_controls_says_nothing_in_oscal() {
    let ferries = Ferries::new();
    ferries.remove("catalog/controls/drill.yaml");
    assert!(sealed(&ferries, "2026-11-20").is_empty());
}
