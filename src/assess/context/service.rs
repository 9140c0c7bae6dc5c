//! A service as expressions see it: its record, its relations, and what was observed of it.

use std::cell::OnceCell;

use super::{Setting, answer};
use crate::assess::expression::{
    Attested, Context, DependencyFacts, DocumentFacts, DocumentState, FactAnswer, Observed, RepositoryFacts,
    ResourceFacts, Subject, Surroundings, TagFacts,
};
use crate::assess::facts::SubjectFacts;
use crate::assess::ownership::Owners;
use crate::assess::tags::{self, Expectations};
use crate::assess::{TagVerdicts, attestation};
use crate::catalog::files::{LeadsTo, ServiceDocument};
use crate::catalog::origin::Origin;
use crate::catalog::resource::Resource;
use crate::catalog::service::ServiceRecord;
use crate::catalog::{DependencyTarget, Service};
use crate::collect::snapshot::Content;
use crate::day::Day;

/// One environment or resource that is looked away from, to see whether a rule fails because of it alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeftOut<'a> {
    /// The environment.
    pub environment: Option<&'a str>,
    /// The ARN of the resource.
    pub resource: Option<&'a str>,
}

impl LeftOut<'_> {
    /// Whether nothing is.
    pub fn is_nothing(&self) -> bool {
        self.environment.is_none() && self.resource.is_none()
    }

    /// Whether a thing of this environment and ARN is left out: both must match when both are named.
    fn covers(&self, environment: Option<&str>, arn: Option<&str>) -> bool {
        !self.is_nothing()
            && self.environment.is_none_or(|wanted| environment == Some(wanted))
            && self.resource.is_none_or(|wanted| arn == Some(wanted))
    }

    /// `record` without what is left out.
    pub fn of(&self, record: &ServiceRecord) -> ServiceRecord {
        let mut rest = record.clone();
        if self.resource.is_none() {
            rest.environments
                .items
                .retain(|item| !self.covers(item.value.name.value().map(|name| name.as_str()), None));
        }
        if self.environment.is_none() {
            rest.data_stores
                .items
                .retain(|item| !self.covers(None, item.value.arn.value().map(|arn| &**arn)));
        }
        rest
    }
}

/// A service as expressions see it. Each part is computed when it is first asked for, once.
pub struct ServiceView<'a> {
    setting: Setting<'a>,
    service: &'a Service,
    record: &'a ServiceRecord,
    left_out: LeftOut<'a>,
    facts: SubjectFacts<'a>,
    documents: OnceCell<Vec<DocumentFacts<'a>>>,
    resources: OnceCell<Vec<ResourceFacts<'a>>>,
    tags: OnceCell<TagVerdicts>,
    dependencies: OnceCell<Vec<DependencyFacts<'a>>>,
}

impl<'a> ServiceView<'a> {
    /// The whole service.
    pub fn new(setting: Setting<'a>, service: &'a Service) -> Self {
        Self::without(setting, service, &service.record, LeftOut::default())
    }

    /// The service without what is left out; `record` is its record without it.
    pub fn without(
        setting: Setting<'a>,
        service: &'a Service,
        record: &'a ServiceRecord,
        left_out: LeftOut<'a>,
    ) -> Self {
        Self {
            setting,
            service,
            record,
            left_out,
            facts: setting.facts(&format!("service:{}", service.id)),
            documents: OnceCell::new(),
            resources: OnceCell::new(),
            tags: OnceCell::new(),
            dependencies: OnceCell::new(),
        }
    }

    /// The same, with verdicts on its tags that were found before.
    #[must_use]
    pub fn judged(self, tags: Option<&TagVerdicts>) -> Self {
        Self { tags: tags.cloned().map_or_else(OnceCell::new, OnceCell::from), ..self }
    }

