//! `problems.json`: everything that authors wrote wrong, each at its place.

use schemars::JsonSchema;
use serde::Serialize;

use crate::diagnostic::Diagnostic;
use crate::render::portal::Portal;

/// Everything that authors wrote wrong.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Problems<'a> {
    /// By place, then code and message.
    pub problems: Vec<Problem<'a>>,
}

impl<'a> Problems<'a> {
    pub(super) fn of(portal: &'a Portal<'_>) -> Self {
        Self { problems: portal.relations.problems.all.iter().copied().map(Problem::of).collect() }
    }
}

/// One thing that is wrong, and what to do about it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Problem<'a> {
    /// Its kind: `milepost explain CODE` says more.
    pub code: &'static str,
    /// Column in characters, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<&'a str>,
    /// Line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// What is wrong.
    pub message: &'a str,
    /// Path in the repository.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<&'a str>,
    /// The repository, or the catalog folder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repository: Option<&'a str>,
    /// `error`, `warning` or `note`.
    pub severity: &'static str,
}

impl<'a> Problem<'a> {
    /// The problems at `positions` of all.
    pub(super) fn at(portal: &'a Portal<'_>, positions: &[u32]) -> Vec<Self> {
        positions.iter().map(|position| Self::of(portal.relations.problems.all[*position as usize])).collect()
    }

    fn of(diagnostic: &'a Diagnostic) -> Self {
        let place = diagnostic.place.as_ref();
        let counted = |number: u32| Some(number).filter(|number| *number > 0);
        Self {
            code: diagnostic.code.name,
            column: place.and_then(|place| counted(place.column)),
            help: diagnostic.help.as_deref(),
            line: place.and_then(|place| counted(place.line)),
            message: &diagnostic.message,
            path: place.map(|place| &*place.path),
            repository: place.map(|place| &*place.repository),
            severity: diagnostic.severity().word(),
        }
    }
}
