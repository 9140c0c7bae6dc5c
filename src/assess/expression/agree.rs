//! Whether values of two types go together: comparisons and arithmetic, and text literals that are
//! read as what they are compared with.

use super::check::{Checked, Checker};
use super::syntax::{Comparison, Kind, Operator, Span, Syntax};
use super::tree::{Constant, Node, Step};
use super::types::Type;
use crate::catalog::golden_path::VersionNumber;
use crate::catalog::nearest::nearest;
use crate::day::{Day, Length};
use crate::words;

impl Checker<'_> {
    pub(super) fn compare(&mut self, first: &Syntax, rest: &[(Comparison, Syntax)]) -> Option<Node> {
        let mut left = self.check(first);
        let mut nodes: Vec<Node> = Vec::with_capacity(rest.len() + 1);
        let mut steps = Vec::with_capacity(rest.len());
        let mut whole = true;
        for (comparison, syntax) in rest {
            let (mut right, versions) = match comparison {
                Comparison::In | Comparison::NotIn => (self.listed(left.as_mut(), syntax), Some(false)),
                _ => {
                    let mut right = self.check(syntax);
                    let versions = match (&mut left, &mut right) {
                        (Some(left), Some(right)) => self.agree(left, right, comparison.orders()),
                        _ => None,
                    };
                    (right, versions)
                }
            };
            let text = left.as_ref().map(|left| self.source(left.span.to(syntax.span)));
            match (left.take(), versions, text) {
                (Some(left), Some(versions), Some(text)) => {
                    nodes.push(left.node);
                    steps.push((*comparison, versions, text));
                }
                _ => whole = false,
            }
            left = right.take();
        }
        nodes.push(left?.node);
        if !whole {
            return None;
        }
        let mut nodes = nodes.into_iter();
        let first = nodes.next()?;
        let steps: Vec<Step> = steps
            .into_iter()
            .zip(nodes)
            .map(|((comparison, versions, text), right)| Step {
                comparison,
                versions,
                right,
                text: text.into(),
            })
            .collect();
        Some(Node::Compare(Box::new(first), steps.into()))
    }

    /// Checks the list in which something is looked for.
    fn listed(&mut self, left: Option<&mut Checked>, list: &Syntax) -> Option<Checked> {
        let left = left?;
        if let Kind::List(items) = &list.kind {
            let mut nodes = Vec::with_capacity(items.len());
            let mut whole = true;
            for item in items {
                let item = self.check(item).and_then(|mut item| {
                    self.agree(left, &mut item, false)?;
                    Some(item.node)
                });
                match item {
                    Some(node) => nodes.push(node),
                    None => whole = false,
                }
            }
            let kind = Type::List(Box::new(left.kind.clone()));
            return whole.then(|| Checked { node: Node::List(nodes.into()), kind, span: list.span });
        }
        let mut right = self.check(list)?;
        let span = right.span;
        match right.kind {
            Type::List(item) => {
                let mut one = Checked { node: Node::Constant(Constant::Nothing), kind: *item, span };
                self.agree(left, &mut one, false)?;
                right.kind = Type::List(Box::new(one.kind));
                Some(right)
            }
            kind => {
                let source = self.source(span);
                let help = match kind {
                    Type::Named(_) => format!("ask `{source}.name is defined`"),
                    _ if kind.is_text() => "write a list in square brackets, or use `is matching(…)`".into(),
                    _ => "write a list in square brackets".to_owned(),
                };
                self.refuse(span, format!("`in` needs a list, and `{source}` is {}", kind.name()), &help)
            }
        }
    }

    /// Whether two values can be compared; says whether as versions.
    fn agree(&mut self, left: &mut Checked, right: &mut Checked, orders: bool) -> Option<bool> {
        let (one, other) = (left.kind.clone(), right.kind.clone());
        self.coerce(left, &other)?;
        self.coerce(right, &one)?;
        let span = left.span.to(right.span);
        let fits = match (&left.kind, &right.kind) {
            (Type::Nothing, _) | (_, Type::Nothing) => {
                let help = "ask `is defined` or `is not defined`";
                return self.refuse(span, "nothing can be compared with `none`", help);
            }
            (Type::Number, Type::Number) | (Type::Day, Type::Day) | (Type::Length, Type::Length) => true,
            (Type::Bool, Type::Bool) => !orders,
            (Type::Version, Type::Version | Type::Any) | (Type::Any, Type::Version) => return Some(true),
            (Type::Any, Type::Any | Type::Number | Type::Day | Type::Length)
            | (Type::Number | Type::Day | Type::Length, Type::Any) => true,
            (Type::Any, Type::Bool) | (Type::Bool, Type::Any) => !orders,
            (one, other)
                if (one.is_text() || matches!(one, Type::Any))
                    && (other.is_text() || matches!(other, Type::Any)) =>
            {
                if orders {
                    return self.unordered(left, right);
                }
                true
            }
            _ => false,
        };
        if fits {
            return Some(false);
        }
        let message = if orders && matches!((&left.kind, &right.kind), (Type::Bool, Type::Bool)) {
            "true and false have no order".to_owned()
        } else {
            format!(
                "`{}` is {} and `{}` is {}: they cannot be compared",
                self.source(left.span),
                left.kind.name(),
                self.source(right.span),
                right.kind.name()
            )
        };
        let help = self.help_to_compare(left, right).or_else(|| self.help_to_compare(right, left));
        self.refuse(span, message, &help.unwrap_or_else(|| "compare values of one type".to_owned()))
    }

    fn unordered<T>(&mut self, left: &Checked, right: &Checked) -> Option<T> {
        let help = match (&left.kind, &right.kind) {
            (Type::Choice(known), _) | (_, Type::Choice(known)) => {
                let known: Vec<String> = known.iter().map(|word| format!("\"{word}\"")).collect();
                format!("list the words that are meant: `in [{}]`", known.join(", "))
            }
            (Type::Any, _) | (_, Type::Any) => "write `date(\"…\")` or `duration(\"…\")` for one".to_owned(),
            _ => "compare texts with `==`, `!=` or `in`".to_owned(),
        };
        self.refuse(left.span.to(right.span), "texts have no order", &help)
    }

    fn help_to_compare(&self, one: &Checked, other: &Checked) -> Option<String> {
        let source = self.source(one.span);
        Some(match (&one.kind, &one.node, &other.kind) {
            (Type::Declaration, _, Type::Bool) => {
                format!("write `{source}` alone: a declaration is true when it is declared and not false")
            }
            (Type::Declaration, _, _) => format!("compare `{source}.value`"),
            (Type::Number, Node::Constant(_), kind) if kind.is_text() => {
                format!("put it in quotes: `\"{source}\"`")
            }
            (Type::Text, Node::Constant(Constant::Text(text)), Type::Number)
                if text.parse::<f64>().is_ok() =>
            {
                format!("write it without quotes: `{text}`")
            }
            (Type::List(_), _, Type::Number) => format!("compare `{source} | length`"),
            (Type::List(_), _, _) => format!("ask `… in {source}`"),
            (Type::Day, _, Type::Number) => format!("compare `daysSince({source})` or `daysUntil({source})`"),
            (Type::Length, _, Type::Number) => "write a duration in quotes, such as `\"4h\"`".to_owned(),
            (Type::Length, _, Type::Day) => format!("add it to a day: `today + {source}`"),
            _ => return None,
        })
    }

    /// Reads a text literal as what it is compared with.
    pub(super) fn coerce(&mut self, checked: &mut Checked, kind: &Type) -> Option<()> {
        let Node::Constant(Constant::Text(text)) = &checked.node else { return Some(()) };
        let (text, span) = (text.clone(), checked.span);
        match kind {
            Type::Day => checked.node = Node::Constant(Constant::Day(self.day(&text, span)?)),
            Type::Length => checked.node = Node::Constant(Constant::Length(self.length(&text, span)?)),
            Type::Version if !VersionNumber::is_valid(&text) => {
                return self.refuse(
                    span,
                    format!("`{text}` is not a version"),
                    "write numbers with dots between them, such as `3.1`",
                );
            }
            Type::Version => {}
            Type::Choice(known) if !known.iter().any(|word| **word == *text) => {
                let help = match nearest(&text, known.iter().map(String::as_str)) {
                    Some(known) => format!("did you mean `{known}`?"),
                    None => format!("it is one of {}", words::alternatives(known)),
                };
                return self.refuse(span, format!("it is never `{text}`"), &help);
            }
            _ => return Some(()),
        }
        checked.kind = kind.clone();
        Some(())
    }

    pub(super) fn day(&mut self, text: &str, span: Span) -> Option<Day> {
        Day::parse(text).or_else(|| {
            let help = "write it as year-month-day, such as `2026-11-21`";
            self.refuse(span, format!("`{text}` is not a date"), help)
        })
    }

    pub(super) fn length(&mut self, text: &str, span: Span) -> Option<Length> {
        Length::parse_cadence(text).or_else(|| {
            let help = "write a number and a unit: `30s`, `15m`, `4h`, `7d`, `2w`, or together: `1h30m`";
            self.refuse(span, format!("`{text}` is not a duration"), help)
        })
    }

    pub(super) fn arithmetic(
        &mut self,
        operator: Operator,
        left: &Syntax,
        right: &Syntax,
    ) -> Option<(Node, Type)> {
        let (one, other) = (self.check(left), self.check(right));
        let (one, other) = (one?, other?);
        let sums = matches!(operator, Operator::Add | Operator::Subtract);
        let kind = match (&one.kind, &other.kind) {
            (Type::Number | Type::Any, Type::Number | Type::Any) if !sums => Type::Number,
            (Type::Number, Type::Number | Type::Any) | (Type::Any, Type::Number) => Type::Number,
            (Type::Any, Type::Any) => Type::Any,
            (Type::Length, Type::Length) if sums => Type::Length,
            (Type::Day, Type::Length) if sums => Type::Day,
            (Type::Length, Type::Day) if operator == Operator::Add => Type::Day,
            (Type::Day, Type::Day) if operator == Operator::Subtract => Type::Length,
            _ => {
                let sign = match operator {
                    Operator::Add => "+",
                    Operator::Subtract => "-",
                    Operator::Multiply => "*",
                    Operator::Divide => "/",
                };
                let message = format!("{} `{sign}` {} means nothing", one.kind.name(), other.kind.name());
                let dated = matches!(one.kind, Type::Day) || matches!(other.kind, Type::Day);
                let help = if dated {
                    "add a duration to a day, such as `today + duration(\"30d\")`"
                } else {
                    "calculate with numbers, days and durations"
                };
                return self.refuse(one.span.to(other.span), message, help);
            }
        };
        let text = self.source(left.span.to(right.span)).into();
        Some((Node::Arithmetic(operator, Box::new((one.node, other.node)), text), kind))
    }
}
