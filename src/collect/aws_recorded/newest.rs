//! Of two recorded answers to one question the newer counts, whatever the order of the files.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::day::Moment;

/// What was answered when, or what AWS said instead.
pub(super) type Answered<T> = (Moment, Result<T, Arc<str>>);

/// Takes `answer` in place of `known`, unless that is newer.
pub(super) fn newest<T>(known: &mut Option<Answered<T>>, answer: Answered<T>) {
    if known.as_ref().is_none_or(|(at, _)| *at <= answer.0) {
        *known = Some(answer);
    }
}

/// Keeps `answer` to the question `key`, unless a newer one is known.
pub(super) fn keep<K: Ord, T>(answers: &mut BTreeMap<K, Answered<T>>, key: K, answer: Answered<T>) {
    if answers.get(&key).is_none_or(|(at, _)| *at <= answer.0) {
        answers.insert(key, answer);
    }
}

/// Keeps all of `others`, each unless a newer one is known.
pub(super) fn keep_all<K: Ord, T>(answers: &mut BTreeMap<K, Answered<T>>, others: BTreeMap<K, Answered<T>>) {
    others.into_iter().for_each(|(key, answer)| keep(answers, key, answer));
}
