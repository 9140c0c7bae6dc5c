//! Markup written piece by piece: our own words as they are, everything else escaped. For the few long
//! lists that stand on thousands of pages, where a template would take several times as long.

use std::fmt::Write;

use super::escape;
use super::links::Href;
use super::templates::Html;

/// Markup that is being written.
#[derive(Debug, Default)]
pub struct Markup(String);

impl Markup {
    /// Adds markup that stands in our source.
    pub fn ours(&mut self, markup: &'static str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// Adds text of anybody.
    pub fn text(&mut self, text: &str) -> &mut Self {
        escape::push(&mut self.0, text);
        self
    }

    /// Adds a number.
    pub fn number(&mut self, number: u64) -> &mut Self {
        write!(self.0, "{number}").expect("writing to a string cannot fail");
        self
    }

    /// Adds markup that somebody vouched for.
    pub fn html(&mut self, html: &Html) -> &mut Self {
        self.0.push_str(html.as_str());
        self
    }

    /// Adds `text`, as a link if it leads anywhere.
    pub fn link(&mut self, text: &str, href: Option<&Href>) -> &mut Self {
        match href {
            Some(href) => {
                self.ours("<a href=\"").text(href.as_str()).ours("\">").text(text).ours("</a>");
            }
            None => {
                self.text(text);
            }
        }
        self
    }

    /// Adds `class` as the colour and shape of a badge that says `text`.
    pub fn badge(&mut self, class: &'static str, text: &str) -> &mut Self {
        self.ours("<span class=\"badge ").ours(class).ours("\">").text(text).ours("</span>")
    }

    /// Ends a line, unless nothing stands before it.
    pub fn next_line(&mut self) -> &mut Self {
        if !self.0.is_empty() {
            self.0.push('\n');
        }
        self
    }

    /// The markup; nothing when nothing was added.
    pub fn finish(self) -> Option<Html> {
        (!self.0.is_empty()).then(|| Html::vouch(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_words_are_markup() {
        let mut markup = Markup::default();
        markup.ours("<p>").text("<b>&").ours("</p>").next_line().number(7).link("\"", None);
        markup.link("<i>", Href::external("https://example.com/?a=1&b='2'").as_ref());
        assert_eq!(
            markup.finish().expect("markup").as_str(),
            "<p>&lt;b&gt;&amp;</p>\n7&quot;<a href=\"https://example.com/?a=1&amp;b=%272%27\">&lt;i&gt;</a>"
        );
    }

    #[test]
    fn nothing_written_is_nothing() {
        let mut markup = Markup::default();
        markup.next_line();
        assert!(markup.finish().is_none());
    }
}
