//! What is known of one commit of a repository: the folders and files that were asked for so far. Reading it
//! finds out what is still missing, which is then asked for together with what other repositories miss.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::queries::{self, Entry as Answered, is_oid};
use crate::collect::beneath::leaves;
use crate::collect::contents::{Bytes, Contents, Entry, FOLDER_FOR_FILE, Kind, Refusal};
use crate::collect::git::{blob_id, is_sound};
use crate::collect::snapshot::{Commit, OwnersReview};
use crate::collect::text::Text;
use crate::day::Moment;

/// What a submodule is called.
const SUBMODULE: &str = "a submodule";

/// What stands for a character that was no text, and the byte that no text holds either.
const UNREADABLE: (char, u8) = ('\u{FFFD}', 0xFF);

/// How many folders and files are asked for of one repository, so that none starves the others.
const MOST_PATHS: usize = 20_000;

/// What is known of one commit.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Known {
    /// What GitHub calls the commit.
    pub(super) node: String,
    /// The commit.
    pub(super) commit: Commit,
    /// When it was the head of the default branch.
    pub(super) seen: Moment,
    /// What lies at each path that was asked for.
    things: BTreeMap<String, Thing>,
    /// The last change of paths.
    pub(super) changes: BTreeMap<String, Commit>,
    /// What GitHub finds wrong in its `CODEOWNERS`; `None` when that was not asked for, or not given.
    #[serde(default)]
    pub(super) owners_review: Option<OwnersReview>,
    /// Whether the last change of a file was not given; another night asks again.
    pub(super) is_undated: bool,
}

/// What lies at a path.
#[derive(Clone, Debug, Serialize, Deserialize)]
enum Thing {
    Nothing,
    /// Names with their modes.
    Folder(Vec<(String, u32)>),
    /// Not followed; where it leads, when GitHub said so.
    Link(Option<String>),
    Submodule,
    File {
        oid: String,
        size: u64,
        held: Held,
    },
}

/// What a file holds.
#[derive(Clone, Debug, Serialize, Deserialize)]
enum Held {
    Text(Text),
    /// What is no text, or was not given as it is.
    Bytes(Vec<u8>),
    /// It was not asked for.
    Unknown,
}

/// Something that is missed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Wanted {
    /// What lies at a path; of a file its last change too.
    Path { path: String, dated: bool },
    /// The bytes of a file that GraphQL does not give.
    Bytes { path: String, oid: String },
}

/// A repository that is read as far as it is known.
#[derive(Clone)]
pub(super) struct Reading {
    known: Arc<Known>,
    wanted: Arc<Mutex<BTreeSet<Wanted>>>,
}

impl Known {
    /// The commit that `target` tells of at the moment `seen`, with what it says of the root, and of CODEOWNERS if that was asked
    /// for; `None` when it tells of none.
    pub(super) fn new(
        target: queries::Target,
        with_owners: bool,
        owners_review: Option<OwnersReview>,
        seen: Moment,
    ) -> Option<Self> {
        let owners = with_owners.then_some((target.owners_hidden, target.owners, target.owners_in_docs));
        let date = target.committed_date.unwrap_or_default();
        let commit = queries::commit(&target.oid, &date, target.author)?;
        let mut known = Self {
            node: target.id,
            commit,
            seen,
            things: BTreeMap::new(),
            changes: BTreeMap::new(),
            owners_review,
            is_undated: false,
        };
        if let Some(entries) = target.tree.and_then(|tree| tree.entries) {
            known.things.insert(String::new(), folder(entries));
            if let Some(descriptor) = target.descriptor {
                known.learn("service.yaml", Some(descriptor), target.descriptor_history);
            }
            if let Some(owners) = owners {
                known.learn(".github/CODEOWNERS", owners.0, None);
                known.learn("CODEOWNERS", owners.1, None);
                known.learn("docs/CODEOWNERS", owners.2, None);
            }
        }
        Some(known)
    }

    /// Whether anything of it is known.
    pub(super) fn has_root(&self) -> bool {
        self.things.contains_key("")
    }

