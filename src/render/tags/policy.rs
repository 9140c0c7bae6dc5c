//! Tags as a tag policy of AWS Organizations: the spelling of every key and the values that it may have, for
//! one service or for the whole catalog. Nothing in it is enforced: that is a decision of its own.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{Refusal, refused, refused_key};
use crate::assess::tags::Expectations;
use crate::catalog::{Catalog, Service};
use crate::day::Day;
use crate::diagnostic::text::harmless;
use crate::words;

/// Most characters of a tag policy.
const LONGEST: usize = 10_000;

/// A tag policy, and what has to be said of it; JSON has no comments.
#[derive(Debug)]
pub struct TagPolicyDocument {
    /// The document.
    pub text: String,
    /// Keys without values, and what was left out.
    pub remarks: Vec<String>,
    /// Whether AWS would refuse it, or a value that it had to leave out.
    pub is_refused: bool,
}

impl TagPolicyDocument {
    /// What `service` may carry, with all its environments or one of them.
    pub fn of_service(catalog: &Catalog, service: &Service, today: Day, environment: Option<&str>) -> Self {
        let expectations = Expectations::of(catalog, service, today);
        Self::new(expectations.tags().iter().map(|expected| {
            let chosen = environment.filter(|_| expected.is_environment());
            let values = match chosen {
                Some(chosen) => BTreeSet::from([Cow::Borrowed(chosen)]),
                None => expected.values.iter().cloned().collect(),
            };
            (expected.key, values)
        }))
    }

    /// What anything in the catalog may carry: the values of the policy, else those of all records.
    pub fn of_catalog(catalog: &Catalog, today: Day) -> Self {
        let general = Expectations::of_policy(catalog, true, today);
        let mut keys: Vec<(&str, BTreeSet<Cow<'_, str>>)> =
            general.tags().iter().map(|tag| (tag.key, tag.values.iter().cloned().collect())).collect();
        for service in catalog.services.iter().filter(|service| service.conflict.is_empty()) {
            let own = Expectations::of(catalog, service, today);
            for ((_, values), (listed, expected)) in
                keys.iter_mut().zip(general.tags().iter().zip(own.tags()))
            {
                if listed.values.is_empty() {
                    values.extend(expected.values.iter().cloned());
                }
            }
        }
        Self::new(keys)
    }

    fn new<'k>(keys: impl IntoIterator<Item = (&'k str, BTreeSet<Cow<'k, str>>)>) -> Self {
        let mut tags = Map::new();
        let mut remarks = Vec::new();
        let mut is_refused = false;
        for (key, values) in keys {
            let mut leave_out = |what: &str, refusal: Refusal<'_>| {
                is_refused = true;
                remarks.push(format!("{} is left out: {refusal}", harmless(what)));
            };
            if let Some(refusal) = refused_key(key) {
                leave_out(key, refusal);
                continue;
            }
            let mut allowed = Vec::new();
            for value in values.iter().filter(|value| !value.trim().is_empty()) {
                match refused(value) {
                    Some(refusal) => leave_out(key, refusal),
                    None => allowed.push(&**value),
                }
            }
            let mut rule = json!({ "tag_key": { "@@assign": key } });
            if allowed.is_empty() {
                remarks
                    .push(format!("{} may have any value: no record and no policy gives one", harmless(key)));
            } else {
                rule["tag_value"] = json!({ "@@assign": allowed });
            }
            tags.insert(key.to_owned(), rule);
        }
        let document = Value::Object(Map::from_iter([("tags".to_owned(), Value::Object(tags))]));
        let wide = format!("{document:#}\n");
        let text = if wide.chars().count() <= LONGEST { wide } else { format!("{document}\n") };
        let size = text.chars().count();
        if size > LONGEST {
            is_refused = true;
            let size = words::count(size, "character", "characters");
            remarks
                .push(format!("AWS takes a tag policy of at most {LONGEST} characters, and this has {size}"));
        }
        Self { text, remarks, is_refused }
    }
}
