//! Tables as CSV, row by row and within limits: a row that never ends, and a table that unpacks to more than there is
//! time for, are not read to their end.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

use csv::{ByteRecord, Position, Reader, ReaderBuilder};

/// Most bytes of one field.
pub(super) const LONGEST_FIELD: usize = 1 << 20;

/// Most bytes of one row: a line that never ends must not fill the memory.
const LONGEST_ROW: u64 = 4 << 20;

/// Most bytes of one table, unpacked: a small file may unpack to more than there is time for.
pub(super) const LARGEST: u64 = 16 << 30;

/// How much may still be read.
struct Budget {
    row: Cell<u64>,
    all: Cell<u64>,
}

/// A table that is read no further than its budget.
struct Bounded<R> {
    bytes: R,
    budget: Rc<Budget>,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Budget { row, all } = &*self.budget;
        let left = row.get().min(all.get());
        if left == 0 {
            return Err(io::Error::other("it is too long"));
        }
        let most = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
        let read = self.bytes.read(&mut buffer[..most])?;
        row.set(row.get() - read as u64);
        all.set(all.get() - read as u64);
        Ok(read)
    }
}

/// The rows of one table.
pub(super) struct Rows<R> {
    reader: Reader<Bounded<R>>,
    budget: Rc<Budget>,
    largest: u64,
}

impl<R: Read> Rows<R> {
    /// Rows of a table of at most `largest` bytes. When it is `ragged`, rows may have more or fewer fields than the
    /// first one; else such a row breaks the table.
    pub(super) fn of(bytes: R, largest: u64, ragged: bool) -> Self {
        let budget = Rc::new(Budget { row: Cell::new(LONGEST_ROW), all: Cell::new(largest) });
        let bounded = Bounded { bytes, budget: Rc::clone(&budget) };
        Self { reader: ReaderBuilder::new().flexible(ragged).from_reader(bounded), budget, largest }
    }

    /// The names of the columns.
    pub(super) fn heads(&mut self) -> Result<ByteRecord, String> {
        match self.reader.byte_headers() {
            Ok(heads) => Ok(heads.clone()),
            Err(error) => Err(self.broken(&error, 1)),
        }
    }

    /// Reads the next row into `row`, and says in which line it begins; nothing at the end.
    pub(super) fn next(&mut self, row: &mut ByteRecord) -> Result<Option<u64>, String> {
        self.budget.row.set(LONGEST_ROW);
        let begins = self.reader.position().line();
        match self.reader.read_byte_record(row) {
            Ok(true) => Ok(Some(row.position().map_or(0, Position::line))),
            Ok(false) => Ok(None),
            Err(error) => Err(self.broken(&error, begins)),
        }
    }

    fn broken(&self, error: &csv::Error, line: u64) -> String {
        let largest = self.largest;
        match error.position().map(Position::line) {
            _ if self.budget.all.get() == 0 => format!("it holds more than {largest} bytes, unpacked"),
            _ if self.budget.row.get() == 0 => format!("line {line}: it is longer than {LONGEST_ROW} bytes"),
            Some(line) => format!("line {line}: it is no table, or broken off"),
            None => "it is no table, or broken off".to_owned(),
        }
    }
}
