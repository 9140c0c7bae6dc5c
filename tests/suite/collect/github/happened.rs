//! What happened to repositories of the stand-in: how commits were checked, and what was deployed.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::graphql::Selection;

/// Builds and deployments by the id of the repository.
#[derive(Clone, Debug, Default)]
pub(super) struct Happened {
    /// Of commits from new to old: when, and how the checks ended.
    pub(super) checks: BTreeMap<String, Vec<(String, Option<&'static str>)>>,
    /// Deployments from new to old.
    pub(super) deployments: BTreeMap<String, Vec<Deployed>>,
    /// Whether the checks may not be seen.
    pub(super) hides_checks: bool,
    /// Whether deployments may not be seen.
    pub(super) hides_deployments: bool,
}

/// A deployment; its id begins with that of its repository.
#[derive(Clone, Debug)]
pub(super) struct Deployed {
    pub(super) id: String,
    pub(super) environment: String,
    pub(super) created: String,
    pub(super) committed: Option<String>,
    /// What was said of it, from old to new.
    pub(super) statuses: Vec<(&'static str, String)>,
}

impl Happened {
    /// One page of the deployments of a repository.
    pub(super) fn deployments(&self, id: &str, first: &Value, after: &Value) -> Value {
        let all = self.deployments.get(id).map(Vec::as_slice).unwrap_or_default();
        let from: usize = after.as_str().map_or(0, |after| after.parse().expect("ours"));
        let size = usize::try_from(first.as_u64().expect("a number")).expect("small");
        let to = (from + size).min(all.len());
        let status = |(state, at): &(&str, String)| json!({ "state": state, "createdAt": at });
        let one = |one: &Deployed| {
            json!({
                "id": one.id,
                "environment": one.environment,
                "createdAt": one.created,
                "commit": one.committed.as_ref().map(|at| json!({ "committedDate": at })),
                "latestStatus": one.statuses.last().map(status),
            })
        };
        let page = json!({ "hasNextPage": to < all.len(), "endCursor": (to > from).then(|| to.to_string()) });
        json!({ "pageInfo": page, "nodes": all[from..to].iter().map(one).collect::<Vec<_>>() })
    }

    /// The newest commits of a repository with their checks, and of how many those are not shown.
    pub(super) fn history(&self, id: &str, first: &Value, since: &Value) -> (Value, usize) {
        let since = since.as_str().expect("a moment");
        let size = usize::try_from(first.as_u64().expect("a number")).expect("small");
        let all = self.checks.get(id).map(Vec::as_slice).unwrap_or_default();
        let newest: Vec<_> = all.iter().filter(|(at, _)| **at >= *since).take(size).collect();
        let rollup =
            |state: Option<&str>| state.filter(|_| !self.hides_checks).map(|state| json!({ "state": state }));
        let nodes = newest.iter().map(|(_, state)| json!({ "statusCheckRollup": rollup(*state) }));
        let hidden = if self.hides_checks { newest.len() } else { 0 };
        (json!({ "nodes": nodes.collect::<Vec<_>>() }), hidden)
    }

    /// Everything that was said of the deployment `id`.
    pub(super) fn statuses(&self, id: &Value) -> Option<Value> {
        let (repository, _) = id.as_str()?.split_once('/')?;
        let one = self.deployments.get(repository)?.iter().find(|one| *id == *one.id)?;
        let nodes = one.statuses.iter().map(|(state, at)| json!({ "state": state, "createdAt": at }));
        let statuses = json!({ "pageInfo": { "hasNextPage": false }, "nodes": nodes.collect::<Vec<_>>() });
        Some(json!({ "id": one.id, "statuses": statuses }))
    }

    /// Whether what is asked for is refused as a whole.
    pub(super) fn refuses(&self, asked: &[Selection], variables: &Value) -> bool {
        self.hides_deployments
            && asked.iter().any(|one| match one {
                Selection::Field { name, .. } => name == "deployments" && one.is_included(variables),
                Selection::Inline { inner, .. } => self.refuses(inner, variables),
                Selection::Spread { .. } => false,
            })
    }

    /// Adds a commit at that moment whose checks ended so.
    pub(super) fn check(&mut self, id: &str, at: &str, state: Option<&'static str>) {
        let checks = self.checks.entry(id.to_owned()).or_default();
        checks.push((at.to_owned(), state));
        checks.sort_by(|a, b| b.0.cmp(&a.0));
    }

    /// Adds a deployment of what was committed an hour before, with what was said of it, five minutes apart.
    pub(super) fn deploy(&mut self, id: &str, environment: &str, at: &str, states: &[&'static str]) {
        let minutes = |plus: i64| {
            let begun = milepost::day::Moment::parse(at).expect("a moment").unix_seconds();
            milepost::day::Moment::from_unix_seconds(begun + plus * 60).expect("a moment").to_string()
        };
        let statuses = states.iter().zip(1..).map(|(state, nth)| (*state, minutes(5 * nth)));
        let all = self.deployments.entry(id.to_owned()).or_default();
        all.push(Deployed {
            id: format!("{id}/D{}", all.len()),
            environment: environment.to_owned(),
            created: at.to_owned(),
            committed: Some(minutes(-60)),
            statuses: statuses.collect(),
        });
        all.sort_by(|a, b| b.created.cmp(&a.created));
    }
}
