//! JSON Schemas of every input, generated from the types that read it.

mod nested;
mod scalar;

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::field::{Field, List, Named, Section};
use super::record::{Readable, Record, RecordShape, Shape};
use super::{
    account, capability, configuration, control, environment, exception, golden_path, metric, policy,
};
use super::{facts, product, scorecard, service, team};

/// The JSON Schema of every input, by name.
pub fn all() -> BTreeMap<&'static str, Schema> {
    BTreeMap::from([
        ("account", records::<account::Account>("accounts")),
        ("capability", records::<capability::Capability>("business capabilities")),
        ("configuration", record::<configuration::Configuration>("milepost.yaml")),
        ("control", records::<control::Control>("controls")),
        ("environment", records::<environment::Environment>("environments")),
        ("exception", records::<exception::Exception>("exceptions")),
        ("exception-policy", record::<policy::ExceptionPolicy>("policy/exceptions.yaml")),
        ("fact", records::<facts::FactRecord>("facts")),
        ("golden-path", records::<golden_path::GoldenPath>("golden paths")),
        ("metric", records::<metric::Metric>("metrics")),
        ("platform", record::<policy::Platform>("policy/platform.yaml")),
        ("product", records::<product::Product>("products")),
        ("responsibilities", record::<policy::Responsibilities>("policy/responsibilities.yaml")),
        ("scorecard", records::<scorecard::Scorecard>("scorecards")),
        ("service", service()),
        ("tag-policy", record::<policy::TagPolicy>("policy/tags.yaml")),
        ("team", records::<team::Team>("teams")),
    ])
}

/// The line with which an editor finds the schema at `address`, a path from the file or a URL.
pub fn header(address: &str) -> String {
    format!("# yaml-language-server: $schema={address}\n")
}

/// How the files of the catalog folder are called, and the schema of each.
const FILES: [(&str, &str); 15] = [
    ("accounts", "account"),
    ("capabilities", "capability"),
    ("controls", "control"),
    ("environments", "environment"),
    ("exceptions", "exception"),
    ("golden-paths", "golden-path"),
    ("metrics", "metric"),
    ("milepost", "configuration"),
    ("policy/exceptions", "exception-policy"),
    ("policy/platform", "platform"),
    ("policy/responsibilities", "responsibilities"),
    ("policy/tags", "tag-policy"),
    ("products", "product"),
    ("scorecards", "scorecard"),
    ("teams", "team"),
];

/// The name of the schema for the file at `path` of the catalog folder, or of a descriptor in it.
pub fn of_file(path: &str) -> Option<&'static str> {
    let stem = path.strip_suffix(".yaml")?;
    if stem == "service" || stem.ends_with("/service") {
        return Some("service");
    }
    let called =
        |word: &str| stem.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    FILES.iter().find(|(word, _)| called(word)).map(|(_, schema)| *schema)
}

/// What the schema called `name` is published as: what no longer fits it gets another version.
pub fn published(name: &str) -> String {
    format!("{name}-v1")
}

/// The schema called `name` as a file.
pub fn file(name: &str) -> Option<String> {
    let text = serde_json::to_string_pretty(all().get(name)?).expect("a schema is JSON");
    Some(text + "\n")
}

/// The schema of files that hold one `T`.
fn record<T: JsonSchema>(title: &str) -> Schema {
    let mut schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>();
    schema.insert("title".into(), format!("Milepost: {title}").into());
    schema
}

/// The schema of files that hold one `T`, or a list of them, or nothing yet.
fn records<T: JsonSchema>(title: &str) -> Schema {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let one = generator.subschema_for::<T>();
    let dialect = generator.settings().meta_schema.clone();
    json_schema!({
        "$schema": dialect,
        "title": format!("Milepost: {title}"),
        "description": format!("A file of {title}: one, or a list of them."),
        "anyOf": [one, { "type": "array", "items": one }, { "type": "null" }],
        "$defs": generator.take_definitions(true),
    })
}

/// The schema of `service.yaml`, in its flat and in its nested shape.
fn service() -> Schema {
    let mut schema = record::<service::ServiceRecord>("service.yaml");
    nested::add(&mut schema);
    schema
}

/// The schema of one of some words, each with its meaning.
pub(super) fn words(meaning: &str, words: &[(&str, &str)]) -> Schema {
    let one = |(meaning, word): &(&str, &str)| serde_json::json!({ "const": word, "type": "string", "description": meaning.trim() });
    json_schema!({ "description": meaning.trim(), "oneOf": words.iter().map(one).collect::<Vec<_>>() })
}

/// No key is required to be readable: gaps lower scores, they are no syntax errors. Keys that begin
/// with `x-` are free everywhere.
pub(super) fn open(schema: &mut Schema) {
    schema.remove("required");
    schema.insert("patternProperties".into(), serde_json::json!({ "^x-": true }));
}

/// The schema of `T`, and beside it that of the key which a bare value stands for.
fn with_shorthand<T: Readable + JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    let whole = generator.subschema_for::<T>();
    let Shape::Record(RecordShape { shorthand: Some(key), .. }) = T::SHAPE else { return whole };
    let definition = generator.definitions().get(&*T::schema_name());
    let bare = definition.and_then(|definition| definition.get("properties")?.get(key)).cloned();
    json_schema!({ "anyOf": [bare, whole] })
}

impl<T: Readable + JsonSchema> JsonSchema for Field<T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        with_shorthand::<T>(generator)
    }
}

impl<T: Readable + JsonSchema> JsonSchema for List<T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        format!("ListOf{}", T::schema_name()).into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let item = with_shorthand::<T>(generator);
        json_schema!({ "anyOf": [{ "type": "array", "items": item }, item] })
    }
}

impl<T: Record + JsonSchema> JsonSchema for Section<T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        with_shorthand::<T>(generator)
    }
}

impl<T: Readable + JsonSchema> JsonSchema for Named<T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        format!("NamedOf{}", T::schema_name()).into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let item = with_shorthand::<T>(generator);
        json_schema!({ "type": "object", "additionalProperties": item })
    }
}

#[cfg(test)]
mod tests {
    use super::{all, of_file};
    use crate::catalog::folder;

    #[test]
    fn every_file_of_the_catalog_folder_has_its_schema() {
        let schemas = all();
        for word in folder::words() {
            let schema = of_file(&format!("{word}.yaml")).unwrap_or_else(|| panic!("{word}"));
            assert!(schemas.contains_key(schema), "{schema}");
        }
        assert_eq!(of_file("teams/emea/web.yaml"), Some("team"));
        assert_eq!(of_file("repositories/quote/service.yaml"), Some("service"));
        assert_eq!((of_file("teamsters.yaml"), of_file("README.md")), (None, None));
    }
}
