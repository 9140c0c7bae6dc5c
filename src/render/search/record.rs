//! What can be found: one record for each page that has a name. Nothing that changes daily is in it,
//! so that the index stays as it is while the catalog does.

use std::collections::HashSet;

use rayon::prelude::*;

use crate::catalog::{Account, Exception};
use crate::render::documents;
use crate::render::links::evidence::{self, Evidence};
use crate::render::links::{Place, segment};
use crate::render::markdown;
use crate::render::portal::Portal;
use crate::render::site::SitePath;

/// Kinds of records, in the order of results of equal rank: letter, singular, plural, folder.
pub(super) const KINDS: [(char, &str, &str, &str); 9] = [
    ('s', "Service", "Services", "services/"),
    ('t', "Team", "Teams", "teams/"),
    ('g', "Golden path", "Golden paths", "golden-paths/"),
    ('c', "Scorecard", "Scorecards", "scorecards/"),
    ('r', "Rule", "Rules", "scorecards/"),
    ('x', "Exception", "Exceptions", "exceptions/"),
    ('a', "Account", "Accounts", "accounts/"),
    ('d', "Document", "Documents", "services/"),
    ('f', "Framework", "Frameworks", "evidence/"),
];

/// One page that can be found.
#[derive(Clone, Debug, Default)]
pub(super) struct Record {
    /// Letter of its kind.
    pub(super) kind: char,
    /// Its address below the folder of its kind.
    pub(super) id: String,
    pub(super) title: String,
    pub(super) aliases: Vec<String>,
    pub(super) text: String,
}

impl Record {
    fn new(kind: char, id: impl Into<String>) -> Self {
        Self { kind, id: id.into(), ..Self::default() }
    }

    fn titled(mut self, title: Option<&str>) -> Self {
        self.title = title.unwrap_or_default().to_owned();
        self
    }

    fn saying<'a>(mut self, texts: impl IntoIterator<Item = Option<&'a str>>) -> Self {
        let texts: Vec<&str> = texts.into_iter().flatten().collect();
        self.text = texts.join(" ");
        self
    }
}

/// The records of every page in `paths`.
pub(super) fn records(portal: &Portal<'_>, paths: &HashSet<&SitePath>) -> Vec<Record> {
    let mut records: Vec<Record> = Vec::new();
    let mut add = |place: Place<'_>, record: Record| {
        if paths.contains(&place.path()) {
            records.push(record);
        }
    };
    let catalog = portal.catalog;
    for service in catalog.services.iter() {
        let (id, written) = (service.id.as_str(), &service.record);
        let mut record = Record::new('s', segment(id))
            .titled(written.display_name.value().map(|name| &**name))
            .saying([written.description.value().map(|text| &**text)]);
        record.aliases = written.aliases.values().map(|alias| alias.as_str().to_owned()).collect();
        add(Place::Service(id), record);
    }
    for team in catalog.teams.iter() {
        let id = team.id.as_str();
        let record = Record::new('t', segment(id))
            .titled(team.record.display_name.value().map(|name| &**name))
            .saying([team.record.description.value().map(|text| &**text)]);
        add(Place::Team(id), record);
    }
    for path in catalog.golden_paths.iter() {
        let record = Record::new('g', segment(&path.id))
            .titled(path.record.title.value().map(|title| &**title))
            .saying([path.record.description.value().map(|text| &**text)]);
        add(Place::GoldenPath(&path.id), record);
    }
    for scorecard in catalog.scorecards.iter() {
        let written = &scorecard.record;
        let record = Record::new('c', segment(&scorecard.id))
            .titled(written.title.value().map(|title| &**title))
            .saying([written.description.value().map(|text| &**text)]);
        add(Place::Scorecard(&scorecard.id), record);
        for rule in written.rules.values() {
            let Some(id) = rule.id.value() else { continue };
            let record = Record::new('r', format!("{}/{}", segment(&scorecard.id), segment(id.as_str())))
                .titled(rule.title.value().map(|title| &**title))
                .saying([rule.why.value().map(|text| &**text)]);
            add(Place::Rule(&scorecard.id, id.as_str()), record);
        }
    }
    for exception in catalog.exceptions.iter() {
        add(Place::Exception(&exception.id), of_exception(exception));
    }
    for account in catalog.accounts.iter() {
        add(Place::Account(account.id.as_str()), of_account(account));
    }
    for framework in &portal.frameworks {
        let mut record = Record::new('f', evidence::framework(framework.name))
            .titled(Some(&framework.title()))
            .saying(framework.ids().into_iter().map(Some));
        record.aliases = vec![framework.name.to_owned()];
        add(Place::Evidence(Evidence::Framework(framework.name)), record);
    }
    let documents = catalog.services.rows().par_iter().flat_map_iter(|service| {
        let id = service.id.as_str();
        documents::shown(catalog, service).into_iter().filter_map(move |shown| {
            if !paths.contains(&Place::Document(id, &shown.name).path()) {
                return None;
            }
            let text = shown.document.text()?.read();
            let first = markdown::first_paragraph(&text);
            let headings = shown.document.headings.iter().map(|heading| Some(&**heading));
            let record = Record::new('d', format!("{}/{}", segment(id), shown.name))
                .titled(Some(&shown.document.title))
                .saying(headings.chain([Some(&*first)]));
            Some(record)
        })
    });
    let documents: Vec<Record> = documents.collect();
    records.extend(documents);
    records
}

fn of_account(account: &Account) -> Record {
    let written = account.declared.as_ref().map(|declared| &declared.record);
    let observed = account.observed.as_ref().map(|observed| &*observed.name);
    let name = written.and_then(|written| written.name.value()).map(|name| &**name);
    let mut record = Record::new('a', segment(account.id.as_str())).titled(name.or(observed)).saying([
        written.and_then(|written| written.purpose.value()).map(|text| &**text),
        written.and_then(|written| written.organisational_unit.value()).map(|unit| &**unit),
    ]);
    record.aliases =
        observed.filter(|observed| Some(*observed) != name).map(ToOwned::to_owned).into_iter().collect();
    record
}

fn of_exception(exception: &Exception) -> Record {
    let written = &exception.record;
    Record::new('x', segment(&exception.id)).saying([
        written.service.value().map(|id| id.as_str()),
        written.control.value().map(|id| id.as_str()),
        written.rule.value().map(|id| id.as_str()),
        written.reason.value().map(|text| &**text),
    ])
}
