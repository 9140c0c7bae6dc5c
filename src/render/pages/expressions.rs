//! What rules can say: every name, field, type, operator, function, filter and test of expressions, each
//! with an example, and what becomes of a rule that is neither true nor false.

use serde::Serialize;

use super::Kind;
use crate::assess::expression::reference::{
    Entry, FieldEntry, LogicEntry, NameEntry, OutcomeEntry, Reference, TypeEntry,
};
use crate::render::frame::{Head, Section};
use crate::render::links::{Here, Href, Place};
use crate::render::parts::Link;
use crate::render::portal::Portal;
use crate::render::prose::prose;
use crate::render::site::SitePath;
use crate::render::templates::{Html, Template, page_template};
use crate::words;

/// What the template sees.
#[derive(Debug, Serialize)]
pub struct Page {
    outcomes: &'static [OutcomeEntry],
    logic: &'static [LogicEntry],
    types: Vec<TypeRow>,
    groups: Vec<Group>,
    names_caption: String,
    names: Vec<NameRow>,
    records: Vec<Fields>,
}

#[derive(Debug, Serialize)]
struct TypeRow {
    name: &'static str,
    meaning: Html,
    example: &'static str,
}

/// Operators, functions, filters or tests.
#[derive(Debug, Serialize)]
struct Group {
    anchor: &'static str,
    heading: &'static str,
    about: Html,
    caption: String,
    rows: Vec<Row>,
}

#[derive(Debug, Serialize)]
struct Row {
    name: &'static str,
    form: &'static str,
    gives: &'static str,
    meaning: Html,
    example: &'static str,
}

#[derive(Debug, Serialize)]
struct NameRow {
    name: &'static str,
    /// Its fields, when it has any.
    fields: Option<Href>,
    kind: Html,
    meaning: Html,
    subjects: String,
    observed: bool,
    example: &'static str,
}

/// The fields of one name.
#[derive(Debug, Serialize)]
struct Fields {
    name: &'static str,
    anchor: String,
    caption: String,
    rows: Vec<FieldRow>,
}

#[derive(Debug, Serialize)]
struct FieldRow {
    path: String,
    kind: Html,
    meaning: Html,
    example: String,
}

impl Kind for Page {
    const TEMPLATE: Template = page_template!("expressions");
    type Shown<'p> = Self;
    type Subject = ();

    fn list(_: &Portal<'_>) -> Vec<(SitePath, ())> {
        vec![(Place::Expressions.path(), ())]
    }

    fn page<'p>(_: &'p Portal<'_>, (): &'p (), here: Here<'p>) -> (Head, Self) {
        let head = Head {
            title: "What rules can say".to_owned(),
            section: Some(Section::Scorecards),
            crumbs: vec![Link::new("Scorecards", here.to(Place::Scorecards))],
            ..Head::default()
        };
        let reference = Reference::default();
        let page = Self {
            outcomes: reference.outcomes,
            logic: reference.logic,
            types: reference.types.iter().map(type_row).collect(),
            groups: groups(&reference),
            names_caption: words::count(reference.names.len(), "name", "names"),
            records: reference.names.iter().filter(|name| !name.fields.is_empty()).map(fields).collect(),
            names: reference.names.into_iter().map(name_row).collect(),
        };
        (head, page)
    }
}

fn type_row(entry: &TypeEntry) -> TypeRow {
    TypeRow { name: entry.name, meaning: prose(entry.meaning), example: entry.example }
}

fn groups(reference: &Reference) -> Vec<Group> {
    let group = |anchor, heading, about, one, many, entries: &[Entry]| Group {
        anchor,
        heading,
        about: prose(about),
        caption: words::count(entries.len(), one, many),
        rows: entries.iter().map(row).collect(),
    };
    vec![
        group(
            "operators",
            "Operators",
            "From the loosest to the tightest; brackets group. Both sides of a comparison must be of one type.",
            "operator",
            "operators, from the loosest to the tightest",
            reference.operators,
        ),
        group(
            "functions",
            "Functions",
            "Texts inside an expression in quotes take the other quote: `any(service.environments, \"item.name == 'prod'\")`.",
            "function",
            "functions",
            &reference.functions,
        ),
        group("filters", "Filters", "Written after a bar.", "filter", "filters", &reference.filters),
        group("tests", "Tests", "Written after `is` or `is not`.", "test", "tests", &reference.tests),
    ]
}

fn row(entry: &Entry) -> Row {
    let Entry { name, form, gives, meaning, example } = *entry;
    Row { name, form, gives, meaning: prose(meaning), example }
}

fn name_row(name: NameEntry) -> NameRow {
    let called = |subject: &&str| match *subject {
        "golden-path" => "golden paths",
        "account" => "accounts",
        _ => "services",
    };
    NameRow {
        fields: (!name.fields.is_empty()).then(|| Href::anchor(&anchor(name.name))),
        name: name.name,
        kind: prose(&name.kind),
        meaning: prose(name.meaning),
        subjects: name.subjects.iter().map(called).collect::<Vec<_>>().join(", "),
        observed: name.observed,
        example: name.example,
    }
}

fn fields(name: &NameEntry) -> Fields {
    let row = |field: &FieldEntry| FieldRow {
        path: field.path.clone(),
        kind: prose(&field.kind),
        meaning: prose(&field.meaning),
        example: field.example.clone(),
    };
    Fields {
        name: name.name,
        anchor: anchor(name.name),
        caption: format!("{} of {}", words::count(name.fields.len(), "field", "fields"), name.name),
        rows: name.fields.iter().map(row).collect(),
    }
}

fn anchor(name: &str) -> String {
    format!("fields-of-{name}")
}
