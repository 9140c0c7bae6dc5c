//! The second pass over a document: events to markup, element by element. Nothing is written that is
//! not spelled out in this file.

mod links;
mod notes;

use std::fmt::Write;

use pulldown_cmark::{Alignment, BlockQuoteKind, CodeBlockKind, Event, Parser, Tag, TagEnd, TextMergeStream};

use super::destination::Surroundings;
use super::headings::Heading;
use super::{Budget, highlight, raw};
use crate::render::escape;
use links::Links;
use notes::Notes;

const INFALLIBLE: &str = "writing to a string cannot fail";

/// The markup of `text`; `None` when it would cost more than `budget`.
pub(super) fn write(
    text: &str,
    headings: &[Heading],
    without_title: bool,
    budget: Budget,
    surroundings: &dyn Surroundings,
) -> Option<String> {
    let mut writer = Writer {
        out: String::with_capacity(text.len() * 2),
        headings,
        next_heading: 0,
        skip_title: without_title,
        budget,
        links: Links::new(headings, surroundings),
        state: State::default(),
        notes: Notes::default(),
    };
    for event in TextMergeStream::new(Parser::new_ext(text, super::options())) {
        writer.event(event);
        if writer.size() > budget.bytes {
            return None;
        }
    }
    writer.finish();
    (writer.out.len() <= budget.bytes).then_some(writer.out)
}

struct Writer<'a> {
    out: String,
    headings: &'a [Heading],
    next_heading: usize,
    skip_title: bool,
    budget: Budget,
    links: Links<'a>,
    state: State,
    notes: Notes,
}

/// Where in the document the writer is.
#[derive(Default)]
struct State {
    /// Text that is collected until its element ends.
    collected: Option<Collected>,
    alignments: Vec<Alignment>,
    column: usize,
    in_head: bool,
    /// Where the tag of the innermost item that was opened ends.
    item: usize,
    /// How many elements are open, and how many `<details>` among them at the outermost level.
    depth: usize,
    details: usize,
}

enum Collected {
    Title,
    Code { language: String, text: String },
    Raw(String),
}

