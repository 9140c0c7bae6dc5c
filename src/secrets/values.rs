//! Whether a value is made up at random, as credentials are, or is a word, a name or the stand-in of an example.

/// Shortest value that is taken for a credential because of the name it stands under.
pub(super) const SHORTEST: usize = 8;

/// Words that stand for a credential and are none.
const STAND_INS: &[&str] =
    &["example", "changeme", "change-me", "change_me", "placeholder", "redacted", "dummy", "your", "insert"];

/// What nobody draws at random.
const RUNS: &[&str] =
    &["xxxx", "****", "....", "0123456789", "1234567890", "12345678", "abcdefgh", "secret-removed"];

/// So many letters and digits beside the word of a stand-in are a credential of their own.
const OWN: usize = 8;

/// Whether `value` is the stand-in of an example. AWS documents keys that end with `EXAMPLE`.
pub(super) fn is_stand_in(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    if RUNS.iter().any(|run| lower.contains(run))
        || value.ends_with("EXAMPLE")
        || value.ends_with("EXAMPLEKEY")
    {
        return true;
    }
    STAND_INS.iter().any(|word| {
        lower.match_indices(word).any(|(at, _)| {
            let (before, behind) = (&lower[..at], &lower[at + word.len()..]);
            let is_apart = !before.ends_with(|c: char| c.is_ascii_alphanumeric())
                && !behind.starts_with(|c: char| c.is_ascii_alphabetic());
            let parts = [before, behind]
                .into_iter()
                .flat_map(|side| side.split(|c: char| !c.is_ascii_alphanumeric()));
            is_apart && parts.filter(|part| !is_word(part)).map(str::len).sum::<usize>() < OWN
        })
    })
}

/// Bits of information in a character of `value`, after Shannon: 0 for one character repeated, 3 for eight different
/// ones.
pub(super) fn entropy(value: &str) -> f64 {
    let mut counts = [0_u32; 256];
    value.bytes().for_each(|byte| counts[usize::from(byte)] += 1);
    let length = value.len() as f64;
    let share = |count: &u32| f64::from(*count) / length;
    -counts.iter().filter(|count| **count > 0).map(share).map(|share| share * share.log2()).sum::<f64>()
}

/// Sixteen characters hold no more, so what is drawn from them holds less than what is asked of others.
const LEAST_OF_HEXADECIMAL: f64 = 2.5;

/// Whether `value` mixes letters and digits as chance does, and not as people do who name or count things:
/// `quote-db-2`, `v1.20.3`, `2026-11-21`.
pub(super) fn is_random(value: &str, least_entropy: f64) -> bool {
    let has = |which: fn(&u8) -> bool| value.bytes().any(|byte| which(&byte));
    has(u8::is_ascii_digit)
        && has(u8::is_ascii_alphabetic)
        && !is_stand_in(value)
        && entropy(value) >= if is_hexadecimal(value) { LEAST_OF_HEXADECIMAL } else { least_entropy }
        && !value.split(|c: char| !c.is_ascii_alphanumeric()).all(is_word)
}

/// Whether people may have named something so: letters with few digits behind, or few digits.
fn is_word(part: &str) -> bool {
    const FEW: usize = 4;
    let letters = part.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = part.len() - letters.len();
    let is_counted = digits < FEW || letters.is_empty() && digits <= 2 * FEW;
    is_counted && letters.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// Whether `value` has letters of both cases and digits, which digests in hexadecimal and names do not.
pub(super) fn is_base64(value: &str) -> bool {
    let has = |which: fn(&u8) -> bool| value.bytes().any(|byte| which(&byte));
    has(u8::is_ascii_digit) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase)
}

/// Whether `value` is made of the digits of one case that bytes are written with.
pub(super) fn is_hexadecimal(value: &str) -> bool {
    let is_of = |a_to_f: std::ops::RangeInclusive<u8>| {
        value.bytes().all(|byte| byte.is_ascii_digit() || a_to_f.contains(&byte))
    };
    is_of(b'a'..=b'f') || is_of(b'A'..=b'F')
}

/// Whether `part` of a value is so long and mixed that nobody gave it as a name.
pub(super) fn is_dense(part: &str) -> bool {
    const LONG: usize = 12;
    part.len() >= LONG && is_base64(part) && !is_word(part)
}

/// The end of `text`, at most so many bytes of it.
pub(super) fn ending(text: &str, most: usize) -> &str {
    let mut from = text.len().saturating_sub(most);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    &text[from..]
}

/// The beginning of `text`, at most so many bytes of it.
pub(super) fn beginning(text: &str, most: usize) -> &str {
    let mut end = most.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_dates_and_versions_are_not_random() {
        for value in [
            "quote-db-2",
            "prod/quote/db-password-1",
            "2026-11-21",
            "v1.20.3-rc1",
            "projects/parcel-quote/secrets/db",
            "someCamelCaseThing2",
            "aaaaaaaa1111",
        ] {
            assert!(!is_random(value, 3.0), "{value}");
        }
        for value in ["Zebra9Quilt-7h21", "k3Jx92LmQ0pT", "tr0ub4dor-and-3"] {
            assert!(is_random(value, 3.0), "{value}");
        }
    }

    #[test]
    fn entropy_counts_bits_of_a_character() {
        assert_eq!(entropy("aaaa").abs(), 0.0);
        assert!((entropy("abcdefgh") - 3.0).abs() < 1e-9);
        assert_eq!(entropy("").abs(), 0.0);
    }
}
