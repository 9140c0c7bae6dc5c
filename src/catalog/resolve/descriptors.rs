//! Every descriptor of the snapshot, read in parallel: the services they describe, what is somebody
//! else's, what cannot be read. A broken document never hides a good one.

use std::sync::Arc;

use rayon::prelude::*;

use crate::catalog::content;
use crate::catalog::descriptor;
use crate::catalog::filing::{Filed, Filing};
use crate::catalog::foreign::{self, Entity, Says};
use crate::catalog::ledger::{ForeignDocument, SkipReason, Skipped, Unreadable};
use crate::catalog::origin::{FileIndex, Origin};
use crate::catalog::reader::{Reader, Source};
use crate::catalog::recognise::{self, Recognition};
use crate::catalog::service::ServiceRecord;
use crate::catalog::vocabulary::Vocabulary;
use crate::catalog::yaml::{self, Document, Mark, Node};
use crate::collect::snapshot::{Content, FileRole};
use crate::diagnostic::{Diagnostic, Diagnostics, codes};
use crate::settings::{Format, Formats};

/// One document that describes a service, its id readable.
#[derive(Debug)]
pub(super) struct Described {
    pub(super) file: FileIndex,
    pub(super) document_number: u32,
    pub(super) mark: Mark,
    pub(super) record: ServiceRecord,
    /// The other tool whose document it is; `None` for one of ours.
    pub(super) format: Option<Format>,
    /// Where documents of other tools begin that say more of the same service.
    pub(super) also: Vec<Origin>,
}

impl Described {
    /// Its id.
    pub(super) fn id(&self) -> &crate::catalog::id::ServiceId {
        self.record.service_id.value().expect("documents without an id were put among the unreadable")
    }

    /// Where it begins.
    pub(super) fn origin(&self) -> Origin {
        Origin::File { file: self.file, mark: self.mark }
    }
}

/// What the descriptors say.
#[derive(Default)]
pub(super) struct Descriptors {
    /// In the order of files and documents.
    pub(super) described: Vec<Described>,
    /// What other tools' documents say that is no service, each with its place.
    pub(super) said: Vec<(Origin, Says)>,
    /// Every document of other tools that was read.
    pub(super) foreign: Vec<ForeignDocument>,
    pub(super) skipped: Vec<Skipped>,
    pub(super) unreadable: Vec<Unreadable>,
}

/// Reads every descriptor.
pub(super) fn read(
    filing: &Filing<'_>,
    vocabulary: &Vocabulary,
    (limits, formats): (yaml::Limits, Formats),
    diagnostics: &mut Diagnostics,
) -> Descriptors {
    let files: Vec<Filed<'_>> = filing.of_repositories(FileRole::Descriptor).collect();
    let read: Vec<(Descriptors, Diagnostics)> =
        files.par_iter().map(|filed| file(filing, *filed, vocabulary, (limits, formats))).collect();
    let mut all = Descriptors::default();
    for (mut of_file, found) in read {
        all.described.append(&mut of_file.described);
        all.said.append(&mut of_file.said);
        all.foreign.append(&mut of_file.foreign);
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
    (limits, formats): (yaml::Limits, Formats),
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
    let mut file = DescriptorFile {
        path: &filed.file.path,
        text: &text,
        source,
        vocabulary,
        formats,
        found,
        diagnostics,
    };
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
    formats: Formats,
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
                            format: None,
                            also: Vec::new(),
                        });
                    }
                    _ => self.unreadable(document.number, "it has no usable service id"),
                }
            }
            Recognition::Descriptor(format, _) if self.formats.has(format) => {
                for object in foreign::objects(document) {
                    self.foreign(format, document.number, object);
                }
            }
            Recognition::Descriptor(_, what) | Recognition::Foreign(what) => {
                self.skipped(mark, SkipReason::Foreign, &what);
            }
            Recognition::Template(what) => self.skipped(mark, SkipReason::Template, &what),
            Recognition::Unclear(what) => self.unclear(mark, &what),
        }
    }

    /// An object of another tool whose format is switched on.
    fn foreign(&mut self, format: Format, document_number: u32, object: &Node) {
        let mut reader =
            Reader { source: &self.source, vocabulary: self.vocabulary, diagnostics: &mut self.diagnostics };
        let mark = object.mark;
        let origin = reader.origin(mark);
        let Some(entity) = foreign::read(format, object, &mut reader) else {
            return self.unreadable(document_number, "it does not name what it describes");
        };
        let Entity { kind, name, says, not_carried } = entity;
        self.found.foreign.push(ForeignDocument { origin, format, kind, name, not_carried });
        match says {
            Says::Service(record) => self.found.described.push(Described {
                file: self.source.file,
                document_number,
                mark,
                record: *record,
                format: Some(format),
                also: Vec::new(),
            }),
            Says::Other => {}
            says => self.found.said.push((origin, says)),
        }
    }

    /// A document that is not YAML: what is somebody else's is nobody's mistake, all else is listed.
    fn broken(&mut self, broken: &yaml::Broken) {
        match recognise::unreadable(self.path, self.text, broken) {
            Some(Recognition::Descriptor(format, what)) if !self.formats.has(format) => {
                self.skipped(broken.mark, SkipReason::Foreign, &what);
            }
            Some(Recognition::Foreign(what)) => self.skipped(broken.mark, SkipReason::Foreign, &what),
            Some(Recognition::Template(what)) => self.skipped(broken.mark, SkipReason::Template, &what),
            Some(Recognition::Unclear(what)) => self.unclear(broken.mark, &what),
            Some(Recognition::Ours(_) | Recognition::Descriptor(..)) | None => {
                self.diagnostics.push(broken.diagnostic(&self.source));
                self.unreadable(broken.number, &broken.message);
            }
        }
    }

    fn unclear(&mut self, mark: Mark, what: &str) {
        let (message, help) = match recognise::goes_by(self.path) {
            // Other tools give these names too, to files that mean something else.
            Some(Format::Cortex | Format::Compass | Format::Score) => {
                return self.skipped(mark, SkipReason::Unclear, what);
            }
            Some(format) => (
                format!("this file is called like one of {}, and is not clear: {what}", format.title()),
                "begin it as that tool asks, or rename or exclude the file if it is something else",
            ),
            // Objectives have no file name of their own, so all files of their folders are taken.
            None if self
                .path
                .rsplit('/')
                .skip(1)
                .any(|folder| folder.trim_start_matches('.').contains("slo")) =>
            {
                return self.skipped(mark, SkipReason::Unclear, what);
            }
            None => (
                format!("this may be meant for us, and is not clear: {what}"),
                "add `serviceId:` if it describes a service; rename or exclude the file if not",
            ),
        };
        self.diagnostics.push(
            Diagnostic::new(&codes::UNCLEAR_DESCRIPTOR, message).at(self.source.place(mark, 0)).help(help),
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
