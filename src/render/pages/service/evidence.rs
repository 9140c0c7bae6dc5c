//! What the page rests on: the descriptor, as it was collected.

use serde::Serialize;

use crate::catalog::Service;
use crate::catalog::foreign::Format;
use crate::catalog::origin::Origin;
use crate::collect::snapshot::SourceReport;
use crate::render::badge::Badge;
use crate::render::carried::CarriedOver;
use crate::render::digest::hexadecimal;
use crate::render::links::Href;
use crate::render::origin::Brief;
use crate::render::parts::When;
use crate::render::portal::Portal;

/// How many documents of other tools are listed.
const SHOWN_ALSO: usize = 20;

/// What the template sees of it.
#[derive(Debug, Serialize)]
pub(super) struct Evidence<'p> {
    source: String,
    /// The tool whose descriptor it is, when it is not ours.
    format: Option<&'static str>,
    /// Documents of other tools that say more.
    also: Vec<Brief>,
    document: Option<u32>,
    href: Option<Href>,
    commit: Option<&'p str>,
    changed: Option<When>,
    collected: Option<When>,
    moment: Option<String>,
    carried: Option<CarriedOver>,
    digest: Option<String>,
}

impl<'p> Evidence<'p> {
    /// That the record is carried over from an earlier run, when it is.
    pub(super) fn stale(&self) -> Option<Badge> {
        self.carried.as_ref().map(|carried| carried.badge.clone())
    }

    pub(super) fn of(portal: &'p Portal<'_>, service: &'p Service) -> Self {
        let catalog = portal.catalog;
        let file = &catalog.files[service.file];
        let report: Option<&SourceReport> =
            catalog.ledger.sources.iter().find(|report| *report.name == *file.source);
        // What is carried over was not collected when its source was asked last.
        let seen = file.carried.as_ref().map(|carried| carried.since);
        let collected_at = seen.or_else(|| report.map(|report| report.collected_at));
        Self {
            source: format!("{} · {}", file.repository, file.path),
            format: catalog.files.format(service.origin).map(Format::title),
            also: service.also.iter().take(SHOWN_ALSO).map(|origin| portal.brief(*origin)).collect(),
            document: Some(service.document_number).filter(|number| *number > 1),
            href: portal.brief(Origin::Document(service.file)).href,
            commit: file.commit.as_deref(),
            changed: file.last_change.as_ref().map(|change| portal.when_of(change.at)),
            collected: collected_at.map(|at| portal.when_of(at)),
            moment: collected_at.map(|at| at.to_string()),
            carried: CarriedOver::of(portal, service.file),
            digest: file.digest.map(|digest| hexadecimal(&digest)),
        }
    }
}
