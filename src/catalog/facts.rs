//! Facts files: rows of what was observed outside the catalog, as JSON (or YAML) and as CSV, each with the
//! line it stands in. A row that cannot be used costs only itself.

use super::field::Field;
use super::free::Free;
use super::origin::Origin;
use super::reader::{Reader, Source};
use super::record::{Record, record};
use super::resource::{Fact, FactValue};
use super::scalar::Duration;
use super::vocabulary::Vocabulary;
use super::yaml::{self, Mark, Node, Scalar, Value};
use crate::day::{Length, Moment, Zone};
use crate::diagnostic::{Diagnostic, Diagnostics, codes};

/// Facts files are exports of the platform's own tools, and large.
const LIMITS: yaml::Limits = yaml::Limits { nesting: 16, nodes: 20_000_000 };

/// What a subject may begin with.
const SUBJECTS: [&str; 4] = ["service", "team", "golden-path", "account"];

record! {
    /// One fact.
    pub(super) struct FactRecord called "fact" {
        /// What it is about: `service:<id>`, `team:<id>`, `golden-path:<id>` or `account:<id>`.
        #[example("service:parcel-quote")]
        "subject" => subject: Field<Box<str>>,
        /// Its name.
        #[example("restore-tested")]
        "fact" => fact: Field<Box<str>>,
        /// True or false, a number, or text.
        "value" => value: Field<Free>,
        /// When it was so: a time stamp, or a day.
        #[example("2026-11-20T03:00:00Z")]
        "observedAt" => observed_at: Field<Box<str>>,
        /// Who says so.
        #[example("backup-exercise")]
        "source" => source: Field<Box<str>>,
        /// How long it may be used.
        "maxAge" => max_age: Field<Duration>,
    }
}

/// What facts are read with.
pub(super) struct Reading<'a> {
    pub(super) zone: &'a Zone,
    pub(super) vocabulary: &'a Vocabulary,
    /// How long a fact may be used when it does not say.
    pub(super) max_age: Length,
    /// The name of the source, for facts that name none.
    pub(super) source_name: &'a str,
}

