//! Tag policies: what the organisation's own policies say of tags, and where each is attached. All of them, or unknown.

use std::sync::Arc;

use aws_sdk_organizations::Client;
use aws_sdk_organizations::types::PolicyType;

use super::asking::Page;
use super::organization::{Organization, without_list};
use crate::aws::Fault;
use crate::collect::snapshot::{ObservedTagPolicy, PolicyTarget, TagPolicyListing};

/// Most policies of an organisation. AWS allows fewer, and each one is asked for twice.
const POLICIES: usize = 2_000;

impl Organization<'_> {
    /// What there is of tag policies, and what is missing.
    pub(super) async fn tag_policies(&self) -> (TagPolicyListing, Option<String>) {
        let answer = self.all_tag_policies().await;
        let missing = answer.as_ref().err().map(|reason| format!("the tag policies are not known: {reason}"));
        let listing = TagPolicyListing {
            source: Arc::clone(self.source),
            collected_at: self.at,
            carried: None,
            answer,
        };
        (listing, missing)
    }

    async fn all_tag_policies(&self) -> Result<Vec<ObservedTagPolicy>, Arc<str>> {
        let mut names = self.policy_names().await.map_err(|reason| of("ListPolicies", &reason))?;
        names.sort();
        names.dedup();
        if names.len() > POLICIES {
            return Err(format!("there are {} of them, more than {POLICIES}", names.len()).into());
        }
        let mut policies = Vec::with_capacity(names.len());
        for (id, name) in names {
            let document = self.document(&id).await.map_err(|reason| of("DescribePolicy", &reason))?;
            let targets = self.targets(&id).await.map_err(|reason| of("ListTargetsForPolicy", &reason))?;
            policies.push(ObservedTagPolicy::new(&id, &name, &document, targets));
        }
        Ok(policies)
    }

    /// The id and name of each.
    async fn policy_names(&self) -> Result<Vec<(String, String)>, Arc<str>> {
        let ask = |client: Client, token: Option<String>| async move {
            let question = client.list_policies().filter(PolicyType::TagPolicy).set_next_token(token);
            let answer = question.send().await.map_err(|error| Fault::of(&error))?;
            let policies = answer.policies.ok_or_else(without_list)?;
            let named =
                policies.into_iter().map(|policy| Some((policy.id?, policy.name.unwrap_or_default())));
            let items = named.collect::<Option<Vec<_>>>();
            let items = items.ok_or_else(|| Fault::Refused("a policy without id".into()))?;
            Ok(Page { items, next: answer.next_token })
        };
        self.all(ask).await
    }

    async fn document(&self, id: &str) -> Result<String, Arc<str>> {
        let ask = |client: Client, _: Option<String>| async move {
            let answer = client.describe_policy().policy_id(id).send().await;
            let answer = answer.map_err(|error| Fault::of(&error))?;
            let document = answer.policy.and_then(|policy| policy.content);
            let items = vec![document.ok_or_else(|| Fault::Lost("an answer without its policy".into()))?];
            Ok(Page { items, next: None })
        };
        self.all(ask).await.map(|documents| documents.into_iter().next().unwrap_or_default())
    }

    async fn targets(&self, id: &str) -> Result<Vec<PolicyTarget>, Arc<str>> {
        let ask = |client: Client, token: Option<String>| async move {
            let question = client.list_targets_for_policy().policy_id(id).set_next_token(token);
            let answer = question.send().await.map_err(|error| Fault::of(&error))?;
            let targets = answer.targets.ok_or_else(without_list)?.into_iter().map(|target| {
                Some(PolicyTarget {
                    id: target.target_id?.into(),
                    name: target.name.unwrap_or_default().into(),
                })
            });
            let items = targets.collect::<Option<Vec<_>>>();
            let items = items.ok_or_else(|| Fault::Refused("a target without id".into()))?;
            Ok(Page { items, next: answer.next_token })
        };
        self.all(ask).await
    }
}

/// Which question failed, and why.
fn of(operation: &str, reason: &str) -> Arc<str> {
    format!("organizations:{operation}: {reason}").into()
}
