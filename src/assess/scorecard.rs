//! Scorecards, compiled once: levels by position, expressions checked, and every mistake in them
//! reported at its line and column. A broken rule is kept, and is unknown for everybody.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::expression::{Expression, Mistake, Scope};
use crate::catalog::control::Control;
use crate::catalog::expression_text::ExpressionText;
use crate::catalog::field::{Field, Sourced};
use crate::catalog::id::RuleId;
use crate::catalog::origin::Origin;
use crate::catalog::scorecard::{Rule, Scorecard, Subject};
use crate::catalog::table::Index;
use crate::catalog::{Catalog, Declared};
use crate::diagnostic::{Applicability, Diagnostic, Diagnostics, Place, codes};

/// Every scorecard of a catalog, compiled.
#[derive(Debug)]
pub struct Scorecards<'a> {
    /// In the order of the catalog.
    pub all: Vec<CompiledScorecard<'a>>,
    /// Scorecard and position of each rule; the first rule that has an id has it.
    by_rule: BTreeMap<&'a str, (usize, usize)>,
}

/// One scorecard, compiled.
#[derive(Debug)]
pub struct CompiledScorecard<'a> {
    /// Which one.
    pub index: Index<Declared<Scorecard>>,
    /// Its id.
    pub id: &'a str,
    /// What is written.
    pub record: &'a Scorecard,
    /// What it judges.
    pub subject: Subject,
    /// Which subjects it applies to.
    pub applies_to: Gate,
    /// Its rules, in the order of the file.
    pub rules: Vec<CompiledRule<'a>>,
}

/// A condition that may be absent or broken.
#[derive(Debug)]
pub enum Gate {
    /// There is none.
    Open,
    /// It must not be false.
    If(Expression),
    /// It cannot be evaluated, and why.
    Broken(Arc<str>),
}

/// One rule, compiled.
#[derive(Debug)]
pub struct CompiledRule<'a> {
    /// Its id; one without has its position in the file for a name.
    pub id: RuleId,
    /// Where it begins.
    pub origin: Origin,
    /// What is written.
    pub record: &'a Rule,
    /// Position of its level; the lowest when it names none that exists, so that it holds everybody back
    /// rather than nobody.
    pub level: usize,
    /// How much it counts.
    pub weight: u64,
    /// When it applies.
    pub when: Gate,
    /// What must be true.
    pub assert: Gate,
    /// A control it proves that may not be waived, or that nobody defined: then no exception to another of
    /// its controls waives it either.
    pub locked_by: Option<&'a str>,
}

impl CompiledRule<'_> {
    /// Why it cannot be judged.
    pub fn broken(&self) -> Option<&Arc<str>> {
        [&self.when, &self.assert].into_iter().find_map(|gate| match gate {
            Gate::Broken(why) => Some(why),
            Gate::Open | Gate::If(_) => None,
        })
    }

    /// Whether it proves `control`.
    pub fn proves(&self, control: &str) -> bool {
        self.record.controls.values().any(|proven| proven.as_str() == control)
    }

    /// Whether an exception may waive it.
    pub fn is_waivable(&self) -> bool {
        // Unreadable is not "absent": who wrote something there did not mean the default.
        let waivable = self.record.waivable.is_absent() || self.record.waivable.value() == Some(&true);
        // Nor does anybody know whether a control that cannot be read may be waived.
        waivable && self.locked_by.is_none() && self.record.controls.refused.is_empty()
    }
}

impl<'a> Scorecards<'a> {
    /// Compiles the scorecards of `catalog`.
    pub fn compile(catalog: &'a Catalog, diagnostics: &mut Diagnostics) -> Self {
        let all: Vec<_> = catalog
            .scorecards
            .indexed()
            .map(|(index, declared)| compile(catalog, index, declared, diagnostics))
            .collect();
        let mut by_rule = BTreeMap::new();
        for (scorecard, compiled) in all.iter().enumerate() {
            for (position, rule) in compiled.rules.iter().enumerate() {
                if let Some(id) = rule.record.id.value() {
                    by_rule.entry(id.as_str()).or_insert((scorecard, position));
                }
            }
        }
        Self { all, by_rule }
    }

    /// The rule called `id`.
    pub fn rule(&self, id: &str) -> Option<&CompiledRule<'a>> {
        let &(scorecard, position) = self.by_rule.get(id)?;
        self.all.get(scorecard)?.rules.get(position)
    }

    /// The scorecard at `index`.
    pub fn get(&self, index: Index<Declared<Scorecard>>) -> &CompiledScorecard<'a> {
        &self.all[index.position()]
    }
}

