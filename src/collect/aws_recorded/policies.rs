//! Recorded answers about tag policies: `organizations:ListPolicies` with one `DescribePolicy` and one
//! `ListTargetsForPolicy` for each, which name it in `policy`, since AWS does not repeat the question in the answer.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;

use super::call::Answer;
use crate::collect::snapshot::{ObservedTagPolicy, PolicyTarget, TagPolicyListing};
use crate::day::Moment;

/// The three operations.
const LIST: &str = "organizations:ListPolicies";
const DESCRIBE: &str = "organizations:DescribePolicy";
const TARGETS: &str = "organizations:ListTargetsForPolicy";

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Summary {
    id: Arc<str>,
    #[serde(default)]
    name: Arc<str>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Policy {
    content: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Target {
    target_id: Arc<str>,
    #[serde(default)]
    name: Arc<str>,
}

/// What the files say of tag policies.
#[derive(Default)]
pub(super) struct Policies {
    /// Whether anything was recorded, and when first.
    asked_at: Option<Moment>,
    /// Policies by id with their names, and whether the last page came.
    names: BTreeMap<Arc<str>, Arc<str>>,
    is_whole: bool,
    documents: BTreeMap<Arc<str>, String>,
    targets: BTreeMap<Arc<str>, Vec<PolicyTarget>>,
    refused: Option<Arc<str>>,
}

impl Policies {
    /// Whether `operation` is about them.
    pub(super) fn knows(operation: &str) -> bool {
        [LIST, DESCRIBE, TARGETS].contains(&operation)
    }

    /// Takes one answer, or what AWS said instead.
    pub(super) fn take(
        &mut self,
        operation: &str,
        policy: Option<Arc<str>>,
        at: Moment,
        answer: Result<Answer<'_>, Arc<str>>,
    ) -> Result<(), String> {
        self.asked_at = Some(self.asked_at.map_or(at, |earlier| earlier.min(at)));
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) => {
                self.refused.get_or_insert(format!("{operation}: {error}").into());
                return Ok(());
            }
        };
        if operation == LIST {
            let page = answer.policies.ok_or("`Policies` is missing")?;
            self.names.extend(page.into_iter().map(|one| (one.id, one.name)));
            self.is_whole = !super::has_more(answer.next_token.as_deref());
            return Ok(());
        }
        let id = policy.ok_or("`policy` is missing: the id of the policy that was asked about")?;
        if operation == DESCRIBE {
            let policy = answer.policy.ok_or("`Policy` is missing")?;
            self.documents.insert(id, policy.content);
        } else {
            let page = answer.targets.ok_or("`Targets` is missing")?;
            let targets = page.into_iter().map(|one| PolicyTarget { id: one.target_id, name: one.name });
            self.targets.entry(id).or_default().extend(targets);
        }
        Ok(())
    }

    /// Adds what another file says.
    pub(super) fn add(&mut self, other: Self) {
        let Some(at) = other.asked_at else { return };
        self.asked_at = Some(self.asked_at.map_or(at, |earlier| earlier.min(at)));
        self.names.extend(other.names);
        self.is_whole |= other.is_whole;
        self.documents.extend(other.documents);
        self.targets.extend(other.targets);
        self.refused = self.refused.take().or(other.refused);
    }

    /// All of them together; nothing, when none was recorded.
    pub(super) fn listing(self, source: &Arc<str>) -> Option<TagPolicyListing> {
        let collected_at = self.asked_at?;
        Some(TagPolicyListing {
            source: Arc::clone(source),
            collected_at,
            carried: None,
            answer: self.answer(),
        })
    }

    fn answer(mut self) -> Result<Vec<ObservedTagPolicy>, Arc<str>> {
        if let Some(reason) = self.refused {
            return Err(reason);
        }
        if !self.is_whole {
            return Err(format!("{LIST}: the recording ends before the last page").into());
        }
        let mut policies = Vec::new();
        for (id, name) in self.names {
            let document = self.documents.get(&id);
            let document = document.ok_or_else(|| format!("{DESCRIBE} of `{id}` is not recorded"))?;
            let targets = self.targets.remove(&id);
            let targets = targets.ok_or_else(|| format!("{TARGETS} of `{id}` is not recorded"))?;
            policies.push(ObservedTagPolicy::new(&id, &name, document, targets));
        }
        Ok(policies)
    }
}
