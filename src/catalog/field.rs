//! Values that keep their origin: one value, a list of them, a section of a record. What every
//! record is built of.

use std::collections::BTreeSet;

use super::origin::Origin;
use super::reader::Reader;
use super::record::{Readable, Record, Shape, View};
use super::yaml::{Entry, Node, Value};

/// A value with its origin.
#[derive(Clone, Debug, PartialEq)]
pub struct Sourced<T> {
    /// The value.
    pub value: T,
    /// Where it came from.
    pub origin: Origin,
}

/// A value that a record may declare.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Field<T> {
    /// Nobody declared it.
    #[default]
    Absent,
    /// It is there and cannot be read; a diagnostic says why. Judged like an absent one.
    Unreadable(Origin),
    /// It is declared.
    Known(Sourced<T>),
}

impl<T> Field<T> {
    /// A declared value.
    pub fn known(value: T, origin: Origin) -> Self {
        Self::Known(Sourced { value, origin })
    }

    /// The value, when it can be read.
    pub fn value(&self) -> Option<&T> {
        self.sourced().map(|sourced| &sourced.value)
    }

    /// The value with its origin, when it can be read.
    pub fn sourced(&self) -> Option<&Sourced<T>> {
        match self {
            Self::Known(sourced) => Some(sourced),
            Self::Absent | Self::Unreadable(_) => None,
        }
    }

    /// Where it stands, readable or not.
    pub fn origin(&self) -> Option<Origin> {
        match self {
            Self::Absent => None,
            Self::Unreadable(origin) => Some(*origin),
            Self::Known(sourced) => Some(sourced.origin),
        }
    }

    /// Whether nobody declared it.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// Takes `other` when this one was not declared.
    pub fn or_else(&mut self, other: impl FnOnce() -> Self) {
        if self.is_absent() {
            *self = other();
        }
    }
}

/// A list of values. One bad item costs only itself.
#[derive(Clone, Debug, PartialEq)]
pub struct List<T> {
    /// Where the list stands; `None` when nobody declared it.
    pub origin: Option<Origin>,
    /// The readable items in their order.
    pub items: Vec<Sourced<T>>,
    /// Where the others stand; a diagnostic says what is wrong with each.
    pub refused: Vec<Origin>,
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self { origin: None, items: Vec::new(), refused: Vec::new() }
    }
}

impl<T> List<T> {
    /// The values in their order.
    pub fn values(&self) -> impl Iterator<Item = &T> {
        self.items.iter().map(|item| &item.value)
    }

    /// Whether there is no readable item.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

/// A part of a record with keys of its own.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Section<T> {
    /// Where it stands; `None` when nobody declared it.
    pub origin: Option<Origin>,
    /// Its fields, all absent when nobody declared it.
    pub fields: T,
    /// Where something in it stands that is not known: all of it, or a key. It may have been meant to
    /// narrow the rest.
    pub misread: Option<Origin>,
}

impl<T> std::ops::Deref for Section<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.fields
    }
}

impl<T> std::ops::DerefMut for Section<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.fields
    }
}

/// Named entries that the author chose the names of, such as `labels` or `layers`.
#[derive(Clone, Debug, PartialEq)]
pub struct Named<T> {
    /// Where the mapping stands; `None` when nobody declared it.
    pub origin: Option<Origin>,
    /// Name and value in the order of the file.
    pub entries: Vec<(Box<str>, Sourced<T>)>,
}

impl<T> Default for Named<T> {
    fn default() -> Self {
        Self { origin: None, entries: Vec::new() }
    }
}

impl<T> Named<T> {
    /// The value called `name`.
    pub fn get(&self, name: &str) -> Option<&Sourced<T>> {
        self.entries.iter().find(|(key, _)| &**key == name).map(|(_, value)| value)
    }
}

/// What may stand in a record: reads itself from the node under its key, and shows itself to rules.
pub trait Slot: Default {
    /// Its type, for rules and for the generated reference.
    const SHAPE: Shape;
    /// Reads it from the node under its key, reporting what is wrong with it.
    fn read(node: &Node, reader: &mut Reader<'_>) -> Self;
    /// What a rule sees of it.
    fn view(&self) -> View<'_>;
    /// Whether nobody declared it.
    fn is_absent(&self) -> bool;
    /// Takes from `other` what this one does not declare.
    fn fill(&mut self, other: Self);
}

impl<T: Readable> Slot for Field<T> {
    const SHAPE: Shape = T::SHAPE;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Self {
        if node.is_null() {
            return Self::Absent;
        }
        let origin = reader.origin(node.mark);
        match T::read(node, reader) {
            Some(value) => Self::known(value, origin),
            None => Self::Unreadable(origin),
        }
    }

