//! The statement of the run: what was made of what, by which program (in-toto Statement v1 with the predicate of
//! SLSA provenance v1).

use std::io;

use serde_json::json;

use super::archive::Spool;
use super::pack::Material;
use super::{inputs, paths};
use crate::collect::snapshot::{CatalogFolder, Content};
use crate::render::digest::Digest;

/// What kind of making this is. Nobody has to fetch it; it only has to be ours.
const BUILD_TYPE: &str = "urn:milepost:evidence-pack:1";

/// Adds the statement about everything in `spool`.
pub(super) fn add(spool: &mut Spool, material: &Material<'_>) -> io::Result<()> {
    let subject: Vec<_> = spool
        .sealed()
        .iter()
        .map(|(path, sealed)| json!({"name": path, "digest": {"sha256": sealed.digest.hexadecimal()}}))
        .collect();
    let Material { run, request, folder, snapshot_digest, .. } = *material;
    let at = run.moment.to_string();
    let index = format!("{}.json", inputs::INDEX);
    let digest_of = |path: &str| spool.sealed().get(path).map(|sealed| sealed.digest.hexadecimal());
    let statement = json!({
        "_type": "https://in-toto.io/Statement/v1",
        "predicate": {
            "buildDefinition": {
                "buildType": BUILD_TYPE,
                "externalParameters": {"request": paths::REQUEST, "covers": request.covers},
                "internalParameters": {},
                "resolvedDependencies": [
                    {"name": "catalog folder", "uri": run.catalog_revision, "digest": {"sha256": catalog_digest(folder)}},
                    {"name": "snapshot", "digest": {"sha256": snapshot_digest.hexadecimal()}},
                    {"name": index, "digest": {"sha256": digest_of(&index)}},
                ],
            },
            "runDetails": {
                "builder": {"id": "urn:milepost", "version": {"milepost": run.version}},
                // Without its digest nothing is said of the program: a digest is never null in a statement.
                "byproducts": request
                    .program
                    .iter()
                    .map(|digest| json!({"name": "program", "digest": {"sha256": digest}}))
                    .collect::<Vec<_>>(),
                "metadata": {"invocationId": request.ci_run, "startedOn": at, "finishedOn": at},
            },
        },
        "predicateType": "https://slsa.dev/provenance/v1",
        "subject": subject,
    });
    spool.add(paths::STATEMENT, |out| {
        serde_json::to_writer_pretty(&mut *out, &statement)?;
        out.write_all(b"\n")
    })
}

/// The digest of a catalog folder: of the digests of its texts with their paths, in the order of the paths.
fn catalog_digest(folder: &CatalogFolder) -> String {
    let lines = folder.files.iter().filter_map(|file| match &file.content {
        Content::Text(text) => Some(format!("{}  {}\n", Digest(text.digest()).hexadecimal(), file.path)),
        _ => None,
    });
    Digest::of(lines.collect::<String>().as_bytes()).hexadecimal()
}
