//! What a Markdown document amounts to: title, headings, words, and whether anybody wrote it or it is the
//! empty template still. Bounded: only the first part of a huge document is looked at.

use pulldown_cmark::{Event, HeadingLevel, Parser, Tag, TagEnd};

use super::vocabulary::Vocabulary;

/// How much of a document counts, in bytes.
const LONGEST: usize = 256 * 1024;

/// Most events the parser may yield for a byte of text; beyond that the text is meant to exhaust it.
const EVENTS_FOR_A_BYTE: usize = 8;

/// Most headings, and most characters of one.
const MOST_HEADINGS: usize = 200;
const LONGEST_HEADING: usize = 200;

/// Fewer words than these are no document.
const FEWEST_WORDS: u32 = 5;

/// How much of a block is compared with placeholders, in characters.
const LONGEST_PLACEHOLDER: usize = 40;

/// A label such as `On call:` is at most so many words long.
const LONGEST_LABEL: usize = 4;

/// Beginnings of a text block that mean "to be written", beside the organisation's own.
const PLACEHOLDERS: &[&str] = &[
    "todo",
    "tbd",
    "tbc",
    "tba",
    "fixme",
    "wip",
    "n/a",
    "none",
    "to be written",
    "to be defined",
    "to be done",
    "coming soon",
    "lorem ipsum",
    "work in progress",
    "placeholder",
    "changeme",
];

/// What a document amounts to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Outline {
    /// From the front matter, else the first heading of the highest level.
    pub(super) title: Option<Box<str>>,
    pub(super) words: u32,
    pub(super) written: bool,
    pub(super) headings: Vec<Box<str>>,
}

/// Beginnings of a text block that nobody meant: ours and the organisation's, in lower case.
pub(super) struct Placeholders(Vec<String>);

impl Placeholders {
    pub(super) fn of(vocabulary: &Vocabulary) -> Self {
        let own = vocabulary.placeholder_texts.iter().map(|text| text.to_lowercase());
        let ours = PLACEHOLDERS.iter().map(|text| (*text).to_owned());
        Self(own.chain(ours).filter(|text| !text.is_empty()).collect())
    }

    /// Whether `text`, or the value behind its label (`Owner: TBD`), begins like one.
    fn has(&self, text: &str) -> bool {
        let value = text.rsplit_once(": ").map(|(_, value)| value);
        [Some(text), value].into_iter().flatten().any(|text| {
            let start = text.trim_start_matches(['[', '(', '{', '*', '_', '`']);
            // Nearly every text is told by its first letter to be none.
            let Some(first) = start.chars().next().and_then(|c| c.to_lowercase().next()) else {
                return false;
            };
            if !self.0.iter().any(|word| word.starts_with(first)) {
                return false;
            }
            let start: String =
                start.chars().take(LONGEST_PLACEHOLDER).flat_map(char::to_lowercase).collect();
            self.0.iter().any(|word| begins(&start, word))
        })
    }
}

/// The outline of a Markdown document.
pub(super) fn outline(text: &str, placeholders: &Placeholders) -> Outline {
    let (front_matter, body) = front_matter(text);
    let body = &body[..body.floor_char_boundary(LONGEST)];
    let mut reading = Reading {
        placeholders,
        outline: Outline::default(),
        code: false,
        block: String::new(),
        inside: None,
    };
    let mut first_heading: Option<(HeadingLevel, Box<str>)> = None;
    let most_events = body.len().saturating_mul(EVENTS_FOR_A_BYTE).max(64);
    for event in Parser::new(body).take(most_events) {
        if let Some((level, heading)) = reading.event(event) {
            // `HeadingLevel` orders the highest level first.
            if first_heading.as_ref().is_none_or(|(highest, _)| level < *highest) {
                first_heading = Some((level, heading.clone()));
            }
            if reading.outline.headings.len() < MOST_HEADINGS {
                reading.outline.headings.push(heading);
            }
        }
    }
    reading.end_of_block();
    let mut outline = reading.outline;
    outline.written = outline.words >= FEWEST_WORDS || reading.code;
    outline.title = front_matter.and_then(title_of).or(first_heading.map(|(_, heading)| heading));
    outline
}

struct Reading<'a> {
    placeholders: &'a Placeholders,
    outline: Outline,
    /// Whether there was a block of code with something in it.
    code: bool,
    /// Text of the paragraph, item or heading being read.
    block: String,
    inside: Option<Inside>,
}

#[derive(Clone, Copy)]
enum Inside {
    Heading,
    Code,
}

