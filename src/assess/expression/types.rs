//! The types of expressions: what the checker knows of a value before there is one.

use crate::catalog::record::{RecordShape, Shape};
use crate::words;

/// The type of a part of an expression.
#[derive(Clone, Debug)]
pub(super) enum Type {
    Text,
    /// Text that is one of these words.
    Choice(Vec<String>),
    Version,
    Number,
    Bool,
    Day,
    Length,
    Declaration,
    /// Known only when it is there: facts.
    Any,
    /// The literal `none`.
    Nothing,
    List(Box<Type>),
    Record(&'static RecordShape),
    Named(Box<Type>),
    /// The name `tags`: a total, and verdicts by key.
    Tags,
}

impl Type {
    /// The type of values of `shape`.
    pub(super) fn of(shape: Shape) -> Self {
        match shape {
            Shape::Text => Self::Text,
            Shape::Choice(known) => Self::Choice(known.iter().map(|word| (*word).to_owned()).collect()),
            Shape::Version => Self::Version,
            Shape::Number => Self::Number,
            Shape::Bool => Self::Bool,
            Shape::Day => Self::Day,
            Shape::Length => Self::Length,
            Shape::Declaration => Self::Declaration,
            Shape::Any => Self::Any,
            Shape::List(item) => Self::List(Box::new(Self::of(*item))),
            Shape::Record(shape) => Self::Record(shape),
            Shape::Named(item) => Self::Named(Box::new(Self::of(*item))),
        }
    }

    /// Whether values of it are text when they are there.
    pub(super) fn is_text(&self) -> bool {
        matches!(self, Self::Text | Self::Choice(_) | Self::Version)
    }

    /// Whether `and`, `or`, `not` and rules take it.
    pub(super) fn is_truth(&self) -> bool {
        matches!(self, Self::Bool | Self::Declaration | Self::Any)
    }

    /// What messages call a value of it.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Choice(_) => "one of a few words",
            Self::Version => "a version",
            Self::Number => "a number",
            Self::Bool => "true or false",
            Self::Day => "a date",
            Self::Length => "a duration",
            Self::Declaration => "a declaration",
            Self::Any => "a fact",
            Self::Nothing => "`none`",
            Self::List(_) => "a list",
            Self::Record(_) => "a record",
            Self::Named(_) => "named entries",
            Self::Tags => "the verdicts on tags",
        }
    }

    /// The type of a value that is of this type or of `other`; `None` when nothing useful can be said.
    pub(super) fn join(self, other: Self) -> Option<Self> {
        Some(match (self, other) {
            (Self::Nothing, known) | (known, Self::Nothing) => known,
            (Self::Any, _) | (_, Self::Any) => Self::Any,
            (Self::Choice(mut one), Self::Choice(other)) => {
                one.extend(other);
                Self::Choice(one)
            }
            (Self::Version, Self::Version) => Self::Version,
            (one, other) if one.is_text() && other.is_text() => Self::Text,
            (Self::Number, Self::Number) => Self::Number,
            (Self::Bool, Self::Bool) => Self::Bool,
            (Self::Bool | Self::Declaration, Self::Bool | Self::Declaration) => Self::Declaration,
            (Self::Day, Self::Day) => Self::Day,
            (Self::Length, Self::Length) => Self::Length,
            (Self::List(one), Self::List(other)) => Self::List(Box::new(one.join(*other)?)),
            (Self::Record(one), Self::Record(other)) if one.name == other.name => Self::Record(one),
            _ => return None,
        })
    }
}

/// A shape in words, for the reference: `list of record`, `one of …`.
pub(super) fn describe(shape: Shape) -> String {
    match shape {
        Shape::Text => "text".into(),
        Shape::Choice(known) => format!("one of {}", words::alternatives(known)),
        Shape::Version => "version".into(),
        Shape::Number => "number".into(),
        Shape::Bool => "true or false".into(),
        Shape::Day => "date".into(),
        Shape::Length => "duration".into(),
        Shape::Declaration => "declaration".into(),
        Shape::Any => "anything".into(),
        Shape::List(item) => format!("list of {}", describe(*item)),
        Shape::Record(shape) => format!("record `{}`", shape.name),
        Shape::Named(item) => format!("{} by name", describe(*item)),
    }
}
