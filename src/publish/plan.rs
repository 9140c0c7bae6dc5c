//! The plan of a publication: everything that will be done to a target, worked out from the site and from what the
//! target says of itself. Nothing here asks or does anything.

pub(super) mod in_place;
pub(super) mod releases;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::guard::{self, Loss};
use super::invalidation;
use super::manifest::{self, Invalidation, Item, Kept, Manifest, Mode, Pointer};
use super::store::{Shown, Tag};
use crate::day::Moment;
use crate::render::site::Digest;

/// How long something of ours that nobody reads is left alone.
pub(super) const REST_DAYS: u64 = 1;

/// What is to be published, and how.
#[derive(Clone, Debug)]
pub struct Wish {
    /// How.
    pub mode: Mode,
    /// The files of the site, by path.
    pub files: Vec<Item>,
    /// Their digest.
    pub site: Digest,
    /// When.
    pub now: Moment,
    /// Who wishes so.
    pub by: String,
    /// The distribution of CloudFront that is told what changed.
    pub distribution: Option<String>,
    /// The publication whose removals are accepted.
    pub accepted: Option<String>,
}

/// What the target says of itself.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// The pointer, where there is one that can be read.
    pub pointer: Option<Pointer>,
    /// What tells the pointer from later ones, whether or not it can be read.
    pub tag: Option<Tag>,
    /// Where readers are led, when not by the pointer.
    pub shown: Option<Shown>,
    /// The names of all publications that left a manifest.
    pub names: Vec<String>,
    /// The manifest of the publication that people read.
    pub current: Option<Manifest>,
    /// Manifests that the pointer does not account for, without the one of this wish.
    pub strays: Vec<Manifest>,
    /// What an earlier run for the same publication brought there, with sizes.
    pub there: BTreeMap<String, u64>,
    /// Of files that a killed run may have written over: what they are now.
    pub found: BTreeMap<String, Digest>,
    /// Files that are there and that no publication of ours wrote, where this one wants to write.
    pub foreign: Vec<String>,
    /// Whether the first page that readers get is not the one that the pointer speaks of.
    pub is_damaged: bool,
}

/// A file that the target makes from one it has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Copy {
    /// The object that it is made from.
    pub from: String,
    /// The file.
    pub item: Item,
}

/// A file that is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Upload {
    /// The file.
    pub item: Item,
    /// When it is sent: smaller numbers first, equal ones side by side.
    pub stage: usize,
    /// Whether nothing may be there yet.
    pub is_new: bool,
}

/// Something of ours that is deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Deletion {
    /// Every file that a publication wrote into its folder.
    Release {
        /// Its name.
        id: String,
        /// How many files its manifest lists.
        files: usize,
        /// How many bytes these have.
        bytes: u64,
        /// Why.
        reason: &'static str,
    },
    /// A file that the site has no more.
    File {
        /// Where it lies.
        path: String,
    },
}

/// What will be done.
#[derive(Clone, Debug)]
pub struct Plan {
    /// How.
    pub mode: Mode,
    /// The name of the publication.
    pub release: String,
    /// The one that people read until now.
    pub replaces: Option<String>,
    /// Files to send.
    pub uploads: Vec<Upload>,
    /// Files that the target copies.
    pub copies: Vec<Copy>,
    /// How many files need nothing.
    pub untouched: usize,
    /// What is deleted.
    pub deletions: Vec<Deletion>,
    /// Files that will be deleted by a later run.
    pub obsolete: usize,
    /// The manifest to write first; none where nothing is published.
    pub manifest: Option<Manifest>,
    /// What the pointer says meanwhile, where publications share a place.
    pub meanwhile: Option<Pointer>,
    /// What the pointer says in the end; none when it stays.
    pub pointer: Option<Pointer>,
    /// What tells the pointer from later ones now.
    pub tag: Option<Tag>,
    /// The publication to lead readers to.
    pub show: Option<String>,
    /// What CloudFront is told.
    pub invalidation: Option<Invalidation>,
    /// Manifests that nobody needs any more.
    pub leftovers: Vec<String>,
    /// What would be gone, when that is too much.
    pub losses: Vec<Loss>,
}

/// Why there can be no plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Impossible {
    /// The target is used in the other way.
    #[error("sites were published there {}; go on so, or choose another place", match .0 {
        Mode::InPlace => "with `--in-place`",
        Mode::Releases => "without `--in-place`",
    })]
    OtherMode(Mode),
    /// Something of somebody else is in the way.
    #[error("files that no publication of ours wrote are in the way: {}; move them away, or choose another place", crate::words::first(.0, 5))]
    Foreign(Vec<String>),
    /// There is nothing to return to.
    #[error("{0}")]
    NoReturn(String),
}

