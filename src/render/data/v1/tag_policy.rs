//! What tag policies of AWS say of one account, as part of its document.

use schemars::JsonSchema;
use serde::Serialize;

use crate::catalog;
use crate::catalog::tag_policy::{Effective, EffectiveRule, Merged};
use crate::render::portal::Portal;

/// What tag policies of AWS Organizations make of each other for one account.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TagPolicies<'a> {
    /// What applies, by key; absent when it is not known.
    pub rules: Option<Vec<TagRule<'a>>>,
    /// Why it is not known, or names of policies that cannot be read; none when all is known.
    pub unknown: Vec<String>,
}

/// What applies to one key.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TagRule<'a> {
    /// Types of resources on which AWS refuses anything else; absent when that is doubtful.
    pub enforced_for: Option<Vec<&'a str>>,
    /// The policies that say so, from the root down.
    pub from: Vec<TagPolicy<'a>>,
    /// How the key is written; absent when that is doubtful.
    pub key: Option<&'a str>,
    /// The key in small letters.
    pub policy_key: &'a str,
    /// Allowed values, in which `*` stands for anything; all without any, absent when that is doubtful.
    pub values: Option<Vec<&'a str>>,
}

/// A policy, and what it is attached to.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TagPolicy<'a> {
    /// Id of the root, organisational unit or account.
    pub attached_to: &'a str,
    /// Its id.
    pub id: &'a str,
    /// Its name.
    pub name: &'a str,
}

impl<'a> TagPolicies<'a> {
    /// What is known of `account`; nothing, when nobody asked its organisation.
    pub(super) fn of(portal: &'a Portal<'_>, account: &'a catalog::Account) -> Option<Self> {
        Some(match portal.catalog.tag_policies_of(account)? {
            Ok(effective) => Self::known(effective),
            Err(reason) => Self { rules: None, unknown: vec![reason] },
        })
    }

    fn known(effective: Effective<'a>) -> Self {
        let unreadable = effective.unreadable.iter();
        Self {
            unknown: unreadable.map(|policy| format!("`{}` cannot be read", policy.label())).collect(),
            rules: Some(effective.rules.into_iter().map(TagRule::of).collect()),
        }
    }
}

impl<'a> TagRule<'a> {
    fn of(rule: EffectiveRule<'a>) -> Self {
        let known = |merged: &Merged<'a>| merged.known().map(<[_]>::to_vec);
        let policy = |(policy, attached_to): &(&'a catalog::tag_policy::OrganisationPolicy, &'a str)| {
            TagPolicy { attached_to, id: &policy.id, name: &policy.name }
        };
        Self {
            enforced_for: known(&rule.enforced_for),
            from: rule.from.iter().map(policy).collect(),
            key: rule.key.known().and_then(|key| key.first().copied()),
            policy_key: rule.policy_key,
            values: known(&rule.values),
        }
    }
}