    /// The service.
    pub fn service(&self) -> &'a Service {
        self.service
    }

    /// What surrounds it.
    pub fn setting(&self) -> Setting<'a> {
        self.setting
    }

    /// Facts about it.
    pub fn facts(&self) -> SubjectFacts<'a> {
        self.facts
    }

    /// What an expression is evaluated with.
    pub fn context(&self) -> Context<'_> {
        let catalog = self.setting.catalog;
        let path = self.service.golden_path.map(|path| &catalog.golden_paths[path]);
        let version = path.zip(self.service.golden_path_version).and_then(|(path, position)| {
            let version = path.record.versions.items.get(position)?;
            Some(Subject::new(&version.value, version.origin))
        });
        let team = self.service.owner.map(|owner| &catalog.teams[owner]);
        Context {
            service: Some(Subject::new(self.record, self.service.origin)),
            team: team.map(|team| Subject::new(&team.record, team.origin)),
            golden_path: path.map(|path| Subject::new(&path.record, path.origin)),
            golden_path_version: version,
            account: self.account(),
            surroundings: self,
            vocabulary: &catalog.vocabulary,
            today: self.setting.today,
        }
    }

    /// The declared account of the service: the one it names, else that of the first environment with one.
    fn account(&self) -> Option<Subject<'a>> {
        let named = self.record.account_id.value();
        let id = named.or_else(|| {
            self.service.environments.iter().find_map(|runs| Some(&runs.account.as_ref()?.value))
        })?;
        let declared = self.setting.catalog.accounts.by_id(id.as_str())?.declared.as_ref()?;
        Some(Subject::new(&declared.record, declared.origin))
    }

    fn own_resources(&self) -> impl Iterator<Item = (u32, &'a Resource, Option<&'a str>)> {
        let catalog = self.setting.catalog;
        self.service.resources.iter().filter_map(move |&index| {
            let resource = catalog.resources.get(index as usize)?;
            let environment = tags::environment(&catalog.tag_policy, resource);
            (!self.left_out.covers(environment, Some(&*resource.arn))).then_some((
                index,
                resource,
                environment,
            ))
        })
    }

    /// The verdicts on its tags, or why its resources are not known.
    pub fn verdicts(&self) -> Result<&TagVerdicts, &'a str> {
        if let Some(why) = &self.service.resources_unknown {
            return Err(why);
        }
        Ok(self.tags.get_or_init(|| {
            let catalog = self.setting.catalog;
            let expectations = Expectations::of(catalog, self.service, self.setting.today);
            let mut verdicts = TagVerdicts::none(&catalog.tag_policy);
            let owners = Owners::of(catalog);
            for (_, resource, _) in self.own_resources() {
                verdicts.add(&expectations, resource, owners.who(resource).contested);
            }
            verdicts
        }))
    }

    /// The verdicts on its tags, when an expression or a page asked for them or can.
    pub fn into_verdicts(self) -> Option<TagVerdicts> {
        self.verdicts().ok()?;
        self.tags.into_inner()
    }

    fn document(&self, link: &'a ServiceDocument) -> DocumentFacts<'a> {
        let catalog = self.setting.catalog;
        let state = match link.leads_to {
            LeadsTo::Nothing => DocumentState::Missing(link.origin),
            LeadsTo::Address => DocumentState::Unknown(
                format!("`{}` is an address outside the repository, where nobody looked", link.target).into(),
            ),
            LeadsTo::Document(index) => {
                let document = &catalog.documents[index];
                let origin = Origin::Document(document.file);
                match &document.content {
                    Content::Text(_) => DocumentState::Found {
                        written: document.written,
                        words: document.words,
                        last_changed: self.day_of_change(&catalog.files[document.file].last_change),
                        headings: document.headings.as_slice().into(),
                        origin,
                    },
                    Content::Missing => DocumentState::Missing(link.origin),
                    Content::TooLarge { .. } | Content::NotText { .. } | Content::Unreadable { .. } => {
                        DocumentState::Unreadable(origin)
                    }
                }
            }
        };
        DocumentFacts { name: &link.link, origin: link.origin, state }
    }

    fn day_of_change(&self, commit: &Option<crate::collect::snapshot::Commit>) -> Option<Day> {
        commit.as_ref().map(|commit| Day::of(commit.at, &self.setting.catalog.zone))
    }
}

impl Surroundings for ServiceView<'_> {
    fn repository(&self) -> Option<RepositoryFacts<'_>> {
        let catalog = self.setting.catalog;
        let file = &catalog.files[self.service.file];
        let rows = &catalog.ledger.repositories;
        let row = rows
            .binary_search_by(|row| row.repository.name.cmp(&file.repository))
            .ok()
            .map(|position| &rows[position].repository);
        Some(RepositoryFacts {
            name: &file.repository,
            url: file.repository_url.as_deref(),
            last_change: row.and_then(|row| self.day_of_change(&row.last_commit)),
            commit: file.commit.as_deref(),
            origin: Origin::Repository(self.service.file),
        })
    }

    fn documents(&self) -> &[DocumentFacts<'_>] {
        self.documents.get_or_init(|| {
            let mut documents: Vec<DocumentFacts<'_>> = Vec::new();
            for link in &self.service.documents {
                let document = self.document(link);
                // The targets of one link stand next to each other.
                match documents.pop_if(|last| last.name == document.name) {
                    Some(last) => {
                        documents.push(DocumentFacts { state: last.state.and(document.state), ..last })
                    }
                    None => documents.push(document),
                }
            }
            documents
        })
    }

    fn resources(&self) -> Observed<'_, &[ResourceFacts<'_>]> {
        if let Some(why) = &self.service.resources_unknown {
            return Observed::Unknown((&**why).into());
        }
        Observed::Known(self.resources.get_or_init(|| {
            let facts = self.own_resources().map(|(index, resource, environment)| ResourceFacts {
                resource,
                service: Some(self.service.id.as_str()),
                environment,
                origin: Origin::Resource(index),
            });
            facts.collect()
        }))
    }

    fn tags(&self) -> Observed<'_, TagFacts<'_>> {
        match self.verdicts() {
            Ok(verdicts) => {
                let listing = self.own_resources().next().map(|(_, resource, _)| resource.listing);
                let origin = listing.map_or(Origin::Default, Origin::TagListing);
                Observed::Known(TagFacts { policy: &self.setting.catalog.tag_policy, verdicts, origin })
            }
            Err(why) => Observed::Unknown(why.into()),
        }
    }

    fn dependencies(&self) -> Option<(&[DependencyFacts<'_>], Origin)> {
        let origin = self.record.depends_on.origin?;
        let services = &self.setting.catalog.services;
        let facts = self.dependencies.get_or_init(|| {
            let known = self.service.depends_on.iter().filter_map(|dependency| {
                let record = match dependency.target {
                    DependencyTarget::Service(target) => Some(&services[target].record),
                    DependencyTarget::Missing => None,
                    DependencyTarget::Resource | DependencyTarget::External => return None,
                };
                Some(DependencyFacts {
                    id: &dependency.name,
                    kind: dependency.kind,
                    record,
                    origin: dependency.origin,
                })
            });
            known.collect()
        });
        Some((facts, origin))
    }

    fn fact(&self, name: &str) -> FactAnswer<'_> {
        answer(&self.facts, name)
    }

    fn attested(&self, name: &str) -> Attested<'_> {
        attestation::of_service(self.record, name, self.setting.today)
    }
}
