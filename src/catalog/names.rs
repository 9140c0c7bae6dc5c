//! Names to rows: ids, aliases and other spellings, compared after normalisation.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use super::lookup::Lookup;
use super::table::{Identified, Index, Table};

/// Makes names comparable: compatibility forms and case no longer differ.
pub(super) fn fold(name: &str) -> Cow<'_, str> {
    if name.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        Cow::Borrowed(name)
    } else {
        Cow::Owned(name.nfkc().flat_map(char::to_lowercase).collect())
    }
}

/// Rows by every name that means them.
#[derive(Debug)]
pub struct Names<T>(Lookup<Meaning<T>>);

impl<T> Default for Names<T> {
    fn default() -> Self {
        Self(Lookup::default())
    }
}

#[derive(Debug)]
struct Meaning<T> {
    row: Index<T>,
    is_id: bool,
    /// Two rows claim the name, so it means neither.
    claimed_twice: bool,
}

/// What came of claiming another name for a row.
pub(super) enum Claim<T> {
    /// It now means the row.
    Granted,
    /// It is the id of another row, or another row claims it too.
    Taken(Index<T>),
}

impl<T: Identified> Names<T> {
    /// The ids of `table`.
    pub(super) fn of(table: &Table<T>) -> Self {
        let mut rows = Lookup::default();
        for (row, value) in table.indexed() {
            rows.insert(fold(value.id()).into(), Meaning { row, is_id: true, claimed_twice: false });
        }
        Self(rows)
    }

    /// Lets `alias` mean `row` too, unless it means another one.
    pub(super) fn claim(&mut self, alias: &str, row: Index<T>) -> Claim<T> {
        let key = fold(alias);
        match self.0.get_mut(&key) {
            None => {
                self.0.insert(key.into(), Meaning { row, is_id: false, claimed_twice: false });
                Claim::Granted
            }
            Some(meaning) if meaning.row == row => Claim::Granted,
            Some(meaning) => {
                meaning.claimed_twice = !meaning.is_id;
                Claim::Taken(meaning.row)
            }
        }
    }

    /// The row that `name` means.
    pub fn find(&self, name: &str) -> Option<Index<T>> {
        let meaning = self.0.get(&fold(name))?;
        (!meaning.claimed_twice).then_some(meaning.row)
    }
}
