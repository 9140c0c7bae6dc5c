//! The reference of expressions as data: every name, field, function, filter, test and operator with its
//! type, meaning and an example that compiles. Generated from what the checker itself consults.

use serde::Serialize;

use super::Scope;
use super::functions::{self, FILTERS, FUNCTIONS, TESTS};
use super::names;
use super::surroundings::{DOCUMENT, TAG};
use super::types::describe;
use crate::catalog::record::{FieldShape, Shape};

/// All that rules about one kind of subject can say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reference {
    /// Names an expression can begin with.
    pub names: Vec<NameEntry>,
    /// Functions.
    pub functions: Vec<Entry>,
    /// Filters: after `|`.
    pub filters: Vec<Entry>,
    /// Tests: after `is` or `is not`.
    pub tests: Vec<Entry>,
    /// Operators.
    pub operators: Vec<Entry>,
}

/// A name with its fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NameEntry {
    /// The name.
    pub name: &'static str,
    /// Its type in words.
    pub kind: String,
    /// What it is, in Markdown.
    pub meaning: &'static str,
    /// An expression that uses it.
    pub example: &'static str,
    /// Whether a rule must name it in `needs`.
    pub observed: bool,
    /// Its fields, and theirs.
    pub fields: Vec<FieldEntry>,
}

/// A field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldEntry {
    /// Where it is: `service.slo.availability`; `[]` stands for any item, `<name>` for what authors chose.
    pub path: String,
    /// Its type in words.
    pub kind: String,
    /// What it means, in Markdown.
    pub meaning: String,
    /// An expression that uses it.
    pub example: String,
}

/// A function, filter, test or operator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Its name.
    pub name: &'static str,
    /// How it is written.
    pub form: &'static str,
    /// What it gives, in words.
    pub gives: &'static str,
    /// What it means, in Markdown.
    pub meaning: &'static str,
    /// An expression that uses it.
    pub example: &'static str,
}

impl Reference {
    /// The reference of rules about subjects of `scope`.
    pub fn of(scope: Scope) -> Self {
        let about_services = scope == Scope::Service;
        Self {
            names: names::of(scope).map(name_entry).collect(),
            functions: entries(FUNCTIONS, about_services),
            filters: entries(FILTERS, about_services),
            tests: entries(TESTS, about_services),
            operators: OPERATORS
                .iter()
                .map(|[name, form, gives, meaning, example]| Entry {
                    name,
                    form,
                    gives,
                    meaning,
                    example: if about_services { example } else { "" },
                })
                .collect(),
        }
    }
}

/// Their examples speak about services; other subjects go without.
fn entries<T>(table: &'static [functions::Described<T>], about_services: bool) -> Vec<Entry> {
    let entry = |described: &'static functions::Described<T>| Entry {
        name: described.name,
        form: described.form,
        gives: described.gives,
        meaning: described.doc,
        example: if about_services { described.example } else { "" },
    };
    table.iter().map(entry).collect()
}

const TRUTH: &str = "true or false";

/// Operators from the loosest to the tightest: name, form, what it gives, meaning, example.
const OPERATORS: &[[&str; 5]] = &[
    [
        "if",
        "a if test else b",
        "either",
        "`a` when the test is true, `b` when it is false; what the test is when it is absent or unknown.",
        "service.slo.availability >= (99.9 if service.tenantAware else 99)",
    ],
    [
        "or",
        "a or b",
        TRUTH,
        "True when one is true, whatever the other is. Else unknown when one is unknown, else absent when one \
         is absent.",
        "service.tenantAware or service.requiresDatabase",
    ],
    [
        "and",
        "a and b",
        TRUTH,
        "False when one is false, whatever the other is. Else unknown when one is unknown, else absent when \
         one is absent.",
        "team is defined and service.ownerTeam is not placeholder",
    ],
    [
        "not",
        "not a",
        TRUTH,
        "Turns true and false round; absent and unknown stay.",
        "not service.tenantAware",
    ],
    [
        "comparison",
        "a == b, a != b, a < b, a <= b, a > b, a >= b",
        TRUTH,
        "Compares values of one type; may be chained. Texts and words have no order. A text literal beside a \
         date, a duration or a version is read as one.",
        "99 <= service.slo.availability < 100",
    ],
    [
        "in",
        "a in list, a not in list",
        TRUTH,
        "Whether the list has an item that equals it.",
        "service.lifecycle.state in [\"production\", \"deprecated\"]",
    ],
    [
        "arithmetic",
        "a + b, a - b, a * b, a / b",
        "number, date or duration",
        "Calculates with numbers. Date minus date is a duration, date plus or minus duration a date.",
        "today - service.lifecycle.createdAt >= \"90d\"",
    ],
];

fn name_entry(described: &'static names::Described) -> NameEntry {
    let mut fields = Vec::new();
    let word = described.word;
    let kind = match described.name.shape() {
        Some(shape) => {
            descend(&Way::to(word), shape, &mut fields);
            describe(shape)
        }
        None => {
            fields.push(FieldEntry {
                path: format!("{word}.total"),
                kind: describe(Shape::Number),
                meaning: "How many resources were judged.".to_owned(),
                example: format!("{word}.total > 0"),
            });
            let way = Way { path: format!("{word}.<key>"), written: format!("{word}.Service"), list: None };
            descend(&way, Shape::Record(&TAG), &mut fields);
            "verdicts by key".to_owned()
        }
    };
    NameEntry {
        name: word,
        kind,
        meaning: described.doc,
        example: described.example,
        observed: described.observed,
        fields,
    }
}

