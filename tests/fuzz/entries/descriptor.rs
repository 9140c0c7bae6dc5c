//! Any bytes as a descriptor: from YAML to a tree, whose document it is, and into a record, with every
//! message printed in every form.

use std::sync::Arc;

use milepost::catalog::descriptor;
use milepost::catalog::origin::FileIndex;
use milepost::catalog::reader::{Reader, Source};
use milepost::catalog::recognise::{Recognition, recognise, unreadable};
use milepost::catalog::vocabulary::Vocabulary;
use milepost::catalog::yaml::{self, Limits};
use milepost::diagnostic::{Diagnostics, json, text};

const PATH: &str = "service.yaml";

/// Reads `bytes`, and prints what is said; returns how many records of ours there were.
///
/// # Panics
/// When a document of ours ends neither in a record nor in a report.
pub(super) fn read(bytes: &[u8]) -> usize {
    let input = String::from_utf8_lossy(bytes);
    let source = Source::new(FileIndex(0), Arc::from("shop"), Arc::from(PATH), &input);
    let vocabulary = Vocabulary::default();
    let mut diagnostics = Diagnostics::default();
    let mut records = 0;
    for parsed in yaml::parse(&input, Limits::default()) {
        match parsed {
            Err(broken) => {
                unreadable(PATH, &input, &broken);
                diagnostics.push(broken.diagnostic(&source));
            }
            Ok(document) => {
                if let Recognition::Ours(shape) = recognise(PATH, &document) {
                    let before = diagnostics.len();
                    let mut reader =
                        Reader { source: &source, vocabulary: &vocabulary, diagnostics: &mut diagnostics };
                    let record = descriptor::read(&document, shape, &mut reader);
                    assert!(record.is_some() || diagnostics.len() > before, "{input}");
                    records += usize::from(record.is_some());
                }
            }
        }
    }
    diagnostics.sort();
    json::render(&diagnostics);
    text::render(&diagnostics, true);
    records
}
