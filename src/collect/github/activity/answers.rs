//! What GitHub answers about builds and deployments, and what it means. Everything that comes back is hostile.

use std::sync::Arc;

use serde::Deserialize;

use crate::collect::exclusion::matches;
use crate::collect::github::queries::{Flaw, PageInfo};
use crate::collect::snapshot::{Builds, End};
use crate::day::Moment;

/// GitHub names no environment longer than so many bytes.
const LONGEST_ENVIRONMENT: usize = 255;

/// In how many ways the name of an environment is read.
const MOST_NAMES: usize = 8;

/// What must be permitted to see builds.
pub(super) const BUILDS_NEED: &str = "`Checks: read` and `Commit statuses: read`";

/// What must be permitted to see deployments.
pub(super) const DEPLOYMENTS_NEED: &str = "`Deployments: read`";

/// Things by id, in the order of the ids.
#[derive(Deserialize)]
#[serde(bound = "T: Deserialize<'de>")]
pub(super) struct ById<T> {
    pub(super) nodes: Vec<Option<T>>,
}

/// One repository, asked for more of its deployments.
#[derive(Deserialize)]
pub(super) struct Older {
    pub(super) node: Option<Repository>,
}

/// What is told of a repository.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Repository {
    #[serde(default)]
    pub(super) id: String,
    pub(super) default_branch_ref: Option<Branch>,
    pub(super) deployments: Option<Page>,
}

#[derive(Deserialize)]
pub(super) struct Branch {
    target: Option<Target>,
}

#[derive(Deserialize)]
struct Target {
    history: Option<History>,
}

#[derive(Deserialize)]
struct History {
    nodes: Option<Vec<Option<Commit>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Commit {
    status_check_rollup: Option<Rollup>,
}

#[derive(Deserialize)]
struct Rollup {
    state: String,
}

/// Some deployments.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Page {
    pub(super) page_info: PageInfo,
    pub(super) nodes: Option<Vec<Option<Deployment>>>,
}

/// One deployment.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Deployment {
    pub(super) id: String,
    #[serde(default)]
    pub(super) environment: Option<String>,
    pub(super) created_at: String,
    pub(super) commit: Option<Committed>,
    pub(super) latest_status: Option<Status>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Committed {
    pub(super) committed_date: String,
}

/// What was said of a deployment once.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Status {
    state: String,
    created_at: String,
}

