//! The made-up subject of a rule test as expressions see it. Nothing around it is looked up in the
//! catalog, so that a test means the same whatever the organisation looks like; only its words count.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::Setting;
use crate::assess::attestation;
use crate::assess::expression::{
    Attested, Context, DependencyFacts, DocumentFacts, DocumentState, FactAnswer, Observed, RepositoryFacts,
    ResourceFacts, ServiceCounts, Subject as Seen, Surroundings, TagFacts,
};
use crate::assess::{TagCounts, TagVerdicts};
use crate::catalog::field::{Section, Sourced};
use crate::catalog::origin::Origin;
use crate::catalog::record::Record;
use crate::catalog::resource::{FactValue, Resource};
use crate::catalog::rule_test::{RuleTest, TestDocumentState, TestResource, count};
use crate::catalog::scorecard::Subject;
use crate::catalog::service::DependencyKind;
use crate::day::Day;

/// What a test makes up, in the forms in which expressions ask for it.
#[derive(Debug)]
pub struct Scene<'a> {
    setting: Setting<'a>,
    subject: Subject,
    test: &'a Sourced<RuleTest>,
    today: Day,
    headings: Vec<Vec<Box<str>>>,
    facts: BTreeMap<&'a str, Observation>,
    resources: Vec<Resource>,
    verdicts: TagVerdicts,
}

#[derive(Debug)]
struct Observation {
    value: FactValue,
    origin: Origin,
    on: Day,
}

impl<'a> Scene<'a> {
    /// The scene of `test`, which is about a `subject`.
    pub fn of(setting: Setting<'a>, subject: Subject, test: &'a Sourced<RuleTest>) -> Self {
        let written = &test.value;
        let today = written.today.value().copied().unwrap_or(setting.today);
        let headings = |document: &Sourced<crate::catalog::rule_test::TestDocument>| {
            document.value.headings.values().cloned().collect()
        };
        let facts = written.facts.entries.iter().filter_map(|(name, fact)| {
            let value = FactValue::of(fact.value.value.value()?)?;
            let on = fact.value.observed_at.value().copied().unwrap_or(today);
            Some((&**name, Observation { value, origin: fact.origin, on }))
        });
        Self {
            setting,
            subject,
            test,
            today,
            headings: written.documents.entries.iter().map(|(_, document)| headings(document)).collect(),
            facts: facts.collect(),
            resources: written.resources.values().map(resource).collect(),
            verdicts: verdicts(setting, written),
        }
    }

    /// The scene as expressions see it.
    pub fn view(&self) -> SceneView<'_> {
        let test = &self.test.value;
        let documents = test.documents.entries.iter().zip(&self.headings);
        let documents = documents.map(|((name, document), headings)| DocumentFacts {
            name,
            origin: document.origin,
            state: match document.value.state.value().copied().unwrap_or(TestDocumentState::Written) {
                TestDocumentState::Missing => DocumentState::Missing(document.origin),
                TestDocumentState::Address => {
                    DocumentState::Unknown("nobody looked at the address outside the repository".into())
                }
                state => DocumentState::Found {
                    written: state == TestDocumentState::Written,
                    words: count(&document.value.words),
                    last_changed: document.value.last_changed.value().copied(),
                    headings: Cow::Borrowed(headings),
                    origin: document.origin,
                },
            },
        });
        let resources = self.resources.iter().zip(&test.resources.items);
        let resources = resources.map(|(resource, written)| ResourceFacts {
            resource,
            service: test.service.service_id.value().map(|id| id.as_str()),
            environment: written.value.environment.value().map(|name| &**name),
            origin: written.origin,
        });
        let dependencies = test.dependencies.items.iter().map(|dependency| {
            let record = &dependency.value.service;
            DependencyFacts {
                id: dependency.value.id.value().map_or("", |id| id),
                kind: dependency.value.kind.value().copied().unwrap_or(DependencyKind::Hard),
                record: record.origin.map(|_| &record.fields),
                origin: dependency.origin,
            }
        });
        SceneView {
            scene: self,
            documents: documents.collect(),
            resources: resources.collect(),
            dependencies: dependencies.collect(),
        }
    }
}

fn resource(written: &TestResource) -> Resource {
    let text = |field: &crate::catalog::field::Field<Box<str>>| -> std::sync::Arc<str> {
        field.value().map_or_else(|| "".into(), |text| (&**text).into())
    };
    let tags = written.tags.entries.iter();
    Resource {
        arn: text(&written.arn),
        resource_type: text(&written.resource_type),
        account: written.account.value().cloned(),
        region: text(&written.region),
        tags: tags.map(|(key, value)| ((&**key).into(), (&*value.value).into())).collect(),
        reported: None,
        listing: 0,
        service: None,
    }
}

