//! Enough of GraphQL to answer real questions: documents are parsed, fragments and `@include` heeded, variables put
//! in, and what a question costs is counted as GitHub counts it.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// What is asked of one thing.
#[derive(Debug)]
pub(super) enum Selection {
    Field {
        key: String,
        name: String,
        arguments: Vec<(String, Argument)>,
        include: Option<String>,
        inner: Vec<Self>,
    },
    Spread {
        fragment: String,
        include: Option<String>,
    },
    Inline {
        on: String,
        inner: Vec<Self>,
    },
}

/// An argument as it is written.
#[derive(Debug)]
pub(super) enum Argument {
    Variable(String),
    Literal(Value),
}

/// A document: one operation and its fragments.
#[derive(Debug, Default)]
pub(super) struct Document {
    pub(super) operation: Vec<Selection>,
    pub(super) fragments: BTreeMap<String, (String, Vec<Selection>)>,
}

impl Argument {
    pub(super) fn value(&self, variables: &Value) -> Value {
        match self {
            Self::Variable(name) => variables[name.as_str()].clone(),
            Self::Literal(value) => value.clone(),
        }
    }
}

impl Selection {
    /// Whether `@include` lets it in.
    pub(super) fn is_included(&self, variables: &Value) -> bool {
        let (Self::Field { include, .. } | Self::Spread { include, .. }) = self else { return true };
        include.as_ref().is_none_or(|variable| variables[variable.as_str()] == Value::Bool(true))
    }
}

impl Document {
    pub(super) fn parse(text: &str) -> Self {
        let mut parser = Parser { tokens: tokens(text), at: 0 };
        let mut document = Self::default();
        while parser.at < parser.tokens.len() {
            match parser.next().as_str() {
                "query" => {
                    while parser.peek() != "{" {
                        parser.next();
                    }
                    document.operation = parser.selections();
                }
                "fragment" => {
                    let name = parser.next();
                    assert_eq!(parser.next(), "on");
                    let on = parser.next();
                    document.fragments.insert(name, (on, parser.selections()));
                }
                other => panic!("`{other}` begins nothing"),
            }
        }
        document
    }

    /// The points that GitHub takes: a hundredth of the listings that the question may set off.
    pub(super) fn points(&self, variables: &Value) -> u64 {
        let listings = self.listings(&self.operation, 1, variables);
        ((listings + 50) / 100).max(1)
    }

    fn listings(&self, selections: &[Selection], times: u64, variables: &Value) -> u64 {
        let included = selections.iter().filter(|selection| selection.is_included(variables));
        included
            .map(|selection| match selection {
                Selection::Spread { fragment, .. } => {
                    self.listings(&self.fragments[fragment].1, times, variables)
                }
                Selection::Inline { inner, .. } => self.listings(inner, times, variables),
                Selection::Field { name, arguments, inner, .. } => {
                    let argument = |key: &str| arguments.iter().find(|(name, _)| name == key);
                    let first = argument("first").or_else(|| argument("last"));
                    let first = first.and_then(|(_, first)| first.value(variables).as_u64());
                    let ids = argument("ids").filter(|_| name == "nodes");
                    let ids =
                        ids.and_then(|(_, ids)| ids.value(variables).as_array().map(|ids| ids.len() as u64));
                    match first {
                        Some(first) => times + self.listings(inner, times * first, variables),
                        None => self.listings(inner, times * ids.unwrap_or(1), variables),
                    }
                }
            })
            .sum()
    }
}

/// Puts a field beside those that are there; of one that is asked for twice both parts count.
pub(super) fn merge(answer: &mut Map<String, Value>, key: &str, value: Value) {
    match (answer.get_mut(key), value) {
        (Some(Value::Object(there)), Value::Object(more)) => {
            for (key, value) in more {
                merge(there, &key, value);
            }
        }
        (Some(Value::Array(there)), Value::Array(more)) if there.len() == more.len() => {
            for (there, more) in there.iter_mut().zip(more) {
                if let (Value::Object(there), Value::Object(more)) = (there, more) {
                    more.into_iter().for_each(|(key, value)| merge(there, &key, value));
                }
            }
        }
        (_, value) => _ = answer.insert(key.to_owned(), value),
    }
}

