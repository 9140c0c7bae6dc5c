//! Packs that were sealed and that the portal offers: what is known of each, and its bytes.

use crate::day::Moment;
use crate::render::site::Stored;

/// A pack that was verified before it came here.
#[derive(Debug)]
pub struct Pack {
    /// Its name, without an ending.
    pub name: Box<str>,
    /// What it covers, in words.
    pub covers: Box<str>,
    /// The moment that it judged.
    pub at: Moment,
    /// The number of its run in the ledger.
    pub run: u64,
    /// The digest of its tag manifest, in hexadecimal: what a signature covers and the ledger names.
    pub tag_manifest: Box<str>,
    /// Whether there is a signature in it. Whose it is can only be said by who has the key from elsewhere.
    pub is_signed: bool,
    /// Whether what was judged is in it, so that it can be judged again.
    pub has_inputs: bool,
    /// Whether the ledger names it; `None` when there is no ledger to ask.
    pub in_ledger: Option<bool>,
    /// Its bytes.
    pub stored: Box<dyn Stored>,
}
