//! Records written as YAML of ours, whoever's document they were read from: each value on a line of its own,
//! with what stands behind it. What is read back is the same record.

use super::field::Named;
use super::origin::Origin;
use super::record::{Fields, View};
use super::service::{Link, ServiceRecord};
use super::yaml::write;

/// What stands behind a value, for the comment on its line; `None` leaves the value out.
pub type Behind<'a> = dyn Fn(Origin) -> Option<String> + 'a;

/// `record` in the order of its keys.
pub fn text(record: &dyn Fields, behind: &Behind<'_>) -> String {
    let mut text = String::new();
    push_entries(&mut text, &entries(record, behind), 0, "");
    text
}

/// The record of a service. Its links are written whole: rules see one target of each, authors may give more.
pub fn service(record: &ServiceRecord, behind: &Behind<'_>) -> String {
    let mut entries = entries(record, behind);
    if let Some((_, links)) = entries.iter_mut().find(|(key, _)| key == "links") {
        *links = Written::Mapping(all_links(&record.links, behind));
    }
    let mut text = String::new();
    push_entries(&mut text, &entries, 0, "");
    text
}

/// Something to write.
enum Written {
    /// A value as YAML, and what stands behind it.
    Scalar(String, String),
    List(Vec<Written>),
    Mapping(Entries),
}

type Entries = Vec<(String, Written)>;

fn entries(record: &dyn Fields, behind: &Behind<'_>) -> Entries {
    let fields = record.shape().fields.iter();
    fields
        .filter_map(|field| Some((field.key.to_owned(), written(&record.field(field.key)?, behind)?)))
        .collect()
}

fn written(view: &View<'_>, behind: &Behind<'_>) -> Option<Written> {
    let scalar = |text: String, origin: Origin| Some(Written::Scalar(text, behind(origin)?));
    match view {
        View::Absent | View::Unreadable(_) | View::Unknown(_) => None,
        View::Text(text, origin) => scalar(write::scalar(text), *origin),
        View::Number(number, origin) => scalar(number.to_string(), *origin),
        View::Bool(value, origin) => scalar(value.to_string(), *origin),
        View::Day(day, origin) => scalar(day.to_string(), *origin),
        View::Length(length, origin) => scalar(length.to_string(), *origin),
        View::Declaration(declaration, origin) => {
            let text = declaration.text.as_deref().filter(|_| declaration.declared);
            scalar(text.map_or_else(|| declaration.declared.to_string(), write::scalar), *origin)
        }
        View::List(items, _) => {
            let items: Vec<Written> = items.iter().filter_map(|item| written(item, behind)).collect();
            (!items.is_empty()).then_some(Written::List(items))
        }
        View::Record(record, _) => some(entries(*record, behind)),
        View::Named(named, _) => some(
            named
                .iter()
                .filter_map(|(key, view)| Some((write::scalar(key), written(view, behind)?)))
                .collect(),
        ),
    }
}

fn some(entries: Entries) -> Option<Written> {
    (!entries.is_empty()).then_some(Written::Mapping(entries))
}

fn all_links(links: &Named<Link>, behind: &Behind<'_>) -> Entries {
    let link = |(key, link): &(Box<str>, super::field::Sourced<Link>)| {
        let comment = behind(link.origin)?;
        let scalar = |target: &str| Written::Scalar(write::scalar(target), comment.clone());
        let targets: Vec<Written> = link.value.targets.iter().map(|target| scalar(target)).collect();
        let written = match <[Written; 1]>::try_from(targets) {
            Ok([one]) => one,
            Err(several) => Written::List(several),
        };
        Some((write::scalar(key), written))
    };
    links.entries.iter().filter_map(link).collect()
}

