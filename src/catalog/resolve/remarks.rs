//! Diagnostics about origins rather than about text at hand. They are placed at the end, file by file,
//! so that no text is unpacked twice however many there are.

use std::collections::BTreeMap;

use crate::catalog::filing::Filing;
use crate::catalog::origin::{FileIndex, Origin};
use crate::diagnostic::{Applicability, Code, Diagnostic, Diagnostics, MOST_OF_A_KIND, Place};

/// Diagnostics that wait for their place: no more of one kind about one file than will be kept.
#[derive(Default)]
pub(super) struct Remarks {
    list: Vec<Remark>,
    tallies: BTreeMap<(FileIndex, &'static str), Tally>,
}

#[derive(Clone, Copy, Default)]
struct Tally {
    kept: usize,
    /// Where in the list the last one stands, which counts those after it.
    last: usize,
}

struct Remark {
    origin: Origin,
    /// What to underline, when it stands in the text as it is.
    subject: Box<str>,
    /// What was probably meant by it.
    meant: Option<Box<str>>,
    diagnostic: Diagnostic,
}

impl Remarks {
    /// Remembers that `subject`, which stands at `origin`, is wrong.
    pub(super) fn add(
        &mut self,
        code: &'static Code,
        origin: Origin,
        subject: &str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let diagnostic = Diagnostic::new(code, message).help(help);
        self.push(Remark { origin, subject: subject.into(), meant: None, diagnostic });
    }

    /// Like [`Self::add`], for a name that does not exist: helps with the one that was probably meant.
    pub(super) fn dangling(
        &mut self,
        code: &'static Code,
        origin: Origin,
        name: &str,
        message: impl Into<String>,
        meant: Option<&str>,
        otherwise: &str,
    ) {
        let help = meant.map_or_else(|| otherwise.to_owned(), |meant| format!("did you mean `{meant}`?"));
        let diagnostic = Diagnostic::new(code, message).help(help);
        self.push(Remark { origin, subject: name.into(), meant: meant.map(Box::from), diagnostic });
    }

    fn push(&mut self, remark: Remark) {
        if let Some(file) = remark.origin.file() {
            let tally = self.tallies.entry((file, remark.diagnostic.code.name)).or_default();
            if tally.kept > MOST_OF_A_KIND {
                let last = &mut self.list[tally.last].diagnostic;
                last.others = last.stands_for() + 1;
                return;
            }
            *tally = Tally { kept: tally.kept + 1, last: self.list.len() };
        }
        self.list.push(remark);
    }

    /// Places every remark.
    pub(super) fn place(mut self, filing: &Filing<'_>, diagnostics: &mut Diagnostics) {
        // Stable, so that remarks about one place stay in the order in which they were made.
        self.list.sort_by_key(|remark| remark.origin.file());
        for remarks in self.list.chunk_by_mut(|a, b| a.origin.file() == b.origin.file()) {
            let Some(index) = remarks[0].origin.file() else {
                for remark in remarks {
                    diagnostics.push(remark.diagnostic.clone());
                }
                continue;
            };
            let text = filing.text(index).map(|text| text.read());
            let source = filing.source(index, text.as_deref().unwrap_or_default());
            for remark in remarks {
                let diagnostic = remark.diagnostic.clone();
                let Origin::File { mark, .. } = remark.origin else {
                    diagnostics.push(diagnostic.at(source.whole()));
                    continue;
                };
                let place = source.place(mark, 0);
                let (length, quote) = underlined(&place.quote, mark.column, &remark.subject);
                let diagnostic = diagnostic.at(Place { length, ..place });
                diagnostics.push(match &remark.meant {
                    // A name that exists is no proof that it is the one that was meant.
                    Some(meant) => {
                        let quote = quote.map(String::from).unwrap_or_default();
                        diagnostic.replace_with(format!("{quote}{meant}{quote}"), Applicability::Unsure)
                    }
                    None => diagnostic,
                });
            }
        }
    }
}

/// How many characters of `line` from `column` on are `subject`, and the quote that it stands in; 0 when
/// it does not stand there.
fn underlined(line: &str, column: u32, subject: &str) -> (u32, Option<char>) {
    let from = line.char_indices().nth((column as usize).saturating_sub(1)).map_or(line.len(), |(at, _)| at);
    let rest = &line[from..];
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
    let bare = if quote.is_some() { &rest[1..] } else { rest };
    let stands =
        bare.strip_prefix(subject).is_some_and(|rest| quote.is_none_or(|quote| rest.starts_with(quote)));
    if subject.is_empty() || !stands {
        return (0, None);
    }
    let quotes = if quote.is_some() { 2 } else { 0 };
    (u32::try_from(subject.chars().count() + quotes).unwrap_or(0), quote)
}

#[cfg(test)]
mod tests {
    use super::underlined;

    #[test]
    fn only_what_stands_there_is_underlined() {
        assert_eq!(underlined("ownerTeam: chekout", 12, "chekout"), (7, None));
        assert_eq!(underlined("ownerTeam: \"chekout\"", 12, "chekout"), (9, Some('"')));
        assert_eq!(underlined("ownerTeam: 'chekout", 12, "chekout"), (0, None));
        assert_eq!(underlined("größe: x", 8, "x"), (1, None));
        assert_eq!(underlined("short", 90, "x"), (0, None));
    }
}
