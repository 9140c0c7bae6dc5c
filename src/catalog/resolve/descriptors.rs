//! Every descriptor of the snapshot, read in parallel: the services they describe, what is somebody
//! else's, what cannot be read. A broken document never hides a good one.

use std::sync::Arc;

use rayon::prelude::*;

use crate::catalog::content;
use crate::catalog::descriptor;
use crate::catalog::filing::{Filed, Filing};
use crate::catalog::ledger::{SkipReason, Skipped, Unreadable};
use crate::catalog::origin::{FileIndex, Origin};
use crate::catalog::reader::{Reader, Source};
use crate::catalog::recognise::{self, Recognition};
use crate::catalog::service::ServiceRecord;
use crate::catalog::vocabulary::Vocabulary;
use crate::catalog::yaml::{self, Document, Mark};
use crate::collect::snapshot::{Content, FileRole};
use crate::diagnostic::{Diagnostic, Diagnostics, codes};

/// One document that describes a service, its id readable.
#[derive(Debug)]
pub(super) struct Described {
    pub(super) file: FileIndex,
    pub(super) document_number: u32,
    pub(super) mark: Mark,
    pub(super) record: ServiceRecord,
}

impl Described {
    /// Its id.
    pub(super) fn id(&self) -> &crate::catalog::id::ServiceId {
        self.record.service_id.value().expect("documents without an id were put among the unreadable")
    }
}

/// What the descriptors say.
#[derive(Default)]
pub(super) struct Descriptors {
    /// In the order of files and documents.
    pub(super) described: Vec<Described>,
    pub(super) skipped: Vec<Skipped>,
    pub(super) unreadable: Vec<Unreadable>,
}

/// Reads every descriptor.
pub(super) fn read(
    filing: &Filing<'_>,
    vocabulary: &Vocabulary,
    limits: yaml::Limits,
    diagnostics: &mut Diagnostics,
) -> Descriptors {
    let files: Vec<Filed<'_>> = filing.of_repositories(FileRole::Descriptor).collect();
    let read: Vec<(Descriptors, Diagnostics)> =
        files.par_iter().map(|filed| file(filing, *filed, vocabulary, limits)).collect();
    let mut all = Descriptors::default();
    for (mut of_file, found) in read {
        all.described.append(&mut of_file.described);
        all.skipped.append(&mut of_file.skipped);
        all.unreadable.append(&mut of_file.unreadable);
        diagnostics.append(found);
    }
    all
}

fn file(
    filing: &Filing<'_>,
    filed: Filed<'_>,
    vocabulary: &Vocabulary,
    limits: yaml::Limits,
) -> (Descriptors, Diagnostics) {
    let mut diagnostics = Diagnostics::default();
    let mut found = Descriptors::default();
    let text = match &filed.file.content {
        Content::Text(text) => text.read(),
        other => {
            let place = filing.source(filed.index, "").whole();
            if let Some(problem) = content::problem(other, place) {
                diagnostics.push(problem);
            }
            let reason = content::reason(other).unwrap_or_default().into();
            found.unreadable.push(Unreadable { file: filed.index, document_number: 0, reason });
            return (found, diagnostics);
        }
    };
    let source = filing.source(filed.index, &text);
    let mut file =
        DescriptorFile { path: &filed.file.path, text: &text, source, vocabulary, found, diagnostics };
    let documents = yaml::parse(&text, limits);
    if documents.is_empty() {
        file.unclear(Mark { line: 1, column: 1 }, "an empty file");
    }
    for document in documents {
        match document {
            Ok(document) => file.document(&document),
            Err(broken) => file.broken(&broken),
        }
    }
    (file.found, file.diagnostics)
}

/// One descriptor file while it is read.
struct DescriptorFile<'a> {
    path: &'a str,
    text: &'a str,
    source: Source<'a>,
    vocabulary: &'a Vocabulary,
    found: Descriptors,
    diagnostics: Diagnostics,
}

impl DescriptorFile<'_> {
    fn document(&mut self, document: &Document) {
        let mark = document.root.mark;
        match recognise::recognise(self.path, document) {
            Recognition::Ours(shape) => {
                let mut reader = Reader {
                    source: &self.source,
                    vocabulary: self.vocabulary,
                    diagnostics: &mut self.diagnostics,
                };
                let record = descriptor::read(document, shape, &mut reader);
                match record {
                    Some(record) if record.service_id.value().is_some() => {
                        self.found.described.push(Described {
                            file: self.source.file,
                            document_number: document.number,
                            mark,
                            record,
                        });
                    }
                    _ => self.unreadable(document.number, "it has no usable service id"),
                }
            }
            Recognition::Descriptor(_, what) | Recognition::Foreign(what) => {
                self.skipped(mark, SkipReason::Foreign, &what)
            }
            Recognition::Template(what) => self.skipped(mark, SkipReason::Template, &what),
            Recognition::Unclear(what) => self.unclear(mark, &what),
        }
    }

    /// A document that is not YAML: what is somebody else's is nobody's mistake, all else is listed.
    fn broken(&mut self, broken: &yaml::Broken) {
        match recognise::unreadable(self.path, self.text, broken) {
            Some(Recognition::Descriptor(_, what) | Recognition::Foreign(what)) => {
                self.skipped(broken.mark, SkipReason::Foreign, &what)
            }
            Some(Recognition::Template(what)) => self.skipped(broken.mark, SkipReason::Template, &what),
            Some(Recognition::Unclear(what)) => self.unclear(broken.mark, &what),
            Some(Recognition::Ours(_)) | None => {
                self.diagnostics.push(broken.diagnostic(&self.source));
                self.unreadable(broken.number, &broken.message);
            }
        }
    }

    fn unclear(&mut self, mark: Mark, what: &str) {
        self.diagnostics.push(
            Diagnostic::new(
                &codes::UNCLEAR_DESCRIPTOR,
                format!("this may be meant for us, and is not clear: {what}"),
            )
            .at(self.source.place(mark, 0))
            .help("add `serviceId:` if it describes a service; rename or exclude the file if not"),
        );
        self.skipped(mark, SkipReason::Unclear, what);
    }

    fn skipped(&mut self, mark: Mark, reason: SkipReason, what: &str) {
        let origin = Origin::File { file: self.source.file, mark };
        self.found.skipped.push(Skipped { origin, reason, what: Arc::from(what) });
    }

    fn unreadable(&mut self, document_number: u32, reason: &str) {
        self.found.unreadable.push(Unreadable {
            file: self.source.file,
            document_number,
            reason: reason.into(),
        });
    }
}
