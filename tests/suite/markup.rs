//! The markup of every page of the example's portal: one heading, unique ids, header cells with a scope, and
//! no internal link that leads nowhere.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path};
use std::sync::OnceLock;

use scraper::{Html, Selector};

use super::example;

/// What is looked at of one page.
struct Page {
    path: String,
    html: Html,
    ids: BTreeSet<String>,
}

/// What the tests need of every page, read once: parsed pages cannot be shared between threads.
struct Findings {
    pages: usize,
    headings: Vec<String>,
    repeated_ids: Vec<String>,
    unscoped: Vec<String>,
    dangling: Vec<String>,
    inline: Vec<String>,
}

fn select(html: &Html, selector: &str) -> Vec<String> {
    let selector = Selector::parse(selector).expect("the selector is ours");
    html.select(&selector).map(|element| element.html()).collect()
}

fn attributes<'h>(html: &'h Html, selector: &str, attribute: &str) -> Vec<&'h str> {
    let selector = Selector::parse(selector).expect("the selector is ours");
    html.select(&selector).filter_map(|element| element.value().attr(attribute)).collect()
}

/// The path that `link` means on the page at `from`, with its fragment; `None` when it leaves the portal.
fn target(from: &str, link: &str) -> Option<(String, Option<String>)> {
    if link.contains("://") || link.starts_with("mailto:") {
        return None;
    }
    let (path, fragment) = match link.split_once('#') {
        Some((path, fragment)) => (path, Some(fragment.to_owned())),
        None => (link, None),
    };
    let path = path.split('?').next().unwrap_or_default();
    if path.is_empty() {
        return Some((from.to_owned(), fragment));
    }
    let mut parts: Vec<String> = Vec::new();
    let folder = Path::new(from).parent().unwrap_or(Path::new(""));
    for part in folder.join(path).components() {
        match part {
            Component::ParentDir => {
                parts.pop();
            }
            Component::Normal(name) => parts.push(name.to_string_lossy().into_owned()),
            _ => {}
        }
    }
    Some((parts.join("/"), fragment))
}

fn findings() -> &'static Findings {
    static FINDINGS: OnceLock<Findings> = OnceLock::new();
    FINDINGS.get_or_init(|| {
        let site = example::site();
        let files: BTreeSet<&str> = site.keys().map(String::as_str).collect();
        let pages: Vec<Page> = site
            .iter()
            .filter(|(path, _)| path.ends_with(".html"))
            .map(|(path, bytes)| {
                let html = Html::parse_document(std::str::from_utf8(bytes).expect("pages are text"));
                let ids = attributes(&html, "[id]", "id").into_iter().map(str::to_owned).collect();
                Page { path: path.clone(), html, ids }
            })
            .collect();
        let ids: BTreeMap<&str, &BTreeSet<String>> =
            pages.iter().map(|page| (page.path.as_str(), &page.ids)).collect();
        let mut found = Findings {
            pages: pages.len(),
            headings: Vec::new(),
            repeated_ids: Vec::new(),
            unscoped: Vec::new(),
            dangling: Vec::new(),
            inline: Vec::new(),
        };
        for Page { path, html, ids: own } in &pages {
            let headings = select(html, "h1").len();
            if headings != 1 {
                found.headings.push(format!("{path}: {headings}"));
            }
            if attributes(html, "[id]", "id").len() != own.len() {
                found.repeated_ids.push(path.clone());
            }
            found
                .unscoped
                .extend(select(html, "th:not([scope])").into_iter().map(|cell| format!("{path}: {cell}")));
            found.inline.extend(
                select(html, "[style], script:not([src]), style, [onclick], [onload], [onerror]")
                    .into_iter()
                    .map(|element| format!("{path}: {element}")),
            );
            let links =
                attributes(html, "[href]", "href").into_iter().chain(attributes(html, "[src]", "src"));
            for link in links {
                let Some((to, fragment)) = target(path, link) else { continue };
                let there = files.contains(to.as_str());
                let anchored = fragment.is_none_or(|fragment| {
                    fragment.is_empty() || ids.get(to.as_str()).is_none_or(|ids| ids.contains(&fragment))
                });
                if !there || !anchored {
                    found.dangling.push(format!("{path} -> {link}"));
                }
            }
        }
        found
    })
}

fn none(found: &[String], what: &str) {
    let shown: Vec<&String> = found.iter().take(20).collect();
    assert!(found.is_empty(), "{} {what}: {shown:#?}", found.len());
}

#[test]
fn every_page_has_one_first_heading() {
    assert!(findings().pages > 200, "only {} pages", findings().pages);
    none(&findings().headings, "pages without exactly one h1");
}

#[test]
fn every_id_is_there_once() {
    none(&findings().repeated_ids, "pages with an id twice");
}

#[test]
fn every_header_cell_says_what_it_heads() {
    none(&findings().unscoped, "header cells without a scope");
}

#[test]
fn no_internal_link_leads_nowhere() {
    none(&findings().dangling, "dangling links");
}

#[test]
fn nothing_is_inline() {
    none(&findings().inline, "inline scripts or styles");
}

#[test]
fn no_page_is_heavier_than_the_design_allows() {
    let heavy: Vec<String> = example::site()
        .iter()
        .filter(|(path, bytes)| path.ends_with(".html") && bytes.len() > 300 << 10)
        .map(|(path, bytes)| format!("{path}: {} bytes", bytes.len()))
        .collect();
    none(&heavy, "pages over 300 KB");
}
