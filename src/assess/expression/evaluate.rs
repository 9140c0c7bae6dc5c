//! Evaluates compiled expressions in three-valued logic: true, false, and two ways of not being known.
//! What depends on something unknown is unknown; else what depends on something absent is absent.

use std::sync::Arc;

use super::Verdict;
use super::context::Context;
use super::read::{Current, member};
use super::syntax::Comparison;
use super::trace::Trace;
use super::tree::{Node, Quantifier, Question, Step};
use super::value::{Item, Misfit, Value, calculate, compare, day};

/// Most steps of one evaluation: far more than any rule needs, and done in a moment.
const MOST_STEPS: u32 = 1_000_000;
/// Longest text that is asked anything, in bytes.
const LONGEST_TEXT: usize = 16 * 1024;

/// One evaluation of one expression.
pub(super) struct Evaluation<'e, 't> {
    pub(super) context: &'e Context<'e>,
    pub(super) trace: &'t mut Trace,
    pub(super) steps: u32,
}

impl<'e, 't> Evaluation<'e, 't> {
    /// Starts with the whole budget.
    pub(super) fn new(context: &'e Context<'e>, trace: &'t mut Trace) -> Self {
        Self { context, trace, steps: MOST_STEPS }
    }

    /// Takes `steps` from the budget; the reason to stop when it is used up.
    pub(super) fn spend(&mut self, steps: usize) -> Option<Arc<str>> {
        self.steps = self.steps.saturating_sub(u32::try_from(steps).unwrap_or(u32::MAX));
        (self.steps == 0).then(|| format!("the expression takes more than {MOST_STEPS} steps").into())
    }

    /// What `node` says, as far as it is known.
    pub(super) fn truth(&mut self, node: &'e Node, current: Option<Current<'e>>) -> Verdict {
        if let Some(reason) = self.spend(1) {
            return Verdict::Unknown(reason);
        }
        match node {
            Node::And(parts) => self.and(parts, current),
            Node::Or(parts) => {
                let mut so_far = Verdict::False;
                for part in parts {
                    match self.truth(part, current) {
                        Verdict::True => return Verdict::True,
                        Verdict::False => {}
                        open => so_far = so_far.or_open(open),
                    }
                }
                so_far
            }
            Node::Not(part) => match self.truth(part, current) {
                Verdict::True => Verdict::False,
                Verdict::False => Verdict::True,
                open => open,
            },
            Node::Compare(first, steps) => self.chain(first, steps, current),
            Node::Truth(inner, text) => match self.value(inner, current) {
                Value::Bool(truth) => truth.into(),
                Value::Absent => Verdict::Absent,
                Value::Unknown(reason) => Verdict::Unknown(reason),
                other => Verdict::Unknown(
                    format!("`{text}` is {}, where true or false is needed", other.kind()).into(),
                ),
            },
            Node::Defined(inner) => match self.value(inner, current) {
                Value::Unknown(reason) => Verdict::Unknown(reason),
                Value::Absent => Verdict::False,
                _ => Verdict::True,
            },
            Node::Empty(inner) => match self.value(inner, current) {
                Value::Unknown(reason) => Verdict::Unknown(reason),
                Value::List(items) => items.is_empty().into(),
                Value::Named(count) => (count == 0).into(),
                Value::Text(text) => text.trim().is_empty().into(),
                _ => Verdict::Absent,
            },
            Node::Asks(inner, question, text) => self.ask(inner, question, text, current),
            Node::Each(Quantifier::All, parts) => self.each(&parts.0, &parts.1, true, current),
            Node::Each(Quantifier::Any, parts) => self.each(&parts.0, &parts.1, false, current),
            other => match self.value_of(other, current) {
                Value::Bool(truth) => truth.into(),
                Value::Declaration(declaration) => declaration.declared.into(),
                Value::Unknown(reason) => Verdict::Unknown(reason),
                // The checker lets nothing else through.
                _ => Verdict::Absent,
            },
        }
    }

    fn and(&mut self, parts: &'e [Node], current: Option<Current<'e>>) -> Verdict {
        let mut so_far = Verdict::True;
        for part in parts {
            match self.truth(part, current) {
                Verdict::False => return Verdict::False,
                Verdict::True => {}
                open => so_far = so_far.or_open(open),
            }
        }
        so_far
    }

