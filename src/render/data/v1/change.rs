//! `changes.json`: what moved since the last run, and why.

use schemars::JsonSchema;
use serde::Serialize;

/// What moved since the last run. Empty until a run is compared with an earlier one.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct Changes {
    /// One for each thing that moved.
    pub changes: Vec<Change>,
}

/// One thing that moved.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Change {
    /// `descriptor`, `rule`, `clock` or `facts`.
    pub cause: &'static str,
    /// What it was.
    pub from: String,
    /// What moved: `score`, `level`, `tier` or `state`.
    pub measure: &'static str,
    /// Of what: `service:<id>` or `exception:<id>`.
    pub subject: String,
    /// What it is.
    pub to: String,
}
