//! The compiled form of an expression: a small typed tree in which every name is resolved, every
//! literal parsed, and every operation known to suit the types that the schema gives.

use std::sync::Arc;

use regex::Regex;

use super::names::Name;
use super::syntax::{Comparison, Operator};
use crate::day::{Day, Length};

/// A part of a compiled expression.
#[derive(Debug)]
pub(super) enum Node {
    Constant(Constant),
    List(Box<[Node]>),
    /// Reads a field from a name on.
    Read(Path),
    /// Reads a field of a computed value.
    Member(Box<Node>, Key),
    And(Box<[Node]>),
    Or(Box<[Node]>),
    Not(Box<Node>),
    /// A value that turns out to be true or false, or not, only when it is there; with its text.
    Truth(Box<Node>, Box<str>),
    Compare(Box<Node>, Box<[Step]>),
    Arithmetic(Operator, Box<(Node, Node)>, Box<str>),
    If(Box<(Node, Node, Node)>),
    Defined(Box<Node>),
    Empty(Box<Node>),
    /// Asks something of a text; with the text of the whole.
    Asks(Box<Node>, Question, Box<str>),
    Length(Box<Node>),
    Lower(Box<Node>, Box<str>),
    First(Box<Node>),
    Default(Box<(Node, Node)>),
    Each(Quantifier, Box<(Node, Node)>),
    Fact(Box<FactName>),
    FactAge(Box<FactName>),
    /// The name, and how the trace calls it.
    Attested(Box<str>, Box<str>),
    /// The type of resource, and how the trace calls it.
    ResourceCount(Box<str>, Box<str>),
    /// Days from the date to D; with the text of the whole.
    DaysSince(Box<Node>, Box<str>),
    /// Days from D to the date; with the text of the whole.
    DaysUntil(Box<Node>, Box<str>),
}

/// A value that was written in the expression.
#[derive(Clone, Debug)]
pub(super) enum Constant {
    Text(Box<str>),
    Number(f64),
    Bool(bool),
    Day(Day),
    Length(Length),
    Nothing,
}

/// A way from a name to a field.
#[derive(Debug)]
pub(super) struct Path {
    pub(super) name: Name,
    pub(super) keys: Vec<Key>,
    /// How the trace calls it: `service.slo.availability`; for `item` the part after it.
    pub(super) text: String,
}

/// One step of a path.
#[derive(Clone, Debug)]
pub(super) enum Key {
    /// A field of a record, or an entry that an author named.
    Field(Box<str>),
    /// Whether a declaration or document is declared: never absent.
    Declared,
    /// The text of a declaration.
    Value,
}

/// One comparison of a chain: with what the value before it is compared, and how.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) comparison: Comparison,
    /// Whether texts are ordered as versions.
    pub(super) versions: bool,
    pub(super) right: Node,
    /// The text of the comparison.
    pub(super) text: Box<str>,
}

/// What can be asked of a text.
#[derive(Debug)]
pub(super) enum Question {
    Placeholder,
    Url,
    Matching(Regex),
    StartingWith(Box<Node>),
    EndingWith(Box<Node>),
}

/// How the answers for the items of a list are put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quantifier {
    All,
    Any,
    Count,
}

/// A fact that an expression reads.
#[derive(Debug)]
pub(super) struct FactName {
    pub(super) name: Box<str>,
    /// How the trace calls it: `fact("alarm-tested")`.
    pub(super) text: Box<str>,
    /// What is said when it was not collected.
    pub(super) not_collected: Arc<str>,
}
