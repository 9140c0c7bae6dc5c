//! What makes a service native: created on its golden path, on a supported version, and at least on the
//! lowest level of what is required (semantics §6.3).

use super::Conditions;
use crate::assess::SubjectAssessment;
use crate::assess::outcome::Outcome;
use crate::assess::scorecard::Scorecards;
use crate::catalog::{Catalog, Service};
use crate::day::Day;

pub(super) fn conditions(
    catalog: &Catalog,
    scorecards: &Scorecards<'_>,
    service: &Service,
    judged: &SubjectAssessment,
    today: Day,
) -> Conditions {
    let mut conditions = Conditions::default();
    created_on_path(service, today, &mut conditions);
    supported_version(catalog, service, today, &mut conditions);
    required_level(scorecards, judged, &mut conditions);
    conditions
}

fn created_on_path(service: &Service, today: Day, conditions: &mut Conditions) {
    let Some(named) = service.record.golden_path.sourced() else {
        return conditions.missing("it names no golden path".into(), None);
    };
    let first = service.created_on_path.as_ref();
    if let Some(first) = first.filter(|first| first.value) {
        let text = format!("the first revision of its record names `{}`", named.value.path);
        return conditions.met(text, Some(first.origin));
    }
    let attested = &service.record.lifecycle.created_on_path;
    let by = attested.by.value().filter(|by| !by.trim().is_empty());
    let at = attested.at.value().filter(|at| **at <= today);
    let path = attested.path.value().filter(|path| path.path == named.value.path);
    if let (Some(by), Some(at), Some(path)) = (by, at, path) {
        let text = format!("{by} attests on {at} that it was created on `{}`", path.path);
        return conditions.met(text, attested.origin);
    }
    let (text, origin) = if attested.origin.is_some() {
        let text = format!(
            "`lifecycle.createdOnPath` does not attest `{}`: it needs `path`, `by`, and `at` no later than today",
            named.value.path
        );
        (text, attested.origin)
    } else if let Some(first) = first {
        (format!("the first revision of its record does not name `{}`", named.value.path), Some(first.origin))
    } else {
        let text = "nobody knows whether it was created on its golden path: no git history, and no `lifecycle.createdOnPath`";
        (text.into(), None)
    };
    conditions.missing(text, origin);
}

fn supported_version(catalog: &Catalog, service: &Service, today: Day, conditions: &mut Conditions) {
    let Some(named) = service.record.golden_path.sourced() else { return };
    let origin = Some(named.origin);
    let Some(path) = service.golden_path.map(|path| &catalog.golden_paths[path].record) else {
        return conditions.missing(format!("the golden path `{}` does not exist", named.value.path), origin);
    };
    let version = service.golden_path_version.and_then(|position| path.versions.items.get(position));
    let Some(version) = version else {
        let text = match &named.value.version {
            Some(_) => format!("`{}` is no version of the golden path", named.value),
            None => format!("it names no version of `{}`", named.value.path),
        };
        return conditions.missing(text, origin);
    };
    if version.value.is_supported(today) {
        let text = match version.value.end_of_support.value() {
            Some(end) => format!("`{}` is supported until {end}", named.value),
            None => format!("`{}` is supported", named.value),
        };
        return conditions.met(text, Some(version.origin));
    }
    let text = match (version.value.released_at.value(), version.value.end_of_support.value()) {
        (Some(released), _) if *released > today => {
            format!("`{}` is only released on {released}", named.value)
        }
        (_, Some(end)) => format!("support of `{}` ended on {end}", named.value),
        _ => format!("nobody can read how long `{}` is supported", named.value),
    };
    conditions.missing(text, Some(version.origin));
}

fn required_level(scorecards: &Scorecards<'_>, judged: &SubjectAssessment, conditions: &mut Conditions) {
    let mut applies = false;
    for result in &judged.scorecards {
        let compiled = scorecards.get(result.scorecard);
        let required = &compiled.record.required;
        // Unreadable is not "absent": who wrote something there hardly meant that it is not required.
        if required.is_absent() || required.value() == Some(&false) {
            continue;
        }
        applies = true;
        let origin = required.origin();
        let name = |position: usize| {
            let level = compiled.record.levels.items.get(position);
            level.and_then(|level| level.value.id.value()).map_or("", |id| id.as_str())
        };
        let applicable = compiled.rules.iter().zip(&result.rules);
        let lowest = applicable
            .filter(|(_, judged)| judged.outcome != Outcome::NotApplicable)
            .map(|(rule, _)| rule.level)
            .min();
        match (result.level_with_exceptions, lowest) {
            (Some(reached), _) => {
                conditions.met(format!("`{}` is reached: `{}`", compiled.id, name(reached)), origin);
            }
            (None, Some(lowest)) => {
                conditions.missing(format!("`{}`: `{}` is not reached", compiled.id, name(lowest)), origin);
            }
            (None, None) => {
                conditions.missing(format!("`{}`: no rule of it applies", compiled.id), origin);
            }
        }
    }
    if !applies {
        conditions.missing("no scorecard marked `required: true` applies to it".into(), None);
    }
}
