//! Described documents to services: one for each id, whoever else claims it, and every name that means it.

use std::collections::BTreeMap;

use super::descriptors::Described;
use super::names::Register;
use super::remarks::Remarks;
use crate::catalog::field::Sourced;
use crate::catalog::filing::Filing;
use crate::catalog::id::ServiceId;
use crate::catalog::origin::Origin;
use crate::catalog::table::{Index, Table};
use crate::catalog::{Claim, Service};
use crate::diagnostic::codes;

/// The services of all documents, nothing resolved yet.
pub(super) fn resolve(
    mut described: Vec<Described>,
    filing: &Filing<'_>,
    remarks: &mut Remarks,
) -> Register<Service> {
    // Records are large: the order is sought by key, and each is moved once.
    described.sort_by_cached_key(|document| (document.id().clone(), document.file, document.mark));
    let mut rows: Vec<Service> = Vec::with_capacity(described.len());
    for document in described {
        match rows.last_mut() {
            Some(last) if last.id == *document.id() => conflict(last, &document),
            _ => rows.push(service(document)),
        }
    }
    for row in &rows {
        report_conflict(row, filing, remarks);
    }
    confusable(&rows, remarks);
    let help = "write the id of a service, or add its descriptor";
    let table = Table::new(rows).0;
    let mut services = Register::new(table, "service", &codes::UNKNOWN_SERVICE, help);
    for position in 0..services.table.len() {
        let index = Index::new(position);
        let aliases: Vec<Sourced<ServiceId>> = services.table[index].record.aliases.items.clone();
        for alias in aliases {
            services.alias(alias.value.as_str(), alias.origin, index, remarks);
        }
    }
    services
}

fn service(document: Described) -> Service {
    Service {
        id: document.id().clone(),
        origin: Origin::File { file: document.file, mark: document.mark },
        file: document.file,
        document_number: document.document_number,
        record: document.record,
        also: document.also,
        conflict: Vec::new(),
        owner: None,
        golden_path: None,
        golden_path_version: None,
        created_on_path: None,
        environments: Vec::new(),
        depends_on: Vec::new(),
        dependents: Vec::new(),
        documents: Vec::new(),
        resources: Vec::new(),
        resources_unknown: None,
    }
}

fn conflict(first: &mut Service, other: &Described) {
    if first.conflict.is_empty() {
        let owner_team = first.record.owner_team.value().cloned();
        first.conflict.push(Claim { origin: first.origin, owner_team });
    }
    let origin = Origin::File { file: other.file, mark: other.mark };
    first.conflict.push(Claim { origin, owner_team: other.record.owner_team.value().cloned() });
}

fn report_conflict(service: &Service, filing: &Filing<'_>, remarks: &mut Remarks) {
    let claims = &service.conflict;
    for (position, claim) in claims.iter().enumerate() {
        // Each names the first of the others: with many copies, naming all in each would be quadratic.
        let other = &claims[usize::from(position == 0)];
        let Origin::File { file, mark } = other.origin else { continue };
        let entry = &filing.table[file];
        let others = match claims.len() {
            2 => "another document".to_owned(),
            many => format!("{} other documents", many - 1),
        };
        let message = format!(
            "`{}` is claimed by {others} too: `{}/{}`, line {}",
            service.id, entry.repository, entry.path, mark.line
        );
        let help = "rename or remove all but one of them";
        remarks.add(&codes::SERVICE_CONFLICT, claim.origin, "", message, help);
    }
}

/// Ids that differ only in what eyes do not tell apart.
fn confusable(services: &[Service], remarks: &mut Remarks) {
    let mut seen: BTreeMap<String, &ServiceId> = BTreeMap::new();
    for service in services {
        let Some(other) = seen.insert(skeleton(service.id.as_str()), &service.id) else { continue };
        let message = format!("`{}` is easily taken for the service `{other}`", service.id);
        let origin = service.record.service_id.origin().unwrap_or(service.origin);
        let help = "give one of them another id, and keep the old one under `aliases`";
        remarks.add(&codes::CONFUSABLE_ID, origin, service.id.as_str(), message, help);
    }
}

fn skeleton(id: &str) -> String {
    let one_by_one = id.chars().map(|c| match c {
        '_' | '.' => '-',
        '0' => 'o',
        '1' => 'l',
        other => other,
    });
    one_by_one.collect::<String>().replace("rn", "m")
}

#[cfg(test)]
mod tests {
    use super::skeleton;

    #[test]
    fn look_alikes_share_a_skeleton() {
        assert_eq!(skeleton("parcel-quote"), skeleton("parcel_quote"));
        assert_eq!(skeleton("tool-help"), skeleton("t0ol_he1p"));
        assert_ne!(skeleton("parcel-quote"), skeleton("parcel-quotes"));
    }
}
