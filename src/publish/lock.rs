//! The lock on a target, so that two runs do not work at once. It spares work and confusion; what keeps a late run from
//! overwriting a newer one is the condition on the pointer.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::manifest::STATE;
use super::store::{Condition, Store, StoreError, Tag};
use crate::day::Moment;

/// How long a lock holds that nobody renews.
const LASTS: i64 = 300;

/// How often it is renewed.
pub(super) const RENEWED: Duration = Duration::from_secs(60);

const FORMAT: &str = "milepost-lock/1";

/// How often a lock that goes away while we look at it is tried again.
const TRIES: usize = 5;

/// Who publishes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// Who, for people.
    pub by: String,
    /// Tells this run from all others.
    pub nonce: String,
    /// The machine and its numbering of processes, where that is known.
    pub machine: Option<String>,
    /// The process there, with what tells it from one that gets its number later.
    pub process: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Note {
    format: String,
    #[serde(flatten)]
    owner: Owner,
    since: Moment,
    until: Moment,
}

/// Why there is no lock.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Somebody else has it.
    #[error("{by} is publishing there since {since}; a run that ended without a word lets go at {until}")]
    Held {
        /// Who.
        by: String,
        /// Since when.
        since: Moment,
        /// Until when, unless it goes on.
        until: Moment,
    },
    /// The target could not be asked.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A lock that is held.
#[derive(Debug)]
pub(super) struct Lock {
    owner: Owner,
    since: Moment,
    tag: Tag,
}

/// Where it lies.
pub(super) fn key() -> String {
    format!("{STATE}lock.json")
}

impl Lock {
    /// Takes the lock for `owner`. Of a holder on this machine `is_dead` says whether it ended without letting go.
    pub(super) async fn take(
        store: &impl Store,
        owner: &Owner,
        now: Moment,
        is_dead: &(dyn Fn(&Owner) -> bool + Sync),
    ) -> Result<Self, LockError> {
        let lock = |tag| Self { owner: owner.clone(), since: now, tag };
        let text = note(owner, now, now);
        let mut condition = Condition::Absent;
        let mut holder = None;
        for _ in 0..TRIES {
            match store.write(&key(), &text, &condition).await {
                Ok(tag) => return Ok(lock(tag)),
                Err(StoreError::Conflict) => {}
                Err(error) => return Err(error.into()),
            }
            let Some((there, tag)) = store.read(&key()).await? else {
                condition = Condition::Absent;
                continue;
            };
            // A note that nobody can read is nobody's.
            let Some(note) = Note::parse(&there) else {
                condition = Condition::Unchanged(tag);
                continue;
            };
            // The answer to our own question was lost, and we asked again.
            if note.owner.nonce == owner.nonce {
                return Ok(lock(tag));
            }
            if note.until > now && !is_dead(&note.owner) {
                return Err(held(note));
            }
            condition = Condition::Unchanged(tag);
            holder = Some(note);
        }
        Err(holder.map_or_else(|| StoreError::Conflict.into(), held))
    }

    /// Holds it for longer; `false` when somebody else has it by now.
    pub(super) async fn renew(&mut self, store: &impl Store, now: Moment) -> Result<bool, StoreError> {
        let text = note(&self.owner, self.since, now);
        match store.write(&key(), &text, &Condition::Unchanged(self.tag.clone())).await {
            Ok(tag) => self.tag = tag,
            Err(StoreError::Conflict) => match store.read(&key()).await? {
                Some((there, tag))
                    if Note::parse(&there).is_some_and(|note| note.owner.nonce == self.owner.nonce) =>
                {
                    self.tag = tag;
                }
                _ => return Ok(false),
            },
            Err(error) => return Err(error),
        }
        Ok(true)
    }

    /// Lets go, unless somebody else has it.
    pub(super) async fn release(self, store: &impl Store) -> Result<(), StoreError> {
        match store.remove_unchanged(&key(), &self.tag).await {
            Err(StoreError::Conflict) => Ok(()),
            done => done,
        }
    }
}

impl Note {
    fn parse(text: &[u8]) -> Option<Self> {
        serde_json::from_slice(text).ok().filter(|note: &Self| note.format == FORMAT)
    }
}

fn note(owner: &Owner, since: Moment, now: Moment) -> Vec<u8> {
    let until = Moment::from_unix_seconds(now.unix_seconds().saturating_add(LASTS)).unwrap_or(now);
    let note = Note { format: FORMAT.to_owned(), owner: owner.clone(), since, until };
    let mut text = serde_json::to_vec(&note).expect("texts are always JSON");
    text.push(b'\n');
    text
}

fn held(note: Note) -> LockError {
    let by: String = note.owner.by.chars().filter(|c| !c.is_control()).take(200).collect();
    LockError::Held { by: format!("`{by}`"), since: note.since, until: note.until }
}
