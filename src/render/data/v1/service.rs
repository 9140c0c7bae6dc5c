//! `services/<id>.json`: everything known of one service.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::availability::Availability;
use super::change::Change;
use super::next_step::{NextStep, next_steps};
use super::observed::Observed;
use super::problem::Problem;
use super::result::{Question, Result, Said, Why, readiness, results};
use super::value::{Field, Origin, fields};
use crate::assess::{TagCounts, TagVerdicts};
use crate::catalog::files::LeadsTo;
use crate::catalog::service::DependencyKind;
use crate::catalog::table::Index;
use crate::catalog::{self, Catalog, DependencyTarget};
use crate::render::documents;
use crate::render::links::Place;
use crate::render::portal::Portal;

/// Everything known of one service.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Service<'a> {
    /// Former ids.
    pub aliases: Vec<&'a str>,
    /// What moved since the last run.
    pub changes: Vec<Change<'a>>,
    /// Every document that claims its id, when there are several; then nothing is judged.
    pub conflict: Vec<Claim<'a>>,
    /// What it depends on, and what depends on it.
    pub dependencies: Dependencies<'a>,
    /// Documents and addresses that it names.
    pub documents: Vec<Document<'a>>,
    /// Exceptions that name it.
    pub exceptions: Vec<Exception<'a>>,
    /// What is declared, by path, such as `slo.availability`.
    pub fields: BTreeMap<String, Field<'a>>,
    /// What does not fit: with what it depends on, with the data it holds, with its end.
    pub findings: Vec<Said<'a>>,
    /// Its id.
    pub id: &'a str,
    /// The name people say; else the id.
    pub name: &'a str,
    /// What leads to the next level of each scorecard, the cheapest first.
    pub next_steps: Vec<NextStep<'a>>,
    /// Facts about it: what was observed outside its record.
    pub observed: Vec<Observed<'a>>,
    /// What might not fit, and cannot be said because something is not known.
    pub open_questions: Vec<Said<'a>>,
    /// Who answers for it.
    pub owner: Owner<'a>,
    /// The seven questions, in their order.
    pub ownership_questions: Vec<Question<'a>>,
    /// What its files have wrong.
    pub problems: Vec<Problem<'a>>,
    /// Id of the scorecard whose score is its readiness.
    pub readiness: Option<&'a str>,
    /// Its resources.
    pub resources: Resources<'a>,
    /// Results by scorecard.
    pub scorecards: BTreeMap<&'a str, Result<'a>>,
    /// Since when its record is carried over from an earlier run, when it is, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stale: Option<Stale<'a>>,
    /// Its migration tier; absent while its id is claimed twice.
    pub tier: Option<Tier<'a>>,
}

/// That a record is as an earlier run saw it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Stale<'a> {
    /// Why it was not seen again.
    pub reason: &'a str,
    /// When it was seen last.
    pub since: String,
}

/// One document that claims an id.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Claim<'a> {
    /// Where it begins.
    pub origin: Origin<'a>,
    /// The owner it names.
    pub owner_team: Option<&'a str>,
}

/// Dependencies in both directions.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Dependencies<'a> {
    /// What it promises against what it rests on, when it promises an availability and needs something.
    pub availability: Option<Availability<'a>>,
    /// Ids of services that depend on it.
    pub dependents: Vec<&'a str>,
    /// What it depends on.
    pub depends_on: Vec<Dependency<'a>>,
}

/// One thing that a service depends on.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Dependency<'a> {
    /// Whether the catalog has the service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found: Option<bool>,
    /// `hard` or `soft`.
    pub kind: &'static str,
    /// Id of the service, or name of what else it is.
    pub name: &'a str,
    /// Where it says so.
    pub origin: Origin<'a>,
    /// `service`, `resource` or `external`.
    pub target: &'static str,
}

