//! What an earlier run saw and this one did not: repositories and facts of a source that stayed silent are
//! carried over, each with when it was seen last and why not since; what a listing no longer names is gone,
//! unless that is too much to be believed in one night.

mod activities;
mod cloud;
mod costs;
mod directories;
mod facts;
mod owners;
mod tag_policies;
mod untagged;

use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::snapshot::{
    Carried, CodeReview, Content, File, FileRole, Repository, RepositoryState, Snapshot, SourceReport,
    SourceState, Withheld,
};
use crate::day::Moment;
use crate::words;

/// Up to this many of a kind may go in one night without a question.
const FEW: usize = 10;

/// More than one in so many is too much, when it is more than [`FEW`].
const SHARE: usize = 10;

/// Digits of the digest that accepts a removal.
const RUN_DIGITS: usize = 12;

/// How many names a note spells out.
const NAMES_SHOWN: usize = 5;

/// A repository with its files.
type Held = (Repository, Vec<File>);

/// What tells a repository from others: its source, its name, and how many of that name stand before it.
type Key = (Arc<str>, Arc<str>, usize);

/// What one source would take away.
struct Removal {
    /// Position of its report.
    source: usize,
    /// What of the earlier run stays if it is withheld.
    stays: Stays,
    /// What is gone, a line each: what accepting it agrees to.
    lines: Vec<String>,
    /// How much of how much, in words.
    what: String,
}

/// What stays as it was.
enum Stays {
    Repositories(Vec<Key>),
    /// The teams and people of an organisation.
    Directory(Arc<str>),
    /// Accounts, and listings of accounts and regions.
    Cloud(Vec<Arc<str>>, Vec<cloud::Pair>),
}

impl Snapshot {
    /// Puts what `previous` saw where this run was blind, and keeps what is gone in such numbers that the
    /// listing is doubtful, unless `accepted` is the digest of that very removal.
    ///
    /// A snapshot that is not older than this one changes nothing.
    pub fn carry_over(&mut self, previous: &Self, accepted: Option<&str>) {
        let Some(seen) = previous.collected_at.filter(|seen| Some(*seen) <= self.collected_at) else {
            return;
        };
        let mut now =
            keyed(dissolved(std::mem::take(&mut self.repositories), std::mem::take(&mut self.files)));
        let before = Before { seen, repositories: keyed(borrowed(previous)) };
        let mut removals = Vec::new();
        let mut silent = BTreeSet::new();
        for (position, report) in self.sources.iter_mut().enumerate() {
            match report.state {
                SourceState::Failed => {
                    silent.insert(Arc::clone(&report.name));
                    before.carry_source(report, &mut now);
                    facts::carry_all(&mut self.facts, previous, report, seen);
                    costs::carry(&mut self.costs, previous, report, seen);
                }
                _ => {
                    before.carry_unlisted(report, &mut now);
                    before.carry_unreadable(report, &mut now);
                    facts::carry_unreadable(&mut self.facts, previous, report, seen);
                    removals.extend(before.doubtful(position, report, &now));
                }
            }
        }
        for position in 0..self.sources.len() {
            removals.extend(self.carry_directories(position, previous));
            removals.extend(self.carry_cloud(position, previous));
        }
        let run = digest(&removals);
        for removal in removals {
            let report = &mut self.sources[removal.source];
            if accepted == Some(&*run) {
                report.notes.push(format!("{}; somebody accepted that", removal.what).into());
            } else {
                let why = before.withhold(&removal, &run, report, &mut now);
                match &removal.stays {
                    Stays::Repositories(_) => {}
                    Stays::Directory(organisation) => {
                        self.keep_directory(removal.source, organisation, previous, &why);
                    }
                    Stays::Cloud(accounts, pairs) => {
                        self.keep_cloud(removal.source, (accounts, pairs), previous, &why);
                    }
                }
            }
        }
        self.carry_reviews(previous);
        self.carry_tag_policies(previous);
        self.carry_untagged(previous);
        for report in &mut self.sources {
            let of_it = of_source(&now, &report.name);
            let since =
                of_it.filter_map(|(_, (repository, _))| Some(repository.carried.as_ref()?.since)).min();
            let directories = self.directories.iter().filter(|one| one.source == report.name);
            let directory = directories.filter(|one| one.carried.is_some()).map(|one| one.collected_at).min();
            let listings = self.tag_listings.iter().filter(|one| one.source == report.name);
            let listing = listings.filter(|one| one.carried.is_some()).map(|one| one.collected_at).min();
            let policies = self.tag_policies.iter().filter(|one| one.source == report.name);
            let policy = policies.filter(|one| one.carried.is_some()).map(|one| one.collected_at).min();
            let counts = self.untagged.iter().filter(|one| one.source == report.name);
            let count = counts.filter(|one| one.carried.is_some()).map(|one| one.collected_at).min();
            let all = [report.stale_since, since, directory, listing, policy, count];
            report.stale_since = all.into_iter().flatten().min();
        }
        activities::carry(&mut self.activities, &previous.activities, &silent, &now);
        self.take(now.into_values().collect());
        self.sort();
    }

