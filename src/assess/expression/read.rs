//! Reads what an expression names: walks from a name along its fields, and tells the trace.

use std::borrow::Cow;

use super::context::{Attested, FactAnswer, Observed};
use super::evaluate::Evaluation;
use super::names::Name;
use super::surroundings::tag_count;
use super::tree::{FactName, Key, Path};
use super::value::{Item, Value, origin_of};
use crate::catalog::nearest::nearest;
use crate::catalog::origin::Origin;
use crate::catalog::record::{Fields, View};
use crate::catalog::resource::FactValue;
use crate::catalog::scalar::Declaration;

/// What an expression sees inside `all`, `any` and `count`.
#[derive(Clone, Copy)]
pub(super) struct Current<'a> {
    pub(super) item: &'a Item<'a>,
    /// How the trace calls it: `service.dataStores[0]`; empty when nobody traces.
    pub(super) path: &'a str,
}

impl<'e> Evaluation<'e, '_> {
    /// Reads the field that `path` leads to.
    pub(super) fn read(&mut self, path: &'e Path, current: Option<Current<'e>>) -> Value<'e> {
        let view = self.view(path, current);
        if self.trace.is_on() {
            // What is counted or given has no place of its own, and nobody wrote a default.
            let origin = origin_of(&view).filter(|origin| *origin != Origin::Default);
            match current {
                Some(current) if path.name == Name::Item => {
                    if !current.path.is_empty() {
                        let item = format!("{}{}", current.path, path.text);
                        self.trace.record_at(&item, &view, origin);
                    }
                }
                _ => self.trace.record_at(&path.text, &view, origin),
            }
        }
        Value::of_view(view)
    }

    fn view(&self, path: &'e Path, current: Option<Current<'e>>) -> View<'e> {
        let context = self.context;
        let keys = path.keys.as_slice();
        let record = |subject: Option<super::Subject<'e>>| {
            subject.map_or(View::Absent, |subject| View::Record(subject.fields, Some(subject.origin)))
        };
        let start = match path.name {
            Name::Service => record(context.service),
            Name::Team => record(context.team),
            Name::GoldenPath => record(context.golden_path),
            Name::GoldenPathVersion => record(context.golden_path_version),
            Name::Account => record(context.account),
            Name::Environments => match record(context.service) {
                View::Record(fields, _) => fields.field("environments").unwrap_or(View::Absent),
                other => other,
            },
            Name::Documents => return self.document(keys),
            Name::Repository => {
                let repository = context.surroundings.repository();
                return match (repository, keys) {
                    (Some(repository), [Key::Field(key), ..]) => {
                        repository.field(key).unwrap_or(View::Absent)
                    }
                    (Some(repository), _) => View::Text(repository.name.into(), repository.origin),
                    (None, _) => View::Absent,
                };
            }
            Name::Resources => match context.surroundings.resources() {
                Observed::Known(resources) => View::List(
                    resources
                        .iter()
                        .map(|resource| View::Record(resource as &dyn Fields, Some(resource.origin)))
                        .collect(),
                    Origin::Default,
                ),
                Observed::Unknown(reason) => View::Unknown(reason),
            },
            Name::Tags => return self.tags(keys),
            Name::Dependencies => match context.surroundings.dependencies() {
                Some((dependencies, origin)) => View::List(
                    dependencies
                        .iter()
                        .map(|dependency| View::Record(dependency as &dyn Fields, Some(dependency.origin)))
                        .collect(),
                    origin,
                ),
                None => View::Absent,
            },
            Name::Services => {
                let number = |number: u32| View::Number(f64::from(number), Origin::Default);
                return match (context.surroundings.services(), keys) {
                    (Some(counts), [Key::Field(key), ..]) if &**key == "total" => number(counts.total),
                    (Some(counts), _) => number(counts.on_supported_version),
                    (None, _) => View::Absent,
                };
            }
            Name::Today => View::Day(context.today, Origin::Default),
            Name::Item => match current {
                Some(Current { item, .. }) => view_of(item),
                None => View::Absent,
            },
        };
        walk(start, keys)
    }

    fn document(&self, keys: &'e [Key]) -> View<'e> {
        let documents = self.context.surroundings.documents();
        match keys {
            [Key::Field(name), rest @ ..] => {
                let found = documents.iter().find(|document| document.name == &**name);
                let view = found.map_or(View::Absent, |document| {
                    View::Record(document as &dyn Fields, Some(document.origin))
                });
                walk(view, rest)
            }
            _ => View::Named(
                documents
                    .iter()
                    .map(|document| {
                        (document.name, View::Record(document as &dyn Fields, Some(document.origin)))
                    })
                    .collect(),
                Origin::Default,
            ),
        }
    }

    fn tags(&self, keys: &'e [Key]) -> View<'e> {
        let facts = match self.context.surroundings.tags() {
            Observed::Known(facts) => facts,
            Observed::Unknown(reason) => return View::Unknown(reason),
        };
        let number = |number: u32| View::Number(f64::from(number), facts.origin);
        match keys {
            [Key::Field(key)] if &**key == "total" => number(facts.verdicts.total),
            [Key::Field(key), rest @ ..] => match facts.counts(key) {
                Some(counts) => match rest {
                    [Key::Field(name), ..] => tag_count(counts, name).map_or(View::Absent, number),
                    _ => number(counts.ok),
                },
                None => {
                    let mut reason = format!("the tag policy requires no tag `{key}`");
                    if let Some(known) = nearest(key, facts.keys()) {
                        reason.push_str(&format!("; did you mean `{known}`?"));
                    }
                    View::Unknown(reason.into())
                }
            },
            [] | [Key::Declared | Key::Value, ..] => number(facts.verdicts.total),
        }
    }

    /// Reads a fact, or how old it is.
    pub(super) fn fact(&mut self, fact: &'e FactName, age: bool) -> Value<'e> {
        let (view, value) = match self.context.surroundings.fact(&fact.name) {
            FactAnswer::Known { origin, observed_on, .. } if age => {
                let days = self.context.today.days_since(observed_on).max(0);
                let length = crate::day::Length::from_days(days.unsigned_abs());
                (View::Length(length, origin), None)
            }
            FactAnswer::Known { value, origin, .. } => {
                let view = match value {
                    FactValue::Bool(truth) => View::Bool(*truth, origin),
                    FactValue::Number(number) => View::Number(*number, origin),
                    FactValue::Text(text) => View::Text(Cow::Borrowed(text), origin),
                };
                (view, None)
            }
            FactAnswer::Stale(reason) => (View::Unknown(reason), None),
            FactAnswer::NotCollected => {
                let unknown = Value::Unknown(fact.not_collected.clone());
                (View::Unknown(Cow::Borrowed(&fact.not_collected)), Some(unknown))
            }
        };
        if self.trace.is_on() {
            self.trace.record(&fact.text, &view);
        }
        value.unwrap_or_else(|| Value::of_view(view))
    }

    /// Reads whether somebody attests `name`.
    pub(super) fn attested(&mut self, name: &str, text: &str) -> Value<'e> {
        let (view, origin) = match self.context.surroundings.attested(name) {
            Attested::Valid(origin) => (View::Bool(true, origin), Some(origin)),
            Attested::Lapsed(reason, origin) => (View::Unknown(reason), Some(origin)),
            Attested::Never => (View::Absent, None),
        };
        if self.trace.is_on() {
            self.trace.record_at(text, &view, origin);
        }
        Value::of_view(view)
    }

    /// Counts the resources of one type.
    pub(super) fn resource_count(&mut self, kind: &str, text: &str) -> Value<'e> {
        let view = match self.context.surroundings.resources() {
            Observed::Known(resources) => {
                let count = resources.iter().filter(|facts| &*facts.resource.resource_type == kind).count();
                View::Number(count as f64, Origin::Default)
            }
            Observed::Unknown(reason) => View::Unknown(reason),
        };
        if self.trace.is_on() {
            self.trace.record_at(text, &view, None);
        }
        Value::of_view(view)
    }
}

