//! Diagnostics as they are collected: at most so many of one kind about one file, the others counted, so
//! that a file with a hundred thousand mistakes costs no more than one with a hundred.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Code, Diagnostic, Place, Severity};

/// So many diagnostics of one kind are kept about one file; one more says how many others there are.
pub const MOST_OF_A_KIND: usize = 100;

/// Diagnostics in the order in which they were met; [`Diagnostics::sort`] makes the order independent
/// of how the work was divided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
    tallies: BTreeMap<Kind, Tally>,
}

/// What is counted together: repository, path, and name of the code.
type Kind = (Arc<str>, Arc<str>, &'static str);

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Tally {
    kept: usize,
    /// Where in the list the one stands that counts the others.
    others: Option<usize>,
}

impl Diagnostics {
    /// Adds one, or counts it when there are enough of its kind about its file.
    pub fn push(&mut self, mut diagnostic: Diagnostic) {
        let Some(kind) = diagnostic.place.as_ref().map(|place| kind(diagnostic.code, place)) else {
            self.list.push(diagnostic);
            return;
        };
        let tally = self.tallies.entry(kind).or_default();
        if diagnostic.others == 0 && tally.kept < MOST_OF_A_KIND {
            tally.kept += 1;
            self.list.push(diagnostic);
            return;
        }
        let more = diagnostic.others.max(1);
        match tally.others {
            Some(at) => self.list[at].count_others(more),
            None => {
                tally.others = Some(self.list.len());
                diagnostic.others = 0;
                diagnostic.count_others(more);
                self.list.push(diagnostic);
            }
        }
    }

    /// Adds all of `other`.
    pub fn append(&mut self, other: Self) {
        other.into_iter().for_each(|diagnostic| self.push(diagnostic));
    }

    /// Whether another one of `code` about the file of `place` would be kept, and not only counted.
    pub fn has_room(&self, code: &'static Code, place: &Place) -> bool {
        self.tallies.get(&kind(code, place)).is_none_or(|tally| tally.kept < MOST_OF_A_KIND)
    }

    /// All of them.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.list.iter()
    }

    /// The same in the same order, each with its place as `place` gives it, for those who read them.
    pub fn placed(&self, place: impl Fn(&Place) -> Place) -> Self {
        let mut list = self.list.clone();
        list.iter_mut().for_each(|diagnostic| diagnostic.place = diagnostic.place.as_ref().map(&place));
        Self { list, tallies: BTreeMap::new() }
    }

    /// How many there are to read.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The heaviest severity met.
    pub fn worst(&self) -> Option<Severity> {
        self.list.iter().map(Diagnostic::severity).max()
    }

    /// Orders by place, then code and message, and drops exact repetitions.
    pub fn sort(&mut self) {
        self.list
            .sort_by(|a, b| (&a.place, a.code.name, &a.message).cmp(&(&b.place, b.code.name, &b.message)));
        self.list.dedup();
        self.tallies.clear();
        for (at, diagnostic) in self.list.iter().enumerate() {
            let Some(place) = &diagnostic.place else { continue };
            let tally = self.tallies.entry(kind(diagnostic.code, place)).or_default();
            match diagnostic.others {
                0 => tally.kept += 1,
                _ => tally.others = Some(at),
            }
        }
    }
}

fn kind(code: &'static Code, place: &Place) -> Kind {
    (Arc::clone(&place.repository), Arc::clone(&place.path), code.name)
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;
    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::{Diagnostic, Diagnostics, MOST_OF_A_KIND, Place};
    use crate::diagnostic::codes;

    fn place(path: &str, line: u32) -> Place {
        let quote = format!("key{line}: x").into();
        Place { repository: "shop".into(), path: path.into(), line, column: 1, length: 0, quote }
    }

    fn unknown_keys(path: &str, count: u32) -> Diagnostics {
        let mut diagnostics = Diagnostics::default();
        for line in 1..=count {
            let message = format!("unknown key `key{line}`");
            diagnostics.push(Diagnostic::new(&codes::UNKNOWN_KEY, message).at(place(path, line)));
        }
        diagnostics
    }

    const MOST: u32 = MOST_OF_A_KIND as u32;

    #[test]
    fn up_to_the_bound_all_are_kept_and_beyond_it_counted() {
        let at_the_bound = unknown_keys("service.yaml", MOST);
        assert_eq!(at_the_bound.len(), MOST_OF_A_KIND);
        assert!(at_the_bound.iter().all(|diagnostic| diagnostic.others == 0));
        assert!(!at_the_bound.has_room(&codes::UNKNOWN_KEY, &place("service.yaml", 1)));
        assert!(at_the_bound.has_room(&codes::WRONG_TYPE, &place("service.yaml", 1)));
        assert!(at_the_bound.has_room(&codes::UNKNOWN_KEY, &place("other.yaml", 1)));

        for beyond in [1, 2, 900] {
            let diagnostics = unknown_keys("service.yaml", MOST + beyond);
            assert_eq!(diagnostics.len(), MOST_OF_A_KIND + 1);
            let last = diagnostics.iter().last().expect("the last one");
            assert_eq!(last.stands_for(), beyond as usize);
            assert_eq!(
                last.message,
                format!("and {beyond} more of this kind in this file, the first of them here")
            );
            assert_eq!(last.place.as_ref().expect("a place").line, MOST + 1);
            let told: usize = diagnostics.iter().map(Diagnostic::stands_for).sum();
            assert_eq!(told, (MOST + beyond) as usize);
        }
    }

    #[test]
    fn the_count_survives_appending_and_sorting() {
        let mut all = unknown_keys("b.yaml", MOST + 7);
        all.append(unknown_keys("a.yaml", MOST + 3));
        all.sort();
        all.append(unknown_keys("b.yaml", MOST + 5));
        all.push(Diagnostic::new(&codes::WRONG_TYPE, "no place, no bound"));
        all.sort();
        let others: Vec<usize> = all.iter().map(|diagnostic| diagnostic.others).filter(|n| *n > 0).collect();
        assert_eq!(others, [3, (7 + MOST + 5) as usize]);
        assert_eq!(all.len(), 2 * (MOST_OF_A_KIND + 1) + 1);
    }
}
