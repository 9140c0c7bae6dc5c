//! Rules that keep text of repositories text: where markup may be vouched for, what templates may hold,
//! and that only checked addresses become links. Each can be checked by reading.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

/// Files that build markup element by element, and so may vouch for it.
const VOUCHERS: &[&str] =
    &["src/render/markdown/mod.rs", "src/render/markup.rs", "src/render/prose.rs", "src/render/templates.rs"];

/// Files that lie beside a page for ever, written in its template: a pack has no addresses of its own.
const NEIGHBOURS: &[(&str, &str)] = &[("site-templates/evidence/summary.html", "summary.css")];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(folder: &str, ending: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut open = vec![root().join(folder)];
    while let Some(folder) = open.pop() {
        for path in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|own| own == ending) {
                found.push((name(&path), fs::read_to_string(&path).expect("text")));
            }
        }
    }
    found.sort();
    found
}

fn name(path: &Path) -> String {
    path.strip_prefix(root()).expect("inside").to_string_lossy().replace('\\', "/")
}

fn templates() -> Vec<(String, String)> {
    let comments = Regex::new(r"(?s)\{#.*?#\}").expect("a pattern");
    let templates = read("site-templates", "html").into_iter();
    templates.map(|(name, text)| (name, comments.replace_all(&text, "").into_owned())).collect()
}

#[test]
fn only_code_that_builds_markup_vouches_for_it() {
    let mut vouching = Vec::new();
    for (name, text) in read("src", "rs") {
        if ["Html::vouch(", "safe_string", "mark_safe"].iter().any(|word| text.contains(word)) {
            vouching.push(name);
        }
    }
    assert_eq!(vouching, VOUCHERS);
}

#[test]
fn templates_have_no_way_around_escaping_and_the_policy() {
    let forbidden = [
        (r"\|\s*safe\b", "the filter `safe`"),
        (r"newlines_to_br", "a filter that writes markup"),
        (r"\{%-?\s*raw\b", "`raw`"),
        (r#"\sstyle\s*=\s*["{]"#, "an inline style"),
        (r#"\son[a-z]+\s*=\s*["{]"#, "an inline event"),
        (r"<style", "a style sheet"),
        (r"<script(?:\s*>|[^>]*></script>)", "a script"),
        (r"(?i)javascript:", "a script address"),
        (r"<(?:iframe|object|embed|base|img)\b", "an element that loads something"),
    ];
    for (name, text) in templates() {
        for (pattern, what) in forbidden {
            let found = Regex::new(pattern).expect("a pattern").find(&text);
            // The layout loads our own scripts.
            if let Some(found) = found.filter(|found| !found.as_str().contains("src=\"{{ frame.")) {
                panic!("{name} has {what}: `{}`", found.as_str());
            }
        }
    }
}

/// Whether every `{{` inside a tag stands between double quotes; else the beginning of what does not.
fn unquoted(text: &str) -> Option<&str> {
    let (mut in_tag, mut quoted) = (false, false);
    let mut position = 0;
    while let Some(next) = text[position..].chars().next() {
        let rest = &text[position..];
        if rest.starts_with("{{") || rest.starts_with("{%") {
            if rest.starts_with("{{") && in_tag && !quoted {
                return Some(rest);
            }
            let close = if rest.starts_with("{{") { "}}" } else { "%}" };
            position += rest.find(close).map_or(rest.len(), |end| end + 2);
            continue;
        }
        match next {
            '<' if !in_tag => in_tag = true,
            '>' if in_tag && !quoted => in_tag = false,
            '"' if in_tag => quoted = !quoted,
            _ => {}
        }
        position += next.len_utf8();
    }
    None
}

#[test]
fn values_in_attributes_stand_between_quotes() {
    for (name, text) in templates() {
        if let Some(rest) = unquoted(&text) {
            panic!("{name}: `{}` stands in a tag without quotes", rest.lines().next().unwrap_or_default());
        }
    }
    assert!(unquoted("<a href={{ x }}>").is_some());
    assert!(unquoted("<a href=\"{{ x }}\">{{ y }}</a>").is_none());
    assert!(unquoted("<a{% if x > 1 %} class=\"{{ x }}\"{% endif %}>").is_none());
}

/// Fields of serialised structs of the portal: name and type.
fn fields() -> Vec<(String, String)> {
    let structs = Regex::new(
        r"(?s)#\[derive\([^)]*Serialize[^)]*\)\](?:\s*#\[[^\]]*\])*\s*(?:pub(?:\([^)]*\))?\s+)?struct\s+\w+[^{;(]*\{(.*?)\n\}",
    )
    .expect("a pattern");
    let field = Regex::new(r"(?m)^\s*(?:pub(?:\([^)]*\))?\s+)?(\w+):\s*([^\n]+),$").expect("a pattern");
    let sources =
        read("src/render", "rs").into_iter().filter(|(name, _)| !name.starts_with("src/render/data/"));
    let mut found = Vec::new();
    for (_, text) in sources {
        for body in structs.captures_iter(&text) {
            for field in field.captures_iter(&body[1]) {
                found.push((field[1].to_owned(), field[2].to_owned()));
            }
        }
    }
    found
}

#[test]
fn only_checked_addresses_become_links() {
    let is_address = |kind: &str| kind == "Href" || kind == "Option<Href>";
    let fields = fields();
    let addresses: BTreeSet<&str> =
        fields.iter().filter(|(_, kind)| is_address(kind)).map(|(name, _)| name.as_str()).collect();
    assert!(addresses.contains("href"));
    for (name, kind) in fields.iter().filter(|(name, _)| name.ends_with("href")) {
        assert!(is_address(kind), "the field `{name}` is a `{kind}`, not an `Href`");
    }
    let attribute = Regex::new(r#"\b(?:href|src|action|cite|data)\s*=\s*"([^"]*)""#).expect("a pattern");
    let value = Regex::new(r"\{\{-?\s*(.*?)\s*-?\}\}").expect("a pattern");
    for (name, text) in templates() {
        for attribute in attribute.captures_iter(&text) {
            let written = &attribute[1];
            let beside = NEIGHBOURS.contains(&(name.as_str(), written));
            if written.starts_with('#') || beside {
                continue;
            }
            let found = value.captures(written);
            let found = found.unwrap_or_else(|| panic!("{name}: `{written}` leads somewhere for itself"));
            assert!(written.starts_with("{{"), "{name}: `{written}` puts an address together");
            let field = found[1].rsplit('.').next().unwrap_or_default();
            assert!(addresses.contains(field), "{name}: `{}` is not known to be an `Href`", &found[1]);
        }
    }
}
