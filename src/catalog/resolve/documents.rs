//! The documents that services name: links resolved from the descriptor's folder, never leaving the
//! repository; each document looked at once, however many services name it.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::remarks::Remarks;
use crate::catalog::Service;
use crate::catalog::content;
use crate::catalog::descriptor::relative_path;
use crate::catalog::files::{Document, LeadsTo, ServiceDocument};
use crate::catalog::filing::{Filed, Filing, Home};
use crate::catalog::origin::FileIndex;
use crate::catalog::outline::{Outline, Placeholders, outline};
use crate::catalog::table::Table;
use crate::catalog::vocabulary::Vocabulary;
use crate::collect::snapshot::Content;
use crate::diagnostic::{Diagnostics, codes};

/// Where a link leads, before it is known whether anything is there.
#[derive(Debug, PartialEq, Eq)]
enum Target {
    Address,
    /// A path inside the repository.
    Path(String),
    /// A path that leaves it.
    Outside,
    /// A scheme that pages do not link to.
    Refused,
}

/// Fills in what every service links to, and returns the documents that are there.
pub(super) fn resolve(
    services: &mut Table<Service>,
    filing: &Filing<'_>,
    vocabulary: &Vocabulary,
    remarks: &mut Remarks,
    diagnostics: &mut Diagnostics,
) -> Vec<Document> {
    let mut wanted: BTreeMap<FileIndex, Filed<'_>> = BTreeMap::new();
    let mut links: Vec<Vec<(ServiceDocument, Option<FileIndex>)>> = Vec::with_capacity(services.len());
    for service in services.iter() {
        let of_service = links_of(service, filing, remarks);
        for (_, filed) in &of_service {
            wanted.extend(filed.map(|filed| (filed.index, filed)));
        }
        links.push(
            of_service.into_iter().map(|(link, filed)| (link, filed.map(|filed| filed.index))).collect(),
        );
    }
    for filed in wanted.values() {
        let place = filing.source(filed.index, "").whole();
        if let Some(problem) = content::problem(&filed.file.content, place) {
            diagnostics.push(problem);
        }
    }
    let position: BTreeMap<FileIndex, usize> =
        wanted.keys().enumerate().map(|(position, index)| (*index, position)).collect();
    for (service, links) in services.rows_mut().iter_mut().zip(links) {
        service.documents = links
            .into_iter()
            .map(|(mut link, index)| {
                if let Some(&position) = index.and_then(|index| position.get(&index)) {
                    link.leads_to = LeadsTo::Document(position);
                }
                link
            })
            .collect();
    }
    let wanted: Vec<Filed<'_>> = wanted.into_values().collect();
    let placeholders = Placeholders::of(vocabulary);
    wanted.par_iter().map(|filed| document(*filed, &placeholders)).collect()
}

/// The links of a service with the files that are there; the rest is already as it stays.
fn links_of<'a>(
    service: &Service,
    filing: &Filing<'a>,
    remarks: &mut Remarks,
) -> Vec<(ServiceDocument, Option<Filed<'a>>)> {
    let mut links = Vec::new();
    for (name, link) in &service.record.links.entries {
        // A link belongs to the document it stands in, which may be another than the service's own.
        let file = link.origin.file().unwrap_or(service.file);
        let Some(descriptor) = filing.filed(file) else { continue };
        for written in &link.value.targets {
            let mut leads_to = LeadsTo::Nothing;
            let mut found = None;
            match target(&descriptor.file.path, written) {
                Target::Address => leads_to = LeadsTo::Address,
                Target::Path(path) => {
                    found = there(descriptor.home, &path, filing);
                    // A path that was refused is reported as what it is, not as one that is not there.
                    if found.is_none() && !filing.is_refused(descriptor.home, &path) {
                        let message = if **written == *path {
                            format!("`{written}` is not there")
                        } else {
                            format!("`{written}` leads to `{path}`, which is not there")
                        };
                        let help = "write it, or mend the path";
                        remarks.add(&codes::MISSING_DOCUMENT, link.origin, written, message, help);
                    }
                }
                Target::Outside => {
                    let message = format!("`{written}` leaves the repository");
                    let help = "name a file of this repository, or an address";
                    remarks.add(&codes::OUTSIDE_DOCUMENT, link.origin, written, message, help);
                }
                Target::Refused => {
                    let message = format!("`{written}` is no address that pages link to");
                    let help = "write an `https` address, or a path relative to this file";
                    remarks.add(&codes::REFUSED_ADDRESS, link.origin, written, message, help);
                }
            }
            let (link_name, target) = (name.clone(), written.clone());
            links.push((ServiceDocument { link: link_name, target, origin: link.origin, leads_to }, found));
        }
    }
    links
}

fn there<'a>(home: Home, path: &str, filing: &Filing<'a>) -> Option<Filed<'a>> {
    filing.find(home, path).filter(|filed| filed.file.content != Content::Missing)
}

fn target(descriptor: &str, written: &str) -> Target {
    let written = written.trim();
    if let Ok(address) = url::Url::parse(written) {
        return match address.scheme() {
            "http" | "https" | "mailto" => Target::Address,
            _ => Target::Refused,
        };
    }
    let Some(relative) = relative_path(written) else { return Target::Refused };
    let folder = descriptor.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(relative.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                if parts.pop().is_none() {
                    return Target::Outside;
                }
            }
            part => parts.push(part),
        }
    }
    if parts.is_empty() { Target::Outside } else { Target::Path(parts.join("/")) }
}

fn document(filed: Filed<'_>, placeholders: &Placeholders) -> Document {
    let name = filed.file.path.rsplit('/').next().unwrap_or(&filed.file.path);
    let outline = match &filed.file.content {
        Content::Text(text) => outline(&text.read(), placeholders),
        _ => Outline::default(),
    };
    Document {
        file: filed.index,
        content: filed.file.content.clone(),
        title: outline.title.unwrap_or_else(|| name.into()),
        words: outline.words,
        written: outline.written,
        headings: outline.headings,
    }
}

#[cfg(test)]
mod tests {
    use super::{Target, target};

    #[test]
    fn links_are_resolved_from_the_folder_of_the_descriptor() {
        let path = |descriptor, written| target(descriptor, written);
        assert_eq!(path("service.yaml", "docs/run.md"), Target::Path("docs/run.md".into()));
        assert_eq!(path("a/b/service.yaml", "../../docs/x.md#top"), Target::Path("docs/x.md".into()));
        assert_eq!(path("a/service.yaml", "./x.md"), Target::Path("a/x.md".into()));
        assert_eq!(path("a/service.yaml", "../../etc/passwd"), Target::Outside);
        assert_eq!(path("service.yaml", ".."), Target::Outside);
    }

    #[test]
    fn addresses_are_kept_apart() {
        assert_eq!(target("service.yaml", "https://example.com/x"), Target::Address);
        assert_eq!(target("service.yaml", "javascript:alert(1)"), Target::Refused);
        assert_eq!(target("service.yaml", "/etc/passwd"), Target::Refused);
    }
}
