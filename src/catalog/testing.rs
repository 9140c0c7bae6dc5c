//! Organisations for tests, built in memory: repositories, catalog files, listings and facts by name and
//! text, resolved in one call.

use std::path::Path;
use std::sync::Arc;

use super::Catalog;
use super::configuration::{self, Configuration};
use crate::collect::snapshot::{
    Activity, CatalogFolder, Commit, Content, FactsFile, File, FileRole, Happened, HistoricText, LocalFolder,
    ObservedResource, ReportedTags, Repository, RepositoryIndex, RepositoryState, Revision, Snapshot,
    TagListing,
};
use crate::collect::text::Text;
use crate::day::Moment;
use crate::diagnostic::{Diagnostic, Diagnostics};

/// An ARN with its tags.
type Tagged<'a> = (&'a str, &'a [(&'a str, &'a str)]);

/// An organisation under construction.
#[derive(Clone, Default)]
pub(crate) struct Organisation {
    pub(crate) snapshot: Snapshot,
    pub(crate) folder: Vec<File>,
    pub(crate) configuration: String,
}

impl Organisation {
    /// Adds a descriptor.
    pub(crate) fn descriptor(self, repository: &str, path: &str, text: &str) -> Self {
        self.file(repository, path, FileRole::Descriptor, Content::Text(Text::new(text)))
    }

    /// Adds a document.
    pub(crate) fn document(self, repository: &str, path: &str, text: &str) -> Self {
        self.file(repository, path, FileRole::Document, Content::Text(Text::new(text)))
    }

    /// Adds a `CODEOWNERS` file.
    pub(crate) fn owners(self, repository: &str, path: &str, text: &str) -> Self {
        self.file(repository, path, FileRole::Owners, Content::Text(Text::new(text)))
    }

    /// Adds a file of a repository.
    pub(crate) fn file(mut self, repository: &str, path: &str, role: FileRole, content: Content) -> Self {
        let repository = self.repository(repository);
        self.snapshot.files.push(file(repository, path, role, content));
        self
    }

    /// Adds a file of the catalog folder.
    pub(crate) fn catalog(mut self, path: &str, text: &str) -> Self {
        let content = Content::Text(Text::new(text));
        self.folder.push(file(RepositoryIndex(0), path, FileRole::Catalog, content));
        self
    }

    /// Adds a facts file.
    pub(crate) fn facts(mut self, path: &str, text: &str) -> Self {
        let content = Content::Text(Text::new(text));
        self.snapshot.facts.push(FactsFile { source: "facts".into(), path: path.into(), content });
        self
    }

    /// Adds a tag listing, or its refusal: resources as ARN and tags.
    pub(crate) fn listing(
        mut self,
        account: &str,
        region: &str,
        answer: Result<&[Tagged<'_>], &str>,
    ) -> Self {
        let resources = |listed: &[Tagged<'_>]| -> Vec<ObservedResource> {
            let tags =
                |tags: &[(&str, &str)]| tags.iter().map(|&(key, value)| (key.into(), value.into())).collect();
            let observed = |&(arn, own): &Tagged<'_>| ObservedResource {
                arn: arn.into(),
                tags: tags(own),
                reported: None,
            };
            listed.iter().map(observed).collect()
        };
        self.snapshot.tag_listings.push(TagListing {
            source: "aws".into(),
            carried: None,
            account: account.into(),
            region: region.into(),
            principal: None,
            collected_at: Moment::parse("2026-11-20T03:10:00Z").expect("a moment"),
            answer: answer.map(resources).map_err(Arc::from),
        });
        self
    }

    /// Adds what the tag report of AWS lists in an account and region: resources without their tags.
    pub(crate) fn reported(self, account: &str, region: &str, arns: &[&str]) -> Self {
        let listed: Vec<Tagged<'_>> = arns.iter().map(|arn| (*arn, &[][..])).collect();
        let mut organisation = self.listing(account, region, Ok(&listed));
        let listing = organisation.snapshot.tag_listings.last_mut().expect("it was added");
        let said = ReportedTags {
            complies: Some(true),
            noncompliant_keys: Vec::new(),
            keys_with_noncompliant_values: Vec::new(),
        };
        for resource in listing.answer.iter_mut().flatten() {
            resource.reported = Some(Arc::new(said.clone()));
        }
        organisation
    }

    /// Adds what happened to a repository, as it was told on 20 November 2026 at eight.
    pub(crate) fn activity(mut self, repository: &str, what: Happened) -> Self {
        let index = self.repository(repository);
        let source = Arc::clone(&self.snapshot.repositories[index.0 as usize].source);
        let collected_at = Moment::parse("2026-11-20T08:00:00Z").expect("a moment");
        self.snapshot.activities.push(Activity { repository: repository.into(), source, collected_at, what });
        self
    }

    /// Sets `milepost.yaml`.
    pub(crate) fn configured(mut self, text: &str) -> Self {
        self.configuration = text.to_owned();
        self
    }

    /// Says what the last descriptor held in its first revision, and when.
    pub(crate) fn first_revision(mut self, at: &str, text: &str) -> Self {
        let file = self.snapshot.files.last_mut().expect("a descriptor");
        file.first_text = Some(Text::new(text));
        file.first_change = Some(commit("first", at));
        self
    }

