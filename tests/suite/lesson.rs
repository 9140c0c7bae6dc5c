//! The first acceptance test: the lesson's own records, judged as of 2026-11-21, give exactly what the
//! mission map says of them; and the example shows every tier, state and outcome at least once.

use std::collections::BTreeSet;

use milepost::assess::explain::Explainer;
use milepost::assess::outcome::Outcome;
use milepost::assess::{Assessment, ExceptionState, InputState, Tier};
use milepost::day::Day;

use super::example::example;

fn codes_at(code: &str, repository: &str) -> Vec<&'static str> {
    let diagnostics = example().catalog.diagnostics.iter();
    let wanted = diagnostics.filter(|diagnostic| {
        let place = diagnostic.place.as_ref();
        diagnostic.code.name == code && place.is_some_and(|place| &*place.repository == repository)
    });
    wanted.map(|diagnostic| diagnostic.message.as_str()).collect()
}

/// Outcome and message of one rule for one service.
fn outcome(service: &str, rule: &str) -> Outcome {
    let (_, assessment) = example().service(service);
    let catalog = &example().catalog;
    let mut found = assessment.subject.scorecards.iter().filter_map(|result| {
        let rules = catalog.scorecards[result.scorecard].record.rules.values();
        let position =
            rules.into_iter().position(|known| known.id.value().is_some_and(|id| id.as_str() == rule))?;
        Some(result.rules[position].outcome)
    });
    found.next().unwrap_or_else(|| panic!("`{rule}` applies to `{service}`"))
}

#[test]
fn the_exception_of_section_24_expired_82_days_ago() {
    let exception = example().exception("EX-2026-0017");
    assert_eq!(exception.state, ExceptionState::Expired);
    assert_eq!(exception.days_left, Some(-82));
    assert_eq!(&*exception.reasons[0].text, "ended on 2026-08-31, 82 days ago");
    assert!(exception.reasons[0].origin.is_some(), "the end has a place in the file");
    assert!(exception.hides.is_empty() && exception.beside.is_empty());
    let end = Day::parse("2026-08-31").expect("a day");
    let events: Vec<_> = exception.life_line.iter().map(|event| (event.day, event.event)).collect();
    assert_eq!(events, [(end, "expired")], "its three approvers are only named, which is no approval");
}

#[test]
fn its_service_is_in_no_other_record() {
    let exception = example().exception("EX-2026-0017");
    let codes: BTreeSet<&str> = exception.findings.iter().map(|finding| finding.code).collect();
    assert_eq!(codes, BTreeSet::from(["dangling", "uncheckable-cap", "unmanaged-standard"]));
    assert!(example().catalog.services.find("case-report-exporter").is_none());
}

#[test]
fn the_two_services_name_one_team_one_route_and_one_cost_centre_in_two_ways() {
    let said = |code| codes_at(code, "enforcement-case-api").join("\n");
    for (code, one, other) in [
        ("similar-owner", "regulatory-platform-team", "regulatory-platform"),
        ("similar-on-call", "regulatory-platform-oncall", "regulatory-platform-primary"),
        ("similar-cost-center", "regulatory-systems", "regtech-platform"),
    ] {
        let said = said(code);
        assert!(said.contains(&format!("`{one}`")) && said.contains(&format!("`{other}`")), "{code}: {said}");
    }
}

#[test]
fn one_has_no_product_and_the_other_no_account() {
    let (first, _) = example().service("case-command-api");
    assert!(first.record.product.is_absent() && first.record.account_id.value().is_some());
    assert_eq!(outcome("case-command-api", "product-known"), Outcome::Fail);
    assert_eq!(outcome("case-command-api", "account-known"), Outcome::Pass);
    let (second, _) = example().service("enforcement-case-api");
    assert!(second.record.account_id.is_absent() && second.record.product.value().is_some());
    assert_eq!(outcome("enforcement-case-api", "product-known"), Outcome::Pass);
    assert_eq!(outcome("enforcement-case-api", "account-known"), Outcome::Fail);
}

#[test]
fn internet_facing_false_must_be_refined() {
    assert_eq!(outcome("case-command-api", "exposure-stated"), Outcome::Fail);
    assert_eq!(outcome("enforcement-case-api", "exposure-stated"), Outcome::Pass);
}

#[test]
fn a_golden_path_or_runtime_that_names_proton_is_flagged() {
    for repository in ["catalog", "customs-bridge", "dock-scheduler"] {
        let said = codes_at("retired-technology", repository).join("\n");
        assert!(said.contains("AWS Proton"), "{repository}: {said}");
    }
}

