//! Several documents about one service become one record: ours wins per field over other tools', and of
//! those the earlier format in the order of trust. Every field keeps the place it came from.
//!
//! A document of another tool joins a service when both lie in one repository, when it names the service's
//! repository, or when it names none, as in a repository that only collects descriptors. One that names a
//! different repository speaks of a namesake. Two of one format in two repositories contradict each other,
//! as two of ours do (semantics §1.2); a copy in the same repository is told and not used.

use std::collections::BTreeMap;

use super::descriptors::Described;
use super::remarks::Remarks;
use crate::catalog::filing::Filing;
use crate::catalog::id::ServiceId;
use crate::catalog::names::fold;
use crate::catalog::origin::Origin;
use crate::catalog::record::Record;
use crate::diagnostic::codes;

/// What becomes of a document beside the one that it shares an id with.
#[derive(Debug, PartialEq, Eq)]
enum Fate {
    /// It fills what the other leaves open.
    Joins,
    /// It is a copy in the same repository.
    Repeats,
    /// It speaks of another service with the same name.
    Namesake,
    /// Nobody can say which of the two is right.
    Contradicts,
}

/// The documents that services are made of, each with what others say of it filled in. Those that
/// contradict each other stay apart.
pub(super) fn merge(
    mut described: Vec<Described>,
    filing: &Filing<'_>,
    remarks: &mut Remarks,
) -> Vec<Described> {
    // Ours first, then the formats in the order of trust, then by place.
    described.sort_by_key(|document| (document.format, document.file, document.mark));
    let aliases = aliases(&described);
    let mut order: Vec<ServiceId> = Vec::new();
    let mut groups: BTreeMap<ServiceId, Vec<Described>> = BTreeMap::new();
    for document in described {
        let id = aliases.get(document.id()).filter(|_| document.format.is_some()).unwrap_or(document.id());
        let id = id.clone();
        let group = groups.entry(id.clone()).or_default();
        if group.is_empty() {
            order.push(id);
        }
        group.push(document);
    }
    order.into_iter().filter_map(|id| groups.remove(&id)).flat_map(|of| group(of, filing, remarks)).collect()
}

/// Former ids of our own services: documents of other tools may still use them.
fn aliases(described: &[Described]) -> BTreeMap<ServiceId, ServiceId> {
    let own = || described.iter().filter(|document| document.format.is_none());
    let mut aliases = BTreeMap::new();
    for document in own() {
        for alias in document.record.aliases.values() {
            aliases.entry(alias.clone()).or_insert_with(|| document.id().clone());
        }
    }
    for document in own() {
        aliases.remove(document.id());
    }
    aliases
}

/// What is left of documents with one id: one, or those that contradict each other.
fn group(documents: Vec<Described>, filing: &Filing<'_>, remarks: &mut Remarks) -> Vec<Described> {
    let mut documents = documents.into_iter();
    let Some(mut first) = documents.next() else { return Vec::new() };
    let mut apart = Vec::new();
    for document in documents {
        match fate(&first, &document, filing) {
            Fate::Contradicts => apart.push(document),
            Fate::Joins => {
                first.also.push(document.origin());
                first.record.fill(document.record);
            }
            Fate::Repeats => {
                let message =
                    format!("`{}` is described again; {} is used", document.id(), there(&first, filing));
                let help = "remove one of the two";
                remarks.add(&codes::REPEATED_ENTITY, document.origin(), "", message, help);
            }
            Fate::Namesake => {
                let message = format!(
                    "`{}` is the id of another service too, {}, so nothing of this is used",
                    document.id(),
                    there(&first, filing)
                );
                let help = "give one of them another name; if both are one, name the same repository in both";
                remarks.add(&codes::NAMESAKE, document.origin(), "", message, help);
            }
        }
    }
    apart.insert(0, first);
    apart
}

fn there(document: &Described, filing: &Filing<'_>) -> String {
    let entry = &filing.table[document.file];
    format!("`{}/{}`, line {}", entry.repository, entry.path, document.mark.line)
}

fn fate(first: &Described, other: &Described, filing: &Filing<'_>) -> Fate {
    let lies_in = |document: &Described| &*filing.table[document.file].repository;
    let names = |document: &Described| document.record.repository.value().cloned();
    let same_place = first.file == other.file || filing.home(first.file) == filing.home(other.file);
    if first.format == other.format {
        return match (other.format, same_place) {
            (Some(_), true) => Fate::Repeats,
            _ => Fate::Contradicts,
        };
    }
    let of_first = [Some(Box::from(lies_in(first))), names(first)];
    let meant = |repository: &str| of_first.iter().flatten().any(|own| is_same_repository(own, repository));
    match names(other) {
        _ if same_place => Fate::Joins,
        None => Fate::Joins,
        Some(repository) if meant(&repository) => Fate::Joins,
        Some(_) => Fate::Namesake,
    }
}

/// Whether two names mean one repository: `org/name`, or the name alone where the organisation is not known.
pub(super) fn is_same_repository(one: &str, other: &str) -> bool {
    let (one, other) = (fold(one), fold(other));
    let last = |name: &str| name.rsplit('/').next().unwrap_or_default().to_owned();
    match (one.contains('/'), other.contains('/')) {
        (true, true) | (false, false) => one == other,
        (true, false) => last(&one) == other,
        (false, true) => one == last(&other),
    }
}

/// Where every document begins, with its format, sorted by place.
pub(super) fn formats(
    described: &[Described],
    foreign: &[crate::catalog::ledger::ForeignDocument],
) -> Vec<(Origin, Option<crate::settings::Format>)> {
    let own = described.iter().filter(|document| document.format.is_none());
    let own = own.map(|document| (document.origin(), None));
    let mut all: Vec<_> =
        foreign.iter().map(|document| (document.origin, Some(document.format))).chain(own).collect();
    all.sort();
    all
}

#[cfg(test)]
mod tests {
    use super::is_same_repository;

    #[test]
    fn repositories_are_one_when_nothing_speaks_against_it() {
        assert!(is_same_repository("Acme/Parcels", "acme/parcels"));
        assert!(is_same_repository("parcels", "acme/parcels"));
        assert!(!is_same_repository("other/parcels", "acme/parcels"));
        assert!(!is_same_repository("acme/parcels", "acme/quotes"));
    }
}
