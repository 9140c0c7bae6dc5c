//! Markdown of repositories to markup, safe by construction: every element is written by us from a
//! short list, all text is escaped, raw HTML is text, and no document costs more than its size allows.
//! Nothing here fetches, runs or includes anything.

mod destination;
mod headings;
mod highlight;
mod raw;
mod writer;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

pub use destination::{Alone, Surroundings};
pub use headings::{Contents, anchor};

use super::escape;
use super::templates::Html;

/// A document as a page shows it.
#[derive(Clone, Debug)]
pub struct Rendered {
    /// Its markup; headings begin at level 2.
    pub body: Html,
    /// Its contents: two levels of headings.
    pub contents: Vec<Contents>,
    /// Why it is shown as plain text, when it is.
    pub plain: Option<&'static str>,
}

/// Deepest nesting of lists, quotations and emphasis.
const DEEPEST: usize = 48;

/// What rendering a document of so many bytes may cost.
#[derive(Clone, Copy, Debug)]
struct Budget {
    events: usize,
    bytes: usize,
}

impl Budget {
    fn of(text: &str) -> Self {
        // Short documents of checklists and tables grow more than others; that costs nobody anything.
        Self { events: 10_000 + 4 * text.len(), bytes: (8 * text.len()).max(64 << 10) }
    }
}

fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_GFM
}

/// Renders `text`, whose relative links are seen from `surroundings`.
pub fn render(text: &str, surroundings: &dyn Surroundings) -> Rendered {
    let text = without_front_matter(text);
    let budget = Budget::of(text);
    let outline = match outline(text, budget) {
        Ok(outline) => outline,
        Err(why) => return plain(text, why),
    };
    // A title above everything has been said by the page already.
    let arranged = headings::arrange(outline.headings, usize::from(outline.begins_with_title));
    match writer::write(text, &arranged, outline.begins_with_title, budget, surroundings) {
        Some(body) => {
            Rendered { body: Html::vouch(body), contents: headings::contents(&arranged), plain: None }
        }
        None => plain(text, "its markup would take more than eight times its size"),
    }
}

/// The text of the first paragraph outside headings, lists and quotations; empty when there is none
/// near the beginning.
pub fn first_paragraph(text: &str) -> String {
    let mut paragraph = String::new();
    let (mut depth, mut inside) = (0_usize, false);
    for event in Parser::new_ext(without_front_matter(text), options()).take(2000) {
        match event {
            Event::Start(Tag::Paragraph) if depth == 0 => inside = true,
            Event::End(TagEnd::Paragraph) if inside => break,
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::Text(text) | Event::Code(text) if inside => paragraph.push_str(&text),
            Event::SoftBreak | Event::HardBreak if inside => paragraph.push(' '),
            _ => {}
        }
    }
    paragraph
}

/// `text` without the settings above it. Our own few lines, because the parser takes such blocks for
/// settings anywhere, and what stands in the middle of a document must not vanish.
fn without_front_matter(text: &str) -> &str {
    let Some((mark, rest)) = ["---", "+++"].iter().find_map(|mark| Some((*mark, text.strip_prefix(mark)?)))
    else {
        return text;
    };
    let Some(inside) = rest.trim_start_matches([' ', '\r']).strip_prefix('\n') else { return text };
    let mut end = text.len() - inside.len();
    for line in inside.split_inclusive('\n') {
        end += line.len();
        if line.trim_end() == mark {
            return &text[end..];
        }
    }
    text
}

/// The document as it was written, and why.
fn plain(text: &str, why: &'static str) -> Rendered {
    let mut body = String::with_capacity(text.len() + 256);
    body.push_str(
        "<aside class=\"notice warning\" aria-label=\"Warning\"><p><b>Shown as plain text</b></p><p>",
    );
    escape::push(&mut body, why);
    body.push_str(
        "</p></aside>\n<pre role=\"group\" tabindex=\"0\" aria-label=\"Text of the document\"><code>",
    );
    escape::push(&mut body, text);
    body.push_str("</code></pre>\n");
    Rendered { body: Html::vouch(body), contents: Vec::new(), plain: Some(why) }
}

/// What a first pass over a document learns.
struct Outline {
    headings: Vec<(u8, String)>,
    /// Its first block is its only heading of level 1.
    begins_with_title: bool,
}

fn outline(text: &str, budget: Budget) -> Result<Outline, &'static str> {
    let mut headings: Vec<(u8, String)> = Vec::new();
    let (mut depth, mut in_heading) = (0_usize, false);
    let (mut blocks, mut first_is_title) = (0_usize, false);
    for (number, event) in Parser::new_ext(text, options()).enumerate() {
        if number > budget.events {
            return Err("it has more parts than its size allows");
        }
        match event {
            Event::Start(tag) => {
                if depth == 0 {
                    blocks += 1;
                }
                depth += 1;
                if depth > DEEPEST {
                    return Err("it is nested too deeply");
                }
                if let Tag::Heading { level, .. } = tag {
                    let level = level as u8;
                    first_is_title |= blocks == 1 && level == 1;
                    headings.push((level, String::new()));
                    in_heading = true;
                }
            }
            Event::End(tag) => {
                depth = depth.saturating_sub(1);
                in_heading &= !matches!(tag, TagEnd::Heading(_));
            }
            Event::Text(text) | Event::Code(text) if in_heading => {
                if let Some((_, heading)) = headings.last_mut() {
                    heading.push_str(&text);
                }
            }
            _ => {}
        }
    }
    let titles = headings.iter().filter(|(level, _)| *level == 1).count();
    Ok(Outline { begins_with_title: first_is_title && titles == 1, headings })
}

#[cfg(test)]
mod hostile;
#[cfg(test)]
mod tests;
