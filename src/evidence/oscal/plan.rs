//! The assessment plan: which controls are reviewed, by which rules, and on what.

use serde::Serialize;

use super::shapes::{
    Activity, All, Assets, AssociatedActivity, BackMatter, Component, ComponentStatus, ControlSelection,
    Import, Metadata, OnDate, Platform, Property, ReviewedControls, SubjectSelection, Task, Timing,
    UsedComponent,
};
use super::tally::{Subject, Tested};
use super::wording::{Markup, Uuid};
use super::{Document, control_ids};
use crate::catalog::Catalog;
use crate::catalog::lifecycle::LifecycleState;
use crate::evidence::paths;

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct PlanDocument {
    assessment_plan: Plan,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Plan {
    uuid: Uuid,
    metadata: Metadata,
    import_ssp: Import,
    local_definitions: Definitions,
    reviewed_controls: ReviewedControls,
    assessment_subjects: [SubjectSelection; 1],
    assessment_assets: Assets,
    tasks: [Task; 1],
    back_matter: BackMatter,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Definitions {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    components: Vec<Component>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    activities: Vec<Activity>,
}

/// The plan.
pub(super) fn of(document: &Document<'_, '_>) -> PlanDocument {
    let Document { material, tally, names, files } = *document;
    let services = format!("{}services.json", paths::POPULATIONS);
    let components = tally.subjects.iter().map(|subject| component(material.catalog, subject));
    let activities = tally.rules.iter().map(|tested| activity(document, tested));
    PlanDocument {
        assessment_plan: Plan {
            uuid: names.of_pack("assessment-plan", ""),
            metadata: document.metadata("Assessment plan"),
            import_ssp: Import {
                href: files.reference(&services).unwrap_or_else(|| "#".to_owned()),
                remarks: Markup::of(
                    "There is no system security plan. The list of all services stands in its place: it says what the system is made of.",
                ),
            },
            local_definitions: Definitions {
                components: components.collect(),
                activities: activities.collect(),
            },
            reviewed_controls: document.reviewed_controls(),
            assessment_subjects: [everything()],
            assessment_assets: assets(document),
            tasks: [task(document)],
            back_matter: BackMatter { resources: files.resources(|path| path == services) },
        },
    }
}

fn everything() -> SubjectSelection {
    SubjectSelection { kind: "component", include_all: All {} }
}

fn component(catalog: &Catalog, subject: &Subject<'_>) -> Component {
    let property = |name, value: Option<&str>| value.and_then(|value| Property::ours(name, value));
    let (kind, called, owner, status) = match subject.kind {
        "service" => {
            let service = catalog.services.by_id(subject.id);
            let called = service.and_then(|service| service.record.display_name.value());
            let owner = service.and_then(|service| service.owner).map(|team| catalog.teams[team].id.as_str());
            let state = service.and_then(|service| service.record.lifecycle.state.value());
            ("service", called, owner, lifecycle(state.copied()))
        }
        "account" => {
            let account = catalog.accounts.by_id(subject.id);
            let owner = account.and_then(|account| account.owner).map(|team| catalog.teams[team].id.as_str());
            let observed = account.and_then(|account| account.observed.as_ref());
            let status = match observed.map(|observed| &*observed.state) {
                Some("ACTIVE") => ComponentStatus { state: "operational", remarks: None },
                state => other(&format!("state of the account: {}", state.unwrap_or("not known"))),
            };
            ("resource-container", None, owner, status)
        }
        _ => {
            let path = catalog.golden_paths.by_id(subject.id);
            let called = path.and_then(|path| path.record.title.value());
            let owner = path.and_then(|path| path.record.owner.value()).map(|team| team.as_str());
            ("guidance", called, owner, other("a golden path has no state of operation"))
        }
    };
    let words = subject.kind.replace('-', " ");
    let props = [Property::ours(subject.kind, subject.id), property("team", owner)];
    Component {
        uuid: subject.name,
        kind,
        title: Markup::of(called.map_or(subject.id, |name| name)),
        description: Markup::of(&format!("The {words} {}", subject.id)),
        props: props.into_iter().flatten().collect(),
        status,
    }
}

fn lifecycle(state: Option<LifecycleState>) -> ComponentStatus {
    use LifecycleState::{Deprecated, Development, Production, Proposed, Retired, Retiring};
    let oscal = match state {
        None => return other("its lifecycle state is not declared"),
        Some(Proposed | Development) => "under-development",
        Some(Production | Deprecated | Retiring) => "operational",
        Some(Retired) => "disposition",
    };
    ComponentStatus {
        state: oscal,
        remarks: state.map(|state| Markup::of(&format!("lifecycle state: {}", state.word()))),
    }
}

fn other(why: &str) -> ComponentStatus {
    ComponentStatus { state: "other", remarks: Some(Markup::of(why)) }
}

fn activity(document: &Document<'_, '_>, tested: &Tested<'_>) -> Activity {
    let proven = tested.rule.controls.values();
    let controls = proven.filter_map(|control| document.tally.control(control.as_str()));
    let mut ids: Vec<String> = controls.flat_map(|control| control.control_ids.iter().cloned()).collect();
    ids.sort();
    ids.dedup();
    let title = tested.rule.title.value().map_or(tested.id, |title| title);
    let props = [
        Property::of_oscal("method", "TEST"),
        Property::ours("rule", tested.id),
        Property::ours("scorecard", tested.scorecard),
        tested.rule.level.value().and_then(|level| Property::ours("level", level.as_str())),
    ];
    Activity {
        uuid: rule(document, tested),
        title: Markup::of(title),
        description: Markup::of(tested.rule.why.value().map_or(title, |why| why)),
        props: props.into_iter().flatten().collect(),
        related_controls: ReviewedControls {
            control_selections: vec![ControlSelection {
                description: None,
                props: Vec::new(),
                include_controls: control_ids(&ids),
            }],
            control_objective_selections: Vec::new(),
        },
    }
}

fn rule(document: &Document<'_, '_>, tested: &Tested<'_>) -> Uuid {
    document.names.lasting("rule", &format!("{}/{}", tested.scorecard, tested.id))
}

fn assets(document: &Document<'_, '_>) -> Assets {
    let version = &document.material.run.version;
    Assets {
        components: [Component {
            uuid: document.tool(),
            kind: "software",
            title: Markup::of("Milepost"),
            description: Markup::of("Collects what is declared and what is there, and judges it by rules"),
            props: Property::of_oscal("version", version).into_iter().collect(),
            status: ComponentStatus { state: "operational", remarks: None },
        }],
        assessment_platforms: [Platform {
            uuid: document.names.lasting("platform", "milepost"),
            title: Markup::of("Milepost"),
            uses_components: [UsedComponent { component_uuid: document.tool() }],
        }],
    }
}

fn task(document: &Document<'_, '_>) -> Task {
    let activities = document
        .tally
        .rules
        .iter()
        .map(|tested| AssociatedActivity { activity_uuid: rule(document, tested), subjects: [everything()] });
    Task {
        uuid: document.names.of_pack("task", "judge"),
        kind: "action",
        title: Markup::of("Judge everything by every rule"),
        timing: Timing { on_date: OnDate { date: document.material.run.moment } },
        associated_activities: activities.collect(),
    }
}
