//! Which texts are credentials. A text is looked at in one pass for what every form and every name holds; only what may
//! be there is looked for.

use std::sync::LazyLock;

use regex::{Captures, Regex, RegexSet};

use super::forms::FORMS;
use super::names::{NAMES, SHORTEST_TOKEN};
use super::values::{entropy, is_stand_in};
use super::{Found, OPENING, addresses, assignments, keys, names};

/// A kind of credential.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Kind {
    /// The word in the mark.
    pub(super) word: &'static str,
    /// What it is, in words.
    pub(super) what: &'static str,
}

static PRIVATE_KEY: Kind = Kind { word: "private-key", what: "a private key" };
static AWS_SECRET_KEY: Kind = Kind { word: "aws-secret-key", what: "an AWS secret access key" };
static URL_PASSWORD: Kind = Kind { word: "url-password", what: "a password in an address" };

/// Bits in a character that a credential in a form has at least: `ghp_xxxxxxxx…` is the stand-in of an example.
const LEAST_OF_A_FORM: f64 = 2.5;

type Look = fn(&str) -> Vec<Found>;

/// What is looked for besides forms, and what a text must hold for it.
const OTHERS: [(&str, Look); 5] = [
    ("A[KS]IA", |text| of_kind(&AWS_SECRET_KEY, keys::of_aws(text))),
    ("PRIVATE KEY|LS0tLS1CRUdJTi|Private-Lines", |text| of_kind(&PRIVATE_KEY, keys::private(text))),
    ("://", |text| of_kind(&URL_PASSWORD, addresses::passwords(text))),
    ("curl", |text| of_kind(&names::PASSWORD, addresses::for_curl(text))),
    (NAMES, |text| assignments::find(text)),
];

struct Compiled {
    /// What a text must hold: for each form, then for each of the others.
    hints: RegexSet,
    forms: Vec<Regex>,
}

static COMPILED: LazyLock<Compiled> = LazyLock::new(|| {
    let hints = FORMS.iter().map(|form| form.hint).chain(OTHERS.iter().map(|(hint, _)| *hint));
    let regex = |pattern: &str| Regex::new(pattern).expect("a pattern of ours, which a test compiles");
    Compiled {
        hints: RegexSet::new(hints).expect("patterns of ours, which a test compiles"),
        forms: FORMS.iter().map(|form| regex(form.pattern)).collect(),
    }
});

fn of_kind(kind: &'static Kind, ranges: impl Iterator<Item = std::ops::Range<usize>>) -> Vec<Found> {
    ranges.map(|range| Found { range, kind }).collect()
}

/// Every credential in `text`; some may lie within others.
pub(super) fn find(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    for hint in COMPILED.hints.matches(text) {
        match FORMS.get(hint) {
            Some(form) => {
                let all = COMPILED.forms[hint].captures_iter(text).filter_map(|captures| of_form(&captures));
                found.extend(all.map(|range| Found { range, kind: &form.kind }));
            }
            None => found.extend(OTHERS[hint - FORMS.len()].1(text)),
        }
    }
    found
}

/// The credential of a form, unless it is a stand-in.
fn of_form(captures: &Captures<'_>) -> Option<std::ops::Range<usize>> {
    let value = captures.get(1).or(captures.get(0))?;
    let text = value.as_str();
    let is_shown = text.len() >= SHORTEST_TOKEN && entropy(text) < LEAST_OF_A_FORM;
    (!is_shown && !is_stand_in(text) && !text.contains(OPENING)).then(|| value.range())
}

/// The word of a kind that `text` begins with, and what that is, in words.
pub(super) fn word(text: &str) -> Option<(&'static str, &'static str)> {
    let others = [&PRIVATE_KEY, &AWS_SECRET_KEY, &URL_PASSWORD, &names::PASSWORD, &names::TOKEN];
    let all = FORMS.iter().map(|form| &form.kind).chain(others);
    // The words are made of letters and dashes, so the longest one is all of it.
    let named = all.filter(|kind| text.starts_with(kind.word));
    named.max_by_key(|kind| kind.word.len()).map(|kind| (kind.word, kind.what))
}
