//! What policies make of each other on their way to an account: the examples of AWS's own documentation, and what it
//! leaves open.

use serde_json::{Value, json};

use super::*;

const ROOT: &str = "r-root";
const UNIT: &str = "ou-root-prod";
const ACCOUNT: &str = "999999999999";
const PATH: &str = "o-example/r-root/ou-root-prod/999999999999/";

fn organisation(policies: &[(&str, Value)]) -> OrganisationPolicies {
    let targets = |id: &str| vec![PolicyTarget { id: id.into(), name: "".into() }];
    let policies = policies.iter().enumerate().map(|(number, (target, document))| {
        ObservedTagPolicy::new(&format!("p-{number}"), "", &document.to_string(), targets(target))
    });
    let listing = TagPolicyListing {
        source: "aws".into(),
        collected_at: Moment::parse("2026-11-20T03:00:00Z").expect("a moment"),
        carried: None,
        answer: Ok(policies.collect()),
    };
    OrganisationPolicies::of(&listing, None, Length::from_days(2))
}

/// How a key is written and which values it may have, `?` where that is doubtful.
fn applies(policies: &[(&str, Value)]) -> Vec<String> {
    let organisation = organisation(policies);
    let effective = Effective::of(&organisation, PATH, ACCOUNT);
    let shown = |merged: &Merged<'_>| merged.known().map_or("?".to_owned(), |known| known.join(","));
    let line = |rule: &EffectiveRule<'_>| {
        format!("{} = {} on {}", shown(&rule.key), shown(&rule.values), shown(&rule.enforced_for))
    };
    effective.rules.iter().map(line).collect()
}

fn costs() -> Value {
    json!({"tags": {"costcenter": {
        "tag_key": {"@@assign": "CostCenter"},
        "tag_value": {"@@assign": ["Development", "Support"]}
    }}})
}

#[test]
fn the_policy_beneath_replaces_adds_and_removes() {
    let replaces = json!({"tags": {"costcenter": {
        "tag_value": {"@@assign": ["Sandbox"]}, "enforced_for": {"@@assign": ["redshift:*", "dynamodb:table"]}}}});
    assert_eq!(
        applies(&[(ROOT, costs()), (UNIT, replaces)]),
        ["CostCenter = Sandbox on dynamodb:table,redshift:*"]
    );
    let adds = json!({"tags": {"costcenter": {"tag_value": {"@@append": ["Marketing"]}}}});
    let removes = json!({"tags": {"costcenter": {"tag_value": {"@@remove": ["Development", "Marketing"]}}}});
    assert_eq!(
        applies(&[(UNIT, adds.clone()), (ROOT, costs())]),
        ["CostCenter = Development,Marketing,Support on "]
    );
    assert_eq!(applies(&[(ROOT, costs()), (UNIT, adds), (ACCOUNT, removes)]), ["CostCenter = Support on "]);
    assert!(
        applies(&[("ou-root-other", costs())]).is_empty(),
        "what is attached elsewhere does not reach it"
    );
}

#[test]
fn the_policy_above_says_what_those_beneath_may_do() {
    let locks = json!({"tags": {"project": {
        "tag_key": {"@@operators_allowed_for_child_policies": ["@@none"], "@@assign": "Project"},
        "tag_value": {"@@operators_allowed_for_child_policies": ["@@append"], "@@assign": ["Maintenance"]}}}});
    let tries = json!({"tags": {"project": {
        "tag_key": {"@@assign": "PROJECT"}, "tag_value": {"@@append": ["Research"], "@@remove": ["Maintenance"]}}}});
    assert_eq!(applies(&[(ROOT, locks), (UNIT, tries.clone())]), ["Project = Maintenance,Research on "]);
    let closed = json!({"tags": {"@@operators_allowed_for_child_policies": ["@@none"]}});
    assert!(applies(&[(ROOT, closed), (UNIT, tries)]).is_empty(), "nothing beneath says anything");
}

#[test]
fn of_two_in_one_place_nobody_knows_which_came_first() {
    let other = json!({"tags": {"costcenter": {"tag_key": {"@@assign": "costcenter"}}}});
    assert_eq!(applies(&[(ROOT, costs()), (ROOT, other.clone())]), ["? = Development,Support on "]);
    assert_eq!(applies(&[(ROOT, costs()), (ROOT, costs())]), ["CostCenter = Development,Support on "]);
    let settled = [(ROOT, costs()), (ROOT, other.clone()), (UNIT, other)];
    assert_eq!(applies(&settled), ["costcenter = Development,Support on "], "what is beneath settles it");
}

#[test]
fn a_policy_that_cannot_be_read_leaves_everything_open() {
    for (document, said) in [
        (json!({}), "it has no `tags`"),
        (json!({"tags": []}), "`tags` is no mapping"),
        (json!({"tags": {"a": {"tag_key": "a"}}}), "`tags.a.tag_key` is no mapping"),
        (
            json!({"tags": {"a": {"tag_value": {"@@assign": [1]}}}}),
            "`tags.a.tag_value.@@assign` holds something",
        ),
        (json!({"tags": {"a": {}, "A": {}}}), "two rules are for the key `a`"),
    ] {
        let organisation = organisation(&[(ROOT, costs()), (UNIT, document)]);
        let reason = organisation.policies[1].rules.as_ref().expect_err("it cannot be read");
        assert!(reason.starts_with(said), "{reason}");
        let effective = Effective::of(&organisation, PATH, ACCOUNT);
        assert_eq!(effective.unreadable.len(), 1);
        assert_eq!(effective.rules[0].allows("Support"), None, "the other may allow or forbid it");
    }
    let deep = format!("{}{}", "{\"tags\":".repeat(5_000), "}".repeat(5_000));
    assert!(document::read(&deep).is_err(), "nesting ends in a reason");
}

#[test]
fn a_value_may_hold_stars() {
    for (pattern, value, expected) in [
        ("CC-*", "CC-4100", true),
        ("CC-*", "cc-4100", false),
        ("*@example.com", "a@example.com", true),
        ("*@example.com", "a@example.org", false),
        ("a*c*e", "abcde", true),
        ("a*a", "a", false),
        ("*", "", true),
        ("Support", "Support", true),
        ("Support", "Supports", false),
    ] {
        assert_eq!(allows(pattern, value), expected, "{pattern} {value}");
    }
}