    /// How a revision came into the catalog does not change any more: what an earlier run knew of it holds.
    fn carry_reviews(&mut self, previous: &Self) {
        let known: BTreeMap<(&str, &str), &CodeReview> = previous
            .reviews
            .iter()
            .filter(|review| review.answer.is_ok())
            .map(|review| ((&*review.path, &*review.commit), review))
            .collect();
        for review in self.reviews.iter_mut().filter(|review| review.answer.is_err()) {
            if let Some(before) = known.get(&(&*review.path, &*review.commit)) {
                *review = (*before).clone();
            }
        }
    }
}

/// The earlier run.
struct Before<'a> {
    seen: Moment,
    repositories: BTreeMap<Key, (&'a Repository, Vec<&'a File>)>,
}

impl Before<'_> {
    /// Keys of the repositories that `source` read then.
    fn read_by<'s>(&'s self, source: &'s str) -> impl Iterator<Item = &'s Key> {
        let was_read = |repository: &Repository| repository.state == RepositoryState::Read;
        of_source(&self.repositories, source)
            .filter(move |(_, (repository, _))| was_read(repository))
            .map(|(key, _)| key)
    }

    /// The repository of `key` as it was.
    fn carried(&self, key: &Key, reason: &Arc<str>) -> Option<Held> {
        let (repository, files) = self.repositories.get(key)?;
        let since = repository.carried.as_ref().map_or(self.seen, |carried| carried.since);
        let carried = Some(Carried { since, reason: Arc::clone(reason) });
        let repository = Repository { carried, ..(*repository).clone() };
        Some((repository, files.iter().map(|file| (*file).clone()).collect()))
    }

    /// Everything that a source gave which now gives nothing.
    fn carry_source(&self, report: &mut SourceReport, now: &mut BTreeMap<Key, Held>) {
        let reason = report.reason.clone().unwrap_or_else(|| "its source did not answer".into());
        for (key, (repository, _)) in of_source(&self.repositories, &report.name) {
            let held = match repository.state {
                RepositoryState::Read => self.carried(key, &reason),
                RepositoryState::Excluded { .. } | RepositoryState::Unreadable { .. } => {
                    Some(((*repository).clone(), Vec::new()))
                }
            };
            if let Some(held) = held {
                now.insert(key.clone(), held);
                report.state = SourceState::Stale;
                report.items += 1;
            }
        }
    }

    /// Single repositories that could be read then.
    fn carry_unreadable(&self, report: &SourceReport, now: &mut BTreeMap<Key, Held>) {
        let unreadable: Vec<(Key, Arc<str>)> = of_source(now, &report.name)
            .filter_map(|(key, (repository, _))| match &repository.state {
                RepositoryState::Unreadable { reason } => Some((key.clone(), Arc::clone(reason))),
                _ => None,
            })
            .collect();
        if unreadable.is_empty() {
            return;
        }
        // One whose `.git` is damaged has lost the owner in its name.
        let mut by_label: BTreeMap<&str, Vec<&Key>> = BTreeMap::new();
        for key in self.read_by(&report.name).filter(|key| !now.contains_key(*key)) {
            by_label.entry(key.1.rsplit('/').next().unwrap_or(&key.1)).or_default().push(key);
        }
        for (key, reason) in unreadable {
            let other = || by_label.get(&*key.1).filter(|keys| keys.len() == 1).map(|keys| keys[0]);
            let was_read = |key: &Key| self.repositories[key].0.state == RepositoryState::Read;
            let own = Some(&key).filter(|key| self.repositories.contains_key(*key) && was_read(key));
            let Some(known) = own.or_else(other) else { continue };
            if let Some(held) = self.carried(known, &reason) {
                now.remove(&key);
                now.insert(known.clone(), held);
            }
        }
    }

    /// What the source takes away, when that is too much; a note of it, when it is not.
    fn doubtful(&self, source: usize, report: &mut SourceReport, now: &BTreeMap<Key, Held>) -> Vec<Removal> {
        let known: Vec<&Key> = self.read_by(&report.name).collect();
        let gone: Vec<&Key> = known.iter().copied().filter(|key| !now.contains_key(*key)).collect();
        let emptied = owners::emptied(&known, &gone);
        let is_empty = of_source(now, &report.name).next().is_none();
        let is_doubtful = is_much(gone.len(), known.len()) || !emptied.is_empty() || is_empty;
        let mut removals = Vec::new();
        if !gone.is_empty() && is_doubtful {
            let mut what = format!(
                "{} of {} are gone",
                gone.len(),
                words::count(known.len(), "repository", "repositories")
            );
            if !emptied.is_empty() && gone.len() < known.len() {
                what.push_str(&format!(", all of {} among them", words::list(&emptied)));
            }
            let lines = gone.iter().map(|key| format!("{}\0{}\0{}", key.0, key.1, key.2)).collect();
            let stays = Stays::Repositories(gone.into_iter().cloned().collect());
            removals.push(Removal { source, stays, lines, what });
        } else if !gone.is_empty() {
            let names: Vec<&str> = gone.iter().map(|key| &*key.1).collect();
            let names = words::first(&names, NAMES_SHOWN);
            let verb = if gone.len() == 1 { "is" } else { "are" };
            let note = format!("{names} {verb} gone since {}", self.seen);
            report.notes.push(note.into());
        }
        removals.extend(self.lost_descriptors(source, &known, now));
        removals
    }

    /// Descriptors that are gone from repositories which are still there, when they are too many.
    fn lost_descriptors(&self, source: usize, known: &[&Key], now: &BTreeMap<Key, Held>) -> Option<Removal> {
        let (mut all, mut lost, mut keys, mut lines) = (0, 0, Vec::new(), Vec::new());
        for key in known {
            let Some((repository, files)) = now.get(*key) else { continue };
            if repository.state != RepositoryState::Read || repository.carried.is_some() {
                continue;
            }
            let there: BTreeSet<&str> =
                files.iter().filter(|file| is_descriptor(file)).map(|file| &*file.path).collect();
            let had = self.repositories[*key].1.iter().filter(|file| is_descriptor(file));
            let mut of_this = 0;
            for file in had {
                all += 1;
                if !there.contains(&*file.path) {
                    of_this += 1;
                    lines.push(format!("{}\0{}\0{}\0{}", key.0, key.1, key.2, file.path));
                }
            }
            if of_this > 0 {
                lost += of_this;
                keys.push((*key).clone());
            }
        }
        let what = || {
            let (all, of) = (words::count(all, "descriptor", "descriptors"), keys.len());
            let of = words::count(of, "repository that is still there", "repositories that are still there");
            format!("{lost} of {all} are gone from {of}")
        };
        is_much(lost, all).then(|| Removal {
            source,
            what: what(),
            stays: Stays::Repositories(keys.clone()),
            lines,
        })
    }

    /// Keeps what `removal` would take; gives why.
    fn withhold(
        &self,
        removal: &Removal,
        run: &Arc<str>,
        report: &mut SourceReport,
        now: &mut BTreeMap<Key, Held>,
    ) -> Arc<str> {
        let reason: Arc<str> = format!("gone, and not believed: {}", removal.what).into();
        let keys = match &removal.stays {
            Stays::Repositories(keys) => &**keys,
            Stays::Directory(_) | Stays::Cloud(..) => &[],
        };
        for key in keys {
            if let Some(held) = self.carried(key, &reason)
                && now.insert(key.clone(), held).is_none()
            {
                report.items += 1;
            }
        }
        let said = format!(
            "{}, too many to be believed; they stay as they were seen last. If they are gone indeed, run again \
             with `--accept-removals {run}`",
            removal.what
        );
        report.reason = Some(match &report.reason {
            Some(reason) => format!("{said}; {reason}").into(),
            None => said.into(),
        });
        report.state = SourceState::Partial;
        let what = match report.withheld.take() {
            Some(other) => format!("{}; {}", other.what, removal.what).into(),
            None => Arc::from(&*removal.what),
        };
        report.withheld = Some(Withheld { run: Arc::clone(run), what });
        reason
    }
}