/// One document or address.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Document<'a> {
    /// The name of the link, such as `runbook`.
    pub link: &'a str,
    /// Where it is written.
    pub origin: Origin<'a>,
    /// Its page in the portal, relative to the root.
    pub page: Option<String>,
    /// `document`, `address` or `missing`.
    pub state: &'static str,
    /// As written.
    pub target: &'a str,
    /// Its title.
    pub title: Option<&'a str>,
    /// How many words it has.
    pub words: Option<u32>,
    /// Whether it is more than the empty template.
    pub written: Option<bool>,
}

/// One exception that names the service.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Exception<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its state.
    pub state: &'static str,
    /// Whether it waives anything.
    pub waives: bool,
}

/// Who answers for a service.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Owner<'a> {
    /// As written.
    pub declared: Option<&'a str>,
    /// The route that alarms take.
    pub on_call: Option<&'a str>,
    /// Id of the team, when the catalog has it.
    pub team: Option<&'a str>,
}

/// Resources of a service.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Resources<'a> {
    /// How many of each type.
    pub by_type: BTreeMap<&'a str, usize>,
    /// Resources by verdict on each required key; absent when they are not known.
    pub tag_compliance: Option<BTreeMap<&'a str, Tags>>,
    /// How many there are, of those that carry or carried a tag; absent when they are not known.
    pub total: Option<usize>,
    /// Why they are not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unknown: Option<&'a str>,
}

/// Resources by verdict on one key.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Tags {
    /// Right, were it not that somebody else claims the resource.
    pub contested: u32,
    /// Not judged, by policy.
    pub exempt: u32,
    /// Not there.
    pub missing: u32,
    /// Right.
    pub ok: u32,
    /// There with the name of a service that may be described where nobody could look.
    pub unknown: u32,
    /// There in another case.
    pub wrong_case: u32,
    /// There with another value.
    pub wrong_value: u32,
}

/// A migration tier with its reasons.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Tier<'a> {
    /// What is missing for the next better tier.
    pub missing_for_next: Vec<Why<'a>>,
    /// The next better tier.
    pub next: Option<&'static str>,
    /// Why it is this one.
    pub reasons: Vec<Why<'a>>,
    /// The tier.
    pub value: &'static str,
}

impl<'a> Service<'a> {
    pub(super) fn of(portal: &'a Portal<'_>, index: Index<catalog::Service>) -> Self {
        let catalog = portal.catalog;
        let service = &catalog.services[index];
        let judged = &portal.assessment.services[index.position()];
        let view = portal.explainer.service(service).judged(judged.tags.as_ref());
        let record = &service.record;
        let exception = |index: &Index<catalog::Exception>| {
            let state = portal.assessment.exceptions[index.position()].state;
            let id = &*catalog.exceptions[*index].id;
            Exception { id, state: state.word(), waives: state.is_in_force() }
        };
        let claim = |claim: &'a catalog::Claim| Claim {
            origin: Origin::of(catalog, claim.origin),
            owner_team: claim.owner_team.as_deref(),
        };
        Self {
            aliases: record.aliases.values().map(|alias| alias.as_str()).collect(),
            changes: portal
                .changes_of(service.id.as_str())
                .map(|change| Change::of(change, Some(catalog)))
                .collect(),
            conflict: service.conflict.iter().map(claim).collect(),
            dependencies: dependencies(catalog, service),
            documents: documents(catalog, service),
            exceptions: judged.exceptions.iter().map(exception).collect(),
            fields: fields(catalog, record),
            findings: Said::of(catalog, &judged.findings),
            id: service.id.as_str(),
            name: record.display_name.value().map_or(service.id.as_str(), |name| name),
            next_steps: next_steps(portal, judged),
            observed: Observed::of(portal, service),
            open_questions: Said::of(catalog, &judged.open_questions),
            owner: Owner {
                declared: record.owner_team.value().map(|team| &**team),
                on_call: record.on_call.value().map(|route| &**route),
                team: service.owner.map(|team| catalog.teams[team].id.as_str()),
            },
            ownership_questions: Question::of(catalog, &judged.questions),
            problems: Problem::at(portal, portal.relations.problems.of_service(index.position())),
            readiness: readiness(catalog, &judged.subject),
            resources: resources(catalog, service, judged.tags.as_ref()),
            scorecards: results(portal, &judged.subject, &view.context()),
            stale: catalog.files[service.file]
                .carried
                .as_ref()
                .map(|carried| Stale { reason: &carried.reason, since: carried.since.to_string() }),
            tier: judged.tier.as_ref().map(|verdict| Tier {
                missing_for_next: Why::of(catalog, &verdict.missing_for_next),
                next: verdict.next.map(|tier| tier.word()),
                reasons: Why::of(catalog, &verdict.reasons),
                value: verdict.tier.word(),
            }),
        }
    }
}

