//! Where links of a document lead: destinations are judged as the parser decoded them, in parsed form,
//! and are written back from it. What is not certainly harmless is no link.

use percent_encoding::percent_decode_str;
use url::Url;

use crate::render::links::{Href, is_invisible};
use crate::render::origin::repository_address;

/// The surroundings of a document: what its relative links are relative to.
pub trait Surroundings {
    /// Path of the document in its repository.
    fn path(&self) -> &str;
    /// Address of the repository and its commit, when known.
    fn repository(&self) -> Option<(&str, &str)>;
    /// The page of the portal that shows the file at `path` of the same repository, at the heading that
    /// `fragment` names.
    fn page(&self, path: &str, fragment: Option<&str>) -> Option<Href>;
}

/// A document that stands alone: none of its relative links lead anywhere.
#[derive(Clone, Copy, Debug)]
pub struct Alone;

impl Surroundings for Alone {
    fn path(&self) -> &str {
        "document.md"
    }
    fn repository(&self) -> Option<(&str, &str)> {
        None
    }
    fn page(&self, _: &str, _: Option<&str>) -> Option<Href> {
        None
    }
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Destination {
    /// A heading of the same document, by the fragment as written.
    Fragment(String),
    /// A page of the portal.
    Page(Href),
    /// Somewhere else, with the host to show beside it.
    Outside(Href, Option<String>),
    /// Nowhere: only its text is shown.
    Nowhere,
}

/// Where `written` leads, as the Markdown parser decoded it.
pub(super) fn destination(written: &str, surroundings: &dyn Surroundings) -> Destination {
    if written.is_empty() || written.chars().any(|c| c.is_control() || is_invisible(c)) {
        return Destination::Nowhere;
    }
    if let Some(fragment) = written.strip_prefix('#') {
        return decoded(fragment).map_or(Destination::Nowhere, Destination::Fragment);
    }
    match Url::parse(written) {
        Ok(url) => outside(&url),
        Err(url::ParseError::RelativeUrlWithoutBase) => relative(written, surroundings),
        Err(_) => Destination::Nowhere,
    }
}

fn outside(url: &Url) -> Destination {
    match Href::external(url.as_str()) {
        Some(href) => Destination::Outside(href, url.host_str().map(str::to_owned)),
        None => Destination::Nowhere,
    }
}

fn relative(written: &str, surroundings: &dyn Surroundings) -> Destination {
    // Browsers read `\` as `/`, and two of them as the beginning of a host.
    if written.contains('\\') || written.starts_with("//") {
        return Destination::Nowhere;
    }
    let (path, fragment) = match written.split_once('#') {
        Some((path, fragment)) => (path, Some(fragment)),
        None => (written, None),
    };
    let path = path.split_once('?').map_or(path, |(path, _)| path);
    let (Some(path), Some(fragment)) = (decoded(path), fragment.map(decoded).unwrap_or(Some(String::new())))
    else {
        return Destination::Nowhere;
    };
    let Some(path) = joined(surroundings.path(), &path) else { return Destination::Nowhere };
    let fragment = Some(fragment).filter(|fragment| !fragment.is_empty());
    if let Some(href) = surroundings.page(&path, fragment.as_deref()) {
        return Destination::Page(href);
    }
    let address = surroundings
        .repository()
        .and_then(|(base, commit)| repository_address(base, commit, &path, fragment.as_deref()));
    match address {
        Some(href) => Destination::Outside(href, None),
        None => Destination::Nowhere,
    }
}

fn decoded(text: &str) -> Option<String> {
    let text = percent_decode_str(text).decode_utf8().ok()?;
    (!text.chars().any(|c| c.is_control() || is_invisible(c))).then(|| text.into_owned())
}

/// `path` as seen from the file `from`; `None` when it leads out of the repository.
fn joined(from: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = match path.strip_prefix('/') {
        Some(_) => Vec::new(),
        None => from.split('/').rev().skip(1).collect::<Vec<_>>().into_iter().rev().collect(),
    };
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    (!parts.is_empty()).then(|| parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Repository;

    impl Surroundings for Repository {
        fn path(&self) -> &str {
            "services/case/docs/runbook.md"
        }
        fn repository(&self) -> Option<(&str, &str)> {
            Some(("https://git.example.com/org/case", "4c1f0a2"))
        }
        fn page(&self, path: &str, fragment: Option<&str>) -> Option<Href> {
            (path == "services/case/docs/architecture.md").then(|| Href::anchor(fragment.unwrap_or("top")))
        }
    }

    fn href(written: &str) -> Option<String> {
        match destination(written, &Repository) {
            Destination::Page(href) => Some(format!("page {href}")),
            Destination::Outside(href, _) => Some(href.to_string()),
            Destination::Fragment(fragment) => Some(format!("fragment {fragment}")),
            Destination::Nowhere => None,
        }
    }

    #[test]
    fn relative_links_lead_to_pages_else_to_the_repository() {
        let blob = "https://git.example.com/org/case/blob/4c1f0a2";
        for (written, expected) in [
            ("architecture.md", "page #top".to_owned()),
            ("./architecture.md#Data%20flow", "page #Data%20flow".to_owned()),
            ("../docs/architecture.md", "page #top".to_owned()),
            ("/services/case/docs/architecture.md", "page #top".to_owned()),
            ("../service.yaml", format!("{blob}/services/case/service.yaml")),
            ("a b.md#L3", format!("{blob}/services/case/docs/a%20b.md#L3")),
            ("#start-here", "fragment start-here".to_owned()),
            ("x.md?raw=1", format!("{blob}/services/case/docs/x.md")),
            ("javascript%3Aalert(1)", format!("{blob}/services/case/docs/javascript:alert(1)")),
        ] {
            assert_eq!(href(written), Some(expected), "{written}");
        }
    }

    #[test]
    fn what_leads_out_or_may_be_misread_leads_nowhere() {
        for written in [
            "",
            "../../../../x",
            "//evil.example",
            "\\\\evil.example",
            "/\\evil.example",
            "a\\b",
            "a\u{0}b",
            "java\tscript:alert(1)",
            "x%00y",
            "x%ff",
            "C:\\x",
            "https://u:p@example.com",
            "%09//x",
            "/",
        ] {
            assert_eq!(href(written), None, "{written:?}");
        }
        assert_eq!(destination("x.md", &Alone), Destination::Nowhere);
    }

    #[test]
    fn the_host_is_known_as_the_browser_will_ask_for_it() {
        assert_eq!(
            destination("https://gοοgle.example/", &Alone),
            Destination::Outside(
                Href::external("https://xn--ggle-0nda.example/").expect("an address"),
                Some("xn--ggle-0nda.example".to_owned())
            )
        );
    }
}