    /// Keeps what an answer says lies at `path`. `false` when it says nothing of use.
    pub(super) fn learn(
        &mut self,
        path: &str,
        answered: Option<Answered>,
        history: Option<queries::History>,
    ) -> bool {
        let thing = match answered {
            None => Thing::Nothing,
            Some(answered) => match thing(answered) {
                Some(thing) => thing,
                None => return false,
            },
        };
        if let (Thing::File { .. }, Some(change)) = (&thing, history.and_then(queries::History::newest)) {
            self.changes.insert(path.to_owned(), change);
        }
        self.things.insert(path.to_owned(), thing);
        true
    }

    /// Whether a file lies at `path`, as far as that was asked for.
    pub(super) fn has_file(&self, path: &str) -> bool {
        matches!(self.things.get(path), Some(Thing::File { .. }))
    }

    /// Keeps the bytes of the file at `path`. `false` when they are not its bytes.
    pub(super) fn learn_bytes(&mut self, path: &str, bytes: Vec<u8>) -> bool {
        let Some(Thing::File { oid, held, .. }) = self.things.get_mut(path) else { return false };
        let is_right = is_blob(&bytes, oid);
        if is_right {
            *held = Held::Bytes(bytes);
        }
        is_right
    }

    /// What lies at `path`; `Err` when nobody asked yet. A folder that is known says of its entries what
    /// they are, and that there are no others.
    fn find(&self, path: &str) -> Result<Result<&Thing, Refusal>, ()> {
        if let Some(thing) = self.things.get(path) {
            return Ok(Ok(thing));
        }
        let mut above = path;
        while !above.is_empty() {
            let (folder, name) = above.rsplit_once('/').unwrap_or(("", above));
            let is_itself = above.len() == path.len();
            match self.things.get(folder) {
                Some(Thing::Folder(entries)) => {
                    let mode = entries.iter().find(|(known, _)| known == name).map(|(_, mode)| kind(*mode));
                    return match mode {
                        Some(Kind::Link) if !is_itself => Ok(Err(Refusal::Forbidden("a symbolic link"))),
                        Some(Kind::Special) => Ok(Err(Refusal::Forbidden(SUBMODULE))),
                        Some(Kind::File) if !is_itself => Ok(Err(Refusal::Missing)),
                        None => Ok(Err(Refusal::Missing)),
                        Some(Kind::Folder | Kind::File | Kind::Link) => Err(()),
                    };
                }
                Some(Thing::Link(_)) => return Ok(Err(Refusal::Forbidden("a symbolic link"))),
                Some(Thing::Submodule) => return Ok(Err(Refusal::Forbidden(SUBMODULE))),
                Some(Thing::Nothing | Thing::File { .. }) => return Ok(Err(Refusal::Missing)),
                None => above = folder,
            }
        }
        Err(())
    }
}

/// What an answer says; `None` when it says nothing of use.
fn thing(answered: Answered) -> Option<Thing> {
    let object = answered.object;
    match kind(answered.mode) {
        Kind::Folder => Some(folder(object?.entries?)),
        Kind::Link => Some(Thing::Link(object.and_then(|object| object.text))),
        Kind::Special => Some(Thing::Submodule),
        Kind::File => {
            let object = object.filter(|object| is_oid(&object.oid))?;
            // Shortened or changed on the way, it is not what git knows by this name.
            let text = object.text.filter(|text| {
                text.len() as u64 == object.byte_size && is_blob(text.as_bytes(), &object.oid)
            });
            let held = text.map_or(Held::Unknown, |text| Held::Text(Text::new(&text)));
            Some(Thing::File { oid: object.oid, size: object.byte_size, held })
        }
    }
}

/// The text of a file, as git knows it.
pub(super) fn text_of(answered: Answered) -> Option<Text> {
    match thing(answered)? {
        Thing::File { held: Held::Text(text), .. } => Some(text),
        _ => None,
    }
}

/// Whether these bytes are what git knows by the name `oid`.
pub(super) fn is_blob(bytes: &[u8], oid: &str) -> bool {
    blob_id(bytes, oid).as_deref() == Some(oid)
}

fn folder(entries: Vec<queries::Named>) -> Thing {
    Thing::Folder(entries.into_iter().map(|entry| (entry.name, entry.mode)).collect())
}

