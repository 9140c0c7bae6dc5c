//! What every document of this version promises.

use std::collections::BTreeSet;

use serde_json::Value;

use super::*;

fn walk(schema: &Value, each: &mut impl FnMut(&serde_json::Map<String, Value>)) {
    match schema {
        Value::Object(object) => {
            each(object);
            object.values().for_each(|value| walk(value, each));
        }
        Value::Array(items) => items.iter().for_each(|item| walk(item, each)),
        _ => {}
    }
}

#[test]
fn fields_are_written_in_the_order_of_their_names_and_explained() {
    for (name, schema) in schemas() {
        walk(schema.as_value(), &mut |object| {
            let Some(Value::Object(properties)) = object.get("properties") else { return };
            let keys: Vec<&str> = properties.keys().map(String::as_str).collect();
            assert!(keys.is_sorted(), "{name}: {keys:?}");
            for (key, property) in properties {
                let described = property.get("description").is_some() || property.get("$ref").is_some();
                assert!(described || property.get("anyOf").is_some(), "{name}: {key} is not explained");
            }
        });
    }
}

#[test]
fn every_schema_has_a_name_of_its_own() {
    let names: BTreeSet<&str> = schemas().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names.len(), schemas().len());
}

#[test]
fn a_list_of_services_is_cut_into_pages() {
    assert_eq!(services::pages(0), ["services/index"]);
    assert_eq!(services::pages(1000), ["services/index"]);
    assert_eq!(services::pages(1001), ["services/index", "services/_2"]);
}

#[test]
fn the_list_behind_a_figure_is_cut_into_pages() {
    let pages = |services| figure::pages("tag-coverage", services);
    assert_eq!(pages(0), ["adoption/tag-coverage"]);
    assert_eq!(pages(1000), ["adoption/tag-coverage"]);
    assert_eq!(
        pages(2001),
        ["adoption/tag-coverage", "adoption/tag-coverage/_2", "adoption/tag-coverage/_3"]
    );
    // An id that is no id gets a part of its own, so that its pages leave the folder of no list.
    assert!(figure::pages("../teams", 1)[0].starts_with("adoption/teams-"));
}