impl Reading<'_> {
    /// The facts of one file, in its order.
    pub(super) fn file(&self, text: &str, source: &Source<'_>, diagnostics: &mut Diagnostics) -> Vec<Fact> {
        if source.path.ends_with(".csv") {
            self.csv(text, source, diagnostics)
        } else {
            self.tree(text, source, diagnostics)
        }
    }

    fn tree(&self, text: &str, source: &Source<'_>, diagnostics: &mut Diagnostics) -> Vec<Fact> {
        let mut facts = Vec::new();
        for document in yaml::parse(text, LIMITS) {
            let root = match document {
                Ok(document) => document.root,
                Err(broken) => {
                    diagnostics.push(broken.diagnostic(source));
                    continue;
                }
            };
            let nodes = match &root.value {
                Value::Sequence(items) => items.as_slice(),
                _ => std::slice::from_ref(&root),
            };
            for node in nodes {
                let mut reader = Reader { source, vocabulary: self.vocabulary, diagnostics };
                if let Some(record) = FactRecord::read_node(node, &mut reader) {
                    facts.extend(self.fact(&record, node.mark, source, diagnostics));
                }
            }
        }
        facts
    }

    fn csv(&self, text: &str, source: &Source<'_>, diagnostics: &mut Diagnostics) -> Vec<Fact> {
        let mut rows = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        let mut facts = Vec::new();
        let headers: Vec<Box<str>> = match rows.headers() {
            Ok(headers) => headers.iter().map(|header| Box::from(header.trim())).collect(),
            Err(error) => {
                diagnostics.push(problem(error.to_string(), Mark { line: 1, column: 1 }, source));
                return facts;
            }
        };
        for row in rows.into_records() {
            let row = match row {
                Ok(row) => row,
                Err(error) => {
                    let line = error.position().map_or(0, csv::Position::line);
                    let mark = Mark { line: u32::try_from(line).unwrap_or(0), column: 1 };
                    diagnostics.push(problem(error.to_string(), mark, source));
                    continue;
                }
            };
            let line = row.position().map_or(0, csv::Position::line);
            let mark = Mark { line: u32::try_from(line).unwrap_or(0), column: 1 };
            let cells = headers.iter().zip(&row).filter(|(_, cell)| !cell.trim().is_empty());
            let entries = cells.map(|(header, cell)| {
                let scalar = Scalar { text: cell.trim().into(), quoted: false };
                let value = Node { mark, length: 0, value: Value::Scalar(scalar) };
                yaml::Entry { key: header.clone(), mark, value }
            });
            let node = Node { mark, length: 0, value: Value::Mapping(entries.collect()) };
            let mut reader = Reader { source, vocabulary: self.vocabulary, diagnostics };
            if let Some(record) = FactRecord::read_node(&node, &mut reader) {
                facts.extend(self.fact(&record, mark, source, diagnostics));
            }
        }
        facts
    }

    /// The fact of one row, or a report why there is none.
    fn fact(
        &self,
        record: &FactRecord,
        mark: Mark,
        source: &Source<'_>,
        diagnostics: &mut Diagnostics,
    ) -> Option<Fact> {
        let mut fail = |field_origin: Option<Origin>, message: String| {
            let mark = match field_origin {
                Some(Origin::File { mark, .. }) => mark,
                _ => mark,
            };
            diagnostics.push(problem(message, mark, source));
            None
        };
        let Some(subject) = record.subject.value() else {
            return fail(None, "a fact has no `subject`".into());
        };
        let kind = subject.split_once(':').filter(|(kind, id)| SUBJECTS.contains(kind) && !id.is_empty());
        if kind.is_none() {
            return fail(record.subject.origin(), format!("`{subject}` is not a subject of facts"));
        }
        let Some(name) = record.fact.value() else {
            return fail(None, format!("a fact about `{subject}` has no `fact`"));
        };
        let Some(value) = record.value.value().and_then(FactValue::of) else {
            let message = format!("`{name}` of `{subject}` has no single `value`");
            return fail(record.value.origin(), message);
        };
        let Some(observed) = record.observed_at.value() else {
            return fail(None, format!("`{name}` of `{subject}` has no `observedAt`"));
        };
        let Some(observed_at) = Moment::parse_or_day(observed, self.zone) else {
            return fail(record.observed_at.origin(), format!("`{observed}` is not a time stamp"));
        };
        Some(Fact {
            subject: subject.clone(),
            name: name.clone(),
            value,
            observed_at,
            source: record.source.value().cloned().unwrap_or_else(|| self.source_name.into()),
            max_age: record.max_age.value().map_or(self.max_age, |age| age.length),
            origin: Origin::File { file: source.file, mark },
        })
    }
}

fn problem(message: String, mark: Mark, source: &Source<'_>) -> Diagnostic {
    Diagnostic::new(&codes::UNREADABLE_FACT, message)
        .at(source.place(mark, 0))
        .help("a fact is a subject such as `service:<id>`, a `fact`, a `value` and `observedAt`")
}

impl FactValue {
    /// The value that is written, when it is a single one: what stands there without quotes, and every cell
    /// of CSV, may be a boolean or a number.
    pub fn of(written: &Free) -> Option<Self> {
        let scalar = written.0.scalar()?;
        if !scalar.quoted {
            match &*scalar.text {
                "true" | "True" | "TRUE" => return Some(Self::Bool(true)),
                "false" | "False" | "FALSE" => return Some(Self::Bool(false)),
                _ => {}
            }
            let numeric =
                scalar.text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'));
            let number = scalar.text.parse::<f64>().ok();
            if let Some(number) = number.filter(|number| numeric && number.is_finite()) {
                return Some(Self::Number(number));
            }
        }
        Some(Self::Text(scalar.text.clone()))
    }
}

/// Keeps, of several facts with one subject and name, the last one observed; reports two that contradict
/// each other. In the order of subject and name.
pub(super) fn newest(mut facts: Vec<Fact>, mut contradiction: impl FnMut(&Fact, &Fact)) -> Vec<Fact> {
    facts.sort_by(|a, b| {
        (&a.subject, &a.name, std::cmp::Reverse(a.observed_at), a.origin).cmp(&(
            &b.subject,
            &b.name,
            std::cmp::Reverse(b.observed_at),
            b.origin,
        ))
    });
    facts.dedup_by(|later, first| {
        let same = later.subject == first.subject && later.name == first.name;
        if same && later.observed_at == first.observed_at && later.value != first.value {
            contradiction(first, later);
        }
        same
    });
    facts
}
