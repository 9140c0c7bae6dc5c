//! Diagnostics as SARIF 2.1.0, which code-scanning tools of several vendors read: rules with their
//! explanation, results with fixes, and marks by which a result is known again in the next run.

use std::collections::BTreeMap;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

use super::location::{Locate, Location, fingerprints};
use super::text::harmless;
use super::{Code, Diagnostic, Diagnostics, Edit, Place, Replacement};

/// The published schema.
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// What paths are relative to: the root of the sources, wherever it is checked out.
const ROOT: &str = "%SRCROOT%";

/// The name of our marks; a new way to make them gets a new one.
const FINGERPRINT: &str = "milepostFinding/v1";

/// What a path may hold as it is; a colon is not among it, for it would end a scheme.
const IN_PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b'/');

/// Every diagnostic in its order, as one run of `version`.
pub fn render(diagnostics: &Diagnostics, locate: &Locate<'_>, version: &str) -> String {
    let mut rules: BTreeMap<&str, (usize, &'static Code)> =
        diagnostics.iter().map(|diagnostic| (diagnostic.code.name, (0, diagnostic.code))).collect();
    for (index, (at, _)) in rules.values_mut().enumerate() {
        *at = index;
    }
    let mut bases = BTreeMap::from([(
        ROOT.to_owned(),
        json!({ "description": { "text": "The root of the work tree, or the working directory." } }),
    )]);
    let results: Vec<Value> = diagnostics
        .iter()
        .zip(fingerprints(diagnostics))
        .map(|(diagnostic, mark)| {
            let place = diagnostic.place.as_ref();
            let artifact = place.map(|place| artifact(locate(place), &mut bases));
            result(diagnostic, rules[diagnostic.code.name].0, artifact.as_ref(), &mark)
        })
        .collect();
    let rules: Vec<Value> = rules.values().map(|(_, code)| rule(code)).collect();
    let mut log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "Milepost", "version": version, "rules": rules } },
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": bases,
            "results": results,
        }],
    });
    log.sort_all_objects();
    format!("{log:#}\n")
}

fn rule(code: &Code) -> Value {
    json!({
        "id": code.name,
        "shortDescription": { "text": code.summary },
        "fullDescription": { "text": code.explanation },
        "help": { "text": code.explanation, "markdown": code.explanation },
        "defaultConfiguration": { "level": code.severity.word() },
    })
}

/// The file, and what its address is relative to, which is added to `bases`.
fn artifact(location: Location, bases: &mut BTreeMap<String, Value>) -> Value {
    let (base, path) = match location {
        Location::Inside(path) => (ROOT.to_owned(), path),
        Location::Elsewhere(repository, path) => {
            let text = format!("The root of the repository {}.", harmless(&repository));
            bases.entry(repository.clone()).or_insert_with(|| json!({ "description": { "text": text } }));
            (repository, path)
        }
    };
    json!({ "uri": utf8_percent_encode(&path, IN_PATH).to_string(), "uriBaseId": base })
}

fn result(diagnostic: &Diagnostic, rule: usize, artifact: Option<&Value>, mark: &str) -> Value {
    let mut text = harmless(&diagnostic.message).into_owned();
    if let Some(help) = &diagnostic.help {
        text.push_str(": ");
        text.push_str(&harmless(help));
    }
    let mut result = Map::from_iter([
        ("ruleId".to_owned(), json!(diagnostic.code.name)),
        ("ruleIndex".to_owned(), json!(rule)),
        ("level".to_owned(), json!(diagnostic.severity().word())),
        ("message".to_owned(), json!({ "text": text })),
        ("partialFingerprints".to_owned(), json!({ FINGERPRINT: mark })),
    ]);
    if let (Some(place), Some(artifact)) = (&diagnostic.place, artifact) {
        let mut physical = json!({ "artifactLocation": artifact });
        if let Some(region) = region(place) {
            physical["region"] = region;
        }
        result.insert("locations".into(), json!([{ "physicalLocation": physical }]));
        if let Some(replacement) = &diagnostic.replacement {
            result.insert("fixes".into(), json!([fix(replacement, artifact)]));
        }
    }
    Value::Object(result)
}

