//! How the search index takes text apart. The reader in `assets/js/search.js` does the same, letter by
//! letter: change both or neither.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// Calls `each` with every word of `text`: normalised, in lower case, letters and digits only.
pub(super) fn each_word(text: &str, mut each: impl FnMut(&str)) {
    let folded = folded(text);
    for word in folded.split(|c: char| !c.is_alphanumeric()) {
        if !word.is_empty() {
            each(word);
        }
    }
}

/// The words of `text`, joined by `-`.
pub(super) fn flat(text: &str) -> String {
    let mut flat = String::with_capacity(text.len());
    each_word(text, |word| {
        if !flat.is_empty() {
            flat.push('-');
        }
        flat.push_str(word);
    });
    flat
}

fn folded(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            text.to_ascii_lowercase().into()
        } else {
            text.into()
        };
    }
    match is_nfkc_quick(text.chars()) {
        IsNormalized::Yes => text.to_lowercase().into(),
        _ => text.nfkc().collect::<String>().to_lowercase().into(),
    }
}

/// FNV-1a, 32 bits.
pub(in crate::render) fn hash(text: &str) -> u32 {
    text.bytes().fold(2_166_136_261, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(16_777_619))
}

/// The least power with `count` ≤ `most` · 2^power.
pub(in crate::render) fn power(count: usize, most: usize) -> u32 {
    let mut power = 0;
    while count > most << power {
        power += 1;
    }
    power
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_runs_of_letters_and_digits() {
        let words = |text: &str| {
            let mut words = Vec::new();
            each_word(text, |word| words.push(word.to_owned()));
            words.join(" ")
        };
        assert_eq!(words("case_command-API v2"), "case command api v2");
        assert_eq!(words("Größe ﬁle № ½ É\u{301}"), "größe file no 1 2 \u{e9}");
        assert_eq!(words(" -- "), "");
        assert_eq!(flat("Org/Case.API"), "org-case-api");
    }

    #[test]
    fn the_hash_is_that_of_the_reader() {
        assert_eq!(hash(""), 2_166_136_261);
        assert_eq!(hash("a"), 0xe40c_292c);
        assert_eq!(hash("foobar"), 0xbf9c_f968);
    }

    #[test]
    fn powers_are_the_least_that_suffice() {
        assert_eq!([1, 48, 49, 96, 97].map(|count| power(count, 48)), [0, 0, 1, 1, 2]);
    }
}
