//! Takes credentials out of what is collected beside texts: names, tags, reasons. Texts are clean as soon as they are
//! ([`super::text::Text`]).

use std::borrow::Cow;
use std::sync::Arc;

use rayon::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::snapshot::{File, ObservedResource, Repository, Snapshot, Tags};
use crate::secrets::{removed, removed_of};

/// Takes credentials out of every record of `snapshot`.
pub(super) fn remove(snapshot: &mut Snapshot) {
    let Snapshot {
        collected_at: _,
        sources,
        repositories,
        files,
        tag_listings,
        accounts,
        tag_policies,
        untagged,
        // Texts, in files whose names the configuration gives.
        facts: _,
        costs,
        activities,
        directories,
        quiet,
        reviews,
    } = snapshot;
    of_each(sources);
    repositories.iter_mut().for_each(of_repository);
    of_files(files);
    for listing in tag_listings {
        match &mut listing.answer {
            Ok(resources) => of_resources(resources),
            Err(reason) => of_name(reason),
        }
    }
    of_each(accounts);
    of_each(tag_policies);
    of_each(untagged);
    costs.iter_mut().flat_map(|month| &mut month.lines).for_each(|line| of_tags(&mut line.tags));
    of_each(activities);
    of_each(directories);
    of_each(quiet);
    of_each(reviews);
}

/// The same for one repository.
pub(super) fn of_repository(repository: &mut Repository) {
    let folder = repository.folder.clone();
    of_record(repository);
    // Where it lies on this machine is no part of the record.
    repository.folder = folder;
}

/// The same for what is known of files beside their texts.
pub(super) fn of_files(files: &mut [File]) {
    for file in files {
        of_name(&mut file.path);
        let revisions = file.history.iter_mut().map(|revision| &mut revision.commit);
        let commits = file.last_change.iter_mut().chain(&mut file.first_change).chain(revisions);
        commits.for_each(|commit| of_name(&mut commit.author));
    }
}

/// The same for each of `records`.
pub(super) fn of_each<T: Serialize + DeserializeOwned + Send>(records: &mut [T]) {
    records.par_iter_mut().for_each(of_record);
}

fn of_record<T: Serialize + DeserializeOwned>(record: &mut T) {
    // Its text as a whole does not tell: a value under a name of its own is a credential in more cases than in a text.
    let Ok(mut value) = serde_json::to_value(&*record) else { return };
    if of_value("", &mut value)
        && let Ok(clean) = serde_json::from_value(value)
    {
        *record = clean;
    }
}

