//! The files of the example's portal: the same bytes every time, pages that a browser reads without
//! repairing them, data that obeys its schemas.

use std::collections::{BTreeMap, BTreeSet};

use milepost::render::data::v1;
use scraper::{Html, Selector};

use super::example::{example, rendered, site};

#[test]
fn the_same_input_gives_the_same_bytes() {
    let again = rendered(example());
    assert_eq!(again.keys().collect::<Vec<_>>(), site().keys().collect::<Vec<_>>());
    for (path, bytes) in &again {
        assert_eq!(bytes, &site()[path], "{path}");
    }
}

fn of(ending: &str) -> impl Iterator<Item = (&'static String, &'static str)> {
    let own = site().iter().filter(move |(path, _)| path.ends_with(ending));
    own.map(|(path, bytes)| (path, std::str::from_utf8(bytes).expect("UTF-8")))
}

#[test]
fn pages_need_no_repair_and_carry_their_policy() {
    let everything = Selector::parse("*").expect("a selector");
    for (path, html) in of(".html") {
        let page = Html::parse_document(html);
        assert!(page.errors.is_empty(), "{path}: {:?}", page.errors);
        assert!(html.contains("content=\"default-src 'none'; script-src 'self';"), "{path} has no policy");
        for element in page.select(&everything) {
            let mut names = element.value().attrs().map(|(name, _)| name);
            assert!(!names.any(|name| name.starts_with("on")), "{path}: {:?}", element.value());
        }
    }
}

#[test]
fn documents_of_data_obey_their_schemas_and_the_index_names_them() {
    let schemas: BTreeMap<&str, jsonschema::Validator> = v1::schemas()
        .into_iter()
        .map(|(name, schema)| (name, jsonschema::validator_for(schema.as_value()).expect("a schema")))
        .collect();
    let parsed = |path: &str| -> serde_json::Value { serde_json::from_slice(&site()[path]).expect("JSON") };
    let mut reached: BTreeSet<String> = BTreeSet::from(["api/v1/index.json".to_owned()]);
    for file in parsed("api/v1/index.json")["files"].as_array().expect("a list") {
        reached.insert(format!("api/v1/{}", file.as_str().expect("a path")));
    }
    for (path, json) in of(".json").filter(|(path, _)| path.starts_with("api/v1/")) {
        let document: serde_json::Value = serde_json::from_str(json).expect("JSON");
        let kind = match path["api/v1/".len()..].trim_end_matches(".json") {
            "services/index" => "services",
            "exceptions/index" => "exceptions",
            "accounts/index" => "accounts",
            "environments/index" => "environments",
            "costs/index" => "costs",
            "evidence/index" => "evidence",
            path => match path.split('/').next().expect("a part") {
                "services" => "service",
                "exceptions" => "exception",
                "teams" => "team",
                "scorecards" => "scorecard",
                "golden-paths" => "golden-path",
                "accounts" => "account",
                "costs" => "costs-services",
                "evidence" => "framework",
                "adoption" if path.contains('/') => "figure",
                single => single,
            },
        };
        let schema = &schemas[format!("api-v1-{kind}").as_str()];
        let errors: Vec<String> = schema.iter_errors(&document).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{path}: {errors:?}");
        let listed = path.starts_with("api/v1/services/") || path.starts_with("api/v1/exceptions/");
        assert!(listed || reached.contains(path), "{path} is not in the index");
    }
    for path in reached {
        assert!(site().contains_key(&path), "{path} is named and not there");
    }
}
