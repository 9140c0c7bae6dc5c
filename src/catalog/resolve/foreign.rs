//! What descriptors of other tools say beside services: teams and who is in them, products, capabilities,
//! objectives, templates, and where other descriptors lie. The catalog folder wins per field.

use std::collections::{BTreeMap, BTreeSet};

use super::declared::Named;
use super::descriptors::Described;
use super::remarks::Remarks;
use crate::catalog::capability::Capability;
use crate::catalog::descriptor::relative_path;
use crate::catalog::field::{List, Sourced};
use crate::catalog::filing::Filing;
use crate::catalog::folder::{Raw, Records};
use crate::catalog::foreign::{Member, Objective, PathHint, Says, reference};
use crate::catalog::id::ServiceId;
use crate::catalog::names::fold;
use crate::catalog::origin::Origin;
use crate::catalog::product::Product;
use crate::catalog::team::Team;
use crate::collect::snapshot::document_path;
use crate::diagnostic::codes;

/// Everything that other tools' documents say, by what it is about.
#[derive(Default)]
pub(super) struct Said {
    teams: Vec<Raw<Team>>,
    members: Vec<Member>,
    products: Vec<Raw<Product>>,
    capabilities: Vec<Raw<Capability>>,
    objectives: Vec<Objective>,
    templates: Vec<PathHint>,
    targets: Vec<Sourced<Box<str>>>,
}

impl Said {
    /// Sorts what was said; in the order of the files.
    pub(super) fn of(said: Vec<(Origin, Says)>) -> Self {
        let mut sorted = Self::default();
        for (origin, says) in said {
            let Origin::File { file, mark } = origin else { continue };
            match says {
                Says::Team(record) => sorted.teams.push(Raw { file, mark, alone: false, record: *record }),
                Says::Product(record) => {
                    sorted.products.push(Raw { file, mark, alone: false, record: *record });
                }
                Says::Capability(record) => {
                    sorted.capabilities.push(Raw { file, mark, alone: false, record: *record });
                }
                Says::Member(member) => sorted.members.push(member),
                Says::Objective(objective) => sorted.objectives.push(objective),
                Says::Template(hint) => sorted.templates.push(hint),
                Says::Targets(targets) => sorted.targets.extend(targets),
                Says::Service(_) | Says::Other => {}
            }
        }
        sorted
    }

    /// Adds it to the records of the catalog folder and to the services; returns the templates, by name.
    pub(super) fn join(
        mut self,
        records: &mut Records,
        described: &mut [Described],
        filing: &Filing<'_>,
        remarks: &mut Remarks,
    ) -> Vec<PathHint> {
        enrol(&mut self.teams, self.members);
        let other_names = |team: &Team| -> Vec<Box<str>> {
            team.aliases.values().chain(team.github.values()).cloned().collect()
        };
        add(&mut records.teams, self.teams, other_names, remarks);
        add(&mut records.products, self.products, |_| Vec::new(), remarks);
        add(&mut records.capabilities, self.capabilities, |_| Vec::new(), remarks);
        capabilities_of_products(described, &records.products);
        promise(described, self.objectives, remarks);
        missing(&self.targets, filing, remarks);
        self.templates.sort_by(|a, b| (&a.name.value, a.name.origin).cmp(&(&b.name.value, b.name.origin)));
        self.templates
    }
}

/// Puts people into the teams that they say they are in.
fn enrol(teams: &mut [Raw<Team>], members: Vec<Member>) {
    let mut positions: BTreeMap<String, usize> = BTreeMap::new();
    for (position, team) in teams.iter().enumerate() {
        let id = team.record.team_id.value().map(|id| id.as_str());
        for name in id.into_iter().chain(team.record.aliases.values().map(|alias| &**alias)) {
            positions.entry(fold(name).into_owned()).or_insert(position);
        }
    }
    let known = |team: &Raw<Team>| team.record.members.values().cloned().collect();
    let mut enrolled: Vec<BTreeSet<Box<str>>> = teams.iter().map(known).collect();
    for Member { who, of } in members {
        for name in of {
            let last = name.rsplit('/').next().unwrap_or(&name);
            let found = positions.get(&*fold(&name)).or_else(|| positions.get(&reference(last)));
            let Some(&position) = found else { continue };
            if enrolled[position].insert(who.value.clone()) {
                let team = &mut teams[position].record;
                team.members.origin.get_or_insert(who.origin);
                team.members.items.push(who.clone());
            }
        }
    }
}

