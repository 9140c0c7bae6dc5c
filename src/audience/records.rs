//! Every text in what was collected, one after the other: to look at it, and to write another in its place.

use std::sync::Arc;

use rayon::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::collect::snapshot::{CatalogFolder, ObservedResource, Snapshot, TagListing, Tags};

/// Gives what stands in the place of a text; `None` when it stays.
pub(super) type Edit<'a> = dyn Fn(&str) -> Option<String> + Sync + 'a;

/// Edits every text of `snapshot`.
pub(super) fn edit(snapshot: &mut Snapshot, edit: &Edit<'_>) {
    let Snapshot {
        collected_at: _,
        sources,
        repositories,
        files,
        tag_listings,
        accounts,
        tag_policies,
        untagged,
        facts,
        costs,
        activities,
        directories,
        quiet,
        reviews,
    } = snapshot;
    each(sources, edit);
    for repository in repositories {
        let folder = repository.folder.clone();
        record(repository, edit);
        // Where it lies on this machine is no part of the record.
        repository.folder = folder;
    }
    each(files, edit);
    tag_listings.par_iter_mut().for_each(|listing| of_listing(listing, edit));
    each(accounts, edit);
    each(tag_policies, edit);
    each(untagged, edit);
    each(facts, edit);
    each(costs, edit);
    each(activities, edit);
    each(directories, edit);
    each(quiet, edit);
    each(reviews, edit);
}

/// Edits every text of `folder`.
pub(super) fn edit_folder(folder: &mut CatalogFolder, edit: &Edit<'_>) {
    let CatalogFolder { repository, folder: path, files, other_folders } = folder;
    let place = repository.folder.clone();
    record(repository, edit);
    repository.folder = place;
    name(path, edit);
    each(files, edit);
    other_folders.iter_mut().for_each(|other| name(other, edit));
}

fn each<T: Serialize + DeserializeOwned + Send>(records: &mut [T], edit: &Edit<'_>) {
    records.par_iter_mut().for_each(|one| record(one, edit));
}

fn record<T: Serialize + DeserializeOwned>(record: &mut T, edit: &Edit<'_>) {
    let Ok(mut value) = serde_json::to_value(&*record) else { return };
    if !edit_value(&mut value, edit) {
        return;
    }
    if let Ok(edited) = serde_json::from_value(value) {
        *record = edited;
    }
}

/// Whether anything changed.
fn edit_value(value: &mut Value, edit: &Edit<'_>) -> bool {
    match value {
        Value::String(text) => match edit(text) {
            Some(edited) => {
                *text = edited;
                true
            }
            None => false,
        },
        Value::Array(items) => edit_all(items.iter_mut(), edit),
        Value::Object(fields) => edit_all(fields.values_mut(), edit),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Whether anything changed in any of them.
fn edit_all<'v>(values: impl Iterator<Item = &'v mut Value>, edit: &Edit<'_>) -> bool {
    let mut changed = false;
    for value in values {
        changed |= edit_value(value, edit);
    }
    changed
}

fn name(name: &mut Arc<str>, edit: &Edit<'_>) {
    if let Some(edited) = edit(name) {
        *name = edited.into();
    }
}

fn of_listing(listing: &mut TagListing, edit: &Edit<'_>) {
    let TagListing { source, account, region, collected_at: _, principal, carried, answer } = listing;
    [source, account, region].into_iter().chain(principal).chain(carried).for_each(|text| name(text, edit));
    match answer {
        Ok(resources) => of_resources(resources, edit),
        Err(reason) => name(reason, edit),
    }
}

fn of_resources(resources: &mut [ObservedResource], edit: &Edit<'_>) {
    // Resources share their tags with those before.
    let mut last: Option<(Tags, Tags)> = None;
    for resource in resources {
        name(&mut resource.arn, edit);
        if let Some((_, after)) = last.as_ref().filter(|(before, _)| Arc::ptr_eq(before, &resource.tags)) {
            resource.tags = Arc::clone(after);
            continue;
        }
        let before = Arc::clone(&resource.tags);
        let edited = |text: &Arc<str>| edit(text).map_or_else(|| Arc::clone(text), Arc::from);
        resource.tags = before.iter().map(|(key, value)| (edited(key), edited(value))).collect();
        last = Some((before, Arc::clone(&resource.tags)));
    }
}
