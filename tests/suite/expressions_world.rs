//! A small world around one service, read from a case: what an expression can ask for.

use std::sync::Arc;

use milepost::assess::expression::{
    Attested, Context, DependencyFacts, DocumentFacts, DocumentState, FactAnswer, Observed, RepositoryFacts,
    ResourceFacts, ServiceCounts, Subject, Surroundings, TagFacts,
};
use milepost::assess::{TagCounts, TagVerdicts};
use milepost::catalog::account::Account;
use milepost::catalog::golden_path::{GoldenPath, Version};
use milepost::catalog::id::AccountId;
use milepost::catalog::origin::{FileIndex, Origin};
use milepost::catalog::policy::TagPolicy;
use milepost::catalog::reader::{Reader, Source};
use milepost::catalog::record::{Fields, Record};
use milepost::catalog::resource::{FactValue, Resource};
use milepost::catalog::service::{DependencyKind, ServiceRecord};
use milepost::catalog::team::Team;
use milepost::catalog::vocabulary::Vocabulary;
use milepost::catalog::yaml::{Mark, Node};
use milepost::day::Day;
use milepost::diagnostic::Diagnostics;

/// The day of all cases: D.
pub(super) const TODAY: &str = "2026-11-21";

/// Everything a case says about the world.
#[derive(Default)]
pub(super) struct World {
    service: Option<ServiceRecord>,
    team: Option<Team>,
    golden_path: Option<GoldenPath>,
    golden_path_version: Option<Version>,
    account: Option<Account>,
    /// Its name and its address.
    repository: Option<(String, String)>,
    facts: Vec<(String, Fact)>,
    attested: Vec<(String, String)>,
    documents: Vec<(String, Vec<Box<str>>, Node)>,
    resources: Option<Result<Vec<Found>, String>>,
    tags: Option<Result<(TagPolicy, TagVerdicts), String>>,
    dependencies: Option<Vec<(String, DependencyKind, Option<ServiceRecord>)>>,
    services: Option<ServiceCounts>,
    vocabulary: Vocabulary,
}

/// A resource with the service it belongs to and the environment it names.
struct Found {
    resource: Resource,
    service: Option<String>,
    environment: Option<String>,
}

enum Fact {
    Known(FactValue, Day),
    Stale(String),
}

/// The text under `key`.
pub(super) fn text(node: &Node, key: &str) -> Option<String> {
    Some(node.get(key)?.scalar()?.text.to_string())
}

/// The texts of the list under `key`.
pub(super) fn texts(node: &Node, key: &str) -> Vec<String> {
    let items = node.get(key).and_then(Node::items).unwrap_or_default();
    items.iter().filter_map(|item| Some(item.scalar()?.text.to_string())).collect()
}

fn record<R: Record>(node: Option<&Node>) -> Option<R> {
    let source = Source::new(FileIndex(0), "cases".into(), "expressions.yaml".into(), "");
    let mut diagnostics = Diagnostics::default();
    let vocabulary = Vocabulary::default();
    let mut reader = Reader { source: &source, vocabulary: &vocabulary, diagnostics: &mut diagnostics };
    R::read_node(node?, &mut reader)
}

fn entries<T>(node: &Node, key: &str, read: impl Fn(&str, &Node) -> T) -> Vec<T> {
    let entries = node.get(key).and_then(Node::entries).unwrap_or_default();
    entries.iter().map(|entry| read(&entry.key, &entry.value)).collect()
}

fn day(text: &str) -> Day {
    Day::parse(text).expect("a day")
}

fn origin(node: &Node) -> Origin {
    Origin::File { file: FileIndex(0), mark: node.mark }
}

fn here() -> Origin {
    Origin::File { file: FileIndex(0), mark: Mark { line: 1, column: 1 } }
}

fn fact(node: &Node) -> Fact {
    if let Some(reason) = text(node, "stale") {
        return Fact::Stale(reason);
    }
    let observed = text(node, "observed").unwrap_or_else(|| TODAY.to_owned());
    let scalar = node.get("value").unwrap_or(node).scalar().expect("the value of a fact");
    let value = match &*scalar.text {
        written if scalar.quoted => FactValue::Text(written.into()),
        "true" => FactValue::Bool(true),
        "false" => FactValue::Bool(false),
        written => written.parse().map_or_else(|_| FactValue::Text(written.into()), FactValue::Number),
    };
    Fact::Known(value, day(&observed))
}

