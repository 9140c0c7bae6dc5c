//! The plan where each publication has a folder of its own: what is sent, what the target copies from the publication
//! before, and which old publications go.

use std::collections::BTreeMap;

use super::{Copy, Deletion, Plan, REST_DAYS, Seen, Upload, Wish, invalidated, kept, name, run};
use crate::publish::manifest::{self, Item, Manifest, Mode, Pointer};
use crate::publish::retention;
use crate::render::site::Digest;

/// The folder of the publication `id`.
pub(in crate::publish) fn folder(id: &str) -> String {
    format!("releases/{id}/")
}

pub(super) fn plan(wish: &Wish, seen: &Seen) -> Plan {
    let id = name(wish, seen);
    let replaces = seen.pointer.as_ref().and_then(|pointer| pointer.release.clone());
    let mut plan = Plan::nothing(Mode::Releases, id.clone(), replaces, seen.tag.clone());
    let own = manifest::run_of(&id).unwrap_or_default();
    let manifest = Manifest::new(&id, own, wish.now, &wish.by, Mode::Releases, wish.files.clone());

    let current = seen.current.as_ref();
    let sources: BTreeMap<(Digest, Option<&str>), &Item> = current
        .iter()
        .flat_map(|manifest| &manifest.files)
        .map(|file| ((file.sha256, file.headers.encoding.as_deref()), file))
        .collect();
    let from = current.map_or_else(String::new, |manifest| folder(&manifest.id));
    for item in &wish.files {
        // Under this name only these bytes were ever sent; compressed ones have a size of their own.
        let size = seen.there.get(&item.path);
        if size.is_some_and(|size| *size == item.size || item.headers.encoding.is_some()) {
            plan.untouched += 1;
        } else if let Some(source) = sources.get(&(item.sha256, item.headers.encoding.as_deref()))
            && current.is_some_and(|manifest| manifest.id != id)
        {
            plan.copies.push(Copy { from: format!("{from}{}", source.path), item: item.clone() });
        } else {
            plan.uploads.push(Upload { item: item.clone(), stage: 0, is_new: false });
        }
    }

    let (mut releases, adopted) = match &seen.pointer {
        Some(pointer) => (pointer.releases.clone(), false),
        None => {
            // Whatever the lost pointer knew of: nobody can say which of them were whole, so each may be returned to
            // and is looked at then.
            let all = seen.strays.iter().filter(|manifest| manifest.mode == Mode::Releases);
            (all.map(|manifest| kept(manifest, manifest::digest_of(&manifest.files))).collect(), true)
        }
    };
    releases.retain(|release| release.id != id);
    releases.push(kept(&manifest, wish.site));
    let (stay, go) = retention::split(releases, &id, wish.now);
    let old = go.into_iter().map(|release| Deletion::Release {
        id: release.id,
        files: release.files,
        bytes: release.bytes,
        reason: "older than 14 days, and not among the last 10",
    });
    plan.deletions.extend(old);
    let is_at_rest = |manifest: &&Manifest| wish.now.since(manifest.at).days() >= REST_DAYS;
    if !adopted {
        plan.deletions.extend(seen.strays.iter().filter(is_at_rest).map(|manifest| Deletion::Release {
            id: manifest.id.clone(),
            files: manifest.files.len(),
            bytes: manifest.bytes(),
            reason: "begun more than a day ago, and never read",
        }));
    }

    let number = run(seen);
    plan.invalidation = invalidated(wish, seen, &id, number, &wish.files);
    plan.show = seen.shown.is_some().then(|| id.clone());
    let before = seen.pointer.clone().unwrap_or_else(|| Pointer::new(Mode::Releases, wish.now, &wish.by));
    plan.pointer = Some(Pointer {
        run: number,
        release: Some(id),
        site: Some(wish.site),
        manifest: Some(Digest::of(&manifest.text())),
        at: wish.now,
        by: wish.by.clone(),
        releases: stay,
        invalidation: plan.invalidation.clone(),
        ..before
    });
    plan.manifest = Some(manifest);
    plan
}
