//! The exceptions: one file each, with what the worksheet for compensating controls asks for (PCI DSS 4.0.1,
//! appendix C), every approval that a code host recorded, and the life line.

use std::collections::BTreeSet;
use std::io;

use serde::Serialize;

use super::archive::Spool;
use super::names::Names;
use super::pack::Material;
use super::paths;
use super::selection::Selection;
use crate::catalog::Exception;
use crate::catalog::table::Index;
use crate::collect::snapshot::{PullRequest, Review, ReviewState};
use crate::render::data::v1::exception::Exception as Record;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    /// What the code host recorded of the change that gave it its present terms; `null` when nobody asked.
    code_reviews: Option<CodeReviews<'a>>,
    /// The record with its state, as the portal publishes it.
    record: Record<'a>,
    /// Whether somebody approved what they asked for or wrote themselves.
    self_approved: bool,
    /// The six parts of the worksheet; `null` where nothing is written.
    worksheet: Worksheet<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Worksheet<'a> {
    constraints: Option<&'a str>,
    definition_of_compensating_controls: Vec<&'a str>,
    identified_risk: Option<&'static str>,
    maintenance: Maintenance<'a>,
    objective: Option<&'a str>,
    risk_accepted_by: Option<&'a str>,
    validation: Vec<Validated<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Maintenance<'a> {
    migration_path: Option<&'a str>,
    monitoring: Option<&'a str>,
    review_by: Option<String>,
    review_cadence: Option<String>,
}

#[derive(Serialize)]
struct Validated<'a> {
    at: Option<String>,
    by: Option<&'a str>,
    note: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CodeReviews<'a> {
    pull_requests: Vec<Change<'a>>,
    /// Why some of it is not known.
    unknown: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Change<'a> {
    authors: Vec<&'a str>,
    head: &'a str,
    merged_at: String,
    reviews: Vec<Reviewed<'a>>,
    url: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Reviewed<'a> {
    commit: Option<&'a str>,
    login: &'a str,
    state: &'static str,
    submitted_at: String,
}

/// Adds a file for each exception that `selection` covers.
pub(super) fn add(
    spool: &mut Spool,
    material: &Material<'_>,
    selection: &Selection,
    names: &mut Names,
) -> io::Result<()> {
    for index in &selection.exceptions {
        let path = names.give(paths::EXCEPTIONS, &material.catalog.exceptions[*index].id, ".json");
        spool.add(&path, |out| {
            serde_json::to_writer_pretty(&mut *out, &document(material, *index))?;
            out.write_all(b"\n")
        })?;
    }
    Ok(())
}

fn document<'a>(material: &Material<'a>, index: Index<Exception>) -> Document<'a> {
    let catalog = material.catalog;
    let exception = &catalog.exceptions[index];
    let reviews = &exception.code_reviews;
    Document {
        code_reviews: (reviews.asked || reviews.unknown.is_some()).then(|| CodeReviews {
            pull_requests: reviews.pull_requests.iter().map(change).collect(),
            unknown: reviews.unknown.as_deref(),
        }),
        record: Record::of(catalog, material.assessment, index),
        self_approved: is_self_approved(exception),
        worksheet: worksheet(material, exception),
    }
}

fn worksheet<'a>(material: &Material<'a>, exception: &'a Exception) -> Worksheet<'a> {
    let record = &exception.record;
    let control = exception.control.map(|control| &material.catalog.controls[control].record);
    Worksheet {
        constraints: record.reason.value().map(|text| &**text),
        definition_of_compensating_controls: record
            .compensating_controls
            .values()
            .map(|text| &**text)
            .collect(),
        identified_risk: record.risk.value().map(|risk| risk.word()),
        maintenance: Maintenance {
            migration_path: record.migration_path.value().map(|text| &**text),
            monitoring: record.monitoring.value().map(|text| &**text),
            review_by: record.review_by.value().map(ToString::to_string),
            review_cadence: record.review_cadence.value().map(ToString::to_string),
        },
        objective: control.and_then(|control| control.description.value()).map(|text| &**text),
        risk_accepted_by: record.risk_accepted_by.value().map(|text| &**text),
        validation: record
            .reviews
            .values()
            .map(|review| Validated {
                at: review.at.value().map(ToString::to_string),
                by: review.by.value().map(|by| &**by),
                note: review.note.value().map(|note| &**note),
            })
            .collect(),
    }
}

fn change(request: &PullRequest) -> Change<'_> {
    Change {
        authors: request.authors.iter().map(|author| &**author).collect(),
        head: &request.head,
        merged_at: request.merged_at.to_string(),
        reviews: request.reviews.iter().map(reviewed).collect(),
        url: &request.url,
    }
}

fn reviewed(review: &Review) -> Reviewed<'_> {
    Reviewed {
        commit: review.commit.as_deref(),
        login: &review.by,
        state: match review.state {
            ReviewState::Approved => "approved",
            ReviewState::ChangesRequested => "changes-requested",
            ReviewState::Dismissed => "dismissed",
        },
        submitted_at: review.at.to_string(),
    }
}

/// Whether somebody approved what they asked for or wrote themselves: an approval, written or as a review, by who
/// requested the exception or by an author of the change.
fn is_self_approved(exception: &Exception) -> bool {
    let name = |text: &str| text.trim_start_matches('@').to_lowercase();
    let asked = exception.record.requested_by.value().map(|who| name(who));
    let requests = &exception.code_reviews.pull_requests;
    let authors = requests.iter().flat_map(|request| &request.authors).map(|author| name(author));
    let own: BTreeSet<String> = asked.into_iter().chain(authors).collect();
    let written = exception.record.approvals.values().filter_map(|approval| approval.by.value());
    let reviews = requests.iter().flat_map(|request| &request.reviews);
    let approved = reviews.filter(|review| review.state == ReviewState::Approved).map(|review| &review.by);
    written.map(|by| name(by)).chain(approved.map(|by| name(by))).any(|by| own.contains(&by))
}
