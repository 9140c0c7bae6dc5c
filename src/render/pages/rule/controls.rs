//! The controls that a rule proves, in the words of the frameworks that ask for them.

use serde::Serialize;

use crate::catalog::control::{Control as Record, FrameworkIds};
use crate::catalog::field::Sourced;
use crate::catalog::id::ControlId;
use crate::render::origin::Provenance;
use crate::render::portal::Portal;
use crate::render::prose::prose;
use crate::render::templates::Html;

/// One control.
#[derive(Debug, Serialize)]
pub(super) struct Control<'p> {
    id: &'p str,
    /// Nothing when the catalog has no such control.
    title: Option<Html>,
    known: bool,
    kind: Option<&'static str>,
    frameworks: Vec<String>,
    origin: Provenance,
}

impl<'p> Control<'p> {
    pub(super) fn new(portal: &'p Portal<'_>, control: &'p Sourced<ControlId>) -> Self {
        let id = control.value.as_str();
        let declared = portal.catalog.controls.by_id(id);
        let record = declared.map(|declared| &declared.record);
        Self {
            id,
            title: record.and_then(|record| record.title.value()).map(|title| prose(title)),
            known: record.is_some(),
            kind: record.and_then(|record| record.kind.value()).map(|kind| kind.word()),
            frameworks: record.map_or_else(Vec::new, frameworks),
            origin: portal.provenance(declared.map_or(control.origin, |declared| declared.origin)),
        }
    }
}

/// `SOC 2 CC7.3, CC7.4`, for each framework.
fn frameworks(control: &Record) -> Vec<String> {
    let framework = |(name, ids): &(Box<str>, Sourced<FrameworkIds>)| {
        let ids: Vec<&str> = ids.value.0.iter().map(|id| &**id).collect();
        format!("{} {}", framework_name(name), ids.join(", "))
    };
    control.frameworks.entries.iter().map(framework).collect()
}

/// What people call a framework.
fn framework_name(key: &str) -> &str {
    match key {
        "soc2" => "SOC 2",
        "iso27001" => "ISO 27001",
        "pciDss" => "PCI DSS",
        "nist80053" => "NIST 800-53",
        other => other,
    }
}
