//! Text to syntax tree. The only file that knows minijinja, and only its parser, whose interface is
//! unstable: the version is pinned.

use minijinja::machinery::{Token, ast, parse_expr, tokenize};

use super::Mistake;
use super::syntax::{Comparison, Kind, Operator, Span, Syntax};

/// Longest expression, in bytes.
pub(super) const LONGEST: usize = 4096;
/// Most tokens of an expression.
const MOST_TOKENS: usize = 1000;
/// Most signs (`not`, `-`) in front of one operand: the parser recurses on them unguarded.
const MOST_SIGNS: usize = 8;
/// Most brackets and `else` that are open at once. The parser calls a dozen functions of its own for each
/// bracket, and has a limit that a small stack does not reach: refused here, nothing can exhaust it.
const MOST_OPEN: usize = 16;
/// Deepest nesting of the syntax tree.
const DEEPEST: usize = 48;

const SPLIT: &str = "split the rule in two";

/// Parses `text`; every mistake is in bytes of it.
pub(super) fn parse(text: &str, mistakes: &mut Vec<Mistake>) -> Option<Syntax> {
    let whole = Span { start: 0, end: text.len() };
    if text.len() > LONGEST {
        let message = format!("the expression is longer than {LONGEST} characters");
        mistakes.push(mistake(whole, message, Some(SPLIT.into())));
        return None;
    }
    if text.trim().is_empty() {
        let help = "write what must be true, such as `team is defined`";
        mistakes.push(mistake(whole, "the expression is empty", Some(help.into())));
        return None;
    }
    if let Err(refused) = measure(text) {
        mistakes.push(refused);
        return None;
    }
    match parse_expr(text) {
        Ok(tree) => Converter { mistakes }.convert(&tree, 0),
        Err(error) => {
            mistakes.push(syntax_mistake(&error, text));
            None
        }
    }
}

pub(super) fn mistake(span: Span, message: impl Into<String>, help: Option<String>) -> Mistake {
    Mistake { start: span.start, end: span.end, message: message.into(), help, meant: None }
}

fn syntax_mistake(error: &minijinja::Error, text: &str) -> Mistake {
    let whole = Span { start: 0, end: text.len() };
    // The tokenizer takes a character that it does not know for one byte.
    let span = error.range().filter(|range| range.start <= range.end).map_or(whole, |range| Span {
        start: text.floor_char_boundary(range.start),
        end: text.ceil_char_boundary(range.end),
    });
    let message = match error.detail() {
        Some(detail) => detail.replace("template", "expression"),
        None => "this is not an expression".to_owned(),
    };
    mistake(span, message, Some("write it as in Jinja, such as `service.slo.availability >= 99.9`".into()))
}

/// Refuses what would make the parser recurse too deeply, in one pass over the tokens.
fn measure(text: &str) -> Result<(), Mistake> {
    let mut open = Open::default();
    let mut signs = 0;
    for (count, token) in tokenize(text, true, Default::default()).enumerate() {
        let (token, span) = token.map_err(|error| syntax_mistake(&error, text))?;
        signs = if matches!(token, Token::Minus | Token::Ident("not")) { signs + 1 } else { 0 };
        let message = if count == MOST_TOKENS {
            format!("the expression is too long: it has more than {MOST_TOKENS} words and signs")
        } else if signs > MOST_SIGNS {
            too_deep(&format!("more than {MOST_SIGNS} signs stand before one operand"))
        } else if open.follow(&token) > MOST_OPEN {
            too_deep(&format!("more than {MOST_OPEN} brackets and `else` are open here"))
        } else {
            continue;
        };
        let span = Span { start: span.start_offset as usize, end: span.end_offset as usize };
        return Err(mistake(span, message, Some(SPLIT.into())));
    }
    Ok(())
}

fn too_deep(limit: &str) -> String {
    format!("the expression is nested too deeply: {limit}")
}

/// What is open at some place of an expression.
#[derive(Default)]
struct Open {
    /// The brackets, each with the `else` inside it that nothing has ended yet.
    brackets: Vec<usize>,
    /// The `else` outside all brackets.
    outside: usize,
    /// All of them together.
    total: usize,
}

