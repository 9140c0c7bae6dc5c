//! Problems of the authors' files by service and by team, worked out once for all pages.

use std::collections::HashMap;

use serde::Serialize;

use super::badge::Badge;
use super::digest;
use super::excerpt::Excerpt;
use super::origin::source_address;
use super::parts::{Link, cut};
use super::prose::prose;
use super::templates::Html;
use crate::assess::Assessment;
use crate::catalog::files::LeadsTo;
use crate::catalog::origin::{FileIndex, Origin};
use crate::catalog::table::Index;
use crate::catalog::{Catalog, Service, Team};
use crate::diagnostic::Diagnostic;
use crate::words;

/// How many problems a page about a service or a team tells.
pub const SHOWN: usize = 50;

/// Longest message shown, in characters: it may quote a value as long as a file.
const LONGEST: usize = 600;

/// Every problem, and whose it is. Positions are those of [`Problems::all`].
#[derive(Debug, Default)]
pub struct Problems<'a> {
    /// Every problem: by place, then code and message.
    pub all: Vec<&'a Diagnostic>,
    files: Vec<Option<FileIndex>>,
    of_service: Vec<Vec<u32>>,
    of_team: Vec<Vec<u32>>,
    teams: Vec<Vec<Index<Team>>>,
}

/// Name of a repository, and a path in it.
type Address<'a> = (&'a str, &'a str);

/// A service that begins at a line of a file; those after it in the file are another's.
type Beginning = (u32, usize);

impl<'a> Problems<'a> {
    /// Sorts the problems of `catalog` and `assessment` by whom they concern.
    pub fn new(catalog: &'a Catalog, assessment: &'a Assessment) -> Self {
        let mut all: Vec<&Diagnostic> =
            catalog.diagnostics.iter().chain(assessment.diagnostics.iter()).collect();
        all.sort_by(|a, b| (&a.place, a.code.name, &a.message).cmp(&(&b.place, b.code.name, &b.message)));
        all.dedup();
        let mut of_service = vec![Vec::new(); catalog.services.len()];
        let mut of_team = vec![Vec::new(); catalog.teams.len()];
        let mut teams = vec![Vec::new(); all.len()];
        let owners = Owners::new(catalog, &all);
        for (position, (problem, teams)) in all.iter().zip(&mut teams).enumerate() {
            let position = u32::try_from(position).unwrap_or(u32::MAX);
            let Some(place) = &problem.place else { continue };
            let address = (&*place.repository, &*place.path);
            for service in owners.services(address, place.line) {
                of_service[service].push(position);
                teams.extend(catalog.services.rows()[service].owner);
            }
            teams.extend(owners.records(address, place.line));
            if teams.is_empty() {
                teams.extend(owners.repositories.get(&*place.repository).copied().flatten());
            }
            teams.sort_unstable();
            teams.dedup();
            for team in teams.iter() {
                of_team[team.position()].push(position);
            }
        }
        Self { files: files(catalog, &all), all, of_service, of_team, teams }
    }

    /// The problems in the files of the service at `position`: positions in [`Problems::all`].
    pub fn of_service(&self, position: usize) -> &[u32] {
        &self.of_service[position]
    }

    /// The problems in the files of the team at `position`: its record, its services and their documents,
    /// its golden paths, its exceptions.
    pub fn of_team(&self, position: usize) -> &[u32] {
        &self.of_team[position]
    }

    /// The teams whose problem the one at `position` is.
    pub fn teams(&self, position: u32) -> &[Index<Team>] {
        &self.teams[position as usize]
    }

    /// The problems of which nobody knows whose they are.
    pub fn of_nobody(&self) -> Vec<u32> {
        (0..).zip(&self.teams).filter(|(_, teams)| teams.is_empty()).map(|(position, _)| position).collect()
    }

