//! Bytes as they lay on disk, told apart: text, text in another encoding, or no text at all.

use std::sync::Arc;

use super::snapshot::Content;
use super::text::Text;

/// What a file of these bytes holds.
pub(super) fn of(bytes: &[u8]) -> Content {
    match text_in(bytes) {
        Ok(text) => Content::Text(Text::new(text)),
        Err(looks_like) => Content::NotText { looks_like: Arc::from(looks_like) },
    }
}

/// The text in these bytes, or what they look like instead.
fn text_in(bytes: &[u8]) -> Result<&str, &'static str> {
    if bytes.starts_with(b"\xFF\xFE\0\0") || bytes.starts_with(b"\0\0\xFE\xFF") {
        return Err("UTF-32 text");
    }
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        return Err("UTF-16 text");
    }
    if bytes.contains(&0) {
        return Err(if is_unmarked_utf16(bytes) { "UTF-16 text" } else { "binary data" });
    }
    std::str::from_utf8(bytes).map_err(|_| {
        let controls = bytes.iter().filter(|byte| is_control(**byte)).count();
        // A tenth of control characters is more than any text in an old encoding has.
        if controls * 10 > bytes.len() { "binary data" } else { "text in another encoding" }
    })
}

/// Whether every other byte is mostly zero, as in UTF-16 of Latin letters without a byte-order mark.
fn is_unmarked_utf16(bytes: &[u8]) -> bool {
    let zeros = |offset: usize| bytes.iter().skip(offset).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let half = bytes.len() / 2;
    bytes.len() >= 4 && even.max(odd) * 2 > half && even.min(odd) * 20 < half
}

fn is_control(byte: u8) -> bool {
    byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0C | 0x1B)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(bytes: &[u8]) -> String {
        match of(bytes) {
            Content::Text(text) => format!("text: {}", text.read()),
            Content::NotText { looks_like } => looks_like.to_string(),
            other => panic!("bytes cannot be {other:?}"),
        }
    }

    #[test]
    fn text_keeps_its_line_ends_and_loses_only_the_mark() {
        assert_eq!(kind(b"a: 1\r\nb: 2\r\n"), "text: a: 1\r\nb: 2\r\n");
        assert_eq!(kind(b"\xEF\xBB\xBFa: 1\n"), "text: a: 1\n");
        assert_eq!(kind(b""), "text: ");
    }

    #[test]
    fn other_encodings_are_named() {
        let utf16: Vec<u8> = "serviceId: a\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(kind(&[&b"\xFF\xFE"[..], &utf16].concat()), "UTF-16 text");
        assert_eq!(kind(&utf16), "UTF-16 text");
        assert_eq!(kind(b"\xFF\xFE\0\0a\0\0\0"), "UTF-32 text");
        assert_eq!(
            kind("größe: 1".chars().map(|c| c as u8).collect::<Vec<_>>().as_slice()),
            "text in another encoding"
        );
        assert_eq!(kind(b"\x7FELF\x02\x01\x01\0\0\0"), "binary data");
        assert_eq!(kind(&[0x80, 0x01, 0x02, 0x03, 0x90]), "binary data");
    }
}