/// Everything that was said of a deployment.
#[derive(Deserialize)]
pub(super) struct Told {
    #[serde(default)]
    pub(super) id: String,
    pub(super) statuses: Option<Statuses>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Statuses {
    page_info: More,
    nodes: Option<Vec<Option<Status>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct More {
    has_next_page: bool,
}

/// How far a deployment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    /// It ended.
    Ended(End),
    /// It did not end, or nobody said so.
    Open,
    /// It is no longer what runs; how it ended is not told.
    Inactive,
}

/// How the builds of a branch ended; `None` when that is not shown.
pub(super) fn builds(branch: Option<Branch>) -> Option<Builds> {
    let mut builds = Builds::default();
    // A repository without a commit has built nothing.
    let Some(branch) = branch else { return Some(builds) };
    for commit in branch.target?.history?.nodes? {
        match commit?.status_check_rollup.as_ref().map(|rollup| &*rollup.state) {
            Some("SUCCESS") => builds.passed += 1,
            Some("FAILURE" | "ERROR") => builds.failed += 1,
            Some(_) => builds.open += 1,
            None => {}
        }
    }
    Some(builds)
}

/// What a status says; `None` when it makes no sense.
pub(super) fn progress(status: Option<&Status>) -> Option<Progress> {
    let Some(status) = status else { return Some(Progress::Open) };
    let succeeded = match &*status.state {
        "SUCCESS" => true,
        "FAILURE" | "ERROR" => false,
        "INACTIVE" => return Some(Progress::Inactive),
        _ => return Some(Progress::Open),
    };
    Some(Progress::Ended(End { succeeded, at: Moment::parse(&status.created_at)? }))
}

/// How a deployment ended that is inactive now: the last that was said before. `Err` when not everything is known.
pub(super) fn end(statuses: Option<Statuses>) -> Result<Option<End>, ()> {
    let statuses = statuses.filter(|statuses| !statuses.page_info.has_next_page).ok_or(())?;
    let mut last: Option<(Moment, Progress)> = None;
    for status in statuses.nodes.ok_or(())? {
        let status = status.ok_or(())?;
        let said = progress(Some(&status)).ok_or(())?;
        let at = Moment::parse(&status.created_at).ok_or(())?;
        // In which order they come is not promised. Of two of one second the one that ends it counts.
        let is_later = |(before, known): &(Moment, Progress)| {
            (at, said != Progress::Open) > (*before, *known != Progress::Open)
        };
        if said != Progress::Inactive && last.as_ref().is_none_or(is_later) {
            last = Some((at, said));
        }
    }
    Ok(match last {
        Some((_, Progress::Ended(end))) => Some(end),
        _ => None,
    })
}

/// What an environment is called beside the word for production: nothing, or what stands before or after it. Empty when
/// it is not production, however it is read.
pub(super) fn names(environment: &str, production: &[Box<str>]) -> Vec<Arc<str>> {
    let mut names: Vec<Arc<str>> = Vec::new();
    if environment.len() > LONGEST_ENVIRONMENT {
        return names;
    }
    let environment = environment.to_ascii_lowercase();
    let is_production = |text: &str| {
        production.iter().any(|pattern| matches(pattern.to_ascii_lowercase().as_bytes(), text.as_bytes()))
    };
    let is_name = |text: &str| {
        !text.is_empty()
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
    };
    if is_production(&environment) {
        names.push("".into());
    }
    for (at, border) in environment.match_indices(|c: char| !c.is_alphanumeric()) {
        let (before, after) = (&environment[..at], &environment[at + border.len()..]);
        for (name, rest) in [(before, after), (after, before)] {
            if names.len() < MOST_NAMES && is_name(name) && !rest.is_empty() && is_production(rest) {
                names.push(name.into());
            }
        }
    }
    names
}

/// Why something is not shown, and what would have to be permitted.
pub(super) fn refusal(flaw: &Flaw, need: &str) -> String {
    match &*flaw.kind {
        "FORBIDDEN" | "INSUFFICIENT_SCOPES" => {
            format!("{}; the credentials need {need}", flaw.reason())
        }
        _ => flaw.reason(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(environment: &str, production: &[&str]) -> Vec<String> {
        let production: Vec<Box<str>> = production.iter().map(|pattern| Box::from(*pattern)).collect();
        names(environment, &production).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn an_environment_is_production_as_a_whole_or_beside_a_name() {
        let house = ["production", "prod"];
        assert_eq!(read("Production", &house), [""]);
        assert_eq!(read("quote-api-production", &house), ["quote-api"]);
        assert_eq!(read("prod/eu", &house), ["eu"]);
        assert_eq!(read("non-prod", &house), ["non"]);
        for other in ["staging", "pre_productions", "-prod", "prod-", "", "reproduction"] {
            assert_eq!(read(other, &house), [""; 0], "{other}");
        }
        assert_eq!(read("Live-EU", &["LIVE-*"]), [""]);
    }

    #[test]
    fn a_hostile_name_is_read_in_a_few_ways_only() {
        assert_eq!(read(&"a-".repeat(120), &["*"]).len(), MOST_NAMES);
        assert_eq!(read(&"a".repeat(300), &["*"]).len(), 0);
        assert_eq!(read("é😀-prod", &["prod"]).len(), 0, "no service is called so");
        assert_eq!(read("quote-prod\u{202e}", &["prod\u{202e}"]), ["quote"]);
    }

    fn told(statuses: &[(&str, &str)]) -> Result<Option<End>, ()> {
        let nodes = statuses.iter().map(|(state, at)| {
            Some(Status { state: (*state).to_owned(), created_at: format!("2026-11-20T{at}:00Z") })
        });
        end(Some(Statuses { page_info: More { has_next_page: false }, nodes: Some(nodes.collect()) }))
    }

    #[test]
    fn how_an_inactive_deployment_ended_is_the_last_that_was_said_before() {
        let succeeded = |answer: Result<Option<End>, ()>| answer.map(|end| end.map(|end| end.succeeded));
        let at = |answer: Result<Option<End>, ()>| answer.ok().flatten().map(|end| end.at.to_string());
        let done = told(&[("INACTIVE", "12:00"), ("SUCCESS", "09:00"), ("IN_PROGRESS", "08:00")]);
        assert_eq!((succeeded(done), at(done).as_deref()), (Ok(Some(true)), Some("2026-11-20T09:00:00Z")));
        assert_eq!(succeeded(told(&[("FAILURE", "09:00"), ("INACTIVE", "12:00")])), Ok(Some(false)));
        assert_eq!(
            succeeded(told(&[("ERROR", "09:00"), ("SUCCESS", "10:00"), ("INACTIVE", "12:00")])),
            Ok(Some(true))
        );
        assert_eq!(succeeded(told(&[("SUCCESS", "09:00"), ("IN_PROGRESS", "09:00")])), Ok(Some(true)));
        assert_eq!(told(&[("IN_PROGRESS", "09:00"), ("INACTIVE", "12:00")]), Ok(None), "given up");
        assert_eq!(told(&[("SUCCESS", "nonsense")]), Err(()));
        assert_eq!(end(None), Err(()));
    }
}