impl Writer<'_> {
    fn size(&self) -> usize {
        let collected = match &self.state.collected {
            Some(Collected::Code { text, .. } | Collected::Raw(text)) => text.len(),
            _ => 0,
        };
        self.out.len() + self.notes.size() + collected
    }

    fn event(&mut self, event: Event<'_>) {
        if let Some(collected) = &mut self.state.collected {
            match (collected, &event) {
                (Collected::Code { text, .. }, Event::Text(more)) => return text.push_str(more),
                (Collected::Raw(text), Event::Html(more) | Event::Text(more)) => return text.push_str(more),
                (_, Event::End(TagEnd::Heading(_) | TagEnd::CodeBlock | TagEnd::HtmlBlock)) => {}
                _ => return,
            }
        }
        match event {
            Event::Start(tag) => {
                self.start(tag);
                self.state.depth += 1;
            }
            Event::End(tag) => {
                self.state.depth = self.state.depth.saturating_sub(1);
                self.end(tag);
            }
            Event::Text(text) => self.links.text(&text, &mut self.out),
            Event::Code(text) => self.wrapped("code", &text),

            Event::InlineHtml(html) if raw::is_line_break(&html) => self.out.push_str("<br>"),
            Event::InlineHtml(html) if raw::is_comment(&html) => {}
            Event::Html(html)
            | Event::InlineHtml(html)
            | Event::InlineMath(html)
            | Event::DisplayMath(html) => {
                escape::push(&mut self.out, &html);
            }
            Event::FootnoteReference(label) => self.notes.name(&label, &mut self.out),
            Event::SoftBreak => self.out.push('\n'),
            Event::HardBreak => self.out.push_str("<br>\n"),
            Event::Rule => self.out.push_str("<hr>\n"),
            Event::TaskListMarker(done) => self.task(done),
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph => self.out.push_str("<p>"),
            Tag::Heading { .. } => self.open_heading(),
            Tag::BlockQuote(kind) => self.open_quotation(kind),
            Tag::CodeBlock(kind) => {
                let language = match kind {
                    CodeBlockKind::Fenced(info) => highlight::language(&info),
                    CodeBlockKind::Indented => String::new(),
                };
                self.state.collected = Some(Collected::Code { language, text: String::new() });
            }
            Tag::HtmlBlock => self.state.collected = Some(Collected::Raw(String::new())),
            Tag::List(None) => self.out.push_str("<ul>\n"),
            Tag::List(Some(1)) => self.out.push_str("<ol>\n"),
            Tag::List(Some(first)) => writeln!(self.out, "<ol start=\"{first}\">").expect(INFALLIBLE),
            Tag::Item => {
                self.out.push_str("<li>");
                self.state.item = self.out.len() - 1;
            }
            Tag::FootnoteDefinition(label) => self.notes.open(&label, &mut self.out),
            Tag::Table(alignments) => {
                self.state.alignments = alignments;
                self.out.push_str("<table>\n");
            }
            Tag::TableHead => {
                (self.state.in_head, self.state.column) = (true, 0);
                self.out.push_str("<thead><tr>");
            }
            Tag::TableRow => {
                self.state.column = 0;
                self.out.push_str("<tr>");
            }
            Tag::TableCell => self.open_cell(),
            Tag::Emphasis => self.out.push_str("<em>"),
            Tag::Strong => self.out.push_str("<strong>"),
            Tag::Strikethrough => self.out.push_str("<del>"),
            Tag::Link { dest_url, .. } => self.links.open(&dest_url, &mut self.out),
            Tag::Image { dest_url, .. } => self.links.open_picture(&dest_url, &mut self.out),
            // Not switched on.
            Tag::Superscript
            | Tag::Subscript
            | Tag::DefinitionList
            | Tag::DefinitionListTitle
            | Tag::DefinitionListDefinition
            | Tag::MetadataBlock(_) => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph => self.out.push_str("</p>\n"),
            TagEnd::Heading(_) => self.close_heading(),
            TagEnd::BlockQuote(None) => self.out.push_str("</blockquote>\n"),
            TagEnd::BlockQuote(Some(_)) => self.out.push_str("</aside>\n"),
            TagEnd::CodeBlock | TagEnd::HtmlBlock => self.close_collected(),
            TagEnd::List(true) => self.out.push_str("</ol>\n"),
            TagEnd::List(false) => self.out.push_str("</ul>\n"),
            TagEnd::Item => self.out.push_str("</li>\n"),
            TagEnd::FootnoteDefinition => self.notes.close(&mut self.out),
            TagEnd::Table => {
                self.out.push_str("</tbody>\n</table>\n");
            }
            TagEnd::TableHead => {
                self.state.in_head = false;
                self.out.push_str("</tr></thead>\n<tbody>\n");
            }
            TagEnd::TableRow => self.out.push_str("</tr>\n"),
            TagEnd::TableCell => {
                self.state.column += 1;
                self.out.push_str(if self.state.in_head { "</th>" } else { "</td>" });
            }
            TagEnd::Emphasis => self.out.push_str("</em>"),
            TagEnd::Strong => self.out.push_str("</strong>"),
            TagEnd::Strikethrough => self.out.push_str("</del>"),
            TagEnd::Link | TagEnd::Image => self.links.close(&mut self.out),
            TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::DefinitionList
            | TagEnd::DefinitionListTitle
            | TagEnd::DefinitionListDefinition
            | TagEnd::MetadataBlock(_) => {}
        }
    }

    fn wrapped(&mut self, element: &str, text: &str) {
        self.out.push('<');
        self.out.push_str(element);
        self.out.push('>');
        escape::push(&mut self.out, text);
        self.out.push_str("</");
        self.out.push_str(element);
        self.out.push('>');
    }

    fn open_heading(&mut self) {
        if std::mem::take(&mut self.skip_title) {
            self.state.collected = Some(Collected::Title);
            return;
        }
        if let Some(heading) = self.headings.get(self.next_heading) {
            write!(self.out, "<h{} id=\"", heading.level).expect(INFALLIBLE);
            escape::push(&mut self.out, &heading.id);
            self.out.push_str("\">");
        }
    }

    fn close_heading(&mut self) {
        if self.state.collected.take().is_some() {
            return;
        }
        if let Some(heading) = self.headings.get(self.next_heading) {
            writeln!(self.out, "</h{}>", heading.level).expect(INFALLIBLE);
            self.next_heading += 1;
        }
    }

    fn open_quotation(&mut self, kind: Option<BlockQuoteKind>) {
        let (class, word) = match kind {
            None => return self.out.push_str("<blockquote>\n"),
            Some(BlockQuoteKind::Note) => ("notice", "Note"),
            Some(BlockQuoteKind::Tip) => ("notice", "Tip"),
            Some(BlockQuoteKind::Important) => ("notice", "Important"),
            Some(BlockQuoteKind::Warning) => ("notice warning", "Warning"),
            Some(BlockQuoteKind::Caution) => ("notice fail", "Caution"),
        };
        writeln!(self.out, "<aside class=\"{class}\" aria-label=\"{word}\"><p><b>{word}</b></p>")
            .expect(INFALLIBLE);
    }

    fn open_cell(&mut self) {
        let number = self.state.alignments.get(self.state.column) == Some(&Alignment::Right);
        self.out.push_str(match (self.state.in_head, number) {
            (true, false) => "<th scope=\"col\">",
            (true, true) => "<th scope=\"col\" class=\"number\">",
            (false, false) => "<td>",
            (false, true) => "<td class=\"number\">",
        });
    }

    fn task(&mut self, done: bool) {
        if self.out.get(self.state.item..=self.state.item) == Some(">") {
            self.out.insert_str(self.state.item, " class=\"task\"");
        }
        self.out.push_str(if done {
            "<input type=\"checkbox\" checked disabled aria-label=\"done\"> "
        } else {
            "<input type=\"checkbox\" disabled aria-label=\"open\"> "
        });
    }

    fn close_collected(&mut self) {
        match self.state.collected.take() {
            Some(Collected::Code { language, text }) => {
                let before = self.out.len();
                highlight::block(&mut self.out, &language, &text, true);
                if self.size() > self.budget.bytes / 2 {
                    // Colours are the first thing to go.
                    self.out.truncate(before);
                    highlight::block(&mut self.out, &language, &text, false);
                }
            }
            Some(Collected::Raw(text)) => self.raw(&text),
            Some(Collected::Title) | None => {}
        }
    }

    fn raw(&mut self, block: &str) {
        let mut text = String::new();
        for piece in raw::pieces(block) {
            let outermost = self.state.depth == 0;
            match piece {
                raw::Piece::Text(line) => {
                    text.push_str(line);
                    text.push('\n');
                    continue;
                }
                _ if !outermost => continue,
                raw::Piece::OpenDetails => {
                    self.raw_text(&mut text);
                    self.state.details += 1;
                    self.out.push_str("<details>");
                }
                raw::Piece::Summary(words) if self.out.ends_with("<details>") => {
                    self.wrapped("summary", words);
                    self.out.push('\n');
                }
                raw::Piece::Summary(words) => {
                    text.push_str(words);
                    text.push('\n');
                }
                raw::Piece::CloseDetails => {
                    self.raw_text(&mut text);
                    if self.state.details > 0 {
                        self.state.details -= 1;
                        self.out.push_str("</details>\n");
                    }
                }
            }
        }
        self.raw_text(&mut text);
    }

    fn raw_text(&mut self, text: &mut String) {
        if !text.is_empty() {
            self.out.push_str("<pre role=\"group\" tabindex=\"0\" aria-label=\"HTML, shown as text\"><code>");
            escape::push(&mut self.out, text.trim_end());
            self.out.push_str("</code></pre>\n");
            text.clear();
        }
    }

    /// Closes what raw HTML left open, and writes the footnotes.
    fn finish(&mut self) {
        self.out.push_str(&"</details>\n".repeat(self.state.details));
        std::mem::take(&mut self.notes).finish(&mut self.out);
    }
}
