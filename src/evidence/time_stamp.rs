//! The time stamp of a pack: an authority outside says when the tag manifest was there (RFC 3161). We write the question
//! and look whether the answer is one to it; who the authority is, and whether its word is good, is for OpenSSL to say.

use crate::render::digest::Digest;

/// The beginning of a question, up to the digest: version 1, SHA-256 (RFC 3161 §2.4.1, in DER).
const BEGINNING: [u8; 24] = [
    0x30, 0x39, 0x02, 0x01, 0x01, 0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03,
    0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20,
];

/// Its end: the certificate of the authority is wanted in the answer.
const END: [u8; 3] = [0x01, 0x01, 0xff];

/// The question about `message`, as an authority takes it (`application/timestamp-query`).
pub fn question(message: &str) -> Vec<u8> {
    let digest = Digest::of(message.as_bytes());
    [&BEGINNING[..], &digest.0, &END].concat()
}

/// Whether `answer` grants a stamp on `message`; why not, in words.
pub fn check(answer: &[u8], message: &str) -> Result<(), String> {
    let no_answer = || "that is no answer of a time stamp authority (application/timestamp-reply)".to_owned();
    let body = inside(answer, 0x30).ok_or_else(no_answer)?;
    let status = inside(body, 0x30).and_then(|status| inside(status, 0x02)).ok_or_else(no_answer)?;
    // 0 is granted, 1 is granted with changes; the others refuse (RFC 3161 §2.4.2).
    if !matches!(status, [0 | 1]) {
        return Err(format!("the authority did not grant it, its status is {status:?}"));
    }
    let digest = Digest::of(message.as_bytes());
    if !answer.windows(digest.0.len()).any(|window| window == digest.0) {
        return Err("the answer is about something else".to_owned());
    }
    Ok(())
}

/// What the element with `tag` at the beginning of `der` holds.
fn inside(der: &[u8], tag: u8) -> Option<&[u8]> {
    let (first, rest) = der.split_first()?;
    let (length, rest) = rest.split_first()?;
    let (length, rest) = match length {
        0..=0x7f => (usize::from(*length), rest),
        0x81..=0x84 => {
            let (digits, rest) = rest.split_at_checked(usize::from(length & 0x7f))?;
            (digits.iter().fold(0, |sum, digit| sum << 8 | usize::from(*digit)), rest)
        }
        _ => return None,
    };
    (*first == tag).then(|| rest.get(..length)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_as_long_as_it_says() {
        let question = question("x");
        assert_eq!(inside(&question, 0x30).map(<[u8]>::len), Some(question.len() - 2));
    }

    #[test]
    fn an_answer_that_refuses_or_speaks_of_something_else_is_none() {
        let granted = |message: &str, status: u8| {
            let digest = Digest::of(message.as_bytes()).0;
            [&[0x30, 0x27, 0x30, 0x03, 0x02, 0x01, status, 0x04, 0x20][..], &digest].concat()
        };
        assert_eq!(check(&granted("x", 0), "x"), Ok(()));
        assert!(check(&granted("x", 2), "x").expect_err("refused").contains("status is [2]"));
        assert_eq!(check(&granted("y", 0), "x"), Err("the answer is about something else".into()));
        for nothing in [&b""[..], b"x", b"<html>", &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff], &[0x30, 0x85]] {
            assert!(check(nothing, "x").is_err(), "{nothing:?}");
        }
    }
}
