//! Checks calls of functions, filters and tests: whether they exist, and what they are given.

use regex::RegexBuilder;

use super::check::{Checked, Checker};
use super::functions::{self, FILTERS, FUNCTIONS, Filter, Function, TESTS, Test};
use super::syntax::{Kind, Span, Syntax};
use super::tree::{Constant, FactName, Node, Quantifier, Question};
use super::types::Type;
use crate::catalog::nearest::nearest;
use crate::words;

/// Largest compiled regular expression, in bytes.
const LARGEST_PATTERN: usize = 512 * 1024;

impl Checker<'_> {
    /// The function, filter or test called `name`, given as many arguments as it takes.
    fn find<T>(
        &mut self,
        table: &'static [functions::Described<T>],
        noun: &str,
        name: &str,
        span: Span,
        arguments: &[Syntax],
    ) -> Option<&'static functions::Described<T>> {
        let Some(found) = functions::find(table, name) else {
            let known: Vec<&str> = table.iter().map(|described| described.name).collect();
            let help = match nearest(name, known.iter().copied()) {
                Some(known) => format!("did you mean `{known}`?"),
                None => format!("there are {}", words::list(&known)),
            };
            return self.refuse(span, format!("there is no {noun} `{name}`"), &help);
        };
        if found.arguments != arguments.len() {
            let message = format!(
                "`{name}` takes {} and is given {}",
                words::count(found.arguments, "argument", "arguments"),
                arguments.len()
            );
            return self.refuse(span, message, &format!("write `{}`", found.form));
        }
        Some(found)
    }

    /// The text of an argument that must be written out.
    fn literal<'s>(&mut self, argument: &'s Syntax, form: &str) -> Option<&'s str> {
        match &argument.kind {
            Kind::Text(text) => Some(text),
            _ => self.refuse(argument.span, "this must be a text in quotes", &format!("write `{form}`")),
        }
    }

    /// Refuses an operand of the wrong type.
    fn wrong_operand<T>(&mut self, operand: &Checked, wanted: &str, form: &str) -> Option<T> {
        let message = format!("`{}` is {}, not {wanted}", self.source(operand.span), operand.kind.name());
        self.refuse(operand.span, message, &format!("it is written `{form}`"))
    }

    pub(super) fn call(
        &mut self,
        name: &str,
        name_span: Span,
        span: Span,
        arguments: &[Syntax],
    ) -> Option<(Node, Type)> {
        let found = self.find(FUNCTIONS, "function", name, name_span, arguments)?;
        let first = &arguments[0];
        Some(match found.what {
            Function::All => (self.each(Quantifier::All, found.form, arguments)?, Type::Bool),
            Function::Any => (self.each(Quantifier::Any, found.form, arguments)?, Type::Bool),
            Function::Count => (self.each(Quantifier::Count, found.form, arguments)?, Type::Number),
            Function::Fact => (Node::Fact(self.fact(first, name, found.form)?), Type::Any),
            Function::FactAge => (Node::FactAge(self.fact(first, name, found.form)?), Type::Length),
            Function::Attested => {
                let check = self.literal(first, found.form)?;
                (Node::Attested(check.into(), format!("attested(\"{check}\")").into()), Type::Bool)
            }
            Function::ResourceCount => {
                let kind = self.literal(first, found.form)?;
                if self.scope == super::Scope::GoldenPath {
                    return self.refuse(
                        name_span,
                        "golden paths have no resources",
                        "count those of services",
                    );
                }
                self.needed("resources", name_span);
                (Node::ResourceCount(kind.into(), format!("resourceCount(\"{kind}\")").into()), Type::Number)
            }
            Function::Duration => {
                let text = self.literal(first, found.form)?;
                (Node::Constant(Constant::Length(self.length(text, first.span)?)), Type::Length)
            }
            Function::Date => {
                let text = self.literal(first, found.form)?;
                (Node::Constant(Constant::Day(self.day(text, first.span)?)), Type::Day)
            }
            Function::DaysSince | Function::DaysUntil => {
                let mut date = self.check(first)?;
                self.coerce(&mut date, &Type::Day)?;
                if !matches!(date.kind, Type::Day | Type::Any) {
                    return self.wrong_operand(&date, "a date", found.form);
                }
                let (node, text) = (Box::new(date.node), self.source(span).into());
                let since = found.what == Function::DaysSince;
                (if since { Node::DaysSince(node, text) } else { Node::DaysUntil(node, text) }, Type::Number)
            }
        })
    }

    fn each(&mut self, quantifier: Quantifier, form: &str, arguments: &[Syntax]) -> Option<Node> {
        let list = self.check(&arguments[0])?;
        let Type::List(item) = list.kind else {
            return self.wrong_operand(&list, "a list", form);
        };
        let text = self.literal(&arguments[1], form)?;
        let body = self.inner(text, arguments[1].span, *item)?;
        Some(Node::Each(quantifier, Box::new((list.node, body))))
    }

    fn fact(&mut self, argument: &Syntax, function: &str, form: &str) -> Option<Box<FactName>> {
        let name = self.literal(argument, form)?;
        self.needed(name, argument.span);
        Some(Box::new(FactName {
            name: name.into(),
            text: format!("{function}(\"{name}\")").into(),
            not_collected: format!("fact `{name}` was not collected").into(),
        }))
    }

    pub(super) fn filter(
        &mut self,
        operand: &Syntax,
        name: &str,
        span: Span,
        arguments: &[Syntax],
    ) -> Option<(Node, Type)> {
        let found = self.find(FILTERS, "filter", name, span, arguments)?;
        let checked = self.check(operand)?;
        Some(match (found.what, &checked.kind) {
            (Filter::Length, Type::List(_) | Type::Named(_)) => {
                (Node::Length(Box::new(checked.node)), Type::Number)
            }
            (Filter::Length, kind) if kind.is_text() => (Node::Length(Box::new(checked.node)), Type::Number),
            (Filter::Length, _) => return self.wrong_operand(&checked, "a list or text", found.form),
            (Filter::Lower, kind) if kind.is_text() || matches!(kind, Type::Any) => {
                (Node::Lower(Box::new(checked.node), self.source(span).into()), Type::Text)
            }
            (Filter::Lower, _) => return self.wrong_operand(&checked, "text", found.form),
            (Filter::First, Type::List(item)) => {
                let item = (**item).clone();
                (Node::First(Box::new(checked.node)), item)
            }
            (Filter::First, _) => return self.wrong_operand(&checked, "a list", found.form),
            (Filter::Default, _) => return self.default(checked, &arguments[0]),
        })
    }

    fn default(&mut self, operand: Checked, other: &Syntax) -> Option<(Node, Type)> {
        let mut other = self.check(other)?;
        let (one, another) = (operand.kind.name(), other.kind.name());
        // What stands in for a word need not be one of the words: "unknown".
        let kind = match (operand.kind, &other.node) {
            (Type::Choice(mut known), Node::Constant(Constant::Text(text))) => {
                known.push(text.to_string());
                Some(Type::Choice(known))
            }
            (kind, _) => {
                self.coerce(&mut other, &kind)?;
                kind.join(other.kind)
            }
        };
        match kind {
            Some(kind) => Some((Node::Default(Box::new((operand.node, other.node))), kind)),
            None => {
                let message = format!("the value is {one} and its default {another}");
                self.refuse(other.span, message, "give it a default of its own type")
            }
        }
    }

    pub(super) fn test(
        &mut self,
        operand: &Syntax,
        name: &str,
        span: Span,
        arguments: &[Syntax],
    ) -> Option<Node> {
        let found = self.find(TESTS, "test", name, span, arguments)?;
        let checked = self.check(operand)?;
        let has_text = checked.kind.is_text() || matches!(checked.kind, Type::Declaration | Type::Any);
        let question = match found.what {
            Test::Defined => return Some(Node::Defined(Box::new(checked.node))),
            Test::Empty => {
                let fits = checked.kind.is_text() || matches!(checked.kind, Type::List(_) | Type::Named(_));
                if !fits {
                    return self.wrong_operand(&checked, "a list or text", found.form);
                }
                return Some(Node::Empty(Box::new(checked.node)));
            }
            _ if !has_text => return self.wrong_operand(&checked, "text", found.form),
            Test::Placeholder => Question::Placeholder,
            Test::Url => Question::Url,
            Test::Matching => {
                let pattern = self.literal(&arguments[0], found.form)?;
                let pattern_span = arguments[0].span;
                let built = RegexBuilder::new(pattern)
                    .size_limit(LARGEST_PATTERN)
                    .dfa_size_limit(2 * LARGEST_PATTERN)
                    .nest_limit(32)
                    .build();
                match built {
                    Ok(regex) => Question::Matching(regex),
                    Err(regex::Error::CompiledTooBig(_)) => {
                        let help = "write a shorter one, without large repetitions";
                        return self.refuse(pattern_span, "this regular expression is too large", help);
                    }
                    Err(error) => {
                        let reason = error.to_string();
                        let reason = reason.lines().last().unwrap_or_default().trim_start_matches("error: ");
                        let message = format!("`{pattern}` is not a regular expression: {reason}");
                        return self.refuse(pattern_span, message, "backslashes are written twice in quotes");
                    }
                }
            }
            Test::StartingWith => Question::StartingWith(self.text_argument(&arguments[0], found.form)?),
            Test::EndingWith => Question::EndingWith(self.text_argument(&arguments[0], found.form)?),
        };
        Some(Node::Asks(Box::new(checked.node), question, self.source(span).into()))
    }

    fn text_argument(&mut self, argument: &Syntax, form: &str) -> Option<Box<Node>> {
        let checked = self.check(argument)?;
        if checked.kind.is_text() {
            return Some(Box::new(checked.node));
        }
        self.wrong_operand(&checked, "text", form)
    }
}
