//! The JSON Schemas of what authors write: every key is described and has an example that is right, and
//! schema and reader agree about what a descriptor may say.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use milepost::catalog::descriptor;
use milepost::catalog::origin::FileIndex;
use milepost::catalog::reader::{Reader, Source};
use milepost::catalog::recognise::{Recognition, recognise};
use milepost::catalog::schema;
use milepost::catalog::vocabulary::Vocabulary;
use milepost::catalog::yaml::{self, Limits, Node};
use milepost::diagnostic::{Diagnostics, text};
use serde_json::{Map, Value, json};

fn schemas() -> Vec<(&'static str, Value)> {
    schema::all().into_iter().map(|(name, schema)| (name, schema.to_value())).collect()
}

/// `schema` with what its reference stands for in `root`.
fn resolved(schema: &Value, root: &Value) -> Value {
    let Some(reference) = schema.get("$ref").and_then(Value::as_str) else { return schema.clone() };
    let name = reference.rsplit('/').next().unwrap_or_default();
    let mut whole = root["$defs"][name].as_object().unwrap_or_else(|| panic!("{reference}")).clone();
    whole.extend(schema.as_object().into_iter().flatten().map(|(key, value)| (key.clone(), value.clone())));
    whole.remove("$ref");
    Value::Object(whole)
}

/// Whether somebody who sees `schema` knows what to write: an example, a list of words, or keys to follow.
fn shows_what_to_write(schema: &Value, root: &Value) -> bool {
    let schema = resolved(schema, root);
    let has = |key: &str| schema.get(key).is_some();
    let inner = ["items", "additionalProperties"].iter().filter_map(|key| schema.get(*key));
    let any = ["anyOf", "oneOf"].iter().filter_map(|key| schema.get(*key)?.as_array()).flatten();
    has("examples")
        || has("const")
        || has("enum")
        || has("properties")
        || schema["type"] == "boolean"
        || inner.filter(|it| it.is_object()).chain(any).any(|one| shows_what_to_write(one, root))
}

/// Every key of every mapping in `root`, as `mapping.key`, with its schema.
fn keys(root: &Value) -> Vec<(String, Value)> {
    let definitions = root["$defs"].as_object().into_iter().flatten();
    let all = definitions.map(|(name, schema)| (name.as_str(), schema)).chain([("root", root)]);
    all.flat_map(|(name, schema)| {
        let properties = schema["properties"].as_object().cloned().unwrap_or_default();
        properties.into_iter().map(move |(key, schema)| (format!("{name}.{key}"), schema))
    })
    .collect()
}