/// How to get somewhere: as the reference writes it, and as an expression does.
struct Way {
    path: String,
    written: String,
    /// The list whose items `written` starts at.
    list: Option<String>,
}

impl Way {
    fn to(word: &str) -> Self {
        Self { path: word.to_owned(), written: word.to_owned(), list: None }
    }

    fn field(&self, key: &str) -> Self {
        Self {
            path: format!("{}.{key}", self.path),
            written: format!("{}.{key}", self.written),
            list: self.list.clone(),
        }
    }
}

/// Adds the fields below `way`, where a value of `shape` is.
fn descend(way: &Way, shape: Shape, fields: &mut Vec<FieldEntry>) {
    match shape {
        Shape::Record(record) => {
            for field in record.fields {
                let way = way.field(field.key);
                fields.push(entry(&way, field));
                descend(&way, field.shape, fields);
            }
        }
        Shape::List(item @ Shape::Record(_)) if way.list.is_none() => {
            let inside = Way {
                path: format!("{}[]", way.path),
                written: "item".to_owned(),
                list: Some(way.written.clone()),
            };
            descend(&inside, *item, fields);
        }
        Shape::Named(item @ Shape::Record(record)) => {
            let name = if record.name == DOCUMENT.name { "runbook" } else { "network" };
            let inside = Way {
                path: format!("{}.<name>", way.path),
                written: format!("{}.{name}", way.written),
                list: way.list.clone(),
            };
            descend(&inside, *item, fields);
        }
        _ => {}
    }
}

fn entry(way: &Way, field: &FieldShape) -> FieldEntry {
    let lines = field.doc.lines().map(str::trim).filter(|line| !line.is_empty());
    FieldEntry {
        path: way.path.clone(),
        kind: describe(field.shape),
        meaning: lines.collect::<Vec<_>>().join(" "),
        example: example(way, field.shape),
    }
}

/// An expression that uses a value of `shape`.
fn example(way: &Way, shape: Shape) -> String {
    let quote = if way.list.is_some() { '\'' } else { '"' };
    let written = &way.written;
    let question = match shape {
        Shape::Text | Shape::Any | Shape::Record(_) => format!("{written} is defined"),
        Shape::Choice(words) => {
            format!("{written} == {quote}{}{quote}", words.first().copied().unwrap_or_default())
        }
        Shape::Version => format!("{written} >= {quote}3.1{quote}"),
        Shape::Number => format!("{written} > 0"),
        Shape::Bool | Shape::Declaration => written.clone(),
        Shape::Day => format!("{written} <= today"),
        Shape::Length => format!("{written} <= {quote}4h{quote}"),
        Shape::List(_) => format!("{written} | length > 0"),
        Shape::Named(_) => format!("{written} is not empty"),
    };
    match &way.list {
        Some(list) => format!("any({list}, \"{question}\")"),
        None => question,
    }
}

#[cfg(test)]
mod tests {
    use super::super::Expression;
    use super::*;

    const SCOPES: [Scope; 3] = [Scope::Service, Scope::GoldenPath, Scope::Account];

    #[test]
    fn every_example_compiles() {
        let mut count = 0;
        for scope in SCOPES {
            let reference = Reference::of(scope);
            let names = reference.names.iter().flat_map(|name| {
                std::iter::once(name.example).chain(name.fields.iter().map(|field| &*field.example))
            });
            let entries = [&reference.functions, &reference.filters, &reference.tests, &reference.operators];
            let examples = names.chain(entries.into_iter().flatten().map(|entry| entry.example));
            for example in examples.filter(|example| !example.is_empty()) {
                count += 1;
                let needs = ["alarm-tested", "resources", "tags"];
                if let Err(mistakes) = Expression::compile(example, scope, &needs) {
                    panic!("{example}: {mistakes:?}");
                }
            }
        }
        assert!(count > 250, "{count} examples");
    }

    #[test]
    fn every_entry_says_what_it_means() {
        for scope in SCOPES {
            let reference = Reference::of(scope);
            for name in &reference.names {
                assert!(!name.meaning.is_empty() && !name.kind.is_empty(), "{}", name.name);
                for field in &name.fields {
                    assert!(!field.meaning.is_empty() && !field.kind.is_empty(), "{}", field.path);
                }
            }
        }
    }

    #[test]
    fn fields_are_found_at_every_depth() {
        let reference = Reference::of(Scope::Service);
        let service = &reference.names[0];
        let find = |path: &str| service.fields.iter().find(|field| field.path == path).expect("a field");
        assert_eq!(find("service.slo.availability").example, "service.slo.availability > 0");
        assert_eq!(
            find("service.dataStores[].backupRetention").example,
            "any(service.dataStores, \"item.backupRetention <= '4h'\")"
        );
        assert_eq!(find("service.lifecycle.checklist.dnsRemoved.done").kind, "true or false");
    }
}
