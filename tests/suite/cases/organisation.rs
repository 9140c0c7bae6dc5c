//! The small organisation of a case: what `given.yaml`, the table and the case say, as the snapshot and
//! the catalog folder that the pipeline takes.

use std::path::Path;
use std::sync::Arc;

use milepost::catalog::Catalog;
use milepost::catalog::configuration;
use milepost::catalog::yaml::{Node, Value};
use milepost::collect::snapshot::{
    CatalogFolder, Commit, Content, FactsFile, File, FileRole, HistoricText, LocalFolder, ObservedAccount,
    ObservedResource, ObservedTagPolicy, PolicyTarget, Quiet, ReportedTags, Repository, RepositoryIndex,
    RepositoryState, Revision, Snapshot, TagListing, TagPolicyListing,
};
use milepost::collect::text::Text;
use milepost::day::Moment;
use milepost::diagnostic::Diagnostics;

use super::code_reviews;
use super::costs;
use super::overlay::{items, overlay, text, written};
use super::shorthand::{implies_exception, scorecards};

/// Keys of a case whose value is laid over the record given under the same key.
const RECORDS: [(&str, &str); 4] = [
    ("exceptionPolicy", "policy/exceptions.yaml"),
    ("platform", "policy/platform.yaml"),
    ("tagPolicy", "policy/tags.yaml"),
    ("team", "teams/checkout.yaml"),
];

/// Keys of a case whose value is a list of records that replaces what is given, and their files.
const LISTS: [(&str, &str); 7] = [
    ("controls", "controls/all.yaml"),
    ("teams", "teams/more.yaml"),
    ("environments", "environments/all.yaml"),
    ("accounts", "accounts.yaml"),
    ("products", "products/all.yaml"),
    ("capabilities", "capabilities.yaml"),
    ("metrics", "metrics.yaml"),
];

/// Reads the organisation of `case`, in which what is given is already laid below.
pub(super) fn resolve(case: &Node) -> Catalog {
    let mut world = World::default();
    for (key, path) in RECORDS {
        if let Some(record) = case.get(key) {
            world.catalog(path, &written(record));
        }
    }
    for (key, path) in LISTS {
        let records: Vec<String> = items(case, key).iter().map(written).collect();
        if !records.is_empty() {
            world.catalog(path, &records.join("\n---\n"));
        }
    }
    for (position, scorecard) in scorecards(case).iter().enumerate() {
        world.catalog(&format!("scorecards/{position}.yaml"), scorecard);
    }
    for (position, path) in items(case, "goldenPath").iter().chain(items(case, "goldenPaths")).enumerate() {
        world.catalog(&format!("golden-paths/{position}.yaml"), &written(path));
    }
    world.services(case);
    world.exceptions(case);
    world.observed(case);
    world.resolve(&configured(case))
}

fn configured(case: &Node) -> String {
    let zone = text(case, "zone").unwrap_or("UTC");
    let vocabulary = case.get("vocabulary").map(|words| format!("vocabulary: {}\n", written(words)));
    let vocabulary = vocabulary.unwrap_or_default();
    format!(
        "organisation: {{name: Cases}}\nclock: {{zone: {zone}}}\nsources:\n  - {{name: facts, kind: facts, path: facts}}\n{vocabulary}"
    )
}

#[derive(Default)]
struct World {
    snapshot: Snapshot,
    folder: Vec<File>,
}

impl World {
    fn catalog(&mut self, path: &str, content: &str) -> &mut File {
        self.folder.push(file(RepositoryIndex(0), path, FileRole::Catalog, content));
        self.folder.last_mut().expect("just pushed")
    }