/// More than a few, and more than a tenth.
fn is_much(gone: usize, all: usize) -> bool {
    gone > FEW && gone * SHARE > all
}

fn is_descriptor(file: &File) -> bool {
    file.role == FileRole::Descriptor && !matches!(file.content, Content::Missing)
}

/// What stands for all removals together.
fn digest(removals: &[Removal]) -> Arc<str> {
    let mut hash = Sha256::new();
    let mut lines: Vec<&String> = removals.iter().flat_map(|removal| &removal.lines).collect();
    lines.sort();
    for line in lines {
        hash.update((line.len() as u64).to_be_bytes());
        hash.update(line.as_bytes());
    }
    let digits: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    digits[..RUN_DIGITS].into()
}

/// What is of one source.
fn of_source<'m, V>(map: &'m BTreeMap<Key, V>, source: &'m str) -> impl Iterator<Item = (&'m Key, &'m V)> {
    let first: Key = (Arc::from(source), Arc::from(""), 0);
    map.range(first..).take_while(move |(key, _)| *key.0 == *source)
}

/// Repositories, each with its own files.
fn dissolved(repositories: Vec<Repository>, files: Vec<File>) -> Vec<Held> {
    let mut all: Vec<Held> = repositories.into_iter().map(|repository| (repository, Vec::new())).collect();
    for file in files {
        all[file.repository.0 as usize].1.push(file);
    }
    all
}

/// The same of a snapshot that stays as it is.
fn borrowed(snapshot: &Snapshot) -> Vec<(&Repository, Vec<&File>)> {
    let mut all: Vec<_> = snapshot.repositories.iter().map(|repository| (repository, Vec::new())).collect();
    for file in &snapshot.files {
        all[file.repository.0 as usize].1.push(file);
    }
    all
}

/// Each under its key.
fn keyed<R: Borrow<Repository>, F>(all: Vec<(R, F)>) -> BTreeMap<Key, (R, F)> {
    let mut seen: BTreeMap<(Arc<str>, Arc<str>), usize> = BTreeMap::new();
    let mut keyed = BTreeMap::new();
    for (repository, files) in all {
        let Repository { source, name, .. } = repository.borrow();
        let name = (Arc::clone(source), Arc::clone(name));
        let nth = seen.entry(name.clone()).or_default();
        keyed.insert((name.0, name.1, *nth), (repository, files));
        *nth += 1;
    }
    keyed
}

#[cfg(test)]
mod tests;