    fn view(&self) -> View<'_> {
        match self {
            Self::Absent => View::Absent,
            Self::Unreadable(origin) => View::Unreadable(*origin),
            Self::Known(sourced) => sourced.value.view(sourced.origin),
        }
    }

    fn is_absent(&self) -> bool {
        Self::is_absent(self)
    }

    fn fill(&mut self, other: Self) {
        if self.is_absent() {
            *self = other;
        }
    }
}

impl<T: Readable> Slot for List<T> {
    const SHAPE: Shape = Shape::List(&T::SHAPE);

    fn read(node: &Node, reader: &mut Reader<'_>) -> Self {
        let origin = reader.origin(node.mark);
        let one;
        let nodes = match &node.value {
            Value::Null => return Self::default(),
            Value::Sequence(items) => items.as_slice(),
            // One value stands for a list of one: what every author expects.
            Value::Scalar(_) | Value::Mapping(_) => {
                one = [node.clone()];
                &one
            }
        };
        let mut items = Vec::with_capacity(nodes.len());
        let mut refused = Vec::new();
        for item in nodes {
            if item.is_null() {
                continue;
            }
            let origin = reader.origin(item.mark);
            match T::read(item, reader) {
                Some(value) => items.push(Sourced { value, origin }),
                None => refused.push(origin),
            }
        }
        Self { origin: Some(origin), items, refused }
    }

    fn view(&self) -> View<'_> {
        match self.origin {
            None => View::Absent,
            Some(origin) => {
                View::List(self.items.iter().map(|item| item.value.view(item.origin)).collect(), origin)
            }
        }
    }

    fn is_absent(&self) -> bool {
        self.origin.is_none()
    }

    fn fill(&mut self, other: Self) {
        if self.is_absent() {
            *self = other;
        }
    }
}

impl<T: Record> Slot for Section<T> {
    const SHAPE: Shape = Shape::Record(&T::SHAPE);

    fn read(node: &Node, reader: &mut Reader<'_>) -> Self {
        if node.is_null() {
            return Self::default();
        }
        let origin = reader.origin(node.mark);
        let fields = T::read_node(node, reader);
        let stranger = |entry: &&Entry| T::SHAPE.field(&entry.key).is_none() && !entry.key.starts_with("x-");
        let misread = match &fields {
            None => Some(origin),
            Some(_) => {
                let stranger = node.entries().unwrap_or_default().iter().find(stranger);
                stranger.map(|entry| reader.origin(entry.mark))
            }
        };
        Self { origin: Some(origin), fields: fields.unwrap_or_default(), misread }
    }

    fn view(&self) -> View<'_> {
        View::Record(&self.fields, self.origin)
    }

    fn is_absent(&self) -> bool {
        self.origin.is_none()
    }

    fn fill(&mut self, other: Self) {
        self.origin = self.origin.or(other.origin);
        self.fields.fill(other.fields);
    }
}

impl<T: Readable> Slot for Named<T> {
    const SHAPE: Shape = Shape::Named(&T::SHAPE);

    fn read(node: &Node, reader: &mut Reader<'_>) -> Self {
        let Some(entries) = reader.mapping(node) else { return Self::default() };
        let mut read = Vec::with_capacity(entries.len());
        for entry in entries {
            let origin = reader.origin(entry.value.mark);
            if let Some(value) = T::read(&entry.value, reader) {
                read.push((entry.key.clone(), Sourced { value, origin }));
            }
        }
        Self { origin: Some(reader.origin(node.mark)), entries: read }
    }

    fn view(&self) -> View<'_> {
        match self.origin {
            None => View::Absent,
            Some(origin) => View::Named(
                self.entries.iter().map(|(key, item)| (&**key, item.value.view(item.origin))).collect(),
                origin,
            ),
        }
    }

    fn is_absent(&self) -> bool {
        self.origin.is_none()
    }

    fn fill(&mut self, other: Self) {
        self.origin = self.origin.or(other.origin);
        let own: BTreeSet<Box<str>> = self.entries.iter().map(|(name, _)| name.clone()).collect();
        self.entries.extend(other.entries.into_iter().filter(|(name, _)| !own.contains(name)));
    }
}
