//! Score's `score.yaml`: a workload with the resources it needs. It never names an owner.

use super::draft::{Draft, made, reference, text_of};
use super::{Entity, Says, nameless, words};
use crate::catalog::reader::Reader;
use crate::catalog::yaml::{Entry, Node, Value};

/// Keys that say what the document is.
const FORM: &[&str] = &["apiVersion"];

/// Types of resources that store data.
const STORES: &[&str] = &[
    "postgres",
    "postgresql",
    "mysql",
    "mariadb",
    "mssql",
    "mongodb",
    "redis",
    "valkey",
    "elasticsearch",
    "opensearch",
    "dynamodb",
    "cassandra",
    "s3",
    "gcs-bucket",
    "volume",
    "rds",
    "aurora",
];

/// Types of resources that are part of how the workload is reached and run, not something beside it.
const OWN: &[&str] = &["dns", "route", "environment", "service-port", "tls-cert"];

pub(super) fn read(mut draft: Draft<'_>, reader: &mut Reader<'_>) -> Option<Entity> {
    let name = draft.text(&["metadata", "name"], reader);
    let Some(name) = name.filter(|name| text_of(name).and_then(words::slug).is_some()) else {
        nameless(draft.root, "Score workload", "metadata.name", reader);
        return None;
    };
    draft.id("serviceId", name)?;
    for entry in draft.mapping(&["metadata", "annotations"], reader) {
        draft.label(&entry.key, &entry.value);
    }
    if let Some(resources) = draft.peek(&["resources"]) {
        for entry in reader.mapping(resources).unwrap_or_default() {
            resource(&mut draft, entry);
        }
    }
    let record = draft.service(reader)?;
    let name = text_of(name).unwrap_or_default().into();
    let not_carried = draft.not_carried(FORM);
    Some(Entity { kind: "workload".into(), name, says: Says::Service(Box::new(record)), not_carried })
}

fn resource(draft: &mut Draft<'_>, entry: &Entry) {
    let Some(node) = entry.value.get("type") else { return };
    let Some(kind) = text_of(node) else { return };
    // One that is shared goes by its id; the name in the file is the workload's own for it.
    let shared = entry.value.get("id").filter(|id| text_of(id).is_some());
    let name = shared.and_then(text_of).unwrap_or(&entry.key);
    draft.taken(node);
    if let Some(id) = shared {
        draft.taken(id);
    }
    if STORES.contains(&kind) {
        let field =
            |key: &str, text: &str| Entry { key: key.into(), mark: node.mark, value: made(text, node) };
        let store = Value::Mapping(vec![field("name", name), field("type", kind)]);
        draft.push("dataStores", Node { value: store, ..node.clone() });
    } else if kind == "service" || kind == "workload" {
        draft.depends_on("service", &reference(name), node);
    } else if !OWN.contains(&kind) {
        draft.depends_on("resource", name, node);
    }
}
