//! What GitHub finds wrong in `CODEOWNERS`, as an answer about a repository says it.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value;

use super::queries::Answer;
use crate::collect::snapshot::{OwnersError, OwnersReview};
use crate::day::Moment;

/// Most errors of one file that are kept.
const MOST: usize = 500;

/// Longest text of one, in characters.
const LONGEST: usize = 300;

/// What is asked of a repository in this matter.
const FIELD: &str = "codeowners";

/// What GitHub says of a file; nothing when there is no such file.
#[derive(Deserialize)]
pub(super) struct Codeowners {
    errors: Vec<Error>,
}

#[derive(Deserialize)]
struct Error {
    path: String,
    line: i64,
    column: i64,
    kind: String,
    suggestion: Option<String>,
}

/// Takes the flaws out of `answer` that are about `CODEOWNERS` of the repositories beneath `path`, which are whole
/// without; gives the positions of those repositories.
pub(super) fn set_aside<T>(answer: &mut Answer<T>, path: &[Value]) -> BTreeSet<usize> {
    let mut refused = BTreeSet::new();
    answer.errors.retain(|flaw| match about(&flaw.path, path) {
        Some(at) => {
            refused.insert(at);
            false
        }
        None => true,
    });
    refused
}

/// The position of the repository beneath `above` whose `CODEOWNERS` the flaw at `path` is about.
fn about(path: &[Value], above: &[Value]) -> Option<usize> {
    match path.strip_prefix(above)? {
        [at, field, ..] if field == FIELD => usize::try_from(at.as_u64()?).ok(),
        _ => None,
    }
}

/// What was said at the moment `seen`, in bounds.
pub(super) fn review(said: Option<Codeowners>, seen: Moment) -> OwnersReview {
    let errors = said.map(|said| said.errors).unwrap_or_default();
    let number = |number: i64| u32::try_from(number).unwrap_or(0);
    let errors = errors.into_iter().take(MOST).map(|error| OwnersError {
        path: shown(&error.path),
        line: number(error.line),
        column: number(error.column),
        kind: shown(&error.kind),
        suggestion: error.suggestion.as_deref().map(shown).filter(|text| !text.is_empty()),
    });
    OwnersReview { seen, errors: errors.collect() }
}

/// A text of one line.
fn shown(text: &str) -> Arc<str> {
    let line = text.trim().lines().next().unwrap_or_default();
    line.chars().filter(|c| !c.is_control()).take(LONGEST).collect::<String>().into()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::collect::github::queries::ById;

    #[test]
    fn a_refused_review_leaves_its_repository_whole() {
        let text = json!({ "data": null, "errors": [
            { "type": "FORBIDDEN", "path": ["nodes", 3, "codeowners"], "message": "" },
            { "type": "FORBIDDEN", "path": ["nodes", 4, "object"], "message": "" },
            { "type": "FORBIDDEN", "path": ["nodes", "5", "codeowners"], "message": "" },
            { "type": "FORBIDDEN", "path": [], "message": "" },
        ] });
        let mut answer: Answer<ById> = serde_json::from_value(text).expect("an answer");
        assert_eq!(set_aside(&mut answer, &["nodes".into()]), BTreeSet::from([3]));
        assert_eq!(answer.errors.len(), 3);
    }

    #[test]
    fn what_is_said_is_kept_in_bounds() {
        let error = || Error {
            path: "CODEOWNERS".to_owned(),
            line: -1,
            column: i64::MAX,
            kind: "Unknown\u{7} owner\nand more".to_owned(),
            suggestion: Some(" ".to_owned()),
        };
        let said = Codeowners { errors: (0..MOST + 9).map(|_| error()).collect() };
        let review = review(Some(said), Moment::from_unix_seconds(0).expect("a moment"));
        assert_eq!(review.errors.len(), MOST);
        let first = &review.errors[0];
        assert_eq!((first.line, first.column, &*first.kind), (0, 0, "Unknown owner"));
        assert_eq!(first.suggestion, None);
    }
}
