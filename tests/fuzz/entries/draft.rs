//! Any bytes as what a repository says of itself, in parts between bytes that no text has: the draft made
//! of it must be read without a remark.

use std::sync::Arc;

use milepost::catalog::descriptor;
use milepost::catalog::draft::{documents, draft};
use milepost::catalog::origin::FileIndex;
use milepost::catalog::reader::{Reader, Source};
use milepost::catalog::recognise::Shape;
use milepost::catalog::vocabulary::Vocabulary;
use milepost::catalog::yaml::{self, Limits};
use milepost::collect::survey::{Survey, Surveyed, SurveyedKind};
use milepost::diagnostic::Diagnostics;

/// Between Terraform, README, Dockerfile, CODEOWNERS, the name, the repository, the folder in it, and a path.
pub(super) const SEPARATOR: u8 = 0xFF;

/// Drafts a descriptor of what `bytes` say.
///
/// # Panics
/// When there is something to remark about the draft.
pub(super) fn read(bytes: &[u8]) {
    let mut parts =
        bytes.split(|byte| *byte == SEPARATOR).map(|part| Arc::<str>::from(String::from_utf8_lossy(part)));
    let mut part = || parts.next().unwrap_or_default();
    let file = |kind, path: &str, text| Surveyed { kind, path: path.into(), text };
    let survey = Survey {
        texts: vec![
            file(SurveyedKind::Terraform, "main.tf", part()),
            file(SurveyedKind::Readme, "README.md", part()),
            file(SurveyedKind::Containerfile, "Dockerfile", part()),
        ],
        owners: Some(file(SurveyedKind::Owners, "CODEOWNERS", part())),
        name: part(),
        repository: Some(part()),
        inside: part(),
        paths: vec![part()],
        gaps: Vec::new(),
    };
    let vocabulary = Vocabulary::default();
    let text = draft(&survey, &documents(&survey.paths), &vocabulary, "schema.json");
    let mut diagnostics = Diagnostics::default();
    let source = Source::new(FileIndex(0), "".into(), "service.yaml".into(), &text);
    let mut reader = Reader { source: &source, vocabulary: &vocabulary, diagnostics: &mut diagnostics };
    let documents = yaml::parse(&text, Limits::default());
    let [Ok(document)] = &documents[..] else { panic!("{documents:?}\n{text}") };
    let record = descriptor::read(document, Shape::Flat, &mut reader);
    assert!(record.is_some() && diagnostics.is_empty(), "{text}");
}
