//! The archive of a pack: a zip with sorted names, one fixed time and one way to compress, so that the same files
//! are the same bytes on every machine. Payload is written once, to a file without a name, and copied into its
//! order at the end: a pack never lies in memory as a whole.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Seek, Write};

use sha2::{Digest as _, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use crate::render::digest::Digest;

/// How hard files are compressed: more costs time and gains little on tables.
const COMPRESSION: i64 = 6;

/// What is known of a file once it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// SHA-256 of its bytes.
    pub digest: Digest,
    /// How many there are.
    pub size: u64,
}

/// Files on their way into an archive, in any order.
#[derive(Debug)]
pub struct Spool {
    zip: ZipWriter<File>,
    sealed: BTreeMap<String, Sealed>,
}

impl Spool {
    /// An empty one, in the folder for temporary files.
    pub fn new() -> io::Result<Self> {
        Ok(Self { zip: ZipWriter::new(tempfile::tempfile()?), sealed: BTreeMap::new() })
    }

    /// Adds what `write` writes as the file at `path`, which is new.
    pub fn add(
        &mut self,
        path: &str,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<()> {
        self.zip.start_file(path, options()).map_err(io::Error::from)?;
        let mut hashing = Hashing { inner: &mut self.zip, hash: Sha256::new(), size: 0 };
        let mut even = Even { inner: &mut hashing, waiting: Vec::with_capacity(PIECE) };
        write(&mut even)?;
        even.end()?;
        let sealed = Sealed { digest: Digest(hashing.hash.finalize().into()), size: hashing.size };
        self.sealed.insert(path.to_owned(), sealed);
        Ok(())
    }

    /// What was added so far, by path.
    pub fn sealed(&self) -> &BTreeMap<String, Sealed> {
        &self.sealed
    }

    /// Writes the archive: every file in the order of its name, below the folder `base`.
    pub fn finish(self, base: &str, out: impl Write + Seek) -> io::Result<()> {
        let mut spooled = self.zip.finish_into_readable().map_err(io::Error::from)?;
        let mut zip = ZipWriter::new(out);
        for path in self.sealed.keys() {
            let file = spooled.by_name(path).map_err(io::Error::from)?;
            zip.raw_copy_file_rename(file, format!("{base}/{path}")).map_err(io::Error::from)?;
        }
        zip.finish().map_err(io::Error::from)?.flush()
    }
}

fn options() -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(COMPRESSION))
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644)
}

/// Bytes that are handed on at once.
const PIECE: usize = 1 << 16;

/// Hands bytes on in pieces of one size, however they come: what a compressor makes of bytes depends on the pieces in
/// which it gets them.
struct Even<W> {
    inner: W,
    waiting: Vec<u8>,
}

impl<W: Write> Even<W> {
    /// Hands on what is left.
    fn end(mut self) -> io::Result<()> {
        self.inner.write_all(&self.waiting)?;
        self.inner.flush()
    }
}

impl<W: Write> Write for Even<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(PIECE - self.waiting.len());
        self.waiting.extend_from_slice(&bytes[..taken]);
        if self.waiting.len() == PIECE {
            self.inner.write_all(&self.waiting)?;
            self.waiting.clear();
        }
        Ok(taken)
    }

    /// Nothing goes on before its piece is full; [`Even::end`] hands on the rest.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct Hashing<W> {
    inner: W,
    hash: Sha256,
    size: u64,
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.size += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// The digest and the size of everything in `reader`.
pub fn seal(reader: &mut dyn Read) -> io::Result<Sealed> {
    let mut hashing = Hashing { inner: io::sink(), hash: Sha256::new(), size: 0 };
    io::copy(reader, &mut hashing)?;
    Ok(Sealed { digest: Digest(hashing.hash.finalize().into()), size: hashing.size })
}

/// Whether the archive in `file` holds, byte for byte, what [`Spool::finish`] writes for the files in it. Only the
/// program that wrote it compresses alike, so this is asked of packs of one's own version.
pub fn is_as_written(file: &mut File, base: &str) -> io::Result<bool> {
    let mut archive = ZipArchive::new(file.try_clone()?).map_err(io::Error::from)?;
    let mut spool = Spool::new()?;
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(io::Error::from)?;
        let name = entry.name().map_err(io::Error::from)?.into_owned();
        let Some(path) = name.strip_prefix(base).and_then(|path| path.strip_prefix('/')) else {
            return Ok(false);
        };
        // One that goes on beyond what it says to have is not as written, however far it would go.
        let most = entry.size().saturating_add(1);
        spool.add(path, |out| io::copy(&mut entry.by_ref().take(most), out).map(drop))?;
    }
    let mut again = tempfile::tempfile()?;
    spool.finish(base, &mut again)?;
    same(&mut again, file)
}

/// Whether the archive in `file` holds nothing but its files, one behind the other, and says nothing more of them than
/// [`Spool::finish`] does. This is asked of packs of other versions, which may compress in another way.
pub fn is_plainly_packed(file: &mut File, base: &str) -> io::Result<bool> {
    let mut archive = ZipArchive::new(file.try_clone()?).map_err(io::Error::from)?;
    let mut zip = ZipWriter::new(tempfile::tempfile()?);
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(io::Error::from)?;
        let name = entry.name().map_err(io::Error::from)?.into_owned();
        let is_plain = name.strip_prefix(base).is_some_and(|path| path.starts_with('/'))
            && entry.compression() == CompressionMethod::Deflated
            && entry.last_modified().is_none_or(|time| time == DateTime::default())
            && entry.comment().is_empty()
            && entry.extra_data().is_none_or(|extra| extra.is_empty());
        if !is_plain {
            return Ok(false);
        }
        zip.raw_copy_file_rename(entry, name).map_err(io::Error::from)?;
    }
    let mut again = zip.finish().map_err(io::Error::from)?;
    same(&mut again, file)
}

/// Whether two files hold the same bytes.
fn same(one: &mut File, other: &mut File) -> io::Result<bool> {
    if one.metadata()?.len() != other.metadata()?.len() {
        return Ok(false);
    }
    one.rewind()?;
    other.rewind()?;
    let (mut one, mut other) = (io::BufReader::new(one), io::BufReader::new(other));
    let (mut left, mut right) = ([0; 1 << 13], [0; 1 << 13]);
    loop {
        let read = one.read(&mut left)?;
        if read == 0 {
            return Ok(true);
        }
        other.read_exact(&mut right[..read])?;
        if left[..read] != right[..read] {
            return Ok(false);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_bytes_are_the_same_archive_however_they_are_written() {
        // Long enough for many pieces, and with repetitions that a compressor finds one way or the other.
        let text: Vec<u8> = (0..400_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 25) as u8).collect();
        let archive = |piece: usize| {
            let mut spool = Spool::new().expect("a file without a name");
            let write = |out: &mut dyn Write| text.chunks(piece).try_for_each(|piece| out.write_all(piece));
            spool.add("data/a", write).expect("written");
            let mut archive = io::Cursor::new(Vec::new());
            spool.finish("pack", &mut archive).expect("written");
            archive.into_inner()
        };
        let whole = archive(text.len());
        for piece in [1, 777, 8_192, 65_536, 100_000] {
            assert!(archive(piece) == whole, "in pieces of {piece}");
        }
    }
}
