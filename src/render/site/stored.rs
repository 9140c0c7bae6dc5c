//! Files of the site whose bytes are there already: handed on piece by piece, so that they never lie in memory as a
//! whole.

use std::fmt::Debug;
use std::io::{self, Read, Write};

use super::{CachePolicy, Digest, MediaType, Record, SitePath};

/// Bytes that lie somewhere, of which size and digest are known.
pub trait Stored: Debug + Send + Sync {
    /// How many there are.
    fn size(&self) -> u64;

    /// Their digest.
    fn digest(&self) -> Digest;

    /// Reads them from the beginning.
    fn open(&self) -> io::Result<Box<dyn Read>>;
}

/// One file to be copied.
#[derive(Clone, Copy, Debug)]
pub struct Copied<'a> {
    /// Where it lies in the site.
    pub path: &'a SitePath,
    /// What kind of bytes it has.
    pub media: MediaType,
    /// How long a copy may be used.
    pub cache: CachePolicy,
    /// Its bytes.
    pub stored: &'a dyn Stored,
}

impl Copied<'_> {
    /// Writes its bytes to `out`; an error when they are no longer those that are known.
    pub fn write_to(&self, out: &mut dyn Write) -> io::Result<()> {
        copy(self.stored, out)
    }

    /// What is kept of it once it is stored.
    pub fn record(&self) -> Record {
        Record {
            path: self.path.clone(),
            media: self.media,
            cache: self.cache,
            digest: self.stored.digest(),
            size: self.stored.size(),
        }
    }
}

/// Copies `stored` to `out`.
pub(super) fn copy(stored: &dyn Stored, out: &mut dyn Write) -> io::Result<()> {
    // One that grows while it is read ends here, too.
    let (digest, size) = Digest::of_copy(&mut stored.open()?.take(stored.size().saturating_add(1)), out)?;
    if (digest, size) != (stored.digest(), stored.size()) {
        return Err(io::Error::other("it was changed while it was published"));
    }
    Ok(())
}