/// Takes credentials out of `value`, which stands under `name`; whether there was one.
fn of_value(name: &str, value: &mut Value) -> bool {
    match value {
        Value::String(text) => {
            let Cow::Owned(clean) = removed_of(name, text) else { return false };
            *text = clean;
            true
        }
        // A tag: its key and its value.
        Value::Array(items) if matches!(items.as_slice(), [Value::String(_), Value::String(_)]) => {
            let key = items[0].as_str().unwrap_or_default().to_owned();
            of_value("", &mut items[0]) | of_value(&key, &mut items[1])
        }
        Value::Array(items) => items.iter_mut().fold(false, |any, item| of_value(name, item) | any),
        Value::Object(fields) => {
            fields.iter_mut().fold(false, |any, (name, value)| of_value(name, value) | any)
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

fn of_name(name: &mut Arc<str>) {
    if let Cow::Owned(clean) = removed(name) {
        *name = clean.into();
    }
}

/// Resources that are looked at together.
const CHUNK: usize = 1000;

fn of_resources(resources: &mut [ObservedResource]) {
    resources.par_chunks_mut(CHUNK).for_each(|resources| {
        let mut clean: Option<Tags> = None;
        for resource in resources {
            of_name(&mut resource.arn);
            // Resources share their tags with those before.
            if !clean.as_ref().is_some_and(|clean| Arc::ptr_eq(clean, &resource.tags)) {
                of_tags(&mut resource.tags);
                clean = Some(Arc::clone(&resource.tags));
            }
        }
    });
}

fn of_tags(tags: &mut Tags) {
    let holds_one = |(key, value): &(Arc<str>, Arc<str>)| {
        matches!((removed(key), removed_of(key, value)), (Cow::Owned(_), _) | (_, Cow::Owned(_)))
    };
    if !tags.iter().any(holds_one) {
        return;
    }
    let clean = |(key, value): &(Arc<str>, Arc<str>)| {
        (Arc::from(&*removed(key)), Arc::from(&*removed_of(key, value)))
    };
    *tags = tags.iter().map(clean).collect();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::snapshot::{ObservedAccount, SourceReport, SourceState, TagListing};
    use crate::day::Moment;

    const PASSWORD: &str = "k3Jx92LmQ0pT";

    fn now() -> Moment {
        Moment::parse("2026-11-21T03:00:00Z").expect("a moment")
    }

    fn tags(key: &str, value: &str) -> Tags {
        Arc::from([("Name".into(), "quote".into()), (key.into(), value.into())])
    }

    #[test]
    fn no_record_keeps_a_credential() {
        let source = SourceReport {
            name: "git".into(),
            kind: "git".into(),
            state: SourceState::Failed,
            collected_at: now(),
            stale_since: None,
            items: 0,
            reason: Some(format!("https://me:{PASSWORD}@git.internal did not answer").into()),
            withheld: None,
            unlisted: Vec::new(),
            notes: vec![format!("password: {PASSWORD}").into()],
        };
        let account = ObservedAccount {
            source: "aws".into(),
            id: "111122223333".into(),
            name: "quote".into(),
            state: "ACTIVE".into(),
            path: None,
            unit: None,
            tags: Some(tags("password", PASSWORD)),
            collected_at: now(),
            carried: None,
        };
        let shared = tags("db-password", PASSWORD);
        let resource =
            |arn: &str| ObservedResource { arn: arn.into(), tags: Arc::clone(&shared), reported: None };
        let listing = TagListing {
            source: "aws".into(),
            account: "111122223333".into(),
            region: "eu-central-1".into(),
            principal: None,
            collected_at: now(),
            carried: None,
            answer: Ok(vec![resource("arn:aws:s3:::a"), resource("arn:aws:s3:::b")]),
        };
        let mut snapshot = Snapshot {
            sources: vec![source],
            accounts: vec![account],
            tag_listings: vec![listing],
            ..Snapshot::default()
        };
        remove(&mut snapshot);
        let text = format!("{snapshot:?}");
        assert!(!text.contains(PASSWORD), "{text}");
        assert_eq!(text.matches("(secret-removed:password)").count(), 4, "{text}");
        assert_eq!(text.matches("(secret-removed:url-password)").count(), 1, "{text}");
        let Ok(resources) = &snapshot.tag_listings[0].answer else { panic!("it answered") };
        assert_eq!(&*resources[1].tags[0].1, "quote", "the tags beside stay");
    }

    #[test]
    fn a_tag_is_judged_by_its_key_and_its_value_and_not_as_a_text() {
        // In a text each of these would be a call, a path or several words.
        for value in ["k3Jx92(LmQ0pT)", "k3Jx92[LmQ0pT", "k3Jx92{LmQ0pT}x"] {
            let mut tags = tags("db-password", value);
            of_tags(&mut tags);
            assert_eq!(&*tags[1].1, "(secret-removed:password)", "{value}");
            let mut record = vec![("db-password".to_owned(), value.to_owned())];
            of_each(&mut record);
            assert_eq!(record[0].1, "(secret-removed:password)", "{value}");
        }
    }

    #[test]
    fn a_record_without_one_stays_as_it_is() {
        let mut snapshot = Snapshot::default();
        let listing = TagListing {
            source: "aws".into(),
            account: "111122223333".into(),
            region: "eu-central-1".into(),
            principal: None,
            collected_at: now(),
            carried: None,
            answer: Err("password policies are not readable".into()),
        };
        snapshot.tag_listings.push(listing);
        let before = snapshot.clone();
        remove(&mut snapshot);
        assert_eq!(snapshot, before);
    }
}
