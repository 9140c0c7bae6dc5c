//! The syntax tree of an expression: what was written, with places, before anybody asks whether it
//! means anything.

/// A place in the text: byte offsets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Span {
    /// The place from the beginning of this one to the end of `other`.
    pub(super) fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// A part of an expression, with its place.
#[derive(Debug)]
pub(super) struct Syntax {
    pub(super) span: Span,
    pub(super) kind: Kind,
}

/// What a part of an expression is.
#[derive(Debug)]
pub(super) enum Kind {
    Name(String),
    Text(String),
    Number(f64),
    Bool(bool),
    Nothing,
    List(Vec<Syntax>),
    And(Vec<Syntax>),
    Or(Vec<Syntax>),
    Not(Box<Syntax>),
    Negate(Box<Syntax>),
    /// One or more comparisons in a chain: `a < b <= c`.
    Compare(Box<Syntax>, Vec<(Comparison, Syntax)>),
    Arithmetic(Operator, Box<(Syntax, Syntax)>),
    /// Test, then, otherwise.
    If(Box<(Syntax, Syntax, Option<Syntax>)>),
    Member {
        base: Box<Syntax>,
        key: String,
        key_span: Span,
    },
    Test {
        operand: Box<Syntax>,
        name: String,
        arguments: Vec<Syntax>,
    },
    Filter {
        operand: Box<Syntax>,
        name: String,
        arguments: Vec<Syntax>,
    },
    Call {
        name: String,
        name_span: Span,
        arguments: Vec<Syntax>,
    },
}

/// A comparison operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    NotIn,
}

impl Comparison {
    /// Whether it asks for an order.
    pub(super) fn orders(self) -> bool {
        matches!(self, Self::Less | Self::LessOrEqual | Self::Greater | Self::GreaterOrEqual)
    }
}

/// An arithmetic operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
}
