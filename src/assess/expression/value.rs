//! Values while an expression is evaluated, and what may be done with them.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::Arc;

use super::syntax::{Comparison, Operator};
use super::tree::Constant;
use crate::catalog::golden_path::VersionNumber;
use crate::catalog::origin::Origin;
use crate::catalog::record::{Fields, View};
use crate::catalog::scalar::Declaration;
use crate::day::{Day, Length};

/// A value while an expression is evaluated.
#[derive(Clone)]
pub(super) enum Value<'a> {
    /// Nobody declared it, or it cannot be read.
    Absent,
    /// This run does not know it, or it could not be computed; why.
    Unknown(Arc<str>),
    Text(Cow<'a, str>),
    Number(f64),
    Bool(bool),
    Day(Day),
    /// A length of time in seconds; negative between a later and an earlier day.
    Length(i64),
    Declaration(&'a Declaration),
    List(Vec<Item<'a>>),
    Record(&'a dyn Fields, Origin),
    /// How many named entries there are.
    Named(usize),
}

/// An item of a list.
#[derive(Clone)]
pub(super) struct Item<'a> {
    pub(super) value: Value<'a>,
    pub(super) origin: Option<Origin>,
}

/// Why two values cannot be put together.
pub(super) enum Misfit {
    /// Their types do not go together.
    Types,
    /// The result does not exist, such as a division by zero.
    Impossible(&'static str),
}

impl<'a> Value<'a> {
    /// What an unknown is made of.
    pub(super) fn unknown(why: impl Into<Arc<str>>) -> Self {
        Self::Unknown(why.into())
    }

    pub(super) fn of_view(view: View<'a>) -> Self {
        match view {
            View::Absent | View::Unreadable(_) | View::Record(_, None) => Self::Absent,
            View::Unknown(reason) => Self::unknown(&*reason),
            View::Text(text, _) => Self::Text(text),
            View::Number(number, _) => Self::Number(number),
            View::Bool(truth, _) => Self::Bool(truth),
            View::Day(day, _) => Self::Day(day),
            View::Length(length, _) => Self::length(length),
            View::Declaration(declaration, _) => Self::Declaration(declaration),
            View::List(items, _) => Self::List(items.into_iter().map(Item::of_view).collect()),
            View::Record(fields, Some(origin)) => Self::Record(fields, origin),
            View::Named(entries, _) => Self::Named(entries.len()),
        }
    }

    pub(super) fn of_constant(constant: &'a Constant) -> Self {
        match constant {
            Constant::Text(text) => Self::Text(Cow::Borrowed(text)),
            Constant::Number(number) => Self::Number(*number),
            Constant::Bool(truth) => Self::Bool(*truth),
            Constant::Day(day) => Self::Day(*day),
            Constant::Length(length) => Self::length(*length),
            Constant::Nothing => Self::Absent,
        }
    }

    fn length(length: Length) -> Self {
        Self::Length(i64::try_from(length.seconds()).unwrap_or(i64::MAX))
    }

    /// What messages call it.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Absent => "nothing",
            Self::Unknown(_) => "something unknown",
            Self::Text(_) => "text",
            Self::Number(_) => "a number",
            Self::Bool(_) => "true or false",
            Self::Day(_) => "a date",
            Self::Length(_) => "a duration",
            Self::Declaration(_) => "a declaration",
            Self::List(_) => "a list",
            Self::Record(..) => "a record",
            Self::Named(_) => "named entries",
        }
    }

    /// The text that tests such as `is url` ask about: of a declaration its own text.
    pub(super) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Declaration(declaration) => Some(declaration.text.as_deref().unwrap_or("")),
            _ => None,
        }
    }
}

impl<'a> Item<'a> {
    pub(super) fn of_view(view: View<'a>) -> Self {
        let origin = origin_of(&view);
        Self { value: Value::of_view(view), origin }
    }
}

/// Where a view came from.
pub(super) fn origin_of(view: &View<'_>) -> Option<Origin> {
    match view {
        View::Absent | View::Unknown(_) => None,
        View::Record(_, origin) => *origin,
        View::Unreadable(origin)
        | View::Text(_, origin)
        | View::Number(_, origin)
        | View::Bool(_, origin)
        | View::Day(_, origin)
        | View::Length(_, origin)
        | View::Declaration(_, origin)
        | View::List(_, origin)
        | View::Named(_, origin) => Some(*origin),
    }
}

