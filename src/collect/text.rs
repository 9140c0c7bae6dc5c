//! Text as collected: kept compressed, because a night's documents together are larger than all else, and without the
//! credentials that somebody wrote into it. Every file passes here, so nothing behind can publish, keep or print one.

use std::cell::RefCell;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zstd::bulk::{Compressor, Decompressor};

use crate::secrets;

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
}

#[derive(Clone, PartialEq, Eq)]
enum Form {
    Plain(Arc<str>),
    /// A zstd frame that holds so many bytes of UTF-8.
    Packed(Arc<[u8]>, usize),
}

impl Text {
    /// Keeps `text`, with a mark in the place of every credential.
    pub fn new(text: &str) -> Self {
        let text = &*secrets::removed(text);
        let digest = Sha256::digest(text.as_bytes()).into();
        let packed = (text.len() >= WORTH_PACKING)
            .then(|| COMPRESSOR.with(|compressor| compressor.borrow_mut().compress(text.as_bytes()).ok()))
            .flatten()
            .filter(|packed| packed.len() < text.len());
        let form = match packed {
            Some(packed) => Form::Packed(packed.into(), text.len()),
            None => Form::Plain(text.into()),
        };
        Self { digest, form, is_marked: secrets::marks(text).next().is_some() }
    }

    /// Whether a mark stands in it where a credential was.
    pub fn is_marked(&self) -> bool {
        self.is_marked
    }

    /// The text.
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

    /// Length in bytes.
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

    /// SHA-256 of the text that is kept. Of the text as it came there is none: with all the rest of it known, a digest
    /// would tell whoever guesses a password that the guess is right.
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
        serializer.serialize_str(&self.read())
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
