//! `tests/cases/shapes.yaml`: both shapes of a service record come to one record, and every value keeps
//! the place where its author wrote it.

use std::collections::BTreeMap;
use std::sync::Arc;

use milepost::catalog::descriptor;
use milepost::catalog::origin::{FileIndex, Origin};
use milepost::catalog::reader::{Reader, Source};
use milepost::catalog::recognise::{Recognition, recognise};
use milepost::catalog::record::{Fields, View};
use milepost::catalog::vocabulary::Vocabulary;
use milepost::catalog::yaml::{self, Limits, Mark, Node};
use milepost::diagnostic::{Diagnostics, text};

/// Every value of a record by its path, with the place it came from.
type Values = BTreeMap<String, (String, Option<Mark>)>;

fn collect(view: View<'_>, path: &str, values: &mut Values) {
    let mut keep = |value: String, origin| {
        let mark = match origin {
            Origin::File { mark, .. } => Some(mark),
            _ => None,
        };
        values.insert(path.to_owned(), (value, mark));
    };
    match view {
        View::Absent => {}
        View::Unreadable(origin) => keep("unreadable".to_owned(), origin),
        View::Unknown(why) => panic!("{path}: a record knows nothing of {why}"),
        View::Text(text, origin) => keep(text.into_owned(), origin),
        View::Number(number, origin) => keep(number.to_string(), origin),
        View::Bool(bool, origin) => keep(bool.to_string(), origin),
        View::Day(day, origin) => keep(day.to_string(), origin),
        View::Length(length, origin) => keep(length.to_string(), origin),
        View::Declaration(declared, origin) => {
            keep(declared.text.as_deref().map_or(declared.declared.to_string(), str::to_owned), origin);
        }
        View::List(items, _) => {
            for (index, item) in items.into_iter().enumerate() {
                collect(item, &format!("{path}[{index}]"), values);
            }
        }
        View::Named(entries, _) => {
            for (key, value) in entries {
                collect(value, &format!("{path}.{key}"), values);
            }
        }
        View::Record(record, _) => collect_fields(record, path, values),
    }
}

fn collect_fields(record: &dyn Fields, path: &str, values: &mut Values) {
    for field in record.shape().fields {
        let path = if path.is_empty() { field.key.to_owned() } else { format!("{path}.{}", field.key) };
        collect(record.field(field.key).expect("a field of the shape"), &path, values);
    }
}

/// Every value in the record that `input` describes; it must be flawless.
fn values(what: &str, input: &str) -> Values {
    let document = yaml::parse(input, Limits::default()).remove(0).unwrap_or_else(|broken| {
        panic!("{what}: {broken:?}");
    });
    let Recognition::Ours(shape) = recognise("service.yaml", &document) else {
        panic!("{what}: not recognised");
    };
    let mut diagnostics = Diagnostics::default();
    let source = Source::new(FileIndex(0), Arc::from(""), Arc::from("service.yaml"), input);
    let vocabulary = Vocabulary::default();
    let mut reader = Reader { source: &source, vocabulary: &vocabulary, diagnostics: &mut diagnostics };
    let record = descriptor::read(&document, shape, &mut reader);
    assert!(diagnostics.is_empty(), "{what}: {}", text::render(&diagnostics, false));
    let mut values = Values::new();
    collect_fields(&record.expect("a record"), "", &mut values);
    values
}

fn cases() -> Vec<(String, String, String)> {
    let table = include_str!("../cases/shapes.yaml");
    let table = yaml::parse(table, Limits::default()).remove(0).expect("a readable table");
    let text = |case: &Node, key: &str| {
        let scalar = case.get(key).and_then(Node::scalar).unwrap_or_else(|| panic!("no `{key}`"));
        scalar.text.to_string()
    };
    let cases = table.root.items().expect("a list of cases");
    cases.iter().map(|case| (text(case, "what"), text(case, "nested"), text(case, "flat"))).collect()
}

#[test]
fn both_shapes_come_to_one_record() {
    let without_places = |values: Values| -> BTreeMap<String, String> {
        values.into_iter().map(|(path, (value, _))| (path, value)).collect()
    };
    for (what, nested, flat) in cases() {
        let expected = without_places(values(&what, &flat));
        assert!(!expected.is_empty(), "{what}: the flat document says something");
        assert_eq!(without_places(values(&what, &nested)), expected, "{what}");
    }
}

#[test]
fn every_value_keeps_the_place_where_it_is_written() {
    // What is made of a value: the id of a name, the tier of a word, exposure of the older word.
    let made_of = |path: &str| matches!(path, "serviceId" | "criticality" | "exposure.type");
    for (what, nested, _) in cases() {
        let lines: Vec<&str> = yaml::lines(&nested).collect();
        for (path, (value, mark)) in values(&what, &nested) {
            let mark = mark.unwrap_or_else(|| panic!("{what}: {path} has no place"));
            let line = lines[mark.line as usize - 1];
            let there: String = line.chars().skip(mark.column as usize - 1).collect();
            let there = there.trim_start_matches('"');
            assert!(
                made_of(&path) || there.starts_with(&value),
                "{what}: {path} is `{value}`, and at {mark} stands `{there}`"
            );
        }
    }
}