/// Compares two values that are there; `In` and `NotIn` are not asked here.
pub(super) fn compare(
    left: &Value<'_>,
    comparison: Comparison,
    versions: bool,
    right: &Value<'_>,
) -> Result<bool, Misfit> {
    if comparison.orders() {
        let order = order(left, versions, right)?;
        return Ok(match comparison {
            Comparison::Less => order.is_lt(),
            Comparison::LessOrEqual => order.is_le(),
            Comparison::Greater => order.is_gt(),
            _ => order.is_ge(),
        });
    }
    let equal = match (left, right) {
        (Value::Text(left), Value::Text(right)) if versions => {
            VersionNumber::order(left, right).map_or(left == right, Ordering::is_eq)
        }
        (Value::Text(left), Value::Text(right)) => left == right,
        (Value::Bool(left), Value::Bool(right)) => left == right,
        _ => order(left, versions, right)?.is_eq(),
    };
    Ok(equal == (comparison == Comparison::Equal))
}

fn order(left: &Value<'_>, versions: bool, right: &Value<'_>) -> Result<Ordering, Misfit> {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => {
            left.partial_cmp(right).ok_or(Misfit::Impossible("the numbers cannot be compared"))
        }
        (Value::Day(left), Value::Day(right)) => Ok(left.cmp(right)),
        (Value::Length(left), Value::Length(right)) => Ok(left.cmp(right)),
        (Value::Text(left), Value::Text(right)) if versions => {
            VersionNumber::order(left, right).ok_or(Misfit::Impossible("one of them is not a version"))
        }
        // Facts have no dates and durations of their own: theirs are text.
        (Value::Text(left), Value::Day(right)) => Ok(day(left)?.cmp(right)),
        (Value::Day(left), Value::Text(right)) => Ok(left.cmp(&day(right)?)),
        (Value::Text(left), Value::Length(right)) => Ok(seconds(left)?.cmp(right)),
        (Value::Length(left), Value::Text(right)) => Ok(left.cmp(&seconds(right)?)),
        _ => Err(Misfit::Types),
    }
}

/// The day that a fact's text says.
pub(super) fn day(text: &str) -> Result<Day, Misfit> {
    Day::parse(text).ok_or(Misfit::Impossible("the text is not a date"))
}

fn seconds(text: &str) -> Result<i64, Misfit> {
    let length = Length::parse_cadence(text).ok_or(Misfit::Impossible("the text is not a duration"))?;
    Ok(i64::try_from(length.seconds()).unwrap_or(i64::MAX))
}

const SECONDS_OF_A_DAY: i64 = 86_400;

/// Calculates with two values that are there.
pub(super) fn calculate<'a>(
    left: &Value<'a>,
    operator: Operator,
    right: &Value<'a>,
) -> Result<Value<'a>, Misfit> {
    Ok(match (left, operator, right) {
        (Value::Number(_), Operator::Divide, Value::Number(0.0)) => {
            return Err(Misfit::Impossible("it divides by zero"));
        }
        (Value::Number(left), _, Value::Number(right)) => {
            let result = match operator {
                Operator::Add => left + right,
                Operator::Subtract => left - right,
                Operator::Multiply => left * right,
                Operator::Divide => left / right,
            };
            if !result.is_finite() {
                return Err(Misfit::Impossible("the result is too large"));
            }
            Value::Number(result)
        }
        (Value::Day(later), Operator::Subtract, Value::Day(earlier)) => {
            Value::Length(later.days_since(*earlier) * SECONDS_OF_A_DAY)
        }
        (Value::Day(day), Operator::Add, Value::Length(length))
        | (Value::Length(length), Operator::Add, Value::Day(day)) => {
            Value::Day(day.plus_days(length / SECONDS_OF_A_DAY))
        }
        (Value::Day(day), Operator::Subtract, Value::Length(length)) => {
            Value::Day(day.plus_days(-(length / SECONDS_OF_A_DAY)))
        }
        (Value::Length(left), Operator::Add, Value::Length(right)) => {
            Value::Length(left.saturating_add(*right))
        }
        (Value::Length(left), Operator::Subtract, Value::Length(right)) => {
            Value::Length(left.saturating_sub(*right))
        }
        _ => return Err(Misfit::Types),
    })
}
