//! Footnotes: numbered in the order in which they are first named, and written at the end.

use std::collections::BTreeMap;
use std::fmt::Write;

/// What is known of the footnotes so far.
#[derive(Default)]
pub(super) struct Notes {
    order: BTreeMap<String, Note>,
    /// Markup around the notes that are being written.
    around: Vec<(String, String)>,
    said: BTreeMap<String, String>,
    size: usize,
}

struct Note {
    number: usize,
    times: usize,
}

impl Notes {
    /// How many bytes wait here.
    pub(super) fn size(&self) -> usize {
        self.size + self.around.iter().map(|(_, markup)| markup.len()).sum::<usize>()
    }

    /// Writes the reference to the note called `label`.
    pub(super) fn name(&mut self, label: &str, out: &mut String) {
        let next = self.order.len() + 1;
        let note = self.order.entry(label.to_owned()).or_insert(Note { number: next, times: 0 });
        note.times += 1;
        let number = note.number;
        let again = if note.times == 1 { String::new() } else { format!("-{}", note.times) };
        write!(
            out,
            "<sup><a href=\"#note-{number}\" id=\"ref-{number}{again}\" aria-label=\"Footnote {number}\">{number}</a></sup>"
        )
        .expect("writing to a string cannot fail");
    }

    /// From here on, `out` is what the note called `label` says.
    pub(super) fn open(&mut self, label: &str, out: &mut String) {
        self.around.push((label.to_owned(), std::mem::take(out)));
    }

    /// The note is said; `out` is again what it was before. Of two with one label the first counts.
    pub(super) fn close(&mut self, out: &mut String) {
        if let Some((label, around)) = self.around.pop() {
            let said = std::mem::replace(out, around);
            self.size += said.len();
            self.said.entry(label).or_insert(said);
        }
    }

    /// Writes the notes that were named.
    pub(super) fn finish(self, out: &mut String) {
        if self.order.is_empty() {
            return;
        }
        let mut named: Vec<(usize, &str)> =
            self.order.iter().map(|(label, note)| (note.number, label.as_str())).collect();
        named.sort_unstable();
        out.push_str("<section class=\"footnotes\" aria-label=\"Footnotes\"><ol>\n");
        for (number, label) in named {
            let said = self.said.get(label).map_or("", |said| said.trim_end());
            writeln!(
                out,
                "<li id=\"note-{number}\">{said} <a href=\"#ref-{number}\" aria-label=\"Back to the text\">↩</a></li>"
            )
            .expect("writing to a string cannot fail");
        }
        out.push_str("</ol></section>\n");
    }
}
