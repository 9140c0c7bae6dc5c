//! The formats of other tools that `milepost.yaml` switches on: `all`, or a list of their words.

use crate::catalog::origin::Origin;
use crate::catalog::reader::Reader;
use crate::catalog::record::{Readable, Shape, View};
use crate::catalog::scalar::{report_unknown_word, scalar};
use crate::catalog::yaml::{Node, Value};
use crate::settings::{Format, Formats};

/// The word for every format.
const ALL: &str = "all";

/// Formats as `milepost.yaml` lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormatList(pub Formats);

impl Readable for FormatList {
    const SHAPE: Shape = Shape::List(&Shape::Text);

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let items = match &node.value {
            Value::Sequence(items) => items.as_slice(),
            _ => std::slice::from_ref(node),
        };
        let mut formats = Formats::NONE;
        for item in items {
            let Some(word) = scalar(item, "a format", reader) else { continue };
            match Format::ALL.into_iter().find(|format| format.word() == &*word.text) {
                Some(format) => formats = formats.with(format),
                None if &*word.text == ALL => formats = Formats::ALL,
                None => {
                    let mut words = vec![ALL];
                    words.extend(Format::ALL.map(Format::word));
                    report_unknown_word(item, &word.text, "a format of descriptors", &words, reader);
                }
            }
        }
        Some(Self(formats))
    }

    fn view(&self, origin: Origin) -> View<'_> {
        let on = Format::ALL.into_iter().filter(|format| self.0.has(*format));
        View::List(on.map(|format| View::Text(format.word().into(), origin)).collect(), origin)
    }
}

impl schemars::JsonSchema for FormatList {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "FormatList".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let mut words = vec![ALL];
        words.extend(Format::ALL.map(Format::word));
        schemars::json_schema!({
            "description": "Formats of other tools: all of them, or those in a list.",
            "anyOf": [
                { "type": "string", "enum": words },
                { "type": "array", "items": { "type": "string", "enum": words } }
            ],
            "examples": ["all", ["backstage", "codeowners"]]
        })
    }
}
