//! How long what is carried over from an earlier run counts: then it is as good as refused.

use std::sync::Arc;

use crate::day::{Length, Moment};

/// Why nothing may be concluded from `answer`, which was given at `then`, in a run at `now`: it was refused, or it is
/// `carried` over and older than `longest`.
pub(super) fn refusal<T>(
    answer: &Result<T, Arc<str>>,
    carried: Option<&Arc<str>>,
    then: Moment,
    now: Option<Moment>,
    longest: Length,
) -> Option<Arc<str>> {
    match (answer, carried) {
        (Err(reason), _) => Some(Arc::clone(reason)),
        (Ok(_), Some(reason)) if now.is_some_and(|now| now.since(then) > longest) => {
            Some(format!("{reason}; last answered at {then}").into())
        }
        (Ok(_), _) => None,
    }
}
