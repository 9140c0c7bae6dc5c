//! Where a statement of a pack rests, in a form that people and scripts read: a line of a file at a commit, or who
//! was asked for what, where and when.

use crate::catalog::Catalog;
use crate::catalog::files::FileEntry;
use crate::catalog::origin::Origin;
use crate::render::digest::hexadecimal;

/// `org/repository@commit:path:line:column`, or `operation account region time`.
pub fn pointer(catalog: &Catalog, origin: Origin) -> String {
    match origin {
        Origin::File { file, mark } => {
            format!("{}:{}:{}", whole(&catalog.files[file]), mark.line, mark.column)
        }
        Origin::Document(file) => whole(&catalog.files[file]),
        Origin::History(file) => format!("history of {}", whole(&catalog.files[file])),
        Origin::Repository(file) => revision(&catalog.files[file]),
        Origin::TagListing(listing) => listed(catalog, listing),
        Origin::Resource(resource) => match catalog.resources.get(resource as usize) {
            Some(resource) => format!("{} {}", resource.arn, listed(catalog, resource.listing)),
            None => String::new(),
        },
        Origin::Activity(activity) => match catalog.activities.get(activity as usize) {
            Some(activity) => {
                format!(
                    "GitHub {} of {} {}",
                    activity.kind.word(),
                    activity.repository,
                    activity.collected_at
                )
            }
            None => String::new(),
        },
        Origin::Cost(month) => match catalog.costs.get(month as usize) {
            Some(month) => format!("costs of {} in {} {}", month.month, month.currency, month.until),
            None => String::new(),
        },
        Origin::Fact(fact) => match catalog.facts.get(fact as usize) {
            Some(fact) => {
                let place = pointer(catalog, fact.origin);
                format!("{} by {} {} {place}", fact.name, fact.source, fact.observed_at)
            }
            None => String::new(),
        },
        Origin::Default => "default of Milepost".to_owned(),
    }
}

fn whole(file: &FileEntry) -> String {
    format!("{}:{}", revision(file), file.path)
}

/// The repository at its commit; where there is no git, the digest of the file stands for one.
fn revision(file: &FileEntry) -> String {
    match (&file.commit, &file.digest) {
        (Some(commit), _) => format!("{}@{commit}", file.repository),
        (None, Some(digest)) => format!("{}@sha256:{}", file.repository, hexadecimal(digest)),
        (None, None) => file.repository.to_string(),
    }
}

fn listed(catalog: &Catalog, listing: u32) -> String {
    match catalog.tag_listings.get(listing as usize) {
        Some(asked) => {
            format!("tagging:GetResources {} {} {}", asked.account, asked.region, asked.collected_at)
        }
        None => String::new(),
    }
}
