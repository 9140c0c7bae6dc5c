//! What moved since an earlier pack: services that came and went, owners and tiers that changed, exceptions that were
//! opened, extended, ran out or were closed. The lists of the earlier pack are inputs like any other, and kept with
//! the manifests that lead from its digest to them.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use serde_json::{Map, Value};

use super::archive::Spool;
use super::opened::Opened;
use super::pack::{Earlier, Material};
use super::paths;
use super::selection::Selection;
use super::table::{self, Cell};
use super::{bag, signature, verify};
use crate::catalog::Service;
use crate::catalog::table::Index;
use crate::render::digest::Digest;

/// Where the files of the earlier pack are kept in this one.
const KEPT: &str = "data/inputs/previous/";
/// Its lists.
const SERVICES: &str = "data/population/services.json";
const EXCEPTIONS: &str = "data/population/exceptions.json";
/// What is kept of it: each file there with its name here. The digest of the first leads to all others.
const FILES: [(&str, &str); 5] = [
    (bag::TAG_MANIFEST, "tagmanifest-sha256.txt"),
    (bag::MANIFEST, "manifest-sha256.txt"),
    (paths::REQUEST, "pack.json"),
    (SERVICES, "services.json"),
    (EXCEPTIONS, "exceptions.json"),
];
/// Its signature, as it is kept.
const SIGNATURE: &str = "data/inputs/previous/tagmanifest-sha256.txt.sig";

/// The lists of an earlier pack.
#[derive(Clone, Debug)]
pub struct Before {
    /// Which pack it was.
    pub earlier: Earlier,
    /// The texts of [`FILES`].
    texts: [String; FILES.len()],
    signature: Option<String>,
    services: List,
    exceptions: List,
}

#[derive(Clone, Debug)]
struct List {
    rows: BTreeMap<String, Map<String, Value>>,
}

impl List {
    fn read(text: &str, key: &str) -> Result<Self, String> {
        let rows: Vec<Map<String, Value>> = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let keyed = |row: Map<String, Value>| Some((row.get(key)?.as_str()?.to_owned(), row));
        Ok(Self { rows: rows.into_iter().filter_map(keyed).collect() })
    }

    /// The ids of then and those of now, each once, in their order.
    fn ids_and<'l>(&'l self, now: impl Iterator<Item = &'l str>) -> BTreeSet<&'l str> {
        self.rows.keys().map(String::as_str).chain(now).collect()
    }
}

impl Before {
    /// The lists of `pack`, which is an earlier one. It must be whole, or it proves nothing.
    pub fn of(pack: &mut Opened, version: &str) -> Result<Self, String> {
        let checks = verify::verify(pack, &verify::Demands::default(), version);
        for check in checks {
            if let verify::Finding::Refused(why) = check.finding {
                return Err(format!("it does not verify: {why}"));
            }
        }
        let signed = pack.holds(bag::SIGNATURE).then(|| pack.text(bag::SIGNATURE));
        let texts = texts(|(there, _)| pack.text(there))?;
        Self::chained(texts, signed.transpose()?)
    }

    /// The lists that `pack` keeps of the pack before it; `None` when it names none. They must be those that the
    /// earlier pack was sealed with.
    pub fn kept_in(pack: &mut Opened) -> Result<Option<Self>, String> {
        let Some(earlier) = verify::request(pack)?.previous else { return Ok(None) };
        let signed = pack.holds(SIGNATURE).then(|| pack.text(SIGNATURE));
        let texts = texts(|(_, here)| pack.text(&format!("{KEPT}{here}")))?;
        let before = Self::chained(texts, signed.transpose()?).map_err(|why| format!("`{KEPT}`: {why}"))?;
        if before.earlier != earlier {
            return Err(format!(
                "`{}` names `{}` of {} as the earlier pack, and the one that is kept is `{}` of {}",
                paths::REQUEST,
                earlier.name,
                earlier.now,
                before.earlier.name,
                before.earlier.now
            ));
        }
        Ok(Some(before))
    }

    /// What `texts` are of, where the tag manifest leads to each of the others.
    fn chained(texts: [String; FILES.len()], signature: Option<String>) -> Result<Self, String> {
        let [around, payload, request, services, exceptions] = &texts;
        let digests = [bag::read_manifest(around)?, bag::read_manifest(payload)?];
        for (text, (there, here)) in texts.iter().zip(FILES).skip(1) {
            let digest = Digest::of(text.as_bytes());
            if !digests.iter().any(|listed| listed.get(there) == Some(&digest)) {
                return Err(format!("`{here}` is not the one that the earlier pack was sealed with"));
            }
        }
        let request = verify::read_request(request)?;
        signature::is_as_named(request.signed_by.as_deref(), signature.as_deref())
            .map_err(|why| format!("the signature of the earlier pack: {why}"))?;
        let tag_manifest = Digest::of(around.as_bytes()).hexadecimal();
        Ok(Self {
            services: List::read(services, "service")?,
            exceptions: List::read(exceptions, "exception")?,
            earlier: Earlier { covers: request.covers, name: request.name, now: request.now, tag_manifest },
            texts,
            signature,
        })
    }
}

