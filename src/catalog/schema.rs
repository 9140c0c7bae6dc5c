//! JSON Schemas of records, generated from the types that read them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::field::{Field, List, Named, Section};
use super::record::{Readable, Record, Shape};
use super::{
    account, capability, configuration, control, environment, exception, golden_path, metric, policy,
};
use super::{product, scorecard, service, team};

/// The JSON Schema of every input, by name.
pub fn all() -> BTreeMap<&'static str, Schema> {
    BTreeMap::from([
        ("account", of::<account::Account>("an account")),
        ("capability", of::<capability::Capability>("a business capability")),
        ("configuration", of::<configuration::Configuration>("milepost.yaml")),
        ("control", of::<control::Control>("a control")),
        ("environment", of::<environment::Environment>("an environment")),
        ("exception", of::<exception::Exception>("an exception")),
        ("exception-policy", of::<policy::ExceptionPolicy>("policy/exceptions.yaml")),
        ("golden-path", of::<golden_path::GoldenPath>("a golden path")),
        ("metric", of::<metric::Metric>("a metric")),
        ("platform", of::<policy::Platform>("policy/platform.yaml")),
        ("product", of::<product::Product>("a product")),
        ("responsibilities", of::<policy::Responsibilities>("policy/responsibilities.yaml")),
        ("scorecard", of::<scorecard::Scorecard>("a scorecard")),
        ("service", of::<service::ServiceRecord>("service.yaml")),
        ("tag-policy", of::<policy::TagPolicy>("policy/tags.yaml")),
        ("team", of::<team::Team>("a team")),
    ])
}

fn of<T: JsonSchema>(title: &str) -> Schema {
    let mut schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>();
    schema.insert("title".into(), format!("Milepost: {title}").into());
    schema
}

/// No key is required to be readable: gaps lower scores, they are no syntax errors. Keys that begin
/// with `x-` are free everywhere.
pub(super) fn open(schema: &mut Schema) {
    schema.remove("required");
    schema.insert("patternProperties".into(), serde_json::json!({ "^x-": true }));
}

/// The schema of `T`, and beside it what its shorthand stands for.
fn with_shorthand<T: Readable + JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    let whole = generator.subschema_for::<T>();
    match T::SHAPE {
        Shape::Record(shape) => match shape.shorthand.and_then(|key| shape.field(key)) {
            Some(field) => {
                let bare = match field.shape {
                    Shape::Bool => json_schema!({ "type": "boolean" }),
                    Shape::Choice(words) => json_schema!({ "enum": words }),
                    _ => json_schema!({ "type": ["string", "number"] }),
                };
                json_schema!({ "anyOf": [bare, whole] })
            }
            None => whole,
        },
        _ => whole,
    }
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
