//! Scorecards: rules with all their parts, ids that are unique over all scorecards, levels and controls
//! that exist, attestations that some rule reads, gates that lead somewhere, tags whose fields exist.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use super::declared;
use super::references::Registers;
use super::remarks::Remarks;
use crate::catalog::Declared;
use crate::catalog::configuration::Configuration;
use crate::catalog::descriptor;
use crate::catalog::field::{Field, Sourced};
use crate::catalog::filing::Filing;
use crate::catalog::folder::Raw;
use crate::catalog::nearest::nearest;
use crate::catalog::origin::Origin;
use crate::catalog::policy::TagPolicy;
use crate::catalog::record::{Record, Shape};
use crate::catalog::scorecard::{Rule, Scorecard, Subject};
use crate::catalog::service::ServiceRecord;
use crate::catalog::table::Table;
use crate::diagnostic::codes;

/// For how many names that no rule reads the nearest one is sought: a file may be full of them.
const MOST_SUGGESTIONS: usize = 1000;

/// The largest weight of a rule: sums of thousands of them stay exact.
const HEAVIEST: u32 = 1_000_000;

/// The table of scorecards. Broken rules stay, those without an id of their own and those that are no
/// rules at all too: they are unknown and hold back their level, so that a slip of the finger never
/// promotes anybody.
pub(super) fn resolve(
    raws: Vec<Raw<Scorecard>>,
    filing: &Filing<'_>,
    remarks: &mut Remarks,
) -> Table<Declared<Scorecard>> {
    let mut scorecards = declared::table(raws, filing, remarks);
    let mut seen: BTreeMap<Box<str>, Box<str>> = BTreeMap::new();
    for Declared { id, record, .. } in scorecards.rows_mut() {
        for test in &mut record.tests.items {
            descriptor::older_word_for_exposure(&mut test.value.service);
        }
        let levels: Vec<Box<str>> =
            record.levels.values().filter_map(|level| Some(level.id.value()?.as_str().into())).collect();
        for rule in &mut record.rules.items {
            check(&mut rule.value, rule.origin, &levels, remarks);
            unique(&mut rule.value, id, &mut seen, remarks);
        }
        let refused = record.rules.refused.iter().map(|&origin| {
            let nothing = Rule { id: Field::Unreadable(origin), ..Rule::default() };
            Sourced { value: nothing, origin }
        });
        record.rules.items.extend(refused);
    }
    scorecards
}

fn check(rule: &mut Rule, origin: Origin, levels: &[Box<str>], remarks: &mut Remarks) {
    let name = rule.id.value().map_or("a rule".to_owned(), |id| format!("the rule `{id}`"));
    for (key, absent) in
        [("id", rule.id.is_absent()), ("level", rule.level.is_absent()), ("assert", rule.assert.is_absent())]
    {
        if absent {
            let message = format!("{name} has no `{key}`, so it cannot be judged");
            remarks.add(&codes::RULE_WITHOUT_ASSERTION, origin, "", message, format!("add `{key}:`"));
        }
    }
    if let Some(weight) = rule.weight.sourced() {
        let value = weight.value.value;
        if value.fract() != 0.0 || !(1.0..=f64::from(HEAVIEST)).contains(&value) {
            let text = weight.value.text.clone();
            let message = format!("`{text}` is not a weight");
            let help = format!("write a whole number from 1 to {HEAVIEST}");
            remarks.add(&codes::INVALID_WEIGHT, weight.origin, &text, message, help);
            rule.weight = Field::Unreadable(weight.origin);
        }
    }
    let Some(level) = rule.level.sourced() else { return };
    if !levels.iter().any(|known| **known == *level.value.as_str()) {
        let names = levels.iter().map(|name| &**name);
        let message = format!("this scorecard has no level `{}`", level.value);
        let help = match levels {
            [] => "list the scorecard's `levels`".to_owned(),
            levels => format!("write one of {}", crate::words::alternatives(levels)),
        };
        let meant = nearest(level.value.as_str(), names);
        remarks.dangling(&codes::UNKNOWN_LEVEL, level.origin, level.value.as_str(), message, meant, &help);
    }
}

fn unique(rule: &mut Rule, scorecard: &str, seen: &mut BTreeMap<Box<str>, Box<str>>, remarks: &mut Remarks) {
    let Some(id) = rule.id.sourced() else { return };
    match seen.entry(id.value.as_str().into()) {
        Entry::Vacant(vacant) => {
            vacant.insert(scorecard.into());
        }
        Entry::Occupied(first) => {
            let message = format!("`{}` is already a rule of the scorecard `{}`", id.value, first.get());
            let help = "give it an id of its own; until then it is unknown for everybody";
            remarks.add(&codes::DUPLICATE_ID, id.origin, id.value.as_str(), message, help);
            rule.id = Field::Unreadable(id.origin);
        }
    }
}

/// Reports controls that rules claim to prove and nobody defined.
pub(super) fn controls(
    scorecards: &Table<Declared<Scorecard>>,
    registers: &mut Registers,
    remarks: &mut Remarks,
) {
    for rule in scorecards.iter().flat_map(|scorecard| scorecard.record.rules.values()) {
        for control in &rule.controls.items {
            registers.controls.refer(control.value.as_str(), control.origin, remarks);
        }
    }
}

