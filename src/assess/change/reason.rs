//! A cause in words: which file, commit, day or observation it was.

use super::{Because, Cause, Change, Judged, Measure, Moved, RuleMove};
use crate::assess::ExceptionState;
use crate::assess::outcome::Outcome;
use crate::catalog::files::{FileEntry, FileTable};
use crate::catalog::origin::{FileIndex, Origin};
use crate::catalog::{Catalog, Service};
use crate::words;

/// Files of the catalog folder that are named at most for one change.
const FILES_NAMED: usize = 3;

/// Exceptions that are named at most for one change.
const EXCEPTIONS_NAMED: usize = 3;

/// What reasons are drawn from, looked up once.
pub(super) struct Reasons<'a> {
    before: Judged<'a>,
    after: Judged<'a>,
    /// Files of the catalog folder that are new or other than before.
    kept: Vec<FileIndex>,
    /// Paths of files of the catalog folder that are gone.
    gone: Vec<&'a str>,
}

impl<'a> Reasons<'a> {
    pub(super) fn new(before: Judged<'a>, after: Judged<'a>) -> Self {
        let (old, new) = (folder(before.catalog), folder(after.catalog));
        let same = |file: &FileEntry| {
            let at = old.binary_search_by(|(path, _)| (**path).cmp(&*file.path));
            at.is_ok_and(|at| before.catalog.files[old[at].1].digest == file.digest)
        };
        let kept =
            new.iter().filter(|(_, index)| !same(&after.catalog.files[*index])).map(|(_, index)| *index);
        let still = |path: &str| new.binary_search_by(|(other, _)| (**other).cmp(path)).is_ok();
        let gone = old.iter().filter(|(path, _)| !still(path)).map(|(path, _)| *path);
        Self { before, after, kept: kept.collect(), gone: gone.collect() }
    }

    /// Why `cause` moved what `change` says.
    pub(super) fn of(&self, change: &Change, cause: Cause) -> Vec<Because> {
        match cause {
            Cause::Descriptor => self.descriptors(change),
            Cause::Rule => self.rules(change),
            Cause::Clock => vec![self.clock(change)],
            Cause::Facts => vec![self.facts(change)],
        }
    }

    fn descriptors(&self, change: &Change) -> Vec<Because> {
        let id = change.subject.id();
        let (old, new) = (&self.before.catalog, &self.after.catalog);
        let because = |text: String, origin| Because { cause: Cause::Descriptor, text: text.into(), origin };
        let Some(after) = new.services.by_id(id) else {
            let gone = old.services.by_id(id).map(|service| name(&old.files[service.file]));
            let text = gone.map_or_else(
                || "another service changed".to_owned(),
                |file| format!("{file} is gone or names another service"),
            );
            return vec![because(text, None)];
        };
        let before = old.services.by_id(id);
        let mut reasons = Vec::new();
        let entry = &new.files[after.file];
        let was = before.map(|service| &old.files[service.file]);
        if was.is_none_or(|was| was.digest != entry.digest || was.path != entry.path) {
            let verb = if was.is_some() { "changed" } else { "is new" };
            reasons.push(because(format!("{} {verb}{}", name(entry), by(entry)), Some(after.origin)));
        }
        for (link, file) in documents(new, after) {
            let entry = &new.files[file];
            let was = before.map(|service| documents(old, service)).unwrap_or_default();
            let same = was.iter().any(|(_, file)| {
                old.files[*file].digest == entry.digest && old.files[*file].path == entry.path
            });
            if !same {
                let text = format!("the {link} {} changed{}", name(entry), by(entry));
                reasons.push(because(text, Some(Origin::Document(file))));
            }
        }
        if reasons.is_empty() {
            reasons
                .push(because("another service or document that it is judged by changed".to_owned(), None));
        }
        reasons
    }

    /// Changed files of the catalog folder: those that speak of the subject, else all of them.
    fn rules(&self, change: &Change) -> Vec<Because> {
        let files = &self.after.catalog.files;
        let own: Vec<FileIndex> =
            self.kept.iter().copied().filter(|file| self.concerns(change, *file)).collect();
        let shown = if own.is_empty() { &self.kept } else { &own };
        let because = |text: String, origin| Because { cause: Cause::Rule, text: text.into(), origin };
        let mut reasons: Vec<Because> = shown
            .iter()
            .take(FILES_NAMED)
            .map(|file| {
                because(
                    format!("{} changed{}", files[*file].path, by(&files[*file])),
                    Some(Origin::Document(*file)),
                )
            })
            .collect();
        let mut more = shown.len() - reasons.len();
        for path in self.gone.iter().take(FILES_NAMED - reasons.len()) {
            reasons.push(because(format!("{path} is gone"), None));
        }
        more += self.gone.len().saturating_sub(FILES_NAMED - shown.len().min(FILES_NAMED));
        if more > 0 {
            let files = words::count(more, "more file", "more files");
            reasons.push(because(format!("{files} of the catalog folder changed"), None));
        }
        reasons
    }

