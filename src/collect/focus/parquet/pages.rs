//! What a Parquet file says of itself, looked at before the library reads it: the library makes room for whatever sizes a
//! file names, and unpacks whatever it is given. A file that would need more room than any export does is refused.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::os::unix::fs::FileExt;

use flate2::read::MultiGzDecoder;
use parquet::basic::Compression;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData};

use super::thrift::{Met, Unreadable, Walk};
use crate::collect::focus::columns::Column;

/// Most bytes of what is written at the end of a file about all of it.
const LONGEST_FOOTER: u64 = 8 << 20;

/// Most bytes of what is written before a page about it.
const LONGEST_HEADER: u64 = 1 << 20;

/// Most bytes of a page, unpacked. Writers make pages of one megabyte, some of them ten.
const LARGEST_PAGE: i64 = 64 << 20;

/// Most charges of one file.
const MOST_CHARGES: i64 = 100_000_000;

/// Most tags of the charges of one group of rows.
const MOST_TAGS: i64 = 1 << 24;

/// How deep columns may lie in each other.
const DEEPEST: usize = 16;

/// The numbers of the encodings that are read: plain, dictionaries, runs, packed numbers, split numbers. Texts in deltas
/// (6 and 7) can come to any size whatever the page says.
const ENCODINGS: [i64; 7] = [0, 2, 3, 4, 5, 8, 9];

/// The kind of a page that holds a dictionary.
const DICTIONARY: i64 = 2;

const DAMAGED: &str = "it is damaged, or no Parquet";

/// Looks at the end of `file`: whether its columns are as many as they say, and not too deep.
pub(super) fn look_at_footer(file: &File) -> Result<(), String> {
    let broken = |_| DAMAGED.to_owned();
    let size = file.metadata().map_err(broken)?.len();
    let mut end = [0; 8];
    file.read_exact_at(&mut end, size.checked_sub(12).ok_or(DAMAGED)? + 4).map_err(broken)?;
    let [a, b, c, d, magic @ ..] = end;
    let length = u64::from(u32::from_le_bytes([a, b, c, d]));
    if magic != *b"PAR1" || length > size - 12 {
        return Err(DAMAGED.to_owned());
    }
    if length > LONGEST_FOOTER {
        return Err(format!("it says {length} bytes about itself; at most {LONGEST_FOOTER} are read"));
    }
    let (mut columns, mut children) = (Vec::new(), 0);
    Walk::new(part(file, size - 8 - length, length))
        .structure(&mut |path, met| match (path, met) {
            ([2, 5], Met::Number(number)) => children = number,
            ([2], Met::End) => columns.push(std::mem::take(&mut children)),
            _ => {}
        })
        .map_err(|Unreadable| DAMAGED)?;
    // Those that wait for so many more columns, from the outermost.
    let mut open: Vec<i64> = Vec::new();
    let count = i64::try_from(columns.len()).unwrap_or(i64::MAX);
    for children in columns {
        if !(0..count).contains(&children) {
            return Err(format!("a column of it says that it has {children} columns"));
        }
        if let Some(rest) = open.last_mut() {
            *rest -= 1;
        }
        open.push(children);
        while open.last() == Some(&0) {
            open.pop();
        }
        if open.len() > DEEPEST {
            return Err("its columns lie too deep in each other".to_owned());
        }
    }
    Ok(())
}

/// Looks at every page of `file` that is read.
pub(super) fn look_at_pages(file: &File, metadata: &ParquetMetaData) -> Result<(), String> {
    let size = file.metadata().map_err(|_| DAMAGED)?.len();
    let (mut charges, mut looked_at) = (0_i64, 0_u64);
    for group in metadata.row_groups() {
        charges = charges.saturating_add(group.num_rows());
        if group.num_rows() < 0 || charges > MOST_CHARGES {
            return Err(format!("it says that it holds more than {MOST_CHARGES} charges"));
        }
        for column in group.columns().iter().filter(|column| is_read(column)) {
            let (start, length) = column.byte_range();
            looked_at = looked_at.saturating_add(length);
            if looked_at > size {
                return Err("its columns are longer than the file".to_owned());
            }
            let most = match column.column_descr().max_rep_level() {
                0 => group.num_rows(),
                _ => MOST_TAGS,
            };
            let chunk = Chunk { file, name: name(column), is_gzip: is_gzip(column), most };
            chunk.look_at(start, length)?;
        }
    }
    Ok(())
}

fn name(column: &ColumnChunkMetaData) -> &str {
    column.column_path().parts().first().map_or("", String::as_str)
}

fn is_read(column: &ColumnChunkMetaData) -> bool {
    Column::ALL.iter().any(|read| read.name() == name(column))
}

fn is_gzip(column: &ColumnChunkMetaData) -> bool {
    matches!(column.compression(), Compression::GZIP(_))
}

