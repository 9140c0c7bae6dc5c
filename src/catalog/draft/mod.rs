//! Drafts a service descriptor from what a folder says of itself: every value with the place it came from,
//! and what nobody said as a line to fill in. A draft can always be read without an error.

mod codeowners;
mod containerfile;
mod documents;
mod languages;
mod page;
mod readme;
mod terraform;
#[cfg(test)]
mod tests;

pub use documents::{Linked, documents};

use super::descriptor;
use super::id::slug;
use super::origin::FileIndex;
use super::reader::{Reader, Source};
use super::recognise::Shape;
use super::vocabulary::Vocabulary;
use super::yaml::{Limits, parse, write};
use crate::collect::survey::{Survey, SurveyedKind};
use crate::diagnostic::Diagnostics;
use page::{Line, Page};

/// The id of a service that nothing here names.
const NO_NAME: &str = "unnamed-service";

/// Something that a file says about a field.
#[derive(Clone, Debug, PartialEq)]
struct Hint {
    /// The field, such as `lifecycle.state`.
    field: &'static str,
    /// What it says.
    value: String,
    /// Where it says so, such as `README.md:1`.
    from: String,
    /// Whether that is the value, and not only a trace of it.
    is_value: bool,
}

impl Hint {
    fn value(field: &'static str, value: impl Into<String>, from: impl Into<String>) -> Self {
        Self { field, value: value.into(), from: from.into(), is_value: true }
    }

    fn trace(field: &'static str, value: impl Into<String>, from: impl Into<String>) -> Self {
        Self { is_value: false, ..Self::value(field, value, from) }
    }
}

/// What every service should say one day, in the order of the record, each with an example.
const ASKED: &[(&str, &str)] = &[
    ("description", "Prices a parcel for the web shop."),
    ("businessCapability", "order-intake"),
    ("type", "http-service"),
    ("ownerTeam", "checkout"),
    ("technicalOwner", "\"@mira\""),
    ("businessOwner", "pricing@example.com"),
    ("onCall", "checkout-primary"),
    ("criticality", "tier-2"),
    ("failureImpact", "Customers see no price; orders stall."),
    ("dataClassification", "internal"),
    ("exposure", "internal"),
    ("runtime", "ecs-fargate"),
    ("goldenPath", "http-service@3"),
    ("accountId", "\"111122223333\""),
    ("region", "eu-central-1"),
    ("costCenter", "CC-4100"),
    ("product", "parcels"),
    ("managedBy", "terraform"),
    ("slo.availability", "99.9"),
    ("slo.p95LatencyMs", "300"),
    ("resilience.rto", "4h"),
    ("resilience.rpo", "15m"),
    ("compliance.auditScope", "false"),
    ("lifecycle.state", "production"),
    ("lifecycle.createdAt", "2026-01-31"),
];

/// The text of a descriptor for the folder of `survey`, with links to `documents`. `schema` is where
/// editors find the schema.
pub fn draft(survey: &Survey, documents: &[Linked], vocabulary: &Vocabulary, schema: &str) -> String {
    let mut hints = hints(survey);
    hints.extend(documents.iter().map(Linked::hint));
    let mut page = Page::new(schema);
    for hint in &hints {
        if !page.has(hint.field) {
            page.add(line(hint.field, &hints, vocabulary));
        }
    }
    for (field, _) in ASKED {
        if !page.has(field) {
            page.add(line(field, &hints, vocabulary));
        }
    }
    page.text()
}

