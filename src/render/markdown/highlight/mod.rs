//! Code blocks: a label, and quiet colours for the languages of runbooks. A small scanner of our own,
//! because it must be linear on any text: it looks at every character once and never goes back.

mod languages;

use crate::render::escape;
use languages::{Language, Properties};

/// The language that the first word after the fence names: its label, or the word itself.
pub(super) fn language(info: &str) -> String {
    let word: String = info
        .trim_start_matches(['{', '.', ' '])
        .chars()
        .take_while(|c| c.is_alphanumeric() || matches!(c, '+' | '#' | '-' | '_' | '.'))
        .take(24)
        .collect();
    word.to_lowercase()
}

/// Writes a code block; `colours` says whether its size may grow.
pub(super) fn block(out: &mut String, language: &str, text: &str, colours: bool) {
    let text = text.strip_suffix('\n').unwrap_or(text);
    if matches!(language, "diff" | "patch") {
        out.push_str("<pre class=\"diff\" role=\"group\" tabindex=\"0\" aria-label=\"Code, diff\"><code>");
        diff(out, text);
    } else {
        let known = languages::find(language);
        out.push_str("<pre role=\"group\" tabindex=\"0\" aria-label=\"");
        match (language, known) {
            ("", _) => out.push_str("Code"),
            // Drawing it would need fonts, whose measures differ from machine to machine.
            ("mermaid", _) => out.push_str("Mermaid diagram, shown as its source"),
            (_, Some(known)) => {
                out.push_str("Code, ");
                out.push_str(known.label);
            }
            (word, None) => {
                out.push_str("Code, ");
                escape::push(out, word);
            }
        }
        out.push_str("\"><code>");
        match known.filter(|_| colours) {
            Some(known) => Scanner { out, known, text, position: 0 }.run(),
            None => escape::push(out, text),
        }
    }
    out.push_str("</code></pre>\n");
}

/// Whole lines with their sign; `ins` and `del` are blocks and need no line break after them.
fn diff(out: &mut String, text: &str) {
    let mut in_line = false;
    for line in text.split('\n') {
        if std::mem::replace(&mut in_line, true) && !out.ends_with("</ins>") && !out.ends_with("</del>") {
            out.push('\n');
        }
        let element = match line.as_bytes().first() {
            Some(b'+') if !line.starts_with("+++") => "ins",
            Some(b'-') if !line.starts_with("---") => "del",
            _ => {
                escape::push(out, line);
                continue;
            }
        };
        out.push_str(&format!("<{element}>"));
        escape::push(out, line);
        out.push_str(&format!("</{element}>"));
    }
}

struct Scanner<'a> {
    out: &'a mut String,
    known: &'static Language,
    text: &'a str,
    position: usize,
}

impl Scanner<'_> {
    fn run(&mut self) {
        let mut plain = 0;
        let mut before = '\n';
        while let Some(next) = self.text[self.position..].chars().next() {
            let start = self.position;
            let (end, class) = self.token(next, before);
            self.position = end;
            before = self.text[start..end].chars().next_back().unwrap_or(next);
            if let Some(class) = class {
                escape::push(self.out, &self.text[plain..start]);
                self.out.push_str("<span class=\"hl-");
                self.out.push_str(class);
                self.out.push_str("\">");
                escape::push(self.out, &self.text[start..end]);
                self.out.push_str("</span>");
                plain = end;
            }
        }
        escape::push(self.out, &self.text[plain..]);
    }

    /// The end of the token that begins here, and its class.
    fn token(&self, next: char, before: char) -> (usize, Option<&'static str>) {
        let rest = &self.text[self.position..];
        let line = || self.position + rest.find('\n').unwrap_or(rest.len());
        let apart = before.is_whitespace();
        if let Some(marker) = self.known.comments.iter().find(|marker| rest.starts_with(**marker))
            && (*marker != "#" || apart || matches!(before, ';' | '(' | '[' | '{' | ','))
        {
            return (line(), Some("comment"));
        }
        if let Some((open, close)) = self.known.block_comment
            && let Some(inside) = rest.strip_prefix(open)
        {
            let length = inside.find(close).map_or(rest.len(), |at| open.len() + at + close.len());
            return (self.position + length, Some("comment"));
        }
        if self.known.quotes.contains(&next) {
            let end = self.position + quoted(rest, next, self.known.long_quotes);
            let key = self.known.properties == Properties::QuotedColon && self.followed_by(end, ':');
            return (end, Some(if key { "property" } else { "string" }));
        }
        if next.is_alphabetic() || next == '_' {
            let end = self.position + word(rest);
            return (end, self.word_class(end, before));
        }
        if next == '-' && apart && self.known.properties == Properties::Flags {
            let end = self.position + 1 + word(&rest[1..]);
            return (end, (end > self.position + 2).then_some("property"));
        }
        if next.is_alphanumeric() {
            return (self.position + word(rest), None);
        }
        (self.position + next.len_utf8(), None)
    }

    fn word_class(&self, end: usize, before: char) -> Option<&'static str> {
        let word = &self.text[self.position..end];
        let key = match self.known.properties {
            Properties::Colon => {
                let behind = self.text[end..].strip_prefix(':');
                behind.is_some_and(|behind| behind.is_empty() || behind.starts_with([' ', '\n', '\r']))
            }
            Properties::Equals => self.followed_by(end, '='),
            Properties::Flags | Properties::QuotedColon | Properties::None => false,
        };
        if key {
            return Some("property");
        }
        let folded;
        let word = if self.known.any_case {
            folded = word.to_ascii_lowercase();
            folded.as_str()
        } else {
            word
        };
        let alone = !matches!(before, '.' | '-' | '/' | '$');
        (alone && self.known.keywords.contains(&word)).then_some("keyword")
    }

    /// Whether the next character on this line, spaces left out, is `wanted`.
    fn followed_by(&self, end: usize, wanted: char) -> bool {
        // At most a few: a line of blanks must not be walked again for each word before it.
        let mut behind = self.text[end..].chars().take(16).skip_while(|c| *c == ' ');
        behind.next() == Some(wanted)
    }
}