    /// Says what the last catalog file held over time.
    pub(crate) fn history(mut self, revisions: &[(&str, &str)]) -> Self {
        let file = self.folder.last_mut().expect("a catalog file");
        file.history = revisions
            .iter()
            .map(|(at, text)| HistoricText { commit: commit(at, at), text: Text::new(text) })
            .collect();
        file.first_change = file.history.first().map(|revision| revision.commit.clone());
        self
    }

    /// The repository called `name`, added when it is new.
    pub(crate) fn repository(&mut self, name: &str) -> RepositoryIndex {
        let known = self.snapshot.repositories.iter().position(|known| *known.name == *name);
        let position = known.unwrap_or_else(|| {
            self.snapshot.repositories.push(repository(name));
            self.snapshot.repositories.len() - 1
        });
        RepositoryIndex(u32::try_from(position).expect("a small organisation"))
    }

    /// Puts every list into another order, one for each `seed`: what a source gives on another night.
    pub(crate) fn shuffled(mut self, seed: u64) -> Self {
        let mut shuffle = Shuffle(seed);
        let mut order: Vec<usize> = (0..self.snapshot.repositories.len()).collect();
        shuffle.list(&mut order);
        let repositories = std::mem::take(&mut self.snapshot.repositories);
        self.snapshot.repositories = order.iter().map(|&old| repositories[old].clone()).collect();
        for file in &mut self.snapshot.files {
            let new = order.iter().position(|&old| old == file.repository.0 as usize).expect("a permutation");
            file.repository = RepositoryIndex(u32::try_from(new).expect("few"));
        }
        shuffle.list(&mut self.snapshot.files);
        shuffle.list(&mut self.snapshot.tag_listings);
        shuffle.list(&mut self.snapshot.accounts);
        shuffle.list(&mut self.snapshot.facts);
        shuffle.list(&mut self.snapshot.activities);
        shuffle.list(&mut self.snapshot.sources);
        shuffle.list(&mut self.folder);
        self
    }

    /// Its configuration, which must be readable.
    pub(crate) fn configuration(&self) -> Configuration {
        let mut diagnostics = Diagnostics::default();
        let read =
            configuration::read(&self.configuration, Path::new("catalog/milepost.yaml"), &mut diagnostics);
        read.expect("the configuration of a test can be read")
    }

    /// The catalog.
    pub(crate) fn resolve(&self) -> Catalog {
        let folder = CatalogFolder { files: self.folder.clone(), ..CatalogFolder::none() };
        Catalog::resolve(&self.snapshot, &folder, &self.configuration())
    }

    /// The organisation that lies in `catalog/`, read from disk without git, answers of AWS left out.
    pub(crate) fn example() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("catalog");
        let read = |path: &Path| std::fs::read_to_string(path).expect("a file of the example");
        let mut organisation = Self::default().configured(&read(&root.join("milepost.yaml")));
        for path in files_below(&root) {
            let name = path.strip_prefix(&root).expect("below").to_str().expect("UTF-8").to_owned();
            if let Some(name) = name.strip_prefix("repositories/") {
                let (repository, path_in_it) = name.split_once('/').expect("a file of a repository");
                let base = path_in_it.rsplit('/').next().unwrap_or(path_in_it);
                let descriptor = base.starts_with("service.y") || path_in_it.contains(".milepost/");
                let role = if descriptor { FileRole::Descriptor } else { FileRole::Document };
                let text = Text::new(&read(&path));
                organisation = organisation.file(repository, path_in_it, role, Content::Text(text));
            } else if let Some(name) = name.strip_prefix("facts/") {
                organisation = organisation.facts(name, &read(&path));
            } else if !name.starts_with("aws/") {
                organisation = organisation.catalog(&name, &read(&path));
            }
        }
        organisation
    }
}

/// A linear congruential generator: the same order for the same seed, on every machine.
struct Shuffle(u64);

impl Shuffle {
    fn list<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let chosen = usize::try_from(self.0 >> 33).expect("31 bits") % (last + 1);
            list.swap(last, chosen);
        }
    }
}

/// Every file below `folder`, sorted.
fn files_below(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    let entries = std::fs::read_dir(folder).expect("a folder of the example");
    for entry in entries {
        let path = entry.expect("an entry").path();
        if path.is_dir() { files.extend(files_below(&path)) } else { files.push(path) }
    }
    files.sort();
    files
}

/// The diagnostics of `catalog` with this code.
pub(crate) fn of_code<'a>(catalog: &'a Catalog, code: &str) -> Vec<&'a Diagnostic> {
    catalog.diagnostics.iter().filter(|diagnostic| diagnostic.code.name == code).collect()
}

fn repository(name: &str) -> Repository {
    Repository {
        name: name.into(),
        source: "repositories".into(),
        revision: Revision::Digest("0".into()),
        url: None,
        last_commit: None,
        state: RepositoryState::Read,
        refused: Vec::new(),
        owners_review: None,
        carried: None,
        folder: LocalFolder::default(),
    }
}

fn file(repository: RepositoryIndex, path: &str, role: FileRole, content: Content) -> File {
    let size = match &content {
        Content::Text(text) => text.len() as u64,
        _ => 0,
    };
    File {
        repository,
        path: path.into(),
        role,
        size,
        content,
        last_change: None,
        first_change: None,
        first_text: None,
        history: Vec::new(),
    }
}

fn commit(id: &str, at: &str) -> Commit {
    let at = Moment::parse(&format!("{at}T12:00:00Z")).expect("a day");
    Commit { id: id.into(), author: "Mira".into(), at }
}
