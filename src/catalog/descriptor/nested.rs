//! The nested contract of lesson §8 brought to the flat shape of §16: nodes change their key and keep
//! their place, so that every value and every report still points at what the author wrote.

use crate::catalog::id;
use crate::catalog::reader::Reader;
use crate::catalog::record::Record;
use crate::catalog::service::ServiceRecord;
use crate::catalog::yaml::{Entry, Mark, Node, Scalar, Value};
use crate::diagnostic::{Diagnostic, codes};

/// Keys of `service` that the flat shape calls otherwise.
const SERVICE_KEYS: &[&str] = &["name", "owner", "tier", "availability"];

/// Keys of `availability`.
const AVAILABILITY_KEYS: &[&str] = &["targetSlo", "rto", "rpo"];

/// The nested document `root` in the flat shape.
pub(super) fn flatten(root: &Node, reader: &mut Reader<'_>) -> Node {
    let mut flat = Flat { entries: Vec::new(), named: None, reader };
    let beside = root.entries().unwrap_or_default();
    for entry in beside {
        if &*entry.key != "service" {
            flat.take(entry, beside, false);
            continue;
        }
        let inside = entry.value.entries().unwrap_or_default();
        for entry in inside {
            flat.take(entry, inside, true);
        }
    }
    Node { mark: root.mark, length: 0, value: Value::Mapping(flat.entries) }
}

struct Flat<'r, 'd> {
    entries: Vec<Entry>,
    /// Where `name` stands, which yields to fields that are written out.
    named: Option<Mark>,
    reader: &'r mut Reader<'d>,
}

impl Flat<'_, '_> {
    /// Takes one key of `service` (`inside`) or beside it.
    fn take(&mut self, entry: &Entry, beside: &[Entry], inside: bool) {
        let sections: fn(&mut Self, &Entry, &[Entry]) = match &*entry.key {
            "name" if inside => return self.name(entry),
            "owner" if inside => return self.put("ownerTeam", entry),
            "tier" if inside => return self.put("criticality", entry),
            "availability" => Self::availability,
            "observability" => |flat, part, _| match &*part.key {
                "pager" => flat.put("onCall", part),
                _ => flat.put_below("observability", &part.key, part),
            },
            "security" => |flat, part, _| match &*part.key {
                "waf" => flat.put_below("exposure", "waf", part),
                _ => flat.put_below("security", &part.key, part),
            },
            "cost" => |flat, part, _| match &*part.key {
                key @ ("costCenter" | "product" | "tenantAware") => flat.put(key, part),
                _ => flat.put_below("cost", &part.key, part),
            },
            "exposure" if entry.value.scalar().is_some() => {
                return self.put_below("exposure", "type", entry);
            }
            key @ ("exposure" | "slo" | "resilience") if entry.value.entries().is_some() => match key {
                "exposure" => |flat, part, _| flat.put_below("exposure", &part.key, part),
                "slo" => |flat, part, _| flat.put_below("slo", &part.key, part),
                _ => |flat, part, _| flat.put_below("resilience", &part.key, part),
            },
            key if inside && ServiceRecord::SHAPE.field(key).is_none() && !key.starts_with("x-") => {
                let fields = ServiceRecord::SHAPE.fields.iter().map(|field| field.key);
                let known = SERVICE_KEYS.iter().copied().chain(fields);
                return self.reader.unknown_key(entry, beside, ServiceRecord::SHAPE.name, known);
            }
            key => return self.put(key, entry),
        };
        let parts = self.reader.mapping(&entry.value).unwrap_or_default();
        for part in parts {
            sections(self, part, parts);
        }
    }

    /// The name is the id, in the form of an id; the author's form becomes the name people say.
    fn name(&mut self, entry: &Entry) {
        self.named = Some(entry.mark);
        let slug = entry
            .value
            .scalar()
            .filter(|name| !id::is_slug(&name.text))
            .and_then(|name| id::slug(&name.text));
        match slug {
            Some(slug) => {
                let value = Value::Scalar(Scalar { text: slug.into(), quoted: true });
                self.derive("serviceId", entry, Node { value, ..entry.value.clone() });
                self.derive("displayName", entry, entry.value.clone());
            }
            None => self.derive("serviceId", entry, entry.value.clone()),
        }
    }

    fn availability(&mut self, part: &Entry, beside: &[Entry]) {
        match &*part.key {
            "targetSlo" => self.put_below("slo", "availability", part),
            key @ ("rto" | "rpo") => self.put_below("resilience", key, part),
            key if key.starts_with("x-") => {}
            _ => self.reader.unknown_key(part, beside, "availability", AVAILABILITY_KEYS.iter().copied()),
        }
    }

    fn put(&mut self, key: &str, entry: &Entry) {
        let named = self.named;
        match self.entries.iter_mut().find(|known| &*known.key == key) {
            None => {
                self.entries.push(Entry { key: key.into(), mark: entry.mark, value: entry.value.clone() })
            }
            Some(known) if Some(known.mark) == named => {
                known.value = entry.value.clone();
                known.mark = entry.mark;
            }
            Some(known) => {
                let first = known.mark;
                self.declared_twice(key, entry, first);
            }
        }
    }

    /// Puts what was made of the name, unless it is written out.
    fn derive(&mut self, key: &str, entry: &Entry, value: Node) {
        if self.entries.iter().all(|known| &*known.key != key) {
            self.entries.push(Entry { key: key.into(), mark: entry.mark, value });
        }
    }

    fn put_below(&mut self, section: &str, key: &str, entry: &Entry) {
        let index = self.entries.iter().position(|known| &*known.key == section).unwrap_or_else(|| {
            let value = Node { mark: entry.mark, length: 0, value: Value::Mapping(Vec::new()) };
            self.entries.push(Entry { key: section.into(), mark: entry.mark, value });
            self.entries.len() - 1
        });
        let Value::Mapping(below) = &mut self.entries[index].value.value else {
            let first = self.entries[index].mark;
            return self.declared_twice(section, entry, first);
        };
        match below.iter().find(|known| &*known.key == key).map(|known| known.mark) {
            None => below.push(Entry { key: key.into(), mark: entry.mark, value: entry.value.clone() }),
            Some(first) => self.declared_twice(&format!("{section}.{key}"), entry, first),
        }
    }

    fn declared_twice(&mut self, field: &str, entry: &Entry, first: Mark) {
        let length = u32::try_from(entry.key.chars().count()).unwrap_or(0);
        let place = self.reader.source.place(entry.mark, length);
        self.reader.diagnostics.push(
            Diagnostic::new(
                &codes::DECLARED_TWICE,
                format!("`{}` says again what line {} says: `{field}`", entry.key, first.line),
            )
            .at(place)
            .help("keep one of the two; the first is used"),
        );
    }
}
