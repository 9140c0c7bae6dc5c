//! The risks: every exception that the pack covers, with what guards it, the way back, and the day on which it ends.

use serde::Serialize;

use super::Document;
use super::shapes::{Actor, OURS, Origin, Property};
use super::wording::{Markup, Uuid, time};
use crate::assess::ExceptionState;
use crate::catalog::Exception;
use crate::catalog::field::Field;
use crate::catalog::table::Index;
use crate::day::Moment;
use crate::evidence::paths;

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Risk {
    uuid: Uuid,
    title: Markup,
    description: Markup,
    statement: Markup,
    props: Vec<Property>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    links: Vec<Link>,
    status: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    characterizations: Vec<Characterization>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    mitigating_factors: Vec<Factor>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deadline: Option<Moment>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    remediations: Vec<Remediation>,
}

#[derive(Serialize)]
struct Link {
    href: String,
    rel: &'static str,
}

#[derive(Serialize)]
struct Characterization {
    origin: Origin,
    facets: [Facet; 1],
}

#[derive(Serialize)]
struct Facet {
    name: &'static str,
    system: &'static str,
    value: &'static str,
}

#[derive(Serialize)]
struct Factor {
    uuid: Uuid,
    description: Markup,
}

#[derive(Serialize)]
struct Remediation {
    uuid: Uuid,
    lifecycle: &'static str,
    title: Markup,
    description: Markup,
}

/// The name of the risk that `exception` is.
pub(super) fn name(document: &Document<'_, '_>, exception: Index<Exception>) -> Uuid {
    document.names.lasting("exception", &document.material.catalog.exceptions[exception].id)
}

/// The risk that `exception` is.
pub(super) fn of(document: &Document<'_, '_>, index: Index<Exception>) -> Risk {
    let catalog = document.material.catalog;
    let exception = &catalog.exceptions[index];
    let judged = &document.material.assessment.exceptions[index.position()];
    let record = &exception.record;
    let asked = text(&record.requested_state).or(text(&record.reason));
    let key = |part: &str, number: usize| format!("{}/{part}/{number}", exception.id);
    let factors = record.compensating_controls.values().enumerate().map(|(number, guard)| Factor {
        uuid: document.names.lasting("mitigating-factor", &key("guard", number)),
        description: Markup::of(guard),
    });
    let way_back = record.migration_path.value().map(|path| Remediation {
        uuid: document.names.lasting("remediation", &exception.id),
        lifecycle: "planned",
        title: Markup::of("The way back"),
        description: Markup::of(path),
    });
    let rated = record.risk.value().map(|risk| Characterization {
        origin: Origin { actors: [Actor { kind: "party", actor_uuid: document.organisation() }] },
        facets: [Facet { name: "risk", system: OURS, value: risk.word() }],
    });
    let file = document.files.reference(&format!("{}{}.json", paths::EXCEPTIONS, exception.id));
    let ends = record.expires_at.value().map(ToString::to_string);
    let props = [
        Property::ours("exception", &exception.id),
        Property::ours("state", judged.state.word()),
        Property::ours("waives", if judged.state.is_in_force() { "yes" } else { "no" }),
        Property::ours("results-waived", &judged.hides.len().to_string()),
        record.service.value().and_then(|service| Property::ours("service", service.as_str())),
        record.control.value().and_then(|control| Property::ours("control", control.as_str())),
        record.rule.value().and_then(|rule| Property::ours("rule", rule.as_str())),
        ends.and_then(|day| Property::ours("last-day", &day)),
    ];
    let accepted = text(&record.risk_accepted_by).map_or("nobody is named", |who| who);
    Risk {
        uuid: name(document, index),
        title: Markup::of(&format!("{}: {}", exception.id, asked.unwrap_or("nothing is written"))),
        description: Markup::of(text(&record.reason).unwrap_or_default()),
        statement: Markup::of(&format!(
            "An exception deviates from what is demanded. Who accepts the risk: {accepted}. State: {}.",
            judged.state.word()
        )),
        props: props.into_iter().flatten().collect(),
        links: file.map(|href| Link { href, rel: "evidence" }).into_iter().collect(),
        status: status(judged.state),
        characterizations: rated.into_iter().collect(),
        mitigating_factors: factors.collect(),
        deadline: deadline(document, exception),
        remediations: way_back.into_iter().collect(),
    }
}

fn text(field: &Field<Box<str>>) -> Option<&str> {
    field.value().map(|text| &**text)
}

/// What OSCAL calls the state of an exception. One that permits nothing leaves the risk open.
fn status(state: ExceptionState) -> &'static str {
    match state {
        ExceptionState::Active | ExceptionState::Expiring | ExceptionState::ReviewOverdue => {
            "deviation-approved"
        }
        ExceptionState::Pending => "deviation-requested",
        ExceptionState::Expired | ExceptionState::Invalid => "open",
        ExceptionState::Closed => "closed",
    }
}

/// The end of an exception: the first second after its last day, where the organisation is.
fn deadline(document: &Document<'_, '_>, exception: &Exception) -> Option<Moment> {
    let after = exception.record.expires_at.value()?.plus_days(1);
    time(Moment::parse_or_day(&after.to_string(), &document.material.catalog.zone)?)
}
