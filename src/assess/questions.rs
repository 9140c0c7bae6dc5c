//! The seven ownership questions, answered for services, accounts and, on demand, resources (semantics §5, lesson §17.2).

use super::Answer;
use super::context::Setting;
use super::facts::{Freshness, SubjectFacts};
use super::ownership::Owners;
use crate::catalog::field::{Field, Sourced};
use crate::catalog::lifecycle::LifecycleState;
use crate::catalog::origin::Origin;
use crate::catalog::resource::{FactValue, Resource, UNTOLD};
use crate::catalog::table::Index;
use crate::catalog::team::TeamStatus;
use crate::catalog::{Account, Catalog, Service, Team};

/// The fact that answers what something costs a month.
pub const COST_FACT: &str = "monthly-cost";

/// The answers for a service.
pub fn of_service(setting: Setting<'_>, service: &Service, facts: SubjectFacts<'_>) -> [Answer; 7] {
    let (catalog, record) = (setting.catalog, &service.record);
    [
        owner(catalog, service.owner, record.owner_team.origin()),
        text(catalog, &record.description),
        capability(catalog, service),
        record
            .data_classification
            .sourced()
            .map_or(Answer::Unanswered, |class| answered(&class.value.word, class.origin)),
        text(catalog, &record.failure_impact),
        cost(catalog, facts),
        deletion(service),
    ]
}

/// The answers for an account; what holds for all services in it holds for the account.
pub fn of_account(
    setting: Setting<'_>,
    account: &Account,
    services: &[Index<Service>],
    facts: SubjectFacts<'_>,
) -> [Answer; 7] {
    let catalog = setting.catalog;
    let declared = account.declared.as_ref().map(|declared| &declared.record);
    let services: Vec<&Service> = services.iter().map(|service| &catalog.services[*service]).collect();
    let named_at = declared.and_then(|declared| declared.owner.origin());
    [
        owner(catalog, account.owner, named_at),
        declared.map_or(Answer::Unanswered, |declared| text(catalog, &declared.purpose)),
        together(services.iter().map(|service| capability(catalog, service))),
        services
            .iter()
            .filter_map(|service| service.record.data_classification.sourced())
            .max_by_key(|class| class.value.rank)
            .map_or(Answer::Unanswered, |class| answered(&class.value.word, class.origin)),
        together(services.iter().map(|service| failure(catalog, service))),
        cost(catalog, facts),
        declared
            .and_then(|declared| declared.sandbox.expires_at.sourced())
            .map_or(Answer::Unanswered, |day| answered(&format!("after {}", day.value), day.origin)),
    ]
}

/// The answers for a resource: those of the service that it counts for, else what its account says. What
/// is contested has no answer yet to who owns it.
pub fn of_resource(setting: Setting<'_>, owners: Owners<'_>, resource: &Resource) -> [Answer; 7] {
    let catalog = setting.catalog;
    if resource.is_untold() {
        return withheld(UNTOLD);
    }
    let ownership = owners.who(resource);
    let service = ownership.service.map(|service| &catalog.services[service]);
    if service.is_some_and(|service| !service.conflict.is_empty()) {
        return withheld("several documents claim the id of its service");
    }
    let account = resource.account.as_ref().and_then(|account| catalog.accounts.by_id(account.as_str()));
    let declared = account.and_then(|account| account.declared.as_ref()).map(|declared| &declared.record);
    let of_service = |answer: fn(&Catalog, &Service) -> Answer| {
        service.map_or(Answer::Unanswered, |service| answer(catalog, service))
    };
    let or = |first: Answer, second: &dyn Fn() -> Option<Answer>| match first {
        Answer::Unanswered => second().unwrap_or(Answer::Unanswered),
        known => known,
    };
    let store = service.and_then(|service| {
        let mut stores = service.record.data_stores.values();
        stores.find(|store| store.arn.value().is_some_and(|arn| **arn == *resource.arn))
    });
    let class = store.and_then(|store| store.data_classification.sourced());
    let class = class.or_else(|| service?.record.data_classification.sourced());
    let shown = ownership.reasons.iter().find(|reason| reason.owner == ownership.shown);
    let owner = match (owners.contest(&ownership, resource.account.as_ref()), ownership.team.zip(shown)) {
        (Some(why), _) => Answer::Unknown(format!("it is contested: {why}").into()),
        (None, Some((team, reason))) => answered(catalog.teams[team].record.name(), reason.origin),
        (None, None) => Answer::Unanswered,
    };
    let ends = || {
        let day = declared?.sandbox.expires_at.sourced()?;
        Some(answered(&format!("after {}", day.value), day.origin))
    };
    [
        owner,
        or(of_service(|catalog, service| text(catalog, &service.record.description)), &|| {
            Some(text(catalog, &declared?.purpose))
        }),
        of_service(capability),
        class.map_or(Answer::Unanswered, |class| answered(&class.value.word, class.origin)),
        of_service(|catalog, service| text(catalog, &service.record.failure_impact)),
        Answer::Unknown("no cost of single resources was collected".into()),
        or(of_service(|_, service| deletion(service)), &ends),
    ]
}

