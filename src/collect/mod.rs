//! Collect: asks every source and yields a [`Snapshot`]. A source that fails is
//! reported and never stops the others.

mod aws;
mod aws_recorded;
pub mod base;
mod below;
mod beneath;
mod catalog_folder;
#[cfg(any(feature = "aws", feature = "github"))]
mod clock;
mod content;
mod contents;
mod descriptor_names;
pub mod doctor;
pub mod exclusion;
mod facts;
mod files;
mod focus;
mod folder;
mod followed;
mod git;
mod github;
mod indices;
mod outcome;
mod pool;
mod previous;
mod progress;
mod remotes;
mod repository;
mod rows;
#[cfg(any(feature = "aws", feature = "github"))]
mod runtime;
mod secrets;
pub mod snapshot;
mod snapshot_digest;
pub mod snapshot_file;
pub mod survey;
mod tag_report;
pub mod text;
mod walk;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::day::Moment;
use crate::settings::{Also, Settings, Source, SourceKind};
use snapshot::{CatalogFolder, CodeReview, Directory, File, Repository, RepositoryIndex, Snapshot};

pub use catalog_folder::{CatalogFolderError, catalog_folder};
pub use files::{Named, NamedFiles};
pub use progress::{Progress, Silent};

/// Asks every source of `settings`. When the run is told to end, what it gives is not whole and says nothing.
///
/// `named` gives what a descriptor names, as it is written there; [`snapshot::document_path`] resolves it.
pub fn collect(settings: &Settings, named: &NamedFiles<'_>, progress: &dyn Progress) -> Snapshot {
    // Whole seconds, because that is what a saved snapshot keeps.
    let at = Moment::from_unix_seconds(settings.now.unix_seconds()).unwrap_or(settings.now);
    let mut snapshot = Snapshot { collected_at: Some(at), ..Snapshot::default() };
    let mut repositories = Vec::new();
    for source in &settings.sources {
        if settings.interruption.is_requested() {
            break;
        }
        let answer = match &source.kind {
            SourceKind::Folder(cut) => folder::collect(source, *cut, settings, named, progress),
            SourceKind::Git => remotes::collect(source, settings, named, progress),
            SourceKind::Github(asked) => github::collect(source, asked, settings, named, progress),
            SourceKind::Aws(asked) => aws::collect(source, asked, settings, progress),
            SourceKind::AwsRecorded => aws_recorded::collect(source, &settings.interruption, progress),
            SourceKind::AwsTagReport => tag_report::collect(source, settings, progress),
            SourceKind::Focus => focus::collect(source, &settings.interruption, progress),
            SourceKind::Facts => facts::collect(source),
        };
        snapshot.sources.push(outcome::report(source, answer.as_ref(), at));
        let outcome = match answer {
            Ok(outcome) => outcome,
            Err(reason) => {
                snapshot.directories.extend(unknown_people(source, &reason, at));
                continue;
            }
        };
        repositories.extend(outcome.repositories);
        snapshot.tag_listings.extend(outcome.tag_listings);
        snapshot.accounts.extend(outcome.accounts);
        snapshot.tag_policies.extend(outcome.tag_policies);
        snapshot.untagged.extend(outcome.untagged);
        snapshot.facts.extend(outcome.facts);
        snapshot.costs.extend(outcome.costs);
        snapshot.activities.extend(outcome.activities);
        snapshot.directories.extend(outcome.directories);
    }
    snapshot.take(repositories);
    secrets::remove(&mut snapshot);
    snapshot.sort();
    snapshot
}

/// That nobody can say who belongs to the organisations of a source that failed: without a word of it, those that are
/// known would look like all there are.
fn unknown_people(source: &Source, reason: &str, at: Moment) -> Vec<Directory> {
    let SourceKind::Github(asked) = &source.kind else { return Vec::new() };
    let organisations = asked.organisations.iter().filter(|_| asked.also.contains(&Also::People));
    let unknown = |organisation: &str| Directory {
        source: Arc::from(&*source.name),
        organisation: Arc::from(organisation),
        collected_at: at,
        carried: None,
        answer: Err(Arc::from(reason)),
    };
    organisations.map(|organisation| unknown(organisation)).collect()
}

/// Asks who reviewed the exceptions of `folder`, at every source of `settings` that is to say so.
pub fn code_reviews(
    settings: &Settings,
    folder: &CatalogFolder,
    snapshot: &mut Snapshot,
    progress: &dyn Progress,
) {
    let mut known = BTreeMap::new();
    for source in &settings.sources {
        let SourceKind::Github(asked) = &source.kind else { continue };
        if !asked.also.contains(&Also::Reviews) {
            continue;
        }
        let (reviews, shortfalls) = github::reviews(source, asked, settings, folder, progress);
        // Where several sources are asked about one revision, the first that could say anything counts.
        for review in reviews {
            let key = (Arc::clone(&review.path), Arc::clone(&review.commit));
            if known.get(&key).is_none_or(|known: &CodeReview| known.answer.is_err()) {
                known.insert(key, review);
            }
        }
        if let Some(report) = snapshot.sources.iter_mut().find(|report| *report.name == *source.name) {
            outcome::fall_short(report, &shortfalls);
        }
    }
    snapshot.reviews = known.into_values().collect();
    secrets::of_each(&mut snapshot.reviews);
    secrets::of_each(&mut snapshot.sources);
    snapshot.sort();
}

impl Snapshot {
    /// Adds repositories with their files, and gives each its index in order of name.
    fn take(&mut self, mut repositories: Vec<(Repository, Vec<File>)>) {
        repositories.sort_by(|(a, _), (b, _)| (&a.name, &a.source).cmp(&(&b.name, &b.source)));
        for (repository, files) in repositories {
            let index = u32::try_from(self.repositories.len()).expect("memory ends before the index does");
            self.files
                .extend(files.into_iter().map(|file| File { repository: RepositoryIndex(index), ..file }));
            self.repositories.push(repository);
        }
    }

    /// Orders every list that is not ordered by repository.
    fn sort(&mut self) {
        self.sources.sort_by(|a, b| a.name.cmp(&b.name));
        self.tag_listings.sort_by(|a, b| (&a.account, &a.region).cmp(&(&b.account, &b.region)));
        self.accounts.sort_by(|a, b| a.id.cmp(&b.id));
        self.tag_policies.sort_by(|a, b| a.source.cmp(&b.source));
        self.untagged.sort_by(|a, b| (&a.source, &a.account).cmp(&(&b.source, &b.account)));
        self.directories.sort_by(|a, b| (&a.source, &a.organisation).cmp(&(&b.source, &b.organisation)));
        self.facts.sort_by(|a, b| (&a.source, &a.path).cmp(&(&b.source, &b.path)));
        self.costs.sort_by(|a, b| a.key().cmp(&b.key()));
        self.activities.sort_by(|a, b| a.key().cmp(&b.key()));
        self.reviews.sort_by(|a, b| (&a.path, &a.commit).cmp(&(&b.path, &b.commit)));
    }
}