/// Everything that the files of `survey` say, what counts most first.
fn hints(survey: &Survey) -> Vec<Hint> {
    let mut hints = Vec::new();
    let texts = |kind| survey.texts.iter().filter(move |file| file.kind == kind);
    hints.extend(terraform::hints(texts(SurveyedKind::Terraform)));
    hints.extend(names(survey));
    if let Some(readme) = texts(SurveyedKind::Readme).next() {
        hints.extend(readme::hints(&readme.path, &readme.text));
        hints.push(Hint::value("links.docs", &*readme.path, "it is there"));
    }
    if let Some(owners) = &survey.owners {
        hints.extend(codeowners::hints(&owners.path, &owners.text, &survey.inside));
    }
    if let Some(file) = texts(SurveyedKind::Containerfile).next() {
        hints.extend(containerfile::hints(&file.path, &file.text));
    }
    if survey.paths.iter().any(|path| &**path == "cdk.json") {
        hints.push(Hint::value("managedBy", "cdk", "cdk.json is here"));
    }
    hints.extend(languages::hint(&survey.paths));
    hints
}

/// What the folder and its remote are called.
fn names(survey: &Survey) -> Vec<Hint> {
    let mut hints = Vec::new();
    let id = |text: &str, from: &str| slug(text).map(|id| Hint::value("serviceId", id, from));
    let folder = id(&survey.name, "the name of the folder");
    if let Some(repository) = &survey.repository {
        let last = repository.rsplit('/').next().unwrap_or(repository);
        let remote = id(last, "the remote `origin`");
        // In a repository of many, the folder names the service.
        hints.extend(if survey.inside.is_empty() { remote } else { folder.clone() });
        hints.push(Hint::value("repository", &**repository, "the remote `origin`"));
    }
    hints.extend(folder);
    hints.push(Hint::value("serviceId", NO_NAME, "nothing here has a name: choose one"));
    hints
}

/// The line of `field`: the first value that can be read, or an example to fill in.
fn line(field: &'static str, hints: &[Hint], vocabulary: &Vocabulary) -> Line {
    let said: Vec<&Hint> = hints.iter().filter(|hint| hint.field == field).collect();
    let usable = |hint: &&&Hint| hint.is_value && is_sound(field, &write::scalar(&hint.value), vocabulary);
    let chosen = said.iter().find(usable).copied();
    let others = said.iter().filter(|hint| chosen.is_none_or(|chosen| chosen.value != hint.value));
    // One other voice is enough to make somebody look. That a folder is called otherwise is none.
    let doubt = others.map(|hint| format!("{} says {}", hint.from, write::scalar(&hint.value))).next();
    let doubt = doubt.filter(|_| field != "serviceId");
    match chosen {
        Some(hint) => {
            let from =
                if hint.from.contains(' ') { hint.from.clone() } else { format!("from {}", hint.from) };
            let comment = [Some(from), doubt].into_iter().flatten().collect::<Vec<_>>().join("; ");
            Line { field, value: write::scalar(&hint.value), comment, is_said: true }
        }
        None => {
            let example = ASKED.iter().find(|(asked, _)| *asked == field).map_or("", |(_, example)| example);
            let meaning = page::meaning(field);
            let comment = [Some(meaning), doubt].into_iter().flatten().collect::<Vec<_>>().join("; ");
            Line { field, value: example.to_owned(), comment, is_said: false }
        }
    }
}

/// Whether a descriptor with this value of `field` can be read without a remark.
fn is_sound(field: &'static str, written: &str, vocabulary: &Vocabulary) -> bool {
    let mut page = Page::new("");
    if field != "serviceId" {
        page.add(Line {
            field: "serviceId",
            value: NO_NAME.to_owned(),
            comment: String::new(),
            is_said: true,
        });
    }
    page.add(Line { field, value: written.to_owned(), comment: String::new(), is_said: true });
    let text = page.text();
    let mut diagnostics = Diagnostics::default();
    let source = Source::new(FileIndex(0), "".into(), "service.yaml".into(), &text);
    let mut reader = Reader { source: &source, vocabulary, diagnostics: &mut diagnostics };
    let [Ok(document)] = &parse(&text, Limits::default())[..] else { return false };
    descriptor::read(document, Shape::Flat, &mut reader).is_some() && diagnostics.is_empty()
}
