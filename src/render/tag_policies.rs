//! Tag policies of AWS in tables: what is attached where, and what applies to one account.

use serde::Serialize;

use super::parts::cut;
use super::portal::Portal;
use crate::catalog::Account;
use crate::catalog::tag_policy::{EffectiveRule, KeyRule, Merged, OrganisationPolicy};
use crate::words;

/// Policies, keys or targets that are shown at most.
const SHOWN: usize = 100;
/// Values that a cell spells out.
const VALUES: usize = 12;
/// Longest text shown, in characters.
const LONGEST: usize = 300;
/// What is said while a setting is doubtful.
const DOUBTFUL: &str = "unknown: two policies of one place disagree, or one cannot be read";

/// One policy of the organisation.
#[derive(Debug, Serialize)]
pub struct Policy {
    name: String,
    id: String,
    /// Roots, units and accounts, by name.
    targets: Vec<String>,
    more_targets: usize,
    /// The keys it speaks of.
    keys: Vec<String>,
    more_keys: usize,
    /// Why it cannot be read.
    unreadable: Option<String>,
}

/// The policies of all organisations.
#[derive(Debug, Serialize)]
pub struct Policies {
    caption: String,
    rows: Vec<Policy>,
    more: usize,
    /// Why some are not known.
    unknown: Vec<String>,
}

/// What applies to one account.
#[derive(Debug, Serialize)]
pub struct Applied {
    caption: String,
    rows: Vec<Rule>,
    more: usize,
    /// Why nothing, or not all of it, is known.
    unknown: Vec<String>,
}

/// What applies to one key.
#[derive(Debug, Serialize)]
struct Rule {
    key: String,
    values: String,
    enforced_for: String,
    /// Policies, each with what it is attached to.
    from: Vec<String>,
}

/// The policies of all organisations; nothing, when nobody asked for them.
pub fn policies(portal: &Portal<'_>) -> Option<Policies> {
    let organisations = &portal.catalog.organisation_policies;
    if organisations.is_empty() {
        return None;
    }
    let all: Vec<&OrganisationPolicy> = organisations.iter().flat_map(|one| &one.policies).collect();
    let refused = organisations.iter().filter_map(|one| one.refused.as_deref());
    Some(Policies {
        caption: format!(
            "{} of AWS Organizations, and what each is attached to",
            words::count(all.len(), "tag policy", "tag policies")
        ),
        rows: all.iter().take(SHOWN).map(|policy| row(policy)).collect(),
        more: all.len().saturating_sub(SHOWN),
        unknown: refused.map(|reason| cut(reason, LONGEST).into_owned()).collect(),
    })
}

fn row(policy: &OrganisationPolicy) -> Policy {
    let targets = policy.targets.iter().take(SHOWN);
    let (rules, unreadable) = match &policy.rules {
        Ok(rules) => (&rules[..], None),
        Err(reason) => (&[][..], Some(cut(reason, LONGEST).into_owned())),
    };
    Policy {
        name: cut(policy.label(), LONGEST).into_owned(),
        id: cut(&policy.id, LONGEST).into_owned(),
        targets: targets.map(|target| named(&target.name, &target.id)).collect(),
        more_targets: policy.targets.len().saturating_sub(SHOWN),
        keys: rules.iter().take(SHOWN).map(key).collect(),
        more_keys: rules.len().saturating_sub(SHOWN),
        unreadable,
    }
}

/// How the policy writes the key, else what the rule is called.
fn key(rule: &KeyRule) -> String {
    let written = rule.key.assign.as_deref().and_then(<[_]>::first);
    cut(written.unwrap_or(&rule.policy_key), LONGEST).into_owned()
}

fn named(name: &str, id: &str) -> String {
    match name.trim().is_empty() {
        true => cut(id, LONGEST).into_owned(),
        false => format!("{} ({})", cut(name, LONGEST), cut(id, LONGEST)),
    }
}

/// What applies to `account`; nothing, when nobody asked its organisation.
pub fn applied(portal: &Portal<'_>, account: &Account) -> Option<Applied> {
    let effective = match portal.catalog.tag_policies_of(account)? {
        Ok(effective) => effective,
        Err(reason) => {
            let unknown = vec![cut(&reason, LONGEST).into_owned()];
            return Some(Applied { caption: String::new(), rows: Vec::new(), more: 0, unknown });
        }
    };
    let unreadable = effective.unreadable.iter().take(SHOWN).map(|policy| {
        let reason = policy.rules.as_ref().err().map_or("", |reason| reason);
        format!("`{}` cannot be read: {}", cut(policy.label(), LONGEST), cut(reason, LONGEST))
    });
    let more_unreadable = effective.unreadable.len().saturating_sub(SHOWN);
    let more_unreadable = (more_unreadable > 0)
        .then(|| format!("{} cannot be read", words::count(more_unreadable, "more policy", "more policies")));
    Some(Applied {
        caption: format!(
            "{} that policies of AWS speak of, put together from the root down",
            words::count(effective.rules.len(), "tag", "tags")
        ),
        rows: effective.rules.iter().take(SHOWN).map(rule).collect(),
        more: effective.rules.len().saturating_sub(SHOWN),
        unknown: unreadable.chain(more_unreadable).collect(),
    })
}

fn rule(rule: &EffectiveRule<'_>) -> Rule {
    let from = rule.from.iter().map(|(policy, at)| {
        let target = policy.targets.iter().find(|target| *target.id == **at);
        let target = target.map_or_else(|| (*at).to_owned(), |target| named(&target.name, &target.id));
        format!("{}, attached to {target}", cut(policy.label(), LONGEST))
    });
    Rule {
        key: rule.key.known().map_or_else(|| cut(rule.policy_key, LONGEST).into_owned(), joined),
        values: cell(&rule.values, "any"),
        enforced_for: cell(&rule.enforced_for, "nothing"),
        from: from.collect(),
    }
}

/// What is set, else `none`.
fn cell(merged: &Merged<'_>, none: &str) -> String {
    match merged.known() {
        None => DOUBTFUL.to_owned(),
        Some([]) => none.to_owned(),
        Some(values) => joined(values),
    }
}

fn joined(values: &[&str]) -> String {
    let shown: Vec<_> = values.iter().take(VALUES).map(|value| cut(value, LONGEST)).collect();
    match values.len().saturating_sub(VALUES) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
