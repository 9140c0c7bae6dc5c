//! Expressions: what `appliesTo`, `when` and `assert` say, compiled when a scorecard is loaded and
//! evaluated in three-valued logic. Total: no expression can crash, loop, or read anything but its inputs.
//!
//! The syntax is Jinja's, read by minijinja's parser. Its virtual machine is not used: there `and` and
//! `or` ask for truthiness, absent values are falsy, and values of different types compare without
//! complaint, so it can give neither Kleene's logic nor an error for `service.ownerTeam > 3` when a
//! scorecard is loaded. So the syntax tree is checked against the schema, becomes a small typed tree of
//! our own, and that is evaluated: no loops but over lists of the input, within a budget of steps.

mod agree;
mod calls;
mod check;
mod context;
mod evaluate;
mod functions;
mod lists;
mod names;
mod parse;
mod read;
pub mod reference;
mod surroundings;
mod syntax;
mod trace;
mod tree;
mod types;
mod value;

use std::sync::Arc;

pub use context::{Attested, Context, FactAnswer, Observed, Subject, Surroundings};
pub use surroundings::{
    DependencyFacts, DocumentFacts, DocumentState, RepositoryFacts, ResourceFacts, ServiceCounts, TagFacts,
};
pub use trace::Trace;

/// What an expression speaks about: decides which names it knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// A service.
    Service,
    /// A golden path.
    GoldenPath,
    /// An account.
    Account,
}

/// Something in an expression that is wrong, with its place in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Where it begins: byte offset in the text.
    pub start: usize,
    /// Where it ends: byte offset after it.
    pub end: usize,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// What was probably meant there.
    pub meant: Option<&'static str>,
}

/// What came of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// True.
    True,
    /// False.
    False,
    /// It depends on something that nobody declared; a rule fails.
    Absent,
    /// It depends on something this run does not know, or could not be evaluated; why. A rule is unknown.
    Unknown(Arc<str>),
}

/// A compiled expression. Cheap to clone and to share between threads.
#[derive(Clone, Debug)]
pub struct Expression {
    tree: Arc<tree::Node>,
}

impl Expression {
    /// Compiles `text`, which may read the observed facts that `needs` names (and `resources` and `tags`,
    /// when it names them); or says everything that is wrong with it.
    pub fn compile(text: &str, scope: Scope, needs: &[&str]) -> Result<Self, Vec<Mistake>> {
        let mut mistakes = Vec::new();
        let tree = parse::parse(text, &mut mistakes).and_then(|syntax| {
            let mut checker =
                check::Checker { text, scope, needs, mistakes: &mut mistakes, item: None, inner: 0 };
            checker.truth(&syntax)
        });
        match tree {
            Some(tree) if mistakes.is_empty() => Ok(Self { tree: Arc::new(tree) }),
            _ => Err(mistakes),
        }
    }

    /// Evaluates it for one subject, and records what it really reads.
    pub fn evaluate(&self, context: &Context<'_>, trace: &mut Trace) -> Verdict {
        evaluate::Evaluation::new(context, trace).truth(&self.tree, None)
    }
}