/// Walks from `view` along `keys`.
fn walk<'e>(mut view: View<'e>, keys: &[Key]) -> View<'e> {
    for key in keys {
        view = step(view, key);
    }
    view
}

fn step<'e>(view: View<'e>, key: &Key) -> View<'e> {
    match (key, view) {
        (_, unknown @ View::Unknown(_)) => unknown,
        (Key::Field(name), View::Record(fields, _)) => fields.field(name).unwrap_or(View::Absent),
        (Key::Field(name), View::Named(entries, _)) => {
            entries.into_iter().find(|(entry, _)| **entry == **name).map_or(View::Absent, |(_, view)| view)
        }
        (Key::Declared, View::Record(fields, _)) => fields.field("declared").unwrap_or(View::Absent),
        (Key::Declared, View::Declaration(declaration, origin)) => View::Bool(declaration.declared, origin),
        (Key::Declared, truth @ View::Bool(..)) => truth,
        (Key::Declared, View::Unreadable(origin)) => View::Bool(false, origin),
        (Key::Declared, _) => View::Bool(false, Origin::Default),
        (Key::Value, View::Declaration(declaration, origin)) => text_of(declaration, origin),
        (_, unreadable @ View::Unreadable(_)) => unreadable,
        _ => View::Absent,
    }
}

fn text_of(declaration: &Declaration, origin: Origin) -> View<'_> {
    declaration.text.as_deref().map_or(View::Absent, |text| View::Text(text.into(), origin))
}

/// An item as a view, so that paths can start at it.
fn view_of<'e>(item: &'e Item<'e>) -> View<'e> {
    let origin = item.origin.unwrap_or(Origin::Default);
    match &item.value {
        Value::Absent => View::Absent,
        Value::Unknown(reason) => View::Unknown(Cow::Borrowed(reason)),
        Value::Text(text) => View::Text(Cow::Borrowed(text), origin),
        Value::Number(number) => View::Number(*number, origin),
        Value::Bool(truth) => View::Bool(*truth, origin),
        Value::Day(day) => View::Day(*day, origin),
        Value::Length(seconds) => {
            View::Length(crate::day::Length::from_seconds(seconds.unsigned_abs()), origin)
        }
        Value::Declaration(declaration) => View::Declaration(declaration, origin),
        Value::List(items) => View::List(items.iter().map(view_of).collect(), origin),
        Value::Record(fields, origin) => View::Record(*fields, Some(*origin)),
        Value::Named(_) => View::Absent,
    }
}

/// Reads a field of a computed value.
pub(super) fn member<'e>(value: Value<'e>, key: &Key) -> Value<'e> {
    let view = match value {
        Value::Unknown(_) => return value,
        Value::Record(fields, origin) => View::Record(fields, Some(origin)),
        Value::Declaration(declaration) => View::Declaration(declaration, Origin::Default),
        Value::Bool(truth) => View::Bool(truth, Origin::Default),
        _ => View::Absent,
    };
    Value::of_view(step(view, key))
}
