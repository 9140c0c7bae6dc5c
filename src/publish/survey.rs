//! Asks a target what it says of itself, no more than the plan needs: where nothing changed, the pointer and the first
//! page are all.

use std::collections::{BTreeMap, BTreeSet};

use tokio::task::JoinSet;

use super::manifest::{self, Manifest, Mode, POINTER, Pointer};
use super::plan::{self, Seen, Wish, in_place, releases};
use super::store::{Store, StoreError};
use crate::render::site::Digest;

/// The page that everybody gets first.
const FIRST_PAGE: &str = "index.html";

/// How many questions are asked side by side.
const ASKED: usize = 16;

/// What the target says when the site is there already; `None` when there is more to ask.
pub(super) async fn glance(store: &impl Store, wish: &Wish) -> Result<Option<Seen>, StoreError> {
    let mut seen = pointer(store).await?;
    Ok(is_there(store, wish, &mut seen).await?.then_some(seen))
}

/// Whether the site is there, by the pointer and by its first page.
async fn is_there(store: &impl Store, wish: &Wish, seen: &mut Seen) -> Result<bool, StoreError> {
    let Some(pointer) = seen.pointer.as_ref().filter(|pointer| plan::is_current(wish, pointer)) else {
        return Ok(false);
    };
    let key = format!("{}{FIRST_PAGE}", place(pointer));
    let page = wish.files.iter().find(|item| item.path == FIRST_PAGE);
    seen.is_damaged = store.digest(&key).await? != page.map(|page| page.sha256);
    Ok(!seen.is_damaged)
}

/// What the target says, as far as the plan for `wish` needs it.
pub(super) async fn look<S: Store + Clone + 'static>(store: &S, wish: &Wish) -> Result<Seen, StoreError> {
    let mut seen = pointer(store).await?;
    if is_there(store, wish, &mut seen).await? {
        return Ok(seen);
    }
    let known = record(store, &mut seen).await?;
    match wish.mode {
        Mode::Releases => {
            let id = plan::name(wish, &seen);
            if seen.names.contains(&id) {
                let folder = releases::folder(&id);
                let listed = store.list(&folder).await?.into_iter();
                seen.there = listed
                    .filter_map(|found| Some((found.key.strip_prefix(&folder)?.to_owned(), found.size)))
                    .collect();
            }
            let strays = seen.names.iter().filter(|name| !known.contains(*name) && **name != id);
            seen.strays = manifests(store, strays.cloned().collect()).await?;
        }
        Mode::InPlace => {
            // Publications before the one that people read have nothing more to say, those after it were killed.
            let last =
                seen.pointer.as_ref().and_then(|pointer| manifest::run_of(pointer.release.as_deref()?));
            let strays = seen.names.iter().filter(|name| manifest::run_of(name) > last);
            seen.strays = manifests(store, strays.cloned().collect()).await?;
            seen.found = digests(store, in_place::uncertain(&seen)).await?;
            if seen.pointer.is_none() {
                seen.foreign = foreign(store, wish, &seen).await?;
            }
        }
    }
    if seen.is_damaged {
        // It may be there, and of the right size.
        seen.there.remove(FIRST_PAGE);
    }
    Ok(seen)
}

/// What the target says of the publication that `asked` names, to return to it.
pub(super) async fn look_back<S: Store + Clone + 'static>(
    store: &S,
    wish: &Wish,
    asked: Option<&str>,
) -> Result<Seen, StoreError> {
    let mut seen = pointer(store).await?;
    record(store, &mut seen).await?;
    if let Ok(plan) = plan::rollback(wish, &seen, asked) {
        seen.strays = manifests(store, vec![plan.release]).await?;
    }
    Ok(seen)
}

/// The pointer, and where readers are led.
pub(super) async fn pointer(store: &impl Store) -> Result<Seen, StoreError> {
    let read = store.read(POINTER).await?;
    let shown = store.shown().await?;
    let (pointer, tag) = read.map_or((None, None), |(text, tag)| (Pointer::parse(&text), Some(tag)));
    Ok(Seen { pointer, tag, shown, ..Seen::default() })
}

