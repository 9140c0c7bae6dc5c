//! What policy says of exceptions by risk: the longest life, who must approve, when owners are reminded.

use crate::catalog::control::Risk;
use crate::catalog::policy::RiskLimit;
use crate::catalog::{Catalog, Exception};

/// What policy says of `risk`.
fn limit(catalog: &Catalog, risk: Risk) -> &RiskLimit {
    let risks = &catalog.exception_policy.risks.fields;
    match risk {
        Risk::Low => &risks.low.fields,
        Risk::Medium => &risks.medium.fields,
        Risk::High => &risks.high.fields,
        Risk::Critical => &risks.critical.fields,
    }
}

/// The longest life in days that `risk` allows.
pub fn cap(catalog: &Catalog, risk: Risk) -> i64 {
    let default = match risk {
        Risk::Low => 365,
        Risk::Medium => 180,
        Risk::High => 90,
        Risk::Critical => 30,
    };
    let written = limit(catalog, risk).longest_life.value();
    written.map_or(default, |life| i64::try_from(life.length.days()).unwrap_or(default))
}

/// The roles that must approve an exception of `risk`.
pub fn approvers(catalog: &Catalog, risk: Risk) -> Vec<&str> {
    limit(catalog, risk).approvers.values().map(|role| &**role).collect()
}

/// The roles that must approve `exception`; none while its risk is not known.
pub fn demanded<'a>(catalog: &'a Catalog, exception: &Exception) -> Vec<&'a str> {
    exception.record.risk.value().map_or_else(Vec::new, |risk| approvers(catalog, *risk))
}

/// Every role that policy lets approve something, the first spelling of each, in the order of risks.
pub fn roles(catalog: &Catalog) -> Vec<&str> {
    let mut roles: Vec<&str> = Vec::new();
    for risk in [Risk::Low, Risk::Medium, Risk::High, Risk::Critical] {
        for role in approvers(catalog, risk) {
            if !roles.iter().any(|known| super::approvals::same(known, role)) && !role.trim().is_empty() {
                roles.push(role);
            }
        }
    }
    roles
}

/// Days before an end on which owners are reminded, the earliest reminder first.
pub fn reminder_days(catalog: &Catalog) -> Vec<i64> {
    let days = catalog.exception_policy.reminder_days.values();
    let mut days: Vec<i64> = days.map(|days| days.value.clamp(0.0, 36_500.0) as i64).collect();
    days.sort_unstable_by(|a, b| b.cmp(a));
    days.dedup();
    days
}
