//! Records: mappings with known keys. One definition gives the Rust type, how it is read from YAML,
//! what a rule sees of it, its type for the expression checker, and its JSON Schema.

use std::borrow::Cow;

use super::origin::Origin;
use super::reader::Reader;
use super::yaml::Node;
use crate::day::{Day, Length};

/// The type of a value, as rules and the generated reference know it.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// Text of any kind; ids too.
    Text,
    /// Text that is one of these.
    Choice(&'static [&'static str]),
    /// Numbers with dots between them, such as `3.1.0`: ordered part by part. Rules see text.
    Version,
    /// A number, whole or not.
    Number,
    /// True or false.
    Bool,
    /// A calendar day.
    Day,
    /// A length of time.
    Length,
    /// Declared as a boolean, an id, an address or a mapping.
    Declaration,
    /// Known only when it is there: facts, free labels.
    Any,
    /// A list of such.
    List(&'static Shape),
    /// A record.
    Record(&'static RecordShape),
    /// Entries whose names the author chose.
    Named(&'static Shape),
}

/// The keys of a record.
#[derive(Debug)]
pub struct RecordShape {
    /// What messages call it: `service`.
    pub name: &'static str,
    /// The key that a bare value stands for, such as `name` for an environment.
    pub shorthand: Option<&'static str>,
    /// Its keys, in the order in which people should write them.
    pub fields: &'static [FieldShape],
}

/// One key of a record.
#[derive(Debug)]
pub struct FieldShape {
    /// The key as written in YAML.
    pub key: &'static str,
    /// What it means, in Markdown.
    pub doc: &'static str,
    /// Its type.
    pub shape: Shape,
}

impl RecordShape {
    /// The field called `key`.
    pub fn field(&self, key: &str) -> Option<&'static FieldShape> {
        self.fields.iter().find(|field| field.key == key)
    }
}

/// What a rule sees of a value.
pub enum View<'a> {
    /// Declared in the schema and not in the file.
    Absent,
    /// There, and not readable; judged like an absent one.
    Unreadable(Origin),
    /// An observed fact that this run does not have, and why.
    Unknown(Cow<'a, str>),
    /// Text.
    Text(Cow<'a, str>, Origin),
    /// A number.
    Number(f64, Origin),
    /// True or false.
    Bool(bool, Origin),
    /// A day.
    Day(Day, Origin),
    /// A length of time.
    Length(Length, Origin),
    /// Something declared in one of several forms.
    Declaration(&'a super::scalar::Declaration, Origin),
    /// A list.
    List(Vec<View<'a>>, Origin),
    /// A record; without an origin when nobody declared it, though its keys can still be asked.
    Record(&'a dyn Fields, Option<Origin>),
    /// Entries whose names the author chose.
    Named(Vec<(&'a str, View<'a>)>, Origin),
}

/// A record as rules see it: keys to views.
pub trait Fields: Sync {
    /// The view under `key`; `None` when the schema has no such key.
    fn field(&self, key: &str) -> Option<View<'_>>;
    /// Its schema.
    fn shape(&self) -> &'static RecordShape;
}

/// A value that can stand in a field or list.
pub trait Readable: Sized {
    /// Its type.
    const SHAPE: Shape;
    /// Reads it, or reports why not.
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self>;
    /// What a rule sees of it.
    fn view(&self, origin: Origin) -> View<'_>;
}

/// A mapping with known keys.
pub trait Record: Fields + Default + 'static {
    /// Its schema.
    const SHAPE: RecordShape;
    /// Reads it from a mapping (or from the value its shorthand stands for), reporting unknown keys
    /// with the nearest known one. `None` when it is neither.
    fn read_node(node: &Node, reader: &mut Reader<'_>) -> Option<Self>;
    /// Takes from `other`, field by field, what this one does not declare.
    fn fill(&mut self, other: Self);
}

impl<T: Record> Readable for T {
    const SHAPE: Shape = Shape::Record(&<T as Record>::SHAPE);

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        T::read_node(node, reader)
    }

    fn view(&self, origin: Origin) -> View<'_> {
        View::Record(self, Some(origin))
    }
}

/// Defines a record: a struct whose fields are [`Slot`](super::field::Slot)s, each with its YAML key
/// and its meaning. `shorthand "key"` lets a bare value stand for that one key. Keys that begin with
/// `x-` are free everywhere. `#[example("…")]` is what the JSON Schema shows where the type alone has no
/// example to give.
macro_rules! record {
    (
        $(#[doc = $record_doc:literal])*
        $visibility:vis struct $name:ident called $title:literal $(shorthand $shorthand:literal)? {
            $(
                $(#[doc = $doc:literal])*
                $(#[example($example:expr)])?
                $key:literal => $field:ident: $type:ty,
            )*
        }
    ) => {
        $(#[doc = $record_doc])*
        #[derive(Clone, Debug, Default, PartialEq, schemars::JsonSchema)]
        #[schemars(deny_unknown_fields, transform = $crate::catalog::schema::open)]
        $visibility struct $name {
            $(
                $(#[doc = $doc])*
                #[schemars(rename = $key)]
                $( #[schemars(example = &$example)] )?
                pub $field: $type,
            )*
        }

        impl $crate::catalog::record::Fields for $name {
            fn field(&self, key: &str) -> Option<$crate::catalog::record::View<'_>> {
                match key {
                    $( $key => Some($crate::catalog::field::Slot::view(&self.$field)), )*
                    _ => None,
                }
            }

            fn shape(&self) -> &'static $crate::catalog::record::RecordShape {
                &<Self as $crate::catalog::record::Record>::SHAPE
            }
        }

        impl $crate::catalog::record::Record for $name {
            const SHAPE: $crate::catalog::record::RecordShape = $crate::catalog::record::RecordShape {
                name: $title,
                shorthand: $crate::catalog::record::record!(@shorthand $($shorthand)?),
                fields: &[
                    $( $crate::catalog::record::FieldShape {
                        key: $key,
                        doc: concat!($($doc, "\n"),*),
                        shape: <$type as $crate::catalog::field::Slot>::SHAPE,
                    }, )*
                ],
            };

            fn read_node(
                node: &$crate::catalog::yaml::Node,
                reader: &mut $crate::catalog::reader::Reader<'_>,
            ) -> Option<Self> {
                let mut record = Self::default();
                let shape = &<Self as $crate::catalog::record::Record>::SHAPE;
                reader.record(node, shape, &mut |key, value, reader| match key {
                    $( $key => {
                        record.$field = $crate::catalog::field::Slot::read(value, reader);
                        true
                    } )*
                    _ => false,
                })?;
                Some(record)
            }

            fn fill(&mut self, other: Self) {
                $( $crate::catalog::field::Slot::fill(&mut self.$field, other.$field); )*
            }
        }
    };
    (@shorthand) => { None };
    (@shorthand $shorthand:literal) => { Some($shorthand) };
}
pub(crate) use record;
