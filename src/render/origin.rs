//! Origins in words, with a link to the very line where the repository has an address.

use std::sync::OnceLock;

use serde::Serialize;

use super::digest::hexadecimal;
use super::links::Href;
use crate::catalog::Catalog;
use crate::catalog::files::FileEntry;
use crate::catalog::foreign::Format;
use crate::catalog::origin::{FileIndex, Origin};
use crate::catalog::yaml::Mark;

/// Addresses of files at their commits, each made when it is first asked for.
#[derive(Debug)]
pub struct Addresses(Vec<OnceLock<Option<Href>>>);

impl Addresses {
    /// None made yet for the files of `catalog`.
    pub fn of(catalog: &Catalog) -> Self {
        Self((0..catalog.files.len()).map(|_| OnceLock::new()).collect())
    }

    fn file(&self, catalog: &Catalog, index: FileIndex) -> Option<&Href> {
        let slot = self.0.get(index.0 as usize)?;
        slot.get_or_init(|| source_address(&catalog.files[index], None)).as_ref()
    }
}

/// An origin in as few words as fit beside the value: `service.yaml:3`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Brief {
    /// The words.
    pub text: String,
    /// The line in the repository, when people can read it there.
    pub href: Option<Href>,
}

impl Brief {
    /// Puts `origin` into few words.
    pub fn new(catalog: &Catalog, addresses: &Addresses, origin: Origin) -> Self {
        match origin {
            Origin::File { file, mark } => Self {
                text: format!(
                    "{}:{}{}",
                    file_name(&catalog.files[file].path),
                    mark.line,
                    of_format(catalog, origin)
                ),
                href: addresses.file(catalog, file).map(|href| href.at_line(mark.line)),
            },
            Origin::Document(file) => Self {
                text: file_name(&catalog.files[file].path).to_owned(),
                href: addresses.file(catalog, file).cloned(),
            },
            Origin::Fact(index) => match catalog.facts.get(index as usize) {
                Some(fact) => Self::new(catalog, addresses, fact.origin),
                None => Self::from(Provenance::new(catalog, origin)),
            },
            Origin::History(_)
            | Origin::Repository(_)
            | Origin::TagListing(_)
            | Origin::Resource(_)
            | Origin::Activity(_)
            | Origin::Cost(_)
            | Origin::Default => Self::from(Provenance::new(catalog, origin)),
        }
    }
}

impl From<Provenance> for Brief {
    fn from(provenance: Provenance) -> Self {
        Self { text: provenance.text, href: provenance.href }
    }
}

