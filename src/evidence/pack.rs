//! Makes a pack: every table, record and input of a judged night, in a bag. The same night, judged by the same
//! program, gives the same bytes wherever and however often it is packed.

use std::collections::BTreeMap;
use std::io::{self, Seek, Write};

use serde::{Deserialize, Serialize};

use super::archive::{Sealed, Spool};
use super::changes::{self, Before};
use super::ledger::Ledger;
use super::names::Names;
use super::selection::{Asked, Selection};
use super::{
    bag, controls, exceptions, exclusions, inputs, oscal, paths, period, population, readme, results,
    sources, statement, summary,
};
use crate::assess::Assessment;
use crate::assess::change::Judged;
use crate::catalog::Catalog;
use crate::catalog::configuration::Configuration;
use crate::collect::snapshot::{CatalogFolder, Snapshot};
use crate::day::{Day, Moment};
use crate::render::digest::Digest;
use crate::render::portal::Run;

/// The form of packs; raised when an older program would misread one.
pub const FORMAT: u32 = 1;

/// What a pack was asked for: all that has to be known, beside its inputs, to make it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Request {
    /// The profile of the readers for whom something is left out, when it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audience: Option<String>,
    /// The catalog folder and its revision, as pages name it.
    pub catalog_revision: Option<String>,
    /// Where the run of CI can be looked up, when it was one.
    pub ci_run: Option<String>,
    /// What the pack covers.
    pub covers: Asked,
    /// The form of the pack.
    pub format: u32,
    /// Version of Milepost.
    pub milepost: String,
    /// The name of the pack.
    pub name: String,
    /// The moment that was judged.
    pub now: Moment,
    /// The pack that this one is compared with.
    pub previous: Option<Earlier>,
    /// The digest of the program, in hexadecimal.
    pub program: Option<String>,
    /// The first day of the period that it covers; none when it stands for the moment alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Day>,
    /// The fingerprint of the key that signs it, as OpenSSH writes it; none when nobody does. The signature covers it,
    /// so that one that is taken away or replaced shows.
    pub signed_by: Option<String>,
    /// Whether the inputs are left out, so that nobody can judge them again.
    pub withholds_inputs: bool,
}

/// An earlier pack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Earlier {
    /// What it covers.
    pub covers: Asked,
    /// Its name.
    pub name: String,
    /// The moment that it judged.
    pub now: Moment,
    /// The digest of its tag manifest, in hexadecimal.
    pub tag_manifest: String,
}

/// What a pack is made of.
#[derive(Clone, Copy, Debug)]
pub struct Material<'a> {
    /// What was collected.
    pub snapshot: &'a Snapshot,
    /// Its digest.
    pub snapshot_digest: Digest,
    /// The catalog folder.
    pub folder: &'a CatalogFolder,
    /// Its configuration.
    pub configuration: &'a Configuration,
    /// What was resolved.
    pub catalog: &'a Catalog,
    /// What was judged.
    pub assessment: &'a Assessment,
    /// The run.
    pub run: &'a Run,
    /// What is asked for.
    pub request: &'a Request,
    /// What of the catalog that covers.
    pub asked: &'a Asked,
    /// The lists of an earlier pack, when it is compared with one.
    pub before: Option<&'a Before>,
    /// The runs before.
    pub ledger: &'a Ledger,
}

impl<'a> Material<'a> {
    /// The judgement with what it judged.
    pub(super) fn judged(&self) -> Judged<'a> {
        Judged { catalog: self.catalog, assessment: self.assessment }
    }
}

/// A pack that is whole but for its signature.
#[derive(Debug)]
pub struct Pack {
    name: String,
    spool: Spool,
    /// The text that a signature covers.
    pub tag_manifest: String,
    /// What it counts.
    pub counts: Counts,
}

/// What a pack counts, for those who made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Files of the payload.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
    /// Rows of results.
    pub results: usize,
    /// Rows of exclusions.
    pub exclusions: usize,
    /// Rows by population.
    pub populations: Vec<(&'static str, usize)>,
}

