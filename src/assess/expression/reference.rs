//! The reference of expressions as data: every name, field, type, function, filter, test and operator with
//! its meaning and an example that compiles. Generated from what the checker itself consults.

mod language;

use serde::Serialize;

use language::{LOGIC, OPERATORS, OUTCOMES, TYPES};
pub use language::{LogicEntry, OutcomeEntry, TypeEntry};

use super::Scope;
use super::functions::{self, FILTERS, FUNCTIONS, TESTS};
use super::names;
use super::surroundings::{DOCUMENT, TAG};
use super::types::describe;
use crate::catalog::record::{FieldShape, Shape};

/// All that expressions can say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reference {
    /// What becomes of a rule, for everything that an expression can come to.
    pub outcomes: &'static [OutcomeEntry],
    /// What `and` and `or` make of two parts, each pair once.
    pub logic: &'static [LogicEntry],
    /// Types.
    pub types: &'static [TypeEntry],
    /// Operators, from the loosest to the tightest.
    pub operators: &'static [Entry],
    /// Functions.
    pub functions: Vec<Entry>,
    /// Filters: after `|`.
    pub filters: Vec<Entry>,
    /// Tests: after `is` or `is not`.
    pub tests: Vec<Entry>,
    /// Names an expression can begin with.
    pub names: Vec<NameEntry>,
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
    /// The subjects whose rules know it.
    pub subjects: Vec<&'static str>,
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
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

impl Default for Reference {
    fn default() -> Self {
        Self {
            outcomes: OUTCOMES,
            logic: LOGIC,
            types: TYPES,
            operators: OPERATORS,
            functions: entries(FUNCTIONS),
            filters: entries(FILTERS),
            tests: entries(TESTS),
            names: names::NAMES.iter().map(name_entry).collect(),
        }
    }
}

fn entries<T>(table: &'static [functions::Described<T>]) -> Vec<Entry> {
    let entry = |described: &'static functions::Described<T>| Entry {
        name: described.name,
        form: described.form,
        gives: described.gives,
        meaning: described.doc,
        example: described.example,
    };
    table.iter().map(entry).collect()
}

/// What a scope is called.
fn subject(scope: Scope) -> &'static str {
    match scope {
        Scope::Service => "service",
        Scope::GoldenPath => "golden-path",
        Scope::Account => "account",
    }
}

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
        subjects: described.scopes.iter().map(|scope| subject(*scope)).collect(),
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
    use super::super::{Expression, Trace, Verdict};
    use super::*;
    use crate::assess::context::{Scene, Setting};
    use crate::catalog::field::Sourced;
    use crate::catalog::origin::Origin;
    use crate::catalog::rule_test::RuleTest;
    use crate::catalog::scorecard::Subject;
    use crate::catalog::testing::Organisation;
    use crate::day::{Day, Moment};

    const NEEDS: [&str; 3] = ["alarm-tested", "resources", "tags"];

    fn compiles(example: &str, scope: Scope) {
        if let Err(mistakes) = Expression::compile(example, scope, &NEEDS) {
            panic!("{example}: {mistakes:?}");
        }
    }

    #[test]
    fn every_example_compiles() {
        let reference = Reference::default();
        let mut count = 0;
        for name in names::NAMES {
            let entry = reference.names.iter().find(|entry| entry.name == name.word).expect("every name");
            for scope in name.scopes {
                compiles(entry.example, *scope);
                entry.fields.iter().for_each(|field| compiles(&field.example, *scope));
                count += 1 + entry.fields.len();
            }
        }
        let entries =
            [reference.operators, &reference.functions, &reference.filters, &reference.tests].concat();
        let examples = entries.iter().map(|entry| entry.example);
        for example in examples.chain(reference.types.iter().map(|entry| entry.example)) {
            compiles(example, Scope::Service);
            count += 1;
        }
        assert!(count > 250, "{count} examples");
    }

    #[test]
    fn every_entry_says_what_it_means() {
        for name in &Reference::default().names {
            assert!(!name.meaning.is_empty() && !name.kind.is_empty(), "{}", name.name);
            for field in &name.fields {
                assert!(!field.meaning.is_empty() && !field.kind.is_empty(), "{}", field.path);
            }
        }
    }

    #[test]
    fn every_type_of_a_field_is_explained() {
        let reference = Reference::default();
        let kinds = reference
            .names
            .iter()
            .flat_map(|name| std::iter::once(&name.kind).chain(name.fields.iter().map(|field| &field.kind)));
        for kind in kinds.filter(|kind| *kind != "verdicts by key") {
            let known = reference.types.iter().any(|entry| kind.contains(entry.name));
            assert!(known, "nothing explains `{kind}`");
        }
    }

    #[test]
    fn fields_are_found_at_every_depth() {
        let reference = Reference::default();
        let service = &reference.names[0];
        let find = |path: &str| service.fields.iter().find(|field| field.path == path).expect("a field");
        assert_eq!(find("service.slo.availability").example, "service.slo.availability > 0");
        assert_eq!(
            find("service.dataStores[].backupRetention").example,
            "any(service.dataStores, \"item.backupRetention <= '4h'\")"
        );
        assert_eq!(find("service.lifecycle.checklist.dnsRemoved.done").kind, "true or false");
    }

    /// An expression that comes to `word`.
    fn coming_to(word: &str) -> &'static str {
        match word {
            "true" => "true",
            "false" => "false",
            "absent" => "service.tenantAware",
            "unknown" => "fact(\"alarm-tested\")",
            other => panic!("nothing comes to `{other}`"),
        }
    }

    #[test]
    fn the_logic_is_what_the_evaluation_does() {
        let catalog = Organisation::default().resolve();
        let today = Day::parse("2026-11-21").expect("a day");
        let now = Moment::parse("2026-11-21T00:00:00Z").expect("a moment");
        let test = Sourced { value: RuleTest::default(), origin: Origin::Default };
        let scene = Scene::of(Setting { catalog: &catalog, today, now }, Subject::Service, &test);
        let gives = |text: &str| {
            let expression = Expression::compile(text, Scope::Service, &NEEDS).expect("it compiles");
            match expression.evaluate(&scene.view().context(), &mut Trace::off()) {
                Verdict::True => "true",
                Verdict::False => "false",
                Verdict::Absent => "absent",
                Verdict::Unknown(_) => "unknown",
            }
        };
        let mut pairs = std::collections::BTreeSet::new();
        for row in LOGIC {
            for (one, other) in [(row.one, row.other), (row.other, row.one)] {
                let (a, b) = (coming_to(one), coming_to(other));
                assert_eq!(gives(&format!("{a} and {b}")), row.and, "{one} and {other}");
                assert_eq!(gives(&format!("{a} or {b}")), row.or, "{one} or {other}");
                pairs.insert((one, other));
            }
        }
        assert_eq!(pairs.len(), OUTCOMES.len() * OUTCOMES.len(), "every pair is there");
    }
}