    /// Whether `file` is the scorecard of `change`, or an exception of its subject.
    fn concerns(&self, change: &Change, file: FileIndex) -> bool {
        let catalog = self.after.catalog;
        let scorecard = change.measure.scorecard().and_then(|id| catalog.scorecards.by_id(id));
        let exceptions = catalog.exceptions.iter().filter(|exception| match &change.subject {
            Moved::Exception(id) => exception.id == *id,
            Moved::Service(id) => {
                exception.record.service.value().is_some_and(|service| service.as_str() == &**id)
            }
        });
        scorecard.is_some_and(|scorecard| scorecard.origin.file() == Some(file))
            || exceptions.map(|exception| exception.file).any(|own| own == file)
    }

    fn clock(&self, change: &Change) -> Because {
        let (from, to) = (self.before.assessment.as_of, self.after.assessment.as_of);
        let (mut parts, mut origin) = (Vec::new(), None);
        let waivers = |rule: &RuleMove| [rule.from, rule.to].contains(&Some(Outcome::Waived));
        if change.measure == Measure::Tier || change.rules.iter().any(waivers) {
            for (text, place) in self.ended(change) {
                origin = origin.or(place);
                parts.push(text);
            }
        }
        let stale = change.rules.iter().filter(|rule| rule.to == Some(Outcome::Unknown)).count();
        if stale > 0 {
            parts.push(format!("what {} grew too old", words::count(stale, "rule needs", "rules need")));
        }
        let mut text = format!("the day went from {from} to {to}");
        if !parts.is_empty() {
            text = format!("{text}: {}", parts.join(", "));
        }
        Because { cause: Cause::Clock, text: text.into(), origin }
    }

    /// Exceptions about the subject whose state is another, in words.
    fn ended(&self, change: &Change) -> Vec<(String, Option<Origin>)> {
        let Moved::Service(id) = &change.subject else { return Vec::new() };
        let catalog = self.after.catalog;
        let about =
            catalog.exceptions.iter().zip(&self.after.assessment.exceptions).filter(|(exception, _)| {
                exception.record.service.value().is_some_and(|service| service.as_str() == &**id)
            });
        about
            .filter(|(exception, judged)| {
                self.state_before(&exception.id).is_some_and(|was| was != judged.state)
            })
            .take(EXCEPTIONS_NAMED)
            .map(|(exception, judged)| {
                (format!("{} is {}", exception.id, judged.state.word()), Some(exception.origin))
            })
            .collect()
    }

    fn state_before(&self, id: &str) -> Option<ExceptionState> {
        let index = self.before.catalog.exceptions.find(id)?;
        self.before.assessment.exceptions.get(index.position()).map(|judged| judged.state)
    }

    fn facts(&self, change: &Change) -> Because {
        let rules: Vec<&str> = change.rules.iter().map(|rule| &*rule.rule).collect();
        let text = match rules.as_slice() {
            [] => "what was observed changed".to_owned(),
            [one] => format!("what was observed for the rule {one} changed"),
            several => {
                format!("what was observed for {} changed", words::count(several.len(), "rule", "rules"))
            }
        };
        Because { cause: Cause::Facts, text: text.into(), origin: None }
    }
}

/// Files of the catalog folder by path.
fn folder(catalog: &Catalog) -> Vec<(&str, FileIndex)> {
    let all = (0..catalog.files.len()).map(|index| FileIndex(u32::try_from(index).unwrap_or(u32::MAX)));
    let mut own: Vec<_> = all
        .filter(|index| {
            let (file, own) = (&catalog.files[*index], &catalog.files[FileTable::CONFIGURATION]);
            file.source == own.source && file.repository == own.repository
        })
        .map(|index| (&*catalog.files[index].path, index))
        .collect();
    own.sort_unstable();
    own
}

fn documents<'c>(catalog: &'c Catalog, service: &'c Service) -> Vec<(&'c str, FileIndex)> {
    use crate::catalog::files::LeadsTo;
    let file = |leads_to: &LeadsTo| match leads_to {
        LeadsTo::Document(index) => catalog.documents.get(*index).map(|document| document.file),
        LeadsTo::Address | LeadsTo::Nothing => None,
    };
    let named = service.documents.iter();
    named.filter_map(|document| Some((&*document.link, file(&document.leads_to)?))).collect()
}

/// `repository/path`.
fn name(file: &FileEntry) -> String {
    format!("{}/{}", file.repository, file.path)
}

/// The commit and its author, when git knows.
fn by(file: &FileEntry) -> String {
    let Some(commit) = &file.last_change else { return String::new() };
    let shown = commit.id.get(..12).unwrap_or(&commit.id);
    format!(" by commit {shown} of {}", commit.author)
}
