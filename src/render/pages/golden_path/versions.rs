//! Versions of a golden path, newest first, and the services on each.

use std::cmp::Ordering;

use serde::Serialize;

use crate::assess::outcome::Share;
use crate::catalog::Declared;
use crate::catalog::field::Sourced;
use crate::catalog::golden_path::{GoldenPath, Version, VersionNumber, VersionStatus};
use crate::catalog::scorecard::Subject;
use crate::catalog::table::Index;
use crate::render::badge::Badge;
use crate::render::links::{Here, Place};
use crate::render::name_list::NameList;
use crate::render::origin::Provenance;
use crate::render::pages::names::version_part;
use crate::render::parts::{Meter, When};
use crate::render::portal::Portal;
use crate::render::prose::prose;
use crate::render::templates::Html;
use crate::words;

/// Every version, and who is on it.
#[derive(Debug, Serialize)]
pub(super) struct Versions<'p> {
    /// The version to choose: the current one, else the highest.
    pub(super) newest: Option<&'p str>,
    caption: String,
    rows: Vec<Row<'p>>,
    /// Services that no row of the table counts.
    others: Vec<Others>,
}

#[derive(Debug, Serialize)]
struct Row<'p> {
    number: &'p str,
    /// What marks its own section.
    anchor: String,
    badge: Badge,
    support: Option<Badge>,
    change: Option<&'static str>,
    released: Option<When>,
    ends: Option<When>,
    services: usize,
    meter: Option<Meter>,
    who: NameList,
    notes: Option<Html>,
    migration: Option<Html>,
    origin: Provenance,
}

#[derive(Debug, Serialize)]
struct Others {
    text: String,
    who: NameList,
}

impl<'p> Versions<'p> {
    pub(super) fn new(portal: &'p Portal<'_>, index: Index<Declared<GoldenPath>>, here: Here<'_>) -> Self {
        let path = &portal.catalog.golden_paths[index];
        let population = &portal.populations.golden_paths[index.position()];
        let items = &path.record.versions.items;
        let order = newest_first(items);
        let counted = population.counted();
        let who = |rows: &[u32], part: &str| {
            NameList::new(portal, here, Subject::Service, rows, Place::GoldenPathPart(&path.id, part))
        };
        let row = |&position: &usize| {
            let version = &items[position].value;
            let number = number(version);
            let on = &population.versions[position];
            Row {
                number,
                anchor: format!("version-{}", position + 1),
                badge: Badge::version(version, portal.run.as_of),
                support: version.support_level.value().map(|level| Badge::support(*level)),
                change: version.change.value().map(|change| change.word()),
                released: version.released_at.value().map(|day| portal.when(*day)),
                ends: version.end_of_support.value().map(|day| portal.when(*day)),
                services: on.len(),
                meter: Share::of(on.len() as u64, counted as u64).map(Meter::from),
                who: who(on, &version_part(number)),
                notes: version.notes.value().map(|text| prose(text)),
                migration: version.migration.value().map(|text| prose(text)),
                origin: portal.provenance(items[position].origin),
            }
        };
        let others = [
            (
                &population.unknown_version,
                "unknown-version",
                "name a version that is not listed",
                "names a version that is not listed",
            ),
            (&population.without_version, "without-version", "name no version", "names no version"),
            (
                &population.not_counted,
                "not-counted",
                "are not counted: proposed, retired or in conflict",
                "is not counted: proposed, retired or in conflict",
            ),
        ];
        Self {
            newest: newest(items).map(number),
            caption: format!(
                "{}, newest first; {} on this path",
                words::count(items.len(), "version", "versions"),
                words::count(counted, "service is", "services are"),
            ),
            rows: order.iter().map(row).collect(),
            others: others
                .into_iter()
                .filter(|(rows, ..)| !rows.is_empty())
                .map(|(rows, part, many, one)| Others {
                    text: format!(
                        "{} {}",
                        words::count(rows.len(), "service", "services"),
                        if rows.len() == 1 { one } else { many }
                    ),
                    who: who(rows, part),
                })
                .collect(),
        }
    }
}

fn number(version: &Version) -> &str {
    version.version.value().map_or("not named", |number| number)
}

/// Positions by version, the highest first; what is no number comes last, in the order of the file.
fn newest_first(items: &[Sourced<Version>]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by(|&a, &b| {
        let (a, b) = (number(&items[a].value), number(&items[b].value));
        let valid = |text| VersionNumber::is_valid(text);
        valid(b).cmp(&valid(a)).then_with(|| VersionNumber::order(b, a).unwrap_or(Ordering::Equal))
    });
    order
}

/// The version to choose.
pub(in crate::render::pages) fn newest(items: &[Sourced<Version>]) -> Option<&Version> {
    let current = |position: &usize| items[*position].value.status.value() == Some(&VersionStatus::Current);
    let order = newest_first(items);
    let position = order.iter().copied().find(current).or_else(|| order.first().copied())?;
    Some(&items[position].value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::testing::Organisation;

    fn order(versions: &str) -> (Vec<String>, Option<String>) {
        let catalog = Organisation::default()
            .catalog("golden-paths/web.yaml", &format!("goldenPathId: web\nversions: [{versions}]\n"))
            .resolve();
        let items = &catalog.golden_paths.by_id("web").expect("the path").record.versions.items;
        let names = newest_first(items).into_iter().map(|at| number(&items[at].value).to_owned());
        (names.collect(), newest(items).map(|version| number(version).to_owned()))
    }

    #[test]
    fn versions_are_ordered_as_numbers_and_the_current_one_is_chosen() {
        let (names, newest) =
            order("\"9\", \"10.1\", {version: \"10\", status: current}, \"beta\", \"10.0.1\"");
        assert_eq!(names, ["10.1", "10.0.1", "10", "9", "beta"]);
        assert_eq!(newest.as_deref(), Some("10"));
        assert_eq!(order("\"2\", \"3\"").1.as_deref(), Some("3"));
        assert_eq!(order("").1, None);
    }
}