#[test]
fn the_example_shows_every_tier_and_every_state_and_every_outcome() {
    let assessment = &example().assessment;
    let verdicts = assessment.services.iter().filter_map(|service| service.tier.as_ref());
    let tiers: BTreeSet<Tier> = verdicts.map(|verdict| verdict.tier).collect();
    assert_eq!(tiers, Tier::ALL.into_iter().collect());
    let states: BTreeSet<&str> =
        assessment.exceptions.iter().map(|exception| exception.state.word()).collect();
    let all = ["invalid", "closed", "expired", "pending", "review-overdue", "expiring", "active"];
    assert_eq!(states, all.into_iter().collect());
    let results = assessment.services.iter().flat_map(|service| &service.subject.scorecards);
    let outcomes: BTreeSet<Outcome> =
        results.flat_map(|result| result.rules.iter().map(|rule| rule.outcome)).collect();
    assert_eq!(outcomes, Outcome::ALL.into_iter().collect());
}

#[test]
fn every_rule_of_the_example_can_be_judged() {
    let broken: Vec<_> = example()
        .assessment
        .rules
        .iter()
        .filter(|rule| rule.broken.is_some())
        .map(|rule| &rule.rule)
        .collect();
    assert!(broken.is_empty(), "{broken:?}");
}

#[test]
fn nothing_is_published_of_a_service_in_conflict() {
    let (service, assessment) = example().service("duty-rates");
    assert_eq!(service.conflict.len(), 2);
    assert!(assessment.tier.is_none() && assessment.subject.scorecards.is_empty());
}

#[test]
fn an_explanation_says_what_was_read_where_and_what_would_help() {
    let example = example();
    let explainer = Explainer::new(&example.catalog, &example.assessment);
    let (service, assessment) = example.service("gift-cards");
    let view = explainer.service(service);
    let result = assessment
        .subject
        .scorecards
        .iter()
        .find(|result| &*example.catalog.scorecards[result.scorecard].id == "minimum-metadata")
        .expect("it applies");
    let rules = &example.catalog.scorecards[result.scorecard].record.rules;
    let position = rules
        .values()
        .position(|rule| rule.id.value().is_some_and(|id| id.as_str() == "on-call-routed"))
        .expect("the rule");
    let explanation = explainer.explain(&view.context(), result, position).expect("it was judged");
    assert_eq!(explanation.outcome, Outcome::Fail);
    let read: Vec<_> = explanation.inputs.iter().map(|input| (&*input.path, input.state)).collect();
    assert_eq!(read, [("service.onCall", InputState::Absent)]);
    assert_eq!(explanation.assert.map(|text| &*text.value).map(|text| text.contains("onCall")), Some(true));
    assert!(explanation.fix.is_some_and(|fix| fix.value.contains("onCall")));
    let gained = explanation.score_if_passed.pass - result.score.pass;
    assert_eq!((gained, result.score.fail - explanation.score_if_passed.fail), (2, 2), "its weight is 2");
    assert_eq!(result.level, Some(0));
    assert_eq!(explanation.levels_if_passed.raw, Some(2), "complete, but for what nobody asked it");
}

#[test]
fn judging_twice_gives_the_same() {
    let example = example();
    let again = Assessment::of(&example.catalog, example.assessment.as_of, example.assessment.now);
    assert_eq!(format!("{again:?}"), format!("{:?}", example.assessment));
}

#[test]
fn the_twenty_items_of_section_30_are_the_readiness_of_golden_paths() {
    let catalog = &example().catalog;
    let index = catalog.scorecards.find("operational-readiness").expect("the scorecard");
    let record = &catalog.scorecards[index].record;
    assert_eq!(record.rules.items.len(), 20);
    for (path, assessment) in catalog.golden_paths.iter().zip(&example().assessment.golden_paths) {
        let readiness = assessment.readiness.map(|position| &assessment.scorecards[position]);
        let readiness = readiness.unwrap_or_else(|| panic!("`{}` has a readiness", path.id));
        assert_eq!(readiness.scorecard, index, "{}", path.id);
        assert_eq!(readiness.rules.len(), 20, "every item has an outcome");
    }
}

#[test]
fn every_rule_of_the_example_is_seen_to_pass_and_to_fail_in_its_tests() {
    let rules = example().assessment.rules.iter();
    let one_sided = rules.filter(|rule| rule.tests.pass == 0 || rule.tests.fail == 0);
    let one_sided: Vec<&str> = one_sided.map(|rule| rule.rule.as_str()).collect();
    assert!(one_sided.is_empty(), "{one_sided:?}");
}
