//! The compact form of Thrift, in which a Parquet file says what it and its pages hold. It is walked and nothing of it is
//! kept, so that sizes can be looked at before anything believes them.

use std::io::{Read, copy, sink};

/// How deep structures and lists may lie in each other. Those of Parquet are no deeper than eight.
const DEEPEST: usize = 16;

/// What is met on the way, at a path of field numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Met {
    /// A number, or 0 or 1 for a truth.
    Number(i64),
    /// The end of a structure.
    End,
}

/// It is not Thrift, or ends too early.
#[derive(Debug)]
pub(super) struct Unreadable;

/// One walk through bytes.
pub(super) struct Walk<R> {
    bytes: R,
    length: u64,
}

impl<R: Read> Walk<R> {
    pub(super) const fn new(bytes: R) -> Self {
        Self { bytes, length: 0 }
    }

    /// How many bytes were walked.
    pub(super) const fn length(&self) -> u64 {
        self.length
    }

    /// Walks one structure; `meet` hears of everything in it that is a number, and of where structures end.
    pub(super) fn structure(&mut self, meet: &mut dyn FnMut(&[i16], Met)) -> Result<(), Unreadable> {
        self.fields(&mut Vec::new(), 0, meet)
    }

    fn fields(
        &mut self,
        path: &mut Vec<i16>,
        depth: usize,
        meet: &mut dyn FnMut(&[i16], Met),
    ) -> Result<(), Unreadable> {
        let mut field = 0_i16;
        loop {
            let head = self.byte()?;
            if head == 0 {
                meet(path, Met::End);
                return Ok(());
            }
            field = match head >> 4 {
                0 => i16::try_from(self.number()?).map_err(|_| Unreadable)?,
                step => field.checked_add(i16::from(step)).ok_or(Unreadable)?,
            };
            path.push(field);
            match head & 0xf {
                // The value of a truth is its kind.
                kind @ (1 | 2) => meet(path, Met::Number(i64::from(kind == 1))),
                kind => self.value(kind, path, depth + 1, meet)?,
            }
            path.pop();
        }
    }

    fn value(
        &mut self,
        kind: u8,
        path: &mut Vec<i16>,
        depth: usize,
        meet: &mut dyn FnMut(&[i16], Met),
    ) -> Result<(), Unreadable> {
        if depth > DEEPEST {
            return Err(Unreadable);
        }
        match kind {
            1..=3 => drop(self.byte()?),
            4..=6 => meet(path, Met::Number(self.number()?)),
            7 => self.skip(8)?,
            8 => {
                let length = self.unsigned()?;
                self.skip(length)?;
            }
            9 | 10 => {
                let head = self.byte()?;
                let count = match head >> 4 {
                    15 => self.unsigned()?,
                    few => u64::from(few),
                };
                for _ in 0..count {
                    self.value(head & 0xf, path, depth + 1, meet)?;
                }
            }
            11 => {
                let count = self.unsigned()?;
                let kinds = if count == 0 { 0 } else { self.byte()? };
                for _ in 0..count {
                    self.value(kinds >> 4, path, depth + 1, meet)?;
                    self.value(kinds & 0xf, path, depth + 1, meet)?;
                }
            }
            12 => self.fields(path, depth + 1, meet)?,
            13 => self.skip(16)?,
            _ => return Err(Unreadable),
        }
        Ok(())
    }

    fn byte(&mut self) -> Result<u8, Unreadable> {
        let mut byte = [0];
        self.bytes.read_exact(&mut byte).map_err(|_| Unreadable)?;
        self.length += 1;
        Ok(byte[0])
    }

    fn skip(&mut self, length: u64) -> Result<(), Unreadable> {
        let skipped = copy(&mut self.bytes.by_ref().take(length), &mut sink()).map_err(|_| Unreadable)?;
        self.length += skipped;
        if skipped == length { Ok(()) } else { Err(Unreadable) }
    }

    fn unsigned(&mut self) -> Result<u64, Unreadable> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(Unreadable)
    }

    /// A number whose sign is its last bit.
    fn number(&mut self) -> Result<i64, Unreadable> {
        let coded = self.unsigned()?;
        Ok((coded >> 1).cast_signed() ^ -(coded & 1).cast_signed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walked(bytes: &[u8]) -> Result<Vec<(Vec<i16>, Met)>, Unreadable> {
        let mut met = Vec::new();
        Walk::new(bytes).structure(&mut |path, what| met.push((path.to_vec(), what)))?;
        Ok(met)
    }

    #[test]
    fn numbers_are_met_where_they_lie() {
        // 1: -3, 2: "ab", 4: [5, 6], 5: true, 6: {1: 300}
        let bytes = [0x15, 5, 0x18, 2, b'a', b'b', 0x29, 0x25, 10, 12, 0x11, 0x1c, 0x16, 0xd8, 4, 0, 0];
        let met = walked(&bytes).expect("sound");
        let numbers = [(vec![1], -3), (vec![4], 5), (vec![4], 6), (vec![5], 1), (vec![6, 1], 300)];
        let mut expected: Vec<_> = numbers.map(|(path, number)| (path, Met::Number(number))).to_vec();
        expected.extend([(vec![6], Met::End), (vec![], Met::End)]);
        assert_eq!(met, expected);
    }

    #[test]
    fn what_is_cut_short_or_too_deep_or_endless_is_unreadable() {
        for bytes in [
            &[][..],
            &[0x15],
            &[0x18, 200, b'a', 0],
            &[0x15, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1, 0],
            &[0x19, 0xfc, 0xff, 0xff, 0xff, 0xff, 0x0f, 0],
            &[0x1e, 0],
        ] {
            assert!(walked(bytes).is_err(), "{bytes:?}");
        }
        assert!(walked(&[0x1c; 100_000]).is_err());
        assert!(walked(&[&[0x19][..], &[0x19; 100_000]].concat()).is_err());
    }
}
