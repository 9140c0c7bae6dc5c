//! Exceptions: the state of each on D, what it hides, and what is to be said about it (semantics §3).

mod approvals;
pub mod due;
mod findings;
mod life_line;
mod limits;
mod people;
mod proof;
pub mod quiet;
mod state;
mod teams;

use std::collections::BTreeSet;

pub use approvals::{RoleApproval, Standing, awaited, same as same_name};
pub use limits::{approvers, cap, demanded, reminder_days, roles};
pub use proof::Proof;
pub use state::{GOLDEN_PATH, Reviewed, Ruling, is_about_golden_path};
pub use teams::{answering, answers, of_teams};

use super::context::Setting;
use super::scorecard::Scorecards;
use super::{ExceptionAssessment, ServiceAssessment};
use crate::catalog::origin::Origin;
use crate::catalog::table::Index;
use crate::catalog::{Catalog, Exception, Service};
use crate::day::Day;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use findings::Inspection;

/// The state of every exception, before anything is judged with them.
#[derive(Debug)]
pub struct Register {
    rulings: Vec<Ruling>,
    by_service: Vec<Vec<Index<Exception>>>,
    powerless: BTreeSet<Index<Exception>>,
}

impl Register {
    /// Rules on every exception of `catalog`. Those whose ids are among `added` are added or extended by
    /// the very change that is judged, and waive nothing.
    pub fn of(setting: Setting<'_>, scorecards: &Scorecards<'_>, added: &BTreeSet<Box<str>>) -> Self {
        let catalog = setting.catalog;
        let mut by_service = vec![Vec::new(); catalog.services.len()];
        let mut powerless = BTreeSet::new();
        for (index, exception) in catalog.exceptions.indexed() {
            if let Some(service) = exception.service {
                by_service[service.position()].push(index);
            }
            if added.contains(&exception.id) {
                powerless.insert(index);
            }
        }
        let rule = |exception| state::rule(setting, scorecards, exception);
        Self { rulings: catalog.exceptions.iter().map(rule).collect(), by_service, powerless }
    }

    /// The ruling on one exception.
    pub fn ruling(&self, exception: Index<Exception>) -> &Ruling {
        &self.rulings[exception.position()]
    }

    /// The exceptions that name `service`, in the order of the catalog.
    pub fn of_service(&self, service: Index<Service>) -> &[Index<Exception>] {
        &self.by_service[service.position()]
    }

    /// Whether it waives nothing because the change under review adds or extends it.
    pub fn is_powerless(&self, exception: Index<Exception>) -> bool {
        self.powerless.contains(&exception)
    }
}

/// Says of every exception what it hides and what is to be said about it, once all services are judged.
pub fn assess(
    catalog: &Catalog,
    scorecards: &Scorecards<'_>,
    register: Register,
    services: &[ServiceAssessment],
    today: Day,
    diagnostics: &mut Diagnostics,
) -> Vec<ExceptionAssessment> {
    let inspection = Inspection::of(catalog, scorecards, &register, today);
    let assess = |(index, exception): (Index<Exception>, &Exception)| {
        let ruling = register.ruling(index);
        let covered = findings::covered(scorecards, services, exception, index);
        let findings = inspection.findings(index, ruling, &covered, diagnostics);
        (covered.hides, covered.beside, findings, life_line::life_line(catalog, exception, ruling, today))
    };
    let rest: Vec<_> = catalog.exceptions.indexed().map(assess).collect();
    register
        .rulings
        .into_iter()
        .zip(rest)
        .map(|(ruling, (hides, beside, findings, life_line))| ExceptionAssessment {
            state: ruling.state,
            reasons: ruling.reasons,
            days_left: ruling.days_left,
            review_due: ruling.reviewed.map(|reviewed| reviewed.due()),
            review_lapses: ruling.reviewed.map(|reviewed| reviewed.lapses()),
            approvals: ruling.approvals,
            hides,
            beside,
            findings,
            life_line,
        })
        .collect()
}

/// A diagnostic at `origin`.
pub(super) fn diagnostic(
    catalog: &Catalog,
    code: &'static Code,
    message: String,
    origin: Origin,
) -> Diagnostic {
    Diagnostic { place: catalog.files.place(origin), ..Diagnostic::new(code, message) }
}
