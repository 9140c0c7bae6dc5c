//! Several snapshots of one organisation, made one: shards that were collected apart.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::collect::outcome::together;
use crate::collect::snapshot::{
    Directory, File, Happened, Repository, RepositoryState, Revision, Snapshot, SourceReport, SourceState,
};
use crate::day::Moment;

/// What makes a repository the same in two shards: its address, else its source and name.
type Identity = (Option<Arc<str>>, Arc<str>, Arc<str>);

/// The work trees of one repository in one shard, with the time of the shard.
struct Shard {
    at: Option<Moment>,
    trees: Vec<(Repository, Vec<File>)>,
}

/// Makes one snapshot of several. Where two hold the same repository, listing, account, facts file or activity, the
/// newer one counts, for repositories with a note on the report of the source; a repository that could be
/// read counts before one that could not, and an activity that was told before a refusal. The order of `snapshots` is
/// irrelevant: of two of the same moment the one with the smaller digest counts.
pub fn merge(mut snapshots: Vec<Snapshot>) -> Snapshot {
    snapshots.sort_by_cached_key(|snapshot| (snapshot.collected_at, snapshot.digest()));
    let mut merged = Snapshot::default();
    let mut repositories: BTreeMap<Identity, Vec<Shard>> = BTreeMap::new();
    let mut reports: BTreeMap<Arc<str>, Vec<SourceReport>> = BTreeMap::new();
    let (mut listings, mut accounts, mut facts) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    let (mut activities, mut directories) = (BTreeMap::new(), BTreeMap::new());
    let (mut costs, mut tag_policies, mut untagged) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    let (mut quiet, mut reviews) = (BTreeMap::new(), BTreeMap::new());
    for snapshot in snapshots {
        let at = snapshot.collected_at;
        merged.collected_at = merged.collected_at.max(at);
        for (identity, trees) in by_identity(snapshot.repositories, snapshot.files) {
            repositories.entry(identity).or_default().push(Shard { at, trees });
        }
        for report in snapshot.sources {
            reports.entry(Arc::clone(&report.name)).or_default().push(report);
        }
        for listing in snapshot.tag_listings {
            // A report that tells no tags takes nothing from an answer that does.
            let pair = (Arc::clone(&listing.account), Arc::clone(&listing.region), listing.is_reported());
            keep_newer(&mut listings, pair, Some(listing.collected_at), listing);
        }
        for account in snapshot.accounts {
            keep_newer(&mut accounts, Arc::clone(&account.id), Some(account.collected_at), account);
        }
        for listing in snapshot.tag_policies {
            let rank = listing.answer.is_ok().then_some(listing.collected_at);
            keep_newer(&mut tag_policies, Arc::clone(&listing.source), rank, listing);
        }
        for count in snapshot.untagged {
            let rank = count.answer.is_ok().then_some(count.collected_at);
            let key = (Arc::clone(&count.source), Arc::clone(&count.account));
            keep_newer(&mut untagged, key, rank, count);
        }
        for file in snapshot.facts {
            keep_newer(&mut facts, (Arc::clone(&file.source), Arc::clone(&file.path)), at, file);
        }
        for month in snapshot.costs {
            keep_newer(&mut costs, (Arc::clone(&month.source), Arc::clone(&month.month)), at, month);
        }
        for activity in snapshot.activities {
            let is_told = match &activity.what {
                Happened::Builds(told) => told.is_ok(),
                Happened::Deployments(told) => told.is_ok(),
            };
            let rank = is_told.then_some(activity.collected_at);
            keep_newer(&mut activities, activity.owned_key(), rank, activity);
        }
        for directory in snapshot.directories {
            keep_known(&mut directories, directory);
        }
        for nights in snapshot.quiet {
            keep_newer(&mut quiet, Arc::clone(&nights.exception), at, nights);
        }
        for review in snapshot.reviews {
            let revision = (Arc::clone(&review.path), Arc::clone(&review.commit));
            // What one shard knows counts before another's refusal.
            let rank = review.answer.is_ok().then_some(review.collected_at);
            keep_newer(&mut reviews, revision, rank, review);
        }
    }
    merged.tag_listings = listings.into_values().map(|(_, listing)| listing).collect();
    merged.accounts = accounts.into_values().map(|(_, account)| account).collect();
    merged.tag_policies = tag_policies.into_values().map(|(_, listing)| listing).collect();
    merged.untagged = untagged.into_values().map(|(_, count)| count).collect();
    merged.facts = facts.into_values().map(|(_, file)| file).collect();
    merged.costs = costs.into_values().map(|(_, month)| month).collect();
    merged.activities = activities.into_values().map(|(_, activity)| activity).collect();
    merged.reviews = reviews.into_values().map(|(_, review)| review).collect();
    merged.directories = directories.into_values().collect();
    merged.quiet = quiet.into_values().map(|(_, nights)| nights).collect();
    let mut kept = Vec::new();
    let mut notes: BTreeMap<Arc<str>, Vec<Arc<str>>> = BTreeMap::new();
    for shards in repositories.into_values() {
        let count = shards.len();
        let Some(newest) = shards.into_iter().max_by_key(Shard::rank) else { continue };
        if let Some((repository, _)) = newest.trees.first().filter(|_| count > 1) {
            let when = newest.at.map(|at| format!(" of {at}")).unwrap_or_default();
            let note = format!("`{}` is in {count} shards; the one{when} is used", repository.name);
            notes.entry(Arc::clone(&repository.source)).or_default().push(note.into());
        }
        kept.extend(newest.trees);
    }
    merged.take(kept);
    for (name, reports) in reports {
        let mut report = united(reports, &merged);
        report.notes.extend(notes.remove(&name).unwrap_or_default());
        merged.sources.push(report);
    }
    merged.sort();
    merged
}