impl Open {
    /// How much is open after `token`.
    fn follow(&mut self, token: &Token<'_>) -> usize {
        match token {
            Token::ParenOpen | Token::BracketOpen | Token::BraceOpen => {
                self.brackets.push(0);
                self.total += 1;
            }
            Token::ParenClose | Token::BracketClose | Token::BraceClose => {
                if let Some(inside) = self.brackets.pop() {
                    self.total -= inside + 1;
                }
            }
            Token::Comma => self.total -= std::mem::take(self.here()),
            Token::Ident("else") => {
                *self.here() += 1;
                self.total += 1;
            }
            _ => {}
        }
        self.total
    }

    /// The `else` that the next comma ends.
    fn here(&mut self) -> &mut usize {
        self.brackets.last_mut().unwrap_or(&mut self.outside)
    }
}

struct Converter<'a> {
    mistakes: &'a mut Vec<Mistake>,
}

impl Converter<'_> {
    fn refuse<T>(&mut self, span: Span, message: impl Into<String>, help: &str) -> Option<T> {
        self.mistakes.push(mistake(span, message, Some(help.to_owned())));
        None
    }

    fn boxed(&mut self, tree: &ast::Expr<'_>, depth: usize) -> Option<Box<Syntax>> {
        self.convert(tree, depth).map(Box::new)
    }

    /// Converts all of `trees`, so that each shows its mistakes.
    fn all<'t, 's: 't>(
        &mut self,
        trees: impl IntoIterator<Item = &'t ast::Expr<'s>>,
        depth: usize,
    ) -> Option<Vec<Syntax>> {
        let converted: Vec<Option<Syntax>> =
            trees.into_iter().map(|tree| self.convert(tree, depth)).collect();
        converted.into_iter().collect()
    }

    fn convert(&mut self, tree: &ast::Expr<'_>, depth: usize) -> Option<Syntax> {
        let span = span_of(tree);
        if depth > DEEPEST {
            return self.refuse(
                span,
                too_deep(&format!("more than {DEEPEST} parts lie inside each other")),
                SPLIT,
            );
        }
        let depth = depth + 1;
        let kind = match tree {
            ast::Expr::Var(name) => Kind::Name(name.id.to_owned()),
            ast::Expr::Const(constant) => self.constant(&constant.value, span)?,
            ast::Expr::List(list) => Kind::List(self.all(&list.items, depth)?),
            ast::Expr::UnaryOp(operation) => {
                let operand = self.boxed(&operation.expr, depth)?;
                match operation.op {
                    ast::UnaryOpKind::Not => Kind::Not(operand),
                    ast::UnaryOpKind::Neg => Kind::Negate(operand),
                }
            }
            ast::Expr::BinOp(operation) => return self.binary(operation, span, depth),
            ast::Expr::Compare(compare) => {
                let first = self.boxed(&compare.expr, depth);
                let rest: Vec<Option<_>> = compare
                    .ops
                    .iter()
                    .map(|step| Some((comparison(step.op), self.convert(&step.expr, depth)?)))
                    .collect();
                let first = first?;
                let rest = rest.into_iter().collect::<Option<Vec<_>>>()?;
                let end = rest.last().map_or(first.span, |(_, last)| last.span);
                return Some(Syntax { span: first.span.to(end), kind: Kind::Compare(first, rest) });
            }
            ast::Expr::IfExpr(choice) => {
                let test = self.convert(&choice.test_expr, depth);
                let then = self.convert(&choice.true_expr, depth);
                let otherwise = match &choice.false_expr {
                    Some(tree) => Some(self.convert(tree, depth)?),
                    None => None,
                };
                let (test, then) = (test?, then?);
                let end = otherwise.as_ref().map_or(test.span, |otherwise| otherwise.span);
                return Some(Syntax {
                    span: then.span.to(end),
                    kind: Kind::If(Box::new((test, then, otherwise))),
                });
            }
            ast::Expr::GetAttr(member) => {
                let base = self.boxed(&member.expr, depth)?;
                let key_span = Span { start: span.end.saturating_sub(member.name.len()), end: span.end };
                return Some(Syntax {
                    span: base.span.to(span),
                    kind: Kind::Member { base, key: member.name.to_owned(), key_span },
                });
            }
            ast::Expr::GetItem(member) => return self.item(member, span, depth),
            ast::Expr::Test(test) => {
                let operand = self.boxed(&test.expr, depth)?;
                let arguments = self.arguments(&test.args, span, depth)?;
                let kind = Kind::Test { operand, name: test.name.to_owned(), arguments };
                return Some(Syntax { span, kind }.including_operand());
            }
            ast::Expr::Filter(filter) => {
                let Some(operand) = &filter.expr else {
                    return self.refuse(span, "a filter needs something before it", "write `value | filter`");
                };
                let operand = self.boxed(operand, depth)?;
                let arguments = self.arguments(&filter.args, span, depth)?;
                let kind = Kind::Filter { operand, name: filter.name.to_owned(), arguments };
                return Some(Syntax { span, kind }.including_operand());
            }
            ast::Expr::Call(call) => return self.call(call, span, depth),
            ast::Expr::Slice(_) => {
                let help = "ask all of them with `any(…)`, or the first with `| first`";
                return self.refuse(span, "lists cannot be sliced", help);
            }
            ast::Expr::Tuple(_) => {
                return self.refuse(span, "this is not a list", "write lists in square brackets: `[1, 2]`");
            }
            ast::Expr::Map(_) => {
                return self.refuse(span, "mappings cannot be written", "compare fields one by one");
            }
        };
        Some(Syntax { span, kind })
    }

    fn constant(&mut self, value: &minijinja::Value, span: Span) -> Option<Kind> {
        use minijinja::value::ValueKind;
        match value.kind() {
            ValueKind::None | ValueKind::Undefined => Some(Kind::Nothing),
            ValueKind::Bool => Some(Kind::Bool(value.is_true())),
            ValueKind::Number => match f64::try_from(value.clone()) {
                Ok(number) if number.is_finite() => Some(Kind::Number(number)),
                _ => self.refuse(span, "this number is too large", "write a smaller one"),
            },
            _ => match value.as_str() {
                Some(text) => Some(Kind::Text(text.to_owned())),
                None => self.refuse(span, "this value cannot be written", "write text, a number or a list"),
            },
        }
    }

    /// A chain of one logical operator is one node, however long, so that it nests no deeper.
    fn binary(&mut self, operation: &ast::BinOp<'_>, span: Span, depth: usize) -> Option<Syntax> {
        use ast::BinOpKind as Op;
        if let Op::ScAnd | Op::ScOr = operation.op {
            let is_and = matches!(operation.op, Op::ScAnd);
            let mut operands = vec![&operation.right];
            let mut left = &operation.left;
            while let ast::Expr::BinOp(inner) = left
                && std::mem::discriminant(&inner.op) == std::mem::discriminant(&operation.op)
            {
                operands.push(&inner.right);
                left = &inner.left;
            }
            operands.push(left);
            operands.reverse();
            let operands = self.all(operands, depth)?;
            let span = operands[0].span.to(span);
            return Some(Syntax {
                span,
                kind: if is_and { Kind::And(operands) } else { Kind::Or(operands) },
            });
        }
        let left = self.convert(&operation.left, depth);
        let right = self.convert(&operation.right, depth);
        let (left, right) = (left?, right?);
        let span = left.span.to(right.span);
        let compare = |comparison, left, right| Kind::Compare(Box::new(left), vec![(comparison, right)]);
        let arithmetic = |operator, left, right| Kind::Arithmetic(operator, Box::new((left, right)));
        let kind = match operation.op {
            Op::Eq => compare(Comparison::Equal, left, right),
            Op::Ne => compare(Comparison::NotEqual, left, right),
            Op::Lt => compare(Comparison::Less, left, right),
            Op::Lte => compare(Comparison::LessOrEqual, left, right),
            Op::Gt => compare(Comparison::Greater, left, right),
            Op::Gte => compare(Comparison::GreaterOrEqual, left, right),
            Op::In => compare(Comparison::In, left, right),
            Op::Add => arithmetic(Operator::Add, left, right),
            Op::Sub => arithmetic(Operator::Subtract, left, right),
            Op::Mul => arithmetic(Operator::Multiply, left, right),
            Op::Div => arithmetic(Operator::Divide, left, right),
            Op::FloorDiv | Op::Rem | Op::Pow | Op::Concat | Op::ScAnd | Op::ScOr => {
                let sign = match operation.op {
                    Op::FloorDiv => "//",
                    Op::Rem => "%",
                    Op::Pow => "**",
                    _ => "~",
                };
                let help = "there are `+`, `-`, `*` and `/`";
                return self.refuse(span, format!("there is no operator `{sign}`"), help);
            }
        };
        Some(Syntax { span, kind })
    }

    fn item(&mut self, member: &ast::GetItem<'_>, span: Span, depth: usize) -> Option<Syntax> {
        let base = self.boxed(&member.expr, depth)?;
        let key_span = span_of(&member.subscript_expr);
        let span = base.span.to(span);
        let key = match &member.subscript_expr {
            ast::Expr::Const(constant) => constant.value.as_str().map(str::to_owned),
            _ => None,
        };
        match key {
            Some(key) => Some(Syntax { span, kind: Kind::Member { base, key, key_span } }),
            None => self.refuse(
                key_span,
                "only a field's name can stand in square brackets",
                "write `record[\"field\"]`; for lists use `all(…)`, `any(…)` or `| first`",
            ),
        }
    }

    fn call(&mut self, call: &ast::Call<'_>, span: Span, depth: usize) -> Option<Syntax> {
        let name_span = span_of(&call.expr);
        match &call.expr {
            ast::Expr::Var(name) => {
                let arguments = self.arguments(&call.args, span, depth)?;
                let name_span = Span { start: name_span.start, end: name_span.start + name.id.len() };
                let kind = Kind::Call { name: name.id.to_owned(), name_span, arguments };
                Some(Syntax { span: name_span.to(span), kind })
            }
            ast::Expr::GetAttr(member) => self.refuse(
                name_span,
                format!("there is no method `{}`", member.name),
                "values have no methods; tests are written `is …` and filters `| …`",
            ),
            _ => self.refuse(name_span, "this cannot be called", "call a function by its name"),
        }
    }

    fn arguments(&mut self, arguments: &[ast::CallArg<'_>], span: Span, depth: usize) -> Option<Vec<Syntax>> {
        let mut converted = Vec::with_capacity(arguments.len());
        for argument in arguments {
            let ast::CallArg::Pos(tree) = argument else {
                return self.refuse(
                    span,
                    "arguments have no names",
                    "write the values alone, in their order",
                );
            };
            converted.push(self.convert(tree, depth));
        }
        converted.into_iter().collect()
    }
}

impl Syntax {
    /// Begins where its operand begins: the parser starts filters and tests at their name.
    fn including_operand(mut self) -> Self {
        if let Kind::Test { operand, .. } | Kind::Filter { operand, .. } = &self.kind {
            self.span = operand.span.to(self.span);
        }
        self
    }
}

fn comparison(operator: ast::CompareOpKind) -> Comparison {
    match operator {
        ast::CompareOpKind::Eq => Comparison::Equal,
        ast::CompareOpKind::Ne => Comparison::NotEqual,
        ast::CompareOpKind::Lt => Comparison::Less,
        ast::CompareOpKind::Lte => Comparison::LessOrEqual,
        ast::CompareOpKind::Gt => Comparison::Greater,
        ast::CompareOpKind::Gte => Comparison::GreaterOrEqual,
        ast::CompareOpKind::In => Comparison::In,
        ast::CompareOpKind::NotIn => Comparison::NotIn,
    }
}

fn span_of(tree: &ast::Expr<'_>) -> Span {
    let span = tree.span();
    Span { start: span.start_offset as usize, end: span.end_offset as usize }
}