impl Plan {
    /// A plan to do nothing.
    fn nothing(mode: Mode, release: String, replaces: Option<String>, tag: Option<Tag>) -> Self {
        Self {
            mode,
            release,
            replaces,
            uploads: Vec::new(),
            copies: Vec::new(),
            untouched: 0,
            deletions: Vec::new(),
            obsolete: 0,
            manifest: None,
            meanwhile: None,
            pointer: None,
            tag,
            show: None,
            invalidation: None,
            leftovers: Vec::new(),
            losses: Vec::new(),
        }
    }

    /// Whether there is nothing to do.
    pub fn is_nothing(&self) -> bool {
        self.manifest.is_none()
            && self.pointer.is_none()
            && self.show.is_none()
            && self.invalidation.is_none()
    }

    /// How many bytes are sent, before they are compressed.
    pub fn bytes_sent(&self) -> u64 {
        self.uploads.iter().map(|upload| upload.item.size).sum()
    }

    /// How many bytes the target copies.
    pub fn bytes_copied(&self) -> u64 {
        self.copies.iter().map(|copy| copy.item.size).sum()
    }
}

/// Whether the site is there already, as far as the pointer knows.
pub fn is_current(wish: &Wish, pointer: &Pointer) -> bool {
    let is_due = pointer.obsolete_since.is_some_and(|since| wish.now.since(since).days() >= REST_DAYS);
    pointer.mode == wish.mode
        && pointer.site == Some(wish.site)
        && pointer.release.is_some()
        && pointer.pending.is_none()
        && !is_due
}

/// The name that the publication of `wish` gets: that of an earlier one of the same site, whether it came to its end or
/// not, so that what lies there needs not be sent again; else a new one.
pub fn name(wish: &Wish, seen: &Seen) -> String {
    let new = manifest::name(run(seen), wish.site);
    let is_same = |name: &&String| wish.mode == Mode::Releases && manifest::is_of(name, wish.site);
    seen.names.iter().find(is_same).cloned().unwrap_or(new)
}

/// The number that a publication gets: one after all that the target knows of.
fn run(seen: &Seen) -> u64 {
    let last = match &seen.pointer {
        Some(pointer) => pointer.run,
        None => seen.names.iter().filter_map(|name| manifest::run_of(name)).max().unwrap_or(0),
    };
    last.saturating_add(1)
}

/// What has to be done for `wish` at a target that is as `seen`.
pub fn plan(wish: &Wish, seen: &Seen) -> Result<Plan, Impossible> {
    if let Some(pointer) = &seen.pointer
        && pointer.mode != wish.mode
    {
        return Err(Impossible::OtherMode(pointer.mode));
    }
    if !seen.foreign.is_empty() {
        return Err(Impossible::Foreign(seen.foreign.clone()));
    }
    if let Some(pointer) = &seen.pointer
        && is_current(wish, pointer)
        && !seen.is_damaged
    {
        return Ok(touch_up(wish, seen, pointer));
    }
    let mut plan = match wish.mode {
        Mode::Releases => releases::plan(wish, seen),
        Mode::InPlace => in_place::plan(wish, seen),
    };
    if wish.accepted.as_deref() != Some(&plan.release) {
        plan.losses = losses(wish, seen);
    }
    Ok(plan)
}

/// What of the site that people read would be gone, when that is too much. Where its manifest is lost, what is left
/// of the notes speaks for it.
fn losses(wish: &Wish, seen: &Seen) -> Vec<Loss> {
    let newest = || seen.strays.iter().max_by_key(|manifest| manifest.run);
    if let Some(before) = seen.current.as_ref().or_else(|| newest().filter(|_| seen.pointer.is_none())) {
        return guard::losses(&before.files, &wish.files);
    }
    let current = seen.pointer.iter().flat_map(|pointer| {
        pointer.releases.iter().filter(|kept| Some(&kept.id) == pointer.release.as_ref())
    });
    current
        .filter_map(|kept| guard::loss("", kept.files.saturating_sub(wish.files.len()), kept.files))
        .collect()
}

/// What is left to do of a publication that is there: what a killed run did not come to.
fn touch_up(wish: &Wish, seen: &Seen, pointer: &Pointer) -> Plan {
    let release = pointer.release.clone().unwrap_or_default();
    let mut plan = Plan::nothing(wish.mode, release.clone(), Some(release), seen.tag.clone());
    plan.untouched = wish.files.len();
    plan.show = show(seen, &plan.release);
    plan.invalidation = pointer.invalidation.clone().filter(|owed| {
        wish.distribution.as_ref().is_some_and(|distribution| *distribution == owed.distribution)
    });
    plan.pointer = plan.invalidation.is_some().then(|| pointer.clone());
    plan
}

