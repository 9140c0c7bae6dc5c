//! Where a site is published to, as publishing sees it: objects by name, written whole, on condition where it matters.

pub mod folder;
#[cfg(test)]
pub(super) mod memory;
#[cfg(feature = "aws")]
pub mod s3;

use std::future::Future;

use super::manifest::Headers;
use crate::render::site::Digest;

/// Tells one state of an object from every other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag(pub(super) String);

/// When a note may be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// Whatever is there.
    Always,
    /// When nothing is there.
    Absent,
    /// When what is there is still what was read.
    Unchanged(Tag),
}

/// A file of the site on its way to the target.
#[derive(Clone, Copy, Debug)]
pub struct Parcel<'a> {
    /// The bytes to send.
    pub bytes: &'a [u8],
    /// Their digest, by which the target tells whether they came over whole.
    pub sent: Digest,
    /// Digest of the file, before it was compressed.
    pub content: Digest,
    /// What readers are told of it.
    pub headers: &'a Headers,
    /// Whether nothing may be there yet.
    pub is_new: bool,
}

/// An object that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its name.
    pub key: String,
    /// How many bytes it has.
    pub size: u64,
}

/// Why a target did not do as it was told.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// The condition did not hold.
    #[error("somebody else was there first")]
    Conflict,
    /// It is not there.
    #[error("it is not there")]
    Missing,
    /// The run was told to end.
    #[error("the run was told to end")]
    Interrupted,
    /// It said no, or could not be reached.
    #[error("{doing} failed: {reason}{}{help}", if help.is_empty() { "" } else { "; " })]
    Failed {
        /// What was tried.
        doing: String,
        /// What it said.
        reason: String,
        /// What to do about it.
        help: String,
        /// Whether it takes somebody to set something up.
        is_setup: bool,
    },
}

/// A place that keeps objects.
pub trait Store: Send + Sync {
    /// The object `key` and what tells it from later ones; `None` when it is not there.
    fn read(&self, key: &str) -> impl Future<Output = Result<Option<(Vec<u8>, Tag)>, StoreError>> + Send;

    /// Writes a note of our own.
    fn write(
        &self,
        key: &str,
        text: &[u8],
        condition: &Condition,
    ) -> impl Future<Output = Result<Tag, StoreError>> + Send;

    /// Writes a file of the site.
    fn put(&self, key: &str, parcel: Parcel<'_>) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Makes `to` from the object `from` at the target itself; [`StoreError::Missing`] when that is not there, or is
    /// not what it should be.
    fn copy(
        &self,
        from: &str,
        to: &str,
        content: Digest,
        headers: &Headers,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Every object whose name begins with `prefix`.
    fn list(&self, prefix: &str) -> impl Future<Output = Result<Vec<Listed>, StoreError>> + Send;

    /// The digest of the file `key` before it was compressed; `None` when it is not there, or, where files say so
    /// themselves, when no publication of ours wrote it.
    fn digest(&self, key: &str) -> impl Future<Output = Result<Option<Digest>, StoreError>> + Send;

    /// Removes objects; those that are not there are no error.
    fn remove(&self, keys: &[String]) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Removes an object that is still what was read.
    fn remove_unchanged(&self, key: &str, tag: &Tag) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// The publication that readers are led to by something beside the pointer; `None` where there is no such thing.
    fn shown(&self) -> impl Future<Output = Result<Option<Shown>, StoreError>> + Send;

    /// Leads readers to the publication `id`.
    fn show(&self, id: &str) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Puts away what a killed run left half done. Called when the lock is held.
    fn tidy(&self) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Whether files say themselves that a publication of ours wrote them.
    fn is_signed(&self) -> bool;

    /// How many questions it was asked.
    fn requests(&self) -> u64;
}

/// Where readers are led.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// Nowhere yet.
    Nothing,
    /// To this publication.
    Release(String),
}

impl StoreError {
    /// A failure of the machine while `doing` something.
    pub(super) fn failed(doing: impl Into<String>, reason: &dyn std::fmt::Display) -> Self {
        Self::Failed { doing: doing.into(), reason: reason.to_string(), help: String::new(), is_setup: false }
    }
}