/// The answers for what is not judged, and why.
pub fn withheld(why: &str) -> [Answer; 7] {
    std::array::from_fn(|_| Answer::Unknown(why.into()))
}

fn answered(value: &str, origin: Origin) -> Answer {
    Answer::Answered { value: value.into(), origin }
}

/// A team answers when it exists: a name that leads nowhere, or to a team that was dissolved, is nobody.
fn owner(catalog: &Catalog, owner: Option<Index<Team>>, named_at: Option<Origin>) -> Answer {
    let team = owner.map(|owner| &catalog.teams[owner]);
    match team.filter(|team| team.record.status.value() != Some(&TeamStatus::Dissolved)) {
        Some(team) => answered(team.record.name(), named_at.unwrap_or(team.origin)),
        None => Answer::Unanswered,
    }
}

fn text(catalog: &Catalog, field: &Field<Box<str>>) -> Answer {
    let meant = |text: &&Sourced<Box<str>>| {
        !text.value.trim().is_empty() && !catalog.vocabulary.is_placeholder(&text.value)
    };
    field.sourced().filter(meant).map_or(Answer::Unanswered, |text| answered(&text.value, text.origin))
}

/// The capability a service names, else the one its product serves.
fn capability(catalog: &Catalog, service: &Service) -> Answer {
    let of_product = || {
        let product = catalog.products.by_id(service.record.product.value()?.as_str())?;
        product.record.capability.sourced()
    };
    let Some(named) = service.record.business_capability.sourced().or_else(of_product) else {
        return Answer::Unanswered;
    };
    let title = catalog
        .capabilities
        .by_id(named.value.as_str())
        .and_then(|known| known.record.title.value())
        .map_or(named.value.as_str(), |title| title);
    answered(title, named.origin)
}

fn failure(catalog: &Catalog, service: &Service) -> Answer {
    match text(catalog, &service.record.failure_impact) {
        Answer::Answered { value, origin } => answered(&format!("{}: {value}", service.id), origin),
        other => other,
    }
}

/// Several answers as one: their values once each, with the origin of the first.
fn together(answers: impl Iterator<Item = Answer>) -> Answer {
    let mut values: Vec<Box<str>> = Vec::new();
    let mut first = None;
    for answer in answers {
        if let Answer::Answered { value, origin } = answer {
            first = first.or(Some(origin));
            if !values.contains(&value) {
                values.push(value);
            }
        }
    }
    first.map_or(Answer::Unanswered, |origin| answered(&values.join("; "), origin))
}

/// What it costs is observed, never declared: a budget is a wish. A bill says its currency; a fact is only a number.
fn cost(catalog: &Catalog, facts: SubjectFacts<'_>) -> Answer {
    match facts.find(COST_FACT) {
        Freshness::Fresh { fact, origin, .. } => {
            let value = match &fact.value {
                FactValue::Number(amount) => match fact.origin {
                    Origin::Cost(month) => {
                        format!("{amount} {} a month", catalog.costs[month as usize].currency)
                    }
                    _ => format!("{amount} a month"),
                },
                FactValue::Text(text) => text.to_string(),
                FactValue::Bool(_) => return Answer::Unknown("the cost collected is no amount".into()),
            };
            answered(&value, origin)
        }
        Freshness::Stale(why) => Answer::Unknown(why.into()),
        Freshness::NotCollected => Answer::Unknown("no cost export was collected".into()),
    }
}

/// When it may be deleted: its last day, else the day on which its right to exist is looked at again.
fn deletion(service: &Service) -> Answer {
    let lifecycle = &service.record.lifecycle;
    let retired = lifecycle.state.sourced().filter(|state| state.value == LifecycleState::Retired);
    if let Some(state) = retired {
        return answered("now: it is retired", state.origin);
    }
    if let Some(day) = lifecycle.retire_by.sourced() {
        return answered(&format!("by {}", day.value), day.origin);
    }
    match lifecycle.review_by.sourced() {
        Some(day) => answered(&format!("not before its review, due on {}", day.value), day.origin),
        None => Answer::Unanswered,
    }
}
