//! Any bytes as a descriptor of another tool with the `CODEOWNERS` beside it, through the whole catalog, with
//! every message printed in every form.

use std::path::Path;
use std::sync::Arc;

use milepost::catalog::{Catalog, configuration, descriptor, yaml};
use milepost::collect::snapshot::{
    CatalogFolder, Content, File, FileRole, LocalFolder, Repository, RepositoryIndex, RepositoryState,
    Revision, Snapshot,
};
use milepost::collect::text::Text;
use milepost::diagnostic::{Diagnostics, json, text};

/// One path for each format, chosen by the first byte.
pub(super) const PATHS: [&str; 8] = [
    "catalog-info.yaml",
    "service.datadog.yaml",
    "entity.datadog.yaml",
    "opslevel.yml",
    "cortex.yaml",
    "compass.yml",
    "score.yaml",
    "slos/all.yaml",
];

/// Between the descriptor and `CODEOWNERS`.
pub(super) const SEPARATOR: u8 = 0xFF;

const CONFIGURATION: &str =
    "descriptors: {formats: all, fields: {costCenter: [cost], criticality: [tier]}}\n";

/// Reads `bytes`, and prints what is said; returns how many documents of other tools there were.
///
/// # Panics
/// When a document of the descriptor is neither read, nor passed over, nor listed as unreadable.
pub(super) fn read(bytes: &[u8]) -> usize {
    let (first, rest) = bytes.split_first().unwrap_or((&0, &[]));
    let path = PATHS[usize::from(*first) % PATHS.len()];
    let mut parts = rest.splitn(2, |byte| *byte == SEPARATOR).map(String::from_utf8_lossy);
    let (document, owners) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let repository = Repository {
        name: "shop".into(),
        source: "repositories".into(),
        revision: Revision::Digest("0".into()),
        url: None,
        last_commit: None,
        state: RepositoryState::Read,
        refused: Vec::new(),
        owners_review: None,
        carried: None,
        folder: LocalFolder::default(),
    };
    let files =
        vec![file("CODEOWNERS", FileRole::Owners, &owners), file(path, FileRole::Descriptor, &document)];
    let snapshot = Snapshot { repositories: vec![repository], files, ..Snapshot::default() };
    let mut diagnostics = Diagnostics::default();
    let configuration = configuration::read(CONFIGURATION, Path::new("milepost.yaml"), &mut diagnostics);
    let configuration = configuration.expect("a configuration that can be read");
    let limits = yaml::Limits::from(configuration.run_limits());
    descriptor::named_descriptors(&document, limits, configuration.formats());
    let mut catalog = Catalog::resolve(&snapshot, &CatalogFolder::none(), &configuration);
    let ledger = &catalog.ledger;
    let known =
        ledger.foreign.len() + ledger.skipped.len() + ledger.unreadable.len() + catalog.services.len();
    assert!(known >= yaml::parse(&document, limits).len(), "{path}: {document}");
    let read = ledger.foreign.len();
    catalog.diagnostics.sort();
    json::render(&catalog.diagnostics);
    text::render(&catalog.diagnostics, true);
    read
}

fn file(path: &str, role: FileRole, content: &str) -> File {
    File {
        repository: RepositoryIndex(0),
        path: Arc::from(path),
        role,
        size: content.len() as u64,
        content: Content::Text(Text::new(content)),
        last_change: None,
        first_change: None,
        first_text: None,
        history: Vec::new(),
    }
}
