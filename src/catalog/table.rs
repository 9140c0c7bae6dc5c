//! Tables sorted by id, and typed indices into them.

use std::cmp::Ordering;
use std::fmt;
use std::marker::PhantomData;

/// Position in a [`Table`]; ordered like the ids.
pub struct Index<T>(u32, PhantomData<fn() -> T>);

impl<T> Index<T> {
    /// The position.
    pub fn position(self) -> usize {
        self.0 as usize
    }

    /// The index of `position`.
    pub fn new(position: usize) -> Self {
        Self(u32::try_from(position).expect("tables stay below four billion rows"), PhantomData)
    }
}

impl<T> Clone for Index<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Index<T> {}
impl<T> PartialEq for Index<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<T> Eq for Index<T> {}
impl<T> PartialOrd for Index<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Index<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}
impl<T> std::hash::Hash for Index<T> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<T> fmt::Debug for Index<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// What can stand in a table.
pub trait Identified {
    /// Its id as text.
    fn id(&self) -> &str;
}

/// Rows sorted by id, each id once.
#[derive(Debug)]
pub struct Table<T>(Vec<T>);

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Identified> Table<T> {
    /// Sorts `rows`; of several with one id the first stays and the others come back.
    pub fn new(mut rows: Vec<T>) -> (Self, Vec<T>) {
        rows.sort_by(|a, b| a.id().cmp(b.id()));
        let mut kept: Vec<T> = Vec::with_capacity(rows.len());
        let mut repeated = Vec::new();
        for row in rows {
            match kept.last() {
                Some(last) if last.id() == row.id() => repeated.push(row),
                _ => kept.push(row),
            }
        }
        (Self(kept), repeated)
    }

    /// Where `id` is.
    pub fn find(&self, id: &str) -> Option<Index<T>> {
        self.0.binary_search_by(|row| row.id().cmp(id)).ok().map(Index::new)
    }

    /// The row called `id`.
    pub fn by_id(&self, id: &str) -> Option<&T> {
        self.find(id).map(|index| &self[index])
    }

    /// Every id, in order.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(Identified::id)
    }
}

impl<T> Table<T> {
    /// Every row, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.0.iter()
    }

    /// Every row with its index.
    pub fn indexed(&self) -> impl ExactSizeIterator<Item = (Index<T>, &T)> {
        self.0.iter().enumerate().map(|(position, row)| (Index::new(position), row))
    }

    /// Every row, to fill in relations; ids must not change.
    pub(super) fn rows_mut(&mut self) -> &mut [T] {
        &mut self.0
    }

    /// Every row.
    pub fn rows(&self) -> &[T] {
        &self.0
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T> std::ops::Index<Index<T>> for Table<T> {
    type Output = T;
    fn index(&self, index: Index<T>) -> &T {
        &self.0[index.position()]
    }
}

impl Identified for super::Service {
    fn id(&self) -> &str {
        self.id.as_str()
    }
}
impl Identified for super::Team {
    fn id(&self) -> &str {
        self.id.as_str()
    }
}
impl Identified for super::Exception {
    fn id(&self) -> &str {
        &self.id
    }
}
impl Identified for super::Account {
    fn id(&self) -> &str {
        self.id.as_str()
    }
}
impl<T> Identified for super::Declared<T> {
    fn id(&self) -> &str {
        &self.id
    }
}
