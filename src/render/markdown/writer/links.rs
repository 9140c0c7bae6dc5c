//! Links and pictures: opened and closed one in the other, and never nested in the markup.

use std::collections::HashMap;

use crate::render::escape;
use crate::render::links::Href;
use crate::render::markdown::destination::{Destination, Surroundings, destination};
use crate::render::markdown::headings::Heading;

/// The links that are open.
pub(super) struct Links<'a> {
    /// Ids of headings by the fragments that mean them.
    headings: HashMap<&'a str, &'a str>,
    surroundings: &'a dyn Surroundings,
    open: Vec<Open>,
}

struct Open {
    /// Whether it has an element of its own.
    real: bool,
    /// Where its words begin.
    words: usize,
    /// The host to show behind it.
    host: Option<String>,
}

impl<'a> Links<'a> {
    pub(super) fn new(headings: &'a [Heading], surroundings: &'a dyn Surroundings) -> Self {
        let headings = headings.iter().map(|heading| (heading.slug(), heading.id.as_str())).collect();
        Self { headings, surroundings, open: Vec::new() }
    }

    /// Opens a link to `written`, as the parser decoded it.
    pub(super) fn open(&mut self, written: &str, out: &mut String) {
        let mut host = None;
        let real = !self.open.iter().any(|link| link.real)
            && match destination(written, self.surroundings) {
                Destination::Fragment(fragment) => {
                    self.heading(&fragment).is_some_and(|href| open_inside(&href, out))
                }
                Destination::Page(href) => open_inside(&href, out),
                Destination::Outside(href, shown) => {
                    host = shown;
                    open_outside(&href, out)
                }
                Destination::Nowhere => false,
            };
        self.open.push(Open { real, words: out.len(), host });
    }

    /// Closes the innermost link, and says where it leads unless its words do.
    pub(super) fn close(&mut self, out: &mut String) {
        let Some(link) = self.open.pop().filter(|link| link.real) else { return };
        let words = out.get(link.words..).unwrap_or_default();
        let shown = link.host.filter(|host| !words.contains(host.as_str()));
        out.push_str("</a>");
        if let Some(host) = shown {
            out.push_str(" <span class=\"muted small\">(");
            escape::push(out, &host);
            out.push_str(")</span>");
        }
    }

    /// Opens a picture: it is not fetched, but becomes a link with its words.
    pub(super) fn open_picture(&mut self, written: &str, out: &mut String) {
        let inside = self.open.iter().any(|link| link.real);
        self.open(written, out);
        if !inside {
            out.push_str("Image: ");
        }
    }

    /// Text; addresses that stand by themselves become links, unless the text is part of one.
    pub(super) fn text(&self, text: &str, out: &mut String) {
        if !self.open.is_empty() {
            return escape::push(out, text);
        }
        let mut written = 0;
        for (start, _) in text.match_indices("http") {
            let Some(address) = address_at(text, start).filter(|_| start >= written) else { continue };
            let Some(href) = Href::external(address) else { continue };
            escape::push(out, &text[written..start]);
            open_outside(&href, out);
            escape::push(out, address);
            out.push_str("</a>");
            written = start + address.len();
        }
        escape::push(out, &text[written..]);
    }

    /// The way to the heading of this document that `fragment` means.
    fn heading(&self, fragment: &str) -> Option<Href> {
        self.headings.get(&*fragment.to_lowercase()).copied().map(Href::anchor)
    }
}

fn open_inside(href: &Href, out: &mut String) -> bool {
    out.push_str("<a href=\"");
    escape::push(out, href.as_str());
    out.push_str("\">");
    true
}

fn open_outside(href: &Href, out: &mut String) -> bool {
    out.push_str("<a href=\"");
    escape::push(out, href.as_str());
    out.push_str("\" rel=\"noopener noreferrer\">");
    true
}

/// Longest address that is looked for in running text.
const LONGEST: usize = 2048;

/// The address that begins at `start` of `text`, without the punctuation of the sentence around it.
fn address_at(text: &str, start: usize) -> Option<&str> {
    let rest = &text[start..];
    if !rest.starts_with("https://") && !rest.starts_with("http://") {
        return None;
    }
    if text[..start].ends_with(|c: char| c.is_alphanumeric()) {
        return None;
    }
    let ends =
        |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '`' | '|' | '\\' | '^' | '{' | '}');
    let length = rest
        .char_indices()
        .take(LONGEST)
        .find(|(_, c)| ends(*c))
        .map_or_else(|| rest.char_indices().nth(LONGEST).map_or(rest.len(), |(at, _)| at), |(at, _)| at);
    let mut address = &rest[..length];
    let mut open = address.matches('(').count();
    let mut closed = address.matches(')').count();
    while let Some(last) = address.chars().next_back() {
        match last {
            ')' if closed > open => closed -= 1,
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_' | '~' | ']' | '[' => {}
            '(' => open -= 1,
            _ => break,
        }
        address = &address[..address.len() - last.len_utf8()];
    }
    Some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_end_where_the_sentence_goes_on() {
        for (text, address) in [
            ("https://a.example/x.", Some("https://a.example/x")),
            ("https://a.example/(x)).", Some("https://a.example/(x)")),
            ("http://a.example, and", Some("http://a.example")),
            ("https", None),
            ("httpx://a", None),
        ] {
            assert_eq!(address_at(text, 0), address, "{text}");
        }
        assert_eq!(address_at("xhttps://a.example", 1), None);
    }
}