/// The verdicts on every required key: those that the test gives; all others are right everywhere.
fn verdicts(setting: Setting<'_>, test: &RuleTest) -> TagVerdicts {
    let given = &test.tags;
    let total = given.entries.iter().map(|(_, tag)| tag.value.total()).max().unwrap_or(0);
    let counts = |key: &str| match given.get(key) {
        None => TagCounts { ok: total, ..TagCounts::default() },
        Some(Sourced { value: tag, .. }) => TagCounts {
            ok: count(&tag.ok),
            missing: count(&tag.missing),
            wrong_case: count(&tag.wrong_case),
            wrong_value: count(&tag.wrong_value),
            unknown: count(&tag.unknown),
            exempt: count(&tag.exempt),
            contested: count(&tag.contested),
        },
    };
    let required = setting.catalog.tag_policy.required.values();
    let keys = required.map(|tag| counts(tag.key.value().map_or("", |key| key))).collect();
    TagVerdicts { total, keys }
}

/// A scene as expressions see it.
pub struct SceneView<'s> {
    scene: &'s Scene<'s>,
    documents: Vec<DocumentFacts<'s>>,
    resources: Vec<ResourceFacts<'s>>,
    dependencies: Vec<DependencyFacts<'s>>,
}

impl SceneView<'_> {
    /// What an expression is evaluated with.
    pub fn context(&self) -> Context<'_> {
        let Scene { setting, subject, test, today, .. } = self.scene;
        let written = &test.value;
        // The subject itself is there even when the test says nothing of it.
        let judged = |fields, origin: Option<Origin>| Seen::new(fields, origin.unwrap_or(test.origin));
        let service =
            (*subject == Subject::Service).then(|| judged(&written.service.fields, written.service.origin));
        let path = match subject {
            Subject::GoldenPath => Some(judged(&written.golden_path.fields, written.golden_path.origin)),
            _ => seen(&written.golden_path),
        };
        Context {
            service,
            team: seen(&written.team),
            golden_path: path,
            golden_path_version: seen(&written.golden_path_version),
            account: seen(&written.account),
            surroundings: self,
            vocabulary: &setting.catalog.vocabulary,
            today: *today,
        }
    }
}

fn seen<T: Record>(section: &Section<T>) -> Option<Seen<'_>> {
    Some(Seen::new(&section.fields, section.origin?))
}

impl Surroundings for SceneView<'_> {
    fn repository(&self) -> Option<RepositoryFacts<'_>> {
        let repository = &self.scene.test.value.repository;
        Some(RepositoryFacts {
            name: repository.name.value().map_or("", |name| name),
            url: repository.url.value().map(|url| &**url),
            last_change: repository.last_change.value().copied(),
            commit: repository.commit.value().map(|commit| &**commit),
            origin: repository.origin?,
        })
    }

    fn documents(&self) -> &[DocumentFacts<'_>] {
        &self.documents
    }

    fn resources(&self) -> Observed<'_, &[ResourceFacts<'_>]> {
        match self.scene.test.value.resources.origin {
            Some(_) => Observed::Known(&self.resources),
            None => Observed::Unknown("the test gives no `resources`".into()),
        }
    }

    fn tags(&self) -> Observed<'_, TagFacts<'_>> {
        let Scene { setting, verdicts, test, .. } = self.scene;
        match test.value.tags.origin {
            Some(origin) => {
                Observed::Known(TagFacts { policy: &setting.catalog.tag_policy, verdicts, origin })
            }
            None => Observed::Unknown("the test gives no `tags`".into()),
        }
    }

    fn dependencies(&self) -> Option<(&[DependencyFacts<'_>], Origin)> {
        Some((&self.dependencies, self.scene.test.value.dependencies.origin?))
    }

    fn services(&self) -> Option<ServiceCounts> {
        let services = &self.scene.test.value.services;
        Some(ServiceCounts {
            total: count(&services.total),
            on_supported_version: count(&services.on_supported_version),
        })
    }

    fn fact(&self, name: &str) -> FactAnswer<'_> {
        match self.scene.facts.get(name) {
            Some(observed) => FactAnswer::Known {
                value: &observed.value,
                origin: observed.origin,
                observed_on: observed.on,
            },
            None => FactAnswer::NotCollected,
        }
    }

    fn attested(&self, name: &str) -> Attested<'_> {
        let test = &self.scene.test.value;
        match self.scene.subject {
            Subject::Service => attestation::of_service(&test.service.fields, name, self.scene.today),
            Subject::GoldenPath => {
                attestation::of_golden_path(&test.golden_path.fields, name, self.scene.today)
            }
            Subject::Account => Attested::Never,
        }
    }
}
