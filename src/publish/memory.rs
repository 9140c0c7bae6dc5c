//! A sink that keeps every file in memory, for tests and for serving small sites.

use std::collections::BTreeMap;
use std::io;
use std::sync::Mutex;

use crate::render::site::{File, MediaType, Sink};

/// Files by path.
#[derive(Debug, Default)]
pub struct Memory(Mutex<BTreeMap<String, (MediaType, Vec<u8>)>>);

impl Memory {
    /// Everything stored so far, by path.
    pub fn into_files(self) -> BTreeMap<String, (MediaType, Vec<u8>)> {
        self.0.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Sink for Memory {
    fn store(&self, file: &File<'_>) -> io::Result<()> {
        let mut files = self.0.lock().map_err(|_| io::Error::other("another thread failed"))?;
        files.insert(file.path.as_str().to_owned(), (file.media, file.bytes.to_vec()));
        Ok(())
    }
}