/// The text of each of [`FILES`].
fn texts(
    mut read: impl FnMut((&'static str, &'static str)) -> Result<String, String>,
) -> Result<[String; FILES.len()], String> {
    let mut texts = [const { String::new() }; FILES.len()];
    for (text, file) in texts.iter_mut().zip(FILES) {
        *text = read(file)?;
    }
    Ok(texts)
}

/// Adds what moved since `material.before`, and what is kept of it; gives the number of rows.
pub(super) fn add(spool: &mut Spool, material: &Material<'_>, selection: &Selection) -> io::Result<usize> {
    if let Some(before) = material.before {
        for (text, (_, here)) in before.texts.iter().zip(FILES) {
            spool.add(&format!("{KEPT}{here}"), |out| out.write_all(text.as_bytes()))?;
        }
        if let Some(signature) = &before.signature {
            spool.add(SIGNATURE, |out| out.write_all(signature.as_bytes()))?;
        }
    }
    table::add(spool, paths::CHANGES, &["change", "subject", "before", "after"], |each| {
        let Some(before) = material.before else { return Ok(()) };
        services(material, selection, &before.services, each)?;
        exceptions(material, selection, &before.exceptions, each)
    })
}

fn row(
    each: &mut table::Rows<'_>,
    change: &'static str,
    subject: &str,
    before: Option<&str>,
    after: Option<&str>,
) -> io::Result<()> {
    each(&[change.into(), subject.into(), Cell::from(before), Cell::from(after)])
}

fn text<'v>(row: &'v Map<String, Value>, key: &str) -> Option<&'v str> {
    row.get(key)?.as_str()
}

fn services(
    material: &Material<'_>,
    selection: &Selection,
    before: &List,
    each: &mut table::Rows<'_>,
) -> io::Result<()> {
    let Material { catalog, assessment, .. } = *material;
    let now: BTreeMap<&str, Index<Service>> =
        selection.services.iter().map(|index| (catalog.services[*index].id.as_str(), *index)).collect();
    for id in before.ids_and(now.keys().copied()) {
        match (before.rows.get(id), now.get(id)) {
            (None, _) => row(each, "service-added", id, None, None)?,
            (Some(_), None) => row(each, "service-removed", id, None, None)?,
            (Some(was), Some(index)) => {
                let service = &catalog.services[*index];
                let is = [
                    ("owner-changed", "team", service.owner.map(|team| catalog.teams[team].id.as_str())),
                    (
                        "tier-changed",
                        "tier",
                        assessment.services[index.position()].tier.as_ref().map(|tier| tier.tier.word()),
                    ),
                    (
                        "lifecycle-changed",
                        "lifecycleState",
                        service.record.lifecycle.state.value().map(|state| state.word()),
                    ),
                ];
                for (change, key, after) in is {
                    let before = text(was, key);
                    if before != after {
                        row(each, change, id, before, after)?;
                    }
                }
            }
        }
    }
    Ok(())
}

fn exceptions(
    material: &Material<'_>,
    selection: &Selection,
    before: &List,
    each: &mut table::Rows<'_>,
) -> io::Result<()> {
    let Material { catalog, assessment, .. } = *material;
    let now: BTreeMap<&str, _> =
        selection.exceptions.iter().map(|index| (&*catalog.exceptions[*index].id, *index)).collect();
    for id in before.ids_and(now.keys().copied()) {
        let index = now.get(id);
        let state = index.map(|index| assessment.exceptions[index.position()].state.word());
        let Some(was) = before.rows.get(id) else {
            row(each, "exception-opened", id, None, state)?;
            continue;
        };
        let Some(index) = index else {
            row(each, "exception-removed", id, text(was, "state"), None)?;
            continue;
        };
        let record = &catalog.exceptions[*index].record;
        let terms = [
            ("exception-service-changed", "service", record.service.value().map(|id| id.as_str())),
            ("exception-control-changed", "control", record.control.value().map(|id| id.as_str())),
            ("exception-rule-changed", "rule", record.rule.value().map(|id| id.as_str())),
            ("exception-risk-changed", "risk", record.risk.value().map(|risk| risk.word())),
        ];
        for (change, column, now) in terms {
            if text(was, column) != now {
                row(each, change, id, text(was, column), now)?;
            }
        }
        let ends = record.expires_at.value().map(ToString::to_string);
        let ended = text(was, "expiresAt");
        if ended != ends.as_deref() {
            // Days as they are written have the order of time.
            let later = ended.is_some_and(|ended| ends.as_deref().is_some_and(|ends| ends > ended));
            let change = if later { "exception-extended" } else { "exception-end-changed" };
            row(each, change, id, ended, ends.as_deref())?;
        }
        if text(was, "state") != state {
            let change = match state {
                Some("expired") => "exception-expired",
                Some("closed") => "exception-closed",
                _ => "exception-state-changed",
            };
            row(each, change, id, text(was, "state"), state)?;
        }
    }
    Ok(())
}