    /// The value of `node`.
    pub(super) fn value(&mut self, node: &'e Node, current: Option<Current<'e>>) -> Value<'e> {
        match self.spend(1) {
            Some(reason) => Value::Unknown(reason),
            None => self.value_of(node, current),
        }
    }

    fn value_of(&mut self, node: &'e Node, current: Option<Current<'e>>) -> Value<'e> {
        match node {
            Node::Constant(constant) => Value::of_constant(constant),
            Node::Read(path) => self.read(path, current),
            Node::Member(base, key) => member(self.value(base, current), key),
            Node::List(nodes) => {
                let item = |value| Item { value, origin: None };
                Value::List(nodes.iter().map(|node| item(self.value(node, current))).collect())
            }
            Node::If(parts) => match self.truth(&parts.0, current) {
                Verdict::True => self.value(&parts.1, current),
                Verdict::False => self.value(&parts.2, current),
                open => open.into(),
            },
            Node::Default(parts) => match self.value(&parts.0, current) {
                Value::Absent => self.value(&parts.1, current),
                known => known,
            },
            Node::Arithmetic(operator, sides, text) => {
                let left = self.value(&sides.0, current);
                let right = self.value(&sides.1, current);
                match open(&left, &right) {
                    Some(open) => open.into(),
                    None => calculate(&left, *operator, &right)
                        .unwrap_or_else(|misfit| Value::Unknown(explain(misfit, text, &left, &right))),
                }
            }
            Node::Length(inner) => match self.value(inner, current) {
                Value::List(items) => Value::Number(items.len() as f64),
                Value::Named(count) => Value::Number(count as f64),
                Value::Text(text) => match self.spend(text.len() / 64) {
                    Some(reason) => Value::Unknown(reason),
                    None => Value::Number(text.chars().count() as f64),
                },
                Value::Unknown(reason) => Value::Unknown(reason),
                _ => Value::Absent,
            },
            Node::Lower(inner, text) => match self.value(inner, current) {
                Value::Text(long) if long.len() > LONGEST_TEXT => too_long(text),
                Value::Text(mixed) => Value::Text(mixed.to_lowercase().into()),
                open @ (Value::Absent | Value::Unknown(_)) => open,
                other => Value::unknown(format!("`{text}` asks {} for its lower case", other.kind())),
            },
            Node::First(inner) => match self.value(inner, current) {
                Value::List(items) => items.into_iter().next().map_or(Value::Absent, |item| item.value),
                Value::Unknown(reason) => Value::Unknown(reason),
                _ => Value::Absent,
            },
            Node::Each(Quantifier::Count, parts) => self.count(&parts.0, &parts.1, current),
            Node::Fact(fact) => self.fact(fact, false),
            Node::FactAge(fact) => self.fact(fact, true),
            Node::Attested(name, text) => self.attested(name, text),
            Node::ResourceCount(kind, text) => self.resource_count(kind, text),
            Node::DaysSince(inner, text) => self.days(inner, text, current, 1),
            Node::DaysUntil(inner, text) => self.days(inner, text, current, -1),
            Node::And(_)
            | Node::Or(_)
            | Node::Not(_)
            | Node::Truth(..)
            | Node::Compare(..)
            | Node::Defined(_)
            | Node::Empty(_)
            | Node::Asks(..)
            | Node::Each(..) => self.truth(node, current).into(),
        }
    }

    fn days(&mut self, inner: &'e Node, text: &str, current: Option<Current<'e>>, sign: i64) -> Value<'e> {
        let date = match self.value(inner, current) {
            Value::Day(day) => Ok(day),
            Value::Text(text) => day(&text),
            open @ (Value::Absent | Value::Unknown(_)) => return open,
            _ => Err(Misfit::Types),
        };
        match date {
            Ok(date) => Value::Number((sign * self.context.today.days_since(date)) as f64),
            Err(_) => Value::unknown(format!("`{text}` is not given a date")),
        }
    }

    /// A chain of comparisons is true when each of them is; each value is evaluated once.
    fn chain(&mut self, first: &'e Node, steps: &'e [Step], current: Option<Current<'e>>) -> Verdict {
        let mut so_far = Verdict::True;
        let mut left = self.value(first, current);
        for step in steps {
            let (verdict, right) = match (step.comparison, &step.right) {
                (Comparison::In | Comparison::NotIn, right) => {
                    (self.listed(&left, step, right, current), None)
                }
                (_, right) => {
                    let right = self.value(right, current);
                    (comparison(&left, step, &right), Some(right))
                }
            };
            match verdict {
                Verdict::False => return Verdict::False,
                Verdict::True => {}
                open => so_far = so_far.or_open(open),
            }
            left = right.unwrap_or(Value::Absent);
        }
        so_far
    }

    fn ask(
        &mut self,
        inner: &'e Node,
        question: &'e Question,
        text: &str,
        current: Option<Current<'e>>,
    ) -> Verdict {
        let value = self.value(inner, current);
        let other = match question {
            Question::StartingWith(node) | Question::EndingWith(node) => self.value(node, current),
            _ => Value::Bool(true),
        };
        if let Some(open) = open(&value, &other) {
            return open;
        }
        let Some(asked) = value.as_text() else {
            return Verdict::Unknown(format!("`{text}` asks this of {}", value.kind()).into());
        };
        if asked.len() > LONGEST_TEXT {
            return Verdict::Unknown(longer_than(text));
        }
        if let Some(reason) = self.spend(asked.len() / 64) {
            return Verdict::Unknown(reason);
        }
        let other = other.as_text().unwrap_or_default();
        match question {
            Question::Placeholder => self.context.vocabulary.is_placeholder(asked),
            Question::Url => is_url(asked),
            Question::Matching(regex) => regex.is_match(asked),
            Question::StartingWith(_) => asked.starts_with(other),
            Question::EndingWith(_) => asked.ends_with(other),
        }
        .into()
    }
}

