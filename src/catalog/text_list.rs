//! One text or several: where authors write either.

use super::origin::Origin;
use super::reader::Reader;
use super::record::{Readable, Shape, View};
use super::scalar::scalar;
use super::yaml::{Node, Value};

/// Texts in the order of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextList(pub Vec<Box<str>>);

impl Readable for TextList {
    const SHAPE: Shape = Shape::List(&Shape::Text);

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let Value::Sequence(items) = &node.value else {
            return scalar(node, "text or a list of texts", reader).map(|one| Self(vec![one.text.clone()]));
        };
        Some(Self(items.iter().filter_map(|item| Some(scalar(item, "text", reader)?.text.clone())).collect()))
    }

    fn view(&self, origin: Origin) -> View<'_> {
        View::List(self.0.iter().map(|text| View::Text((&**text).into(), origin)).collect(), origin)
    }
}

impl schemars::JsonSchema for TextList {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "TextList".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "One text, or several.",
            "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }]
        })
    }
}