    /// The first of `problems`, at most [`SHOWN`], in words and links.
    pub fn tell(&self, catalog: &Catalog, problems: &[u32]) -> Vec<Told<'a>> {
        self.tell_all(catalog, &problems[..SHOWN.min(problems.len())])
    }

    /// All of `problems`, which somebody has cut into pages, in words and links.
    pub fn tell_all(&self, catalog: &Catalog, problems: &[u32]) -> Vec<Told<'a>> {
        let told =
            |&problem: &u32| Told::new(catalog, self.files[problem as usize], self.all[problem as usize]);
        problems.iter().map(told).collect()
    }

    /// How many `problems` there are, those counted that are not listed.
    pub fn count(&self, problems: &[u32]) -> usize {
        problems.iter().map(|problem| self.all[*problem as usize].stands_for()).sum()
    }

    /// How many `problems` there are, with the shape of the heaviest.
    pub fn badge(&self, problems: &[u32]) -> Option<Badge> {
        let worst = problems.iter().map(|problem| self.all[*problem as usize].severity()).max()?;
        let count = words::count(self.count(problems), "problem", "problems");
        Some(Badge::severity(worst).saying(format!("{count} in its files")))
    }
}

/// The file of each problem, where it is one that anything came from.
fn files(catalog: &Catalog, problems: &[&Diagnostic]) -> Vec<Option<FileIndex>> {
    let places = problems.iter().filter_map(|problem| problem.place.as_ref());
    let mut found: HashMap<Address<'_>, Option<FileIndex>> =
        places.map(|place| ((&*place.repository, &*place.path), None)).collect();
    if !found.is_empty() {
        for index in (0..u32::try_from(catalog.files.len()).unwrap_or(u32::MAX)).map(FileIndex) {
            let file = &catalog.files[index];
            if let Some(slot) = found.get_mut(&(&*file.repository, &*file.path)) {
                slot.get_or_insert(index);
            }
        }
    }
    let file = |problem: &&Diagnostic| {
        let place = problem.place.as_ref()?;
        found.get(&(&*place.repository, &*place.path)).copied().flatten()
    };
    problems.iter().map(file).collect()
}

/// For each file of the catalog folder: the line on which each record begins, and the team that owns it.
type Records<'a> = HashMap<Address<'a>, Vec<(u32, Option<Index<Team>>)>>;

/// Who answers for the files that have problems; other files are not looked at.
struct Owners<'a> {
    descriptors: HashMap<Address<'a>, Vec<Beginning>>,
    documents: HashMap<Address<'a>, Vec<usize>>,
    records: Records<'a>,
    /// The owner of every service of a repository, when they have one owner.
    repositories: HashMap<&'a str, Option<Index<Team>>>,
}

impl<'a> Owners<'a> {
    fn new(catalog: &'a Catalog, problems: &[&'a Diagnostic]) -> Self {
        let mut descriptors: HashMap<Address<'a>, Vec<Beginning>> = problems
            .iter()
            .filter_map(|problem| problem.place.as_ref())
            .map(|place| ((&*place.repository, &*place.path), Vec::new()))
            .collect();
        let mut documents: HashMap<Address<'a>, Vec<usize>> = HashMap::new();
        let address = |file: FileIndex| (&*catalog.files[file].repository, &*catalog.files[file].path);
        let mut repositories: HashMap<&str, Option<Index<Team>>> = HashMap::new();
        for (position, service) in catalog.services.iter().enumerate() {
            let own = repositories.entry(&*catalog.files[service.file].repository).or_insert(service.owner);
            *own = own.filter(|team| service.owner == Some(*team));
            let claims = service.conflict.iter().map(|claim| claim.origin);
            for origin in claims.chain([service.origin]) {
                if let Origin::File { file, mark } = origin
                    && let Some(beginnings) = descriptors.get_mut(&address(file))
                {
                    beginnings.push((mark.line, position));
                }
            }
            for file in document_files(catalog, service) {
                if descriptors.contains_key(&address(file)) {
                    documents.entry(address(file)).or_default().push(position);
                }
            }
        }
        let mut records: Records<'a> = HashMap::new();
        for (origin, team) in owned_records(catalog) {
            if let Origin::File { file, mark } = origin
                && descriptors.contains_key(&address(file))
            {
                records.entry(address(file)).or_default().push((mark.line, team));
            }
        }
        records.values_mut().for_each(|beginnings| beginnings.sort_unstable());
        for beginnings in descriptors.values_mut() {
            beginnings.sort_unstable();
            beginnings.dedup();
        }
        Self { descriptors, documents, records, repositories }
    }

    fn records(&self, address: Address<'_>, line: u32) -> impl Iterator<Item = Index<Team>> {
        let beginnings = self.records.get(&address).map_or(&[][..], |beginnings| beginnings);
        covering(beginnings, line).into_iter().flatten()
    }

    fn services(&self, address: Address<'_>, line: u32) -> Vec<usize> {
        let mut services = self.documents.get(&address).cloned().unwrap_or_default();
        if let Some(beginnings) = self.descriptors.get(&address) {
            services.extend(covering(beginnings, line));
        }
        services.sort_unstable();
        services.dedup();
        services
    }
}