fn resource(node: &Node) -> Found {
    let resource = Resource {
        arn: text(node, "arn").unwrap_or_default().into(),
        resource_type: text(node, "type").unwrap_or_default().into(),
        account: text(node, "account").and_then(|id| AccountId::new(&id)),
        region: text(node, "region").unwrap_or_default().into(),
        tags: entries(node, "tags", |key, value| {
            (Arc::from(key), Arc::from(&*value.scalar().expect("a tag's value").text))
        })
        .into(),
        reported: None,
        listing: 0,
        service: None,
    };
    Found { resource, service: text(node, "service"), environment: text(node, "environment") }
}

fn dependency(node: &Node) -> (String, DependencyKind, Option<ServiceRecord>) {
    let kind = text(node, "kind").and_then(|word| DependencyKind::parse(&word));
    (text(node, "id").expect("an id"), kind.unwrap_or(DependencyKind::Hard), record(node.get("record")))
}

fn counts(node: &Node) -> TagCounts {
    let number = |key| text(node, key).map_or(0, |text| text.parse().expect("a count"));
    TagCounts {
        ok: number("ok"),
        missing: number("missing"),
        wrong_case: number("wrongCase"),
        wrong_value: number("wrongValue"),
        unknown: number("unknown"),
        exempt: number("exempt"),
        contested: number("contested"),
    }
}

fn tags(node: &Node) -> (TagPolicy, TagVerdicts) {
    let policy = record(Some(node)).expect("a tag policy");
    let total = text(node, "x-total").map_or(0, |text| text.parse().expect("a count"));
    (policy, TagVerdicts { total, keys: entries(node, "x-verdicts", |_, counts_of| counts(counts_of)) })
}

/// What is under `key`, or why it is unknown.
fn observed<T>(node: &Node, key: &str, read: impl Fn(&Node) -> T) -> Option<Result<T, String>> {
    let node = node.get(key)?;
    Some(match text(node, "unknown") {
        Some(reason) => Err(reason),
        None => Ok(read(node)),
    })
}

impl World {
    /// The world of a case.
    pub(super) fn read(case: &Node) -> Self {
        Self {
            service: record(case.get("service")),
            team: record(case.get("team")),
            golden_path: record(case.get("goldenPath")),
            golden_path_version: record(case.get("goldenPathVersion")),
            account: record(case.get("account")),
            repository: text(case, "repository").map(|name| {
                let url = format!("https://git.example.com/{name}");
                (name, url)
            }),
            facts: entries(case, "facts", |name, node| (name.to_owned(), fact(node))),
            attested: entries(case, "attested", |name, node| {
                (name.to_owned(), node.scalar().map_or(String::new(), |state| state.text.to_string()))
            }),
            documents: entries(case, "documents", |name, node| {
                let headings = texts(node, "headings").into_iter().map(Box::from).collect();
                (name.to_owned(), headings, node.clone())
            }),
            resources: observed(case, "resources", |node| {
                node.items().unwrap_or_default().iter().map(resource).collect()
            }),
            tags: observed(case, "tags", tags),
            dependencies: case
                .get("dependencies")
                .and_then(Node::items)
                .map(|items| items.iter().map(dependency).collect()),
            services: case.get("services").map(|node| {
                let number = |key| text(node, key).map_or(0, |text| text.parse().expect("a count"));
                ServiceCounts { total: number("total"), on_supported_version: number("onSupportedVersion") }
            }),
            vocabulary: Vocabulary::default(),
        }
    }

