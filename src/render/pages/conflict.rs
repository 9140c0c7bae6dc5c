//! A service whose id several documents claim: both are shown, neither is judged.

use serde::Serialize;

use super::Kind;
use super::service::crumbs;
use crate::catalog::origin::Origin;
use crate::catalog::table::Index;
use crate::catalog::{Claim, Service};
use crate::render::badge::Badge;
use crate::render::digest::hexadecimal;
use crate::render::frame::{Head, Section};
use crate::render::links::{Here, Href, Place};
use crate::render::parts::Link;
use crate::render::portal::Portal;
use crate::render::problems::Told;
use crate::render::site::SitePath;
use crate::render::templates::{Template, page_template};
use crate::words;

/// What the template sees.
#[derive(Debug, Serialize)]
pub struct Page<'p> {
    id: &'p str,
    badge: Badge,
    claims: Vec<Row<'p>>,
    caption: String,
    needed_by: Vec<Link>,
    problems: Vec<Told<'p>>,
}

#[derive(Debug, Serialize)]
struct Row<'p> {
    repository: &'p str,
    place: Link,
    owner: Option<&'p str>,
    owner_href: Option<Href>,
    revision: Option<String>,
}

impl Kind for Page<'static> {
    const TEMPLATE: Template = page_template!("conflict");
    type Shown<'p> = Page<'p>;
    type Subject = Index<Service>;

    fn list(portal: &Portal<'_>) -> Vec<(SitePath, Index<Service>)> {
        let page = |(index, service): (Index<Service>, &Service)| {
            (!service.conflict.is_empty()).then(|| (Place::Service(service.id.as_str()).path(), index))
        };
        portal.catalog.services.indexed().filter_map(page).collect()
    }

    fn page<'p>(portal: &'p Portal<'_>, index: &'p Index<Service>, here: Here<'p>) -> (Head, Page<'p>) {
        let service = &portal.catalog.services[*index];
        let id = service.id.as_str();
        let head = Head {
            title: id.to_owned(),
            section: Some(Section::Services),
            crumbs: crumbs(portal, service, here, false),
            data: Some(here.to(Place::Data(&["services", id]))),
            sources: Vec::new(),
        };
        let needed_by = service.dependents.iter().map(|dependent| {
            let id = portal.catalog.services[*dependent].id.as_str();
            Link::new(id, here.to(Place::Service(id)))
        });
        let told = &portal.relations.problems;
        let page = Page {
            id,
            badge: Badge::conflict(),
            claims: service.conflict.iter().filter_map(|claim| row(portal, claim, here)).collect(),
            caption: format!(
                "{} that claim this id, by repository and path",
                words::count(service.conflict.len(), "document", "documents")
            ),
            needed_by: needed_by.collect(),
            problems: told.tell(portal.catalog, told.of_service(index.position())),
        };
        (head, page)
    }
}

fn row<'p>(portal: &'p Portal<'_>, claim: &'p Claim, here: Here<'_>) -> Option<Row<'p>> {
    let Origin::File { file: index, mark } = claim.origin else { return None };
    let file = &portal.catalog.files[index];
    let owner = claim.owner_team.as_deref();
    let team = owner.and_then(|owner| portal.catalog.teams.by_id(owner));
    let digest = file.digest.map(|digest| format!("sha256:{}", hexadecimal(&digest[..6])));
    Some(Row {
        repository: &file.repository,
        place: Link { text: format!("{}:{}", file.path, mark.line), href: portal.brief(claim.origin).href },
        owner,
        owner_href: team.map(|team| here.to(Place::Team(team.id.as_str()))),
        revision: file.commit.as_deref().map(str::to_owned).or(digest),
    })
}
