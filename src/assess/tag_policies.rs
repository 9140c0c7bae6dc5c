//! Tag policies of AWS against the record: where AWS wants a key spelt otherwise than policy requires it, and values that
//! the record asks for and AWS does not allow. What is doubtful contradicts nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::Finding;
use super::tags::Expectations;
use crate::catalog::tag_policy::{Effective, EffectiveRule};
use crate::catalog::{Catalog, Service};
use crate::day::Day;
use crate::diagnostic::codes;
use crate::words;

/// Names that a message spells out.
const SHOWN: usize = 3;

/// What contradicts, so that it is said once for all accounts: the position of the required tag, and the policies by
/// label.
type Key<'a> = (usize, Vec<&'a str>);

/// Values that are asked for and not allowed.
#[derive(Default)]
struct Forbidden<'a> {
    values: BTreeSet<String>,
    services: BTreeSet<&'a str>,
    accounts: BTreeSet<&'a str>,
}

/// Everything that contradicts.
pub(super) fn judge(catalog: &Catalog, today: Day) -> Vec<Finding> {
    if catalog.organisation_policies.is_empty() {
        return Vec::new();
    }
    let effective: BTreeMap<&str, Effective<'_>> = catalog
        .accounts
        .iter()
        .filter_map(|account| Some((account.id.as_str(), catalog.tag_policies_of(account)?.ok()?)))
        .collect();
    let mut findings = spellings(catalog, &effective);
    findings.extend(listed(catalog, &effective));
    findings.extend(declared(catalog, &effective, today));
    findings
}

