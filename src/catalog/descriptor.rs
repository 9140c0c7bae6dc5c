//! Reads a service record from a document, in either of the lesson's two shapes.

pub(super) mod hints;
mod links;
mod nested;

pub use links::{named_descriptors, named_documents, relative_path};

use super::field::Field;
use super::reader::Reader;
use super::recognise::{API_VERSION, Shape as Form};
use super::record::{Record, Shape};
use super::service::{ExposureType, ServiceRecord};
use super::yaml::{Document, Entry, Node};
use crate::diagnostic::{Applicability, Diagnostic, codes};

/// The record in `document`; `None`, and a report, when it has no usable id.
pub fn read(document: &Document, shape: Form, reader: &mut Reader<'_>) -> Option<ServiceRecord> {
    let flat;
    let root = match shape {
        Form::Flat => &document.root,
        Form::Nested => {
            flat = nested::flatten(&document.root, reader);
            &flat
        }
    };
    let mut record = ServiceRecord::read_node(root, reader)?;
    if record.service_id.is_absent() {
        report_missing_id(&document.root, shape, reader);
    }
    older_word_for_exposure(&mut record);
    let entries = root.entries().unwrap_or_default();
    entries.iter().for_each(|entry| remark(entry, reader));
    record.service_id.value().is_some().then_some(record)
}

fn report_missing_id(root: &Node, shape: Form, reader: &mut Reader<'_>) {
    let (message, help) = match shape {
        Form::Flat => (
            "this descriptor has no `serviceId`",
            "add `serviceId:` with a name of lower-case letters, digits and `-`",
        ),
        Form::Nested => (
            "the `service` of this descriptor has no `name`",
            "add `name:` below `service:`, with lower-case letters, digits and `-`",
        ),
    };
    reader.report(root, &codes::NO_SERVICE_ID, message, help);
}

/// `internetFacing: true` says `exposure: public`; `false` does not say which of the other two.
pub(super) fn older_word_for_exposure(record: &mut ServiceRecord) {
    let Some(older) = record.internet_facing.sourced() else { return };
    if older.value && record.exposure.exposure_type.is_absent() {
        record.exposure.origin.get_or_insert(older.origin);
        record.exposure.exposure_type = Field::known(ExposureType::Public, older.origin);
    }
}

/// Notes what can be read and was hardly meant: texts nobody filled in, another version of the format.
pub(super) fn remark(entry: &Entry, reader: &mut Reader<'_>) {
    let Some(scalar) = entry.value.scalar() else { return };
    if &*entry.key == "apiVersion" && &*scalar.text != API_VERSION {
        let message = format!("`{}` is not a version of this format that can be read", scalar.text);
        let place = reader.source.place(entry.value.mark, entry.value.length);
        let written = reader.source.in_quotes_of(&entry.value, API_VERSION);
        reader.diagnostics.push(
            Diagnostic::new(&codes::UNSUPPORTED_VERSION, message)
                .at(place)
                .help(format!("write `{API_VERSION}`; the document is read as if it said so"))
                .replace_with(written, Applicability::Unsure),
        );
        return;
    }
    let field = ServiceRecord::SHAPE.field(&entry.key);
    let is_text = field.is_some_and(|field| matches!(field.shape, Shape::Text));
    if is_text && &*entry.key != "serviceId" && reader.vocabulary.is_placeholder(&scalar.text) {
        reader.report(
            &entry.value,
            &codes::PLACEHOLDER,
            format!("`{}` is what a template had here, not what somebody chose", scalar.text),
            format!("say what `{}` is, or remove the line", entry.key),
        );
    }
}