/// Adds records of other tools to those of the catalog folder, which win per field.
fn add<T: Named>(
    own: &mut Vec<Raw<T>>,
    foreign: Vec<Raw<T>>,
    other_names: impl Fn(&T) -> Vec<Box<str>>,
    remarks: &mut Remarks,
) {
    let settled = own.len();
    let mut positions: BTreeMap<String, usize> = BTreeMap::new();
    for (position, raw) in own.iter().enumerate() {
        let id = raw.record.name().value().cloned();
        for name in id.into_iter().chain(other_names(&raw.record)) {
            positions.entry(fold(&name).into_owned()).or_insert(position);
        }
    }
    for raw in foreign {
        let Some(id) = raw.record.name().value().cloned() else { continue };
        match positions.get(&*fold(&id)).copied() {
            Some(position) => {
                if position >= settled {
                    let message = format!("`{id}` is described again; the first is used where both speak");
                    remarks.add(&codes::REPEATED_ENTITY, raw.origin(), "", message, "remove one of the two");
                }
                own[position].record.fill(raw.record);
            }
            None => {
                positions.insert(fold(&id).into_owned(), own.len());
                own.push(raw);
            }
        }
    }
}

/// The capability of a service that another tool describes is that of the product it is part of.
fn capabilities_of_products(described: &mut [Described], products: &[Raw<Product>]) {
    let capability =
        |raw: &Raw<Product>| Some((raw.record.product_id.value()?.clone(), raw.record.capability.clone()));
    let known: BTreeMap<_, _> = products.iter().filter_map(capability).collect();
    for document in described.iter_mut().filter(|document| document.format.is_some()) {
        let Some(field) = document.record.product.value().and_then(|product| known.get(product)) else {
            continue;
        };
        document.record.business_capability.or_else(|| field.clone());
    }
}

/// Gives services the objectives that are promised of them and that they do not state.
fn promise(described: &mut [Described], mut objectives: Vec<Objective>, remarks: &mut Remarks) {
    let mut positions: BTreeMap<ServiceId, usize> = BTreeMap::new();
    for (position, document) in described.iter().enumerate() {
        for id in std::iter::once(document.id()).chain(document.record.aliases.values()) {
            positions.entry(id.clone()).or_insert(position);
        }
    }
    objectives.sort_by_key(|objective| objective.rank);
    for Objective { service, availability, .. } in objectives {
        let found = ServiceId::new(&reference(&service.value)).and_then(|id| positions.get(&id));
        let Some(position) = found else {
            if !described.is_empty() {
                let message = format!("no service is called `{}`", service.value);
                let help = "write the id of a service, or add its descriptor";
                remarks.add(&codes::UNKNOWN_SERVICE, service.origin, &service.value, message, help);
            }
            continue;
        };
        let slo = &mut described[*position].record.slo;
        if slo.availability.is_absent() {
            slo.origin.get_or_insert(availability.origin);
            slo.availability = crate::catalog::field::Field::Known(availability);
        }
    }
}

/// Tells of places that lead to no descriptor. Addresses are not followed.
fn missing(targets: &[Sourced<Box<str>>], filing: &Filing<'_>, remarks: &mut Remarks) {
    for target in targets {
        let Some(filed) = target.origin.file().and_then(|file| filing.filed(file)) else { continue };
        let written = &*target.value;
        if relative_path(written).is_none() || written.contains(['*', '?']) {
            continue;
        }
        let (message, help) = match document_path(&filed.file.path, written) {
            None => (
                format!("`{written}` leaves the repository"),
                "name a file of this repository; the other repository is read when a source holds it",
            ),
            Some(path) if filing.find(filed.home, &path).is_none() => {
                (format!("`{written}` is not there"), "write it, or mend the path")
            }
            Some(_) => continue,
        };
        remarks.add(&codes::MISSING_TARGET, target.origin, written, message, help);
    }
}

/// Members that are only known from other tools do not make a team of one.
pub(super) fn is_foreign(members: &List<Box<str>>, team: Origin, filing: &Filing<'_>) -> bool {
    filing.table.format(members.origin.unwrap_or(team)).is_some()
}
