//! A part of a document that is kept as it is, to be read later by whoever knows its shape.

use super::origin::Origin;
use super::reader::Reader;
use super::record::{Readable, Shape, View};
use super::yaml::Node;

/// Any YAML value, kept with its places.
#[derive(Clone, Debug, PartialEq)]
pub struct Free(pub Node);

impl Readable for Free {
    const SHAPE: Shape = Shape::Any;

    fn read(node: &Node, _: &mut Reader<'_>) -> Option<Self> {
        Some(Self(node.clone()))
    }

    fn view(&self, origin: Origin) -> View<'_> {
        let text = self.0.scalar().map_or("", |scalar| &scalar.text);
        View::Text(text.into(), origin)
    }
}

impl schemars::JsonSchema for Free {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Free".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "Whatever the author writes.",
            "examples": ["weekly", 7, true]
        })
    }
}
