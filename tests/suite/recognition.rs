//! `tests/cases/recognition.yaml`: whose document is it.

use milepost::catalog::recognise::{Recognition, Shape, recognise, unreadable};
use milepost::catalog::yaml::{self, Limits, Node};

fn text<'n>(case: &'n Node, key: &str) -> Option<&'n str> {
    Some(&case.get(key)?.scalar()?.text)
}

/// The words of the table for what `input` at `path` is.
fn recognised(path: &str, input: &str) -> (&'static str, String) {
    let parsed = yaml::parse(input, Limits::default()).remove(0);
    let recognition = match &parsed {
        Ok(document) => recognise(path, document),
        Err(broken) => match unreadable(path, input, broken) {
            Some(recognition) => recognition,
            None => return ("unreadable", String::new()),
        },
    };
    match recognition {
        Recognition::Ours(Shape::Flat) => ("ours, flat", String::new()),
        Recognition::Ours(Shape::Nested) => ("ours, nested", String::new()),
        Recognition::Descriptor(_, what) => ("descriptor", what.to_string()),
        Recognition::Foreign(what) => ("foreign", what.to_string()),
        Recognition::Template(what) => ("template", what.to_string()),
        Recognition::Unclear(what) => ("unclear", what.to_string()),
    }
}

#[test]
fn every_document_is_recognised_as_the_table_says() {
    let table = include_str!("../cases/recognition.yaml");
    let table = yaml::parse(table, Limits::default()).remove(0).expect("a readable table");
    let cases = table.root.items().expect("a list of cases");
    assert!(cases.len() > 30, "the table is read as a whole");
    let mut wrong = Vec::new();
    for case in cases {
        let input = text(case, "text").expect("each case has a text");
        let path = text(case, "path").unwrap_or("service.yaml");
        let expected = (text(case, "expect").expect("each case expects something"), text(case, "says"));
        let (found, says) = recognised(path, input);
        if found != expected.0 || says != expected.1.unwrap_or_default() {
            wrong.push(format!("{}: {found}, {says}", text(case, "what").unwrap_or_default()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