fn compile<'a>(
    catalog: &'a Catalog,
    index: Index<Declared<Scorecard>>,
    declared: &'a Declared<Scorecard>,
    diagnostics: &mut Diagnostics,
) -> CompiledScorecard<'a> {
    let record = &declared.record;
    let subject = record.subject.value().copied().unwrap_or(Subject::Service);
    let mut compiler = Compiler { catalog, scope: scope(subject), diagnostics };
    // A scorecard names no needs of its own, so its condition may read what its rules may.
    let needs = record.rules.values().flat_map(|rule| rule.needs.values()).map(|need| &**need);
    let needs: Vec<&str> = needs.chain(["resources", "tags"]).collect();
    let applies_to = compiler.gate(&record.applies_to, &needs);
    let rules = record
        .rules
        .items
        .iter()
        .enumerate()
        .map(|(position, rule)| compiler.rule(record, position, rule))
        .collect();
    CompiledScorecard { index, id: &declared.id, record, subject, applies_to, rules }
}

fn scope(subject: Subject) -> Scope {
    match subject {
        Subject::Service => Scope::Service,
        Subject::GoldenPath => Scope::GoldenPath,
        Subject::Account => Scope::Account,
    }
}

struct Compiler<'a, 'd> {
    catalog: &'a Catalog,
    scope: Scope,
    diagnostics: &'d mut Diagnostics,
}

impl<'a> Compiler<'a, '_> {
    fn rule(&mut self, scorecard: &Scorecard, position: usize, rule: &'a Sourced<Rule>) -> CompiledRule<'a> {
        let record = &rule.value;
        let needs: Vec<&str> = record.needs.values().map(|need| &**need).collect();
        let named = record.level.value();
        let level = scorecard
            .levels
            .values()
            .position(|level| level.id.value().is_some_and(|id| Some(id) == named))
            .unwrap_or(0);
        let assert = match self.gate(&record.assert, &needs) {
            Gate::Open => Gate::Broken("the rule asserts nothing".into()),
            gate => gate,
        };
        let assert = match record.id.value() {
            None => Gate::Broken("the rule has no id of its own".into()),
            Some(_) => assert,
        };
        CompiledRule {
            id: record.id.value().cloned().unwrap_or_else(|| unnamed(position)),
            origin: rule.origin,
            record,
            level,
            weight: weight(record),
            when: self.gate(&record.when, &needs),
            assert,
            locked_by: self.locked_by(record),
        }
    }

    fn locked_by(&self, rule: &'a Rule) -> Option<&'a str> {
        let controls = &self.catalog.controls;
        let is_locked = |control: &&str| match controls.by_id(control) {
            Some(known) => !known.record.is_waivable(),
            None => !controls.is_empty(),
        };
        rule.controls.values().map(|control| control.as_str()).find(is_locked)
    }

    fn gate(&mut self, field: &Field<ExpressionText>, needs: &[&str]) -> Gate {
        let written = match field {
            Field::Absent => return Gate::Open,
            Field::Unreadable(_) => return Gate::Broken("its expression cannot be read".into()),
            Field::Known(written) => written,
        };
        match Expression::compile(&written.value, self.scope, needs) {
            Ok(expression) => Gate::If(expression),
            Err(mistakes) => {
                let why = mistakes.first().map_or("its expression is wrong", |mistake| &mistake.message);
                let why = why.into();
                for mistake in mistakes {
                    self.report(written, mistake);
                }
                Gate::Broken(why)
            }
        }
    }

    fn report(&mut self, written: &Sourced<ExpressionText>, mistake: Mistake) {
        let mut diagnostic = Diagnostic::new(&codes::BROKEN_EXPRESSION, mistake.message);
        diagnostic.help = mistake.help;
        diagnostic.place = place(self.catalog, written, mistake.start, mistake.end);
        if let Some(meant) = mistake.meant {
            diagnostic = diagnostic.replace_with(meant, Applicability::Unsure);
        }
        self.diagnostics.push(diagnostic);
    }
}

/// The place of a part of an expression in its scorecard.
pub(super) fn place(
    catalog: &Catalog,
    written: &Sourced<ExpressionText>,
    start: usize,
    end: usize,
) -> Option<Place> {
    let Origin::File { file, .. } = written.origin else { return None };
    let text = &written.value;
    let file = &catalog.files[file];
    let mark = text.mark(start);
    Some(Place {
        repository: Arc::clone(&file.repository),
        path: Arc::clone(&file.path),
        line: mark.line,
        column: mark.column,
        length: text.length(start, end),
        quote: text.line(mark).into(),
    })
}

/// The name of a rule that has none: a diagnostic tells its author.
fn unnamed(position: usize) -> RuleId {
    RuleId::new(&format!("unnamed-rule-{}", position + 1)).expect("letters, digits and dashes make an id")
}

/// The weight of a rule: what is written, else 1.
fn weight(rule: &Rule) -> u64 {
    // The catalog lets only small whole numbers through, so nothing is cut off.
    rule.weight.value().map_or(1, |weight| weight.value as u64)
}

impl Control {
    /// Whether an exception may waive it.
    pub fn is_waivable(&self) -> bool {
        // Unreadable is not "absent": who wrote something there did not mean the default.
        self.waivable.is_absent() || self.waivable.value() == Some(&true)
    }
}
