//! The minimum telemetry contract: five signals, declared and not contradicted (semantics §6, lesson §19.1).

use super::Conditions;
use crate::assess::facts::{Freshness, SubjectFacts};
use crate::assess::outcome::Outcome;
use crate::assess::scorecard::Scorecards;
use crate::assess::{Reason, SubjectAssessment};
use crate::catalog::Service;
use crate::catalog::field::Field;
use crate::catalog::resource::FactValue;
use crate::catalog::scalar::Declaration;

/// The scorecard whose lowest level is the contract.
pub const SCORECARD: &str = "telemetry";

/// Whether `service` meets the contract. The lowest level of the scorecard `telemetry` decides; where it
/// does not apply, the five declarations do.
pub(super) fn contract(
    service: &Service,
    scorecards: &Scorecards<'_>,
    judged: &SubjectAssessment,
    facts: SubjectFacts<'_>,
) -> Conditions {
    let mut conditions = Conditions::default();
    let result = judged.scorecards.iter().find(|result| scorecards.get(result.scorecard).id == SCORECARD);
    let mut is_proven = false;
    match result {
        Some(result) => {
            let compiled = scorecards.get(result.scorecard);
            is_proven = result.level.is_some_and(|level| level > 0);
            if result.level.is_none() {
                let lowest = compiled
                    .rules
                    .iter()
                    .zip(&result.rules)
                    .filter(|(_, judged)| judged.outcome != Outcome::NotApplicable)
                    .map(|(rule, _)| rule.level)
                    .min();
                for (rule, judged) in compiled.rules.iter().zip(&result.rules) {
                    let holds = matches!(judged.outcome, Outcome::Pass | Outcome::NotApplicable);
                    if Some(rule.level) == lowest && !holds {
                        let verb = match judged.outcome {
                            Outcome::Waived => "is only waived",
                            Outcome::Unknown => "is unknown",
                            _ => "fails",
                        };
                        let text = format!("telemetry: `{}` {verb}", rule.id);
                        conditions.missing(text, Some(rule.origin));
                    }
                }
                if lowest.is_none() {
                    conditions.missing("telemetry: no rule of the contract applies".into(), None);
                }
            }
        }
        None => declared(service, &mut conditions),
    }
    contradicted(facts, &mut conditions);
    if conditions.missing.is_empty() {
        let how = if is_proven { "proven" } else { "declared" };
        let text = format!("the minimum telemetry contract is met, as {how}");
        conditions.met.push(Reason { text: text.into(), origin: service.record.observability.origin });
    }
    conditions
}

fn declared(service: &Service, conditions: &mut Conditions) {
    let signals = &service.record.observability;
    let five: [(&str, &Field<Declaration>); 5] = [
        ("logs", &signals.logs),
        ("metrics", &signals.metrics),
        ("traces", &signals.traces),
        ("events", &signals.events),
        ("alarms", &signals.alarms),
    ];
    for (name, signal) in five {
        if !signal.value().is_some_and(|declaration| declaration.declared) {
            conditions.missing(format!("telemetry: `observability.{name}` is not declared"), signal.origin());
        }
    }
}

/// A fresh fact `telemetry-logs` (metrics, traces, events, alarms) that is false speaks against what is
/// declared.
fn contradicted(facts: SubjectFacts<'_>, conditions: &mut Conditions) {
    for name in ["logs", "metrics", "traces", "events", "alarms"] {
        let name = format!("telemetry-{name}");
        if let Freshness::Fresh { fact, origin, .. } = facts.find(&name)
            && fact.value == FactValue::Bool(false)
        {
            conditions
                .missing(format!("the fact `{name}` of {} says it is not so", fact.source), Some(origin));
        }
    }
}
