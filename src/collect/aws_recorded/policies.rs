//! Recorded answers about tag policies: `organizations:ListPolicies` with one `DescribePolicy` and one
//! `ListTargetsForPolicy` for each, which name it in `policy`, since AWS does not repeat the question in the answer.
//! All pages of a list lie in one file, in order, the last without a token.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;

use super::CUT;
use super::call::Answer;
use super::newest::{Answered, keep, keep_all, newest};
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

/// What the files say of tag policies: of each question the newest answer.
#[derive(Default)]
pub(super) struct Policies {
    /// Policies by id, with their names.
    names: Option<Answered<Names>>,
    documents: BTreeMap<Arc<str>, Answered<String>>,
    targets: BTreeMap<Arc<str>, Answered<Vec<PolicyTarget>>>,
    /// Lists whose last page has not come yet.
    open_names: Option<(Moment, Names)>,
    open_targets: BTreeMap<Arc<str>, (Moment, Vec<PolicyTarget>)>,
}

type Names = BTreeMap<Arc<str>, Arc<str>>;

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
        if operation == LIST {
            return self.list(at, answer);
        }
        let id = policy.ok_or("`policy` is missing: the id of the policy that was asked about")?;
        if operation == TARGETS {
            return self.attached(id, at, answer);
        }
        let document = match answer {
            Ok(answer) => Ok(answer.policy.ok_or("`Policy` is missing")?.content),
            Err(error) => Err(error),
        };
        keep(&mut self.documents, id, (at, document));
        Ok(())
    }

    /// One page of the list of policies.
    fn list(&mut self, at: Moment, answer: Result<Answer<'_>, Arc<str>>) -> Result<(), String> {
        let open = self.open_names.take();
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) => {
                newest(&mut self.names, (at, Err(error)));
                return Ok(());
            }
        };
        let (at, mut names) = open.unwrap_or((at, Names::new()));
        let page = answer.policies.ok_or("`Policies` is missing")?;
        names.extend(page.into_iter().map(|one| (one.id, one.name)));
        match super::has_more(answer.next_token.as_deref()) {
            true => self.open_names = Some((at, names)),
            false => newest(&mut self.names, (at, Ok(names))),
        }
        Ok(())
    }

    /// One page of what the policy `id` is attached to.
    fn attached(
        &mut self,
        id: Arc<str>,
        at: Moment,
        answer: Result<Answer<'_>, Arc<str>>,
    ) -> Result<(), String> {
        let open = self.open_targets.remove(&id);
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) => {
                keep(&mut self.targets, id, (at, Err(error)));
                return Ok(());
            }
        };
        let (at, mut targets) = open.unwrap_or((at, Vec::new()));
        let page = answer.targets.ok_or("`Targets` is missing")?;
        targets.extend(page.into_iter().map(|one| PolicyTarget { id: one.target_id, name: one.name }));
        match super::has_more(answer.next_token.as_deref()) {
            true => drop(self.open_targets.insert(id, (at, targets))),
            false => keep(&mut self.targets, id, (at, Ok(targets))),
        }
        Ok(())
    }

    /// Gives up lists whose last page is not in the file.
    pub(super) fn close(&mut self) {
        if let Some((at, _)) = self.open_names.take() {
            newest(&mut self.names, (at, Err(CUT.into())));
        }
        for (id, (at, _)) in std::mem::take(&mut self.open_targets) {
            keep(&mut self.targets, id, (at, Err(CUT.into())));
        }
    }

    /// Adds what another file says.
    pub(super) fn add(&mut self, other: Self) {
        if let Some(names) = other.names {
            newest(&mut self.names, names);
        }
        keep_all(&mut self.documents, other.documents);
        keep_all(&mut self.targets, other.targets);
    }

    /// All of them together; nothing, when none was recorded.
    pub(super) fn listing(self, source: &Arc<str>) -> Option<TagPolicyListing> {
        let documents = self.documents.values().map(|(at, _)| *at);
        let targets = self.targets.values().map(|(at, _)| *at);
        let listed = self.names.as_ref().map(|(at, _)| *at);
        let collected_at = documents.chain(targets).chain(listed).min()?;
        Some(TagPolicyListing {
            source: Arc::clone(source),
            collected_at,
            carried: None,
            answer: self.answer(),
        })
    }

    /// Every policy of the newest list; what is said of others is of no use.
    fn answer(mut self) -> Result<Vec<ObservedTagPolicy>, Arc<str>> {
        let (_, names) = self.names.take().ok_or_else(|| format!("{LIST} is not recorded"))?;
        let mut policies = Vec::new();
        for (id, name) in names.map_err(|error| format!("{LIST}: {error}"))? {
            let document = said(&mut self.documents, DESCRIBE, &id)?;
            let targets = said(&mut self.targets, TARGETS, &id)?;
            policies.push(ObservedTagPolicy::new(&id, &name, &document, targets));
        }
        Ok(policies)
    }
}

/// What was answered to `operation` about the policy `id`.
fn said<T>(
    answers: &mut BTreeMap<Arc<str>, Answered<T>>,
    operation: &str,
    id: &Arc<str>,
) -> Result<T, Arc<str>> {
    let (_, answer) = answers.remove(id).ok_or_else(|| format!("{operation} of `{id}` is not recorded"))?;
    answer.map_err(|error| format!("{operation} of `{id}`: {error}").into())
}
