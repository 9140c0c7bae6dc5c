//! Reports credentials that were taken out of what was collected: by the marks that stand in their place. So a snapshot
//! that is replayed, and a pack that is judged again, say the same as the night they come from.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use crate::catalog::filing::Filing;
use crate::catalog::origin::FileIndex;
use crate::catalog::yaml::Mark;
use crate::collect::snapshot::{Snapshot, Tags};
use crate::diagnostic::{Diagnostic, Diagnostics, codes};
use crate::secrets::marks;

/// Adds what is to be said about marks.
pub(super) fn report(filing: &Filing<'_>, snapshot: &Snapshot, diagnostics: &mut Diagnostics) {
    for (index, entry) in (0..).zip(filing.table.iter()) {
        if let Some(text) = entry.text.as_ref().filter(|text| text.is_marked()) {
            of_text(filing, FileIndex(index), &text.read(), diagnostics);
        }
    }
    let mut records = Records::default();
    records.of_snapshot(snapshot);
    for ((source, record), Met { what, first, count }) in records.0 {
        let others = if count > 1 { format!(", and {} more like it", count - 1) } else { String::new() };
        let message =
            format!("{what} was removed from {record} `{first}`, which source `{source}` gave{others}");
        diagnostics.push(Diagnostic::new(&codes::SECRET_REMOVED, message).help(
            "revoke it where it was made, then take it out there: everybody who may list these reads it",
        ));
    }
}

fn of_text(filing: &Filing<'_>, file: FileIndex, text: &str, diagnostics: &mut Diagnostics) {
    let source = filing.source(file, text);
    let (mut line, mut begins) = (1, 0);
    for mark in marks(text) {
        let between = &text[begins..mark.at];
        line += u32::try_from(between.matches('\n').count()).unwrap_or(u32::MAX);
        begins += between.rfind('\n').map_or(0, |end| end + 1);
        let column =
            u32::try_from(text[begins..mark.at].chars().count()).unwrap_or(u32::MAX).saturating_add(1);
        let length = u32::try_from(mark.length).unwrap_or(u32::MAX);
        let message = format!("{} stood here and was removed", mark.what);
        diagnostics.push(
            Diagnostic::new(&codes::SECRET_REMOVED, message)
                .at(source.place(Mark { line, column }, length))
                .help("revoke it where it was made, because the history of the file keeps it; then take it out of the file"),
        );
    }
}

/// Records with marks, by their source and by what they are.
#[derive(Default)]
struct Records(BTreeMap<(Arc<str>, &'static str), Met>);

struct Met {
    what: &'static str,
    first: Arc<str>,
    count: usize,
}

impl Records {
    fn of_snapshot(&mut self, snapshot: &Snapshot) {
        for listing in &snapshot.tag_listings {
            let mut clean: Option<&Tags> = None;
            for resource in listing.answer.iter().flatten() {
                // Resources share their tags with those before.
                if clean.is_none_or(|clean| !Arc::ptr_eq(clean, &resource.tags)) {
                    let texts = resource.tags.iter().flat_map(|(key, value)| [key, value]);
                    let what = std::iter::once(&resource.arn).chain(texts).find_map(|text| first(text));
                    self.add(&listing.source, "a tag of", &resource.arn, what);
                    clean = what.is_none().then_some(&resource.tags);
                }
            }
        }
        for account in &snapshot.accounts {
            self.add(&account.source, "what is known of account", &account.id, of_record(account));
        }
        for month in &snapshot.costs {
            let tags = month.lines.iter().flat_map(|line| line.tags.iter());
            let what = tags.flat_map(|(key, value)| [key, value]).find_map(|text| first(text));
            self.add(&month.source, "the costs of", &month.month, what);
        }
        for repository in &snapshot.repositories {
            self.add(&repository.source, "what is known of", &repository.name, of_record(repository));
        }
        for file in &snapshot.files {
            let Some(repository) = snapshot.repositories.get(file.repository.0 as usize) else { continue };
            let commits = file.last_change.iter().chain(&file.first_change);
            let mut names = std::iter::once(&file.path).chain(commits.map(|commit| &commit.author));
            let what = names.find_map(|name| first(name));
            self.add(&repository.source, "the path or the author of", &file.path, what);
        }
        for policies in &snapshot.tag_policies {
            self.add(&policies.source, "policies of", &policies.source, of_record(policies));
        }
        for directory in &snapshot.directories {
            self.add(&directory.source, "the people of", &directory.organisation, of_record(directory));
        }
        for source in &snapshot.sources {
            self.add(&source.name, "what was said about", &source.name, of_record(source));
        }
    }

    fn add(&mut self, source: &Arc<str>, record: &'static str, name: &Arc<str>, what: Option<&'static str>) {
        let Some(what) = what else { return };
        let met = self.0.entry((Arc::clone(source), record));
        met.or_insert_with(|| Met { what, first: Arc::clone(name), count: 0 }).count += 1;
    }
}

/// What stood at the first mark of `text`.
fn first(text: &str) -> Option<&'static str> {
    marks(text).next().map(|mark| mark.what)
}

fn of_record(record: &impl Serialize) -> Option<&'static str> {
    first(&serde_json::to_string(record).ok()?)
}
