//! The nested shape of `service.yaml` in its JSON Schema: the same fields under `service`, and a few of them
//! called otherwise or in another section. What `descriptor/nested.rs` reads, no more and no less.

use schemars::Schema;
use serde_json::{Map, Value, json};

use crate::words::capitalised;

/// Sections that hold fields of elsewhere in the nested shape: the section, the key there, and where the
/// flat shape keeps it.
const MOVED: [(&str, &str, &[&str]); 5] = [
    ("observability", "pager", &["onCall"]),
    ("security", "waf", &["exposure", "waf"]),
    ("cost", "costCenter", &["costCenter"]),
    ("cost", "product", &["product"]),
    ("cost", "tenantAware", &["tenantAware"]),
];

/// Keys of `service` that the flat shape calls otherwise.
const RENAMED: [(&str, &str); 2] = [("owner", "ownerTeam"), ("tier", "criticality")];

/// Adds the nested shape to `schema`, that of the flat one.
pub(super) fn add(schema: &mut Schema) {
    let Some(root) = schema.as_object_mut() else { return };
    let flat = properties(root).clone();
    let definitions = root.get("$defs").and_then(Value::as_object).cloned().unwrap_or_default();
    let mut shapes = Map::new();
    let mut sections = Map::new();
    for (section, key, path) in MOVED {
        let field = field(&flat, &definitions, path);
        let name = format!("Nested{}", capitalised(section));
        let shape = shapes.entry(name.clone()).or_insert_with(|| whole(&flat, &definitions, section).clone());
        if let Some(shape) = shape.as_object_mut() {
            properties_mut(shape).insert(key.to_owned(), field);
        }
        let meaning = flat.get(section).and_then(|section| section.get("description"));
        let reference = format!("#/$defs/{name}");
        sections.insert(section.to_owned(), json!({ "description": meaning, "$ref": reference }));
    }
    shapes.insert("NestedAvailability".to_owned(), availability(&flat, &definitions));
    sections.insert(
        "availability".to_owned(),
        json!({
            "description": "In the nested shape: what is promised about it being there.",
            "$ref": "#/$defs/NestedAvailability"
        }),
    );
    shapes.insert("NestedService".to_owned(), service(&flat, &sections));

    // Without `service` the document is flat, and the sections are no wider than that.
    let mut narrow: Map<String, Value> = sections
        .keys()
        .map(|key| (key.clone(), flat.get(key).cloned().unwrap_or(Value::Bool(false))))
        .collect();
    narrow.sort_keys();
    let own = properties_mut(root);
    own.extend(sections);
    own.insert(
        "service".to_owned(),
        json!({
            "description": "The nested shape: everything about the service, under its name.",
            "$ref": "#/$defs/NestedService"
        }),
    );
    root.insert("if".to_owned(), json!({ "required": ["service"] }));
    root.insert("else".to_owned(), json!({ "properties": narrow }));
    root.entry("$defs").or_insert_with(|| json!({})).as_object_mut().into_iter().for_each(|all| {
        all.append(&mut shapes);
    });
}

/// `service`: every field of the flat shape, and those that are called otherwise.
fn service(flat: &Map<String, Value>, sections: &Map<String, Value>) -> Value {
    let mut fields = Map::new();
    fields.insert(
        "name".to_owned(),
        json!({
            "description": "Names the service for ever; its id is made of it.",
            "type": "string",
            "examples": ["parcel-quote"]
        }),
    );
    fields.extend(RENAMED.into_iter().filter_map(|(key, of)| Some((key.to_owned(), flat.get(of)?.clone()))));
    fields.extend(flat.clone());
    fields.extend(sections.clone());
    object("The nested shape of a service.", fields)
}

/// `availability`: what the flat shape keeps in `slo` and `resilience`.
fn availability(flat: &Map<String, Value>, definitions: &Map<String, Value>) -> Value {
    let mut fields = Map::new();
    for (key, path) in [
        ("targetSlo", ["slo", "availability"]),
        ("rto", ["resilience", "rto"]),
        ("rpo", ["resilience", "rpo"]),
    ] {
        fields.insert(key.to_owned(), field(flat, definitions, &path));
    }
    object("What is promised about a service being there.", fields)
}

fn object(description: &str, properties: Map<String, Value>) -> Value {
    json!({
        "description": description,
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
        "patternProperties": { "^x-": true }
    })
}

/// The schema of the field at `path` of the flat shape.
fn field(flat: &Map<String, Value>, definitions: &Map<String, Value>, path: &[&str]) -> Value {
    let found = match path {
        [key] => flat.get(*key),
        [section, key] => whole(flat, definitions, section).get("properties").and_then(|all| all.get(*key)),
        _ => None,
    };
    found.unwrap_or_else(|| panic!("the record has no field {path:?}")).clone()
}

/// The definition of the mapping that `section` may be.
fn whole<'a>(flat: &'a Map<String, Value>, definitions: &'a Map<String, Value>, section: &str) -> &'a Value {
    let schema = flat.get(section).unwrap_or_else(|| panic!("the record has no section {section}"));
    let alternatives = schema.get("anyOf").and_then(Value::as_array).into_iter().flatten();
    let references = std::iter::once(schema).chain(alternatives).filter_map(|one| one.get("$ref")?.as_str());
    let mut found = references.filter_map(|reference| definitions.get(reference.rsplit('/').next()?));
    let mapping = found.find(|definition| definition.get("properties").is_some());
    mapping.unwrap_or_else(|| panic!("the section {section} is no mapping"))
}

fn properties(schema: &Map<String, Value>) -> &Map<String, Value> {
    schema.get("properties").and_then(Value::as_object).expect("a record has properties")
}

fn properties_mut(schema: &mut Map<String, Value>) -> &mut Map<String, Value> {
    schema.get_mut("properties").and_then(Value::as_object_mut).expect("a record has properties")
}
