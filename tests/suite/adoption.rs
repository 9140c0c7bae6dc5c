//! The page for those who lead: page, JSON and spreadsheet say the same, and every figure is what the list
//! behind it comes to.

use std::collections::BTreeMap;

use scraper::{Html, Selector};
use serde_json::Value;

use super::example::site;

fn json(name: &str) -> Value {
    serde_json::from_slice(&site()[&format!("api/v1/{name}.json")]).expect("JSON")
}

fn page(path: &str) -> Html {
    Html::parse_document(std::str::from_utf8(&site()[path]).expect("UTF-8"))
}

fn selected(html: &Html, selector: &str) -> Vec<String> {
    let selector = Selector::parse(selector).expect("a selector");
    html.select(&selector).map(|element| element.text().collect::<String>()).collect()
}

/// The shares in the JSON, by the id of the metric.
fn shares() -> BTreeMap<String, (u64, u64)> {
    let metrics = json("metrics");
    let metrics = metrics["metrics"].as_array().expect("metrics");
    let share = |metric: &Value| Some((metric["numerator"].as_u64()?, metric["denominator"].as_u64()?));
    let id = |metric: &Value| metric["id"].as_str().expect("an id").to_owned();
    metrics.iter().filter_map(|metric| Some((id(metric), share(metric)?))).collect()
}

#[test]
fn every_share_is_the_sum_of_the_list_behind_it() {
    let shares = shares();
    assert!(shares.len() >= 6, "{shares:?}");
    let adoption = json("adoption");
    for (id, (numerator, denominator)) in &shares {
        let html = page(&format!("adoption/_{id}/index.html"));
        let rows = selected(&html, "tbody td b");
        let (mut part, mut whole) = (0, 0);
        for row in &rows {
            let (own, of) = row.split_once(" of ").expect("a share");
            part += own.parse::<u64>().expect("a number");
            whole += of.parse::<u64>().expect("a number");
        }
        assert_eq!((part, whole), (*numerator, *denominator), "{id}");
        let figures = adoption["figures"].as_array().expect("figures");
        let figure = figures.iter().find(|figure| figure["id"] == id.as_str()).expect("the figure");
        let pages = figure["pages"].as_array().expect("pages").iter().map(|page| page.as_str());
        let services: Vec<Value> = pages
            .flat_map(|page| {
                let page = json(page.and_then(|page| page.strip_suffix(".json")).expect("a document"));
                page["services"].as_array().expect("services").clone()
            })
            .collect();
        assert_eq!(figure["count"], services.len(), "{id}");
        let sum =
            |key: &str| services.iter().map(|service| service[key].as_u64().expect("a number")).sum::<u64>();
        assert_eq!((sum("numerator"), sum("denominator")), (*numerator, *denominator), "{id}");
    }
}

#[test]
fn the_spreadsheet_says_what_the_json_says() {
    let bytes = &site()["adoption/figures.csv"];
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").expect("it begins with the mark of UTF-8");
    let mut reader = csv::Reader::from_reader(text);
    let rows: Vec<BTreeMap<String, String>> = reader.deserialize().map(|row| row.expect("a row")).collect();
    let shares = shares();
    let metrics = rows.iter().filter(|row| row["group"] == "metric" && !row["denominator"].is_empty());
    let written: BTreeMap<String, (u64, u64)> = metrics
        .map(|row| {
            let number = |key: &str| row[key].parse::<u64>().expect("a number");
            (row["id"].clone(), (number("numerator"), number("denominator")))
        })
        .collect();
    assert_eq!(written, shares);
    let tiers = rows.iter().filter(|row| row["group"] == "tier" && !row["numerator"].is_empty());
    let counted: u64 = tiers.map(|row| row["numerator"].parse::<u64>().expect("a number")).sum();
    assert_eq!(counted, json("adoption")["counted"].as_u64().expect("a number"));
    assert!(rows.iter().all(|row| !row["asOf"].is_empty() || !row["notMeasured"].is_empty()));
}

#[test]
fn every_figure_is_either_measured_or_named_as_not_measured() {
    let html = page("adoption/index.html");
    let links = Selector::parse("#figures-table tbody th a").expect("a selector");
    let measured: Vec<&str> = html.select(&links).filter_map(|link| link.value().attr("href")).collect();
    let silent = selected(&html, "section[aria-labelledby=silent] tbody th");
    let metrics = json("metrics");
    for metric in metrics["metrics"].as_array().expect("metrics") {
        let (id, title) = (metric["id"].as_str().expect("an id"), metric["title"].as_str().expect("a title"));
        let shown = measured.contains(&&*format!("_{id}/index.html"));
        let named = silent.iter().any(|silent| silent == title);
        assert!(shown != named, "{id}: measured {shown}, named as not measured {named}");
        assert_eq!(named, metric.get("notMeasured").is_some(), "{id}");
        assert!(!metric["measuredBy"].as_str().expect("words").is_empty(), "{id}");
    }
}