    /// Hands the context of this world to `use_it`.
    pub(super) fn with<T>(&self, use_it: impl FnOnce(&Context<'_>) -> T) -> T {
        let documents = self.documents.iter().map(|(name, headings, node)| DocumentFacts {
            name,
            origin: origin(node),
            state: document_state(node, headings),
        });
        let resources = match &self.resources {
            Some(Ok(resources)) => resources
                .iter()
                .map(|found| ResourceFacts {
                    resource: &found.resource,
                    service: found.service.as_deref(),
                    environment: found.environment.as_deref(),
                    origin: here(),
                })
                .collect(),
            _ => Vec::new(),
        };
        let dependencies = self.dependencies.iter().flatten().map(|(id, kind, record)| DependencyFacts {
            id,
            kind: *kind,
            record: record.as_ref(),
            origin: here(),
        });
        let surroundings = Around {
            world: self,
            documents: documents.collect(),
            resources,
            dependencies: dependencies.collect(),
        };
        fn subject(fields: Option<&impl Record>) -> Option<Subject<'_>> {
            fields.map(|fields| Subject::new(fields as &dyn Fields, here()))
        }
        use_it(&Context {
            service: subject(self.service.as_ref()),
            team: subject(self.team.as_ref()),
            golden_path: subject(self.golden_path.as_ref()),
            golden_path_version: subject(self.golden_path_version.as_ref()),
            account: subject(self.account.as_ref()),
            surroundings: &surroundings,
            vocabulary: &self.vocabulary,
            today: day(TODAY),
        })
    }
}

fn document_state<'a>(node: &Node, headings: &'a [Box<str>]) -> DocumentState<'a> {
    match text(node, "state").as_deref() {
        Some("missing") => DocumentState::Missing(origin(node)),
        Some("unreadable") => DocumentState::Unreadable(origin(node)),
        Some("address") => DocumentState::Unknown("nobody looked behind the address".into()),
        _ => DocumentState::Found {
            written: text(node, "written").is_none_or(|written| written == "true"),
            words: text(node, "words").map_or(0, |words| words.parse().expect("a count")),
            last_changed: text(node, "lastChanged").map(|text| day(&text)),
            headings: headings.into(),
            origin: origin(node),
        },
    }
}

struct Around<'w> {
    world: &'w World,
    documents: Vec<DocumentFacts<'w>>,
    resources: Vec<ResourceFacts<'w>>,
    dependencies: Vec<DependencyFacts<'w>>,
}

impl Surroundings for Around<'_> {
    fn repository(&self) -> Option<RepositoryFacts<'_>> {
        self.world.repository.as_ref().map(|(name, url)| RepositoryFacts {
            name,
            url: Some(url),
            last_change: Some(day("2026-11-01")),
            commit: Some("4f1c2d"),
            origin: here(),
        })
    }

    fn documents(&self) -> &[DocumentFacts<'_>] {
        &self.documents
    }

    fn resources(&self) -> Observed<'_, &[ResourceFacts<'_>]> {
        match &self.world.resources {
            Some(Err(reason)) => Observed::Unknown(reason.as_str().into()),
            Some(Ok(_)) => Observed::Known(&self.resources),
            None => Observed::Unknown("no AWS listing was collected".into()),
        }
    }

    fn tags(&self) -> Observed<'_, TagFacts<'_>> {
        match &self.world.tags {
            Some(Ok((policy, verdicts))) => {
                Observed::Known(TagFacts { policy, verdicts, origin: Origin::TagListing(0) })
            }
            Some(Err(reason)) => Observed::Unknown(reason.as_str().into()),
            None => Observed::Unknown("no AWS listing was collected".into()),
        }
    }

    fn dependencies(&self) -> Option<(&[DependencyFacts<'_>], Origin)> {
        self.world.dependencies.as_ref().map(|_| (self.dependencies.as_slice(), here()))
    }

    fn services(&self) -> Option<ServiceCounts> {
        self.world.services
    }

    fn fact(&self, name: &str) -> FactAnswer<'_> {
        match self.world.facts.iter().find(|(known, _)| known == name) {
            Some((_, Fact::Known(value, observed_on))) => {
                FactAnswer::Known { value, origin: here(), observed_on: *observed_on }
            }
            Some((_, Fact::Stale(reason))) => FactAnswer::Stale(reason.as_str().into()),
            None => FactAnswer::NotCollected,
        }
    }

    fn attested(&self, name: &str) -> Attested<'_> {
        match self.world.attested.iter().find(|(known, _)| known == name) {
            Some((_, state)) if state == "valid" => Attested::Valid(here()),
            Some((_, reason)) => Attested::Lapsed(reason.as_str().into(), here()),
            None => Attested::Never,
        }
    }
}