/// The pages of one column in one group of rows.
struct Chunk<'f> {
    file: &'f File,
    name: &'f str,
    is_gzip: bool,
    /// Most values of all pages together.
    most: i64,
}

/// What a page says of itself.
#[derive(Default)]
struct Page {
    kind: i64,
    unpacked: i64,
    packed: i64,
    values: i64,
    encoding: i64,
    /// Bytes at the beginning that are not packed.
    levels: i64,
    is_plain: bool,
    /// The field of the header that says what the page holds: data, a dictionary, or data of the second version.
    told_by: Option<i16>,
    /// Whether two of them are there, or one says something twice: whoever reads the page may believe the other.
    is_ambiguous: bool,
}

impl Page {
    fn hear(&mut self, path: &[i16], met: Met) {
        let Met::Number(number) = met else { return };
        if let [field @ (5 | 7 | 8), 1] = path {
            self.is_ambiguous |= self.told_by.is_some();
            self.told_by = Some(*field);
        }
        match path {
            [1] => self.kind = number,
            [2] => self.unpacked = number,
            [3] => self.packed = number,
            [5 | 7 | 8, 1] => self.values = number,
            [field @ (5 | 7), 2] | [field @ 8, 4] => {
                self.is_ambiguous |= self.told_by.is_some_and(|told_by| told_by != *field);
                self.encoding = number;
            }
            [8, 5 | 6] => self.levels = self.levels.saturating_add(number),
            [8, 7] => self.is_plain = number == 0,
            _ => {}
        }
    }
}

impl Chunk<'_> {
    fn look_at(&self, start: u64, length: u64) -> Result<(), String> {
        let (mut at, end) = (start, start.saturating_add(length));
        let mut values = 0_i64;
        while at < end {
            let mut page = Page::default();
            let header = BufReader::with_capacity(512, part(self.file, at, LONGEST_HEADER));
            let mut walk = Walk::new(header);
            walk.structure(&mut |path, met| page.hear(path, met)).map_err(|Unreadable| DAMAGED)?;
            at = at.saturating_add(walk.length());
            let packed = u64::try_from(page.packed).map_err(|_| DAMAGED)?;
            self.judge(&page)?;
            if self.is_gzip && !page.is_plain {
                self.unpack(at, packed, &page)?;
            }
            if page.kind != DICTIONARY {
                values = values.saturating_add(page.values);
            }
            if values > self.most {
                return Err(format!("`{}` holds more than {} values", self.name, self.most));
            }
            at = at.saturating_add(packed);
        }
        Ok(())
    }

    fn judge(&self, page: &Page) -> Result<(), String> {
        let Page { kind, unpacked, values, encoding, levels, .. } = *page;
        let name = self.name;
        if page.is_ambiguous || unpacked < 0 || values < 0 || levels < 0 || levels > unpacked {
            Err(DAMAGED.to_owned())
        } else if unpacked > LARGEST_PAGE {
            Err(format!("a page of `{name}` unpacks to {unpacked} bytes; at most {LARGEST_PAGE} are read"))
        } else if kind == DICTIONARY && values > unpacked / 4 {
            // Each is at least a number of four bytes, or the length of a text.
            Err(format!("a dictionary of `{name}` says that {unpacked} bytes hold {values} values"))
        } else if !ENCODINGS.contains(&encoding) {
            Err(format!(
                "`{name}` is written in deltas, which are not read; write it plain or with a dictionary"
            ))
        } else {
            Ok(())
        }
    }

    /// Unpacks a page to nowhere: of this packing the library does not look at the size that was promised.
    fn unpack(&self, at: u64, packed: u64, page: &Page) -> Result<(), String> {
        let levels = page.levels.unsigned_abs();
        let promised = page.unpacked.unsigned_abs() - levels;
        let bytes = part(self.file, at.saturating_add(levels), packed.saturating_sub(levels));
        let mut unpacked = MultiGzDecoder::new(BufReader::new(bytes)).take(promised + 1);
        match io::copy(&mut unpacked, &mut io::sink()) {
            Ok(length) if length > promised => Err(format!(
                "a page of `{}` unpacks to more than the {promised} bytes that it promises",
                self.name
            )),
            Ok(_) => Ok(()),
            Err(_) => Err(DAMAGED.to_owned()),
        }
    }
}

/// `length` bytes of `file` from `at`.
fn part(file: &File, at: u64, length: u64) -> io::Take<Part<'_>> {
    Part { file, at }.take(length)
}

/// The bytes of a file from somewhere on.
struct Part<'f> {
    file: &'f File,
    at: u64,
}

impl Read for Part<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read_at(buffer, self.at)?;
        self.at += read as u64;
        Ok(read)
    }
}

#[cfg(test)]
mod tests;
