//! What the command line names: teams and services by id or former name, and what to say when nothing is
//! called so.

use super::Failure;
use crate::catalog::nearest::nearest;
use crate::catalog::table::Index;
use crate::catalog::{Catalog, Service, Team};

/// The team called `name`.
pub(super) fn team(catalog: &Catalog, name: &str) -> Result<Index<Team>, Failure> {
    let goes_by = |team: &Team| team.record.aliases.values().any(|alias| &**alias == name);
    let by_alias = || catalog.teams.indexed().find(|(_, team)| goes_by(team)).map(|(index, _)| index);
    let known = catalog.teams.find(name).or_else(by_alias);
    known.ok_or_else(|| unknown("team", name, catalog.teams.ids()))
}

/// The service called `name`.
pub(super) fn service(catalog: &Catalog, name: &str) -> Result<Index<Service>, Failure> {
    let goes_by = |service: &Service| service.record.aliases.values().any(|alias| alias.as_str() == name);
    let by_alias =
        || catalog.services.indexed().find(|(_, service)| goes_by(service)).map(|(index, _)| index);
    let known = catalog.services.find(name).or_else(by_alias);
    known.ok_or_else(|| unknown("service", name, catalog.services.ids()))
}

/// That nothing of its `kind` is called `name`, with the one that was probably meant.
pub(super) fn unknown<'a>(kind: &str, name: &str, known: impl IntoIterator<Item = &'a str>) -> Failure {
    Failure::Usage(match nearest(name, known) {
        Some(meant) => format!("there is no {kind} called `{name}`; did you mean `{meant}`?"),
        None => format!("there is no {kind} called `{name}`"),
    })
}
