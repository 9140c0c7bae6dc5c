//! Text to markup: the one way in which text from outside enters a page. Characters that mean something
//! in markup become references; those that HTML forbids, or that turn the direction of text around
//! unseen, become visible.

use std::io::{self, Write};

/// What `character` is written as; `None` when it stays as it is.
fn replacement(character: char) -> Option<&'static str> {
    Some(match character {
        '&' => "&amp;",
        '<' => "&lt;",
        '>' => "&gt;",
        '"' => "&quot;",
        '\'' => "&#39;",
        '\t' | '\n' | '\u{c}' => return None,
        '\r' => "\n",
        // Overrides and isolates can make a line read otherwise than it runs.
        '\u{202a}' => "[U+202A]",
        '\u{202b}' => "[U+202B]",
        '\u{202c}' => "[U+202C]",
        '\u{202d}' => "[U+202D]",
        '\u{202e}' => "[U+202E]",
        '\u{2066}' => "[U+2066]",
        '\u{2067}' => "[U+2067]",
        '\u{2068}' => "[U+2068]",
        '\u{2069}' => "[U+2069]",
        character if character.is_control() || is_noncharacter(character) => "\u{fffd}",
        _ => return None,
    })
}

fn is_noncharacter(character: char) -> bool {
    let code = u32::from(character);
    code & 0xfffe == 0xfffe || (0xfdd0..=0xfdef).contains(&code)
}

/// Bytes that begin a character which stays as it is.
static PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        plain[byte] = is_plain(byte as u8);
        byte += 1;
    }
    plain
};

/// Whether no character that begins with `byte` needs a look.
const fn is_plain(byte: u8) -> bool {
    match byte {
        b'&' | b'<' | b'>' | b'"' | b'\'' | 0x7f => false,
        b'\t' | b'\n' => true,
        // First bytes of C1 controls, of direction marks and of noncharacters.
        0..=0x1f | 0xc2 | 0xe2 | 0xef | 0xf0..=0xf4 => false,
        _ => true,
    }
}

/// Hands `text` to `put` in pieces, escaped.
fn escape<E>(text: &str, mut put: impl FnMut(&str) -> Result<(), E>) -> Result<(), E> {
    let mut start = 0;
    let mut position = 0;
    while let Some(found) = text.as_bytes()[position..].iter().position(|&byte| !PLAIN[usize::from(byte)]) {
        let at = position + found;
        let character = text[at..].chars().next().expect("the byte begins a character");
        position = at + character.len_utf8();
        let Some(replacement) = replacement(character) else { continue };
        put(&text[start..at])?;
        put(replacement)?;
        start = position;
    }
    put(&text[start..])
}

/// Appends `text`, escaped for element content and quoted attributes.
pub(super) fn push(out: &mut String, text: &str) {
    let result: Result<(), std::convert::Infallible> = escape(text, |piece| {
        out.push_str(piece);
        Ok(())
    });
    let Ok(()) = result;
}

/// Writes `text`, escaped likewise: what the template engine calls.
pub(super) fn write(text: &str, out: &mut dyn Write) -> io::Result<()> {
    escape(text, |piece| out.write_all(piece.as_bytes()))
}

#[cfg(test)]
mod tests {
    fn escaped(text: &str) -> String {
        let mut out = String::new();
        super::push(&mut out, text);
        let mut bytes = Vec::new();
        super::write(text, &mut bytes).expect("a vector takes everything");
        assert_eq!(bytes, out.as_bytes());
        out
    }

    #[test]
    fn markup_becomes_text() {
        assert_eq!(escaped("<a href='x'>\"&amp;\""), "&lt;a href=&#39;x&#39;&gt;&quot;&amp;amp;&quot;");
    }

    #[test]
    fn text_stays_text() {
        for text in ["", "plain\n\ttext", "ä € 漢字 😀 ﷺ", "שלום", "a\u{200d}b\u{a0}c"] {
            assert_eq!(escaped(text), text);
        }
    }

    #[test]
    fn what_html_forbids_and_what_turns_direction_around_becomes_visible() {
        assert_eq!(
            escaped("a\0b\u{1b}c\u{85}d\u{ffff}e\u{10ffff}"),
            "a\u{fffd}b\u{fffd}c\u{fffd}d\u{fffd}e\u{fffd}"
        );
        assert_eq!(escaped("x\u{202e}y\u{2069}"), "x[U+202E]y[U+2069]");
    }
}