fn dependencies<'a>(catalog: &'a Catalog, service: &'a catalog::Service) -> Dependencies<'a> {
    let depends_on = service.depends_on.iter().map(|dependency| Dependency {
        found: match dependency.target {
            DependencyTarget::Service(_) => Some(true),
            DependencyTarget::Missing => Some(false),
            DependencyTarget::Resource | DependencyTarget::External => None,
        },
        kind: match dependency.kind {
            DependencyKind::Hard => "hard",
            DependencyKind::Soft => "soft",
        },
        name: &dependency.name,
        origin: Origin::of(catalog, dependency.origin),
        target: match dependency.target {
            DependencyTarget::Service(_) | DependencyTarget::Missing => "service",
            DependencyTarget::Resource => "resource",
            DependencyTarget::External => "external",
        },
    });
    let dependents = service.dependents.iter().map(|index| catalog.services[*index].id.as_str());
    Dependencies {
        availability: Availability::of(catalog, service),
        dependents: dependents.collect(),
        depends_on: depends_on.collect(),
    }
}

fn documents<'a>(catalog: &'a Catalog, service: &'a catalog::Service) -> Vec<Document<'a>> {
    let shown = documents::shown(catalog, service);
    let document = |link: &'a catalog::files::ServiceDocument| {
        let (state, document) = match link.leads_to {
            LeadsTo::Document(position) => ("document", catalog.documents.get(position)),
            LeadsTo::Address => ("address", None),
            LeadsTo::Nothing => ("missing", None),
        };
        let page = shown
            .iter()
            .find(|shown| std::ptr::eq(shown.link, link))
            .map(|shown| Place::Document(service.id.as_str(), &shown.name).path().as_str().to_owned());
        Document {
            link: &link.link,
            origin: Origin::of(catalog, link.origin),
            page,
            state,
            target: &link.target,
            title: document.map(|document| &*document.title),
            words: document.map(|document| document.words),
            written: document.map(|document| document.written),
        }
    };
    service.documents.iter().map(document).collect()
}

impl Tags {
    /// What scripts see of `counts`.
    pub(super) fn of(counts: &TagCounts) -> Self {
        Self {
            contested: counts.contested,
            exempt: counts.exempt,
            missing: counts.missing,
            ok: counts.ok,
            unknown: counts.unknown,
            wrong_case: counts.wrong_case,
            wrong_value: counts.wrong_value,
        }
    }
}

fn resources<'a>(
    catalog: &'a Catalog,
    service: &'a catalog::Service,
    verdicts: Option<&TagVerdicts>,
) -> Resources<'a> {
    let mut by_type: BTreeMap<&str, usize> = BTreeMap::new();
    for index in &service.resources {
        *by_type.entry(&catalog.resources[*index as usize].resource_type).or_default() += 1;
    }
    let compliance = verdicts.map(|verdicts| {
        let keys = catalog.tag_policy.required.values().zip(&verdicts.keys);
        let tags = keys.filter_map(|(required, counts)| Some((&**required.key.value()?, Tags::of(counts))));
        tags.collect()
    });
    let unknown = service.resources_unknown.as_deref();
    Resources {
        by_type,
        tag_compliance: compliance,
        total: unknown.is_none().then_some(service.resources.len()),
        unknown,
    }
}