#[test]
fn every_key_is_described_and_shows_what_to_write() {
    let mut wrong = Vec::new();
    for (name, root) in schemas() {
        assert!(root["description"].is_string(), "{name}");
        for (definition, schema) in root["$defs"].as_object().into_iter().flatten() {
            if !schema["description"].is_string() {
                wrong.push(format!("{name}: {definition} is not described"));
            }
        }
        for (key, schema) in keys(&root) {
            if !resolved(&schema, &root)["description"].is_string() {
                wrong.push(format!("{name}: {key} is not described"));
            }
            if !shows_what_to_write(&schema, &root) {
                wrong.push(format!("{name}: {key} has no example"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_example_is_right() {
    let mut tried = 0;
    for (name, root) in schemas() {
        let definitions = root["$defs"].as_object().into_iter().flatten();
        let definitions = definitions.map(|(name, schema)| (name.clone(), schema.clone()));
        for (key, schema) in keys(&root).into_iter().chain(definitions) {
            for example in schema["examples"].as_array().into_iter().flatten() {
                let one = json!({ "$defs": root["$defs"], "allOf": [schema] });
                let validator = jsonschema::validator_for(&one).expect("a schema");
                assert!(validator.is_valid(example), "{name}: {key}: {example}");
                tried += 1;
            }
        }
    }
    assert!(tried > 200, "{tried}");
}

/// A node as JSON, plain scalars by the core schema of YAML 1.2.
fn json(node: &Node) -> Value {
    match &node.value {
        yaml::Value::Null => Value::Null,
        yaml::Value::Sequence(items) => items.iter().map(json).collect(),
        yaml::Value::Mapping(entries) => {
            let entries = entries.iter().map(|entry| (entry.key.to_string(), json(&entry.value)));
            Value::Object(entries.collect::<Map<_, _>>())
        }
        yaml::Value::Scalar(scalar) if scalar.quoted => scalar.text.to_string().into(),
        yaml::Value::Scalar(scalar) => match &*scalar.text {
            "true" => true.into(),
            "false" => false.into(),
            text => text.parse::<f64>().map_or_else(|_| text.into(), Into::into),
        },
    }
}

/// Every YAML file below `folder`, by path in it.
fn files(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut waiting: Vec<PathBuf> = vec![folder.to_owned()];
    while let Some(place) = waiting.pop() {
        for entry in fs::read_dir(place).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|ending| ending == "yaml") {
                let inside = path.strip_prefix(folder).expect("it lies below").to_str().expect("a name");
                found.push((inside.to_owned(), fs::read_to_string(&path).expect("text")));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn the_files_of_the_example_obey_their_schemas() {
    let schemas = schemas();
    let validators: Vec<(&str, jsonschema::Validator)> = schemas
        .iter()
        .map(|(name, schema)| (*name, jsonschema::validator_for(schema).expect("a schema")))
        .collect();
    let mut checked = 0;
    let mut wrong = Vec::new();
    for (path, text) in files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("catalog")) {
        let Some(name) = schema::of_file(&path) else { continue };
        let (_, validator) = validators.iter().find(|(known, _)| *known == name).expect("there is one");
        // A descriptor may be no YAML, or somebody else's.
        for document in yaml::parse(&text, Limits::default()).into_iter().flatten() {
            if name == "service" && !matches!(recognise(&path, &document), Recognition::Ours(_)) {
                continue;
            }
            checked += 1;
            if !validator.is_valid(&json(&document.root)) {
                wrong.push(path.clone());
            }
        }
    }
    assert!(checked > 100, "{checked}");
    // A date that is none and a key that is misspelt, both on purpose.
    assert_eq!(wrong, ["exceptions/EX-2026-0046.yaml", "repositories/gift-cards/service.yaml"]);
}

/// What the reader says about a descriptor.
fn said(path: &str, input: &str) -> String {
    let mut diagnostics = Diagnostics::default();
    let source = Source::new(FileIndex(0), Arc::from(""), Arc::from(path), input);
    let vocabulary = Vocabulary::default();
    for document in yaml::parse(input, Limits::default()).into_iter().flatten() {
        if let Recognition::Ours(shape) = recognise(path, &document) {
            let mut reader =
                Reader { source: &source, vocabulary: &vocabulary, diagnostics: &mut diagnostics };
            descriptor::read(&document, shape, &mut reader);
        }
    }
    text::render(&diagnostics, false)
}

#[test]
fn schema_and_reader_agree_about_both_shapes() {
    let schema = schema::all().remove("service").expect("there is one").to_value();
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    for (text, right) in [
        ("serviceId: quote\n", true),
        ("serviceId: quote\nonCall: a\nexposure: public\nsecurity: {secrets: vault}\n", true),
        ("serviceId: quote\nexposure: {type: public, waf: true}\nx-own: 1\n", true),
        ("serviceId: quote\nslo: {availability: 99.9%}\nresilience: {rto: 4h}\n", true),
        ("serviceId: quote\nenvironments: [prod, {name: dev, region: eu-west-1}]\naliases: old\n", true),
        ("serviceId: quote\nlinks: {runbook: [a.md, b.md], docs: {url: https://a.example}}\n", true),
        ("service: {name: Parcel Quote, owner: checkout, tier: tier-2}\n", true),
        ("service: {name: q, availability: {targetSlo: 99.9, rto: 1h, rpo: 5m}}\n", true),
        ("service: {name: q, observability: {pager: a, logs: true}, security: {waf: true}}\n", true),
        ("service: {name: q, cost: {costCenter: a, product: b, tenantAware: true}}\n", true),
        ("service: {name: q}\navailability: {rto: 1h}\nobservability: {pager: a}\nownerTeam: a\n", true),
        ("service: {name: q, serviceId: quote, exposure: internal, x-own: 1}\n", true),
        ("serviceId: Quote Service\n", false),
        ("serviceId: quote\nserviceID: x\n", false),
        ("serviceId: quote\navailability: {rto: 1h}\n", false),
        ("serviceId: quote\nobservability: {pager: a}\n", false),
        ("serviceId: quote\nsecurity: {waf: true}\n", false),
        ("serviceId: quote\ncost: {costCenter: a}\n", false),
        ("serviceId: quote\ntier: tier-1\n", false),
        ("serviceId: quote\ntype: http\n", false),
        ("serviceId: quote\naccountId: \"1234\"\n", false),
        ("serviceId: quote\nresilience: {rto: soon}\n", false),
        ("serviceId: quote\ninternetFacing: yes\n", false),
        ("service: {name: q, ownr: a}\n", false),
        ("service: {name: q, availability: {slo: 99}}\n", false),
        ("service: {name: q, security: {pager: a}}\n", false),
        ("service: {name: q, type: http}\n", false),
    ] {
        let document = yaml::parse(text, Limits::default()).remove(0).expect("it is YAML");
        let said = said("service.yaml", text);
        assert_eq!(said.is_empty(), right, "the reader on {text}{said}");
        let errors: Vec<String> =
            validator.iter_errors(&json(&document.root)).map(|error| error.to_string()).collect();
        assert_eq!(errors.is_empty(), right, "the schema on {text}{errors:?}");
    }
}