fn is_url(text: &str) -> bool {
    url::Url::parse(text.trim())
        .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.host_str().is_some())
}

fn comparison(left: &Value<'_>, step: &Step, right: &Value<'_>) -> Verdict {
    if let Some(open) = open(left, right) {
        return open;
    }
    match compare(left, step.comparison, step.versions, right) {
        Ok(truth) => truth.into(),
        Err(misfit) => Verdict::Unknown(explain(misfit, &step.text, left, right)),
    }
}

pub(super) fn equality(left: &Value<'_>, step: &Step, right: &Value<'_>) -> Verdict {
    if let Some(open) = open(left, right) {
        return open;
    }
    match compare(left, Comparison::Equal, step.versions, right) {
        Ok(truth) => truth.into(),
        Err(misfit) => Verdict::Unknown(explain(misfit, &step.text, left, right)),
    }
}

/// Why nothing can be done with two values: one is unknown, else one is absent.
fn open(left: &Value<'_>, right: &Value<'_>) -> Option<Verdict> {
    match (left, right) {
        (Value::Unknown(reason), _) | (_, Value::Unknown(reason)) => Some(Verdict::Unknown(reason.clone())),
        (Value::Absent, _) | (_, Value::Absent) => Some(Verdict::Absent),
        _ => None,
    }
}

fn explain(misfit: Misfit, text: &str, left: &Value<'_>, right: &Value<'_>) -> Arc<str> {
    match misfit {
        Misfit::Types => format!("`{text}` puts {} beside {}", left.kind(), right.kind()).into(),
        Misfit::Impossible(why) => format!("`{text}` has no answer: {why}").into(),
    }
}

fn longer_than(text: &str) -> Arc<str> {
    format!("`{text}` is asked of a text longer than {LONGEST_TEXT} bytes").into()
}

fn too_long<'e>(text: &str) -> Value<'e> {
    Value::Unknown(longer_than(text))
}

impl Verdict {
    /// What is left open by this and by `other`, which is absent or unknown: the unknown dominates.
    pub(super) fn or_open(self, other: Self) -> Self {
        match (self, other) {
            (Self::Unknown(reason), _) | (_, Self::Unknown(reason)) => Self::Unknown(reason),
            _ => Self::Absent,
        }
    }
}

impl From<bool> for Verdict {
    fn from(truth: bool) -> Self {
        if truth { Self::True } else { Self::False }
    }
}

impl From<Verdict> for Value<'_> {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::True => Self::Bool(true),
            Verdict::False => Self::Bool(false),
            Verdict::Absent => Self::Absent,
            Verdict::Unknown(reason) => Self::Unknown(reason),
        }
    }
}

impl From<&Value<'_>> for Verdict {
    fn from(value: &Value<'_>) -> Self {
        match value {
            Value::Unknown(reason) => Self::Unknown(reason.clone()),
            _ => Self::Absent,
        }
    }
}
