//! Findings about services: what does not fit, asked of every service once all are judged, and reported
//! at the line where its owner can change it.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::drift::Drift;
use super::environments::{self, Leases};
use super::remains::Remains;
use super::resources::ResourceTotals;
use super::{Finding, ServiceAssessment, dependencies, estate, tag_policies};
use crate::catalog::Catalog;
use crate::catalog::files::FileTable;
use crate::catalog::origin::Origin;
use crate::catalog::table::Index;
use crate::day::Day;
use crate::diagnostic::{Diagnostic, Diagnostics, codes};

/// Adds to every service in `services` what does not fit, and reports it. Nothing is said of a service
/// whose id is claimed twice.
pub(super) fn judge(
    catalog: &Catalog,
    totals: &ResourceTotals,
    services: &mut [ServiceAssessment],
    today: Day,
    diagnostics: &mut Diagnostics,
) -> (Vec<Finding>, Leases) {
    let remains = Remains::of(catalog, totals, today);
    let drift = Drift::of(catalog, totals, today);
    let judged = services.par_iter_mut().zip(catalog.services.rows().par_iter()).enumerate();
    judged.filter(|(_, (_, service))| service.conflict.is_empty()).for_each(|(at, (assessment, service))| {
        dependencies::judge(catalog, service, assessment);
        remains.judge(service, assessment);
        drift.judge(Index::new(at), service, assessment);
    });
    let mut of_all = estate::judge(catalog, totals, today);
    of_all.extend(tag_policies::judge(catalog, today));
    // An environment of the catalog folder ends once, for all services that run in it.
    let mut said = BTreeSet::new();
    let overdue = remains.environments();
    let found = services.iter().flat_map(|service| &service.findings).chain(&overdue).chain(&of_all);
    for finding in found.filter(|finding| said.insert((finding.origin, &finding.message))) {
        report(catalog, finding, diagnostics);
    }
    (of_all, environments::judge(catalog, totals, &remains, today))
}

fn report(catalog: &Catalog, finding: &Finding, diagnostics: &mut Diagnostics) {
    let code = codes::named(finding.code).expect("findings about services are called by their code");
    let mut diagnostic = Diagnostic::new(code, &*finding.message).help(help(finding.code));
    // What lies in no file was seen because the configuration names its source.
    let configured = || {
        let known = !catalog.files.is_empty();
        known.then(|| catalog.files.place(Origin::Document(FileTable::CONFIGURATION)))?
    };
    diagnostic.place = finding.origin.and_then(|origin| catalog.files.place(origin)).or_else(configured);
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
    } else if code == codes::RUNS_ELSEWHERE.name {
        "add the account, region or environment to the record, or move or delete what lies there"
    } else if code == codes::NOTHING_FOUND.name {
        "take the environment out of the record, or tag what runs there"
    } else if code == codes::CONTESTED_RESOURCES.name {
        "agree on one owner, and mend the tag or the record that says otherwise"
    } else if code == codes::UNREGISTERED_SERVICE.name {
        "add a descriptor for it, mend the tags, or add the name to the `aliases` of the service that is meant"
    } else if code == codes::ACCOUNT_NOT_DECLARED.name {
        "add it to `accounts.yaml` with the team that answers for it"
    } else if code == codes::ACCOUNT_NOT_LISTED.name {
        "remove it from `accounts.yaml` if it is gone; if it belongs to another organisation, say so in its `purpose`"
    } else if code == codes::TAG_POLICY_CONTRADICTS.name {
        "change the tag policy in AWS, or what `policy/tags.yaml` and the records ask for: a tag cannot obey both"
    } else if code == codes::ACCOUNT_CLOSED.name {
        "say where these services run now, or that they are retired"
    } else {
        "delete what is left and remove the record, or ask for more time with a later `expiresAt`"
    }
}
