//! The JSON Schemas of scalars: numbers, days, lengths of time, and what is only declared.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::catalog::scalar::{Declaration, Duration, Number};
use crate::day::Day;

/// Gives a type that is not ours to derive for a JSON Schema.
macro_rules! schema {
    ($type:ty, $name:literal, $schema:tt) => {
        impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                $name.into()
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        }
    };
}

schema!(Number, "Number", {
    "description": "A plain number; in percent, its sign may follow.",
    "anyOf": [{ "type": "number" }, { "type": "string", "pattern": "^-?[0-9.]+ *%?$" }],
    "examples": [300, 99.9]
});
schema!(Day, "Day", {
    "description": "A day, or the moment in it, as ISO 8601 writes them.",
    "type": "string",
    "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ].+)?$",
    "examples": ["2026-11-21"]
});
schema!(Duration, "Duration", {
    "description": "A length of time: numbers with units, from weeks to seconds, or a cadence.",
    "type": "string",
    "pattern": "^(daily|weekly|monthly|quarterly|yearly|([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?)$",
    "examples": ["15m", "4h", "7d"]
});
schema!(Declaration, "Declaration", {
    "description": "Whether it is there: true or false, or what it is called, where it is, or what it is.",
    "type": ["boolean", "string", "number", "object", "array", "null"],
    "examples": [true, "checkout-traces", "https://dashboards.example.com/d/checkout"]
});
