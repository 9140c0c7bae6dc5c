//! Exceptions: what they refer to, when they were asked for, and each time their end was moved.

use std::collections::{BTreeMap, BTreeSet};

use super::declared::identified;
use super::references::Registers;
use super::remarks::Remarks;
use crate::catalog::field::{Field, Sourced};
use crate::catalog::filing::Filing;
use crate::catalog::folder::Raw;
use crate::catalog::nearest::nearest;
use crate::catalog::origin::{FileIndex, Origin};
use crate::catalog::scorecard::Scorecard;
use crate::catalog::table::Table;
use crate::catalog::yaml::{self, Node};
use crate::catalog::{Declared, Exception, Extension, exception};
use crate::collect::snapshot::Commit;
use crate::day::{Day, Zone};
use crate::diagnostic::codes;

/// What exceptions are resolved against, beside the registers.
pub(super) struct Surroundings<'a> {
    pub(super) filing: &'a Filing<'a>,
    pub(super) scorecards: &'a Table<Declared<Scorecard>>,
    pub(super) zone: &'a Zone,
    pub(super) limits: yaml::Limits,
}

/// The table of exceptions. Those that cannot be read stay in it, called by their file: an exception that
/// vanished would hide what it fails to excuse.
pub(super) fn resolve(
    mut raws: Vec<Raw<exception::Exception>>,
    unreadable: &[FileIndex],
    around: &Surroundings<'_>,
    registers: &mut Registers,
    remarks: &mut Remarks,
) -> Table<Exception> {
    let nameless = raws.extract_if(.., |raw| raw.record.exception_id.value().is_none()).collect::<Vec<_>>();
    let mut rows: Vec<Exception> = identified(raws, around.filing, remarks)
        .into_iter()
        .map(|(id, raw)| row(id, raw.origin(), raw.file, raw.record))
        .collect();
    for raw in nameless {
        if raw.record.exception_id.is_absent() {
            let help = "add `exceptionId:`, such as `EX-2026-0017`";
            remarks.add(&codes::MISSING_ID, raw.origin(), "", "an exception has no `exceptionId`", help);
        }
        let mut id = named_by_file(raw.file, around);
        if !raw.alone {
            id = format!("{id}, line {}", raw.mark.line).into();
        }
        rows.push(row(id, raw.origin(), raw.file, raw.record));
    }
    for &file in unreadable {
        let nothing = exception::Exception::default();
        rows.push(row(named_by_file(file, around), Origin::Document(file), file, nothing));
    }
    let rules: BTreeSet<&str> = around
        .scorecards
        .iter()
        .flat_map(|scorecard| scorecard.record.rules.values())
        .filter_map(|rule| Some(rule.id.value()?.as_str()))
        .collect();
    let mut histories = BTreeMap::new();
    for row in &mut rows {
        refer(row, &rules, registers, remarks);
        let history = histories.entry(row.file).or_insert_with(|| History::of(row.file, around));
        history.tell(row, around.zone);
    }
    Table::new(rows).0
}

fn row(id: Box<str>, origin: Origin, file: FileIndex, record: exception::Exception) -> Exception {
    Exception {
        id,
        origin,
        file,
        requested_at: record.requested_at.sourced().cloned(),
        record,
        service: None,
        control: None,
        extensions: Vec::new(),
    }
}

fn named_by_file(file: FileIndex, around: &Surroundings<'_>) -> Box<str> {
    let path = &around.filing.table[file].path;
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem).into()
}

fn refer(row: &mut Exception, rules: &BTreeSet<&str>, registers: &mut Registers, remarks: &mut Remarks) {
    let record = &row.record;
    if let Some(service) = record.service.sourced() {
        row.service = registers.services.refer(service.value.as_str(), service.origin, remarks);
    }
    if let Some(control) = record.control.sourced() {
        row.control = registers.controls.refer(control.value.as_str(), control.origin, remarks);
    }
    for rule in [&record.rule, &record.scope.rule].into_iter().filter_map(Field::sourced) {
        let name = rule.value.as_str();
        if !rules.is_empty() && !rules.contains(name) {
            let message = format!("no rule is called `{name}`");
            let meant = nearest(name, rules.iter().copied());
            let help = "write the id of a rule of some scorecard";
            remarks.dangling(&codes::UNKNOWN_RULE, rule.origin, name, message, meant, help);
        }
    }
}

/// What git remembers of one file.
struct History<'a> {
    first_commit: Option<&'a Commit>,
    revisions: Vec<Revision<'a>>,
}

/// One revision: its exceptions by id, with their ends.
struct Revision<'a> {
    commit: &'a Commit,
    ends: BTreeMap<Box<str>, Option<Day>>,
}

impl<'a> History<'a> {
    fn of(file: FileIndex, around: &Surroundings<'a>) -> Self {
        let Some(filed) = around.filing.filed(file) else {
            return Self { first_commit: None, revisions: Vec::new() };
        };
        let revisions = filed.file.history.iter().map(|revision| {
            let documents = yaml::parse(&revision.text.read(), around.limits);
            let ends = documents.iter().flatten().flat_map(|document| ends(&document.root)).collect();
            Revision { commit: &revision.commit, ends }
        });
        Self { first_commit: filed.file.first_change.as_ref(), revisions: revisions.collect() }
    }

    /// Fills in when the exception first stood in the file, and where its end moved.
    fn tell(&self, row: &mut Exception, zone: &Zone) {
        let its: Vec<(&Commit, Option<Day>)> = self
            .revisions
            .iter()
            .filter_map(|revision| Some((revision.commit, *revision.ends.get(&row.id)?)))
            .collect();
        if let Some(commit) = its.first().map(|(commit, _)| *commit).or(self.first_commit) {
            let value = Day::of(commit.at, zone);
            row.requested_at.get_or_insert(Sourced { value, origin: Origin::History(row.file) });
        }
        let ends: Vec<(&Commit, Day)> =
            its.iter().filter_map(|(commit, end)| Some((*commit, (*end)?))).collect();
        for pair in ends.windows(2) {
            let [(_, from), (commit, to)] = pair else { continue };
            if to > from {
                row.extensions.push(Extension {
                    by: Box::from(&*commit.author),
                    at: Day::of(commit.at, zone),
                    from: *from,
                    to: *to,
                    commit: Box::from(&*commit.id),
                });
            }
        }
    }
}

/// Ids and ends of the exceptions in a document.
fn ends(root: &Node) -> Vec<(Box<str>, Option<Day>)> {
    let nodes = root.items().unwrap_or(std::slice::from_ref(root));
    let text = |node: &Node, key: &str| Some(node.get(key)?.scalar()?.text.clone());
    let end = |node: &Node| {
        Some((text(node, "exceptionId")?, text(node, "expiresAt").and_then(|end| Day::parse(&end))))
    };
    nodes.iter().filter_map(end).collect()
}