    /// Every service in a repository of its own, with its documents and its first revision.
    fn services(&mut self, case: &Node) {
        let given = case.get("service").expect("`given.yaml` has a service");
        let others = items(case, "services").iter().map(|other| overlay(given, other));
        for (position, service) in std::iter::once(given.clone()).chain(others).enumerate() {
            let index = RepositoryIndex(u32::try_from(position).expect("few services"));
            self.snapshot.repositories.push(repository(&format!("parcels/repository-{position}")));
            let mut descriptor = file(index, "service.yaml", FileRole::Descriptor, &written(&service));
            let first = case.get("firstRevision").filter(|_| position == 0);
            if let Some(first) = first {
                let of_then = overlay(&service, first.get("service").unwrap_or(first));
                descriptor.first_text = Some(Text::new(&written(&of_then)));
                descriptor.first_change = Some(commit(text(first, "at").unwrap_or("2025-03-10")));
            }
            self.snapshot.files.push(descriptor);
            for document in items(case, "documents").iter().filter(|_| position == 0) {
                let path = text(document, "path").expect("a document has a path");
                let content = text(document, "text").expect("a document has a text");
                let last_change = text(document, "changed").map(commit);
                let document = file(index, path, FileRole::Document, content);
                self.snapshot.files.push(File { last_change, ..document });
            }
        }
    }

    /// Every exception in a file of its own, with the ends that git remembers.
    fn exceptions(&mut self, case: &Node) {
        let form = case.get("exceptionForm").expect("`given.yaml` has an exception");
        let written_out = items(case, "exception").iter().chain(items(case, "exceptions"));
        let implied = std::iter::once(form).filter(|_| implies_exception(case));
        for (position, over) in written_out.chain(implied).enumerate() {
            let record = overlay(form, over);
            let remembered: Vec<HistoricText> = items(case, "ends")
                .iter()
                .filter(|_| position == 0)
                .map(|end| HistoricText {
                    commit: commit(text(end, "at").expect("a revision has a day")),
                    text: match text(end, "removed") {
                        Some(_) => Text::new(""),
                        None => Text::new(&written(&overlay(&record, end.get("was").expect("what it was")))),
                    },
                })
                .collect();
            let (mut remembered, path) = (remembered, format!("exceptions/{position}.yaml"));
            if let Some(reviews) = case.get("codeReviews").filter(|_| position == 0) {
                let of_then = items(case, "ends").iter().zip(&remembered);
                let reviewed =
                    of_then.map(|(end, revision)| code_reviews::answer(end, &path, &revision.commit));
                self.snapshot.reviews.extend(reviewed);
                let last = commit(text(reviews, "at").unwrap_or("2026-09-03"));
                self.snapshot.reviews.push(code_reviews::answer(reviews, &path, &last));
                self.snapshot.reviews.sort_by(|a, b| (&a.path, &a.commit).cmp(&(&b.path, &b.commit)));
                let as_committed = overlay(&record, reviews.get("committed").unwrap_or(&record));
                remembered.push(HistoricText { commit: last, text: Text::new(&written(&as_committed)) });
            }
            let file = self.catalog(&path, &written(&record));
            file.first_change = remembered.first().map(|revision| revision.commit.clone());
            file.history = remembered;
        }
    }

    fn observed(&mut self, case: &Node) {
        self.snapshot.directories.extend(case.get("onGithub").map(code_reviews::directory));
        if let Some(quiet) = case.get("quietNights") {
            let of =
                |key: &str| text(quiet, key).expect("quiet nights have a first and a last one, and a count");
            self.snapshot.quiet.push(Quiet {
                exception: "EX-2026-0001".into(),
                since: of("since").into(),
                last: of("last").into(),
                nights: of("nights").parse().expect("a count"),
            });
        }
        if let Some(facts) = case.get("facts") {
            let content = Content::Text(Text::new(&written(facts)));
            self.snapshot.facts.push(FactsFile { source: "facts".into(), path: "all.json".into(), content });
        }
        for account in items(case, "observedAccounts") {
            let of =
                |key: &str| text(account, key).unwrap_or_else(|| panic!("an account has `{key}`")).into();
            self.snapshot.accounts.push(ObservedAccount {
                source: "aws".into(),
                unit: None,
                tags: None,
                carried: None,
                id: of("id"),
                name: of("name"),
                state: of("state"),
                path: text(account, "path").map(Into::into),
                collected_at: asked(),
            });
        }
        self.snapshot.tag_policies.extend(case.get("awsTagPolicies").map(tag_policies));
        self.snapshot.costs = costs::months(items(case, "costs"));
        if let Some(reason) = text(case, "unreadable") {
            let state = RepositoryState::Unreadable { reason: reason.into() };
            self.snapshot.repositories.push(Repository { state, ..repository("parcels/unreadable") });
        }
        for listing in case.get("listing").into_iter().chain(items(case, "listings")) {
            self.listing(listing);
        }
    }