/// Writes `entries` with `indent`, the first behind `lead`, which is as wide.
fn push_entries(text: &mut String, entries: &Entries, indent: usize, lead: &str) {
    let blanks = " ".repeat(indent);
    let mut lead = if lead.is_empty() { blanks.as_str() } else { lead };
    for (key, value) in entries {
        text.push_str(lead);
        text.push_str(key);
        text.push(':');
        match value {
            Written::Scalar(scalar, comment) => push_scalar(text, scalar, comment),
            Written::Mapping(entries) => {
                text.push('\n');
                push_entries(text, entries, indent + 2, "");
            }
            Written::List(items) => {
                text.push('\n');
                push_items(text, items, indent + 2, "");
            }
        }
        lead = &blanks;
    }
}

fn push_items(text: &mut String, items: &[Written], indent: usize, lead: &str) {
    let blanks = " ".repeat(indent);
    let mut lead = if lead.is_empty() { blanks.clone() } else { lead.to_owned() };
    for item in items {
        match item {
            Written::Scalar(scalar, comment) => {
                text.push_str(&lead);
                text.push('-');
                push_scalar(text, scalar, comment);
            }
            Written::Mapping(entries) => push_entries(text, entries, indent + 2, &format!("{lead}- ")),
            Written::List(items) => push_items(text, items, indent + 2, &format!("{lead}- ")),
        }
        lead.clone_from(&blanks);
    }
}

fn push_scalar(text: &mut String, scalar: &str, comment: &str) {
    text.push(' ');
    text.push_str(scalar);
    if !comment.is_empty() {
        text.push_str("  # ");
        text.push_str(&write::comment(comment));
    }
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::descriptor;
    use crate::catalog::origin::FileIndex;
    use crate::catalog::reader::{Reader, Source};
    use crate::catalog::recognise::Shape;
    use crate::catalog::vocabulary::Vocabulary;
    use crate::catalog::yaml::{Limits, parse};
    use crate::diagnostic::Diagnostics;

    fn read(text: &str) -> ServiceRecord {
        let mut diagnostics = Diagnostics::default();
        let source = Source::new(FileIndex(0), "".into(), "service.yaml".into(), text);
        let vocabulary = Vocabulary::default();
        let mut reader = Reader { source: &source, vocabulary: &vocabulary, diagnostics: &mut diagnostics };
        let document =
            parse(text, Limits::default()).remove(0).unwrap_or_else(|error| panic!("{error:?}\n{text}"));
        let record = descriptor::read(&document, Shape::Flat, &mut reader).expect("it has an id");
        assert!(diagnostics.is_empty(), "{}\n{text}", crate::diagnostic::text::render(&diagnostics, false));
        record
    }

    #[test]
    fn what_is_written_is_what_was_read() {
        let written = "\
serviceId: quote
aliases:
  - old-quote
description: \"Prices: \\\"all\\\" # of them\"
ownerTeam: checkout
technicalOwner: \"@mira\"
criticality: tier-2
exposure:
  type: public
  waf: true
accountId: \"011122223333\"
environments:
  - name: prod
    region: eu-central-1
  - name: dev
slo:
  availability: 99.95
resilience:
  rto: 1h30m
observability:
  logs: true
  metrics: false
  dashboard: https://dashboards.example.com/d/1
dependsOn:
  - service: labels
    kind: soft
lifecycle:
  state: production
  createdAt: 2026-01-31
links:
  docs:
    - a.md
    - b.md
  runbook: docs/runbook.md
labels:
  a b: \"1\"
";
        let text = service(&read(written), &|_| Some(String::new()));
        assert_eq!(text, written);
        assert_eq!(service(&read(&text), &|_| Some(String::new())), text);
    }

    #[test]
    fn values_say_what_stands_behind_them_or_are_left_out() {
        let record = read("serviceId: quote\nownerTeam: checkout\naliases: [a]\n");
        let behind = |origin: Origin| match origin {
            Origin::File { mark, .. } if mark.line != 2 => Some(format!("line {}", mark.line)),
            _ => None,
        };
        assert_eq!(service(&record, &behind), "serviceId: quote  # line 1\naliases:\n  - a  # line 3\n");
    }
}
