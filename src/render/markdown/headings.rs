//! Headings: their ids, as GitHub makes them so that links written for GitHub work here too, and the
//! list of contents.

use std::collections::HashMap;

use serde::Serialize;

use crate::render::links::Href;

/// Before every id that comes from a document, so that it never meets one of the page.
const PREFIX: &str = "h-";

/// One entry of the contents, with what is below it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Contents {
    /// The heading's text.
    pub text: String,
    /// The way to it.
    pub href: Href,
    /// Headings below it.
    pub inside: Vec<Contents>,
}

/// One heading of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Heading {
    pub(super) text: String,
    pub(super) id: String,
    /// 2 to 6: the page has the 1.
    pub(super) level: u8,
}

/// Ids for headings with these texts, in their order, without the prefix.
fn slugs<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut met: HashMap<String, u32> = HashMap::new();
    let mut all = Vec::new();
    for text in texts {
        let slug = slug(text);
        let mut unique = slug.clone();
        while met.contains_key(&unique) {
            let count = met.entry(slug.clone()).or_default();
            *count += 1;
            unique = format!("{slug}-{count}");
        }
        met.insert(unique.clone(), 0);
        all.push(unique);
    }
    all
}

fn slug(text: &str) -> String {
    let kept = text.trim().chars().flat_map(char::to_lowercase).filter_map(|c| match c {
        ' ' | '\t' | '\n' => Some('-'),
        '-' | '_' => Some(c),
        c if c.is_alphanumeric() => Some(c),
        _ => None,
    });
    let slug: String = kept.take(100).collect();
    if slug.is_empty() { "section".to_owned() } else { slug }
}

/// The id of the heading that `fragment` of a link means, if a document with these headings has it. The
/// first heading has none for certain: as a title it stands above the document.
pub fn anchor<'a>(headings: impl Iterator<Item = &'a str>, fragment: &str) -> Option<String> {
    let wanted = fragment.to_lowercase();
    slugs(headings).into_iter().skip(1).find(|slug| *slug == wanted).map(|slug| format!("{PREFIX}{slug}"))
}

impl Heading {
    /// Its id as a link written for GitHub names it.
    pub(super) fn slug(&self) -> &str {
        self.id.strip_prefix(PREFIX).unwrap_or(&self.id)
    }
}

/// Headings from their raw levels and texts: unique ids, and levels that begin at 2 and never jump. The
/// first `skip` of them only take their ids.
pub(super) fn arrange(raw: Vec<(u8, String)>, skip: usize) -> Vec<Heading> {
    let lowest = raw.iter().skip(skip).map(|(level, _)| *level).min().unwrap_or(1);
    let ids = slugs(raw.iter().map(|(_, text)| text.as_str()));
    let mut above = 1;
    let arranged = raw.into_iter().zip(ids).skip(skip).map(|((level, text), id)| {
        let level = (level - lowest + 2).min(above + 1).min(6);
        above = level;
        Heading { text, id: format!("{PREFIX}{id}"), level }
    });
    arranged.collect()
}

/// The two upper levels as a list in a list.
pub(super) fn contents(headings: &[Heading]) -> Vec<Contents> {
    let mut list: Vec<Contents> = Vec::new();
    for heading in headings.iter().filter(|heading| heading.level <= 3) {
        let text = heading.text.clone();
        let entry = Contents { text, href: Href::anchor(&heading.id), inside: Vec::new() };
        match list.last_mut() {
            Some(above) if heading.level == 3 => above.inside.push(entry),
            _ => list.push(entry),
        }
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_those_of_github() {
        let ids = slugs(
            ["Start here", "Roll-back & go!", "Start here", "Start here", "Start here-1", "Übung", "!"]
                .into_iter(),
        );
        assert_eq!(
            ids,
            [
                "start-here",
                "roll-back--go",
                "start-here-1",
                "start-here-2",
                "start-here-1-1",
                "übung",
                "section"
            ]
        );
        assert_eq!(anchor(["A b", "A b"].into_iter(), "A-B-1").as_deref(), Some("h-a-b-1"));
        assert_eq!(anchor(["A b", "C"].into_iter(), "a-b"), None);
        assert_eq!(anchor(["A b", "C"].into_iter(), "main"), None);
    }

    #[test]
    fn levels_begin_at_two_and_never_jump() {
        let levels = |raw: &[u8]| -> Vec<u8> {
            arrange(raw.iter().map(|level| (*level, "x".to_owned())).collect(), 0)
                .iter()
                .map(|heading| heading.level)
                .collect()
        };
        assert_eq!(levels(&[1, 2, 3]), [2, 3, 4]);
        assert_eq!(levels(&[2, 4, 2, 3]), [2, 3, 2, 3]);
        assert_eq!(levels(&[3, 1, 6]), [2, 2, 3]);
    }

    #[test]
    fn contents_hold_two_levels() {
        let raw = [(2, "A"), (3, "B"), (4, "C"), (2, "D")];
        let list = contents(&arrange(raw.map(|(level, text)| (level, text.to_owned())).to_vec(), 0));
        assert_eq!(list.len(), 2);
        assert_eq!(list[0].inside[0].href.as_str(), "#h-b");
        assert!(list[0].inside[0].inside.is_empty());
    }
}
