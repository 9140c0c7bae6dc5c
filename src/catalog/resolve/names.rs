//! Names to rows: ids, aliases and other spellings, compared after normalisation, and the name that was
//! probably meant by one that does not exist.

use std::borrow::Cow;
use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;

use super::remarks::Remarks;
use crate::catalog::nearest::nearest;
use crate::catalog::origin::Origin;
use crate::catalog::table::{Identified, Index, Table};
use crate::diagnostic::{Code, codes};

/// How many comparisons all suggestions of one lookup may cost together. Slips of the finger need a few
/// thousand; a catalog whose names are all wrong has another problem, and gets fewer suggestions.
const COMPARISONS: usize = 1_000_000;

/// Makes names comparable: compatibility forms and case no longer differ.
pub(super) fn fold(name: &str) -> Cow<'_, str> {
    if name.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        Cow::Borrowed(name)
    } else {
        Cow::Owned(name.nfkc().flat_map(char::to_lowercase).collect())
    }
}

/// Rows by every name that means them.
pub(super) struct Names<T> {
    rows: HashMap<Box<str>, Meaning<T>>,
    /// Names to suggest, sorted.
    spellings: Vec<Box<str>>,
    meant: HashMap<Box<str>, Option<Box<str>>>,
    comparisons: usize,
}

struct Meaning<T> {
    row: Index<T>,
    is_id: bool,
    /// Two rows claim the name, so it means neither.
    claimed_twice: bool,
}

/// A table with the names of its rows: what references are checked against.
pub(super) struct Register<T> {
    pub(super) table: Table<T>,
    pub(super) names: Names<T>,
    /// What messages call a row: `team`.
    noun: &'static str,
    /// The diagnostic for a name that no row has, and its help when no name is near.
    code: &'static Code,
    help: &'static str,
}

impl<T: Identified> Register<T> {
    /// A register of `table`, in which only ids are names yet.
    pub(super) fn new(table: Table<T>, noun: &'static str, code: &'static Code, help: &'static str) -> Self {
        Self { names: Names::of(&table), table, noun, code, help }
    }

    /// The row that `name`, as it stands at `origin`, refers to; reports it when there is none.
    ///
    /// Nothing is reported while the table is empty: then the catalog does not keep such records.
    pub(super) fn refer(&mut self, name: &str, origin: Origin, remarks: &mut Remarks) -> Option<Index<T>> {
        let found = self.names.find(name);
        if found.is_none() && !self.table.is_empty() {
            let message = format!("no {} is called `{name}`", self.noun);
            let meant = self.names.suggest(name);
            remarks.dangling(self.code, origin, name, message, meant.as_deref(), self.help);
        }
        found
    }

    /// Lets `alias`, which stands at `origin`, mean `row` too; reports a clash.
    pub(super) fn alias(&mut self, alias: &str, origin: Origin, row: Index<T>, remarks: &mut Remarks) {
        if let Claim::Taken(other) = self.names.claim(alias, row) {
            let noun = self.noun;
            let message = format!("`{alias}` already means the {noun} `{}`", self.table[other].id());
            let help = format!("keep it for one {noun}");
            remarks.add(&codes::ALIAS_CLASH, origin, alias, message, help);
        }
    }
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
        let mut rows = HashMap::with_capacity(table.len());
        for (row, value) in table.indexed() {
            rows.insert(fold(value.id()).into(), Meaning { row, is_id: true, claimed_twice: false });
        }
        let spellings = table.ids().map(Box::from).collect();
        Self { rows, spellings, meant: HashMap::new(), comparisons: COMPARISONS }
    }

    /// Lets `alias` mean `row` too, unless it means another one.
    pub(super) fn claim(&mut self, alias: &str, row: Index<T>) -> Claim<T> {
        let key = fold(alias);
        match self.rows.get_mut(&*key) {
            None => {
                self.rows.insert(key.into(), Meaning { row, is_id: false, claimed_twice: false });
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
    pub(super) fn find(&self, name: &str) -> Option<Index<T>> {
        let meaning = self.rows.get(&*fold(name))?;
        (!meaning.claimed_twice).then_some(meaning.row)
    }

    /// The id that was probably meant by `name`.
    pub(super) fn suggest(&mut self, name: &str) -> Option<Box<str>> {
        if let Some(known) = self.meant.get(name) {
            return known.clone();
        }
        self.comparisons = self.comparisons.checked_sub(self.spellings.len())?;
        let meant = nearest(name, self.spellings.iter().map(|spelling| &**spelling)).map(Box::from);
        self.meant.insert(name.into(), meant.clone());
        meant
    }
}
