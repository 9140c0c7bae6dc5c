//! Checks a syntax tree against the schema and builds the compiled tree: names, fields, logic. What it
//! lets through can still meet a fact of the wrong type, and nothing else.

use super::names::{self, Name};
use super::parse::mistake;
use super::surroundings::{DOCUMENT, TAG};
use super::syntax::{Kind, Operator, Span, Syntax};
use super::tree::{Constant, Key, Node, Path};
use super::types::Type;
use super::{Mistake, Scope};
use crate::catalog::nearest::nearest;
use crate::catalog::record::RecordShape;
use crate::words;

/// Deepest nesting of expressions in expressions: `all(…, "any(…, '…')")`.
const DEEPEST_INNER: usize = 3;

/// Checks one expression.
pub(super) struct Checker<'a> {
    pub(super) text: &'a str,
    pub(super) scope: Scope,
    pub(super) needs: &'a [&'a str],
    pub(super) mistakes: &'a mut Vec<Mistake>,
    /// The type of `item`, inside the expression of `all`, `any` and `count`.
    pub(super) item: Option<Type>,
    /// How many expressions this one stands in.
    pub(super) inner: usize,
}

/// A checked part: what it became, its type, its place.
pub(super) struct Checked {
    pub(super) node: Node,
    pub(super) kind: Type,
    pub(super) span: Span,
}