impl Shard {
    /// What decides between shards: read before unreadable, then the newer one.
    fn rank(&self) -> (bool, Option<Moment>, Option<Moment>, Arc<str>) {
        let is_read = self
            .trees
            .iter()
            .any(|(repository, _)| !matches!(repository.state, RepositoryState::Unreadable { .. }));
        let commit =
            self.trees.iter().filter_map(|(repository, _)| Some(repository.last_commit.as_ref()?.at)).max();
        let revision = self.trees.first().map(|(repository, _)| match &repository.revision {
            Revision::Commit(id) | Revision::Digest(id) => Arc::clone(id),
        });
        (is_read, self.at, commit, revision.unwrap_or_else(|| "".into()))
    }
}

/// Repositories with their files. One identity may stand twice in a shard, for two work trees of a remote.
fn by_identity(
    repositories: Vec<Repository>,
    files: Vec<File>,
) -> BTreeMap<Identity, Vec<(Repository, Vec<File>)>> {
    let mut by_index: BTreeMap<u32, Vec<File>> = BTreeMap::new();
    for file in files {
        by_index.entry(file.repository.0).or_default().push(file);
    }
    let mut by_identity: BTreeMap<Identity, Vec<(Repository, Vec<File>)>> = BTreeMap::new();
    for (index, repository) in (0..).zip(repositories) {
        let identity = match &repository.url {
            Some(url) => (Some(Arc::clone(url)), "".into(), "".into()),
            None => (None, Arc::clone(&repository.source), Arc::clone(&repository.name)),
        };
        let files = by_index.remove(&index).unwrap_or_default();
        by_identity.entry(identity).or_default().push((repository, files));
    }
    by_identity
}

/// Of two answers about one organisation the newer one that is one.
fn keep_known(known: &mut BTreeMap<(Arc<str>, Arc<str>), Directory>, directory: Directory) {
    let rank = |one: &Directory| (one.answer.is_ok(), one.collected_at, one.carried.is_none());
    match known.entry((Arc::clone(&directory.source), Arc::clone(&directory.organisation))) {
        Entry::Vacant(entry) => _ = entry.insert(directory),
        Entry::Occupied(mut entry) if rank(entry.get()) < rank(&directory) => _ = entry.insert(directory),
        Entry::Occupied(_) => {}
    }
}