fn region(place: &Place) -> Option<Value> {
    if place.line == 0 {
        return None;
    }
    let mut region = json!({ "startLine": place.line });
    if place.column > 0 {
        region["startColumn"] = json!(place.column);
        region["endColumn"] = json!(place.column.saturating_add(place.length.max(1)));
    }
    if !place.quote.is_empty() {
        region["snippet"] = json!({ "text": harmless(&place.quote) });
    }
    Some(region)
}

fn fix(replacement: &Replacement, artifact: &Value) -> Value {
    let description = if replacement.is_safe() {
        "`milepost check --fix` does this."
    } else {
        "Probably what was meant; look before you apply it."
    };
    let replacements: Vec<Value> = replacement.edits.iter().map(change).collect();
    json!({
        "description": { "text": description },
        "artifactChanges": [{ "artifactLocation": artifact, "replacements": replacements }],
    })
}

fn change(edit: &Edit) -> Value {
    json!({
        "deletedRegion": {
            "startLine": edit.line,
            "startColumn": edit.column,
            "endLine": edit.line,
            "endColumn": edit.column.saturating_add(edit.length),
        },
        "insertedContent": { "text": edit.text },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Applicability, codes};

    #[test]
    fn a_result_has_its_place_its_rule_and_its_fix() {
        let mut diagnostics = Diagnostics::default();
        diagnostics.push(Diagnostic::new(&codes::WRONG_TYPE, "nowhere"));
        diagnostics.push(
            Diagnostic::new(&codes::UNKNOWN_KEY, "unknown key `ownerTaem`")
                .at(Place {
                    repository: "acme/shop".into(),
                    path: "a b/größe.yaml".into(),
                    line: 2,
                    column: 1,
                    length: 9,
                    quote: "ownerTaem: x".into(),
                })
                .help("did you mean `ownerTeam`?")
                .replace_with("ownerTeam", Applicability::Safe),
        );
        let inside = |place: &Place| Location::Inside(format!("x:y/{}", place.path));
        let log: Value = serde_json::from_str(&render(&diagnostics, &inside, "1.2.3")).expect("it is JSON");
        let run = &log["runs"][0];
        let (rules, results) = (&run["tool"]["driver"]["rules"], &run["results"]);
        assert_eq!(rules[results[1]["ruleIndex"].as_u64().expect("a number") as usize]["id"], "unknown-key");
        assert_eq!(results[0].get("locations"), None);
        let physical = &results[1]["locations"][0]["physicalLocation"];
        assert_eq!(physical["artifactLocation"]["uri"], "x%3Ay/a%20b/gr%C3%B6%C3%9Fe.yaml");
        assert_eq!(physical["artifactLocation"]["uriBaseId"], ROOT);
        assert_eq!(physical["region"]["endColumn"], 10);
        let change = &results[1]["fixes"][0]["artifactChanges"][0]["replacements"][0];
        assert_eq!(change["insertedContent"]["text"], "ownerTeam");
        assert_eq!(change["deletedRegion"]["endColumn"], 10);
    }

    #[test]
    fn a_file_outside_the_root_is_relative_to_its_repository() {
        let mut diagnostics = Diagnostics::default();
        let place = Place {
            repository: "acme/shop".into(),
            path: "p".into(),
            line: 0,
            column: 0,
            length: 0,
            quote: "".into(),
        };
        diagnostics.push(Diagnostic::new(&codes::WRONG_TYPE, "m").at(place));
        let outside =
            |place: &Place| Location::Elsewhere(place.repository.to_string(), place.path.to_string());
        let log: Value = serde_json::from_str(&render(&diagnostics, &outside, "1")).expect("it is JSON");
        let run = &log["runs"][0];
        let physical = &run["results"][0]["locations"][0]["physicalLocation"];
        assert_eq!(physical["artifactLocation"]["uriBaseId"], "acme/shop");
        assert!(run["originalUriBaseIds"].get("acme/shop").is_some());
        assert_eq!(physical.get("region"), None);
    }
}
