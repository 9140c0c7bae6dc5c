//! The tokens of HCL, as far as literal values need them: words, texts without interpolation, brackets,
//! signs and line ends. In one pass, whatever the text.

/// A token.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token<'t> {
    /// A name.
    Word(&'t str),
    /// A quoted text that stands for itself.
    Text(String),
    /// `{`
    Open,
    /// `}`
    Close,
    /// Any other sign; of a text with interpolation the quote.
    Sign(u8),
    /// The end of a line.
    LineEnd,
}

impl Token<'_> {
    /// Whether a value before this token is over.
    pub(super) fn ends_value(&self) -> bool {
        matches!(self, Self::LineEnd | Self::Close | Self::Sign(b','))
    }

    /// Whether a statement before this token is over.
    pub(super) fn ends_line(&self) -> bool {
        matches!(self, Self::LineEnd | Self::Open | Self::Close)
    }
}

/// A token with the line, from 1, on which it begins.
pub(super) type Placed<'t> = (Token<'t>, usize);

/// The tokens of `text`.
pub(super) fn tokens(text: &str) -> Vec<Placed<'_>> {
    let bytes = text.as_bytes();
    let mut tokens = Vec::new();
    let (mut at, mut line) = (0, 1);
    while at < bytes.len() {
        let begin = at;
        let rest = &text[at..];
        let token = match bytes[at] {
            b'\n' => {
                at += 1;
                Some(Token::LineEnd)
            }
            b'#' => {
                at += line_length(rest);
                None
            }
            b'/' if rest.starts_with("//") => {
                at += line_length(rest);
                None
            }
            b'/' if rest.starts_with("/*") => {
                at += rest.find("*/").map_or(rest.len(), |end| end + 2);
                None
            }
            b'<' if rest.starts_with("<<") => {
                at += heredoc_length(rest);
                Some(Token::Sign(b'<'))
            }
            b'"' => {
                let (token, length) = quoted(rest);
                at += length;
                Some(token)
            }
            b'{' => {
                at += 1;
                Some(Token::Open)
            }
            b'}' => {
                at += 1;
                Some(Token::Close)
            }
            byte if byte.is_ascii_alphanumeric() || byte == b'_' => {
                at += rest
                    .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')))
                    .unwrap_or(rest.len());
                Some(Token::Word(&text[begin..at]))
            }
            byte => {
                at += rest.chars().next().map_or(1, char::len_utf8);
                (!byte.is_ascii_whitespace()).then_some(Token::Sign(byte))
            }
        };
        tokens.extend(token.map(|token| (token, line)));
        line += bytes[begin..at].iter().filter(|byte| **byte == b'\n').count();
    }
    tokens
}

fn line_length(text: &str) -> usize {
    text.find('\n').unwrap_or(text.len())
}

/// The length of the heredoc that `text` begins with, or of its mark alone when it has no end.
fn heredoc_length(text: &str) -> usize {
    let head = line_length(text);
    let mark = text[2..head].trim_start_matches('-').trim();
    if mark.is_empty() || !mark.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        return 2;
    }
    let mut length = head + 1;
    for line in text.get(length..).unwrap_or_default().split_inclusive('\n') {
        length += line.len();
        if line.trim() == mark {
            // The line end belongs to what comes after.
            return length - usize::from(line.ends_with('\n'));
        }
    }
    // Without an end it takes the rest, as Terraform sees it.
    text.len()
}

/// The text that `text` begins with, and its length. It ends with its line at the latest.
fn quoted(text: &str) -> (Token<'static>, usize) {
    let mut value = String::new();
    let mut is_literal = true;
    // How many `${` and `%{` are open: quotes in them are not the end.
    let mut depth = 0_usize;
    let mut characters = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = characters.next() {
        match c {
            '\n' => return (Token::Sign(b'"'), at),
            '"' if depth == 0 => {
                return (if is_literal { Token::Text(value) } else { Token::Sign(b'"') }, at + 1);
            }
            '\\' => {
                let escaped = characters.next().map(|(_, c)| c).filter(|c| matches!(c, '"' | '\\'));
                is_literal &= escaped.is_some();
                value.extend(escaped);
            }
            '$' | '%' if characters.peek().is_some_and(|(_, next)| *next == '{') => {
                characters.next();
                depth += 1;
                is_literal = false;
            }
            '{' if depth > 0 => depth += 1,
            '}' if depth > 0 => depth -= 1,
            _ => value.push(c),
        }
    }
    (Token::Sign(b'"'), text.len())
}
