//! Digests of content: what fingerprints, manifests and addresses are made of.

use std::fmt::Write;
use std::io;

use sha2::{Digest as _, Sha256};

/// SHA-256 of some bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

/// Bytes that are copied at once.
const PIECE: usize = 1 << 16;

impl Digest {
    /// The digest of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The digest of everything in `from`, and how many bytes that is; all of it goes `to` somewhere, piece by piece.
    pub fn of_copy(from: &mut dyn io::Read, to: &mut dyn io::Write) -> io::Result<(Self, u64)> {
        let (mut hash, mut size, mut piece) = (Sha256::new(), 0, vec![0; PIECE]);
        loop {
            let read = match from.read(&mut piece) {
                Ok(0) => return Ok((Self(hash.finalize().into()), size)),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                read => read?,
            };
            hash.update(&piece[..read]);
            to.write_all(&piece[..read])?;
            size += read as u64;
        }
    }

    /// Reads what [`Digest::hexadecimal`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.as_bytes();
        if digits.len() != 64 || !digits.iter().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f')) {
            return None;
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
        }
        Some(Self(bytes))
    }

    /// 64 hexadecimal digits.
    pub fn hexadecimal(self) -> String {
        hexadecimal(&self.0)
    }
}

/// `bytes` in hexadecimal.
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a string cannot fail");
        text
    })
}

/// The first ten hexadecimal digits of the digest of `bytes`: enough to tell names apart.
pub fn short(bytes: &[u8]) -> String {
    hexadecimal(&Digest::of(bytes).0[..5])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_copied_has_the_digest_of_its_bytes() {
        let bytes = vec![7; PIECE + 1];
        let mut copy = Vec::new();
        let copied = Digest::of_copy(&mut &*bytes, &mut copy).expect("memory can be read and written");
        assert_eq!(copied, (Digest::of(&bytes), bytes.len() as u64));
        assert_eq!(copy, bytes);
    }

    #[test]
    fn digests_come_back_as_they_were_written() {
        let digest = Digest::of(b"abc");
        assert!(digest.hexadecimal().starts_with("ba7816bf8f01"));
        assert_eq!(Digest::parse(&digest.hexadecimal()), Some(digest));
        assert_eq!(Digest::parse(&digest.hexadecimal().to_uppercase()), None);
        assert_eq!(short(b"abc"), "ba7816bf8f");
    }
}
