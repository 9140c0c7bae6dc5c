//! Tag policies of AWS Organizations: what each document says of tags, where it is attached, and which accounts that
//! reaches. They are AWS's word; what we require is `policy.rs`.

mod document;
mod effective;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Account, Catalog};
use crate::collect::snapshot::{ObservedTagPolicy, PolicyTarget, TagPolicyListing};
use crate::day::{Length, Moment};

pub use document::{KeyRule, Setting};
pub use effective::{Effective, EffectiveRule, Merged};

/// What one organisation says of tags.
#[derive(Debug)]
pub struct OrganisationPolicies {
    /// The source that asked.
    pub source: Arc<str>,
    /// When it was asked.
    pub collected_at: Moment,
    /// Why its policies are not known, when they are not.
    pub refused: Option<Arc<str>>,
    /// The policies, by id; none while they are not known.
    pub policies: Vec<OrganisationPolicy>,
    /// Positions of the policies that are attached to a root, unit or account, by its id.
    by_target: BTreeMap<Arc<str>, Vec<usize>>,
}

/// One tag policy.
#[derive(Debug)]
pub struct OrganisationPolicy {
    /// Its id.
    pub id: Arc<str>,
    /// Its name.
    pub name: Arc<str>,
    /// What it is attached to.
    pub targets: Vec<PolicyTarget>,
    /// What it says, by key, or why it cannot be read.
    pub rules: Result<Vec<KeyRule>, Box<str>>,
    /// Which operators it leaves to policies beneath, for every key.
    children: document::Allowed,
}

impl OrganisationPolicy {
    /// What people call it.
    pub fn label(&self) -> &str {
        if self.name.trim().is_empty() { &self.id } else { &self.name }
    }

    fn of(policy: &ObservedTagPolicy) -> Self {
        let read = policy.document.as_ref().map_err(|reason| Box::from(&**reason));
        let read = read.and_then(|text| document::read(text));
        let (rules, children) = match read {
            Ok((rules, children)) => (Ok(rules), children),
            Err(reason) => (Err(reason), document::Allowed::default()),
        };
        let (id, name) = (Arc::clone(&policy.id), Arc::clone(&policy.name));
        Self { id, name, targets: policy.targets.clone(), rules, children }
    }
}

impl OrganisationPolicies {
    /// What `listing` says in a run at `now`; one that is carried over for longer than `longest` is not known.
    pub(super) fn of(listing: &TagPolicyListing, now: Option<Moment>, longest: Length) -> Self {
        let refused = listing.refusal(now, longest);
        let known = listing.answer.as_deref().unwrap_or_default();
        let known = if refused.is_some() { &[] } else { known };
        let policies: Vec<_> = known.iter().map(OrganisationPolicy::of).collect();
        let mut by_target: BTreeMap<Arc<str>, Vec<usize>> = BTreeMap::new();
        for (position, policy) in policies.iter().enumerate() {
            for target in &policy.targets {
                by_target.entry(Arc::clone(&target.id)).or_default().push(position);
            }
        }
        Self {
            source: Arc::clone(&listing.source),
            collected_at: listing.collected_at,
            refused,
            policies,
            by_target,
        }
    }

    /// What is attached to the root, unit or account of this id.
    fn attached(&self, id: &str) -> impl Iterator<Item = &OrganisationPolicy> {
        self.by_target.get(id).into_iter().flatten().map(|position| &self.policies[*position])
    }
}

impl Catalog {
    /// What tag policies say of `account`, or why that is not known; nothing, when nobody asked its organisation.
    pub fn tag_policies_of<'a>(&'a self, account: &'a Account) -> Option<Result<Effective<'a>, String>> {
        let observed = account.observed.as_ref()?;
        let organisation = self.organisation_policies.iter().find(|one| one.source == observed.source)?;
        if let Some(reason) = &organisation.refused {
            return Some(Err(reason.to_string()));
        }
        let Some(path) = observed.path.as_deref() else {
            return Some(Err("the organisational units that the account lies in are not known".to_owned()));
        };
        Some(Ok(Effective::of(organisation, path, account.id.as_str())))
    }
}

/// Whether a value of a tag policy, in which `*` stands for anything, allows `value`.
pub fn allows(pattern: &str, value: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == value };
    let Some(mut left) = value.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        match left.find(part) {
            Some(at) => left = &left[at + part.len()..],
            None => return false,
        }
    }
    left.ends_with(last)
}

#[cfg(test)]
mod tests;