struct Parser {
    tokens: Vec<String>,
    at: usize,
}

impl Parser {
    fn peek(&self) -> &str {
        self.tokens.get(self.at).map_or("", String::as_str)
    }

    fn next(&mut self) -> String {
        self.at += 1;
        self.tokens[self.at - 1].clone()
    }

    fn takes(&mut self, token: &str) -> bool {
        let is_there = self.peek() == token;
        self.at += usize::from(is_there);
        is_there
    }

    fn selections(&mut self) -> Vec<Selection> {
        assert!(self.takes("{"), "`{{` expected, not `{}`", self.peek());
        let mut all = Vec::new();
        while !self.takes("}") {
            all.push(self.selection());
        }
        all
    }

    fn selection(&mut self) -> Selection {
        if self.takes("...") {
            if self.takes("on") {
                return Selection::Inline { on: self.next(), inner: self.selections() };
            }
            return Selection::Spread { fragment: self.next(), include: self.include() };
        }
        let key = self.next();
        let name = if self.takes(":") { self.next() } else { key.clone() };
        let mut arguments = Vec::new();
        if self.takes("(") {
            while !self.takes(")") {
                let name = self.next();
                assert!(self.takes(":"));
                arguments.push((name, self.argument()));
            }
        }
        let include = self.include();
        let inner = if self.peek() == "{" { self.selections() } else { Vec::new() };
        Selection::Field { key, name, arguments, include, inner }
    }

    fn include(&mut self) -> Option<String> {
        self.takes("@include").then(|| {
            assert!(self.takes("(") && self.takes("if") && self.takes(":"));
            let Argument::Variable(variable) = self.argument() else { panic!("a variable is expected") };
            assert!(self.takes(")"));
            variable
        })
    }

    fn argument(&mut self) -> Argument {
        let token = self.next();
        if let Some(variable) = token.strip_prefix('$') {
            return Argument::Variable(variable.to_owned());
        }
        Argument::Literal(match token.as_str() {
            "[" => {
                let mut items = Vec::new();
                while !self.takes("]") {
                    items.push(self.literal());
                }
                Value::Array(items)
            }
            "{" => {
                let mut fields = Map::new();
                while !self.takes("}") {
                    let name = self.next();
                    assert!(self.takes(":"));
                    fields.insert(name, self.literal());
                }
                Value::Object(fields)
            }
            // Numbers, texts in quotes and the constants of JSON; a bare word is a choice.
            token => serde_json::from_str(token).unwrap_or_else(|_| Value::String(token.to_owned())),
        })
    }

    fn literal(&mut self) -> Value {
        match self.argument() {
            Argument::Literal(value) => value,
            Argument::Variable(variable) => panic!("`${variable}` inside of a literal"),
        }
    }
}

fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    for line in text.lines() {
        let line = line.split('#').next().unwrap_or_default();
        let mut rest = line.trim_start_matches([' ', ',']);
        while let Some(first) = rest.chars().next() {
            let length = match first {
                '.' => 3,
                '"' => rest[1..].find('"').expect("a text ends on its line") + 2,
                '{' | '}' | '(' | ')' | '[' | ']' | ':' | '!' | '=' => 1,
                _ => {
                    let ends = |c: char| !(c.is_alphanumeric() || matches!(c, '_' | '$' | '@'));
                    rest[1..].find(ends).map_or(rest.len(), |end| end + 1)
                }
            };
            tokens.push(rest[..length].to_owned());
            rest = rest[length..].trim_start_matches([' ', ',']);
        }
    }
    tokens
}