/// The name of a pack: the organisation, what it covers when that is not all, for whom when something is left out for
/// them, the first day of a period, and the day.
pub fn name(
    organisation: &str,
    (asked, audience): (&Asked, Option<&str>),
    since: Option<Day>,
    day: Day,
) -> String {
    let plain = |text: &str| -> String {
        let dashed: String = text
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' })
            .collect();
        let parts: Vec<&str> = dashed.split('-').filter(|part| !part.is_empty()).collect();
        parts.join("-").chars().take(LONGEST_PART).collect()
    };
    let audience = audience.map(|audience| format!("for-{}", plain(audience))).unwrap_or_default();
    let since = since.map(|since| format!("since-{since}")).unwrap_or_default();
    let parts = [plain(organisation), plain(&asked.suffix()), audience, since, day.to_string()];
    parts.iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join("-")
}

/// Most characters of a part of a name.
const LONGEST_PART: usize = 60;

impl Pack {
    /// Makes the pack that `material` asks for. An error is the machine's.
    pub fn make(material: &Material<'_>, selection: &Selection) -> io::Result<Self> {
        let mut spool = Spool::new()?;
        let mut names = Names::default();
        let populations = population::add(&mut spool, material, selection)?;
        let controls = controls::add(&mut spool, material, selection)?;
        let results = results::add(&mut spool, material, selection)?;
        exceptions::add(&mut spool, material, selection, &mut names)?;
        let exclusions = exclusions::add(&mut spool, material, selection, &populations)?;
        changes::add(&mut spool, material, selection)?;
        let period = period::add(&mut spool, material)?;
        sources::add(&mut spool, material)?;
        oscal::add(&mut spool, material, selection, &populations)?;
        inputs::add(&mut spool, material, material.request.withholds_inputs, &mut names)?;
        spool.add(paths::LEDGER, |out| out.write_all(material.ledger.text().as_bytes()))?;
        spool.add(paths::REQUEST, |out| {
            serde_json::to_writer_pretty(&mut *out, material.request)?;
            out.write_all(b"\n")
        })?;
        summary::add(&mut spool, material, selection, (&populations, &controls, exclusions, period))?;
        readme::add(&mut spool, material, selection, &populations, (results, period))?;
        statement::add(&mut spool, material)?;
        let payload = spool.sealed().clone();
        let counts = Counts {
            files: payload.len(),
            bytes: payload.values().map(|sealed| sealed.size).sum(),
            results,
            exclusions,
            populations: populations.iter().map(|population| (population.name, population.rows)).collect(),
        };
        let name = material.request.name.clone();
        let tag_manifest = close(&mut spool, material, &payload)?;
        Ok(Self { name, spool, tag_manifest, counts })
    }

    /// The name of the pack.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Every file so far, with its digest.
    pub fn files(&self) -> &BTreeMap<String, Sealed> {
        self.spool.sealed()
    }

    /// Puts the signature beside the tag manifest.
    pub fn sign(&mut self, signature: &str) -> io::Result<()> {
        self.spool.add(bag::SIGNATURE, |out| out.write_all(signature.as_bytes()))
    }

    /// Puts the answer of a time stamp authority beside the tag manifest.
    pub fn stamp(&mut self, answer: &[u8]) -> io::Result<()> {
        self.spool.add(bag::TIME_STAMP, |out| out.write_all(answer))
    }

    /// Writes the archive.
    pub fn write(self, out: impl Write + Seek) -> io::Result<()> {
        self.spool.finish(&self.name, out)
    }
}

/// Puts the bag around the payload; gives the text of the tag manifest.
fn close(
    spool: &mut Spool,
    material: &Material<'_>,
    payload: &BTreeMap<String, Sealed>,
) -> io::Result<String> {
    let Material { catalog, run, request, .. } = *material;
    let covers = request.covers.words();
    let info = bag::Info {
        organisation: &catalog.organisation,
        name: &request.name,
        as_of: run.as_of,
        covers: &covers,
        audience: request.audience.as_deref(),
        version: &run.version,
    };
    let texts = [
        (bag::INFO, info.text(payload)),
        (bag::DECLARATION, bag::DECLARED.to_owned()),
        (bag::MANIFEST, bag::manifest(payload)),
    ];
    for (path, text) in texts {
        spool.add(path, |out| out.write_all(text.as_bytes()))?;
    }
    let around = spool.sealed().iter().filter(|(path, _)| !path.starts_with(bag::PAYLOAD));
    let tag_manifest = bag::manifest(around);
    spool.add(bag::TAG_MANIFEST, |out| out.write_all(tag_manifest.as_bytes()))?;
    Ok(tag_manifest)
}
