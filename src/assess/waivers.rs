//! Waivers: exceptions laid over results that are already there. Rules never hear of them (semantics §3).

use super::context::LeftOut;
use super::exceptions::{Register, is_about_golden_path};
use super::outcome::Outcome;
use super::scorecard::CompiledRule;
use crate::catalog::table::Index;
use crate::catalog::{Catalog, Exception, Service};

/// What exceptions make of one failing rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waived {
    /// Waived, or failing as before.
    pub outcome: Outcome,
    /// The exception that waives it, or that stands beside the fail.
    pub exception: Option<Index<Exception>>,
}

/// The exceptions in force for one service, those that end first in front.
#[derive(Debug, Default)]
pub struct Waivers<'a> {
    in_force: Vec<Waiver<'a>>,
}

#[derive(Debug)]
struct Waiver<'a> {
    index: Index<Exception>,
    exception: &'a Exception,
    /// Set for exceptions that the change under review adds or extends: a change cannot exempt itself.
    powerless: bool,
}

impl<'a> Waivers<'a> {
    /// The exceptions in force for `service`.
    pub fn of(catalog: &'a Catalog, register: &Register, service: Index<Service>) -> Self {
        let mut in_force: Vec<Waiver<'a>> = register
            .of_service(service)
            .iter()
            .filter(|index| register.ruling(**index).state.is_in_force())
            .map(|&index| Waiver {
                index,
                exception: &catalog.exceptions[index],
                powerless: register.is_powerless(index),
            })
            .collect();
        in_force.sort_by_key(|waiver| (waiver.exception.record.expires_at.value().copied(), waiver.index));
        Self { in_force }
    }

    /// What they make of `rule`, which fails for `service`. `passes_without` says whether the rule would
    /// pass, or not apply, if an environment or resource were left out: then every input it fails on
    /// lies there.
    pub fn apply(
        &self,
        rule: &CompiledRule<'_>,
        service: &Service,
        mut passes_without: impl FnMut(LeftOut<'a>) -> bool,
    ) -> Waived {
        let mut beside = None;
        for waiver in self.in_force.iter().filter(|waiver| covers(waiver.exception, rule)) {
            let scope = scope(waiver.exception);
            let waives = rule.is_waivable()
                && !waiver.powerless
                && (scope.is_nothing() || is_all_of(scope, service) || passes_without(scope));
            if waives {
                return Waived { outcome: Outcome::Waived, exception: Some(waiver.index) };
            }
            beside = beside.or(Some(waiver.index));
        }
        Waived { outcome: Outcome::Fail, exception: beside }
    }
}

/// Whether `exception` is about `rule`, scope aside.
pub fn covers(exception: &Exception, rule: &CompiledRule<'_>) -> bool {
    let record = &exception.record;
    let names_rule = |named: &crate::catalog::id::RuleId| *named == rule.id;
    let by_rule = record.rule.value().is_none_or(names_rule);
    let narrowed = record.scope.rule.value().is_none_or(names_rule);
    let by_control = record.control.value().is_none_or(|control| rule.proves(control.as_str()))
        || (is_about_golden_path(exception) && rule.proves(super::exceptions::GOLDEN_PATH));
    let names_something = record.rule.value().is_some() || record.control.value().is_some();
    names_something && by_rule && narrowed && by_control
}

/// The environment or resource that `exception` is limited to.
pub fn scope(exception: &Exception) -> LeftOut<'_> {
    let scope = &exception.record.scope.fields;
    LeftOut {
        environment: scope.environment.value().map(|environment| &**environment),
        resource: scope.resource.value().map(|resource| &**resource),
    }
}

/// Whether the service runs nowhere else than in the environment of `scope`: then all it has lies there.
fn is_all_of(scope: LeftOut<'_>, service: &Service) -> bool {
    scope.resource.is_none()
        && !service.environments.is_empty()
        && service
            .environments
            .iter()
            .all(|runs| runs.name.as_ref().map(|name| name.as_str()) == scope.environment)
}