impl Reading<'_> {
    /// Takes one event; yields a heading at its end.
    fn event(&mut self, event: Event<'_>) -> Option<(HeadingLevel, Box<str>)> {
        match event {
            Event::Start(Tag::Heading { .. }) => {
                self.end_of_block();
                self.inside = Some(Inside::Heading);
            }
            Event::End(TagEnd::Heading(level)) => {
                self.inside = None;
                let text = std::mem::take(&mut self.block);
                let heading: String = text.trim().chars().take(LONGEST_HEADING).collect();
                return (!heading.is_empty()).then(|| (level, heading.into()));
            }
            Event::Start(Tag::CodeBlock(_)) => {
                self.end_of_block();
                self.inside = Some(Inside::Code);
            }
            Event::End(TagEnd::CodeBlock) => self.inside = None,
            Event::Start(Tag::Paragraph | Tag::Item | Tag::BlockQuote(_))
            | Event::End(TagEnd::Paragraph | TagEnd::Item) => self.end_of_block(),
            Event::Text(text) | Event::Code(text) => match self.inside {
                Some(Inside::Code) => {
                    self.code |= !text.trim().is_empty() && !self.placeholders.has(text.trim())
                }
                _ => self.block.push_str(&text),
            },
            Event::SoftBreak | Event::HardBreak => self.block.push(' '),
            // Comments are hints of the template, tags such as `<name>` are its gaps.
            Event::InlineHtml(_) | Event::Html(_) => {}
            _ => {}
        }
        None
    }

    fn end_of_block(&mut self) {
        let text = std::mem::take(&mut self.block);
        let text = text.trim();
        let words = text.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count();
        let is_label = text.ends_with(':') && words <= LONGEST_LABEL;
        if !is_label && !self.placeholders.has(text) {
            self.outline.words = self.outline.words.saturating_add(u32::try_from(words).unwrap_or(u32::MAX));
        }
    }
}

/// Whether `text` begins with `word`, not merely with its letters.
fn begins(text: &str, word: &str) -> bool {
    text.strip_prefix(word).is_some_and(|rest| {
        !word.ends_with(char::is_alphanumeric) || !rest.starts_with(char::is_alphanumeric)
    })
}

/// The front matter between two lines of `---`, and what follows.
fn front_matter(text: &str) -> (Option<&str>, &str) {
    let Some(rest) = text.strip_prefix("---\n").or_else(|| text.strip_prefix("---\r\n")) else {
        return (None, text);
    };
    let mut length = 0;
    for line in rest.split_inclusive('\n') {
        if line.trim_end() == "---" {
            return (Some(&rest[..length]), &rest[length + line.len()..]);
        }
        length += line.len();
    }
    (None, text)
}

fn title_of(front_matter: &str) -> Option<Box<str>> {
    let title = front_matter.lines().find_map(|line| line.strip_prefix("title:"))?;
    let title = title.trim().trim_matches(['"', '\'']);
    let title: String = title.chars().take(LONGEST_HEADING).collect();
    (!title.is_empty()).then(|| title.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Outline {
        outline(text, &Placeholders::of(&Vocabulary::default()))
    }

    #[test]
    fn prose_is_counted_and_headings_are_listed() {
        let outline = of(
            "# Runbook\n\nRestart the *worker* when the queue grows.\n\n## Rollback ##\n\n- Run `deploy --previous`.\n",
        );
        assert_eq!(outline.title.as_deref(), Some("Runbook"));
        assert_eq!(outline.headings, ["Runbook".into(), Box::from("Rollback")]);
        assert_eq!(outline.words, 10);
        assert!(outline.written);
    }

    #[test]
    fn the_empty_template_is_not_written() {
        for template in [
            "",
            "# Runbook\n\n<!-- What to do when an alarm rings. At least five words here. -->\n\n## Rollback\n",
            "# Runbook\n\nTODO: describe how to restart the service and whom to call\n",
            "# Runbook\n\n## Contacts\n\n- On call:\n- Owner: TBD\n- Escalation: <whom to call when nobody answers the phone>\n",
            "# Runbook\n\n```\nTODO\n```\n",
            "# Architecture\n\nsee wiki\n",
        ] {
            assert!(!of(template).written, "{template}");
        }
        assert!(of("# Restore\n\n```sh\naws rds restore-db-cluster\n```\n").written);
        assert!(of("Nonetheless this is a text of several words.").written);
    }

    #[test]
    fn the_title_comes_from_the_front_matter_first() {
        assert_eq!(of("---\ntitle: \"Quote\"\nauthor: x\n---\n# Other\n").title.as_deref(), Some("Quote"));
        assert_eq!(of("## Small\n# Great\n").title.as_deref(), Some("Great"));
        assert_eq!(of("---\nnot closed").title, None);
    }

    #[test]
    fn hostile_shapes_end() {
        for unit in ["[", "*", "> ", "- ", "`", "[a](", "<a", "!["] {
            of(&unit.repeat(20_000));
        }
    }
}
