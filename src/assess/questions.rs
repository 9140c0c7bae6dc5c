//! The seven ownership questions, answered for services, accounts and, on demand, resources (semantics §5, lesson §17.2).

use std::borrow::Cow;

use super::context::Setting;
use super::facts::{Freshness, SubjectFacts};
use super::ownership::{Holding, Owners, Ownership, unread};
use super::{Answer, Assessment};
use crate::catalog::field::{Field, Sourced};
use crate::catalog::lifecycle::LifecycleState;
use crate::catalog::origin::Origin;
use crate::catalog::resource::{FactValue, Resource, UNTOLD};
use crate::catalog::table::Index;
use crate::catalog::team::TeamStatus;
use crate::catalog::{Account, Catalog, Service, Team};

/// The fact that answers what something costs a month.
pub const COST_FACT: &str = "monthly-cost";

/// Places of questions in their order.
const OWNER: usize = 0;
const PURPOSE: usize = 1;
const CLASS: usize = 3;
const COST: usize = 5;
const DELETION: usize = 6;

/// Whose answer it is.
#[derive(Clone, Copy, Debug)]
pub enum Teller {
    /// The resource says so itself, or nobody does.
    Resource,
    /// A service: that which the resource counts for.
    Service(Index<Service>),
    /// An account: that in which the resource lies.
    Account(Index<Account>),
}

/// The seven answers, each with whoever gives it.
pub type Told<'a> = [(Teller, Cow<'a, Answer>); 7];

impl Teller {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Resource => "resource",
            Self::Service(_) => "service",
            Self::Account(_) => "account",
        }
    }
}

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
pub fn of_resource<'a>(
    (catalog, assessment): (&Catalog, &'a Assessment),
    owners: Owners<'_>,
    ownership: &Ownership<'_>,
    resource: &Resource,
) -> Told<'a> {
    if resource.is_untold() {
        return withheld(UNTOLD).map(|answer| (Teller::Resource, Cow::Owned(answer)));
    }
    let service = ownership.service.map(|service| &catalog.services[service]);
    let of_service = ownership.service.and_then(|service| {
        let answers = &assessment.services.get(service.position())?.questions;
        Some(move |question: usize| (Teller::Service(service), Cow::Borrowed(&answers[question])))
    });
    if let Some(of_service) = of_service.filter(|_| service.is_some_and(|known| !known.conflict.is_empty())) {
        return std::array::from_fn(of_service);
    }
    let account = resource.account.as_ref().and_then(|account| catalog.accounts.find(account.as_str()));
    let of_account = account.and_then(|account| {
        let answers = &assessment.accounts.get(account.position())?.questions;
        Some(move |question: usize| (Teller::Account(account), Cow::Borrowed(&answers[question])))
    });
    let own = |answer: Answer| (Teller::Resource, Cow::Owned(answer));
    // Where its service may be described and could not be read, nobody knows that nobody says.
    let unread = unread(catalog).filter(|_| ownership.holding(false) == Holding::Unknown).map(|why| {
        Answer::Unknown(format!("its tags name a service that may be described all the same: {why}").into())
    });
    let owner = || {
        let shown = ownership.reasons.iter().find(|reason| reason.owner == ownership.shown);
        match (owners.contest(ownership, resource.account.as_ref()), ownership.team.zip(shown)) {
            (Some(why), _) => Answer::Unknown(format!("it is contested: {why}").into()),
            (None, Some((team, reason))) => answered(catalog.teams[team].record.name(), reason.origin),
            (None, None) => unread.clone().unwrap_or(Answer::Unanswered),
        }
    };
    let class = ownership.service.and_then(|service| {
        let store = catalog.claimants().data_store(service, &resource.arn)?;
        store.data_classification.sourced().map(|class| answered(&class.value.word, class.origin))
    });
    let told = |question: usize| {
        let of_service = of_service.map(|answer| answer(question));
        // Of an account, only why it is there and when it ends holds for whatever lies in it.
        let holds = matches!(question, PURPOSE | DELETION);
        let of_account = of_account.filter(|_| holds).map(|answer| answer(question));
        let mut both = [of_service.clone(), of_account.clone()].into_iter().flatten();
        let known = both.find(|(_, answer)| **answer != Answer::Unanswered);
        let unread = || unread.clone().map(own);
        known.or_else(unread).or(of_service).or(of_account).unwrap_or_else(|| own(Answer::Unanswered))
    };
    std::array::from_fn(|question| match (question, &class) {
        (OWNER, _) => own(owner()),
        (CLASS, Some(class)) => own(class.clone()),
        (COST, _) => own(Answer::Unknown("no cost of single resources was collected".into())),
        _ => told(question),
    })
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
