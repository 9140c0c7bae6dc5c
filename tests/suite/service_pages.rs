//! What the pages about services and teams promise, on the example's portal.

use std::collections::BTreeSet;

use scraper::{ElementRef, Html, Selector};

use super::example;

fn page(path: &str) -> Html {
    let bytes = example::site().get(path).unwrap_or_else(|| panic!("the portal has `{path}`"));
    Html::parse_document(std::str::from_utf8(bytes).expect("pages are text"))
}

fn selector(text: &str) -> Selector {
    Selector::parse(text).expect("the selector is ours")
}

fn text(element: ElementRef<'_>) -> String {
    element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn texts(html: &Html, of: &str) -> Vec<String> {
    html.select(&selector(of)).map(text).collect()
}

fn texts_in(element: ElementRef<'_>, of: &str) -> Vec<String> {
    element.select(&selector(of)).map(text).collect()
}

fn exists(path: &str) -> bool {
    example::site().contains_key(path)
}

#[test]
fn every_count_of_the_funnel_has_its_list() {
    let home = page("index.html");
    let links: Vec<(String, String)> = home
        .select(&selector("[aria-labelledby=funnel] td.number a"))
        .map(|link| (text(link), link.value().attr("href").expect("a link").to_owned()))
        .collect();
    assert!(links.len() >= 5, "{links:?}");
    let mut total = 0;
    for (count, href) in links {
        let rows = texts(&page(&href), "#services-table tbody tr");
        assert_eq!(rows.len().to_string(), count, "{href}");
        total += rows.len();
    }
    let caption = texts(&home, "#funnel-caption").concat();
    assert!(caption.starts_with(&format!("{total} services")), "{caption}");
}

#[test]
fn every_service_is_in_the_list_and_under_its_letter() {
    let list = page("services/index.html");
    let ids = texts(&list, "#services-table tbody th a");
    let mut under_letters = BTreeSet::new();
    for letter in texts(&list, "#letters a") {
        let part = letter.to_lowercase().replace('–', "-");
        let names = texts(&page(&format!("services/_{part}/index.html")), "#services-table tbody th a");
        assert!(names.iter().all(|name| name.to_uppercase().starts_with(&letter)), "{letter}: {names:?}");
        under_letters.extend(names);
    }
    assert_eq!(ids.iter().cloned().collect::<BTreeSet<_>>(), under_letters);
    for id in ids {
        assert!(exists(&format!("services/{id}/index.html")), "{id}");
    }
}

#[test]
fn a_former_name_leads_on() {
    let former = page("services/price-quote/index.html");
    let refresh = former.select(&selector("meta[http-equiv=refresh]")).next().expect("readers are sent on");
    assert_eq!(refresh.value().attr("content"), Some("0; url=../parcel-quote/index.html"));
    assert!(texts(&former, "main a").contains(&"parcel-quote".to_owned()));
}

#[test]
fn of_an_id_in_conflict_nothing_is_published_but_its_claims() {
    let conflict = page("services/duty-rates/index.html");
    assert_eq!(texts(&conflict, "[aria-labelledby=claims] tbody th"), ["customs-tools", "duty-rates"]);
    assert!(texts(&conflict, ".ladder, .facts, .rules, .meter").is_empty());
    let row = page("services/index.html")
        .select(&selector("#services-table tbody tr"))
        .map(text)
        .find(|row| row.starts_with("duty-rates"))
        .expect("it is listed");
    assert!(row.contains("In conflict") && row.contains("not measured"), "{row}");
}

#[test]
fn rules_stand_worst_first_and_say_what_they_read() {
    let rank = |word: &str| match word {
        "Fail" => 0,
        "Unknown" => 1,
        "Waived" => 2,
        "Pass" => 3,
        "Announced" => 4,
        "Not applicable" => 5,
        other => panic!("`{other}` is no outcome"),
    };
    let service = page("services/tracking-api/index.html");
    let (mut group, mut rules) = (String::new(), 0);
    let mut last = 0;
    for element in service.select(&selector(
        "main h3, main .rule h4 .badge, main section:not([aria-labelledby=misfits]) .rules .badge",
    )) {
        if element.value().name() == "h3" {
            group = text(element);
            last = 0;
            continue;
        }
        let own = rank(&text(element));
        assert!(own >= last, "{group}: {}", text(element));
        last = own;
        rules += 1;
    }
    assert!(rules > 50, "{rules}");
    for rule in service.select(&selector("article.rule[id^=rule-]")) {
        let inputs: Vec<_> = rule.select(&selector(".read > div")).map(text).collect();
        assert!(!inputs.is_empty(), "{}", text(rule));
        assert!(rule.select(&selector(".fix")).next().is_some(), "{}", text(rule));
    }
}

#[test]
fn a_waived_rule_names_what_excuses_it_and_until_when() {
    let service = page("services/tracking-api/index.html");
    let waived = service.select(&selector("article.rule")).map(text).find(|rule| rule.starts_with("Waived"));
    let waived = waived.expect("one rule is waived");
    assert!(waived.contains("EX-2026-0031 covers it until 30 November 2026, in 9 days."), "{waived}");
    assert!(waived.contains("The raw score would become"), "{waived}");
}

#[test]
fn what_nobody_could_see_is_unknown_and_why() {
    let service = page("services/case-command-api/index.html");
    let resources = texts(&service, "[aria-labelledby=resources]").concat();
    assert!(resources.contains("Unknown") && resources.contains("AccessDenied"), "{resources}");
    let cost = texts(&service, "[aria-labelledby=ownership] .facts > div")
        .into_iter()
        .find(|question| question.starts_with("What does it cost?"))
        .expect("the question is asked");
    assert!(cost.contains("Unknown: no cost export was collected"), "{cost}");
}

#[test]
fn a_team_learns_what_to_fix_first() {
    let team = page("teams/regulatory-platform/index.html");
    let first = texts(&team, "[aria-labelledby=first] li");
    assert!(first[0].contains("EX-2026-0017"), "what has ended comes first: {first:?}");
    assert!(first.iter().skip(1).all(|item| item.contains("fail")), "{first:?}");
    let lifts: Vec<bool> = first.iter().skip(1).map(|item| item.contains("lifts")).collect();
    assert!(lifts.is_sorted_by(|a, b| a >= b), "what lifts a service comes before what does not: {first:?}");
    let dissolved = page("teams/depot-systems/index.html");
    assert!(texts(&dissolved, "[aria-labelledby=health]").concat().contains("dissolved and still owns"));
}

#[test]
fn services_without_a_team_are_named() {
    let teams = page("teams/index.html");
    let unowned = texts(&teams, "[aria-labelledby=unowned] tbody th");
    assert!(unowned.contains(&"depot-clock".to_owned()), "{unowned:?}");
}

#[test]
fn documents_link_to_each_other_inside_the_portal() {
    let runbook = page("services/parcel-quote/runbook/index.html");
    let links: Vec<&str> =
        runbook.select(&selector(".prose a[href]")).filter_map(|link| link.value().attr("href")).collect();
    assert!(links.contains(&"../architecture/index.html"), "{links:?}");
    assert_eq!(texts(&runbook, "h1"), ["Parcel quote: runbook"]);
}

#[test]
fn the_cheapest_next_step_names_the_rules_in_its_way_and_leads_to_each() {
    let service = page("services/parcel-booking/index.html");
    let section = service.select(&selector("section[aria-labelledby=next]")).next().expect("a section");
    let rules: Vec<_> = section.select(&selector(".rules a")).collect();
    assert!(!rules.is_empty());
    for rule in rules {
        let href = rule.value().attr("href").expect("a link");
        let target = service.select(&selector(&format!("[id='{}']", &href[1..]))).next();
        let target = text(target.expect("the rule is on the page"));
        assert!(target.starts_with("Fail") || target.starts_with("Unknown"), "{href}: {target}");
    }
}

#[test]
fn what_does_not_fit_is_shown_with_its_arithmetic_and_its_line() {
    let service = page("services/parcel-booking/index.html");
    let misfits: Vec<_> =
        service.select(&selector("section[aria-labelledby=misfits] li")).map(text).collect();
    let arithmetic = "99.9 % (parcel-quote) × 99.5 % (address-check) × 99.95 % (payment-ledger) × \
                      99.99 % (identity-broker) = 99.3408 %";
    assert!(
        misfits.iter().any(|line| line.contains(arithmetic) && line.contains("service.yaml")),
        "{misfits:?}"
    );
    let dependencies = service.select(&selector("section[aria-labelledby=dependencies]")).map(text).next();
    let dependencies = dependencies.expect("a section");
    assert!(
        dependencies.contains(arithmetic) && dependencies.contains("That is not enough."),
        "{dependencies}"
    );
    let unknown = page("services/notify-hub/index.html");
    let misfits = selector("section[aria-labelledby=misfits] li");
    let said: Vec<_> = unknown.select(&misfits).map(text).collect();
    let expected = "Unknown whether notify-hub can keep 99.9 %";
    assert!(said.iter().any(|line| line.starts_with(expected)), "{said:?}");
}

#[test]
fn every_score_says_how_many_of_how_many() {
    let mut scores = 0;
    for path in example::site().keys().map(String::as_str) {
        if !(path.starts_with("services/") || path.starts_with("teams/")) || !path.ends_with("/index.html") {
            continue;
        }
        let page = page(path);
        for meter in page.select(&selector(".meter")) {
            let around = ElementRef::wrap(meter.parent().expect("it stands in a cell")).expect("an element");
            let said = texts_in(around, "b").concat();
            let share = said.split_once(" of ").map(|(part, whole)| (part.parse(), whole.parse()));
            let Some((Ok(part), Ok(whole))) = share else { panic!("{path}: a bar beside `{said}`") };
            let (part, whole): (u64, u64) = (part, whole);
            let drawn = format!("<path d=\"M0 0h{}v6H0z\">", 100 * part / whole);
            assert!(meter.inner_html().starts_with(&drawn), "{path}: {said} as {}", meter.inner_html());
            scores += 1;
        }
    }
    assert!(scores > 50, "the example has {scores} scores");
}

#[test]
fn the_readiness_of_a_golden_path_lists_every_item_with_its_outcome() {
    let example = example::example();
    for (path, judged) in example.catalog.golden_paths.iter().zip(&example.assessment.golden_paths) {
        let Some(readiness) = judged.readiness else { continue };
        let result = &judged.scorecards[readiness];
        let rules = &example.catalog.scorecards[result.scorecard].record.rules.items;
        let html = page(&format!("golden-paths/{}/index.html", path.id));
        let items: Vec<_> = html.select(&selector("section[aria-labelledby=readiness] .rules li")).collect();
        assert_eq!(items.len(), rules.len(), "{}", path.id);
        for (rule, judged) in rules.iter().zip(&result.rules) {
            let id = rule.value.id.value().expect("rules of the example have ids").as_str();
            let item = items.iter().find(|item| texts_in(**item, "a code").contains(&id.to_owned()));
            let item = item.unwrap_or_else(|| panic!("{} lists `{id}`", path.id));
            let word = texts_in(*item, ".badge").concat().to_lowercase();
            assert_eq!(word, judged.outcome.word(), "{}: {id}", path.id);
            let rests_on_a_line = item.select(&selector("[title], a[href*='#L']")).next().is_some();
            assert!(rests_on_a_line || text(*item).contains("nothing"), "{}: {}", path.id, text(*item));
        }
    }
}

#[test]
fn a_resource_in_an_undeclared_account_is_flagged() {
    let html = page("services/parcel-quote/index.html");
    let rows = texts(&html, "tr").into_iter().filter(|row| row.contains("arn:aws:"));
    let flagged = |row: &String| row.contains("Undeclared account");
    let (flagged, declared): (Vec<_>, Vec<_>) = rows.partition(flagged);
    assert!(
        flagged.len() == 1 && flagged[0].contains("example-parcels-quote-copy123456789012"),
        "{flagged:?}"
    );
    assert!(declared.len() > 3, "{declared:?}");
}