    fn listing(&mut self, listing: &Node) {
        let resources = items(listing, "resources").iter().map(|resource| ObservedResource {
            arn: text(resource, "arn").expect("a resource has an ARN").into(),
            tags: tags(resource).into(),
            reported: resource.get("reported").map(|said| Arc::new(reported(said))),
        });
        self.snapshot.tag_listings.push(TagListing {
            source: "aws".into(),
            carried: None,
            account: text(listing, "account").expect("a listing has an account").into(),
            region: text(listing, "region").unwrap_or("eu-central-1").into(),
            principal: None,
            collected_at: asked(),
            answer: match text(listing, "refused") {
                Some(refused) => Err(refused.into()),
                None => Ok(resources.collect()),
            },
        });
    }

    fn resolve(self, configuration: &str) -> Catalog {
        let mut diagnostics = Diagnostics::default();
        let configuration = configuration::read(configuration, Path::new("milepost.yaml"), &mut diagnostics)
            .expect("the configuration of a case can be read");
        let folder =
            CatalogFolder { repository: repository("catalog"), files: self.folder, ..CatalogFolder::none() };
        Catalog::resolve(&self.snapshot, &folder, &configuration)
    }
}

/// When AWS was asked.
fn asked() -> Moment {
    Moment::parse("2026-11-20T03:10:00Z").expect("a moment")
}

pub(super) fn tags(resource: &Node) -> Vec<(Arc<str>, Arc<str>)> {
    let entries = resource.get("tags").and_then(Node::entries).unwrap_or_default();
    entries
        .iter()
        .map(|entry| match &entry.value.value {
            Value::Scalar(scalar) => ((&*entry.key).into(), (&*scalar.text).into()),
            _ => ((&*entry.key).into(), "".into()),
        })
        .collect()
}

fn file(repository: RepositoryIndex, path: &str, role: FileRole, content: &str) -> File {
    File {
        repository,
        path: path.into(),
        role,
        size: content.len() as u64,
        content: Content::Text(Text::new(content)),
        last_change: None,
        first_change: None,
        first_text: None,
        history: Vec::new(),
    }
}

fn repository(name: &str) -> Repository {
    Repository {
        name: name.into(),
        source: "cases".into(),
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

fn commit(day: &str) -> Commit {
    let at = Moment::parse(&format!("{day}T12:00:00Z")).expect("a day");
    Commit { id: day.into(), author: "Mira".into(), at }
}

/// The tag policies of the organisation: each its document and what it is attached to, or why they are not known.
fn tag_policies(said: &Node) -> TagPolicyListing {
    let policy = |(number, policy): (usize, &Node)| {
        let of = |key: &str| text(policy, key).unwrap_or_else(|| panic!("a policy has `{key}`"));
        let targets = vec![PolicyTarget { id: of("attachedTo").into(), name: "".into() }];
        ObservedTagPolicy::new(&format!("p-{number}"), of("name"), of("document"), targets)
    };
    let policies = said.items().unwrap_or_default().iter().enumerate().map(policy);
    TagPolicyListing {
        source: "aws".into(),
        collected_at: asked(),
        carried: None,
        answer: match text(said, "refused") {
            Some(refused) => Err(refused.into()),
            None => Ok(policies.collect()),
        },
    }
}

/// What the tag report of AWS says of a resource: the keys that it calls wrong.
fn reported(said: &Node) -> ReportedTags {
    let keys = |key: &str| items(said, key).iter().filter_map(written_key).collect();
    ReportedTags {
        complies: None,
        noncompliant_keys: keys("NoncompliantKeys"),
        keys_with_noncompliant_values: keys("KeysWithNoncompliantValues"),
    }
}

fn written_key(node: &Node) -> Option<Arc<str>> {
    match &node.value {
        Value::Scalar(scalar) => Some((*scalar.text).into()),
        _ => None,
    }
}
