//! Exceptions: what they refer to, when they were asked for, and each time their end was moved.

use std::collections::{BTreeMap, BTreeSet};

use super::declared::identified;
use super::references::Registers;
use super::remarks::Remarks;
use super::terms::{self, Terms};
use crate::catalog::configuration::{Also, Configuration, SourceRecord};
use crate::catalog::exception::CodeReviews;
use crate::catalog::field::{Field, Sourced};
use crate::catalog::filing::Filing;
use crate::catalog::folder::Raw;
use crate::catalog::nearest::nearest;
use crate::catalog::origin::{FileIndex, Origin};
use crate::catalog::policy::{ApprovalProof, ExceptionPolicy};
use crate::catalog::scorecard::Scorecard;
use crate::catalog::table::Table;
use crate::catalog::yaml::{self, Node};
use crate::catalog::{Declared, Exception, Extension, exception};
use crate::collect::snapshot::{CodeReview, Commit, Content};
use crate::day::{Day, Zone};
use crate::diagnostic::codes;

/// What exceptions are resolved against, beside the registers.
pub(super) struct Surroundings<'a> {
    pub(super) filing: &'a Filing<'a>,
    pub(super) scorecards: &'a Table<Declared<Scorecard>>,
    pub(super) zone: &'a Zone,
    pub(super) limits: yaml::Limits,
    /// By path and commit.
    pub(super) reviews: &'a [CodeReview],
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
        row.code_reviews = history.reviews(&row.id);
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
        code_reviews: CodeReviews::default(),
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
    /// The terms of its exceptions as they are now.
    terms: Terms,
}

/// One revision: its exceptions by id, with their ends and terms.
struct Revision<'a> {
    commit: &'a Commit,
    ends: BTreeMap<Box<str>, Option<Day>>,
    terms: Terms,
    review: Option<&'a CodeReview>,
}

impl<'a> History<'a> {
    fn of(file: FileIndex, around: &Surroundings<'a>) -> Self {
        let Some(filed) = around.filing.filed(file) else {
            return Self { first_commit: None, revisions: Vec::new(), terms: Terms::new() };
        };
        let path = &filed.file.path;
        let revisions = filed.file.history.iter().map(|revision| {
            let documents = yaml::parse(&revision.text.read(), around.limits);
            let ends = documents.iter().flatten().flat_map(|document| ends(&document.root)).collect();
            let known = around
                .reviews
                .binary_search_by(|review| (&review.path, &review.commit).cmp(&(path, &revision.commit.id)));
            let review = known.ok().map(|at| &around.reviews[at]);
            let terms = review.map_or_else(Terms::new, |_| terms::of(&documents));
            Revision { commit: &revision.commit, ends, terms, review }
        });
        let terms = match &filed.file.content {
            Content::Text(text) if !around.reviews.is_empty() => {
                terms::of(&yaml::parse(&text.read(), around.limits))
            }
            _ => Terms::new(),
        };
        Self { first_commit: filed.file.first_change.as_ref(), revisions: revisions.collect(), terms }
    }

    /// Who reviewed the pull requests that brought the terms of today: those of the oldest of the revisions, from the
    /// newest back, that have them. A later one that left the terms alone showed them to nobody.
    fn reviews(&self, id: &str) -> CodeReviews {
        let Some(Some(terms)) = self.terms.get(id) else { return CodeReviews::default() };
        let has_them = |revision: &&Revision<'_>| revision.terms.get(id) == Some(&Some(terms.clone()));
        let run: Vec<&Revision<'_>> = self.revisions.iter().rev().take_while(has_them).collect();
        let Some(Some(first)) = run.last().map(|revision| revision.review) else {
            return CodeReviews::default();
        };
        let unknown = |reason: &str| CodeReviews {
            asked: true,
            unknown: Some(reason.into()),
            ..CodeReviews::default()
        };
        // What brought them may be older than all that is read.
        if run.len() == self.revisions.len() {
            let oldest = run.last().map(|revision| &revision.commit.id);
            match self.first_commit {
                None => return unknown("the history of the catalog folder is cut short; check it out whole"),
                Some(first) if Some(&first.id) != oldest => {
                    return unknown("its file has more revisions than are read, all with these terms");
                }
                Some(_) => {}
            }
        }
        let brought = match &first.answer {
            Ok(requests) => requests,
            Err(reason) => return unknown(reason),
        };
        let mut found = CodeReviews { asked: true, ..CodeReviews::default() };
        for review in run.iter().filter_map(|revision| revision.review) {
            let requests = review.answer.as_deref().unwrap_or_default();
            let these = requests.iter().filter(|one| brought.iter().any(|other| other.number == one.number));
            for request in these {
                if !found.pull_requests.contains(request) {
                    found.pull_requests.push(request.clone());
                }
            }
        }
        found
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

/// Remarks on a policy that wants proof which no source collects.
pub(super) fn provable(policy: &ExceptionPolicy, configuration: &Configuration, remarks: &mut Remarks) {
    let reads_reviews = |source: &SourceRecord| source.also.values().any(|also| *also == Also::Reviews);
    let wanted = policy.approvals.sourced().filter(|proof| proof.value == ApprovalProof::Verified);
    if let Some(wanted) = wanted.filter(|_| !configuration.sources.values().any(reads_reviews)) {
        let message = "approvals count only when code review proves them, and no source reads code reviews";
        let help =
            "write `also: [reviews]` at the source of `kind: github` that has the catalog's repository";
        remarks.add(&codes::UNPROVABLE_APPROVALS, wanted.origin, "", message, help);
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
