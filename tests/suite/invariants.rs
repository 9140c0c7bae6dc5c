//! The eight invariants of `src/ARCHITECTURE.md`, each with the test that proves it: here in their order,
//! or, where a test of that part does, under its name in `ELSEWHERE`.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use milepost::assess::outcome::Outcome;
use milepost::assess::{Assessment, ExceptionState, ScorecardResult};
use milepost::catalog::origin::Origin;
use milepost::catalog::scorecard::Scorecard;
use milepost::day::{Day, Moment};
use scraper::{Html, Selector};

use super::example::{Example, Site, example, judged, rendered, site};
use super::folders::{copied, files_below};

/// Invariants that tests of a part prove: the number, the file and the test.
const ELSEWHERE: &[(u32, &str, &str)] = &[
    (1, "tests/suite/command_line.rs", "two_builds_give_the_same_bytes_whatever_the_order_zone_and_locale"),
    (1, "tests/suite/command_line.rs", "a_snapshot_is_replayed_into_the_same_site"),
    (2, "tests/cases/levels.yaml", "unknown at the bottom"),
    (3, "tests/cases/levels.yaml", "a waived rule holds back the raw level alone"),
    (4, "tests/broken/an-exception-that-covers-nothing/expected.txt", "covers-nothing"),
    (7, "src/publish/folder/tests.rs", "files_that_others_put_into_the_site_stay"),
    (7, "src/publish/folder/tests.rs", "a_folder_of_somebody_else_is_not_touched"),
    (7, "src/publish/folder/tests.rs", "a_failed_build_leaves_the_old_site"),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every service with each of its scorecards, the judged one and the record.
fn cards(Example { catalog, assessment }: &Example) -> Vec<(&str, &ScorecardResult, &Scorecard)> {
    let mut cards = Vec::new();
    for (service, judged) in catalog.services.iter().zip(&assessment.services) {
        let of_service = judged.subject.scorecards.iter();
        cards.extend(
            of_service.map(|card| (service.id.as_str(), card, &catalog.scorecards[card.scorecard].record)),
        );
    }
    cards
}

#[test]
fn the_tests_that_prove_an_invariant_elsewhere_are_there() {
    for (number, file, test) in ELSEWHERE {
        let text = fs::read_to_string(root().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert!(text.contains(test), "invariant {number}: {file} has no `{test}`");
    }
}

/// 2. No level on an unknown; an unknown is never a failure.
#[test]
fn what_is_not_known_reaches_no_level_and_fails_nobody() {
    for (service, card, scorecard) in cards(example()) {
        let levels: Vec<_> = scorecard.levels.values().map(|level| level.id.value()).collect();
        for (rule, result) in scorecard.rules.values().zip(&card.rules) {
            let level = levels.iter().position(|level| *level == rule.level.value()).expect("it has a level");
            let reached = card.level.max(card.level_with_exceptions);
            assert!(
                result.outcome != Outcome::Unknown || reached < Some(level),
                "{service} has a level although {:?} is unknown",
                rule.id.value()
            );
        }
    }

    // Where every source of facts is silent, nothing fails that did not fail before.
    let folder = tempfile::tempdir().expect("a folder");
    let silent = copied(&root().join("catalog"), &folder.path().join("catalog"));
    for source in ["facts", "aws"] {
        for file in files_below(&silent.join(source)) {
            fs::remove_file(file).expect("it can be removed");
        }
    }
    let silent = judged(&silent);
    let (before, after) = (cards(example()), cards(&silent));
    assert_eq!(before.len(), after.len());
    let mut unknown = 0;
    for ((service, before, scorecard), (_, after, _)) in before.into_iter().zip(after) {
        for ((rule, before), after) in scorecard.rules.values().zip(&before.rules).zip(&after.rules) {
            let failed = matches!(before.outcome, Outcome::Fail | Outcome::Waived);
            assert!(
                failed || after.outcome != Outcome::Fail,
                "{service}: {:?} was {:?} and fails because nobody could look",
                rule.id.value(),
                before.outcome
            );
            unknown += usize::from(after.outcome == Outcome::Unknown && before.outcome != Outcome::Unknown);
        }
    }
    assert!(unknown > 20, "only {unknown} results became unknown: the facts were still read");
}

/// 3. A waiver never hides the failure that it excuses, and ends on its day by itself.
#[test]
fn a_waived_failure_stays_a_failure_and_comes_back_on_its_day() {
    let Example { catalog, assessment } = example();
    for (service, card, _) in cards(example()) {
        let waived = card.rules.iter().filter(|rule| rule.outcome == Outcome::Waived);
        for result in waived {
            assert!(result.exception.is_some(), "{service}: a waived rule names no exception");
            let raw = card.score.raw().expect("something was judged");
            assert!(card.score.pass < raw.whole, "{service}: the raw score counts it as passed");
            assert!(card.counts.waived > 0, "{service}: it is not counted");
        }
    }
    let in_force = |assessment: &Assessment| {
        assessment.exceptions.iter().filter(|exception| !exception.hides.is_empty()).count()
    };
    assert!(in_force(assessment) > 0, "the example waives something");
    let later = Moment::parse("2036-11-21T00:00:00Z").expect("a moment");
    let day = Day::parse("2036-11-21").expect("a day");
    let ended = Assessment::of(catalog, day, later);
    assert_eq!(in_force(&ended), 0, "nobody closed them, and none waives any more");
    for (before, after) in assessment.exceptions.iter().zip(&ended.exceptions) {
        let ends = matches!(
            before.state,
            ExceptionState::Active | ExceptionState::Expiring | ExceptionState::ReviewOverdue
        );
        assert!(!ends || after.state == ExceptionState::Expired, "{before:?}");
    }
}

/// 5. Every finding leads to a document line, a resource, a fact, or a named silent source.
#[test]
fn every_finding_leads_somewhere() {
    let Example { catalog, assessment } = example();
    let leads = |origin: Origin| match origin {
        Origin::File { file, mark } => !catalog.files[file].path.is_empty() && mark.line > 0,
        Origin::Document(file) | Origin::History(file) | Origin::Repository(file) => {
            !catalog.files[file].path.is_empty()
        }
        Origin::TagListing(index) => catalog.tag_listings.get(index as usize).is_some(),
        Origin::Resource(index) => catalog.resources.get(index as usize).is_some(),
        Origin::Activity(index) => catalog.activities.get(index as usize).is_some(),
        Origin::Cost(index) => catalog.costs.get(index as usize).is_some(),
        Origin::Fact(index) => catalog.facts.get(index as usize).is_some(),
        Origin::Default => false,
    };
    for (exception, judged) in catalog.exceptions.iter().zip(&assessment.exceptions) {
        for finding in &judged.findings {
            assert!(finding.origin.is_some_and(leads), "{}: {finding:?}", exception.id);
        }
    }
    for diagnostic in catalog.diagnostics.iter().chain(assessment.diagnostics.iter()) {
        assert!(diagnostic.place.as_ref().is_some_and(|place| !place.path.is_empty()), "{diagnostic:?}");
    }
    // What a rule read has a place, and what it could not read a name.
    let mut judged = 0;
    for (path, bytes) in site().iter().filter(|(path, _)| path.starts_with("api/v1/services/")) {
        let json: serde_json::Value = serde_json::from_slice(bytes).expect("JSON");
        let cards = json["scorecards"].as_object().into_iter().flatten();
        for rule in cards.flat_map(|(_, card)| card["rules"].as_array().into_iter().flatten()) {
            judged += 1;
            let inputs = rule["inputs"].as_array().expect("a list");
            if rule["outcome"] == "n/a" {
                continue;
            }
            // The day of the run comes from nowhere else.
            let known = inputs.iter().filter(|input| input["state"] == "known" && input["path"] != "today");
            for input in known {
                assert!(input["origin"].is_object(), "{path}: {rule:#}");
            }
            match rule["outcome"].as_str() {
                Some("fail" | "waived") => assert!(!inputs.is_empty(), "{path}: {rule:#}"),
                Some("unknown") => {
                    assert!(rule["message"].as_str().is_some_and(|why| !why.is_empty()), "{path}: {rule:#}");
                }
                _ => {}
            }
        }
    }
    assert!(judged > 500, "only {judged} results");
}

/// 6. One broken file costs one service's freshness, never the portal.
#[test]
fn a_broken_file_changes_its_own_pages_and_the_lists_alone() {
    const BROKEN: &str = "fleet-telemetry";
    let folder = tempfile::tempdir().expect("a folder");
    let copy = copied(&root().join("catalog"), &folder.path().join("catalog"));
    let descriptor = copy.join("repositories").join(BROKEN).join("service.yaml");
    let text = fs::read_to_string(&descriptor).expect("the example has it");
    fs::write(&descriptor, format!("{text}labels: [never closed\n")).expect("it can be written");
    let broken = rendered(&judged(&copy));
    let whole = site();

    let (service, _) = example().service(BROKEN);
    let neighbours: Vec<&str> = service.depends_on.iter().map(|dependency| &*dependency.name).collect();
    assert!(service.dependents.is_empty(), "nobody waits for it");

    // A page of one service or of one exception, its documents and its data are about nothing else.
    let about = |path: &str| {
        let (kind, rest) = path.strip_prefix("api/v1/").unwrap_or(path).split_once('/')?;
        let name = rest.split('/').next()?.trim_end_matches(".json");
        let is_list = name.starts_with('_') || name.starts_with("index");
        (matches!(kind, "services" | "exceptions") && !is_list).then(|| name.to_owned())
    };
    let mut compared = 0;
    for (path, bytes) in whole {
        match about(path) {
            // What it depends on lists it.
            Some(name) if name == BROKEN || neighbours.contains(&name.as_str()) => {}
            Some(_) => {
                assert!(broken.get(path) == Some(bytes), "{path} changed");
                compared += 1;
            }
            None if path.starts_with("teams/") || path.starts_with("scorecards/") => {
                assert!(path.contains("/_") || broken.contains_key(path), "{path} is gone");
            }
            None => {}
        }
    }
    assert!(compared > 100, "only {compared} files were compared");
    let text = |site: &Site, path: &str| String::from_utf8_lossy(&site[path]).into_owned();
    assert!(text(&broken, "coverage/index.html").contains(BROKEN), "it must not just vanish");
    assert!(text(&broken, "problems/index.html").contains("fleet-telemetry · service.yaml"));
}

/// 8. No page needs a script or another host.
#[test]
fn every_page_says_what_it_says_without_scripts_and_other_hosts() {
    let selector = |text: &str| Selector::parse(text).expect("a selector");
    let fetched = selector(
        "script[src], link[href], img[src], source[src], iframe, object, embed, video, audio, form[action], base, use[href]",
    );
    let main = selector("main");
    let (heading, hidden) =
        (selector("main h1"), selector("main [hidden]:not(form), main template, noscript"));
    let mut pages = 0;
    for (path, bytes) in site().iter().filter(|(path, _)| path.ends_with(".html")) {
        let html = Html::parse_document(std::str::from_utf8(bytes).expect("UTF-8"));
        for element in html.select(&fetched) {
            let address = ["src", "href", "action"].iter().find_map(|name| element.value().attr(name));
            let address = address.unwrap_or_else(|| panic!("{path}: {:?}", element.value()));
            assert!(!address.contains("//") && !address.contains(':'), "{path} fetches {address}");
        }
        assert!(html.select(&heading).next().is_some(), "{path} has no heading of its own");
        let words: String = html.select(&main).flat_map(|main| main.text()).collect();
        assert!(words.split_whitespace().count() > 3, "{path} says nothing: {words}");
        for element in html.select(&hidden) {
            let hides: String = element.text().collect();
            assert!(hides.len() < 60, "{path} shows this to nobody without scripts: {hides}");
        }
        pages += 1;
    }
    assert!(pages > 200, "only {pages} pages");
    // The index of `who/` holds what records say, addresses among them: they are shown, and fetched by nobody.
    let loaded = site().iter().filter(|(path, _)| path.ends_with(".css") || path.ends_with(".js"));
    for (path, bytes) in loaded.filter(|(path, _)| !path.starts_with("search/who/")) {
        let text = String::from_utf8_lossy(bytes);
        let hosts: BTreeSet<&str> = text
            .split(['"', '\'', '(', ')', ' '])
            .filter(|word| word.contains("://") && !word.contains("www.w3.org"))
            .collect();
        assert!(hosts.is_empty() && !text.contains("@import"), "{path}: {hosts:?}");
    }
}
