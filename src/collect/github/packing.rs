//! Answers that come packed: unpacked here, and never to more than an answer may have.

use std::io::Read as _;

use bytes::Bytes;
use flate2::read::GzDecoder;
use http::HeaderMap;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH};

/// How answers may be packed.
pub(super) const ACCEPTED: &str = "gzip";

/// The answer with this head as it was before it was packed, of at most `most` bytes; why there is none.
pub(super) fn unpacked(head: &mut HeaderMap, body: Bytes, most: usize) -> Result<Bytes, String> {
    let Some(packing) = head.remove(CONTENT_ENCODING) else { return Ok(body) };
    head.remove(CONTENT_LENGTH);
    if packing.as_bytes().eq_ignore_ascii_case(b"identity") {
        return Ok(body);
    }
    if !packing.as_bytes().eq_ignore_ascii_case(ACCEPTED.as_bytes()) {
        return Err("its answer is packed in a way that was not asked for".to_owned());
    }
    let mut whole = Vec::new();
    let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    let read = GzDecoder::new(&*body).take(limit).read_to_end(&mut whole);
    read.map_err(|_| "its answer broke off (what was packed cannot be unpacked)".to_owned())?;
    if whole.len() > most {
        return Err(format!("its answer unpacks to more than {most} bytes"));
    }
    Ok(whole.into())
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn packed(text: &[u8]) -> Bytes {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text).expect("memory");
        encoder.finish().expect("memory").into()
    }

    fn unpack(packing: &'static str, body: Bytes) -> Result<Bytes, String> {
        let mut head = HeaderMap::new();
        head.insert(CONTENT_ENCODING, packing.parse().expect("a value"));
        let whole = unpacked(&mut head, body, 1000);
        assert!(head.is_empty(), "nobody must unpack it again");
        whole
    }

    #[test]
    fn what_is_packed_comes_out_as_it_went_in() {
        let text = [b'a'; 1000];
        assert_eq!(unpack("gzip", packed(&text)).as_deref(), Ok(&text[..]));
        assert_eq!(unpack("GZIP", packed(b"")).as_deref(), Ok(&b""[..]));
        assert_eq!(unpack("identity", Bytes::from_static(b"{}")).as_deref(), Ok(&b"{}"[..]));
        assert_eq!(unpacked(&mut HeaderMap::new(), Bytes::from_static(b"{}"), 1).as_deref(), Ok(&b"{}"[..]));
    }

    #[test]
    fn neither_bombs_nor_halves_nor_strangers_come_through() {
        let reason = unpack("gzip", packed(&[b'a'; 1001])).expect_err("too large");
        assert!(reason.contains("more than 1000 bytes"), "{reason}");
        let bomb = packed(&vec![0; 64 << 20]);
        assert!(bomb.len() < 1 << 20);
        assert!(unpack("gzip", bomb).is_err());
        let whole = packed(b"{\"data\":{}}");
        for length in 0..whole.len() {
            assert!(unpack("gzip", whole.slice(..length)).is_err(), "{length} bytes");
        }
        let mut torn = whole.to_vec();
        torn[12] ^= 1;
        assert!(unpack("gzip", torn.into()).is_err());
        assert!(unpack("br", whole).is_err());
    }
}