/// Length of the word that `text` begins with.
fn word(text: &str) -> usize {
    text.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '-').unwrap_or(text.len())
}

/// Length of the quoted text that `text` begins with; without an end, the rest of its line.
fn quoted(text: &str, quote: char, long: bool) -> usize {
    if long && text.chars().take_while(|c| *c == quote).take(3).count() == 3 {
        let (triple, inside) = text.split_at(3 * quote.len_utf8());
        return inside.find(triple).map_or(text.len(), |at| at + 2 * triple.len());
    }
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '\n' if quote != '`' => return at,
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return at + c.len_utf8(),
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coloured(language: &str, text: &str) -> String {
        let mut out = String::new();
        block(&mut out, language, text, true);
        let inside = out.split_once("<code>").expect("code").1;
        inside
            .trim_end()
            .trim_end_matches("</code></pre>")
            .replace("<span class=\"hl-", "⟨")
            .replace("\">", " ")
            .replace("</span>", "⟩")
    }

    #[test]
    fn what_matters_in_runbooks_is_told_apart() {
        for (language, text, expected) in [
            (
                "bash",
                "# why\nfor p in \"17\"; do x --sort a-b; done",
                "⟨comment # why⟩\n⟨keyword for⟩ p ⟨keyword in⟩ ⟨string &quot;17&quot;⟩; ⟨keyword do⟩ x ⟨property --sort⟩ a-b; ⟨keyword done⟩",
            ),
            (
                "yaml",
                "a: [b, 1] # c\nurl: http://x#y",
                "⟨property a⟩: [b, 1] ⟨comment # c⟩\n⟨property url⟩: http://x#y",
            ),
            (
                "json",
                "{\"a\" : \"b\", \"c\": true}",
                "{⟨property &quot;a&quot;⟩ : ⟨string &quot;b&quot;⟩, ⟨property &quot;c&quot;⟩: ⟨keyword true⟩}",
            ),
            ("sql", "Select a -- x", "⟨keyword Select⟩ a ⟨comment -- x⟩"),
            (
                "python",
                "def f(): \"\"\"a\nb\"\"\"",
                "⟨keyword def⟩ f(): ⟨string &quot;&quot;&quot;a\nb&quot;&quot;&quot;⟩",
            ),
            (
                "hcl",
                "resource \"a\" { b = 1 }",
                "⟨keyword resource⟩ ⟨string &quot;a&quot;⟩ { ⟨property b⟩ = 1 }",
            ),
            ("go", "/* a */ func x", "⟨comment /* a */⟩ ⟨keyword func⟩ x"),
            ("cobol", "<b>", "&lt;b&gt;"),
        ] {
            assert_eq!(coloured(language, text), expected, "{language}");
        }
    }

    #[test]
    fn nothing_of_the_text_is_lost() {
        for language in
            ["bash", "yaml", "json", "sql", "python", "hcl", "toml", "rust", "go", "javascript", "dockerfile"]
        {
            for text in [
                "\"unclosed\nnext",
                "'a\\'b' c",
                "/* open",
                "\"\"\"open",
                "`x\ny`",
                "-",
                "é 'ü' --ß",
                "a:\"b",
                "\\",
            ] {
                let mut out = String::new();
                block(&mut out, language, text, true);
                let plain = scraper::Html::parse_fragment(&out).root_element().text().collect::<String>();
                assert_eq!(plain.trim_end_matches('\n'), text, "{language}");
            }
        }
    }

    #[test]
    fn a_quote_may_stand_before_any_character() {
        for (text, length) in
            [("\"…\" # x", 5), ("\"\"…", 2), ("\"\"\"…\"\"\" x", 9), ("\"\"\"…", 6), ("\"", 1)]
        {
            assert_eq!(quoted(text, '"', true), length, "{text}");
        }
    }

    #[test]
    fn labels_say_the_language() {
        let label = |info: &str| {
            let mut out = String::new();
            block(&mut out, &language(info), "x", true);
            out.split("aria-label=\"")
                .nth(1)
                .and_then(|rest| rest.split('"').next().map(str::to_owned))
                .expect("a label")
        };
        assert_eq!(label("sh title=x"), "Code, shell");
        assert_eq!(label("{.Python}"), "Code, Python");
        assert_eq!(label("brainfuck"), "Code, brainfuck");
        assert_eq!(label("\"><script>"), "Code");
        assert_eq!(label("mermaid"), "Mermaid diagram, shown as its source");
    }

    #[test]
    fn lines_of_a_diff_are_whole() {
        let mut out = String::new();
        block(&mut out, "diff", "--- a\n+++ b\n x\n-old\n+new\n y\n", true);
        assert!(out.contains("<code>--- a\n+++ b\n x\n<del>-old</del><ins>+new</ins> y</code>"), "{out}");
    }
}