fn keep_newer<K: Ord, T>(known: &mut BTreeMap<K, (Option<Moment>, T)>, key: K, at: Option<Moment>, value: T) {
    if known.get(&key).is_none_or(|(before, _)| *before < at) {
        known.insert(key, (at, value));
    }
}

/// One report of the reports that the shards give of one source.
fn united(reports: Vec<SourceReport>, merged: &Snapshot) -> SourceReport {
    let mut reports = reports.into_iter();
    let mut united = reports.next().expect("a source is listed because a shard reports it");
    let mut reasons: BTreeSet<Arc<str>> = united.reason.take().into_iter().collect();
    let mut notes: BTreeSet<Arc<str>> = united.notes.drain(..).collect();
    for report in reports {
        if report.state != united.state {
            united.state = SourceState::Partial;
        }
        united.collected_at = united.collected_at.min(report.collected_at);
        united.stale_since = match (united.stale_since, report.stale_since) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        united.items += report.items;
        united.unlisted.extend(report.unlisted);
        reasons.extend(report.reason);
        notes.extend(report.notes);
    }
    // What two shards hold is counted once; recorded answers do not say which source gave them.
    let of_it = |source: &Arc<str>| *source == united.name;
    match &*united.kind {
        "folder" => united.items = merged.repositories.iter().filter(|one| of_it(&one.source)).count() as u64,
        "facts" => united.items = merged.facts.iter().filter(|one| of_it(&one.source)).count() as u64,
        _ => {}
    }
    let reasons: Vec<String> = reasons.iter().map(ToString::to_string).collect();
    united.reason = (!reasons.is_empty()).then(|| together(&reasons).into());
    united.notes = notes.into_iter().collect();
    united
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::snapshot::{
        CatalogFolder, Content, FactsFile, FileRole, ObservedResource, People, ReportedTags, RepositoryIndex,
        TagListing,
    };
    use crate::collect::text::Text;

    fn moment(text: &str) -> Moment {
        Moment::parse(text).expect("a moment")
    }

    /// A shard of the source `folder` with these repositories, each with one descriptor that names `at`.
    fn shard(at: &str, names: &[&str]) -> Snapshot {
        let mut snapshot = Snapshot { collected_at: Some(moment(at)), ..Snapshot::default() };
        let repositories = names.iter().map(|name| {
            let repository = Repository {
                name: (*name).into(),
                source: "folder".into(),
                ..CatalogFolder::none().repository
            };
            let file = File {
                repository: RepositoryIndex(0),
                path: "service.yaml".into(),
                role: FileRole::Descriptor,
                size: 1,
                content: Content::Text(Text::new(&format!("{name} {at}"))),
                last_change: None,
                first_change: None,
                first_text: None,
                history: Vec::new(),
            };
            (repository, vec![file])
        });
        snapshot.take(repositories.collect());
        snapshot.sources.push(SourceReport {
            name: "folder".into(),
            kind: "folder".into(),
            state: SourceState::Ok,
            collected_at: moment(at),
            stale_since: None,
            items: names.len() as u64,
            reason: None,
            withheld: None,
            unlisted: Vec::new(),
            notes: Vec::new(),
        });
        snapshot
    }

    fn texts(snapshot: &Snapshot) -> Vec<String> {
        let text = |file: &File| match &file.content {
            Content::Text(text) => text.read().to_string(),
            other => format!("{other:?}"),
        };
        snapshot.files.iter().map(text).collect()
    }

    const OLD: &str = "2026-11-20T00:00:00Z";
    const NEW: &str = "2026-11-21T00:00:00Z";

    #[test]
    fn shards_become_one_snapshot_whatever_their_order() {
        let shards = [shard(OLD, &["a", "b"]), shard(NEW, &["b", "c"])];
        let one = merge(shards.to_vec());
        let other = merge(shards.into_iter().rev().collect());
        assert_eq!(one, other);
        assert_eq!(texts(&one), [format!("a {OLD}"), format!("b {NEW}"), format!("c {NEW}")]);
        let indices: Vec<u32> = one.files.iter().map(|file| file.repository.0).collect();
        assert_eq!(indices, [0, 1, 2]);
        assert_eq!(one.collected_at, Some(moment(NEW)));
        let report = &one.sources[0];
        assert_eq!((report.items, report.collected_at), (3, moment(OLD)));
        assert_eq!(&*report.notes, ["`b` is in 2 shards; the one of 2026-11-21T00:00:00Z is used".into()]);
    }

    #[test]
    fn a_repository_that_could_be_read_counts_before_a_newer_one_that_could_not() {
        let mut newer = shard(NEW, &["a"]);
        newer.repositories[0].state = RepositoryState::Unreadable { reason: "gone".into() };
        newer.files.clear();
        newer.sources[0].state = SourceState::Partial;
        newer.sources[0].reason = Some("`a`: gone".into());
        let merged = merge(vec![shard(OLD, &["a"]), newer]);
        assert_eq!(texts(&merged), [format!("a {OLD}")]);
        assert_eq!(merged.sources[0].state, SourceState::Partial);
        assert_eq!(merged.sources[0].reason.as_deref(), Some("`a`: gone"));
    }

    #[test]
    fn two_work_trees_of_one_shard_both_stay() {
        let merged = merge(vec![shard(OLD, &["a", "a"]), shard(NEW, &["b"])]);
        assert_eq!(texts(&merged), [format!("a {OLD}"), format!("a {OLD}"), format!("b {NEW}")]);
        assert!(merged.sources[0].notes.is_empty());
    }

    #[test]
    fn of_two_answers_the_newer_counts() {
        let listing = |at: &str, answer| TagListing {
            source: "aws".into(),
            carried: None,
            account: "012345678901".into(),
            region: "eu-central-1".into(),
            principal: None,
            collected_at: moment(at),
            answer,
        };
        let facts = |at: &str| FactsFile {
            source: "facts".into(),
            path: "a.csv".into(),
            content: Content::Text(Text::new(at)),
        };
        let (mut old, mut new) = (shard(OLD, &[]), shard(NEW, &[]));
        old.tag_listings.push(listing(OLD, Ok(Vec::new())));
        old.facts.push(facts(OLD));
        new.tag_listings.push(listing(NEW, Err("AccessDenied".into())));
        new.facts.push(facts(NEW));
        let directory = |at: &str, answer| Directory {
            source: "hub".into(),
            organisation: "example".into(),
            collected_at: moment(at),
            carried: None,
            answer,
        };
        old.directories.push(directory(OLD, Ok(People::default())));
        new.directories.push(directory(NEW, Err("refused".into())));
        let merged = merge(vec![new, old]);
        // Who belongs to what was complete once, and says when.
        assert_eq!(merged.directories, [directory(OLD, Ok(People::default()))]);
        assert_eq!(merged.tag_listings, [listing(NEW, Err("AccessDenied".into()))]);
        assert_eq!(merged.facts, [facts(NEW)]);
    }

    #[test]
    fn a_report_stands_beside_an_answer_however_new_it_is() {
        let said = ReportedTags {
            complies: None,
            noncompliant_keys: Vec::new(),
            keys_with_noncompliant_values: Vec::new(),
        };
        let listing = |source: &str, at: &str, reported: Option<&ReportedTags>| TagListing {
            source: source.into(),
            carried: None,
            account: "012345678901".into(),
            region: "eu-central-1".into(),
            principal: None,
            collected_at: moment(at),
            answer: Ok(vec![ObservedResource {
                arn: "arn:aws:s3:::labels".into(),
                tags: Vec::new().into(),
                reported: reported.map(|said| said.clone().into()),
            }]),
        };
        let (mut old, mut new) = (shard(OLD, &[]), shard(NEW, &[]));
        old.tag_listings.push(listing("aws", OLD, None));
        new.tag_listings.push(listing("report", NEW, Some(&said)));
        let merged = merge(vec![new, old]);
        assert_eq!(merged.tag_listings, [listing("aws", OLD, None), listing("report", NEW, Some(&said))]);
    }

    #[test]
    fn nothing_merges_to_nothing_and_one_to_itself() {
        assert_eq!(merge(Vec::new()), Snapshot::default());
        let one = shard(NEW, &["a", "b"]);
        assert_eq!(merge(vec![one.clone()]), one);
    }
}
