//! A README: its title is what people call a service, its first paragraph why there is one.

use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::Hint;

/// How much of it is looked at, in bytes: the beginning is what says so.
const LONGEST: usize = 64 << 10;

/// Most events the parser may yield for a byte of text; beyond that the text is meant to exhaust it.
const EVENTS_FOR_A_BYTE: usize = 8;

/// Fewer words than these are no paragraph: a badge, a link, a tag line.
const FEWEST_WORDS: usize = 4;

/// A longer title is a sentence.
const LONGEST_TITLE: usize = 80;

/// A description is at most so long, in characters, and ends with a sentence.
const LONGEST_DESCRIPTION: usize = 300;

/// What the README at `path` says.
pub(super) fn hints(path: &str, text: &str) -> Vec<Hint> {
    let text = &text[..text.floor_char_boundary(LONGEST)];
    let is_markdown = [".md", ".markdown"].iter().any(|ending| path.to_ascii_lowercase().ends_with(ending));
    let (title, paragraph) = if is_markdown { markdown(text) } else { plain(text) };
    let title = title.filter(|(title, _)| title.chars().count() <= LONGEST_TITLE);
    let title = title.map(|(title, at)| Hint::value("displayName", title, place(path, text, at)));
    let paragraph = paragraph
        .map(|(paragraph, at)| Hint::value("description", shortened(&paragraph), place(path, text, at)));
    title.into_iter().chain(paragraph).collect()
}

/// Something said, and where.
type Said = Option<(String, usize)>;

/// The first heading and the first paragraph of Markdown.
fn markdown(text: &str) -> (Said, Said) {
    let (mut title, mut paragraph): (Said, Said) = (None, None);
    let mut block = String::new();
    let mut images = 0_usize;
    let mut begin = 0;
    let most_events = text.len().saturating_mul(EVENTS_FOR_A_BYTE).max(64);
    for (event, Range { start, .. }) in Parser::new(text).into_offset_iter().take(most_events) {
        match event {
            Event::Start(Tag::Heading { .. } | Tag::Paragraph) => {
                block.clear();
                begin = start;
            }
            Event::Start(Tag::Image { .. }) => images += 1,
            Event::End(TagEnd::Image) => images = images.saturating_sub(1),
            Event::Text(piece) | Event::Code(piece) if images == 0 => block.push_str(&piece),
            Event::SoftBreak | Event::HardBreak => block.push(' '),
            Event::End(TagEnd::Heading(_)) if title.is_none() => title = said(&block, begin, 1),
            Event::End(TagEnd::Paragraph) => {
                paragraph = said(&block, begin, FEWEST_WORDS);
                if paragraph.is_some() {
                    break;
                }
            }
            _ => {}
        }
    }
    (title, paragraph)
}

/// The first line and the first paragraph after it of any other text; lines of signs underline titles.
fn plain(text: &str) -> (Said, Said) {
    let (mut title, mut block, mut begin): (Said, String, usize) = (None, String::new(), 0);
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let at = offset;
        offset += line.len();
        let is_decoration = line.starts_with("..") || !line.chars().any(char::is_alphanumeric);
        if title.is_none() {
            title = said(line, at, 1).filter(|_| !is_decoration);
            continue;
        }
        if line.trim().is_empty() {
            if let Some(paragraph) = said(&block, begin, FEWEST_WORDS) {
                return (title, Some(paragraph));
            }
            block.clear();
        } else if !is_decoration {
            if block.is_empty() {
                begin = at;
            }
            block.push_str(line);
        }
    }
    (title, said(&block, begin, FEWEST_WORDS))
}

/// `path` and the line of the byte at `offset`.
fn place(path: &str, text: &str, offset: usize) -> String {
    let line = text.as_bytes()[..offset].iter().filter(|byte| **byte == b'\n').count() + 1;
    format!("{path}:{line}")
}

/// `block` on one line, when it has enough words.
fn said(block: &str, at: usize, fewest_words: usize) -> Said {
    let words: Vec<&str> = block.split_whitespace().collect();
    let count = words.iter().filter(|word| word.chars().any(char::is_alphanumeric)).count();
    (count >= fewest_words).then(|| (words.join(" "), at))
}

/// The sentences of `text` that fit; at least a part of the first.
fn shortened(text: &str) -> String {
    let Some((end, _)) = text.char_indices().nth(LONGEST_DESCRIPTION) else { return text.to_owned() };
    let fits = &text[..end];
    match fits.rfind(". ").or_else(|| fits.rfind("! ")).or_else(|| fits.rfind("? ")) {
        Some(sentence) => fits[..=sentence].to_owned(),
        None => format!("{} …", fits.rsplit_once(' ').map_or(fits, |(words, _)| words)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said_by(path: &str, text: &str) -> Vec<(&'static str, String, String)> {
        hints(path, text).into_iter().map(|hint| (hint.field, hint.value, hint.from)).collect()
    }

    #[test]
    fn title_and_first_paragraph_of_markdown() {
        let text = "[![build](https://ci.example.com/b.svg)](https://ci.example.com)\n\n# Parcel *Quote*\n\n\
                    ![a picture of many words to skip](x.png)\n\nPrices a parcel\nfor the `web` [shop](x).\n\nMore.\n";
        assert_eq!(
            said_by("README.md", text),
            [
                ("displayName", "Parcel Quote".to_owned(), "README.md:3".to_owned()),
                ("description", "Prices a parcel for the web shop.".to_owned(), "README.md:7".to_owned()),
            ]
        );
    }

    #[test]
    fn title_and_first_paragraph_of_other_text() {
        let text =
            "============\nParcel Quote\n============\n\n.. image:: x.png\n\nPrices a parcel for the shop.\n";
        assert_eq!(
            said_by("README.rst", text),
            [
                ("displayName", "Parcel Quote".to_owned(), "README.rst:2".to_owned()),
                ("description", "Prices a parcel for the shop.".to_owned(), "README.rst:7".to_owned()),
            ]
        );
    }

    #[test]
    fn a_long_paragraph_ends_with_a_sentence() {
        let sentence = "It prices every parcel that anybody posts. ";
        let said = said_by("README.md", &sentence.repeat(20));
        assert_eq!(said[0].1, sentence.repeat(6).trim_end());
    }

    #[test]
    fn nothing_is_made_of_nothing() {
        for text in ["", "\n\n", "![](x.png)", "# \n", "-----", "```\ncode\n```"] {
            assert_eq!(said_by("README.md", text), [], "{text}");
        }
    }
}