/// A plan that brings the kept publication back that `asked` names by name or number; the one before when it names
/// none.
pub fn rollback(wish: &Wish, seen: &Seen, asked: Option<&str>) -> Result<Plan, Impossible> {
    let Some(pointer) = seen.pointer.as_ref().filter(|pointer| pointer.release.is_some()) else {
        return Err(Impossible::NoReturn("nothing was published there yet".to_owned()));
    };
    if pointer.mode == Mode::InPlace {
        let said = "with `--in-place` nothing is kept to return to; build the portal of an earlier snapshot and publish it";
        return Err(Impossible::NoReturn(said.to_owned()));
    }
    let current = pointer.release.as_deref().unwrap_or_default();
    let number = asked.and_then(|asked| asked.parse::<u64>().ok());
    let kept = match asked {
        Some(asked) => pointer.releases.iter().find(|kept| kept.id == asked || Some(kept.run) == number),
        None => pointer.releases.iter().rev().find(|kept| kept.id != current),
    };
    let Some(kept) = kept.cloned() else {
        let names: Vec<&str> = pointer.releases.iter().map(|kept| kept.id.as_str()).collect();
        let asked = asked.map_or_else(|| "an earlier publication".to_owned(), |asked| format!("`{asked}`"));
        return Err(Impossible::NoReturn(format!(
            "{asked} is not kept there; there is {}",
            crate::words::list(&names)
        )));
    };
    let mut plan = Plan::nothing(Mode::Releases, kept.id.clone(), Some(current.to_owned()), seen.tag.clone());
    plan.untouched = kept.files;
    if kept.id == current {
        plan.show = show(seen, current);
        return Ok(plan);
    }
    let back = seen.strays.iter().find(|manifest| manifest.id == kept.id);
    plan.invalidation =
        invalidated(wish, seen, &kept.id, run(seen), back.map_or(&[][..], |back| &back.files));
    let mut releases = pointer.releases.clone();
    releases.retain(|other| other.id != kept.id);
    releases.push(kept.clone());
    plan.show = seen.shown.is_some().then(|| kept.id.clone());
    plan.pointer = Some(Pointer {
        run: run(seen),
        release: Some(kept.id.clone()),
        site: Some(kept.site),
        manifest: back.map(|back| Digest::of(&back.text())),
        at: wish.now,
        by: wish.by.clone(),
        releases,
        invalidation: plan.invalidation.clone(),
        ..pointer.clone()
    });
    Ok(plan)
}

/// Where readers have to be led so that they see `release`; `None` when they are.
fn show(seen: &Seen, release: &str) -> Option<String> {
    let shown = seen.shown.as_ref()?;
    (*shown != Shown::Release(release.to_owned())).then(|| release.to_owned())
}

/// What CloudFront has to be told of the way from what people read now to `files`, with what it was not told before.
fn invalidated(wish: &Wish, seen: &Seen, id: &str, run: u64, files: &[Item]) -> Option<Invalidation> {
    let distribution = wish.distribution.clone()?;
    let after: BTreeMap<&str, &Item> = files.iter().map(|file| (file.path.as_str(), file)).collect();
    let before = seen.current.iter().flat_map(|manifest| &manifest.files);
    let changed = before.filter(|old| after.get(old.path.as_str()).is_none_or(|new| !is_same(old, new)));
    let mut paths = invalidation::paths(changed.map(|file| file.path.as_str()));
    let owed = seen.pointer.iter().filter_map(|pointer| pointer.invalidation.as_ref());
    for owed in owed.filter(|owed| owed.distribution == distribution) {
        paths.extend(owed.paths.iter().filter(|path| path.starts_with('/')).cloned());
    }
    let paths: Vec<String> = paths.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
    let reference = format!("milepost-{run}-{id}");
    (!paths.is_empty()).then_some(Invalidation { distribution, reference, paths })
}

/// Whether readers could tell the two apart.
fn is_same(one: &Item, other: &Item) -> bool {
    one.sha256 == other.sha256 && one.headers == other.headers
}

/// What is kept to return to of `manifest`.
fn kept(manifest: &Manifest, site: Digest) -> Kept {
    Kept {
        id: manifest.id.clone(),
        run: manifest.run,
        site,
        at: manifest.at,
        by: manifest.by.clone(),
        files: manifest.files.len(),
        bytes: manifest.bytes(),
    }
}
