//! Values that only service records have: criticality, data classification, links. Each reads the
//! organisation's own words.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::origin::Origin;
use super::reader::Reader;
use super::record::{Readable, Shape, View};
use super::scalar::{report_unknown_word, scalar};
use super::service::{Criticality, DataClassification, Link};
use super::yaml::{Node, Value};
use crate::diagnostic::codes;

/// The words for the four tiers, the most critical first.
pub(super) const CRITICALITY_WORDS: [&str; 4] = ["tier-1", "tier-2", "tier-3", "tier-4"];

impl Criticality {
    /// The word for it.
    pub fn word(self) -> &'static str {
        CRITICALITY_WORDS[usize::from(self.0.clamp(1, 4)) - 1]
    }

    fn parse(word: &str) -> Option<Self> {
        let index = CRITICALITY_WORDS.iter().position(|known| *known == word)?;
        u8::try_from(index + 1).ok().map(Self)
    }
}

impl Readable for Criticality {
    const SHAPE: Shape = Shape::Choice(&CRITICALITY_WORDS);

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let scalar = scalar(node, "a criticality", reader)?;
        let synonyms = &reader.vocabulary.criticality;
        let word = synonyms.get(&*scalar.text).unwrap_or(&scalar.text);
        let found = Self::parse(word);
        if found.is_none() {
            let words: Vec<&str> =
                CRITICALITY_WORDS.into_iter().chain(synonyms.keys().map(|word| &**word)).collect();
            report_unknown_word(node, &scalar.text, "a criticality", &words, reader);
        }
        found
    }

    fn view(&self, origin: Origin) -> View<'_> {
        View::Text(self.word().into(), origin)
    }
}

impl Readable for DataClassification {
    const SHAPE: Shape = Shape::Text;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let scalar = scalar(node, "a data classification", reader)?;
        let words = &reader.vocabulary.data_classifications;
        if let Some(rank) = words.iter().position(|word| **word == *scalar.text) {
            return Some(Self { rank: u8::try_from(rank).unwrap_or(u8::MAX), word: scalar.text.clone() });
        }
        let words: Vec<&str> = words.iter().map(|word| &**word).collect();
        report_unknown_word(node, &scalar.text, "a data classification", &words, reader);
        None
    }

    fn view(&self, origin: Origin) -> View<'_> {
        View::Text((&*self.word).into(), origin)
    }
}

impl Readable for Link {
    const SHAPE: Shape = Shape::Text;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let targets: Vec<Box<str>> = match &node.value {
            Value::Scalar(scalar) => vec![scalar.text.clone()],
            Value::Sequence(items) => {
                items.iter().filter_map(|item| Some(item.scalar()?.text.clone())).collect()
            }
            Value::Null => return None,
            Value::Mapping(_) => {
                let url = node.get("url").and_then(|url| url.scalar());
                if url.is_none() {
                    reader.report(
                        node,
                        &codes::WRONG_TYPE,
                        "expected a path or address, found a mapping",
                        "write a path relative to this file, or an address",
                    );
                }
                vec![url?.text.clone()]
            }
        };
        Some(Self { targets })
    }

    fn view(&self, origin: Origin) -> View<'_> {
        View::Text(self.targets.first().map_or("", |target| target).into(), origin)
    }
}

impl fmt::Display for Criticality {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl JsonSchema for Criticality {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Criticality".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "How much depends on it, in our words or in those of the organisation.",
            "type": "string",
            "examples": CRITICALITY_WORDS
        })
    }
}

impl JsonSchema for DataClassification {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "DataClassification".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "How sensitive data is, in the words of the organisation.",
            "type": "string",
            "examples": ["public", "internal", "confidential", "restricted"]
        })
    }
}

impl JsonSchema for Link {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Link".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A path relative to this file, an address, or several of them.",
            "anyOf": [
                { "type": "string" },
                { "type": "array", "items": { "type": "string" } },
                { "type": "object", "properties": { "url": { "type": "string" } }, "required": ["url"] }
            ],
            "examples": ["docs/runbook.md", "https://wiki.example.com/parcel-quote"]
        })
    }
}
