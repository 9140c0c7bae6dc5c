//! Text as collected: kept compressed, because a night's documents together are larger than all else, and without the
//! credentials that somebody wrote into it. Every file passes here, so nothing behind can publish, keep or print one.

use std::cell::RefCell;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zstd::bulk::{Compressor, Decompressor};

use crate::secrets;

/// The byte-order mark, which some editors put before a text. Nothing reads it; the file is not itself without it.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// Below this many bytes compression gains nothing.
const WORTH_PACKING: usize = 512;

// One context for each thread: making one costs more than packing or unpacking a page of text.
thread_local! {
    static COMPRESSOR: RefCell<Compressor<'static>> =
        RefCell::new(Compressor::new(1).expect("a level that zstd has"));
    static DECOMPRESSOR: RefCell<Decompressor<'static>> =
        RefCell::new(Decompressor::new().expect("memory for a context"));
}

/// Immutable UTF-8 text with its digest, cheap to clone.
#[derive(Clone, PartialEq, Eq)]
pub struct Text {
    digest: [u8; 32],
    form: Form,
    is_marked: bool,
    has_byte_order_mark: bool,
}

#[derive(Clone, PartialEq, Eq)]
enum Form {
    Plain(Arc<str>),
    /// A zstd frame that holds so many bytes of UTF-8.
    Packed(Arc<[u8]>, usize),
}

impl Text {
    /// Keeps `file`, the text of a file, with a mark in the place of every credential.
    pub fn new(file: &str) -> Self {
        let file = &*secrets::removed(file);
        let digest = Sha256::digest(file.as_bytes()).into();
        let bare = file.strip_prefix(BYTE_ORDER_MARK);
        let text = bare.unwrap_or(file);
        let packed = (text.len() >= WORTH_PACKING)
            .then(|| COMPRESSOR.with(|compressor| compressor.borrow_mut().compress(text.as_bytes()).ok()))
            .flatten()
            .filter(|packed| packed.len() < text.len());
        let form = match packed {
            Some(packed) => Form::Packed(packed.into(), text.len()),
            None => Form::Plain(text.into()),
        };
        let is_marked = secrets::marks(text).next().is_some();
        Self { digest, form, is_marked, has_byte_order_mark: bare.is_some() }
    }

    /// Whether a mark stands in it where a credential was.
    pub fn is_marked(&self) -> bool {
        self.is_marked
    }

    /// The text, without a byte-order mark.
    pub fn read(&self) -> Arc<str> {
        match &self.form {
            Form::Plain(text) => Arc::clone(text),
            Form::Packed(packed, length) => {
                let unpack = |decompressor: &RefCell<Decompressor<'static>>| {
                    decompressor.borrow_mut().decompress(packed, *length)
                };
                let bytes = DECOMPRESSOR.with(unpack).expect("we packed it ourselves");
                String::from_utf8(bytes).expect("it was text when we packed it").into()
            }
        }
    }

    /// The text as its file has it: with the byte-order mark that stood before it.
    pub fn file(&self) -> Arc<str> {
        let text = self.read();
        if self.has_byte_order_mark { format!("{BYTE_ORDER_MARK}{text}").into() } else { text }
    }

    /// Length of the file in bytes.
    pub fn file_len(&self) -> usize {
        self.len() + if self.has_byte_order_mark { BYTE_ORDER_MARK.len_utf8() } else { 0 }
    }

    /// Length in bytes, without a byte-order mark.
    pub fn len(&self) -> usize {
        match &self.form {
            Form::Plain(text) => text.len(),
            Form::Packed(_, length) => *length,
        }
    }

    /// Whether there is no text at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// SHA-256 of the file that is kept. Of one with credentials there is none of how it came: with all the rest of it
    /// known, a digest would tell whoever guesses a password that the guess is right.
    pub fn digest(&self) -> [u8; 32] {
        self.digest
    }
}

impl std::fmt::Debug for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Text").field(&self.read()).finish()
    }
}

impl Serialize for Text {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.file())
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::new(&String::deserialize(deserializer)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_comes_back_as_it_went_in() {
        for text in ["", "short", &"long enough to be packed ".repeat(100)] {
            let kept = Text::new(text);
            assert_eq!(&*kept.read(), text);
            assert_eq!(kept.len(), text.len());
        }
    }

    #[test]
    fn a_byte_order_mark_is_not_read_and_not_lost() {
        let kept = Text::new("\u{feff}a: 1\n");
        assert_eq!((&*kept.read(), kept.len()), ("a: 1\n", 5));
        assert_eq!((&*kept.file(), kept.file_len()), ("\u{feff}a: 1\n", 8));
        assert_ne!(kept.digest(), Text::new("a: 1\n").digest());
        let again: Text = serde_json::from_str(&serde_json::to_string(&kept).expect("text")).expect("text");
        assert_eq!(again, kept);
    }

    #[test]
    fn no_credential_is_kept() {
        for filler in ["", &"long enough to be packed ".repeat(100)] {
            let kept = Text::new(&format!("{filler}\npassword: k3Jx92LmQ0pT\n"));
            assert_eq!(&*kept.read(), format!("{filler}\npassword: (secret-removed:password)\n"));
            assert!(kept.is_marked() && kept == Text::new(&kept.read()));
        }
        assert!(!Text::new("password: none").is_marked());
    }

    #[test]
    fn the_digest_is_that_of_the_text() {
        let hexadecimal: String =
            Text::new("abc").digest().iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(hexadecimal.starts_with("ba7816bf"));
    }
}
