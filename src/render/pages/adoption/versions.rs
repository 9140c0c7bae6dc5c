//! Who is on which version of which golden path.

use serde::Serialize;

use crate::assess::adoption::VersionUse;
use crate::assess::outcome::Share;
use crate::render::badge::Badge;
use crate::render::links::{Here, Href, Place};
use crate::render::pages::adoption_list::List;
use crate::render::pages::golden_path::title;
use crate::render::parts::{Link, Meter, When};
use crate::render::portal::Portal;
use crate::words;

/// Every version that is used or could be.
#[derive(Debug, Serialize)]
pub(super) struct Versions<'p> {
    caption: String,
    rows: Vec<Row<'p>>,
    without: Option<Link>,
}

#[derive(Debug, Serialize)]
struct Row<'p> {
    path: &'p str,
    href: Href,
    version: &'p str,
    badge: Option<Badge>,
    ends: Option<When>,
    meter: Option<Meter>,
}

impl<'p> Versions<'p> {
    pub(super) fn new(portal: &'p Portal<'_>, here: Here<'_>) -> Self {
        let adoption = &portal.adoption;
        let paths = portal.catalog.golden_paths.len();
        let without = adoption.without_path.len();
        Self {
            caption: format!(
                "Services on each version of {}, of the {} that count",
                words::count(paths, "golden path", "golden paths"),
                words::count(adoption.counted.len(), "service", "services"),
            ),
            rows: adoption.versions.iter().map(|used| row(portal, here, used)).collect(),
            without: (without > 0).then(|| {
                Link::new(
                    words::count(without, "service names", "services name"),
                    List::WithoutPath.href(portal, here, 1),
                )
            }),
        }
    }
}

fn row<'p>(portal: &'p Portal<'_>, here: Here<'_>, used: &VersionUse) -> Row<'p> {
    let path = &portal.catalog.golden_paths[used.path];
    let version =
        used.version.and_then(|position| path.record.versions.items.get(position)).map(|item| &item.value);
    let whole = portal.adoption.counted.len() as u64;
    Row {
        path: title(path),
        href: match used.version {
            Some(position) => here.to_part(Place::GoldenPath(&path.id), &format!("version-{}", position + 1)),
            None => here.to_part(Place::GoldenPath(&path.id), "versions"),
        },
        version: match version {
            Some(version) => version.version.value().map_or("not named", |number| number),
            None => "none that is listed",
        },
        badge: version.map(|version| Badge::version(version, portal.run.as_of)),
        ends: version.and_then(|version| version.end_of_support.value()).map(|day| portal.when(*day)),
        meter: Share::of(used.services.len() as u64, whole).map(Meter::from),
    }
}