/// Keys that AWS wants spelt otherwise.
fn spellings(catalog: &Catalog, effective: &BTreeMap<&str, Effective<'_>>) -> Vec<Finding> {
    if catalog.tag_policy.case_sensitive.value() == Some(&false) {
        return Vec::new();
    }
    let mut said: BTreeMap<(Key<'_>, &str), BTreeSet<&str>> = BTreeMap::new();
    for (position, tag) in catalog.tag_policy.required.values().enumerate() {
        let Some(required) = tag.key.value() else { continue };
        for (account, effective) in effective {
            let Some(rule) = effective.rule(required) else { continue };
            let Some([key]) = rule.key.known() else { continue };
            if **key != **required && !tag.aliases.values().any(|alias| **alias == **key) {
                said.entry(((position, labels(rule)), key)).or_default().insert(account);
            }
        }
    }
    let finding = |(((position, labels), key), accounts): ((Key<'_>, &str), BTreeSet<&str>)| {
        let required = catalog.tag_policy.required.values().nth(position).and_then(|tag| tag.key.value());
        let message = format!(
            "{} of AWS {} the key `{}` in {}, and the policy on tags requires `{}`",
            policies(&labels),
            if labels.len() == 1 { "wants" } else { "want" },
            key,
            words::count(accounts.len(), "account", "accounts"),
            required.map_or("", |key| key),
        );
        found(catalog, position, message)
    };
    said.into_iter().map(finding).collect()
}

/// Values that the policy on tags lists, and that AWS allows in no account of which that is known.
fn listed(catalog: &Catalog, effective: &BTreeMap<&str, Effective<'_>>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (position, tag) in catalog.tag_policy.required.values().enumerate() {
        let Some(required) = tag.key.value() else { continue };
        let rules: Vec<&EffectiveRule<'_>> =
            effective.values().filter_map(|one| one.rule(required)).collect();
        // Where nothing is said everything is allowed, so one such account is enough.
        if rules.is_empty() || rules.len() < effective.len() {
            continue;
        }
        let forbidden = |value: &&str| rules.iter().all(|rule| rule.allows(value) == Some(false));
        let values: Vec<&str> = tag.values.values().map(|value| &**value).filter(forbidden).collect();
        if values.is_empty() {
            continue;
        }
        let labels: BTreeSet<&str> = rules.iter().flat_map(|rule| labels(rule)).collect();
        let labels: Vec<&str> = labels.into_iter().collect();
        let message = format!(
            "{} of AWS {} {} for `{required}` in no account, and the policy on tags lists {}",
            policies(&labels),
            if labels.len() == 1 { "allows" } else { "allow" },
            words::first(&values, SHOWN),
            if values.len() == 1 { "it" } else { "them" },
        );
        findings.push(found(catalog, position, message));
    }
    findings
}

/// Values that records of services ask for in accounts in which AWS does not allow them.
fn declared(catalog: &Catalog, effective: &BTreeMap<&str, Effective<'_>>, today: Day) -> Vec<Finding> {
    let mut said: BTreeMap<Key<'_>, Forbidden<'_>> = BTreeMap::new();
    for service in catalog.services.iter().filter(|service| service.conflict.is_empty()) {
        let accounts = accounts(service);
        let mut known = accounts.iter().filter_map(|id| Some((*id, effective.get(id)?))).peekable();
        if known.peek().is_none() {
            continue;
        }
        let expected = Expectations::of(catalog, service, today);
        for (account, effective) in known {
            for (position, tag) in expected.tags().iter().enumerate().filter(|(_, tag)| tag.declared) {
                let Some(rule) = effective.rule(tag.key) else { continue };
                let values: Vec<&str> = match tag.is_environment() {
                    true => environments(service, account),
                    false => tag.values.iter().map(|value| &**value).collect(),
                };
                for value in values.into_iter().filter(|value| rule.allows(value) == Some(false)) {
                    let forbidden = said.entry((position, labels(rule))).or_default();
                    forbidden.values.insert(value.to_owned());
                    forbidden.services.insert(service.id.as_str());
                    forbidden.accounts.insert(account);
                }
            }
        }
    }
    let finding = |((position, labels), forbidden): (Key<'_>, Forbidden<'_>)| {
        let values: Vec<&String> = forbidden.values.iter().collect();
        let services: Vec<&&str> = forbidden.services.iter().collect();
        let required = catalog.tag_policy.required.values().nth(position).and_then(|tag| tag.key.value());
        let message = format!(
            "{} of AWS {} not allow {} for `{}` in {}, and the {} of {} {} for {}",
            policies(&labels),
            if labels.len() == 1 { "does" } else { "do" },
            words::first(&values, SHOWN),
            required.map_or("", |key| key),
            words::count(forbidden.accounts.len(), "account", "accounts"),
            if services.len() == 1 { "record" } else { "records" },
            words::first(&services, SHOWN),
            if services.len() == 1 { "asks" } else { "ask" },
            if values.len() == 1 { "it" } else { "them" },
        );
        found(catalog, position, message)
    };
    said.into_iter().map(finding).collect()
}

/// The accounts in which a service says that it runs.
fn accounts(service: &Service) -> BTreeSet<&str> {
    let runs = service.environments.iter().filter_map(|runs| Some(runs.account.as_ref()?.value.as_str()));
    runs.chain(service.record.account_id.value().map(|id| id.as_str())).collect()
}

/// What the environments of a service are called that lie in `account`.
fn environments<'a>(service: &'a Service, account: &str) -> Vec<&'a str> {
    let lies_here = service
        .environments
        .iter()
        .filter(|runs| runs.account.as_ref().is_some_and(|own| own.value.as_str() == account));
    lies_here.filter_map(|runs| runs.name.as_ref().map(|name| name.as_str())).collect()
}

/// What the policies behind a rule are called, each once.
fn labels<'a>(rule: &EffectiveRule<'a>) -> Vec<&'a str> {
    let labels: BTreeSet<&str> = rule.from.iter().map(|(policy, _)| policy.label()).collect();
    labels.into_iter().collect()
}

/// ``the tag policy `Costs` ``.
fn policies(labels: &[&str]) -> String {
    let noun = if labels.len() == 1 { "policy" } else { "policies" };
    format!("the tag {noun} {}", words::first(labels, SHOWN))
}

fn found(catalog: &Catalog, position: usize, message: String) -> Finding {
    let origin = catalog.tag_policy.required.items.get(position).map(|tag| tag.origin);
    Finding { code: codes::TAG_POLICY_CONTRADICTS.name, message: message.into(), origin }
}
