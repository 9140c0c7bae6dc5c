//! A text as its readers will see it: escapes of YAML, JSON, Markdown and addresses and the entities of HTML resolved,
//! emphasis, comments and what has no width gone, with the way back to what is written.

use std::ops::Range;

use super::values::beginning;

/// A text with its escapes resolved.
pub struct Spelling {
    /// What is seen.
    pub text: String,
    /// Where a piece begins in `text`, where it begins as written, and whether it is the same there.
    pieces: Vec<(usize, usize, bool)>,
    written: usize,
}

/// Entities that a Markdown writer may put in place of characters of credentials.
const ENTITIES: &[(&str, char)] = &[
    ("amp;", '&'),
    ("colon;", ':'),
    ("commat;", '@'),
    ("equals;", '='),
    ("lowbar;", '_'),
    ("num;", '#'),
    ("period;", '.'),
    ("plus;", '+'),
    ("sol;", '/'),
];

/// Characters that take no room: soft hyphen, zero width space, non-joiner, joiner, and word joiner.
const NO_WIDTH: [char; 5] = ['\u{ad}', '\u{200b}', '\u{200c}', '\u{200d}', '\u{2060}'];

impl Spelling {
    /// `text` with its escapes resolved; `None` when it has none.
    pub fn of(text: &str) -> Option<Self> {
        let mut spelling = Self { text: String::new(), pieces: Vec::new(), written: text.len() };
        let mut from = 0;
        let mut at = 0;
        while let Some(next) = text[at..].find([
            '\\',
            '&',
            '%',
            '*',
            '<',
            NO_WIDTH[0],
            NO_WIDTH[1],
            NO_WIDTH[2],
            NO_WIDTH[3],
            NO_WIDTH[4],
        ]) {
            let start = at + next;
            let Some((seen, length)) = resolved(&text[start..]) else {
                at = start + text[start..].chars().next().map_or(1, char::len_utf8);
                continue;
            };
            spelling.take(&text[from..start], from, true);
            spelling.take(seen.map(String::from).as_deref().unwrap_or_default(), start, false);
            at = start + length;
            from = at;
        }
        if spelling.pieces.is_empty() {
            return None;
        }
        spelling.take(&text[from..], from, true);
        Some(spelling)
    }

    fn take(&mut self, seen: &str, written: usize, is_same: bool) {
        self.pieces.push((self.text.len(), written, is_same));
        self.text.push_str(seen);
    }

    /// Where what is seen in `range` is written.
    pub fn written(&self, range: Range<usize>) -> Range<usize> {
        let last = range.end.saturating_sub(1).max(range.start);
        let (start, end) = (self.piece(range.start), self.piece(last));
        let of = |(seen, written, is_same): (usize, usize, bool), at: usize| {
            if is_same { written + (at - seen) } else { written }
        };
        let behind = self.pieces.get(end + 1).map_or(self.written, |(_, written, _)| *written);
        let end = if self.pieces[end].2 { of(self.pieces[end], last) + (range.end - last) } else { behind };
        of(self.pieces[start], range.start)..end
    }

    /// The last piece that begins at `at` or before.
    fn piece(&self, at: usize) -> usize {
        self.pieces.partition_point(|(seen, ..)| *seen <= at).saturating_sub(1)
    }
}

/// What the escape at the beginning of `text` means, and its length; `None` when it is no escape.
fn resolved(text: &str) -> Option<(Option<char>, usize)> {
    if let Some(rest) = text.strip_prefix('&') {
        let named = ENTITIES.iter().find(|(name, _)| rest.starts_with(name));
        return match named {
            Some((name, c)) => Some((Some(*c), 1 + name.len())),
            None => numeric(rest).map(|(c, length)| (Some(c), 1 + length)),
        };
    }
    if let Some(length) = unseen(text) {
        return Some((None, length));
    }
    let rest = text.get(1..)?;
    if text.starts_with('%') {
        let code = u8::from_str_radix(rest.get(..2)?, 16).ok()?;
        return code.is_ascii_graphic().then_some((Some(code.into()), 3));
    }
    if !text.starts_with('\\') {
        return None;
    }
    let next = rest.chars().next()?;
    let coded = |digits: usize| {
        let code = u32::from_str_radix(rest.get(1..=digits)?, 16).ok()?;
        Some((Some(char::from_u32(code)?), 2 + digits))
    };
    match next {
        'n' | 'r' => Some((Some('\n'), 2)),
        't' => Some((Some('\t'), 2)),
        'x' => coded(2),
        'u' => coded(4),
        'U' => coded(8),
        // A line that goes on: the break and the blanks before the next word are not there.
        '\n' => {
            let blanks = rest[1..].len() - rest[1..].trim_start_matches([' ', '\t']).len();
            Some((None, 2 + blanks))
        }
        c if c.is_ascii_punctuation() => Some((Some(c), 2)),
        _ => None,
    }
}

/// The length of what nobody sees at the beginning of `text`: emphasis, a comment, a character without width.
fn unseen(text: &str) -> Option<usize> {
    const LONGEST_COMMENT: usize = 200;
    if text.starts_with("**") {
        return Some(text.len() - text.trim_start_matches('*').len());
    }
    if let Some(comment) = text.strip_prefix("<!--") {
        return Some("<!--".len() + beginning(comment, LONGEST_COMMENT).find("-->")? + "-->".len());
    }
    text.chars().next().filter(|c| NO_WIDTH.contains(c)).map(char::len_utf8)
}

/// The character that `#95;` or `#x5f;` means.
fn numeric(text: &str) -> Option<(char, usize)> {
    const LONGEST: usize = 10;
    let end = text.bytes().take(LONGEST).position(|byte| byte == b';')?;
    let digits = text[..end].strip_prefix('#')?;
    let code = match digits.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16).ok()?,
        None => digits.parse().ok()?,
    };
    Some((char::from_u32(code)?, end + 1))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_seen_leads_back_to_what_is_written() {
        let text = r"see a\_b&#95;c\x5fd and\
            more\n.";
        let spelling = Spelling::of(text).expect("it has escapes");
        assert_eq!(spelling.text, "see a_b_c_d andmore\n.");
        assert_eq!(&text[spelling.written(4..11)], r"a\_b&#95;c\x5fd");
        assert_eq!(&text[spelling.written(5..6)], r"\_");
        assert_eq!(&text[spelling.written(19..20)], r"\n");
        assert_eq!(spelling.written(0..spelling.text.len()), 0..text.len());
        assert!(Spelling::of("no escapes & none, 100%, <p>, a * b").is_none());
        let text = "a%5Fb**c**<!-- d -->e\u{200b}f %C3%A9 <!-- open";
        let spelling = Spelling::of(text).expect("it has escapes");
        assert_eq!(spelling.text, "a_bcef %C3%A9 <!-- open");
        assert_eq!(&text[spelling.written(2..5)], "b**c**<!-- d -->e");
    }

    proptest! {
        #[test]
        fn every_range_that_is_seen_is_written_somewhere(text in r"[a-z\\&#0-9x;_%*<>!\u{200b}\nä-]{0,60}", a in 0_usize..60, b in 0_usize..60) {
            if let Some(spelling) = Spelling::of(&text) {
                let floor = |at: usize| (0..=at.min(spelling.text.len())).rev().find(|at| spelling.text.is_char_boundary(*at));
                let (a, b) = (floor(a).unwrap_or(0), floor(b).unwrap_or(0));
                let written = spelling.written(a.min(b)..a.max(b).max(a.min(b)));
                prop_assert!(text.get(written.start..written.end.max(written.start)).is_some());
            }
        }
    }
}
