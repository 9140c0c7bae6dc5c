//! Gates: whether every service reaches a level of a scorecard.

use super::Failure;
use super::organisation::Organisation;
use crate::assess::ScorecardResult;
use crate::catalog::nearest::nearest;

/// A service that a gate stops.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stopped {
    /// The service.
    pub(super) service: Box<str>,
    /// What it does not reach: `scorecard/level`.
    pub(super) level: Box<str>,
}

/// The services that the gate `wanted` stops: a name from `milepost.yaml`, or `scorecard/level`. A service
/// that the scorecard does not apply to passes; one whose level is not known does not.
pub(super) fn judge(wanted: &str, organisation: &Organisation) -> Result<Vec<Stopped>, Failure> {
    let catalog = &organisation.catalog;
    let named = catalog.gates.iter().find(|(name, _)| **name == *wanted).map(|(_, gate)| &**gate);
    let (scorecard_id, level_id) = named.unwrap_or(wanted).split_once('/').ok_or_else(|| {
        let names: Vec<&str> = catalog.gates.iter().map(|(name, _)| &**name).collect();
        let help = nearest(wanted, names.iter().copied())
            .map_or_else(|| "write `scorecard/level`".to_owned(), |name| format!("did you mean `{name}`?"));
        Failure::Usage(format!("there is no gate called `{wanted}`; {help}"))
    })?;
    let index = catalog.scorecards.find(scorecard_id).ok_or_else(|| {
        let help = nearest(scorecard_id, catalog.scorecards.ids())
            .map_or_else(String::new, |name| format!("; did you mean `{name}`?"));
        Failure::Usage(format!("there is no scorecard called `{scorecard_id}`{help}"))
    })?;
    let levels = &catalog.scorecards[index].record.levels;
    let level_ids: Vec<&str> =
        levels.values().filter_map(|level| level.id.value().map(|id| id.as_str())).collect();
    let level = level_ids.iter().position(|id| *id == level_id).ok_or_else(|| {
        Failure::Usage(format!(
            "scorecard `{scorecard_id}` has no level `{level_id}`; it has {}",
            crate::words::list(&level_ids)
        ))
    })?;
    let reaches = |result: &ScorecardResult| result.level_with_exceptions >= Some(level);
    let judged = catalog.services.iter().zip(&organisation.assessment.services);
    let stopped = judged.filter(|(service, judged)| {
        let result = judged.subject.scorecards.iter().find(|result| result.scorecard == index);
        !result.map_or(service.conflict.is_empty(), reaches)
    });
    let level: Box<str> = format!("{scorecard_id}/{level_id}").into();
    Ok(stopped
        .map(|(service, _)| Stopped { service: service.id.as_str().into(), level: level.clone() })
        .collect())
}
