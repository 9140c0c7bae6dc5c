//! The plan where one publication is written over the other: in an order in which no page leads to what is not there
//! yet, with a day between a file's last mention and its deletion, and with a note of what a killed run left half done.

use std::collections::BTreeMap;

use super::{Deletion, Plan, REST_DAYS, Seen, Upload, Wish, invalidated, is_same, kept, run};
use crate::day::Moment;
use crate::publish::cache_policy;
use crate::publish::manifest::{self, Item, Manifest, Mode, Obsolete, Pointer};
use crate::render::site::Digest;

/// The first page: once it is new, readers are led to everything that is.
const FIRST_PAGE: &str = "index.html";

/// Deeper folders than this are sent side by side.
const DEEPEST: usize = 30;

/// The manifests of all that may lie there: of the publication that people read, and of those after it that did not
/// come to their end.
fn written<'a>(seen: &'a Seen) -> impl Iterator<Item = &'a Manifest> + use<'a> {
    seen.current.iter().chain(&seen.strays)
}

/// Files that a killed run may have written, so that nobody knows what they are without looking.
pub(in crate::publish) fn uncertain(seen: &Seen) -> Vec<String> {
    if seen.pointer.is_none() || seen.strays.is_empty() {
        return Vec::new();
    }
    let mut variants = BTreeMap::<&str, Vec<&Item>>::new();
    for item in written(seen).flat_map(|manifest| &manifest.files) {
        variants.entry(&item.path).or_default().push(item);
    }
    let all = written(seen).count();
    let is_uncertain =
        |items: &[&Item]| items.len() < all || items.iter().any(|item| !is_same(items[0], item));
    variants.into_iter().filter(|(_, items)| is_uncertain(items)).map(|(path, _)| path.to_owned()).collect()
}

/// What is known to be there.
fn known(seen: &Seen) -> BTreeMap<&str, &Item> {
    let mut known = BTreeMap::new();
    // Without a pointer nobody knows in which order publications came; what somebody changed is sent again.
    if seen.pointer.is_none() || seen.is_damaged {
        return known;
    }
    for manifest in written(seen) {
        known.extend(manifest.by_path());
    }
    for path in &uncertain(seen) {
        let variants: Vec<&Item> =
            written(seen).flat_map(|manifest| &manifest.files).filter(|item| item.path == *path).collect();
        let mut matching = variants.iter().filter(|item| seen.found.get(path) == Some(&item.sha256));
        // Two that differ only in their headers cannot be told apart: the file is sent again.
        match (matching.next(), matching.next()) {
            (Some(item), None) => known.insert(&item.path, item),
            _ => known.remove(path.as_str()),
        };
    }
    known
}

pub(super) fn plan(wish: &Wish, seen: &Seen) -> Plan {
    let number = run(seen);
    let id = manifest::name(number, wish.site);
    let replaces = seen.pointer.as_ref().and_then(|pointer| pointer.release.clone());
    let mut plan = Plan::nothing(Mode::InPlace, id.clone(), replaces, seen.tag.clone());
    let known = known(seen);

    // Everything that may be there by our doing, and since when the site does without it.
    let mut ours = BTreeMap::<&str, Option<Moment>>::new();
    for manifest in written(seen) {
        ours.extend(manifest.obsolete.iter().map(|file| (file.path.as_str(), Some(file.since))));
    }
    for file in written(seen).flat_map(|manifest| &manifest.files) {
        ours.insert(&file.path, None);
    }
    let mut manifest = Manifest::new(&id, number, wish.now, &wish.by, Mode::InPlace, wish.files.clone());
    let wanted = manifest.by_path();
    for item in &wish.files {
        if known.get(item.path.as_str()).is_some_and(|there| is_same(there, item)) {
            plan.untouched += 1;
        } else {
            let is_new = !ours.contains_key(item.path.as_str());
            plan.uploads.push(Upload { item: item.clone(), stage: stage(item), is_new });
        }
    }
    let mut obsolete = Vec::new();
    for (path, since) in ours.into_iter().filter(|(path, _)| !wanted.contains_key(path)) {
        let since = since.unwrap_or(wish.now);
        match wish.now.since(since).days() >= REST_DAYS {
            true => plan.deletions.push(Deletion::File { path: path.to_owned() }),
            false => obsolete.push(Obsolete { path: path.to_owned(), since }),
        }
    }
    plan.uploads.sort_by(|a, b| (a.stage, &a.item.path).cmp(&(b.stage, &b.item.path)));
    plan.obsolete = obsolete.len();
    manifest.obsolete = obsolete;

    let before = seen.pointer.clone().unwrap_or_else(|| Pointer::new(Mode::InPlace, wish.now, &wish.by));
    plan.meanwhile = Some(Pointer { run: number, pending: Some(id.clone()), ..before.clone() });
    plan.invalidation = invalidated(wish, seen, &id, number, &wish.files);
    plan.pointer = Some(Pointer {
        run: number,
        release: Some(id.clone()),
        site: Some(wish.site),
        manifest: Some(Digest::of(&manifest.text())),
        at: wish.now,
        by: wish.by.clone(),
        releases: vec![kept(&manifest, wish.site)],
        pending: None,
        obsolete_since: manifest.obsolete.iter().map(|file| file.since).min(),
        invalidation: plan.invalidation.clone(),
        ..before
    });
    plan.leftovers = seen.names.iter().filter(|name| **name != id).cloned().collect();
    plan.manifest = Some(manifest);
    plan
}

/// When a file is sent: what pages load, then pages from the deepest up, then the first page.
fn stage(item: &Item) -> usize {
    let depth = item.path.matches('/').count().min(DEEPEST);
    match item {
        item if cache_policy::is_immutable(&item.headers) => 0,
        item if !cache_policy::is_page(&item.headers) => 1,
        item if item.path == FIRST_PAGE => DEEPEST + 3,
        _ => 2 + DEEPEST - depth,
    }
}