/// Reports gates that lead to no level of a scorecard.
pub(super) fn gates(
    configuration: &Configuration,
    scorecards: &Table<Declared<Scorecard>>,
    remarks: &mut Remarks,
) {
    for (name, gate) in &configuration.gates.entries {
        let leads = gate.value.split_once('/').is_some_and(|(scorecard, level)| {
            scorecards.by_id(scorecard).is_some_and(|scorecard| {
                let mut levels = scorecard.record.levels.values();
                levels.any(|known| known.id.value().is_some_and(|id| id.as_str() == level))
            })
        });
        if !leads {
            let levels: Vec<String> = every_level(scorecards);
            let message = format!("the gate `{name}` leads to `{}`, which does not exist", gate.value);
            let meant = nearest(&gate.value, levels.iter().map(String::as_str));
            let help = "write the id of a scorecard, `/`, and the id of one of its levels";
            remarks.dangling(&codes::UNKNOWN_GATE, gate.origin, &gate.value, message, meant, help);
        }
    }
}

fn every_level(scorecards: &Table<Declared<Scorecard>>) -> Vec<String> {
    let levels = |scorecard: &Declared<Scorecard>| -> Vec<String> {
        let ids = scorecard.record.levels.values().filter_map(|level| level.id.value());
        ids.map(|level| format!("{}/{level}", scorecard.id)).collect()
    };
    scorecards.iter().flat_map(levels).collect()
}

/// Reports required tags that read a field which no service record has.
pub(super) fn tag_fields(policy: &TagPolicy, remarks: &mut Remarks) {
    for from in policy.required.values().filter_map(|tag| tag.from.sourced()) {
        let mut shape = Some(Shape::Record(&<ServiceRecord as Record>::SHAPE));
        for part in from.value.split('.') {
            shape = match shape {
                Some(Shape::Record(record)) => record.field(part).map(|field| field.shape),
                Some(Shape::Named(inner)) => Some(*inner),
                _ => None,
            };
        }
        if shape.is_none() {
            let fields = <ServiceRecord as Record>::SHAPE.fields;
            let message = format!("the service record has no field `{}`", from.value);
            let meant = nearest(&from.value, fields.iter().map(|field| field.key));
            let help = "write the path of a field, such as `lifecycle.state`";
            remarks.dangling(&codes::UNKNOWN_TAG_FIELD, from.origin, &from.value, message, meant, help);
        }
    }
}

/// Reports what people attest and no rule reads.
pub(super) fn attestations(
    scorecards: &Table<Declared<Scorecard>>,
    registers: &Registers,
    remarks: &mut Remarks,
) {
    let of_services = Checks::of(scorecards.iter().map(|scorecard| &scorecard.record), None);
    let of_paths =
        Checks::of(scorecards.iter().map(|scorecard| &scorecard.record), Some(Subject::GoldenPath));
    let mut meant = BTreeMap::new();
    for service in registers.services.table.iter() {
        for check in service.record.attestations.values().filter_map(|made| made.check.sourced()) {
            of_services.check(&check.value, check.origin, &mut meant, remarks);
        }
    }
    for path in registers.golden_paths.table.iter() {
        for (item, made) in &path.record.readiness.entries {
            of_paths.check(item, made.origin, &mut meant, remarks);
        }
    }
}

/// What an attestation can speak to: ids of rules, and names that rules ask for.
struct Checks<'a>(BTreeSet<&'a str>);

impl<'a> Checks<'a> {
    fn of(scorecards: impl Iterator<Item = &'a Scorecard>, subject: Option<Subject>) -> Self {
        let mut names = BTreeSet::new();
        for scorecard in scorecards {
            if subject.is_some_and(|subject| scorecard.subject.value() != Some(&subject)) {
                continue;
            }
            for rule in scorecard.rules.values() {
                names.extend(rule.id.value().map(|id| id.as_str()));
                for expression in [&rule.assert, &rule.when] {
                    names.extend(expression.value().into_iter().flat_map(|text| asked_for(text)));
                }
            }
        }
        Self(names)
    }

    fn check(
        &self,
        name: &str,
        origin: Origin,
        known: &mut BTreeMap<Box<str>, Option<&'a str>>,
        remarks: &mut Remarks,
    ) {
        if self.0.is_empty() || self.0.contains(name) {
            return;
        }
        let meant = match known.get(name) {
            Some(meant) => *meant,
            None if known.len() >= MOST_SUGGESTIONS => None,
            None => *known.entry(name.into()).or_insert_with(|| nearest(name, self.0.iter().copied())),
        };
        let message = format!("no rule reads the attestation `{name}`");
        let help = "write the id of a rule, or a name that a rule asks for";
        remarks.dangling(&codes::UNKNOWN_CHECK, origin, name, message, meant, help);
    }
}

/// The names in `attested("name")`.
fn asked_for(expression: &str) -> impl Iterator<Item = &str> {
    expression.split("attested(").skip(1).filter_map(|rest| {
        let rest = rest.trim_start();
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        rest[1..].split(quote).next()
    })
}

#[cfg(test)]
mod tests {
    use super::asked_for;

    #[test]
    fn the_names_that_a_rule_asks_for_are_found() {
        let names: Vec<&str> = asked_for(r#"attested("a") or (attested( 'b') and attested(x))"#).collect();
        assert_eq!(names, ["a", "b"]);
    }
}
