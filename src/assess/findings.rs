//! Findings about services: what does not fit, asked of every service once all are judged, and reported
//! at the line where its owner can change it.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::remains::Remains;
use super::{Finding, ServiceAssessment, dependencies};
use crate::catalog::Catalog;
use crate::day::Day;
use crate::diagnostic::{Diagnostic, Diagnostics, codes};

/// Adds to every service in `services` what does not fit, and reports it. Nothing is said of a service
/// whose id is claimed twice.
pub(super) fn judge(
    catalog: &Catalog,
    services: &mut [ServiceAssessment],
    today: Day,
    diagnostics: &mut Diagnostics,
) {
    let remains = Remains::of(catalog, today);
    let judged = services.par_iter_mut().zip(catalog.services.rows().par_iter());
    judged.filter(|(_, service)| service.conflict.is_empty()).for_each(|(assessment, service)| {
        dependencies::judge(catalog, service, assessment);
        remains.judge(service, assessment);
    });
    // An environment of the catalog folder ends once, for all services that run in it.
    let mut said = BTreeSet::new();
    let environments = remains.environments();
    let found = services.iter().flat_map(|service| &service.findings).chain(&environments);
    for finding in found.filter(|finding| said.insert((finding.origin, &finding.message))) {
        report(catalog, finding, diagnostics);
    }
}

fn report(catalog: &Catalog, finding: &Finding, diagnostics: &mut Diagnostics) {
    let code = codes::named(finding.code).expect("findings about services are called by their code");
    let mut diagnostic = Diagnostic::new(code, &*finding.message).help(help(finding.code));
    diagnostic.place = finding.origin.and_then(|origin| catalog.files.place(origin));
    diagnostics.push(diagnostic);
}

/// What to do about a finding.
pub fn help(code: &str) -> &'static str {
    if code == codes::TIER_INVERSION.name {
        "agree on a criticality that both can live with, or learn to work without it and write `kind: soft`"
    } else if code == codes::AVAILABILITY_NOT_BACKED.name {
        "promise what the product allows, agree on more with the weakest, or learn to work without it and write `kind: soft`"
    } else if code == codes::RECOVERY_NOT_BACKED.name {
        "promise at least as long as the slowest takes, or learn to work without it and write `kind: soft`"
    } else if code == codes::DATA_EXPOSED.name {
        "put a service that hands out only what may be seen in between, or state the class that its data really has"
    } else if code == codes::RETIRED_AND_STILL_THERE.name {
        "delete what is left, or say that the service is still `retiring`"
    } else if code == codes::RETIRED_AND_STILL_NEEDED.name {
        "take it out of their `dependsOn`, or say that the service is still `retiring`"
    } else {
        "delete what is left and remove the record, or ask for more time with a later `expiresAt`"
    }
}
