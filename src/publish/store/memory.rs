//! A target in memory that can be told to fail or to stop at the n-th question: what the order of things is proven with.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Condition, Listed, Parcel, Shown, Store, StoreError, Tag};
use crate::publish::manifest::Headers;
use crate::render::site::Digest;

/// An object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::publish) struct Object {
    pub(in crate::publish) bytes: Vec<u8>,
    pub(in crate::publish) content: Digest,
    pub(in crate::publish) headers: Option<Headers>,
}

#[derive(Debug, Default)]
struct Inside {
    objects: BTreeMap<String, Object>,
    requests: u64,
    /// The question at which the run ends, as if it was killed.
    ends_at: Option<u64>,
    sent: Vec<String>,
}

/// A target in memory.
#[derive(Clone, Debug, Default)]
pub(in crate::publish) struct Memory(Arc<Mutex<Inside>>);

impl Memory {
    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a question; from the one on at which the run ends, nothing is done any more.
    fn ask(&self) -> Result<MutexGuard<'_, Inside>, StoreError> {
        let mut inside = self.inside();
        inside.requests += 1;
        match inside.ends_at.is_some_and(|end| inside.requests >= end) {
            true => Err(StoreError::failed("asking", &"the run was killed here")),
            false => Ok(inside),
        }
    }

    /// Another target with the same in it.
    pub(in crate::publish) fn fork(&self) -> Self {
        Self(Arc::new(Mutex::new(Inside { objects: self.objects(), ..Inside::default() })))
    }

    /// Everything that is there.
    pub(in crate::publish) fn objects(&self) -> BTreeMap<String, Object> {
        self.inside().objects.clone()
    }

    /// Puts something there that is not ours.
    pub(in crate::publish) fn plant(&self, key: &str, text: &str) {
        let object = Object { bytes: text.into(), content: Digest::of(b"not ours"), headers: None };
        self.inside().objects.insert(key.to_owned(), object);
    }

    /// Takes something away.
    pub(in crate::publish) fn lose(&self, key: &str) {
        self.inside().objects.remove(key).expect("it was there");
    }

    /// Begins to count anew, and ends at the question of this number.
    pub(in crate::publish) fn end_at(&self, question: Option<u64>) {
        let mut inside = self.inside();
        (inside.requests, inside.ends_at) = (0, question);
        inside.sent.clear();
    }

    /// What was sent since, in this order.
    pub(in crate::publish) fn sent(&self) -> Vec<String> {
        self.inside().sent.clone()
    }
}

impl Store for Memory {
    async fn read(&self, key: &str) -> Result<Option<(Vec<u8>, Tag)>, StoreError> {
        let inside = self.ask()?;
        Ok(inside.objects.get(key).map(|object| (object.bytes.clone(), tag(&object.bytes))))
    }

    async fn write(&self, key: &str, text: &[u8], condition: &Condition) -> Result<Tag, StoreError> {
        let mut inside = self.ask()?;
        let there = inside.objects.get(key).map(|object| tag(&object.bytes));
        let holds = match condition {
            Condition::Always => true,
            Condition::Absent => there.is_none(),
            Condition::Unchanged(tag) => there.as_ref() == Some(tag),
        };
        if !holds {
            return Err(StoreError::Conflict);
        }
        let object = Object { bytes: text.to_vec(), content: Digest::of(text), headers: None };
        inside.objects.insert(key.to_owned(), object);
        Ok(tag(text))
    }

    async fn put(&self, key: &str, parcel: Parcel<'_>) -> Result<(), StoreError> {
        let mut inside = self.ask()?;
        assert_eq!(Digest::of(parcel.bytes), parcel.sent, "{key}");
        if parcel.is_new && inside.objects.contains_key(key) {
            return Err(StoreError::Conflict);
        }
        let headers = Some(parcel.headers.clone());
        let object = Object { bytes: parcel.bytes.to_vec(), content: parcel.content, headers };
        inside.objects.insert(key.to_owned(), object);
        inside.sent.push(key.to_owned());
        Ok(())
    }

    async fn copy(&self, from: &str, to: &str, content: Digest, headers: &Headers) -> Result<(), StoreError> {
        let mut inside = self.ask()?;
        let object = inside.objects.get(from).filter(|object| object.content == content).cloned();
        let object = object.ok_or(StoreError::Missing)?;
        inside.objects.insert(to.to_owned(), Object { headers: Some(headers.clone()), ..object });
        Ok(())
    }

    async fn list(&self, prefix: &str) -> Result<Vec<Listed>, StoreError> {
        let inside = self.ask()?;
        let found = inside.objects.iter().filter(|(key, _)| key.starts_with(prefix));
        Ok(found.map(|(key, object)| Listed { key: key.clone(), size: object.bytes.len() as u64 }).collect())
    }

    async fn digest(&self, key: &str) -> Result<Option<Digest>, StoreError> {
        let object = self.ask()?.objects.get(key).cloned();
        Ok(object.filter(|object| object.headers.is_some()).map(|object| object.content))
    }

    async fn remove(&self, keys: &[String]) -> Result<(), StoreError> {
        let mut inside = self.ask()?;
        keys.iter().for_each(|key| drop(inside.objects.remove(key)));
        Ok(())
    }

    async fn remove_unchanged(&self, key: &str, there: &Tag) -> Result<(), StoreError> {
        let mut inside = self.ask()?;
        if inside.objects.get(key).is_none_or(|object| tag(&object.bytes) != *there) {
            return Err(StoreError::Conflict);
        }
        inside.objects.remove(key);
        Ok(())
    }

    async fn shown(&self) -> Result<Option<Shown>, StoreError> {
        Ok(None)
    }

    async fn show(&self, _: &str) -> Result<(), StoreError> {
        Ok(())
    }

    async fn tidy(&self) -> Result<(), StoreError> {
        Ok(())
    }

    fn is_signed(&self) -> bool {
        true
    }

    fn requests(&self) -> u64 {
        self.inside().requests
    }
}

fn tag(bytes: &[u8]) -> Tag {
    Tag(Digest::of(bytes).hexadecimal())
}
