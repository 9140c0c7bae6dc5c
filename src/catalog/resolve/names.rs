//! References to rows by any name that means them, and the name that was probably meant by one that does
//! not exist.

use std::collections::HashMap;

use super::remarks::Remarks;
use crate::catalog::names::{Claim, Names};
use crate::catalog::nearest::nearest;
use crate::catalog::origin::Origin;
use crate::catalog::table::{Identified, Index, Table};
use crate::diagnostic::{Code, codes};

/// How many comparisons all suggestions of one lookup may cost together. Slips of the finger need a few
/// thousand; a catalog whose names are all wrong has another problem, and gets fewer suggestions.
const COMPARISONS: usize = 1_000_000;

/// A table with the names of its rows: what references are checked against.
pub(super) struct Register<T> {
    pub(super) table: Table<T>,
    pub(super) names: Names<T>,
    /// What messages call a row: `team`.
    noun: &'static str,
    /// The diagnostic for a name that no row has, and its help when no name is near.
    code: &'static Code,
    help: &'static str,
    suggestions: Suggestions,
}

impl<T: Identified> Register<T> {
    /// A register of `table`, in which only ids are names yet.
    pub(super) fn new(table: Table<T>, noun: &'static str, code: &'static Code, help: &'static str) -> Self {
        let suggestions = Suggestions::of(&table);
        Self { names: Names::of(&table), table, noun, code, help, suggestions }
    }

    /// The row that `name`, as it stands at `origin`, refers to; reports it when there is none.
    ///
    /// Nothing is reported while the table is empty: then the catalog does not keep such records.
    pub(super) fn refer(&mut self, name: &str, origin: Origin, remarks: &mut Remarks) -> Option<Index<T>> {
        let found = self.names.find(name);
        if found.is_none() && !self.table.is_empty() {
            let message = format!("no {} is called `{name}`", self.noun);
            let meant = self.suggestions.suggest(name);
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

/// Ids to suggest in the place of a name that nothing has.
struct Suggestions {
    /// The ids, sorted.
    spellings: Vec<Box<str>>,
    meant: HashMap<Box<str>, Option<Box<str>>>,
    comparisons: usize,
}

impl Suggestions {
    fn of<T: Identified>(table: &Table<T>) -> Self {
        let spellings = table.ids().map(Box::from).collect();
        Self { spellings, meant: HashMap::new(), comparisons: COMPARISONS }
    }

    /// The id that was probably meant by `name`.
    fn suggest(&mut self, name: &str) -> Option<Box<str>> {
        if let Some(known) = self.meant.get(name) {
            return known.clone();
        }
        self.comparisons = self.comparisons.checked_sub(self.spellings.len())?;
        let meant = nearest(name, self.spellings.iter().map(|spelling| &**spelling)).map(Box::from);
        self.meant.insert(name.into(), meant.clone());
        meant
    }
}