/// Records of the catalog folder, and the team that each is the business of.
fn owned_records(catalog: &Catalog) -> impl Iterator<Item = (Origin, Option<Index<Team>>)> + '_ {
    let named = |name: Option<&str>| catalog.teams.find(name?);
    let teams = catalog.teams.indexed().map(|(index, team)| (team.origin, Some(index)));
    let paths = catalog
        .golden_paths
        .iter()
        .map(move |path| (path.origin, named(path.record.owner.value().map(|owner| owner.as_str()))));
    let exceptions = catalog.exceptions.iter().map(move |exception| {
        let owner = exception.service.and_then(|service| catalog.services[service].owner);
        let asked = exception.record.requested_by.value().map(|asked| &**asked);
        (exception.origin, owner.or_else(|| named(asked)))
    });
    teams.chain(paths).chain(exceptions)
}

/// What begins at or before `line` and is not followed by another; a problem of the file as a whole
/// concerns all in it.
fn covering<T: Copy>(beginnings: &[(u32, T)], line: u32) -> Vec<T> {
    if line == 0 {
        return beginnings.iter().map(|(_, service)| *service).collect();
    }
    let after = beginnings.partition_point(|(start, _)| *start <= line);
    // What stands before the first document, such as a comment, belongs to it.
    let start = beginnings.get(after.saturating_sub(1)).map(|(start, _)| *start);
    beginnings.iter().filter(|(own, _)| Some(*own) == start).map(|(_, service)| *service).collect()
}

fn document_files<'c>(catalog: &'c Catalog, service: &'c Service) -> impl Iterator<Item = FileIndex> + 'c {
    service.documents.iter().filter_map(|document| match document.leads_to {
        LeadsTo::Document(index) => catalog.documents.get(index).map(|document| document.file),
        LeadsTo::Address | LeadsTo::Nothing => None,
    })
}

/// One problem as pages show it.
#[derive(Debug, Serialize)]
pub struct Told<'p> {
    badge: Badge,
    anchor: String,
    message: Html,
    code: &'p str,
    place: Option<Link>,
    excerpt: Option<Excerpt>,
    help: Option<Html>,
    /// Teams whose problem it is, where a page says so.
    pub teams: Vec<Link>,
}

impl<'p> Told<'p> {
    /// Puts `problem` into words and links.
    fn new(catalog: &Catalog, file: Option<FileIndex>, problem: &'p Diagnostic) -> Self {
        Self {
            badge: Badge::severity(problem.severity()),
            anchor: anchor(problem),
            message: prose(&cut(&problem.message, LONGEST)),
            code: problem.code.name,
            place: problem.place.as_ref().map(|place| {
                let line = if place.line > 0 { format!(":{}", place.line) } else { String::new() };
                Link {
                    text: format!("{} · {}{line}", place.repository, place.path),
                    href: file.and_then(|file| source_address(&catalog.files[file], Some(place.line))),
                }
            }),
            excerpt: Excerpt::of(problem),
            help: problem.help.as_deref().map(|help| prose(&cut(help, LONGEST))),
            teams: Vec::new(),
        }
    }
}

/// What marks a problem on its page: the same as long as it is the same problem.
fn anchor(problem: &Diagnostic) -> String {
    let place = problem.place.as_ref();
    let place = place.map_or_else(String::new, |place| {
        format!("{}\0{}\0{}\0{}", place.repository, place.path, place.line, place.column)
    });
    let text = format!("{place}\0{}\0{}", problem.code.name, problem.message);
    format!("problem-{}", digest::short(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::covering;

    #[test]
    fn a_problem_concerns_the_document_that_covers_its_line() {
        let beginnings = [(2, 7), (10, 3), (30, 5)];
        for (line, services) in
            [(1, vec![7]), (2, vec![7]), (9, vec![7]), (10, vec![3]), (99, vec![5]), (0, vec![7, 3, 5])]
        {
            assert_eq!(covering(&beginnings, line), services, "line {line}");
        }
        assert!(covering::<usize>(&[], 4).is_empty());
    }
}