/// Reads which publications there are, and the manifest of the one that people read; gives the names of those that
/// the pointer accounts for.
async fn record<S: Store + Clone + 'static>(
    store: &S,
    seen: &mut Seen,
) -> Result<BTreeSet<String>, StoreError> {
    let folder = Manifest::key("").trim_end_matches(".json").to_owned();
    let name = |key: &str| key.strip_prefix(&folder)?.strip_suffix(".json").map(str::to_owned);
    let names = store.list(&folder).await?.into_iter().filter_map(|found| name(&found.key));
    seen.names = names.filter(|name| manifest::is_name(name)).collect();
    seen.names.sort();
    let Some(pointer) = &seen.pointer else { return Ok(BTreeSet::new()) };
    if let Some(id) = &pointer.release {
        let text = store.read(&Manifest::key(id)).await?.map(|(text, _)| text);
        // A manifest that is not the one that the pointer was moved to is not believed: everything is sent again.
        let text = text.filter(|text| pointer.manifest == Some(Digest::of(text)));
        seen.current = text.and_then(|text| Manifest::parse(id, &text));
    }
    Ok(pointer.releases.iter().map(|kept| kept.id.clone()).chain(pointer.release.clone()).collect())
}

/// Where the site lies that `pointer` speaks of.
fn place(pointer: &Pointer) -> String {
    match (pointer.mode, &pointer.release) {
        (Mode::Releases, Some(id)) => releases::folder(id),
        _ => String::new(),
    }
}

/// The manifests of these publications, as far as they can be read.
async fn manifests<S: Store + Clone + 'static>(
    store: &S,
    names: Vec<String>,
) -> Result<Vec<Manifest>, StoreError> {
    let mut found = BTreeMap::new();
    let mut asked = JoinSet::new();
    for name in names {
        if asked.len() >= ASKED {
            take(&mut asked, &mut found).await?;
        }
        let store = store.clone();
        asked.spawn(async move {
            let text = store.read(&Manifest::key(&name)).await?;
            let manifest = text.and_then(|(text, _)| Manifest::parse(&name, &text));
            Ok((name, manifest))
        });
    }
    while !asked.is_empty() {
        take(&mut asked, &mut found).await?;
    }
    Ok(found.into_values().collect())
}

/// What these files are now.
async fn digests<S: Store + Clone + 'static>(
    store: &S,
    paths: Vec<String>,
) -> Result<BTreeMap<String, Digest>, StoreError> {
    let mut found = BTreeMap::new();
    let mut asked = JoinSet::new();
    for path in paths {
        if asked.len() >= ASKED {
            take(&mut asked, &mut found).await?;
        }
        let store = store.clone();
        asked.spawn(async move {
            let digest = store.digest(&path).await?;
            Ok((path, digest))
        });
    }
    while !asked.is_empty() {
        take(&mut asked, &mut found).await?;
    }
    Ok(found)
}

/// Takes one answer.
async fn take<T: 'static>(
    asked: &mut JoinSet<Result<(String, Option<T>), StoreError>>,
    found: &mut BTreeMap<String, T>,
) -> Result<(), StoreError> {
    if let Some(answer) = asked.join_next().await {
        let (name, answer) = answer.map_err(|error| StoreError::failed("asking the target", &error))??;
        found.extend(answer.map(|answer| (name, answer)));
    }
    Ok(())
}

/// What is in the way of a first publication.
async fn foreign<S: Store + Clone + 'static>(
    store: &S,
    wish: &Wish,
    seen: &Seen,
) -> Result<Vec<String>, StoreError> {
    let ours: BTreeSet<&str> =
        seen.strays.iter().flat_map(|manifest| &manifest.files).map(|file| file.path.as_str()).collect();
    let wanted: BTreeSet<&str> = wish.files.iter().map(|file| file.path.as_str()).collect();
    let there = store.list("").await?.into_iter().map(|found| found.key);
    let there = there.filter(|key| wanted.contains(key.as_str()) && !ours.contains(key.as_str()));
    let mut foreign: Vec<String> = there.collect();
    if store.is_signed() {
        let signed = digests(store, foreign.clone()).await?;
        foreign.retain(|key| !signed.contains_key(key));
    }
    Ok(foreign)
}