/// What a mode of git stands for.
fn kind(mode: u32) -> Kind {
    match mode & 0o170_000 {
        0o040_000 => Kind::Folder,
        0o100_000 => Kind::File,
        0o120_000 => Kind::Link,
        _ => Kind::Special,
    }
}

impl Reading {
    pub(super) fn new(known: Known) -> Self {
        Self { known: Arc::new(known), wanted: Arc::default() }
    }

    /// What is known, and what was missed.
    pub(super) fn into_parts(self) -> (Known, BTreeSet<Wanted>) {
        let mut wanted = self.wanted.lock().unwrap_or_else(PoisonError::into_inner);
        (Arc::unwrap_or_clone(self.known), std::mem::take(&mut *wanted))
    }

    fn want(&self, wanted: Wanted) -> Refusal {
        let mut all = self.wanted.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() + self.known.things.len() >= MOST_PATHS {
            return Refusal::Failed(io::Error::other(format!(
                "more than {MOST_PATHS} folders and files would have to be asked for"
            )));
        }
        all.insert(wanted);
        Refusal::Failed(io::Error::other("not read from GitHub"))
    }

    /// What lies at `path`, if anything does, without listing the folder around it.
    pub(super) fn kind(&self, path: &[u8]) -> Result<Option<Kind>, Refusal> {
        match self.look(path, true) {
            Ok(Thing::Nothing) | Err(Refusal::Missing | Refusal::Forbidden(_)) => Ok(None),
            Ok(Thing::Folder(_)) => Ok(Some(Kind::Folder)),
            Ok(Thing::File { .. }) => Ok(Some(Kind::File)),
            Ok(Thing::Link(_)) => Ok(Some(Kind::Link)),
            Ok(Thing::Submodule) => Ok(Some(Kind::Special)),
            Err(refusal) => Err(refusal),
        }
    }

    fn look(&self, path: &[u8], dated: bool) -> Result<&Thing, Refusal> {
        let path = std::str::from_utf8(path).map_err(|_| Refusal::Missing)?;
        match self.known.find(path) {
            Ok(found) => found,
            Err(()) => Err(self.want(Wanted::Path { path: path.to_owned(), dated })),
        }
    }
}

impl Contents for Reading {
    fn list(&self, path: &[u8]) -> Result<Vec<Entry>, Refusal> {
        let Thing::Folder(entries) = self.look(path, false)? else { return Err(Refusal::Missing) };
        let entry = |(name, mode): &(String, u32)| {
            let (mark, byte) = UNREADABLE;
            let name: Vec<u8> = match name.contains(mark) {
                true => name.split(mark).map(str::as_bytes).collect::<Vec<_>>().join(&byte),
                false => name.as_bytes().to_vec(),
            };
            is_sound(&name).then(|| Entry { kind: kind(*mode), name })
        };
        Ok(entries.iter().filter_map(entry).collect())
    }

    fn read(&self, path: &[u8], limit: u64) -> Result<Bytes, Refusal> {
        match self.look(path, true)? {
            Thing::Nothing => Err(Refusal::Missing),
            Thing::Folder(_) => Err(Refusal::Forbidden(FOLDER_FOR_FILE)),
            Thing::Link(_) => Err(Refusal::Forbidden(self.link_reason(path))),
            Thing::Submodule => Err(Refusal::Forbidden(SUBMODULE)),
            Thing::File { size, .. } if *size > limit => Ok(Bytes::TooMany(*size)),
            Thing::File { held: Held::Text(text), .. } => Ok(Bytes::All(text.read().as_bytes().to_vec())),
            Thing::File { held: Held::Bytes(bytes), .. } => Ok(Bytes::All(bytes.clone())),
            Thing::File { held: Held::Unknown, oid, .. } => {
                let path = String::from_utf8_lossy(path).into_owned();
                Err(self.want(Wanted::Bytes { path, oid: oid.clone() }))
            }
        }
    }

    /// Names in a tree are bytes: what is found is spelled as it was asked for.
    fn spells(&self, _: &[u8]) -> bool {
        true
    }

    fn link_reason(&self, path: &[u8]) -> &'static str {
        match self.look(path, false) {
            Ok(Thing::Link(Some(target))) if leaves(path, target.as_bytes()) => {
                "a symbolic link that leaves the repository"
            }
            _ => "a symbolic link",
        }
    }
}