impl Checker<'_> {
    /// Records a mistake.
    pub(super) fn refuse<T>(&mut self, span: Span, message: impl Into<String>, help: &str) -> Option<T> {
        self.mistakes.push(mistake(span, message, Some(help.to_owned())));
        None
    }

    /// Refuses a name that is misspelt: `meant` is what it was probably meant to be.
    fn misspelt<T>(&mut self, span: Span, message: String, meant: &'static str) -> Option<T> {
        let help = format!("did you mean `{meant}`?");
        self.mistakes.push(Mistake { meant: Some(meant), ..mistake(span, message, Some(help)) });
        None
    }

    /// What is written at `span`, shortened for messages.
    pub(super) fn source(&self, span: Span) -> String {
        let text = self.text.get(span.start..span.end).unwrap_or(self.text).trim();
        match text.char_indices().nth(60) {
            Some((end, _)) => format!("{}…", &text[..end]),
            None => text.to_owned(),
        }
    }

    /// Checks something that must be true or false.
    pub(super) fn truth(&mut self, syntax: &Syntax) -> Option<Node> {
        let checked = self.check(syntax)?;
        if let Type::Any = checked.kind {
            return Some(Node::Truth(Box::new(checked.node), self.source(syntax.span).into()));
        }
        if checked.kind.is_truth() {
            return Some(checked.node);
        }
        let source = self.source(syntax.span);
        let help = match &checked.kind {
            Type::Number => format!("compare it with a number: `{source} > 0`"),
            Type::List(_) => format!("ask `{source} | length > 0`"),
            Type::Day => format!("ask `{source} is defined`, or compare it with `today`"),
            Type::Tags | Type::Nothing => "write a comparison".to_owned(),
            _ => format!("ask `{source} is defined`, or compare it"),
        };
        let message = format!("`{source}` is {}, where true or false is needed", checked.kind.name());
        self.refuse(syntax.span, message, &help)
    }

    /// Checks every one of `parts`, so that each shows its mistakes.
    fn truths(&mut self, parts: &[Syntax]) -> Option<Box<[Node]>> {
        let nodes: Vec<Option<Node>> = parts.iter().map(|part| self.truth(part)).collect();
        nodes.into_iter().collect()
    }

    /// Checks any part.
    pub(super) fn check(&mut self, syntax: &Syntax) -> Option<Checked> {
        let span = syntax.span;
        let (node, kind) = match &syntax.kind {
            Kind::Text(text) => (Node::Constant(Constant::Text(text.as_str().into())), Type::Text),
            Kind::Number(number) => (Node::Constant(Constant::Number(*number)), Type::Number),
            Kind::Bool(truth) => (Node::Constant(Constant::Bool(*truth)), Type::Bool),
            Kind::Nothing => (Node::Constant(Constant::Nothing), Type::Nothing),
            Kind::Name(word) => self.name(word, span)?,
            Kind::Member { base, key, key_span } => self.member(base, key, *key_span)?,
            Kind::List(items) => self.list(items, span)?,
            Kind::And(parts) => (Node::And(self.truths(parts)?), Type::Bool),
            Kind::Or(parts) => (Node::Or(self.truths(parts)?), Type::Bool),
            Kind::Not(part) => (Node::Not(Box::new(self.truth(part)?)), Type::Bool),
            Kind::Negate(part) => self.negate(part)?,
            Kind::Compare(first, rest) => (self.compare(first, rest)?, Type::Bool),
            Kind::Arithmetic(operator, sides) => self.arithmetic(*operator, &sides.0, &sides.1)?,
            Kind::If(parts) => self.choice(&parts.0, &parts.1, parts.2.as_ref())?,
            Kind::Call { name, name_span, arguments } => self.call(name, *name_span, span, arguments)?,
            Kind::Filter { operand, name, arguments } => self.filter(operand, name, span, arguments)?,
            Kind::Test { operand, name, arguments } => {
                (self.test(operand, name, span, arguments)?, Type::Bool)
            }
        };
        Some(Checked { node, kind, span })
    }

    fn name(&mut self, word: &str, span: Span) -> Option<(Node, Type)> {
        if word == "item" {
            return match &self.item {
                Some(kind) => {
                    let kind = kind.clone();
                    Some((Node::Read(Path { name: Name::Item, keys: Vec::new(), text: String::new() }), kind))
                }
                None => self.refuse(
                    span,
                    "there is no `item` here",
                    "`item` stands only in the expression of `all`, `any` and `count`",
                ),
            };
        }
        let Some(found) = names::find(word, self.scope) else {
            return self.unknown_name(word, span);
        };
        if found.observed {
            self.needed(word, span);
        }
        let path = Path { name: found.name, keys: Vec::new(), text: word.to_owned() };
        Some((Node::Read(path), found.name.kind()))
    }

    fn unknown_name<T>(&mut self, word: &str, span: Span) -> Option<T> {
        let known: Vec<&'static str> = names::of(self.scope).map(|name| name.word).collect();
        if names::NAMES.iter().any(|name| name.word == word) {
            let about = match self.scope {
                Scope::Service => "services",
                Scope::GoldenPath => "golden paths",
                Scope::Account => "accounts",
            };
            let help = format!("they know {}", words::list(&known));
            return self.refuse(span, format!("rules about {about} do not know `{word}`"), &help);
        }
        let field = names::of(self.scope)
            .find(|name| matches!(name.name.kind(), Type::Record(shape) if shape.field(word).is_some()));
        let message = format!("there is no name `{word}`");
        let help = match (nearest(word, known.iter().copied()), field) {
            (Some(meant), _) => return self.misspelt(span, message, meant),
            (None, Some(name)) => format!("did you mean `{}.{word}`? text is written in quotes", name.word),
            (None, None) => format!("begin with {}; text is written in quotes", words::alternatives(&known)),
        };
        self.refuse(span, message, &help)
    }

    /// Refuses what is observed and that the rule does not name.
    pub(super) fn needed(&mut self, name: &str, span: Span) {
        if !self.needs.contains(&name) {
            let help = match nearest(name, self.needs.iter().copied()) {
                Some(known) => format!("did you mean `{known}`? else add `{name}` to `needs` of the rule"),
                None => {
                    format!("add `{name}` to `needs` of the rule: what it reads of the world is listed there")
                }
            };
            let _: Option<()> = self.refuse(span, format!("`{name}` is observed and not in `needs`"), &help);
        }
    }

    fn member(&mut self, base: &Syntax, key: &str, key_span: Span) -> Option<(Node, Type)> {
        let checked = self.check(base)?;
        let (step, kind) = match checked.kind {
            Type::Record(shape) => match shape.field(key) {
                Some(_) if shape.name == DOCUMENT.name && key == "declared" => (Key::Declared, Type::Bool),
                Some(field) => (Key::Field(key.into()), Type::of(field.shape)),
                None => return self.unknown_field(base, shape, key, key_span),
            },
            Type::Named(item) => (Key::Field(key.into()), *item),
            Type::Tags if key == "total" => (Key::Field(key.into()), Type::Number),
            Type::Tags => (Key::Field(key.into()), Type::Record(&TAG)),
            Type::Declaration if key == "declared" => (Key::Declared, Type::Bool),
            Type::Declaration if key == "value" => (Key::Value, Type::Text),
            other => return self.no_fields(base, &other, key, key_span),
        };
        let node = match checked.node {
            Node::Read(mut path) => {
                path.text.push_str(&segment(key));
                path.keys.push(step);
                Node::Read(path)
            }
            computed => Node::Member(Box::new(computed), step),
        };
        Some((node, kind))
    }

    fn unknown_field<T>(
        &mut self,
        base: &Syntax,
        shape: &'static RecordShape,
        key: &str,
        span: Span,
    ) -> Option<T> {
        let known: Vec<&'static str> = shape.fields.iter().map(|field| field.key).collect();
        let message = format!("`{}` has no field `{key}`", self.source(base.span));
        match nearest(key, known.iter().copied()) {
            Some(meant) => self.misspelt(span, message, meant),
            None => self.refuse(span, message, &format!("it has {}", words::list(&known))),
        }
    }

    fn no_fields<T>(&mut self, base: &Syntax, kind: &Type, key: &str, span: Span) -> Option<T> {
        let source = self.source(base.span);
        let help = match kind {
            Type::List(_) => format!("ask its items: `any({source}, \"item.{key} …\")`, or `all(…)`"),
            Type::Declaration => "a declaration has `declared` and `value`".to_owned(),
            _ => format!("write `{source}` alone"),
        };
        self.refuse(span, format!("`{source}` is {} and has no field `{key}`", kind.name()), &help)
    }

    fn list(&mut self, items: &[Syntax], span: Span) -> Option<(Node, Type)> {
        let checked: Vec<Option<Checked>> = items.iter().map(|item| self.check(item)).collect();
        let checked = checked.into_iter().collect::<Option<Vec<_>>>()?;
        let mut nodes = Vec::with_capacity(checked.len());
        let mut kind: Option<Type> = None;
        for item in checked {
            let (name, item_name) = (kind.as_ref().map(Type::name), item.kind.name());
            kind = match kind {
                None => Some(item.kind),
                Some(kind) => Some(match kind.join(item.kind) {
                    Some(kind) => kind,
                    None => {
                        let name = name.unwrap_or_default();
                        let message = format!("this list mixes {name} and {item_name}");
                        return self.refuse(span, message, "write a list of one kind of value");
                    }
                }),
            };
            nodes.push(item.node);
        }
        Some((Node::List(nodes.into()), Type::List(Box::new(kind.unwrap_or(Type::Nothing)))))
    }

    fn negate(&mut self, part: &Syntax) -> Option<(Node, Type)> {
        let checked = self.check(part)?;
        match (checked.node, checked.kind) {
            (Node::Constant(Constant::Number(number)), _) => {
                Some((Node::Constant(Constant::Number(-number)), Type::Number))
            }
            (node, kind @ (Type::Number | Type::Any)) => {
                let zero = Node::Constant(Constant::Number(0.0));
                let text = format!("-{}", self.source(part.span)).into();
                let node = Node::Arithmetic(Operator::Subtract, Box::new((zero, node)), text);
                Some((node, kind))
            }
            (_, kind) => {
                let message = format!("`{}` is {}, not a number", self.source(part.span), kind.name());
                self.refuse(part.span, message, "`-` stands only before numbers")
            }
        }
    }

    fn choice(&mut self, test: &Syntax, then: &Syntax, otherwise: Option<&Syntax>) -> Option<(Node, Type)> {
        let condition = self.truth(test);
        let first = self.check(then);
        let second = match otherwise {
            Some(syntax) => self.check(syntax)?,
            None => Checked { node: Node::Constant(Constant::Nothing), kind: Type::Nothing, span: then.span },
        };
        let (condition, mut first, mut second) = (condition?, first?, second);
        self.coerce(&mut first, &second.kind)?;
        self.coerce(&mut second, &first.kind)?;
        let (one, other) = (first.kind.name(), second.kind.name());
        match first.kind.join(second.kind) {
            Some(kind) => Some((Node::If(Box::new((condition, first.node, second.node))), kind)),
            None => {
                let message = format!("this is {one} or {other}, depending");
                self.refuse(then.span.to(second.span), message, "give both sides of `else` one type")
            }
        }
    }

    /// Checks the expression inside `text`, written at `span`, about items of type `kind`.
    pub(super) fn inner(&mut self, text: &str, span: Span, kind: Type) -> Option<Node> {
        if self.inner == DEEPEST_INNER {
            return self.refuse(span, "expressions stand too deeply in each other", "split the rule in two");
        }
        let mut mistakes = Vec::new();
        let node = super::parse::parse(text, &mut mistakes).and_then(|syntax| {
            let mut checker = Checker {
                text,
                scope: self.scope,
                needs: self.needs,
                mistakes: &mut mistakes,
                item: Some(kind),
                inner: self.inner + 1,
            };
            checker.truth(&syntax)
        });
        // Places inside the text hold outside it, unless it is written with escapes.
        let verbatim = self.text.get(span.start + 1..span.end.saturating_sub(1)) == Some(text);
        for mut found in mistakes {
            (found.start, found.end) = if verbatim {
                (found.start + span.start + 1, found.end + span.start + 1)
            } else {
                (span.start, span.end)
            };
            self.mistakes.push(found);
        }
        node
    }
}

/// How a path goes on with `key`: `.key`, or `["a key"]`.
fn segment(key: &str) -> String {
    let plain = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if plain { format!(".{key}") } else { format!("[\"{key}\"]") }
}
