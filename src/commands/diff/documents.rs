//! The documents of the static JSON as `diff` reads them: what it compares, and nothing else. Keys that are
//! not named here are passed over, as every reader of a promised format should.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

/// `index.json`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Contents {
    pub(super) catalog_revision: Option<String>,
    pub(super) generated_for: String,
    pub(super) schema_version: String,
    pub(super) snapshot: Option<String>,
}

/// A page of `services/index.json`.
#[derive(Debug, Deserialize)]
pub(super) struct Services {
    pub(super) pages: Vec<String>,
    pub(super) services: Vec<ServiceRow>,
}

/// One row of it.
#[derive(Debug, Deserialize)]
pub(super) struct ServiceRow {
    pub(super) id: String,
    pub(super) team: Option<String>,
    pub(super) tier: Option<String>,
}

/// `services/<id>.json`.
#[derive(Debug, Deserialize)]
pub(super) struct Service {
    pub(super) documents: Vec<Document>,
    pub(super) exceptions: Vec<ExceptionOfService>,
    pub(super) fields: BTreeMap<String, Field>,
    pub(super) resources: Option<Value>,
    pub(super) scorecards: BTreeMap<String, Judged>,
}

/// A document that a service names; where it is named plays no part.
#[derive(Debug, Deserialize, Hash, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub(super) struct Document {
    link: String,
    state: String,
    target: Option<String>,
    title: Option<String>,
    words: Option<u64>,
    written: Option<bool>,
}

/// An exception that names a service.
#[derive(Debug, Deserialize)]
pub(super) struct ExceptionOfService {
    pub(super) id: String,
    pub(super) state: String,
}

/// A value of a record.
#[derive(Debug, Deserialize)]
pub(super) struct Field {
    pub(super) origin: Origin,
    pub(super) value: Value,
}

/// Where something was read.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Origin {
    pub(super) commit: Option<String>,
    pub(super) kind: String,
    pub(super) path: Option<String>,
    pub(super) repository: Option<String>,
}

/// What a scorecard says of a service.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Judged {
    pub(super) level_with_exceptions: Option<String>,
    pub(super) rules: Vec<JudgedRule>,
    pub(super) with_exceptions: Option<Share>,
}

/// What came of one rule.
#[derive(Debug, Deserialize)]
pub(super) struct JudgedRule {
    #[serde(default)]
    pub(super) announced: bool,
    pub(super) exception: Option<String>,
    pub(super) id: String,
    pub(super) inputs: Vec<Input>,
    pub(super) message: Option<String>,
    pub(super) outcome: String,
}

/// One thing that a rule read.
#[derive(Debug, Deserialize)]
pub(super) struct Input {
    pub(super) origin: Option<Origin>,
    pub(super) path: String,
    pub(super) state: String,
    pub(super) value: Option<String>,
}

impl Input {
    /// Whether it is observed, not written by anybody.
    pub(super) fn is_observed(&self) -> bool {
        let names = ["fact(", "factAge(", "resources", "resourceCount(", "tags."];
        self.origin.as_ref().is_some_and(|origin| matches!(&*origin.kind, "aws" | "fact"))
            || names.iter().any(|name| self.path.starts_with(name))
    }
}

/// A share.
#[derive(Debug, Deserialize)]
pub(super) struct Share {
    pub(super) part: u64,
    pub(super) whole: u64,
}

/// `exceptions/index.json`.
#[derive(Debug, Deserialize)]
pub(super) struct Exceptions {
    pub(super) exceptions: Vec<ExceptionRow>,
}

/// One row of it.
#[derive(Debug, Deserialize)]
pub(super) struct ExceptionRow {
    pub(super) id: String,
    pub(super) service: Option<String>,
    pub(super) state: String,
}

/// `exceptions/<id>.json`.
#[derive(Debug, Deserialize)]
pub(super) struct Exception {
    pub(super) fields: BTreeMap<String, Field>,
}

/// `golden-paths/<id>.json`.
#[derive(Debug, Deserialize)]
pub(super) struct GoldenPath {
    pub(super) fields: BTreeMap<String, Field>,
}

/// `scorecards/<id>.json`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Scorecard {
    pub(super) applies_to: Option<String>,
    pub(super) levels: Vec<Level>,
    pub(super) origin: Origin,
    pub(super) rules: Vec<Rule>,
}

impl Scorecard {
    /// Its rule called `id`.
    pub(super) fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id == id)
    }
}

/// A level.
#[derive(Debug, Deserialize)]
pub(super) struct Level {
    pub(super) id: String,
}

/// What a rule says, and how much it counts.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Rule {
    assert: Option<String>,
    controls: Vec<String>,
    effective_from: Option<String>,
    pub(super) id: String,
    pub(super) level: Option<String>,
    waivable: bool,
    pub(super) weight: u64,
    when: Option<String>,
}

impl Rule {
    /// Whether another judges by the same words, however much it counts.
    pub(super) fn says_as(&self, other: &Self) -> bool {
        let words = |rule: &Self| {
            let conditions = (rule.assert.clone(), rule.when.clone(), rule.effective_from.clone());
            (conditions, rule.controls.clone(), rule.waivable)
        };
        words(self) == words(other)
    }
}
