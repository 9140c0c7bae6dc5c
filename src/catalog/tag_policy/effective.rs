//! What applies to one account: policies of its root, its units and itself put together in that order, as AWS does. Of
//! two that are attached to the same place and say different things, the one that was attached first counts for AWS,
//! which does not tell which one that is: so nothing is concluded.

use std::collections::BTreeMap;

use super::document::{Allowed, Setting};
use super::{KeyRule, OrganisationPolicies, OrganisationPolicy};

/// What applies to one account.
#[derive(Debug)]
pub struct Effective<'a> {
    /// By the key of the rule.
    pub rules: Vec<EffectiveRule<'a>>,
    /// Policies that reach the account and cannot be read: there may be more rules, and others.
    pub unreadable: Vec<&'a OrganisationPolicy>,
}

/// What applies to one key.
#[derive(Debug)]
pub struct EffectiveRule<'a> {
    /// The key in small letters.
    pub policy_key: &'a str,
    /// How it is written: one text, and in small letters when no policy says.
    pub key: Merged<'a>,
    /// The values that are allowed; everything, without any.
    pub values: Merged<'a>,
    /// Types of resources on which AWS refuses anything else.
    pub enforced_for: Merged<'a>,
    /// The policies that say so, from the root down, each with the id of what it is attached to.
    pub from: Vec<(&'a OrganisationPolicy, &'a str)>,
}

/// What several policies make of one setting.
#[derive(Debug, Default)]
pub struct Merged<'a> {
    /// What is set.
    pub values: Vec<&'a str>,
    /// Whether two policies of one place disagree, or one that cannot be read has a say.
    pub is_doubtful: bool,
    allowed: Allowed,
}

impl<'a> Merged<'a> {
    /// What holds; nothing while that is doubtful.
    pub fn known(&self) -> Option<&[&'a str]> {
        (!self.is_doubtful).then_some(&*self.values)
    }

    /// Whether `setting` changes anything that policies above leave open.
    fn heeds(&self, setting: &Setting) -> bool {
        let Allowed { assign, append, remove } = self.allowed;
        assign && setting.assign.is_some()
            || append && !setting.append.is_empty()
            || remove && !setting.remove.is_empty()
    }

    /// Puts what the policies of one place say upon what is inherited.
    fn lay(&mut self, settings: &[&'a Setting]) {
        let allowed = self.allowed;
        let sorted = |list: &'a [Box<str>]| {
            let mut list: Vec<&str> = list.iter().map(|text| &**text).collect();
            list.sort_unstable();
            list.dedup();
            list
        };
        let assigned = settings.iter().filter(|_| allowed.assign).filter_map(|one| one.assign.as_deref());
        let mut assigned: Vec<Vec<&str>> = assigned.map(sorted).collect();
        assigned.dedup();
        if let [one, others @ ..] = &mut assigned[..] {
            self.is_doubtful = !others.is_empty();
            self.values = std::mem::take(one);
        }
        if allowed.append {
            self.values.extend(settings.iter().flat_map(|one| &one.append).map(|text| &**text));
            self.values.sort_unstable();
            self.values.dedup();
        }
        if allowed.remove {
            let removed =
                |value: &&str| settings.iter().any(|one| one.remove.iter().any(|text| **text == **value));
            self.values.retain(|value| !removed(value));
        }
        self.allowed = settings.iter().fold(allowed, |allowed, one| allowed.and(one.children));
    }
}

impl<'a> Effective<'a> {
    /// What `organisation` says of the account `id` that lies at `path`.
    pub(super) fn of(organisation: &'a OrganisationPolicies, path: &'a str, id: &'a str) -> Self {
        let mut rules: BTreeMap<&'a str, EffectiveRule<'a>> = BTreeMap::new();
        let mut unreadable = Vec::new();
        let mut for_all = Allowed::default();
        let above = path.split('/').filter(|part| !part.is_empty() && *part != id);
        for place in above.chain([id]) {
            let mut here: BTreeMap<&'a str, Vec<(&'a OrganisationPolicy, &'a KeyRule)>> = BTreeMap::new();
            let mut left = for_all;
            for policy in organisation.attached(place) {
                left = left.and(policy.children);
                match &policy.rules {
                    Ok(own) => {
                        for rule in own {
                            here.entry(&rule.policy_key).or_default().push((policy, rule));
                        }
                    }
                    Err(_) => unreadable.push(policy),
                }
            }
            for (policy_key, said) in here {
                let rule = rules.entry(policy_key).or_insert_with(|| EffectiveRule {
                    policy_key,
                    key: Merged { allowed: for_all, ..Merged::default() },
                    values: Merged { allowed: for_all, ..Merged::default() },
                    enforced_for: Merged { allowed: for_all, ..Merged::default() },
                    from: Vec::new(),
                });
                let of = |part: fn(&'a KeyRule) -> &'a Setting| -> Vec<&'a Setting> {
                    said.iter().map(|(_, rule)| part(rule)).collect()
                };
                let counts = |said: &&(_, &'a KeyRule)| {
                    rule.key.heeds(&said.1.key)
                        || rule.values.heeds(&said.1.values)
                        || rule.enforced_for.heeds(&said.1.enforced_for)
                };
                let from: Vec<_> = said.iter().filter(counts).map(|(policy, _)| (*policy, place)).collect();
                rule.from.extend(from);
                rule.key.lay(&of(|rule| &rule.key));
                rule.values.lay(&of(|rule| &rule.values));
                rule.enforced_for.lay(&of(|rule| &rule.enforced_for));
            }
            for_all = left;
            for rule in rules.values_mut() {
                for merged in [&mut rule.key, &mut rule.values, &mut rule.enforced_for] {
                    merged.allowed = merged.allowed.and(for_all);
                }
            }
        }
        let mut rules: Vec<_> = rules.into_values().filter(|rule| !rule.from.is_empty()).collect();
        for rule in &mut rules {
            if rule.key.values.is_empty() {
                rule.key.values.push(rule.policy_key);
            }
            rule.key.is_doubtful |= rule.key.values.len() > 1;
            if !unreadable.is_empty() {
                for merged in [&mut rule.key, &mut rule.values, &mut rule.enforced_for] {
                    merged.is_doubtful = true;
                }
            }
        }
        Self { rules, unreadable }
    }

    /// What applies to the tag `key`, however it is written.
    pub fn rule(&self, key: &str) -> Option<&EffectiveRule<'a>> {
        let key = key.to_lowercase();
        self.rules.iter().find(|rule| *rule.policy_key == *key)
    }
}

impl EffectiveRule<'_> {
    /// Whether `value` is allowed; nothing while that is doubtful.
    pub fn allows(&self, value: &str) -> Option<bool> {
        let values = self.values.known()?;
        Some(values.is_empty() || values.iter().any(|pattern| super::allows(pattern, value)))
    }
}
