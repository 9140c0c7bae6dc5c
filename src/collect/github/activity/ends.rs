//! How deployments ended that are inactive now. The last that was said of such a one is that it is inactive; how it
//! ended before is asked for once, and kept.

use std::collections::{BTreeMap, VecDeque};

use serde_json::json;

use super::answers::{self, ById, DEPLOYMENTS_NEED, Progress, Told, refusal};
use super::{Asking, Case};
use crate::collect::github::queries::Answer;
use crate::collect::github::transport::Trouble;
use crate::collect::snapshot::End;

const STATUSES: &str = include_str!("../deployment_statuses.graphql");

/// How many deployments one question is about.
const PER_QUESTION: usize = 100;

impl Asking<'_> {
    /// Finds out how deployments ended that are inactive now. What was found out once is kept.
    pub(super) async fn ends(&self, cases: &mut [Case]) {
        let before = self.kept.ends(self.owner);
        let mut known: BTreeMap<String, Option<End>> = BTreeMap::new();
        let mut unknown: Vec<String> = Vec::new();
        for case in cases.iter().filter(|case| case.refused.is_none()) {
            let inactive = case.deployments.iter().filter(|(_, seen)| seen.progress == Progress::Inactive);
            for (id, _) in inactive {
                match before.get(id) {
                    Some(end) => _ = known.insert(id.clone(), *end),
                    None => unknown.push(id.clone()),
                }
            }
        }
        let mut refused: BTreeMap<String, String> = BTreeMap::new();
        let mut jobs: VecDeque<Vec<String>> = unknown.chunks(PER_QUESTION).map(<[_]>::to_vec).collect();
        while let Some(ids) = jobs.pop_front() {
            let variables = json!({ "ids": ids });
            let answer = self.client.query(self.owner, "DeploymentStatuses", STATUSES, &variables).await;
            let mut answer: Answer<ById<Told>> = match answer {
                Ok(answer) => answer,
                Err(Trouble::TooMuch(_)) if ids.len() > 1 => {
                    let (one, other) = ids.split_at(ids.len() / 2);
                    jobs.push_front(other.to_vec());
                    jobs.push_front(one.to_vec());
                    continue;
                }
                Err(trouble) => {
                    refused.extend(ids.into_iter().map(|id| (id, trouble.to_string())));
                    continue;
                }
            };
            let mut nodes = answer.data.take().map(|data| data.nodes).unwrap_or_default();
            nodes.resize_with(ids.len(), || None);
            for (at, (id, told)) in ids.into_iter().zip(nodes).enumerate() {
                let flaw = answer.flaw(&["nodes".into(), at.into()]);
                let told = told.filter(|told| told.id == id && flaw.is_none());
                match told.ok_or(()).and_then(|told| answers::end(told.statuses)) {
                    Ok(end) => _ = known.insert(id, end),
                    Err(()) => {
                        let reason = flaw.map(|flaw| refusal(flaw, DEPLOYMENTS_NEED));
                        let reason =
                            reason.unwrap_or_else(|| "how one of them ended is not shown".to_owned());
                        refused.insert(id, reason);
                    }
                }
            }
        }
        for case in cases.iter_mut() {
            for (id, seen) in &mut case.deployments {
                match known.get(id) {
                    Some(Some(end)) => seen.progress = Progress::Ended(*end),
                    Some(None) => seen.progress = Progress::Open,
                    None => {
                        if let Some(reason) = refused.get(id) {
                            case.refused.get_or_insert_with(|| reason.clone());
                        }
                    }
                }
            }
        }
        // That it cannot be kept costs questions, not answers.
        let _ = self.kept.keep_ends(self.owner, &known);
    }
}