/// `, Backstage`, when a document of another tool says it whose name is not that of the file anyway.
fn of_format(catalog: &Catalog, origin: Origin) -> String {
    let format = catalog.files.format(origin).filter(|format| *format != Format::Codeowners);
    format.map(|format| format!(", {}", format.title())).unwrap_or_default()
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Where a value came from, as readers see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Provenance {
    /// Short, for a place beside the value: `service.yaml:3`.
    pub text: String,
    /// In full: `org/repository · docs/runbook.md:3 at 4c1f0a2`.
    pub full: String,
    /// The line in the repository, when people can read it there.
    pub href: Option<Href>,
}

impl Provenance {
    /// Puts `origin` into words.
    pub fn new(catalog: &Catalog, origin: Origin) -> Self {
        match origin {
            Origin::File { file, mark } => {
                let mut provenance = Self::file(&catalog.files[file], Some(mark), "");
                let format = of_format(catalog, origin);
                provenance.text += &format;
                provenance.full += &format;
                provenance
            }
            Origin::Document(file) => Self::file(&catalog.files[file], None, ""),
            Origin::History(file) => Self::file(&catalog.files[file], None, "history of "),
            Origin::Repository(file) => Self::repository(&catalog.files[file]),
            Origin::TagListing(index) => Self::listing(catalog, index),
            Origin::Resource(index) => match catalog.resources.get(index as usize) {
                Some(resource) => {
                    let listing = Self::listing(catalog, resource.listing);
                    Self {
                        text: format!("tags of {}", resource.arn),
                        full: format!("tags of {}, {}", resource.arn, listing.full),
                        href: None,
                    }
                }
                None => Self::unlinked("AWS tags"),
            },
            Origin::Cost(index) => match catalog.costs.get(index as usize) {
                Some(month) => Self {
                    text: format!("costs of {}", month.month),
                    full: format!(
                        "costs of {} in {}, told until {}",
                        month.month, month.currency, month.until
                    ),
                    href: None,
                },
                None => Self::unlinked("costs"),
            },
            Origin::Activity(index) => match catalog.activities.get(index as usize) {
                Some(activity) => Self {
                    text: format!("GitHub {}", activity.kind.word()),
                    full: format!(
                        "{} of {} at GitHub, asked {}",
                        activity.kind.word(),
                        activity.repository,
                        activity.collected_at
                    ),
                    href: activity.page.as_deref().and_then(Href::external),
                },
                None => Self::unlinked("GitHub"),
            },
            Origin::Fact(index) => match catalog.facts.get(index as usize) {
                Some(fact) => {
                    let place = Self::new(catalog, fact.origin);
                    Self {
                        text: place.text,
                        full: format!(
                            "{} observed {} by {}, {}",
                            fact.name, fact.observed_at, fact.source, place.full
                        ),
                        href: place.href,
                    }
                }
                None => Self::unlinked("a fact"),
            },
            Origin::Default => Self::unlinked("default of Milepost"),
        }
    }

    fn unlinked(text: &str) -> Self {
        Self { text: text.to_owned(), full: text.to_owned(), href: None }
    }

    fn file(file: &FileEntry, mark: Option<Mark>, before: &str) -> Self {
        let name = file_name(&file.path);
        let line = mark.map(|mark| format!(":{}", mark.line)).unwrap_or_default();
        Self {
            text: format!("{before}{name}{line}"),
            full: format!("{before}{} · {}{line}{}", file.repository, file.path, revision(file)),
            href: source_address(file, mark.map(|mark| mark.line)),
        }
    }

    fn repository(file: &FileEntry) -> Self {
        Self {
            text: format!("repository {}", file.repository),
            full: format!("repository {}{}", file.repository, revision(file)),
            href: file.repository_url.as_deref().and_then(Href::external),
        }
    }

    fn listing(catalog: &Catalog, index: u32) -> Self {
        match catalog.tag_listings.get(index as usize) {
            Some(listing) if listing.is_reported => Self {
                text: format!("AWS tag report, {} {}", listing.account, listing.region),
                full: format!(
                    "tag report of AWS (StartReportCreation) on account {}, {}, of {}",
                    listing.account, listing.region, listing.collected_at
                ),
                href: None,
            },
            Some(listing) => Self {
                text: format!("AWS tags, {} {}", listing.account, listing.region),
                full: format!(
                    "tagging:GetResources in account {}, {}, collected {}",
                    listing.account, listing.region, listing.collected_at
                ),
                href: None,
            },
            None => Self::unlinked("AWS tags"),
        }
    }
}

/// ` at 4c1f0a2`, or the beginning of the digest where there is no git.
fn revision(file: &FileEntry) -> String {
    match (&file.commit, &file.digest) {
        (Some(commit), _) => format!(" at {}", commit.get(..7).unwrap_or(commit)),
        (None, Some(digest)) => format!(", sha256:{}", hexadecimal(&digest[..6])),
        (None, None) => String::new(),
    }
}

/// The address of `line` of a file at its commit.
pub fn source_address(file: &FileEntry, line: Option<u32>) -> Option<Href> {
    let line = line.filter(|line| *line > 0).map(|line| format!("L{line}"));
    let (base, commit) = (file.repository_url.as_deref()?, file.commit.as_deref()?);
    let path = [&*file.folder, &*file.path].join("/");
    repository_address(base, commit, path.trim_start_matches('/'), line.as_deref())
}

/// The address of `path` in the repository at `base`, in the way that GitHub, GitLab and Gitea share.
pub(super) fn repository_address(
    base: &str,
    commit: &str,
    path: &str,
    fragment: Option<&str>,
) -> Option<Href> {
    let mut url = url::Url::parse(base).ok()?;
    url.path_segments_mut().ok()?.pop_if_empty().extend(["blob", commit]).extend(path.split('/'));
    url.set_fragment(fragment);
    Href::external(url.as_str())
}

/// The file at `index` as a whole.
pub fn file(catalog: &Catalog, index: FileIndex) -> Provenance {
    Provenance::new(catalog, Origin::Document(index))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_a_catalog_folder_lie_where_the_folder_lies() {
        let address = |folder: &str| {
            let file = FileEntry {
                source: "catalog".into(),
                repository: "catalog".into(),
                commit: Some("4c1f0a2".into()),
                repository_url: Some("https://github.com/example/platform".into()),
                folder: folder.into(),
                path: "teams/web.yaml".into(),
                digest: None,
                text: None,
                carried: None,
                last_change: None,
                first_change: None,
                formats: Vec::new(),
            };
            source_address(&file, Some(3)).map(|href| href.to_string()).unwrap_or_default()
        };
        let base = "https://github.com/example/platform/blob/4c1f0a2";
        assert_eq!(address(""), format!("{base}/teams/web.yaml#L3"));
        assert_eq!(address("parts/catalog"), format!("{base}/parts/catalog/teams/web.yaml#L3"));
    }
}
